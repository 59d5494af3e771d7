"""The cost picture in a few lines: the cheapest open way, three numbers, and what narrows them most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rules.result import Result

from .assumptions import Assumption
from .formulas import ALL, NONE
from .open_ways import is_open, is_sure, likely, one_sum, open_rows
from .options import DEBT
from .pick import measure
from .picture import CostPicture, TableRow, fixed
from .recipes import PERIODS, YOU_PAY, Period
from .show import assumption_label, short_name, words

MOST_ASKED = 2  # more questions than two are not answered


@dataclass(frozen=True)
class InShort:
    """`leads`: the way of the leading answer, where it is open and another one than the cheapest.

    `ask` are ids of the assumptions, or fields of the case, whose answers make its sums narrowest.
    """

    cheapest: TableRow
    leads: TableRow | None
    ask: tuple[str, ...]


def in_short(picture: CostPicture, result: Result) -> InShort:
    """What to say first. Paying all of it oneself is always open, so there is always a way."""
    rows = [
        r for r in open_rows(picture, result) if r.kind not in DEBT and is_sure(r, picture, result)
    ]
    own = next(r for r in picture.table() if r.option == picture.baseline().id)
    cheapest = min(rows, key=lambda r: (likely(r, picture), r.cover is None), default=own)
    leads = next(
        (
            r for r in picture.table()
            if result.best in r.paths and r.option != cheapest.option
            and r.cover is not None and is_open(r, picture, result)
        ),
        None,
    )  # fmt: skip
    asked = (*_narrowing(picture, cheapest), *(_narrowing(picture, leads) if leads else ()))
    if leads is not None and not _has_sum(picture, leads):
        asked = (*_narrowing(picture, leads), *asked)
    return InShort(cheapest, leads, tuple(dict.fromkeys(asked))[:MOST_ASKED])


def in_short_lines(picture: CostPicture, found: InShort) -> list[str]:
    """The same in sentences."""
    return list(_lines(picture, found))


def _lines(picture: CostPicture, found: InShort) -> Iterator[str]:
    own = picture.baseline().id
    known = found.leads is None or _has_sum(picture, found.leads)
    key = "cheapest" if known else "cheapest_known"
    yield words("in_short", key, way=short_name(found.cheapest, True))
    yield words("in_short", "sums", sums=_sums(picture, found.cheapest, PERIODS))
    if found.leads is not None:
        yield _said("leads", picture, found.leads)
    if found.cheapest.option != own:
        yield _said("yourself", picture, next(r for r in picture.table() if r.option == own))
    if found.ask:
        yield words("in_short", "ask", numbers="; ".join(_label(i, picture) for i in found.ask))


def _has_sum(picture: CostPicture, row: TableRow) -> bool:
    return any(one_sum(picture, row.option, p).amount is not None for p in PERIODS)


def _label(ident: str, picture: CostPicture) -> str:
    asked = picture.assumptions.get(ident)
    return words("in_short", "medigap") if asked is None else assumption_label(asked)


def _said(key: str, picture: CostPicture, row: TableRow) -> str:
    sums = _sums(picture, row, ("first_course", "first_year"))
    return words("in_short", key, way=short_name(row, True), sums=sums)


def _sums(picture: CostPicture, row: TableRow, periods: tuple[Period, ...]) -> str:
    found = {p: one_sum(picture, row.option, p) for p in periods}
    told = [words("in_short", p, amount=s.text) for p, s in found.items() if s.amount is not None]
    return ", ".join(told) if told else words("in_short", "no_sum")


# --- what narrows a sum ---------------------------------------------------------------------------


def _narrowing(picture: CostPicture, row: TableRow) -> tuple[str, ...]:
    """The open numbers of a way, the one that leaves the narrowest sum first."""
    shown: Period = "first_year" if "first_year" in row.cells else "first_course"
    line, recipe = picture.line(row.option, YOU_PAY, shown), picture.recipe(row.option, shown)
    if line is None or recipe is None:
        return ()
    if line.low is None or line.high is None:
        return line.needs
    first = (f"coverages[{row.cover}].medigap",) if row.cover in picture.medigap_open else ()
    width, most = line.high - line.low, line.high

    def left(ident: str) -> Decimal:
        """How wide the sum still is, on average, once this number is known."""
        ends = _ends(picture.assumptions[ident], most)
        pinned = [
            {**picture.assumptions, ident: fixed(picture.assumptions[ident], e)} for e in ends
        ]
        found = [measure(recipe.total, numbers) for numbers in pinned]
        widths = [m.high - m.low for m in found if m.low is not None and m.high is not None]
        return sum(widths, NONE) / len(widths) if widths else width

    open_ones = {i: left(i) for i in line.taken if _is_open(picture.assumptions[i])}
    return (
        *first,
        *sorted((i for i in open_ones if open_ones[i] < width), key=lambda i: open_ones[i]),
    )


def _is_open(a: Assumption) -> bool:
    return a.low is None or a.low != a.high


def _ends(a: Assumption, most: Decimal) -> tuple[Decimal, Decimal]:
    if a.low is not None and a.high is not None:
        return a.low, a.high
    return NONE, ALL if a.unit == "share" else most
