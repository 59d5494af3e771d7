"""A row that was opened as a case and corrected there: the table takes the correction back.

Pure. What has a column of its own goes into the row's cells; a column that the table did not have
is added. What no cell holds (a list of medicines) stays with the row while the table is looked at.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from rules import Book, evaluate
from rules.case import PlainCase
from rules.table import RESULT_COLUMNS, summarise, used_slots
from rules.table.cells import KIND, shown_value
from rules.table.columns import COVERS, SCORES, Column, known_columns
from rules.table.text import cell_text, words

from .worklist import Match, Screening, as_read, case_of

Cells = dict[str, str]  # texts by the column of the template


def taken_back(
    work: Screening, row: Hashable, case: PlainCase, today: dt.date, book: Book
) -> Screening:
    """The work with a row as its case stands now, and that row worked out anew."""
    before = case_of(work, row, today, book)
    if case == before:
        return work
    told = as_read(work.rows.loc[[row]], work.found).to_dict("records")[0]
    slots = _numbered(used_slots(told, today, book), len(case.get("coverages") or ()))
    old, new = cells_of(before, slots, book), cells_of(case, slots, book)
    changed = {t: new.get(t, "") for t in {**old, **new} if old.get(t) != new.get(t)}
    work = _with_columns(work, changed)
    places = {m.target: i for i, m in enumerate(work.found) if m.target is not None}
    rows = work.rows.copy()
    for title, text in changed.items():
        rows.iloc[rows.index.get_loc(row), places[title]] = text
    summary = summarise(evaluate(case, today=today, book=book), slots, book)._asdict()
    results = work.results.copy()
    results.loc[row] = [summary.get(name, "") for name in RESULT_COLUMNS]
    cases = {**work.cases, row: copy.deepcopy(case)}
    return replace(work, rows=rows, results=results, cases=cases)


def _numbered(slots: tuple[int, ...], covers: int) -> tuple[int, ...]:
    """The numbers of so many covers: those of the row, then the next ones."""
    last = max(slots, default=0)
    return (*slots, *range(last + 1, last + 1 + max(0, covers - len(slots))))


def _with_columns(work: Screening, cells: Cells) -> Screening:
    """The work with a blank column for each cell that has none, behind its own."""
    held = {m.target for m in work.found}
    missing = [title for title in cells if title not in held]
    if not missing:
        return work
    blank = pd.DataFrame("", index=work.rows.index, columns=missing, dtype=object)
    found = (*work.found, *(Match(title, title) for title in missing))
    return replace(work, rows=pd.concat([work.rows, blank], axis=1), found=found)


def cells_of(case: PlainCase, slots: tuple[int, ...], book: Book) -> Cells:
    """A case as the cells of a row, by the columns of the template."""
    found: Cells = {}
    for column in known_columns(book):
        for number, value in _values(case, column):
            if value is None:
                continue
            several, slot = column.several, None
            if several is not None and number is not None:
                slot = slots[number] if several is COVERS else number + several.first
            if column.question.kind == "cover":
                value = slots[value] if value < len(slots) else value + COVERS.first
            found[column.title(slot)] = _text(value)
    if case.get("coverages") == []:
        kind = next(c for c in known_columns(book) if c.place == KIND)
        found[kind.title(1)] = words()["headers"]["uninsured"]
    return found


def _values(case: PlainCase, column: Column) -> Iterator[tuple[int | None, Any]]:
    """What a case holds for a column: one value, or one for each of several."""
    place = column.place
    if column.several is not None:
        for number, part in enumerate(case.get(column.several.part) or ()):
            yield number, part.get(place.rpartition(".")[2])
    elif place.startswith(SCORES):
        scale = place.removeprefix(SCORES)
        scores = (s for s in case.get("severity") or () if s.get("scale") == scale)
        yield None, next((s.get("score") for s in scores), None)
    elif "." in place:
        part, name = place.split(".")
        yield None, (case.get(part) or {}).get(name)
    else:
        yield None, case.get(place)


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "; ".join(str(v) for v in value) or words()["cells"]["nothing"][0]
    return cell_text(value) if isinstance(value, float) else shown_value(value)
