"""The screens that an interview can have: which questions each holds, and in which order they come.

Pure: made from the question records alone. Questions that one paper or one person answers share a screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rules import Book
from rules.made_once import made_once
from rules.schema.other import Question

Section = Literal["you", "cover", "treatment", "stands", "tried", "safety", "details", "money"]
# The first answer is shown after the parts up to `safety`; `money` is not asked in the walk.
FIRST: tuple[Section, ...] = ("you", "cover", "treatment", "stands", "tried", "safety")
SECTIONS: tuple[Section, ...] = (*FIRST, "details", "money")

Kind = Literal[
    "question", "group", "safety", "covers", "diagnoses", "treatments", "denied_cover", "ways"
]

COVERS, TREATMENTS, DENIED_COVER = "coverages", "treatments", "denial.coverage"
THOUGHTS = "suicidal_thoughts"
# Parts of the treatments step, not steps of their own.
WITH_TREATMENTS = "treatment_counts."
WAYS = "ways"
OF_COVER = "coverages[]."
_COVER = re.compile(r"coverages\[(\d+)\]")


@dataclass(frozen=True)
class Part:
    """One answer that a screen asks for: its place in the case, and its question."""

    field: str
    question: Question

    @property
    def cover(self) -> int | None:
        """The insurance that it is about."""
        found = _COVER.match(self.field)
        return int(found.group(1)) if found else None


@dataclass(frozen=True)
class InterviewStep:
    """One screen of the interview. `id` is its name in the address bar and says nothing private.

    `group` names the words of a screen that holds several questions.
    """

    id: str
    kind: Kind
    section: Section
    field: str
    parts: tuple[Part, ...] = ()
    cover: int | None = None
    group: str | None = None

    @property
    def question(self) -> Question | None:
        """The one question of a screen that holds one."""
        return self.parts[0].question if self.kind in ("question", "treatments") else None

    @property
    def fields(self) -> tuple[str, ...]:
        """The places of all answers of the screen."""
        return tuple(p.field for p in self.parts) or (self.field,)

    @property
    def first(self) -> bool:
        """Whether it is asked before the first answer is shown."""
        return self.section in FIRST


@dataclass(frozen=True)
class Screen:
    """A line of the plan below: a screen, its kind, its fields. Without `kind` each has its own."""

    section: Section
    fields: tuple[str, ...]
    group: str | None = None
    kind: Kind = "question"


def _alone(section: Section, *fields: str) -> Screen:
    return Screen(section, fields)


HEALTH = (
    "health.uncontrolled_blood_pressure", "health.vessel_condition", "health.ketamine_allergy",
    "health.psychosis", "health.bipolar_disorder", "health.dementia", "health.substance_use",
)  # fmt: skip
HOUSEHOLD = ("household_size", "annual_income", "pregnant", "parent_of_child", "disabled")
LETTER = (
    "denial.reason", "denial.notice_date", "denial.received_date", "denial.notice_from", "denial.subject",
    "denial.kind", "denial.codes", "denial.treatment", "denial.level", "appeal.sent_date",
)  # fmt: skip
COURSE = (
    "treatment_status.started", "treatment_status.date", "treatment_status.sessions_so_far",
    "treatment_status.sessions_per_week", "treatment_status.dose_mg", "treatment_status.score_before",
    "treatment_status.score_now",
)  # fmt: skip
CLINIC = (
    "provider.found", "provider.prescriber", "provider.psychiatrist_consulted", "provider.rems_certified",
    "provider.in_network", "provider.telehealth_only",
)  # fmt: skip

PLAN: tuple[Screen, ...] = (
    _alone("you", "age", "state"),
    Screen("cover", (COVERS,), kind="covers"),
    Screen("cover", HOUSEHOLD, "household", "group"),
    _alone("treatment", "request"),
    Screen("treatment", ("diagnosis", "other_diagnoses"), "diagnoses", "diagnoses"),
    _alone("stands", "stage"),
    Screen("stands", (DENIED_COVER,), kind="denied_cover"),
    Screen("stands", LETTER, "letter", "group"),
    _alone("stands", "request_sent_date"),
    Screen("tried", (TREATMENTS,), kind="treatments"),
    Screen("safety", (THOUGHTS, *HEALTH), "safety", "safety"),
    Screen("details", ("denial.urgent", "denial.continuing_treatment"), "urgent", "group"),
    _alone("details", "denial.effective_date"),
    Screen("details", COURSE, "course", "group"),
    Screen("details", CLINIC, "clinic", "group"),
    _alone("details", "severity", "taking_antidepressant"),
    _alone("details", "condition_related_to", "different_parents"),
    Screen("details", ("authorization.start", "authorization.end"), "approval", "group"),
    _alone("details", "lost_coverage_date"),
    Screen(
        "money",
        (
            "money.hsa", "money.fsa", "money.hra", "money.employer_ketamine_benefit", "money.employee",
            "coverages[].high_deductible_plan", "veteran", "tribal_member", "disabled", "pregnant",
            "parent_of_child", "money.itemizes", "money.credit_fair_or_better", "household_size",
            "annual_income", "money.medical_spending", "money.tax_bracket_percent", "provider.setting",
        ),
        WAYS,
        "ways",
    ),
)  # fmt: skip
# Of each insurance, after the others of the same part.
PLAN_OF_COVER: tuple[Screen, ...] = (
    _alone("cover", "coverages[].kind"),
    Screen(
        "cover", ("coverages[].medicare", "coverages[].part_b", "coverages[].part_d"), "medicare", "group"
    ),
    _alone("cover", "coverages[].medicaid", "coverages[].payer"),
    Screen(
        "details",
        (
            "coverages[].network", "coverages[].funding", "coverages[].sponsor", "coverages[].issue_state",
            "coverages[].on_exchange", "coverages[].metal_level", "coverages[].out_of_network_benefit",
            "coverages[].grandfathered", "coverages[].starts", "coverages[].ends",
            "coverages[].federal_worker",
            "coverages[].medigap", "coverages[].spend_down_met", "coverages[].visit_at_or_authorized_by_va",
            "coverages[].auto_policy_lets_health_pay_first",
        ),
        "plan",
        "group",
    ),
    Screen(
        "details",
        (
            "coverages[].active_employee", "coverages[].employees", "coverages[].covers_as",
            "coverages[].entitled_by", "coverages[].active_duty",
        ),
        "holder",
        "group",
    ),
    Screen("details", ("coverages[].esrd_month", "coverages[].medicare_already_primary"), "kidney", "group"),
)  # fmt: skip


def section_of(question: Question) -> Section:
    """The part of the interview that asks a question."""
    for screen in (*PLAN, *PLAN_OF_COVER):
        if question.field in screen.fields:
            return screen.section
    return "tried" if question.field.startswith(WITH_TREATMENTS) else "money"


@made_once
def all_steps(book: Book, covers: int) -> tuple[InterviewStep, ...]:
    """Every screen that a case with so many insurances can have, in order."""
    known = {q.field: q for q in book.questions}
    found: list[InterviewStep] = []
    for section in SECTIONS:
        lines = [line for line in PLAN if line.section == section]
        of_cover = [line for line in PLAN_OF_COVER if line.section == section]
        for line in lines:
            found.extend(_steps_of(line, known, covers))
        for cover in range(covers):
            for line in of_cover:
                found.extend(_steps_of_cover(line, known, cover))
    placed = {p.question.id for s in found for p in s.parts}
    rest = (q for q in book.questions if q.id not in placed and not _elsewhere(q))
    found.extend(_single(q.field, known, "money") for q in rest)
    return tuple(found)


def _elsewhere(question: Question) -> bool:
    """Whether a question has a place on a screen that others stand for, or no insurance to be of."""
    return question.field.startswith((WITH_TREATMENTS, OF_COVER))


def _steps_of(line: Screen, known: dict[str, Question], covers: int) -> Iterator[InterviewStep]:
    if line.kind == "question":
        yield from (_single(f, known, line.section) for f in line.fields)
        return
    parts = tuple(
        Part(field, known[of]) for of in line.fields if of in known for field in _places(of, covers)
    )
    ident = line.group or _slug("denied-cover" if line.kind == "denied_cover" else line.fields[0])
    if line.kind == "covers":
        ident = "covers"
    yield InterviewStep(ident, line.kind, line.section, line.fields[0], parts, None, line.group)


def _places(field: str, covers: int) -> Iterable[str]:
    if not field.startswith(OF_COVER):
        return (field,)
    return (field.replace("[]", f"[{i}]") for i in range(covers))


def _single(field: str, known: dict[str, Question], section: Section) -> InterviewStep:
    return InterviewStep(_slug(field), "question", section, field, (Part(field, known[field]),))


def _steps_of_cover(
    line: Screen, known: dict[str, Question], cover: int
) -> Iterator[InterviewStep]:
    parts = [Part(f.replace("[]", f"[{cover}]"), known[f]) for f in line.fields]
    start = f"cover-{cover + 1}"
    if line.group is not None:
        yield InterviewStep(
            f"{start}-{line.group}", "group", line.section, parts[0].field, tuple(parts), cover, line.group
        )  # fmt: skip
        return
    for part in parts:
        name = _slug(part.question.field.removeprefix(OF_COVER))
        yield InterviewStep(f"{start}-{name}", "question", line.section, part.field, (part,), cover)


def _slug(field: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", field.lower()).strip("-")
