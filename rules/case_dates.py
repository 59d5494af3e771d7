"""Dates of a case held against each other and against today."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from .case import Case, CaseFault, plain_field

# Dates of what has happened. Cover may start or end later, and an approval's dates may lie ahead.
LIE_BEHIND = (
    "denial.notice_date", "denial.received_date", "other_denials[].notice_date",
    "other_denials[].received_date", "severity[].date", "birth_month", "appeal.sent_date",
    "request_sent_date", "treatment_status.date",
)  # fmt: skip


# What a place of a case tells of a day: a date, an age, a month, how many years ago.
Told = dt.date | int | float | str | None


def future_dates(case: Case, today: dt.date) -> list[CaseFault]:
    told = dates_told(case)
    places = _by_field(told)
    return [
        CaseFault(
            where=where, value=str(told[where]), message=f"this date is after today ({today})"
        )
        for field in LIE_BEHIND
        for where in places.get(field, ())
        if _lies_ahead(where, told[where], today)
    ]


def _by_field(told: Mapping[str, Any]) -> dict[str, list[str]]:
    """The places of answers that were told, by their field."""
    found: dict[str, list[str]] = {}
    for place, value in told.items():
        if value is not None:
            found.setdefault(plain_field(place), []).append(place)
    return found


def _lies_ahead(where: str, told: Told, today: dt.date) -> bool:
    day = None if where == "age" else day_told(where, told, today, "first")
    return day is not None and day > today


class InOrder(NamedTuple):
    """Two dates of a case of which the second cannot come before the first.

    An age and a month of birth tell a day only roughly: as the first of two they count as early as
    the birth may have been, as the second as late. Both dates of a coverage are of the same one.
    """

    earlier: str
    later: str
    key: str  # what both are about: names the words for it
    says: str

    def against(self, other: str, day: object) -> str:
        """What is wrong with one of the dates beside the other, which stands at `other`."""
        return f"{self.says}, and {other} is {day}"


YEARS_AGO = "treatments[].years_ago"
_IN_A_LIFE = (
    "denial.notice_date", "denial.received_date", "denial.effective_date",
    "other_denials[].notice_date", "other_denials[].received_date",
    "other_denials[].effective_date", "severity[].date", "authorization.start",
    "authorization.end", "lost_coverage_date", "coverages[].ends", "appeal.sent_date",
    "request_sent_date", "treatment_status.date", YEARS_AGO,
)  # fmt: skip

IN_ORDER: tuple[InOrder, ...] = (
    InOrder("denial.notice_date", "denial.received_date", "letter",
            "a letter cannot come before the date that stands on it"),
    InOrder("other_denials[].notice_date", "other_denials[].received_date", "letter",
            "a letter cannot come before the date that stands on it"),
    InOrder("denial.notice_date", "appeal.sent_date", "appeal",
            "an appeal cannot be sent before the date on the letter"),
    InOrder("treatment_status.date", "denial.effective_date", "course",
            "a treatment cannot stop before its first session"),
    InOrder("authorization.start", "authorization.end", "approval",
            "an approval cannot end before it starts"),
    InOrder("coverages[].starts", "coverages[].ends", "coverage",
            "a coverage cannot end before it starts"),
    InOrder("age", "birth_month", "birth", "this month does not go with the age"),
    InOrder("birth_month", "age", "birth", "this month does not go with the age"),
    *(InOrder(birth, later, "born", "this is before the person was born")
      for birth in ("age", "birth_month") for later in _IN_A_LIFE),
)  # fmt: skip


class Disorder(NamedTuple):
    """A pair that is broken, and the places of its two answers."""

    pair: InOrder
    earlier: str
    later: str


def out_of_order(told: Mapping[str, Any], today: dt.date | None) -> Iterator[Disorder]:
    """The pairs of answers, by place, that cannot both be true."""
    places = _by_field(told)
    for pair in IN_ORDER:
        for earlier in places.get(pair.earlier, ()):
            first = day_told(earlier, told[earlier], today, "first")
            for later in [p for p in places.get(pair.later, ()) if _same(earlier, p)]:
                last = day_told(later, told[later], today, "last")
                if first is not None and last is not None and last < first:
                    yield Disorder(pair, earlier, later)


def _same(one: str, other: str) -> bool:
    """Whether two places are of the same part of the case, where both are of a list."""
    return "[" not in one or one.partition("]")[0] == other.partition("]")[0]


def day_told(
    place: str, value: Any, today: dt.date | None, end: Literal["first", "last"]
) -> dt.date | None:
    """The day that an answer tells; of an age and a month of birth, the first or last possible one."""
    ago = plain_field(place) == YEARS_AGO
    if value is None or (today is None and (ago or place == "age")):
        return None
    if ago and today is not None:
        return dt.date(today.year - int(value), today.month, min(today.day, 28))
    if place == "age" and today is not None:
        years = int(value) + 1 if end == "first" else int(value)
        return dt.date(today.year - years, today.month, min(today.day, 28))
    if place == "birth_month":
        year, month = (int(part) for part in str(value).split("-"))
        return dt.date(year, month, 1 if end == "first" else calendar.monthrange(year, month)[1])
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def dates_told(case: Case) -> dict[str, Told]:
    """The dates of a case by place, with the age and the month of birth, which tell one."""
    told: dict[str, Told] = {
        "age": case.age,
        "birth_month": case.birth_month,
        "lost_coverage_date": case.lost_coverage_date,
        "request_sent_date": case.request_sent_date,
    }
    for i, cover in enumerate(case.coverages or ()):
        told[f"coverages[{i}].starts"] = cover.starts
        told[f"coverages[{i}].ends"] = cover.ends
    for i, score in enumerate(case.severity or ()):
        told[f"severity[{i}].date"] = score.date
    for i, tried in enumerate(case.treatments or ()):
        told[f"treatments[{i}].years_ago"] = tried.years_ago
    parts = {
        name: getattr(case, name)
        for name in ("denial", "appeal", "treatment_status", "authorization")
    }
    parts |= {f"other_denials[{i}]": denial for i, denial in enumerate(case.other_denials or ())}
    for part, held in parts.items():
        for name, value in held or ():
            if isinstance(value, dt.date):
                told[f"{part}.{name}"] = value
    return told


def clashes(case: Case, today: dt.date | None) -> Iterator[CaseFault]:
    """A fault at each of two dates that cannot both be true: nobody knows which one is wrong."""
    told = dates_told(case)
    for pair, earlier, later in out_of_order(told, today):
        first, second = (earlier, told[earlier]), (later, told[later])
        for (where, value), (other, day) in ((first, second), (second, first)):
            if where != "age":
                message = pair.against(other, day)
                yield CaseFault(where=where, value=str(value), message=message, clash=pair.key)
