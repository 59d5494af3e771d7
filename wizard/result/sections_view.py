"""What stands below the answers: this week, other money, dates, people who help, and everything checked."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from rules import load_rules
from rules.costs.show import money
from rules.report.action_plan import first_acts
from rules.report.windows import day_of
from rules.result import PathShown, Result, WindowShown
from wizard.labels import day
from wizard.shell.said import counted, plain, said

from .path_view import day_words, draw_fold, draw_path, path_chip
from .reading import (
    MOST_HELP,
    Ahead,
    by_role,
    days_ahead,
    other_money,
    people,
)
from .step_words import act_words, contact_words

MOST_DAYS = 4
WORTH_NAMING = Decimal(100)  # dollars a year; less is not put first


def draw_this_week(result: Result) -> None:
    """The acts of this week after the one of tomorrow."""
    acts = first_acts(result)[1:]  # the first is the one of tomorrow, and stands above
    if acts:
        st.header(said("result.this_week"), anchor=False)
        st.markdown("\n".join(f"- {act_words(a)}" for a in acts))


# --- dates -----------------------------------------------------------------------------------------


def draw_dates(result: Result) -> None:
    """The days ahead, the nearest first."""
    ahead = days_ahead(result)
    if ahead:
        st.header(said("result.dates"), anchor=False)
        st.markdown("\n".join(f"- {ahead_words(a)}" for a in ahead[:MOST_DAYS]))
        if len(ahead) > MOST_DAYS:
            st.caption(counted("result.more_dates", len(ahead) - MOST_DAYS))


def ahead_words(found: Ahead) -> str:
    if found.deadline is not None and found.path is not None:
        told = day_words(found.deadline)
        return f"{told} ({plain(found.path.name)})"
    return _window(found.window) if found.window is not None else ""


def _window(window: WindowShown) -> str:
    """The day of a window first, unless its words name it."""
    when = day_of(window)
    if when is None:
        return plain(window.text)
    key = "closes" if window.closes is not None else "opens"
    return said(f"result.window_{key}", day=day(when), text=window.text)


# --- other money and people ------------------------------------------------------------------------


def draw_money(result: Result) -> None:
    """Three other ways to pay, each with what it saves and how long it takes; the rest one tap away."""
    found = other_money(result)
    if not found:
        return
    st.header(said("result.money"), anchor=False)
    first = [p for p in found if p.id in result.costs.first_ways]
    for path in first:
        _draw_money(path)
    rest = [p for p in found if p not in first]
    if rest:
        with st.expander(
            counted("result.more_money", len(rest)), key="more_money", on_change="rerun"
        ) as fold:
            if fold.open:
                for path in rest:
                    draw_path(path, f"m-{path.id}")


def _draw_money(path: PathShown) -> None:
    st.subheader(plain(path.name), anchor=False)
    small = [path_chip(path), saves_words(path), takes_words(path)]
    st.caption(" · ".join(s for s in small if s))
    draw_fold(path, f"p-{path.id}")


def saves_words(path: PathShown) -> str:
    """What a way saves in a year, where it is worth naming."""
    if path.saves is None:
        return ""
    high = Decimal(path.saves[1])
    if high < WORTH_NAMING:
        return ""
    return said("result.saves", amount=money(high))


def takes_words(path: PathShown) -> str:
    """How long a way takes, in days, weeks or months."""
    record = load_rules().ways.get(path.record or "")
    return said(f"result.takes.{record.takes}") if record is not None else ""


def draw_people(result: Result) -> None:
    """Who helps, the state's own office first, each in a line."""
    found = people(result)
    if found:
        st.header(said("result.people"), anchor=False)
        st.markdown("\n".join(f"- {person_words(p)}" for p in found[:MOST_HELP]))


def person_words(path: PathShown) -> str:
    """Who helps and how to reach them: the state's own office where one is known."""
    told = (contact_words(step.contact) for step in path.next_steps)
    contact = next((c for c in told if c), "")
    own = " ".join(plain(s.text) for s in path.in_your_state[:1])
    asks = next((s for s in path.next_steps if s.stage == "help"), path.next_step)
    act = plain(asks.text) if asks is not None and not (own or contact) else ""
    return " ".join(p for p in (f"**{plain(path.name)}.**", contact, own, act) if p)


# --- everything ------------------------------------------------------------------------------------


def draw_everything(result: Result) -> None:
    """All paths, role by role, behind one fold: each with a heading and its own fold."""
    with st.expander(
        said("result.everything", number=len(result.paths)), key="everything", on_change="rerun"
    ) as fold:
        if fold.open:
            for role, paths in by_role(result):
                st.header(said(f"result.role.{role}"), anchor=False)
                st.caption(said(f"result.role_means.{role}"))
                for path in paths:
                    draw_path(path, f"all-{path.id}")
