"""An XLSX file of one sheet, written row by row: what is written waits in a file without a name."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/{SHEET}" ContentType="{TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet {MAIN}><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}  # fmt: skip
BOLD = 1  # which of the styles
NARROW, WIDE = 12, 40  # letters of a column
COPIED = 1 << 20  # bytes at once
Cell = str | float | None


class SheetOut:
    """One sheet: its first row bold and frozen, a filter on every column."""

    def __init__(self, file: IO[bytes], name: str, header: Sequence[Cell]) -> None:
        self.rows = 0
        self._file = file
        self._name = name
        self._width = max(len(header), 1)
        self._rows = _nameless()
        widths = (min(WIDE, max(NARROW, len(str(h or "")) + 2)) for h in header)
        columns = "".join(
            f'<col min="{i}" max="{i}" width="{w}" customWidth="1"/>'
            for i, w in enumerate(widths, 1)
        )
        self._write(
            f'{HEAD}<worksheet {MAIN}><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{columns}</cols><sheetData>"
        )
        self.add(header, BOLD)

    def add(self, cells: Sequence[Cell], style: int = 0) -> None:
        self.rows += 1
        self._write(f"<row>{''.join(_xml(c, style) for c in cells)}</row>")

    def _write(self, text: str) -> None:
        self._rows.write(text.encode("utf-8", "replace"))

    def end(self) -> None:
        """Write the whole file."""
        across = f"A1:{letters(self._width)}{self.rows}"
        self._write(f'</sheetData><autoFilter ref="{across}"/></worksheet>')
        size = self._rows.tell()
        self._rows.seek(0)
        with _archive(self._file) as archive:
            for name, text in PARTS.items():
                archive.writestr(name, HEAD + text)
            archive.writestr("xl/workbook.xml", self._workbook())
            part = zipfile.ZipInfo(SHEET)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.file_size = size
            with archive.open(part, "w") as into:
                shutil.copyfileobj(self._rows, into, COPIED)

    def _workbook(self) -> str:
        last = f"${letters(self._width)}${self.rows}"
        name = escape(self._name, {'"': "&quot;"})
        return (
            f'{HEAD}<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/>'
            '</sheets><definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
            f"'{name}'!$A$1:{last}</definedName></definedNames></workbook>"
        )

    def let_go(self) -> None:
        with contextlib.suppress(OSError):  # what still waits has no room, and is not wanted
            self._rows.close()


def _nameless() -> IO[bytes]:
    """A file without a name: whatever ends the program leaves nothing of it."""
    return tempfile.TemporaryFile()


@contextlib.contextmanager
def _archive(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """An archive in a file; where the file takes no more, it is left as it is."""
    archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
    try:
        yield archive
        archive.close()
    except BaseException:
        with contextlib.suppress(OSError, ValueError):
            archive.close()
        raise


def _xml(cell: Cell, style: int) -> str:
    styled = f' s="{style}"' if style else ""
    if cell is None:
        return f"<c{styled}/>"
    if not isinstance(cell, str):
        return f"<c{styled}><v>{cell!r}</v></c>"
    text = escape(cell, {"\r": "&#13;"})
    return f'<c{styled} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def letters(column: int) -> str:
    """The letters of a column counted from 1: 27 is AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
