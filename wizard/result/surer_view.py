"""What would make the answer surer: a few open questions, each with what it can change."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.result import Result
from wizard.interview.surer import OpenPoint, make_surer
from wizard.session import store, today
from wizard.shell import navigation
from wizard.shell.said import Markdown, plain, said


def open_points(result: Result) -> tuple[OpenPoint, ...]:
    """The open questions of the answers, those that can change most first."""
    return make_surer(result, navigation.walk(), store(), load_rules(), today())


def point_words(point: OpenPoint) -> Markdown:
    """An open question: what it asks, what it can change and how to find it out."""
    how = f" {plain(point.how)}" if point.how else ""
    return Markdown(f"**{plain(point.asks)}** {plain(point.changes)}{how}")


def draw_surer(result: Result) -> None:
    """Each open question with a way to answer it and come back."""
    points = open_points(result)
    if not points:
        return
    st.header(said("result.find_out"), anchor=False)
    for point in points:
        with st.container(key=f"surer_{point.step}", gap=None):
            st.markdown(point_words(point))
            st.button(
                said("result.answer_this"), key=f"surer-{point.step}", type="tertiary",
                on_click=navigation.change, args=(point.step, navigation.RESULT),
            )  # fmt: skip
