"""Money: the sums to the cent, the assumptions, what depends on what, and the honesty of ranges.

Expected amounts are typed, worked out by hand; nothing here reads them from the records.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
import string
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import evaluate, load_rules, read_case
from rules.costs import OverrideError, costs_of, costs_text, estimate, money, read_numbers
from rules.costs import formulas as f
from rules.costs.catalogue import catalogue, figure
from rules.costs.pick import measure
from rules.costs.recipes import PERIODS, YOU_PAY
from rules.vocabulary import COVERAGE_KINDS
from tests.cases_of import TODAY, examples
from tests.example_model import MoneyExample, SumExample
from tests.how_often import often
from tests.strategies import case_data, flags, maybe, some

BOOK = load_rules()
D = Decimal
some_cases = settings(
    max_examples=often(80), deadline=None, suppress_health_check=list(HealthCheck)
)
sums = settings(max_examples=often(300), deadline=None)

# --- the worked examples of the rule book ---------------------------------------------------------------


def number(value: Any) -> Decimal:
    return D(str(value))


def _course(i: dict[str, Any]) -> Any:
    course = f.course_cost(i["n_induction"], i["price"], i["package_discount"], i["evaluation"])
    return f.yearly_cost(course, i["n_maintenance"], i["price_maintenance"], i["other"])


def _out_of_network(i: dict[str, Any]) -> Any:
    found = f.out_of_network_estimate(
        i["billed"] * i["sessions"],
        i["allowed"] * i["sessions"],
        i["deductible_left"],
        i["coinsurance"],
    )
    return {
        "billed_total": found.billed, "allowed_total": found.allowed,
        "plan_pays": found.plan_pays, "patient_total": found.you_pay,
    }  # fmt: skip


def _deferred(i: dict[str, Any]) -> Any:
    found = f.deferred_interest_card(
        i["purchase"], i["apr"], int(i["promo_months"]), i["monthly_payment"]
    )
    return {"balance_left": found.balance_left, "back_interest": found.back_interest}


def _loan(i: dict[str, Any]) -> Any:
    found = f.loan(i["principal"], i["apr"], i["months"])
    return {"payment": found.payment, "total_interest": found.total_interest}


def _deduction(i: dict[str, Any]) -> Any:
    found = f.tax_deduction(
        i["medical"], i["agi"], i["other_itemised"], i["standard_deduction"], i["rate"], D("0.075")
    )
    return {"deductible_medical": found.deductible_medical, "saving": found.saving}


def _card_year(i: dict[str, Any]) -> Any:
    found = f.esketamine_savings_programme(
        int(i["n"]), i["plan_share"], i["card_floor"], i["annual_max"]
    )
    return {"patient_total": found.you_pay, "help_total": found.programme_pays}


def _saving(i: dict[str, Any]) -> Any:
    return f.hsa_fsa_saving(i["amount"], i["cap"], i["fed"], i["state"], i["fica"])


def _dispute(i: dict[str, Any]) -> Any:
    days = int(i["days_since_first_bill"])
    return f.can_dispute_bill(i["billed_total"], i["estimate_total"], days, D(400), 120)


FORMULAS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "course_cost": _course, "oon_reimbursement": _out_of_network, "hsa_fsa_tax_saving": _saving,
    "loan_amortisation": _loan, "deferred_interest_trap": _deferred,
    "itemised_deduction_benefit": _deduction, "spravato_card_year": _card_year,
    "gfe_dispute_test": _dispute,
}  # fmt: skip
EXAMPLES = [e for e in examples("money") if isinstance(e, SumExample)]
WHOLE_CASES = [e for e in examples("money") if isinstance(e, MoneyExample)]


def assert_same(found: Any, wanted: Any) -> None:
    if isinstance(wanted, dict):
        assert set(found) == set(wanted)
        for key, value in wanted.items():
            assert found[key] == number(value), (key, found[key], value)
    elif isinstance(wanted, bool):
        assert found is wanted
    else:
        assert found == number(wanted)


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.id for e in EXAMPLES])
def test_worked_examples_to_the_cent(example: SumExample) -> None:
    inputs = {k: number(v) for k, v in example.inputs.items()}
    assert_same(FORMULAS[example.formula](inputs), example.result)


@pytest.mark.parametrize("example", WHOLE_CASES, ids=[e.id for e in WHOLE_CASES])
def test_whole_cases_to_the_cent(example: MoneyExample) -> None:
    numbers = {k.replace(".", "__"): v for k, v in example.numbers.items()}
    found = picture(example.case, **numbers)
    for place, wanted in example.lines.items():
        option, _, period = place.rpartition(".")
        assert ends(found, option, period) == tuple(number(w) for w in wanted), place
    for option in example.absent:
        assert not [x for x in found.lines if x.option == option]


def test_every_formula_with_an_example_is_computed_as_the_record_says() -> None:
    """The records' own examples and the tested ones cannot drift apart."""
    for ident, record in BOOK.formulas.items():
        if record.example_result is not None:
            inputs = {k: number(v) for k, v in record.example_inputs.items()}
            assert_same(FORMULAS[ident](inputs), record.example_result)
    assert set(FORMULAS) | {"rank_of_options"} == set(BOOK.formulas)


# --- worked by hand -----------------------------------------------------------------------------------------


def test_in_network_deductible_then_coinsurance_then_limit() -> None:
    # 500 of deductible, 20 % of the other 3,100.
    assert f.in_network_share(D(3600), D(500), D("0.2")) == (D("1120.00"), D("2480.00"))
    # The same with 900 left until the yearly limit.
    assert f.in_network_share(D(3600), D(500), D("0.2"), D(900)) == (D("900.00"), D("2700.00"))
    # A charge below the deductible is all the person's.
    assert f.in_network_share(D(450), D(500), D("0.2")).you_pay == D("450.00")


def test_out_of_network_balance_limit_and_no_cover() -> None:
    # Billed 6 x 550 = 3,300; allowed 6 x 300 = 1,800; 1,200 + 40 % of 600 = 1,440; balance 1,500.
    found = f.out_of_network_estimate(D(3300), D(1800), D(1200), D("0.4"))
    assert (found.plan_pays, found.balance, found.you_pay) == (
        D("360.00"),
        D("1500.00"),
        D("2940.00"),
    )
    # The limit holds for the share, never for the balance.
    limited_by_confidence = f.out_of_network_estimate(D(3300), D(1800), D(1200), D("0.4"), D(1000))
    assert (limited_by_confidence.plan_pays, limited_by_confidence.you_pay) == (
        D("800.00"),
        D("2500.00"),
    )
    nothing = f.out_of_network_estimate(D(3300), D(1800), D(1200), D("0.4"), covered=False)
    assert (nothing.plan_pays, nothing.you_pay) == (D("0.00"), D("3300.00"))
    # A plan does not allow more than was billed.
    assert f.out_of_network_estimate(D(300), D(400), D(0), D("0.5")).plan_pays == D("150.00")


def test_part_b_with_medigap_and_qmb() -> None:
    # 8 x 952.59 = 7,620.72; deductible 283; 20 % of 7,337.72 = 1,467.544.
    approved = 8 * D("952.59")
    assert f.medicare_part_b_share(approved, D(283), D("0.2")).you_pay == D("1750.54")
    # A plan that pays the whole share leaves the deductible; one that pays half leaves 733.772 more.
    assert f.medicare_part_b_share(approved, D(283), D("0.2"), D(1)).you_pay == D("283.00")
    assert f.medicare_part_b_share(approved, D(283), D("0.2"), D("0.5")).you_pay == D("1016.77")
    assert f.medicare_part_b_share(approved, D(283), D("0.2"), D(1), D(1)).you_pay == 0
    assert f.medicare_part_b_share(approved, D(283), D("0.2"), qmb=True).you_pay == 0
    # One visit of 2026, deductible met: 20 % of 1,356.08.
    assert f.medicare_part_b_share(D("1356.08"), D(0), D("0.2")).you_pay == D("271.22")


def test_medicaid_copays_and_their_cap() -> None:
    assert f.medicaid_share(D(8), D(4)) == D("32.00")
    assert f.medicaid_share(D(56), D(4), D(150)) == D("150.00")
    assert f.medicaid_share(D(56), D(4), exempt=True) == 0
    assert f.copay_share(D(8), D(50)) == D("400.00")


def _programme(counted: int, rebate: Decimal | None) -> f.Help:
    terms = f.CardTerms(D(10), D(700), D(counted), rebate)
    return f.savings_programme_course(D(3), D(1000), D(100), D(500), D("0.2"), f.NO_LIMIT, terms)


def test_savings_programme_visit_by_visit() -> None:
    # 1: drug 500 + 100 = 600, help 590, pays 10; stay 20. 2: drug 200, help 110, pays 90; stay 20.
    # 3: drug 200, no help left; stay 20. In all 10 + 20 + 90 + 20 + 200 + 20.
    assert _programme(1, None) == (D("360.00"), D("700.00"))
    # With the rebate the three stays cost nothing.
    assert _programme(1, D(0)) == (D("300.00"), D("760.00"))
    # With an accumulator only what was paid counts: 10; stay 100 of deductible; drug 390 + 122 = 512,
    # help 110, pays 402; stay 20; drug 200; stay 20.
    assert _programme(0, None) == (D("752.00"), D("700.00"))


def test_savings_programme_never_helps_with_government_cover() -> None:
    found = f.esketamine_savings_programme(8, D(271), D(10), D(7150), government_cover=True)
    assert found == (D("2168.00"), D("0.00"))


def test_tax_saving_stops_at_the_limit_and_at_all_of_it() -> None:
    assert f.hsa_fsa_saving(D(3450), D(4400), D("0.12"), payroll=D("0.0765")) == D("677.93")
    assert f.hsa_fsa_saving(D(6000), D(4400), D("0.12")) == D("528.00")
    assert f.hsa_fsa_saving(D(100), D(4400), D("0.9"), D("0.9")) == D("100.00")


def test_deduction_counts_only_what_passes_the_standard_deduction() -> None:
    # Income 40,000: floor 3,000; 8,000 - 3,000 = 5,000; 12,000 + 5,000 = 17,000; 900 above 16,100; 12 %.
    found = f.tax_deduction(D(8000), D(40000), D(12000), D(16100), D("0.12"), D("0.075"))
    assert found == (D("5000.00"), D("108.00"))


def test_loan_without_interest_and_with_a_fee() -> None:
    assert f.loan(D(3600), D(0), D(24)) == (D("150.00"), D("0.00"), D("3600.00"))
    assert f.loan(D(4000), D("0.114"), D(24), D("0.05")).net_received == D("3800.00")


def test_card_with_one_missed_payment() -> None:
    # 1,200 over 3 months at 24 %: balances 1,200, 800, 400 make 24 + 16 + 8; the last 400 is missed.
    found = f.deferred_interest_card(D(1200), D("0.24"), 3, D(400), payments=2)
    assert found == (D("400.00"), D("48.00"), D("448.00"), D("400.00"))
    assert f.deferred_interest_card(D(1200), D("0.24"), 3, D(400)).owed == 0
    assert f.safe_payment(D(1000), D(3)) == D("333.34")


def test_payment_plan_and_rounding() -> None:
    assert f.payment_plan(D(3450), D(12)) == D("287.50")
    assert f.payment_plan(D(3450), D(12), D(60)) == D("292.50")
    assert f.cents(D("0.005")) == D("0.01")
    assert f.difference((D(100), D(200)), (D(400), D(500))) == (D(200), D(400))


# --- whole cases, worked by hand ---------------------------------------------------------------------------

AETNA: dict[str, Any] = {
    "age": 42, "state": "TX", "household_size": 1, "annual_income": 38000, "request": "iv_ketamine",
    "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "employer", "payer": "aetna", "network": "ppo", "funding": "self_funded"}],
    "money": {
        "hsa": True, "deductible_left": 1200, "coinsurance": 0.4, "quoted_price_per_session": 550,
        "sessions": 6, "maintenance_sessions_per_year": 6, "tax_bracket_percent": 12,
        "credit_fair_or_better": True,
    },
}  # fmt: skip
MEDICARE: dict[str, Any] = {
    "age": 70, "state": "FL", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "medicare", "medicare": "original", "part_b": True, "medigap": False}],
}  # fmt: skip
QMB: dict[str, Any] = {
    **MEDICARE,
    "coverages": [*MEDICARE["coverages"], {"kind": "medicaid", "medicaid": "qmb"}],
}
MEDICAID: dict[str, Any] = {
    "age": 30, "state": "NY", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "medicaid", "medicaid": "managed_care"}],
}  # fmt: skip
NO_COVER: dict[str, Any] = {"request": "iv_ketamine", "diagnosis": "ptsd", "coverages": []}


def picture(data: dict[str, Any], today: dt.date = TODAY, **overrides: Any) -> Any:
    case = read_case(data)
    result = evaluate(case, today=today)
    given_numbers = {k.replace("__", "."): number(v) for k, v in overrides.items()}
    return estimate(case, result, BOOK, today, given_numbers)


def ends(found: Any, option: str, period: str, what: str = YOU_PAY) -> tuple[Any, Any]:
    line = found.line(option, what, period)
    assert line is not None, (option, what, period, sorted({x.option for x in found.lines}))
    return line.low, line.high


def test_paying_all_of_it_with_a_quoted_price() -> None:
    # 6 x 550 = 3,300 and an evaluation of 150 to 350; six upkeep sessions at the quoted price.
    found = picture(AETNA)
    assert ends(found, "self.iv_ketamine.self_pay", "first_course") == (D(3450), D(3650))
    assert ends(found, "self.iv_ketamine.self_pay", "first_year") == (D(6750), D(6950))
    assert ends(found, "self.iv_ketamine.self_pay", "later_year") == (D(3300), D(3300))


def test_exact_only_where_every_input_is_exact() -> None:
    loose = picture(AETNA).line("self.iv_ketamine.self_pay", YOU_PAY, "first_course")
    tight = picture(AETNA, evaluation=250).line(
        "self.iv_ketamine.self_pay", YOU_PAY, "first_course"
    )
    assert (loose.exact, tight.exact) == (False, True)
    assert (tight.low, tight.high) == (D(3550), D(3550))
    # A published average is one figure and still not exact.
    published = picture(NO_COVER, evaluation=0, iv_ketamine__price=500)
    line = published.line("self.iv_ketamine.self_pay", YOU_PAY, "first_course")
    assert (line.low, line.high, line.exact) == (D(3000), D(3000), False)


def test_a_plan_in_network() -> None:
    # 3,450: 1,200 + 40 % of 2,250 = 2,100. 3,650: 1,200 + 40 % of 2,450 = 2,180.
    found = picture(AETNA)
    assert ends(found, "cover0.iv_ketamine.share", "first_course") == (D(2100), D(2180))
    # With 1,500 left until the yearly maximum.
    limited_by_confidence = picture(AETNA, cover0__out_of_pocket_left=1500)
    assert ends(limited_by_confidence, "cover0.iv_ketamine.share", "first_course") == (
        D(1500),
        D(1500),
    )


def test_a_claim_outside_the_network() -> None:
    # Unknown allowed price: nothing of 3,300 comes back, or 3,300 - 1,200 - 40 % of 2,100 = 1,260.
    found = picture(AETNA)
    assert ends(found, "cover0.iv_ketamine.out_of_network", "first_course", "plan_pays") == (
        0,
        D(1260),
    )
    assert ends(found, "cover0.iv_ketamine.out_of_network", "first_course") == (D(2190), D(3650))
    # Allowed 300: 1,800 - 1,200 = 600, of which 60 % = 360; 3,300 - 360 and the evaluation.
    known = picture(AETNA, cover0__iv_ketamine__out_of_network_allowed=300)
    assert ends(known, "cover0.iv_ketamine.out_of_network", "first_course") == (D(3090), D(3290))


def test_accounts_and_borrowing() -> None:
    found = picture(AETNA)
    # HSA of one person in 2026: 4,400. Low: 3,450 x 12 %, put in directly. High: 3,650 x 19.65 %.
    assert ends(found, "self.iv_ketamine.hsa", "first_course", "saving") == (
        D("414.00"),
        D("717.23"),
    )
    # Of 6,750 and 6,950 only 4,400 count: 528 to 864.60 saved.
    assert ends(found, "self.iv_ketamine.hsa", "first_year") == (D("5885.40"), D("6422.00"))
    # Clinic's plan over 12 months.
    assert ends(found, "self.iv_ketamine.payment_plan", "each_month", "monthly") == (
        D("287.50"), D("304.17"),
    )  # fmt: skip
    # Card: 1/12 each month at 26.99 %; with the last payment missed the balances are those of
    # 12, 11 ... 1 twelfths: 78/12 x 3,450 x 0.2699/12 = 504.38; owed with 287.50 more.
    card = "self.iv_ketamine.card"
    exact = picture(AETNA, evaluation=150)
    assert ends(exact, card, "once", "back_interest") == (D("504.38"), D("504.38"))
    assert ends(exact, card, "once", "owed_at_the_end") == (D("791.88"), D("791.88"))
    assert ends(exact, card, "first_course") == (D("3450.00"), D("3954.38"))
    # Paid as the person means to: too little, then enough.
    late = picture(AETNA, evaluation=150, promo_payment=287)
    assert ends(late, card, "first_course")[1] > D(3450)
    paid = picture(AETNA, evaluation=150, promo_payment=D("287.50"))
    assert ends(paid, card, "first_course") == (D(3450), D(3450))


def test_loan_of_a_course() -> None:
    # 4,000 at 11.4 % over 24 months: the record's example, reached through a case.
    found = picture(AETNA, evaluation=700)
    assert ends(found, "self.iv_ketamine.loan", "each_month", "monthly") == (
        D("187.18"),
        D("187.18"),
    )
    assert ends(found, "self.iv_ketamine.loan", "once", "interest") == (D("492.20"), D("492.20"))
    assert ends(found, "self.iv_ketamine.loan", "first_course") == (D("4492.20"), D("4492.20"))


def test_deduction_is_usually_nothing_and_says_so() -> None:
    found = picture(AETNA, other_deductions=2000)
    assert ends(found, "self.iv_ketamine.tax_deduction", "first_year", "saving") == (0, 0)
    # 38,000 x 7.5 % = 2,850; 6,750 - 2,850 = 3,900, all above the standard deduction: 12 % = 468.
    # Where nobody knows the other deductions it may still be nothing.
    open_ended = picture(AETNA)
    low, high = ends(open_ended, "self.iv_ketamine.tax_deduction", "first_year", "saving")
    assert (low, high) == (D(0), D("492.00"))
    text = costs_text(read_case(AETNA), evaluate(AETNA, today=TODAY), BOOK, TODAY)
    assert "this saves nothing" in text


def test_original_medicare_without_and_with_medigap() -> None:
    share = "cover0.esketamine.share"
    # Low: nothing of the deductible left, 20 % of 150 + 8 x 952.59 = 7,770.72.
    # High: 350 + 8 x 1,356.08 = 11,198.64; 283 + 20 % of 10,915.64.
    assert ends(picture(MEDICARE), share, "first_course") == (D("1554.14"), D("2466.13"))
    exact = picture(
        MEDICARE, evaluation=0, cover0__esketamine__allowed="952.59", cover0__deductible_left=283
    )
    assert ends(exact, share, "first_course") == (D("1750.54"), D("1750.54"))
    medigap = {**MEDICARE, "coverages": [{**MEDICARE["coverages"][0], "medigap": True}]}
    # The letter of the plan is not known: all of it, or half of the 20 % and none of the deductible.
    assert ends(picture(medigap), share, "first_course") == (D(0), D("1374.56"))
    plan_g = picture(medigap, cover0__medigap_pays_share=1, cover0__medigap_pays_deductible=0)
    assert ends(plan_g, share, "first_course") == (D(0), D("283.00"))


def test_qmb_pays_nothing_and_medicaid_little() -> None:
    found = picture(QMB)
    for period in PERIODS:
        assert ends(found, "cover0.esketamine.share", period) == (0, 0)
        assert found.line("cover0.esketamine.share", YOU_PAY, period).exact
    # 8, 34 to 56 and 26 to 52 visits at no more than 4.
    found = picture(MEDICAID)
    assert ends(found, "cover0.esketamine.share", "first_course") == (D(0), D(32))
    assert ends(found, "cover0.esketamine.share", "first_year") == (D(0), D(224))
    assert ends(found, "cover0.esketamine.share", "later_year") == (D(0), D(208))
    # Above the poverty guideline a state may ask 20 %: 2,239.73; never more than 5 % of 20,000.
    richer = picture({**MEDICAID, "household_size": 1, "annual_income": 20000})
    assert ends(richer, "cover0.esketamine.share", "first_course") == (D(0), D(1000))


EVERY_KIND: dict[str, dict[str, Any]] = {
    **{kind: {} for kind in COVERAGE_KINDS},
    "medicare": {"medicare": "original", "part_b": True, "part_d": False, "medigap": False},
    "medicaid": {"medicaid": "managed_care"},
}


@pytest.mark.parametrize("kind", COVERAGE_KINDS)
@pytest.mark.parametrize("request_", ["esketamine", "iv_ketamine"])
def test_every_kind_of_cover_has_a_sane_sum_or_says_whom_to_ask(kind: str, request_: str) -> None:
    data = {**MEDICARE, "request": request_, "coverages": [{"kind": kind, **EVERY_KIND[kind]}]}
    data |= {"household_size": 1, "annual_income": 30000, "state": "OH"}
    found = picture(data)
    for line in found.lines:
        if line.low is not None and line.high is not None:
            assert 0 <= line.low <= line.high, line
        else:
            assert line.needs, line
    shares = [x for x in found.lines if x.cover == 0 and x.kind == "share"]
    open_paths = [
        p for p in evaluate(read_case(data, TODAY), TODAY, BOOK).paths
        if p.coverage == 0 and p.outlook != "closed" and p.route in catalogue().cover_routes
    ]  # fmt: skip
    assert shares or found.no_terms == ((0,) if open_paths else ())
    for line in shares:
        limit = found.assumptions["cover0.out_of_pocket_left"]
        if line.period == "first_course" and limit.known and line.high is not None:
            assert line.high <= limit.high  # type: ignore[operator]


def test_more_cover_never_costs_more() -> None:
    alone = picture(MEDICARE)
    for more in ({"medigap": True}, {"medigap": None}):
        helped = picture({**MEDICARE, "coverages": [{**MEDICARE["coverages"][0], **more}]})
        for period in ("first_course", "first_year", "later_year"):
            with_it, without = (ends(p, "cover0.esketamine.share", period) for p in (helped, alone))
            assert with_it[0] <= without[0]
            assert with_it[1] <= without[1]
    for kind in ("qmb", "managed_care"):
        both = [*MEDICARE["coverages"], {"kind": "medicaid", "medicaid": kind}]
        helped = picture({**MEDICARE, "coverages": both})
        assert ends(helped, "cover0.esketamine.share", "first_course")[0] == 0
        assert (
            ends(helped, "cover0.esketamine.share", "first_course")[1]
            <= ends(alone, "cover0.esketamine.share", "first_course")[1]
        )


def test_a_payment_of_nothing_names_its_rule() -> None:
    row = next(r for r in costs(QMB)["table"] if r["option"] == "cover0.esketamine.share")
    assert [b["source"] for b in row["because"]]
    assert all(b["source"] in BOOK.sources for b in row["because"])
    assert "QMB" in row["because"][0]["says"]


def test_without_a_limit_nothing_is_guessed() -> None:
    """A plan without a known limit: no range from nothing to a fortune, but the question."""
    federal = {**MEDICARE, "age": 42, "coverages": [{"kind": "fehb"}]}
    line = picture(federal).line("cover0.esketamine.share", YOU_PAY, "first_course")
    assert line.low is None
    assert set(line.needs) == {"cover0.coinsurance", "cover0.deductible_left"}
    # 8 x 1,240 = 9,920: 500 + 20 % of 9,420.
    told = picture(
        federal, evaluation=0, cover0__coinsurance="0.2", cover0__deductible_left=500,
        cover0__esketamine__allowed=1240,
    )  # fmt: skip
    assert ends(told, "cover0.esketamine.share", "first_course") == (D("2384.00"), D("2384.00"))


def test_a_cover_without_figures_is_named() -> None:
    data = {**MEDICARE, "coverages": [{"kind": "auto_injury"}]}
    found = costs(data)
    assert not [row for row in found["table"] if row["cover"] == 0]
    assert [text for text in found["no_terms"] if "claims adjuster" in text and "not known" in text]
    assert len(found["no_terms"]) == 1
    assert costs(MEDICAID)["no_terms"] == []


def test_first_year_of_esketamine_follows_the_label() -> None:
    # 34 to 56 sessions at about 1,050 and the evaluation; 26 to 52 in later years.
    found = picture(MEDICARE)
    assert ends(found, "self.esketamine.self_pay", "first_year") == (D(35850), D(59150))
    assert ends(found, "self.esketamine.self_pay", "later_year") == (D(27300), D(54600))


def test_a_year_of_infusions_from_published_ranges() -> None:
    # 150 + 6 x 400 + 4 x 400 and 350 + 6 x 800 + 12 x 800.
    found = picture(NO_COVER)
    assert ends(found, "self.iv_ketamine.self_pay", "first_course") == (D(2550), D(5150))
    assert ends(found, "self.iv_ketamine.self_pay", "first_year") == (D(4150), D(14750))
    assert ends(found, "self.iv_ketamine.self_pay", "later_year") == (D(1600), D(9600))


def test_lozenges_at_home_go_by_the_month() -> None:
    found = picture({**NO_COVER, "request": "oral_ketamine"})
    assert ends(found, "self.oral_ketamine.self_pay", "first_year") == (D(1050), D(2750))


def test_pain_uses_prices_for_pain() -> None:
    found = picture({**NO_COVER, "diagnosis": "crps"})
    assert ends(found, "self.iv_ketamine.self_pay", "first_course") == (D(2550), D(11350))
    known = picture({**NO_COVER, "diagnosis": "crps"}, iv_ketamine__sessions=10, evaluation=0)
    assert ends(known, "self.iv_ketamine.self_pay", "first_course") == (D(6000), D(14000))


def test_savings_programme_only_where_it_is_allowed() -> None:
    esketamine = {
        **AETNA,
        "request": "esketamine",
        "money": {"deductible_left": 0, "coinsurance": 0.2},
    }

    def programme(data: dict[str, Any], **overrides: Any) -> Any:
        found = picture(data, evaluation=0, cover0__esketamine__allowed=1000, **overrides)
        return found.line("cover0.esketamine.savings_programme", YOU_PAY, "first_course")

    # 8 visits, 854.39 of drug: the card leaves 10. Stay 145.61: 20 % is 29.122, or nothing after the rebate.
    allowed = programme(esketamine)
    assert (allowed.low, allowed.high) == (D("80.00"), D("312.98"))
    # No rebate in Massachusetts: the stay is paid at both ends.
    no_rebate = programme({**esketamine, "state": "MA"})
    assert (no_rebate.low, no_rebate.high) == (D("312.98"), D("312.98"))
    both = {**esketamine, "coverages": [*AETNA["coverages"], {"kind": "tricare"}]}
    assert programme(both) is None
    assert not [x for x in picture(MEDICARE).lines if x.kind == "savings_programme"]
    assert not [x for x in picture(NO_COVER).lines if x.kind == "savings_programme"]


def test_the_programmes_yearly_maximum_can_run_out() -> None:
    # 20 treatments at 1,000, all of it the person's share: 20,000 less 7,150 or 8,000; the evaluation.
    data = {
        **AETNA,
        "request": "esketamine",
        "state": "MA",
        "money": {"coinsurance": 1, "sessions": 20},
    }
    found = picture(
        data, cover0__esketamine__allowed=1000, esketamine__stay_price=0,
        cover0__out_of_pocket_left=100_000,
    )  # fmt: skip
    programme = "cover0.esketamine.savings_programme"
    assert ends(found, programme, "first_course") == (D(12150), D(13200))
    row = next(r for r in costs(data)["table"] if r["option"] == programme)
    assert any("does not hold in this state" in note for note in row["notes"])
    texas = next(r for r in costs({**data, "state": "TX"})["table"] if r["option"] == programme)
    assert not any("does not hold in this state" in note for note in texas["notes"])


def test_a_public_plan_gets_no_programme_even_if_a_path_said_so() -> None:
    """The sum checks the cover itself: a path that was opened by mistake does not carry over."""
    data = {**MEDICARE, "coverages": [{"kind": "medicare", "medicare": "advantage"}]}
    case, result = read_case(data), evaluate(data, today=TODAY)
    opened = tuple(p.model_copy(update={"outlook": "possible"}) for p in result.paths)
    found = estimate(case, result.model_copy(update={"paths": opened}), BOOK, TODAY)
    assert [x for x in found.lines if x.kind == "share"]
    assert not [x for x in found.lines if x.kind == "savings_programme"]


def test_the_deduction_counts_only_the_part_that_the_treatment_adds() -> None:
    # 60,000 of other medical bills and 6,750: 63,900 above the floor of 2,850, 12 % = 7,668; of this
    # 6,750 x 12 % = 810 is the treatment's own.
    data = {**AETNA, "money": {**AETNA["money"], "medical_spending": 60000}}
    found = picture(data, evaluation=150, other_deductions=40000)
    option = "self.iv_ketamine.tax_deduction"
    assert ends(found, option, "first_year", "saving") == (D("7668.00"), D("7668.00"))
    assert ends(found, option, "first_year") == (D("5940.00"), D("5940.00"))


def test_medicare_stops_new_hsa_money() -> None:
    found = picture({**MEDICARE, "money": {"hsa": True, "tax_bracket_percent": 12}})
    assert ends(found, "self.esketamine.hsa", "first_course", "saving") == (0, 0)


def test_older_people_may_put_more_into_an_hsa() -> None:
    # 5,400 instead of 4,400 of 6,950; 19.65 % at most.
    older = picture({**AETNA, "age": 55}, evaluation=350)
    younger = picture({**AETNA, "age": 54}, evaluation=350)
    assert ends(older, "self.iv_ketamine.hsa", "first_year", "saving")[1] == D("1061.10")
    assert ends(younger, "self.iv_ketamine.hsa", "first_year", "saving")[1] == D("864.60")


def test_limits_are_those_of_the_year() -> None:
    def limit(day: dt.date, ident: str) -> Any:
        return picture(AETNA, day).assumptions[ident]

    assert limit(dt.date(2026, 11, 24), "hsa_limit").value == 4400
    assert limit(dt.date(2026, 11, 24), "hsa_limit").next_year.low == 4500
    assert limit(dt.date(2027, 1, 1), "hsa_limit").value == 4500
    assert limit(dt.date(2026, 12, 31), "fsa_limit").value == 3400
    assert limit(dt.date(2026, 12, 31), "fsa_limit").next_year.low is None
    # The 2027 figure was not found: the last one stands in, and says of which year it is.
    late = limit(dt.date(2027, 1, 2), "fsa_limit")
    assert (late.value, late.late) == (3400, 2026)
    employed = {**AETNA, "money": {**AETNA["money"], "fsa": True}}
    day = dt.date(2027, 1, 2)
    text = costs_text(read_case(employed), evaluate(employed, today=day), BOOK, day, full=True)
    assert "figure of 2026; none was found for 2027" in text
    short = costs_text(read_case(employed), evaluate(employed, today=day), BOOK, day)
    assert short.count("None found for 2027 yet") == 1


def test_the_articles_own_figures_disagree_and_both_are_shown() -> None:
    text = " ".join(d["text"] for d in costs(NO_COVER)["disagreements"])
    for part in ("$2,400", "$4,800", "$3,000", "$8,000", "evaluation"):
        assert part in text


def test_two_covers_each_have_their_own_terms() -> None:
    two = {
        **AETNA,
        "coverages": [
            *AETNA["coverages"],
            {"kind": "individual", "payer": "molina", "network": "ppo"},
        ],
    }
    found = picture(two).assumptions
    assert {a for a in found if a.endswith("coinsurance") and "network" not in a} == {
        "cover0.coinsurance", "cover1.coinsurance",
    }  # fmt: skip
    told = [a.id for a in found.values() if a.origin == "case" and a.cover is not None]
    assert len({found[i].cover for i in told}) == 1


# --- differences ------------------------------------------------------------------------------------------


def test_a_known_saving_is_not_blurred_by_an_unknown_price() -> None:
    """Nobody knows the price of the evaluation, but the loan costs the same more at either end."""
    data = {**AETNA, "money": {**AETNA["money"], "quoted_price_per_session": None}}
    found = picture(data)
    low, high = found.difference(
        "self.iv_ketamine.payment_plan", "self.iv_ketamine.self_pay", "first_course"
    )
    assert (low, high) == (0, 0)
    low, high = found.difference(
        "self.iv_ketamine.loan", "self.iv_ketamine.self_pay", "first_course"
    )
    assert D(-700) < low <= high < D(-300)
    assert (
        found.difference("self.iv_ketamine.loan", "self.iv_ketamine.loan", "first_course") is None
    )


def test_difference_of_a_plan_and_paying_all_of_it() -> None:
    # 3,450 - 2,100 and 3,650 - 2,180.
    found = picture(AETNA)
    assert found.difference(
        "cover0.iv_ketamine.share", "self.iv_ketamine.self_pay", "first_course"
    ) == (D(1350), D(1470))


# --- assumptions ------------------------------------------------------------------------------------------


def test_every_default_stands_in_the_rule_book() -> None:
    text = (Path(f.__file__).with_name("catalogue.yaml")).read_text(encoding="utf-8")
    named = {
        w.strip("[],") for w in text.split()
        if w.strip("[],").partition(":")[0] in ("price", "parameter", "fact", "example")
        and w.strip("[],").partition(":")[2]
        and w.strip("[],").partition(":")[2].strip(string.ascii_uppercase + "/.")
    }  # fmt: skip
    assert len(named) > 50
    missing = sorted(n for n in named if figure(BOOK, n, TODAY) is None)
    assert not missing


def test_every_assumption_says_where_it_comes_from() -> None:
    for data in (AETNA, MEDICARE, MEDICAID, NO_COVER):
        for a in picture(data).shown_assumptions():
            if a.origin == "record":
                assert a.source in BOOK.sources, a
                assert a.confidence in ("sourced", "secondary", "recalled")
                assert a.low is not None
                assert a.high is not None
                assert a.low <= a.high
            elif a.origin == "case":
                assert a.case_field, a
                assert a.value == a.low == a.high


def test_overrides_that_make_no_sense_are_refused() -> None:
    for ident, value in (
        ("price", 1), ("cover7.coinsurance", 1), ("cover0.coinsurance", 1.5), ("evaluation", -1),
        ("plan_months", 0), ("iv_ketamine.price", "NaN"), ("iv_ketamine.price", "Infinity"),
    ):  # fmt: skip
        with pytest.raises(OverrideError):
            picture(AETNA, **{ident.replace(".", "__"): value})


def test_numbers_are_read_as_people_type_them() -> None:
    typed = ["a=12%", "b=$1,250.50", "c=0.12", " d = 7"]
    assert read_numbers(typed) == {"a": D("0.12"), "b": D("1250.50"), "c": D("0.12"), "d": D(7)}
    for wrong in ("a", "a=", "a=much", "=5x"):
        with pytest.raises(OverrideError):
            read_numbers([wrong])
    with pytest.raises(OverrideError, match=r"evalution.*Nearest: evaluation"):
        picture(AETNA, evalution=1)


def test_find_out_lists_everything_that_a_sum_needs() -> None:
    data = {
        **AETNA,
        "annual_income": None,
        "money": {**AETNA["money"], "tax_bracket_percent": None},
    }
    line = picture(data).line("self.iv_ketamine.tax_deduction", "saving", "first_year")
    assert line.low is None
    assert set(line.needs) == {"tax_rate", "income"}


# --- properties of the sums ------------------------------------------------------------------------------

dollars = st.decimals(0, 60_000, places=2)
shares = st.decimals(0, 1, places=3)
counts = st.integers(0, 60).map(D)


@sums
@given(dollars, dollars, dollars, shares, shares, dollars, dollars)
def test_more_cover_never_costs_more_and_nothing_is_negative(
    charges: D, ded: D, more_ded: D, coins: D, more_coins: D, limit: D, more_limit: D
) -> None:
    low = f.in_network_share(
        charges, min(ded, more_ded), min(coins, more_coins), min(limit, more_limit)
    )
    high = f.in_network_share(
        charges, max(ded, more_ded), max(coins, more_coins), max(limit, more_limit)
    )
    assert 0 <= low.you_pay <= high.you_pay <= charges
    assert low.plan_pays >= high.plan_pays >= 0
    assert low.you_pay + low.plan_pays == charges


@sums
@given(dollars, dollars, dollars, dollars, shares, dollars)
def test_out_of_network_is_between_in_network_and_all(
    billed: D, allowed: D, more_allowed: D, ded: D, coins: D, limit: D
) -> None:
    less = f.out_of_network_estimate(billed, max(allowed, more_allowed), ded, coins, limit)
    more = f.out_of_network_estimate(billed, min(allowed, more_allowed), ded, coins, limit)
    assert 0 <= less.you_pay <= more.you_pay <= billed
    assert more.you_pay + more.plan_pays == billed
    assert min(less.balance, more.balance, less.plan_pays, more.plan_pays) >= 0


@sums
@given(dollars, dollars, shares, shares, shares)
def test_part_b_falls_with_medigap_and_is_nothing_with_qmb(
    approved: D, ded: D, coins: D, pays: D, pays_deductible: D
) -> None:
    alone = f.medicare_part_b_share(approved, ded, coins).you_pay
    helped = f.medicare_part_b_share(approved, ded, coins, pays, pays_deductible).you_pay
    assert 0 <= helped <= alone <= approved
    assert f.medicare_part_b_share(approved, ded, coins, pays, pays_deductible, True).you_pay == 0


@sums
@given(st.integers(0, 60), dollars, dollars, dollars, shares, dollars, dollars, shares)
def test_the_programme_never_makes_it_dearer(
    n: int, drug: D, stay: D, ded: D, coins: D, limit: D, most: D, counted: D
) -> None:
    share = f.in_network_share(n * (drug + stay), ded, coins, limit).you_pay
    terms = f.CardTerms(D(10), most, counted)
    found = f.savings_programme_course(D(n), drug, stay, ded, coins, limit, terms)
    assert 0 <= found.programme_pays <= most
    if counted == 1:
        assert found.you_pay <= share + D("0.01")
    rebate = f.savings_programme_course(
        D(n), drug, stay, ded, coins, limit, terms._replace(stay_after_rebate=D(0))
    )
    assert 0 <= rebate.you_pay <= found.you_pay
    government = f.esketamine_savings_programme(n, drug, D(10), most, government_cover=True)
    assert government.programme_pays == 0
    assert government.you_pay == n * drug


@sums
@given(dollars, shares, st.integers(1, 60), shares, st.integers(1, 60), dollars)
def test_borrowing_never_costs_less(
    amount: D, rate: D, months: int, more_rate: D, more_months: int, payment: D
) -> None:
    low = f.loan(amount, min(rate, more_rate), D(min(months, more_months)))
    high = f.loan(amount, max(rate, more_rate), D(max(months, more_months)))
    assert 0 <= low.total_interest <= high.total_interest
    card = f.deferred_interest_card(amount, rate, months, payment)
    assert min(card.balance_left, card.back_interest) >= 0
    safe = f.deferred_interest_card(amount, rate, months, card.safe_payment)
    assert safe.owed == 0
    more = f.deferred_interest_card(amount, rate, months, payment + 1)
    assert more.owed <= card.owed


@sums
@given(dollars, dollars, dollars, shares, shares, shares, dollars, dollars)
def test_tax_help_is_never_more_than_the_cost(
    amount: D, more: D, cap: D, rate: D, state: D, payroll: D, income: D, others: D
) -> None:
    low = f.hsa_fsa_saving(min(amount, more), cap, rate, state, payroll)
    high = f.hsa_fsa_saving(max(amount, more), cap, rate, state, payroll)
    assert 0 <= low <= high <= min(max(amount, more), cap)
    found = f.tax_deduction(amount, income, others, D(16100), rate, D("0.075"))
    assert 0 <= found.saving <= found.deductible_medical <= amount


# --- properties of the picture -----------------------------------------------------------------------------

money_facts = some(
    hsa=flags, fsa=flags, itemizes=flags, credit_fair_or_better=flags,
    deductible_left=st.integers(0, 9000), coinsurance=st.sampled_from([0, 0.1, 0.2, 0.35, 0.5, 1]),
    out_of_pocket_left=st.integers(0, 10600), allowed_amount_per_session=st.integers(0, 900),
    quoted_price_per_session=st.integers(0, 2000), sessions=st.integers(0, 12),
    maintenance_sessions_per_year=st.integers(0, 52), medical_spending=st.integers(0, 90000),
    tax_bracket_percent=st.sampled_from([10, 12, 22, 24, 37]),
)  # fmt: skip
moneyed = st.builds(lambda data, facts: {**data, "money": facts}, case_data, maybe(money_facts))


@some_cases
@given(moneyed)
def test_ranges_are_ranges_and_nothing_is_negative(data: dict[str, Any]) -> None:
    found = picture(data)
    assert found.lines
    for line in found.lines:
        if line.low is None:
            assert line.needs, line
            continue
        assert 0 <= line.low <= line.high, line
        if line.exact:
            assert line.low == line.high
            known = [found.assumptions[u] for u in line.uses if found.assumptions[u].known]
            assert all(a.exact for a in known)
    json.dumps(costs_of(read_case(data), evaluate(data, today=TODAY), BOOK, TODAY))


@some_cases
@given(moneyed)
def test_no_way_of_paying_costs_more_than_what_it_lowers(data: dict[str, Any]) -> None:
    found = picture(data)
    for line in found.lines:
        if line.what != YOU_PAY or line.low is None:
            continue
        if line.kind in ("hsa", "fsa", "tax_deduction", "out_of_network"):
            whole = found.line(f"self.{line.treatment}.self_pay", YOU_PAY, line.period)
            if whole is not None and whole.low is not None:
                assert line.low <= whole.low, (line, whole)
                assert line.high <= whole.high, (line, whole)
        if line.kind == "savings_programme":
            share = found.line(f"cover{line.cover}.{line.treatment}.share", YOU_PAY, line.period)
            assert line.low <= share.low + D("0.10"), (line, share)
        if line.kind in ("loan", "card", "payment_plan"):
            whole = found.line(f"self.{line.treatment}.self_pay", YOU_PAY, line.period)
            assert line.low >= whole.low, (line, whole)


def _numbers_for(a: Any) -> st.SearchStrategy[Decimal]:
    if a.unit == "share":
        return st.decimals(0, 1, places=3)
    if a.unit == "usd":
        return st.decimals(0, 20_000, places=2)
    return st.integers(1, 40).map(D)


@some_cases
@given(moneyed, st.data())
def test_editing_one_assumption_changes_only_what_depends_on_it(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    before = picture(data)
    chosen = draw.draw(st.sampled_from(sorted(before.assumptions)))
    value = draw.draw(_numbers_for(before.assumptions[chosen]))
    case = read_case(data)
    after = estimate(case, evaluate(case, today=TODAY), BOOK, TODAY, {chosen: value})
    assert [x.key for x in before.lines] == [x.key for x in after.lines]
    for one, other in zip(before.lines, after.lines, strict=True):
        if chosen not in one.uses:
            assert (one.low, one.high, one.exact) == (other.low, other.high, other.exact), (
                chosen,
                one,
            )
    for ident, a in before.assumptions.items():
        if ident != chosen:
            assert a == after.assumptions[ident]


@pytest.mark.parametrize("data", [AETNA, MEDICARE, MEDICAID, {**AETNA, "request": "esketamine"}])
def test_each_assumption_in_turn_changes_only_what_lists_it(data: dict[str, Any]) -> None:
    before = picture(data)
    case, result = read_case(data), evaluate(data, today=TODAY)
    for ident, a in before.assumptions.items():
        for value in (D(1),) if a.unit == "share" else (D(3), D(431)):
            after = estimate(case, result, BOOK, TODAY, {ident: value})
            for one, other in zip(before.lines, after.lines, strict=True):
                if (one.low, one.high) != (other.low, other.high):
                    assert ident in one.uses, (ident, one.key)


@some_cases
@given(moneyed, dollars, dollars, st.sampled_from(["iv_ketamine", "esketamine"]))
def test_raising_the_price_never_lowers_a_cost(
    data: dict[str, Any], one: D, other: D, treatment: str
) -> None:
    case = read_case(data)
    result = evaluate(case, today=TODAY)
    ident = f"{treatment}.price"
    cheap, dear = (estimate(case, result, BOOK, TODAY, {ident: n}) for n in sorted((one, other)))
    for a, b in zip(cheap.lines, dear.lines, strict=True):
        if a.what == YOU_PAY and a.low is not None:
            assert a.low <= b.low, (a, b)
            assert a.high <= b.high, (a, b)


@some_cases
@given(moneyed, st.data())
def test_better_terms_never_cost_more(data: dict[str, Any], draw: st.DataObject) -> None:
    case = read_case(data)
    result = evaluate(case, today=TODAY)
    plain = estimate(case, result, BOOK, TODAY)
    terms = [i for i in plain.assumptions if i.startswith("cover") and "allowed" not in i]
    if not terms:
        return
    ident = draw.draw(st.sampled_from(sorted(terms)))
    values = st.lists(_numbers_for(plain.assumptions[ident]), min_size=2, max_size=2)
    less, more = sorted(draw.draw(values))
    if "medigap" in ident:
        less, more = more, less  # what Medigap pays helps
    cheap, dear = (estimate(case, result, BOOK, TODAY, {ident: n}) for n in (less, more))
    for a, b in zip(cheap.lines, dear.lines, strict=True):
        if a.what == YOU_PAY and a.low is not None and a.kind != "savings_programme":
            assert a.low <= b.low, (ident, a, b)
            assert a.high <= b.high, (ident, a, b)


LEFT_OPEN = ("allowed", "copay")  # what stands in for them is not a range of their own


@some_cases
@given(moneyed, st.data())
def test_every_sum_inside_the_ranges_lies_between_its_ends(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    """Any numbers inside the ranges of the assumptions give sums, and differences, inside theirs."""
    found = picture(data)
    numbers = {}
    for ident, a in found.assumptions.items():
        low, high = a.low, a.high
        if low is None:
            if a.blank != "open" or a.label.endswith(LEFT_OPEN) or a.label == "stay_price":
                continue
            low, high = D(0), D(1) if a.unit == "share" else D(30_000)
        if low == high:
            continue
        whole = a.unit not in ("usd", "share")
        part = draw.draw(st.sampled_from([D(0), D("0.3"), D("0.5"), D("0.8"), D(1)]))
        value = low + (high - low) * part
        value = value.to_integral_value() if whole else value
        numbers[ident] = replace(a, value=value, low=value, high=value)
    inside = {**found.assumptions, **numbers}
    exact: dict[tuple[str, str, str], Decimal] = {}
    for option in found.options:
        for recipe in option.recipes:
            line = found.line(option.id, recipe.what, recipe.period)
            if line.low is None:
                continue
            measured = measure(recipe.total, inside)
            assert line.low - D("0.05") <= measured.low, (line, measured)
            assert measured.high <= line.high + D("0.05"), (line, measured)
            if recipe.what == YOU_PAY and measured.low == measured.high:
                exact[line.key] = measured.low
    base = found.baseline().id
    for (option_id, what, period), amount in exact.items():
        gap = found.difference(option_id, base, period)  # type: ignore[arg-type]
        if gap is not None and (base, what, period) in exact:
            saved = exact[base, what, period] - amount
            assert gap[0] - D("0.05") <= saved <= gap[1] + D("0.05"), (
                option_id,
                period,
                gap,
                saved,
            )


def test_adding_qmb_or_medigap_never_costs_more() -> None:
    share = "cover0.esketamine.share"
    unknown = {
        **MEDICARE,
        "coverages": [{"kind": "medicare", "medicare": "original", "part_b": True}],
    }
    medigap = {**MEDICARE, "coverages": [{**MEDICARE["coverages"][0], "medigap": True}]}
    without = ends(picture(MEDICARE), share, "first_year")
    for data in (medigap, QMB, unknown):
        low, high = ends(picture(data), share, "first_year")
        assert low <= without[0]
        assert high <= without[1]
    # Not knowing covers both answers.
    assert ends(picture(unknown), share, "first_year")[1] == without[1]


# --- in words, as JSON, without numbers in code ------------------------------------------------------------


def costs(data: dict[str, Any]) -> dict[str, Any]:
    return costs_of(read_case(data), evaluate(data, today=TODAY), BOOK, TODAY)


@pytest.mark.parametrize(
    "data", [AETNA, MEDICARE, QMB, MEDICAID, NO_COVER, {}, {"request": "open"}]
)
def test_the_json_and_the_text_hold_together(data: dict[str, Any]) -> None:
    found = costs(data)
    json.dumps(found)
    options = {row["option"] for row in found["table"]}
    assert {x["option"] for x in found["lines"]} <= options
    shown = {a["id"] for a in found["assumptions"]}
    for line in found["lines"]:
        assert set(line["uses"]) <= shown
        assert line["low"] is None or line["low"] <= line["high"]
    text = costs_text(read_case(data), evaluate(data, today=TODAY), BOOK, TODAY)
    for row in found["table"]:
        assert row["name"] in text
        assert row["cells"]
    for said in found["in_short"]["text"]:
        assert said in text
    for promise in ("guaranteed", "you are eligible", "will be covered", "will pay for"):
        assert promise not in text.lower()
    assert "{" not in text


def test_chart_rows_are_sorted_and_belong_to_paths_of_the_result() -> None:
    found = picture(AETNA)
    result = evaluate(AETNA, today=TODAY)
    known = {p.id for p in result.paths}
    bars = found.chart("first_course")
    assert bars == sorted(bars, key=lambda b: (b.high, b.low, b.option))
    assert {b.path for b in bars if b.path} <= known
    assert any(b.path and b.path.endswith("out_of_network_claim") for b in bars)
    for path in known:
        for line in found.lines_of_path(path):
            assert path in line.paths


def test_amounts_read_well() -> None:
    assert [money(D(x)) for x in ("2400", "187.18", "0", "1234567.5", "-12")] == [
        "$2,400", "$187.18", "$0", "$1,234,567.50", "-$12",
    ]  # fmt: skip


PLAIN_NUMBERS = {0, 1, 2, 4, 6, 12, 52, 100, 1000, 1200, 100_000_000, "0.01"}


def test_no_number_of_policy_or_price_stands_in_the_code() -> None:
    """Only counting, the calendar, percent, rounding and the ends of what can be typed."""
    for path in Path(f.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and not isinstance(node.value, (bool, type(None))):
                if isinstance(node.value, (int, float)):
                    assert abs(node.value) in PLAIN_NUMBERS, (path.name, node.lineno, node.value)
                elif isinstance(node.value, str) and node.value.replace(".", "").isdigit():
                    assert node.value in PLAIN_NUMBERS, (path.name, node.lineno, node.value)


def grade(text: str) -> float:
    """Flesch-Kincaid grade, syllables counted by groups of vowels."""
    words = re.findall(r"[a-z’']+", text.lower())
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(es|ed|e)$", "", w)))) for w in words
    )
    sentences = max(1, len(re.findall(r"[.!?:]+(\s|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_words_are_all_used_and_plain() -> None:
    from rules.messages import WORDS

    found = yaml.safe_load((WORDS / "en" / "costs.yaml").read_text(encoding="utf-8"))
    slots = {s.id for s in catalogue().slots}
    assert set(found["assumption"]) == slots
    assert {re.sub("_(record|case|yours)$", "", k) for k in found["why"]} <= slots
    assert set(found["stands_in"]) <= slots
    kinds = set(catalogue().ways.values()) | {"self_pay", "share", "out_of_network"}
    borrowed = {f"{k}_of_share" for k in ("payment_plan", "loan", "card")}
    assert set(found["option"]) == kinds | borrowed
    for group in ("why", "note", "disagreement", "text"):
        for key, text in found[group].items():
            plain = text.format_map({n: "it" for _, n, _, _ in string.Formatter().parse(text) if n})
            if len(plain.split()) > 9:
                assert grade(plain) <= 8.5, (key, plain)
