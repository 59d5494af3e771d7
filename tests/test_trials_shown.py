"""The measure by which tried medicines are counted: that of the plan and diagnosis that were told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rules import evaluate, load_rules

TODAY = dt.date(2026, 11, 28)
UHC: dict[str, Any] = {
    "age": 44, "state": "GA", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "passive", "coverages": [{"kind": "employer", "payer": "unitedhealthcare"}],
}  # fmt: skip


def taken(weeks: int | None, outcome: str | None = "no_response") -> list[dict[str, Any]]:
    return [
        {"treatment": "sertraline", "daily_dose_mg": 200, "weeks": weeks, "outcome": outcome},
        {"treatment": "venlafaxine", "daily_dose_mg": 225, "weeks": weeks, "outcome": outcome},
    ]


ROWS = [None, [], taken(None, None), taken(2), taken(6), taken(8), taken(20), taken(8, "helped")]


@pytest.mark.parametrize("request_", ["iv_ketamine", "esketamine"])
def test_the_measure_stays_while_medicines_are_typed(request_: str) -> None:
    shown = [
        evaluate({**UHC, "request": request_, "treatments": rows}, today=TODAY).trials
        for rows in ROWS
    ]
    measures = {(s.coverage, s.source, s.weeks, s.dose) for s in shown}
    policy = next(
        p for p in load_rules().payers["unitedhealthcare"].policies if p.id == "uhc_comm_esk_trd"
    )
    assert measures == {(0, policy.source, 8, "maximum_tolerated")}


def test_the_measure_is_that_of_the_insurance_that_pays_first() -> None:
    covers = [
        {"kind": "medicaid", "medicaid": "fee_for_service"},
        {"kind": "employer", "payer": "unitedhealthcare", "active_employee": True},
    ]
    shown = evaluate({**UHC, "coverages": covers}, today=TODAY).trials
    assert (shown.coverage, shown.weeks) == (1, 8)


def test_each_medicine_is_told_by_that_measure() -> None:
    shown = evaluate({**UHC, "request": "esketamine", "treatments": taken(6)}, today=TODAY).trials
    assert [(t.counts, t.why, t.weeks) for t in shown.treatments] == [(False, "too_short", 8)] * 2
