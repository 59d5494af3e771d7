"""A case in one row of a worklist: the paths of the one evaluator, and from them only what a row tells.

Nothing is decided here. The leading path, its first step, the dates and the order of payers are
those of a result; what a result has beside them (reasons, criteria, what would change it) is not
asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

from rules.case import CaseError, PlainCase, plain_field
from rules.case_reading import read_case
from rules.engine.coordination import payer_order
from rules.engine.find_paths import find_paths
from rules.engine.reading_order import leading_path
from rules.facts.context import Facts
from rules.report.deadlines import show_last_days
from rules.report.next_steps import first_act, steps_of
from rules.report.reasons import reasons_of
from rules.report.safety import safety_notes
from rules.report.what_if import open_fields
from rules.result import DeadlineShown, Result
from rules.rule_book import Book
from rules.rule_book_files import load_rules

from .columns import COVER, SCORES, column_of_place, column_order

OUTLOOK_COLUMNS = {
    "paths_likely": "likely",
    "paths_possible": "possible",
    "paths_not_yet": "not_yet",
}
LONG_COLUMNS = ("case_id", "path", "outlook", "reason", "missing", "next_step", "deadline")
SEPARATOR = "; "
COVERAGES, KIND = "coverages", f"{COVER}kind"
Slots = tuple[int, ...]  # the number in the table of each cover of a case


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
    error: str = ""  # why the case cannot be read; all else is then blank


ANSWER_COLUMNS = Summary._fields[:-1]
RESULT_COLUMNS = (*ANSWER_COLUMNS, "remarks", "error")


class AnyPath(Protocol):
    """A path as evaluated, or as it stands in a result."""

    @property
    def id(self) -> str: ...
    @property
    def coverage(self) -> int | None: ...
    @property
    def outlook(self) -> str: ...


Some = TypeVar("Some", bound=AnyPath)


def summary_of(case: PlainCase, slots: Slots, today: dt.date, book: Book) -> Summary:
    """A case, as plain data, in one row. `slots` are the column numbers of its covers."""
    try:
        told = read_case(case, today)
    except CaseError as error:
        return Summary(error=str(error))
    paths = find_paths(told, today, book)
    root = Facts(told, book, today)
    best = leading_path(paths)
    asked = _asked_of(paths, best)
    fields = open_fields(asked) if asked is not None else []
    if told.coverages is None:
        fields.append(COVERAGES)
    covers = enumerate(told.coverages or ())
    fields.extend(f"{COVERAGES}[{i}].kind" for i, cover in covers if cover.kind is None)
    return _in_one_row(
        paths,
        best,
        missing=field_titles(fields, slots, book),
        next_step=first_act(best, root),
        days=_days((show_last_days(p.candidates, today) for p in paths), today),
        places=[(p.coverage, p.position) for p in payer_order(root)],
        slots=slots,
        safety=[n.id for n in safety_notes(root)],
    )


def summarise(result: Result, slots: Slots | None = None, book: Book | None = None) -> Summary:
    """A result in one row. `slots` are the column numbers of its covers (else 1, 2, 3 …)."""
    best = next((p for p in result.paths if p.id == result.best), None)
    asked = _asked_of(result.paths, best)
    fields = [
        q.field
        for q in result.questions
        if (asked is not None and asked.id in q.matters_for)
        or plain_field(q.field) in (COVERAGES, KIND)
    ]
    return _in_one_row(
        result.paths,
        best,
        missing=field_titles(fields, slots, book or load_rules()),
        next_step=result.first_act,
        days=_days((p.deadlines for p in result.paths), result.today),
        places=[(p.coverage, p.position) for p in result.payer_order],
        slots=slots,
        safety=[n.id for n in result.safety],
    )


def _in_one_row(
    paths: Sequence[AnyPath],
    best: AnyPath | None,
    *,
    missing: list[str],
    next_step: str | None,
    days: list[dt.date],
    places: list[tuple[int, str]],
    slots: Slots | None,
    safety: list[str],
) -> Summary:
    by_outlook = {
        name: SEPARATOR.join(p.id for p in paths if p.outlook == outlook)
        for name, outlook in OUTLOOK_COLUMNS.items()
    }
    return Summary(
        best_path=best.id if best is not None else "",
        best_outlook=best.outlook if best is not None else "",
        missing=SEPARATOR.join(missing),
        next_step=next_step or "",
        next_deadline=min(days).isoformat() if days else "",
        payer_order=_order_text(places, slots),
        safety=SEPARATOR.join(safety),
        **by_outlook,
    )


def _asked_of(paths: Sequence[Some], best: Some | None) -> Some | None:
    """The path whose open answers are told: the best of a cover; with no cover, the best."""
    if best is not None and best.coverage is not None:
        return best
    return next((p for p in paths if p.coverage is not None), best)


def _days(shown: Iterable[Iterable[DeadlineShown]], today: dt.date) -> list[dt.date]:
    """The days ahead, as a worklist tells them: today where it is urgent, or just past and still open."""
    return [
        today if d.urgent else max(d.date, today) for days in shown for d in days if not d.passed
    ]


def long_rows(case: PlainCase, slots: Slots, today: dt.date, book: Book) -> Iterator[list[str]]:
    """The paths of one case, best first, in words, without the id of the case."""
    for path in find_paths(read_case(case, today), today, book):
        steps = steps_of(path)
        days = list(show_last_days(path.candidates, today))
        yield [
            path.id,
            path.outlook,
            " ".join(s.text for s in reasons_of(path)[0]),
            SEPARATOR.join(field_titles(open_fields(path), slots, book)),
            steps[0].text if steps else "",
            days[0].date.isoformat() if days else "",
        ]


# --- in the names of a table ------------------------------------------------------------------------


def field_titles(fields: list[str], slots: Slots | None, book: Book) -> list[str]:
    """Fields of a case as columns of a table, each once, in the order of the template."""
    order, columns = column_order(book), column_of_place(book)
    found: dict[str, tuple[int, int]] = {}
    for field in fields:
        place, number = plain_field(field), _number(field)
        if field == COVERAGES:
            place, number = KIND, 0
        if field == "severity":
            place = next((p for p in order if p.startswith(SCORES)), field)
        slot = None if number is None else _slot(number, slots)
        column = columns.get(place)
        title = column.title(slot) if column is not None else field
        found.setdefault(title, (slot or 0, order.get(place, len(order))))
    return sorted(found, key=lambda t: (*found[t], t))


def _number(field: str) -> int | None:
    head, _, rest = field.partition("[")
    return int(rest.partition("]")[0]) if head == COVERAGES and rest[:1].isdigit() else None


def _slot(index: int, slots: Slots | None) -> int:
    return slots[index] if slots and index < len(slots) else index + 1


def _order_text(places: list[tuple[int, str]], slots: Slots | None) -> str:
    """Who pays first, in the numbers of the table's covers."""
    return SEPARATOR.join(f"coverage_{_slot(i, slots)}: {position}" for i, position in places)
