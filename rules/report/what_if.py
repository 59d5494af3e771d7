"""Which questions still matter, and the nearest changes that improve a path.

Both are read off the evaluated criteria; a change is tried by evaluating the same criteria again
with the changed facts, so what it promises is what the evaluator gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import Any, NamedTuple

from ..engine.criteria import CriterionResult
from ..engine.outlook import RANK, outlook, outlook_of_label
from ..engine.paths import Candidate, Path
from ..facts.context import Facts, Reading
from ..logic import FactKey, Span, Verdict, open_leaves
from ..rule_book import Book
from ..schema.policies import NO_STANDARD, Policy, TrialStandard
from .deciding import THOUGHTS
from .next_steps import open_conditions

MOST_SETS = 8  # alternatives tried for one criterion
MOST_TOGETHER = 4  # changes that one suggestion may name


class FactChange(NamedTuple):
    """Take one fact to be `value`, so that the leaf that asked for it is met."""

    key: FactKey
    value: Any
    leaf: Verdict


class Suggestion(NamedTuple):
    edits: tuple[FactChange, ...]
    to: str


def open_fields(path: Path) -> list[str]:
    """The case's fields whose answer can still change this path, in order, each once."""
    found: dict[str, None] = {}
    for candidate in path.candidates:
        if candidate.outlook == "closed":
            continue
        for field in candidate.needs:
            found.setdefault(field)
        # The label's terms decide nothing, but they stand in the packet that goes to the plan.
        shown = [j for j in candidate.judged if candidate.criteria_unknown or not j.informs_only]
        verdicts = [j.verdict for j in shown]
        if candidate is path.best:
            verdicts.extend(open_conditions(path))
        for verdict in verdicts:
            for leaf in open_leaves(verdict):
                for field in path.facts.read(leaf.node.key).missing:
                    found.setdefault(field)
    return [f for f in found if f != THOUGHTS]


def suggestions(path: Path) -> list[Suggestion]:
    """The nearest changes for a path: for each better outlook the smallest sets that reach it."""
    best: dict[str, list[Suggestion]] = {}
    for candidate in path.candidates:
        if candidate.outlook == "closed" and candidate is not path.best:
            continue
        for found in _of_candidate(path, candidate):
            if RANK[found.to] > RANK[path.outlook]:
                best.setdefault(found.to, []).append(found)
    kept: list[Suggestion] = []
    for group in best.values():
        least = min(len(s.edits) for s in group)
        seen: set[frozenset[str]] = set()
        for s in group:
            what = frozenset((e.key if not isinstance(e.key, tuple) else e.key[0]) for e in s.edits)
            if len(s.edits) == least and what not in seen:
                seen.add(what)
                kept.append(s)
    return sorted(kept, key=lambda s: (RANK[s.to], len(s.edits)))


def _of_candidate(path: Path, candidate: Candidate) -> Iterator[Suggestion]:
    deciding = [j for j in candidate.judged if not j.informs_only]
    if candidate.last_days or (
        not isinstance(candidate.record, Policy) and candidate.base == "closed"
    ):
        return
    wrong = [j for j in deciding if j.value is not True]
    if not wrong or any(j.value is False and not j.changeable for j in wrong):
        return
    unmet = [j for j in wrong if j.value is False]
    for targets in [unmet, wrong] if unmet and len(unmet) < len(wrong) else [wrong]:
        choices = [_ways_to_meet(path.facts, j) for j in targets]
        if any(not c for c in choices):
            continue
        for combination in product(*(c[:2] for c in choices)):
            edits = tuple({e.key: e for group in combination for e in group}.values())
            if len(edits) > MOST_TOGETHER:
                continue
            to = _outlook_with(path, candidate, edits)
            if RANK[to] > RANK[candidate.outlook] and not _smaller_does(path, candidate, edits, to):
                yield Suggestion(edits, to)


def _outlook_with(path: Path, candidate: Candidate, edits: Iterable[FactChange]) -> str:
    facts = path.facts.with_answers({e.key: e.value for e in edits})
    look = outlook_of_label if candidate.criteria_unknown else outlook
    return look(
        candidate.base,
        [_again(facts, j) for j in candidate.judged],
        candidate.limited_by_confidence,
    )


def _again(facts: Facts, judged: CriterionResult) -> CriterionResult:
    return judged._replace(verdict=rerun(facts, judged.verdict))


def rerun(facts: Facts, verdict: Verdict) -> Verdict:
    """The same condition evaluated on other facts."""
    return facts.test(verdict.node.condition, _trial_of(verdict))


def _trial_of(verdict: Verdict) -> TrialStandard:
    key = verdict.node.key
    if isinstance(key, tuple) and isinstance(key[1], TrialStandard):
        return key[1]
    for part in verdict.parts:
        trial = _trial_of(part)
        if trial is not NO_STANDARD:
            return trial
    return NO_STANDARD


def _smaller_does(path: Path, candidate: Candidate, edits: tuple[FactChange, ...], to: str) -> bool:
    return any(
        RANK[_outlook_with(path, candidate, part)] >= RANK[to]
        for size in range(1, len(edits))
        for part in combinations(edits, size)
    )


def _ways_to_meet(facts: Facts, judged: CriterionResult) -> list[tuple[FactChange, ...]]:
    """Smallest sets of edits that make a criterion stand in favour; empty where none can."""
    found = list(_meet(facts, judged.verdict, not judged.excludes))
    found.sort(key=len)
    return found[:MOST_SETS]


def _meet(facts: Facts, verdict: Verdict, wanted: bool) -> Iterator[tuple[FactChange, ...]]:
    if verdict.value is wanted:
        yield ()
        return
    kind = verdict.node.kind
    if kind == "not":
        yield from _meet(facts, verdict.parts[0], not wanted)
    elif (kind == "all") is wanted and kind in ("all", "any"):
        choices = [list(_meet(facts, p, wanted))[:3] for p in verdict.parts]
        if all(choices):
            for combination in product(*choices):
                yield tuple({e.key: e for group in combination for e in group}.values())
    elif kind in ("all", "any"):
        for part in verdict.parts:
            yield from _meet(facts, part, wanted)
    else:
        edit = _edit(facts.book, verdict, wanted)
        if edit is not None:
            yield (edit,)


def _edit(book: Book, leaf: Verdict, wanted: bool) -> FactChange | None:
    """The change of one fact that settles a leaf: for an unknown, the confirmation of it."""
    node = leaf.node
    record = book.facts.get(node.fact or "")
    if record is None or not record.fields or (leaf.value is not None and not record.changeable):
        return None
    expected = node.expected
    value: Any
    if node.kind == "is":
        value = expected if wanted else (not expected if isinstance(expected, bool) else None)
    elif node.kind in ("at_least", "at_most"):
        value = expected if wanted else expected + (-1 if node.kind == "at_least" else 1)
    elif node.kind in ("above", "below"):
        value = expected + (1 if node.kind == "above" else -1) if wanted else expected
    elif node.kind in ("one_of", "has_any", "has_all") and wanted and node.fact != "indication":
        value = expected[0]
    else:
        value = None
    return None if value is None or node.key is None else FactChange(node.key, value, leaf)


def known_part(reading: Reading) -> float:
    """How much of a count is certain so far."""
    value = reading.value
    if value is None:
        return 0
    return float(value.low) if isinstance(value, Span) else float(value)
