"""Whole walks through the interview without a screen: how many screens a person meets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rules import evaluate, load_rules
from rules.case import PlainCase
from wizard.answers import Answers, value_at
from wizard.interview.sequence import Walk, ended_answers, plan
from wizard.interview.steps import InterviewStep

TODAY = dt.date(2026, 11, 24)
MOST = 60

Tell = Callable[[InterviewStep, str], Any]


@dataclass(frozen=True)
class Counts:
    """The screens of one walk, in the order in which they were met, and the counter before each."""

    first: int  # screens up to the first answer
    last: int  # screens to the end of the walk
    met: tuple[InterviewStep, ...]
    left: tuple[int | None, ...]  # what the counter says on each screen; None: nothing yet
    answers: Answers


def now(answers: Answers, today: dt.date = TODAY) -> Walk:
    """The interview as these answers make it."""
    return plan(answers, evaluate(answers.case_data(), today=today), load_rules(), today)


def walk_of(case: PlainCase, today: dt.date = TODAY) -> Counts:
    """The walk of someone who tells what stands in a case, and "I don't know" to all else."""

    def tell(step: InterviewStep, field: str) -> Any:
        told = value_at(case, field)
        if step.kind == "covers" and told is not None:
            return [{"kind": c["kind"]} for c in told]  # the rest is asked one by one
        return told

    return walk_by(tell, today)


def walk_by(tell: Tell, today: dt.date = TODAY) -> Counts:
    """The walk of someone who answers each question as `tell` says; None is "I don't know"."""
    answers, here = Answers(), None
    met: list[InterviewStep] = []
    left: list[int | None] = []
    for _ in range(MOST):
        walk = now(answers, today)
        step = walk.next_after(here)
        if step is None:
            first = sum(s.first for s in met)
            return Counts(first, len(met), tuple(met), tuple(left), answers)
        met.append(step)
        left.append(walk.left if walk.counted else None)
        for field in step.fields:
            answers.set(field, tell(step, field))
        ended_answers(answers, load_rules(), today)
        here = step.id
    raise AssertionError(f"the interview does not end: {[s.id for s in met]}")
