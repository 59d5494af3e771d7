"""Files that hold several small records of one kind, and where each kind of record lives."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from .appeals import AppealProcess, DecisionClock
from .base import Record, Source, Statement
from .clinical import (
    CrisisLine,
    DiagnosisRecord,
    Label,
    NotATrial,
    SafetyFlag,
    ScaleRecord,
    TreatmentRecord,
    TrialDefinition,
    Work,
)
from .codes import Code, DoseSold, IcdBeside, IcdMark, UsualMinutes
from .coordination import Coordination
from .forms import Form
from .other import Document, Eligibility, FactDefinition, Question, Rate
from .policies import Payer, PlanName, Program, StepRecord
from .states import State
from .ways import Formula, Parameter, PaymentOption, Price
from .windows import Window

FACTS = "What else is known. No rule reads it."


class Sources(Record):
    """The publications that facts and rules are read from, one entry each."""

    sources: tuple[Source, ...] = Field(
        description="Every publication once. Records cite it by `id`."
    )


class Questions(Record):
    """The questions: one entry for each answer that a case can hold, with the words that people write."""

    passed_over: tuple[str, ...] = Field(
        description="Words beside an answer that say nothing of their own."
    )
    undone: tuple[str, ...] = Field(
        description="Words that may turn round what stands beside them."
    )
    questions: tuple[Question, ...] = Field(
        description="The questions in the order of the interview."
    )


class PlanNames(Record):
    """What the names of plans tell of a coverage."""

    plan_names: tuple[PlanName, ...] = Field(
        description="One entry for each thing that names tell."
    )


class FactDictionary(Record):
    """The facts that conditions may read, with the words beside each."""

    facts: tuple[FactDefinition, ...] = Field(description="One entry for each fact.")


class Steps(Record):
    """Steps that many records use."""

    steps: tuple[StepRecord, ...] = Field(
        description="One entry for each step; records name it by `use`."
    )


class FactSheet(Record):
    """Facts on one subject, to be read and searched in the rule book; some are quoted in letters.

    No rule reads them: to correct one changes no answer.
    """

    subject: str = Field(description="What the facts are about.")
    facts: tuple[Statement, ...] = Field(description="One entry for each fact.")
    not_found: tuple[str, ...] = Field(
        default=(), description="What was looked for and not found, one sentence each."
    )


class DecisionClocks(Record):
    """How fast plans must answer a first request."""

    clocks: tuple[DecisionClock, ...] = Field(description="One entry for each rule.")


class Treatments(Record):
    """The treatments that people may have tried, and what payers do not count."""

    treatments: tuple[TreatmentRecord, ...] = Field(description="The catalog, one entry each.")
    not_trials: tuple[NotATrial, ...] = Field(
        description="What was taken and does not count as a trial."
    )
    facts: tuple[Statement, ...] = Field(default=(), description=FACTS)


class Trials(Record):
    """How instruments, labels and payers define an adequate, failed trial."""

    definitions: tuple[TrialDefinition, ...] = Field(description="One entry for each definition.")
    facts: tuple[Statement, ...] = Field(default=(), description=FACTS)


class Course(FactSheet):
    """How ketamine is usually given, and how long a session takes."""

    minutes: tuple[UsualMinutes, ...] = Field(
        description="How long a session takes where nobody told the minutes."
    )


class Works(Record):
    """What studies, reviews of studies, guidelines and reports found."""

    works: tuple[Work, ...] = Field(description="One entry for each study, guideline or report.")


class Codes(Record):
    """Billing codes and when they are in force; what is to be said of diagnosis codes."""

    codes: tuple[Code, ...] = Field(description="One entry for each code.")
    doses: tuple[DoseSold, ...] = Field(description="The packs that hold one session's dose.")
    icd_marks: tuple[IcdMark, ...] = Field(
        description="What is to be said of some diagnosis codes, and in which order they stand."
    )
    icd_beside: tuple[IcdBeside, ...] = Field(
        description="Diagnosis codes that go beside that of the illness, and when."
    )
    facts: tuple[Statement, ...] = Field(default=(), description=FACTS)


class Safety(Record):
    """What matters for a person's safety: conditions to weigh, crisis lines, severity scales."""

    flags: tuple[SafetyFlag, ...] = Field(
        description="Conditions that a clinician has to weigh before any ketamine."
    )
    crisis: tuple[CrisisLine, ...] = Field(
        description="Where a person in crisis finds help at once."
    )
    scales: tuple[ScaleRecord, ...] = Field(description="The severity scales.")
    facts: tuple[Statement, ...] = Field(default=(), description=FACTS)


class Parameters(Record):
    """Numbers fixed by law or agency, by year."""

    parameters: tuple[Parameter, ...] = Field(description="One entry for each number.")


class Prices(Record):
    """Prices that somebody published."""

    prices: tuple[Price, ...] = Field(description="One entry for each price or range.")


class Formulas(Record):
    """Sums that the cost engine computes."""

    formulas: tuple[Formula, ...] = Field(description="One entry for each sum.")


class Windows(Record):
    """Times in which something can be done."""

    windows: tuple[Window, ...] = Field(description="One entry for each window.")


class Rates(Record):
    """Published outcome rates. Never a person's own chance."""

    rates: tuple[Rate, ...] = Field(description="One entry for each rate.")
    facts: tuple[Statement, ...] = Field(default=(), description=FACTS)


class RecordType(NamedTuple):
    """Where records of a kind live: one file each (`*`) or one sheet for all."""

    name: str
    pattern: str
    model: type[Record]

    @property
    def kind(self) -> str:
        """What one file of it is called: `payer` in the room `payers`; a sheet has the room's name."""
        return _ONE_OF.get(self.name, self.name)


# The rooms that hold a file for each record, and what one of them is called.
_ONE_OF = {
    "sources": "source",
    "payers": "payer",
    "programs": "program",
    "states": "state",
    "appeals": "appeal",
    "appeal_rules": "appeal_rule",
    "diagnoses": "diagnosis",
    "labels": "label",
    "routes": "route",
    "ways_to_pay": "way_to_pay",
    "documents": "document",
    "forms": "form",
}

RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType("sources", "sources/*.yaml", Sources),
    RecordType("facts", "facts.yaml", FactDictionary),
    RecordType("questions", "questions.yaml", Questions),
    RecordType("steps", "shared/steps.yaml", Steps),
    RecordType("payers", "payers/*.yaml", Payer),
    RecordType("plan_names", "plan_names.yaml", PlanNames),
    RecordType("market", "market.yaml", FactSheet),
    RecordType("programs", "programs/*.yaml", Program),
    RecordType("states", "states/*.yaml", State),
    RecordType("state_law", "state_law.yaml", FactSheet),
    RecordType("medicaid_law", "medicaid_law.yaml", FactSheet),
    RecordType("appeals", "appeals/*.yaml", AppealProcess),
    RecordType("decision_clocks", "decision_clocks.yaml", DecisionClocks),
    RecordType("appeal_rules", "appeal_rules/*.yaml", FactSheet),
    RecordType("diagnoses", "diagnoses/*.yaml", DiagnosisRecord),
    RecordType("treatments", "treatments.yaml", Treatments),
    RecordType("trials", "trials.yaml", Trials),
    RecordType("labels", "labels/*.yaml", Label),
    RecordType("evidence", "evidence.yaml", Works),
    RecordType("codes", "codes.yaml", Codes),
    RecordType("safety", "safety.yaml", Safety),
    RecordType("course", "course.yaml", Course),
    RecordType("routes", "routes/*.yaml", PaymentOption),
    RecordType("ways_to_pay", "ways_to_pay/*.yaml", PaymentOption),
    RecordType("parameters", "parameters.yaml", Parameters),
    RecordType("prices", "prices.yaml", Prices),
    RecordType("formulas", "formulas.yaml", Formulas),
    RecordType("documents", "documents/*.yaml", Document),
    RecordType("forms", "forms/*.yaml", Form),
    RecordType("coordination", "coordination.yaml", Coordination),
    RecordType("eligibility", "eligibility.yaml", Eligibility),
    RecordType("windows", "windows.yaml", Windows),
    RecordType("rates", "rates.yaml", Rates),
)

_BY_PATTERN = {room.pattern: room for room in RECORD_TYPES}


def record_type_of(file: str) -> RecordType | None:
    """The room of a record file, named relative to the records; None where it is in no room."""
    return _BY_PATTERN.get(file) or _BY_PATTERN.get(f"{file.partition('/')[0]}/*.yaml")
