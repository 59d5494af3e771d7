"""Last days as a calendar file (iCalendar, RFC 5545), with reminders."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from icalendar import Alarm, Calendar, Event

from ..case import Case
from ..engine.dates import working_day_on_or_before
from ..messages import phrase
from ..result import PathShown, Result
from .windows import first_sentence

REMIND_DAYS_BEFORE = (14, 3, 1)


class CalendarDay(NamedTuple):
    """A day for the calendar: the day to act on, what it is, and how it was counted."""

    id: str
    day: dt.date
    title: str
    text: str


def days_of(case: Case, result: Result) -> list[CalendarDay]:
    """Every day that a person should not miss, earliest first; days that have passed are left out."""
    found = [*_deadlines(result), *_authorization(case), *_windows(result)]
    return sorted(
        {d.id: d for d in found if d.day >= result.today}.values(), key=lambda d: (d.day, d.id)
    )


def _deadlines(result: Result) -> Iterator[CalendarDay]:
    for path in result.paths:
        for deadline in path.deadlines:
            treatment = phrase("treatment", path.treatment)
            kind = "urgent" if deadline.urgent else deadline.kind
            title = phrase("calendar", kind, name=path.name, treatment=treatment)
            text = " ".join(
                (deadline.text, phrase("calendar", "counted", start=deadline.counted_from))
            )
            if deadline.other_readings:
                text += " " + phrase("calendar", "others", days="; ".join(deadline.other_readings))
            yield CalendarDay(
                f"{path.id}.{deadline.id}", deadline.act_by, title, _with_steps(path, text)
            )


def _with_steps(path: PathShown, text: str) -> str:
    steps = [s.text for s in path.next_steps if s.stage in ("records", "request", "appeal")][:4]
    return "\n".join((text, *(f"- {s}" for s in steps), phrase("calendar", "notice_rules")))


def _authorization(case: Case) -> Iterator[CalendarDay]:
    end = case.authorization.end if case.authorization else None
    if end is None:
        return
    last = working_day_on_or_before(end)
    yield CalendarDay(
        "authorization.end", last, phrase("calendar", "approval_ends"), phrase("calendar", "renew")
    )


def _windows(result: Result) -> Iterator[CalendarDay]:
    """The day on which a window closes, and the one on which it opens where that lies ahead."""
    for window in result.windows:
        for kind, day in (("opens", window.opens), ("closes", window.closes)):
            if day is not None:
                title = phrase("calendar", kind, text=first_sentence(window))
                yield CalendarDay(f"{window.id}.{kind}", day, title, window.text)


def calendar_file(case: Case, result: Result) -> bytes:
    """An `.ics` file that the common calendar programs read. All-day events; no personal data."""
    calendar = Calendar()
    calendar.add("prodid", "-//KetaPath//rules//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    stamp = dt.datetime.combine(result.today, dt.time(), tzinfo=dt.UTC)
    for day in days_of(case, result):
        calendar.add_component(_event(day, stamp))
    content: bytes = calendar.to_ical()
    return content


def _event(day: CalendarDay, stamp: dt.datetime) -> Event:
    event = Event()
    event.add("uid", hashlib.sha256(f"{day.id}|{day.day}".encode()).hexdigest()[:32] + "@ketapath")
    event.add("dtstamp", stamp)
    event.add("summary", day.title)
    event.add("description", day.text)
    event.add("dtstart", day.day)
    event.add("dtend", day.day + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    for before in REMIND_DAYS_BEFORE:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", day.title)
        alarm.add("trigger", dt.timedelta(days=-before, hours=9))
        event.add_component(alarm)
    return event
