"""The diagnoses: check all that apply, and of several the one that the treatment is for."""

from __future__ import annotations

import streamlit as st

from rules.schema.other import Choice, Question
from wizard.labels import asks, choice_label
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.errors import guarded
from wizard.shell.layout import heading
from wizard.shell.said import plain, said

from .question_head_view import draw_finding_out, draw_problem, draw_why
from .steps import InterviewStep

MAIN, OTHERS = "diagnosis", "other_diagnoses"
CHOSEN = "q-diagnoses-main"


def draw_step(step: InterviewStep) -> None:
    """All diagnoses as check boxes; once several are checked, which one the treatment is for."""
    question = step.parts[0].question
    heading(asks(question, store().role))
    draw_why(question)
    draw_problem()
    told = [d for d in (store().get(MAIN), *(store().get(OTHERS) or ())) if d]
    with st.form("form-diagnoses", border=False):
        ticked = _ticked(question, told)
        if len(ticked) > 1:
            _draw_main(question, ticked)
        for choice in question.choices:
            st.checkbox(_line(choice), value=choice.value in told, key=_key(choice.value))
        with st.container(key="answer_buttons", horizontal=True, gap="small"):
            st.form_submit_button(
                said("question.go_on"), type="primary", key="on-diagnoses", on_click=_take, args=(step,)
            )  # fmt: skip
            st.form_submit_button(
                said("question.unknown"), key="unknown-diagnoses", on_click=navigation.take,
                args=(step, {MAIN: None, OTHERS: None}),
            )  # fmt: skip
    draw_finding_out(step.parts[:1])


def _draw_main(question: Question, ticked: list[str]) -> None:
    main = store().get(MAIN)
    st.radio(
        said("question.which_first"), ticked, index=ticked.index(main) if main in ticked else None,
        format_func=lambda v: plain(choice_label(question, v)), key=CHOSEN,
    )  # fmt: skip


def _line(choice: Choice) -> str:
    if not choice.help:
        return plain(choice.label)
    return said("covers.kind_line", kind=choice.label, help=choice.help)


def _key(value: str) -> str:
    return f"q-diagnoses-{value}"


def _ticked(question: Question, told: list[str]) -> list[str]:
    """What is checked on the screen; before it was drawn, what was told."""
    return [
        c.value for c in question.choices if st.session_state.get(_key(c.value), c.value in told)
    ]


@guarded
def _take(step: InterviewStep) -> None:
    ticked = _ticked(step.parts[0].question, [])
    main = ticked[0] if len(ticked) == 1 else st.session_state.get(CHOSEN)
    if main not in ticked:
        navigation.problem("question.choose_main" if ticked else "question.tick_diagnosis")
        return
    navigation.problem(None)
    navigation.take(step, {MAIN: main, OTHERS: [d for d in ticked if d != main]})
