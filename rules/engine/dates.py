"""Clocks and last days.

Where sources disagree each reading is counted and the earliest day leads. Months are calendar
months (a month that is too short ends on its last day). Where the law counts from receipt and
nobody knows the day of receipt, the day is counted from the notice itself unless the law
presumes one: earlier is safer. A last day on a weekend or federal holiday is advised the
working day before, since few of the rules say that it moves on.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

import holidays

from ..schema.appeals import Clock, ClockReading
from ..schema.windows import add_months


class LastDay(NamedTuple):
    """A last day by one reading of the rule. `start` is the day from which it was counted."""

    date: dt.date
    start: dt.date
    counted_from: str  # a key of the phrases under `deadline`
    presumed_days: int | None
    reading: ClockReading


@lru_cache(maxsize=32)
def _federal_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("US", years=year))


def is_working_day(day: dt.date) -> bool:
    """Whether a day is neither a weekend nor a federal holiday (5 USC 6103)."""
    return day.weekday() < 5 and day not in _federal_holidays(day.year)


def working_day_on_or_before(day: dt.date) -> dt.date:
    while not is_working_day(day):
        day -= dt.timedelta(days=1)
    return day


MAIL_DAYS = 10  # what is sent by mail this long before a last day arrives in time


def safe_day(last: dt.date, today: dt.date, days_before: int = 0) -> dt.date:
    """The day to act by: the working day on or before a last day (or some days before it, where a
    request has to have arrived then), or today where that is over."""
    early = working_day_on_or_before(last - dt.timedelta(days=days_before))
    return max(early, min(today, last))


def add_duration(day: dt.date, number: int, unit: str) -> dt.date:
    """`day` plus a duration. Hours round up to whole days. Raises ValueError for an unknown unit."""
    if unit == "days":
        return day + dt.timedelta(days=number)
    if unit == "weeks":
        return day + dt.timedelta(weeks=number)
    if unit == "months":
        return add_months(day, number)
    if unit == "years":
        return add_months(day, 12 * number)
    if unit == "hours":
        return day + dt.timedelta(days=-(-number // 24))
    if unit in ("working_days", "business_days"):
        left = number
        while left > 0:
            day += dt.timedelta(days=1)
            left -= is_working_day(day)
        return day
    raise ValueError(f"unknown unit of time: {unit}")


def starting_day(
    clock: Clock, notice: dt.date | None, received: dt.date | None
) -> tuple[dt.date, str, int | None] | None:
    """The day from which a clock counts, and how it was found; None where it cannot be known.

    A clock that counts from something else (an approval, a bill) has no day here.
    """
    if clock.counted_from == "notice":
        return (notice, "from_notice", None) if notice else None
    if clock.counted_from == "receipt":
        if received is not None:
            return received, "from_receipt", None
        if notice is None:
            return None
        if clock.receipt_presumed_after_days is not None:
            days = clock.receipt_presumed_after_days
            return notice + dt.timedelta(days=days), "from_receipt_presumed", days
        return notice, "from_notice_cautious", None
    return None


def last_days(
    readings: tuple[ClockReading, ...], notice: dt.date | None, received: dt.date | None
) -> list[LastDay]:
    """The last day by every reading that gives one, earliest first."""
    found: list[LastDay] = []
    for reading in readings:
        clock = reading.clock
        if not clock.number or clock.unit is None:
            continue
        start = starting_day(clock, notice, received)
        if start is None:
            continue
        day, how, presumed = start
        end = add_duration(day, clock.number, clock.unit)
        found.append(LastDay(end, day, how, presumed, reading))
    return sorted(found, key=lambda d: d.date)
