"""The crisis lines: on every screen from the first mention of thoughts of suicide."""

from __future__ import annotations

import streamlit as st

from rules.model import SafetyNote
from wizard.answers import current_result

from .said import plain, said


def draw_safety() -> bool:
    """Draw the crisis lines where they are called for; whether they are."""
    notes = current_result().safety
    if notes:
        draw_lines(notes)
    return bool(notes)


def draw_lines(notes: tuple[SafetyNote, ...]) -> None:
    """The box itself: how to call, text and chat; folded below it, what else the safety records name."""
    with st.container(key="safety"):
        st.markdown(said("safety.ways"))
        more = [n for n in notes if n.id not in ALREADY_SAID]
        if more:
            with st.expander(said("safety.more"), type="compact"):
                for note in more:
                    st.markdown(plain(note.text))


# What the lines of the box say already.
ALREADY_SAID = ("988_lifeline", "veterans_crisis_line", "emergency_911")
