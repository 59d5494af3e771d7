"""The numbers of the coming year: what starts anew on its first day, and how far a course runs into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from rules.schema.clinical import Dosing

from .assumptions import Assumption, Assumptions, Setting, build
from .catalogue import Figure, catalogue, decimal, figures

WEEK = dt.timedelta(weeks=1)
STARTS_ANEW = {"deductible_left": "yearly_deductible", "out_of_pocket_left": "yearly_limit"}


@dataclass(frozen=True)
class ComingYear:
    """What is told where the year nears its end.

    `numbers` are the assumptions of a course that begins in the new year; `pace` is the number of
    sessions a week of a first course, by treatment.
    """

    year: int
    numbers: Assumptions
    pace: Mapping[str, Decimal]


def coming_year(setting: Setting, overrides: Mapping[str, Decimal]) -> ComingYear | None:
    """The coming year, where its first day is near; None in the months before."""
    first_day = dt.date(setting.today.year + 1, 1, 1)
    if first_day - setting.today > catalogue().new_year_weeks * WEEK:
        return None
    built = build(replace(setting, today=first_day), overrides)
    for covered in setting.covers:
        for left, whole in STARTS_ANEW.items():
            ident, of_year = f"cover{covered.index}.{left}", f"cover{covered.index}.{whole}"
            limit = built[f"cover{covered.index}.yearly_limit"]
            built[ident] = _whole_again(built[ident], built[of_year], limit)
    return ComingYear(first_day.year, built, dict(_paces(setting)))


def _whole_again(left: Assumption, whole: Assumption, limit: Assumption) -> Assumption:
    """What is left on the first day: all of it, known or not less than what was left before."""
    low, high = whole.low, whole.high
    if low is None and left.origin in ("case", "yours"):
        low, high = left.low, limit.high
    if low is not None and high is None:
        low = None
    value = low if low == high else None
    return replace(left, value=value, low=low, high=high, origin=whole.origin, late=whole.late)


def _paces(setting: Setting) -> list[tuple[str, Decimal]]:
    told = setting.case.treatment_status
    own = told.sessions_per_week if told is not None else None
    found = {
        t: _pace(f)
        for t, named in catalogue().sessions_a_week.items()
        for f in figures(setting.book, named, setting.today)
    }
    if own:
        found[setting.main] = decimal(own)
    return list(found.items())


def _pace(found: Figure) -> Decimal:
    """Sessions a week: of a label's schedule as it says, else the number itself."""
    cited = found.cited
    if isinstance(cited, Dosing) and cited.most_a_week is not None:
        return decimal(cited.most_a_week)
    return found.high


def weeks_of(sessions: Decimal, pace: Decimal) -> int:
    """How many weeks a course of so many sessions takes."""
    return int((sessions / pace).to_integral_value(ROUND_CEILING))


def last_start(sessions: Decimal, pace: Decimal, year: int) -> dt.date:
    """The last day on which a course can begin and end in the same year."""
    return dt.date(year + 1, 1, 1) - weeks_of(sessions, pace) * WEEK
