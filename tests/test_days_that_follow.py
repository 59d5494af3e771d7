"""Days that follow from what was told: by when they have to answer, and when to ask for a renewal.

Every day is counted by hand: November has 30 days, December 31, January 31.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rules import CaseError, evaluate
from rules.case import Case
from rules.report.calendar_file import days_of
from rules.report.text_report import render_text
from rules.result import DeadlineShown, PathShown, Result
from rules.table import case_of_row
from rules.table.summary import summary_of
from tests.strategies import BOOK

TODAY = dt.date(2026, 11, 28)
SPRAY: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none", "treatment_counts": {"antidepressants_failed": 4, "antidepressant_classes_failed": 3},
}  # fmt: skip
JOB = {"kind": "employer", "payer": "aetna", "funding": "self_funded", "sponsor": "private", "grandfathered": False}  # fmt: skip
NO = {"coverage": 0, "treatment": "esketamine", "notice_date": "2026-11-01", "level": "initial"}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def told(today: dt.date = TODAY, **more: Any) -> Result:
    return evaluate({**SPRAY, "coverages": [JOB], **more}, today=today)


def path_of(result: Result, route: str) -> PathShown:
    found = (p for p in result.paths if p.coverage == 0 and p.treatment == "esketamine")
    return next(p for p in found if p.route == route)


def due(path: PathShown) -> DeadlineShown:
    return next(d for d in path.deadlines if d.kind == "answer_due")


# --- after an appeal was sent ---------------------------------------------------------------------------

SENT = "2026-11-10"
# coverage, denial, the days by which they have to answer, earliest first
ANSWERS: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    (JOB, {"kind": "authorization"}, ["2026-12-10"]),  # 30 days, before care
    (JOB, {"kind": "claim"}, ["2027-01-09"]),  # 60 days, after care
    (JOB, {}, ["2026-12-10", "2027-01-09"]),  # either
    (JOB, {"urgent": True, "kind": "authorization"}, ["2026-11-13", "2026-12-10"]),  # 72 hours
    ({"kind": "medicaid", "medicaid": "managed_care"}, {}, ["2026-12-10"]),
    ({"kind": "fehb"}, {}, ["2026-12-10"]),
    ({"kind": "medicare", "medicare": "advantage"}, {"kind": "claim"}, ["2027-01-09"]),
    ({"kind": "medicare", "medicare": "original", "part_b": True, "part_d": False}, {}, ["2027-01-09"]),
]  # fmt: skip


@pytest.mark.parametrize(("cover", "denial", "days"), ANSWERS)
def test_an_appeal_that_was_sent_has_the_day_of_its_answer(
    cover: dict[str, Any], denial: dict[str, Any], days: list[str]
) -> None:
    result = told(
        coverages=[cover], stage="denied", denial={**NO, **denial}, appeal={"sent_date": SENT}
    )
    path = path_of(result, "internal_appeal")
    shown = due(path)
    assert [r.date for r in shown.readings] == [day(d) for d in days]
    assert shown.readings[0].start == day(SENT)
    assert not [d for d in path.deadlines if d.kind == "file"]
    assert not [s for s in path.next_steps if s.id == "file_internal_appeal"]


@pytest.mark.parametrize(
    ("today", "act_by", "step"),
    [
        ("2026-12-09", "2026-12-10", "wait_for_answer"),
        ("2026-12-10", "2026-12-10", "wait_for_answer"),
        ("2026-12-11", "2026-12-11", "answer_is_late"),
    ],
)
def test_the_day_itself_is_not_late(today: str, act_by: str, step: str) -> None:
    result = told(
        day(today), stage="denied", denial={**NO, "kind": "authorization"}, appeal={"sent_date": SENT}
    )  # fmt: skip
    path = path_of(result, "internal_appeal")
    assert due(path).act_by == day(act_by)
    assert path.next_steps[0].id == step
    late = "straight to external review"  # 29 CFR 2560.503-1(l)
    assert (late in due(path).text) is (step == "answer_is_late")
    assert not due(path).passed
    leads = result.leading
    assert leads is not None
    assert ("The answer is late" in leads.sentence) is (step == "answer_is_late")


def test_without_a_day_sent_nothing_is_awaited() -> None:
    path = path_of(told(stage="denied", denial=NO), "internal_appeal")
    assert [d.kind for d in path.deadlines] == ["file"]
    assert "wait_for_answer" not in [s.id for s in path.next_steps]


def test_the_answer_stands_in_the_calendar_and_on_the_page() -> None:
    data = {**SPRAY, "coverages": [JOB], "stage": "denied", "denial": {**NO, "kind": "authorization"},
            "appeal": {"sent_date": SENT}}  # fmt: skip
    result = evaluate(data, today=TODAY)
    entries = days_of(Case.model_validate(data), result)
    assert [e.day for e in entries if e.id.endswith("answer_due")] == [day("2026-12-10")]
    assert "They have to answer by 2026-12-10." in render_text(result)


# --- after a request was sent -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cover", "first"),
    [
        (JOB, "2026-12-05"),  # 15 days, 29 CFR 2560.503-1(f)
        ({"kind": "fehb"}, "2026-12-05"),
        # 24 hours for a drug, 7 days for a service: late by both on November 28
        ({"kind": "medicaid", "medicaid": "managed_care"}, "2026-11-21"),
    ],
)
def test_a_request_that_was_sent_has_the_day_of_its_answer(
    cover: dict[str, Any], first: str
) -> None:
    result = told(
        coverages=[cover], stage="request_pending", request_sent_date="2026-11-20",
    )  # fmt: skip
    shown = due(path_of(result, "prior_authorization"))
    assert shown.date == day(first)
    assert shown.act_by == max(day(first), TODAY)


def test_of_two_plans_the_one_that_pays_first_was_asked() -> None:
    result = told(
        coverages=[JOB, {"kind": "medicaid", "medicaid": "managed_care"}],
        stage="request_pending", request_sent_date="2026-11-20",
    )  # fmt: skip
    assert {
        p.coverage for p in result.paths if any(d.kind == "answer_due" for d in p.deadlines)
    } == {0}


def test_what_was_refused_is_not_awaited() -> None:
    result = told(stage="denied", denial=NO, request_sent_date="2026-10-01")
    assert not [d for p in result.paths for d in p.deadlines if d.kind == "answer_due"]


@pytest.mark.parametrize(
    "more",
    [
        {"request_sent_date": "2026-11-29"},
        {"stage": "denied", "denial": NO, "appeal": {"sent_date": "2026-11-29"}},
        {"treatment_status": {"date": "2026-11-29"}},
    ],
)
def test_what_was_sent_or_given_lies_behind(more: dict[str, Any]) -> None:
    with pytest.raises(CaseError, match="after today"):
        told(**more)


# --- an approval that ends ----------------------------------------------------------------------------------

END = "2027-03-31"  # a Wednesday; 30, 14 and 7 days before it: Monday March 1, Wednesdays 17 and 24


@pytest.mark.parametrize(
    ("today", "act_by"),
    [
        ("2027-02-28", "2027-03-01"),  # 31 days before
        ("2027-03-01", "2027-03-01"),  # 30
        ("2027-03-02", "2027-03-17"),  # 29
        ("2027-03-16", "2027-03-17"),  # 15
        ("2027-03-17", "2027-03-17"),  # 14
        ("2027-03-18", "2027-03-24"),  # 13
        ("2027-03-23", "2027-03-24"),  # 8
        ("2027-03-24", "2027-03-24"),  # 7
        ("2027-03-25", "2027-03-25"),  # 6: today
        ("2027-03-31", "2027-03-31"),  # the day itself
    ],
)
def test_a_renewal_is_asked_for_on_three_days(today: str, act_by: str) -> None:
    approval = {"start": "2026-10-01", "end": END}
    path = path_of(
        told(day(today), stage="preparing", authorization=approval), "prior_authorization"
    )
    (shown,) = (d for d in path.deadlines if d.kind == "renew")
    assert (shown.date, shown.act_by) == (day(END), day(act_by))
    assert path.next_steps[0].id == "renew_approval"
    assert path.next_steps[0].by == day(act_by)


def test_the_days_after_the_next_one_are_told_with_it() -> None:
    approval = {"start": "2026-10-01", "end": END}
    path = path_of(told(stage="preparing", authorization=approval), "prior_authorization")
    (shown,) = (d for d in path.deadlines if d.kind == "renew")
    assert "2027-03-01" in shown.text
    assert "2027-03-17; 2027-03-24" in shown.text


def test_an_approval_of_which_only_the_end_was_told_runs() -> None:
    path = path_of(told(stage="preparing", authorization={"end": END}), "prior_authorization")
    assert [d.act_by for d in path.deadlines if d.kind == "renew"] == [day("2027-03-01")]


@pytest.mark.parametrize(
    ("today", "shown"), [("2026-12-10", "2026-12-10"), ("2026-12-11", "2027-01-09")]
)
def test_a_worklist_tells_the_next_day_of_an_answer(today: str, shown: str) -> None:
    data = {
        **SPRAY,
        "coverages": [JOB],
        "stage": "denied",
        "denial": NO,
        "appeal": {"sent_date": SENT},
    }
    row = summary_of(data, (1,), day(today), BOOK)
    assert row.next_deadline == shown


def test_after_its_end_an_approval_is_asked_for_anew() -> None:
    approval = {"start": "2026-10-01", "end": END}
    result = told(day("2027-04-01"), stage="preparing", authorization=approval)
    assert not [d for p in result.paths for d in p.deadlines if d.kind == "renew"]


def test_a_day_to_ask_on_a_holiday_moves_to_the_working_day_before() -> None:
    """30 days before January 31 is Friday January 1, a holiday: Thursday December 31."""
    approval = {"start": "2026-10-01", "end": "2027-01-31"}
    path = path_of(told(stage="preparing", authorization=approval), "prior_authorization")
    assert [d.act_by for d in path.deadlines if d.kind == "renew"] == [day("2026-12-31")]


# --- codes as people write them ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("CO-197, N130", ("CO-197", "N130")),
        ("co197;n130", ("CO197", "N130")),
        ("co 197 n130", ("CO-197", "N130")),
        (["50", "50"], ("50",)),
        ("MA130", ("MA130",)),
    ],
)
def test_codes_are_read_as_they_are_written(written: object, held: tuple[str, ...]) -> None:
    case = Case.model_validate({"denial": {"codes": written}})
    assert case.denial is not None
    assert case.denial.codes == held


@pytest.mark.parametrize("written", ["no code", "CO-", "12345", ["CO-197!"], 5, [None]])
def test_what_is_no_code_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"denial\.codes"):
        Case.model_validate({"denial": {"codes": written}})


def test_a_table_takes_the_new_columns() -> None:
    row = {
        "stage": "denied", "coverage_1_kind": "employer", "denial_code": "CO-197, N130", "what was denied": "Drug",
        "denial_kind": "post-service", "appeal_sent_date": "11/10/2026", "sessions_per_week": "0.5",
        "sessions_so_far": "9", "dose_mg": "84 mg", "score_before": "20", "score_now": "9", "treatment_started": "Y",
        "first_session_date": "2026-10-05", "denial_notice_from": "MAC",
    }  # fmt: skip
    case = Case.model_validate(case_of_row(row, TODAY, BOOK))
    assert case.denial is not None
    assert case.denial.codes == ("CO-197", "N130")
    assert (case.denial.subject, case.denial.kind) == ("drug", "claim")
    assert case.denial.notice_from == "medicare_contractor"
    assert case.appeal is not None
    assert case.appeal.sent_date == day("2026-11-10")
    assert case.treatment_status is not None
    held = case.treatment_status
    assert (held.sessions_so_far, held.sessions_per_week, held.dose_mg) == (9, 0.5, 84)
    assert (held.score_before, held.score_now, held.started) == (20, 9, True)
    assert held.date == day("2026-10-05")
