"""The papers of one act, with a list on top that says what each is for and what else there is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from rules.case import Case
from rules.result import Result
from rules.rule_book import Book

from .blocks import Block, Bullets, Heading, Paper, Paragraph, Table
from .context import Gaps
from .fill import WORKSHEET, fill, fill_worksheet
from .focus import Focus, find_focus
from .gather import case_part, gather
from .names import Names
from .offers import Offer, Papers, grouped, offers
from .phrases import long_date, say
from .render_docx import render as render_docx
from .render_pdf import render as render_pdf
from .template import load_templates

RENDER = {"pdf": render_pdf, "docx": render_docx}
COVER = "00_list"
MORE = "more"  # the folder of the papers that the next act does not need
# A ZIP keeps a time for each file; one time for all makes the same papers the same bytes.
NO_TIME = (2020, 1, 1, 0, 0, 0)


def files(
    case: Case,
    result: Result,
    book: Book,
    names: Names,
    kinds: tuple[str, ...],
    path: str | None = None,
    more: bool = False,
) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of the cover list and of the papers of one act, each with its worksheet.

    The act is that of the path that is named, else the next one of the leading answer. `more` adds
    every other paper that fits, in a folder for each purpose. Raises KeyError where there is no such path.
    """
    focus = find_focus(case, result, book, result.today, path)
    shared = case_part(focus)
    papers = grouped(offers(focus, shared), result, path)
    cover = cover_list(papers, long_date(result.today))
    for kind in kinds:
        yield f"{COVER}.{kind}", RENDER[kind](cover)
    for stem, offer in _placed(papers, more):
        for paper in _made(focus, offer, shared, names):
            name = f"{stem}{WORKSHEET}" if paper.id != offer.id else stem
            for kind in kinds:
                yield f"{name}.{kind}", RENDER[kind](paper)


def _placed(papers: Papers, more: bool) -> Iterator[tuple[str, Offer]]:
    """Where each paper goes, without the ending: those of the act on top, the others by purpose."""
    for i, offer in enumerate(papers.first, 1):
        yield f"{i:02d}_{offer.id}", offer
    for purpose, found in papers.rest if more else ():
        yield from ((f"{MORE}/{purpose}/{offer.id}", offer) for offer in found)


def _made(focus: Focus, offer: Offer, shared: Gaps, names: Names) -> Iterator[Paper]:
    """A paper and the sheet that goes with it."""
    template = load_templates()[offer.id]
    own = offer.path is None
    seen = focus if own else focus.of_path(str(offer.path))
    context = gather(seen, template, names, shared if own else None)
    yield fill(template, context)
    sheet = fill_worksheet(template, context)
    if sheet is not None:
        yield sheet


def cover_list(papers: Papers, today: str) -> Paper:
    """The list of papers: those of the next act, then what else there is, by purpose."""
    blocks: list[Block] = [Paragraph(say("cover", "about", today=today))]
    columns = tuple(say("cover", c) for c in ("number", "paper", "who", "why"))
    rows = tuple(
        (f"{i:02d}", o.title, say("cover", o.audience), o.why)
        for i, o in enumerate(papers.first, 1)
    )
    if rows:
        blocks.append(Heading(say("cover", "first")))
        blocks.append(Table(say("cover", "first_table"), columns, rows, (1, 5, 3, 7)))
    for purpose, found in papers.rest:
        blocks.append(Heading(say("cover", purpose)))
        blocks.append(
            Bullets(tuple(say("cover", "other", title=o.title, why=o.why) for o in found))
        )
    return Paper(
        id=COVER, title=say("cover", "title"), audience="patient", blocks=tuple(blocks),
        footer=say("paper", "footer", today=today), form="sheet",
    )  # fmt: skip


def pack(
    case: Case,
    result: Result,
    book: Book,
    names: Names,
    kinds: tuple[str, ...],
    path: str | None = None,
) -> bytes:
    """The papers of one act as a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(case, result, book, names, kinds, path):
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
