"""Checks the rule book as a whole: what a single file cannot show.

Every fault names file, line and field. `error` stops the book from loading as sound; `warning`
is told (a fact past its review date). Only structure is judged here, never what is true.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..rule_book_files import read_some
from ..schema.base import Record
from ..schema.files import RECORDS, read_all
from ..schema.shared import FOLDER
from ..schema.yaml_reader import Fault, RecordFile
from .clashes import check_clashing_policies
from .codes import check_billing_codes, check_diagnosis_codes
from .conditions import check_conditions, check_unreachable
from .contradictions import check_contradictions
from .coordination import check_coordination
from .forms import check_forms
from .index import Listed, RecordIndex, parts
from .levels import check_levels
from .medicaid import check_medicaid
from .names import check_names
from .once import check_names_once
from .own_state import check_own_state
from .periods import check_numbers, check_periods
from .pinned import check_pinned
from .plausible import check_plausible
from .ranges import check_ranges
from .references import (
    check_citations,
    check_fact_records,
    check_names_of_plans,
    check_questions,
    check_references,
    check_sources,
)
from .said import check_said
from .said_policies import check_said_of_policies
from .texts import check_texts
from .trust import check_trust
from .whole_book import check_coverage_gaps, check_once_each, kinds_without_program


def check_records(
    root: Path = RECORDS, today: dt.date | None = None, only: tuple[str, ...] = ()
) -> list[Fault]:
    """Everything that is wrong with the records under `root`, in the order of the files.

    `only` names files (relative to `root`) that are checked, each beside what all others say; left
    out, every file is. A file is told the same faults both ways.
    """
    if not only or any(file.startswith(f"{FOLDER}/") for file in only):
        return check_found(list(read_all(root)), today, only)
    items, others = read_some(root, only)
    return check_found(items, today, only, others)


def check_found(
    items: Sequence[tuple[RecordFile, Record] | Fault],
    today: dt.date | None = None,
    only: tuple[str, ...] = (),
    others: Sequence[RecordFile] = (),
) -> list[Fault]:
    """The same for files that were read already; `others` are sound files that are not checked."""
    day = today or dt.date.today()
    faults = [item for item in items if isinstance(item, Fault)]
    found = [item for item in items if not isinstance(item, Fault)]
    book = RecordIndex([*others, *(sheet for sheet, _ in found)])
    for sheet, record in found:
        files = (sheet.file, *(s.file for s, _ in sheet.shared.values()))
        if not only or any(file in only for file in files):
            listed = list(parts(record))
            for check in CHECKS:
                faults.extend(check(book, sheet, record, listed, day))
    faults.extend(kinds_without_program(book))
    order = {sheet.file: i for i, (sheet, _) in enumerate(found)}
    return sorted(set(faults), key=lambda f: (order.get(f.file, -1), f.line, f.field, f.message))


CHECKS: tuple[
    Callable[[RecordIndex, RecordFile, Record, Listed, dt.date], Iterator[Fault]], ...
] = (
    check_citations,
    check_sources,
    check_texts,
    check_periods,
    check_numbers,
    check_conditions,
    check_coordination,
    check_references,
    check_diagnosis_codes,
    check_billing_codes,
    check_questions,
    check_names_of_plans,
    check_fact_records,
    check_forms,
    check_once_each,
    check_coverage_gaps,
    check_unreachable,
    check_contradictions,
    check_clashing_policies,
    check_ranges,
    check_plausible,
    check_pinned,
    check_names_once,
    check_names,
    check_levels,
    check_own_state,
    check_medicaid,
    check_trust,
    check_said,
    check_said_of_policies,
)
