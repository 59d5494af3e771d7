"""What the new year does to a course that begins late in the old one, in words and, where they can be said, dollars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from rules.result import Result

from .formulas import NONE
from .next_year import STARTS_ANEW, WEEK, ComingYear, last_start, weeks_of
from .open_ways import is_open
from .pick import Measured, measure
from .picture import CostPicture, TableRow
from .recipes import YOU_PAY, Period
from .show import assumption_label, option_name, span, words

SHARE = "share"
TAXED = ("hsa", "fsa", "tax_deduction")


def new_year_lines(picture: CostPicture, result: Result) -> list[str]:
    """Nothing where the new year is far, or where nothing of this person's starts anew."""
    coming = picture.coming_year
    if coming is None:
        return []
    rows = [r for r in picture.table() if is_open(r, picture, result)]
    renewed = [r for r in rows if r.kind == SHARE and _starts_anew(r, picture)]
    fitting = {p.id for p in result.paths if p.fit == "fits"}
    taxed = [r for r in rows if r.kind in TAXED and not fitting.isdisjoint(r.paths)]
    if not renewed and not taxed:
        return []
    lines = [*_of_course(picture, coming, (renewed or taxed)[0].treatment)]
    if renewed:
        lines.append(words("new_year", "basis", year=picture.today.year))
    for row in renewed:
        lines.extend(_of_share(row, picture, coming))
    lines.extend(_of_taxes({r.kind for r in taxed}, picture, coming))
    lines.extend(_not_found(renewed, {r.kind for r in taxed}, picture, coming))
    return list(dict.fromkeys(lines))


def _starts_anew(row: TableRow, picture: CostPicture) -> bool:
    taken = {u for x in picture.lines if x.option == row.option for u in x.taken}
    return any(f"cover{row.cover}.{left}" in taken for left in STARTS_ANEW)


# --- when the sessions fall -----------------------------------------------------------------------


def _of_course(picture: CostPicture, coming: ComingYear, treatment: str) -> Iterator[str]:
    sessions = picture.assumptions.get(f"{treatment}.sessions")
    pace = coming.pace.get(treatment)
    number = sessions.value if sessions is not None else None
    if not number or not pace:
        yield words("new_year", "runs_over", next=coming.year)
        return
    year = picture.today.year
    last = last_start(number, pace, year)
    many = f"{number.normalize():f}"
    if picture.today <= last:
        yield words(
            "new_year", "fits", number=many, year=year, weeks=weeks_of(number, pace), day=_day(last)
        )
        return
    days = (dt.date(coming.year, 1, 1) - picture.today).days
    here = min(number, (Decimal(days) / WEEK.days * pace).to_integral_value("ROUND_FLOOR"))
    yield words(
        "new_year", "split", number=many, year=year, next=coming.year,
        here=f"{here.normalize():f}", there=f"{(number - here).normalize():f}",
    )  # fmt: skip


def _day(day: dt.date) -> str:
    return f"{day:%B} {day.day}"


# --- an insurance ---------------------------------------------------------------------------------


def _of_share(row: TableRow, picture: CostPicture, coming: ComingYear) -> Iterator[str]:
    """The first course in this year and in the next; then which start costs less over a year."""
    name, year = option_name(row.kind, row.treatment, row.cover), picture.today.year
    now, then = _sum(picture, row, "first_course"), _sum(picture, row, "first_course", coming)
    if _tells_nothing(now) or _tells_nothing(then):
        yield words("new_year", "anew", way=name, next=coming.year)
        return
    yield words(
        "new_year", "course", way=name, year=year, next=coming.year,
        now=_text(now), then=_text(then),
    )  # fmt: skip
    upkeep = _sum(picture, row, "later_year", coming)
    all_then = _sum(picture, row, "first_year", coming)
    if _tells_nothing(upkeep) or _tells_nothing(all_then):
        return
    gaps = [
        (all_then.low or NONE) - (now.low or NONE) - (upkeep.low or NONE),
        (all_then.high or NONE) - (now.high or NONE) - (upkeep.high or NONE),
    ]
    if min(gaps) > 0:
        yield words(
            "new_year", "start_by", amount=_span(gaps), year=year, day=_by(row, picture, coming)
        )
    elif max(gaps) < 0:
        yield words("new_year", "wait", amount=_span([-g for g in gaps]), next=coming.year)


def _by(row: TableRow, picture: CostPicture, coming: ComingYear) -> str:
    number, pace = (
        picture.assumptions[f"{row.treatment}.sessions"].value,
        coming.pace.get(row.treatment),
    )
    year = picture.today.year
    return _day(
        last_start(number, pace, year)
        if number and pace
        else dt.date(coming.year, 1, 1) - dt.timedelta(days=1)
    )


def _sum(
    picture: CostPicture, row: TableRow, period: Period, coming: ComingYear | None = None
) -> Measured:
    recipe = picture.recipe(row.option, period)
    assert recipe is not None, (row.option, YOU_PAY, period)
    if coming is None:
        return measure(recipe.total, picture.assumptions)
    numbers = dict(coming.numbers)
    whole = numbers.get(f"{row.treatment}.first_year_sessions")
    if whole is not None:  # both starts are compared with the same number of upkeep sessions
        numbers[whole.id] = replace(whole, value=None, low=None, high=None)
    return measure(recipe.total, numbers)


def _tells_nothing(found: Measured) -> bool:
    """No sum, or one that may be nothing since the terms of the plan are not known."""
    return found.low is None or (found.low == NONE and found.high != NONE)


def _text(found: Measured) -> str:
    return span(found.low, found.high, found.exact)


def _span(gaps: list[Decimal]) -> str:
    return span(min(gaps), max(gaps), False)


# --- accounts and taxes ---------------------------------------------------------------------------


def _of_taxes(kinds: set[str], picture: CostPicture, coming: ComingYear) -> Iterator[str]:
    for kind in ("hsa", "fsa"):
        limit = coming.numbers[f"{kind}_limit"]
        if kind in kinds and limit.late is None and limit.low is not None:
            amount = span(limit.low, limit.high, limit.exact)
            yield words("new_year", kind, next=coming.year, amount=amount)
    if "tax_deduction" in kinds:
        yield words("new_year", "tax_deduction", year=picture.today.year, next=coming.year)


def _not_found(
    renewed: list[TableRow], kinds: set[str], picture: CostPicture, coming: ComingYear
) -> Iterator[str]:
    """The numbers of the new year that nobody has found yet, all in one sentence."""
    read = {u for x in picture.lines if x.option in {r.option for r in renewed} for u in x.taken}
    read |= {f"{k}_limit" for k in kinds}
    late = [
        a for a in coming.numbers.values()
        if a.id in read and a.late is not None and a.label not in STARTS_ANEW
    ]  # fmt: skip
    if late:
        names = "; ".join(dict.fromkeys(assumption_label(a) for a in late))
        yield words("new_year", "not_found", next=coming.year, names=names)
