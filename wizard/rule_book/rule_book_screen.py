"""The rule book: every rule and fact, searched and narrowed, and the flow of the questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, get_args

import streamlit as st

from rules import load_rules
from rules.schema.policies import Payer, Program
from rules.vocabulary import Confidence
from wizard.interview.steps import SECTIONS, Section
from wizard.labels import asks, states
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.layout import heading
from wizard.shell.said import counted, plain, said

from . import diagrams
from .catalogue import (
    MARKS,
    CatalogueEntry,
    Found,
    Mark,
    RecordCatalogue,
    Wanted,
    page_of,
    pages_needed,
    search,
)
from .entry_view import OPENED, catalogue, entry_title, mark_chips, source_words, thing_of

EACH_PAGE = 10
MOST_LETTERS = 120
RECORD = "record"
FILTERS = ("payer", "state", "program", "room", "source", "confidence")


def draw() -> None:
    heading(said("rule_book.title"))
    st.markdown(said("rule_book.lead"))
    index = catalogue()
    _draw_newest(index)
    st.text_input(
        said("rule_book.search"), key="book-text", placeholder=said("rule_book.search_example"),
        icon=":material/search:", live="300ms", persist_state="session",
        on_change=_first_page, type="search",
    )  # fmt: skip
    _draw_marks(index)
    with st.expander(said("rule_book.narrow"), icon=":material/tune:", key="book-narrow"):
        _draw_filters(index)
    wanted = _wanted()
    _draw_found(search(index, wanted), wanted)
    _draw_flow()


def _draw_newest(index: RecordCatalogue) -> None:
    book = load_rules()
    st.caption(
        said(
            "rule_book.newest",
            version=book.version,
            records=f"{len(index.by_file):,}",
            facts=f"{len(index.entries):,}",
            sources=f"{len(book.sources):,}",
        )
    )


# --- narrowing ------------------------------------------------------------------------------------------


def _draw_marks(index: RecordCatalogue) -> None:
    st.pills(
        said("rule_book.marks_label"),
        [m for m in MARKS if index.marked.get(m)],
        selection_mode="multi",
        format_func=lambda m: said(f"rule_book.mark_filter.{m}", number=index.marked[m]),
        key="book-marks",
        on_change=_first_page,
        persist_state="session",
    )


def _draw_filters(index: RecordCatalogue) -> None:
    book = load_rules()
    left, middle, right = st.columns(3)
    with left:
        _choose("payer", {p.id: p.name for p in _by_name(book.payers.values())})
        _choose("state", dict(states()))
    with middle:
        _choose("program", {p.id: p.name for p in _by_name(book.programs.values())})
        _choose("room", {r: said(f"rule_book.room.{r}") for r in index.rooms}, "room_label")
    with right:
        titles = {s: book.sources[s].title for s in index.sources}
        _choose("source", dict(sorted(titles.items(), key=lambda pair: pair[1].lower())))
        known: dict[str, str] = {c: said(f"rule_book.confidence.{c}") for c in get_args(Confidence)}
        _choose("confidence", known, "confidence_label")


Named = TypeVar("Named", Payer, Program)


def _by_name(records: Iterable[Named]) -> list[Named]:
    return sorted(records, key=lambda r: r.name.lower())


def _choose(name: str, options: dict[str, str], label: str | None = None) -> None:
    st.selectbox(
        said(f"rule_book.{label or name}"), list(options), index=None,
        format_func=lambda v: options.get(v, v), placeholder=said("rule_book.any"),
        key=f"book-{name}", on_change=_first_page, persist_state="session",
    )  # fmt: skip


def _first_page() -> None:
    st.session_state["book-page"] = 1


def _wanted() -> Wanted:
    held = st.session_state
    marks: list[Mark] = held.get("book-marks") or []
    chosen = {name: held.get(f"book-{name}") for name in FILTERS}
    return Wanted(
        text=str(held.get("book-text") or "")[:MOST_LETTERS], marks=tuple(marks), **chosen
    )


def _clear() -> None:
    for name in FILTERS:
        st.session_state[f"book-{name}"] = None
    st.session_state["book-text"] = ""
    st.session_state["book-marks"] = []
    _first_page()


# --- what was found ---------------------------------------------------------------------------------------


def _draw_found(found: Found, wanted: Wanted) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="book-found"):
        st.markdown(f"**{counted('rule_book.found', len(found.entries))}**")
        if wanted != Wanted():
            st.button(
                said("rule_book.clear"), key="book-clear", on_click=_clear, icon=":material/close:",
                type="tertiary",
            )  # fmt: skip
    if found.instead is not None and found.entries:
        st.caption(said("rule_book.instead", text=found.instead))
    if not found.entries:
        return
    pages = pages_needed(len(found.entries), EACH_PAGE)
    page = min(int(st.session_state.get("book-page") or 1), pages)
    for entry in page_of(found.entries, page, EACH_PAGE):
        _draw_one(entry)
    if pages > 1:
        if page != st.session_state.get("book-page", 1):
            st.session_state["book-page"] = page
        st.pagination(pages, key="book-page", max_visible_pages=5, persist_state="session")
        st.caption(said("rule_book.page", page=page, pages=pages))


def _draw_one(entry: CatalogueEntry) -> None:
    with st.container(border=True, key=f"book-entry-{entry.number}", gap="xsmall"):
        lines = [f"**{plain(entry.record)}** · {plain(entry_title(entry))}", "", plain(entry.says)]
        if entry.marks:
            lines += ["", mark_chips(entry.marks)]
        st.markdown("\n".join(lines))
        st.caption(source_words(thing_of(entry), load_rules()))
        st.button(
            said("rule_book.open"), key=f"book-open-{entry.number}", icon=":material/menu_book:",
            help=said("rule_book.open_help", name=entry.record), on_click=open_entry, args=(entry,),
        )  # fmt: skip


def open_entry(entry: CatalogueEntry) -> None:
    """Show the record of an entry, with the entry first. The address bar does not name it."""
    OPENED.set((entry.file, entry.place))
    st.session_state.pop("record-page", None)
    navigation.go(RECORD)


# --- the flow of the questions ----------------------------------------------------------------------------


def _draw_flow() -> None:
    with st.expander(
        said("rule_book.flow"), key="book-flow", icon=":material/account_tree:", on_change="rerun"
    ) as fold:
        if fold.open:
            st.markdown(said("rule_book.flow_lead"))
            section: Section = st.selectbox(
                said("rule_book.flow_part"), SECTIONS, key="book-section",
                format_func=lambda s: said(f"sections.{s}"), persist_state="session",
            )  # fmt: skip
            _draw_section(section)


def _draw_section(section: Section) -> None:
    book = load_rules()
    st.mermaid_chart(
        diagrams.question_diagram(section, book), width="content",
        alt=said("rule_book.flow_alt", section=said(f"sections.{section}")),
    )  # fmt: skip
    st.markdown(f"**{said('rule_book.flow_list')}**")
    for group in diagrams.question_groups(section, book):
        title = (
            said("rule_book.flow_always")
            if group.condition is None
            else said("rule_book.flow_if", condition=group.condition)
        )
        rows = [f"- {plain(asks(q, store().role))}" for q in group.questions]
        st.markdown("\n".join([f"*{plain(title)}*", "", *rows]))
