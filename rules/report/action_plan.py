"""The plan of a case: the leading answer's acts in the order to do them, each once, and no long list.

The acts of this week come first, then what has a last day, then the rest of the leading path as it
is to be read. The steps of any other paths are one plan too, the earliest date first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal

from ..result import AnswerShown, ContactShown, PathShown, Result, ResultPart, StepShown
from ..vocabulary import STEP_STAGES

MOST_STEPS = 12


class PlanStep(ResultPart):
    """A step with the paths that it serves."""

    id: str
    kind: Literal["do", "find_out"] = "do"
    text: str
    who: str
    contact: ContactShown | None = None
    stage: str
    by: dt.date | None = None
    documents: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    done_when: str | None = None
    if_it_fails: str | None = None


def first_acts(result: Result, about: AnswerShown | None = None) -> tuple[StepShown, ...]:
    """The acts to begin with: those of this week, else the first of the leading answer, or of another."""
    lead = result.leading or about
    return result.this_week or (lead.next_steps if lead is not None else ())


def plan_of(result: Result, paths: Iterable[PathShown] | None = None) -> list[PlanStep]:
    """The steps of some paths as one plan; by default the plan of the leading answer.

    What reads the same is one step, whichever fact it finds out.
    """
    return _leading_plan(result) if paths is None else sorted(_steps_of(paths), key=_order)


def _leading_plan(result: Result) -> list[PlanStep]:
    """At most twelve steps; whatever has a last day is among them."""
    best = result.best_path
    own = (best,) if best is not None else ()
    first = first_acts(result)
    lead = result.leading
    answer = lead.next_steps if lead is not None else ()
    merged = _merge([*((s, None) for s in (*first, *answer)), *_pairs(own)])
    begin, rest = merged[: len(first)], merged[len(first) :]
    rest = [*sorted((s for s in rest if s.by), key=_day), *(s for s in rest if not s.by)]
    dated = sum(s.by is not None for s in rest)
    return [*begin, *rest[: max(MOST_STEPS - len(begin), dated)]]


def _steps_of(paths: Iterable[PathShown]) -> list[PlanStep]:
    return _merge(_pairs(paths))


def _pairs(paths: Iterable[PathShown]) -> list[tuple[StepShown, PathShown | None]]:
    return [(step, path) for path in paths for step in path.next_steps]


def _merge(pairs: Sequence[tuple[StepShown, PathShown | None]]) -> list[PlanStep]:
    """Each step once, in the order in which it comes first."""
    found: dict[str, list[tuple[StepShown, PathShown | None]]] = {}
    named: dict[str, str] = {}
    for step, path in pairs:
        text = named.setdefault(step.id, step.text)
        found.setdefault(text, []).append((step, path))
    return [
        _merged([s for s, _ in same], [p for _, p in same if p is not None])
        for same in found.values()
    ]


def _merged(steps: list[StepShown], paths: list[PathShown]) -> PlanStep:
    first = steps[0]
    days = [s.by for s in steps if s.by is not None]
    return PlanStep(
        id=first.id,
        kind=first.kind,
        text=first.text,
        who=first.who,
        contact=next((s.contact for s in steps if s.contact is not None), None),
        stage=first.stage or "help",
        by=min(days) if days else None,
        documents=tuple(dict.fromkeys(d for s in steps for d in s.documents)),
        paths=tuple(dict.fromkeys(p.id for p in paths)),
        done_when=first.done_when,
        if_it_fails=first.if_it_fails,
    )


def _day(step: PlanStep) -> dt.date:
    return step.by or dt.date.max


def _order(step: PlanStep) -> tuple[dt.date, int, int, str]:
    return (_day(step), STEP_STAGES.index(step.stage), -len(step.paths), step.id)
