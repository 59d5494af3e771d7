"""A table of people in, a worklist out."""

from __future__ import annotations

import datetime as dt
import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from rules.rule_book import Book
from rules.rule_book_files import load_rules

from .cases import ANSWER_COLUMNS, RESULT_COLUMNS, cell_text, error_text
from .cells import CellFault
from .columns import Header, read_header
from .project import Projector
from .rows import Cells, RowReader
from .text import say
from .trace import Codes

ROWS_AT_ONCE = 131_072


class TableFault(ValueError):
    """A table that cannot be read or written; the message says why, and what to do."""


class Screener:
    """Works out the result columns of a table's rows, some rows at a time."""

    def __init__(self, header: Header, book: Book, today: dt.date) -> None:
        self.header = header
        self.reader = RowReader(header, book, today)
        self.projector = Projector(book, today)
        self.told: Counter[str] = Counter()  # remarks, and of how many rows each was told

    def results(
        self,
        columns: Sequence[Cells | None],
        size: int,
        unfit: dict[int, CellFault] | None = None,
    ) -> tuple[dict[str, Any], dict[int, list[CellFault]], np.ndarray]:
        """The result columns, the faults of rows that cannot be read, and a stamp for each case."""
        with _without_collecting():
            return self._results(columns, size, unfit or {})

    def _results(
        self, columns: Sequence[Cells | None], size: int, unfit: dict[int, CellFault]
    ) -> tuple[dict[str, Any], dict[int, list[CellFault]], np.ndarray]:
        understood = self.reader.read(columns, size, unfit)
        found: dict[str, Any] = {}
        where: list[np.ndarray] = []
        answers: list[dict[str, Any]] = []
        for part in understood.parts:
            where.append(part.rows)
            answers.append(self.projector.answers(part.batch))
        place = np.full(size, -1, dtype=np.int64)
        rows = np.concatenate(where) if where else np.zeros(0, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        taken = pa.array(np.maximum(place, 0), mask=place < 0)
        for name in ANSWER_COLUMNS:
            parts = [a[name] for a in answers]
            whole = pa.concat_arrays(parts) if parts else pa.nulls(0, pa.string())
            found[name] = whole.take(taken)
        found["remarks"] = understood.remarks.column()
        self.told.update(understood.remarks.counts)
        errors = [None] * size
        for row, faults in understood.faults.items():
            errors[row] = error_text(faults)  # type: ignore[call-overload]
        found["error"] = pa.array(errors, pa.string())
        return found, understood.faults, understood.stamps


@contextmanager
def _without_collecting() -> Iterator[None]:
    """What is learned of rows stays: looking through it for rubbish, again and again, finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def screen(
    frame: pd.DataFrame, today: dt.date | None = None, book: Book | None = None
) -> pd.DataFrame:
    """The table with the result columns added; a row that cannot be read has only `error`.

    The columns of `frame` and its index come back as they are. Raises TableFault where no
    column is known.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TableFault(say("table", "not_a_frame", found=type(frame).__name__))
    rules = book or load_rules()
    header = known_header(rules, [str(c) for c in frame.columns], "DataFrame")
    screener = Screener(header, rules, today or dt.date.today())
    pieces: dict[str, list[Any]] = {name: [] for name in RESULT_COLUMNS}
    for start in range(0, max(len(frame), 1), ROWS_AT_ONCE):
        part = frame.iloc[start : start + ROWS_AT_ONCE]
        cells = [
            _cells(part.iloc[:, i]) if t is not None else None for i, t in enumerate(header.targets)
        ]
        found, _, _ = screener.results(cells, len(part))
        for name, column in found.items():
            pieces[name].extend(column.fill_null("").to_pylist())
    added = pd.DataFrame(pieces, index=frame.index, dtype=object)
    kept = frame.drop(columns=[c for c in RESULT_COLUMNS if c in frame.columns])
    return pd.concat([kept, added], axis=1)


def known_header(book: Book, names: Sequence[str], where: str) -> Header:
    """The header as understood. Raises TableFault where none of its columns is known."""
    header = read_header(book, names)
    if not any(t is not None for t in header.targets):
        shown = ", ".join(n[:30] for n in names[:8]) or "-"
        raise TableFault(
            say("table", "no_columns", path=where, found=shown, some="age, state, coverage_1_kind")
        )
    return header


def _cells(column: pd.Series) -> Cells:
    """A column of a frame as distinct texts."""
    which, distinct = pd.factorize(column, use_na_sentinel=True)
    texts = [*(cell_text(v) for v in distinct), ""]
    codes: Codes = np.where(which < 0, len(texts) - 1, which).astype(np.int32)
    return Cells(texts, codes)
