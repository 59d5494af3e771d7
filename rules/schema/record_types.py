"""Files that hold several small records of one kind, and where each kind of record lives."""

from __future__ import annotations

from typing import NamedTuple

from .appeals import DecisionClock, Ladder
from .base import Fact, Record, Source
from .clinical import (
    Code,
    CrisisLine,
    DiagnosisRecord,
    Guideline,
    Label,
    NotATrial,
    SafetyFlag,
    ScaleRecord,
    TreatmentRecord,
    TrialDefinition,
)
from .other import Coordination, Document, Eligibility, FactRecord, Question, Rate
from .policies import Payer, PlanName, Program, Step
from .states import State
from .ways import Formula, Parameter, Price, Way


class Sources(Record):
    sources: tuple[Source, ...]


class Questions(Record):
    passed_over: tuple[str, ...]  # words beside an answer that say nothing of their own
    undone: tuple[str, ...]  # words that may turn round what stands beside them
    questions: tuple[Question, ...]


class PlanNames(Record):
    plan_names: tuple[PlanName, ...]


class FactDictionary(Record):
    facts: tuple[FactRecord, ...]


class Steps(Record):
    steps: tuple[Step, ...]


class FactSheet(Record):
    """Facts on one subject, to be read and searched in the rule book; some are quoted in letters.

    No rule reads them: to correct one changes no answer.
    """

    subject: str
    facts: tuple[Fact, ...]
    not_found: tuple[str, ...] = ()


class DecisionClocks(Record):
    clocks: tuple[DecisionClock, ...]


class Treatments(Record):
    treatments: tuple[TreatmentRecord, ...]
    not_trials: tuple[NotATrial, ...]
    facts: tuple[Fact, ...] = ()


class Trials(Record):
    definitions: tuple[TrialDefinition, ...]
    facts: tuple[Fact, ...] = ()


class Guidelines(Record):
    guidelines: tuple[Guideline, ...]


class Codes(Record):
    codes: tuple[Code, ...]
    facts: tuple[Fact, ...] = ()


class Safety(Record):
    flags: tuple[SafetyFlag, ...]
    crisis: tuple[CrisisLine, ...]
    scales: tuple[ScaleRecord, ...]
    facts: tuple[Fact, ...] = ()


class Parameters(Record):
    parameters: tuple[Parameter, ...]


class Prices(Record):
    prices: tuple[Price, ...]


class Formulas(Record):
    formulas: tuple[Formula, ...]


class Rates(Record):
    rates: tuple[Rate, ...]
    facts: tuple[Fact, ...] = ()


class Room(NamedTuple):
    """Where records of a kind live: one file each (`*`) or one sheet for all."""

    name: str
    pattern: str
    model: type[Record]


ROOMS: tuple[Room, ...] = (
    Room("sources", "sources/*.yaml", Sources),
    Room("facts", "facts.yaml", FactDictionary),
    Room("questions", "questions.yaml", Questions),
    Room("steps", "shared/steps.yaml", Steps),
    Room("payers", "payers/*.yaml", Payer),
    Room("plan_names", "plan_names.yaml", PlanNames),
    Room("market", "market.yaml", FactSheet),
    Room("programs", "programs/*.yaml", Program),
    Room("states", "states/*.yaml", State),
    Room("state_law", "state_law.yaml", FactSheet),
    Room("medicaid_law", "medicaid_law.yaml", FactSheet),
    Room("appeals", "appeals/*.yaml", Ladder),
    Room("decision_clocks", "decision_clocks.yaml", DecisionClocks),
    Room("appeal_rules", "appeal_rules/*.yaml", FactSheet),
    Room("diagnoses", "diagnoses/*.yaml", DiagnosisRecord),
    Room("treatments", "treatments.yaml", Treatments),
    Room("trials", "trials.yaml", Trials),
    Room("labels", "labels/*.yaml", Label),
    Room("guidelines", "guidelines.yaml", Guidelines),
    Room("codes", "codes.yaml", Codes),
    Room("safety", "safety.yaml", Safety),
    Room("course", "course.yaml", FactSheet),
    Room("routes", "routes/*.yaml", Way),
    Room("ways_to_pay", "ways_to_pay/*.yaml", Way),
    Room("parameters", "parameters.yaml", Parameters),
    Room("prices", "prices.yaml", Prices),
    Room("formulas", "formulas.yaml", Formulas),
    Room("documents", "documents/*.yaml", Document),
    Room("coordination", "coordination.yaml", Coordination),
    Room("eligibility", "eligibility.yaml", Eligibility),
    Room("rates", "rates.yaml", Rates),
)
