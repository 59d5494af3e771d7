"""Variants of a case: what an edit does, and that every difference in the results is marked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rules import Result, evaluate, load_rules
from rules.engine.outlook import RANK
from wizard.counselor.answer_rows import AnswerRow, Variant, answer_rows, cover_short
from wizard.counselor.presets import PRESETS, Edits, open_to_client, other_request, presets
from wizard.counselor.scenario import MOST, CounselorDesk, Scenario, ScenarioChange
from wizard.counselor.scenarios import apply, key_of, longest_trial, next_trial, path_rows

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


def test_a_plan_is_taken_out_with_its_denial() -> None:
    two = {**CASE, "coverages": [*CASE["coverages"], {"kind": "medicaid"}]}
    case = apply(two, (ScenarioChange("gone", "0"),), load_rules())
    assert case["coverages"] == [{"kind": "medicaid"}]
    assert "denial" not in case


def test_the_denial_of_a_later_plan_moves_up_with_it() -> None:
    two = {
        **CASE,
        "coverages": [{"kind": "medicaid"}, *CASE["coverages"]],
        "denial": {**CASE["denial"], "coverage": 1},
    }
    case = apply(two, (ScenarioChange("gone", "0"),), load_rules())
    assert case["denial"]["coverage"] == 0
    assert case["stage"] == "denied"


def test_a_further_denial_moves_up_and_takes_the_place_of_the_one_that_goes() -> None:
    other = {"coverage": 1, "treatment": "iv_ketamine", "notice_date": "2026-11-10"}
    two = {
        **CASE,
        "coverages": [*CASE["coverages"], {"kind": "medicaid"}],
        "other_denials": [other],
    }
    case = apply(two, (ScenarioChange("gone", "0"),), load_rules())
    assert case["denial"] == {**other, "coverage": 0}
    assert "other_denials" not in case
    assert case["stage"] == "denied"


def test_a_further_denial_goes_with_its_plan() -> None:
    two = {
        **CASE,
        "coverages": [*CASE["coverages"], {"kind": "medicaid"}],
        "other_denials": [{"coverage": 1, "notice_date": "2026-11-10"}],
    }
    case = apply(two, (ScenarioChange("gone", "1"),), load_rules())
    assert "other_denials" not in case
    assert case["denial"] == CASE["denial"]


def test_taking_out_a_plan_that_is_not_there_does_nothing() -> None:
    assert changed(ScenarioChange("gone", "3")) == CASE


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_makes_a_case_that_can_be_read(name: str) -> None:
    book = load_rules()
    for base in ({}, CASE, {"treatment_counts": {"antidepressants_failed": 1}, "coverages": []}):
        edits = PRESETS[name](base, book, TODAY)
        result(apply(base, edits, book))
    assert name in presets(CASE, book, TODAY)


@pytest.mark.parametrize(
    ("kind", "gone"),
    [("medicaid", "medicaid"), ("medicare", "medigap"), ("individual", "medicare_beside"),
     ("individual", "cobra"), ("individual", "leave_job")],
)  # fmt: skip
def test_a_preset_that_changes_nothing_or_fits_no_plan_is_not_offered(kind: str, gone: str) -> None:
    case = {**CASE, "coverages": [{"kind": kind}]}
    assert gone not in presets(case, load_rules(), TODAY)


def test_cobra_is_the_same_plan_and_keeps_its_denial() -> None:
    case = apply(CASE, presets(CASE, load_rules(), TODAY)["cobra"], load_rules())
    assert case["coverages"][0] == {**CASE["coverages"][0], "kind": "cobra"}
    assert case["denial"] == CASE["denial"]


def test_who_is_nearly_65_gets_medicare_as_of_that_day() -> None:
    near = {**CASE, "age": 64}
    case = apply(near, presets(near, load_rules(), TODAY)["medigap"], load_rules())
    assert case["age"] == 65
    assert case["coverages"][0]["entitled_by"] == "age"


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


def test_a_copy_has_the_edits_and_a_name_of_its_own() -> None:
    desk = CounselorDesk((Scenario(1, "a"),)).added("b", (ScenarioChange("counted"),))
    copy = desk.copied(2, "b again").variants[-1]
    assert (copy.id, copy.name, copy.edits) == (3, "b again", (ScenarioChange("counted"),))


def test_an_edit_from_before_a_plan_was_taken_out_stays() -> None:
    desk = CounselorDesk((Scenario(1, "a"),)).added("b")
    edits = (
        ScenarioChange("answer", "coverages[0].payer", "aetna"),
        ScenarioChange("gone", "0"),
        ScenarioChange("answer", "coverages[0].payer", "cigna"),
    )
    for edit in edits:
        desk = desk.edited(2, edit)
    assert desk.variants[1].edits == edits


# --- answers side by side -----------------------------------------------------------------------------------


def worked_out(case: dict[str, Any], edits: Edits = ()) -> Variant:
    book = load_rules()
    made = apply(case, edits, book)
    other = result({**made, "request": other_request(made)})
    return Variant(made, result(made), other, open_to_client(case, edits, book, TODAY), "$1")


def rows_of(case: dict[str, Any], *edits: Edits) -> dict[str, AnswerRow]:
    variants = [worked_out(case), *(worked_out(case, e) for e in edits)]
    return {row.kind: row for row in answer_rows(variants, load_rules())}


def preset(case: dict[str, Any], name: str) -> Edits:
    return presets(case, load_rules(), TODAY)[name]


AETNA: dict[str, Any] = {
    "age": 64, "state": "OH", "household_size": 2, "annual_income": 62000, "disabled": False,
    "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "employer", "payer": "aetna"}],
}  # fmt: skip


def test_the_same_case_twice_differs_in_nothing() -> None:
    assert not any(row.differs for row in rows_of(CASE, ()).values())
    assert not any(r.differs for r in path_rows([result(CASE), result(CASE)]))


def test_the_other_treatment_is_answered_in_its_column_with_the_source() -> None:
    row = rows_of(AETNA, preset(AETNA, "treatment"))["asked"]
    assert row.cells[1].sign == "worse"
    line = row.cells[1].lines[0]
    assert "unproven" in line.text
    assert "CPB 0938" in line.quiet


def test_the_answer_for_the_other_treatment_stands_beside() -> None:
    first, same = rows_of(AETNA, preset(AETNA, "site"))["other"].cells
    assert "CPB 0938" in first.lines[0].quiet
    assert same.sign == "same"
    turned = rows_of(AETNA, preset(AETNA, "treatment"))["other"].cells[1]
    assert turned.lines[0].text == "Aetna: as in the first column."
    assert turned.sign == "other"  # two treatments are not better or worse than each other here


def test_medicaid_over_the_line_says_so_with_the_numbers_and_is_not_better() -> None:
    rows = rows_of(AETNA, preset(AETNA, "medicaid"))
    first, told = rows["open"].cells
    assert first.lines == ()
    assert told.lines[0].open is False
    for number in ("$62,000", "household of 2", "138%", "$29,863"):
        assert number in told.lines[0].text
    assert all(rows[kind].cells[1].sign != "better" for kind in ("asked", "other"))


def test_a_plan_of_which_nobody_named_the_insurer_is_not_called_better() -> None:
    poor = {**AETNA, "treatment_counts": {"antidepressants_failed": 0}}
    row = rows_of(poor, preset(poor, "marketplace"))["asked"]
    assert row.cells[1].sign != "better"


def test_one_more_trial_can_be_better() -> None:
    tried = {**CASE, "stage": None, "denial": None}
    case = {k: v for k, v in tried.items() if v is not None}
    assert rows_of(case, preset(case, "trial"))["asked"].cells[1].sign == "better"


def test_who_pays_first_is_told_by_name() -> None:
    row = rows_of({**AETNA, "age": 66}, preset({**AETNA, "age": 66}, "medicare_beside"))["order"]
    assert [line.text.split(":")[0] for line in row.cells[0].lines] == ["Aetna"]
    names = [line.text.split(":")[0] for line in row.cells[1].lines if line.text]
    assert sorted(names) == ["Aetna", "Original Medicare"]


@pytest.mark.parametrize(
    ("cover", "name"),
    [
        ({"kind": "employer", "payer": "aetna"}, "Aetna"),
        ({"kind": "employer", "payer": "Some Plan Inc"}, "Some Plan Inc"),
        ({"kind": "medicare", "medicare": "original", "medigap": True}, "Original Medicare with Medigap"),
        ({"kind": "medicare", "medicare": "advantage"}, "Medicare Advantage"),
        ({"kind": "medicaid"}, "Medicaid"),
    ],
)  # fmt: skip
def test_a_plan_is_named_by_its_insurer_or_kind(cover: dict[str, Any], name: str) -> None:
    assert cover_short(cover, load_rules()) == name


def test_a_last_day_stands_by_when_and_goes_with_its_plan() -> None:
    row = rows_of(CASE, preset(CASE, "marketplace"))["days"]
    assert any("Internal appeal" in line.text for line in row.cells[0].lines)
    assert not any("Internal appeal" in line.text for line in row.cells[1].lines)


# --- way by way ---------------------------------------------------------------------------------------------


def test_every_difference_is_marked() -> None:
    book = load_rules()
    for name, edits in presets(CASE, book, TODAY).items():
        results = [result(CASE), result(apply(CASE, edits, book))]
        one, two = ({key_of(p): p for p in r.paths} for r in results)
        by_key = {key_of(row.name): row.cells[1] for row in path_rows(results)}
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
