"""What an adversary once broke: each of these was wrong before it was mended."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from rules import evaluate
from rules.engine.dates import safe_day
from rules.engine.outlook import RANK
from rules.report.action_plan import plan_of
from rules.report.text_report import render_text
from tests.strategies import TODAY

TRD = "treatment_resistant_depression"


def path(case: dict[str, Any], ident: str, today: dt.date = TODAY) -> Any:
    return next(p for p in evaluate(case, today).paths if p.id == ident)


# --- unknown ----------------------------------------------------------------------------------


def test_an_episode_that_nobody_told_counts_for_no_more_than_an_earlier_one() -> None:
    """Where a policy is silent on the episode, an earlier one is open: so is one not told."""

    def one_failed(**told: Any) -> str:
        tried = {"treatment": "zuranolone", "outcome": "no_response", "weeks": 48}
        case = {"coverages": [{"kind": "cobra"}],
                "treatments": [{**tried, "daily_dose_mg": 900, **told}]}  # fmt: skip
        found = path(case, "cobra.any.esketamine.step_therapy_exception").criteria
        return str(next(c.value for c in found if c.id == "one_failed"))

    assert one_failed(current_episode=True) == "met"
    assert one_failed(current_episode=False) == "unknown"
    assert one_failed() == "unknown"


@pytest.mark.parametrize("whose", [None, "self", "spouse"])
def test_cover_from_a_job_says_that_someone_in_the_household_works(whose: str | None) -> None:
    cover = {"kind": "employer", "active_employee": True, "covers_as": whose}
    found = path({"coverages": [cover]}, "self.open.employer_psychedelic_benefit")
    assert {c.id: c.value for c in found.criteria}["has_employer"] == "met"


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"stage": "exploring"}, "lost_coverage_date"),
        ({"coverages": [{"kind": "individual"}]}, "coverages[0].metal_level"),
    ],
)
def test_every_answer_that_opens_a_way_is_asked(case: dict[str, Any], field: str) -> None:
    assert field in {q.field for q in evaluate(case, TODAY).questions}


@pytest.mark.parametrize(
    ("cover", "asks", "moves"),
    [
        # 29 CFR 2560.503-1(h)
        ({"kind": "employer", "funding": "self_funded", "sponsor": "private"}, True, True),
        # presumed, so it closes nothing, and the day itself is asked: 42 CFR 405.942
        ({"kind": "medicare", "medicare": "original", "part_b": True}, True, True),
        # the drug plan's day counts from the notice: 42 CFR 423.582
        (
            {"kind": "medicare", "medicare": "original", "part_b": False, "part_d": True},
            False,
            False,
        ),
    ],
)
def test_the_day_a_letter_came_is_asked_where_the_law_counts_from_it(
    cover: dict[str, Any], asks: bool, moves: bool
) -> None:
    denial = {"coverage": 0, "level": "initial", "notice_date": "2026-11-01"}
    case = {"coverages": [cover], "stage": "denied", "denial": denial}
    later = {**case, "denial": {**denial, "received_date": "2026-11-10"}}
    result = evaluate(case, TODAY)
    asked = "denial.received_date" in {q.field for q in result.questions}
    days, moved = (
        [(p.id, d.date) for p in r.paths for d in p.deadlines]
        for r in (result, evaluate(later, TODAY))
    )
    assert asked is asks
    assert (days != moved) is moves


def test_nobody_is_asked_about_a_marketplace_that_is_not_there() -> None:
    asked = {q.field for q in evaluate({"state": "MP", "stage": "exploring"}, TODAY).questions}
    assert "lost_coverage_date" not in asked


def test_what_the_leading_path_waits_for_is_asked_before_what_stands_beside_it() -> None:
    case = {"age": 42, "state": "TX", "request": "esketamine", "diagnosis": TRD, "stage": "exploring",
            "suicidal_thoughts": "none", "coverages": [{"kind": "medicare", "medicare": "original", "part_b": True}]}  # fmt: skip
    asked = [q.field for q in evaluate(case, TODAY).questions]
    assert asked.index("provider.rems_certified") < asked.index("money.hsa")


# --- what would change it -----------------------------------------------------------------------


def test_no_change_is_promised_that_the_drug_label_rules_out() -> None:
    """A vessel condition closes the path, whichever kind of Medicare it is."""
    case: dict[str, Any] = {
        "age": 60, "request": "esketamine", "diagnosis": TRD, "health": {"vessel_condition": True},
        "coverages": [{"kind": "medicare", "part_b": True}],
    }  # fmt: skip
    for found in evaluate(case, TODAY).paths:
        for change in found.would_change:
            if change.edits != ("medicare_part",):
                continue
            for part in ("original", "advantage"):
                new = copy.deepcopy(case)
                new["coverages"][0]["medicare"] = part
                after = {p.id: p.outlook for p in evaluate(new, TODAY).paths}.get(found.id)
                words = {"original": "Original", "advantage": "Advantage"}[part]
                if after is not None and change.change.endswith(words):
                    assert RANK[after] >= RANK[change.to], (found.id, change)
    advantage = path(case, "medicare.any.esketamine.prior_authorization")
    assert advantage.outlook == "closed"
    assert not advantage.would_change


# --- dates ------------------------------------------------------------------------------------------

# 180 days after 2026-01-04 is Friday 2026-07-03, the day on which Independence Day is kept.
HOLIDAY = dt.date(2026, 7, 3)
DENIED = {
    "age": 40, "request": "esketamine", "diagnosis": TRD, "stage": "denied",
    "coverages": [{"kind": "employer", "funding": "self_funded", "sponsor": "private", "grandfathered": False}],
    "denial": {"coverage": 0, "treatment": "esketamine", "level": "initial",
               "notice_date": "2025-12-31", "received_date": "2026-01-04"},
}  # fmt: skip
APPEAL = "employer.any.esketamine.internal_appeal"


@pytest.mark.parametrize(
    ("today", "by"),
    [
        (dt.date(2026, 7, 1), dt.date(2026, 7, 2)),
        (dt.date(2026, 7, 2), dt.date(2026, 7, 2)),
        (HOLIDAY, HOLIDAY),  # the working day before is over, the last day is not
        (dt.date(2026, 7, 4), None),
    ],
)
def test_the_day_to_act_by_is_never_over(today: dt.date, by: dt.date | None) -> None:
    found = path(DENIED, APPEAL, today)
    assert found.deadlines[0].date == HOLIDAY
    assert found.deadlines[0].passed is (by is None)
    filing = next(s for s in found.next_steps if s.id == "file_internal_appeal")
    assert filing.by == by
    assert ("It has passed" in found.deadlines[0].text) is (by is None)
    if by is not None:
        assert found.deadlines[0].act_by == by


def test_a_safe_day() -> None:
    assert safe_day(dt.date(2026, 11, 29), dt.date(2026, 11, 1)) == dt.date(2026, 11, 27)
    assert safe_day(dt.date(2026, 11, 29), dt.date(2026, 11, 28)) == dt.date(2026, 11, 28)
    assert safe_day(dt.date(2026, 11, 29), dt.date(2026, 12, 5)) == dt.date(2026, 11, 29)


def test_of_two_rungs_the_nearest_last_day_is_told() -> None:
    """20 CFR 10.616: a federal worker asks for a hearing within 30 days; the board takes 180."""
    case = {"request": "iv_ketamine", "diagnosis": "crps", "stage": "denied",
            "coverages": [{"kind": "workers_compensation", "federal_worker": True}],
            "denial": {"coverage": 0, "notice_date": "2026-11-10"}}  # fmt: skip
    found = path(case, "workers_compensation.any.iv_ketamine.hearing")
    assert found.record == "feca_hearing"
    assert found.deadlines[0].date == dt.date(2026, 12, 10)


def test_every_open_rung_says_how_to_start() -> None:
    case = {"age": 69, "request": "esketamine", "diagnosis": TRD, "stage": "appeal_denied",
            "coverages": [{"kind": "medicare", "medicare": "original", "part_b": True}],
            "denial": {"coverage": 0, "notice_date": "2026-11-05", "level": "hearing", "treatment": "esketamine"}}  # fmt: skip
    found = path(case, "medicare.any.esketamine.hearing")
    start = next(s for s in found.next_steps if s.id == "start_council")
    assert "DAB-101" in start.text
    assert start.by == found.deadlines[0].act_by


# --- who pays first -------------------------------------------------------------------------------------


def test_why_a_place_is_open_does_not_depend_on_the_order_of_the_covers() -> None:
    covers: list[dict[str, Any]] = [{"kind": "va"}, {"kind": "student"}, {"kind": "pshb"}]
    told = []
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2)):
        places = evaluate({"coverages": [covers[i] for i in order]}, TODAY).payer_order
        told.append({covers[order[p.coverage]]["kind"]: (p.position, p.why) for p in places})
    assert told[0] == told[1] == told[2]


# --- read aloud -------------------------------------------------------------------------------------------


def test_the_step_with_the_last_day_is_read_out_however_late_it_comes() -> None:
    case = {
        **DENIED,
        "denial": {**DENIED["denial"], "notice_date": "2026-11-01", "received_date": None},
    }  # type: ignore[dict-item]
    found = path(case, APPEAL)
    dated = [s for s in found.next_steps if s.by is not None]
    assert dated
    text = " ".join(render_text(evaluate(case, TODAY), full=True).split())
    for step in dated:
        assert f"{step.text} Do this by {step.by}." in text


def test_nothing_is_read_out_twice() -> None:
    case = {
        "age": 33,
        "state": "GA",
        "request": "open",
        "diagnosis": TRD,
        "coverages": [{"kind": "tricare"}],
    }
    result = evaluate(case, TODAY)
    text = " ".join(render_text(result, full=True).split())
    assert text.count("Bill the visits and tests around the treatment") == 1
    for shown in result.paths:
        texts = [s.text for s in shown.next_steps]
        assert len(texts) == len(set(texts)), shown.id
    planned = [s.text for s in plan_of(result)]
    assert len(planned) == len(set(planned))


def test_a_condition_tells_what_it_waits_for_and_no_more() -> None:
    """The kind of cover is known: only the network is still open."""
    case = {"request": "esketamine", "diagnosis": TRD, "coverages": [{"kind": "student"}]}
    found = path(case, "student.any.esketamine.gap_exception")
    waits = next(c for c in found.criteria if c.id == "way_applies")
    assert waits.text == "The clinic is outside the plan’s network"
    assert len(waits.parts) > 1


def test_the_usual_kind_of_plan_is_told_first() -> None:
    case = {"request": "iv_ketamine", "diagnosis": TRD, "stage": "denied",
            "coverages": [{"kind": "employer", "payer": "aetna", "funding": "self_funded"}]}  # fmt: skip
    text = " ".join(render_text(evaluate(case, TODAY), full=True).split())
    assert "church" not in text.split("OTHER WAYS TO PAY")[0].replace(
        "a company, a government, a church or a union", ""
    )
