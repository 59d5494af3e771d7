"""One plan for a case, and its days as a calendar that another library reads back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from rules import evaluate, read_case
from rules.report.action_plan import MOST_STEPS, first_acts, plan_of
from rules.report.calendar_file import calendar_file, days_of
from rules.vocabulary import STEP_STAGES

TODAY = dt.date(2026, 11, 24)
DENIED: dict[str, Any] = {
    "age": 45, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none",
    "coverages": [{"kind": "employer", "payer": "Cigna", "funding": "self_funded", "sponsor": "private",
                   "grandfathered": False}],
    "stage": "denied",
    "denial": {"coverage": 0, "notice_date": "2026-10-20", "received_date": "2026-10-23",
               "reason": "not_medically_necessary", "level": "initial"},
}  # fmt: skip


def test_every_step_stands_once_and_names_its_paths() -> None:
    result = evaluate(DENIED, today=TODAY)
    plan = plan_of(result, result.paths)
    assert len({s.id for s in plan}) == len(plan)
    letter = next(s for s in plan if s.id == "get_letter_of_medical_necessity")
    assert {"prior_authorization", "internal_appeal"} <= {
        p.rpartition(".")[2] for p in letter.paths
    }


def test_the_earliest_date_comes_first_then_the_order_of_stages() -> None:
    result = evaluate(DENIED, today=TODAY)
    plan = plan_of(result, result.paths)
    # 180 days from receipt on 2026-10-23 is 2027-04-21, a Wednesday.
    assert plan[0].id == "file_internal_appeal"
    assert plan[0].by == dt.date(2027, 4, 21)
    undated = [STEP_STAGES.index(s.stage) for s in plan if s.by is None]
    assert undated == sorted(undated)


def test_among_equals_the_step_that_opens_most_paths_comes_first() -> None:
    result = evaluate(DENIED, today=TODAY)
    plan = plan_of(result, result.paths)
    policy = [len(s.paths) for s in plan if s.by is None and s.stage == "policy"]
    assert policy == sorted(policy, reverse=True)


def test_the_plan_of_a_case_is_that_of_its_leading_answer_and_short() -> None:
    result = evaluate(DENIED, today=TODAY)
    plan, acts = plan_of(result), first_acts(result)
    assert [s.text for s in plan[: len(acts)]] == [a.text for a in acts]
    assert len(plan) <= MOST_STEPS
    assert len({s.text for s in plan}) == len({s.id for s in plan}) == len(plan)
    assert "file_internal_appeal" in {s.id for s in plan}  # what has a last day is never cut off
    best = result.best_path
    assert best is not None
    allowed = {s.text for s in (*acts, *best.next_steps)}
    assert {s.text for s in plan} <= allowed | {
        s.text for a in result.answers for s in a.next_steps
    }


def test_the_calendar_is_read_back_by_another_library() -> None:
    case = read_case(DENIED)
    content = calendar_file(case, evaluate(case, today=TODAY))
    calendar = Calendar.from_ical(content)
    events = list(calendar.walk("VEVENT"))
    assert [e["DTSTART"].dt for e in events] == [dt.date(2027, 4, 21)]
    assert len(list(events[0].walk("VALARM"))) == 3
    assert events[0]["DTEND"].dt == dt.date(2027, 4, 22)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_calendar_ids_are_stable_and_differ() -> None:
    case = read_case({**DENIED, "authorization": {"end": "2027-01-31"}})
    result = evaluate(case, today=TODAY)
    first, again = calendar_file(case, result), calendar_file(case, result)
    assert first == again
    uids = [e["UID"] for e in Calendar.from_ical(first).walk("VEVENT")]
    assert (
        len(set(uids)) == len(uids) == 3
    )  # to ask for the renewal, the approval's end, the appeal


def test_the_end_of_an_approval_on_a_sunday_is_told_the_friday_before() -> None:
    case = read_case({"authorization": {"end": "2027-01-31"}})  # a Sunday
    days = days_of(case, evaluate(case, today=TODAY))
    assert [d.day for d in days] == [dt.date(2027, 1, 29)]


@pytest.mark.parametrize("data", [{}, {"stage": "denied"}])
def test_without_a_date_the_calendar_is_empty_not_wrong(data: dict[str, Any]) -> None:
    case = read_case(data)
    assert days_of(case, evaluate(case, today=TODAY)) == []


def test_a_day_that_has_passed_is_left_out() -> None:
    old = {
        **DENIED,
        "denial": {**DENIED["denial"], "notice_date": "2025-01-02", "received_date": "2025-01-04"},
    }
    case = read_case(old)
    assert days_of(case, evaluate(case, today=TODAY)) == []
