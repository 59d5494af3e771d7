"""Two cells of one row that cannot both be true, such as a letter that came before its date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from rules.case_dates import IN_ORDER, Disorder, out_of_order

from .cells import CellFault
from .columns import Header, several_of
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
    found = [(place, slot) for place, slot in codes if place in PLACES]
    if len(found) < 2:
        return
    sets = np.stack([codes[key] for key in found])
    distinct, back = np.unique(sets, axis=1, return_inverse=True)
    places = [(place_in_case(*key), values[key[0]]) for key in found]
    for number, own in enumerate(distinct.T.tolist()):
        told = {
            place: meant[code] for (place, meant), code in zip(places, own, strict=True) if code
        }
        faults = [f for broken in out_of_order(told, today) for f in _faults(broken, told, titles)]
        for row in np.flatnonzero(back.reshape(-1) == number).tolist() if faults else ():
            yield from ((row, fault) for fault in faults)


def _faults(
    broken: Disorder, told: Mapping[str, object], titles: Mapping[str, str]
) -> Iterator[CellFault]:
    """A fault for each of two dates: nobody knows which one is wrong."""
    for place, other in ((broken.earlier, broken.later), (broken.later, broken.earlier)):
        if place != "age":
            message = broken.pair.against(titles[other], str(told[other]))
            text = say("faults", "other", column=titles[place], value=told[place], message=message)
            yield CellFault(titles[place], str(told[place]), text)


def titles_of(header: Header) -> dict[str, str]:
    """The name of each place's column in a table."""
    return {place_in_case(t.column.place, t.slot): t.title for t in header.targets if t is not None}


def place_in_case(place: str, slot: int | None) -> str:
    """A column's place in a case, where none of several is left out."""
    several = several_of(place)
    return place if several is None else place.replace("[]", f"[{several.at(slot)}]")
