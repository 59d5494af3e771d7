"""The answer beside the quick form: will it pay, why, what next, what if not; and a note to copy."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.report.action_plan import first_acts
from rules.report.chart_note import chart_note, first_window, subject
from rules.report.clinic_voice import for_clinic
from rules.report.rule_words import is_own, rule_words
from rules.report.windows import first_sentence
from rules.result import AnswerShown, PointShown, Result
from wizard.labels import cover_name, day, question_of, short_name
from wizard.result.path_view import outlook_chip
from wizard.session import current_case, current_result, store, today
from wizard.shell.browser import copy_button
from wizard.shell.crisis_banner import crisis_notes, draw_health
from wizard.shell.said import bare, counted, plain, said

from . import quick_form
from .quick_fields import round_number
from .sequence import worth_finding_out

MOST_ANSWERS = 4
MOST_MISSING = 4
LONGEST_LABEL = 40
POINT_ICON = {
    "met": ":material/check:",
    "not_met": ":material/close:",
    "unknown": ":material/question_mark:",
}


def draw_panel() -> None:
    result = current_result()
    st.header(said("quick_form.result"), anchor=False)
    if crisis_notes(result):  # it stays in sight beside the form, however far down it is filled
        with st.container(key="quick_crisis"):
            st.markdown(said("quick_form.crisis"))
    if store().empty():
        st.markdown(said("quick_form.nothing_yet"))
        return
    draw_health(result)
    about = subject(result)
    shown = sorted(result.answers, key=lambda a: a is not about)
    for answer in shown[:MOST_ANSWERS]:
        _draw_answer(answer, full=answer is about)
    _draw_next(result, about)
    _draw_copy(result)
    _draw_order(result)
    _draw_missing(result)
    st.caption(said("quick_form.limits"))


# --- the answers -----------------------------------------------------------------------------------


def _draw_answer(answer: AnswerShown, full: bool) -> None:
    """The sentence; of the answer asked for its deciding points and its rule as well."""
    chip = outlook_chip(answer.outlook, answer.coverage is not None)
    st.markdown(f"{chip} {plain(for_clinic(answer.sentence))}")
    if not full:
        return
    if answer.deciding_points:
        st.markdown("\n".join(_point_line(p) for p in answer.deciding_points))
    for assumed in answer.assumes:
        st.caption(plain(for_clinic(assumed)))
    if answer.rule is not None and is_own(answer.rule, load_rules()):
        rule = rule_words(answer.rule, load_rules())
        st.caption(said("quick_form.rule", rule=rule))


def _point_line(point: PointShown) -> str:
    asks = plain(for_clinic(point.asks))
    value = said(f"quick_form.point.{point.value}")
    has = said("quick_form.has", has=for_clinic(point.has)) if point.has else value
    return f"- {POINT_ICON[point.value]} {asks}: {has}"


def _draw_next(result: Result, about: AnswerShown | None) -> None:
    """What to do first, by when, and what stands open after a no."""
    lead = result.leading or about
    steps = first_acts(result, about)
    if steps:
        step = steps[0]
        by = said("quick_form.by", day=day(step.by)) if step.by is not None else ""
        st.markdown(said("quick_form.next", step=for_clinic(step.text)) + by)
        if step.contact is not None:
            reach = step.contact.phone or step.contact.url or ""
            st.caption(said("quick_form.contact", name=step.contact.name, reach=reach))
    path = result.path_of(lead.path) if lead is not None else None
    for deadline in path.deadlines_ahead[:1] if path is not None else ():
        st.markdown(said("quick_form.send_by", day=day(deadline.act_by)))
    window = first_window(result)
    if window is not None:
        st.markdown(plain(for_clinic(first_sentence(window))))
    no = (about.if_no if about is not None else None) or (lead.if_no if lead is not None else None)
    if no is not None:
        st.markdown(plain(for_clinic(no.text)))


def _draw_order(result: Result) -> None:
    """Who pays first, in one line a cover; the reasons stand on the result itself."""
    covers = store().covers()
    if len(covers) < 2 or not result.payer_order:
        return
    st.subheader(said("order.title"), anchor=False)
    rows = [
        f"- {plain(cover_name(covers[p.coverage], p.coverage))}: {said(f'order.position.{p.position}')}"
        for p in result.payer_order
        if p.coverage < len(covers)
    ]
    st.markdown("\n".join(rows))


def _draw_missing(result: Result) -> None:
    answers, book = store(), load_rules()
    missing = [
        f
        for f in quick_form.missing_for(result, result.best)
        if worth_finding_out(f, answers, book, today())
    ]
    if not missing:
        return
    st.subheader(said("quick_form.missing"), anchor=False)
    rows = []
    for field in missing[:MOST_MISSING]:
        question = question_of(field)
        how = f" {plain(for_clinic(question.how_to_find_out))}" if question is not None else ""
        name = said("quick_form.coverages") if field == "coverages" else short_name(field)
        rows.append(f"- **{plain(name)}**{':' if how else ''}{how}")
    st.markdown("\n".join(rows))
    rest = len(missing) - MOST_MISSING
    if rest > 0:
        st.caption(counted("quick_form.more_missing", rest))


# --- the note for the chart --------------------------------------------------------------------------


def _draw_copy(result: Result) -> None:
    """A button that copies the note, and the note itself where a browser copies nothing."""
    st.subheader(said("quick_form.chart"), anchor=False)
    caller = round_number()
    label = st.text_input(
        said("quick_form.chart_label"), key=f"quick-label-{caller}", max_chars=LONGEST_LABEL,
        placeholder=said("quick_form.chart_label_example"),
    )  # fmt: skip
    case = current_case()
    thoughts = case.suicidal_thoughts not in (None, "none") and st.checkbox(
        said("quick_form.chart_thoughts"), key=f"quick-thoughts-{caller}"
    )
    note = chart_note(case, result, load_rules(), label=label, thoughts=thoughts)
    copy_button(bare("quick_form.copy"), bare("quick_form.copied"), note, "quick_copy")
    with st.expander(said("quick_form.chart_show"), key="quick_chart", on_change="rerun") as fold:
        if fold.open:
            st.code(note, language=None, wrap_lines=True)
