"""All answers by section, each with a way to change it and come back."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from wizard.labels import cover_name, in_words, score_in_words, short_name, treatment_name
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.layout import heading
from wizard.shell.said import counted, plain, said

from .payer_order_view import draw_order
from .sequence import Walk
from .steps import SECTIONS, THOUGHTS, WAYS, InterviewStep, Part, Section

Thoughts = Literal["left_out", "answered", "told"]


def draw() -> None:
    walk = navigation.walk()
    heading(said("check.title"))
    draw_changed()
    draw_ended()
    if walk.left:
        st.info(said("check.open"), icon=":material/pending:")
    with st.container(key="check_on_top", horizontal=True, gap="small"):
        _ways_on(walk, "top")
    for section in SECTIONS:
        _draw_section(walk, section)
    _draw_skipped(walk)
    _draw_ways(walk)
    with st.container(key="check_on_end", horizontal=True, gap="small"):
        _ways_on(walk, "end")


def draw_changed() -> None:
    """What the change of an answer did to the answers about the insurance."""
    changed = navigation.take_changed()
    if changed is None:
        return
    if not changed:
        st.info(said("check.unchanged"), icon=":material/check:")
        return
    rows = [
        f"- {said('check.before')} {plain(c.before or said('check.no_answer'))}  \n"
        f"  {said('check.after')} {plain(c.after or said('check.no_answer'))}"
        for c in changed
    ]
    st.info("\n".join((said("check.changed"), "", *rows)), icon=":material/published_with_changes:")


def draw_ended() -> None:
    """Which answers a change made meaningless: they are gone, and here is which."""
    ended = navigation.take_ended()
    if ended:
        rows = "\n".join(
            f"- {plain(short_name(f))}: {plain(in_words(f, v, store().covers()))}" for f, v in ended
        )
        st.warning(f"{said('check.ended')}\n\n{rows}", icon=":material/edit_off:")


def _ways_on(walk: Walk, where: str) -> None:
    first_result = not walk.first_left
    st.button(
        said("check.see_result"), key=f"check-result-{where}", on_click=navigation.go, args=(navigation.RESULT,),
        type="primary" if first_result else "secondary",
    )  # fmt: skip
    if walk.left:
        st.button(
            said("check.go_on"), key=f"check-on-{where}", on_click=navigation.begin,
            type="secondary" if first_result else "primary",
        )  # fmt: skip


def _draw_ways(walk: Walk) -> None:
    """The way to the questions about other ways to pay, which the walk does not lead to."""
    ways = walk.find(WAYS)
    if ways is not None and not any(store().answered(f) for f in ways.fields):
        st.button(
            said("check.ways"), key="check-ways", icon=":material/payments:",
            on_click=navigation.change, args=(WAYS,),
        )  # fmt: skip


# --- what was told ---------------------------------------------------------------------------------


def _draw_section(walk: Walk, section: Section) -> None:
    told = [(s, lines) for s in walk.in_section(section) if (lines := lines_of(s))]
    if not told:
        return
    st.header(said(f"sections.{section}"), anchor=False)
    cover: int | None = None
    for step, lines in told:
        if step.cover is not None and step.cover != cover:
            cover = step.cover
            st.subheader(plain(cover_name(store().covers()[cover], cover)), anchor=False)
        _draw_row(step, "  \n".join(lines))
    if section == "cover":
        draw_order()


def _draw_row(step: InterviewStep, text: str) -> None:
    with st.container(
        key=f"answer_{step.id}",
        horizontal=True,
        vertical_alignment="center",
        gap="small",
        wrap=False,
    ):
        st.markdown(text, width="stretch")
        st.button(
            said("check.change"), key=f"change-{step.id}", on_click=navigation.change, args=(step.id,),
            help=said("check.change_help", name=_title(step)),
        )  # fmt: skip


def _title(step: InterviewStep) -> str:
    if step.group is not None and step.kind != "diagnoses":
        return said(f"groups.{step.group}.short")
    return short_name(step.field)


def lines_of(step: InterviewStep, thoughts: Thoughts = "answered") -> list[str]:
    """What was told on a screen, a line for each answer, for markdown; nothing that is not known.

    An answer about thoughts of suicide is not repeated unless it is asked for (`told`).
    """
    if step.kind == "covers":
        words = _covers_words()
        return [_row(step.field, words)] if words else []
    if step.kind == "treatments":
        words = _tried_words()
        return [_row(step.field, words)] if words else []
    if not step.parts:
        return _line(step.field)
    return [x for p in step.parts for x in _part_line(p, thoughts)]


def _part_line(part: Part, thoughts: Thoughts) -> list[str]:
    value = store().get(part.field)
    if part.field == THOUGHTS and thoughts != "told":
        if value is None or thoughts == "left_out":
            return []
        return [_row(part.field, said("check.answered"))]
    if part.question.kind == "scores" and value:
        words = "; ".join(plain(score_in_words(part.question, s)) for s in value)
        return [_row(part.field, words)]
    return _line(part.field)


def _line(field: str) -> list[str]:
    value = store().get(field)
    if value is None:
        return []
    return [_row(field, plain(in_words(field, value, store().covers())))]


def _row(field: str, words: str) -> str:
    return f"**{plain(short_name(field))}:** {words}"


def _covers_words() -> str:
    value = store().get("coverages")
    if value == []:
        return said("covers.you_have_none")
    return counted("check.covers_told", len(value)) if value else ""


def _tried_words() -> str:
    answers = store()
    tried, counts = answers.get("treatments"), answers.case.get("treatment_counts") or {}
    parts = []
    if tried:
        parts.append("; ".join(plain(treatment_name(t["treatment"])) for t in tried))
    elif tried == []:
        parts.append(said("treatments.you_said_none"))
    for name, value in counts.items():
        place = f"treatment_counts.{name}"
        parts.append(f"{plain(short_name(place))}: {plain(in_words(place, value))}")
    return "  \n".join(parts)


# --- what was skipped ------------------------------------------------------------------------------


def _draw_skipped(walk: Walk) -> None:
    """The questions answered with "I don't know", in one fold."""
    steps = [
        (s, names)
        for section in SECTIONS
        for s in walk.in_section(section)
        if (names := _skipped(s))
    ]
    if not steps:
        return
    number = sum(len(names) for _, names in steps)
    with st.expander(counted("check.skipped", number), key="skipped", on_change="rerun") as fold:
        if fold.open:
            for step, names in steps:
                _draw_skipped_row(step, names)


def _skipped(step: InterviewStep) -> list[str]:
    unknown = store().unknown
    return [plain(short_name(f)) for f in step.fields if f in unknown and f != THOUGHTS]


def _draw_skipped_row(step: InterviewStep, names: list[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.markdown("; ".join(names), width="stretch")
        st.button(
            said("check.answer"), key=f"skipped-{step.id}", on_click=navigation.change, args=(step.id,),
            help=said("check.change_help", name=_title(step)),
        )  # fmt: skip
