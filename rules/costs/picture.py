"""The cost picture of a case: every sum with what it rests on, as lines, table and chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import product

from rules.case import Case
from rules.facts.context import Facts
from rules.result import Result
from rules.rule_book import Book

from .assumptions import Assumption, Assumptions, Setting, build
from .catalogue import Figure, catalogue, figures
from .next_year import ComingYear, coming_year
from .options import CLOSED, Option, main_treatment, options_of, setting_of
from .pick import Measured, measure
from .recipes import PERIODS, YOU_PAY, Period, Recipe

MOST_SHARED = 6  # assumptions that two options share: their corners are tried one by one


@dataclass(frozen=True)
class Line:
    """One sum. `low` and `high` are None while something in `needs` is not known."""

    option: str
    kind: str
    treatment: str
    cover: int | None
    paths: tuple[str, ...]
    outlook: str | None
    what: str
    period: Period
    low: Decimal | None
    high: Decimal | None
    exact: bool
    uses: tuple[str, ...]
    needs: tuple[str, ...]
    formula: str | None
    taken: tuple[str, ...] = ()  # of `uses`, the numbers that went into the sum

    @property
    def key(self) -> tuple[str, str, str]:
        return self.option, self.what, self.period


@dataclass(frozen=True)
class CostCell:
    """What one way of paying costs in one period."""

    low: Decimal | None
    high: Decimal | None
    exact: bool
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRow:
    """A row of the table: one way of paying, a cell for each period that it has."""

    option: str
    kind: str
    treatment: str
    cover: int | None
    paths: tuple[str, ...]
    outlook: str | None
    cells: Mapping[Period, CostCell]
    uses: tuple[str, ...]


@dataclass(frozen=True)
class ChartRow:
    """A bar of the chart: `path` is the first path of the result that ends in this option."""

    path: str | None
    option: str
    kind: str
    treatment: str
    cover: int | None
    period: Period
    low: Decimal
    high: Decimal
    exact: bool


@dataclass(frozen=True)
class Disagreement:
    """Published figures that do not fit each other, all of them shown; the reason stands in words."""

    id: str
    treatment: str
    slot: str  # the assumption that takes one of them
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class NoSum:
    """A path whose cost is told in words only."""

    path: str
    name: str
    says: str


@dataclass(frozen=True)
class CostPicture:
    """What a case's paths cost on one day, under one set of assumptions."""

    today: dt.date
    main: str
    assumptions: Assumptions
    options: tuple[Option, ...]
    lines: tuple[Line, ...]
    disagreements: tuple[Disagreement, ...]
    no_sum: tuple[NoSum, ...]
    no_terms: tuple[int, ...] = ()  # covers that may pay, but of whose shares no figure was found
    cover_kinds: tuple[str | None, ...] = ()  # the kind of each cover of the case
    # Covers of which nobody told whether there is Medigap beside.
    medigap_open: tuple[int, ...] = ()
    _make_coming_year: Callable[[], ComingYear | None] = field(
        default=lambda: None, compare=False, repr=False
    )

    @cached_property
    def coming_year(self) -> ComingYear | None:
        """The coming year, where it is near. Only who tells of it works it out."""
        return self._make_coming_year()

    def shown_assumptions(self, options: Container[str] | None = None) -> list[Assumption]:
        """The assumptions that some line (of these options) rests on, in the catalogue's order.

        One for which another number stands in says so, and not a range that no sum takes.
        """
        lines = [x for x in self.lines if options is None or x.option in options]
        used = {u for x in lines for u in x.uses}
        taken = {u for x in lines for u in (*x.taken, *x.needs)}
        return [
            replace(a, stood_in=a.id not in taken)
            for a in self.assumptions.values() if a.id in used
        ]  # fmt: skip

    def disagreements_of(self, options: Container[str]) -> list[Disagreement]:
        """The published figures that differ, where a sum of these options takes one of them."""
        lines = [x for x in self.lines if x.option in options]
        taken = {(x.treatment, self.assumptions[u].label) for x in lines for u in x.taken}
        return [d for d in self.disagreements if (d.treatment, d.slot) in taken]

    def line(self, option: str, what: str, period: Period) -> Line | None:
        """One line, by its key."""
        return next((x for x in self.lines if x.key == (option, what, period)), None)

    def lines_of_path(self, path: str) -> list[Line]:
        """The lines that belong to a path of the result."""
        return [x for x in self.lines if path in x.paths]

    def to_find_out(self, options: Container[str] | None = None) -> list[str]:
        """Ids of assumptions without which some sum (of these options) cannot be given."""
        lines = [x for x in self.lines if options is None or x.option in options]
        return list(dict.fromkeys(n for line in lines for n in line.needs))

    def baseline(self) -> Option:
        """Paying all of the treatment asked for."""
        return self.options[0]

    def table(self) -> list[TableRow]:
        """A row for each way of paying: first course, first year, each later year."""
        return list(self._rows)

    @cached_property
    def _rows(self) -> tuple[TableRow, ...]:
        return tuple(self._row(o) for o in self.options)

    def _row(self, option: Option) -> TableRow:
        mine = [x for x in self.lines if x.option == option.id]
        paid = {x.period: x for x in mine if x.what == YOU_PAY}
        cells: dict[Period, CostCell] = {}
        for period in PERIODS:
            line = paid.get(period)
            if line is None:
                continue
            cells[period] = CostCell(line.low, line.high, line.exact, line.needs)
        uses = tuple(dict.fromkeys(u for x in mine for u in x.uses))
        return TableRow(
            option.id, option.kind, option.treatment, option.cover, option.paths, option.outlook,
            cells, uses,
        )  # fmt: skip

    def chart(self, period: Period = "first_year") -> list[ChartRow]:
        """A bar for each way of paying that has a sum for the period, cheapest first."""
        bars = [
            ChartRow(
                x.paths[0] if x.paths else None, x.option, x.kind, x.treatment, x.cover, period,
                x.low, x.high, x.exact,
            )
            for x in self.lines
            if x.what == YOU_PAY and x.period == period and x.low is not None and x.high is not None
        ]  # fmt: skip
        return sorted(bars, key=lambda b: (b.high, b.low, b.option))

    def saves(self, option: str, period: Period) -> tuple[Decimal, Decimal] | None:
        """How much less a way costs than paying all of it."""
        return self.difference(option, self.baseline().id, period)

    def difference(self, one: str, other: str, period: Period) -> tuple[Decimal, Decimal] | None:
        """How much less `one` costs than `other` in a period, lowest and highest.

        What both rest on is taken the same for both, so a price that nobody knows does not blur
        a saving that is known. None where one of them has no sum.
        """
        if one == other:
            return None
        first, second = self.recipe(one, period), self.recipe(other, period)
        if first is None or second is None:
            return None
        lines = [self.line(o, YOU_PAY, period) for o in (one, other)]
        taken = [set(x.taken) for x in lines if x is not None and x.low is not None]
        if len(taken) < len(lines):
            return None
        # What was asked for and did not go into a sum cannot blur its difference either.
        open_ones = [i for i in sorted(taken[0] & taken[1]) if self._ends(i)]
        if len(open_ones) > MOST_SHARED:
            open_ones = open_ones[:MOST_SHARED]
        ends = [[(i, fixed(self.assumptions[i], n)) for n in self._ends(i)] for i in open_ones]
        gaps = [self._gap(first, second, dict(corner)) for corner in product(*ends)]
        found = [g for g in gaps if g is not None]
        return (min(g[0] for g in found), max(g[1] for g in found)) if found else None

    def recipe(self, option: str, period: Period) -> Recipe | None:
        found = next((o for o in self.options if o.id == option), None)
        recipes = found.recipes if found is not None else ()
        return next((r for r in recipes if r.what == YOU_PAY and r.period == period), None)

    def _ends(self, ident: str) -> tuple[Decimal, ...]:
        found = self.assumptions[ident]
        if found.low is None or found.high is None or found.low == found.high:
            return ()
        return found.low, found.high

    def _gap(
        self, one: Recipe, other: Recipe, fixed: Mapping[str, Assumption]
    ) -> tuple[Decimal, Decimal] | None:
        numbers = {**self.assumptions, **fixed}
        a, b = measure(one.total, numbers), measure(other.total, numbers)
        if a.low is None or a.high is None or b.low is None or b.high is None:
            return None
        return b.low - a.high, b.high - a.low


def fixed(assumption: Assumption, number: Decimal) -> Assumption:
    """An assumption held at one end of its range; still nobody's own number."""
    return replace(assumption, value=number, low=number, high=number)


def estimate(
    case: Case,
    result: Result,
    book: Book,
    today: dt.date,
    overrides: Mapping[str, Decimal] | None = None,
) -> CostPicture:
    """What the paths of a result cost, by treatment and year.

    `overrides` are the person's own numbers by assumption id; each changes only the lines that
    list it in `uses`. Raises OverrideError for an id that there is not or a number out of bounds.
    """
    root = Facts(case, book, today)
    setting = setting_of(case, result, root)
    assumptions = build(setting, overrides or {})
    options = tuple(options_of(case, result, root, setting))
    lines = tuple(line for o in options for line in _lines(o, assumptions))
    return CostPicture(
        today=today,
        main=main_treatment(case),
        assumptions=assumptions,
        options=options,
        lines=lines,
        disagreements=tuple(_disagreements(setting, lines, assumptions)),
        no_sum=tuple(_without_sum(result, options)),
        no_terms=tuple(_without_terms(result, {c.index for c in setting.covers})),
        cover_kinds=tuple(c.kind for c in case.coverages or ()),
        medigap_open=tuple(c.index for c in setting.covers if c.medigap is None and not c.qmb),
        _make_coming_year=lambda: coming_year(setting, overrides or {}),
    )


def _lines(option: Option, assumptions: Assumptions) -> Iterator[Line]:
    for recipe in option.recipes:
        found: Measured = measure(recipe.total, assumptions)
        yield Line(
            option.id, option.kind, option.treatment, option.cover, option.paths, option.outlook,
            recipe.what, recipe.period, found.low, found.high, found.exact, found.uses, found.needs,
            recipe.formula, found.taken,
        )  # fmt: skip


def _disagreements(
    setting: Setting, lines: tuple[Line, ...], assumptions: Assumptions
) -> Iterator[Disagreement]:
    """Those whose figures some sum takes from the records (not where the person told the number)."""
    taken = {(x.treatment, assumptions[u]) for x in lines for u in x.taken}
    from_records = {(t, a.label) for t, a in taken if a.origin == "record"}
    for entry in catalogue().disagreements:
        found = figures(setting.book, entry.figures, setting.today)
        if (entry.treatment, entry.slot) in from_records and len(found) > 1 and not setting.pain:
            yield Disagreement(entry.id, entry.treatment, entry.slot, tuple(found))


def _without_terms(result: Result, known: set[int]) -> list[int]:
    paying = {
        p.coverage
        for p in result.paths
        if p.coverage is not None and p.outlook != CLOSED and p.route in catalogue().cover_routes
    }
    return sorted(paying - known)


def _without_sum(result: Result, options: tuple[Option, ...]) -> Iterator[NoSum]:
    summed = {p for o in options for p in o.paths}
    for path in result.paths:
        fits = path.fit != "does_not_fit" and path.outlook != CLOSED
        if path.id not in summed and path.cost_note and fits:
            yield NoSum(path.id, path.name, path.cost_note)
