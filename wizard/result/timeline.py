"""The dates of a case on one line: where each stands, and what each was counted from.

Pure. The days are the engine's; here they are only laid out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rules.case import Case
from rules.engine.dates import working_day_on_or_before
from rules.report.windows import day_of, first_sentence
from rules.result import AppealShown, DeadlineReading, DeadlineShown, PathShown, Result, WindowShown

MarkKind = Literal[
    "notice", "received", "approved", "today", "opens", "act_by", "answer_due", "last_day", "other_reading", "approval_ends",
    "closes",
]  # fmt: skip
ORDER: tuple[MarkKind, ...] = (
    "notice", "received", "approved", "today", "opens", "act_by", "answer_due", "last_day", "other_reading", "approval_ends",
    "closes",
)  # fmt: skip
TOO_CLOSE = 0.075  # share of the line; closer marks stand one above the other
MOST_MONTHS = 6
MARGIN_DAYS = 3


@dataclass(frozen=True)
class TimelineDay:
    """A last day of a path: the earliest reading leads, the others stand beside it."""

    path: PathShown
    shown: DeadlineShown
    days_left: int

    @property
    def leads(self) -> DeadlineReading:
        return self.shown.readings[0]

    @property
    def others(self) -> tuple[DeadlineReading, ...]:
        return self.shown.readings[1:]

    @property
    def appeal(self) -> AppealShown | None:
        """The level of appeal that the day belongs to."""
        path = self.path
        every = (path.appeal, *(other.appeal for other in path.alternatives))
        named = (a for a in every if a and a.appeal_process == self.shown.appeal_process)
        return next(named, path.appeal)

    @property
    def moved(self) -> bool:
        """Whether the day itself is no working day, so that an earlier one is advised."""
        return self.shown.act_by != self.shown.date


@dataclass(frozen=True)
class Mark:
    """One day on the line. `about` names what it is for: paths, or a window."""

    kind: MarkKind
    day: dt.date
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A mark with its number, its place from left (0 to 1) and its row above the line."""

    mark: Mark
    number: int
    place: float
    row: int


def last_days(result: Result) -> tuple[TimelineDay, ...]:
    """Every last day of the result, the earliest first. Passed ones are among them."""
    found = [
        TimelineDay(p, d, (d.act_by - result.today).days) for p in result.paths for d in p.deadlines
    ]
    return tuple(sorted(found, key=lambda d: (d.shown.act_by, d.path.id)))


def next_window(result: Result) -> tuple[WindowShown, dt.date] | None:
    """The window with the first day to come, and that day; None where none has one."""
    dated = ((window, day_of(window)) for window in result.windows)
    return next(((window, day) for window, day in dated if day is not None), None)


def approval_end(case: Case) -> dt.date | None:
    """The day before which a renewal has to be sent: the approval's last working day."""
    end = case.authorization.end if case.authorization else None
    return working_day_on_or_before(end) if end is not None else None


# --- the line -----------------------------------------------------------------------------------------


def marks(case: Case, result: Result) -> tuple[Mark, ...]:
    """Every day of the case that matters to a date, the earliest first; one mark a kind and day."""
    found: dict[tuple[dt.date, int], list[str]] = {}
    for kind, day, name in _days(case, result):
        about = found.setdefault((day, ORDER.index(kind)), [])
        if name is not None:
            about.append(name)
    return tuple(Mark(ORDER[kind], day, tuple(found[day, kind])) for day, kind in sorted(found))


def _days(case: Case, result: Result) -> Iterator[tuple[MarkKind, dt.date, str | None]]:
    denial, approval = case.denial, case.authorization
    if denial is not None and denial.notice_date is not None:
        yield "notice", denial.notice_date, None
    if denial is not None and denial.received_date is not None:
        yield "received", denial.received_date, None
    if approval is not None and approval.start is not None:
        yield "approved", approval.start, None
    yield "today", result.today, None
    for found in last_days(result):
        kind: MarkKind = "answer_due" if found.shown.kind == "answer_due" else "act_by"
        yield kind, found.shown.act_by, found.path.name
        if found.moved:
            yield "last_day", found.shown.date, found.path.name
        for other in found.others:
            yield "other_reading", other.date, found.path.name
    if approval is not None and approval.end is not None:
        yield "approval_ends", approval.end, None
    for window in result.windows:
        if window.opens is not None:
            yield "opens", window.opens, first_sentence(window)
        if window.closes is not None:
            yield "closes", window.closes, first_sentence(window)


def span_of(found: Sequence[Mark]) -> tuple[dt.date, dt.date]:
    """The first and the last day of the line, with a little room at both ends."""
    room = dt.timedelta(days=max(MARGIN_DAYS, (found[-1].day - found[0].day).days // 20))
    return found[0].day - room, found[-1].day + room


def placed(found: Sequence[Mark]) -> tuple[Placed, ...]:
    """The marks with number and place; those too close to each other stand in rows."""
    if not found:
        return ()
    first, last = span_of(found)
    rows: list[float] = []
    laid: list[Placed] = []
    for number, mark in enumerate(found, 1):
        place = (mark.day - first) / (last - first)
        row = next((r for r, p in enumerate(rows) if place - p >= TOO_CLOSE), len(rows))
        rows[row:] = [place, *rows[row + 1 :]]
        laid.append(Placed(mark, number, place, row))
    return tuple(laid)


def months(found: Sequence[Mark]) -> tuple[tuple[dt.date, float], ...]:
    """The first days of months under the line, with their places; only a few where it is long."""
    first, last = span_of(found)
    starts = []
    day = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    while day <= last:
        starts.append(day)
        day = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    step = -(-len(starts) // MOST_MONTHS) or 1
    return tuple((d, (d - first) / (last - first)) for d in starts[::step])
