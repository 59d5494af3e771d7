"""From a row to the case that the evaluator takes, and from a result to the row's answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from rules.case import MOST_COVERAGES, plain_field
from rules.result import DeadlineShown, Result
from rules.rule_book import Book
from rules.rule_book_files import load_rules

from .cells import UNINSURED, CellFault
from .columns import COVER, SCORES, column_of_place, column_order
from .text import say

OUTLOOK_COLUMNS = {
    "paths_likely": "likely",
    "paths_possible": "possible",
    "paths_not_yet": "not_yet",
}
ANSWER_COLUMNS = (
    "best_path",
    "best_outlook",
    "missing",
    "next_step",
    "next_deadline",
    "payer_order",
    *OUTLOOK_COLUMNS,
    "safety",
)
RESULT_COLUMNS = (*ANSWER_COLUMNS, "remarks", "error")
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


def many_covers(title: str) -> CellFault:
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
    days = [next_day(d, result.today) for p in result.paths for d in p.deadlines if not d.passed]
    return Summary(
        best_path=best.id if best else "",
        best_outlook=best.outlook if best else "",
        missing=SEPARATOR.join(_missing(result, slots, rules)),
        next_step=result.first_act or "",
        next_deadline=min(days).isoformat() if days else "",
        payer_order=order_text([(p.coverage, p.position) for p in result.payer_order], slots),
        safety=SEPARATOR.join(n.id for n in result.safety),
        **by_outlook,
    )


def next_day(deadline: DeadlineShown, today: dt.date) -> dt.date:
    """The day of a deadline in a worklist: today where it is urgent, or just past and still open."""
    return today if deadline.urgent else max(deadline.date, today)


def _missing(result: Result, slots: tuple[int, ...] | None, book: Book) -> list[str]:
    """Columns still open for the best path of a cover; with no cover, for the best path."""
    best = next((p for p in result.paths if p.id == result.best), None)
    if best is None or best.coverage is None:
        best = next((p for p in result.paths if p.coverage is not None), best)
    open_for = [q.field for q in result.questions if best is not None and best.id in q.matters_for]
    for question in result.questions:
        if question.field == "coverages" or plain_field(question.field) == f"{COVER}kind":
            open_for.append(question.field)
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
