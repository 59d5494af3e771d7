"""The columns in words: what a row of a worklist says is what the case says."""

from __future__ import annotations

import pandas as pd
import pytest

from rules import evaluate, load_rules
from rules.table import RESULT_COLUMNS, case_of_row, screen
from rules.table.sample import write_sample
from rules.table.summary import WORD_COLUMNS
from tests.strategies import TODAY

BOOK = load_rules()
MEETS_ALL = {
    "case_id": "meets all", "age": "44", "diagnosis": "treatment_resistant_depression", "request": "esketamine", "hamd": "16",
    "uncontrolled_blood_pressure": "no", "vessel_condition": "no", "ketamine_allergy": "no", "coverage_1_kind": "cobra",
    "coverage_1_payer": "UnitedHealthcare", "antidepressants_failed": "4", "rems_certified": "yes", "prescriber": "psychiatrist",
}  # fmt: skip
DENIED = MEETS_ALL | {"case_id": "denied", "stage": "denied", "denial_date": "2026-11-20", "denial_level": "initial"}  # fmt: skip
UNINSURED = {"case_id": "uninsured", "age": "44", "state": "TX", "coverage_1_kind": "none", "request": "esketamine"}  # fmt: skip
NO_KIND = {"case_id": "no kind", "age": "50", "state": "TX", "request": "esketamine", "coverage_1_payer": "Aetna"}  # fmt: skip
SUICIDAL = {
    "case_id": "suicidal", "age": "40", "state": "OH", "diagnosis": "major_depression", "request": "esketamine",
    "suicidal_thoughts": "active", "coverage_1_kind": "employer", "coverage_1_payer": "Aetna",
}  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("words") / "sample.csv"
    write_sample(path, 80, 31)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def rows(*told: dict[str, str]) -> pd.DataFrame:
    """A worklist of these people, by their case_id."""
    return screen(pd.DataFrame(told, dtype=object).fillna(""), TODAY).set_index("case_id")


def test_a_row_says_what_the_answers_of_its_case_say(sample: pd.DataFrame) -> None:
    """Read off the result without a word of the table's own code."""
    shown = screen(sample, TODAY)
    for i, row in enumerate(sample.to_dict("records")):
        result, told = evaluate(case_of_row(row, TODAY), TODAY), shown.iloc[i]
        leading = result.leading or next(a for a in result.answers if a.asked_for)
        assert told["answer"] == leading.sentence
        asked = [a.sentence for a in result.answers if a.asked_for]
        assert told["answer_asked"] == ("" if leading.asked_for else asked[0])
        rule = leading.rule
        assert told["policy"] == ", ".join(
            x for x in (rule and rule.title, rule and rule.number) if x
        )
        points = {p.id: p for p in leading.points}
        for point in (points[d] for d in leading.deciding):
            hidden = "suicidal_thoughts" in point.because
            assert (point.asks in told["why"]) is not hidden
        if told["pa_required"] == "no":
            assert (leading.outlook, result.best_path and result.best_path.route) == (
                "likely",
                "claim",
            )
        if rule is not None and told["codes"]:
            assert any(told["codes"] == p.bill for p in result.paths if p.record == rule.record)  # fmt: skip
        names = [BOOK.documents[d].name for s in leading.next_steps for d in s.documents]
        assert [n for n in told["papers"].split("; ") if n] == list(dict.fromkeys(names))[:3]


def test_the_columns_in_words_stand_behind_the_fixed_ones() -> None:
    assert RESULT_COLUMNS[-len(WORD_COLUMNS) :] == WORD_COLUMNS
    assert RESULT_COLUMNS[:10] == (
        "best_path", "best_outlook", "missing", "next_step", "next_deadline", "payer_order", "paths_likely", "paths_possible",
        "paths_not_yet", "safety",
    )  # fmt: skip


def test_help_and_cash_are_never_likely_for_the_insured() -> None:
    shown = rows(MEETS_ALL, UNINSURED, NO_KIND)
    assert (
        shown.at["meets all", "paths_likely"]
        == "cobra.unitedhealthcare.esketamine.prior_authorization"
    )
    assert shown.at["uninsured", "paths_likely"].startswith("self.")
    assert shown.at["no kind", "paths_likely"] == ""


def test_a_payer_without_a_kind_is_the_first_thing_missing() -> None:
    row = rows(NO_KIND).loc["no kind"]
    assert row["best_outlook"] == ""
    assert row["missing"].split("; ")[0] == "coverage_1_kind"
    assert "what kind of insurance" in row["answer"]
    assert row["pa_required"] == "ask"


def test_a_rule_that_asks_for_approval_says_so_with_its_name() -> None:
    row = rows(MEETS_ALL).loc["meets all"]
    assert (row["pa_required"], row["benefit"]) == ("yes", "pharmacy")
    assert "2026 P 2168-11" in row["policy"]
    assert row["papers"]
    assert row["ask_whom"]


def test_a_row_with_a_no_has_a_day_in_words() -> None:
    row = rows(DENIED).loc["denied"]
    assert row["next_deadline"] in row["by_when"]
    assert "said no" in row["answer"]


def test_without_insurance_nobody_is_asked_for_approval() -> None:
    row = rows(UNINSURED).loc["uninsured"]
    assert (row["pa_required"], row["benefit"], row["policy"]) == ("", "", "")


def test_thoughts_of_suicide_stand_only_as_ids_of_help(sample: pd.DataFrame) -> None:
    """A list is mailed and printed: what was told in trust is not put into its words."""
    row = rows(SUICIDAL).loc["suicidal"]
    assert "988_lifeline" in row["safety"]
    for name in ("why", "papers", "ask_whom", "by_when", "next_step", "missing"):
        assert "suicid" not in row[name].lower(), name
    shown = screen(sample, TODAY)
    assert not shown["why"].str.contains("suicid", case=False).any()
