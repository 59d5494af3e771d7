"""One record of the rule book: what was opened first, then all that it says, and where it speaks."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from rules import load_rules
from rules.result import PathShown
from rules.schema.base import Cited, Record
from wizard.messages import entry as words_at
from wizard.result.path_view import path_chip
from wizard.session import today
from wizard.shell import navigation
from wizard.shell.layout import heading
from wizard.shell.said import plain, said

from .catalogue import CatalogueEntry, page_of, pages_needed
from .entry_view import OPENED, catalogue, draw_entry, draw_picture, draw_report, record_at
from .examples import Spoken, speaking
from .record_words import field_name, header

EACH_PAGE = 12
MOST_EXAMPLES = 12
SEARCH = "rule-book"


def draw() -> None:
    file, place = OPENED.get()
    entries = catalogue().by_file.get(file, ())
    if not entries:
        heading(said("rule_book.not_chosen_title"))
        st.markdown(said("rule_book.not_chosen"))
        _back()
        return
    record = record_at(file)
    heading(entries[0].record)
    _back()
    st.caption(said("rule_book.record_file", file=f"rules/records/{file}"))
    opened = next((e for e in entries if e.place == place), entries[0])
    st.header(said("rule_book.chosen"), anchor=False)
    with st.container(border=True, key="record-chosen"):
        draw_entry(opened, record, load_rules())
        draw_picture(opened, load_rules(), "chosen")
        draw_report(opened, "chosen")
    _draw_about(record)
    _draw_examples(file)
    _draw_all(entries, opened, record)


def _back() -> None:
    st.button(
        said("rule_book.back"), key="record-back", icon=":material/arrow_back:",
        on_click=navigation.go, args=(SEARCH,),
    )  # fmt: skip


def _draw_about(record: Record) -> None:
    rows = [
        f"- {plain(field_name(p.field))}: {plain(p.text)}"
        for p in header(record, load_rules())
        if not isinstance(record, Cited)
    ]
    if rows:
        st.header(said("rule_book.about"), anchor=False)
        st.markdown("\n".join(rows))


def _draw_all(entries: tuple[CatalogueEntry, ...], opened: CatalogueEntry, record: Record) -> None:
    others = tuple(e for e in entries if e is not opened)
    if not others:
        return
    st.header(said("rule_book.all_parts"), anchor=False)
    pages = pages_needed(len(others), EACH_PAGE)
    page = int(st.session_state.get("record-page") or 1)
    part = ""
    for entry in page_of(others, page, EACH_PAGE):
        if entry.part != part:
            part = entry.part
            number = sum(e.part == part for e in entries)
            name = said(f"rule_book.part.{part}") if part in _parts() else field_name(part)
            st.subheader(said("rule_book.part_count", part=name, number=number), anchor=False)
        with st.container(border=True, key=f"record-entry-{entry.number}"):
            draw_entry(entry, record, load_rules())
            st.button(
                said("rule_book.show"), key=f"record-show-{entry.number}", type="tertiary",
                icon=":material/arrow_upward:", on_click=_show, args=(entry,),
            )  # fmt: skip
    if pages > 1:
        st.pagination(pages, key="record-page", max_visible_pages=5)


def _show(entry: CatalogueEntry) -> None:
    OPENED.set((entry.file, entry.place))


def _parts() -> dict[str, str]:
    found: dict[str, str] = words_at("rule_book.part")
    return found


# --- the cases in which it speaks -------------------------------------------------------------------------


@lru_cache(maxsize=60)
def _spoken(file: str, version: str, day: str) -> tuple[Spoken, ...]:
    return speaking(file, load_rules(), today(), MOST_EXAMPLES)


def _draw_examples(file: str) -> None:
    with st.expander(
        said("rule_book.examples"), key="record-examples", icon=":material/science:",
        on_change="rerun",
    ) as fold:  # fmt: skip
        if not fold.open:
            return
        found = _spoken(file, load_rules().version, today().isoformat())
        if not found:
            st.markdown(said("rule_book.examples_none"))
            return
        st.markdown(said("rule_book.examples_lead"))
        st.markdown("\n".join(_example_line(s.says, s.path) for s in found))


def _example_line(says: str, path: PathShown) -> str:
    return f"- {plain(says)} {path_chip(path)} {plain(path.name)}"
