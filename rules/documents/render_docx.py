"""A paper as a Word file: real headings, header rows, language and title set, US Letter."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor
from docx.table import _Cell

from .blocks import (
    BLANK,
    Block,
    Bullets,
    Checklist,
    Fields,
    Heading,
    LineBlock,
    Note,
    Numbered,
    PageBreak,
    Paper,
    Paragraph,
    SignatureBlock,
    Table,
)

LINE = BLANK * 5
ROOM = BLANK * 30  # room to write a few lines
FONT = "Calibri"
SHADES = {"draft": "FFF4D6", "check": "FFF4D6", "crisis": "FDE7E7", "tip": "EEF3F8"}


def render(paper: Paper) -> bytes:
    """The Word file of a paper."""
    document = Document()
    _page(document, paper)
    document.add_heading(paper.title, level=1)
    for block in paper.blocks:
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1)
    section.top_margin = section.bottom_margin = Inches(0.9)
    section.footer.paragraphs[0].text = paper.footer
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.paragraph_format.space_after = Pt(6)
    _language(style, paper.language)
    for level in (1, 2, 3):
        heading = document.styles[f"Heading {level}"]
        heading.font.name, heading.font.color.rgb = FONT, RGBColor(0x1F, 0x2A, 0x37)
    properties = document.core_properties
    properties.title, properties.language = paper.title, paper.language
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.subject = paper.footer


def _language(style: Any, language: str) -> None:
    """The language that a screen reader speaks."""
    fonts = style.element.get_or_add_rPr()
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), f"{language}-US")
    fonts.append(tag)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading():
            document.add_heading(block.text, level=block.level)
        case Paragraph():
            line = document.add_paragraph()
            if block.lead:
                line.add_run(f"{block.lead} ").bold = True
            line.add_run(ROOM if block.text == BLANK else block.text)
        case Bullets():
            for item in block.items:
                document.add_paragraph(item, style="List Bullet")
        case Checklist():
            for item in block.items:
                document.add_paragraph(f"☐ {item}")
        case Numbered():
            _numbered(document, block)
        case Table():
            _table(document, block)
        case Fields():
            _fields(document, block)
        case LineBlock():
            line = document.add_paragraph()
            for i, item in enumerate(block.items):
                if i:
                    line.add_run().add_break()
                line.add_run(item or LINE)
        case Note():
            _note(document, block)
        case SignatureBlock():
            for label, value in block.lines:
                line = document.add_paragraph()
                line.paragraph_format.space_before = Pt(14)
                line.add_run(f"{label}: ")
                line.add_run(value or LINE)
        case PageBreak():
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _numbered(document: Any, block: Numbered) -> None:
    for n, item in enumerate(block.items, 1):
        line = document.add_paragraph(f"{n}. {item}")
        line.paragraph_format.left_indent = Inches(0.3)
        line.paragraph_format.first_line_indent = Inches(-0.3)


def _fields(document: Any, block: Fields) -> None:
    for label, value in block.rows:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(3)
        line.add_run(f"{label}: ").bold = True
        line.add_run(value or LINE)


def _table(document: Any, table: Table) -> None:
    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(table.caption).bold = True
    shares = table.widths or (1,) * len(table.columns)
    widths = [Inches(6.5 * s / sum(shares)) for s in shares]
    lines = (table.columns, *table.rows)
    grid = document.add_table(rows=len(lines), cols=len(table.columns), style="Table Grid")
    for n, (row, texts) in enumerate(zip(grid._tbl.tr_lst, lines, strict=True)):
        _mark(row, "w:cantSplit" if n else "w:tblHeader")
        if not any(texts):
            row.height = Inches(0.4)  # high enough to write in by hand
        for tc, text, width in zip(row.tc_lst, texts, widths, strict=True):
            _cell(_Cell(tc, grid), text, width, header=n == 0)
    document.add_paragraph()


def _cell(cell: Any, text: str, width: Any, header: bool) -> None:
    cell.width = width
    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(2)
    run = line.add_run(text)
    run.font.size, run.bold = Pt(9.5), header
    if header:
        _shade(cell, "E5E9EE")


def _note(document: Any, note: Note) -> None:
    cell = document.add_table(rows=1, cols=1, style="Table Grid").rows[0].cells[0]
    _shade(cell, SHADES[note.kind])
    cell.paragraphs[0].add_run(note.title).bold = True
    for item in note.items:
        cell.add_paragraph(item, style="List Bullet")
    document.add_paragraph()


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _mark(row: Any, name: str) -> None:
    """A property of a table row: a header that repeats, or a row that is not split."""
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(mark)
