"""One page to print and bring along: where things stand, the ways to look at first, what to do."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.result import PathShown
from wizard.interview.check_answers_screen import lines_of
from wizard.interview.payer_order_view import draw_order
from wizard.interview.sequence import worth_finding_out
from wizard.labels import day, question_of, short_name
from wizard.session import current_result, store, today
from wizard.shell import navigation
from wizard.shell.browser import print_button
from wizard.shell.crisis_banner import draw_health
from wizard.shell.layout import heading
from wizard.shell.said import plain, said

from .path_view import by_when, dated, draw_deadline, paper_name, path_chip, path_title, sureness
from .reading import due_appeal, handful
from .result_screen import MOST_QUESTIONS, draw_due, draw_stands

MOST_STEPS = 6
THOUGHTS = "suicidal_thoughts"


def draw() -> None:
    result = current_result()
    heading(said("print.title"))
    st.caption(said("print.made", day=day(today())))
    with st.container(key="print_tools", horizontal=True, gap="small"):
        print_button()
        st.button(
            said("print.back"), key="print-back", on_click=navigation.go, args=(navigation.RESULT,)
        )
    with_thoughts = _asks_for_thoughts()
    lead = result.best_path
    draw_health(result)
    draw_stands(result, lead)
    draw_due(lead, due_appeal(result))
    for path in handful(result):
        _draw_path(path)
    _draw_find_out()
    draw_order(level=2)
    _draw_answers(with_thoughts)
    st.caption(said("result.limits", day=result.today.isoformat(), version=result.rules_version))


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


def _draw_path(path: PathShown) -> None:
    st.subheader(path_title(path), anchor=False)
    st.markdown(f"{path_chip(path)} {plain(path.reason)}")
    for deadline in path.deadlines:
        draw_deadline(deadline)
        st.caption(plain(deadline.counted_from))
    steps = [
        f"{n}. {plain(s.text)}{by_when(s.by)} *({said(f'paths.who.{s.who}')})*"
        for n, s in enumerate(path.next_steps[:MOST_STEPS], 1)
    ]
    if steps:
        st.markdown("\n".join(steps))
    if path.documents:
        st.markdown(said("paths.bring", papers="; ".join(paper_name(d) for d in path.documents)))
    for source in path.sources[:2]:
        st.caption(
            f"{plain(source.title)} · {dated(source.as_of, source.checked, source.confidence)} · {sureness(source.confidence)}"
        )


def _draw_find_out() -> None:
    book, answers = load_rules(), store()
    rows: list[str] = []
    for question in current_result().questions:
        if worth_finding_out(question.field, answers, book, today()) and len(rows) < MOST_QUESTIONS:
            record = question_of(question.field)
            asks = record.asks if record is not None else short_name(question.field)
            rows.append(f"- **{plain(asks)}** {plain(question.how_to_find_out)}")
    if rows:
        st.header(said("result.find_out"), anchor=False)
        st.markdown("\n".join(rows))


def _draw_answers(with_thoughts: bool) -> None:
    walk = navigation.walk()
    st.header(said("print.answers"), anchor=False)
    told = [
        line
        for s in (*walk.steps, *walk.beside)
        for line in lines_of(s, "told" if with_thoughts else "left_out")
    ]
    st.markdown("\n".join(f"- {line}" for line in told))
