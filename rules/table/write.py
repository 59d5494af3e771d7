"""Tables out: CSV written in whole columns, XLSX row by row. No cell leaves that a spreadsheet would run."""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from .text import cell_text, say

# What makes a spreadsheet take a cell for a formula, in its wide forms too.
STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
PLAIN_NUMBER = re.compile(r"[+-]?(\d[\d,]*(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*%?")
SHORT_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,10})?")
MOST_IN_CELL = 32_767  # characters in a cell of XLSX
MOST_XLSX_ROWS = 1_048_576
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


class OutputFile(Protocol):
    """Where a table goes."""

    warnings: list[str]

    def write(self, columns: Sequence[pa.Array]) -> None:
        """Add rows, as columns of texts; null is a blank cell."""

    def close(self, keep: bool) -> None:
        """Finish the file, or leave nothing of it."""


class CsvOut:
    """A CSV file (UTF-8, commas). It takes its name only when it is whole.

    Columns are joined and written by a thread, while the rows after them are being worked out;
    what goes wrong there is raised by the next call.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.warnings: list[str] = []
        self._path = path
        self._file = _beside(path)
        self._file.write(_csv_line([harmless(h) for h in header]))
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._under_way: Future[None] | None = None

    def write(self, columns: Sequence[pa.Array]) -> None:
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

    def close(self, keep: bool) -> None:
        whole = False
        try:
            self._settle()
            whole = True
        finally:
            self._writer.shutdown()
            _finish(self._file, self._path, keep and whole)


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
    """An XLSX file: one sheet, the header frozen, a filter on every column."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        from openpyxl import Workbook  # slow to load, and most tables are CSV
        from openpyxl.utils import get_column_letter

        self.warnings: list[str] = []
        self._path = path
        self._file = _beside(path)
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(say("template", "sheet"))
        self._sheet.freeze_panes = "A2"
        self._width = len(header)
        self._rows = 1
        self._cut = 0
        for i, name in enumerate(header, start=1):
            self._sheet.column_dimensions[get_column_letter(i)].width = min(
                40, max(12, len(name) + 2)
            )
        self._sheet.append([_bold(self._sheet, self._cell(h)) for h in header])

    def _cell(self, text: str) -> str | float | None:
        text = NOT_IN_XML.sub("", harmless(text))
        if len(text) > MOST_IN_CELL:
            self._cut += 1
            text = text[: MOST_IN_CELL - 1] + "…"
        number = number_of(text)
        return (text or None) if number is None else number

    def write(self, columns: Sequence[pa.Array]) -> None:
        self.write_rows(
            zip(*(c.fill_null("").to_pylist() for c in map(_decoded, columns)), strict=True)
        )

    def write_rows(self, rows: Iterable[Sequence[str]]) -> None:
        for row in rows:
            self._rows += 1
            if self._rows > MOST_XLSX_ROWS:
                raise Unwritable("rows", most=f"{MOST_XLSX_ROWS - 1:,}")
            self._sheet.append([self._cell(c) for c in row])

    def close(self, keep: bool) -> None:
        from openpyxl.utils import get_column_letter

        if keep:
            if self._cut:
                self.warnings.append(say("warnings", "cut", count=self._cut))
            last = get_column_letter(max(self._width, 1))
            self._sheet.auto_filter.ref = f"A1:{last}{self._rows}"
            self._book.save(self._file)
        else:
            self._sheet.close()
        _finish(self._file, self._path, keep)


def _bold(sheet: Any, value: str | float | None) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=value)
    cell.font = Font(bold=True)
    return cell


def _decoded(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.dictionary.take(column.indices)
    return column


def open_out(path: Path, header: Sequence[str]) -> CsvOut | XlsxOut:
    """A table to write to, by the ending of its name. Raises Unwritable."""
    kinds: dict[str, type[CsvOut] | type[XlsxOut]] = {".csv": CsvOut, ".xlsx": XlsxOut}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise Unwritable("kind")
    if path.is_dir():
        raise Unwritable("not_written", why=os.strerror(errno.EISDIR))
    try:
        return kind(path, header)
    except OSError as error:
        raise Unwritable("not_written", why=error.strerror or error) from None


def _beside(path: Path) -> IO[bytes]:
    """A file beside the one to be written, so that a table is whole or not there."""
    return tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False)


def _finish(file: IO[bytes], path: Path, keep: bool) -> None:
    file.close()
    try:
        if keep:
            os.chmod(file.name, 0o666 & ~_mask())
            os.replace(file.name, path)
    finally:
        Path(file.name).unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class Outs:
    """Several tables that are all finished, or none is."""

    def __init__(self) -> None:
        self.all: list[CsvOut | XlsxOut] = []

    def open(self, path: Path, header: Sequence[str]) -> CsvOut | XlsxOut:
        out = open_out(path, header)
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
        fault: Exception | None = None
        for out in self.all:
            try:
                out.close(keep=kind is None and fault is None)
            except Exception as found:
                fault = fault or found
        if fault is not None:
            raise fault
