"""What the table asks the engine, row by row that looks new: paths, first steps, open answers.

Every function here is evaluated through watched facts; each calls the engine's own functions.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from typing import Any

from rules.engine.coordination import payer_order
from rules.engine.criteria import Judged
from rules.engine.deadlines import level_days, running_days
from rules.engine.find_paths import path_stem, route_candidates
from rules.engine.paths import Candidate, Path
from rules.engine.payment_options import person_path
from rules.engine.policies import policy_area
from rules.engine.reading_order import lead_of_cover, path_order
from rules.engine.treatments import treatments_considered
from rules.report.next_steps import STAGES, act_without_lead, steps_of
from rules.report.safety import safety_notes
from rules.report.what_if import open_fields, rerun
from rules.vocabulary import TREATMENTS

from .outcome import token
from .trace import Watched

Part = Callable[[Watched], Any]
Told = tuple[Hashable, Any]

# The engine's own parts, asked for directly: without the watch that they ask themselves.
days_of_level: Any = level_days.__wrapped__  # type: ignore[attr-defined]
considered: Any = treatments_considered.__wrapped__  # type: ignore[attr-defined]
stem: Any = path_stem.__wrapped__  # type: ignore[attr-defined]
_candidates: Any = route_candidates.__wrapped__  # type: ignore[attr-defined]


def way_part(way: Any) -> Part:
    """The path of a way to pay and its place in the order, or None."""

    def part(facts: Watched) -> Any:
        path = person_path(facts, way, treatments_considered(facts))
        return None if path is None else (path, path_order(replace(path, facts=facts)))

    return part


def route_part(treatment: str, route: str) -> Part:
    """The path of one route under a cover and its place in the order, or None.

    The path bears no name yet: its cover's kind and payer are looked at apart.
    """

    def part(facts: Watched) -> Any:
        candidates = _candidates(facts, treatment, route)
        if not candidates:
            return None
        index: Any = facts.index
        lead = lead_of_cover(route, candidates[0])
        path = Path("", index, treatment, route, candidates, facts, lead)
        return path, path_order(path)

    return part


def path_told(outcome: Any) -> Told:
    """What tells one path from another: its best candidate; of others only what they leave open."""
    if outcome is None:
        return None, None
    path, order = outcome
    best, *others = path.candidates
    rest = frozenset(token(bare(c, c.judged)) for c in others if c.outlook != "closed")
    rungs = frozenset((id(c.record), id(c.program)) for _, c in running_days(path.candidates))
    told = (path.id, path.treatment, path.route, path.lead, order, token(best), rest, rungs)
    return told, outcome


def order_of(facts: Watched) -> Any:
    return tuple((p.coverage, p.position) for p in payer_order(facts))


def safety_of(facts: Watched) -> Any:
    return tuple(n.id for n in safety_notes(facts))


def first_act_of(facts: Watched) -> str:
    """What to do first where no path may lead."""
    return act_without_lead(facts) or ""


def kinds_unknown(facts: Watched) -> tuple[str, ...]:
    """The covers of which nobody has said what kind they are, as fields."""
    covers = facts.case.coverages or ()
    return tuple(f"coverages[{i}].kind" for i, c in enumerate(covers) if c.kind is None)


def open_part(path: Path) -> Part:
    """The fields that are open on a path."""
    return lambda facts: tuple(open_fields(_again(path, facts)))


def step_part(path: Path) -> Part:
    """The text of a path's first step, and its stage as a number."""

    def part(facts: Watched) -> tuple[str, int]:
        steps = steps_of(_again(path, facts))
        if not steps:
            return "", len(STAGES)
        return steps[0].text, STAGES.index(steps[0].stage or STAGES[-1])

    return part


def _again(path: Path, facts: Watched) -> Path:
    """A path with its criteria looked at on another row."""
    candidates = tuple(
        replace(c, judged=tuple(_judge_again(facts, c, j) for j in c.judged))
        for c in path.candidates
    )
    return replace(path, candidates=candidates, facts=facts, memo={})


def _judge_again(facts: Watched, candidate: Candidate, judged: Judged) -> Judged:
    if judged.id == "contract_state":  # judged by where the plan was issued, not by a fact
        record: Any = candidate.record
        area = policy_area(facts, record)
        return judged if area is None else judged._replace(verdict=area)
    return judged._replace(verdict=rerun(facts, judged.verdict))


def bare(candidate: Candidate, judged: tuple[Judged, ...]) -> Candidate:
    """A candidate with these criteria, and without what neither its steps nor its questions need."""
    outlook = "closed" if candidate.outlook == "closed" else "possible"
    return replace(candidate, outlook=outlook, judged=judged, exact=True)


def single_criterion_paths(path: Path) -> Iterator[Path]:
    """The path with one criterion at a time: together they leave open what the whole does."""
    yield replace(path, candidates=(bare(path.best, ()),))
    for judged in path.best.judged:
        yield replace(path, candidates=(bare(path.best, (judged,)),))
    for other in path.candidates[1:]:
        if other.outlook == "closed":
            continue
        first = replace(bare(other, ()), outlook="closed", needs=())  # asks for nothing itself
        yield replace(path, candidates=(first, bare(other, ())))
        for judged in other.judged:
            yield replace(path, candidates=(first, bare(other, (judged,))))


def path_key(path: Path) -> Hashable:
    return (path.treatment, path.route, token(path.candidates))


def seen_from(path: Path) -> str | None:
    """The treatment that a path's facts are seen from: `open` is none."""
    return path.treatment if path.treatment in TREATMENTS else None
