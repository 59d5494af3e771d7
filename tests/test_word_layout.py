"""The Word file of a paper, set by LibreOffice, beside its PDF: the same words, nearly the same pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn

from rules import evaluate, load_rules, read_case
from rules.documents import Names, docx, make_paper, make_worksheet, papers_for, pdf
from rules.documents.blocks import (
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
)
from tests.office import needs_office, pages_of, set_by_office
from tests.paper_cases import COVERS, PEOPLE, TODAY, case_of
from tests.test_layout import HEAD, LAST, LONG, TITLE, letter, paper, signed_with_words

SAMPLE = 14  # real papers, each of another cover


# --- the file itself ------------------------------------------------------------------------------


def test_one_face_of_type_serves_all_and_the_language_is_told() -> None:
    document = Document(io.BytesIO(docx(letter(2, LAST["a sentence"]))))
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        xml = document.styles[name].element.xml
        assert 'w:ascii="Times New Roman"' in xml
        assert "Theme=" not in re.sub(r"themeColor|themeShade", "", xml), name
    assert 'w:lang w:val="en-US"' in document.styles["Normal"].element.xml
    assert document.core_properties.title == TITLE
    assert document.core_properties.language == "en-US"


def test_the_foot_of_a_page_counts_its_pages_from_the_second_on() -> None:
    for form, first in (("letter", ""), ("enclosure", ""), ("sheet", TITLE)):
        document = Document(io.BytesIO(docx(paper(Paragraph("One."), form=form))))  # type: ignore[arg-type]
        section = document.sections[0]
        assert section.different_first_page_header_footer
        assert section.first_page_footer.paragraphs[0].text == first
        xml = section.footer.paragraphs[0]._p.xml
        assert re.findall(r"<w:instrText>(\w+)</w:instrText>", xml) == ["PAGE", "NUMPAGES"]
        assert section.footer.paragraphs[0].text == f"{TITLE}\tPage 2 of 2"


def test_lists_are_real_and_each_numbered_one_begins_anew() -> None:
    made = paper(Numbered(("a", "b")), Bullets(("c",)), Numbered(("d", "e")), Checklist(("f",)))
    document = Document(io.BytesIO(docx(made)))
    told = {
        p.text: p._p.pPr.numPr.numId.val for p in document.paragraphs if p._p.pPr.numPr is not None
    }
    assert sorted(told) == list("abcdef")
    assert told["a"] == told["b"]
    assert told["d"] == told["e"]
    assert len(set(told.values())) == 4
    numbering = document.part.numbering_part.element.xml
    assert numbering.count('w:numFmt w:val="decimal"') == 2
    assert numbering.count('w:lvlText w:val="☐"') == 1
    known = set(re.findall(r'<w:num w:numId="(\d+)"', numbering))
    assert {str(n) for n in told.values()} <= known


def test_what_belongs_together_is_kept_on_one_page() -> None:
    table = Table("Clinics", ("Clinic", "Answer"), (("North", "No"), ("South", "Yes")))
    made = paper(Heading("Search", 1), table, Paragraph("The end."), letter(0, table).blocks[-2])
    document = Document(io.BytesIO(docx(made)))
    kept = {
        p.text: bool(p.paragraph_format.keep_with_next or p.style.paragraph_format.keep_with_next)  # type: ignore[union-attr]
        for p in document.paragraphs
        if p.text.strip()
    }
    assert kept["Search"]
    assert kept["Clinics"]
    assert kept["The end."]
    assert kept["Sincerely,"]
    assert kept["Iris Vale, MD"]
    rows = document.tables[0].rows
    assert all(p.paragraph_format.keep_with_next for c in rows[0].cells for p in c.paragraphs)
    assert "w:tblHeader" in rows[0]._tr.xml
    assert all("w:cantSplit" in row._tr.xml for row in rows)


def test_the_parts_of_a_table_stand_in_the_order_that_word_reads() -> None:
    """Word may call a file damaged whose properties stand in another order."""
    made = paper(Table("T", ("A", "B"), (("c", "d"),)), Note("To know", ("One.", "Two.")), *HEAD)
    root = Document(io.BytesIO(docx(made))).element.body
    orders = {
        "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
        "tcPr": "tcW tcBorders shd",
        "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind jc",
    }
    seen = 0
    for name, order in orders.items():
        places = {qn(f"w:{part}"): i for i, part in enumerate(order.split())}
        for element in root.iter(qn(f"w:{name}")):
            found = [places[child.tag] for child in element]
            assert found == sorted(found), element.tag
            seen += 1
    assert seen > 10


# --- set by LibreOffice -----------------------------------------------------------------------------


def words_of(made: Paper) -> Iterator[str]:
    """Every text that a paper must show, in the order of the page."""
    if made.form != "letter":
        yield made.title
    for block in made.blocks:
        yield from words_of_block(block)


def words_of_block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield block.text
        case Paragraph():
            yield from (block.lead, "" if block.text == BLANK else block.text)
        case Bullets() | Numbered() | Checklist() | Enclosures():
            yield from block.items
        case Table():
            yield block.caption
            for row in (block.columns, *block.rows):
                yield from row
        case Fields() | Reference():
            for label, text in block.rows:
                yield from (label, text)
        case LineBlock():
            yield from (text or label for label, text in block.rows)
        case Note():
            yield from (block.title, *block.items)
        case SignatureBlock():
            yield block.closing
            yield from (text for _, text in block.lines)


def bare(text: str) -> str:
    return re.sub(r"[\s_]+", "", text)


def told_in_order(pages: list[str], made: Paper) -> None:
    """No text is lost and none stands before what comes before it."""
    foot = re.compile(re.escape(bare(made.footer)) + r"(Page\d+of\d+)?$")
    text = "".join(foot.sub("", bare(page)) for page in pages)
    at = 0
    for words in map(bare, words_of(made)):
        found = text.find(words, at)
        assert found >= 0, (made.id, words, text[at : at + 200])
        at = found + len(words)


@needs_office
def test_signature_and_table_headers_lie_in_word_as_they_should(tmp_path: Path) -> None:
    rows = tuple((f"Row {n}", f"first{n} {LONG[:150]} last{n}") for n in range(40))
    made = {
        f"lines-{n}": letter(n, LAST["a paragraph"]) for n in (1, 15, 17, 19, 21, 23, 25, 27, 75)
    }
    made |= {f"table-{n}": letter(n, LAST["a table"]) for n in (20, 23, 26)}
    made["long"] = paper(Table("Trials", ("Trial", "Finding"), rows), form="enclosure")
    set_so = set_by_office({name: docx(p) for name, p in made.items()}, tmp_path)
    counts = set()
    for name, data in set_so.items():
        pages = pages_of(data)
        told_in_order(pages, made[name])
        assert not re.search(r"Page \d", pages[0])
        for number, page in enumerate(pages[1:], 2):
            assert f"{TITLE} Page {number} of {len(pages)}" in re.sub(r"\s+", " ", page)
        if name == "long":
            assert len(pages) > 2
            assert all(len(re.findall("Finding", page)) == 1 for page in pages)
            assert all(re.findall(r"first(\d+)", p) == re.findall(r"last(\d+)", p) for p in pages)
        else:
            signed_with_words(pages)
            counts.add(len(pages))
    assert {1, 2, 3} <= counts


def sampled() -> Iterator[Paper]:
    """A paper and its worksheet for each of some covers, each paper once."""
    book, seen = load_rules(), set()
    for i, cover in enumerate(list(COVERS)[:: max(1, len(COVERS) // SAMPLE)]):
        person = PEOPLE[i % len(PEOPLE)]
        case = read_case(case_of(cover, person), TODAY)
        result = evaluate(case, today=TODAY)
        names = Names(patient_name=person.name, clinician_name="Dr. Iris Vale")
        new = [o for o in papers_for(case, result, book) if o.id not in seen]
        for offer in new[i % 3 :][:1]:
            seen.add(offer.id)
            yield make_paper(offer.id, case, result, book, names, offer.path)
            sheet = make_worksheet(offer.id, case, result, book, names, offer.path)
            if sheet is not None and i % 3 == 0:
                yield sheet


@needs_office
def test_a_word_file_has_the_words_and_nearly_the_pages_of_its_pdf(tmp_path: Path) -> None:
    made = {p.id: p for p in sampled()}
    assert len(made) >= SAMPLE
    set_so = set_by_office({name: docx(p) for name, p in made.items()}, tmp_path)
    for name, data in set_so.items():
        in_word, in_pdf = pages_of(data), pages_of(pdf(made[name]))
        told_in_order(in_word, made[name])
        told_in_order(in_pdf, made[name])
        assert abs(len(in_word) - len(in_pdf)) <= 1, (name, len(in_word), len(in_pdf))
