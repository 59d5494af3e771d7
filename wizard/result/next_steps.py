"""How the plan is read: how much of it is done, and what was said once for many paths. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rules.report.action_plan import PlanStep
from rules.result import PathShown, Sentence


@dataclass(frozen=True)
class StepText:
    """Sentences of one source that hold for the same paths."""

    texts: tuple[str, ...]
    source: str | None
    paths: tuple[PathShown, ...]


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
