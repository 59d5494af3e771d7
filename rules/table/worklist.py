"""A table of people in, a worklist out. A row is a case; rows that are the same case share its summary."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from rules.rule_book import Book
from rules.rule_book_files import load_rules

from .again import nobody, own_columns
from .cases import build_case, error_text, slots_of
from .cells import CellFault
from .columns import Header, read_header
from .pool import Asked, Pool
from .rows import Cells, RowReader
from .summary import ANSWER_COLUMNS, RESULT_COLUMNS, Summary
from .text import cell_text, say

if TYPE_CHECKING:  # only who has a frame needs pandas, which is slow to load
    import pandas as pd

ROWS_AT_ONCE = 2_000
MOST_KEPT = 20_000  # summaries that later rows may share
BLANK = Summary()


class TableFault(ValueError):
    """A table that cannot be read or written; the message says why, and what to do."""


class Screened(NamedTuple):
    """Some rows as screened: their result columns, and what is wrong with rows that cannot be read."""

    columns: dict[str, pa.Array]
    faults: dict[int, list[CellFault]]
    looks: dict[int, bytes]  # of each person's row: the same for the same case


class Screener:
    """Works out the result columns of a table's rows, some rows at a time."""

    def __init__(self, header: Header, book: Book, today: dt.date, pool: Pool) -> None:
        self.header = header
        self.reader = RowReader(header, book, today)
        self.told: Counter[str] = Counter()  # remarks, and of how many rows each was told
        self._met: list[np.ndarray] = []  # the cases met so far, each by a number of 8 bytes
        self._pool = pool
        self._summaries: dict[bytes, Summary] = {}

    def results(
        self,
        columns: Sequence[Cells | None],
        size: int,
        line: Callable[[int], Sequence[str]],
        unfit: dict[int, CellFault] | None = None,
    ) -> Screened:
        """The result columns of some rows; `unfit` are rows that are at fault as a whole.

        `line` gives all cells of a row, those that are not read too.
        """
        understood = self.reader.read(columns, size, unfit or {})
        empty = nobody(columns, size, self.header, line)
        faults = {row: f for row, f in understood.faults.items() if row not in empty}
        looks = {
            row: look
            for row, look in enumerate(understood.looks)
            if row not in faults and row not in empty
        }
        self._summarise(list(looks.values()))
        rows = [self._summaries[looks[r]] if r in looks else BLANK for r in range(size)]
        for row, summary in enumerate(rows):
            if summary.error:
                faults[row] = [CellFault("", "", summary.error)]
        found: dict[str, pa.Array] = {
            name: pa.array([getattr(r, name) for r in rows], pa.string()) for name in ANSWER_COLUMNS
        }
        for row, text in empty.items():
            understood.remarks.add(np.array([row]), np.zeros(1, dtype=np.int64), [text])
        found["remarks"] = understood.remarks.column()
        errors = [error_text(faults[row]) if row in faults else None for row in range(size)]
        found["error"] = pa.array(errors, pa.string())
        self.told.update(understood.remarks.counts)
        self._met.append(np.unique(np.array([*map(hash, looks.values())], dtype=np.int64)))
        return Screened({name: found[name] for name in RESULT_COLUMNS}, faults, looks)

    @property
    def distinct(self) -> int:
        """How many cases differ, of those met so far."""
        return len(np.unique(np.concatenate(self._met))) if self._met else 0

    def asked(self, look: bytes) -> Asked:
        """The case of a row, and the numbers of its covers."""
        values = self.reader.values(look)
        return build_case(values), slots_of(values)

    def _summarise(self, looks: list[bytes]) -> None:
        """Work out the cases that are new, and let go of those that came long ago."""
        wanted = dict.fromkeys(looks)
        fresh = [look for look in wanted if look not in self._summaries]
        for look in list(self._summaries)[: max(0, len(self._summaries) - MOST_KEPT)]:
            if look not in wanted:
                del self._summaries[look]
        answers = self._pool.summaries([self.asked(look) for look in fresh])
        for look, summary in zip(fresh, answers, strict=True):
            self._summaries[look] = Summary(*map(sys.intern, summary))


def screen(
    frame: pd.DataFrame,
    today: dt.date | None = None,
    book: Book | None = None,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """The table with the result columns added; a row that cannot be read has only `error`.

    The columns of `frame` and its index come back as they are, without those that an earlier run
    added. A large table is worked out by several processes; `progress` is told the number of rows
    done. Raises TableFault where no column is known.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TableFault(say("table", "not_a_frame", found=type(frame).__name__))
    rules, day = book or load_rules(), today or dt.date.today()
    own = own_columns([str(c) for c in frame.columns])
    kept = frame.iloc[:, list(own.places)]
    if own.renamed:
        kept = kept.set_axis(list(own.names), axis=1)
    header = known_header(rules, own.names, "DataFrame")
    pieces: dict[str, list[str]] = {name: [] for name in RESULT_COLUMNS}
    with Pool(day, rules) as pool:
        screener = Screener(header, rules, day, pool)
        for start in range(0, max(len(kept), 1), ROWS_AT_ONCE):
            part = kept.iloc[start : start + ROWS_AT_ONCE]
            found = screener.results(_columns_of(part, header), len(part), _lines_of(part))
            for name, column in found.columns.items():
                pieces[name].extend(column.fill_null("").to_pylist())
            if progress is not None:
                progress(start + len(part))
    added = pd.DataFrame(pieces, index=frame.index, dtype=object)
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


def _columns_of(frame: pd.DataFrame, header: Header) -> list[Cells | None]:
    """The columns of a frame that are read, as distinct texts."""
    return [
        _cells(frame.iloc[:, i]) if t is not None else None for i, t in enumerate(header.targets)
    ]


def _lines_of(frame: pd.DataFrame) -> Callable[[int], list[str]]:
    return lambda row: [cell_text(c) for c in frame.iloc[row]]


def _cells(column: pd.Series) -> Cells:
    import pandas as pd

    which, distinct = pd.factorize(column, use_na_sentinel=True)
    texts = [*(cell_text(v) for v in distinct), ""]
    return Cells(texts, np.where(which < 0, len(texts) - 1, which).astype(np.int32))
