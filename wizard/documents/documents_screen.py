"""The papers of a case: what each is for, to read here, and to take along as PDF, Word file or ZIP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import streamlit as st

from rules import Case, Result, load_rules
from rules.documents import (
    Names,
    Offer,
    docx,
    grouped,
    make_paper,
    make_worksheet,
    markdown,
    papers_for,
    pdf,
    zip_papers,
)
from rules.documents.blocks import Paper
from rules.documents.fill import WORKSHEET
from wizard.result.calendar_file_view import calendar_button
from wizard.result.path_view import path_title
from wizard.session import PAPERS_FOR, current_case, current_result, store, today
from wizard.shell import navigation, styles
from wizard.shell.layout import heading
from wizard.shell.said import bare, counted, plain, said
from wizard.shell.session_cache import kept

from .document_groups import below_the_title, for_the_screen
from .names_fields import draw_names, names

KINDS: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "pdf": (pdf, "application/pdf"),
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
LABEL = {"pdf": "pdf", "docx": "word"}


class _Now(NamedTuple):
    """What the papers are made of, as it stands in this run: a download is made outside of the session."""

    case: Case
    result: Result
    names: Names
    path: str | None  # the path that the papers are for, where one was chosen and is still there


def draw() -> None:
    styles.use("next")
    heading(said("papers.title"))
    if store().empty():
        st.write(said("papers.nothing_yet"))
        st.button(
            said("start.begin"), key="papers-begin", type="primary", on_click=navigation.begin
        )
        return
    case, result = current_case(), current_result()
    path = _path(result)
    offers = kept("papers", lambda: papers_for(case, result, load_rules(), path), path)
    _draw_path(result, path)
    st.markdown(said("papers.lead"))
    st.markdown(f":material/edit_note: {said('papers.draft')}")
    now = _Now(case, result, _draw_names(), path)
    found = grouped(offers, result, path)
    _draw_take(len(found.first), now)
    if found.first:
        st.header(said("papers.first_of_path" if path else "papers.first"), anchor=False)
        for offer in found.first:
            _draw_paper(offer, now)
    if found.rest:
        st.header(said("papers.rest"), anchor=False)
    for purpose, rest in found.rest:
        label = said(f"papers.group.{purpose}", number=len(rest))
        with st.expander(label, key=f"papers-{purpose}", on_change="rerun") as fold:
            if fold.open:
                for offer in rest:
                    _draw_paper(offer, now)


def _path(result: Result) -> str | None:
    chosen = PAPERS_FOR.get()
    return chosen if chosen in {p.id for p in result.paths} else None


def _draw_path(result: Result, path: str | None) -> None:
    """For which way the papers are, and the way back to those of the next step."""
    if path is None:
        return
    name = path_title(next(p for p in result.paths if p.id == path))
    st.markdown(said("papers.for_path", path=name))
    st.button(said("papers.for_next"), key="papers-for-next", on_click=PAPERS_FOR.drop)


def _draw_names() -> Names:
    """The fields for names; the names as they hold them now."""
    with st.expander(
        said("papers.names"), icon=":material/badge:", key="papers-names", on_change="rerun"
    ) as fold:
        if fold.open:
            draw_names()
    typed = names()
    if typed != Names():
        st.caption(f":material/badge: {said('papers.names_in')}")
    return typed


def _draw_take(number: int, now: _Now) -> None:
    st.header(said("papers.take"), anchor=False)
    with st.container(key="papers_take", horizontal=True, gap="small"):
        st.download_button(
            said("papers.zip_of_path" if now.path else "papers.zip"),
            data=lambda: zip_papers(now.case, now.result, load_rules(), now.names, path=now.path),
            file_name=bare("papers.zip_name", day=today().isoformat()),
            mime="application/zip",
            key="papers-zip",
            type="primary",
            icon=":material/folder_zip:",
            on_click="ignore",
        )
        calendar_button(said("papers.calendar"), "papers-calendar")
    st.caption(counted("papers.zip_note", number))


def _draw_paper(offer: Offer, now: _Now) -> None:
    make = partial(_paper, offer, now)
    check = partial(_sheet, offer, now)
    with st.container(key=f"paper_{offer.id}", border=True):
        who = said(f"papers.who.{offer.audience}")
        st.markdown(f"**{plain(offer.title)}**  \n{plain(offer.why)} *{who}*")
        with st.container(horizontal=True, gap="small"):
            for kind in KINDS:
                _download(offer, kind, make, "")
        _draw_fold(offer, make, "read")
        if offer.worksheet:
            with st.container(horizontal=True, gap="small"):
                for kind in KINDS:
                    _download(offer, kind, check, WORKSHEET)
            _draw_fold(offer, check, "check")


def _draw_fold(offer: Offer, make: Callable[[], Paper], what: str) -> None:
    """A paper, or the sheet that goes with it, to read here."""
    with st.expander(
        said(f"papers.{what}", title=offer.title), key=f"{what}-{offer.id}", on_change="rerun",
        type="compact",
    ) as fold:  # fmt: skip
        if fold.open:
            _draw_sheet(offer, make, what)


def _paper(offer: Offer, now: _Now) -> Paper:
    return make_paper(
        offer.id, now.case, now.result, load_rules(), now.names, offer.path or now.path
    )


def _sheet(offer: Offer, now: _Now) -> Paper:
    """The sheet that goes with a paper."""
    found = make_worksheet(
        offer.id, now.case, now.result, load_rules(), now.names, offer.path or now.path
    )
    assert found is not None
    return found


def _download(offer: Offer, kind: str, make: Callable[[], Paper], part: str) -> None:
    render, mime = KINDS[kind]
    label = f"sheet_{LABEL[kind]}" if part else LABEL[kind]
    st.download_button(
        said(f"papers.{label}"),
        data=lambda: render(make()),
        file_name=bare("papers.file_name", paper=f"{offer.id}{part}".replace("_", "-"), kind=kind),
        mime=mime,
        key=f"{kind}-{offer.id}{part}",
        help=said(f"papers.{label}_help", title=offer.title),
        icon=":material/download:",
        on_click="ignore",
    )


def _draw_sheet(offer: Offer, make: Callable[[], Paper], what: str) -> None:
    """The paper as it will be, for the screen: each of its texts as it stands."""
    with st.container(key=f"sheet_{what}_{offer.id}", border=True):
        paper = for_the_screen(make(), _cell, partial(counted, "papers.empty_rows"))
        st.markdown(below_the_title(markdown(paper, plain)))


def _cell(column: str, value: str) -> str:
    return bare("papers.cell", column=column, value=value)
