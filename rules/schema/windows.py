"""Windows: times in which something can be done, by the calendar or counted from a date of the person."""

from __future__ import annotations

import calendar
import datetime as dt
from string import Formatter
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints, model_validator

from .base import Cited, Period, ProgramId, Record, Slug, Words
from .conditions import Condition

MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
DAYS_AHEAD = 120  # how long before its first day a window is told

# The day from which a window is counted.
CountedFrom = Literal[
    "turning_65", "loss_of_coverage", "lost_coverage_date", "coverage_starts", "coverage_ends"
]
# What the text of a window may name.
PLACES = ("opens", "closes", "event", "plan", "exchange", "safe", "month")


class Days(NamedTuple):
    """The first and the last day of a window; None: it is open already, its end is not known."""

    first: dt.date | None
    last: dt.date | None


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class YearlyDays(Record):
    """The same days each year."""

    first: MonthDay = Field(description="The first day, as 10-15 (month and day).")
    last: MonthDay = Field(
        description="The last day, as 12-07. Before the first one: of the next year."
    )

    def next_on(self, today: dt.date) -> Days:
        """The days of the window that is open on a day, or of the next one."""
        return next(d for y in (today.year - 1, today.year, today.year + 1)
                    if (d := self._of(y)).last and d.last >= today)  # fmt: skip

    def _of(self, year: int) -> Days:
        first, last = (dt.date.fromisoformat(f"{year}-{d}") for d in (self.first, self.last))
        return Days(first, last if last >= first else last.replace(year=year + 1))


class CountedDay(Record):
    """A day counted from another one."""

    months: int = Field(default=0, description="Whole months later; below 0: earlier.")
    days: int = Field(default=0, description="Days later; below 0: earlier.")
    at: Literal["day", "month_start", "month_end"] = Field(
        default="day",
        description="`month_start`, `month_end`: the first or the last day of the month counted to.",
    )

    def from_day(self, day: dt.date) -> dt.date:
        found = add_months(day, self.months) + dt.timedelta(days=self.days)
        if self.at == "day":
            return found
        first = found.replace(day=1)
        return first if self.at == "month_start" else add_months(first, 1) - dt.timedelta(days=1)


class CountedDays(Record):
    """Days counted from a date of the person."""

    counted_from: CountedFrom = Field(
        alias="from",
        description="`turning_65`: the first day of the month in which the person turns 65. "
        "`loss_of_coverage`: `lost_coverage_date`, or the day on which all coverage that there is ends.",
    )
    first: CountedDay | None = Field(
        default=None, description="The first day. Left out: it is open before."
    )
    last: CountedDay | None = Field(
        default=None, description="The last day. Left out: its end is not known."
    )

    def on(self, day: dt.date) -> Days:
        return Days(
            self.first.from_day(day) if self.first else None,
            self.last.from_day(day) if self.last else None,
        )


class Window(Cited):
    """A time in which something can be done: enrollment, a rule that ends, a plan that begins.

    Its days stand in at most one of `yearly`, `counted`, `exchange` and `in_force`; in none where
    nobody but the plan knows them.
    """

    id: Slug = Field(description="The window's own name.")
    says: Words = Field(
        description="What can be done, in plain words. Places: {opens} and {closes}, its days; {event}, the day "
        "counted from; {month}, its month; {plan}, the coverage; {exchange}, the state's Marketplace, and {safe}, "
        "its safe day."
    )
    says_undated: Words | None = Field(
        default=None,
        description="What is said where the date to count from is not known. Left out: nothing.",
    )
    undated_when: Condition | None = Field(
        default=None, description="For whom that is said. Left out: for nobody."
    )
    yearly: YearlyDays | None = Field(default=None, description="The same days each year.")
    counted: CountedDays | None = Field(
        default=None, description="Days counted from a date of the person."
    )
    exchange: Literal["for_january", "last"] | None = Field(
        default=None,
        description="From the state's own record of its Marketplace: to the safe day (`for_january`), or to the last "
        "one where it is a later day.",
    )
    in_force: Period | None = Field(default=None, description="From its first to its last day.")
    ends_at: Literal["last", "first"] = Field(
        default="last",
        description="`first`: it begins what does not end, and is told until that day.",
    )
    days_ahead: int = Field(
        default=DAYS_AHEAD, ge=0, description="How many days before its first day it is told."
    )
    per: Literal["person", "coverage"] = Field(
        default="person", description="`coverage`: one window for each coverage that it is about."
    )
    applies_when: Condition | None = Field(
        default=None,
        description="To whom it speaks: only where this surely holds. Left out: everybody.",
    )
    programs: tuple[ProgramId, ...] = Field(
        default=(), description="Programs whose paths rest on it."
    )
    ways: tuple[Slug, ...] = Field(
        default=(), description="Ways to pay that rest on it, by the names of their files."
    )
    own_coverage: bool = Field(
        default=False,
        description="true: it is about the person's own coverage and told whether or not a path rests on it.",
    )

    @model_validator(mode="after")
    def _sound(self) -> Window:
        named = {n for _, n, _, _ in Formatter().parse(self.says) if n is not None}
        if unknown := named - set(PLACES):
            raise ValueError(f"no such place in the text: {', '.join(sorted(unknown))}")
        if (
            sum(x is not None for x in (self.yearly, self.counted, self.exchange, self.in_force))
            > 1
        ):
            raise ValueError("its days stand in one of: yearly, counted, exchange, in_force")
        if (self.says_undated is None) != (self.undated_when is None):
            raise ValueError("says_undated and undated_when stand together")
        return self
