"""The rule book in memory: every record, indexed by what the engine asks for."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .derive import Facts
from .logic import Test, Truth, compile_condition, leaves
from .schema.appeals import DecisionClock, Ladder
from .schema.base import Fact, Period, Record, Source
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
from .schema.other import (
    Coordination,
    Document,
    Eligibility,
    FactRecord,
    PovertyGuideline,
    Question,
    Rate,
)
from .schema.policies import (
    NO_STANDARD,
    Payer,
    PlanName,
    Policy,
    Program,
    Step,
    TrialStandard,
)
from .schema.read import RECORDS, read_room
from .schema.shared import Shared
from .schema.sheets import ROOMS
from .schema.states import State
from .schema.ways import Formula, Parameter, Price, Way
from .schema.yaml_sheet import Fault
from .spoken import Vocabulary, plain_name

VERSION = "2026.11"
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
        self.facts: dict[str, FactRecord] = {f.id: f for f in self._sheet("facts", "facts")}
        self.questions: tuple[Question, ...] = self._sheet("questions", "questions")
        self.steps: dict[str, Step] = {s.id: s for s in self._sheet("steps", "steps")}
        self.payers: dict[str, Payer] = self._by("payers", "id")
        self.plan_names: tuple[PlanName, ...] = self._sheet("plan_names", "plan_names")
        self.programs: dict[str, Program] = self._by("programs", "id")
        self.states: dict[str, State] = self._by("states", "code")
        self.ladders: dict[str, Ladder] = self._by("appeals", "id")
        self.decision_clocks: tuple[DecisionClock, ...] = self._sheet("decision_clocks", "clocks")
        self.diagnoses: dict[str, DiagnosisRecord] = self._by("diagnoses", "id")
        self.treatments: dict[str, TreatmentRecord] = {
            t.id: t for t in self._sheet("treatments", "treatments")
        }
        self.labels: dict[str, Label] = self._by("labels", "id")
        self.scales: dict[str, ScaleRecord] = {s.id: s for s in self._sheet("safety", "scales")}
        self.crisis_lines: tuple[CrisisLine, ...] = self._sheet("safety", "crisis")
        self.routes: dict[str, Way] = self._by("routes", "id")
        self.ways: dict[str, Way] = self._by("ways_to_pay", "id")
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
        self._tests: dict[Any, Test] = {}
        self.memo: dict[Any, Any] = {}  # what is made once from a record, by who makes it

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
        in_order = sorted(self.programs.values(), key=lambda p: not p.usual)
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
    def off_label(self) -> dict[str, Fact]:
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

    def test(self, condition: Any, key_of: Any = str, trial: TrialStandard | None = None) -> Test:
        """The compiled form of a condition; compiled once for each way of counting trials."""
        key = (id(condition), trial)
        found = self._tests.get(key)
        if found is None:
            found = self._tests[key] = compile_condition(condition, key_of)
        return found

    def programs_of(self, facts: Facts) -> Iterator[tuple[Program, Truth, tuple[str, ...]]]:
        """Programmes that speak for the coverage seen: each with whether it applies, and why open."""
        kind = facts["coverage_kind"]
        for program in self.programs_by_kind.get(kind or "", ()):
            if program.applies_when is None:
                yield program, True, ()
                continue
            verdict = self.test(program.applies_when)(facts)
            keys = tuple(leaf.node.key for leaf in leaves(verdict))
            yield program, verdict.value, keys

    def poverty_guideline(self, state: str, today: dt.date) -> PovertyGuideline | None:
        """The federal poverty guideline for a state on a day (none is published for territories)."""
        record = self.states.get(state)
        limits = record.income_limits if record is not None else None
        if limits is None or self.eligibility is None:
            return None
        rows = [
            g
            for g in self.eligibility.poverty_guidelines
            if g.region == limits.poverty_region and in_force(g.in_force, today)
        ]
        return max(rows, key=lambda g: g.year, default=None)

    def tax_credit_guideline(self, state: str, today: dt.date) -> PovertyGuideline | None:
        """The guideline for the Marketplace tax credit: that of the year before the year of cover.

        From the day on which enrollment for the next year opens, that is the year of cover
        (26 CFR 1.36B-1(h)).
        """
        record = self.states.get(state)
        start = record.exchange.open_enrollment_start if record and record.exchange else None
        opened = start is not None and start <= today and start.year == today.year
        year_before = today.year if opened else today.year - 1
        return self.poverty_guideline(state, dt.date(year_before, 12, 31))

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
        from .schema.base import Cited

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

        for room in ROOMS:
            for file, record in self.records.get(room.name, ()):
                yield from walk(file, "", record)


def in_force(period: Period, today: dt.date) -> bool:
    """Whether a period holds on a day; open ends hold for ever."""
    return period.holds_on(today)


# --- loading ------------------------------------------------------------------------------------

COPY = "rules.json"


class _Read(NamedTuple):
    """A record with the plain data that it was made from."""

    room: str
    file: str
    data: Any
    record: Record


def _stamp(files: Iterable[tuple[Path, str]]) -> str:
    """A stamp of what stands in some files, the same on every machine."""
    stamp = hashlib.blake2b(digest_size=16)
    for folder, pattern in files:
        for path in sorted(folder.glob(pattern)):
            content = path.read_bytes()
            stamp.update(f"{path.relative_to(folder).as_posix()}|{len(content)}\n".encode())
            stamp.update(content)
    return stamp.hexdigest()


def _content_digest(root: Path) -> str:
    return _stamp([(root, "**/*.yaml")])


def _code_digest() -> str:
    """A stamp of the code that says what a record may be."""
    here = Path(__file__).parent
    return _stamp([(here / "schema", "*.py"), (here, "terms.py"), (here, "book.py")])


def build_book(root: Path = RECORDS) -> Book:
    """Read every record under `root`. Raises RuleBookError naming file, line and field."""
    return _book(_read(root), _content_digest(root))


def _read(root: Path) -> list[_Read]:
    records: list[_Read] = []
    shared = Shared(root)
    faults = [*shared.faults]
    for room in ROOMS:
        for found in read_room(room, root, shared):
            if isinstance(found, Fault):
                faults.append(found)
            else:
                records.append(_Read(room.name, found[0].file, found[0].data, found[1]))
    if faults:
        raise RuleBookError([*dict.fromkeys(faults)])
    return records


def _book(records: Iterable[_Read], digest: str) -> Book:
    by_room: dict[str, list[tuple[str, Record]]] = {}
    for one in records:
        by_room.setdefault(one.room, []).append((one.file, one.record))
    return Book(by_room, digest)


def _cache_folder() -> Path:
    return Path(os.environ.get("KETAPATH_CACHE", Path(__file__).parent.parent / ".cache"))


@lru_cache(maxsize=4)
def load_rules(root: Path = RECORDS) -> Book:
    """The rule book, from a parsed copy where it is sure to be a copy of these very records.

    The copy lives in `.cache/` beside the project (or in `KETAPATH_CACHE`). It is plain data: what
    the records say, never answers and nothing that runs. It is used only where its seal fits its
    content, the records as they stand and the code that reads them; otherwise the records are read.
    Raises RuleBookError where a record is at fault.
    """
    digest = _content_digest(root)
    stamp = digest + _code_digest()
    path = _cache_folder() / COPY
    copied = _from_copy(path, stamp)
    if copied is not None:
        return _book(copied, digest)
    records = _read(root)
    if _content_digest(root) == digest:  # else a record was changed while it was read
        _keep_copy(records, path, stamp)
    return _book(records, digest)


def _seal(stamp: str, body: bytes) -> bytes:
    return hashlib.blake2b(stamp.encode() + body, digest_size=32).hexdigest().encode()


def _from_copy(path: Path, stamp: str) -> list[_Read] | None:
    """What the copy holds, held against the schema like the records; None where in any doubt."""
    models = {room.name: room.model for room in ROOMS}
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            if not _only_ours(os.fstat(file.fileno())):
                return None
            seal, _, body = file.read().partition(b"\n")
        if seal != _seal(stamp, body):
            return None
        return [
            _Read(r, f, data, models[r].model_validate(data)) for r, f, data in json.loads(body)
        ]
    except Exception:  # whatever is wrong with a copy, the records are there
        return None


def _only_ours(info: os.stat_result) -> bool:
    """Whether nobody else can have written a file (where the system knows whose files are)."""
    return not hasattr(os, "getuid") or (info.st_uid == os.getuid() and not info.st_mode & 0o077)


def _keep_copy(records: list[_Read], path: Path, stamp: str) -> None:
    """Write the copy, for this user alone; a place that cannot be written goes without one."""
    plain = [[one.room, one.file, one.data] for one in records]
    try:
        body = json.dumps(plain, separators=(",", ":")).encode()
        if json.loads(body) != plain:
            return  # something that this form cannot hold, as a number for a key
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(_seal(stamp, body) + b"\n" + body)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except Exception:  # a start without a copy is slower, and right
        pass


def facts_of(record: Any) -> tuple[Fact, ...]:
    """The plain facts that a record keeps beside its rules."""
    return tuple(getattr(record, "facts", ()))


def in_policy_force(policy: Policy, today: dt.date) -> bool:
    return in_force(policy.in_force, today)
