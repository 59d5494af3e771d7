"""What comes before anything else: the crisis lines, and a condition to see to first."""

from __future__ import annotations

import streamlit as st

from rules.result import Result, SafetyNote
from wizard.session import Slot, current_result

from .said import plain, said

# The step that asks about thoughts of suicide, and the one that followed its answer.
ASKS = "safety"
_FOLLOWED: Slot[str | None] = Slot("crisis_step", lambda: None)


def draw_safety(step: str, is_question: bool) -> bool:
    """Draw the crisis lines where they are called for; whether they are.

    The whole box stands where the answer about thoughts was given and on the question that follows;
    everywhere else one line does, so that it never pushes away what the person came for.
    """
    notes = crisis_notes(current_result())
    if not notes:
        _FOLLOWED.drop()
        return False
    if _FOLLOWED.get() is None and step != ASKS:
        _FOLLOWED.set(step)
    if step == ASKS or (is_question and _FOLLOWED.get() == step):
        draw_lines(notes)
    else:
        draw_line("safety_line")
    return True


def crisis_notes(result: Result) -> tuple[SafetyNote, ...]:
    """The crisis lines of a result."""
    return tuple(n for n in result.safety if n.kind == "crisis")


def draw_health(result: Result, told: str = "") -> None:
    """The conditions that were told and have to be seen to first, before any way to pay.

    What the first words below (`told`) say already is not said twice.
    """
    notes = [n for n in result.safety if n.kind == "health" and n.text not in told]
    if notes:
        with st.container(key="health", border=True):
            for note in notes:
                st.markdown(f"**{plain(note.text)}**")


def draw_line(key: str) -> None:
    """The one line: whom to call or text."""
    with st.container(key=key):
        st.markdown(said("safety.line"))


def draw_lines(notes: tuple[SafetyNote, ...]) -> None:
    """The box itself: how to call, text and chat; folded below it, what else the safety records name."""
    with st.container(key="safety"):
        st.markdown(said("safety.ways"))
        draw_more(notes, "safety-more")


def draw_more(notes: tuple[SafetyNote, ...], key: str, with_ways: bool = False) -> None:
    """The other lines that the safety records name, behind a fold; `with_ways`: those of the box too."""
    more = [n for n in notes if n.id not in ALREADY_SAID]
    if more or with_ways:
        with st.expander(said("safety.more"), type="compact", key=key):
            if with_ways:
                st.markdown(said("safety.ways"))
            for note in more:
                st.markdown(plain(note.text))


# What the lines of the box say already.
ALREADY_SAID = ("988_lifeline", "veterans_crisis_line", "emergency_911")
