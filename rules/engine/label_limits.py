"""The limits of a drug's label, which bind whatever a payer's text says or leaves out.

They stand beside the criteria of every rule. A limit that is known to be broken keeps a path from
being likely, possible or put first; one that nobody has told of keeps it from being likely.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..facts.context import Facts
from ..made_once import made_once
from ..schema.clinical import LabelLimit
from ..vocabulary import TREATMENTS, LabelBinds
from .criteria import CriterionResult, judge_limit

GRAVEST_FIRST: tuple[LabelBinds, ...] = ("rules_out", "outside_label", "first")


def limits_beside(
    facts: Facts,
    treatment: str,
    own: Sequence[CriterionResult],
) -> tuple[CriterionResult, ...]:
    """The limits of a treatment's label, without those that a rule's own criteria ask for anyway."""
    limits = _limits(facts, treatment)
    asked = {_condition(j) for j in own} if limits else set()
    return tuple(j for j in limits if _condition(j) not in asked)


@made_once
def _limits(facts: Facts, treatment: str) -> tuple[CriterionResult, ...]:
    """The limits of a treatment's label as judged, for all rules that they stand beside."""
    return tuple(judge_limit(facts, limit) for limit in facts.book.label_limits.get(treatment, ()))


def _condition(judged: CriterionResult) -> tuple[object, ...]:
    node = judged.verdict.node
    return node.fact, node.kind, node.expected


@made_once
def limits_broken(facts: Facts, treatment: str) -> tuple[CriterionResult, ...]:
    """The limits of a treatment's label that are known to be broken."""
    return tuple(j for j in limits_beside(facts, treatment, ()) if j.value is False)


def broken(judged: Iterable[CriterionResult]) -> LabelBinds | None:
    """The gravest of the limits that are known to be broken."""
    found = {j.binds for j in judged if j.value is False}
    return next((b for b in GRAVEST_FIRST if b in found), None)


def limits_told(facts: Facts, treatments: Sequence[str]) -> Iterator[LabelLimit]:
    """The limits of these treatments that the answers break, the gravest first, each once."""
    found = [
        limit
        for treatment in treatments
        for limit in facts.book.label_limits.get(treatment, ())
        if facts.test(limit.criterion).value is False
    ]
    found.sort(key=lambda limit: GRAVEST_FIRST.index(limit.binds))
    seen: set[str] = set()
    for limit in found:
        if limit.id not in seen:
            seen.add(limit.id)
            yield limit


def in_view(request: str | None) -> tuple[str, ...]:
    """The treatments whose limits are told: the one asked for, or all where none was named."""
    return TREATMENTS if request in (None, "open") else (request,)
