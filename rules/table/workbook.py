"""A workbook (XLSX) line by line. What it grows to is bounded; what a reader would miss is told."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from defusedxml import DefusedXmlException, ElementTree
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

from .cells import FORMULA
from .kinds import Input, Unreadable, opened
from .text import cell_text, say, words

MEGABYTE = 1_000_000
MOST_PACKED = 120 * MEGABYTE
# Unpacked, a sheet is ten to thirty times as large; beyond, somebody made it to fill a memory.
MOST_UNPACKED, MOST_GROWTH, SMALL = 4_000 * MEGABYTE, 100, 50 * MEGABYTE
MOST_PARTS = 10_000
MOST_PART = 10 * MEGABYTE  # of what is read whole: the names of sheets, the styles
MOST_TAGS = 400_000  # in such a part
MOST_SHARED = 4_000_000  # texts that the cells share: they stay in memory
MOST_APART = 8 * MEGABYTE  # from one row to the next: a cell holds 32,767 characters
NEAR = 1_000  # rows in which the first of another sheet are looked for
LONGEST_TAG = 1 << 16
MOST_ROWS = 1_048_576
SHOWN = 4  # merged cells that are named
ROW = re.compile(rb"<(?:\w+:)?(?:row|si)[ />]")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*ref=[\"']([A-Za-z0-9:$]{1,40})")
HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\s[^>]*hidden=[\"'](?:1|true)[\"']")


@dataclass
class _Seen:
    """What stands in a sheet beside its cells."""

    merged: list[str] = field(default_factory=list)
    hidden: dict[str, int] = field(default_factory=lambda: {"row": 0, "col": 0})


class _Part:
    """A part of a workbook as it is read: watched, so that it cannot fill the memory."""

    def __init__(self, file: IO[bytes], seen: _Seen) -> None:
        self._file = file
        self._seen = seen
        self._shared = 0
        self._apart = 0  # bytes since the last row
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size if size >= 0 else MOST_PART + 1)
        if size < 0 and len(block) > MOST_PART:
            raise Unreadable("growing_excel")
        row = ROW.search(block)
        if self._apart + (len(block) if row is None else row.start()) > MOST_APART:
            raise Unreadable("growing_excel")
        self._apart = self._apart + len(block) if row is None else len(block) - row.start()
        self._shared += block.count(b"<si")
        if self._shared > MOST_SHARED:
            raise Unreadable("growing_excel")
        self._look(self._tail + block)
        return block

    def _look(self, text: bytes) -> None:
        whole = text.rfind(b">") + 1
        self._tail = text[whole:][:LONGEST_TAG]
        if b"mergeCell" in text:
            self._seen.merged.extend(m[1].decode() for m in MERGED.finditer(text[:whole]))
        if b"hidden=" in text:
            for found in HIDDEN.finditer(text[:whole]):
                self._seen.hidden[found[1].decode()] += 1

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Archive(zipfile.ZipFile):
    """The ZIP of a workbook, its parts watched. `seen`: what stood in each that was read."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.seen: dict[str, _Seen] = {}
        parts = self.infolist()
        grown, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
        if grown > min(MOST_UNPACKED, max(SMALL, MOST_GROWTH * packed)) or len(parts) > MOST_PARTS:
            raise Unreadable("growing_excel")

    def open(self, name: Any, mode: Any = "r", *args: Any, **more: Any) -> Any:
        seen = self.seen[str(name)] = _Seen()
        return _Part(super().open(name, mode, *args, **more), seen)

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        """A small part, whole. Raises DefusedXmlException for one that defines entities."""
        with self.open(name) as part:
            found: bytes = part.read()
        if found.count(b"<") > MOST_TAGS:
            raise Unreadable("growing_excel")
        if str(name).endswith((".xml", ".rels")):
            ElementTree.fromstring(found, forbid_dtd=True)
        return found


def sheet_lines(source: Input, told: list[str], formulas: bool) -> Iterator[list[str]]:
    """The lines of the first sheet with any; a sheet leaves out the blank cells at the end of a row.

    Where `formulas` are looked for, one without a saved value is marked. What is to be told of the
    sheet and of those beside it is added to `told` in the end. Raises Unreadable.
    """
    with _damage_told():
        values = _workbook(source, data_only=True)
        plain = _workbook(source, data_only=False) if formulas and has_formulas(source) else None
        sheets = sorted(
            (s for s in values.worksheets if hasattr(s, "reset_dimensions")),  # else it is a chart
            key=lambda s: s.sheet_state != "visible",
        )
        shares = _percent_styles(values)
        for place, sheet in enumerate(sheets):
            other = None if plain is None else plain[sheet.title]
            width = 0
            for line in _sheet_rows(sheet, other, shares):
                while len(line) > width and not line[-1].strip():
                    line.pop()
                if any(c.strip() for c in line):
                    width = width or len(line)
                    yield line + [""] * (width - len(line))
            if width:
                told.extend(_told(values, sheet, sheets[place + 1 :], shares))
                return


def _workbook(source: Input, data_only: bool) -> Any:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MOST_PACKED:
        raise Unreadable("big_excel", size=f"{size / MEGABYTE:,.0f}", most=MOST_PACKED // MEGABYTE)
    file = opened(source)
    reader = ExcelReader(file, read_only=True, data_only=data_only, keep_links=False)
    reader.archive = _Archive(file)
    reader.read()
    return reader.wb


@contextmanager
def _damage_told() -> Iterator[None]:
    """Whatever a damaged workbook makes of its reader is told as one fault."""
    try:
        yield
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        unsafe = isinstance(error, DefusedXmlException) or isinstance(
            error.__cause__, DefusedXmlException
        )
        raise Unreadable("unsafe_excel" if unsafe else "bad_excel") from None


def _sheet_rows(sheet: Any, plain: Any, shares: frozenset[int]) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # a file may lie about its size
    rows: Iterator[Sequence[str]]
    if shares:
        rows = ([_as_shown(c, shares) for c in row] for row in sheet.iter_rows())
    else:
        rows = ([cell_text(c) for c in row] for row in sheet.iter_rows(values_only=True))
    written: Iterator[Sequence[object]] | None = None
    if plain is not None:
        plain.reset_dimensions()
        written = plain.iter_rows(values_only=True)
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise Unreadable("long_sheet", most=f"{MOST_ROWS:,}")
        if written is None:
            yield list(row)
        else:
            beside = next(written, ())
            yield [
                FORMULA if not c and _is_formula(w) else c
                for c, w in zip(row, beside, strict=False)
            ]


def _as_shown(cell: Any, shares: frozenset[int]) -> str:
    """A cell as text; a share that the sheet shows as a percentage is one."""
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if getattr(cell, "_style_id", None) in shares:
            return f"{cell_text(round(value * 100, 10))}%"
    return cell_text(value)


def _percent_styles(book: Any) -> frozenset[int]:
    """The styles of a workbook whose numbers are shown as percentages."""

    def form(number: int) -> str:
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return str(BUILTIN_FORMATS.get(number, ""))
        own = number - BUILTIN_FORMATS_MAX_SIZE
        return str(book._number_formats[own]) if own < len(book._number_formats) else ""

    return frozenset(i for i, s in enumerate(book._cell_styles) if "%" in form(s.numFmtId))


def _is_formula(written: object) -> bool:
    return (isinstance(written, str) and written.startswith("=")) or (
        written is not None and written.__class__.__name__ in ("ArrayFormula", "DataTableFormula")
    )


def has_formulas(source: Input) -> bool:
    """Whether any sheet holds a formula (looked for in the file itself, which is far quicker)."""
    with opened(source) as file, zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as sheet:
                    tail = b""
                    while block := sheet.read(1 << 20):
                        if b"<f>" in tail + block or b"<f " in tail + block:
                            return True
                        tail = block[-4:]
    return False


# --- what is told ---------------------------------------------------------------------------------


def _told(book: Any, sheet: Any, others: Sequence[Any], shares: frozenset[int]) -> Iterator[str]:
    """What would go unseen: merged and hidden cells, a hidden sheet, other sheets with rows."""
    seen = book._archive.seen[sheet._worksheet_path]
    if seen.merged:
        some = ", ".join(seen.merged[:SHOWN]) + (" …" if len(seen.merged) > SHOWN else "")
        yield say("warnings", "merged", cells=some, count=f"{len(seen.merged):,}")
    for what, count in seen.hidden.items():
        if count:
            yield say("warnings", f"hidden_{what}", count=f"{count:,}")
    if sheet.sheet_state != "visible":
        yield say("warnings", "hidden_sheet", sheet=sheet.title[:40])
    named = [s.title[:40] for s in others if s.sheet_state == "visible" and _has_rows(s, shares)]
    if named:
        yield say("warnings", "sheets", used=sheet.title[:40], sheets=", ".join(named))


def _has_rows(sheet: Any, shares: frozenset[int]) -> bool:
    """Whether rows stand under a first line; the sheet that explains our own columns does not count."""
    near = islice(_sheet_rows(sheet, None, shares), NEAR)
    filled = (row for row in near if any(c.strip() for c in row))
    first, second = next(filled, None), next(filled, None)
    own = [words()["template"][k] for k in ("column", "allowed", "help")]
    return second is not None and first is not None and list(first)[: len(own)] != own
