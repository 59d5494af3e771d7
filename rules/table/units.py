"""The parts of the evaluation that a table shares among its rows: facts, conditions, candidates.

Each is the engine's own function, evaluated through watched facts. What is added here is only
how their outcomes are told apart: by what the row's answer can still depend on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import numpy as np

from rules.case import PARTS, Coverage
from rules.engine.criteria import judge_criteria
from rules.engine.deadlines import LevelDays
from rules.facts.context import COUNTED, DERIVED, OF_COVERAGE, OF_TREATMENT
from rules.facts.income import credit_percent, percent_of_poverty
from rules.facts.situation import percent_of_income
from rules.logic import Verdict
from rules.rule_book import Book
from rules.schema.base import Record
from rules.schema.conditions import Criterion, facts_read
from rules.schema.other import PovertyGuideline
from rules.schema.policies import NO_STANDARD, TrialStandard

from .outcome import token
from .trace import (
    WITHHELD,
    Codes,
    Column,
    FactUnit,
    Field,
    Rows,
    Space,
    Unit,
    View,
    Watched,
    bare_reading,
)

# Parts that are the same for every treatment; should one look at it after all, it is an error.
WITHOUT_TREATMENT = (
    "level_days",
    "level_readings",
    "_appeals_to",
    "_one_for_each_ladder",
    "_has_program",
    "_state_known",
)
# Parts that several others ask for; the outcomes of a batch are kept for these alone.
ASKED_OFTEN = (
    "_rules_on", "_appeals_to", "label_fits", "programs_for", "treatments_considered",
    "path_stem", "_one_for_each_ladder",
)  # fmt: skip
RULED_OUT, NOT_YET, OPEN = 1, 2, 4  # what a criterion that is not met does to an outlook
WORST = (0, RULED_OUT, NOT_YET, OPEN)  # of several criteria only the worst counts
_WORST_OF: Codes = np.array([0, 1, 2, 1, 3, 1, 2, 1], dtype=np.int32)  # bits -> place in WORST


class Units:
    """All shared parts for one rule book and one day. They learn as rows come, batch after batch."""

    parts = {name: model for name, model in PARTS.items() if name and not name.endswith("[]")}
    cover_model = Coverage

    def __init__(self, book: Book, today: dt.date) -> None:
        self.book = book
        self.today = today
        self.people = Space("people")
        self.covers = Space("covers")
        self.position = Field(self.covers)
        self.position.values = list(range(64))
        self._fields: dict[tuple[str, int | None, str], Column] = {}
        self._facts: dict[Hashable, Unit] = {}
        self._conditions: dict[Hashable, Unit] = {}
        self._parts: dict[Hashable, Unit] = {}
        self._blocks: dict[Hashable, Block] = {}
        self._block_lists = {id(c): b for b in _criteria_lists(book) for c in b[0]}

    def all_units(self) -> Iterator[Unit]:
        for group in (self._facts, self._conditions, self._parts):
            yield from group.values()

    # --- answers ---

    def set_field(self, place: str, slot: int | None, space: Space, column: Column) -> None:
        self._fields[(place, slot, space.name)] = column

    def field(self, place: str, slot: int | None, space: Space) -> Column | None:
        """The column of an answer: of the cover seen, else of the person."""
        if space is self.covers and slot is None:
            own = self._fields.get((place, None, "covers"))
            if own is not None:
                return own
        return self._fields.get((place, slot, "people"))

    # --- facts ---

    def fact(self, key: Any, space: Space, treatment: str | None) -> Column:
        fact = key[0] if key.__class__ is tuple else key
        home = space if fact in OF_COVERAGE else self.people
        seen = treatment if fact in OF_TREATMENT else None
        if seen == WITHHELD:
            raise TypeError(f"this part was not to look at the treatment, but asks for {fact}")
        if seen is not None:
            home = space
        name = (key, home.name, seen)
        found = self._facts.get(name)
        if found is None:
            make = BULK.get(fact, FactUnit)
            found = self._facts[name] = make(
                self, home, self._fact_function(key, fact), bare_reading, seen, keeps=True
            )
        return found

    def _fact_function(self, key: Any, fact: str) -> Callable[[Watched], Any]:
        if key.__class__ is tuple:
            return lambda facts: COUNTED[fact](facts, key[1])
        derived = DERIVED.get(fact)
        return derived if derived is not None else lambda facts: facts.direct(fact)

    # --- conditions ---

    def condition(
        self,
        condition: Any,
        key_of: Any,
        trial: TrialStandard | None,
        space: Space,
        treatment: str | None,
    ) -> Unit:
        read = facts_read(condition)
        home = space if read & OF_COVERAGE else self.people
        seen = treatment if read & OF_TREATMENT else None
        if seen == WITHHELD:
            raise TypeError("this part was not to look at the treatment")
        home = space if seen is not None else home
        name = (id(condition), trial, home.name, seen)
        found = self._conditions.get(name)
        if found is None:
            test = self.book.test(condition, key_of, trial)
            found = self._conditions[name] = Unit(self, home, test, _verdict_token, seen)
        return found

    def block(
        self, condition: Any, key_of: Any, trial: TrialStandard | None, facts: Watched
    ) -> Block | None:
        """The list of criteria to which one belongs, seen as one: how it weighs on an outlook."""
        listed = self._block_lists.get(id(condition))
        if listed is None:
            return None
        criteria, excludes = listed
        name = (id(criteria[0]), trial, facts.space.name, facts.treatment)
        found = self._blocks.get(name)
        if found is None:
            members = [
                (self.condition(c, key_of, trial, facts.space, facts.treatment), c)
                for c in criteria
            ]
            found = self._blocks[name] = Block(self, facts.space, members, excludes)
        return found

    # --- parts of the engine ---

    def part(
        self,
        function: Callable[..., Any],
        rest: tuple[Any, ...],
        space: Space,
        treatment: str | None,
    ) -> Unit:
        if function.__name__ in WITHOUT_TREATMENT and treatment is not None:
            treatment = WITHHELD
        name = (function, _key(rest), space.name, treatment)
        found = self._parts.get(name)
        if found is None:
            found = self._parts[name] = Unit(
                self,
                space,
                lambda facts: _settle(function(facts, *rest)),
                _part_token,
                treatment,
                keeps=function.__name__ in ASKED_OFTEN,
            )
        return found

    def own(
        self,
        name: Hashable,
        function: Callable[[Watched], Any],
        space: Space,
        treatment: str | None = None,
        blocks: bool = True,
        told: Callable[[Any], tuple[Hashable, Any]] | None = None,
    ) -> Unit:
        """A part that the table asks for itself."""
        key = ("own", name, space.name, treatment)
        found = self._parts.get(key)
        if found is None:
            found = self._parts[key] = Unit(
                self, space, function, told or _part_token, treatment, blocks
            )
        return found

    @staticmethod
    def coarse(column: Unit) -> View:
        """How another part looks at a part's outcome: of last days, only what they lead to."""
        return column.view("coarse", lambda c: _coarse(column.values[c]))


def _coarse(value: Any) -> Hashable:
    if isinstance(value, LevelDays):
        return (bool(value.days), value.late, value.needs, value.keep is not None, value.ahead)
    return token(value)


def _settle(outcome: Any) -> Any:
    """What a generator gives, all of it."""
    return tuple(outcome) if isinstance(outcome, Iterator) else outcome


def _part_token(outcome: Any) -> tuple[Hashable, Any]:
    return token(outcome), outcome


def _key(value: Any) -> Hashable:
    """Arguments as a key: records by their identity, since there is one of each."""
    if isinstance(value, tuple):
        return tuple(_key(v) for v in value)
    return ("record", id(value)) if isinstance(value, Record) else (value.__class__, value)


def _verdict_token(verdict: Verdict) -> tuple[Hashable, Verdict]:
    bare = _without_answers(verdict)
    return verdict_shape(bare), bare


def _without_answers(verdict: Verdict) -> Verdict:
    parts = tuple(_without_answers(p) for p in verdict.parts)
    return Verdict(verdict.value, verdict.node, None, parts)


def verdict_shape(verdict: Verdict) -> Hashable:
    return (verdict.value, tuple(verdict_shape(p) for p in verdict.parts))


# --- criteria taken together ---------------------------------------------------------------------


def _criteria_lists(book: Book) -> Iterator[tuple[tuple[Criterion, ...], bool]]:
    """Every list of criteria of the rule book, and whether its criteria rule out when met."""
    policies = [p for payer in book.payers.values() for p in payer.policies]
    policies += [p for program in book.programs.values() for p in program.policies]
    policies += [p for s in book.states.values() if s.medicaid for p in s.medicaid.policies]
    for policy in policies:
        yield policy.criteria, False
        for alternative in policy.alternatives:
            yield alternative.criteria, False
    for uses in book.label_uses.values():
        for use in uses:
            yield use.criteria, False
    for way in (*book.routes.values(), *book.ways.values()):
        yield way.requires, False
        yield way.excluded_by, True
        yield way.better_if, False


class Block(Column):
    """How a list of criteria weighs on an outlook, all together.

    `judge.outlook` asks of its criteria whether any rules the path out, else whether any is not
    met yet, else whether any is open; so the worst of them stands for the whole list.
    """

    def __init__(
        self, units: Units, space: Space, members: list[tuple[Unit, Criterion]], excludes: bool
    ) -> None:
        super().__init__(space)
        self.values = list(WORST)
        self._units = units
        self._members = members
        self._excludes = excludes
        self._tables: list[list[int]] = [[] for _ in members]
        self._arrays: list[Codes] = [np.zeros(0, dtype=np.int32) for _ in members]

    def _bits(self, which: int, code: int) -> int:
        unit, criterion = self._members[which]
        table = self._tables[which]
        while len(table) < len(unit.values):
            table.append(
                weight(self._units.book, criterion, unit.values[len(table)], self._excludes)
            )
        return table[code]

    def codes(self, rows: Rows) -> Codes:
        found: Codes = np.zeros(len(rows), dtype=np.int32)
        for which, (unit, _) in enumerate(self._members):
            lift = unit.space is not self.space and self.space.up is not None
            codes = unit.codes(self.space.up[rows] if lift and self.space.up is not None else rows)
            if len(self._arrays[which]) < len(unit.values):
                self._bits(which, len(unit.values) - 1)
                self._arrays[which] = np.array(self._tables[which], dtype=np.int32)
            found |= self._arrays[which][codes]
        return _WORST_OF[found]

    def code_at(self, row: int) -> int:
        found = 0
        for which, (unit, _) in enumerate(self._members):
            lift = unit.space is not self.space and self.space.up is not None
            place = int(self.space.up[row]) if lift and self.space.up is not None else row
            found |= self._bits(which, unit.code_at(place))
        return int(_WORST_OF[found])


class _Known:
    """Facts of which only one condition's verdict is known: for judging one criterion."""

    def __init__(self, book: Book, verdict: Verdict) -> None:
        self.book = self
        self.facts = book.facts
        self._verdict = verdict

    def test(self, *_: Any) -> Callable[[Any], Verdict]:
        return lambda facts: self._verdict


def weight(book: Book, criterion: Criterion, verdict: Verdict, excludes: bool) -> int:
    """How one criterion weighs on an outlook."""
    known: Any = _Known(book, verdict)
    (judged,) = judge_criteria(known, (criterion,), "", NO_STANDARD, excludes)
    if judged.value is None:
        return OPEN
    if judged.value is True:
        return 0
    return NOT_YET if judged.changeable else RULED_OUT


# --- numbers computed for many rows at once ------------------------------------------------------


class PercentUnit(FactUnit):
    """A percentage of two amounts, of which hardly two rows give the same.

    Where all its answers are given it is computed row by row with the fact's own formula;
    every other row is evaluated as any fact is.
    """

    fields: tuple[str, ...] = ()

    def percentages(self, known: list[tuple[Any, ...]]) -> list[float | None]:
        raise NotImplementedError

    def codes(self, rows: Rows) -> Codes:
        now = self.now
        todo = rows[now[rows] < 0]
        columns = [self.units.field(f, None, self.space) for f in self.fields]
        if len(todo) and all(c is not None for c in columns):
            codes = [c.codes(todo) for c in columns if c is not None]
            blank = [
                c.values.index(None) if None in c.values else -1 for c in columns if c is not None
            ]
            given = np.all([c != b for c, b in zip(codes, blank, strict=True)], axis=0)
            todo = todo[given]
            values = [
                list(map(c.values.__getitem__, k[given].tolist()))
                for c, k in zip(columns, codes, strict=True)
                if c is not None
            ]
            for row, percent in zip(
                todo.tolist(), self.percentages(list(zip(*values, strict=False))), strict=True
            ):
                if percent is not None:
                    now[row] = self.intern((float, None, percent, ()), (percent, ()))
        return super().codes(rows)


class PovertyUnit(PercentUnit):
    fields = ("annual_income", "household_size", "state")
    percent = staticmethod(percent_of_poverty)

    def guideline(self, state: str) -> PovertyGuideline | None:
        found: PovertyGuideline | None = self.units.book.poverty_guideline(state, self.units.today)
        return found

    def percentages(self, known: list[tuple[Any, ...]]) -> list[float | None]:
        guideline = {state: self.guideline(state) for state in {k[2] for k in known}}
        return [
            None if line is None else self.percent(income, size, line)
            for income, size, state in known
            for line in (guideline[state],)
        ]


class CreditUnit(PovertyUnit):
    percent = staticmethod(credit_percent)

    def guideline(self, state: str) -> PovertyGuideline | None:
        found: PovertyGuideline | None = self.units.book.tax_credit_guideline(
            state, self.units.today
        )
        return found


class SpendingUnit(PercentUnit):
    fields = ("money.medical_spending", "annual_income")

    def percentages(self, known: list[tuple[Any, ...]]) -> list[float | None]:
        return [percent_of_income(spent, income) for spent, income in known]


BULK: dict[str, type[FactUnit]] = {
    "income_percent_of_poverty": PovertyUnit,
    "income_percent_for_tax_credit": CreditUnit,
    "medical_spending_percent_of_income": SpendingUnit,
}

__all__ = ["Units", "token", "weight"]
