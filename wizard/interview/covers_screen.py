"""The health covers: which kinds at first, then a list to add to, change and remove from."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.schema.other import Choice, Question
from wizard.labels import cover_name, questions_by_field
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.errors import guarded
from wizard.shell.layout import heading
from wizard.shell.said import plain, said

from .payer_order_view import draw_order
from .question_head_view import draw_finding_out, draw_problem, draw_why
from .quick_form import cover_of, kinds_listed
from .steps import InterviewStep, Part

KIND = "coverages[].kind"


def kind_question() -> Question:
    return questions_by_field(load_rules())[KIND]


def draw_step(step: InterviewStep) -> None:
    """The covers step: ticking kinds the first time, the list ever after."""
    if store().covers():
        _draw_list(step)
    else:
        _draw_first(step)


def _draw_first(step: InterviewStep) -> None:
    question = kind_question()
    heading(said("covers.first"))
    draw_why(question)
    draw_problem()
    present = store().get("coverages")
    if present == []:
        st.caption(said("covers.you_said_none"))
    elif "coverages" in store().unknown:
        st.caption(said("question.you_said_unknown"))
    with st.form("form-covers", border=False):
        for choice in question.choices:
            st.checkbox(_kind_line(choice), key=f"kind-{choice.value}")
        with st.container(key="answer_buttons", horizontal=True, gap="small"):
            st.form_submit_button(
                said("question.go_on"),
                type="primary",
                key="on-covers",
                on_click=_take_kinds,
                args=(step,),
            )
            st.form_submit_button(
                said("covers.none"),
                key="none-covers",
                on_click=navigation.take,
                args=(step, {"coverages": []}),
            )
            st.form_submit_button(
                said("question.unknown"), key="unknown-covers",
                on_click=navigation.take, args=(step, {"coverages": None}),
            )  # fmt: skip
    draw_finding_out([Part(KIND, question)])


def _kind_line(choice: Choice) -> str:
    if not choice.help:
        return plain(choice.label)
    return said("covers.kind_line", kind=choice.label, help=choice.help)


@guarded
def _take_kinds(step: InterviewStep) -> None:
    ticked = [
        c.value for c in kind_question().choices if st.session_state.get(f"kind-{c.value}", False)
    ]
    navigation.problem(None if ticked else "covers.tick_one")
    if ticked:
        # With two or more the list comes first: it shows who pays first, and takes doubles.
        navigation.take(step, {"coverages": [{"kind": k} for k in ticked]}, stay=len(ticked) > 1)


def _draw_list(step: InterviewStep) -> None:
    heading(said("covers.list"))
    covers = store().covers()
    for number, cover in enumerate(covers):
        with st.container(key=f"cover_{number}", border=True):
            st.markdown(f"**{plain(cover_name(cover, number))}**")
            with st.container(horizontal=True, gap="small"):
                st.button(
                    said("covers.change"), key=f"change-{number}", on_click=navigation.go,
                    args=(f"cover-{number + 1}-kind",), help=said("covers.change_help", number=number + 1),
                )  # fmt: skip
                st.button(
                    said("covers.remove"), key=f"remove-{number}", on_click=_remove, args=(step, number),
                    help=said("covers.remove_help", number=number + 1),
                )  # fmt: skip
    draw_order()
    with st.form("form-add-cover", border=True, clear_on_submit=True):
        kinds = kinds_listed(load_rules())
        st.selectbox(
            said("covers.another"), list(kinds), index=None, format_func=lambda v: kinds[v],
            placeholder=said("covers.choose_kind"), key="another-kind",
        )  # fmt: skip
        st.form_submit_button(
            said("covers.add"), icon=":material/add:", on_click=_add, args=(step,)
        )
    with st.container(key="answer_buttons", horizontal=True, gap="small"):
        st.button(
            said("covers.enough"), key="covers-enough", type="primary",
            on_click=navigation.take, args=(step, {}),
        )  # fmt: skip


@guarded
def _add(step: InterviewStep) -> None:
    kind = st.session_state.get("another-kind")
    if kind is not None:
        covers = [*store().covers(), cover_of(kind)]
        navigation.take(step, {"coverages": covers}, stay=True)


@guarded
def _remove(step: InterviewStep, number: int) -> None:
    store().remove_cover(number)
    navigation.take(step, {}, stay=True)
