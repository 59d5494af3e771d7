"""The result: where the person stands, the best path and its next step; then everything behind it."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.messages import outlook_means, outlook_words, phrase
from rules.result import PathShown, Result
from wizard.interview.payer_order_view import draw_order
from wizard.interview.sequence import worth_finding_out
from wizard.labels import cover_name, day, question_of, short_name
from wizard.session import current_result, store, today
from wizard.shell import navigation, theme
from wizard.shell.crisis_banner import draw_health
from wizard.shell.layout import heading
from wizard.shell.said import counted, plain, said

from .path_view import draw_path, group_chips
from .reading import Group, after_a_no, due_appeal, groups, handful
from .why_not_view import draw_why_not

FIRST_QUESTIONS = 3
MOST_QUESTIONS = 12


def draw() -> None:
    result = current_result()
    if store().empty():
        _draw_nothing_yet()
        return
    lead = result.best_path
    heading(said("result.title"))
    draw_health(result)
    _draw_lead(result, lead)
    _draw_more_to_do()
    _draw_picture(result)
    _draw_find_out(result)
    _draw_first(result, lead)
    draw_order(level=2)
    _draw_rest(result)
    draw_why_not(result)
    _draw_limits(result)


def _draw_nothing_yet() -> None:
    heading(said("result.title"))
    st.write(said("result.nothing_yet"))
    st.button(said("start.begin"), key="result-begin", type="primary", on_click=navigation.begin)


# --- the first screen ------------------------------------------------------------------------------


def stands(result: Result, lead: PathShown | None) -> str:
    """One sentence of where the person stands."""
    covers = store().covers()
    if covers and (lead is None or lead.coverage is None):
        told = {note.text for note in result.safety}
        act = result.first_act or ""
        return "" if act in told else said("result.stands_first", act=act)
    if lead is not None and lead.coverage is not None and lead.coverage < len(covers):
        return said(
            f"result.{_stand(lead)}",
            cover=cover_name(covers[lead.coverage]),
            treatment=phrase("treatment", lead.treatment),
        )
    return said(f"result.stands_without.{'none' if store().get('coverages') == [] else 'unknown'}")


def draw_stands(result: Result, lead: PathShown | None) -> None:
    words = stands(result, lead)
    if words:
        st.markdown(words)


def _stand(lead: PathShown) -> str:
    """Where the person stands with a cover, as a key of words."""
    if after_a_no(lead):
        urgent = any(s.by is not None and s.by <= today() for s in lead.next_steps[:1])
        return "stands_today" if urgent else "stands_denied"
    return f"stands.{lead.outlook}"


def draw_due(lead: PathShown | None, due: PathShown | None) -> None:
    """The last day to ask again after a no, where the leading path is another one."""
    if due is not None and (lead is None or due.id != lead.id):
        st.markdown(
            said(
                "result.due",
                treatment=phrase("treatment", due.treatment),
                name=due.name,
                day=day(due.deadlines[0].act_by),
            )
        )


def _draw_lead(result: Result, lead: PathShown | None) -> None:
    draw_stands(result, lead)
    draw_due(lead, due_appeal(result))
    if lead is None:
        return
    with st.container(key="lead"):
        st.markdown(f"*{said('result.best')}*")
        draw_path(lead, f"lead-{lead.id}")


def _draw_more_to_do() -> None:
    left = navigation.walk().left
    with st.container(key="result_tools", horizontal=True, gap="small"):
        if left:
            st.button(
                counted("result.go_on", left), key="result-on", on_click=navigation.begin,
                icon=":material/arrow_forward:",
            )  # fmt: skip
        st.button(
            said("result.check"),
            key="result-check",
            on_click=navigation.go,
            args=(navigation.REVIEW,),
        )
        for name in ("print", "plan", "calendar", "papers", "costs"):
            st.button(
                said(f"pages.{name}"), key=f"result-{name}", on_click=navigation.go, args=(name,)
            )


def _draw_picture(result: Result) -> None:
    """How many ways stand where, at one look: the same words, icons and colours as below."""
    st.markdown(said("result.picture", chips=group_chips(result)))


# --- what to find out ------------------------------------------------------------------------------


def _draw_find_out(result: Result) -> None:
    book, answers = load_rules(), store()
    open_now = [q for q in result.questions if worth_finding_out(q.field, answers, book, today())][
        :MOST_QUESTIONS
    ]
    if not open_now:
        return
    st.header(said("result.find_out"), anchor=False)
    for question in open_now[:FIRST_QUESTIONS]:
        _draw_question(question.field, question.how_to_find_out, len(question.matters_for))
    rest = open_now[FIRST_QUESTIONS:]
    if rest:
        with st.expander(
            counted("result.more_to_find_out", len(rest)), key="more_questions", on_change="rerun"
        ) as fold:
            if fold.open:
                for question in rest:
                    _draw_question(
                        question.field, question.how_to_find_out, len(question.matters_for)
                    )


def _draw_question(field: str, how: str, matters: int) -> None:
    record = question_of(field)
    asks = short_name(field) if record is None else record.asks
    cover = _cover_of(field)
    where = f" ({cover})" if cover else ""
    settles = f" {counted('result.settles', matters)}" if matters else ""
    st.markdown(f"- **{plain(asks)}**{where} {plain(how)}{settles}")


def _cover_of(field: str) -> str:
    covers = store().covers()
    if len(covers) < 2 or not field.startswith("coverages["):
        return ""
    number = int(field[len("coverages[") : field.index("]")])
    return plain(cover_name(covers[number], number)) if number < len(covers) else ""


# --- the paths -------------------------------------------------------------------------------------


def _draw_first(result: Result, lead: PathShown | None) -> None:
    shown = [p for p in handful(result) if lead is None or p.id != lead.id]
    if not shown:
        return
    st.header(said("result.first"), anchor=False)
    for number, path in enumerate(shown):
        with st.container(key=f"first_{number}", border=True):
            draw_path(path, f"p-{path.id}")


def _draw_rest(result: Result) -> None:
    first = {p.id for p in handful(result)}
    st.header(said("result.rest"), anchor=False)
    for group in groups(result):
        rest = tuple(p for p in group.paths if p.id not in first)
        if rest:
            _draw_group(Group(group.outlook, group.of_cover, rest))


def _draw_group(group: Group) -> None:
    words = outlook_words(group.outlook, group.of_cover)
    key = "group" if group.of_cover else "group_ways"
    label = said(f"result.{key}", outlook=words, count=len(group.paths))
    with st.expander(
        label,
        icon=theme.OUTLOOK_ICON[group.outlook],
        key=f"{key}-{group.outlook}",
        on_change="rerun",
    ) as fold:
        if fold.open:
            st.caption(plain(outlook_means(group.outlook, group.of_cover)))
            for path in group.paths:
                draw_path(path, f"p-{path.id}")


def _draw_limits(result: Result) -> None:
    st.caption(said("result.limits", day=result.today.isoformat(), version=result.rules_version))
