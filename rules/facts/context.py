"""Derived facts: each has one definition here, and says which answers it read and which it missed.

`Facts` is what conditions look things up in. A fact is computed when it is first read. Its
`Reading` keeps the places in the case that it rests on (`because`) and the places whose answer
would settle it (`missing`), so that an explanation never has to be written a second time.

A fact is declared by one line above the function that computes it. It is shared by the whole case,
or computed for each coverage (`per="coverage"`) or each treatment (`per="treatment"`). Which
answers of a case it rests on stands in its record in `facts.yaml` (`fields`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, Protocol

from ..case import Case, Coverage
from ..logic import FactKey, Test, Verdict, compile_condition, open_leaves
from ..made_once import Made, made_once
from ..rule_book import Book
from ..schema.conditions import Condition
from ..schema.other import FactDefinition
from ..schema.policies import NO_STANDARD, TrialStandard
from ..vocabulary import EMPLOYER_KINDS, JOB_BASED_KINDS
from .denials import OWN, denial_at, place_of_denial

# A definite value, never typed by anyone: the question makes no sense for this kind of cover.
DOES_NOT_APPLY = "does_not_apply"


KINDS_WITH: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("medicare", "part_b", "part_d", "medigap", "entitled_by", "esrd_month"), ("medicare",)
    ),
    **dict.fromkeys(("medicaid", "spend_down_met"), ("medicaid",)),
    **dict.fromkeys(("funding", "sponsor"), EMPLOYER_KINDS),
    **dict.fromkeys(("employees", "active_employee"), JOB_BASED_KINDS),
    "on_exchange": ("individual",),
    "grandfathered": (*EMPLOYER_KINDS, "individual"),
    "metal_level": ("individual", "employer", "student"),
    "active_duty": ("tricare",),
    "federal_worker": ("workers_compensation",),
    "visit_at_or_authorized_by_va": ("va",),
}


class Reading(NamedTuple):
    """A fact's value with the answers it rests on and those that would settle it."""

    value: Any  # of which kind, the record of the fact tells
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


Per = Literal["case", "coverage", "treatment"]
Compute = Callable[["Facts"], "Reading"]
Count = Callable[["Facts", TrialStandard], "Reading"]


class Derived(NamedTuple):
    """A fact's function, and what it is computed for."""

    compute: Compute
    per: Per
    words: tuple[str, ...]  # all that its value may be, where that is a closed list


DERIVED: dict[str, Derived] = {}
COUNTED: dict[str, Count] = {}  # facts whose value depends on how a policy counts trials


def fact(
    ident: str, per: Per = "case", words: tuple[str, ...] = ()
) -> Callable[[Compute], Compute]:
    """Declare the function that computes a fact, and the closed list of its words if it has one."""

    def declare(compute: Compute) -> Compute:
        assert ident not in DERIVED, f"declared twice: {ident}"
        DERIVED[ident] = Derived(compute, per, words)
        return compute

    return declare


def counted_fact(ident: str) -> Callable[[Count], Count]:
    """Declare a fact that is counted under a policy's standard; without one, under none."""

    def declare(count: Count) -> Count:
        COUNTED[ident] = count
        fact(ident, per="coverage")(lambda facts: count(facts, NO_STANDARD))
        return count

    return declare


class Readable(Protocol):
    """What tells the reading of a fact: a view of a case."""

    def read(self, key: FactKey | None) -> Reading: ...


def missing_answers(facts: Readable, verdict: Verdict) -> tuple[str, ...]:
    """The answers that an unknown verdict waits for."""
    return tuple(m for leaf in open_leaves(verdict) for m in facts.read(leaf.node.key).missing)


def computed_for(fact: str, record: FactDefinition | None) -> Per:
    """Whether a fact is shared by the whole case, or differs by coverage or by treatment."""
    derived = DERIVED.get(fact)
    if derived is not None:
        return derived.per
    if record is None:
        raise KeyError(f"no such fact: {fact}")
    return "coverage" if record.fields[0].startswith("coverages[].") else "case"


class Facts(dict[FactKey, Any]):
    """Facts of one case, seen from one coverage and one treatment (or from none)."""

    def __init__(
        self,
        case: Case,
        book: Book,
        today: dt.date,
        coverage: int | None = None,
        treatment: str | None = None,
        parent: Facts | None = None,
        denial_place: str = OWN,
    ) -> None:
        super().__init__()
        self.case = case
        self.book = book
        self.today = today
        self.index = coverage
        self.treatment = treatment
        self.parent = parent
        self.denial_place = denial_place  # where the denial stands that this view has at `denial`
        self._per = computed(book)
        self.readings: dict[FactKey, Reading] = {}
        self.made: Made = {}  # parts of the evaluation that several routes share

    @property
    def coverage(self) -> Coverage | None:
        return None if self.index is None else (self.case.coverages or ())[self.index]

    def for_coverage(self, coverage: int | None, treatment: str | None = None) -> Facts:
        """The same case seen from a coverage and a treatment; what it shares is computed once."""
        seen = self._with_its_denial(coverage, treatment)
        return Facts(seen.case, self.book, self.today, coverage, treatment, seen, seen.denial_place)

    def _with_its_denial(self, coverage: int | None, treatment: str | None) -> Facts:
        """This view; where another of several denials is about the coverage and the treatment, one with that."""
        place = place_of_denial(self.case, coverage, treatment, self.denial_place)
        if place == self.denial_place:
            return self
        case = self.case.model_copy(update={"denial": denial_at(self.case, place)})
        return Facts(case, self.book, self.today, self.index, self.treatment, None, place)

    def with_answers(self, changed: Mapping[FactKey, object]) -> Facts:
        """The same view with some facts taken as given: for asking what would change."""
        other = Facts(
            self.case, self.book, self.today, self.index, self.treatment, self.parent, self.denial_place
        )  # fmt: skip
        other.readings = dict(self.readings)
        other.update(self)
        other.update(changed)
        return other

    def __missing__(self, key: FactKey) -> Any:
        shared = self.parent is not None and self._shared(key if isinstance(key, str) else key[0])
        value = self.parent[key] if shared and self.parent is not None else self.read(key).value
        self[key] = value
        return value

    def read(self, key: FactKey | None) -> Reading:
        """The reading of a fact: a fact id, or a fact id with the way that trials are counted."""
        if key is None:  # a condition that nobody is asked about
            return Reading(None)
        found = self.readings.get(key)
        if found is not None:
            return found
        fact, standard = (key, None) if isinstance(key, str) else key
        if self._shared(fact):
            assert self.parent is not None
            found = self.parent.read(key)
        elif isinstance(standard, TrialStandard):
            found = COUNTED[fact](self, standard)
        else:
            derived = DERIVED.get(fact)
            found = derived.compute(self) if derived is not None else self.direct(fact)
        self.readings[key] = found
        return found

    def test(self, condition: Condition, trial: TrialStandard = NO_STANDARD) -> Verdict:
        """Whether a condition holds here, under a policy's way of counting trials, and why."""
        return compiled(self.book, condition, trial)(self)

    def _shared(self, fact: str) -> bool:
        if self.parent is None:
            return False
        per = self._per[fact]
        return per == "case" or (per == "coverage" and self.parent.index == self.index)

    def per(self, fact: str) -> Per:
        """What a fact of this book is computed for."""
        return self._per[fact]

    def direct(self, fact: str) -> Reading:
        """A fact that is an answer as given: the record names its one field."""
        record = self.book.facts.get(fact)
        if record is None:
            raise KeyError(f"no such fact: {fact}")
        return self.field(record.fields[0])

    def field(self, path: str) -> Reading:
        """The answer at a dotted path of the case; `coverages[]` is the coverage seen from."""
        if path.startswith("coverages[]."):
            if self.coverage is None:
                return Reading(None)
            name = path[12:]
            value = getattr(self.coverage, name)
            place = (f"coverages[{self.index}].{name}",)
            if name in KINDS_WITH:
                kind, of_kind = self.coverage.kind, (f"coverages[{self.index}].kind",)
                if kind is None:  # nobody knows yet whether the question makes sense
                    return Reading(None, (), of_kind if value is not None else (*of_kind, *place))
                if kind not in KINDS_WITH[name]:
                    return Reading(DOES_NOT_APPLY, of_kind)
        else:
            part: object = self.case
            for name in path.split("."):
                part = None if part is None else getattr(part, name)
            value, place = part, (self._place_told(path),)
        return Reading(None, (), place) if value is None else Reading(value, place)

    def _place_told(self, path: str) -> str:
        """Where in the case an answer stands: a denial among several by its own place."""
        if self.denial_place == OWN:
            return path
        rest = path.removeprefix(f"{OWN}.")
        return path if rest == path else f"{self.denial_place}.{rest}"


class _Computed(dict[str, Per]):
    """What each fact of a book is computed for."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._records = book.facts

    def __missing__(self, fact: str) -> Per:
        self[fact] = computed_for(fact, self._records.get(fact))
        return self[fact]


@made_once
def computed(book: Book) -> _Computed:
    """What the facts of a book are computed for; looked up for every fact of every view."""
    return _Computed(book)


def compiled(book: Book, condition: Condition, trial: TrialStandard) -> Test:
    """A condition in its compiled form: compiled once for each way of counting trials."""
    kept, key = _tests(book), (id(condition), id(trial))
    found = kept.get(key)
    if found is None:
        found = kept[key] = (_compile(condition, trial), condition, trial)
    return found[0]


@made_once
def _tests(book: Book) -> dict[tuple[int, int], tuple[Test, Condition, TrialStandard]]:
    """The compiled conditions of a book, each beside what it was made from."""
    return {}


def _compile(condition: Condition, trial: TrialStandard) -> Test:
    def key_of(fact: str) -> FactKey:
        return (fact, trial) if fact in COUNTED and trial != NO_STANDARD else fact

    return compile_condition(condition, key_of)
