"""The result: the answers, what to do about them, and one tap away everything that was checked."""

from __future__ import annotations

import streamlit as st

from rules.result import AnswerShown, Result
from wizard.interview.payer_order_view import draw_order
from wizard.session import current_result, store
from wizard.shell import navigation, styles
from wizard.shell.crisis_banner import draw_health
from wizard.shell.layout import heading
from wizard.shell.said import counted, said

from .answer_view import draw_card, draw_lead
from .reading import MOST_CARDS, cards_of
from .sections_view import (
    draw_dates,
    draw_everything,
    draw_money,
    draw_people,
    draw_this_week,
)
from .since_last import what_changed
from .surer_view import draw_surer
from .why_not_view import draw_why_not

# The other pages about this result, in the order in which they are offered.
PAGES = ("print", "papers", "costs", "calendar")


def draw() -> None:
    styles.use("answer")
    result = current_result()
    if store().empty():
        _draw_nothing_yet()
        return
    heading(said("result.title"))
    cards = cards_of(result)
    draw_health(result, told=cards.first_words)
    changed = what_changed(result)
    if changed:
        st.caption(changed)
    draw_lead(result, cards)
    _draw_ways_on(cards.lead)
    draw_this_week(result)
    _draw_others(result, cards.others)
    draw_money(result)
    draw_dates(result)
    draw_people(result)
    draw_surer(result)
    _draw_all(result)
    st.caption(said("result.limits", day=result.today.isoformat(), version=result.rules_version))


def _draw_nothing_yet() -> None:
    heading(said("result.title"))
    st.write(said("result.nothing_yet"))
    st.button(said("start.begin"), key="result-begin", type="primary", on_click=navigation.begin)


def _draw_ways_on(lead: AnswerShown | None) -> None:
    """The one thing to go on with, and the other pages as a quiet row."""
    left = navigation.walk().left
    knows_little = lead is None or lead.path is None or store().get("coverages") is None
    go_on = counted("result.go_on", left)
    if left and knows_little:
        st.button(go_on, key="result-on", type="primary", on_click=navigation.begin)
    else:
        st.button(
            said("result.to_plan"), key="result-plan", type="primary",
            on_click=navigation.go, args=("plan",),
        )  # fmt: skip
    with st.container(key="result_tools", horizontal=True, gap="small"):
        if left and not knows_little:
            st.button(go_on, key="result-on", type="tertiary", on_click=navigation.begin)
        if knows_little and left:
            _link("plan")
        _link("check", navigation.REVIEW)
        for name in PAGES:
            _link(name)


def _link(name: str, step: str | None = None) -> None:
    st.button(
        said(f"result.to.{name}"), key=f"result-{name}", type="tertiary",
        on_click=navigation.go, args=(step or name,),
    )  # fmt: skip


def _draw_others(result: Result, others: tuple[AnswerShown, ...]) -> None:
    """The answers for other treatments and insurance; more than a few wait behind a fold."""
    for answer in others[:MOST_CARDS]:
        draw_card(result, answer)
    rest = others[MOST_CARDS:]
    if rest:
        with st.expander(
            counted("result.more_answers", len(rest)), key="more_answers", on_change="rerun"
        ) as fold:
            if fold.open:
                for answer in rest:
                    draw_card(result, answer)


# --- everything ------------------------------------------------------------------------------------


def _draw_all(result: Result) -> None:
    st.header(said("result.all"), anchor=False)
    if len(store().covers()) > 1 and result.payer_order:
        with st.expander(said("order.title"), key="order", on_change="rerun") as fold:
            if fold.open:
                draw_order()
    draw_everything(result)
    draw_why_not(result)
