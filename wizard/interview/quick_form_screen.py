"""The quick form: all that matters on one dense screen, with the result beside it as it is filled."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.result import PathShown, Result
from wizard.answers import Answers
from wizard.labels import cover_name, in_words, question_of, short_name
from wizard.result.path_view import draw_deadline, draw_face, group_chips, path_chip, path_title
from wizard.session import LAST_CALLER, current_result, replace, store, today
from wizard.shell import navigation, styles
from wizard.shell.browser import keep_focus
from wizard.shell.crisis_banner import crisis_notes, draw_health
from wizard.shell.layout import heading
from wizard.shell.said import counted, plain, said

from . import quick_form
from .quick_fields import draw_cell, next_round, round_number
from .sequence import worth_finding_out

MOST_MISSING = 4


def draw() -> None:
    styles.use("staff")
    heading(said("quick_form.title"))
    st.caption(said("quick_form.lead"))
    left, right = st.columns([7, 4], gap="medium")
    with left, st.container(key="quick_form"):
        _draw_form()
    with right, st.container(key="quick_result", border=True):
        _draw_short()
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


# --- the result beside it -----------------------------------------------------------------------------


def _draw_short() -> None:
    result = current_result()
    st.header(said("quick_form.result"), anchor=False)
    _draw_crisis(result)
    if store().empty():
        st.markdown(said("quick_form.nothing_yet"))
        return
    draw_health(result)
    lead = result.best_path
    if lead is not None:
        _draw_lead(lead)
    elif result.leading is not None:
        st.markdown(plain(result.leading.sentence))
    _draw_soonest(result, lead)
    _draw_missing(result, lead)
    _draw_order(result)
    st.markdown(said("result.picture", chips=group_chips(result)))
    st.caption(said("quick_form.limits"))


def _draw_crisis(result: Result) -> None:
    """The crisis line stays in sight beside the form, however far down it is filled."""
    if crisis_notes(result):
        with st.container(key="quick_crisis"):
            st.markdown(said("quick_form.crisis"))


def _draw_lead(lead: PathShown) -> None:
    st.markdown(f"{path_chip(lead)} **{path_title(lead)}**")
    draw_face(lead)


def _draw_soonest(result: Result, lead: PathShown | None) -> None:
    """The first day that any other path would miss."""
    own = {d.act_by for d in lead.deadlines} if lead is not None else set()
    days = [
        (d, p)
        for p in result.paths
        for d in p.deadlines
        if not d.passed and d.act_by not in own and p.outlook != "closed"
    ]
    if days:
        day, path = min(days, key=lambda pair: pair[0].act_by)
        draw_deadline(day)
        st.caption(said("quick_form.day_of", path=path.name))


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


def _draw_missing(result: Result, lead: PathShown | None) -> None:
    answers, book = store(), load_rules()
    missing = [
        f
        for f in quick_form.missing_for(result, lead.id if lead else None)
        if worth_finding_out(f, answers, book, today())
    ]
    if not missing:
        return
    st.subheader(said("quick_form.missing"), anchor=False)
    rows = []
    for field in missing[:MOST_MISSING]:
        question = question_of(field)
        how = f" {plain(question.how_to_find_out)}" if question is not None else ""
        name = said("quick_form.coverages") if field == "coverages" else short_name(field)
        rows.append(f"- **{plain(name)}**{':' if how else ''}{how}")
    st.markdown("\n".join(rows))
    rest = len(missing) - MOST_MISSING
    if rest > 0:
        st.caption(counted("quick_form.more_missing", rest))
