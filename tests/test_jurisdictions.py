"""All 56 jurisdictions: each evaluates, and says what was typed here from the research.

Nothing is read from the records to make an expectation; the tables below were typed by hand.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, NamedTuple

import pytest

from rules import Result, evaluate, load_rules
from rules.case import STATE_CODES
from tests.cases_of import TODAY

STATES = [
    "AL",
    "AK",
    "AZ",
    "AR",
    "CA",
    "CO",
    "CT",
    "DE",
    "DC",
    "FL",
    "GA",
    "HI",
    "ID",
    "IL",
    "IN",
    "IA",
    "KS",
    "KY",
    "LA",
    "ME",
    "MD",
    "MA",
    "MI",
    "MN",
    "MS",
    "MO",
    "MT",
    "NE",
    "NV",
    "NH",
    "NJ",
    "NM",
    "NY",
    "NC",
    "ND",
    "OH",
    "OK",
    "OR",
    "PA",
    "RI",
    "SC",
    "SD",
    "TN",
    "TX",
    "UT",
    "VT",
    "VA",
    "WA",
    "WV",
    "WI",
    "WY",
]
TERRITORIES = ["PR", "GU", "VI", "AS", "MP"]
EVERYWHERE = (*STATES, *TERRITORIES)

NO_STEP_THERAPY_LAW = {"AL", "DC", "HI", "ID", "KS", "MI", "MT", "ND", "RI", "SC", "UT"}
PARTIAL_STEP_THERAPY_LAW = {
    "AK": "future", "FL": "limited", "NH": "limited", "WY": "limited", "IL": "ban",
    "NV": "condition_specific",
}  # fmt: skip
OFF_LABEL_BEYOND_CANCER = {
    "CA": "serious_condition", "CT": "serious_condition", "MI": "serious_condition",
    "RI": "serious_condition", "TX": "serious_condition", "MD": "general", "NH": "general",
    "NJ": "general", "ND": "general", "OH": "general", "OR": "general", "VA": "general",
    "WA": "general", "PR": "general",
}  # fmt: skip
FEDERAL_EXTERNAL_REVIEW = {"AL", "FL", "GA", "TX", "WI"}
NOT_EXPANDED = {"AL", "FL", "GA", "KS", "MS", "SC", "TN", "TX", "WI", "WY"}
NO_PARITY_LAW = {"ID", "WY"}
WITH_CONSUMER_ASSISTANCE = {
    "CA",
    "CT",
    "DC",
    "IL",
    "ME",
    "MD",
    "MA",
    "MI",
    "MS",
    "NV",
    "NY",
    "NC",
    "RI",
    "VT",
}
OWN_EXCHANGE = {
    "CA",
    "CO",
    "CT",
    "DC",
    "GA",
    "ID",
    "IL",
    "KY",
    "ME",
    "MD",
    "MA",
    "MN",
    "NV",
    "NJ",
    "NM",
    "NY",
    "OR",
    "PA",
    "RI",
    "VT",
    "VA",
    "WA",
}


class Office(NamedTuple):
    """What a person of one state is told: the regulator, Medicaid, and the last day of review."""

    state: str
    regulator: str
    phone: str
    medicaid: str
    medicaid_phone: str
    review_by: dt.date  # notice of 2026-11-02, received on 2026-11-05


# Four months from 2026-11-05 are 2027-03-05, and so are 120 days (25, 31, 31, 28, 5).
# 127 days are 2027-03-12; 180 days from the notice of 2026-11-02 are 2027-05-01; four months from it
# (Pennsylvania, New York) are 2027-03-02.
OFFICES = (
    Office("TX", "Texas Department of Insurance", "800-252-3439", "Texas Medicaid", "800-335-8957", dt.date(2027, 3, 5)),
    Office("CA", "California Department of Insurance", "800-927-4357", "Medi-Cal", "800-541-5555", dt.date(2027, 5, 2)),
    Office("NY", "New York State Department of Financial Services", "800-342-3736", "New York State Medicaid", "855-355-5777", dt.date(2027, 3, 2)),
    Office("FL", "Florida Department of Financial Services", "877-693-5236", "Florida Medicaid", "888-419-3456", dt.date(2027, 3, 5)),
    Office("IL", "Illinois Department of Insurance", "866-445-5364", "Illinois Medicaid", "800-843-6154", dt.date(2027, 3, 5)),
    Office("CO", "Colorado Division of Insurance", "800-930-3745", "Health First Colorado", "800-221-3943", dt.date(2027, 3, 5)),
    Office("CT", "Connecticut Insurance Department", "800-203-3447", "HUSKY Health", "855-805-4325", dt.date(2027, 3, 5)),
    Office("NC", "North Carolina Department of Insurance", "855-408-1212", "NC Medicaid", "888-245-0179", dt.date(2027, 3, 5)),
    Office("OH", "Ohio Department of Insurance", "800-686-1526", "Ohio Medicaid", "800-324-8680", dt.date(2027, 5, 1)),
    Office("MA", "Massachusetts Division of Insurance", "877-563-4467", "MassHealth", "800-841-2900", dt.date(2027, 3, 5)),
    Office("MI", "Michigan Department of Insurance and Financial Services", "877-999-6442", "Michigan Medicaid", "833-599-6444", dt.date(2027, 3, 12)),
    Office("WA", "Washington State Office of the Insurance Commissioner", "800-562-6900", "Apple Health", "800-562-3022", dt.date(2027, 5, 1)),
    Office("PA", "Pennsylvania Insurance Department", "877-881-6388", "Medical Assistance", "800-692-7462", dt.date(2027, 3, 2)),
    Office("GA", "Georgia Office of Insurance and Safety Fire Commissioner", "800-656-2298", "Georgia Medicaid", "877-423-4746", dt.date(2027, 3, 5)),
    Office("NV", "Nevada Division of Insurance", "888-872-3234", "Nevada Medicaid", "877-638-3472", dt.date(2027, 3, 5)),
    Office("PR", "Office of the Commissioner of Insurance of Puerto Rico", "787-304-8686", "Plan Vital", "787-641-4224", dt.date(2027, 3, 5)),
)  # fmt: skip


def _person(state: str, **more: Any) -> dict[str, Any]:
    return {
        "age": 42,
        "state": state,
        "request": "iv_ketamine",
        "diagnosis": "treatment_resistant_depression",
        "suicidal_thoughts": "none",
        "stage": "exploring",
        **more,
    }


def insured(state: str, **more: Any) -> Result:
    plan = {"kind": "employer", "funding": "fully_insured", "sponsor": "private"}
    return evaluate(
        _person(state, coverages=[{**plan, "grandfathered": False}], **more), today=TODAY
    )


def self_funded(state: str, **more: Any) -> Result:
    plan = {"kind": "employer", "funding": "self_funded", "sponsor": "private"}
    return evaluate(
        _person(state, coverages=[{**plan, "grandfathered": False}], **more), today=TODAY
    )


def medicaid(state: str, kind: str = "managed_care", **more: Any) -> Result:
    return evaluate(
        _person(state, coverages=[{"kind": "medicaid", "medicaid": kind}], **more), today=TODAY
    )


REFUSED = {
    "stage": "appeal_denied",
    "denial": {
        "coverage": 0, "treatment": "iv_ketamine", "notice_date": "2026-11-02",
        "received_date": "2026-11-05", "reason": "experimental", "level": "internal_1",
    },
}  # fmt: skip


def routes(result: Result, treatment: str) -> set[str]:
    return {p.route for p in result.paths if p.coverage is not None and p.treatment == treatment}


def test_there_are_56() -> None:
    assert len(EVERYWHERE) == 56
    assert set(EVERYWHERE) == set(STATE_CODES) == set(load_rules().states)


@pytest.mark.parametrize("state", EVERYWHERE)
def test_an_insured_plan_evaluates(state: str) -> None:
    result = insured(state)
    assert {"medical_exception", "prior_authorization"} & routes(result, "iv_ketamine")
    assert "prior_authorization" in routes(result, "esketamine")
    assert all(p.law == "state" for p in result.paths if p.coverage is not None)


@pytest.mark.parametrize("state", EVERYWHERE)
@pytest.mark.parametrize("kind", ["fee_for_service", "managed_care"])
def test_medicaid_evaluates(state: str, kind: str) -> None:
    result = medicaid(state, kind)
    spray = [p for p in result.paths if p.coverage is not None and p.treatment == "esketamine"]
    assert spray
    assert all(p.law == "not_state" for p in spray)
    # Wherever nobody found a text, silence is not a no: the spray is worth asking for.
    asked = [p for p in spray if p.route in ("prior_authorization", "claim")]
    assert asked, [p.id for p in spray]
    assert {p.outlook for p in asked} <= {"likely", "possible", "not_yet"}, asked


@pytest.mark.parametrize("state", EVERYWHERE)
def test_step_therapy_law(state: str) -> None:
    paths = [p for p in insured(state).paths if p.route == "step_therapy_exception"]
    if state in NO_STEP_THERAPY_LAW:
        assert not paths
    elif state in TERRITORIES:  # nobody has looked: it may be open, it is never a promise
        assert all(p.outlook in ("possible", "uphill") for p in paths)
    elif state == "AK":  # from 2027-01-01
        assert all(p.outlook in ("closed", "not_yet") for p in paths)
    else:
        assert [p.outlook for p in paths] == ["possible"], state
        assert paths[0].treatment == "esketamine"


@pytest.mark.parametrize("state", EVERYWHERE)
def test_step_therapy_law_does_not_reach_self_funded_plans(state: str) -> None:
    assert not [p for p in self_funded(state).paths if p.route == "step_therapy_exception"]


@pytest.mark.parametrize("state", EVERYWHERE)
def test_appeal_of_a_self_funded_plan_is_federal_everywhere(state: str) -> None:
    review = [p for p in self_funded(state, **REFUSED).paths if p.route == "external_review"]
    assert [p.deadlines[0].date for p in review] == [dt.date(2027, 3, 5)]


@pytest.mark.parametrize("office", OFFICES, ids=[o.state for o in OFFICES])
def test_last_day_of_external_review(office: Office) -> None:
    review = [p for p in insured(office.state, **REFUSED).paths if p.route == "external_review"]
    assert [p.deadlines[0].date for p in review] == [office.review_by]


@pytest.mark.parametrize("office", OFFICES, ids=[o.state for o in OFFICES])
def test_the_regulator_is_named(office: Office) -> None:
    told = insured(office.state, **REFUSED).model_dump_json()
    assert office.regulator in told
    assert office.phone in told


@pytest.mark.parametrize("office", OFFICES, ids=[o.state for o in OFFICES])
def test_medicaid_is_named(office: Office) -> None:
    told = medicaid(office.state).model_dump_json()
    assert office.medicaid in told
    assert office.medicaid_phone in told


@pytest.mark.parametrize("office", OFFICES, ids=[o.state for o in OFFICES])
def test_offices_in_the_record(office: Office) -> None:
    state = load_rules().states[office.state]
    assert state.regulator
    assert state.regulator.name.startswith(office.regulator)
    assert state.regulator.phone == office.phone
    assert state.medicaid
    assert state.medicaid.contact
    assert office.medicaid in (state.medicaid.name or "")
    assert state.medicaid.contact.phone == office.medicaid_phone


# --- what the records hold in all -----------------------------------------------------------------


def test_step_therapy_laws_as_researched() -> None:
    states = load_rules().states
    exists = {c: s.step_therapy.exists if s.step_therapy else None for c, s in states.items()}
    assert Counter(exists.values()) == {True: 40, False: 11, None: 5}
    assert {c for c, v in exists.items() if v is False} == NO_STEP_THERAPY_LAW
    assert {c for c, v in exists.items() if v is None} == set(TERRITORIES)
    partial = {
        c: s.step_therapy.scope
        for c, s in states.items()
        if s.step_therapy and s.step_therapy.exists and s.step_therapy.scope != "general"
    }
    assert partial == PARTIAL_STEP_THERAPY_LAW


@pytest.mark.parametrize(("state", "limit"), [("TX", 1), ("CO", 1), ("NY", 2)])
def test_most_failures_that_a_law_allows(state: str, limit: int) -> None:
    law = load_rules().states[state].step_therapy
    assert law is not None
    assert law.mental_health_max_failures == limit


def test_off_label_laws_as_researched() -> None:
    states = load_rules().states
    beyond = {
        c: s.off_label.scope
        for c, s in states.items()
        if s.off_label and s.off_label.scope in ("general", "serious_condition")
    }
    assert beyond == OFF_LABEL_BEYOND_CANCER
    assert sum(1 for s in states.values() if s.off_label and s.off_label.exists) == 37
    assert (
        sum(1 for s in states.values() if s.off_label and s.off_label.scope == "cancer_only") == 19
    )


def test_off_label_laws_that_may_reach_ketamine() -> None:
    may = {
        c
        for c, s in load_rules().states.items()
        if s.off_label and s.off_label.ketamine == "possible"
    }
    assert may == set(OFF_LABEL_BEYOND_CANCER) - {"CT"}  # Connecticut's is doubtful


def test_external_review_as_researched() -> None:
    states = load_rules().states
    federal = {
        c for c, s in states.items() if s.external_review and s.external_review.process == "federal"
    }
    assert federal == FEDERAL_EXTERNAL_REVIEW
    own = {
        c for c, s in states.items() if s.external_review and s.external_review.process == "state"
    }
    assert own >= set(STATES) - FEDERAL_EXTERNAL_REVIEW
    assert not own & {"GU", "VI", "AS", "MP"}


@pytest.mark.parametrize(
    ("state", "number", "unit", "counted_from"),
    [
        ("AK", 180, "days", "notice"), ("CA", 6, "months", "notice"), ("CT", 120, "days", "receipt"),
        ("HI", 130, "days", "receipt"), ("KS", 120, "days", "receipt"), ("ME", 12, "months", "receipt"),
        ("MI", 127, "days", "receipt"), ("NC", 120, "days", "receipt"), ("NY", 4, "months", "notice"),
        ("OH", 180, "days", "notice"), ("OR", 180, "days", "notice"), ("SC", 60, "days", "receipt"),
        ("TX", 4, "months", "receipt"), ("VT", 120, "days", "receipt"), ("WY", 120, "days", "receipt"),
    ],
)  # fmt: skip
def test_time_for_external_review(state: str, number: int, unit: str, counted_from: str) -> None:
    review = load_rules().states[state].external_review
    assert review is not None
    clocks = [(r.clock.number, r.clock.unit, r.clock.counted_from) for r in review.file_within]
    assert (number, unit, counted_from) in clocks


def test_parity_laws_as_researched() -> None:
    states = load_rules().states
    exists = {c: s.parity.exists if s.parity else None for c, s in states.items()}
    assert Counter(exists.values()) == {True: 49, False: 2, None: 5}
    assert {c for c, v in exists.items() if v is False} == NO_PARITY_LAW


def test_consumer_assistance_as_researched() -> None:
    states = load_rules().states
    assert {c for c, s in states.items() if s.consumer_assistance} == WITH_CONSUMER_ASSISTANCE


def test_medicaid_expansion_as_researched() -> None:
    states = load_rules().states
    not_expanded = {
        c for c, s in states.items() if s.income_limits and s.income_limits.expansion is False
    }
    assert not_expanded == NOT_EXPANDED
    expanded = {c for c, s in states.items() if s.income_limits and s.income_limits.expansion}
    assert len(expanded) == 41


def test_exchanges_as_researched() -> None:
    states = load_rules().states
    own = {c for c, s in states.items() if s.exchange and s.exchange.platform == "state"}
    assert own - {"AR", "OK"} == OWN_EXCHANGE  # those two enroll at HealthCare.gov


@pytest.mark.parametrize("state", STATES)
def test_expansion_decides_for_an_adult_at_120_percent(state: str) -> None:
    """An uninsured adult alone at 120 percent of the guideline: Medicaid where the state expanded.

    The 2026 guidelines for one person are 15,960 (contiguous); Alaska's and Hawaii's are higher,
    so 19,152 is below 138 percent everywhere and above 100 percent in the contiguous states.
    """
    result = evaluate(
        _person(
            state, coverages=[], household_size=1, annual_income=19_152, pregnant=False,
            disabled=False, parent_of_child=False, veteran=False,
        ),
        today=TODAY,
    )  # fmt: skip
    found = [p for p in result.paths if p.route == "apply_medicaid"]
    group = {c.id: c.value for p in found for c in p.criteria}.get("medicaid_group")
    assert group == ("not_met" if state in NOT_EXPANDED else "met")
