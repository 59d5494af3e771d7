"""Tables in: CSV of any usual make, and XLSX, from a file or from its bytes.

Which of the two it is, its encoding and its delimiter are told from the content, never from a name.
`open_table` gives some rows at a time, as columns; `read_table` a small table whole. A CSV is read in whole columns where it is regular. Where a row has more or fewer cells than the
header it is read again line by line, so that the row can be shown and nothing is lost.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from .kinds import ZIP, Input, Unreadable, check_kind, check_start, head_of, opened
from .text import say
from .workbook import sheet_lines

BLOCK = 1 << 25  # bytes of CSV read at once
DELIMITERS = (",", ";", "\t", "|")
TOLD = re.compile(r'"?sep=(\\t|[^\w"\r\n])"?[;,\t ]*(?=[\r\n])')  # how Excel is told the delimiter
MOST_LINE = 64_000_000  # characters of a line, or of a cell
MOST_COLUMNS = 16_384  # as many as a sheet has
CELLS_AT_ONCE = 2_000_000
ROWS_AT_ONCE = 50_000
ENCODINGS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class Ragged(Exception):
    """A row has more or fewer cells than the header: to be read line by line."""


class Chunk(NamedTuple):
    """Some rows as columns of texts. `widths` tells the cells of rows that do not fit the header."""

    columns: list[pa.Array]
    size: int
    widths: dict[int, int]


class TableSource(NamedTuple):
    """A table as it stands in a file."""

    header: list[str]
    chunks: Iterator[Chunk]
    told: list[str]  # what is to be told of it; whole when the chunks are read


class TableLines(NamedTuple):
    """A table as it stands in a file, line by line: the header first, no line without a text.

    A line may have fewer or more cells than the header.
    """

    lines: Iterator[list[str]]
    told: list[str]  # what is to be told of it; whole when the lines are read


Known = Callable[[Sequence[str]], Sequence[bool]]  # which columns of a header are read


class Shape(NamedTuple):
    """How a CSV file is written."""

    encoding: str
    delimiter: str
    guessed: bool  # neither a mark nor UTF-8 told the encoding
    skipped: int = 0  # lines before the header: the one that tells the delimiter

    @property
    def told(self) -> list[str]:
        return [say("warnings", "encoding")] if self.guessed else []


def open_table(source: Input, known: Known, careful: bool = False) -> TableSource:
    """A table, some rows at a time. `known` tells which columns are read. Raises Unreadable."""
    head = head_of(source)
    if head.startswith(ZIP):
        return _open_sheet(source, careful)
    shape = _shape(source, head)
    return _open_lines(source, shape) if careful else _open_columns(source, shape, known)


def read_table(source: Input) -> TableLines:
    """A table as lines of texts; a formula without a saved value is blank.

    Raises Unreadable, at once or while the lines are read.
    """
    head = head_of(source)
    if head.startswith(ZIP):
        told: list[str] = []
        return TableLines(sheet_lines(source, told, formulas=False), told)
    shape = _shape(source, head)
    return TableLines(_csv_lines(source, shape), shape.told)


# --- CSV ----------------------------------------------------------------------------------------


def _shape(source: Input, head: bytes) -> Shape:
    """The encoding and the delimiter of a CSV file, from its first bytes and its marks."""
    check_kind(head)
    encoding, guessed = _encoding(source, head)
    text = head.decode(encoding, errors="ignore")
    lines = [line for line in text.splitlines() if line.strip()]
    odd = sum(1 for c in text if ord(c) < 32 and c not in "\t\r\n\f\x1f")
    if not lines or odd > len(text) / 100:
        raise Unreadable("not_a_table")
    check_start(text)
    marked = TOLD.match(text.removeprefix("\ufeff"))
    if marked is not None:
        return Shape(encoding, "\t" if marked[1] == r"\t" else marked[1], guessed, 1)
    counts = {d: _outside_quotes(lines[0]).count(d) for d in DELIMITERS}
    best = max(counts, key=lambda d: counts[d])
    return Shape(encoding, best if counts[best] else ",", guessed)


def _encoding(source: Input, head: bytes) -> tuple[str, bool]:
    for mark, name in ENCODINGS.items():
        if head.startswith(mark):
            return name, False
    nulls = head.count(b"\x00")
    if nulls:
        # UTF-16 without its mark has every other byte null in plain text; else it is no text.
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > 0.3 * len(head) / 2 and min(even, odd) * 10 < max(even, odd):
            return ("utf-16-le" if odd > even else "utf-16-be"), False
        raise Unreadable("not_a_table")
    return ("utf-8", False) if _is_utf8(source) else ("cp1252", True)


def _is_utf8(source: Input) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(source) as file:
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[0::2])


def _open_columns(source: Input, shape: Shape, known: Known) -> TableSource:
    """A regular CSV, read in whole columns."""
    header = _first(_csv_lines(source, shape))
    names = [str(i) for i in range(len(header))]
    read = known(header)
    words = pa.dictionary(pa.int32(), pa.string())
    types = {n: words if r else pa.string() for n, r in zip(names, read, strict=True)}
    encoding = {"utf-8-sig": "utf8", "utf-8": "utf8"}.get(shape.encoding, shape.encoding)

    def chunks() -> Iterator[Chunk]:
        try:
            reader = pa_csv.open_csv(
                opened(source),
                pa_csv.ReadOptions(
                    block_size=BLOCK,
                    column_names=names,
                    encoding=encoding,
                    use_threads=True,
                    skip_rows=shape.skipped,
                ),
                pa_csv.ParseOptions(delimiter=shape.delimiter, newlines_in_values=True),
                pa_csv.ConvertOptions(column_types=types, strings_can_be_null=False),
            )
            first = True
            for batch in reader:
                part = _without_blank_rows(batch)
                part = part.slice(1) if first else part
                first = first and not batch.num_rows
                if part.num_rows:
                    yield Chunk(list(part.columns), part.num_rows, {})
        except (pa.ArrowInvalid, UnicodeDecodeError):
            raise Ragged from None

    return TableSource(header, chunks(), shape.told)


def _without_blank_rows(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A row without a single answer is nobody: it is left out here as it is in a workbook."""
    blank: pa.Array | None = None
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            words = pa.array([not (w or "").strip() for w in column.dictionary.to_pylist()])
            own = words.take(column.indices) if len(words) else pa.nulls(len(column), pa.bool_())
        else:
            own = pc.equal(pc.utf8_trim_whitespace(column), "")
        own = own.fill_null(True)
        blank = own if blank is None else pc.and_(blank, own)
        if not pc.any(blank).as_py():
            return batch
    return batch if blank is None else batch.filter(pc.invert(blank))


def _open_lines(source: Input, shape: Shape) -> TableSource:
    """Any CSV, read row by row."""
    lines = _csv_lines(source, shape)
    header = _first(lines)
    return TableSource(header, chunks_of_rows(lines, len(header)), shape.told)


def _csv_lines(source: Input, shape: Shape) -> Iterator[list[str]]:
    csv.field_size_limit(MOST_LINE)
    with (
        opened(source) as file,
        io.TextIOWrapper(file, shape.encoding, errors="replace", newline="") as text,
    ):
        for _ in range(shape.skipped):
            text.readline(MOST_LINE)
        try:
            for line in csv.reader(_bounded(text), delimiter=shape.delimiter):
                if any(c.strip() for c in line):
                    yield line
        except csv.Error:  # a quote that is opened and never closed, for one
            raise Unreadable("long_line", most=f"{MOST_LINE // 10**6}") from None


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a text without null characters. Raises Unreadable where one has no end."""
    while line := text.readline(MOST_LINE):
        if len(line) == MOST_LINE:
            raise Unreadable("long_line", most=f"{MOST_LINE // 10**6}")
        yield line.replace("\x00", "")


def _first(lines: Iterator[list[str]]) -> list[str]:
    """The header. Raises Unreadable where there is no line."""
    for line in lines:
        if len(line) > MOST_COLUMNS:
            raise Unreadable("wide", most=f"{MOST_COLUMNS:,}")
        return line
    raise Unreadable("empty")


def chunks_of_rows(rows: Iterator[Sequence[str]], width: int) -> Iterator[Chunk]:
    """Rows gathered into columns; a row that does not fit is cut or filled, and told."""
    rows_at_once = min(ROWS_AT_ONCE, max(1, CELLS_AT_ONCE // max(width, 1)))
    kept: list[list[str]] = []
    widths: dict[int, int] = {}
    for row in rows:
        cells = list(row)
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            widths[len(kept)] = len(cells)
            if len(cells) > width:  # what stands beyond the header is kept in the last cell
                cells[width - 1 :] = [" ".join(cells[width - 1 :])]
            cells.extend([""] * (width - len(cells)))
        kept.append(cells)
        if len(kept) >= rows_at_once:
            yield _chunk(kept, widths, width)
            kept, widths = [], {}
    if kept:
        yield _chunk(kept, widths, width)


def _chunk(rows: list[list[str]], widths: dict[int, int], width: int) -> Chunk:
    columns = [
        pa.array([r[i] for r in rows], pa.string()).dictionary_encode() for i in range(width)
    ]
    return Chunk(columns, len(rows), widths)


# --- XLSX ---------------------------------------------------------------------------------------


def _open_sheet(source: Input, careful: bool) -> TableSource:
    """The first sheet of a workbook that has anything in it; formulas give their saved values.

    A column without a name is a column still. Only where a row has cells beyond the named ones is
    the sheet read again (`careful`) as wide as its widest row.
    """
    told: list[str] = []
    lines = sheet_lines(source, told, formulas=True)
    header = _first(lines)
    if careful:
        widest = max(map(len, sheet_lines(source, [], formulas=False)))
        header += [""] * (widest - len(header))
    width = len(header)
    filled = (line + [""] * (width - len(line)) for line in _no_wider(lines, width))
    return TableSource(header, chunks_of_rows(filled, width), told)


def _no_wider(lines: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    for line in lines:
        if len(line) > width:
            raise Ragged
        yield line
