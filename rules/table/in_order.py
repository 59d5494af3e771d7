"""Two cells of one row that cannot both be true, such as a letter that came before its date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from rules.case_dates import IN_ORDER, InOrder, out_of_order

from .cells import CellFault
from .columns import Header
from .text import say

PLACES = tuple(dict.fromkeys(place for pair in IN_ORDER for place in (pair.earlier, pair.later)))


def clashes(
    codes: Mapping[tuple[str, int | None], npt.NDArray[np.int32]],
    values: Mapping[str, Sequence[object]],
    titles: Mapping[str, str],
    today: dt.date,
) -> Iterator[tuple[int, CellFault]]:
    """A row and a fault for each of its cells that cannot be true beside another one.

    `codes` holds for each place the rows' codes, `values` what they stand for, `titles` the
    columns' names.
    """
    places = [place for place in PLACES if (place, None) in codes]
    if len(places) < 2:
        return
    sets = np.stack([codes[(place, None)] for place in places])
    distinct, back = np.unique(sets, axis=1, return_inverse=True)
    for number, own in enumerate(distinct.T.tolist()):
        told = {place: values[place][code] for place, code in zip(places, own, strict=True)}
        faults = [f for pair, _ in out_of_order(told, today) for f in _faults(pair, told, titles)]
        for row in np.flatnonzero(back.reshape(-1) == number).tolist() if faults else ():
            yield from ((row, fault) for fault in faults)


def _faults(
    pair: InOrder, told: Mapping[str, object], titles: Mapping[str, str]
) -> Iterator[CellFault]:
    """A fault for each of two dates: nobody knows which one is wrong."""
    for place, other in ((pair.earlier, pair.later), (pair.later, pair.earlier)):
        if place != "age":
            message = pair.against(titles[other], str(told[other]))
            text = say("faults", "other", column=titles[place], value=told[place], message=message)
            yield CellFault(titles[place], str(told[place]), text)


def titles_of(header: Header) -> dict[str, str]:
    """The name of each place's column in a table."""
    return {t.column.place: t.title for t in header.targets if t is not None}
