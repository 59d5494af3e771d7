"""Rows as cases: the case that a row tells of, as plain data for the evaluator, or what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

from rules.case import PlainCase, PlainPart
from rules.rule_book import Book
from rules.rule_book_files import load_rules

from .cells import UNINSURED, CellFault
from .columns import COVERS, DENIALS, SCORES, Several, read_header, several_of
from .rows import Key, RowReader
from .text import cell_text


class RowFault(ValueError):
    """A row that cannot be read; `faults` has one entry for each cell that is at fault."""

    def __init__(self, faults: list[CellFault]) -> None:
        self.faults = faults
        super().__init__(error_text(faults))


def error_text(faults: list[CellFault]) -> str:
    return " ".join(str(f) for f in faults)


def build_case(values: Mapping[Key, object]) -> PlainCase:
    """A case from its known values; what nobody said is left out.

    Covers and further denials stand in the order of their numbers, whichever numbers were used.
    """
    case: PlainCase = {}
    parts: dict[str, dict[int, PlainPart]] = {COVERS.part: {}, DENIALS.part: {}}
    uninsured = False
    slots = slots_of(values)
    for (place, slot), told in values.items():
        several, part, name = _placed(place)
        value = _position(told, slots) if name == "coverage" else told
        if value is UNINSURED:
            uninsured = True
        elif several is not None:
            parts[several.part].setdefault(slot or several.first, {})[name] = value
        elif part == SEVERITY:
            case.setdefault(SEVERITY, []).append({"scale": name, "score": value})
        elif part:
            case.setdefault(part, {})[name] = value
        else:
            case[place] = value
    for part, found in parts.items():
        if found or (uninsured and part == COVERS.part):
            case[part] = [found[slot] for slot in sorted(found)]
    return case


SEVERITY = SCORES.rstrip(".")


@lru_cache(maxsize=1_000)
def _placed(place: str) -> tuple[Several | None, str, str]:
    """Where a place stands in a case: of which of several, in which part, under which name."""
    part, _, name = place.rpartition(".")
    return several_of(place), part, name


def _position(number: object, slots: tuple[int, ...]) -> object:
    """Where in the case stands the coverage of a number, which no row names without telling of it."""
    if not isinstance(number, int):
        return number
    return slots.index(number) if number in slots else number - COVERS.first


def slots_of(values: Mapping[Key, object]) -> tuple[int, ...]:
    """The numbers of the covers that are filled in: cover i of the case has column number i."""
    used = {
        slot or COVERS.first
        for (place, slot), value in values.items()
        if _placed(place)[0] is COVERS and value is not UNINSURED
    }
    return tuple(sorted(used))


# --- one row -----------------------------------------------------------------------------------------


def case_of_row(
    row: Mapping[str, object], today: dt.date | None = None, book: Book | None = None
) -> PlainCase:
    """The case that one row of a table tells of, as plain data for `evaluate`.

    Raises RowFault naming column, value and the nearest valid one where a cell is not valid.
    """
    values, faults, _ = _row(row, today, book)
    if faults:
        raise RowFault(faults)
    return build_case(values)


def remarks_of_row(
    row: Mapping[str, object], today: dt.date | None = None, book: Book | None = None
) -> str:
    """What is told of a row whose cells were read otherwise than they stand; '' for nothing."""
    return _row(row, today, book)[2]


def used_slots(row: Mapping[str, object], today: dt.date, book: Book) -> tuple[int, ...]:
    """The numbers of the covers that a row fills in: cover i of its case stands in column number i."""
    return slots_of(_row(row, today, book)[0])


def _row(
    row: Mapping[str, object], today: dt.date | None, book: Book | None
) -> tuple[dict[Key, object], list[CellFault], str]:
    rules = book or load_rules()
    header = read_header(rules, [str(name) for name in row])
    reader = RowReader(header, rules, today or dt.date.today())
    return reader.row({i: cell_text(cell) for i, cell in enumerate(row.values())})
