"""Plain words for the words that plans use."""

from __future__ import annotations

import streamlit as st

from wizard.messages import entry
from wizard.shell.layout import heading
from wizard.shell.said import plain, said


def terms() -> dict[str, str]:
    """Every term with its meaning, by name."""
    found: dict[str, str] = entry("glossary.terms")
    return dict(sorted(found.items(), key=lambda pair: pair[0].lower()))


def draw() -> None:
    heading(said("glossary.title"))
    wanted = st.text_input(said("glossary.search"), key="glossary-search", live=True)
    shown = {
        term: text
        for term, text in terms().items()
        if (wanted or "").strip().lower() in f"{term} {text}".lower()
    }
    if not shown:
        st.info(said("glossary.nothing"))
    for term, text in shown.items():
        st.markdown(f"**{term}**  \n{plain(text)}")
