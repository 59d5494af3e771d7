"""Dates of a case held against each other and against today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .case import Case, CaseFault, plain_field

# Dates of what has happened. Cover that will end soon, and an approval's dates, may lie ahead.
LIE_BEHIND = (
    "denial.notice_date", "denial.received_date", "severity[].date", "coverages[].start_date",
)  # fmt: skip


def future_dates(case: Case, today: dt.date) -> list[CaseFault]:
    told = dates_told(case)
    return [
        CaseFault(where=where, value=str(day), message=f"this date is after today ({today})")
        for field in LIE_BEHIND
        for where, day in told.items()
        if plain_field(where) == field and isinstance(day, dt.date) and day > today
    ]


class InOrder(NamedTuple):
    """Two dates of a case of which the second cannot come before the first.

    Of an age the first is the day of birth, as early as it may have been.
    """

    earlier: str
    later: str
    key: str  # what both are about: names the words for it
    says: str

    def against(self, other: str, day: object) -> str:
        """What is wrong with one of the dates beside the other, which stands at `other`."""
        return f"{self.says}, and {other} is {day}"


_IN_A_LIFE = (
    "denial.notice_date", "denial.received_date", "severity[].date", "authorization.start",
    "authorization.end", "lost_coverage_date",
)  # fmt: skip

IN_ORDER: tuple[InOrder, ...] = (
    InOrder("denial.notice_date", "denial.received_date", "letter",
            "a letter cannot come before the date that stands on it"),
    InOrder("authorization.start", "authorization.end", "approval",
            "an approval cannot end before it starts"),
    *(InOrder("age", later, "born", "this is before the person was born") for later in _IN_A_LIFE),
)  # fmt: skip


def out_of_order(told: Mapping[str, Any], today: dt.date | None) -> Iterator[tuple[InOrder, str]]:
    """The pairs of answers, by place, that cannot both be true, each with the later one's place."""
    for pair in IN_ORDER:
        first = first_day(pair.earlier, told.get(pair.earlier), today)
        if first is None:
            continue
        for place, value in told.items():
            day = first_day(place, value, today) if plain_field(place) == pair.later else None
            if day is not None and day < first:
                yield pair, place


def first_day(place: str, value: Any, today: dt.date | None) -> dt.date | None:
    """The day that an answer tells; of an age, the earliest day of birth."""
    if value is None or (place == "age" and today is None):
        return None
    if place == "age" and today is not None:
        return dt.date(today.year - int(value) - 1, today.month, min(today.day, 28))
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def dates_told(case: Case) -> dict[str, dt.date | int | None]:
    """The dates of a case by place, and the age, which tells one."""
    told: dict[str, dt.date | int | None] = {
        "age": case.age,
        "lost_coverage_date": case.lost_coverage_date,
    }
    for i, cover in enumerate(case.coverages or ()):
        told[f"coverages[{i}].start_date"] = cover.start_date
    for i, score in enumerate(case.severity or ()):
        told[f"severity[{i}].date"] = score.date
    for part in ("denial", "authorization"):
        for name, value in getattr(case, part) or ():
            if isinstance(value, dt.date):
                told[f"{part}.{name}"] = value
    return told


def clashes(case: Case, today: dt.date | None) -> Iterator[CaseFault]:
    """A fault at each of two dates that cannot both be true: nobody knows which one is wrong."""
    told = dates_told(case)
    for pair, place in out_of_order(told, today):
        first, second = (pair.earlier, told[pair.earlier]), (place, told[place])
        for (where, value), (other, day) in ((first, second), (second, first)):
            if where != "age":
                message = pair.against(other, day)
                yield CaseFault(where=where, value=str(value), message=message, clash=pair.key)
