"""What stands beside the answer of every question: why it is asked, how to find out, what is wrong."""

from __future__ import annotations

import streamlit as st

from rules.schema.other import Question
from wizard.messages import has
from wizard.shell.navigation import PROBLEM
from wizard.shell.said import said


def draw_why(question: Question) -> None:
    """Why it is asked, how to find out, and where there is more help, that too."""
    st.markdown(said("question.why", why=question.why))
    st.markdown(said("question.how", how=question.how_to_find_out))
    if has(f"help.{question.id}"):
        with st.expander(said("question.more_help"), icon=":material/lightbulb:"):
            st.markdown(said(f"help.{question.id}"))


def draw_problem(field: str | None = None) -> None:
    """What is wrong with the answer given, if something is: under its field, where it has one."""
    problem = PROBLEM.get()
    if problem is not None and problem.field == field:
        with st.container(key=f"problem_{field}" if field else None):
            st.error(said(problem.key, **dict(problem.words)), icon=":material/error:")
