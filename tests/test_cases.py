"""Every example of `tests/cases/` gives what its author typed."""

from __future__ import annotations

from typing import Any

import pytest

from rules import evaluate, read_case
from tests.cases_of import CASES, TODAY, assert_example, examples, plain

OTHER_SHAPES = {"payer_order", "eligibility_examples", "money_examples"}
FILES = sorted(p.stem for p in CASES.glob("*.yaml") if p.stem not in OTHER_SHAPES)


def _all() -> list[Any]:
    return [pytest.param(e, id=f"{name}:{e['id']}") for name in FILES for e in examples(name)]


@pytest.mark.parametrize("example", _all())
def test_example(example: dict[str, Any]) -> None:
    today = example.get("today", TODAY)
    case = read_case(plain(example["case"]), today)
    assert_example(evaluate(case, today=today), example["expect"])


def test_names_of_examples_are_unique() -> None:
    names = [e["id"] for name in FILES for e in examples(name)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("example", [pytest.param(e, id=e["id"]) for e in examples("payer_order")])
def test_payer_order(example: dict[str, Any]) -> None:
    data = {"coverages": example["coverages"], **(example.get("case") or {})}
    result = evaluate(plain(data), today=TODAY)
    kinds = [c["kind"] for c in example["coverages"]]
    payers = [p for p in result.payer_order if p.position != "not_a_payer"]
    assert [kinds[p.coverage] for p in payers] == example["expect_order"], result.payer_order
