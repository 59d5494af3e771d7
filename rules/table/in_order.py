"""Two cells of one row that cannot both be true, such as a letter that came before its date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rules.case import IN_ORDER, first_day

from .cells import CellFault
from .columns import Header
from .text import say
from .trace import Codes


def clashes(
    codes: Mapping[tuple[str, int | None], Codes],
    values: Mapping[str, Sequence[Any]],
    titles: Mapping[str, str],
    today: dt.date,
) -> Iterator[tuple[int, CellFault]]:
    """A row and a fault for each of its cells that cannot be true beside another one.

    `codes` holds for each place the rows' codes (below 0: not known), `values` what they stand
    for, `titles` the columns' names.
    """
    for pair in IN_ORDER:
        places = (pair.earlier, pair.later)
        if any((place, None) not in codes for place in places):
            continue
        own = [codes[(place, None)] for place in places]
        days = [_days(place, values[place], today)[c] for place, c in zip(places, own, strict=True)]
        for row in np.flatnonzero(days[1] < days[0]).tolist():
            told = [str(values[place][c[row]]) for place, c in zip(places, own, strict=True)]
            for n, place in enumerate(places):
                if place != "age":
                    other = titles[places[1 - n]]
                    message = pair.against(other, told[1 - n])
                    text = say(
                        "faults", "other", column=titles[place], value=told[n], message=message
                    )
                    yield row, CellFault(titles[place], told[n], text)


def titles_of(header: Header) -> dict[str, str]:
    """The name of each place's column in a table."""
    return {t.column.place: t.title for t in header.targets if t is not None}


def _days(place: str, values: Sequence[Any], today: dt.date) -> npt.NDArray[np.float64]:
    """The day of each value as a number; not a number where there is none, and at the end."""
    days = [first_day(place, v, today) for v in values]
    return np.array([np.nan if d is None else float(d.toordinal()) for d in days] + [np.nan])
