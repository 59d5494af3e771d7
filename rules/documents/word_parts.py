"""What a Word file needs beyond python-docx: fields, lists that count anew, lines to write on, shades."""

from __future__ import annotations

from docx.document import Document as Word
from docx.enum.text import WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.table import CT_Row
from docx.shared import Length, Twips
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as Line

# A list of a kind: how its marks count, what they show, and the font that has the mark.
_MARKS = {
    "bullet": ("bullet", "•", "Times New Roman"),
    "check": ("bullet", "☐", "Segoe UI Symbol"),
    "number": ("decimal", "%1.", "Times New Roman"),
}
_LIST = """<w:abstractNum {ns} w:abstractNumId="{id}"><w:multiLevelType w:val="singleLevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{counts}"/><w:lvlText w:val="{mark}"/>
<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{left}"/></w:pPr>
<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" w:hint="default"/></w:rPr></w:lvl>
</w:abstractNum>"""
_COUNT = '<w:num {ns} w:numId="{id}"><w:abstractNumId w:val="{kind}"/></w:num>'
_INDENT = {"bullet": 200, "check": 320, "number": 360}  # twentieths of a point


class Lists:
    """The lists of a Word file. Each list is one of its own, so each numbered one begins with 1."""

    def __init__(self, document: Word) -> None:
        self._root = document.part.numbering_part.element
        for known in list(self._root):  # those of the default file are of another look
            self._root.remove(known)
        self._made = 0

    def begin(self, kind: str) -> int:
        """A new list; the number by which its items name it."""
        self._made += 1
        counts, mark, font = _MARKS[kind]
        shape = _LIST.format(
            ns=nsdecls("w"), id=self._made, counts=counts, mark=mark, font=font, left=_INDENT[kind]
        )
        # All shapes stand before all counts.
        self._root.insert(self._made - 1, parse_xml(shape))
        self._root.append(parse_xml(_COUNT.format(ns=nsdecls("w"), id=self._made, kind=self._made)))
        return self._made


def in_list(line: Line, number: int, kind: str) -> None:
    """Makes a paragraph an item of a list."""
    indent = Twips(_INDENT[kind])
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = indent, -indent
    properties = line._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def page_field(line: Line, name: str) -> None:
    """A number that Word counts: `PAGE` or `NUMPAGES`."""
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("shown", "2"), ("end", "")):
        run = line.add_run(text if kind == "shown" else "")
        if kind == "":
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)
        elif kind != "shown":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def line_to_write_on(line: Line, *ends: Length) -> None:
    """A line from here to the next of `ends`, counted from the margin: a tab whose leader is a rule."""
    for end in ends:
        line.paragraph_format.tab_stops.add_tab_stop(end, leader=WD_TAB_LEADER.LINES)
    line.add_run("\t")


def plain_font(style: ParagraphStyle, font: str) -> None:
    """One font for all scripts, in place of the theme's."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)


def language(style: ParagraphStyle, tag: str) -> None:
    """The language that a screen reader speaks."""
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), tag)
    style.element.get_or_add_rPr().append(mark)


def shade(cell: _Cell, colour: str) -> None:
    fill = OxmlElement("w:shd")
    fill.set(qn("w:val"), "clear")
    fill.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(fill)


def row_mark(row: CT_Row, name: str) -> None:
    """A property of a table row: a header that repeats, or a row that is not split."""
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(mark)


def left_rule(cell: _Cell, colour: str) -> None:
    """A thick rule at the left of a cell, and none elsewhere."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="24" w:space="0" w:color="{colour}"/>'
        if side == "left"
        else f'<w:{side} w:val="nil"/>'
        for side in ("top", "left", "bottom", "right")
    )
    edges = parse_xml(f"<w:tcBorders {nsdecls('w')}>{sides}</w:tcBorders>")
    cell._tc.get_or_add_tcPr().insert_element_before(edges, "w:shd")


def edges(table: Table, room: int, colour: str = "") -> None:
    """A table from margin to margin, ruled in a colour. `room` is left inside, half of it above and below.

    It is counted in twentieths of a point.
    """
    sides = ("top", "left", "bottom", "right")
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{colour}"/>'
        for side in (*sides, "insideH", "insideV")
    )
    inside = "".join(
        f'<w:{side} w:w="{room if side in ("left", "right") else room // 2}" w:type="dxa"/>'
        for side in sides
    )
    ns, told = nsdecls("w"), table._tbl.tblPr
    # Word sets a table to the left by the room inside of its edges; this moves it back.
    back = parse_xml(f'<w:tblInd {ns} w:w="{room}" w:type="dxa"/>')
    told.insert_element_before(back, "w:tblLayout", "w:tblLook")
    if colour:
        borders = parse_xml(f"<w:tblBorders {ns}>{rules}</w:tblBorders>")
        told.insert_element_before(borders, "w:tblLayout", "w:tblLook")
    margins = parse_xml(f"<w:tblCellMar {ns}>{inside}</w:tblCellMar>")
    told.insert_element_before(margins, "w:tblLook")


def rule_below(line: Line) -> None:
    """A thin rule under a paragraph."""
    edge = '<w:bottom w:val="single" w:sz="5" w:space="5" w:color="1F2A37"/>'
    rule = parse_xml(f"<w:pBdr {nsdecls('w')}>{edge}</w:pBdr>")
    line._p.get_or_add_pPr().insert_element_before(rule, "w:tabs", "w:spacing", "w:ind", "w:rPr")
