"""Strong Kleene logic, and every operator of the closed grammar, on both sides of its threshold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from rules.logic import Span, WordSet, compile_condition, leaves, open_leaves
from rules.schema.conditions import Condition

T, F, U = True, False, None
LEAF = {
    T: {"fact": "yes", "is": True},
    F: {"fact": "no", "is": True},
    U: {"fact": "open", "is": True},
}
FACTS = {"yes": True, "no": False, "open": None}


def value(condition: dict[str, Any], facts: dict[str, Any] = FACTS) -> Any:
    return compile_condition(Condition.model_validate(condition))(facts).value


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [(T, T, T, T), (T, F, F, T), (T, U, U, T), (F, T, F, T), (F, F, F, F), (F, U, F, U),
     (U, T, U, T), (U, F, F, U), (U, U, U, U)],
)  # fmt: skip
def test_all_and_any_are_kleene(a: Any, b: Any, both: Any, either: Any) -> None:
    assert value({"all": [LEAF[a], LEAF[b]]}) is both
    assert value({"any": [LEAF[a], LEAF[b]]}) is either


@pytest.mark.parametrize(("a", "turned"), [(T, F), (F, T), (U, U)])
def test_not_keeps_the_unknown(a: Any, turned: Any) -> None:
    assert value({"not": LEAF[a]}) is turned


@pytest.mark.parametrize(
    ("operator", "limit", "actual", "expected"),
    [
        ("at_least", 2, 2, T), ("at_least", 2, 1, F), ("at_least", 2, None, U),
        ("at_least", 2, Span(2, 3), T), ("at_least", 2, Span(0, 1), F), ("at_least", 2, Span(1, 2), U),
        ("at_most", 138, 138, T), ("at_most", 138, 139, F), ("at_most", 138, Span(100, 200), U),
        ("above", 15, 16, T), ("above", 15, 15, F), ("below", 65, 64, T), ("below", 65, 65, F),
    ],
)  # fmt: skip
def test_numbers(operator: str, limit: float, actual: Any, expected: Any) -> None:
    assert value({"fact": "n", operator: limit, "unit": "points"}, {"n": actual}) is expected


@pytest.mark.parametrize(
    ("condition", "actual", "expected"),
    [
        ({"one_of": ["ppo", "pos"]}, "ppo", T),
        ({"one_of": ["ppo", "pos"]}, "hmo", F),
        ({"one_of": ["ppo", "pos"]}, None, U),
        ({"has_any": ["a", "b"]}, WordSet(frozenset("a"), frozenset("ac")), T),
        ({"has_any": ["b"]}, WordSet(frozenset("a"), frozenset("ab")), U),
        ({"has_any": ["b"]}, WordSet(frozenset("a"), frozenset("a")), F),
        ({"has_all": ["a", "b"]}, WordSet(frozenset("ab"), frozenset("ab")), T),
        ({"has_all": ["a", "b"]}, WordSet(frozenset("a"), frozenset("ab")), U),
        ({"has_all": ["a", "b"]}, WordSet(frozenset("a"), frozenset("a")), F),
        ({"is": "texas"}, "texas", T),
        ({"is": False}, False, T),
        ({"is": False}, None, U),
        ({"before": "2026-01-01"}, dt.date(2025, 12, 31), T),
        ({"before": "2026-01-01"}, dt.date(2026, 1, 1), F),
        ({"after": "2026-01-01"}, dt.date(2026, 1, 2), T),
        ({"after": "2026-01-01"}, dt.date(2026, 1, 1), F),
    ],
)
def test_words_and_dates(condition: dict[str, Any], actual: Any, expected: Any) -> None:
    assert value({"fact": "x", **condition}, {"x": actual}) is expected


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"fact": "age"},
        {"fact": "age", "at_least": 18},
        {"fact": "age", "at_least": 18, "below": 65, "unit": "years"},
        {"all": []},
        {"all": [{"fact": "a", "is": True}], "any": [{"fact": "a", "is": True}]},
        {"fact": "a", "is": True, "sometimes": True},
        {"at_least": 3, "unit": "years"},
    ],
)
def test_what_is_outside_the_grammar_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Condition.model_validate(wrong)


def test_a_verdict_holds_all_that_was_read() -> None:
    test = compile_condition(
        Condition.model_validate({"all": [LEAF[F], {"any": [LEAF[U], LEAF[T]]}]})
    )
    verdict = test(FACTS)
    assert [v.node.fact for v in leaves(verdict)] == ["no", "open", "yes"]
    assert [v.actual for v in leaves(verdict)] == [False, None, True]


def test_only_leaves_that_can_still_decide_are_open() -> None:
    settled = compile_condition(Condition.model_validate({"all": [LEAF[F], LEAF[U]]}))(FACTS)
    assert open_leaves(settled) == []
    hidden = {"all": [LEAF[U], {"any": [LEAF[T], LEAF[U]]}]}
    still = compile_condition(Condition.model_validate(hidden))(FACTS)
    assert len(open_leaves(still)) == 1
