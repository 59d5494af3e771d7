"""One topic a screen: the question or questions, why they are asked, and the answer."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rules.schema.other import Question
from wizard.labels import asks, cover_name, in_words
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.errors import guarded
from wizard.shell.layout import heading
from wizard.shell.said import bare, plain, said

from . import covers_screen, diagnoses_screen, treatments_screen
from .answer_fields import draw_field, many_choices, read_field
from .group_fields import draw_group
from .payer_order_view import draw_order
from .progress_view import draw_progress
from .question_head_view import draw_finding_out, draw_problem, draw_why
from .scores_fields import draw_scores
from .sequence import Walk, enough_for_a_result, step_answered
from .steps import InterviewStep, Kind


def tab_title(step_id: str) -> str:
    """The tab's title on a question: its part and number, not what it asks."""
    walk = navigation.walk()
    step = walk.find(step_id)
    if step is None:
        return bare("pages.questions")
    numbers = {s.id: n for n, s in enumerate(walk.steps, 1)}
    name = bare(f"sections.{step.section}")
    if step_id not in numbers:
        return name
    return bare("question.tab", section=name, number=numbers[step_id])


def draw() -> None:
    walk = navigation.walk()
    step = walk.find(navigation.current_step())
    if step is None:
        _elsewhere(walk)
        return
    draw_progress(walk, step)
    _DRAWERS[step.kind](step)
    _ways_on(step)


def _elsewhere(walk: Walk) -> None:
    """A step that is not there (any more): say so, and lead to the one that is next."""
    upcoming = walk.next_after(None)
    heading(said("question.gone_title"))
    st.write(said("question.gone"))
    st.button(
        said("question.go_on"), key="gone_on", type="primary",
        on_click=navigation.go, args=(upcoming.id if upcoming else navigation.REVIEW,),
    )  # fmt: skip


def _draw_question(step: InterviewStep) -> None:
    question = step.question
    assert question is not None
    if step.cover is not None:
        covers = store().covers()
        st.caption(plain(cover_name(covers[step.cover], step.cover if len(covers) > 1 else None)))
    label = asks(question, store().role)
    heading(label)
    draw_why(question)
    if question.kind == "scores":
        draw_scores(step)
    else:
        key = f"q-{step.id}"
        with st.form(f"form-{step.id}", border=False):
            draw_field(question, step.field, key, label)
            draw_problem(_first_field(question, key))
            _buttons(step, question, key)
    draw_finding_out(step.parts)
    if step.cover is not None:
        draw_order()


def _buttons(step: InterviewStep, question: Question, key: str) -> None:
    if step.field in store().unknown:
        st.caption(said("question.you_said_unknown"))
    with st.container(key="answer_buttons", horizontal=True, gap="small"):
        st.form_submit_button(
            said("question.go_on"), type="primary", key=f"on-{step.id}",
            on_click=_take, args=(step, question, key),
        )  # fmt: skip
        st.form_submit_button(
            said("question.unknown"), key=f"unknown-{step.id}",
            on_click=navigation.take, args=(step, {step.field: None}),
        )  # fmt: skip


def _first_field(question: Question, key: str) -> str:
    """The widget that takes the focus when an answer is refused: of check boxes, the first."""
    return f"{key}-{many_choices(question)[0].value}" if question.kind == "many" else key


@guarded
def _take(step: InterviewStep, question: Question, key: str) -> None:
    given = read_field(question, step.field, key)
    navigation.problem(given.problem, _first_field(question, key))
    if given.problem is None:
        navigation.take(step, {step.field: given.value})


def _draw_denied_cover(step: InterviewStep) -> None:
    covers = store().covers()
    heading(said("covers.which_denied"))
    st.markdown(said("question.why", why=said("covers.which_denied_why")))
    present = store().get(step.field)
    key = f"q-{step.id}"

    @guarded
    def take() -> None:
        chosen = st.session_state.get(key)
        navigation.problem("question.choose_one" if chosen is None else None, key)
        if chosen is not None:
            navigation.take(step, {step.field: chosen})

    with st.form(f"form-{step.id}", border=False):
        st.radio(
            said("covers.which_denied"),
            range(len(covers)),
            index=present,
            format_func=lambda v: plain(in_words(step.field, v, covers)),
            key=key,
            label_visibility="collapsed",
        )
        draw_problem(key)
        with st.container(key="answer_buttons", horizontal=True, gap="small"):
            st.form_submit_button(
                said("question.go_on"), type="primary", key=f"on-{step.id}", on_click=take
            )
            st.form_submit_button(
                said("question.unknown"), key=f"unknown-{step.id}",
                on_click=navigation.take, args=(step, {step.field: None}),
            )  # fmt: skip


_DRAWERS: dict[Kind, Callable[[InterviewStep], None]] = {
    "covers": covers_screen.draw_step,
    "diagnoses": diagnoses_screen.draw_step,
    "treatments": treatments_screen.draw_step,
    "denied_cover": _draw_denied_cover,
    "question": _draw_question,
    "group": draw_group,
    "safety": draw_group,
    "ways": draw_group,
}


def _ways_on(step: InterviewStep) -> None:
    """Back, and a first look at the result once enough is known."""
    with st.container(key="ways_on", horizontal=True, gap="small"):
        st.button(
            said("question.back"), key=f"back-{step.id}", icon=":material/arrow_back:", type="tertiary",
            on_click=navigation.back, args=(step.id,),
        )  # fmt: skip
        if navigation.returning():
            if step_answered(store(), step):
                st.button(
                    said("question.keep"), key=f"keep-{step.id}", type="tertiary",
                    on_click=navigation.keep,
                )  # fmt: skip
        elif enough_for_a_result(store()):
            st.button(
                said("question.see_result"), key=f"result-{step.id}", type="tertiary",
                on_click=navigation.go, args=(navigation.RESULT,),
            )  # fmt: skip
