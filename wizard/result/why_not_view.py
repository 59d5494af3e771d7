"""Drawing the answer to "Why not …?": one or two sentences, each with its source to read out."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.report.rule_words import rule_words
from rules.result import Result
from wizard.session import current_case, today
from wizard.shell.said import Markdown, link, plain, said

from .path_view import draw_path
from .why_not import Heard, Told, WhyNot, heard_of, why_not


def draw_why_not(result: Result) -> None:
    st.header(said("why_not.title"), anchor=False)
    book = load_rules()
    chosen: Heard | None = st.selectbox(
        said("why_not.label"), heard_of(book), index=None, format_func=lambda h: h.name,
        placeholder=said("why_not.example"), key="why-not",
    )  # fmt: skip
    if chosen is None:
        return
    found = why_not(chosen, current_case(), result, book, today())
    for says, source in found.first:
        st.markdown(f":material/warning: **{plain(says)}**")
        st.caption(_source(source))
    _draw_can(found)
    if found.supposed and found.told:
        st.markdown(said(f"why_not.supposed.{chosen.kind}", name=chosen.name))
    for told in found.told:
        _draw_told(told)
    for path in found.paths:
        draw_path(path, f"w-{path.id}")
    if found.only_if is not None:
        st.markdown(said("why_not.only_if", name=chosen.name, condition=found.only_if))
    elif found == WhyNot():
        st.markdown(said("why_not.not_for_this", name=chosen.name))


def _draw_can(found: WhyNot) -> None:
    can = found.can
    if can is None:
        return
    key = {True: "yes", False: "no", None: "unknown"}[can.value]
    st.markdown(f"**{said(f'why_not.can.{key}')}** {plain(can.text)}")
    if can.source is not None:
        st.caption(_source(can.source))


def _draw_told(told: Told) -> None:
    st.markdown(f"**{plain(told.sentence)}**")
    if told.rule is None:
        return
    if told.says:
        st.markdown(said("why_not.read_out", says=told.says))
    book = load_rules()
    url = book.sources[told.rule.source].url
    st.caption(said("why_not.by", rule=link(rule_words(told.rule, book), url)))


def _source(ident: str) -> str:
    source = load_rules().sources[ident]
    return said("why_not.source", title=Markdown(link(source.title, source.url)))
