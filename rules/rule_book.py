"""The rule book in memory: every record, indexed by what the engine asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeVar

from .made_once import Made
from .schema.appeals import AppealProcess, DecisionClock
from .schema.base import Cited, Period, Record, Statement
from .schema.clinical import (
    DiagnosisRecord,
    Label,
    LabelLimit,
    LabelUse,
    ScaleRecord,
)
from .schema.codes import Code, DoseSold, IcdBeside, IcdMark, UsualMinutes
from .schema.coordination import Coordination
from .schema.forms import Form
from .schema.other import Document, DocumentFact, Eligibility, Rate
from .schema.policies import NO_STANDARD, Payer, Program, TrialStandard
from .schema.record_types import (
    RECORD_TYPES,
    Codes,
    Course,
    DecisionClocks,
    FactDictionary,
    Formulas,
    Parameters,
    PlanNames,
    Prices,
    Questions,
    Rates,
    Safety,
    Sources,
    Steps,
    Treatments,
    Trials,
    Windows,
)
from .schema.states import State
from .schema.ways import PaymentOption, Price
from .schema.windows import Window
from .schema.yaml_reader import Fault
from .synonyms import Vocabulary, plain_name
from .version import VERSION

# Cover that a government pays for; savings cards of makers exclude it (42 USC 1320a-7b(b), (f)).
GOVERNMENT_FAMILIES = ("medicare", "medicaid", "veterans", "military", "tribal")

PRIVATE_FAMILIES = ("private", "federal_employee")


Kept = TypeVar("Kept", bound=Record)


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
        self.sources = {s.id: s for sheet in self.of("sources", Sources) for s in sheet.sources}
        self.facts = {f.id: f for sheet in self.of("facts", FactDictionary) for f in sheet.facts}
        self.questions = tuple(
            x for sheet in self.of("questions", Questions) for x in sheet.questions
        )
        self.steps = {s.id: s for sheet in self.of("steps", Steps) for s in sheet.steps}
        self.payers = {r.id: r for r in self.of("payers", Payer)}
        self.plan_names = tuple(
            x for sheet in self.of("plan_names", PlanNames) for x in sheet.plan_names
        )
        self.programs = {r.id: r for r in self.of("programs", Program)}
        self.states = {r.code: r for r in self.of("states", State)}
        self.appeal_processes = {r.id: r for r in self.of("appeals", AppealProcess)}
        self.diagnoses: dict[str, DiagnosisRecord] = {
            r.id: r for r in self.of("diagnoses", DiagnosisRecord)
        }
        self.treatments = {
            t.id: t for sheet in self.of("treatments", Treatments) for t in sheet.treatments
        }
        self.labels = {r.id: r for r in self.of("labels", Label)}
        self.scales: dict[str, ScaleRecord] = {
            s.id: s for sheet in self.of("safety", Safety) for s in sheet.scales
        }
        self.safety_flags = tuple(x for sheet in self.of("safety", Safety) for x in sheet.flags)
        self.crisis_lines = tuple(x for sheet in self.of("safety", Safety) for x in sheet.crisis)
        self.routes = {r.id: r for r in self.of("routes", PaymentOption)}
        self.ways = {r.id: r for r in self.of("ways_to_pay", PaymentOption)}
        self.parameters = {
            p.id: p for sheet in self.of("parameters", Parameters) for p in sheet.parameters
        }
        self.formulas = {f.id: f for sheet in self.of("formulas", Formulas) for f in sheet.formulas}
        self.documents = {r.id: r for r in self.of("documents", Document)}
        self.forms = {r.id: r for r in self.of("forms", Form)}
        self._payer_names = self._index_payer_names()
        self.made: Made = {}

    # --- building ---

    def of(self, room: str, kind: type[Kept]) -> Iterator[Kept]:
        """The records of a room, which are all of one kind."""
        return (r for _, r in self.records.get(room, ()) if isinstance(r, kind))

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
        return Vocabulary(next(self.of("questions", Questions)))

    @cached_property
    def default_trial(self) -> TrialStandard:
        """How trials count where a policy does not say."""
        given = (d for sheet in self.of("trials", Trials) for d in sheet.definitions)
        return next((d.standard for d in given if d.is_default), NO_STANDARD)

    @cached_property
    def decision_clocks(self) -> tuple[DecisionClock, ...]:
        return tuple(
            x for sheet in self.of("decision_clocks", DecisionClocks) for x in sheet.clocks
        )

    @cached_property
    def prices(self) -> tuple[Price, ...]:
        return tuple(x for sheet in self.of("prices", Prices) for x in sheet.prices)

    @cached_property
    def rates(self) -> tuple[Rate, ...]:
        return tuple(x for sheet in self.of("rates", Rates) for x in sheet.rates)

    @cached_property
    def coordination(self) -> Coordination | None:
        return next(self.of("coordination", Coordination), None)

    @cached_property
    def eligibility(self) -> Eligibility | None:
        return next(self.of("eligibility", Eligibility), None)

    @cached_property
    def windows(self) -> dict[str, Window]:
        """Times in which something can be done, by id."""
        return {w.id: w for sheet in self.of("windows", Windows) for w in sheet.windows}

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
    def rules_of_many(self) -> frozenset[str]:
        """Policies that speak of many plans or states, and of no payer's own: by id."""
        programs = (p for p in self.programs.values() if not p.one_payer)
        return frozenset(policy.id for program in programs for policy in program.policies)

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
    def denial_codes(self) -> dict[str, DocumentFact]:
        """Group, reason and remark codes of a no, by what stands on the letter."""
        kinds = ("group_code", "reason_code", "remark_code")
        facts = (f for paper in self.documents.values() for f in paper.facts if f.kind in kinds)
        return {str(f.value["code"]): f for f in facts if isinstance(f.value, dict)}

    @cached_property
    def codes(self) -> dict[str, Code]:
        """Billing codes by what stands on the claim."""
        return {code.code: code for sheet in self.of("codes", Codes) for code in sheet.codes}

    @cached_property
    def codes_for(self) -> dict[str, tuple[Code, ...]]:
        """The billing codes of each treatment, without those that never fitted it."""
        fitting = [c for c in self.codes.values() if not c.trap]
        named = {t for c in fitting for t in c.treatments}
        return {t: tuple(c for c in fitting if t in c.treatments) for t in named}

    @cached_property
    def doses(self) -> tuple[DoseSold, ...]:
        """The packs that hold one session's dose, from the smallest on."""
        found = (dose for sheet in self.of("codes", Codes) for dose in sheet.doses)
        return tuple(sorted(found, key=lambda dose: dose.mg))

    @cached_property
    def icd_marks(self) -> tuple[IcdMark, ...]:
        """What is to be said of some diagnosis codes."""
        return tuple(mark for sheet in self.of("codes", Codes) for mark in sheet.icd_marks)

    @cached_property
    def icd_beside(self) -> tuple[IcdBeside, ...]:
        """Diagnosis codes that go beside that of the illness."""
        return tuple(one for sheet in self.of("codes", Codes) for one in sheet.icd_beside)

    def usual_minutes(self, treatment: str, diagnosis: str | None) -> UsualMinutes | None:
        """How long a session usually takes; None where no source says so of that diagnosis."""
        record = self.diagnoses.get(diagnosis or "")
        if record is None:
            return None
        for sheet in self.of("course", Course):
            for one in sheet.minutes:
                fits = record.id in one.diagnoses or bool(set(record.groups) & set(one.groups))
                if one.treatment == treatment and fits:
                    return one
        return None

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

    def all_facts(self) -> Iterator[tuple[str, str, Cited]]:
        """(file, place, cited thing) for every cited thing in the book."""

        def walk(file: str, place: str, thing: object) -> Iterator[tuple[str, str, Cited]]:
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
