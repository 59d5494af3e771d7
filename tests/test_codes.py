"""A billing code stands only on days on which it is in force, and only for payers that take it."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from rules import evaluate, load_rules
from rules.case_reading import read_case
from rules.documents import Paper, context_of, make_paper, papers_for
from rules.documents.blocks import Table
from rules.engine.policies import policies_of
from rules.report.billing_codes import BilledTo, codes_on
from rules.schema.policies import Family
from rules.vocabulary import COVERED

BOOK = load_rules()
LAST = dt.date(2025, 12, 31)
FIRST = dt.date(2026, 1, 1)
TODAY = dt.date(2026, 11, 28)
DAYS = {LAST: ("S0013", "J0013"), FIRST: ("J0013", "S0013"), TODAY: ("J0013", "S0013")}

TAKE_IT: dict[str, dict[str, Any]] = {
    "insured": {"kind": "employer", "funding": "fully_insured"},
    "self_funded": {"kind": "employer", "funding": "self_funded", "sponsor": "private"},
    "government": {"kind": "employer", "funding": "self_funded", "sponsor": "government"},
    "church": {"kind": "employer", "funding": "self_funded", "sponsor": "church"},
    "cobra": {"kind": "cobra", "funding": "fully_insured"},
    "individual": {"kind": "individual"},
    "student": {"kind": "student"},
    "fehb": {"kind": "fehb"},
    "texas_medicaid": {"kind": "medicaid", "medicaid": "managed_care"},
}
# Of these no source says that they take the code for the drug alone.
DO_NOT: dict[str, dict[str, Any]] = {
    "medicare": {"kind": "medicare", "medicare": "original", "part_b": True},
    "advantage": {"kind": "medicare", "medicare": "advantage"},
    "va": {"kind": "va"},
    "tricare": {"kind": "tricare"},
    "workers_compensation": {"kind": "workers_compensation"},
}


def told(cover: dict[str, Any] | None, day: dt.date, **more: Any) -> tuple[Any, Any]:
    data = {
        "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
        "coverages": [cover] if cover else [], "stage": "preparing",
    } | more  # fmt: skip
    case = read_case(data, day)
    return case, evaluate(case, day)


def codes_of(result: Any) -> set[str]:
    return {c for p in result.paths if p.coverage is not None for c in p.codes}


def to_bill(paper: Paper) -> set[str]:
    """The codes that a paper says to bill: its tables, without the one of codes not to use."""
    tables = [b for b in paper.blocks if isinstance(b, Table) and b.caption != "Codes not to use"]
    return {row[0] for table in tables for row in table.rows}


@pytest.mark.parametrize("name", TAKE_IT)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_paths_name_the_code_of_the_day(name: str, day: dt.date) -> None:
    now, not_now = DAYS[day]
    _, result = told(TAKE_IT[name], day)
    assert now in codes_of(result)
    assert not_now not in result.model_dump_json()


@pytest.mark.parametrize("name", DO_NOT)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_neither_code_stands_for_payers_that_do_not_take_it(name: str, day: dt.date) -> None:
    case, result = told(DO_NOT[name], day)
    assert not codes_of(result) & {"S0013", "J0013"}
    note = make_paper("clinic_code_note", case, result, BOOK)
    assert not to_bill(note) & {"S0013", "J0013"}


@pytest.mark.parametrize("name", ["insured", "fehb", "texas_medicaid"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_papers_bill_the_code_of_the_day_and_tell_the_other_one_as_such(
    name: str, day: dt.date
) -> None:
    now, not_now = DAYS[day]
    case, result = told(TAKE_IT[name], day)
    context = context_of("clinic_code_note", case, result, BOOK)
    assert now in {c.code for c in context.codes}
    assert {c.code: c.note for c in context.codes_wrong}[not_now].startswith(
        "It begins on January 1, 2026" if day == LAST else "It ended on December 31, 2025"
    )
    assert now in context.code_list
    assert not_now not in context.code_list
    for offer in papers_for(case, result, BOOK):
        paper = make_paper(offer.id, case, result, BOOK, path=offer.path)
        assert not_now not in to_bill(paper), offer.id


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_bill_that_the_person_pays_has_the_code_of_the_day(day: dt.date) -> None:
    case, result = told(None, day, stage="paying_cash")
    found = to_bill(make_paper("superbill", case, result, BOOK))
    now, not_now = DAYS[day]
    assert now in found
    assert not_now not in found


@pytest.mark.parametrize("named", ["S0013", "J0013"])
@pytest.mark.parametrize("family", ["private", "federal_employee", "medicaid", None])
def test_a_record_that_names_either_code_gives_the_one_that_stands(
    named: str, family: Family | None
) -> None:
    payer = BilledTo(family, "TX")
    for day, (now, _) in DAYS.items():
        assert codes_on(BOOK, ("G2082", named), payer, day) == ("G2082", now)
        assert codes_on(BOOK, ("S0013", "J0013"), payer, day) == (now,)


def test_a_code_that_has_ended_has_no_successor_for_a_payer_that_does_not_take_it() -> None:
    assert codes_on(BOOK, ("S0013",), BilledTo("medicare", "TX"), TODAY) == ()
    assert codes_on(BOOK, ("S0013",), BilledTo("military", None), TODAY) == ()


def test_a_code_that_one_state_lists_stands_in_no_other() -> None:
    cover = {"kind": "medicaid", "medicaid": "managed_care"}
    for state, expected in {"DE": True, "OH": False, "FL": False, None: False}.items():
        _, result = told(cover, TODAY, state=state)
        assert ("T1503" in codes_of(result)) is expected, state
    case, result = told(DO_NOT["medicare"], TODAY, state="FL")
    note = to_bill(make_paper("clinic_code_note", case, result, BOOK))
    assert "T1503" not in note
    assert not note & {"99415", "99416"}  # Medicare’s bundle holds the time


def test_no_day_and_no_policy_shows_a_code_that_is_not_in_force() -> None:
    days = [LAST, FIRST, TODAY, dt.date(2019, 1, 1)]
    families: list[Family | None] = [None, "private", "medicaid", "medicare"]
    for policy, day, family in itertools.product(policies_of(BOOK), days, families):
        for code in codes_on(BOOK, policy.codes, BilledTo(family, None), day):
            assert BOOK.codes[code].in_force.holds_on(day), (policy.id, code, day)


def test_a_push_is_told_as_the_other_choice_beside_an_infusion() -> None:
    case, result = told(
        TAKE_IT["insured"], TODAY, request="iv_ketamine", state="OH", stage="denied"
    )
    for paper in ("medical_exception", "letter_of_medical_necessity_depression_iv"):
        context = context_of(paper, case, result, BOOK)
        assert "96365, 96366, 96374" not in context.code_list
        assert context.code_list in ("J3490", "J3490, 96365, 96366 or 96374")
    case, result = told({"kind": "tricare"}, TODAY, request="iv_ketamine")
    iv = next(a.path for a in result.answers if a.treatment == "iv_ketamine")
    context = context_of("medical_exception", case, result, BOOK, path=iv)
    assert context.code_list.endswith("96366 or 96374")


ASKED = ("prior_authorization", "claim")
LINES: dict[str, dict[str, Any]] = {
    "commercial": TAKE_IT["insured"],
    "fehb": TAKE_IT["fehb"],
    "medicaid_managed": TAKE_IT["texas_medicaid"],
}


def spray_codes(result: Any, routes: tuple[str, ...] = ASKED) -> list[tuple[str, ...]]:
    found = (p for p in result.paths if p.coverage is not None and p.treatment == "esketamine")
    return [p.codes for p in found if p.route in routes]


@pytest.mark.parametrize("payer", sorted(BOOK.payers))
def test_every_payers_rule_that_covers_the_spray_names_its_code(payer: str) -> None:
    for policy in BOOK.payers[payer].policies:
        if policy.treatment != "esketamine" or policy.position not in COVERED:
            continue
        state = next(iter(policy.states or BOOK.payers[payer].states or ("OH",)))
        for line in set(policy.lines_of_business) & LINES.keys():
            cover = LINES[line] | {"payer": payer}
            diagnosis = policy.indications[0]
            _, result = told(cover, TODAY, state=state, diagnosis=diagnosis)
            assert any("J0013" in codes for codes in spray_codes(result)), (policy.id, line)
            assert "S0013" not in result.model_dump_json(), policy.id


@pytest.mark.parametrize("state", sorted(BOOK.states))
def test_every_states_medicaid_names_the_code_of_the_spray(state: str) -> None:
    for kind in ("managed_care", "fee_for_service"):
        _, result = told({"kind": "medicaid", "medicaid": kind}, TODAY, state=state)
        assert any("J0013" in codes for codes in spray_codes(result)), kind
        assert "S0013" not in result.model_dump_json()
    _, result = told({"kind": "chip"}, TODAY, state=state, age=18)
    assert any("J0013" in codes for codes in spray_codes(result, (*ASKED, "medical_exception")))
