"""Going from screen to screen: the step in the address bar, and what an answer leads to.

All functions may be called from a widget's callback: they set where to go, and the run that
follows draws it. So one tap costs one run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import streamlit as st

from rules import load_rules
from wizard.interview.problem import Problem
from wizard.interview.sequence import (
    EndedAnswer,
    Walk,
    ended_answers,
    opened_by,
    plan,
    step_answered,
)
from wizard.interview.steps import InterviewStep
from wizard.interview.what_changed import Changed, Line, compare, lines_of
from wizard.session import Slot, current_result, store, today

from .errors import guarded

START, REVIEW, RESULT, QUESTIONS = "start", "check-answers", "result", "questions"


@dataclass(frozen=True)
class Return:
    """On the way back to a screen: its name, the questions that a change opened meanwhile, and what
    the answers were before it.
    """

    to: str
    visit: tuple[str, ...] = ()
    was: tuple[Line, ...] = ()


# What is wrong with the answer just given, and how often an answer was refused.
PROBLEM: Slot[Problem | None] = Slot("problem", lambda: None)
REFUSED: Slot[int] = Slot("refused", int)
_ENDED: Slot[tuple[EndedAnswer, ...]] = Slot("ended", tuple)
_RETURN: Slot[Return | None] = Slot("review", lambda: None)
# What the last change of an answer changed; None where nothing is to be told.
_CHANGED: Slot[tuple[Changed, ...] | None] = Slot("changed", lambda: None)


def current_step() -> str:
    """The name of the step in the address bar; the start where there is none."""
    return str(st.query_params.get("step", START))


@guarded
def go(name: str) -> None:
    """Show a step: a screen or a question."""
    PROBLEM.drop()
    st.query_params["step"] = name


@guarded
def leave_review(name: str) -> None:
    """Show a step and give up the way back to the check of the answers."""
    _RETURN.drop()
    go(name)


def walk() -> Walk:
    """The interview as the present answers make it."""
    return plan(store(), current_result(), load_rules(), today())


@guarded
def begin() -> None:
    """Go on with the interview where it stands."""
    _RETURN.drop()
    upcoming = walk().next_after(None)
    go(upcoming.id if upcoming else RESULT)


@guarded
def change(step_id: str, to: str = REVIEW) -> None:
    """Change or give one answer and come back: to the check of the answers, or to another screen."""
    _RETURN.set(Return(to, was=lines_of(current_result())))
    go(step_id)


@guarded
def keep() -> None:
    """Leave the answer as it was and go back."""
    way = _RETURN.get()
    leave_review(way.to if way is not None else REVIEW)


@guarded
def back(step_id: str) -> None:
    """The answered step before this one; from the first, the start."""
    if returning():
        keep()
        return
    earlier = walk().before(step_id)
    go(earlier.id if earlier else START)


def returning() -> bool:
    """Whether the person came from another screen to give one answer and will go back to it."""
    return _RETURN.get() is not None


@guarded
def take(step: InterviewStep, changes: dict[str, object], stay: bool = False) -> None:
    """Take the answers of a step and go on: to what they opened, or to the next open question."""
    answers = store()
    before = walk()
    for field, value in changes.items():
        answers.set(field, value)
    ended = ended_answers(answers, load_rules(), today())
    note_ended(ended)
    after = walk()
    if stay:
        remember_opened(before, after)
    else:
        go_on(step, before, after)


def remember_opened(before: Walk, after: Walk) -> None:
    """While returning to the check: the questions to pass through first."""
    way = _RETURN.get()
    if way is not None:
        visit = dict.fromkeys((*way.visit, *opened_by(before, after)))
        _RETURN.set(replace(way, visit=tuple(visit)))


def go_on(step: InterviewStep, before: Walk, after: Walk) -> None:
    """From a step just answered to the next one."""
    remember_opened(before, after)
    way = _RETURN.get()
    if way is None:
        upcoming = None if _shows_answer(step, before, after) else after.next_after(step.id)
        go(upcoming.id if upcoming else RESULT)
        return
    waiting = [i for i in way.visit if i != step.id and _is_open(after, i)]
    _RETURN.set(replace(way, visit=tuple(waiting)))
    if waiting:
        go(min(waiting, key=lambda i: [s.id for s in after.steps].index(i)))
    else:
        _CHANGED.set(compare(way.was, lines_of(current_result())))
        leave_review(way.to)


def _shows_answer(step: InterviewStep, before: Walk, after: Walk) -> bool:
    """Whether the result comes next: the first answer stands, or other ways to pay were told."""
    if step.section == "money":
        return True
    was_open = any(s.first for s in before.open_steps())
    return was_open and not any(s.first for s in after.open_steps())


def _is_open(found: Walk, ident: str) -> bool:
    step = found.find(ident)
    return step is not None and not step_answered(store(), step)


def note_ended(answers: Iterable[EndedAnswer]) -> None:
    """Keep the answers that a change ended, for the next screen to tell."""
    _ENDED.set((*_ENDED.get(), *answers))


def take_ended() -> tuple[EndedAnswer, ...]:
    """The answers that a change ended, to be told once."""
    return _ENDED.take()


def take_changed() -> tuple[Changed, ...] | None:
    """What the last change changed in the answers, to be told once; None where none was made."""
    return _CHANGED.take()


def problem(found: Problem | str | None, field: str | None = None) -> None:
    """Note what is wrong with an answer, for the screen to show; None when all is well.

    `field` is the key of the widget under which it stands, and which takes the focus.
    """
    noted = Problem(found) if isinstance(found, str) else found
    PROBLEM.set(noted._replace(field=noted.field or field) if noted is not None else None)
    REFUSED.set(REFUSED.get() + (noted is not None))
