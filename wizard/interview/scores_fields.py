"""Severity scores: a short list, each with its scale, points and date."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.case import PlainPart
from wizard.labels import choice_label, score_in_words
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.errors import guarded
from wizard.shell.said import plain, said

from .answer_fields import clash, read_date
from .number_fields import draw_number
from .problem import Problem
from .question_head_view import draw_problem
from .steps import InterviewStep
from .typed_number import Range

MOST_POINTS = 100
DATE = "severity[].date"
SCALE, POINTS, DAY = "score-scale", "score-points", "score-date"  # keys of the widgets


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
            format_func=lambda v: choice_label(question, v), key=SCALE,
            placeholder=said("scores.choose"),
        )  # fmt: skip
        draw_problem(SCALE)
        draw_number(said("scores.points"), POINTS)
        draw_problem(POINTS)
        st.text_input(
            said("scores.date"),
            placeholder=said("question.date_form"),
            key=DAY,
            max_chars=30,
        )
        draw_problem(DAY)
        st.form_submit_button(
            said("scores.add"), icon=":material/add:", on_click=_add, args=(step, scores)
        )


@guarded
def _add(step: InterviewStep, scores: list[PlainPart]) -> None:
    found = _read_score()
    navigation.problem(found if isinstance(found, Problem) else None)
    if isinstance(found, Problem):
        return
    st.session_state.update({SCALE: None, POINTS: "", DAY: ""})
    _keep(step, [*scores, found])


def _read_score() -> PlainPart | Problem:
    """The score that the form holds, or what is wrong with its first wrong field."""
    scale = st.session_state.get(SCALE)
    if scale is None:
        return Problem("scores.no_scale", field=SCALE)
    points = score_range(scale).read(_text(POINTS))
    if points is None:
        return Problem("scores.no_points", field=POINTS)
    if isinstance(points, Problem):
        return points._replace(field=POINTS)
    if not _text(DAY):
        return {"scale": scale, "score": int(points)}
    given = read_date(_text(DAY), DATE)
    problem = given.problem or clash(DATE, given.value, store().get)
    if problem is not None:
        return problem._replace(field=DAY)
    return {"scale": scale, "score": int(points), "date": given.value}


def score_range(scale: str) -> Range:
    """The points that a scale has; where its highest is not known, what no scale goes beyond."""
    record = load_rules().scales[scale]
    high = MOST_POINTS if record.high is None else record.high
    return Range(record.name, record.low, high, whole=True)


def _text(key: str) -> str:
    return str(st.session_state.get(key) or "").strip()


@guarded
def _keep(step: InterviewStep, scores: list[PlainPart]) -> None:
    if scores:
        navigation.take(step, {step.field: scores}, stay=True)
    else:
        store().forget(step.field)
