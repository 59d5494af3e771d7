"""An entry of the rule book as people read it: what it says, who said it, and what is doubtful."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from rules import Book, load_rules
from rules.schema.base import Cited, Record
from wizard.labels import day
from wizard.session import Slot, today
from wizard.shell.said import Markdown, bare, link, plain, said

from . import diagrams
from .catalogue import CatalogueEntry, Mark, RecordCatalogue, at_place, build_catalogue
from .record_words import Branch, field_name, particulars, points_of

# The entry that was opened: the file of its record, and its place in it.
OPENED: Slot[tuple[str, str]] = Slot("record", lambda: ("", ""))
MARK_ICON: dict[Mark, str] = {
    "recalled": ":material/person_raised_hand:",
    "unseen": ":material/visibility_off:",
    "past_review": ":material/event_busy:",
    "old": ":material/history:",
    "undated": ":material/calendar_today:",
    "misstated": ":material/campaign:",
}
MARK_COLOR: dict[Mark, str] = {
    "recalled": "orange",
    "unseen": "orange",
    "past_review": "violet",
    "old": "violet",
    "undated": "violet",
    "misstated": "blue",
}


@lru_cache(maxsize=3)  # somewhere it is yesterday still, and somewhere tomorrow
def _built(version: str, day_text: str) -> RecordCatalogue:
    """The index, built once per process for a rule book and a day."""
    return build_catalogue(load_rules(), today())


def catalogue() -> RecordCatalogue:
    """The index of the rule book as of today."""
    return _built(load_rules().version, today().isoformat())


def record_at(file: str) -> Record:
    """The record that stands in a file of the rule book."""
    for pairs in load_rules().records.values():
        for name, record in pairs:
            if name == file:
                return record
    raise KeyError(file)


def thing_of(entry: CatalogueEntry, record: Record | None = None) -> Cited:
    """The cited thing of an entry."""
    found = at_place(record or record_at(entry.file), entry.place)
    assert isinstance(found, Cited)
    return found


# --- one entry ------------------------------------------------------------------------------------------


def mark_chips(marks: tuple[Mark, ...]) -> Markdown:
    """What is doubtful, each as a word with icon and colour, for markdown."""
    return Markdown(
        " ".join(
            f":{MARK_COLOR[m]}-badge[{MARK_ICON[m]} {said(f'rule_book.mark.{m}')}]" for m in marks
        )
    )


def entry_title(entry: CatalogueEntry) -> str:
    """What kind of thing an entry is, and what it is about."""
    kind = said(f"rule_book.kind.{entry.kind}")
    name = entry.title if entry.title not in ("", entry.record) else ""
    return f"{kind}: {name}" if name else kind


def source_words(thing: Cited, book: Book) -> str:
    """The source with its link, its date, when it was checked and how sure we are, for markdown."""
    source = book.sources[thing.source]
    who = f", {plain(source.publisher)}" if source.publisher else ""
    key = "rule_book.quoted" if thing.as_of else "rule_book.quoted_undated"
    sureness = Markdown(said(f"rule_book.read.{how_read(thing)}", day=day(source.checked)))
    return (
        f"{said('rule_book.source_line', source=Markdown(link(source.title, source.url) + who))} · "
        f"{said(key, as_of=thing.as_of or '', sureness=sureness)}"
    )


def how_read(thing: Cited) -> str:
    """How a thing was read. What is only from memory was not checked, whatever its source was for."""
    return "unseen" if thing.confidence != "recalled" and not thing.seen else thing.confidence


def also_words(thing: Cited, book: Book) -> str:
    """The further sources, with their links."""
    names = []
    for ident in thing.also:
        source = book.sources.get(ident)
        if source is not None:
            names.append(link(source.title, source.url))
    return said("rule_book.more_sources", sources=Markdown("; ".join(names))) if names else ""


def draw_entry(entry: CatalogueEntry, record: Record, book: Book) -> None:
    """One entry: sentence, particulars, conditions, note and sources."""
    thing = thing_of(entry, record)
    st.markdown(f"**{plain(entry_title(entry))}**")
    if entry.marks:
        st.markdown(mark_chips(entry.marks))
    st.markdown(plain(entry.says))
    _draw_particulars(thing, entry, book)
    _draw_points(thing, book)
    if "misstated" in entry.marks:
        st.markdown(f":material/campaign: **{said('rule_book.misstated')}**")
    if thing.note:
        st.markdown(f"*{said('rule_book.note', note=thing.note)}*")
    st.caption(source_words(thing, book))
    also = also_words(thing, book)
    if also:
        st.caption(also)


def _draw_particulars(thing: Record, entry: CatalogueEntry, book: Book) -> None:
    rows = [
        f"- {plain(field_name(p.field))}: {_linked(p.text)}"
        for p in particulars(thing, book)
        if p.text not in entry.says
    ]
    if rows:
        st.markdown("\n".join(rows))


def _linked(text: str) -> str:
    return f"<{text}>" if text.startswith("https://") and " " not in text else plain(text)


def _draw_points(thing: Record, book: Book) -> None:
    for points in points_of(thing, book):
        lines = [f"**{plain(points.title)}**", ""]
        for item in points.items:
            lines.extend(_branch_lines(item, 0))
        st.markdown("\n".join(lines))


def _branch_lines(item: Branch, depth: int) -> list[str]:
    lines = [f"{'  ' * depth}- {plain(item.text)}"]
    for part in item.parts:
        lines.extend(_branch_lines(part, depth + 1))
    return lines


def draw_picture(entry: CatalogueEntry, book: Book, key: str) -> None:
    """The logic of a rule as a picture, drawn when it is opened; nothing where it has none."""
    thing = thing_of(entry)
    if not diagrams.can_draw(thing):
        return
    with st.expander(
        said("rule_book.picture"), key=f"{key}-picture", icon=":material/account_tree:",
        on_change="rerun",
    ) as fold:  # fmt: skip
        if fold.open:
            name = entry.title or entry.record
            st.mermaid_chart(
                diagrams.rule_diagram(thing, book), width="content",
                alt=bare("rule_book.picture_alt", name=name),
            )  # fmt: skip


def draw_report(entry: CatalogueEntry, key: str) -> None:
    """A text to copy that names the file and the field, for whoever keeps the records."""
    with st.expander(
        said("rule_book.report"), key=f"{key}-report", icon=":material/flag:", on_change="rerun"
    ) as fold:
        if fold.open:
            st.markdown(said("rule_book.report_lead"))
            st.code(report_text(entry, load_rules()), language=None, wrap_lines=True)


def report_text(entry: CatalogueEntry, book: Book) -> str:
    """What to send when something is wrong."""
    source = book.sources[entry.source]
    return bare(
        "rule_book.report_text",
        file=f"rules/records/{entry.file}", place=entry.place or "–", says=entry.says,
        source=" ".join(t for t in (source.title, source.url or "") if t),
        as_of=entry.as_of or said("paths.undated"), version=book.version,
    )  # fmt: skip
