"""Which ways of paying are open to this person, with one figure each, and what an unlikely one costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.result import PathShown, Result

from .formulas import NONE
from .picture import CostPicture, TableRow
from .recipes import YOU_PAY, Period
from .show import DOLLAR, money, words

DEBT = ("payment_plan", "loan", "card")
CLOSED_OR_UPHILL = ("closed", "uphill")


@dataclass(frozen=True)
class OneSum:
    """The one figure of a sum: `about` the middle of a range, `at_most` where its low end says nothing."""

    kind: Literal["exact", "about", "at_most", "open"]
    amount: Decimal | None

    @property
    def text(self) -> str:
        return words("one_sum", self.kind, amount=money((self.amount or NONE).quantize(DOLLAR)))


def open_rows(picture: CostPicture, result: Result) -> list[TableRow]:
    """The ways that are open, paying all of it first, debt last."""
    rows = [r for r in picture.table() if _is_open(r, picture, result)]
    return sorted((r for r in rows if _says_more(r, picture)), key=lambda r: r.kind in DEBT)


def unlikely_rows(picture: CostPicture, result: Result) -> list[TableRow]:
    """What an insurance would leave to pay, where it is unlikely to agree."""
    return [
        r for r in picture.table()
        if r.cover is not None and not _is_open(r, picture, result) and _says_more(r, picture)
    ]  # fmt: skip


def _is_open(row: TableRow, picture: CostPicture, result: Result) -> bool:
    if row.option == picture.baseline().id:
        return True
    return any(_path_is_open(p) for p in result.paths if p.id in row.paths)


def _path_is_open(path: PathShown) -> bool:
    if path.fit is not None:
        return path.fit != "does_not_fit"
    return path.outlook not in CLOSED_OR_UPHILL and not path.contingent


def _says_more(row: TableRow, picture: CostPicture) -> bool:
    """Whether there is a sum, and it says more than that the insurance may pay nothing back."""
    if all(cell.high is None for cell in row.cells.values()):
        return False
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
    not_told = any(not picture.assumptions[i].known for i in line.uses)
    if line.low == NONE or (not_told and line.cover is not None):
        return OneSum("at_most", line.high)
    return OneSum("about", (line.low + line.high) / 2)
