"""Tables out: CSV written in whole columns, XLSX row by row. No cell leaves that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from ..plain_files import NewFiles, passing_folder
from .text import cell_text, say

# What makes a spreadsheet take a cell for a formula, in its wide forms too.
STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
PLAIN_NUMBER = re.compile(r"[+-]?(\d[\d,]*(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*%?")
SHORT_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,10})?")
MOST_IN_CELL = 32_767  # characters in a cell of XLSX
MOST_XLSX_ROWS = 1_048_576
NARROW, WIDE = 12, 40  # letters of a column
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Unwritable(Exception):
    """Raised with the key of the message and its gaps."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; a plain number stays a number."""
    if text and text[0] in STARTS and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def number_of(text: str) -> float | int | None:
    """The number that a cell may hold in place of a text; None where it would be read back otherwise."""
    if not SHORT_NUMBER.fullmatch(text):
        return None
    number = float(text) if "." in text else int(text)
    return number if cell_text(number) == text else None


class CsvOut:
    """A CSV file (UTF-8, commas).

    Columns are joined and written by a thread, while the rows after them are being worked out;
    what goes wrong there is raised by the next call.
    """

    def __init__(self, file: IO[bytes], header: Sequence[str]) -> None:
        self.warnings: list[str] = []
        self._file = file
        self._file.write(_csv_line([harmless(h) for h in header]))
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._under_way: Future[None] | None = None

    def write(self, columns: Sequence[pa.Array]) -> None:
        """Add rows, as columns of texts; null is a blank cell."""
        self._settle()
        if len(columns[0]):
            self._under_way = self._writer.submit(self._put, columns)

    def _put(self, columns: Sequence[pa.Array]) -> None:
        self._file.write(csv_rows(columns))

    def write_rows(self, rows: Iterable[Sequence[str]]) -> None:
        self._settle()
        for row in rows:
            self._file.write(_csv_line([harmless(c) for c in row]))

    def _settle(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def end(self) -> None:
        """Write what still waits."""
        self._settle()

    def let_go(self) -> None:
        """Nothing more is written."""
        self._writer.shutdown()


def csv_rows(columns: Sequence[pa.Array]) -> memoryview:
    """Rows as the bytes of CSV lines, joined column by column."""
    texts: list[pa.Array | pa.Scalar] = []
    size = len(columns[0])
    for column in columns:
        if column.null_count == size:
            texts.append(pa.scalar("", pa.string()))
        elif pa.types.is_dictionary(column.type):
            safe = pa.array(
                [_quoted(harmless(v)) for v in column.dictionary.to_pylist()], pa.string()
            )
            texts.append(safe.take(column.indices))
        else:
            texts.append(_safe_texts(column))
    if all(isinstance(t, pa.Scalar) for t in texts):
        texts[-1] = pa.array([""] * size)
    ends = pa.scalar("\n", pa.string())
    lines = pc.binary_join_element_wise(
        *texts, pa.scalar(","), null_handling="replace", null_replacement=""
    )
    lines = pc.binary_join_element_wise(lines, ends, pa.scalar(""))
    lines = lines.combine_chunks() if isinstance(lines, pa.ChunkedArray) else lines
    _, offsets, data = lines.buffers()
    first, last = (int.from_bytes(memoryview(offsets)[4 * i : 4 * i + 4], "little")
                   for i in (lines.offset, lines.offset + len(lines)))  # fmt: skip
    return memoryview(data)[first:last]


def _safe_texts(column: pa.Array) -> pa.Array:
    """A column of mostly different texts, made harmless and quoted where it must be."""
    risky = pc.match_substring_regex(column, f'^[{re.escape(STARTS)}]|[",\\r\\n]')
    if not pc.any(risky).as_py():
        return column
    at = pc.indices_nonzero(risky.fill_null(False))
    fixed = pa.array([_quoted(harmless(v)) for v in column.take(at).to_pylist()], pa.string())
    return pc.replace_with_mask(column, risky.fill_null(False), fixed)


def _quoted(text: str) -> str:
    if any(c in text for c in '",\r\n') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode("utf-8", "replace")


class XlsxOut:
    """An XLSX file: one sheet, the header frozen, a filter on every column.

    Rows wait in a folder that passes, the whole in a file without a name: whatever ends the program
    leaves nothing of either.
    """

    def __init__(self, file: IO[bytes], header: Sequence[str]) -> None:
        from xlsxwriter import Workbook  # slow to load, and most tables are CSV

        self.warnings: list[str] = []
        self._cut = 0
        self._file = file
        self._width = max(len(header), 1)
        self._rows = 0
        self._last = ExitStack()
        self._whole = self._last.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        waiting = self._last.enter_context(passing_folder())
        self._book = Workbook(self._whole, {"constant_memory": True, "tmpdir": str(waiting)})
        self._sheet = self._book.add_worksheet(say("template", "sheet"))
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            self._sheet.set_column(column, column, min(WIDE, max(NARROW, len(name) + 2)))
        self._add(header, self._book.add_format({"bold": True}))

    def _cell(self, text: str) -> str | float | None:
        text = NOT_IN_XML.sub("", harmless(text)).replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > MOST_IN_CELL:
            self._cut += 1
            text = text[: MOST_IN_CELL - 1] + "…"
        number = number_of(text)
        return (text or None) if number is None else number

    def write(self, columns: Sequence[pa.Array]) -> None:
        """Add rows, as columns of texts; null is a blank cell."""
        self.write_rows(
            zip(*(c.fill_null("").to_pylist() for c in map(_decoded, columns)), strict=True)
        )

    def write_rows(self, rows: Iterable[Sequence[str]]) -> None:
        for row in rows:
            if self._rows >= MOST_XLSX_ROWS:
                raise Unwritable("rows", most=f"{MOST_XLSX_ROWS - 1:,}")
            self._add(row)

    def _add(self, row: Sequence[str], look: Any = None) -> None:
        for column, cell in enumerate(map(self._cell, row)):
            if isinstance(cell, str):
                self._sheet.write_string(self._rows, column, cell, look)
            elif cell is not None:
                self._sheet.write_number(self._rows, column, cell, look)
        self._rows += 1

    def end(self) -> None:
        """Write the whole file. Raises OSError where there is no room."""
        from xlsxwriter.exceptions import XlsxFileError

        if self._cut:
            self.warnings.append(say("warnings", "cut", count=self._cut))
        self._sheet.autofilter(0, 0, self._rows - 1, self._width - 1)
        try:
            self._book.close()
        except XlsxFileError as error:
            raise OSError(*getattr(error.args[0], "args", error.args)) from None
        self._whole.seek(0)
        shutil.copyfileobj(self._whole, self._file)

    def let_go(self) -> None:
        with suppress(OSError):  # what still waits has no room, and is not wanted
            self._last.close()


def _decoded(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.dictionary.take(column.indices)
    return column


class Outs:
    """Several tables that are all finished, or none is."""

    def __init__(self) -> None:
        self.all: list[CsvOut | XlsxOut] = []
        self._files = NewFiles()

    def open(self, path: Path, header: Sequence[str]) -> CsvOut | XlsxOut:
        """A table to write to, by the ending of its name. Raises Unwritable."""
        kinds: dict[str, type[CsvOut] | type[XlsxOut]] = {".csv": CsvOut, ".xlsx": XlsxOut}
        kind = kinds.get(path.suffix.lower())
        if kind is None:
            raise Unwritable("kind")
        try:
            return self._opened(path, header, kind)
        except OSError as error:
            raise Unwritable("not_written", why=error.strerror or error) from None

    def csv(self, path: Path, header: Sequence[str]) -> CsvOut:
        """A CSV file, whatever it is called."""
        out = self._opened(path, header, CsvOut)
        assert isinstance(out, CsvOut)
        return out

    def _opened(
        self, path: Path, header: Sequence[str], kind: type[CsvOut] | type[XlsxOut]
    ) -> CsvOut | XlsxOut:
        out = kind(self._files.open(path).file, header)
        self.all.append(out)
        return out

    def __enter__(self) -> Outs:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._files, ExitStack() as last:
            for out in self.all:
                last.callback(out.let_go)
            if error is not None:
                raise error
            for out in self.all:
                out.end()
