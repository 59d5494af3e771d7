"""What four public articles told their readers, row by row: each is answered for a fitting case.

The rows S01 to S28 are restated in the name and the docstring of each test. Where a row is
completed by the papers or the cost estimate, the test looks at the record that they rest on.
"""

from __future__ import annotations

import fnmatch
from typing import Any

import pytest

from rules import Result, evaluate, load_rules
from rules.result import PathShown
from rules.vocabulary import DIAGNOSES
from tests.cases_of import TODAY

INSURED = {"kind": "employer", "payer": "unitedhealthcare", "network": "ppo", "funding": "fully_insured", "sponsor": "private"}  # fmt: skip
HISTORY = [
    {"treatment": "sertraline", "outcome": "no_response", "weeks": 10, "daily_dose_mg": 150, "current_episode": True},
    {"treatment": "venlafaxine", "outcome": "no_response", "weeks": 10, "daily_dose_mg": 225, "current_episode": True},
]  # fmt: skip
PERSON: dict[str, Any] = {
    "age": 42,
    "state": "NC",
    "request": "iv_ketamine",
    "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none",
    "stage": "exploring",
    "treatments": HISTORY,
    "severity": [{"scale": "phq9", "score": 19, "date": "2026-10-02"}],
    "provider": {
        "found": True, "in_network": False, "rems_certified": True, "setting": "clinic",
        "prescriber": "psychiatrist",
    },
    "health": {
        "vessel_condition": False, "uncontrolled_blood_pressure": False, "ketamine_allergy": False,
    },
    "money": {"hsa": True, "fsa": True, "employee": True},
    "coverages": [INSURED],
}  # fmt: skip
REFUSED = {
    "stage": "denied",
    "denial": {
        "coverage": 0, "treatment": "iv_ketamine", "notice_date": "2026-11-02",
        "received_date": "2026-11-05", "reason": "experimental", "level": "initial",
    },
}  # fmt: skip


def told(**changed: Any) -> Result:
    """The result of the person above with some answers changed."""
    return evaluate({**PERSON, **changed}, today=TODAY)


def path(result: Result, selector: str) -> PathShown:
    found = [p for p in result.paths if fnmatch.fnmatchcase(p.id, selector)]
    assert len(found) == 1, f"{selector}: {[p.id for p in found]} of {[p.id for p in result.paths]}"
    return found[0]


def text(shown: PathShown) -> str:
    return shown.model_dump_json().lower()


def steps(shown: PathShown) -> list[str]:
    return [s.id for s in shown.next_steps]


def test_s01_coverage_depends_on_plan_diagnosis_need_and_terms() -> None:
    """Plan, diagnosis and history are asked for, and the path shows its criteria."""
    asked = {q.field for q in told(coverages=None, diagnosis=None).questions}
    assert {"coverages", "diagnosis"} <= asked
    asked = {q.field for q in told(coverages=[{"kind": "employer"}]).questions}
    assert {"coverages[0].payer", "coverages[0].funding"} <= asked
    assert "treatments" in {q.field for q in told(treatments=None).questions}
    spray = path(told(), "employer.unitedhealthcare.esketamine.prior_authorization")
    assert {c.id for c in spray.criteria} >= {"diagnosis_named", "failed_antidepressants"}
    assert all(c.source for c in spray.criteria)


@pytest.mark.parametrize(
    "diagnosis", ["treatment_resistant_depression", "ptsd", "crps", "fibromyalgia"]
)
@pytest.mark.parametrize("payer", ["unitedhealthcare", "aetna", "cigna", "some other plan"])
def test_s02_infusions_are_off_label_and_many_insurers_decline(diagnosis: str, payer: str) -> None:
    """An infusion is not likely anywhere here, and its path says why: off-label use."""
    result = told(diagnosis=diagnosis, coverages=[{**INSURED, "payer": payer}])
    shown = [
        p
        for p in result.paths
        if p.coverage == 0
        and p.treatment == "iv_ketamine"
        and p.route in ("medical_exception", "prior_authorization")
    ]
    assert shown
    for one in shown:
        assert one.outlook in ("uphill", "possible", "closed"), one.id
        assert one.reason
    assert any("off-label" in text(p) or "approved" in text(p) for p in shown)


def test_s03_the_approved_spray_stands_beside_the_infusion() -> None:
    """Esketamine opens cover that the infusion does not have."""
    result = told()
    assert (
        path(result, "employer.unitedhealthcare.esketamine.prior_authorization").outlook == "likely"
    )
    assert (
        path(result, "employer.unitedhealthcare.iv_ketamine.medical_exception").outlook == "uphill"
    )
    assert result.best == "employer.unitedhealthcare.esketamine.prior_authorization"


def test_s04_prior_authorization_with_its_clock_and_packet() -> None:
    shown = path(told(), "employer.unitedhealthcare.esketamine.prior_authorization")
    assert "prior_authorization_packet" in shown.documents
    assert {"send_prior_authorization", "check_decision_clock"} <= set(steps(shown))
    assert load_rules().records["decision_clocks"]


def test_s05_proof_that_other_treatments_failed() -> None:
    """One failed medicine short is said as a number, and so is what would change it."""
    shown = path(
        told(treatments=HISTORY[:1]), "employer.unitedhealthcare.esketamine.prior_authorization"
    )
    assert shown.outlook == "not_yet"
    assert {c.id: c.value for c in shown.criteria}["failed_antidepressants"] == "not_met"
    more = [c for c in shown.would_change if c.to == "likely"]
    assert any("1 more" in c.change for c in more), shown.would_change
    assert "treatment_history_table" in shown.documents


def test_s06_limits_on_frequency() -> None:
    """How long a first approval lasts, and where a text limits the doses."""
    uhc = path(told(), "employer.unitedhealthcare.esketamine.prior_authorization")
    assert uhc.authorization == "52 weeks"
    premera = told(coverages=[{**INSURED, "payer": "premera"}])
    assert path(premera, "employer.premera.esketamine.prior_authorization").quantity_limit


def test_s07_setting_and_provider() -> None:
    """A certified site and a psychiatric prescriber are criteria of their own."""
    shown = path(
        told(provider={"found": True, "rems_certified": False, "prescriber": "primary_care", "psychiatrist_consulted": False}),
        "employer.unitedhealthcare.esketamine.prior_authorization",
    )  # fmt: skip
    values = {c.id: c.value for c in shown.criteria}
    assert values["certified_site"] == values["psychiatric_prescriber"] == "not_met"
    assert shown.outlook == "not_yet"


def test_s08_out_of_network_pay_first_then_claim() -> None:
    shown = path(told(), "employer.unitedhealthcare.esketamine.out_of_network_claim")
    assert {"superbill", "oon_claim_submission"} <= set(shown.documents)
    assert shown.cost_note
    assert "$" in shown.cost_note
    assert "pay_and_claim_back" in steps(shown)


def test_s09_hsa_and_fsa_with_a_letter_and_receipts() -> None:
    result = told()
    for way in ("hsa", "fsa"):
        shown = path(result, f"self.iv_ketamine.{way}")
        assert "letter_of_medical_necessity_hsa_fsa" in shown.documents
        assert shown.cost_note
        assert "tax" in shown.cost_note
    assert path(result, "self.iv_ketamine.hsa").outlook == "likely"
    assert "ask_itemized_receipt" in steps(path(result, "self.iv_ketamine.hsa"))


def test_s10_parity_law_only_where_it_reaches() -> None:
    """North Carolina's law (G.S. 58-3-220) is named for an insured plan, and not for Medicare."""
    insured = path(told(**REFUSED), "employer.unitedhealthcare.iv_ketamine.internal_appeal")
    assert "parity_disclosure_request" in insured.documents
    assert "58-3-220" in told(**REFUSED).model_dump_json()
    own = told(**REFUSED, coverages=[{**INSURED, "funding": "self_funded"}])
    assert "58-3-220" not in own.model_dump_json()
    medicare = told(
        **REFUSED, age=70,
        coverages=[{"kind": "medicare", "medicare": "original", "part_b": True, "part_d": False, "medigap": False}],
    )  # fmt: skip
    assert "58-3-220" not in medicare.model_dump_json()
    assert (
        "parity_disclosure_request"
        not in path(medicare, "medicare.any.iv_ketamine.internal_appeal").documents
    )


def test_s11_visits_and_tests_may_be_covered() -> None:
    shown = path(told(), "employer.unitedhealthcare.iv_ketamine.related_services")
    assert shown.outlook == "possible"
    assert {"in_network_psychiatrist", "in_network_lab", "therapy_other_days"} <= set(steps(shown))


def test_s12_letter_of_medical_necessity() -> None:
    result = told()
    for selector in (
        "employer.unitedhealthcare.esketamine.prior_authorization",
        "employer.unitedhealthcare.iv_ketamine.medical_exception",
    ):
        assert "letter_of_medical_necessity" in path(result, selector).documents
    kept = set(load_rules().documents)
    assert kept >= {
        "letter_of_medical_necessity_depression_iv", "letter_of_medical_necessity_depression_spravato",
        "letter_of_medical_necessity_pain", "letter_of_medical_necessity_hsa_fsa",
    }  # fmt: skip


def test_s13_keep_records() -> None:
    """Records, receipts, bills and letters each have their paper."""
    named = {d for p in told(**REFUSED).paths for d in p.documents}
    assert named >= {
        "treatment_history_table", "records_request_hipaa", "eob_review_guide", "superbill", "call_log",
    }  # fmt: skip


def test_s14_clinical_trials() -> None:
    shown = path(told(), "self.*.clinical_trial")
    assert shown.outlook == "possible"
    assert "ask_trial_questions" in steps(shown)
    assert shown.pitfalls
    assert shown.cost_note


def test_s15_payment_plans_packages_and_sliding_scale() -> None:
    result = told()
    assert {"ask_payment_plan", "ask_zero_interest"} <= set(
        steps(path(result, "self.*.clinic_payment_plan"))
    )
    assert {"ask_what_is_included", "get_refund_terms"} <= set(
        steps(path(result, "self.*.package_discount"))
    )
    assert "ask_cheaper_slots" in steps(path(result, "self.*.sliding_scale"))


def test_s16_credit_loans_and_crowdfunding() -> None:
    result = told()
    card = path(result, "self.*.medical_credit_card")
    assert {"compare_loans", "ask_card_terms"} <= set(steps(card))
    assert "26.99%" in (card.cost_note or "")
    assert "compare_loans" in steps(path(result, "self.*.medical_personal_loan"))
    assert path(result, "self.*.crowdfunding").outlook == "uphill"


def test_s17_appeal_level_after_level() -> None:
    """The explanation of benefits first, then the appeal with a date, then outside review."""
    first = path(told(**REFUSED), "employer.unitedhealthcare.iv_ketamine.internal_appeal")
    assert {"eob_review_guide", "appeal_level_1", "peer_to_peer"} <= set(first.documents)
    assert first.deadlines
    filing = next(s for s in first.next_steps if s.id == "file_internal_appeal")
    assert filing.by == first.deadlines[0].act_by
    again = told(
        **{
            **REFUSED,
            "stage": "appeal_denied",
            "denial": {**REFUSED["denial"], "level": "internal_1"},
        }
    )  # type: ignore[dict-item]
    second = path(again, "employer.unitedhealthcare.iv_ketamine.external_review")
    assert "external_review_request" in second.documents
    assert second.deadlines
    assert not [
        p for p in again.paths if p.route == "internal_appeal" and p.treatment == "iv_ketamine"
    ]


def test_s18_medicare_and_medicaid_by_part_and_programme() -> None:
    """Neither usually pays infusions for mental health; both may pay the spray."""
    medicare = told(
        coverages=[
            {
                "kind": "medicare",
                "medicare": "original",
                "part_b": True,
                "part_d": False,
                "medigap": False,
            }
        ]
    )
    assert path(medicare, "medicare.any.iv_ketamine.claim").outlook == "uphill"
    assert path(medicare, "medicare.any.esketamine.claim").outlook == "likely"
    pain = told(
        diagnosis="crps",
        coverages=[
            {
                "kind": "medicare",
                "medicare": "original",
                "part_b": True,
                "part_d": False,
                "medigap": False,
            }
        ],
    )
    assert path(pain, "medicare.any.iv_ketamine.claim").record == "medicare_part_b_iv_pain"
    assert path(pain, "medicare.any.iv_ketamine.related_services").outlook == "possible"
    medicaid = told(state="GA", coverages=[{"kind": "medicaid", "medicaid": "managed_care"}])
    assert path(medicaid, "medicaid.any.iv_ketamine.medical_exception").outlook == "uphill"
    assert path(medicaid, "medicaid.any.esketamine.prior_authorization").outlook == "possible"


def test_s19_six_steps_in_order_each_with_its_document() -> None:
    """Policy, history, referral, records, request, and the appeal last, for who has none of them yet."""
    result = told(
        provider=None, treatments=None, coverages=[{**INSURED, "payer": "some other plan"}]
    )
    shown = path(result, "employer.some_other_plan.esketamine.prior_authorization")
    wanted = [
        "read_policy", "collect_treatment_history", "ask_psychiatrist_referral", "request_records",
        "send_prior_authorization", "ask_denial_in_writing",
    ]  # fmt: skip
    found = [s for s in steps(shown) if s in wanted]
    assert found == wanted
    papers = {s.id: s.documents for s in shown.next_steps}
    assert "treatment_history_table" in papers["collect_treatment_history"]
    assert "referral" in papers["ask_psychiatrist_referral"]
    assert "records_request_hipaa" in papers["request_records"]
    assert "prior_authorization_packet" in papers["send_prior_authorization"]


def test_s20_log_every_call() -> None:
    shown = path(told(), "employer.unitedhealthcare.iv_ketamine.medical_exception")
    assert {"call_log", "insurer_phone_script"} <= set(shown.documents)
    assert "log_every_call" in steps(shown)


def test_s21_an_advocate_or_a_lawyer_and_the_states_programme() -> None:
    """North Carolina's programme is Smart NC, 855-408-1212."""
    result = told()
    shown = path(result, "self.*.advocacy_help")
    assert "ask_person_for_help" in steps(shown)
    assert "authorized_representative" in shown.documents
    assert "855-408-1212" in result.model_dump_json()


def test_s22_assistance_and_how_rare_grants_are() -> None:
    result = told(coverages=[], money={"hsa": False})
    assert path(result, "self.*.grants_nonprofit").outlook == "uphill"
    assert path(result, "self.*.state_mh_block_grant").outlook == "uphill"
    assert path(result, "self.*.jj_patient_assistance").outlook == "possible"
    assert path(told(), "self.esketamine.spravato_savings_drug").outlook == "possible"


def test_s23_cheaper_clinics_never_at_the_price_of_safety() -> None:
    shown = path(told(), "self.iv_ketamine.lower_cost_clinic")
    assert {"compare_clinic_prices", "check_clinic_qualifications", "ask_oversight"} <= set(
        steps(shown)
    )
    assert shown.next_steps[0].stage == "safety"
    assert any("never trade" in p.lower() for p in shown.pitfalls)


def test_s24_at_home_only_under_supervision() -> None:
    """The path for lozenges carries FDA's warnings and puts a clinician first."""
    shown = path(told(request="oral_ketamine"), "self.oral_ketamine.at_home_oral_sl")
    assert shown.next_steps[0].id == "screening_clinician"
    assert "other_adult_present" in steps(shown)
    assert "fda" in " ".join(shown.pitfalls).lower()
    assert not [p for p in told().paths if p.id.endswith("at_home_oral_sl")]


def test_s25_what_a_session_and_a_course_cost() -> None:
    """$400-$800 a session, about six in two to three weeks, $3,000-$8,000 a course; and better prices."""
    prices = {p.id: p for _, sheet in load_rules().records["prices"] for p in sheet.prices}  # type: ignore[attr-defined]
    assert (prices["iv_session_articles"].low, prices["iv_session_articles"].high) == (400, 800)
    assert (prices["iv_course_articles"].low, prices["iv_course_articles"].high) == (3000, 8000)
    assert prices["iv_course_count_articles"].low == 6
    # The articles do not add up: six at $400-$800 are $2,400-$4,800, and the book says so.
    assert (prices["iv_course_arithmetic"].low, prices["iv_course_arithmetic"].high) == (2400, 4800)
    assert len([p for p in prices.values() if p.source != prices["iv_session_articles"].source]) > 5


def test_s26_what_the_price_depends_on() -> None:
    shown = path(told(), "self.iv_ketamine.lower_cost_clinic")
    assert {"three_estimates", "count_travel"} <= set(steps(shown))
    assert "ask_what_is_included" in steps(path(told(), "self.*.package_discount"))


@pytest.mark.parametrize(
    "diagnosis",
    [
        "major_depression", "treatment_resistant_depression", "anxiety", "ptsd", "crps",
        "neuropathic_pain", "fibromyalgia", "migraine", "major_depression_with_suicidality",
    ],
)  # fmt: skip
def test_s27_every_condition_named_can_be_chosen(diagnosis: str) -> None:
    question = next(q for q in load_rules().questions if q.field == "diagnosis")
    assert diagnosis in {c.value for c in question.choices}
    assert set(DIAGNOSES) == {c.value for c in question.choices}
    assert any(p.coverage == 0 for p in told(diagnosis=diagnosis).paths)


@pytest.mark.parametrize("thoughts", ["passive", "active"])
def test_s27_crisis_lines_at_once(thoughts: str) -> None:
    result = told(suicidal_thoughts=thoughts)
    assert "988" in result.safety[0].text
    assert result.paths


def test_s28_referral_from_primary_care_or_a_psychiatrist() -> None:
    shown = path(told(provider=None), "employer.unitedhealthcare.esketamine.prior_authorization")
    step = next(s for s in shown.next_steps if s.id == "ask_psychiatrist_referral")
    assert step.stage == "referral"
    assert "referral" in step.documents
    assert "confirm_medical_or_pharmacy_benefit" in steps(shown)


def test_every_row_has_a_test() -> None:
    rows = {f"s{n:02d}" for n in range(1, 29)}
    assert rows == {name.split("_")[1] for name in globals() if name.startswith("test_s")}
