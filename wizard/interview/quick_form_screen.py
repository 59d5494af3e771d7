"""The quick form: all that matters on one dense screen, with the result beside it as it is filled."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from wizard.answers import Answers
from wizard.labels import in_words, short_name
from wizard.session import LAST_CALLER, current_result, replace, store, today
from wizard.shell import navigation, styles
from wizard.shell.browser import keep_focus
from wizard.shell.layout import heading
from wizard.shell.said import counted, plain, said

from . import quick_form
from .quick_answer_view import draw_panel
from .quick_fields import draw_cell, next_round, round_number


def draw() -> None:
    styles.use("staff")
    heading(said("quick_form.title"))
    st.caption(said("quick_form.lead"))
    left, right = st.columns([7, 4], gap="medium")
    with left, st.container(key="quick_form"):
        _draw_form()
    with right, st.container(key="quick_result", border=True):
        draw_panel()
    keep_focus(round_number())


# --- the form --------------------------------------------------------------------------------------


def _draw_form() -> None:
    answers, book = store(), load_rules()
    _tell_ended()
    shown = quick_form.groups(answers, book, today())
    for group in shown:
        st.header(said(f"quick_form.group.{group.name}"), anchor=False)
        with st.container(key=f"quick_cells_{group.name}"):
            for field in group.fields:
                draw_cell(field)
        _tell_limits(group.name)
    on_form = {f.place for g in shown for f in g.fields}
    _draw_more(quick_form.more_fields(answers, current_result(), book, today(), on_form))
    _draw_buttons()


def _tell_limits(group: str) -> None:
    """What the form has no room for is told, so that nothing seems lost."""
    beyond = quick_form.covers_beyond(store())
    if group == "cover_2" and beyond:
        st.caption(counted("quick_form.covers_beyond", beyond))
    if group == "tried" and quick_form.lists_treatments(store()):
        st.caption(said("quick_form.listed"))


def _tell_ended() -> None:
    ended = navigation.take_ended()
    if ended:
        rows = "\n".join(
            f"- {plain(short_name(p))}: {plain(in_words(p, v, store().covers()))}" for p, v in ended
        )
        st.info(f"{said('check.ended')}\n\n{rows}")


def _draw_more(fields: tuple[quick_form.Field, ...]) -> None:
    if not fields:
        return
    with st.expander(
        said("quick_form.more", count=len(fields)), key="quick_more", on_change="rerun"
    ) as fold:
        if fold.open:
            with st.container(key="quick_cells_more"):
                for field in fields:
                    draw_cell(field)


def _draw_buttons() -> None:
    told = not store().empty()
    with st.container(key="quick_buttons", horizontal=True, gap="small"):
        st.button(
            said("quick_form.open"), key="quick-open", type="primary" if told else "secondary",
            shortcut="Alt+O", on_click=_open, disabled=not told,
        )  # fmt: skip
        st.button(
            said("quick_form.next_caller"), key="quick-next", shortcut="Alt+N",
            on_click=_next_caller, disabled=not told,
        )  # fmt: skip
        if LAST_CALLER.get() is not None:
            st.button(
                said("quick_form.bring_back"),
                key="quick-back",
                type="tertiary",
                on_click=_bring_back,
            )


def _open() -> None:
    navigation.leave_review(navigation.RESULT)


def _next_caller() -> None:
    """An empty form for the next caller; the last one can be brought back once."""
    last = store()
    LAST_CALLER.set(last)
    _show(Answers(role=last.role, keep_in_browser=last.keep_in_browser))


def _bring_back() -> None:
    now, last = store(), LAST_CALLER.take()
    if not now.empty():
        LAST_CALLER.set(now)
    if last is not None:
        _show(last)


def _show(answers: Answers) -> None:
    replace(answers)
    navigation.take_ended()
    next_round()
