"""What numbers of records do, on both sides of each, by what was typed a second time in `tests/numbers/`."""

from __future__ import annotations

import math

import pytest

from rules import read_case
from rules.case import TriedTreatment
from rules.facts.context import Facts
from rules.facts.trials import judge_trial
from rules.schema.policies import NO_STANDARD
from tests.strategies import BOOK, TODAY
from tests.test_numbers import Numbers, typed_again


def typed_again_by_state(place: str) -> Numbers:
    """What was typed of one place in the records of the states, by state."""
    found = ((key.partition("."), n) for key, n in typed_again("states").items())
    return {state: n for (state, _, rest), n in found if rest == place}


# Income of one person at the poverty guideline of 2026.
AT_THE_LINE = {"ak": 19_950, "hi": 18_360}
ELSEWHERE = 15_960
GROUPS = {  # who is in a group of Medicaid by income, and whom no other group takes
    "adult_percent": {"age": 40, "pregnant": False, "parent_of_child": False, "disabled": False},
    "children_percent": {"age": 18, "pregnant": False, "parent_of_child": False, "disabled": False},
    "pregnancy_percent": {"age": 30, "pregnant": True, "parent_of_child": False, "disabled": False},
}
LIMITS = {
    (state, group): percent
    for group in GROUPS
    for state, percent in typed_again_by_state(f"income_limits.{group}").items()
    if percent
}


@pytest.mark.parametrize("group", GROUPS)
def test_income_is_within_a_limit_up_to_its_last_percent(group: str) -> None:
    told = GROUPS[group] | {"coverages": [], "household_size": 1}
    for (state, of), percent in LIMITS.items():
        if of != group:
            continue
        line = AT_THE_LINE.get(state, ELSEWHERE)
        within = []
        for share in (percent, percent + 1):
            income = math.ceil(line * share / 100)
            case = read_case({**told, "state": state.upper(), "annual_income": income}, TODAY)
            within.append(Facts(case, BOOK, TODAY).read("income_within_medicaid_limit").value)
        assert within[0] is True, (state, group, percent)
        assert within[1] is not True, (state, group, percent)


DOSES: dict[str, float] = {
    place.split(".")[1]: number
    for place, number in typed_again("treatments").items()
    if place.startswith("treatments.") and place.endswith(".min_dose")
}


@pytest.mark.parametrize("medicine", DOSES)
def test_a_dose_is_high_enough_from_its_least_on(medicine: str) -> None:
    record = BOOK.treatments[medicine]
    unit = record.dose_unit or "mg/day"
    least = DOSES[medicine] / (1000 if unit.startswith("mcg") else 1)
    told = {"treatment": medicine, "weeks": 52, "outcome": "no_response", "current_episode": True}
    counts = []
    for dose in (least, least * 0.99):
        tried = TriedTreatment.model_validate({**told, "daily_dose_mg": dose})
        counts.append(judge_trial(tried, record, NO_STANDARD, BOOK.default_trial, "t"))
    by_mouth = unit.startswith(("mg", "mcg")) and "IV" not in unit
    assert [c.counts for c in counts] == ([True, False] if by_mouth else [None, None])
    assert counts[1].why == ("dose_too_low" if by_mouth else "dose_unit_differs")
