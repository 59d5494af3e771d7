"""What stands around the answer of every question: why it is asked, what is wrong, how to find out."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from rules.schema.other import Question
from wizard.labels import short_name
from wizard.messages import has
from wizard.shell.navigation import PROBLEM
from wizard.shell.said import plain, said

from .steps import Part


def draw_why(question: Question) -> None:
    """Why it is asked."""
    st.markdown(said("question.why", why=question.why))


def draw_finding_out(parts: Iterable[Part]) -> None:
    """How to find the answers out, folded below the fields; nothing where people simply know."""
    told = [p for p in parts if not p.question.self_known]
    if not told:
        return
    with st.expander(said("question.how"), icon=":material/lightbulb:"):
        for part in told:
            name = "" if len(told) == 1 else f"**{plain(short_name(part.field))}:** "
            st.markdown(f"{name}{plain(part.question.how_to_find_out)}")
            if has(f"help.{part.question.id}"):
                st.markdown(said(f"help.{part.question.id}"))


def draw_problem(field: str | None = None) -> None:
    """What is wrong with the answer given, if something is: under its field, where it has one."""
    problem = PROBLEM.get()
    if problem is not None and problem.field == field:
        with st.container(key=f"problem_{field}" if field else None):
            st.error(said(problem.key, **dict(problem.words)), icon=":material/error:")
