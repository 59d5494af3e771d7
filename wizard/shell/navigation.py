"""Going from screen to screen: the step in the address bar, and what an answer leads to.

All functions may be called from a widget's callback: they set where to go, and the run that
follows draws it. So one tap costs one run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from rules import load_rules
from wizard.answers import current_result, store, today
from wizard.interview.sequence import Step, Walk, ended_answers, opened_by, plan, step_answered

from . import pages
from .errors import guarded

START, REVIEW, RESULT, QUESTIONS = "start", "check-answers", "result", "questions"


def current_step() -> str:
    """The name of the step in the address bar; the start where there is none."""
    return str(st.query_params.get("step", START))


@guarded
def go(name: str) -> None:
    """Show a step: a screen or a question."""
    st.session_state.pop("problem", None)
    st.query_params["step"] = name


@guarded
def leave_review(name: str) -> None:
    """Show a step and give up the way back to the check of the answers."""
    _review().clear()
    go(name)


def walk() -> Walk:
    """The interview as the present answers make it."""
    return plan(store(), current_result(), load_rules(), today())


@guarded
def begin() -> None:
    """Go on with the interview where it stands."""
    _review().clear()
    upcoming = walk().next_after(None)
    go(upcoming.id if upcoming else REVIEW)


@guarded
def change(step_id: str) -> None:
    """Change one answer and come back to the check of the answers."""
    _review().clear()
    _review().update({"to": REVIEW, "visit": []})
    go(step_id)


@guarded
def back(step_id: str) -> None:
    """The answered step before this one; from the first, the start."""
    if returning():
        leave_review(REVIEW)
        return
    earlier = walk().before(step_id)
    go(earlier.id if earlier else START)


def returning() -> bool:
    """Whether the person came from the check of the answers and will go back to it."""
    return bool(_review())


@guarded
def take(step: Step, changes: dict[str, Any], stay: bool = False) -> None:
    """Take the answers of a step and go on: to what they opened, or to the next open question."""
    answers = store()
    before = walk()
    for field, value in changes.items():
        answers.set(field, value)
    ended = ended_answers(answers, load_rules(), today())
    if ended:
        st.session_state["ended"] = [*st.session_state.get("ended", []), *ended]
    after = walk()
    if stay:
        remember_opened(before, after)
    else:
        go_on(step, before, after)


def remember_opened(before: Walk, after: Walk) -> None:
    """While returning to the check: the questions to pass through first."""
    review = _review()
    if review:
        review["visit"] = list(dict.fromkeys([*review["visit"], *opened_by(before, after)]))


def go_on(step: Step, before: Walk, after: Walk) -> None:
    """From a step just answered to the next one."""
    review = _review()
    if not review:
        upcoming = after.next_after(step.id)
        go(upcoming.id if upcoming else REVIEW)
        return
    remember_opened(before, after)
    waiting = [i for i in review["visit"] if i != step.id and _is_open(after, i)]
    review["visit"] = waiting
    if waiting:
        go(min(waiting, key=lambda i: [s.id for s in after.steps].index(i)))
    else:
        leave_review(review["to"])


def _is_open(found: Walk, ident: str) -> bool:
    step = found.find(ident)
    return step is not None and not step_answered(store(), step)


def _review() -> dict[str, Any]:
    review: dict[str, Any] = st.session_state.setdefault("review", {})
    return review


def take_ended() -> list[tuple[str, Any]]:
    """The answers that a change ended, to be told once."""
    found: list[tuple[str, Any]] = st.session_state.pop("ended", [])
    return found


def problem(key: str | None) -> None:
    """Note what is wrong with an answer, for the screen to show; None when all is well."""
    if key is None:
        st.session_state.pop("problem", None)
    else:
        st.session_state["problem"] = key


def links(names: Iterable[str]) -> list[pages.Page]:
    """Those of some screens that exist."""
    return [pages.existing()[n] for n in names if pages.exists(n)]
