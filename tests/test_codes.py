"""Which codes stand on a claim: those in force on the day, taken by the payer, of the minutes and the dose."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from rules import evaluate, load_rules
from rules.case_reading import read_case
from rules.documents import Names, Paper, context_of, make_paper, papers_for
from rules.documents.blocks import Table
from rules.documents.context import Context
from rules.engine.policies import policies_of
from rules.report.billing_codes import BilledTo, Session, codes_on, excludes
from rules.report.billing_codes import codes_of as codes_billed_by
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
NOT_TO_USE = ("Codes not to use", "Codes that never stand beside these")


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
    """The codes that a paper says to bill: its tables, without those of codes not to use."""
    tables = [b for b in paper.blocks if isinstance(b, Table) and b.caption not in NOT_TO_USE]
    return {code for table in tables for row in table.rows for code in row[0].split(", ")}


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
            # A payer whose own text names the bundle alone is billed by it.
            code = "G2083" if {"G2083"} <= {*policy.codes} and "J0013" not in policy.codes else "J0013"  # fmt: skip
            assert any(code in codes for codes in spray_codes(result)), (policy.id, line)
            assert "S0013" not in result.model_dump_json(), policy.id


@pytest.mark.parametrize("state", sorted(BOOK.states))
def test_every_states_medicaid_names_the_code_of_the_spray(state: str) -> None:
    for kind in ("managed_care", "fee_for_service"):
        _, result = told({"kind": "medicaid", "medicaid": kind}, TODAY, state=state)
        # Delaware's managed care is the one whose own text names the bundle.
        code = "G2083" if (state, kind) == ("DE", "managed_care") else "J0013"
        assert any(code in codes for codes in spray_codes(result)), kind
        assert "S0013" not in result.model_dump_json()
    _, result = told({"kind": "chip"}, TODAY, state=state, age=18)
    assert any("J0013" in codes for codes in spray_codes(result, (*ASKED, "medical_exception")))


# --- one claim: payer, drug, minutes, day and dose, typed by hand -----------------------------------------

TYPED = yaml.safe_load((Path(__file__).parent / "codes/claims.yaml").read_text("utf-8"))
CHARTS = yaml.safe_load((Path(__file__).parent / "codes/diagnoses.yaml").read_text("utf-8"))
# Never two of these together, whoever pays.
APART = [({"96365", "96366"}, {"96374"}), ({"G2082", "G2083"}, {"J0013", "S0013", "99415", "99416", "99417"}), ({"S0013"}, {"J0013"})]  # fmt: skip


def claim_context(row: dict[str, Any], **more: Any) -> Context:
    """The codes of a typed row, as a letter's head and a worksheet have them."""
    day = row.get("day", TODAY)
    data = {
        "state": row.get("state", "TX"), "age": 42, "request": row["drug"], "stage": "preparing",
        "diagnosis": row.get("diagnosis", "treatment_resistant_depression"),
        "coverages": [TYPED["payers"][row["payer"]]],
    } | more  # fmt: skip
    if "dose" in row:
        data["treatment_status"] = {"started": True, "dose_mg": row["dose"]}
    names = Names.of({"session_minutes": str(row["minutes"])} if "minutes" in row else {})
    case = read_case(data, day)
    result = evaluate(case, day)
    mine = (p.id for p in result.paths if p.coverage == 0 and p.treatment == row["drug"])
    return context_of("clinic_code_note", case, result, BOOK, names, path=next(mine, None))


def listed(context: Context) -> set[str]:
    return {c.code for c in context.codes}


@pytest.mark.parametrize(
    "row", TYPED["claims"], ids=lambda r: "-".join(str(v) for k, v in r.items() if k in ("payer", "drug", "diagnosis", "minutes", "dose", "day", "state"))
)  # fmt: skip
def test_the_head_bears_exactly_the_codes_of_the_claim(row: dict[str, Any]) -> None:
    context = claim_context(row)
    assert context.code_list == row["head"]
    assert not listed(context) & set(row["never"])
    assert not [c for c in row["never"] if c in context.code_list]
    assert {c for c in listed(context) if c in context.code_list} == set(re.findall(r"[A-Z]?\d{4,5}", row["head"]))  # fmt: skip
    for one, other in APART:
        assert not (listed(context) & one and listed(context) & other)


def test_a_path_bears_the_same_codes_as_the_letter() -> None:
    row = {"payer": "compensation", "drug": "iv_ketamine", "diagnosis": "crps"}
    _, result = told(
        TYPED["payers"]["compensation"], TODAY, request="iv_ketamine", diagnosis="crps"
    )
    path = next(p for p in result.paths if p.bill and p.treatment == "iv_ketamine")
    assert path.codes == ("96365", "96366", "J3490")
    assert path.bill == claim_context(row).code_list


def test_no_claim_of_any_policy_holds_two_codes_that_exclude_each_other() -> None:
    families: list[Any] = [None, *get_args(Family), "nobody"]
    sessions = [
        Session(day, minutes, mg)
        for day in (LAST, FIRST)
        for minutes in (None, (10, 10), (40, 40), (10, 40), (60, 300))
        for mg in (None, 56, 84)
    ]
    for policy, family, state in itertools.product(policies_of(BOOK), families, ("DE", None)):
        for session in sessions:
            claim = codes_billed_by(BOOK, policy.treatment, BilledTo(family, state), session, policy)  # fmt: skip
            for one, other in itertools.combinations([c for c in claim if c.mg is None], 2):
                assert not excludes(one.code, other.code), (policy.id, family, session)
            found = {c.code.code for c in claim}
            assert not any(found & a and found & b for a, b in APART), (policy.id, family)


def test_the_worksheet_tells_how_the_codes_change_by_time() -> None:
    rows = claim_context({"payer": "employer", "drug": "iv_ketamine"}).codes_by_time
    assert [(r.minutes, r.codes) for r in rows] == [
        ("15 minutes or less", "96374 (1 unit)"),
        ("16 to 90 minutes", "96365 (1 unit)"),
        ("91 to 150 minutes", "96365 (1 unit), 96366 (1 unit)"),
        ("151 to 210 minutes", "96365 (1 unit), 96366 (2 units)"),
    ]
    assert claim_context({"payer": "employer", "drug": "esketamine"}).codes_by_time == ()


def test_what_a_bundle_holds_is_told_with_the_bundle() -> None:
    context = claim_context({"payer": "part_b", "drug": "esketamine", "dose": 84})
    told_of = {c.code: c.note for c in context.codes_bundled}
    assert told_of["J0013"] == "Never on one claim with G2083."
    assert {"99415", "99416"} <= told_of.keys()
    assert any("99215" in codes for codes in told_of)


def test_units_stand_beside_each_code() -> None:
    spray = claim_context({"payer": "employer", "drug": "esketamine", "dose": 84})
    assert {c.code: c.units for c in spray.codes}["J0013"] == "84"
    drip = claim_context({"payer": "employer", "drug": "iv_ketamine", "minutes": 200})
    assert {c.code: c.units for c in drip.codes if c.units} == {
        "96365": "1", "96366": "2", "J3490": "NDC",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "codes"),
    [
        ("clinic", ["11"]),
        ("hospital_outpatient", ["19", "22"]),
        ("other", ["11", "19", "22"]),
        (None, ["11", "19", "22"]),
    ],
)
def test_the_place_of_service_is_that_of_the_setting(setting: str | None, codes: list[str]) -> None:
    provider = {"provider": {"setting": setting}} if setting else {}
    context = claim_context({"payer": "employer", "drug": "iv_ketamine"}, **provider)
    assert [c.code for c in context.place_of_service] == codes


def test_modifiers_stand_only_where_a_source_says_so() -> None:
    def found(payer: str, drug: str) -> set[str]:
        return {c.code for c in claim_context({"payer": payer, "drug": drug}).modifiers}

    assert found("employer", "iv_ketamine") == {"25"}
    assert found("employer", "esketamine") == set()
    assert {"25", "JW", "JZ", "GA"} <= found("part_b", "iv_ketamine")
    assert not {"25", "JW", "JZ"} & found("part_b", "esketamine")


def test_the_day_of_service_typed_in_decides() -> None:
    data = {
        "state": "TX", "age": 42, "request": "esketamine", "stage": "preparing",
        "diagnosis": "treatment_resistant_depression", "coverages": [TYPED["payers"]["employer"]],
    }  # fmt: skip
    case = read_case(data, TODAY)
    for typed, head in {
        "2025-12-31": "S0013 (56 or 84 units)",
        "January 1, 2026": "J0013 (56 or 84 units)",
        "12/31/2025": "S0013 (56 or 84 units)",
    }.items():
        names = Names.of({"date_of_service": typed})
        context = context_of("clinic_code_note", case, evaluate(case, TODAY), BOOK, names)
        assert context.code_list == head


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("session_minutes", "forty"), ("session_minutes", "0"), ("session_minutes", "40.5"),
        ("session_minutes", "5000"), ("date_of_service", "soon"), ("date_of_service", "2026-13-01"),
    ],
)  # fmt: skip
def test_what_is_no_number_or_no_date_is_told_so(field: str, typed: str) -> None:
    with pytest.raises(ValueError, match=field):
        Names.of({field: typed})


def test_no_code_that_papers_show_is_unchecked() -> None:
    assert [c.code for c in BOOK.codes.values() if c.confidence == "recalled" or not c.seen] == []


# --- diagnosis codes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("chart", CHARTS, ids=lambda c: c["name"])
def test_diagnosis_codes_stand_in_the_order_of_what_the_chart_told(chart: dict[str, Any]) -> None:
    data = {"state": "TX", "age": 42, "request": "iv_ketamine", "stage": "preparing"}
    data |= {"coverages": [TYPED["payers"]["employer"]], **chart["case"]}
    case = read_case(data, TODAY)
    found = context_of("clinic_code_note", case, evaluate(case, TODAY), BOOK).icd_codes
    assert [c.code for c in found] == chart["codes"]
    assert [c.code for c in found if c.note] == chart["heed"]


def test_diagnosis_codes_bear_their_official_names() -> None:
    case = read_case({"diagnosis": "crps", "request": "iv_ketamine"}, TODAY)
    found = context_of("clinic_code_note", case, evaluate(case, TODAY), BOOK).icd_codes
    assert found[0].says == "Complex regional pain syndrome I of right upper limb"
