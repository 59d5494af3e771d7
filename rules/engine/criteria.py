"""Criteria of a record, evaluated for a case under a policy's way of counting trials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from ..facts.context import Facts
from ..logic import Truth, Verdict
from ..made_once import made_once
from ..rule_book import Book
from ..schema.clinical import LabelLimit
from ..schema.conditions import Condition, Criterion
from ..schema.policies import NO_STANDARD, Policy, TrialStandard
from ..schema.ways import PaymentOption
from ..vocabulary import LabelBinds


class CriterionResult(NamedTuple):
    """A criterion as evaluated. `text` names it; `excludes` turns it round: met rules out."""

    id: str
    criterion: Criterion | None
    verdict: Verdict
    changeable: bool
    source: str
    excludes: bool = False
    informs_only: bool = False  # shown, but decides nothing (the label's terms, better_if)
    binds: LabelBinds | None = None  # of a limit of the label: what follows where it is broken

    @property
    def value(self) -> Truth:
        """Whether this stands in favour: an exclusion in favour is one that does not hold."""
        value = self.verdict.value
        return (None if value is None else not value) if self.excludes else value


INDICATION = "indication"


def leaf_verdict(facts: Facts, fact: str, words: tuple[str, ...]) -> Verdict:
    """A verdict on a fact that a record names outside its criteria (its indications, its states)."""
    return facts.test(leaf_condition(fact, words))


@cache
def leaf_condition(fact: str, words: tuple[str, ...]) -> Condition:
    """A condition on a fact that a record names outside its criteria; made once, compiled once."""
    return Condition(fact=fact, one_of=words)


def indication_verdict(facts: Facts, policy: Policy | PaymentOption) -> Verdict:
    return leaf_verdict(facts, INDICATION, tuple(policy.indications))


def judge_limit(facts: Facts, limit: LabelLimit) -> CriterionResult:
    (judged,) = judge_criteria(facts, (limit.criterion,), limit.source, NO_STANDARD)
    return judged._replace(binds=limit.binds)


def judge_criteria(
    facts: Facts,
    criteria: Iterable[Criterion],
    source: str,
    trial: TrialStandard,
    excludes: bool = False,
) -> Iterator[CriterionResult]:
    """Each criterion evaluated under a policy's way of counting trials."""
    for criterion in criteria:
        verdict = facts.test(criterion, trial)
        changeable = (
            criterion.changeable
            if criterion.changeable is not None
            else can_change(facts.book, verdict, excludes)
        )
        yield CriterionResult(
            criterion.id, criterion, verdict, changeable, criterion.source or source, excludes
        )


def can_change(book: Book, verdict: Verdict, turned: bool = False) -> bool:
    """Whether a person can still bring about that a verdict is met (or, `turned`, not met)."""
    kind = verdict.node.kind
    if kind == "not":
        return can_change(book, verdict.parts[0], not turned)
    if kind in ("all", "any"):
        wrong = [p for p in verdict.parts if p.value is turned]
        needs_every = (kind == "all") is not turned
        flags = [can_change(book, p, turned) for p in (wrong or list(verdict.parts))]
        return all(flags) if needs_every else any(flags)
    record = book.facts.get(verdict.node.fact or "")
    return record is not None and record.changeable


@made_once
def both(book: Book, one: Condition, other: Condition) -> Condition:
    """Two conditions of the rule book as one; made once, so that it is compiled once."""
    return Condition(all=(one, other))
