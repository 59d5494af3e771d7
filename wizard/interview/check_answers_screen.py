"""All answers by section, each with a way to change it and come back."""

from __future__ import annotations

import streamlit as st

from wizard.labels import cover_name, in_words, score_in_words, short_name, treatment_name
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.layout import heading
from wizard.shell.said import counted, plain, said

from .payer_order_view import draw_order
from .sequence import SECTIONS, InterviewStep, Section, Walk


def draw() -> None:
    walk = navigation.walk()
    heading(said("check.title"))
    draw_ended()
    if walk.left:
        st.info(counted("check.left", walk.left), icon=":material/pending:")
    with st.container(key="check_on_top", horizontal=True, gap="small"):
        _ways_on(walk, "top")
    for section in SECTIONS:
        _draw_section(walk, section)
    with st.container(key="check_on_end", horizontal=True, gap="small"):
        _ways_on(walk, "end")


def draw_ended() -> None:
    """Which answers a change made meaningless: they are gone, and here is which."""
    ended = navigation.take_ended()
    if ended:
        rows = "\n".join(
            f"- {plain(short_name(f))}: {plain(in_words(f, v, store().covers()))}" for f, v in ended
        )
        st.warning(f"{said('check.ended')}\n\n{rows}", icon=":material/edit_off:")


def _ways_on(walk: Walk, where: str) -> None:
    first_result = not walk.left
    st.button(
        said("check.see_result"), key=f"check-result-{where}", on_click=navigation.go, args=(navigation.RESULT,),
        type="primary" if first_result else "secondary",
    )  # fmt: skip
    if walk.left:
        st.button(
            said("check.go_on"), key=f"check-on-{where}", type="primary", on_click=navigation.begin
        )


def _draw_section(walk: Walk, section: Section) -> None:
    answered = [s for s in walk.in_section(section) if s.id in walk.done]
    if not answered:
        return
    st.header(said(f"sections.{section}"), anchor=False)
    cover: int | None = None
    for step in answered:
        if step.cover is not None and step.cover != cover:
            cover = step.cover
            st.subheader(plain(cover_name(store().covers()[cover], cover)), anchor=False)
        _draw_answer(step)
    if section == "cover":
        draw_order()


def _draw_answer(step: InterviewStep) -> None:
    name = said("check.covers") if step.kind == "covers" else short_name(step.field)
    with st.container(
        key=f"answer_{step.id}",
        horizontal=True,
        vertical_alignment="center",
        gap="small",
        wrap=False,
    ):
        st.markdown(f"**{plain(name)}**  \n{answer_words(step)}", width="stretch")
        st.button(
            said("check.change"), key=f"change-{step.id}", on_click=navigation.change, args=(step.id,),
            help=said("check.change_help", name=name),
        )  # fmt: skip


def answer_words(step: InterviewStep) -> str:
    """The answer of a step, in words for markdown."""
    answers = store()
    value = answers.get(step.field)
    if step.kind == "treatments":
        return _tried_words()
    if step.kind == "covers":
        if value == []:
            return said("covers.you_have_none")
        return counted("check.covers_told", len(value)) if value else said("common.unknown")
    if step.question is not None and step.question.kind == "scores" and value:
        return "; ".join(plain(score_in_words(step.question, s)) for s in value)
    return plain(in_words(step.field, value, answers.covers()))


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
    return "  \n".join(parts) or said("common.unknown")
