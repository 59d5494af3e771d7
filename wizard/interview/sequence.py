"""The order of the interview: which screens there are, which comes next, what a change opens or ends.

Pure: it reads the question records, the answers and the result, and never decides what is true.
A question is asked while some answer to it can still change an answer, or where the interview could
not go on without it; what was answered stays in the walk until it makes no sense any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rules import Book, Result
from rules.case import Case
from rules.engine.treatments import treatments_considered
from rules.facts.context import Facts
from rules.report.relevance import record_of
from rules.result import QuestionShown, Tier
from rules.schema.conditions import Condition
from rules.schema.other import Question
from rules.vocabulary import DENIED_STAGES
from wizard.answers import Answers

from .steps import COURSE, COVERS, HOUSEHOLD, SECTIONS, InterviewStep, Part, Section, all_steps

EndedAnswer = tuple[str, object]  # an answer that no longer makes sense: its place, and what it was

# Asked of everyone of whom their condition holds. A screen that holds one of them is answered with it.
OF_THE_LETTER = ("denial.subject", "denial.kind", "denial.codes", "appeal.sent_date")
ALWAYS = (
    "age", "state", COVERS, "household_size", "annual_income", "pregnant", "parent_of_child", "disabled",
    "medicare", "part_b", "part_d", "medicaid", "kind", "request", "diagnosis", "other_diagnoses", "stage",
    "denial.coverage", "denial.reason", "denial.notice_date", "denial.received_date", "treatments", "suicidal_thoughts",
    *OF_THE_LETTER, "request_sent_date", *COURSE[1:],
)  # fmt: skip
# Of these a screen may do without an answer once its other ones are there.
MAY_BE_LEFT = (
    "pregnant", "parent_of_child", "disabled", "part_b", "part_d", "other_diagnoses", "denial.received_date",
    *OF_THE_LETTER,
)  # fmt: skip
# Screens that only someone with, or without, insurance is asked; those that take two of them.
OF_INSURED = ("treatments", "clinic", "severity", "taking-antidepressant")
OF_UNINSURED = ("household", "lost-coverage-date")
OF_SEVERAL = ("denied-cover", "holder", "different-parents")


@dataclass(frozen=True)
class Walk:
    """The steps in order, and which of them are answered; the others are open.

    `beside` are the screens that the walk does not lead to: other ways to pay, and what makes an
    answer surer. `may_come` counts the steps that are not answered and not ruled out, the open
    ones among them: first those before the first answer, then the later ones.
    """

    steps: tuple[InterviewStep, ...]
    done: frozenset[str]
    beside: tuple[InterviewStep, ...] = ()
    may_come: tuple[int, int] = (0, 0)
    counted: bool = True

    def find(self, ident: str) -> InterviewStep | None:
        return next((s for s in (*self.steps, *self.beside) if s.id == ident), None)

    def step_of(self, field: str) -> InterviewStep | None:
        """The screen that asks for a field."""
        return next((s for s in (*self.steps, *self.beside) if field in s.fields), None)

    def open_steps(self) -> tuple[InterviewStep, ...]:
        return tuple(s for s in self.steps if s.id not in self.done)

    @property
    def first_left(self) -> int:
        """At most so many screens until the first answer is shown."""
        return self.may_come[0] if any(s.first for s in self.open_steps()) else 0

    @property
    def left(self) -> int:
        """At most so many screens until the end: it only falls as answers come."""
        return sum(self.may_come) if self.open_steps() else 0

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
        return tuple(s for s in (*self.steps, *self.beside) if s.section == section)

    def _place(self, ident: str | None) -> int:
        return next((i for i, s in enumerate(self.steps) if s.id == ident), -1)


def plan(answers: Answers, result: Result, book: Book, today: dt.date) -> Walk:
    """The walk for the present answers. `result` is the result of these answers."""
    case = Case.model_validate(answers.case_data())
    root = Facts(case, book, today)
    tiers = walk_tiers(result, root)
    steps: list[InterviewStep] = []
    beside: list[InterviewStep] = []
    done: set[str] = set()
    may_come = [0, 0]
    for step in all_steps(book, len(case.coverages or ())):
        answered, comes = step_answered(answers, step), _comes(step, root)
        shown = _narrowed(step, _shown(step, answers, tiers, root))
        if answered:
            done.add(step.id)
        elif comes and makes_sense(step, root):
            may_come[0 if step.first else 1] += 1
        if answered or (comes and _wanted(shown, answers, tiers, root)):
            (beside if step.section == "money" else steps).append(shown)
        elif shown.parts:
            beside.append(shown)
    counted = answers.answered(COVERS)
    return Walk(tuple(steps), frozenset(done), tuple(beside), (may_come[0], may_come[1]), counted)


def walk_tiers(result: Result, root: Facts) -> dict[str, Tier]:
    """For what each open question matters to the walk.

    One that few people have to be asked leads to no screen by itself, though its answer may change an
    answer: its record says so.
    """
    return {q.field: _walk_tier(q, root) for q in result.questions}


def _walk_tier(question: QuestionShown, root: Facts) -> Tier:
    record = record_of(root.book, question.field)
    if question.tier != "answer" or record is None or record.tier is None:
        return question.tier
    when = record.answer_when
    asked = when is not None and True in _condition_values(when, root, None)
    return "answer" if asked else record.tier


def step_answered(answers: Answers, step: InterviewStep) -> bool:
    """Whether a step has its answer (the treatments step has one in either of its two forms).

    A screen of several questions has it once it was sent; what opens on it later is not asked
    again, but offered where it would make the answer surer.
    """
    if step.kind == "treatments":
        return answers.answered(step.field) or bool(answers.case.get("treatment_counts"))
    needed = [f for f in step.fields if _name(f) in ALWAYS and _name(f) not in MAY_BE_LEFT]
    if needed and step.kind != "ways":
        return all(answers.answered(f) for f in needed)
    return any(answers.answered(f) for f in step.fields)


def _name(field: str) -> str:
    return field.rpartition("].")[2]


def _comes(step: InterviewStep, root: Facts) -> bool:
    """Whether the walk leads to a step at all, by the insurance that was told."""
    covers, name = root.case.coverages, step.group or step.id
    if step.section == "money":
        return False
    if name in OF_SEVERAL:
        return len(covers or ()) > 1
    if name in OF_UNINSURED:
        return covers == ()
    return name not in OF_INSURED or covers != ()


def _shown(
    step: InterviewStep, answers: Answers, tiers: dict[str, Tier], root: Facts
) -> Iterable[Part]:
    """The questions of a screen that are put to this person: what is open, and what was answered."""
    for part in step.parts:
        if answers.answered(part.field):
            if applies(part.question, root, part.cover):
                yield part
        elif _asks(part, step, tiers, root) and worth_asking(part, root):
            yield part


def _asks(part: Part, step: InterviewStep, tiers: dict[str, Tier], root: Facts) -> bool:
    if step.kind == "ways":
        has_household = root.case.coverages == () and part.field in HOUSEHOLD
        return part.field in tiers and not has_household
    if step.kind == "denied_cover":
        return makes_sense(step, root)
    if step.section == "money":
        return True  # one screen each, for whoever comes by its address
    return _name(part.field) in ALWAYS or tiers.get(part.field) in ("answer", "surer")


def _narrowed(step: InterviewStep, parts: Iterable[Part]) -> InterviewStep:
    return replace(step, parts=tuple(parts)) if step.parts else step


def _wanted(step: InterviewStep, answers: Answers, tiers: dict[str, Tier], root: Facts) -> bool:
    """Whether some answer that the screen asks for can change an answer."""
    if step.kind == "denied_cover":
        return makes_sense(step, root) and root.case.stage is not None
    return step.kind == "covers" or any(
        _name(p.field) in ALWAYS or tiers.get(p.field) == "answer"
        for p in step.parts
        if not answers.answered(p.field)
    )


# --- what makes sense -------------------------------------------------------------------------------


def makes_sense(step: InterviewStep, root: Facts) -> bool:
    """Whether a screen can apply at all to what was told so far."""
    if step.kind == "denied_cover":
        several = len(root.case.coverages or ()) > 1
        return several and root.case.stage in (None, *DENIED_STAGES)
    if not step.parts:
        return True
    return any(applies(p.question, root, p.cover) for p in step.parts)


def worth_asking(part: Part, root: Facts) -> bool:
    """Whether a question that is still open can be put to someone who told so much.

    Some ask about something that the person must know of, such as the letter of a denial.
    """
    question = part.question
    if question.ask_when is None:
        return True
    values = _condition_values(question.ask_when, root, part.cover)
    return True in values if question.only_when_sure else bool(values - {False})


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
    root = Facts(case, book, today)
    for step in all_steps(book, len(case.coverages or ())):
        if step.kind == "denied_cover" and step.field == field:
            return makes_sense(step, root) and root.case.stage is not None
        for part in step.parts:
            if part.field == field:
                return worth_asking(part, root)
    return True


def enough_for_a_result(answers: Answers) -> bool:
    """Whether a first look at the result is worth offering: from the insurance on."""
    return answers.answered(COVERS)


# --- changes ----------------------------------------------------------------------------------------


def ended_answers(answers: Answers, book: Book, today: dt.date) -> tuple[EndedAnswer, ...]:
    """Take out the answers that make no sense any more, and say which they were.

    One that goes may take others with it, so this is done until nothing more goes.
    """
    gone: list[EndedAnswer] = []
    while True:
        case = Case.model_validate(answers.case_data())
        root = Facts(case, book, today)
        wrong = list(dict.fromkeys(_meaningless(answers, book, root)))
        if not wrong:
            return tuple(gone)
        for field in wrong:
            value = answers.get(field)
            if value is not None:
                gone.append((field, value))
            answers.forget(field)


def _meaningless(answers: Answers, book: Book, root: Facts) -> Iterable[str]:
    for step in all_steps(book, len(root.case.coverages or ())):
        if step.kind == "denied_cover":
            if answers.answered(step.field) and not makes_sense(step, root):
                yield step.field
            continue
        for part in step.parts:
            if answers.answered(part.field) and not applies(part.question, root, part.cover):
                yield part.field


def opened_by(before: Walk, after: Walk) -> tuple[str, ...]:
    """The open steps that were not there to answer before the change."""
    known = {s.id for s in before.open_steps()}
    return tuple(s.id for s in after.open_steps() if s.id not in known)
