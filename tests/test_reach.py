"""A state's insurance law, its office, its review and its forms speak only where they reach.

Every kind of cover is tried: on the paths, in the papers and in the calendar. Where the state's
insurance law does not govern a cover, nothing of its record may stand there.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import pytest

from rules import evaluate, load_rules
from rules.case_reading import read_case
from rules.documents import context_of, make_paper, markdown, papers_for
from rules.report.calendar_file import days_of
from rules.result import Result
from rules.schema.forms import Form
from rules.schema.states import State
from rules.vocabulary import COVERAGE_KINDS
from tests.paper_cases import with_its_sheet

TODAY = dt.date(2026, 11, 28)
BOOK = load_rules()

INSURED = {
    "employer_insured": {"kind": "employer", "funding": "fully_insured"},
    "cobra_insured": {"kind": "cobra", "funding": "fully_insured"},
    "individual": {"kind": "individual"},
    "student": {"kind": "student"},
}
# Covers that no law of a state for health plans reaches, whoever the payer is.
OUT_OF_REACH: dict[str, dict[str, Any]] = {
    "self_funded": {"kind": "employer", "funding": "self_funded", "sponsor": "private"},
    "union": {"kind": "employer", "funding": "self_funded", "sponsor": "union"},
    "church": {"kind": "employer", "funding": "self_funded", "sponsor": "church"},
    "cobra": {"kind": "cobra", "funding": "self_funded", "sponsor": "private"},
    "medicare": {"kind": "medicare", "medicare": "original", "part_b": True, "part_d": True},
    "drug_plan": {"kind": "medicare", "medicare": "original", "part_b": False, "part_d": True},
    "advantage": {"kind": "medicare", "medicare": "advantage", "network": "hmo", "part_d": True},
    "medicaid": {"kind": "medicaid", "medicaid": "fee_for_service"},
    "medicaid_plan": {"kind": "medicaid", "medicaid": "managed_care"},
    "chip": {"kind": "chip"},
    "va": {"kind": "va"},
    "champva": {"kind": "champva"},
    "tricare": {"kind": "tricare"},
    "fehb": {"kind": "fehb"},
    "pshb": {"kind": "pshb"},
    "ihs": {"kind": "ihs"},
    "sharing_ministry": {"kind": "sharing_ministry"},
    "workers_compensation": {"kind": "workers_compensation", "payer": "State Fund"},
    "auto_injury": {"kind": "auto_injury"},
}
SHORT_TERM = {"kind": "short_term"}
WITHOUT_HELP = ("va", "champva", "tricare", "ihs", "fehb", "pshb", "medicare", "drug_plan",
                "advantage", "workers_compensation", "auto_injury", "sharing_ministry")  # fmt: skip
PLACES = ("CA", "NY", "TX", "NC")


def denied(
    cover: dict[str, Any], state: str | None, reason: str | None, level: str, **more: Any
) -> dict[str, Any]:
    return {
        "state": state, "request": "esketamine", "diagnosis": "treatment_resistant_depression",
        "coverages": [cover], "stage": "denied",
        "denial": {"coverage": 0, "notice_date": "2026-11-16", "reason": reason, "level": level},
    } | more  # fmt: skip


def insurance_words(state: State) -> set[str]:
    """What a state's record says of insurance: its offices, and its laws by their citation."""
    laws = (state.step_therapy, state.parity, state.prior_authorization, state.off_label)
    review = state.external_review
    words = [law.law for law in laws if law is not None]
    offices = [o for o in (state.regulator, state.second_regulator) if o is not None]
    words += [x for o in offices for x in (o.name, o.phone, o.url)]
    words += [review.law, review.administrator, review.file_with] if review is not None else []
    return {w for w in words if w and len(w) > 4}


@lru_cache(maxsize=500)
def told(name: str, state: str, request: str, diagnosis: str, reason: str, level: str) -> Any:
    cover = {**INSURED, **OUT_OF_REACH, "short_term": SHORT_TERM}[name]
    data = denied(cover, state, reason, level, request=request, diagnosis=diagnosis)
    case = read_case(data, TODAY)
    result = evaluate(case, TODAY)
    papers = {
        offer.id: with_its_sheet(offer.id, case, result, BOOK, path=offer.path)
        for offer in papers_for(case, result, BOOK)
    }
    return case, result, papers


def on_paths(result: Result) -> dict[str, str]:
    """Everything that the paths of the cover say, by path; the title of a source is no office."""
    told = {p.id: p for p in result.paths if p.coverage is not None}
    return {ident: p.model_dump_json(exclude={"sources"}) for ident, p in told.items()}


def test_every_kind_of_cover_is_tried() -> None:
    tried = {c["kind"] for c in (*INSURED.values(), *OUT_OF_REACH.values(), SHORT_TERM)}
    assert tried == set(COVERAGE_KINDS)


CHIP_HAS_REVIEW = ("NJ", "NY", "PA")


def _of_work(form: Form) -> bool:
    return all(level.startswith("workers_comp") for level in form.levels)


@pytest.mark.parametrize("name", OUT_OF_REACH)
@pytest.mark.parametrize("state", PLACES)
def test_no_insurance_law_or_office_on_a_cover_out_of_its_reach(name: str, state: str) -> None:
    words = insurance_words(BOOK.states[state])
    help_ = BOOK.states[state].consumer_assistance
    if OUT_OF_REACH[name]["kind"] in ("employer", "cobra") and help_ is not None:
        words -= {str(help_.phone), str(help_.url)}  # its helpline takes employer plans
    medicaid = BOOK.states[state].medicaid
    if medicaid is not None:  # where one department runs Medicaid and oversees HMOs
        words = {w for w in words if w not in f"{medicaid.contact} {medicaid.apply_url}"}
        if name == "medicaid_plan" or (name == "chip" and state in CHIP_HAS_REVIEW):
            # members of these plans have the state's outside review too
            words = {w for w in words if w not in str(medicaid.outside_review)}
    if name == "workers_compensation":  # where the insurance office has the work injuries too
        own = str([f.link for f in BOOK.forms.values() if _of_work(f) and state in f.states])
        words = {w for w in words if w not in own}
    asks = [
        ("esketamine", "treatment_resistant_depression", "step_therapy", "initial"),
        ("iv_ketamine", "crps", "experimental", "internal_1"),
    ]
    for request, diagnosis, reason, level in asks:
        _, result, papers = told(name, state, request, diagnosis, reason, level)
        for where, text in {**on_paths(result), **papers}.items():
            found = [w for w in words if w in text]
            assert not found, (name, state, where, found)
        assert all(p.law != "state" for p in result.paths if p.coverage is not None)


@pytest.mark.parametrize("name", INSURED)
def test_where_insurance_law_reaches_it_still_speaks(name: str) -> None:
    state = BOOK.states["CA"]
    _, result, papers = told(
        name, "CA", "esketamine", "treatment_resistant_depression", "experimental", "internal_1"
    )
    review = next(p for p in result.paths if p.route == "external_review")
    assert any("Department of Managed Health Care" in s.text for s in review.laws)
    assert state.external_review is not None
    assert str(state.external_review.law) in papers["external_review_request"]
    assert state.regulator is not None
    assert state.regulator.name in papers["regulator_complaint"]
    assert review.law == "state"


@pytest.mark.parametrize("state", PLACES)
def test_a_short_term_plan_has_the_office_and_the_laws_only_as_open(state: str) -> None:
    record = BOOK.states[state]
    case, result, papers = told(
        "short_term", state, "esketamine", "treatment_resistant_depression", "step_therapy", "initial"
    )  # fmt: skip
    assert record.regulator is not None
    assert record.regulator.name in papers["regulator_complaint"]
    laws = [s.text for p in result.paths if p.coverage is not None for s in p.laws]
    law = record.step_therapy
    assert law is not None
    assert any(str(law.law).rstrip(".") in t for t in laws)
    assert all(t.startswith("If state law reaches") for t in laws if str(law.law) in t)
    context = context_of("appeal_level_1", case, result, BOOK)
    assert not context.step_law
    assert not context.laws_to_check


@pytest.mark.parametrize("name", WITHOUT_HELP)
@pytest.mark.parametrize("state", ["CA", "IL", "MI", "NC", "VT"])
def test_a_helpline_for_health_plans_is_not_told_to_people_whom_it_does_not_take(
    name: str, state: str
) -> None:
    help_ = BOOK.states[state].consumer_assistance
    assert help_ is not None
    assert help_.phone is not None
    _, result, papers = told(
        name, state, "esketamine", "treatment_resistant_depression", "step_therapy", "initial"
    )
    for where, text in {**on_paths(result), **papers}.items():
        assert help_.phone not in text, (name, where)


@pytest.mark.parametrize("name", ["medicaid", "medicaid_plan", "chip"])
@pytest.mark.parametrize("state", ["IL", "MI", "NC"])
def test_medicaid_is_not_sent_to_the_insurance_office_for_help(name: str, state: str) -> None:
    help_ = BOOK.states[state].consumer_assistance
    assert help_ is not None
    _, result, papers = told(
        name, state, "esketamine", "treatment_resistant_depression", "step_therapy", "initial"
    )
    assert help_.name not in result.model_dump_json()
    assert all(help_.name not in text for text in papers.values())


@pytest.mark.parametrize("name", ["self_funded", "individual", "medicaid"])
def test_a_helpline_is_told_to_people_whom_it_takes(name: str) -> None:
    _, _, papers = told(
        name, "CA", "esketamine", "treatment_resistant_depression", "step_therapy", "initial"
    )
    assert any("888-804-3536" in text for text in papers.values())


# --- workers' compensation ----------------------------------------------------------------------------


WORK = {
    "request": "iv_ketamine", "diagnosis": "crps", "condition_related_to": "work",
}  # fmt: skip


def work(state: str | None, level: str = "initial", **cover: Any) -> tuple[Any, Result]:
    own = {**OUT_OF_REACH["workers_compensation"], **cover}
    data = denied(own, state, "not_medically_necessary", level, **WORK)
    case = read_case(data, TODAY)
    return case, evaluate(case, TODAY)


def page(paper: str, case: Any, result: Result) -> str:
    return with_its_sheet(paper, case, result, BOOK)


def test_california_sends_the_form_that_came_with_the_denial_to_its_own_reviewers() -> None:
    case, result = work("CA")
    text = page("external_review_request", case, result)
    assert "DWC Form IMR" in text
    assert "Division of Workers’ Compensation" in text
    assert "4610.5" in text
    assert "9792.10.1" in text
    assert "December 16, 2026" in text
    for wrong in ("DMHC", "CDI", "1374.30", "passed on", "four months", "Step therapy law"):
        assert wrong not in text, wrong
    complaint = page("regulator_complaint", case, result)
    assert "workers’ compensation agency" in complaint
    assert "Department of Insurance" not in complaint
    assert "Managed Health Care" not in complaint


@pytest.mark.parametrize("state", ["TX", "CO", "OH", "NY"])
def test_elsewhere_the_paper_says_in_plain_words_who_takes_the_review(state: str) -> None:
    case, result = work(state)
    text = page("external_review_request", case, result)
    assert {"TX": "LHL009"}.get(state, "The form that came with the denial") in text
    assert "workers’ compensation agency" in text
    letter = markdown(make_paper("external_review_request", case, result, BOOK))
    assert "California" not in letter
    assert "DWC" not in text


@pytest.mark.parametrize("state", ["CA", "TX", "CO"])
@pytest.mark.parametrize(
    "kind", ["workers_compensation", "auto_injury", "short_term", "sharing_ministry"]
)
def test_a_letter_names_a_law_or_none_never_that_there_is_one(state: str, kind: str) -> None:
    data = denied({"kind": kind}, state, "not_medically_necessary", "initial", **WORK)
    case = read_case(data, TODAY)
    text = page("appeal_level_1", case, evaluate(case, TODAY))
    assert "The law behind this" not in text
    for elsewhere in ("N.J.A.C.", "Mich. R", "N.Y. Ins. Law", "You have 180 days"):
        assert elsewhere not in text


@pytest.mark.parametrize("state", ["CA", "TX", None])
@pytest.mark.parametrize("federal", [None, False])
def test_rungs_for_federal_workers_wait_for_the_answer(
    state: str | None, federal: bool | None
) -> None:
    case, result = work(state, federal_worker=federal)
    assert "Federal workers" not in " ".join(p.name for p in result.paths)
    assert all("Federal workers" not in day.title for day in days_of(case, result))
    asked = {q.field for q in result.questions}
    assert ("coverages[0].federal_worker" in asked) is (federal is None)


@pytest.mark.parametrize("state", ["CA", "TX"])
def test_a_federal_worker_has_the_federal_rungs_and_none_of_the_state(state: str) -> None:
    case, result = work(state, federal_worker=True)
    appeals = {p.record for p in result.paths if p.route in ("hearing", "internal_appeal")}
    assert appeals == {"feca_hearing", "feca_reconsideration"}
    assert not [p for p in result.paths if p.route == "external_review"]
    assert any("Federal workers: hearing" in day.title for day in days_of(case, result))


def test_the_cover_says_which_law_governs_it() -> None:
    _, result = work("CA")
    assert {p.law for p in result.paths if p.coverage == 0} == {"workers_compensation"}
    crash = evaluate(denied({"kind": "auto_injury"}, "CA", "other", "initial"), TODAY)
    assert {p.law for p in crash.paths if p.coverage == 0} == {"auto_insurance"}


# --- VA -----------------------------------------------------------------------------------------------


CLINICAL = ("not_medically_necessary", "experimental", "step_therapy", "missing_information",
            "out_of_network")  # fmt: skip
BENEFIT = ("not_a_benefit", "no_authorization", "coding", "other")


def veteran(reason: str | None, **more: Any) -> Result:
    found: Result = evaluate(
        denied({"kind": "va"}, "TX", reason, "initial", veteran=True, **more), TODAY
    )
    return found


def appeals(result: Result) -> list[Any]:
    return [p for p in result.paths if p.route in ("internal_appeal", "hearing")]


@pytest.mark.parametrize("reason", CLINICAL)
@pytest.mark.parametrize("request_", ["iv_ketamine", "esketamine"])
def test_a_medical_decision_of_va_goes_to_the_clinical_appeal_alone(
    reason: str, request_: str
) -> None:
    result = veteran(reason, request=request_)
    found = appeals(result)
    assert [p.record for p in found] == ["clinical_appeal"]
    assert not found[0].alternatives
    assert not found[0].deadlines
    text = result.model_dump_json()
    assert "Board of Veterans" not in " ".join(p.name for p in result.paths)
    assert "2027-11" not in text
    case = read_case(denied({"kind": "va"}, "TX", reason, "initial"), TODAY)
    assert not days_of(case, evaluate(case, TODAY))


@pytest.mark.parametrize("reason", BENEFIT)
def test_a_benefit_decision_of_va_keeps_the_board_and_its_day(reason: str) -> None:
    board = next(p for p in appeals(veteran(reason)) if p.record == "board")
    assert [d.date for d in board.deadlines] == [dt.date(2027, 11, 16)]


def test_without_a_reason_the_clinical_appeal_stands_before_the_board() -> None:
    assert [p.record for p in appeals(veteran(None))] == ["clinical_appeal", "board"]


# --- Medicare -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_", ["esketamine", "iv_ketamine"])
def test_without_part_b_no_appeal_of_part_b_is_shown(request_: str) -> None:
    cover = OUT_OF_REACH["drug_plan"]
    case = read_case(denied(cover, "FL", "step_therapy", "initial", request=request_), TODAY)
    result = evaluate(case, TODAY)
    appeal_processes = {p.name for p in result.paths if p.route == "internal_appeal"}
    assert appeal_processes == {"Redetermination by the plan"}
    assert not [a for p in result.paths if p.route == "internal_appeal" for a in p.alternatives]
    offered = {o.id for o in papers_for(case, result, BOOK)}
    assert "medicare_redetermination" not in offered
    assert "appeal_level_1" in offered


@pytest.mark.parametrize("part_b", [True, None])
def test_with_part_b_or_unknown_its_appeal_stays(part_b: bool | None) -> None:
    cover = {"kind": "medicare", "medicare": "original", "part_b": part_b, "part_d": False}
    result = evaluate(denied(cover, "FL", "step_therapy", "initial"), TODAY)
    names = {p.name for p in result.paths if p.route == "internal_appeal"}
    assert names == {"Redetermination by the Medicare contractor"}


def test_an_advantage_plan_is_called_one_and_a_drug_plan_is_addressed_as_one() -> None:
    advantage = {**OUT_OF_REACH["advantage"], "payer": "humana"}
    data = denied(advantage, "FL", "step_therapy", "initial", request="iv_ketamine")
    for ask in ("iv_ketamine", "esketamine"):
        case = read_case({**data, "request": ask}, TODAY)
        text = page("regulator_complaint", case, evaluate(case, TODAY))
        assert "Plan or payer: **Humana**" in text
        assert "drug plan" not in text
    drug = read_case(denied(OUT_OF_REACH["drug_plan"], "FL", "step_therapy", "initial"), TODAY)
    letter = page("appeal_level_1", drug, evaluate(drug, TODAY))
    assert "The Medicare drug plan (Part D)" in letter
    assert "alone or inside" not in letter
