"""The order of the interview: which steps there are, which comes next, what a change opens or ends.

Pure: it reads the question records, the answers and the result, and never decides what is true.
A question is asked while some answer to it can still change the result, or where the interview
could not go on without it; what was answered stays in the walk until it makes no sense any more.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Literal

from rules import Book, Result
from rules.case import Case
from rules.engine.treatments import treatments_considered
from rules.facts.context import Facts
from rules.made_once import made_once
from rules.schema.conditions import Condition
from rules.schema.other import Question
from rules.vocabulary import DENIED_STAGES
from wizard.answers import Answers

Section = Literal["you", "treatment", "cover", "tried", "stands", "money"]
SECTIONS: tuple[Section, ...] = ("you", "treatment", "cover", "tried", "stands", "money")

Kind = Literal["question", "covers", "treatments", "denied_cover"]

# Asked of everyone: without these whole paths could not be listed.
ALWAYS = ("age", "state", "request", "diagnosis", "suicidal_thoughts", "coverages", "treatments")
# Income and what hangs on it is asked last, when it is plain why it matters.
ASKED_WITH_MONEY = (
    "household_size",
    "annual_income",
    "pregnant",
    "parent_of_child",
    "disabled",
    "tribal_member",
    "lost_coverage_date",
)  # fmt: skip
# Parts of the treatments step, not steps of their own.
WITH_TREATMENTS = "treatment_counts."
DENIED_COVER = "denial.coverage"
# Enough is known to look at a first result.
ENOUGH = ("request", "diagnosis", "coverages")


@dataclass(frozen=True)
class InterviewStep:
    """One screen of the interview. `id` is its name in the address bar and says nothing private."""

    id: str
    kind: Kind
    section: Section
    field: str
    question: Question | None = None
    cover: int | None = None


@dataclass(frozen=True)
class Walk:
    """The steps in order, and which of them are answered; the others are open."""

    steps: tuple[InterviewStep, ...]
    done: frozenset[str]

    def find(self, ident: str) -> InterviewStep | None:
        return next((s for s in self.steps if s.id == ident), None)

    def open_steps(self) -> tuple[InterviewStep, ...]:
        return tuple(s for s in self.steps if s.id not in self.done)

    @property
    def left(self) -> int:
        """How many questions are open as things stand."""
        return len(self.open_steps())

    def next_after(self, ident: str | None) -> InterviewStep | None:
        """The first open step after a step, else the first open one; None when all is answered."""
        place = self._place(ident)
        later = [s for s in self.steps[place + 1 :] if s.id not in self.done]
        if later:
            return later[0]
        return next((s for s in self.open_steps() if s.id != ident), None)

    def before(self, ident: str) -> InterviewStep | None:
        """The answered step before a step, for going back."""
        place = self._place(ident)
        return next((s for s in reversed(self.steps[: max(place, 0)]) if s.id in self.done), None)

    def section_number(self, section: Section) -> int:
        return SECTIONS.index(section) + 1

    def in_section(self, section: Section) -> tuple[InterviewStep, ...]:
        return tuple(s for s in self.steps if s.section == section)

    def _place(self, ident: str | None) -> int:
        return next((i for i, s in enumerate(self.steps) if s.id == ident), -1)


def plan(answers: Answers, result: Result, book: Book, today: dt.date) -> Walk:
    """The walk for the present answers. `result` is the result of these answers."""
    case = Case.model_validate(answers.case_data())
    relevant = {q.field for q in result.questions}
    root = Facts(case, book, today)
    steps: list[InterviewStep] = []
    done: set[str] = set()
    for step in _all_steps(book, len(case.coverages or ())):
        answered = step_answered(answers, step)
        if not answered and not _wanted(step, answers, relevant):
            continue
        if not (makes_sense(step, root) if answered else worth_asking(step, root)):
            continue
        steps.append(step)
        if answered:
            done.add(step.id)
    return Walk(tuple(steps), frozenset(done))


def step_answered(answers: Answers, step: InterviewStep) -> bool:
    """Whether a step has its answer (the treatments step has one in either of its two forms)."""
    if step.kind == "treatments":
        return answers.answered(step.field) or bool(answers.case.get("treatment_counts"))
    return answers.answered(step.field)


def _wanted(step: InterviewStep, answers: Answers, relevant: set[str]) -> bool:
    if step.kind == "denied_cover":
        return True
    if step.kind == "treatments" and answers.get("coverages") == []:
        # Without any cover nobody counts trials.
        return any(f == "treatments" or f.startswith(WITH_TREATMENTS) for f in relevant)
    if step.field.endswith(".kind"):
        return True
    return step.field in ALWAYS or step.field in relevant


def makes_sense(step: InterviewStep, root: Facts) -> bool:
    """Whether the question can apply at all to what was told so far."""
    if step.kind == "denied_cover":
        several = len(root.case.coverages or ()) > 1
        return several and root.case.stage in DENIED_STAGES
    if step.question is None:
        return True
    return applies(step.question, root, step.cover)


def worth_asking(step: InterviewStep, root: Facts) -> bool:
    """Whether a question that is still open can be put to someone who told so much.

    Some ask about something that the person must know of, such as the letter of a denial.
    """
    if not makes_sense(step, root):
        return False
    question = step.question
    if question is None or question.ask_when is None or not question.only_when_sure:
        return True
    return True in _condition_values(question.ask_when, root, step.cover)


def applies(question: Question, root: Facts, cover: int | None = None) -> bool:
    """Whether a question's own condition is not ruled out, for any form of treatment in view."""
    if question.ask_when is None:
        return True
    return bool(_condition_values(question.ask_when, root, cover) - {False})


def _condition_values(condition: Condition, root: Facts, cover: int | None) -> set[bool | None]:
    """What a condition comes to, over the forms of treatment in view."""
    return {root.for_coverage(cover, t).test(condition).value for t in treatments_considered(root)}


def worth_finding_out(field: str, answers: Answers, book: Book, today: dt.date) -> bool:
    """Whether an open question of a result makes sense for this case (its condition holds)."""
    case = Case.model_validate(answers.case_data())
    for step in _all_steps(book, len(case.coverages or ())):
        if step.field == field:
            return worth_asking(step, Facts(case, book, today))
    return True


def enough_for_a_result(answers: Answers) -> bool:
    """Whether a first look at the result is worth offering."""
    return all(answers.answered(f) for f in ENOUGH)


# --- the order --------------------------------------------------------------------------------------


def section_of(question: Question) -> Section:
    """The section in which the interview asks a question."""
    return "money" if question.field in ASKED_WITH_MONEY else question.section


@made_once
def _all_steps(book: Book, covers: int) -> tuple[InterviewStep, ...]:
    """Every step that a case with so many covers can have, in order."""
    found: list[InterviewStep] = []
    for section in SECTIONS:
        questions = [q for q in book.questions if section_of(q) == section]
        questions.sort(key=lambda q: q.field not in ASKED_WITH_MONEY if section == "money" else 0)
        if section == "cover":
            found.append(InterviewStep("covers", "covers", "cover", "coverages"))
            of_cover = [q for q in questions if q.field.startswith("coverages[].")]
            for i in range(covers):
                found.extend(_cover_step(q, i) for q in of_cover)
            questions = [q for q in questions if q not in of_cover]
        for question in questions:
            found.extend(_steps_of(question, section))
    return tuple(found)


def _cover_step(question: Question, cover: int) -> InterviewStep:
    name = question.field.removeprefix("coverages[].")
    return InterviewStep(
        id=f"cover-{cover + 1}-{_slug(name)}",
        kind="question",
        section="cover",
        field=f"coverages[{cover}].{name}",
        question=question,
        cover=cover,
    )


def _steps_of(question: Question, section: Section) -> list[InterviewStep]:
    if question.field.startswith(WITH_TREATMENTS):
        return []
    if question.kind == "treatments":
        return [InterviewStep("treatments", "treatments", section, question.field, question)]
    step = InterviewStep(_slug(question.field), "question", section, question.field, question)
    if question.field == "stage":
        return [step, InterviewStep("denied-cover", "denied_cover", section, DENIED_COVER)]
    return [step]


def _slug(field: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", field.lower()).strip("-")


# --- changes ----------------------------------------------------------------------------------------


def ended_answers(answers: Answers, book: Book, today: dt.date) -> tuple[tuple[str, Any], ...]:
    """Take out the answers that make no sense any more, and say which they were.

    One that goes may take others with it, so this is done until nothing more goes.
    """
    gone: list[tuple[str, Any]] = []
    while True:
        case = Case.model_validate(answers.case_data())
        root = Facts(case, book, today)
        wrong = [
            s
            for s in _all_steps(book, len(case.coverages or ()))
            if answers.answered(s.field) and not makes_sense(s, root)
        ]
        if not wrong:
            return tuple(gone)
        for step in wrong:
            value = answers.get(step.field)
            if value is not None:
                gone.append((step.field, value))
            answers.forget(step.field)


def opened_by(before: Walk, after: Walk) -> tuple[str, ...]:
    """The open steps that were not there to answer before the change."""
    known = {s.id for s in before.open_steps()}
    return tuple(s.id for s in after.open_steps() if s.id not in known)


def settles(result: Result) -> dict[str, int]:
    """For each open question of a result, how many paths wait for it."""
    return {q.field: len(q.matters_for) for q in result.questions}
