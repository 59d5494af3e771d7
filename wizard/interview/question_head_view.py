"""What stands above the answer of every question: why it is asked, how to find out, what is wrong."""

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


def draw_problem() -> None:
    """What is wrong with the answer given, if something is."""
    problem = PROBLEM.get()
    if problem is not None:
        st.error(said(problem), icon=":material/error:")
