"""Numbers as people type them: what is read, and what is told of the rest."""

from __future__ import annotations

import pytest

from wizard.interview.problem import Problem
from wizard.interview.typed_number import Range, shown
from wizard.messages import has, say

AGE = Range("Age", 0, 120, whole=True)
PRICE = Range("Price", 0)


@pytest.mark.parametrize(
    ("allowed", "typed", "read"),
    [
        (AGE, "47", 47), (AGE, " 0 ", 0), (AGE, "120", 120), (AGE, "47.0", 47), (AGE, "", None), (AGE, "  ", None),
        (PRICE, "1,200", 1200), (PRICE, "$1,200.50", 1200.5), (PRICE, "550 dollars", 550), (PRICE, ".5", 0.5),
        (Range("Share", 0, 100), "40 %", 40), (Range("Weeks", 0, 5000, whole=True), "8 weeks", 8),
    ],
)  # fmt: skip
def test_what_is_read(allowed: Range, typed: str, read: float | None) -> None:
    assert allowed.read(typed) == read


@pytest.mark.parametrize(
    ("allowed", "typed", "key"),
    [
        (AGE, "47e", "question.whole_unclear"), (AGE, "4.5", "question.whole_unclear"), (AGE, "forty", "question.whole_unclear"),
        (AGE, "340", "question.out_of_range"), (AGE, "-1", "question.out_of_range"), (AGE, "1e2", "question.whole_unclear"),
        (PRICE, "nan", "question.number_unclear"), (PRICE, "1.2.3", "question.number_unclear"), (PRICE, "1,2", "question.number_unclear"),
        (PRICE, "-5", "question.below_range"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_by_name(allowed: Range, typed: str, key: str) -> None:
    found = allowed.read(typed)
    assert isinstance(found, Problem)
    assert found.key == key
    assert has(found.key)
    assert say(found.key, "patient", "en", **dict(found.words)).startswith(allowed.name)


def test_a_number_is_shown_as_it_is_typed() -> None:
    assert [shown(v) for v in (None, 4.0, 1200, 37.5, 0.125)] == ["", "4", "1200", "37.5", "0.125"]
