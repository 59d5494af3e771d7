"""The federal sums of `tests/cases/eligibility.yaml` come out of the book's figures and of a result."""

from __future__ import annotations

import math
from typing import Any

import pytest

from rules import evaluate, load_rules
from tests.cases_of import TODAY, examples
from tests.example_model import EligibilityExample

BOOK = load_rules()


def guideline(year: int, region: str, size: int) -> int:
    """USD a year for a household of this size."""
    assert BOOK.eligibility is not None
    (row,) = (
        g for g in BOOK.eligibility.poverty_guidelines if (g.year, g.region) == (year, region)
    )
    return row.first_person + (size - 1) * row.each_additional


def applicable_percentage(plan_year: int, income_percent: float) -> float | None:
    """Percent of income that a benchmark plan is expected to cost; None: no credit."""
    for band in BOOK.eligibility_value(f"applicable_percentage_{plan_year}"):
        low, high = band["from_percent"], band["to_percent"]
        if low <= income_percent < high or (income_percent == high == 400):
            share = (income_percent - low) / (high - low)
            return round(float(band["first"] + share * (band["last"] - band["first"])), 2)
    return None


def medicaid(state: str, age: int, parent: bool, income_percent: float) -> str:
    """Which way is open to a person alone, told by the result of a case."""
    case: dict[str, Any] = {
        "age": age, "state": state, "household_size": 1, "parent_of_child": parent,
        "annual_income": math.floor(guideline(2026, "contiguous", 1) * income_percent / 100),
        "pregnant": False, "disabled": False, "request": "esketamine", "coverages": [],
        "diagnosis": "treatment_resistant_depression",
    }  # fmt: skip
    paths = {p.record: p for p in evaluate(case, today=TODAY).paths}
    values = {
        c.id: c.value
        for name in ("medicaid_enrollment", "marketplace_special_enrollment")
        for c in paths[name].criteria
    }
    if values["medicaid_group"] == "met":
        return "likely_medicaid"
    gap = values["medicaid_group"] == values["tax_credit"] == "not_met"
    return "gap_no_medicaid_no_tax_credit" if gap else "no_medicaid"


def msp(region: str, program: str, size: int) -> int:
    """USD a month up to which a Medicare Savings Program takes people."""
    who = "individual" if size == 1 else "couple"
    found: int = BOOK.eligibility_value("msp_monthly_income_2026")[region][program][who]
    return found


SUMS = {
    "guideline": guideline,
    "applicable_percentage": applicable_percentage,
    "medicaid": medicaid,
    "msp": msp,
}


@pytest.mark.parametrize("example", [pytest.param(e, id=e.id) for e in examples("eligibility")])
def test_a_federal_sum(example: EligibilityExample) -> None:
    assert SUMS[example.compute](**example.input) == example.expect
