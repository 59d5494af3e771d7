"""The clocks of a plan's first answer: the state's own where its law governs, the general ones else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rules import load_rules, read_case
from rules.engine.find_paths import find_paths
from rules.report.decision_times import first_answer_clocks

TODAY = dt.date(2026, 11, 28)
BOOK = load_rules()


def clocks(state: str, route: str, urgent: bool = False, **cover: Any) -> set[tuple[int, str]]:
    data: dict[str, Any] = {
        "age": 45, "state": state, "request": "esketamine",
        "diagnosis": "treatment_resistant_depression", "coverages": [cover],
        "suicidal_thoughts": "active" if urgent else "none", "provider": {"in_network": False},
    }  # fmt: skip
    if urgent:
        data["denial"] = {"coverage": 0, "urgent": True}
        data["stage"] = "denied"
    case = read_case(data, TODAY)
    paths = {
        p.route: p
        for p in find_paths(case, TODAY, BOOK)
        if p.coverage == 0 and p.treatment == "esketamine"
    }
    return {(c.number or 0, str(c.unit)) for c in first_answer_clocks(paths[route])}


INSURED: dict[str, Any] = {"kind": "individual"}
SELF_FUNDED: dict[str, Any] = {"kind": "employer", "funding": "self_funded", "sponsor": "private"}


@pytest.mark.parametrize(
    ("state", "cover", "wanted"),
    [
        ("GA", INSURED, {(7, "days")}),  # O.C.G.A. 33-46
        ("GA", SELF_FUNDED, {(15, "days")}),  # 29 CFR 2560.503-1(f)
        ("GA", {"kind": "employer"}, {(7, "days"), (15, "days")}),  # nobody told who funds it
        ("TX", INSURED, {(15, "days")}),  # no number of the state is known
        ("GA", {"kind": "medicare", "medicare": "advantage"}, {(7, "days"), (72, "hours")}),
    ],
)
def test_whose_clock(state: str, cover: dict[str, Any], wanted: set[tuple[int, str]]) -> None:
    assert clocks(state, "prior_authorization", **cover) == wanted


def test_the_urgent_clock_where_it_is_urgent() -> None:
    assert clocks("GA", "prior_authorization", urgent=True, **INSURED) == {(72, "hours")}


def test_a_request_for_care_outside_the_network_keeps_the_general_time() -> None:
    assert clocks("GA", "gap_exception", **INSURED) == {(15, "days")}


def test_a_level_of_appeal_has_no_first_answer() -> None:
    assert clocks("GA", "internal_appeal", **INSURED) == set()
