"""The rule book in memory: every record, indexed by what the engine asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from .schema.appeals import AppealProcess, DecisionClock
from .schema.base import Cited, Period, Record, Source, Statement
from .schema.clinical import (
    Code,
    CrisisLine,
    DiagnosisRecord,
    Label,
    LabelLimit,
    LabelUse,
    ScaleRecord,
    TreatmentRecord,
)
from .schema.coordination import Coordination
from .schema.other import Document, Eligibility, FactDefinition, Question, Rate
from .schema.policies import (
    NO_STANDARD,
    Payer,
    PlanName,
    Program,
    StepRecord,
    TrialStandard,
)
from .schema.record_types import RECORD_TYPES
from .schema.states import State
from .schema.ways import Formula, Parameter, PaymentOption, Price
from .schema.yaml_reader import Fault
from .synonyms import Vocabulary, plain_name
from .version import VERSION

# Cover that a government pays for; savings cards of makers exclude it (42 USC 1320a-7b(b), (f)).
GOVERNMENT_FAMILIES = ("medicare", "medicaid", "veterans", "military", "tribal")

PRIVATE_FAMILIES = ("private", "federal_employee")


class RuleBookError(ValueError):
    """The rule book has faults; `faults` names file, line and field of each."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(f) for f in faults))


class Book:
    """All records. Built once and never changed; safe to share between threads."""

    def __init__(self, records: dict[str, list[tuple[str, Record]]], digest: str) -> None:
        self.records = records
        self.version = f"{VERSION}.{digest[:8]}"
        self.sources: dict[str, Source] = {s.id: s for s in self._sheet("sources", "sources")}
        self.facts: dict[str, FactDefinition] = {f.id: f for f in self._sheet("facts", "facts")}
        self.questions: tuple[Question, ...] = self._sheet("questions", "questions")
        self.steps: dict[str, StepRecord] = {s.id: s for s in self._sheet("steps", "steps")}
        self.payers: dict[str, Payer] = self._by("payers", "id")
        self.plan_names: tuple[PlanName, ...] = self._sheet("plan_names", "plan_names")
        self.programs: dict[str, Program] = self._by("programs", "id")
        self.states: dict[str, State] = self._by("states", "code")
        self.appeal_processes: dict[str, AppealProcess] = self._by("appeals", "id")
        self.decision_clocks: tuple[DecisionClock, ...] = self._sheet("decision_clocks", "clocks")
        self.diagnoses: dict[str, DiagnosisRecord] = self._by("diagnoses", "id")
        self.treatments: dict[str, TreatmentRecord] = {
            t.id: t for t in self._sheet("treatments", "treatments")
        }
        self.labels: dict[str, Label] = self._by("labels", "id")
        self.scales: dict[str, ScaleRecord] = {s.id: s for s in self._sheet("safety", "scales")}
        self.crisis_lines: tuple[CrisisLine, ...] = self._sheet("safety", "crisis")
        self.routes: dict[str, PaymentOption] = self._by("routes", "id")
        self.ways: dict[str, PaymentOption] = self._by("ways_to_pay", "id")
        self.parameters: dict[str, Parameter] = {
            p.id: p for p in self._sheet("parameters", "parameters")
        }
        self.prices: tuple[Price, ...] = self._sheet("prices", "prices")
        self.formulas: dict[str, Formula] = {f.id: f for f in self._sheet("formulas", "formulas")}
        self.documents: dict[str, Document] = self._by("documents", "id")
        self.rates: tuple[Rate, ...] = self._sheet("rates", "rates")
        self.default_trial: TrialStandard = next(
            (d.standard for d in self._sheet("trials", "definitions") if d.is_default),
            NO_STANDARD,
        )
        self._payer_names = self._index_payer_names()
        self.made: dict[Any, Any] = {}  # what is made once from a record

    # --- building ---

    def _sheet(self, room: str, part: str) -> Any:
        return tuple(x for _, sheet in self.records.get(room, ()) for x in getattr(sheet, part))

    def _by(self, room: str, key: str) -> Any:
        return {getattr(r, key): r for _, r in self.records.get(room, ())}

    def _index_payer_names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for payer in self.payers.values():
            for name in (payer.id, payer.name, *payer.also_called):
                names.setdefault(plain_name(name), payer.id)
        return names

    # --- asking ---

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What people write for an answer, by the question records."""
        return Vocabulary(self.records["questions"][0][1])  # type: ignore[arg-type]

    @cached_property
    def coordination(self) -> Coordination | None:
        found = self.records.get("coordination", ())
        return found[0][1] if found else None  # type: ignore[return-value]

    @cached_property
    def eligibility(self) -> Eligibility | None:
        found = self.records.get("eligibility", ())
        return found[0][1] if found else None  # type: ignore[return-value]

    @cached_property
    def government_kinds(self) -> tuple[str, ...]:
        return self._kinds_of(GOVERNMENT_FAMILIES)

    @cached_property
    def private_kinds(self) -> tuple[str, ...]:
        return self._kinds_of(PRIVATE_FAMILIES)

    def _kinds_of(self, families: tuple[str, ...]) -> tuple[str, ...]:
        kinds = {k for p in self.programs.values() if p.family in families for k in p.kinds}
        return tuple(sorted(kinds))

    @cached_property
    def programs_by_kind(self) -> dict[str, tuple[Program, ...]]:
        kinds = {k for p in self.programs.values() for k in p.kinds}
        in_order = sorted(self.programs.values(), key=lambda p: not p.default_when_unknown)
        return {k: tuple(p for p in in_order if k in p.kinds) for k in sorted(kinds)}

    @cached_property
    def label_uses(self) -> dict[str, tuple[LabelUse, ...]]:
        return {label.treatment: label.uses for label in self.labels.values()}

    @cached_property
    def label_limits(self) -> dict[str, tuple[LabelLimit, ...]]:
        """For each treatment, what its label asks of everyone who takes it."""
        return {
            treatment: label.limits
            for label in self.labels.values()
            for treatment in (label.treatment, *label.also_for)
        }

    @cached_property
    def codes(self) -> dict[str, Code]:
        """Billing codes by what stands on the claim."""
        return {code.code: code for code in self._sheet("codes", "codes")}

    @cached_property
    def off_label(self) -> dict[str, Statement]:
        """For each treatment, what its label says of uses that are not on it."""
        return {
            treatment: label.off_label
            for label in self.labels.values()
            for treatment in (label.treatment, *label.also_for)
            if label.off_label is not None
        }

    def payer_id(self, text: str) -> str:
        """The payer's id for a name that people type, or the plain name where there is no record."""
        plain = plain_name(text)
        return self._payer_names.get(plain, plain)

    def parameter(self, name: str, today: dt.date) -> Any:
        """A parameter's value on a day, or None where no value is known for that day."""
        found = self.parameters.get(name)
        if found is None:
            return None
        return next((v.value for v in found.values if in_force(v.in_force, today)), None)

    def eligibility_value(self, name: str) -> Any:
        """The value of a federal fact on who may get public cover; None where it is not recorded."""
        facts = self.eligibility.facts if self.eligibility is not None else ()
        return next((f.value for f in facts if f.id == name), None)

    def all_facts(self) -> Iterator[tuple[str, str, Any]]:
        """(file, place, cited thing) for every cited thing in the book."""

        def walk(file: str, place: str, thing: Any) -> Iterator[tuple[str, str, Any]]:
            if isinstance(thing, Cited):
                yield file, place, thing
            if isinstance(thing, Record):
                for name in type(thing).model_fields:
                    yield from walk(
                        file, f"{place}.{name}" if place else name, getattr(thing, name)
                    )
            elif isinstance(thing, tuple):
                for i, part in enumerate(thing):
                    yield from walk(file, f"{place}[{i}]", part)

        for room in RECORD_TYPES:
            for file, record in self.records.get(room.name, ()):
                yield from walk(file, "", record)


def in_force(period: Period, today: dt.date) -> bool:
    """Whether a period holds on a day; open ends hold for ever."""
    return period.holds_on(today)


def facts_of(record: Any) -> tuple[Statement, ...]:
    """The plain facts that a record keeps beside its rules."""
    return tuple(getattr(record, "facts", ()))
