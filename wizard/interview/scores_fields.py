"""Severity scores: a short list, each with its scale, points and date."""

from __future__ import annotations

import streamlit as st

from rules.case import PlainPart
from wizard.labels import choice_label, score_in_words
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.errors import guarded
from wizard.shell.said import plain, said

from .answer_fields import clash, read_date
from .steps import InterviewStep

MOST_POINTS = 100
DATE = "severity[].date"


def draw_scores(step: InterviewStep) -> None:
    """The scores told so far, and a form for one more."""
    assert step.question is not None
    scores: list[PlainPart] = list(store().get(step.field) or [])
    for number, score in enumerate(scores):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.write(plain(score_in_words(step.question, score)))
            st.button(
                said("scores.remove"), key=f"score-remove-{number}",
                on_click=_keep, args=(step, scores[:number] + scores[number + 1 :]),
            )  # fmt: skip
    _draw_form(step, scores)
    with st.container(key="answer_buttons", horizontal=True, gap="small"):
        if scores:
            st.button(
                said("question.go_on"), key="scores-on", type="primary",
                on_click=navigation.take, args=(step, {step.field: scores}),
            )  # fmt: skip
        else:
            st.button(
                said("scores.none"),
                key="scores-none",
                on_click=navigation.take,
                args=(step, {step.field: []}),
            )
        st.button(
            said("question.unknown"),
            key="scores-unknown",
            on_click=navigation.take,
            args=(step, {step.field: None}),
        )


def _draw_form(step: InterviewStep, scores: list[PlainPart]) -> None:
    question = step.question
    assert question is not None
    with st.form("form-score", clear_on_submit=False):
        st.selectbox(
            said("scores.scale"), [c.value for c in question.choices], index=None,
            format_func=lambda v: choice_label(question, v), key="score-scale",
            placeholder=said("scores.choose"),
        )  # fmt: skip
        st.number_input(
            said("scores.points"),
            min_value=0,
            max_value=MOST_POINTS,
            value=None,
            key="score-points",
        )
        st.text_input(
            said("scores.date"),
            placeholder=said("question.date_form"),
            key="score-date",
            max_chars=30,
        )
        st.form_submit_button(
            said("scores.add"), icon=":material/add:", on_click=_add, args=(step, scores)
        )


@guarded
def _add(step: InterviewStep, scores: list[PlainPart]) -> None:
    scale = st.session_state.get("score-scale")
    points = st.session_state.get("score-points")
    text = str(st.session_state.get("score-date") or "")
    if scale is None or points is None:
        navigation.problem("scores.incomplete")
        return
    score: PlainPart = {"scale": scale, "score": points}
    if text.strip():
        given = read_date(text, DATE)
        problem = given.problem or clash(DATE, given.value, store().get)
        if problem is not None:
            navigation.problem(problem)
            return
        score["date"] = given.value
    navigation.problem(None)
    for key in ("score-scale", "score-points"):
        st.session_state[key] = None
    st.session_state["score-date"] = ""
    _keep(step, [*scores, score])


@guarded
def _keep(step: InterviewStep, scores: list[PlainPart]) -> None:
    if scores:
        navigation.take(step, {step.field: scores}, stay=True)
    else:
        store().forget(step.field)
