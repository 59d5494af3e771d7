"""The quick form: which fields it shows, in which order, and how an answer is taken. Pure.

A field is there while its question makes sense for what was told, as in the interview. Fields that
are not on the form itself are offered below it while they can still change the result.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from rules import Book, Result
from rules.derive import Facts
from rules.model import Case
from rules.schema.other import Question

from .answers import Answers
from .interview import applies, ended_answers
from .labels import questions_by_field

GroupName = Literal["you", "treatment", "cover_1", "cover_2", "tried", "stands"]

MOST_COVERS = 2
NO_COVER = "no_cover"  # a word of the form: the case then says that there is no cover
PHQ9 = "severity.phq9"
DENIED_COVER = "denial.coverage"
NOT_FOR_THE_FORM = ("treatments", "severity", "coverages")

PERSON: dict[GroupName, tuple[str, ...]] = {
    "you": ("age", "state", "veteran", "household_size", "annual_income"),
    "treatment": ("request", "diagnosis", "suicidal_thoughts", PHQ9, "taking_antidepressant"),
    "tried": (
        "treatment_counts.antidepressants_failed",
        "treatment_counts.antidepressant_classes_failed",
        "treatment_counts.augmentations_failed",
        "treatment_counts.psychotherapy_tried",
        "treatment_counts.pain_treatments_failed",
    ),
    "stands": (
        "stage",
        DENIED_COVER,
        "denial.notice_date",
        "denial.reason",
        "denial.level",
        "denial.urgent",
        "provider.found",
        "provider.in_network",
        "provider.rems_certified",
        "provider.prescriber",
        "provider.setting",
    ),
}
OF_A_COVER = (
    "kind",
    "medicare",
    "medicaid",
    "payer",
    "funding",
    "network",
    "employees",
    "active_employee",
    "part_b",
    "part_d",
    "medigap",
    "entitled_by",
    "spend_down_met",
    "visit_at_or_authorized_by_va",
)
ORDER: tuple[GroupName, ...] = ("you", "treatment", "cover_1", "cover_2", "tried", "stands")
NO_FROM_A_PLAN = ("denied", "appeal_denied")


@dataclass(frozen=True)
class Field:
    """One field of the form: the place of the case that it fills, and the question behind it."""

    place: str
    question: Question
    cover: int | None = None


@dataclass(frozen=True)
class FieldGroup:
    name: GroupName
    fields: tuple[Field, ...]


def groups(answers: Answers, book: Book, today: dt.date) -> tuple[FieldGroup, ...]:
    """The fields of the form as the answers stand, group by group."""
    root = Facts(Case.model_validate(answers.case_data()), book, today)
    found = []
    for name in ORDER:
        cover = {"cover_1": 0, "cover_2": 1}.get(name)
        fields = _of_person(name, root) if cover is None else _of_cover(cover, root)
        if fields:
            found.append(FieldGroup(name, fields))
    return tuple(found)


def _of_person(name: GroupName, root: Facts) -> tuple[Field, ...]:
    known = questions_by_field(root.book)
    denied = root.case.stage in NO_FROM_A_PLAN
    found = []
    for place in PERSON[name]:
        if place.startswith("denial.") and not denied:
            continue  # the form is short: what a plan said is asked once it is said that it spoke
        if place == DENIED_COVER:
            if len(root.case.coverages or ()) > 1:
                found.append(Field(place, known["stage"]))
        elif place == PHQ9:
            found.append(Field(place, known["severity"]))
        elif place in known and applies(known[place], root):
            found.append(Field(place, known[place]))
    return tuple(found)


def _of_cover(cover: int, root: Facts) -> tuple[Field, ...]:
    """The fields of a cover. The second is asked for once there is a first."""
    known = questions_by_field(root.book)
    covers = len(root.case.coverages or ())
    if cover > covers:
        return ()
    names = OF_A_COVER if cover < covers else OF_A_COVER[:1]
    questions = [known[f"coverages[].{n}"] for n in names if f"coverages[].{n}" in known]
    return tuple(
        _cover_field(q, cover)
        for q in questions
        if q.field.endswith(".kind") or applies(q, root, cover)
    )


def _cover_field(question: Question, cover: int) -> Field:
    return Field(question.field.replace("[]", f"[{cover}]"), question, cover)


def more_fields(
    answers: Answers, result: Result, book: Book, today: dt.date, on_form: set[str]
) -> tuple[Field, ...]:
    """What is not on the form: open and able to change the result, or answered already."""
    root = Facts(Case.model_validate(answers.case_data()), book, today)
    matters = {q.field for q in result.questions}
    found = []
    for question in book.questions:
        if question.kind == "treatments" or question.field in NOT_FOR_THE_FORM:
            continue
        for field in _everywhere(question, len(root.case.coverages or ())):
            told = answers.get(field.place) is not None
            if field.place not in on_form and (told or field.place in matters):
                if applies(question, root, field.cover):
                    found.append(field)
    return tuple(found)


def _everywhere(question: Question, covers: int) -> list[Field]:
    if question.field.startswith("coverages[]."):
        return [_cover_field(question, i) for i in range(min(covers, MOST_COVERS))]
    return [Field(question.field, question)]


# --- answers --------------------------------------------------------------------------------------


def held(answers: Answers, place: str) -> Any:
    """What the form shows in a field: the answer, or None."""
    if place == PHQ9:
        return next((s.get("score") for s in _scores(answers) if s.get("scale") == "phq9"), None)
    if place == "coverages[0].kind" and answers.get("coverages") == []:
        return NO_COVER
    return answers.get(place)


def put(
    answers: Answers, place: str, value: Any, book: Book, today: dt.date
) -> tuple[tuple[str, Any], ...]:
    """Take what a field holds now (None: emptied); the answers that make no sense any more go."""
    if place == PHQ9:
        _put_score(answers, value)
    elif place.endswith("].kind"):
        _put_kind(answers, int(place[len("coverages[")]), value)
    elif value is None:
        answers.forget(place)
    else:
        answers.set(place, value)
    return ended_answers(answers, book, today)


def _scores(answers: Answers) -> list[dict[str, Any]]:
    return list(answers.get("severity") or [])


def _put_score(answers: Answers, value: Any) -> None:
    others = [s for s in _scores(answers) if s.get("scale") != "phq9"]
    before = [s for s in _scores(answers) if s.get("scale") == "phq9"]
    if value is None:
        answers.set("severity", others) if others else answers.forget("severity")
        return
    same = [s for s in before if s.get("score") == value]  # its date still belongs to it
    answers.set("severity", [*others, *(same[:1] or [{"scale": "phq9", "score": value}])])


def _put_kind(answers: Answers, cover: int, value: Any) -> None:
    covers = answers.covers()
    if value == NO_COVER:
        for number in reversed(range(len(covers))):
            answers.remove_cover(number)
        answers.set("coverages", [])
    elif value is None:
        if cover < len(covers):
            answers.remove_cover(cover)
        elif answers.get("coverages") == []:
            answers.forget("coverages")
    elif cover < len(covers):
        answers.set(f"coverages[{cover}].kind", value)
    else:
        answers.add_cover(value)


def covers_beyond(answers: Answers) -> int:
    """How many covers the case has that the form has no room for."""
    return max(0, len(answers.covers()) - MOST_COVERS)


def lists_treatments(answers: Answers) -> bool:
    """Whether treatments are listed one by one, too: the list and the counts are read together."""
    return bool(answers.get("treatments"))


def missing_for(result: Result, path_id: str | None) -> list[str]:
    """The open fields that a path waits for, those that matter most first; without a path, all."""
    own = [q.field for q in result.questions if path_id in q.matters_for]
    return own or [q.field for q in result.questions]


__all__ = [
    "Field", "FieldGroup", "GroupName", "NO_COVER", "PHQ9", "covers_beyond", "groups", "held",
    "lists_treatments", "missing_for", "more_fields", "put",
]  # fmt: skip
