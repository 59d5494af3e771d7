"""Which windows speak to a person, and when each opens and closes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..facts.context import Facts
from ..facts.income import lost_coverage
from ..facts.situation import month_of_65
from ..schema.state_coverage import Exchange
from ..schema.windows import CountedFrom, Days, Window

NO_DAYS = Days(None, None)


class WindowFound(NamedTuple):
    """A window that is open or opens soon. `event` is the day from which it is counted.

    `dated` is false where the day to count from is not known; it stands in `missing`.
    """

    record: Window
    coverage: int | None
    days: Days
    event: dt.date | None
    source: str
    dated: bool = True
    missing: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.record.id if self.coverage is None else f"{self.record.id}.{self.coverage}"


def windows_of(root: Facts) -> Iterator[WindowFound]:
    """The windows that surely speak to a person and are not over, in the order of the records."""
    for record in root.book.windows.values():
        for view in _views(root, record):
            if record.applies_when is None or view.test(record.applies_when).value is True:
                found = _found(view, record)
                if found is not None and _told_on(found, root.today):
                    yield found


def _views(root: Facts, record: Window) -> Iterator[Facts]:
    if record.per == "person":
        yield root
        return
    for i in range(len(root.case.coverages or ())):
        yield root.for_coverage(i)


def _found(view: Facts, record: Window) -> WindowFound | None:
    source = record.source
    if record.yearly is not None:
        return WindowFound(record, view.index, record.yearly.next_on(view.today), None, source)
    if record.in_force is not None:
        days = Days(record.in_force.start, record.in_force.end)
        return WindowFound(record, view.index, days, None, source)
    if record.exchange is not None:
        exchange = exchange_of(view)
        found = _exchange_days(exchange, record.exchange) if exchange is not None else None
        if exchange is None or found is None:
            return None
        return WindowFound(record, view.index, found, None, exchange.source)
    if record.counted is None:
        return WindowFound(record, view.index, NO_DAYS, None, source, dated=False)
    event = _EVENTS[record.counted.counted_from](view)
    if event is not None:
        return WindowFound(record, view.index, record.counted.on(event), event, source)
    if record.undated_when is None or view.test(record.undated_when).value is not True:
        return None
    missing = _ASKED.get(record.counted.counted_from, ())
    return WindowFound(record, view.index, NO_DAYS, None, source, dated=False, missing=missing)


def _told_on(found: WindowFound, today: dt.date) -> bool:
    """Whether a window is open, or opens soon enough to be told."""
    first, last = found.days
    over = first if found.record.ends_at == "first" else last
    if over is not None and (over < today or (over == today and found.record.ends_at == "first")):
        return False
    return first is None or (first - today).days <= found.record.days_ahead


def exchange_of(facts: Facts) -> Exchange | None:
    """The Marketplace of the person's state; None where there is none, or it is not known."""
    state = facts.book.states.get(facts.case.state or "")
    exchange = state.exchange if state is not None else None
    return None if exchange is None or exchange.platform == "none" else exchange


def _exchange_days(exchange: Exchange, which: str) -> Days | None:
    """The days to the safe last one, or to the last one where that is later."""
    last = exchange.open_enrollment_end
    safe = exchange.conservative_days_by or last
    if which == "for_january":
        return None if safe is None else Days(exchange.open_enrollment_start, safe)
    return None if last == safe else Days(exchange.open_enrollment_start, last)


def _coverage_starts(facts: Facts) -> dt.date | None:
    return facts.coverage.starts if facts.coverage is not None else None


def _coverage_ends(facts: Facts) -> dt.date | None:
    return facts.coverage.ends if facts.coverage is not None else None


def _loss_of_coverage(facts: Facts) -> dt.date | None:
    day: dt.date | None = lost_coverage(facts).value
    return day


_EVENTS: dict[CountedFrom, Callable[[Facts], dt.date | None]] = {
    "turning_65": month_of_65,
    "loss_of_coverage": _loss_of_coverage,
    "lost_coverage_date": lambda facts: facts.case.lost_coverage_date,
    "coverage_starts": _coverage_starts,
    "coverage_ends": _coverage_ends,
}
# The answers that would tell the day to count from.
_ASKED: dict[CountedFrom, tuple[str, ...]] = {"turning_65": ("birth_month",)}
