"""Letters, requests and sheets from a case and its result: for the screen, as PDF and as Word file.

One template a paper serves all three. Names are given when a paper is made and kept nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rules.case import Case
from rules.plain_files import write_folder
from rules.result import Result
from rules.rule_book import Book

from .blocks import Paper
from .fill import fill, fill_worksheet
from .focus import find_focus
from .gather import gather
from .names import Names
from .offers import Offer, Papers, grouped, offers
from .template import load_templates

if TYPE_CHECKING:
    from .context import Context

__all__ = [
    "Names",
    "Offer",
    "Paper",
    "Papers",
    "context_of",
    "docx",
    "grouped",
    "make_paper",
    "make_worksheet",
    "markdown",
    "papers_for",
    "pdf",
    "write_papers",
    "zip_papers",
]


def papers_for(
    case: Case, result: Result, book: Book, path: str | None = None
) -> tuple[Offer, ...]:
    """Which papers fit a case, each with the reason and with the paths that ask for it."""
    return offers(find_focus(case, result, book, result.today, path))


def make_paper(
    paper: str,
    case: Case,
    result: Result,
    book: Book,
    names: Names | None = None,
    path: str | None = None,
    today: dt.date | None = None,
) -> Paper:
    """One finished paper. `path` names the path that it is for; else the denial's, else the best.

    Raises KeyError where there is no such paper or path.
    """
    template = load_templates()[paper]
    focus = find_focus(case, result, book, today or result.today, path)
    return fill(template, gather(focus, template, names or Names()))


def make_worksheet(
    paper: str,
    case: Case,
    result: Result,
    book: Book,
    names: Names | None = None,
    path: str | None = None,
    today: dt.date | None = None,
) -> Paper | None:
    """The sheet that goes with a paper: what to check before it is signed and sent. None without one.

    Raises KeyError where there is no such paper or path.
    """
    template = load_templates()[paper]
    focus = find_focus(case, result, book, today or result.today, path)
    return fill_worksheet(template, gather(focus, template, names or Names()))


def context_of(
    paper: str,
    case: Case,
    result: Result,
    book: Book,
    names: Names | None = None,
    path: str | None = None,
) -> Context:
    """What went into a paper: every fact that its template could name."""
    focus = find_focus(case, result, book, result.today, path)
    return gather(focus, load_templates()[paper], names or Names())


def markdown(paper: Paper, shown: Callable[[str], str] | None = None) -> str:
    """A paper for the screen. What a person typed is escaped, by `shown` where a screen has one."""
    from .render_markdown import escape, render

    return render(paper, shown or escape)


def pdf(paper: Paper) -> bytes:
    """A paper as tagged PDF (PDF/UA-1), US Letter."""
    from .render_pdf import render

    return render(paper)


def docx(paper: Paper) -> bytes:
    """A paper as a Word file that can be edited."""
    from .render_docx import render

    return render(paper)


def zip_papers(
    case: Case,
    result: Result,
    book: Book,
    names: Names | None = None,
    kinds: tuple[str, ...] = ("pdf", "docx"),
    path: str | None = None,
) -> bytes:
    """The papers of one act in one ZIP, with a cover list: of `path`, else of the leading answer's next act.

    Raises KeyError where there is no such path.
    """
    from .zip import pack

    return pack(case, result, book, names or Names(), kinds, path)


def write_papers(
    folder: Path,
    case: Case,
    result: Result,
    book: Book,
    names: Names | None = None,
    kinds: tuple[str, ...] = ("pdf", "docx"),
    path: str | None = None,
    more: bool = False,
) -> list[Path]:
    """Writes the papers of one act and the cover list into a folder; the files written.

    `path` names the path that they are for, else they are for the leading answer's next act; `more`
    writes every other paper that fits too. Raises KeyError where there is no such path.
    """
    from .zip import files

    return write_folder(folder, files(case, result, book, names or Names(), kinds, path, more))
