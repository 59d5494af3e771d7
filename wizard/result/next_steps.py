"""How the plan is read: what to do first, the rest by stage, and what was said once for many paths.

Pure. The order of the steps is that of `rules.report.action_plan`; nothing here moves one before another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rules.report.action_plan import PlanStep
from rules.result import PathShown, Sentence
from rules.vocabulary import STEP_STAGES

MOST_FIRST = 3
DATED = "dated"


@dataclass(frozen=True)
class PlanPart:
    """The steps of one stage; those with a last day stand in a part of their own, before all."""

    stage: str
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True)
class StepText:
    """Sentences of one source that hold for the same paths."""

    texts: tuple[str, ...]
    source: str | None
    paths: tuple[PathShown, ...]


def serving(plan: Sequence[PlanStep], path: str | None) -> tuple[PlanStep, ...]:
    """The steps that serve a path (None: all steps)."""
    return tuple(s for s in plan if path is None or path in s.paths)


def first_to_do(
    plan: Sequence[PlanStep], ticked: set[str], lead: str | None, most: int = MOST_FIRST
) -> tuple[PlanStep, ...]:
    """The first steps that are not done: those with a last day and those of the leading path.

    Open questions wait: they have a place of their own. Where nothing else is left they lead.
    """
    open_ones = [s for s in plan if s.id not in ticked]
    doing = [s for s in open_ones if s.by is not None or s.kind == "do"]
    leading = [s for s in doing if s.by is not None or lead in s.paths]
    return tuple((leading or doing or open_ones)[:most])


def parts_of(plan: Sequence[PlanStep], without: Iterable[PlanStep] = ()) -> tuple[PlanPart, ...]:
    """The steps by stage, in the plan's own order; stages without a step are left out."""
    left_out = {s.id for s in without}
    rest = [s for s in plan if s.id not in left_out]
    dated = tuple(s for s in rest if s.by is not None)
    staged = [
        PlanPart(stage, tuple(s for s in rest if s.by is None and s.stage == stage))
        for stage in STEP_STAGES
    ]
    return tuple(p for p in (PlanPart(DATED, dated), *staged) if p.steps)


def done_in(steps: Iterable[PlanStep], ticked: set[str]) -> int:
    """How many of the steps are ticked."""
    return sum(s.id in ticked for s in steps)


def said_once(
    paths: Iterable[PathShown], of: Callable[[PathShown], Iterable[Sentence]]
) -> tuple[StepText, ...]:
    """Every sentence of the paths once; those of one source for the same paths stand together."""
    found: dict[tuple[str, str | None], dict[str, PathShown]] = {}
    for path in paths:
        for sentence in of(path):
            found.setdefault((sentence.text, sentence.source), {})[path.id] = path
    together: dict[tuple[str | None, tuple[str, ...]], list[str]] = {}
    for (text, source), who in found.items():
        together.setdefault((source, tuple(who)), []).append(text)
    by_id = {p.id: p for who in found.values() for p in who.values()}
    return tuple(
        StepText(tuple(texts), source, tuple(by_id[p] for p in who))
        for (source, who), texts in together.items()
    )
