"""What comes before anything else: the crisis lines, and a condition to see to first."""

from __future__ import annotations

import streamlit as st

from rules.result import Result, SafetyNote
from wizard.session import current_result

from .said import plain, said


def draw_safety() -> bool:
    """Draw the crisis lines where they are called for; whether they are."""
    notes = crisis_notes(current_result())
    if notes:
        draw_lines(notes)
    return bool(notes)


def crisis_notes(result: Result) -> tuple[SafetyNote, ...]:
    """The crisis lines of a result."""
    return tuple(n for n in result.safety if n.kind == "crisis")


def draw_health(result: Result) -> None:
    """The conditions that were told and have to be seen to first, before any way to pay."""
    notes = [n for n in result.safety if n.kind == "health"]
    if notes:
        with st.container(key="health", border=True):
            for note in notes:
                st.markdown(f":material/medical_services: **{plain(note.text)}**")


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
