"""Variants of a case: what an edit does, and that every difference in the results is marked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rules import Result, evaluate, load_rules
from rules.engine.outlook import RANK
from wizard.counselor.scenario import MOST, CounselorDesk, Scenario, ScenarioChange
from wizard.counselor.scenarios import (
    STARTERS,
    apply,
    compare,
    first_deadline,
    key_of,
    longest_trial,
    next_trial,
    path_rows,
    starters,
)

TODAY = dt.date(2026, 11, 24)
TRIALS = [
    {"treatment": "sertraline", "outcome": "no_response", "weeks": 12, "daily_dose_mg": 150,
     "current_episode": True},
]  # fmt: skip
CASE: dict[str, Any] = {
    "age": 42, "state": "TX", "household_size": 2, "annual_income": 38000,
    "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none", "treatments": TRIALS,
    "coverages": [{"kind": "employer", "payer": "unitedhealthcare", "funding": "self_funded"}],
    "stage": "denied",
    "denial": {"coverage": 0, "notice_date": "2026-11-01", "level": "initial"},
}  # fmt: skip


def result(case: dict[str, Any]) -> Result:
    found: Result = evaluate(case, today=TODAY)
    return found


def changed(*edits: ScenarioChange) -> dict[str, Any]:
    return apply(CASE, edits, load_rules())


# --- edits ------------------------------------------------------------------------------------------------


def test_an_edit_leaves_the_case_as_told_alone() -> None:
    before = repr(CASE)
    changed(ScenarioChange("answer", "state", "OH"), ScenarioChange("trial", "", "bupropion"))
    assert repr(CASE) == before


def test_an_answer_and_its_taking_out() -> None:
    assert changed(ScenarioChange("answer", "state", "OH"))["state"] == "OH"
    assert "state" not in changed(ScenarioChange("answer", "state", None))
    assert changed(ScenarioChange("answer", "provider.rems_certified", True))["provider"] == {
        "rems_certified": True
    }


def test_another_plan_takes_its_denial_with_it() -> None:
    case = changed(ScenarioChange("plan", "0", {"kind": "individual"}))
    assert case["coverages"] == [{"kind": "individual"}]
    assert "denial" not in case
    assert "stage" not in case


def test_another_plan_leaves_the_denial_of_the_other_plan() -> None:
    two = {**CASE, "coverages": [*CASE["coverages"], {"kind": "medicaid"}]}
    case = apply(two, (ScenarioChange("plan", "1", {"kind": "individual"}),), load_rules())
    assert case["denial"] == CASE["denial"]
    assert case["stage"] == "denied"


def test_one_more_trial_counts_under_every_rule() -> None:
    book = load_rules()
    case = changed(ScenarioChange("trial", "", "bupropion"))
    trial = case["treatments"][-1]
    assert trial["treatment"] == "bupropion"
    assert trial["weeks"] == longest_trial(book) >= 8
    assert trial["daily_dose_mg"] == book.treatments["bupropion"].min_dose
    before, after = result(CASE), result(case)
    mine = "employer.unitedhealthcare.esketamine.prior_authorization"
    values = [
        {c.id: c.value for c in p.criteria}
        for r in (before, after)
        for p in r.paths
        if p.id == mine
    ]
    assert values[0].get("failed_antidepressants") == "not_met"
    assert values[1].get("failed_antidepressants") == "met"


def test_the_same_medicine_is_not_tried_twice() -> None:
    case = changed(ScenarioChange("trial", "", "sertraline"))
    assert len(case["treatments"]) == 1


def test_next_trial_is_of_another_class() -> None:
    book = load_rules()
    found = next_trial(CASE, book)
    assert found is not None
    assert book.treatments[found].drug_class != book.treatments["sertraline"].drug_class
    pain = next_trial({"diagnosis": "crps"}, book)
    assert pain is not None
    assert book.treatments[pain].counts_as == "pain_medicine"


def test_an_edit_of_a_cover_that_is_not_there_does_nothing() -> None:
    assert changed(ScenarioChange("answer", "coverages[3].payer", "aetna")) == CASE


@pytest.mark.parametrize("name", list(STARTERS))
def test_every_starter_makes_a_case_that_can_be_read(name: str) -> None:
    book = load_rules()
    for base in ({}, CASE, {"treatment_counts": {"antidepressants_failed": 1}, "coverages": []}):
        edits = STARTERS[name](base, book)
        result(apply(base, edits, book))
    assert name in starters(CASE, book)


def test_a_starter_that_changes_nothing_is_not_offered() -> None:
    case = {**CASE, "coverages": [{"kind": "medicaid"}]}
    assert "medicaid" not in starters(case, load_rules())


# --- the desk ---------------------------------------------------------------------------------------------


def test_four_variants_are_the_most() -> None:
    desk = CounselorDesk((Scenario(1, "a"),))
    for name in "bcdef":
        desk = desk.added(name)
    assert len(desk.variants) == MOST
    assert len({v.id for v in desk.variants}) == MOST


def test_the_case_as_told_is_neither_edited_nor_removed() -> None:
    desk = CounselorDesk((Scenario(1, "a"),)).added("b")
    assert desk.without(1).variants == desk.variants
    assert desk.edited(1, ScenarioChange("answer", "state", "OH")) == desk


def test_a_second_answer_takes_the_place_of_the_first() -> None:
    desk = CounselorDesk((Scenario(1, "a"),)).added("b")
    desk = desk.edited(2, ScenarioChange("answer", "state", "OH")).edited(
        2, ScenarioChange("answer", "state", "NY")
    )
    assert desk.variants[1].edits == (ScenarioChange("answer", "state", "NY"),)
    desk = desk.edited(2, ScenarioChange("trial", "", "bupropion"))
    assert desk.taken_back(2, 0).variants[1].edits == (ScenarioChange("trial", "", "bupropion"),)


# --- differences --------------------------------------------------------------------------------------------


def test_the_same_case_twice_differs_in_nothing() -> None:
    results = [result(CASE), result(CASE)]
    assert not any(r.differs for r in compare(results, ["$1", "$1"]))
    assert not any(r.differs for r in path_rows(results))


def test_every_difference_is_marked() -> None:
    book = load_rules()
    for name, edits in starters(CASE, book).items():
        results = [result(CASE), result(apply(CASE, edits, book))]
        one, two = ({key_of(p): p for p in r.paths} for r in results)
        by_key = {key_of(row.name): row.cells[1] for row in path_rows(results) if row.name}
        assert set(by_key) == set(one) | set(two), name
        for key, cell in by_key.items():
            a, b = one.get(key), two.get(key)
            if a is None or b is None:
                assert cell.sign == ("new" if a is None else "gone")
                continue
            gain = RANK[b.outlook] - RANK[a.outlook]
            told = {"better": 1, "worse": -1}.get(cell.sign, 0)
            assert told == (gain > 0) - (gain < 0), (name, key)
            assert (set(a.documents) != set(b.documents)) == ("papers" in cell.parts)
            assert (cell.sign == "same") == (not cell.parts)


def test_no_path_is_lost_under_its_key() -> None:
    for path_count, keys in ((len(r.paths), {key_of(p) for p in r.paths}) for r in (result(CASE),)):
        assert len(keys) == path_count


def test_dates_and_costs_are_compared() -> None:
    moved = changed(ScenarioChange("plan", "0", {"kind": "individual"}))
    results = [result(CASE), result(moved)]
    rows = {r.kind: r for r in compare(results, ["$10", "$20"])}
    assert first_deadline(results[0]) is not None
    assert rows["deadline"].cells[1].sign == "gone"
    assert rows["cost"].cells[1].sign == "other"
    assert rows["lead"].cells[1].path == results[1].best_path
