"""How a paper lies on its pages as PDF: signature, footer, addresses of the web, tables."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import pytest
from docx import Document

from rules.documents import docx, markdown, pdf
from rules.documents.blocks import (
    BLANK,
    Block,
    Bullets,
    Checklist,
    Enclosures,
    Fields,
    Form,
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
from rules.documents.columns import column_widths
from rules.documents.render_pdf import is_tight
from tests.office import pages_of

TITLE = "Appeal of a denial"
SIGNATURE = SignatureBlock(
    (
        ("Signature", ""),
        ("Name and credentials", "Iris Vale, MD"),
        ("NPI", "1234567890"),
        ("Direct telephone", ""),
        ("Date", ""),
    ),
    "Sincerely,",
)
HEAD = (
    LineBlock((("Clinic", "North Clinic"), ("Address", "")), "letterhead"),
    Paragraph("November 28, 2026"),
    LineBlock((("Plan", "Aetna"), ("Department, address or fax", "")), "address"),
    Reference((("Patient", "Ada Quill"), ("Member number", ""), ("Policy", "CPB 0938"))),
    Paragraph("Dear Medical Director:"),
)
LONG = " ".join(f"word{n}" for n in range(90))
# What may stand before a signature; "End" is in its last part.
LAST: dict[str, Block] = {
    "a sentence": Paragraph("End of the letter."),
    "a paragraph": Paragraph(f"{LONG} End."),
    "a list": Bullets((LONG, LONG, "End.")),
    "a long list": Bullets((*(f"{n}. {LONG}" for n in range(9)), "End.")),
    "a numbered list": Numbered(("One.", "Two.", "End.")),
    "a checklist": Checklist(("One.", "End.")),
    "a table": Table("Clinics", ("Clinic", "Answer"), (("North", "No"), ("South", "End"))),
    "a long table": Table(
        "Clinics", ("Clinic", "Answer"), (*(("North", LONG) for _ in range(12)), ("South", "End"))
    ),
    "fields": Fields((("Treatment", "esketamine"), ("End", ""))),
    "a note": Note("To know", ("One.", "End.")),
}


def paper(*blocks: Block, form: Form = "letter", footer: str = TITLE) -> Paper:
    return Paper("x", TITLE, "clinician", blocks, footer, form)


def letter(lines: int, last: Block, signature: SignatureBlock = SIGNATURE) -> Paper:
    body = (Paragraph(f"Line {n}.") for n in range(lines))
    return paper(*HEAD, *body, last, signature, Enclosures(("Chart notes", "Scores")))


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


# --- the signature --------------------------------------------------------------------------------


def signed_with_words(pages: list[str]) -> None:
    """The closing, all lines of the signature and the end of the last words stand on one page."""
    (page,) = (p for p in pages if "Sincerely" in p)
    above, below = page.split("Sincerely,")
    assert re.search(r"\bEnd\b", above), page
    assert "Iris Vale, MD" in below
    assert "NPI: 1234567890" in below
    assert "Direct telephone" in below
    assert "Date" in below


def test_a_signature_stands_with_the_last_paragraph_wherever_the_page_ends() -> None:
    counts = set()
    for lines in (*range(48), *range(48, 111, 3)):
        pages = pages_of(pdf(letter(lines, LAST["a paragraph"])))
        signed_with_words(pages)
        counts.add(len(pages))
    assert counts == {1, 2, 3}


@pytest.mark.parametrize("kind", sorted(LAST))
def test_a_signature_stands_with_whatever_is_last(kind: str) -> None:
    counts = set()
    for lines in range(0, 34, 2):
        pages = pages_of(pdf(letter(lines, LAST[kind])))
        signed_with_words(pages)
        counts.add(len(pages))
    assert len(counts) > 1


def test_room_to_write_before_a_signature_keeps_the_words_above_it() -> None:
    for lines in range(16, 36):
        made = paper(
            *HEAD, *(Paragraph(f"Line {n}.") for n in range(lines)),
            Paragraph("End."), Paragraph(BLANK), SIGNATURE,
        )  # fmt: skip
        signed_with_words(pages_of(pdf(made)))


def test_a_form_says_below_each_line_what_belongs_there() -> None:
    lines = SignatureBlock((("My signature and date", ""), ("Signature of the other", "")))
    (page,) = pages_of(pdf(paper(Paragraph("I name this person."), lines, form="sheet")))
    assert "My signature and date" in page
    assert "Signature of the other" in page


def test_a_letter_has_a_name_without_a_label_and_a_number_with_one() -> None:
    (page,) = pages_of(pdf(letter(1, LAST["a sentence"])))
    signed = page.split("Sincerely,")[1]
    assert "Name and credentials" not in signed
    assert not re.search(r"Signature\b", signed)
    assert "NPI: 1234567890" in signed
    (unknown,) = pages_of(
        pdf(paper(*HEAD, SignatureBlock((("Signature", ""), ("Name", "")), "Yours,")))
    )
    assert re.search(r"\bName\b", unknown.split("Yours,")[1])


# --- how close it is set ----------------------------------------------------------------------------


def test_a_letter_is_set_closer_only_where_that_spares_it_a_page() -> None:
    made = {lines: letter(lines, LAST["a sentence"]) for lines in range(34)}
    spared = [lines for lines, one in made.items() if is_tight(one)]
    assert 2 <= len(spared) <= 6
    assert spared == list(range(spared[0], spared[-1] + 1))
    counts = {lines: len(pages_of(pdf(one))) for lines, one in made.items()}
    assert {counts[lines] for lines in range(spared[-1] + 1)} == {1}
    assert {counts[lines] for lines in range(spared[-1] + 1, 34)} == {2}
    assert not is_tight(paper(*made[spared[0]].blocks, form="sheet"))
    for lines, size in ((spared[0] - 1, 11), (spared[0], 10.5)):
        word = Document(io.BytesIO(docx(made[lines])))
        assert word.styles["Normal"].font.size.pt == size


# --- head and foot --------------------------------------------------------------------------------


def test_the_head_of_a_letter_says_who_writes_to_whom_about_what() -> None:
    (page,) = pages_of(pdf(letter(1, LAST["a sentence"])))
    order = ["North Clinic", "Address", "November 28, 2026", "Aetna", "Department, address or fax",
             "RE:", "Patient:", "Ada Quill", "Member number:", "Policy:", "CPB 0938",
             "Dear Medical Director:", "Sincerely,", "Enclosures:", "Chart notes"]  # fmt: skip
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert TITLE not in page  # a letter prints no title


@pytest.mark.parametrize("form", ["letter", "enclosure", "sheet"])
def test_what_stands_at_the_foot_of_a_page(form: Form) -> None:
    footer = "Prepared on November 28, 2026." if form == "sheet" else TITLE
    lines = [Paragraph(f"Line {n}.") for n in range(100)]
    (single,) = pages_of(pdf(paper(*lines[:3], form=form, footer=footer)))
    assert single.splitlines()[-1].strip() == (footer if form == "sheet" else "Line 2.")
    pages = pages_of(pdf(paper(*lines, form=form, footer=footer)))
    assert len(pages) == 3
    assert ("Prepared" in pages[0]) == (form == "sheet")
    for number, page in enumerate(pages, 1):
        told = re.findall(r"Page \d of \d", page)
        assert told == ([] if number == 1 else [f"Page {number} of 3"])
        if number > 1:
            assert bare(page).endswith(bare(f"{footer}Page {number} of 3"))
    assert not any(re.search("advice", page) for page in pages)


def test_a_heading_is_never_the_last_line_of_a_page() -> None:
    last: tuple[Block, ...] = (
        Paragraph(LONG),
        Bullets((LONG, "b")),
        Table("T", ("A", "B"), (("c", "d"),)),
    )
    for block in last:
        for lines in range(20, 42):
            body = [Paragraph(f"Line {n}.") for n in range(lines)]
            made = paper(*body, Heading("Reasons", 1), block)
            (page,) = (p for p in pages_of(pdf(made)) if "Reasons" in p)
            assert len(page.split("Reasons")[1].strip()) > 3, (block, lines)


# --- addresses of the web and long words -------------------------------------------------------------

ADDRESSES = [
    "https://www.consultant360.com/exclusive/updated-guidelines-released-major-depressive-disorder-management",
    "https://pubmed.ncbi.nlm.nih.gov/37224232/",
    "https://doi.org/10.1177/07067437241245384",
    "www.dmhc.ca.gov/FileaComplaint/ConsumerIndependentMedicalReviewComplaint.aspx",
    "aetna.com/cpb/medical/data/900_999/0938.html",
    "10.1001/jamapsychiatry.2025.1317",
    "https://example.gov/?q=" + "&".join(f"part{n}=value{n}" for n in range(14)),
    "https://example.gov/" + "/".join(f"folder-{n}" for n in range(18)) + "/end",
]
BEFORE = "A guideline that the letter names (VA/DoD 2022 MDD guideline summary, Consultant360),"


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("around", ["{}", "({}).", "“{}”,"])
def test_an_address_stays_whole_and_begins_on_the_line_that_holds_it(
    address: str, around: str
) -> None:
    told = around.format(address)
    for skipped in range(0, 60, 9):
        (page,) = pages_of(
            pdf(paper(Paragraph(f"{BEFORE[skipped:]} {told} and more words after it.")))
        )
        assert told in page.replace("\n", ""), page
        lines = [line.strip() for line in page.splitlines()]
        assert not any(line.endswith(("http:", "https:", "://", "www.")) for line in lines), page
        if len(told) < 75:  # a line holds it
            assert any(told in line for line in lines), page
        else:
            parts = [line for line in lines if bare(line) and bare(line) in bare(told)]
            assert all(a.endswith("/") for a, _ in pairwise(parts)) or "?" in address, page


def test_an_address_in_a_narrow_column_breaks_at_its_slashes() -> None:
    address = ADDRESSES[3]
    table = Table("Sources", ("Title", "Page"), (("A title", address),), (1, 1))
    (page,) = pages_of(pdf(paper(table, form="enclosure")))
    assert address in page.replace("\n", "")
    assert "www.dmhc.ca.gov/FileaComplaint/\n" in page.replace(" \n", "\n")


def test_a_word_that_no_line_holds_breaks_and_loses_nothing() -> None:
    name = "Wo" * 150
    (page,) = pages_of(pdf(paper(Paragraph(f"My name is {name} and I appeal."))))
    assert name in page.replace("\n", "")
    assert max(map(len, re.findall("[Wo]+", page))) < 80


# --- tables and lists -----------------------------------------------------------------------------


def test_a_long_table_repeats_its_header_and_splits_no_row() -> None:
    rows = tuple((f"Row {n}", f"first{n} {LONG[:150]} last{n}") for n in range(40))
    pages = pages_of(pdf(paper(Table("Trials", ("Trial", "Finding"), rows), form="enclosure")))
    assert len(pages) > 2
    for page in pages:
        assert len(re.findall("Finding", page)) == 1
        assert re.findall(r"first(\d+)", page) == re.findall(r"last(\d+)", page)
    assert pages[0].index("Trials") < pages[0].index("Finding")


def test_columns_make_room_for_their_longest_word() -> None:
    table = Table(
        "Trials", ("Treatment", "Counts here", "Why"),
        (("Second-generation antipsychotic", "Yes", "Long enough and strong enough " * 4),), (2, 1, 9),
    )  # fmt: skip
    first, second, third = column_widths(table, 468)
    assert first + second + third == pytest.approx(468)
    assert first >= len("antipsychotic") * 4.7
    assert second >= len("Counts") * 4.7
    assert third > 300
    even = Table("T", ("A", "B"), (("a", "b"),))
    assert column_widths(even, 468) == [234, 234]


def test_a_box_with_one_line_has_no_bullet() -> None:
    one, two = (
        pages_of(pdf(paper(Note("To know", items), form="sheet")))[0]
        for items in (("Only this.",), ("First.", "Second."))
    )
    assert "•" not in one
    assert two.count("•") == 2


# --- on the screen -----------------------------------------------------------------------------------


def test_a_letter_on_the_screen_has_its_reference_and_its_signature_line_by_line() -> None:
    text = markdown(letter(1, LAST["a sentence"])).replace("\\", "")
    assert "**North Clinic**  \n______ *Address*" in text
    assert (
        "**RE:**\n- Patient: **Ada Quill**\n- Member number: ______\n- Policy: **CPB 0938**" in text
    )
    assert (
        "Sincerely,\n\n______  \nIris Vale, MD  \nNPI: 1234567890  \n______ *Direct telephone*"
        in text
    )
    assert TITLE not in text


def test_a_form_on_the_screen_says_what_belongs_on_each_line() -> None:
    lines = SignatureBlock((("My signature and date", ""), ("Name", "Ada Quill")))
    text = markdown(paper(lines, form="sheet")).replace("\\", "")
    assert "______ *My signature and date*  \nName: Ada Quill" in text
