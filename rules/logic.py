"""Three values, and the closed grammar of conditions made ready to run.

A condition is evaluated once and gives a `Verdict` that holds every part it read: the verdict
is its own explanation. Logic is strong Kleene: `all` is False as soon as one part is False,
`any` True as soon as one is True, otherwise an unknown survives. True, False and None stand
for met, not met and unknown (Kleene 1952, three-valued logic).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .schema.conditions import Condition

Truth = bool | None


class Span(NamedTuple):
    """A number known only to lie between `low` and `high`, both included."""

    low: float
    high: float


class WordSet(NamedTuple):
    """A set of words of which `known` are certain and `possible` cannot be ruled out."""

    known: frozenset[str]
    possible: frozenset[str]


class Node(NamedTuple):
    """A condition as compiled: what it is, for showing; the function does the work."""

    kind: str  # all, any, not, or an operator
    fact: str | None
    key: Any  # how the fact is looked up: its id, or its id under a way of counting
    expected: Any
    condition: Condition


class Verdict(NamedTuple):
    """Value of a node, the answer that it read, and the verdicts of its parts."""

    value: Truth
    node: Node
    actual: Any
    parts: tuple[Verdict, ...]


Facts = Mapping[Any, Any]
Test = Callable[[Facts], Verdict]

_new = tuple.__new__


Compare = Callable[[Any], Truth]  # an answer that is known in some way -> whether it meets

_MOST_KEPT = 256  # verdicts kept for each leaf; answers beyond these are judged anew each time
_KEPT = frozenset((None.__class__, bool, int, float, str, dt.date, WordSet))


def _leaf_test(node: Node, compare: Compare) -> Test:
    """The test of a leaf. Verdicts never change, so equal answers share one."""
    key = node.key
    kept: dict[Any, Verdict] = {}

    def test(facts: Facts) -> Verdict:
        actual = facts[key]
        kind = actual.__class__
        if kind not in _KEPT:  # Span(1, 2) equals (1.0, 2)
            return Verdict(compare(actual), node, actual, ())
        found = kept.get(actual)
        if found is not None and found[2].__class__ is kind:  # 1 is not True
            return found
        value = None if actual is None else compare(actual)
        found = Verdict(value, node, actual, ())
        if len(kept) < _MOST_KEPT:
            kept[actual] = found
        return found

    return test


def _number(certain: Callable[[Any], bool]) -> Compare:
    def compare(actual: Any) -> Truth:
        if actual.__class__ is Span:
            low, high = certain(actual.low), certain(actual.high)
            return low if low is high else None
        return certain(actual)

    return compare


def _some_word(wanted: frozenset[str]) -> Compare:
    def compare(actual: Any) -> Truth:
        if actual.__class__ is not WordSet:
            return actual in wanted
        if not wanted.isdisjoint(actual.known):
            return True
        return False if wanted.isdisjoint(actual.possible) else None

    return compare


def _every_word(wanted: frozenset[str]) -> Compare:
    def compare(actual: Any) -> Truth:
        known, possible = actual if actual.__class__ is WordSet else (frozenset((actual,)),) * 2
        return True if wanted <= known else (None if wanted <= possible else False)

    return compare


def _all_test(node: Node, tests: tuple[Test, ...]) -> Test:
    def test(facts: Facts) -> Verdict:
        value: Truth = True
        parts: list[Verdict] = []
        for part_test in tests:
            part = part_test(facts)
            parts.append(part)
            if part[0] is not True and value is not False:
                value = part[0]
        return _new(Verdict, (value, node, None, tuple(parts)))

    return test


def _any_test(node: Node, tests: tuple[Test, ...]) -> Test:
    def test(facts: Facts) -> Verdict:
        value: Truth = False
        parts: list[Verdict] = []
        for part_test in tests:
            part = part_test(facts)
            parts.append(part)
            if part[0] is not False and value is not True:
                value = part[0]
        return _new(Verdict, (value, node, None, tuple(parts)))

    return test


def _not_test(node: Node, inner: Test) -> Test:
    def test(facts: Facts) -> Verdict:
        part = inner(facts)
        return _new(Verdict, (None if part[0] is None else not part[0], node, None, (part,)))

    return test


def compile_condition(condition: Condition, key_of: Callable[[str], Any] = str) -> Test:
    """The function that evaluates `condition`.

    `key_of` turns a fact id into the key under which it is looked up (facts that depend on how
    a policy counts trials are looked up together with that way of counting). A fact of one of two
    coverages is looked up as (of which, key).
    """
    c = condition
    if c.all is not None:
        return _all_test(
            Node("all", None, None, None, c), tuple(compile_condition(p, key_of) for p in c.all)
        )
    if c.any is not None:
        return _any_test(
            Node("any", None, None, None, c), tuple(compile_condition(p, key_of) for p in c.any)
        )
    if c.not_ is not None:
        return _not_test(Node("not", None, None, None, c), compile_condition(c.not_, key_of))
    assert c.fact is not None
    key = key_of(c.fact)
    return _leaf(c, c.fact, key if c.scope is None else (c.scope, key))


_NUMBERS: dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "at_least": lambda n: lambda v: v >= n,
    "at_most": lambda n: lambda v: v <= n,
    "above": lambda n: lambda v: v > n,
    "below": lambda n: lambda v: v < n,
    "before": lambda n: lambda v: v < n,
    "after": lambda n: lambda v: v > n,
}


def _leaf(c: Condition, fact: str, key: Any) -> Test:
    def leaf(op: str, expected: Any, compare: Compare) -> Test:
        return _leaf_test(Node(op, fact, key, expected, c), compare)

    if c.is_ is not None:
        return leaf("is", c.is_, lambda actual: bool(actual == c.is_))
    if c.one_of is not None:
        return leaf("one_of", c.one_of, _some_word(frozenset(c.one_of)))
    if c.has_any is not None:
        return leaf("has_any", c.has_any, _some_word(frozenset(c.has_any)))
    if c.has_all is not None:
        return leaf("has_all", c.has_all, _every_word(frozenset(c.has_all)))
    for op, make in _NUMBERS.items():
        limit = getattr(c, op)
        if limit is not None:
            return leaf(op, limit, _number(make(limit)))
    raise ValueError(f"condition on {fact} has no operator")


def open_leaves(verdict: Verdict) -> list[Verdict]:
    """The unknown leaves that can still decide an unknown verdict.

    A leaf under a part that is already settled is left out: no answer to it matters here.
    """
    if verdict.value is not None:
        return []
    if not verdict.parts:
        return [verdict]
    return [leaf for part in verdict.parts for leaf in open_leaves(part)]


def leaves(verdict: Verdict) -> list[Verdict]:
    """All leaves of a verdict, in order."""
    if not verdict.parts:
        return [verdict]
    return [leaf for part in verdict.parts for leaf in leaves(part)]
