"""One plan for a whole case: every step once, the earliest date first.

A step that several paths share appears once and names them all. Without dates the order is that
of getting a treatment covered: policy, history, referral, records, request, appeal. Among equals
the step that opens most paths comes first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from ..result import PathShown, Result, ResultPart, StepShown
from ..vocabulary import STEP_STAGES

MOST_WAYS = 4  # ways to pay besides cover that a first plan holds


class PlanStep(ResultPart):
    """A step with the paths that it serves."""

    id: str
    kind: Literal["do", "find_out"] = "do"
    text: str
    who: str
    stage: str
    by: dt.date | None = None
    documents: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    done_when: str | None = None
    if_it_fails: str | None = None


def paths_in_plan(result: Result) -> list[PathShown]:
    """The paths that a first plan follows: what cover may pay, running appeals, the best ways besides."""
    cover = [
        p
        for p in result.paths
        if p.coverage is not None and p.outlook in ("likely", "possible", "not_yet")
    ]
    running = [
        p for p in result.paths if p.deadlines and not p.deadlines[0].passed and p not in cover
    ]
    if not cover:
        cover = [p for p in result.paths if p.coverage is not None and p.outlook == "uphill"][:3]
    ways = [p for p in result.paths if p.coverage is None and p.outlook in ("likely", "possible")]
    return [*cover, *(p for p in running if p not in cover), *ways[:MOST_WAYS]]


def plan_of(result: Result, paths: Iterable[PathShown] | None = None) -> list[PlanStep]:
    """All steps of the paths (by default those of `paths_in_plan`) as one ordered plan.

    What reads the same is one step, whichever fact it finds out.
    """
    serves: dict[str, list[PathShown]] = {}
    steps: dict[str, list[StepShown]] = {}
    for path in paths_in_plan(result) if paths is None else paths:
        for step in path.next_steps:
            serves.setdefault(step.text, []).append(path)
            steps.setdefault(step.text, []).append(step)
    plan = [_merged(steps[text], serves[text]) for text in steps]
    return sorted(plan, key=_order)


def _merged(steps: list[StepShown], paths: list[PathShown]) -> PlanStep:
    first = steps[0]
    days = [s.by for s in steps if s.by is not None]
    return PlanStep(
        id=first.id,
        kind=first.kind,
        text=first.text,
        who=first.who,
        stage=first.stage or "help",
        by=min(days) if days else None,
        documents=tuple(dict.fromkeys(d for s in steps for d in s.documents)),
        paths=tuple(dict.fromkeys(p.id for p in paths)),
        done_when=first.done_when,
        if_it_fails=first.if_it_fails,
    )


def _order(step: PlanStep) -> tuple[dt.date, int, int, str]:
    return (step.by or dt.date.max, STEP_STAGES.index(step.stage), -len(step.paths), step.id)
