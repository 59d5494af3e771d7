"""Ways to pay besides insurance: each with its own conditions, steps and pitfalls, through evaluate().

What must hold is typed here from the issue that asks for it and from the fact base; the records
are only met as paths of a result.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from rules import evaluate, load_rules
from rules.case import STATE_CODES
from rules.case_reading import read_case
from rules.costs import costs_of
from tests.cases_of import TODAY
from tests.how_often import often
from tests.strategies import case_data

BOOK = load_rules()
many = settings(max_examples=often(150), deadline=None, suppress_health_check=list(HealthCheck))

DEPRESSION: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
}  # fmt: skip
EMPLOYER = {"kind": "employer", "payer": "aetna", "funding": "self_funded", "network": "ppo"}
GOVERNMENT: list[dict[str, Any]] = [
    {"kind": "medicare", "medicare": "original"}, {"kind": "medicare", "medicare": "advantage"},
    {"kind": "medicare"}, {"kind": "medicaid"}, {"kind": "medicaid", "medicaid": "qmb"},
    {"kind": "chip"}, {"kind": "va"}, {"kind": "champva"}, {"kind": "tricare"}, {"kind": "ihs"},
]  # fmt: skip
NO_REBATE_STATES = ("MA", "MI", "MN", "RI")
CARD = "spravato_savings_drug"
REBATE = "spravato_observation_rebate"
SENDS_TO_THE_CARD = {"enroll_savings", "enroll_observation", "reenroll_yearly", "send_eob"}


def paths_of(data: dict[str, Any], today: dt.date = TODAY) -> list[Any]:
    return list(evaluate(data, today=today).paths)


def way(data: dict[str, Any], record: str) -> Any:
    """The path that a way of paying makes for a case; None where there is none."""
    return next((p for p in paths_of(data) if p.record == record and p.coverage is None), None)


def told(path: Any) -> str:
    """Everything that a path says to the person."""
    parts = [path.reason, path.cost_note or "", *path.pitfalls, *(s.text for s in path.next_steps)]
    parts += [c.text for c in path.criteria]
    return " ".join(parts).lower()


# --- all of them ----------------------------------------------------------------------------------------

# The options of the fact base and the case in which each must show: id -> (case, record).
ANY = {"diagnosis": "treatment_resistant_depression", "request": "iv_ketamine"}
OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    **{
        name: (ANY, name)
        for name in (
            "hsa", "fsa", "hra", "medical_expense_deduction", "clinic_payment_plan", "package_discount",
            "sliding_scale", "lower_cost_clinic", "medical_credit_card", "medical_personal_loan",
            "crowdfunding", "grants_nonprofit", "generic_ketamine_manufacturer_program",
            "state_mh_block_grant", "community_mh_ccbhc", "fqhc_sliding_fee", "clinical_trial",
            "hospital_charity_care_501r", "employer_psychedelic_benefit", "medicaid_enrollment",
            "marketplace_special_enrollment", "open_enrollment_plan_change", "good_faith_estimate",
            "medical_debt_protections", "va_benefits", "advocacy_help",
        )
    },
    "lmn_for_hsa_fsa": ({**ANY, "money": {"hsa": True}}, "lmn_for_hsa_fsa"),
    "copay_charity_foundation": ({**DEPRESSION, "coverages": [EMPLOYER]}, "copay_charity_foundation"),
    "spravato_savings_drug": ({**DEPRESSION, "coverages": [EMPLOYER]}, CARD),
    "spravato_observation_rebate": ({**DEPRESSION, "coverages": [EMPLOYER]}, REBATE),
    "jj_patient_assistance": ({**DEPRESSION, "coverages": []}, "jj_patient_assistance"),
    "at_home_oral_sl": ({**ANY, "request": "oral_ketamine"}, "at_home_oral_sl"),
    "patient_provider_dispute_resolution": (
        {**ANY, "stage": "paying_cash", "coverages": []}, "patient_provider_dispute_resolution",
    ),
    "basic_health_program": (
        {**ANY, "state": "MN", "household_size": 1, "annual_income": 25_000, "coverages": []},
        "basic_health_program",
    ),
    "medicare_cost_help": ({**ANY, "coverages": [{"kind": "medicare"}]}, "medicare_cost_help"),
    "oon_reimbursement_superbill": ({**ANY, "coverages": [EMPLOYER]}, "out_of_network_claim"),
    "related_covered_services": ({**ANY, "coverages": [EMPLOYER]}, "related_services"),
    "self_funded_plan_exception": ({**ANY, "coverages": [EMPLOYER]}, "self_funded_plan_exception"),
}  # fmt: skip


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_every_option_is_a_path_with_steps_and_sources(option: str) -> None:
    data, record = OPTIONS[option]
    found = [p for p in paths_of(data) if p.record == record]
    assert found, f"no path of {record}"
    for path in found:
        assert path.outlook != "closed"
        assert path.next_steps, path.id
        assert path.sources, path.id
        assert len(told(path)) > 100, path.id


def test_spravato_stands_beside_an_infusion_as_the_covered_route() -> None:
    paths = paths_of({**ANY, "coverages": [EMPLOYER]})
    assert any(p.treatment == "esketamine" and p.coverage == 0 for p in paths)


def test_there_are_no_ways_that_this_list_does_not_know() -> None:
    known = {record for _, record in OPTIONS.values()}
    assert set(BOOK.ways) - known == set()


# --- the savings programme and the rebate ----------------------------------------------------------------


@pytest.mark.parametrize("private", [None, EMPLOYER, {"kind": "individual", "payer": "molina"}])
@pytest.mark.parametrize("cover", GOVERNMENT, ids=lambda c: "_".join(map(str, c.values())))
@pytest.mark.parametrize("request_", ["esketamine", "iv_ketamine", "open"])
def test_nobody_with_government_cover_is_sent_to_the_savings_card(
    cover: dict[str, Any], private: dict[str, Any] | None, request_: str
) -> None:
    data = {**DEPRESSION, "request": request_, "coverages": [c for c in (cover, private) if c]}
    result = evaluate(data, today=TODAY)
    _not_sent_to_the_card(result)
    costs = costs_of(read_case(data), result, BOOK, TODAY)
    assert not [row for row in costs["table"] if row["kind"] == "savings_programme"]


def _not_sent_to_the_card(result: Any) -> None:
    for path in result.paths:
        if path.record in (CARD, REBATE):
            assert path.outlook == "closed", path.reason
            assert not path.next_steps
        else:
            assert not SENDS_TO_THE_CARD & {s.id for s in path.next_steps}, path.id
            words = told(path)
            assert "savings card" not in words, path.id
            assert "help fits your insurance" not in words, path.id


@many
@given(case_data)
def test_no_generated_case_with_government_cover_is_sent_there(data: dict[str, Any]) -> None:
    kinds = {c.get("kind") for c in data.get("coverages") or ()}
    if kinds & set(BOOK.government_kinds):
        _not_sent_to_the_card(evaluate(data, today=TODAY))


@pytest.mark.parametrize("state", STATE_CODES)
def test_nobody_in_a_state_without_it_is_sent_to_the_rebate(state: str) -> None:
    data = {**DEPRESSION, "state": state, "coverages": [EMPLOYER]}
    rebate, card = way(data, REBATE), way(data, CARD)
    assert (rebate.outlook == "closed") is (state in NO_REBATE_STATES)
    assert card.outlook == "possible"
    if state in NO_REBATE_STATES:
        assert "massachusetts" in rebate.reason.lower()
        for path in paths_of(data):
            assert not {"enroll_observation", "send_eob"} & {s.id for s in path.next_steps}


def test_an_unknown_state_or_cover_is_asked_for_not_guessed() -> None:
    no_state = way({**DEPRESSION, "state": None, "coverages": [EMPLOYER]}, REBATE)
    assert no_state.outlook == "possible"
    assert [c.value for c in no_state.criteria if c.id == "state_not_valid"] == ["unknown"]
    no_cover = way({**DEPRESSION, "coverages": None}, CARD)
    assert no_cover.outlook == "possible"
    assert way({**DEPRESSION, "coverages": []}, CARD).outlook == "closed"


def test_the_card_tells_its_maximum_and_what_it_leaves_out() -> None:
    words = told(way({**DEPRESSION, "coverages": [EMPLOYER]}, CARD))
    assert "yearly maximum" in words
    assert "accumulator" in words
    assert "not included" in words
    assert "each calendar year" in words


# --- at home, trials, grants -------------------------------------------------------------------------------


AT_HOME: dict[str, Any] = {"request": "oral_ketamine", "diagnosis": "ptsd", "state": "TX"}


def test_at_home_comes_with_the_fdas_warnings_and_the_end_of_the_telehealth_rule() -> None:
    path = way(AT_HOME, "at_home_oral_sl")
    words = told(path)
    assert "fda" in words
    assert "not approved for any psychiatric" in words
    for harm in (
        "abuse",
        "psychiatric events",
        "blood pressure",
        "slowed breathing",
        "bladder",
    ):
        assert harm in words, harm
    assert "nobody watches" in words or "no clinician watches" in words
    assert "31 december 2026" in words
    assert "in person" in words
    assert "988" in words
    assert "nasal spray" in words


@pytest.mark.parametrize("diagnosis", ["ptsd", "anxiety", "crps", "treatment_resistant_depression"])
@pytest.mark.parametrize(
    ("thoughts", "value"), [("active", "not_met"), ("none", "met"), (None, None)]
)
def test_at_home_does_not_take_silence_on_suicide_for_a_no(
    diagnosis: str, thoughts: str | None, value: str | None
) -> None:
    """Where nobody told, it is neither taken for a no nor listed as something to find out."""
    path = way(
        {**AT_HOME, "diagnosis": diagnosis, "suicidal_thoughts": thoughts}, "at_home_oral_sl"
    )
    found = {c.id: c.value for c in path.criteria}
    assert found.get("no_active_suicidal_thoughts") == value


def test_trials_say_how_to_search_and_what_they_ask() -> None:
    words = told(way(ANY, "clinical_trial"))
    for part in (
        "clinicaltrials.gov",
        "recruiting",
        "placebo",
        "distance",
        "who pays",
        "medicines",
    ):
        assert part in words or (part == "distance" and "how far" in words), part
    assert "rules people out" in words
    assert "988" in words


def test_grants_say_how_rare_they_are() -> None:
    path = way(ANY, "grants_nonprofit")
    assert path.outlook == "uphill"
    assert "rare" in path.reason.lower()
    assert way(ANY, "crowdfunding").outlook == "uphill"
    assert "under $2,000" in told(way(ANY, "crowdfunding"))
    foundation = way({**DEPRESSION, "coverages": [EMPLOYER]}, "copay_charity_foundation")
    assert foundation.outlook == "uphill"


# --- their own conditions ----------------------------------------------------------------------------------

BRONZE = {"kind": "individual", "metal_level": "bronze"}
MEDICARE_TOO = {"kind": "medicare", "medicare": "original"}
RETIRED = {"kind": "employer", "active_employee": False}
NO_LIMIT = {
    "ketamine_allergy": False,
    "vessel_condition": False,
    "uncontrolled_blood_pressure": False,
}
CONDITIONS: list[tuple[str, dict[str, Any], str]] = [
    ("hsa", {"money": {"hsa": True}, "health": NO_LIMIT}, "likely"),
    # While the label may still rule the treatment out, no way to pay for it is likely.
    ("hsa", {"money": {"hsa": True}}, "possible"),
    ("lower_cost_clinic", {"request": "iv_ketamine"}, "possible"),
    ("lower_cost_clinic", {"request": "iv_ketamine", "health": NO_LIMIT}, "likely"),
    ("hsa", {"money": {"hsa": False}, "coverages": []}, "not_yet"),
    # A plan that allows one is not enough: Medicare, or a general FSA or HRA, bars new money.
    ("hsa", {"coverages": [BRONZE]}, "possible"),
    (
        "hsa",
        {"coverages": [BRONZE], "money": {"fsa": False, "hra": False}, "health": NO_LIMIT},
        "likely",
    ),
    ("hsa", {"coverages": [BRONZE], "money": {"fsa": True, "hra": False}}, "possible"),
    (
        "hsa",
        {"coverages": [BRONZE, MEDICARE_TOO], "money": {"hsa": False, "fsa": False, "hra": False}},
        "not_yet",
    ),
    ("hsa", {"coverages": [MEDICARE_TOO], "money": {"hsa": True}, "health": NO_LIMIT}, "likely"),
    # The FSA of a husband or wife pays too.
    ("fsa", {"money": {"fsa": True, "employee": False}}, "possible"),
    ("fsa", {"money": {"fsa": False, "employee": False}, "coverages": [RETIRED]}, "closed"),
    # A cover that nobody has told of may be that of a job.
    ("fsa", {"money": {"fsa": False, "employee": False}}, "not_yet"),
    ("fsa", {"money": {"fsa": True, "employee": True}}, "possible"),
    ("fsa", {"money": {"fsa": False, "employee": True}}, "not_yet"),
    ("hra", {"money": {"hra": False}}, "closed"),
    ("hra", {"money": {"hra": True}}, "possible"),
    ("medical_expense_deduction", {"money": {"itemizes": False}}, "not_yet"),
    ("medical_expense_deduction", {"money": {"itemizes": True}}, "possible"),
    ("medical_personal_loan", {"money": {"credit_fair_or_better": False}}, "not_yet"),
    ("medical_personal_loan", {"money": {"credit_fair_or_better": True}}, "possible"),
    ("employer_psychedelic_benefit", {"money": {"employer_ketamine_benefit": False}}, "closed"),
    ("good_faith_estimate", {"coverages": []}, "likely"),
    ("good_faith_estimate", {"stage": "paying_cash"}, "likely"),
    ("copay_charity_foundation", {"request": "esketamine", "coverages": []}, "closed"),
    ("jj_patient_assistance", {"request": "esketamine", "coverages": []}, "possible"),
    (
        "jj_patient_assistance",
        {"request": "esketamine", "coverages": [EMPLOYER], "stage": "exploring"},
        "not_yet",
    ),
]


@pytest.mark.parametrize(("record", "more", "outlook"), CONDITIONS)
def test_conditions(record: str, more: dict[str, Any], outlook: str) -> None:
    path = way({**ANY, **more}, record)
    assert path is not None
    assert path.outlook == outlook, path.reason


def test_help_with_medicare_costs_is_for_people_on_medicare() -> None:
    assert way({**ANY, "coverages": [EMPLOYER]}, "medicare_cost_help") is None
    assert way({**ANY, "coverages": [{"kind": "medicare"}]}, "medicare_cost_help") is not None


def test_hsa_and_deduction_tell_their_catch() -> None:
    assert "medicare" in told(way(ANY, "hsa"))
    assert "standard deduction" in told(way(ANY, "medical_expense_deduction"))
    assert "whole back interest" in told(way(ANY, "medical_credit_card"))
    assert "do not sign while sedated" in told(way(ANY, "medical_credit_card"))
    assert "never trade oversight for price" in told(way(ANY, "lower_cost_clinic"))


@many
@given(case_data)
def test_credit_comes_last_and_nothing_is_promised(data: dict[str, Any]) -> None:
    paths = [p for p in paths_of(data) if p.coverage is None]
    routes = [p.route for p in paths if p.role == "pay" and p.fit != "does_not_fit"]
    after_credit = routes[routes.index("borrowing") :] if "borrowing" in routes else []
    # The one other way that saves nothing: a program that is not known to exist.
    assert set(after_credit) <= {"borrowing", "payment_plan", "manufacturer_programme"}
    for path in paths:
        for promise in ("guaranteed", "you are eligible", "will be covered"):
            assert promise not in told(path), (path.id, promise)
