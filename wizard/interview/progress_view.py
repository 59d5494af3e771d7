"""Where in the interview a person is: the part, and about how many questions are left."""

from __future__ import annotations

import streamlit as st

from wizard.shell.said import counted, said

from .sequence import SECTIONS, InterviewStep, Walk


def draw_progress(walk: Walk, step: InterviewStep) -> None:
    """One line and a row of six marks; the number is computed from the answers so far."""
    number = walk.section_number(step.section)
    others = sum(1 for s in walk.open_steps() if s.id != step.id)
    st.markdown(
        said(
            "question.progress",
            number=number,
            total=len(SECTIONS),
            section=said(f"sections.{step.section}"),
            left=counted("question.left", others),
        )
    )
    marks = "".join(
        f"<span class='kp-mark{_state(number, i)}'></span>" for i in range(1, len(SECTIONS) + 1)
    )
    st.html(f"<div class='kp-marks' aria-hidden='true'>{marks}</div>")


def _state(now: int, mark: int) -> str:
    return " kp-now" if mark == now else " kp-past" if mark < now else ""
