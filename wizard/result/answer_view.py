"""An answer as people read it: will it pay, why, what tomorrow, what if not; the rest opens behind it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from rules import load_rules
from rules.costs.show import money
from rules.messages import phrase, split_first_sentence
from rules.report.action_plan import first_acts
from rules.result import AnswerShown, PointShown, Result, RuleShown
from wizard.shell.said import Markdown, link, plain, said

from .path_view import dated, draw_fold, outlook_chip
from .reading import Cards, deciding
from .step_words import act_words, rule_words, short_title

UNLIKELY = ("uphill", "closed")  # what an unlikely yes would cost is no sum to plan with


def draw_lead(result: Result, cards: Cards) -> None:
    """What was asked for, then the leading answer with all four of its parts."""
    lead = cards.lead
    if lead is None:
        return
    acts = first_acts(result)
    with st.container(key="lead"):
        if cards.asked is not None:
            _draw_sentence(cards.asked)
        _draw_sentence(lead)
        _draw_quiet(lead, checked=True)
        _draw_rows(lead, Markdown(act_words(acts[0])) if acts else None)
        for assumed in lead.assumes:
            st.caption(plain(assumed))
        for answer in (cards.asked, lead):
            if answer is not None:
                _draw_fold(result, answer)


def draw_card(result: Result, answer: AnswerShown) -> None:
    """Another answer: the same parts, smaller."""
    with st.container(key=f"card_{_key(answer)}", border=True):
        _draw_sentence(answer)
        _draw_quiet(answer)
        act = answer.next_steps[0] if answer.next_steps else None
        _draw_rows(answer, Markdown(act_words(act, papers=False)) if act is not None else None)
        _draw_fold(result, answer)


def _key(answer: AnswerShown) -> str:
    return f"{answer.coverage}-{answer.treatment}"


def _draw_sentence(answer: AnswerShown) -> None:
    first, rest = split_first_sentence(answer.sentence)
    st.header(plain(first), anchor=False)
    if rest:
        st.markdown(plain(rest))


def _draw_quiet(answer: AnswerShown, checked: bool = False) -> None:
    told = quiet_words(answer, checked)
    if told:
        st.caption(told)


def quiet_words(answer: AnswerShown, checked: bool = False) -> str:
    """How it stands, by which rule and of when; `checked`: tell if nobody has checked the rule yet."""
    parts: list[str] = []
    if answer.coverage is not None and answer.path is not None:
        parts.append(outlook_chip(answer.outlook, of_cover=True))
    if answer.rule is not None:
        parts.append(rule_words(answer.rule))
        if checked and _unchecked(answer.rule):
            parts.append(said("result.unchecked"))
    if answer.position in ("secondary", "third", "fourth", "fifth", "not_a_payer"):
        parts.append(said(f"order.position.{answer.position}"))
    return " · ".join(p for p in parts if p)


def _unchecked(rule: RuleShown) -> bool:
    return rule.confidence == "recalled" or not rule.seen


def _draw_rows(answer: AnswerShown, act: Markdown | None) -> None:
    for row in row_words(answer, act):
        st.markdown(row)


def row_words(answer: AnswerShown, act: Markdown | None) -> list[str]:
    """The deciding points, what to do tomorrow, what if they say no, what it costs."""
    rows: list[str] = [_point(p) for p in deciding(answer)]
    if act is not None:
        rows.append(said("result.tomorrow", act=act))
    if answer.if_no is not None:
        rows.append(said("result.if_no", text=answer.if_no.text))
    if answer.cost is not None and answer.outlook not in UNLIKELY and answer.cost.first_course:
        rows.append(said("result.cost", amount=amounts_words(answer.cost.first_course)))
    return rows


def _point(point: PointShown) -> Markdown:
    """What a rule asks for and what the person has."""
    if point.has:
        return said(f"result.point.{point.value}_has", asks=point.asks, has=point.has)
    return said(f"result.point.{point.value}", asks=point.asks)


def amounts_words(amounts: tuple[str, str]) -> str:
    """A sum, the most that it may be, or the lowest and the highest."""
    low, high = (Decimal(a) for a in amounts)
    if not low and high:
        return said("result.at_most", amount=money(high))
    if low == high:
        return said("result.about", amount=money(low))
    return said("result.between", low=money(low), high=money(high))


def _draw_fold(result: Result, answer: AnswerShown) -> None:
    path = result.path_of(answer.path)
    if path is None and not answer.points:
        return
    treatment = phrase("treatment", answer.treatment)
    with st.expander(
        said("result.more", treatment=treatment), key=f"answer-{_key(answer)}", on_change="rerun"
    ) as fold:
        if not fold.open:
            return
        _draw_points(answer.points)
        _draw_other_steps(answer)
        for unless in answer.unless:
            st.markdown(said("result.unless", when=unless.when))
        if answer.rule is not None:
            _draw_source(answer.rule)
        if path is not None:
            draw_fold(path, f"answer-{path.id}")


def _draw_points(points: Sequence[PointShown]) -> None:
    if points:
        st.subheader(said("paths.section.points"), anchor=False)
        st.markdown("\n".join(f"- {_point(p)}" for p in points))


def _draw_other_steps(answer: AnswerShown) -> None:
    steps = answer.next_steps[1:]
    if steps:
        st.subheader(said("result.then"), anchor=False)
        st.markdown("\n".join(f"- {act_words(s)}" for s in steps))


def _draw_source(rule: RuleShown) -> None:
    source = load_rules().sources.get(rule.source)
    if source is not None:
        title = link(short_title(source.title), source.url)
        st.caption(f"{title} · {dated(rule.date, source.checked, rule.confidence)}")
