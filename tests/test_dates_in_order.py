"""Two dates that cannot both be true are told at every door, and none of them closes an appeal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rules import CaseError, evaluate, read_case, screen
from rules.case_dates import IN_ORDER, dates_told, out_of_order
from rules.table import RowFault, case_of_row
from rules.table.sample import write_sample
from tests.how_often import often
from tests.strategies import BOOK, TODAY
from wizard.answers import put_at
from wizard.answers_file import from_file
from wizard.messages import say
from wizard.readable import readable

DENIED: dict[str, Any] = {
    "age": 40, "state": "TX", "request": "esketamine", "stage": "denied",
    "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "employer", "funding": "self_funded", "sponsor": "private", "grandfathered": False}],
}  # fmt: skip
LETTER = {"denial.notice_date": "2026-11-01", "denial.received_date": "2026-01-05"}
APPROVAL = {"authorization.start": "2026-09-01", "authorization.end": "2026-03-01"}
# What is told, and the places that are at fault.
IMPOSSIBLE: list[tuple[dict[str, Any], set[str]]] = [
    (LETTER, set(LETTER)),
    ({"denial.notice_date": "2026-11-02", "denial.received_date": "2026-11-01"}, set(LETTER)),
    (APPROVAL, set(APPROVAL)),
    ({"denial.notice_date": "2026-11-02", "appeal.sent_date": "2026-11-01"},
     {"denial.notice_date", "appeal.sent_date"}),
    ({"other_denials": [{"notice_date": "2026-11-02", "received_date": "2026-11-01"}]},
     {"other_denials[0].notice_date", "other_denials[0].received_date"}),
    ({"treatment_status.date": "2026-11-02", "denial.effective_date": "2026-11-01"},
     {"treatment_status.date", "denial.effective_date"}),
    ({"request_sent_date": "1985-01-01"}, {"request_sent_date"}),
    ({"denial.notice_date": "1926-11-01"}, {"denial.notice_date"}),
    ({"denial.received_date": "1962-11-01"}, {"denial.received_date"}),
    ({"severity": [{"scale": "phq9", "score": 20}, {"scale": "phq9", "score": 4, "date": "1985-01-01"}]},
     {"severity[1].date"}),
    ({"lost_coverage_date": "1926-10-30"}, {"lost_coverage_date"}),
    ({"authorization.end": "1927-01-01"}, {"authorization.end"}),
    ({"denial.effective_date": "1927-01-01"}, {"denial.effective_date"}),
    ({"other_denials": [{"effective_date": "1927-01-01"}]}, {"other_denials[0].effective_date"}),
    ({"coverages[0].starts": "2026-03-01", "coverages[0].ends": "2026-02-28"},
     {"coverages[0].starts", "coverages[0].ends"}),
    ({"coverages[0].ends": "1970-01-01"}, {"coverages[0].ends"}),
    ({"treatments": [{"treatment": "cbt"}, {"treatment": "sertraline", "years_ago": 60}]},
     {"treatments[1].years_ago"}),
    ({"birth_month": "1990-01", "age": None,
      "treatments": [{"treatment": "sertraline", "years_ago": 50}]},
     {"birth_month", "treatments[0].years_ago"}),
]  # fmt: skip
POSSIBLE: list[dict[str, Any]] = [
    {"denial.notice_date": "2026-11-01", "denial.received_date": "2026-11-01"},
    {"denial.notice_date": "2024-01-01", "denial.received_date": "2026-11-01"},  # odd, and possible
    {"authorization.start": "2026-09-01", "authorization.end": "2026-09-01"},
    {"denial.notice_date": "2026-11-01", "appeal.sent_date": "2026-11-01"},
    {"treatment_status.date": "2026-11-01", "denial.effective_date": "2026-12-31"},
    {"authorization.start": "2027-01-01", "authorization.end": "2027-07-01"},
    {"denial.notice_date": "1986-12-01"},
    {"age": None, "denial.notice_date": "1926-11-01"},
    {"treatments": [{"treatment": "sertraline", "years_ago": 40}]},  # at an age of less than one
    {"request_sent_date": "2026-11-02", "denial.notice_date": "2026-11-01"},  # asked for once more
    {
        "appeal.sent_date": "2026-11-02",
        "denial.notice_date": "2026-11-01",
        "denial.received_date": "2026-11-03",
    },
    {"age": 10, "coverages[0].starts": "2009-01-01"},  # a plan may be older than the child
]


def case(told: dict[str, Any]) -> dict[str, Any]:
    data = json.loads(json.dumps(DENIED))
    for place, value in told.items():
        put_at(data, place, value)
    return data


@pytest.mark.parametrize(("told", "places"), IMPOSSIBLE)
def test_dates_that_cannot_both_be_true_are_refused_by_place(
    told: dict[str, Any], places: set[str]
) -> None:
    with pytest.raises(CaseError) as refused:
        evaluate(case(told), TODAY)
    assert {f.where for f in refused.value.faults} == places
    for fault in refused.value.faults:
        assert any(pair.says in fault.message for pair in IN_ORDER)


@pytest.mark.parametrize("told", POSSIBLE)
def test_dates_that_may_be_true_are_let_in(told: dict[str, Any]) -> None:
    evaluate(case(told), TODAY)


def test_a_letter_that_came_before_its_date_is_told_with_both_days() -> None:
    with pytest.raises(CaseError) as refused:
        read_case(case(LETTER))  # on whatever day
    text = str(refused.value)
    assert "denial.received_date: a letter cannot come before the date that stands on it" in text
    assert "denial.notice_date is 2026-11-01 (given: 2026-01-05)" in text


# --- a table ----------------------------------------------------------------------------------------

ROWS = [
    ({"denial_date": "2026-11-01", "denial_received": "2026-01-05"}, 2),
    ({"denial_date": "11/02/2026", "denial_received": "11/01/2026"}, 2),
    ({"authorization_start": "2026-09-01", "authorization_end": "2026-03-01"}, 2),
    ({"age": "40", "denial_date": "1926-11-01"}, 1),
    ({"denial_date": "2026-11-01", "denial_received": "2026-11-05", "age": "40"}, 0),
    ({"denial_date": "1926-11-01"}, 0),
    ({"denial_date": "2026-11-01", "denial_received": "soon"}, 1),  # no date at all
]


@pytest.mark.parametrize(("row", "faults"), ROWS)
def test_a_row_of_a_table_is_told_so_as_well(row: dict[str, str], faults: int) -> None:
    told = {"stage": "denied", "coverage_1_kind": "employer", **row}
    found = screen(pd.DataFrame([told]), today=TODAY, book=BOOK).iloc[0]
    if not faults:
        assert not found["error"]
        assert found["best_path"]
        case_of_row(told, TODAY, BOOK)
        return
    with pytest.raises(RowFault) as refused:
        case_of_row(told, TODAY, BOOK)
    assert len(refused.value.faults) == faults
    assert str(refused.value) == found["error"]
    for fault in refused.value.faults:
        assert fault.column in row


def test_one_row_at_fault_leaves_the_others_alone() -> None:
    letters = [("2026-11-01", "2026-11-03"), ("2026-11-01", "2026-01-05"), ("2026-11-01", "")]
    told = {"stage": "denied", "coverage_1_kind": "employer", "coverage_1_payer": "aetna"}
    rows = [{**told, "denial_date": d, "denial_received": r} for d, r in letters]
    found = screen(pd.DataFrame(rows), today=TODAY, book=BOOK)
    assert [bool(e) for e in found["error"].fillna("")] == [False, True, False]
    assert [bool(p) for p in found["best_path"].fillna("")] == [True, False, True]


def test_made_up_rows_hold_no_impossible_dates(tmp_path: Path) -> None:
    write_sample(tmp_path / "made_up.csv", often(400), 3, BOOK)
    rows = pd.read_csv(tmp_path / "made_up.csv", dtype=str, keep_default_na=False)
    for row in rows.to_dict("records"):
        told = dates_told(read_case(case_of_row(row, TODAY, BOOK), TODAY))
        assert not list(out_of_order(told, TODAY))


# --- saved answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "places"), IMPOSSIBLE)
def test_what_cannot_be_true_is_left_out_of_saved_answers_and_told(
    told: dict[str, Any], places: set[str]
) -> None:
    """Nobody knows which of the two is wrong, so neither counts until it is given again."""
    kept, faults = readable(case(told), TODAY)
    assert {f.where for f in faults} == places
    assert kept["state"] == "TX"
    read_case(kept, TODAY)
    opened = from_file(json.dumps(case(told)), TODAY)
    keys = {n.key for n in opened.notices if n.fault is not None}
    assert len(keys) == 1
    assert say(keys.pop(), name="x", value="y")


@pytest.mark.parametrize("key", sorted({pair.key for pair in IN_ORDER}))
def test_there_are_words_for_each_pair(key: str) -> None:
    assert say(f"question.in_order.{key}")
    assert say(f"file.clash.{key}", name="x", value="y")
