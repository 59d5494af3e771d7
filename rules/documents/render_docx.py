"""A paper as a Word file that looks like its PDF: real headings, lists and header rows, US Letter."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Emu, Inches, Length, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Line

from . import word_parts as word
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
    Paper,
    Paragraph,
    Reference,
    SignatureBlock,
    Table,
    with_the_signature,
)
from .columns import column_widths
from .phrases import say
from .render_pdf import is_tight

# In every Word and, under another name with the same widths, in LibreOffice; near to the PDF's face.
FONT = "Times New Roman"
INK, PALE = RGBColor(0x1F, 0x2A, 0x37), RGBColor(0x4B, 0x55, 0x63)
SHADES = {
    "draft": ("FFF8E5", "8A6100"),
    "check": ("FFF8E5", "8A6100"),
    "crisis": ("FDECEC", "9B1C1C"),
    "tip": ("F1F5F9", "33506E"),
}
SHORT_LINE = Inches(2.6)
MOST_ROWS_TOGETHER = 8
LETTER_WIDTH = Pt(5.6)  # what a letter of a label takes, nearly


def render(paper: Paper) -> bytes:
    """The Word file of a paper."""
    writer = _Writer(paper)
    for block, held in with_the_signature(paper.blocks):
        writer.add(block, held)
    return writer.saved()


def _pairs(labels: Sequence[str]) -> list[Sequence[str]]:
    """Lines to write on, two beside one another."""
    return [labels[i : i + 2] for i in range(0, len(labels), 2)]


def _together(lines: Sequence[Line]) -> Line:
    """Keeps lines on one page; the last of them."""
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True
    return lines[-1]


class _Writer:
    """Writes the blocks of a paper one after the other."""

    def __init__(self, paper: Paper) -> None:
        self.document = Document()
        self.lists = word.Lists(self.document)
        self.letter = paper.form == "letter"
        self.tight = is_tight(paper)
        self.width = Inches(6.3 if self.letter else 6.5)
        self._page(paper)
        self._styles(paper)
        if not self.letter:
            self.document.add_heading(paper.title, level=1)

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    # --- the page ---

    def _page(self, paper: Paper) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Inches(8.5), Inches(11)
        section.left_margin = section.right_margin = Emu((Inches(8.5) - self.width) // 2)
        section.top_margin, section.bottom_margin = (
            Inches(0.75),
            Inches(0.75 if self.tight else 0.8),
        )
        section.footer_distance = Inches(0.4)
        # The first page tells no number; only a sheet tells there whose it is.
        section.different_first_page_header_footer = True
        if paper.form == "sheet":
            self._small(section.first_page_footer.paragraphs[0], paper.footer)
        line = section.footer.paragraphs[0]
        line.paragraph_format.tab_stops.add_tab_stop(self.width, WD_TAB_ALIGNMENT.RIGHT)
        before, between, after = say("paper", "page", page="#", pages="#").split("#")
        self._small(line, f"{paper.footer}\t{before}")
        word.page_field(line, "PAGE")
        self._small(line, between)
        word.page_field(line, "NUMPAGES")
        self._small(line, after)
        properties = self.document.core_properties
        properties.title, properties.language = paper.title, f"{paper.language}-US"
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.subject = paper.footer

    def _styles(self, paper: Paper) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        word.plain_font(normal, FONT)
        size, gap, pitch = (10.5, 3, 1.02) if self.tight else (11, 4, 1.05)
        normal.font.size, normal.font.color.rgb = Pt(size), INK
        normal.paragraph_format.space_after = Pt(gap)
        normal.paragraph_format.line_spacing = pitch
        word.language(normal, f"{paper.language}-US")
        sizes = (size, size, size) if self.letter else (16, 12.5, 11)
        for level, size in enumerate(sizes, 1):
            heading = styles[f"Heading {level}"]
            word.plain_font(heading, FONT)
            heading.font.size, heading.font.color.rgb = Pt(size), INK
            shape = heading.paragraph_format
            shape.space_before, shape.space_after = (
                Pt((gap + 1) if level > 1 or self.letter else 0),
                Pt(1.5),
            )
        footer = styles["Footer"]
        footer.font.size, footer.font.color.rgb = Pt(8.5), PALE
        footer.paragraph_format.tab_stops.clear_all()

    # --- the blocks ---

    def add(self, block: Block, held: bool) -> None:
        """Writes a block; one that is `held` stays on a page with what follows."""
        last = self._add(block)
        if held:
            last.paragraph_format.keep_with_next = True
            if isinstance(block, Table | Note):
                self._hold_the_last_table()

    def _add(self, block: Block) -> Line:
        """Writes a block; its last paragraph."""
        match block:
            case Heading():
                line = self.line(style=f"Heading {block.level}")
                line.add_run(block.text)
                return line
            case Paragraph():
                return self._paragraph(block)
            case Bullets():
                return self._items("bullet", block.items)
            case Checklist():
                return self._items("check", block.items)
            case Numbered():
                return self._items("number", block.items)
            case Table():
                return self._table(block)
            case Fields():
                last = [self._field(*row) for row in block.rows][-1]
                last.paragraph_format.space_after = Pt(3 if self.tight else 4)
                return last
            case LineBlock():
                return self._lines(block)
            case Reference():
                return self._reference(block)
            case Enclosures():
                return self._enclosures(block)
            case Note():
                return self._note(block)
            case SignatureBlock():
                return self._signature(block) if block.closing else self._to_sign(block)
        raise AssertionError(block)

    def line(self, after: float | None = None, style: str = "Normal") -> Line:
        """A new paragraph, with `after` points below it."""
        line = self.document.add_paragraph(style=style)
        if after is not None:
            line.paragraph_format.space_after = Pt(after)
        return line

    def _small(self, line: Line, text: str) -> None:
        run = line.add_run(text)
        run.font.size, run.font.color.rgb = Pt(8.5), PALE

    def _paragraph(self, block: Paragraph) -> Line:
        if block.text == BLANK:  # room to write a few lines
            lines = [self.line() for _ in range(3)]
            for line in lines:
                word.line_to_write_on(line, self.width)
            return _together(lines)
        line = self.line()
        if block.lead:
            line.add_run(f"{block.lead} ").bold = True
        line.add_run(block.text)
        return line

    def _items(self, kind: str, items: Sequence[str], cell: _Cell | None = None) -> Line:
        number = self.lists.begin(kind)
        style = "List Number" if kind == "number" else "List Bullet"
        for i, item in enumerate(items, 1):
            line = cell.add_paragraph(style=style) if cell else self.line(style=style)
            line.paragraph_format.space_after = Pt(3 if i == len(items) and not cell else 0.5)
            word.in_list(line, number, kind)
            line.add_run(item)
        return line

    def _field(self, label: str, value: str) -> Line:
        line = self.line(after=0 if self.letter else 2)
        line.add_run(f"{label}: ").bold = True
        if value:
            line.add_run(value)
        else:
            ends = (Inches(4.6), self.width) if self.letter else (self.width,)
            word.line_to_write_on(line, *ends)
        return line

    def _labelled_line(self, line: Line, label: str, end: Length = SHORT_LINE) -> None:
        word.line_to_write_on(line, end)
        self._small(line, f" {label}")

    def _lines(self, block: LineBlock) -> Line:
        head = block.kind == "letterhead"
        for i, (label, text) in enumerate(block.rows, 1):
            line = self.line(after=8 if i == len(block.rows) else 0)
            if text:
                run = line.add_run(text)
                run.bold = head and i == 1
                run.font.size = Pt(13 if i == 1 else 10) if head else None
            else:
                line.paragraph_format.space_before = Pt(3)
                self._labelled_line(line, label)
            line.paragraph_format.keep_with_next = i < len(block.rows)
        if head:
            word.rule_below(line)
        return line

    def _reference(self, block: Reference) -> Line:
        """In columns: what it is, the labels, the values."""
        about = Inches(0.42)
        value = Emu(about + LETTER_WIDTH * (max(len(label) for label, _ in block.rows) + 2))
        for i, (label, text) in enumerate(block.rows):
            line = self.line(after=7 if i + 1 == len(block.rows) else 0)
            shape = line.paragraph_format
            shape.left_indent, shape.first_line_indent = value, Emu(-value)
            shape.keep_with_next = i + 1 < len(block.rows)
            shape.tab_stops.add_tab_stop(about)
            shape.tab_stops.add_tab_stop(value)
            if i == 0:
                line.add_run(say("paper", "about")).bold = True
            line.add_run(f"\t{label}:\t")
            if text:
                line.add_run(text).bold = True
            else:
                word.line_to_write_on(line, Emu(min(value + SHORT_LINE, self.width)))
        return line

    def _enclosures(self, block: Enclosures) -> Line:
        line = self.line(after=3)
        line.paragraph_format.space_before = Pt(12)
        line.paragraph_format.keep_with_next = True
        line.add_run(say("paper", "enclosures")).bold = True
        return self._items("number", block.items)

    def _signature(self, block: SignatureBlock) -> Line:
        """Room to sign, then who signs: a name by itself, a number with its label."""
        lines = [self.line(after=0)]
        lines[0].paragraph_format.space_before = Pt(6)
        lines[0].add_run(block.closing)
        lines.append(self.line(after=2))
        lines[1].paragraph_format.space_before = Pt(34)
        word.line_to_write_on(lines[1], Inches(3.2))
        for i, (label, text) in enumerate(block.lines[1:]):
            if text:
                lines.append(self.line(after=0))
                lines[-1].add_run(text if i == 0 else f"{label}: {text}")
        unknown = [label for label, text in block.lines[1:] if not text]
        for pair in _pairs(unknown):
            lines.append(self.line(after=1))
            lines[-1].paragraph_format.space_before = Pt(6)
            for start, label in self._halves(lines[-1], pair):
                self._labelled_line(lines[-1], label, Emu(start + Inches(1.7)))
        return _together(lines)

    def _to_sign(self, block: SignatureBlock) -> Line:
        """A form that is signed: each line says below it what belongs there."""
        lines = []
        for label, text in block.lines:
            if text:
                lines.append(self.line(after=2))
                lines[-1].add_run(f"{label}: {text}")
        for pair in _pairs([label for label, text in block.lines if not text]):
            lines += [self.line(after=0), self.line(after=4)]
            lines[-2].paragraph_format.space_before = Pt(18)
            for start, _ in self._halves(lines[-2], pair):
                word.line_to_write_on(lines[-2], Emu(start + Inches(2.9)))
            for _, label in self._halves(lines[-1], pair):
                self._small(lines[-1], label)
        return _together(lines)

    def _halves(self, line: Line, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Where in a line each of two texts begins: at the margin and in the middle."""
        for n, text in enumerate(texts):
            start = n * self.width // 2
            if n:
                line.paragraph_format.tab_stops.add_tab_stop(Emu(start))
                line.add_run("\t")
            yield start, text

    # --- tables ---

    def _table(self, table: Table) -> Line:
        caption = self.line(after=3)
        caption.paragraph_format.space_before = Pt(4)
        caption.paragraph_format.keep_with_next = True
        caption.add_run(table.caption).bold = True
        widths = [Pt(w) for w in column_widths(table, self.width.pt)]
        rows = (table.columns, *table.rows)
        grid = self.document.add_table(rows=len(rows), cols=len(widths), style="Table Grid")
        grid.autofit = False
        word.edges(grid, 80, "7B8794")
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = width
        for n, (row, texts) in enumerate(zip(grid._tbl.tr_lst, rows, strict=True)):
            word.row_mark(row, "w:cantSplit")
            if n == 0:
                word.row_mark(row, "w:tblHeader")
            if not any(texts):
                row.height = Pt(23)  # high enough to write in by hand
            for tc, text, width in zip(row.tc_lst, texts, widths, strict=True):
                self._cell(_Cell(tc, grid), text, width, header=n == 0)
        return self._gap()

    def _cell(self, cell: _Cell, text: str, width: Length, header: bool) -> None:
        cell.width = width
        line = cell.paragraphs[0]
        line.paragraph_format.space_after = Pt(0)
        line.paragraph_format.line_spacing = 1.0
        line.paragraph_format.keep_with_next = header
        run = line.add_run(text)
        run.font.size, run.bold = Pt(9.5), header
        if header:
            word.shade(cell, "E5E9EE")

    def _note(self, note: Note) -> Line:
        grid = self.document.add_table(rows=1, cols=1)
        grid.autofit = False
        word.edges(grid, 120)
        cell = grid.rows[0].cells[0]
        cell.width = grid.columns[0].width = self.width
        fill, edge = SHADES[note.kind]
        word.left_rule(cell, edge)
        word.shade(cell, fill)
        title = cell.paragraphs[0]
        title.paragraph_format.space_after = Pt(2)
        title.paragraph_format.keep_with_next = True
        title.add_run(note.title).bold = True
        if len(note.items) == 1:
            only = cell.add_paragraph(note.items[0])
            only.paragraph_format.space_after = Pt(0)
        else:
            self._items("bullet", note.items, cell)
        return self._gap()

    def _hold_the_last_table(self) -> None:
        """Keeps the end of a table on one page with what follows; a short one as a whole."""
        rows = self.document.tables[-1].rows
        for row in rows if len(rows) <= MOST_ROWS_TOGETHER else rows[-2:]:
            for cell in row.cells:
                for line in cell.paragraphs:
                    line.paragraph_format.keep_with_next = True

    def _gap(self) -> Line:
        """A low empty line: what stands below a table is apart from it, and two tables stay two."""
        line = self.line(after=2)
        line.paragraph_format.line_spacing = Pt(5)
        return line
