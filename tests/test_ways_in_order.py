"""Ways to pay for one person: which fit, which come first, which leads, whom to call, what it costs.

The people and what must hold for them are typed here; the limits are those of federal law and of
the state's own Medicaid in 2026.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from rules import evaluate, load_rules, read_case
from rules.costs import estimate
from rules.costs.by_path import cost_of_path
from rules.costs.ways import GROUPS, first_ways, group_of
from rules.result import PathShown, Result
from tests.how_often import often
from tests.strategies import TODAY, case_data

BOOK = load_rules()
DAY = dt.date(2026, 11, 28)
cases = settings(
    max_examples=often(80), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
DEPRESSION: dict[str, Any] = {
    "age": 34, "diagnosis": "treatment_resistant_depression", "request": "esketamine",
}  # fmt: skip
ALONE = {**DEPRESSION, "household_size": 1, "coverages": []}
FAMILY = {**DEPRESSION, "household_size": 3, "coverages": [], "state": "OH"}
JOB = {"kind": "employer", "payer": "unitedhealthcare"}
MEDICARE = {"kind": "medicare", "medicare": "original"}
PUBLIC: list[dict[str, Any]] = [
    MEDICARE, {"kind": "medicaid", "medicaid": "managed_care"}, {"kind": "va"}, {"kind": "tricare"},
]  # fmt: skip
OF_AN_EMPLOYER = (
    "hsa", "fsa", "hra", "employer_psychedelic_benefit", "open_enrollment_plan_change",
    "lmn_for_hsa_fsa",
)  # fmt: skip
DEBT = ("medical_personal_loan", "medical_credit_card", "clinic_payment_plan")


def of(result: Result, record: str) -> PathShown | None:
    return next((p for p in result.paths if p.record == record and p.coverage is None), None)


def first(data: dict[str, Any]) -> list[str | None]:
    return [p.record for p in first_ways(evaluate(data, today=DAY), BOOK)]


def fit(data: dict[str, Any], record: str) -> str | None:
    path = of(evaluate(data, today=DAY), record)
    return path.fit if path is not None else None


# --- who has no insurance -----------------------------------------------------------------------


def test_a_family_of_three_at_21000_in_ohio_is_led_to_medicaid_with_its_own_link_and_phone() -> (
    None
):
    result = evaluate({**FAMILY, "annual_income": 21_000}, today=DAY)
    lead = result.best_path
    assert lead is not None
    assert (lead.record, lead.fit) == ("medicaid_enrollment", "fits")
    contact = lead.next_steps[0].contact
    assert contact is not None
    assert contact.phone == "800-324-8680"
    assert contact.url == "https://ssp.benefits.ohio.gov/"
    assert lead.next_steps[0].id == "apply_medicaid"
    # Who can have Medicaid is not shown how to go into debt.
    assert [p.fit for p in result.paths if p.record in DEBT] == ["does_not_fit"] * 3
    assert first({**FAMILY, "annual_income": 21_000})[0] == "medicaid_enrollment"


def test_at_80000_it_is_the_marketplace() -> None:
    result = evaluate({**FAMILY, "annual_income": 80_000, "disabled": False}, today=DAY)
    lead = result.best_path
    assert lead is not None
    assert (lead.record, lead.fit) == ("marketplace_special_enrollment", "fits")
    contact = lead.next_steps[0].contact
    assert contact is not None
    assert (contact.name, contact.phone) == ("HealthCare.gov", "1-800-318-2596")
    assert fit({**FAMILY, "annual_income": 80_000, "disabled": False}, "medicaid_enrollment") == (
        "does_not_fit"
    )


# 138 % of the guideline of 2026 for one person in the contiguous states: $15,960 a year.
LIMIT = 22_024


@pytest.mark.parametrize(
    ("income", "leads"),
    [(LIMIT, "medicaid_enrollment"), (LIMIT + 200, "marketplace_special_enrollment")],
)
def test_138_percent_is_the_line(income: int, leads: str) -> None:
    lead = evaluate({**ALONE, "state": "OH", "annual_income": income}, today=DAY).best_path
    assert lead is not None
    assert (lead.record, lead.fit) == (leads, "fits")


def test_in_the_coverage_gap_of_texas_neither_insurance_leads() -> None:
    data = {
        **ALONE,
        "state": "TX",
        "annual_income": 9_000,
        "disabled": False,
        "parent_of_child": False,
        "pregnant": False,
    }
    assert fit(data, "medicaid_enrollment") == "does_not_fit"
    assert fit(data, "marketplace_special_enrollment") == "may_fit"  # no credit below 100 percent
    assert not {"medicaid_enrollment", "marketplace_special_enrollment"} & set(first(data))
    steps = of(evaluate(data, today=DAY), "marketplace_special_enrollment")
    assert steps is not None
    assert "estimate_next_year_income" in {s.id for s in steps.next_steps}


def test_a_disability_alone_does_not_settle_medicaid() -> None:
    """The groups for age and disability have limits of their own: the office settles it."""
    data = {**ALONE, "state": "OH", "annual_income": 60_000}
    assert fit({**data, "disabled": True}, "medicaid_enrollment") == "may_fit"
    assert fit({**data, "disabled": False}, "medicaid_enrollment") == "does_not_fit"


# --- accounts of an employer, Medicare's help, the VA ----------------------------------------------


@pytest.mark.parametrize("cover", [[], *([c] for c in PUBLIC)], ids=str)
def test_nobody_without_an_employer_is_offered_an_employers_account(cover: list[Any]) -> None:
    result = evaluate({**DEPRESSION, "state": "OH", "coverages": cover}, today=DAY)
    for record in OF_AN_EMPLOYER:
        path = of(result, record)
        assert path is None or path.fit == "does_not_fit", record


@pytest.mark.parametrize("cover", [[], [MEDICARE]], ids=str)
def test_who_has_such_an_account_may_use_it(cover: list[Any]) -> None:
    data = {**DEPRESSION, "state": "OH", "coverages": cover, "money": {"hsa": True}}
    assert fit(data, "hsa") == "fits"


def test_with_a_job_plan_the_accounts_may_fit() -> None:
    data = {**DEPRESSION, "state": "GA", "coverages": [JOB]}
    assert {fit(data, r) for r in ("hsa", "fsa", "hra")} == {"may_fit"}


@pytest.mark.parametrize("age", [34, None])
@pytest.mark.parametrize("cover", [[JOB], [], None], ids=str)
def test_medicares_help_is_for_people_on_medicare(age: int | None, cover: Any) -> None:
    data = {**DEPRESSION, "age": age, "state": "OH", "coverages": cover}
    assert fit(data, "medicare_cost_help") in (None, "does_not_fit")
    assert first({**data, "coverages": [MEDICARE]})[0] == "medicare_cost_help"


def test_va_and_other_insurance_are_no_first_idea_for_a_job_plan() -> None:
    data = {**DEPRESSION, "state": "OH", "coverages": [JOB]}
    assert not {"va_benefits", "medicaid_enrollment", "marketplace_special_enrollment"} & set(
        first(data)
    )
    assert of(evaluate({**data, "veteran": False}, today=DAY), "va_benefits") is None
    assert "va_benefits" in first({**data, "veteran": True})
    # An income that opens Medicaid says so; one far above it rules it out.
    low = {**data, "household_size": 3, "annual_income": 21_000}
    assert "medicaid_enrollment" in first(low)
    high = {**low, "annual_income": 120_000, "disabled": False}
    assert fit(high, "medicaid_enrollment") in (None, "does_not_fit")


@pytest.mark.parametrize(("more", "shown"), [([], "fits"), ([JOB], "may_fit")], ids=str)
def test_a_sharing_ministry_counts_as_no_insurance_for_the_estimate(
    more: list[Any], shown: str
) -> None:
    """45 CFR 149.610(a)(2)(xiii)."""
    covers = [{"kind": "sharing_ministry"}, *more]
    assert fit({**DEPRESSION, "state": "OH", "coverages": covers}, "good_faith_estimate") == shown


# --- order ------------------------------------------------------------------------------------------


@cases
@given(case_data)
def test_ways_stand_by_fit_and_nothing_small_or_borrowed_is_among_the_first(
    data: dict[str, Any],
) -> None:
    result = evaluate(data, today=TODAY)
    insured = bool(result.payer_order)
    ways = [p for p in result.paths if p.role == "pay"]
    places = [GROUPS.index(group_of(p, BOOK, insured, result.best)) for p in ways]
    assert places == sorted(places)
    for path in result.paths:
        assert (path.fit is not None) is (path.role in ("pay", "help")), path.id
        if path.fit == "fits":
            assert not any(c.value == "not_met" for c in path.criteria), path.id
    shown = first_ways(result, BOOK)
    assert list(shown) == [p for p in ways if p in shown]
    assert len(shown) <= 3
    for path in shown:
        assert path.fit in ("fits", "may_fit")
        assert path.record not in DEBT
        assert path.saves is None or Decimal(path.saves[1]) >= 100
        if path.id != result.best:
            assert not any(c.id == "way_applies" and c.value == "unknown" for c in path.criteria)


def test_of_two_that_fit_the_one_that_saves_more_stands_first() -> None:
    ways = [
        p for p in evaluate({**DEPRESSION, "state": "GA", "coverages": [JOB]}, today=DAY).paths
        if p.role == "pay" and p.saves is not None and p.fit == "fits"
    ]  # fmt: skip
    assert len(ways) > 1
    for one, two in pairwise(ways):
        assert one.saves is not None
        assert two.saves is not None
        assert Decimal(one.saves[1]) >= Decimal(two.saves[1])


# --- costs inside the result ------------------------------------------------------------------------


@cases
@given(case_data)
def test_the_sums_of_a_result_are_those_of_the_cost_picture(data: dict[str, Any]) -> None:
    result = evaluate(data, today=TODAY)
    picture = estimate(read_case(data, TODAY), result, BOOK, TODAY)
    ids = {p.id for p in result.paths}
    for period, sums in (
        ("first_course", result.costs.first_course), ("first_year", result.costs.first_year),
    ):  # fmt: skip
        assert set(sums) <= ids
        for path, (low, high) in sums.items():
            line = next(
                x for x in picture.lines_of_path(path) if (x.what, x.period) == ("you_pay", period)
            )
            assert line.low is not None
            assert line.high is not None
            assert Decimal(low) <= Decimal(high)
            assert abs(Decimal(low) - line.low) <= 1
            assert abs(Decimal(high) - line.high) <= 1
    for shown in result.paths:
        if shown.saves is not None:
            assert shown.role == "pay"
            assert 0 <= Decimal(shown.saves[0]) <= Decimal(shown.saves[1])


def test_a_range_gives_its_reason() -> None:
    def why(money: dict[str, Any]) -> str:
        data = {**DEPRESSION, "state": "GA", "coverages": [JOB], "money": money}
        result = evaluate(data, today=DAY)
        path = "employer.unitedhealthcare.esketamine.prior_authorization"
        picture = estimate(read_case(data, DAY), result, BOOK, DAY)
        cost = cost_of_path(picture, path)
        assert cost is not None
        assert cost.first_year == result.costs.first_year[path]
        return cost.why

    assert why({}) == (
        "We do not know your deductible and your share of the price yet. "
        "It stops at the most a plan may charge in a year, $10,600."
    )
    told = {"deductible_left": 500, "coinsurance": 0.2, "out_of_pocket_left": 3000}
    assert "yearly maximum, $3,000 left" in why(told)


@pytest.mark.parametrize(
    ("money", "missing"),
    [
        ({}, {"money.deductible_left", "money.coinsurance", "money.out_of_pocket_left"}),
        ({"deductible_left": 500}, {"money.coinsurance", "money.out_of_pocket_left"}),
    ],
)
def test_what_is_missing_is_named_and_what_was_told_is_not(
    money: dict[str, Any], missing: set[str]
) -> None:
    data = {**DEPRESSION, "state": "GA", "coverages": [JOB], "money": money}
    found = set(evaluate(data, today=DAY).costs.missing)
    assert missing <= found
    assert not {f"money.{name}" for name in money} & found


# --- whom to call -----------------------------------------------------------------------------------

CONTACTS: list[tuple[dict[str, Any], str, str | None, str | None]] = [
    ({"state": "OH", "coverages": [JOB]}, "call_plan_with_codes", "UnitedHealthcare: the number on the insurance card", None),
    ({"state": "OH", "coverages": [{**JOB, "funding": "fully_insured"}]}, "complain_to_regulator", "Ohio Department of Insurance", "800-686-1526"),
    ({"state": "OH", "coverages": [{**JOB, "funding": "self_funded", "sponsor": "private"}]}, "complain_to_regulator", "Benefits advisors of the Department of Labor (EBSA)", "1-866-444-3272"),
    ({"state": "OH", "coverages": [JOB]}, "enroll_savings", "SPRAVATO withMe", "1-844-479-4846"),
    ({"state": "OH", "coverages": [MEDICARE]}, "apply_medicare_savings", "Ohio Medicaid", "800-324-8680"),
    ({"state": "OH", "coverages": [{"kind": "va"}]}, "ask_community_care", "VA health benefits line", "1-877-222-8387"),
    ({"state": "CA", "coverages": []}, "apply_marketplace", "Covered California", "800-300-1506"),
    ({"state": "OH", "coverages": []}, "call_foundation", "Johnson & Johnson Patient Assistance Foundation", "1-800-652-6227"),
    ({"state": None, "coverages": []}, "apply_medicaid", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("more", "step", "name", "phone"), CONTACTS)
def test_a_step_names_whom_to_call_from_a_record_or_nobody(
    more: dict[str, Any], step: str, name: str | None, phone: str | None
) -> None:
    data = {
        **DEPRESSION, **more, "stage": "denied" if step == "complain_to_regulator" else "exploring",
    }  # fmt: skip
    found = {
        s.contact for p in evaluate(data, today=DAY).paths for s in p.next_steps if s.id == step
    }
    assert found, step
    if name is None:
        assert found == {None}
        return
    assert {(c.name, c.phone) for c in found if c is not None} == {(name, phone)}
