"""Tables from bytes and to bytes, in memory only: nothing touches the disk.

How a table is read, and which cells are harmless, is said in `rules.table`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from rules.table.columns import ColumnShown
from rules.table.kinds import ZIP, Unreadable
from rules.table.read import read_table
from rules.table.text import say
from rules.table.write import MOST_IN_CELL, NOT_IN_XML, harmless, number_of

Kind = Literal["csv", "xlsx"]
KINDS: tuple[Kind, ...] = ("csv", "xlsx")
MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

MEGABYTE = 1_000_000
MOST_BYTES = 20 * MEGABYTE
MOST_ROWS = 50_000
MOST_COLUMNS = 500
WORDS = "words"  # the hidden sheet that the drop-downs read
COLUMN_WIDTH = 22  # letters
MOST_DIGITS = 15  # that a spreadsheet keeps of a number
BYTE_ORDER_MARK = "\ufeff"  # some programs write it twice
EXTRA = "#{}"  # a second column of one name


class SheetFault(ValueError):
    """A file that is not a table. `key` names the words that say why and what to do."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


# --- in -------------------------------------------------------------------------------------------


def read(data: bytes) -> pd.DataFrame:
    """The table in a file, all cells as texts. Its attribute `told` says what was not read as it stands.

    Raises SheetFault.
    """
    if len(data) > MOST_BYTES:
        raise SheetFault("too_large", most=MOST_BYTES // MEGABYTE)
    try:
        table = read_table(data)
        found = _frame(_narrow(table.lines))
        found.attrs["told"] = tuple(table.told)
        return found
    except SheetFault:
        raise
    except Unreadable as fault:
        raise SheetFault(fault.key, **fault.values) from None
    except Exception:
        # Whatever a damaged file makes of its reader: none of it is the person's concern.
        raise SheetFault("bad_excel" if data.startswith(ZIP) else "not_a_table") from None


def _narrow(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    """The lines, none of which is too wide to be held with all others."""
    for line in lines:
        if len(line) > MOST_COLUMNS:
            raise SheetFault("too_wide", most=MOST_COLUMNS)
        yield line


def _frame(lines: Iterator[list[str]]) -> pd.DataFrame:
    """Lines of texts as a frame; the first is the header."""
    header = next(lines, None)
    if header is None:
        raise SheetFault("empty")
    rows = list(islice(lines, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise SheetFault("too_many", most=f"{MOST_ROWS:,}")
    if not rows:
        raise SheetFault("no_rows")
    width = max(len(header), *(len(r) for r in rows))
    names = _names([*header, *([""] * (width - len(header)))])
    return pd.DataFrame([r + [""] * (width - len(r)) for r in rows], columns=names, dtype=object)


def _names(header: Sequence[str]) -> list[str]:
    """The names of the columns, each once; one without a name is called by its place."""
    found: list[str] = []
    for place, text in enumerate(header, 1):
        name = text.removeprefix(BYTE_ORDER_MARK).strip() or EXTRA.format(place)
        if name in found:
            name = f"{name} {EXTRA.format(place)}"
        found.append(name)
    return found


# --- out ------------------------------------------------------------------------------------------


def write(frame: pd.DataFrame, kind: Kind) -> bytes:
    """A frame of texts as the bytes of a file; no cell is left that a spreadsheet would run."""
    lines: Iterable[Sequence[str]] = (
        [str(c) for c in frame.columns],
        *(frame.fillna("").astype(str).itertuples(index=False, name=None)),
    )
    safe = [[harmless(c) for c in line] for line in lines]
    return _csv(safe) if kind == "csv" else _xlsx({say("template", "sheet"): safe})


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
    return _xlsx({names[0]: [header], names[1]: told, WORDS: words}, lists)


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


Lines = Sequence[Sequence[str]]


def _xlsx(sheets: dict[str, Lines], lists: dict[int, int] | None = None) -> bytes:
    """The bytes of an XLSX file, from the lines of each sheet by its name.

    `lists`: the columns of the first sheet (counted from 0) that take only words of the last, hidden
    sheet, with the number of words in the column of the same place there.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        made = [_add_sheet(book, name, lines, bold) for name, lines in sheets.items()]
        if lists:
            made[-1].hide()
            _offer_words(made[0], made[-1].get_name(), lists)
    return out.getvalue()


def _add_sheet(book: Workbook, name: str, lines: Lines, bold: Format) -> Worksheet:
    sheet = book.add_worksheet(name)
    width = max((len(line) for line in lines), default=1)
    sheet.set_column(0, width - 1, COLUMN_WIDTH)
    sheet.freeze_panes(1, 0)
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            _write_cell(sheet, row, column, text, bold if row == 0 else None)
    if len(lines) > 1:
        sheet.autofilter(0, 0, len(lines) - 1, width - 1)
    return sheet


def _write_cell(sheet: Worksheet, row: int, column: int, text: str, style: Format | None) -> None:
    """A number as a number where none of its digits is lost; all else as text, never formula or link."""
    number = number_of(text)
    if number is not None and sum(map(str.isdigit, text)) <= MOST_DIGITS:
        sheet.write_number(row, column, number, style)
    elif text:
        plain = NOT_IN_XML.sub("", text)
        plain = plain if len(plain) <= MOST_IN_CELL else plain[: MOST_IN_CELL - 1] + "…"
        sheet.write_string(row, column, plain, style)


def _offer_words(sheet: Worksheet, words: str, lists: dict[int, int]) -> None:
    """Drop-downs of the allowed words, for every row that a person may fill in."""
    for column, count in lists.items():
        found = xl_range_abs(0, column, count - 1, column)
        rule = {
            "validate": "list", "source": f"={words}!{found}",
            "error_title": say("template", "error_title"), "error_message": say("template", "error"),
        }  # fmt: skip
        sheet.data_validation(1, column, MOST_ROWS - 1, column, rule)
