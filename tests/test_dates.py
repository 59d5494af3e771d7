"""Last days against a calendar counted by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.engine.dates import (
    add_duration,
    is_working_day,
    last_days,
    starting_day,
    working_day_on_or_before,
)
from rules.schema.appeals import Clock, ClockReading

D = dt.date


@pytest.mark.parametrize(
    ("start", "number", "unit", "end"),
    [
        (D(2026, 11, 1), 180, "days", D(2027, 4, 30)),
        (D(2026, 8, 31), 4, "months", D(2026, 12, 31)),
        (D(2026, 10, 31), 4, "months", D(2027, 2, 28)),  # February has no 31st
        (D(2027, 10, 31), 4, "months", D(2028, 2, 29)),  # leap year
        (D(2028, 2, 29), 1, "years", D(2029, 2, 28)),
        (D(2026, 12, 15), 60, "days", D(2027, 2, 13)),
        (D(2026, 3, 1), 2, "weeks", D(2026, 3, 15)),  # across the change to summer time
        (D(2026, 11, 24), 72, "hours", D(2026, 11, 27)),
        (D(2026, 11, 24), 73, "hours", D(2026, 11, 28)),
        (D(2026, 11, 25), 2, "working_days", D(2026, 11, 30)),  # Thanksgiving is not a working day
    ],
)
def test_durations(start: D, number: int, unit: str, end: D) -> None:
    assert add_duration(start, number, unit) == end


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnights"):
        add_duration(D(2026, 1, 1), 1, "fortnights")


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (D(2026, 11, 26), False),  # Thanksgiving
        (D(2026, 11, 27), True),
        (D(2026, 11, 28), False),  # Saturday
        (D(2026, 7, 3), False),  # 4 July 2026 is a Saturday, kept on Friday
        (D(2027, 1, 18), False),  # Martin Luther King Jr. Day
        (D(2026, 12, 24), True),
    ],
)
def test_working_days(day: D, working: bool) -> None:
    assert is_working_day(day) is working


def test_the_working_day_before_a_long_weekend() -> None:
    assert working_day_on_or_before(D(2026, 9, 7)) == D(2026, 9, 4)  # Labor Day, a Monday
    assert working_day_on_or_before(D(2026, 9, 8)) == D(2026, 9, 8)


def reading(**clock: object) -> ClockReading:
    return ClockReading(clock=Clock.model_validate(clock), source="x", confidence="sourced")


NOTICE, RECEIVED = D(2026, 11, 1), D(2026, 11, 9)


@pytest.mark.parametrize(
    ("counted", "notice", "received", "start", "how"),
    [
        ({"counted_from": "notice"}, NOTICE, RECEIVED, NOTICE, "from_notice"),
        ({"counted_from": "receipt"}, NOTICE, RECEIVED, RECEIVED, "from_receipt"),
        ({"counted_from": "receipt"}, NOTICE, None, NOTICE, "from_notice_cautious"),
        ({"counted_from": "receipt", "receipt_presumed_after_days": 5}, NOTICE, None, D(2026, 11, 6),
         "from_receipt_presumed"),
    ],
)  # fmt: skip
def test_the_day_from_which_a_clock_counts(
    counted: dict[str, object], notice: D, received: D | None, start: D, how: str
) -> None:
    found = starting_day(
        Clock.model_validate({"number": 60, "unit": "days", **counted}), notice, received
    )
    assert found is not None
    assert found[:2] == (start, how)


def test_a_clock_without_a_day_gives_none() -> None:
    assert starting_day(Clock(number=60, unit="days", counted_from="notice"), None, None) is None
    assert starting_day(Clock(number=60, unit="days", counted_from="other"), NOTICE, None) is None


def test_where_readings_disagree_the_earliest_leads() -> None:
    found = last_days(
        (
            reading(number=65, unit="days", counted_from="notice"),
            reading(number=60, unit="days", counted_from="notice"),
            reading(unit="days", counted_from="notice", note="the state sets it"),
        ),
        NOTICE,
        None,
    )
    assert [d.date for d in found] == [D(2026, 12, 31), D(2027, 1, 5)]
