"""Tables from bytes and to bytes, in memory only: nothing touches the disk.

The libraries that write XLSX put sheets into temporary files on the way, so the sheet is written here.
Which cells are harmless, and how a cell is read as text, is said in `rules.table`.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from rules.table.columns import ColumnShown
from rules.table.text import cell_text, say
from rules.table.write import MOST_IN_CELL, NOT_IN_XML, SHORT_NUMBER, harmless

Kind = Literal["csv", "xlsx"]
KINDS: tuple[Kind, ...] = ("csv", "xlsx")
MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

MEGABYTE = 1_000_000
MOST_BYTES = 20 * MEGABYTE
MOST_UNPACKED = 400 * MEGABYTE
MOST_ROWS = 50_000
MOST_COLUMNS = 500
LONGEST_LINE_CELL = 1_000_000
WORDS = "words"  # the hidden sheet that the drop-downs read
EXTRA = "#{}"  # a second column of one name


class SheetFault(ValueError):
    """A file that is not a table. `key` names the words that say why and what to do."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


# --- in -------------------------------------------------------------------------------------------


def read(data: bytes) -> pd.DataFrame:
    """The table in a file, all cells as texts. Raises SheetFault."""
    if not data.strip():
        raise SheetFault("empty")
    if len(data) > MOST_BYTES:
        raise SheetFault("too_large", most=MOST_BYTES // MEGABYTE)
    if data[:4] == b"PK\x03\x04":
        lines = _xlsx_lines(data)
    elif data[:4] == b"\xd0\xcf\x11\xe0":
        raise SheetFault("old_excel")
    else:
        lines = _csv_lines(data)
    return _frame(lines)


def _frame(lines: Iterator[list[str]]) -> pd.DataFrame:
    """Lines of texts as a frame: the first that holds anything is the header; empty ones are left out."""
    header: list[str] | None = None
    rows: list[list[str]] = []
    for line in lines:
        if not any(c.strip() for c in line):
            continue
        if header is None:
            header = line
            if len(header) > MOST_COLUMNS:
                raise SheetFault("too_wide", most=MOST_COLUMNS)
            continue
        rows.append(line)
        if len(rows) > MOST_ROWS:
            raise SheetFault("too_many", most=f"{MOST_ROWS:,}")
    if header is None:
        raise SheetFault("empty")
    if not rows:
        raise SheetFault("no_rows")
    width = max(len(header), *(len(r) for r in rows))
    if width > MOST_COLUMNS:
        raise SheetFault("too_wide", most=MOST_COLUMNS)
    names = _names([*header, *([""] * (width - len(header)))])
    return pd.DataFrame([r + [""] * (width - len(r)) for r in rows], columns=names, dtype=object)


def _names(header: Sequence[str]) -> list[str]:
    """The names of the columns, each once; one without a name is called by its place."""
    found: list[str] = []
    for place, text in enumerate(header, 1):
        name = text.strip() or EXTRA.format(place)
        if name in found:
            name = f"{name} {EXTRA.format(place)}"
        found.append(name)
    return found


def _csv_lines(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    if "\x00" in text:
        raise SheetFault("not_a_table")
    csv.field_size_limit(LONGEST_LINE_CELL)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    except csv.Error:
        raise SheetFault("not_a_table") from None


def _decoded(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise SheetFault("not_a_table")


def _delimiter(text: str) -> str:
    """What parts the cells: the sign that the header has most of."""
    line = next((found for found in text.splitlines() if found.strip()), "")
    return max(",;\t|", key=line.count)


def _xlsx_lines(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(i.file_size for i in packed.infolist()) > MOST_UNPACKED:
                raise SheetFault("too_large", most=MOST_BYTES // MEGABYTE)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a file may lie about its size
        for cells in sheet.iter_rows(values_only=True):
            line = [cell_text(c) for c in cells]
            while line and not line[-1]:
                line.pop()
            yield line
    except SheetFault:
        raise
    except Exception:
        # Whatever a damaged file makes of the reader: none of it is the person's concern.
        raise SheetFault("bad_excel") from None


# --- out ------------------------------------------------------------------------------------------


def write(frame: pd.DataFrame, kind: Kind) -> bytes:
    """A frame of texts as the bytes of a file; no cell is left that a spreadsheet would run."""
    lines: Iterable[Sequence[str]] = (
        [str(c) for c in frame.columns],
        *(frame.fillna("").astype(str).itertuples(index=False, name=None)),
    )
    safe = [[harmless(c) for c in line] for line in lines]
    return _csv(safe) if kind == "csv" else _xlsx([(say("template", "sheet"), safe)])


def template(shown: Sequence[ColumnShown], kind: Kind) -> bytes:
    """An empty table to fill in: the names of the columns, and in XLSX the allowed words to choose from."""
    header = [c.name for c in shown]
    if kind == "csv":
        return _csv([header])
    told = [
        [say("template", k) for k in ("column", "allowed", "help")],
        *([c.name, c.allowed, c.help] for c in shown),
    ]
    words = [["" for _ in shown] for _ in range(max(len(c.values) for c in shown))]
    for place, column in enumerate(shown):
        for row, value in enumerate(column.values):
            words[row][place] = value
    lists = {i: len(c.values) for i, c in enumerate(shown) if c.values}
    names = say("template", "sheet"), say("template", "help_sheet")
    return _xlsx([(names[0], [header]), (names[1], told), (WORDS, words)], lists)


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


Sheet = tuple[str, Sequence[Sequence[str]]]
PARTS = Path(__file__).parent.parent / "assets" / "xlsx"


@lru_cache(maxsize=16)
def _part(name: str) -> Template:
    """The frame of one part of an XLSX file."""
    return Template((PARTS / f"{name}.xml").read_text(encoding="utf-8").strip())


def _fill(part: str, /, **gaps: object) -> str:
    return _part(part).substitute(gaps)


def _xlsx(sheets: Sequence[Sheet], lists: dict[int, int] | None = None) -> bytes:
    """The bytes of an XLSX file. `lists`: for columns of the first sheet, how many words of the last
    sheet's column may stand in them."""
    out = io.BytesIO()
    numbers = range(1, len(sheets) + 1)
    hidden = len(sheets) if lists else 0
    types = "".join(_fill("piece_content_type", number=n) for n in numbers)
    own = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    named = "".join(
        _fill(
            "piece_sheet",
            number=n,
            name=quoteattr(name),
            state="hidden" if n == hidden else "visible",
        )
        for n, (name, _) in zip(numbers, sheets, strict=True)
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("[Content_Types].xml", _fill("content_types", parts=types))
        pack.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        pack.writestr("xl/_rels/workbook.xml.rels", _relations([*own, ("styles", "styles.xml")]))
        pack.writestr("xl/styles.xml", _fill("styles"))
        pack.writestr("xl/workbook.xml", _fill("workbook", parts=named))
        for n, (_, lines) in zip(numbers, sheets, strict=True):
            choices = _choices(lists, sheets[-1][0]) if lists and n == 1 else ""
            pack.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(lines, choices))
    return out.getvalue()


def _relations(of: Sequence[tuple[str, str]]) -> str:
    found = "".join(
        _fill("piece_relationship", number=n, kind=kind, target=target)
        for n, (kind, target) in enumerate(of, 1)
    )
    return _fill("relationships", parts=found)


def _sheet(lines: Sequence[Sequence[str]], choices: str) -> str:
    width = max((len(line) for line in lines), default=1)
    rows = "".join(
        f'<row r="{n}">{"".join(_cell(c, n, i) for i, c in enumerate(line) if c)}</row>'
        for n, line in enumerate(lines, 1)
    )
    last = f"{_letters(width - 1)}{len(lines)}"
    filtered = f'<autoFilter ref="A1:{last}"/>' if len(lines) > 1 else ""
    return _fill("sheet", width=width, rows=rows, filter=filtered, choices=choices)


def _cell(text: str, row: int, column: int) -> str:
    place = f"{_letters(column)}{row}"
    style = ' s="1"' if row == 1 else ""
    if SHORT_NUMBER.fullmatch(text):
        return f'<c r="{place}"{style}><v>{text}</v></c>'
    plain = NOT_IN_XML.sub("", text)
    plain = plain if len(plain) <= MOST_IN_CELL else plain[: MOST_IN_CELL - 1] + "…"
    inside = f'<is><t xml:space="preserve">{escape(plain)}</t></is>'
    return f'<c r="{place}" t="inlineStr"{style}>{inside}</c>'


def _letters(column: int) -> str:
    """The letters of a column, counted from 0."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _choices(lists: dict[int, int], sheet: str) -> str:
    """Drop-downs of the allowed words, for every row that a person may fill in."""
    title, text = (quoteattr(say("template", k)) for k in ("error_title", "error"))
    rules = "".join(
        _fill(
            "piece_choice",
            column=_letters(i),
            last=MOST_ROWS,
            count=n,
            sheet=sheet,
            title=title,
            text=text,
        )
        for i, n in lists.items()
    )
    return f'<dataValidations count="{len(lists)}">{rules}</dataValidations>'
