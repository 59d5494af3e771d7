"""How the cost picture is read: bars, groups of assumptions, and numbers as people type them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.case import Case
from rules.costs import Assumption, ChartRow, CostPicture, OverrideError, estimate
from rules.costs.assumptions import put
from rules.costs.open_ways import OneSum, one_sum
from rules.costs.picture import TableRow
from rules.costs.recipes import PERIODS, Period
from rules.result import Result
from rules.rule_book import Book

Group = Literal["treatment", "cover", "programme", "tax", "borrowing"]
GROUPS: tuple[Group, ...] = ("treatment", "cover", "programme", "tax", "borrowing")
PROGRAMME = ("card_", "stay_after_rebate")
BORROWING = ("plan_", "loan_", "promo_")
PERSONAL = ("evaluation", "package_discount")  # of the treatment, though it names none
HUNDRED = Decimal(100)
FIRST_SHOWN: Period = "first_year"
THINNEST = 1.5  # percent of the scale: an exact sum is still seen
MARKED = 4.0  # a bar shorter than this would vanish under its mark


@dataclass(frozen=True)
class Bar:
    """A bar of the chart: where it begins and how long it is, in percent of the longest.

    `mark`: where its one likely figure stands; None where only the most can be said, and in a bar so
    short that it is the mark itself.
    """

    row: ChartRow
    left: float
    width: float
    mark: float | None = None


def picture_with(
    case: Case, result: Result, book: Book, today: dt.date, own: Mapping[str, Decimal]
) -> tuple[CostPicture, tuple[str, ...]]:
    """The cost picture with the person's own numbers, and the ids of those that no longer fit.

    An answer that changed can take an assumption away; its number is left out then, not an error.
    """
    try:
        return estimate(case, result, book, today, own), ()
    except OverrideError:
        known = estimate(case, result, book, today).assumptions
    fits = {i: n for i, n in own.items() if i in known and _fits(known[i], n)}
    return estimate(case, result, book, today, fits), tuple(i for i in own if i not in fits)


def _fits(assumption: Assumption, number: Decimal) -> bool:
    try:
        put(assumption, number)
    except OverrideError:
        return False
    return assumption.editable


def bars(
    picture: CostPicture, period: Period, shown: Sequence[TableRow] | None = None
) -> tuple[Bar, ...]:
    """A bar for each way of paying (of `shown`) that has a sum for the period, the cheapest first."""
    rows = picture.chart(period)
    if shown is not None:
        options = {r.option for r in shown}
        rows = [r for r in rows if r.option in options]
    longest = max((r.high for r in rows), default=Decimal(0))
    found = [_bar(r, longest, one_sum(picture, r.option, period)) for r in rows]
    return tuple(sorted(found, key=lambda b: _likely(b, picture, period)))


def _likely(bar: Bar, picture: CostPicture, period: Period) -> Decimal:
    return one_sum(picture, bar.row.option, period).amount or Decimal(0)


def _bar(row: ChartRow, longest: Decimal, likely: OneSum) -> Bar:
    if not longest:
        return Bar(row, 0.0, THINNEST)
    left, right = (float(n / longest * HUNDRED) for n in (row.low, row.high))
    width = max(right - left, THINNEST)
    told = likely.amount if likely.kind == "about" and width >= MARKED else None
    mark = None if told is None else float(told / longest * HUNDRED)
    return Bar(row, min(left, 100 - width), width, mark)


def periods_of(picture: CostPicture) -> tuple[Period, ...]:
    """The times for which some way of paying has a sum."""
    return tuple(p for p in PERIODS if picture.chart(p))


def best_period(picture: CostPicture) -> Period | None:
    """The time to show first: the one for which most ways have a sum; the first year among equals."""
    shown = periods_of(picture)
    return max(shown, key=lambda p: (len(picture.chart(p)), p == FIRST_SHOWN), default=None)


def group_of(assumption: Assumption) -> Group:
    """Where an assumption stands on the screen."""
    if assumption.cover is not None:
        return "cover"
    if assumption.label.startswith(PROGRAMME):
        return "programme"
    if assumption.treatment is not None or assumption.label in PERSONAL:
        return "treatment"
    return "borrowing" if assumption.label.startswith(BORROWING) else "tax"


def as_typed(assumption: Assumption) -> float | None:
    """The number in the units in which people type it (a share as percent); None for a range."""
    return None if assumption.value is None else typed(assumption, assumption.value)


def typed(assumption: Assumption, number: Decimal) -> float:
    """A number of an assumption in the units in which people type it."""
    if number.is_infinite():
        return float(2**53 - 1)
    return float(number * HUNDRED if assumption.unit == "share" else number)


def read(assumption: Assumption, number: float) -> Decimal:
    """A typed number in the units of the sums."""
    exact = Decimal(str(number))
    return exact / HUNDRED if assumption.unit == "share" else exact
