"""All papers of a case in one ZIP, with a list on top that says what each is for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from rules.case import Case
from rules.result import Result
from rules.rule_book import Book

from .blocks import Block, Heading, Paper, Paragraph, Table
from .fill import fill, fill_worksheet
from .focus import find_focus
from .gather import case_part, gather
from .names import Names
from .offers import Papers, grouped, offers
from .phrases import long_date, say
from .render_docx import render as render_docx
from .render_pdf import render as render_pdf
from .template import load_templates

RENDER = {"pdf": render_pdf, "docx": render_docx}
COVER = "00_list"
# A ZIP keeps a time for each file; one time for all makes the same papers the same bytes.
NO_TIME = (2020, 1, 1, 0, 0, 0)


def files(
    case: Case, result: Result, book: Book, names: Names, kinds: tuple[str, ...]
) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of the cover list and of every paper that fits."""
    focus = find_focus(case, result, book, result.today, None)
    shared = case_part(focus)
    papers = grouped(offers(focus, shared), result)
    found = papers.in_order()
    cover = cover_list(papers, long_date(result.today))
    for kind in kinds:
        yield f"{COVER}.{kind}", RENDER[kind](cover)
    for i, offer in enumerate(found, 1):
        template = load_templates()[offer.id]
        own = offer.path is None
        seen = focus if own else focus.of_path(str(offer.path))
        context = gather(seen, template, names, shared if own else None)
        for paper in (fill(template, context), fill_worksheet(template, context)):
            if paper is not None:
                for kind in kinds:
                    yield f"{i:02d}_{paper.id}.{kind}", RENDER[kind](paper)


def cover_list(papers: Papers, today: str) -> Paper:
    """The list of papers: those to begin with, then the others by what they are for."""
    blocks: list[Block] = [Paragraph(say("cover", "about", today=today))]
    columns = tuple(say("cover", c) for c in ("number", "paper", "who", "why"))
    number = 1
    for name, found in (("first", papers.first), *papers.rest):
        rows = tuple(
            (f"{i:02d}", o.title, say("cover", o.audience), o.why)
            for i, o in enumerate(found, number)
        )
        number += len(rows)
        if rows:
            blocks.append(Heading(say("cover", name)))
            blocks.append(Table(say("cover", f"{name}_table"), columns, rows, (1, 5, 3, 7)))
    return Paper(
        id=COVER, title=say("cover", "title"), audience="patient", blocks=tuple(blocks),
        footer=say("paper", "footer", today=today), form="sheet",
    )  # fmt: skip


def pack(case: Case, result: Result, book: Book, names: Names, kinds: tuple[str, ...]) -> bytes:
    """The ZIP of all files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(case, result, book, names, kinds):
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
