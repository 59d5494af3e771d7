"""The long table: one row for each path of each case, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from rules.case import read_case
from rules.engine.find_paths import find_paths
from rules.report.deadlines import show_last_days
from rules.report.next_steps import steps_of
from rules.report.reasons import reasons_of
from rules.report.what_if import open_fields
from rules.rule_book import Book

from .cases import SEPARATOR, field_titles

LONG_COLUMNS = ("case_id", "path", "outlook", "reason", "missing", "next_step", "deadline")


def long_rows(
    case: dict[str, Any], slots: tuple[int, ...], today: dt.date, book: Book
) -> Iterator[list[str]]:
    """The paths of one case, best first, without the id of the case."""
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
