"""A table file in, a worklist file out."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.compute as pc

from rules.rule_book import Book
from rules.rule_book_files import load_rules

from .again import REJECT_COLUMNS, own_columns, told_of_columns
from .cases import error_text
from .cells import FORMULA, CellFault
from .kinds import Unreadable
from .pool import Pool
from .read import Chunk, Ragged, TableSource, open_table
from .rows import Cells
from .summary import LONG_COLUMNS, RESULT_COLUMNS, long_rows
from .text import say
from .worklist import ROWS_AT_ONCE, Screened, Screener, TableFault, known_header
from .write import CsvOut, Outs, Unwritable, XlsxOut

SHOWN_WARNINGS = 40
SHOWN_REMARKS = 15


@dataclass
class Report:
    """What became of a table."""

    rows: int = 0
    rejects: int = 0
    cases: int = 0
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        line = say(
            "report", "done", rows=f"{self.rows:,}", rejects=f"{self.rejects:,}", cases=f"{self.cases:,}",
            seconds=f"{self.seconds:.1f}",
        )  # fmt: skip
        return "\n".join([line, *self.warnings[:SHOWN_WARNINGS]])


def screen_file(
    path: Path | str,
    output: Path | str,
    today: dt.date | None = None,
    long: Path | str | None = None,
    rejects: Path | str | None = None,
    progress: TextIO | Callable[[int], None] | None = None,
    book: Book | None = None,
) -> Report:
    """Screen a CSV or XLSX file into a CSV or XLSX file.

    The rows keep their order and their cells. `rejects` takes the rows that cannot be read, with
    the reason in the last columns; `long` one row for each path of each case. `progress` is
    told the number of rows done: a terminal to write to, or a function. Raises TableFault.
    """
    source = Path(path)
    places = {"output": Path(output), "long": _path(long), "rejects": _path(rejects)}
    named = [place.resolve() for place in places.values() if place is not None]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise TableFault(say("table", "same_output", path=twice))
    for place in places.values():
        if place is not None and place.exists() and source.exists() and place.samefile(source):
            raise TableFault(say("table", "same_file", path=place))
    run = _Run(source, places, today or dt.date.today(), book or load_rules(), progress)
    try:
        try:
            return run.go(careful=False)
        except Ragged:
            return run.go(careful=True)
    except Unreadable as fault:
        raise TableFault(say("table", fault.key, path=source, **fault.values)) from None
    except Unwritable as fault:
        raise TableFault(say("table", fault.key, path=run.writing, **fault.values)) from None
    except OSError as error:
        why = error.strerror or error
        raise TableFault(say("table", "not_written", path=run.writing, why=why)) from None


def _path(name: Path | str | None) -> Path | None:
    return None if name is None else Path(name)


class _Run:
    """One table on its way from file to files."""

    def __init__(
        self,
        source: Path,
        places: dict[str, Path | None],
        today: dt.date,
        book: Book,
        progress: TextIO | Callable[[int], None] | None,
    ) -> None:
        self.source = source
        self.places = places
        self.today = today
        self.book = book
        self.progress = progress
        self.writing: Path = places["output"] or source

    def go(self, careful: bool) -> Report:
        self.report = Report()
        self.ids: list[pa.Array] = []  # as packed texts: a few bytes a row
        started = time.perf_counter()
        table = open_table(self.source, self._read_columns, careful)
        with Pool(self.today, self.book) as pool, Outs() as outs:
            self._start(table, pool)
            self._open(outs)
            for chunk in _in_pieces(table.chunks, ROWS_AT_ONCE):
                self._one(chunk)
            if not self.report.rows:
                raise Unreadable("no_rows")
        self._finish(table, outs)
        self.report.seconds = time.perf_counter() - started
        return self.report

    def _read_columns(self, names: Sequence[str]) -> list[bool]:
        own = own_columns(names)
        header = known_header(self.book, own.names, str(self.source))
        read = {i for i, t in zip(own.places, header.targets, strict=True) if t is not None}
        return [i in read for i in range(len(names))]

    def _start(self, table: TableSource, pool: Pool) -> None:
        self.width = len(table.header)
        self.own = own_columns(table.header)
        self.report.warnings.extend(told_of_columns(self.own))
        names = self.own.names
        self.header = known_header(self.book, names, str(self.source))
        self.screener = Screener(self.header, self.book, self.today, pool)
        self.report.warnings.extend(self.header.warnings)
        unread = [
            n[:40]
            for i, (n, t) in enumerate(zip(names, self.header.targets, strict=True))
            if t is None and i != self.header.case_id
        ]
        if unread:
            told = say("warnings", "unknown_columns", columns=", ".join(unread))
            self.report.warnings.append(told)

    def _open(self, outs: Outs) -> None:
        def opened(name: str, header: Sequence[str]) -> CsvOut | XlsxOut | None:
            place = self.places[name]
            if place is None:
                return None
            self.writing = place
            return outs.open(place, header)

        names = self.header.names
        self.out = opened("output", [*names, *RESULT_COLUMNS])
        self.bad = opened("rejects", [*names, *REJECT_COLUMNS])
        self.paths = opened("long", LONG_COLUMNS)

    def _one(self, chunk: Chunk) -> None:
        columns = [chunk.columns[i] for i in self.own.places]
        cells = [
            _arrow_cells(c) if t is not None else None
            for c, t in zip(columns, self.header.targets, strict=True)
        ]
        found = self.screener.results(
            cells,
            chunk.size,
            lambda row: [c[row].as_py() or "" for c in columns],
            self._ragged(chunk),
        )
        shown = [_shown(c) for c in columns]
        assert self.out is not None
        self.writing = self.places["output"] or self.source
        self.out.write([*shown, *found.columns.values()])
        if self.bad is not None and found.faults:
            self._write_rejects(self.bad, shown, found.faults)
        if self.paths is not None:
            self._write_long(self.paths, columns, found)
        if self.header.case_id is not None:
            ids = columns[self.header.case_id]
            self.ids.append(ids.dictionary_decode() if pa.types.is_dictionary(ids.type) else ids)
        self.report.rows += chunk.size
        self.report.rejects += len(found.faults)
        self._tell()

    def _ragged(self, chunk: Chunk) -> dict[int, CellFault]:
        return {
            row: CellFault("", "", say("faults", "ragged", found=width, wanted=self.width))
            for row, width in chunk.widths.items()
        }

    def _write_rejects(
        self, bad: CsvOut | XlsxOut, shown: list[pa.Array], faults: dict[int, list[CellFault]]
    ) -> None:
        rows = sorted(faults)
        taken = pa.array(rows, pa.int64())
        columns = [c.take(taken) for c in shown]
        told = {
            "column": [", ".join(dict.fromkeys(f.column for f in faults[r])) for r in rows],
            "value": [", ".join(f.value for f in faults[r]) for r in rows],
            "reason": [error_text(faults[r]) for r in rows],
        }
        bad.write([*columns, *(pa.array(v, pa.string()) for v in told.values())])

    def _write_long(self, out: CsvOut | XlsxOut, columns: list[pa.Array], found: Screened) -> None:
        ids = columns[self.header.case_id].to_pylist() if self.header.case_id is not None else None
        for row, look in found.looks.items():
            if row not in found.faults:
                ident = (ids[row] if ids is not None else "") or str(self.report.rows + row + 1)
                lines = long_rows(*self.screener.asked(look), self.today, self.book)
                out.write_rows([ident, *line] for line in lines)

    def _tell(self) -> None:
        if callable(self.progress):
            self.progress(self.report.rows)
        elif self.progress is not None:
            told = say("report", "progress", rows=f"{self.report.rows:,}")
            self.progress.write(f"\r{told}")
            self.progress.flush()

    def _told(self) -> Iterator[str]:
        """The remarks that most rows share; all of them stand in the rows themselves."""
        told = self.screener.told
        for text, rows in told.most_common(SHOWN_REMARKS):
            yield say("warnings", "told", rows=f"{rows:,}", text=text)
        if len(told) > SHOWN_REMARKS:
            yield say("warnings", "told_more", count=f"{len(told) - SHOWN_REMARKS:,}")

    def _finish(self, table: TableSource, outs: Outs) -> None:
        if self.progress is not None and not callable(self.progress):
            self.progress.write("\n")
        report = self.report
        report.cases = self.screener.distinct
        report.warnings.extend(table.told)
        report.warnings.extend(self._told())
        report.warnings.extend(self.screener.reader.payer_warnings())
        twice = _met_twice(self.ids)
        if len(twice) == 1:
            report.warnings.append(say("warnings", "duplicate_id", id=twice[0][:60]))
        elif twice:
            count = f"{len(twice):,}"
            report.warnings.append(say("warnings", "duplicate_ids", count=count, id=twice[0][:60]))
        for out in outs.all:
            report.warnings.extend(out.warnings)


def _met_twice(ids: list[pa.Array]) -> list[str]:
    """The texts that stand more than once, in the order in which they come first; no blanks."""
    counted = pa.chunked_array(ids, pa.string()).value_counts()
    several = pc.greater(counted.field("counts"), 1)
    return [text for text in counted.filter(several).field("values").to_pylist() if text]


def _in_pieces(chunks: Iterator[Chunk], rows: int) -> Iterator[Chunk]:
    """Chunks of at most `rows` rows: what is done is told often, and little waits in memory."""
    for chunk in chunks:
        for start in range(0, chunk.size, rows):
            size = min(rows, chunk.size - start)
            widths = {r - start: w for r, w in chunk.widths.items() if 0 <= r - start < size}
            yield Chunk([_short(c.slice(start, size)) for c in chunk.columns], size, widths)


def _short(column: pa.Array) -> pa.Array:
    """A part of a column with the words that stand in it, not those of the whole."""
    if not pa.types.is_dictionary(column.type):
        return column
    return column.dictionary_decode().dictionary_encode()


def _arrow_cells(column: pa.Array) -> Cells:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    texts = [t or "" for t in column.dictionary.to_pylist()]
    which = column.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    return Cells([*texts, ""], which)


def _shown(column: pa.Array) -> pa.Array:
    """A column as it goes out: blank cells as nulls, no mark of ours in it."""
    if pa.types.is_dictionary(column.type):
        words_ = [None if v in ("", FORMULA) else v for v in column.dictionary.to_pylist()]
        if None not in words_:
            return column
        found = pa.array(words_, pa.string()).take(column.indices)
        return found.dictionary_encode()
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
