"""Which papers a person meets first: those of the leading answer's next acts, on every surface."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings

from rules import Result, evaluate, load_rules, read_case
from rules.documents import Names, Papers, first_papers, grouped, papers_for
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
def test_screen_and_files_tell_them_in_one_order(data: dict[str, Any]) -> None:
    case = read_case(data, TODAY)
    result, papers = told(data)
    written = [n for n, _ in files(case, result, BOOK, Names(), ("docx",))]
    expected = [f"{i:02d}_{o.id}.docx" for i, o in enumerate(papers.in_order(), 1)]
    assert written == ["00_list.docx", *expected]
    purposes = [p for p, _ in papers.rest]
    assert purposes == [p for p in get_args(Purpose) if p in purposes]


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
    standing = {d for o in papers.first for d in o.documents}
    offered = {d for o in found for d in o.documents}
    assert set(first_papers(result)) & offered <= standing
