"""Which papers a person meets first: those of the leading answer's next acts, on every surface."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings

from rules import Result, evaluate, load_rules, read_case
from rules.documents import Names, Papers, grouped, papers_for
from rules.documents.blocks import Purpose
from rules.documents.zip import files
from tests.cases_of import TODAY
from tests.how_often import often
from tests.strategies import case_data

BOOK = load_rules()
TRD = "treatment_resistant_depression"
MEDICINES = [
    {"treatment": m, "outcome": "no_response", "weeks": 10, "current_episode": True}
    for m in ("sertraline", "venlafaxine")
]
JOB: dict[str, Any] = {
    "age": 38, "state": "GA", "request": "iv_ketamine", "diagnosis": TRD, "treatments": MEDICINES,
    "suicidal_thoughts": "none", "stage": "exploring",
    "coverages": [{"kind": "employer", "payer": "unitedhealthcare", "funding": "fully_insured"}],
}  # fmt: skip
UNINSURED = {
    **JOB, "state": "OH", "coverages": [], "household_size": 3, "annual_income": 21000,
}  # fmt: skip
DENIED = {
    **JOB, "stage": "denied", "request": "esketamine",
    "denial": {"coverage": 0, "treatment": "esketamine", "notice_date": "2026-11-02",
               "reason": "not_medically_necessary", "level": "initial"},
}  # fmt: skip


def told(data: dict[str, Any]) -> tuple[Result, Papers]:
    case = read_case(data, TODAY)
    result = evaluate(case, today=TODAY)
    return result, grouped(papers_for(case, result, BOOK), result)


def named(papers: Papers) -> list[str]:
    return [o.id for o in papers.first]


IV_LETTER = "letter_of_medical_necessity_depression_iv"
SPRAY_LETTER = "letter_of_medical_necessity_depression_spravato"
MOST_FILES = 7  # the list, three papers, and the sheet of each


def test_the_first_papers_are_of_the_treatment_that_leads() -> None:
    """Infusions were asked for, the spray leads: no letter for infusions stands first."""
    result, papers = told(JOB)
    assert result.leading is not None
    assert result.leading.treatment == "esketamine"
    assert papers.first
    assert {o.path for o in papers.first} <= {None, result.leading.path}
    assert not [o for o in papers.first if "infusion" in o.title]
    packet = next(o for o in papers.in_order() if o.id == "prior_authorization_packet")
    assert "Spravato" in packet.title
    letter = next(o for o in papers.in_order() if o.id.endswith("depression_iv"))
    assert letter.path is not None  # what was asked for is one tap away
    assert ".iv_ketamine." in letter.path


def test_after_a_no_the_appeal_stands_first() -> None:
    _, papers = told(DENIED)
    assert named(papers)[0] == "appeal_level_1"


def test_without_insurance_no_paper_of_an_insurer_stands_first() -> None:
    _, papers = told(UNINSURED)
    assert papers.in_order()
    of_an_insurer = {
        "prior_authorization_packet",
        "letter_of_medical_necessity",
        "insurer_phone_script",
    }
    assert not of_an_insurer & set(named(papers))


@pytest.mark.parametrize("data", [JOB, UNINSURED, DENIED], ids=["job", "uninsured", "denied"])
def test_the_pack_holds_the_papers_that_the_screen_shows_first_each_with_its_sheet(
    data: dict[str, Any],
) -> None:
    case = read_case(data, TODAY)
    result, papers = told(data)
    written = [n for n, _ in files(case, result, BOOK, Names(), ("docx",))]
    expected = ["00_list.docx"]
    for i, offer in enumerate(papers.first, 1):
        expected.append(f"{i:02d}_{offer.id}.docx")
        expected += [f"{i:02d}_{offer.id}_worksheet.docx"] if offer.worksheet else []
    assert written == expected
    assert 2 <= len(written) <= MOST_FILES
    purposes = [p for p, _ in papers.rest]
    assert purposes == [p for p in get_args(Purpose) if p in purposes]


@pytest.mark.parametrize("data", [JOB, UNINSURED, DENIED], ids=["job", "uninsured", "denied"])
def test_every_other_paper_is_written_when_it_is_asked_for_in_a_folder_of_its_purpose(
    data: dict[str, Any],
) -> None:
    case = read_case(data, TODAY)
    result, papers = told(data)
    written = {n for n, _ in files(case, result, BOOK, Names(), ("docx",), more=True)}
    for purpose, found in papers.rest:
        assert {f"more/{purpose}/{o.id}.docx" for o in found} <= written


# --- what does not fit is left out ------------------------------------------------------------------


def ids(data: dict[str, Any]) -> set[str]:
    return {o.id for o in told(data)[1].in_order()}


def denied(level: str, reason: str, **more: Any) -> dict[str, Any]:
    no = {**DENIED["denial"], "level": level, "reason": reason, **more}
    stage = "denied" if level == "initial" else "appeal_denied"
    return {**DENIED, "stage": stage, "denial": no}


def test_an_urgent_letter_is_written_only_where_it_is_urgent() -> None:
    assert "expedited_appeal" not in ids(denied("initial", "not_medically_necessary"))
    assert "expedited_appeal" not in ids(denied("initial", "not_medically_necessary", urgent=False))
    assert "expedited_appeal" in ids(denied("initial", "not_medically_necessary", urgent=True))


def test_an_exception_is_asked_for_before_the_last_no_and_for_its_own_reason() -> None:
    exceptions = {"step_therapy_exception", "formulary_exception", "medical_exception"}
    assert ids(denied("initial", "step_therapy")) & exceptions == {"step_therapy_exception"}
    assert ids(denied("initial", "not_medically_necessary")) & exceptions == set()
    assert ids(denied("internal_1", "step_therapy")) & exceptions == set()


def test_a_request_for_approval_is_no_paper_for_somebody_who_appeals() -> None:
    assert "prior_authorization_packet" in ids(JOB)
    assert "prior_authorization_packet" not in ids(denied("initial", "not_medically_necessary"))
    assert "prior_authorization_packet" in ids(denied("initial", "no_authorization"))


def test_somebody_without_insurance_gets_no_paper_of_an_insurer() -> None:
    of_an_insurer = {
        "prior_authorization_packet", "insurer_phone_script", "plan_documents_request",
        "authorized_representative", "regulator_complaint", "eob_review_guide", "referral",
        "letter_of_medical_necessity_depression_iv", "letter_of_medical_necessity_depression_spravato",
    }  # fmt: skip
    assert ids(UNINSURED) & of_an_insurer == set()
    assert of_an_insurer & ids(JOB)
    assert "good_faith_estimate_request" in named(told(UNINSURED)[1])


@pytest.mark.parametrize(
    ("coverage", "card"),
    [
        (JOB["coverages"][0], True),
        ({"kind": "medicare", "medicare": "original", "part_b": True}, False),
        ({"kind": "medicaid", "medicaid": "managed_care"}, False),
        ({"kind": "tricare"}, False),
    ],
)
def test_the_makers_savings_are_no_paper_for_government_coverage(
    coverage: dict[str, Any], card: bool
) -> None:
    found = ids({**JOB, "request": "esketamine", "coverages": [coverage]})
    assert ("manufacturer_program_application" in found) is card


def test_an_account_for_health_costs_may_be_there_unless_all_were_ruled_out() -> None:
    none: dict[str, Any] = {"hsa": False, "fsa": False, "hra": False}
    letter = "letter_of_medical_necessity_hsa_fsa"
    assert letter in ids(JOB)
    assert letter in ids({**JOB, "money": {**none, "fsa": True}})
    assert letter not in ids({**JOB, "money": none})


@pytest.mark.parametrize("data", [JOB, DENIED], ids=["job", "denied"])
def test_the_papers_of_a_named_path_are_of_its_treatment(data: dict[str, Any]) -> None:
    case = read_case(data, TODAY)
    result = evaluate(case, today=TODAY)
    for answer in result.answers:
        if answer.path is not None and answer.coverage is not None:
            papers = grouped(papers_for(case, result, BOOK, answer.path), result, answer.path)
            assert papers.first, answer.path
            letters = {o.id for o in papers.first} & {IV_LETTER, SPRAY_LETTER}
            own = SPRAY_LETTER if answer.treatment == "esketamine" else IV_LETTER
            assert letters <= {own}, answer.path


@settings(
    max_examples=often(40), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(case_data)
def test_at_most_three_stand_first_and_none_is_lost(data: dict[str, Any]) -> None:
    case = read_case(data, TODAY)
    result = evaluate(case, today=TODAY)
    found = papers_for(case, result, BOOK)
    papers = grouped(found, result)
    assert len(papers.first) <= 3
    assert sorted(o.id for o in papers.in_order()) == sorted(o.id for o in found)
