"""The quick form: which fields it shows, in which order, and how an answer is taken. Pure.

A field is there while its question makes sense for what was told, as in the interview. Fields that
are not on the form itself are offered below it while they can still change the result. A list
knows the words that a table knows: whoever types "Part C" finds Medicare, and its kind with it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Literal

from rules import Book, Result
from rules.case import Case, PlainPart
from rules.coverage_names import KIND, Beside, understand
from rules.facts.context import Facts
from rules.made_once import made_once
from rules.schema.other import Question
from rules.synonyms import Meaning, meanings
from rules.table.text import words as table_words
from rules.vocabulary import DENIED_STAGES
from wizard.answers import Answers
from wizard.labels import in_words, questions_by_field, short_name

from .sequence import EndedAnswer, applies, ended_answers

GroupName = Literal["you", "treatment", "cover_1", "cover_2", "tried", "stands"]

MOST_COVERS = 2
NO_COVER = "no_cover"  # a word of the form: the case then says that there is no cover
PHQ9 = "severity.phq9"
DENIED_COVER = "denial.coverage"
BEGINNING_IS_WORTH = 20  # letters that a name may be longer where it begins with what is typed
DIAGNOSES_ASKED = ("diagnosis", "other_diagnoses")
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
    denied = root.case.stage in DENIED_STAGES
    found = []
    for place in PERSON[name]:
        if place.startswith("denial.") and not denied:
            continue  # the form is short: what a plan said is asked once it is said that it spoke
        if place == DENIED_COVER:
            if len(root.case.coverages or ()) > 1:
                found.append(Field(place, known[place]))
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


# --- words ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Word:
    """A word that people type for an answer: an entry of a list behind the answers themselves."""

    text: str
    meaning: Meaning


def listed(
    question: Question, no_cover: str | None = None, book: Book | None = None
) -> dict[object, str]:
    """The entries of a question's list and what each is called: its answers, then its words.

    A list is searched by what its entries are called, and a short name goes before a long one. A
    word bears the name of its answer too, unless that would put another answer before it.
    `no_cover` names the answer that there is none; with the `book` a diagnosis is found by its codes.
    """
    names: dict[object, str] = {c.value: c.label_intake or c.label for c in question.choices}
    known = meanings(question)
    if no_cover is not None:
        # A cover less would take the answers of the second with it: "none" is for the first alone.
        names[NO_COVER] = no_cover
        none = Meaning(((question.field, NO_COVER),))
        known |= dict.fromkeys(table_words()["cells"]["uninsured"], none)
    taken = {name.lower() for name in names.values()}
    words: dict[Word, str] = {}
    for text, meant in known.items():
        spoken = text.replace("_", " ").lower()
        if spoken not in taken:
            taken.add(spoken)
            words[Word(spoken, meant)] = spoken
    answers = {word: answer_of(word, question) for word in words}
    words |= {w: f"{w.text} · {names[a]}" for w, a in answers.items() if a is not None}
    while hidden := _hidden(words, answers, names):
        words |= {w: w.text for w in hidden}
    return names | words | (_coded(question, names, book) if book is not None else {})


def _coded(question: Question, names: dict[object, str], book: Book) -> dict[object, str]:
    """The diagnoses by their codes on a claim. One code may stand for several: each is offered."""
    if question.field not in DIAGNOSES_ASKED:
        return {}
    records = [book.diagnoses[i] for i in map(str, names) if i in book.diagnoses]
    return {
        Word(code, Meaning(((question.field, r.id),))): f"{code} · {names[r.id]}"
        for r in records
        if r.icd10cm is not None
        for code in r.icd10cm.codes
    }


@made_once
def kinds_listed(book: Book) -> dict[object, str]:
    """The entries of a list of kinds of coverage, each of which is a kind or a word for one."""
    question = questions_by_field(book)[KIND]
    named = listed(question, book=book)
    return {
        o: n
        for o, n in named.items()
        if not isinstance(o, Word) or answer_of(o, question) is not None
    }


def cover_of(chosen: object) -> PlainPart:
    """A new coverage by the entry that was chosen, with all that a word says of it."""
    if not isinstance(chosen, Word):
        return {"kind": chosen}
    said = {place.rpartition(".")[2]: value for place, value in chosen.meaning.sets}
    return {"kind": chosen.meaning.of(KIND) or chosen.meaning.nearest, **said}


def answer_of(word: Word, question: Question) -> Any:
    """The answer to a question that a word says or is closest to; None where it says none."""
    said = word.meaning.of(question.field)
    return said if said is not None else word.meaning.nearest


def _hidden(
    words: dict[Word, str], answers: dict[Word, object], names: dict[object, str]
) -> list[Word]:
    """The words of which whoever types one would find another answer before it."""
    shown = [*names.items(), *((answers[w], name) for w, name in words.items())]
    return [
        word
        for word, own in words.items()
        if own != word.text
        and any(a != answers[word] and _goes_before(name, own, word.text) for a, name in shown)
    ]


def _goes_before(name: str, own: str, word: str) -> bool:
    """Whether a browser's list puts a name that holds a word before one that begins with it."""
    found = name.lower()
    if found.startswith(word):
        return len(name) <= len(own)
    if word not in found or len(name) >= len(own) - BEGINNING_IS_WORTH:
        return False
    return re.search(rf"(?<!\w){re.escape(word)}", found) is not None


@dataclass(frozen=True)
class Taken:
    """What became of a word: what its field holds now, what else it answered, what is to be told."""

    value: object
    also: tuple[str, ...] = ()  # other places that were filled
    ended: tuple[EndedAnswer, ...] = ()
    tells: tuple[str, ...] = ()  # sentences of the records
    left: tuple[str, ...] = ()  # words of a name that were not understood
    elsewhere: str | None = None  # the word answers this place, not the one that it was typed for


def take_word(answers: Answers, field: Field, word: Word, book: Book, today: dt.date) -> Taken:
    """Take all that a word says; a word that says too little changes nothing, and is told why."""
    own = answer_of(word, field.question)
    many = field.question.kind == "many"
    tells = (word.meaning.tell,) if word.meaning.tell else ()
    others = [p for p, _ in word.meaning.sets if p != field.question.field]
    before = held(answers, field.place)
    if own is not None and many:
        own = list(dict.fromkeys((*(before or ()), own)))
    if own is None and (before is None or not others):
        return Taken(before, tells=tells, elsewhere=others[0] if others else None)
    ended = () if own is None else put(answers, field.place, own, book, today)
    for place, value in word.meaning.sets:
        if place in others:
            ended += put(answers, _in_cover(place, field), value, book, today)
    also = tuple(_in_cover(p, field) for p in others)
    return Taken(held(answers, field.place), also, ended, tells)


def take_payer(answers: Answers, field: Field, text: str, book: Book, today: dt.date) -> Taken:
    """Take an insurer's name with all that it says of its cover; what it does not name is kept as it is."""
    kind_place = _in_cover("coverages[].kind", field)
    beside = Beside(
        answers.get(_in_cover("coverages[].issue_state", field)) or answers.get("state"),
        answers.get(kind_place),
    )
    found = understand(book, text, "coverages[].payer", beside)
    against = [
        p
        for p, v in found.sets.items()
        if answers.get(_in_cover(p, field)) not in (None, v) and p not in found.usual
    ]
    one = len(found.payers) == 1 and not found.undone and not found.clash
    ended = put(answers, field.place, found.payers[0] if one else text, book, today)
    also = []
    for place, value in found.sets.items() if one and not against else ():
        if answers.get(_in_cover(place, field)) is None:
            ended += put(answers, _in_cover(place, field), value, book, today)
            also.append(_in_cover(place, field))
    left = found.left if found.left and (found.sets or found.payers or found.undone) else ()
    return Taken(
        answers.get(field.place), tuple(also), ended, found.tells, left,
        _in_cover(against[0], field) if against else None,
    )  # fmt: skip


def _in_cover(place: str, field: Field) -> str:
    return place if field.cover is None else place.replace("[]", f"[{field.cover}]")


def told_in_words(answers: Answers, places: tuple[str, ...]) -> str:
    """Answers that a word filled besides its own, by name."""
    return "; ".join(f"{short_name(p)}: {in_words(p, answers.get(p))}" for p in places)


# --- answers --------------------------------------------------------------------------------------


def held(answers: Answers, place: str) -> Any:
    """What the form shows in a field: the answer, or None."""
    if place == PHQ9:
        return next((s.get("score") for s in _scores(answers) if s.get("scale") == "phq9"), None)
    if place == "coverages[0].kind" and answers.get("coverages") == []:
        return NO_COVER
    return answers.get(place)


def put(
    answers: Answers, place: str, value: object, book: Book, today: dt.date
) -> tuple[EndedAnswer, ...]:
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


def _scores(answers: Answers) -> list[PlainPart]:
    return list(answers.get("severity") or [])


def _put_score(answers: Answers, value: object) -> None:
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
