"""Whether some case can meet a set of conditions, as far as the conditions alone tell.

A condition is written out as the ways to meet it, each a set of comparisons that all hold; a way in
which two comparisons of one fact exclude each other is no way. Nothing is known here of what a fact
may be, so `possible` is said where there is any doubt.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..schema.conditions import OPERATORS, Condition
from ..schema.other import FactDefinition

MOST_WAYS = 200  # of a condition that may be met in more ways nobody asks further

LOW, HIGH = ("at_least", "above", "after"), ("at_most", "below", "before")
STRICT = ("above", "below", "before", "after")
TURNED = {
    "at_least": "below", "below": "at_least", "at_most": "above", "above": "at_most",
}  # fmt: skip


class Comparison(NamedTuple):
    """One comparison of a fact; `turned`: it must not hold."""

    fact: tuple[str | None, str]  # of which of two coverages, and which
    op: str
    value: Any
    turned: bool


Way = tuple[Comparison, ...]
FactsById = Mapping[str, FactDefinition]


def clash(conditions: Iterable[Condition], facts: FactsById) -> str | None:
    """Why no case can meet all of some conditions; None where one may."""
    ways = _all_of([_ways(c, turned=False) for c in conditions])
    if ways is None:
        return None
    reasons = []
    for way in ways:
        reason = _clash_in(way, facts)
        if reason is None:
            return None
        reasons.append(reason)
    return reasons[0] if reasons else None


def always(condition: Condition, facts: FactsById) -> bool:
    """Whether every case meets a condition: what it says rules nothing out."""
    ways = _ways(condition, turned=True)
    return ways is not None and all(_clash_in(way, facts) is not None for way in ways)


def _ways(condition: Condition, turned: bool) -> list[Way] | None:
    """The ways to meet a condition (or, turned, not to meet it); None where there are too many."""
    if condition.not_ is not None:
        return _ways(condition.not_, not turned)
    parts = condition.all or condition.any
    if parts is None:
        return [(_comparison(condition, turned),)]
    each = [_ways(p, turned) for p in parts]
    if (condition.all is not None) is not turned:
        return _all_of(each)
    found = [way for ways in each for way in ways or ()]
    return None if None in each or len(found) > MOST_WAYS else found


def _all_of(each: Sequence[list[Way] | None]) -> list[Way] | None:
    count = 1
    for ways in each:
        count *= len(ways) if ways is not None else MOST_WAYS + 1
    if count > MOST_WAYS:
        return None
    sound = [ways for ways in each if ways is not None]
    return [tuple(itertools.chain(*parts)) for parts in itertools.product(*sound)]


def _comparison(leaf: Condition, turned: bool) -> Comparison:
    op = next(op for op in OPERATORS if getattr(leaf, op) is not None)
    value, fact = getattr(leaf, op), (leaf.scope, leaf.fact or "")
    if turned and op in TURNED:
        return Comparison(fact, TURNED[op], value, False)
    if isinstance(value, bool) and turned:
        return Comparison(fact, op, not value, False)
    return Comparison(fact, op, value, turned)


def _clash_in(way: Way, facts: FactsById) -> str | None:
    by_fact: dict[tuple[str | None, str], list[Comparison]] = {}
    for comparison in way:
        by_fact.setdefault(comparison.fact, []).append(comparison)
    for (_, fact), told in by_fact.items():
        kind = facts[fact].kind if fact in facts else None
        reason = _numbers(fact, told) or _opposite(fact, told)
        if reason is None and kind in ("word", "yes_no"):
            reason = _words(fact, told)
        if reason:
            return reason
    return None


def _numbers(fact: str, told: Sequence[Comparison]) -> str | None:
    lows = [(c.value, c.op in STRICT) for c in told if c.op in LOW and not c.turned]
    highs = [(c.value, c.op in STRICT) for c in told if c.op in HIGH and not c.turned]
    if not lows or not highs:
        return None
    low, high = max(lows), min(highs, key=lambda h: (h[0], not h[1]))
    if low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])):
        return f"{fact} would have to be at least {_shown(low[0])} and at most {_shown(high[0])}"
    return None


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _opposite(fact: str, told: Sequence[Comparison]) -> str | None:
    """One and the same comparison, or a wider one, that must hold and must not hold."""
    for yes, no in itertools.product(told, told):
        if yes.turned or not no.turned:
            continue
        wanted, refused = _set(yes), _set(no)
        if no.op == "has_all":
            both = yes.op == "has_all" and refused <= wanted
        elif yes.op == "has_all":
            both = bool(wanted & refused)
        else:
            both = wanted <= refused
        if both:
            return f"{fact} would have to be and not to be {_list(refused)}"
    return None


def _set(comparison: Comparison) -> frozenset[Any]:
    value = comparison.value
    return frozenset(value) if isinstance(value, tuple) else frozenset((value,))


def _list(words: Iterable[object]) -> str:
    return ", ".join(sorted(str(w) for w in words))


def _words(fact: str, told: Sequence[Comparison]) -> str | None:
    """A fact that is one word cannot be of two lists that share none."""
    left: frozenset[Any] | None = None
    for comparison in told:
        if not comparison.turned and comparison.op in ("is_", "one_of", "has_any"):
            left = _set(comparison) if left is None else left & _set(comparison)
    for comparison in told:
        if comparison.turned and left is not None:
            left -= _set(comparison)
    return f"{fact} would have to be two things at once" if left is not None and not left else None
