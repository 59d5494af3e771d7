"""Checks the rule book as a whole: what a single file cannot show.

Every fault names file, line and field. `error` stops the book from loading as sound; `warning`
is told (a fact past its review date). Only structure is judged here, never what is true.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from ..schema.base import Record
from ..schema.files import RECORDS, read_all
from ..schema.yaml_reader import Fault, Sheet
from .codes import check_billing_codes, check_diagnosis_codes
from .conditions import check_conditions, check_unreachable
from .index import Listed, RecordIndex, parts
from .periods import check_numbers, check_periods
from .references import (
    check_citations,
    check_fact_records,
    check_names_of_plans,
    check_questions,
    check_references,
    check_sources,
)
from .texts import check_texts
from .whole_book import check_clashing_policies, check_coverage_gaps, check_once_each


def check_records(
    root: Path = RECORDS, today: dt.date | None = None, only: tuple[str, ...] = ()
) -> list[Fault]:
    """Everything that is wrong with the records under `root`, in the order of the files.

    `only` names files (relative to `root`) whose own contents are checked; what the files say
    together is always checked.
    """
    return check_found(list(read_all(root)), today, only)


def check_found(
    items: list[tuple[Sheet, Record] | Fault],
    today: dt.date | None = None,
    only: tuple[str, ...] = (),
) -> list[Fault]:
    """The same for files that were read already."""
    day = today or dt.date.today()
    faults = [item for item in items if isinstance(item, Fault)]
    found = [item for item in items if not isinstance(item, Fault)]
    book = RecordIndex(found)
    for sheet, record in found:
        files = (sheet.file, *(s.file for s, _ in sheet.shared.values()))
        if not only or any(file in only for file in files):
            listed = list(parts(record))
            for check in CHECKS:
                faults.extend(check(book, sheet, record, listed, day))
    faults.extend(_whole(book))
    order = {sheet.file: i for i, (sheet, _) in enumerate(found)}
    return sorted(set(faults), key=lambda f: (order.get(f.file, -1), f.line, f.field, f.message))


CHECKS: tuple[Callable[[RecordIndex, Sheet, Record, Listed, dt.date], Iterator[Fault]], ...] = (
    check_citations,
    check_sources,
    check_texts,
    check_periods,
    check_numbers,
    check_conditions,
    check_references,
    check_diagnosis_codes,
    check_billing_codes,
    check_questions,
    check_names_of_plans,
    check_fact_records,
)


def _whole(book: RecordIndex) -> Iterator[Fault]:
    """What only all files together can show: missing combinations, unreachable paths, clashes."""
    yield from check_once_each(book)
    yield from check_coverage_gaps(book)
    yield from check_unreachable(book)
    yield from check_clashing_policies(book)
