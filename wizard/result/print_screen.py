"""One page to print and bring along: the answers, this week, the dates, who helps, what is open."""

from __future__ import annotations

import streamlit as st

from rules.report.action_plan import first_acts
from rules.result import AnswerShown
from wizard.interview.check_answers_screen import lines_of
from wizard.labels import day
from wizard.session import current_result, store, today
from wizard.shell import navigation, styles
from wizard.shell.browser import print_button
from wizard.shell.crisis_banner import draw_health
from wizard.shell.layout import heading
from wizard.shell.said import plain, said

from .answer_view import quiet_words, row_words
from .reading import MOST_CARDS, MOST_HELP, cards_of, days_ahead, people
from .sections_view import MOST_DAYS, ahead_words, person_words
from .step_words import act_words
from .surer_view import open_points, point_words

THOUGHTS = "suicidal_thoughts"


def draw() -> None:
    styles.use("answer")
    result = current_result()
    heading(said("print.title"))
    st.caption(said("print.made", day=day(today())))
    with st.container(key="print_tools", horizontal=True, gap="small"):
        print_button()
        st.button(
            said("print.back"), key="print-back", on_click=navigation.go, args=(navigation.RESULT,)
        )
    with_thoughts = _asks_for_thoughts()
    with st.container(key="printed"):
        cards = cards_of(result)
        draw_health(result, told=cards.first_words)
        shown = [a for a in (cards.asked, cards.lead, *cards.others[:MOST_CARDS]) if a is not None]
        for answer in shown:
            _draw_answer(answer, leads=answer is cards.lead)
        _draw_list("result.week", [act_words(a) for a in first_acts(result)])
        _draw_list("result.dates", [ahead_words(a) for a in days_ahead(result)[:MOST_DAYS]])
        _draw_list("result.people", [person_words(p) for p in people(result)[:MOST_HELP]])
        _draw_list("result.find_out", [point_words(p) for p in open_points(result)])
        _draw_told(with_thoughts)
        st.caption(
            said("result.limits", day=result.today.isoformat(), version=result.rules_version)
        )


def _asks_for_thoughts() -> bool:
    """Whether an answer about thoughts of suicide is to stand on a page that is handed around.

    Not unless it is asked for; then the crisis lines stand on the page too.
    """
    if store().get(THOUGHTS) in (None, "none"):
        return False
    with st.container(key="print_choice"):
        wanted = st.checkbox(said("print.with_thoughts"), key="print-with-thoughts")
    if wanted:
        st.markdown(said("safety.ways"))
    return wanted


def _draw_answer(answer: AnswerShown, leads: bool) -> None:
    """The sentence with its rule; the leading one with its points, its next level and its cost."""
    st.subheader(plain(answer.sentence), anchor=False)
    quiet = quiet_words(answer, checked=leads)
    if quiet:
        st.caption(quiet)
    if leads:
        st.markdown("\n".join(f"- {row}" for row in row_words(answer, None)))


def _draw_list(title: str, rows: list[str]) -> None:
    if rows:
        st.header(said(title), anchor=False)
        st.markdown("\n".join(f"- {row}" for row in rows))


def _draw_told(with_thoughts: bool) -> None:
    """What was told, in one run of text; what nobody knows is left out."""
    walk = navigation.walk()
    told = [
        line.replace("  \n", "; ")
        for step in (*walk.steps, *walk.beside)
        for line in lines_of(step, "told" if with_thoughts else "left_out")
    ]
    if told:
        st.header(said("print.answers"), anchor=False)
        st.markdown(" · ".join(told))
