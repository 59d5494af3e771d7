"""A paper as a Word file: real headings, header rows, language and title set, US Letter."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row
from docx.shared import Inches, Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell

from .blocks import (
    BLANK,
    Block,
    Bullets,
    Checklist,
    Enclosures,
    Fields,
    Heading,
    LineBlock,
    Note,
    Numbered,
    PageBreak,
    Paper,
    Paragraph,
    Reference,
    SignatureBlock,
    Table,
)
from .phrases import say

LINE = BLANK * 5
ROOM = BLANK * 30  # room to write a few lines
FONT = "Calibri"
SHADES = {"draft": "FFF4D6", "check": "FFF4D6", "crisis": "FDE7E7", "tip": "EEF3F8"}


def render(paper: Paper) -> bytes:
    """The Word file of a paper."""
    document = Document()
    _page(document, paper)
    if paper.form != "letter":
        document.add_heading(paper.title, level=1)
    for block in paper.blocks:
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Word, paper: Paper) -> None:
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


def _language(style: ParagraphStyle, language: str) -> None:
    """The language that a screen reader speaks."""
    fonts = style.element.get_or_add_rPr()
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), f"{language}-US")
    fonts.append(tag)


def _add(document: Word, block: Block) -> None:
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
            _fields(document, block.rows)
        case LineBlock():
            _lines(document, [text or f"{LINE} ({label})" for label, text in block.rows])
        case Reference():
            _fields(document, block.rows)
        case Enclosures():
            _lines(document, [say("paper", "enclosures"), *block.items])
        case Note():
            _note(document, block)
        case SignatureBlock():
            if block.closing:
                document.add_paragraph(block.closing)
            for label, value in block.lines:
                line = document.add_paragraph()
                line.paragraph_format.space_before = Pt(14)
                line.add_run(f"{label}: ")
                line.add_run(value or LINE)
        case PageBreak():
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _numbered(document: Word, block: Numbered) -> None:
    for n, item in enumerate(block.items, 1):
        line = document.add_paragraph(f"{n}. {item}")
        line.paragraph_format.left_indent = Inches(0.3)
        line.paragraph_format.first_line_indent = Inches(-0.3)


def _lines(document: Word, items: Sequence[str]) -> None:
    """Short lines that belong together, in one paragraph."""
    line = document.add_paragraph()
    for i, item in enumerate(items):
        if i:
            line.add_run().add_break()
        line.add_run(item)


def _fields(document: Word, rows: Sequence[tuple[str, str]]) -> None:
    for label, value in rows:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(3)
        line.add_run(f"{label}: ").bold = True
        line.add_run(value or LINE)


def _table(document: Word, table: Table) -> None:
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


def _cell(cell: _Cell, text: str, width: Length, header: bool) -> None:
    cell.width = width
    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(2)
    run = line.add_run(text)
    run.font.size, run.bold = Pt(9.5), header
    if header:
        _shade(cell, "E5E9EE")


def _note(document: Word, note: Note) -> None:
    cell = document.add_table(rows=1, cols=1, style="Table Grid").rows[0].cells[0]
    _shade(cell, SHADES[note.kind])
    cell.paragraphs[0].add_run(note.title).bold = True
    for item in note.items:
        cell.add_paragraph(item, style="List Bullet")
    document.add_paragraph()


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _mark(row: CT_Row, name: str) -> None:
    """A property of a table row: a header that repeats, or a row that is not split."""
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(mark)
