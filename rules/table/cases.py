"""From a row to the case that the evaluator takes, and from a result to the row's answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from rules.book import Book, load_rules
from rules.model import Result, plain_field

from .cells import UNINSURED, CellFault, CellReader
from .columns import (
    COVER,
    SCORES,
    Header,
    column_of_place,
    column_order,
    read_header,
    too_many_covers,
)
from .in_order import clashes, titles_of
from .text import say

OUTLOOK_COLUMNS = {
    "paths_likely": "likely",
    "paths_possible": "possible",
    "paths_not_yet": "not_yet",
}
RESULT_COLUMNS = (
    "best_path",
    "best_outlook",
    "missing",
    "next_step",
    "next_deadline",
    "payer_order",
    *OUTLOOK_COLUMNS,
    "safety",
    "error",
)
SEPARATOR = "; "


class RowFault(ValueError):
    """A row that cannot be read; `faults` has one entry for each cell that is at fault."""

    def __init__(self, faults: list[CellFault]) -> None:
        self.faults = faults
        super().__init__(error_text(faults))


class Summary(NamedTuple):
    """What a worklist says of one person: the result, in one row."""

    best_path: str = ""
    best_outlook: str = ""
    missing: str = ""
    next_step: str = ""
    next_deadline: str = ""
    payer_order: str = ""
    paths_likely: str = ""
    paths_possible: str = ""
    paths_not_yet: str = ""
    safety: str = ""
    error: str = ""


def error_text(faults: list[CellFault]) -> str:
    return " ".join(str(f) for f in faults)


# --- row to case ---------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def cell_reader(place: str, book: Book, today: dt.date) -> CellReader:
    return CellReader(column_of_place(book)[place], book, today)


def case_of_row(
    row: Mapping[str, Any], today: dt.date | None = None, book: Book | None = None
) -> dict[str, Any]:
    """The case that one row of a table tells of, as plain data for `evaluate`.

    Raises RowFault naming column, value and the nearest valid one where a cell is not valid.
    """
    rules = book or load_rules()
    day = today or dt.date.today()
    header = read_header(rules, [str(name) for name in row])
    values: dict[tuple[str, int | None], Any] = {}
    faults: list[CellFault] = []
    for cell, target in zip(row.values(), header.targets, strict=True):
        if target is None:
            continue
        text = cell_text(cell)
        if text and too_many_covers(target):
            faults.append(many_covers(target.title))
            continue
        value = cell_reader(target.column.place, rules, day).read(text, target)
        if isinstance(value, CellFault):
            faults.append(value)
        elif value is not None:
            values[(target.column.place, target.slot)] = value
    faults.extend(clashing_cells(values, header, day))
    if faults:
        raise RowFault(faults)
    return build_case(values)


def clashing_cells(
    values: Mapping[tuple[str, int | None], Any], header: Header, today: dt.date
) -> list[CellFault]:
    """The cells of one row that cannot all be true."""
    one = np.ones(1, dtype=np.int32)
    own = {place: [None, value] for (place, slot), value in values.items() if slot is None}
    found = clashes({(place, None): one for place in own}, own, titles_of(header), today)
    return [fault for _, fault in found]


def many_covers(title: str) -> CellFault:
    from rules.model import MOST_COVERAGES

    return CellFault(title, "", say("faults", "many_covers", column=title, most=MOST_COVERAGES))


def cell_text(cell: Any) -> str:
    """A cell as text: a whole number without its `.0`, a day as an ISO date, nothing as ''."""
    if cell is None or cell != cell or cell.__class__.__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.datetime):
        day = cell.date().isoformat()
        return day if cell.time() == dt.time() else f"{day} {cell.time().isoformat()}"
    if isinstance(cell, float) or cell.__class__.__name__.startswith("float"):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(float(cell))
    return str(cell)


def build_case(values: Mapping[tuple[str, int | None], Any]) -> dict[str, Any]:
    """A case from its known values; what nobody said is left out.

    Covers stand in the order of their numbers, whichever numbers were used.
    """
    case: dict[str, Any] = {}
    covers: dict[int, dict[str, Any]] = {}
    uninsured = False
    for (place, slot), value in values.items():
        if place.startswith(COVER):
            if value is UNINSURED:
                uninsured = True
            else:
                covers.setdefault(slot or 1, {})[place.removeprefix(COVER)] = value
        elif place.startswith(SCORES):
            score = {"scale": place.removeprefix(SCORES), "score": value}
            case.setdefault("severity", []).append(score)
        elif "." in place:
            part, name = place.split(".")
            case.setdefault(part, {})[name] = value
        else:
            case[place] = value
    if covers or uninsured:
        case["coverages"] = [covers[slot] for slot in sorted(covers)]
    return case


def used_slots(row: Mapping[str, Any], today: dt.date, book: Book) -> tuple[int, ...]:
    """The numbers of the covers that a row fills in: cover i of its case stands in column number i."""
    header = read_header(book, [str(name) for name in row])
    used = set()
    for cell, target in zip(row.values(), header.targets, strict=True):
        if target is not None and target.slot is not None:
            value = cell_reader(target.column.place, book, today).read(cell_text(cell), target)
            if value is not None and value is not UNINSURED:
                used.add(target.slot)
    return tuple(sorted(used))


# --- result to row --------------------------------------------------------------------------------


def summarise(
    result: Result, slots: tuple[int, ...] | None = None, book: Book | None = None
) -> Summary:
    """A result in one row. `slots` are the column numbers of its covers (else 1, 2, 3 …)."""
    rules = book or load_rules()
    paths = {p.id: p for p in result.paths}
    best = paths.get(result.best or "")
    by_outlook = {
        name: SEPARATOR.join(p.id for p in result.paths if p.outlook == outlook)
        for name, outlook in OUTLOOK_COLUMNS.items()
    }
    days = [d.date.isoformat() for p in result.paths for d in p.deadlines if not d.passed]
    return Summary(
        best_path=best.id if best else "",
        best_outlook=best.outlook if best else "",
        missing=SEPARATOR.join(_missing(result, slots, rules)),
        next_step=best.next_steps[0].text if best and best.next_steps else "",
        next_deadline=min(days, default=""),
        payer_order=order_text([(p.coverage, p.position) for p in result.payer_order], slots),
        safety=SEPARATOR.join(n.id for n in result.safety),
        **by_outlook,
    )


def _missing(result: Result, slots: tuple[int, ...] | None, book: Book) -> list[str]:
    """Columns still open for the best path of a cover; with no cover, for the best path."""
    best = next((p for p in result.paths if p.id == result.best), None)
    if best is not None and best.coverage is None:
        best = next((p for p in result.paths if p.coverage is not None), best)
    open_for = [q.field for q in result.questions if best is not None and best.id in q.matters_for]
    if any(q.field == "coverages" for q in result.questions):
        open_for.append("coverages")
    return field_titles(open_for, slots, book)


def field_titles(fields: list[str], slots: tuple[int, ...] | None, book: Book) -> list[str]:
    """Fields of a case as columns of a table, in the order of the template."""
    order, columns = column_order(book), column_of_place(book)
    found: dict[str, tuple[int, int]] = {}
    for field in fields:
        place, number = plain_field(field), _number(field)
        if field == "coverages":
            place, number = f"{COVER}kind", 0
        if field == "severity":
            place = next((p for p in order if p.startswith(SCORES)), field)
        slot = (
            None
            if number is None
            else (slots[number] if slots and number < len(slots) else number + 1)
        )
        column = columns.get(place)
        title = column.title(slot) if column is not None else field
        found.setdefault(title, (slot or 0, order.get(place, len(order))))
    return sorted(found, key=lambda t: (*found[t], t))


def _number(field: str) -> int | None:
    head, _, rest = field.partition("[")
    return int(rest.partition("]")[0]) if head == "coverages" and rest[:1].isdigit() else None


def order_text(places: list[tuple[int, str]], slots: tuple[int, ...] | None) -> str:
    """Who pays first, in the numbers of the table's covers."""
    return SEPARATOR.join(
        f"coverage_{slots[i] if slots and i < len(slots) else i + 1}: {position}"
        for i, position in places
    )
