"""Where in the interview a person is: the part, and how many screens may still come."""

from __future__ import annotations

import streamlit as st

from wizard.shell.said import Markdown, counted, said

from .sequence import Walk
from .steps import FIRST, InterviewStep


def draw_progress(walk: Walk, step: InterviewStep) -> None:
    """One line and a row of marks; beside the walk there is nothing to count."""
    if step.section == "money":
        return
    if not step.first:
        st.markdown(said("question.further", left=_left(walk, step)))
        return
    number = walk.section_number(step.section)
    st.markdown(
        said(
            "question.progress",
            number=number,
            total=len(FIRST),
            section=said(f"sections.{step.section}"),
            left=_left(walk, step),
        )
    )
    marks = "".join(
        f"<span class='kp-mark{_state(number, i)}'></span>" for i in range(1, len(FIRST) + 1)
    )
    st.html(f"<div class='kp-marks' aria-hidden='true'>{marks}</div>")


def _left(walk: Walk, step: InterviewStep) -> Markdown:
    """At most so many screens after this one. Before the insurance is told nobody can say."""
    if not walk.counted or step.kind == "covers":
        return said("question.left_first")
    this = 0 if step.id in walk.done else 1
    if step.first:
        return counted("question.left_to_answer", max(walk.first_left - this, 0))
    return counted("question.left", max(walk.left - this, 0))


def _state(now: int, mark: int) -> str:
    return " kp-now" if mark == now else " kp-past" if mark < now else ""
