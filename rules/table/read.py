"""Tables in: CSV of any usual make, and XLSX, from a file or from its bytes.

Which of the two it is, its encoding and its delimiter are told from the content, never from a name.
`open_table` gives some rows at a time, as columns; `read_table` a small table whole. A CSV is read in whole columns where it is regular. Where a row has more or fewer cells than the
header it is read again line by line, so that the row can be shown and nothing is lost.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from .cells import FORMULA
from .text import cell_text

BLOCK = 1 << 25  # bytes of CSV read at once
LOOK_AT = 1 << 16  # bytes from which the kind of a file is told
DELIMITERS = (",", ";", "\t", "|")
MOST_XLSX_BYTES = 120_000_000
ENCODINGS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Unreadable(Exception):
    """Raised with the key of the message and its gaps."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


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
    warnings: tuple[str, ...] = ()


class TableLines(NamedTuple):
    """A table as it stands in a file, line by line: the header first, no line without a text.

    A line may have fewer or more cells than the header. `guessed`: neither a mark nor UTF-8 told
    the encoding.
    """

    lines: Iterator[list[str]]
    guessed: bool = False


Input = Path | bytes  # a file, or all that stands in one
Known = Callable[[Sequence[str]], Sequence[bool]]  # which columns of a header are read


class Shape(NamedTuple):
    """How a CSV file is written."""

    encoding: str
    delimiter: str
    guessed: bool  # neither a mark nor UTF-8 told the encoding


def open_table(source: Input, known: Known, careful: bool = False) -> TableSource:
    """A table, some rows at a time. `known` tells which columns are read. Raises Unreadable."""
    head = _head(source)
    if head.startswith(ZIP):
        return _open_xlsx(source, careful)
    shape = _shape(source, head)
    found = _open_lines(source, shape) if careful else _open_columns(source, shape, known)
    return found._replace(warnings=("encoding",) if shape.guessed else ())


def read_table(source: Input) -> TableLines:
    """A table as lines of texts; a formula without a saved value is blank.

    Raises Unreadable, at once or while the lines are read.
    """
    head = _head(source)
    if head.startswith(ZIP):
        return TableLines(_sheet_lines(source, formulas=False))
    shape = _shape(source, head)
    return TableLines(_csv_lines(source, shape), shape.guessed)


def _opened(source: Input) -> IO[bytes]:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _head(source: Input) -> bytes:
    """The first bytes of a table. Raises Unreadable where they are none, or those of an old workbook."""
    try:
        if isinstance(source, Path) and not source.exists():
            raise Unreadable("missing_file")
        with _opened(source) as file:
            head = file.read(LOOK_AT)
    except OSError as error:
        raise Unreadable("unreadable", why=error.strerror or error) from None
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty")
    if head.startswith(OLD_OFFICE):
        raise Unreadable("old_excel")
    return head


# --- CSV ----------------------------------------------------------------------------------------


def _shape(source: Input, head: bytes) -> Shape:
    """The encoding and the delimiter of a CSV file, from its first bytes and its marks."""
    encoding, guessed = _encoding(source, head)
    text = head.decode(encoding, errors="ignore")
    lines = [line for line in text.splitlines() if line.strip()]
    odd = sum(1 for c in text if ord(c) < 32 and c not in "\t\r\n\f\x1f")
    if not lines or odd > len(text) / 100:
        raise Unreadable("not_a_table")
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
    with _opened(source) as file:
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
                _opened(source),
                pa_csv.ReadOptions(
                    block_size=BLOCK, column_names=names, encoding=encoding, use_threads=True
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

    return TableSource(header, chunks())


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


def _open_lines(source: Input, shape: Shape, rows_at_once: int = 50_000) -> TableSource:
    """Any CSV, read row by row."""
    lines = _csv_lines(source, shape)
    header = _first(lines)
    return TableSource(header, chunks_of_rows(lines, len(header), rows_at_once))


def _csv_lines(source: Input, shape: Shape) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)
    with (
        _opened(source) as file,
        io.TextIOWrapper(file, shape.encoding, errors="replace", newline="") as text,
    ):
        for line in csv.reader((x.replace("\x00", "") for x in text), delimiter=shape.delimiter):
            if any(c.strip() for c in line):
                yield line


def _first(lines: Iterator[list[str]]) -> list[str]:
    """The header. Raises Unreadable where there is no line."""
    for line in lines:
        return line
    raise Unreadable("empty")


def chunks_of_rows(rows: Iterator[Sequence[str]], width: int, rows_at_once: int) -> Iterator[Chunk]:
    """Rows gathered into columns; a row that does not fit is cut or filled, and told."""
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


def _open_xlsx(source: Input, careful: bool) -> TableSource:
    """The first sheet of a workbook that has anything in it; formulas give their saved values.

    A column without a name is a column still. Only where a row has cells beyond the named ones is
    the sheet read again (`careful`) as wide as its widest row.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MOST_XLSX_BYTES:
        raise Unreadable("big_excel", size=f"{size / 1e6:,.0f}", most=MOST_XLSX_BYTES // 10**6)
    with _damage_told():
        lines = _sheet_lines(source, formulas=_has_formulas(source))
    header = _first(lines)
    if careful:
        widest = max(map(len, _sheet_lines(source, formulas=_has_formulas(source))))
        header += [""] * (widest - len(header))
    width = len(header)
    filled = (line + [""] * (width - len(line)) for line in _no_wider(lines, width))
    return TableSource(header, chunks_of_rows(filled, width, 20_000))


def _no_wider(lines: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    for line in lines:
        if len(line) > width:
            raise Ragged
        yield line


def _sheet_lines(source: Input, formulas: bool) -> Iterator[list[str]]:
    """The lines of the first sheet with any; a sheet leaves out the blank cells at the end of a row.

    Where `formulas` are looked for, one without a saved value is marked.
    """
    from openpyxl import load_workbook

    width = 0
    with _damage_told():
        values = load_workbook(_opened(source), read_only=True, data_only=True)
        plain = load_workbook(_opened(source), read_only=True) if formulas else None
        for number, sheet in enumerate(values.worksheets):
            for line in _sheet_rows(sheet, plain.worksheets[number] if plain else None):
                while len(line) > width and not line[-1].strip():
                    line.pop()
                if any(c.strip() for c in line):
                    width = width or len(line)
                    yield line + [""] * (width - len(line))
            if width:
                return


@contextmanager
def _damage_told() -> Iterator[None]:
    """Whatever a damaged workbook makes of its reader is told as one fault."""
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, SyntaxError, TypeError, EOFError,
        AttributeError,  # a sheet that holds only a chart
    ):  # fmt: skip
        raise Unreadable("bad_excel") from None


def _sheet_rows(sheet: Any, plain: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # a file may lie about its size
    if plain is None:
        for row in sheet.iter_rows(values_only=True):
            yield [cell_text(c) for c in row]
        return
    plain.reset_dimensions()
    both = zip(sheet.iter_rows(values_only=True), plain.iter_rows(values_only=True), strict=False)
    for row, written in both:
        yield [
            FORMULA if c is None and _is_formula(w) else cell_text(c)
            for c, w in zip(row, written, strict=False)
        ]


def _is_formula(written: object) -> bool:
    return (isinstance(written, str) and written.startswith("=")) or (
        written is not None and written.__class__.__name__ in ("ArrayFormula", "DataTableFormula")
    )


def _has_formulas(source: Input) -> bool:
    """Whether any sheet holds a formula (looked for in the file itself, which is far quicker)."""
    with _opened(source) as file, zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as sheet:
                    tail = b""
                    while block := sheet.read(1 << 20):
                        if b"<f>" in tail + block or b"<f " in tail + block:
                            return True
                        tail = block[-4:]
    return False
