"""A second denial in a table: its columns, its coverage by number, and what the screen gives back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from rules import evaluate, load_rules, read_case
from rules.case import PlainCase
from rules.facts.context import Facts
from rules.table import RowFault, case_of_row, screen, summarise, used_slots
from rules.table.columns import columns, find_target, read_header
from rules.table.sample import made_up_people
from rules.table.summary import field_titles
from wizard.screening import worklist
from wizard.screening.taken_back import cells_of, taken_back

BOOK = load_rules()
TODAY = dt.date(2026, 11, 28)

PERSON = {
    "age": "44", "state": "TX", "diagnosis": "treatment_resistant_depression", "stage": "denied",
    "antidepressants_failed": "4",
}  # fmt: skip
TWO_PLANS = {
    **PERSON, "request": "esketamine",
    "coverage_1_kind": "employer", "coverage_1_payer": "Aetna", "coverage_1_funding": "self_funded",
    "coverage_1_sponsor": "private", "coverage_1_grandfathered": "no",
    "coverage_2_kind": "medicaid", "coverage_2_medicaid": "managed_care",
    "denial_coverage": "1", "denial_treatment": "esketamine", "denial_date": "2026-11-02",
    "denial_reason": "experimental", "denial_level": "initial",
    "denial_2_coverage": "2", "denial_2_treatment": "esketamine", "denial_2_date": "11/16/2026",
    "denial_2_reason": "coding", "denial_2_level": "initial", "denial_2_urgent": "no",
}  # fmt: skip
TWO_TREATMENTS = {
    **{k: v for k, v in TWO_PLANS.items() if not k.startswith("coverage_2")}, "request": "iv_ketamine",
    "denial_treatment": "iv_ketamine", "denial_2_coverage": "1", "denial_2_date": "2026-10-01",
    "denial_2_reason": "step_therapy",
}  # fmt: skip


def read(row: dict[str, str]) -> PlainCase:
    return case_of_row(row, TODAY, BOOK)


def last_days(row: dict[str, str]) -> dict[tuple[int | None, str], set[str]]:
    """The last days of the appeals to the plan itself, by coverage and treatment."""
    found: dict[tuple[int | None, str], set[str]] = {}
    for path in evaluate(read(row), TODAY, book=BOOK).paths:
        if path.id.endswith(".internal_appeal"):
            days = {str(d.date) for d in path.deadlines if d.date is not None}
            found.setdefault((path.coverage, path.treatment or ""), set()).update(days)
    return found


def test_two_denials_of_two_coverages_keep_their_own_days() -> None:
    case = read(TWO_PLANS)
    assert case["denial"]["coverage"] == 0
    assert case["other_denials"] == [
        {"coverage": 1, "treatment": "esketamine", "notice_date": dt.date(2026, 11, 16),
         "reason": "coding", "level": "initial", "urgent": False}
    ]  # fmt: skip
    days = last_days(TWO_PLANS)
    assert "2027-05-01" in days[(0, "esketamine")]
    assert "2027-01-15" in days[(1, "esketamine")]
    assert "2027-05-01" not in days[(1, "esketamine")]


def test_two_denials_of_two_treatments_keep_their_own_days() -> None:
    days = last_days(TWO_TREATMENTS)
    assert "2027-05-01" in days[(0, "iv_ketamine")]
    assert "2027-03-30" in days[(0, "esketamine")]
    assert "2027-03-30" not in days[(0, "iv_ketamine")]


@pytest.mark.parametrize("row", [TWO_PLANS, TWO_TREATMENTS])
def test_what_is_read_is_written_as_it_was(row: dict[str, str]) -> None:
    case = read(row)
    slots = used_slots(row, TODAY, BOOK)
    written = cells_of(case, slots, BOOK)
    assert read(written) == case
    told = {k for k in row if k.startswith("denial")}
    assert {k for k in written if k.startswith("denial")} == told


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("denial_2_date", "denial_2_date"), ("Denial 2: date", None), ("Second denial date", "denial_2_date"),
        ("denial date 2", "denial_2_date"), ("denial2_notice_date", "denial_2_date"), ("urgent 2", "denial_2_urgent"),
        ("denied treatment 2", "denial_2_treatment"), ("denial_3_reason", "denial_3_reason"),
        ("third denial reason", "denial_3_reason"), ("denial_1_date", "denial_date"), ("first denial date", "denial_date"),
        ("denied by", "denial_coverage"), ("denied_plan_2", "denial_2_coverage"), ("date_2", None),
        ("coverage_2_denial_date", None), ("secondary denial date", None), ("denial_2_codes", "denial_2_codes"),
        ("denial_2_notice_from", "denial_2_notice_from"), ("denial_2_effective_date", "denial_2_effective_date"),
        ("denial_2", None), ("coverage_2_payer", "coverage_2_payer"), ("secondary payer", "coverage_2_payer"),
    ],
)  # fmt: skip
def test_names_of_columns(written: str, own: str | None) -> None:
    target, _ = find_target(BOOK, written)
    assert (target.title if target is not None else None) == own


@pytest.mark.parametrize(
    ("written", "position"),
    [
        ("2", 1),
        ("coverage 2", 1),
        ("coverage_2", 1),
        ("Secondary", 1),
        ("primary insurance", 0),
        ("#1", 0),
        ("2.0", 1),
    ],
)
def test_how_a_coverage_is_named(written: str, position: int) -> None:
    assert (
        read({**TWO_PLANS, "denial_2_coverage": written})["other_denials"][0]["coverage"]
        == position
    )


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("Aetna", "not the number of a coverage"),
        ("0", "not the number"),
        ("3", "tells nothing"),
        ("21", "not the number"),
    ],
)
def test_a_coverage_that_is_not_there_is_told(written: str, says: str) -> None:
    with pytest.raises(RowFault, match=says) as fault:
        read({**TWO_PLANS, "denial_2_coverage": written})
    assert [f.column for f in fault.value.faults] == ["denial_2_coverage"]


def test_a_coverage_keeps_its_number_where_one_is_left_out() -> None:
    row = {k.replace("coverage_2_", "coverage_3_"): v for k, v in TWO_PLANS.items()}
    row["denial_2_coverage"] = "3"
    assert read(row)["other_denials"][0]["coverage"] == 1
    assert cells_of(read(row), used_slots(row, TODAY, BOOK), BOOK)["denial_2_coverage"] == "3"


def test_a_second_letter_cannot_come_before_its_date() -> None:
    with pytest.raises(RowFault) as fault:
        read({**TWO_PLANS, "denial_2_received": "2026-11-15"})
    assert {f.column for f in fault.value.faults} == {"denial_2_date", "denial_2_received"}
    read({**TWO_PLANS, "denial_2_received": "2026-11-16"})


def test_a_wrong_word_names_the_nearest_one_and_its_own_column() -> None:
    with pytest.raises(RowFault, match=r"denial_2_reason.*Nearest valid: experimental"):
        read({**TWO_PLANS, "denial_2_reason": "experimentel"})


def test_more_denials_than_a_case_holds_are_refused() -> None:
    assert len(read({**TWO_PLANS, "denial_21_date": "2026-11-16"})["other_denials"]) == 2
    with pytest.raises(RowFault, match="more than 21 denials"):
        read({**TWO_PLANS, "denial_22_date": "2026-11-16"})


def test_what_is_missing_of_a_second_denial_is_named_by_its_column() -> None:
    row = {k: v for k, v in TWO_TREATMENTS.items() if k != "denial_2_date"}
    told = summarise(evaluate(read(row), TODAY, book=BOOK), used_slots(row, TODAY, BOOK), BOOK)
    assert "denial_2_date" in told.missing
    assert "denial_date" not in told.missing
    assert field_titles(["other_denials[1].reason"], None, BOOK) == ["denial_3_reason"]
    assert worklist.missing_words("denial_2_date") == "Date of denial notice, denial 2"


def test_the_template_offers_a_second_denial_beside_the_first() -> None:
    names = [c.name for c in columns(BOOK)]
    first = [n for n in names if find_target(BOOK, n)[0] and _place(n).startswith("denial.")]
    second = [n for n in names if n.startswith("denial_2_")]
    assert len(first) == len(second) == 13
    assert names[names.index(first[-1]) + 1 :][: len(second)] == second
    assert [_place(n).removeprefix("other_denials[].") for n in second] == [
        _place(n).removeprefix("denial.") for n in first
    ]
    assert all(
        t is None or t.title == n
        for n, t in zip(names, read_header(BOOK, names).targets, strict=True)
    )


def _place(name: str) -> str:
    target, _ = find_target(BOOK, name)
    return target.column.place if target is not None else ""


def test_a_table_screened_twice_says_the_same() -> None:
    frame = pd.DataFrame([TWO_PLANS, TWO_TREATMENTS]).fillna("")
    once = screen(frame, today=TODAY)
    again = screen(once, today=TODAY)
    pd.testing.assert_frame_equal(once, again, check_dtype=False)
    assert not once["missing"].str.contains("other_denials").any()


def test_a_second_denial_put_right_in_the_case_goes_back_to_its_columns() -> None:
    frame = pd.DataFrame([TWO_PLANS]).astype(str)
    found = worklist.matches(list(frame.columns), BOOK)
    work: Any = worklist.screened(frame, found, TODAY, BOOK)
    case = worklist.case_of(work, 0, TODAY, BOOK)
    case["other_denials"][0]["coverage"] = 0
    case["other_denials"].append({"treatment": "iv_ketamine", "notice_date": "2026-11-20"})
    rows = taken_back(work, 0, case, TODAY, BOOK).rows
    assert rows.loc[0, "denial_2_coverage"] == "1"
    assert rows.loc[0, "denial_3_date"] == "2026-11-20"


def test_some_made_up_people_tell_of_two_letters() -> None:
    people = list(made_up_people(BOOK, 600, 3, TODAY))
    told = [p for p in people if p.other_denials]
    denied = [p for p in people if p.denial]
    assert 5 <= len(told) <= len(denied) / 4
    assert any(d.coverage == 1 for p in told for d in (p.denial, *(p.other_denials or ())) if d)


@pytest.mark.parametrize(
    ("request_", "told", "denied"),
    [
        (None, None, None),  # nobody knows what was refused
        ("esketamine", None, True),
        ("oral_ketamine", None, None),
        (None, "esketamine", True),
        (None, "iv_ketamine", None),
    ],
)
def test_a_further_denial_speaks_for_a_treatment_once_it_is_known_to_be_about_it(
    request_: str | None, told: str | None, denied: bool | None
) -> None:
    case = read_case(
        {"request": request_, "coverages": [{}, {}], "other_denials": [{"treatment": told}]}, TODAY
    )
    assert Facts(case, load_rules(), TODAY).for_coverage(0, "esketamine")["denied"] is denied
