"""Which ways of paying are open to this person, with one figure each; the others are told in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from rules.result import PathShown, Result

from .catalogue import catalogue
from .formulas import NONE
from .options import DEBT
from .picture import CostPicture, TableRow
from .recipes import YOU_PAY, Period
from .show import DOLLAR, money, option_name, span, words

CLOSED_OR_UPHILL = ("closed", "uphill")


@dataclass(frozen=True)
class OneSum:
    """The one figure of a sum: `about` the middle of a range, `at_most` where its low end says nothing."""

    kind: Literal["exact", "about", "at_most", "open"]
    amount: Decimal | None

    @property
    def text(self) -> str:
        return words(
            "one_sum",
            self.kind,
            amount=money((self.amount or NONE).quantize(DOLLAR, ROUND_HALF_UP)),
        )


def path_is_open(path: PathShown) -> bool:
    """Whether a path may well end in this sum: it fits, and its answer may be a yes."""
    if path.fit == "does_not_fit" or path.outlook in CLOSED_OR_UPHILL:
        return False
    return path.fit is not None or not path.contingent


def open_rows(picture: CostPicture, result: Result) -> list[TableRow]:
    """The ways that are open and have a sum, the cheapest first, debt last."""
    rows = [r for r in picture.table() if is_open(r, picture, result) and _has_sum(r, picture)]
    return sorted(rows, key=lambda r: (r.kind in DEBT, likely(r, picture), r.option))


def chart_rows(picture: CostPicture, result: Result) -> list[TableRow]:
    """The few of them that a person compares at a glance."""
    rows = [r for r in open_rows(picture, result) if r.kind not in DEBT and _says_more(r, picture)]
    shown = rows[: catalogue().chart_rows]
    own = [r for r in rows if r.option == picture.baseline().id and r not in shown]
    return [*shown[: catalogue().chart_rows - len(own)], *own]


def read_options(picture: CostPicture, result: Result) -> set[str]:
    """The options whose numbers a person is shown: the open ways, and those that lack a number."""
    lacking = {
        r.option for r in picture.table()
        if r.kind not in DEBT and is_sure(r, picture, result) and not _has_sum(r, picture)
    }  # fmt: skip
    return lacking | {r.option for r in open_rows(picture, result)}


def likely(row: TableRow, picture: CostPicture) -> Decimal:
    """What a way is compared by: its one figure of the first year, else of the first course."""
    sums = (one_sum(picture, row.option, p).amount for p in ("first_year", "first_course"))
    return next((amount for amount in sums if amount is not None), Decimal("Infinity"))


def unlikely_ways(picture: CostPicture, result: Result) -> list[str]:
    """The insurances that are unlikely to agree, in words: no sum of a yes that few people get."""
    return [
        words("unlikely", "way", way=option_name(r.kind, r.treatment, r.cover))
        for r in picture.table()
        if r.kind in ("share", "out_of_network") and not is_open(r, picture, result)
    ]  # fmt: skip


def is_open(row: TableRow, picture: CostPicture, result: Result) -> bool:
    if row.option == picture.baseline().id:
        return True
    return any(path_is_open(p) for p in result.paths if p.id in row.paths)


def is_sure(row: TableRow, picture: CostPicture, result: Result) -> bool:
    """Whether a way is open and known to be this person's: not one that only may fit."""
    if row.option == picture.baseline().id:
        return True
    mine = [p for p in result.paths if p.id in row.paths and path_is_open(p)]
    return any(p.fit in ("fits", None) for p in mine)


def _has_sum(row: TableRow, picture: CostPicture) -> bool:
    """Whether a way has a sum; nobody borrows something between nothing and all."""
    if row.kind in DEBT:
        return one_sum(picture, row.option, "first_course").kind in ("exact", "about")
    return any(cell.high is not None for cell in row.cells.values())


def _says_more(row: TableRow, picture: CostPicture) -> bool:
    """Whether a sum says more than that the insurance may pay nothing back."""
    own = picture.line(f"self.{row.treatment}.self_pay", YOU_PAY, "first_year")
    shown = one_sum(picture, row.option, "first_year")
    if row.cover is None or own is None or own.high is None or shown.amount is None:
        return True
    return shown.kind != "at_most" or shown.amount < own.high


def one_sum(picture: CostPicture, option: str, period: Period) -> OneSum:
    """The figure to say first of a way of paying.

    The middle of a range is likely only where prices make it. Where it is wide because nobody told
    the plan's terms, or may be nothing, only its upper end can be said.
    """
    line = picture.line(option, YOU_PAY, period)
    if line is None or line.low is None or line.high is None:
        return OneSum("open", None)
    if line.low == line.high:
        return OneSum("exact" if line.exact else "about", line.high)
    read = [picture.assumptions[i] for i in line.uses]
    not_told = any(a.blank == "open" and not a.known for a in read)
    if line.low == NONE or (not_told and line.cover is not None):
        return OneSum("at_most", line.high)
    return OneSum("about", (line.low + line.high) / 2)


def amount_of(row: TableRow, period: Period, picture: CostPicture) -> str:
    """The likely figure with its range, the most that it may be, or the sum as it is."""
    cell, one = row.cells[period], one_sum(picture, row.option, period)
    shown = span(cell.low, cell.high, cell.exact)
    if one.kind == "at_most":
        return one.text
    if one.kind != "about" or cell.low == cell.high:
        return shown
    return words("text", "with_range", one=one.text, range=shown)
