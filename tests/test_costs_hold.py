"""Every case gives costs or says what is missing: no number of a case or of a person breaks a sum."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from rules import CaseError, evaluate, load_rules, read_case
from rules.case import Case, Coverage, MoneyFacts
from rules.costs import OverrideError, costs_of, costs_text, read_numbers
from rules.costs.assumptions import Assumption
from rules.costs.picture import CostPicture
from rules.costs.recipes import PERIODS
from rules.result import Result
from rules.vocabulary import COVERAGE_KINDS, TREATMENTS
from tests.how_often import often
from tests.journeys.walker import Walker
from tests.strategies import TODAY, maybe, widest, widest_case
from wizard.answers import Answers
from wizard.costs.cost_picture import (
    as_typed,
    bars,
    best_period,
    group_of,
    periods_of,
    picture_with,
    read,
    typed,
)

BOOK = load_rules()
D = Decimal
wide = settings(max_examples=often(150), deadline=None, suppress_health_check=list(HealthCheck))
NO_NUMBER = re.compile(r"\bs?NaN\b|Infinity|\dE[+-]\d|\$-|\{")

IDS = ("id", "path", "paths", "option")  # these may hold what a person called a payer


def check(case: Case, result: Result, today: dt.date, own: Mapping[str, Decimal]) -> CostPicture:
    """All that the command line and the costs screen show of a case."""
    picture, _ = picture_with(case, result, BOOK, today, own)
    assert picture.lines
    for line in picture.lines:
        if line.low is None:
            assert line.high is None
            assert line.needs, line
            assert set(line.needs) <= set(picture.assumptions)
        else:
            a_range(line.low, line.high)
    for row in picture.table():
        for period, cell in row.cells.items():
            assert cell.low is not None or cell.needs
            saves = picture.saves(row.option, period)
            if saves is not None:
                assert saves[0].is_finite()
                assert saves[1].is_finite()
                assert saves[0] <= saves[1]
    for period in PERIODS:
        for bar in bars(picture, period):
            a_range(bar.row.low, bar.row.high)
            assert math.isfinite(bar.left)
            assert math.isfinite(bar.width)
            assert 0 <= bar.left <= bar.left + bar.width <= 100.001
    assert (best_period(picture) is None) == (not periods_of(picture))
    for a in picture.assumptions.values():
        the_field_takes_it(a)
        group_of(a)
    fitting = {i: a.low for i, a in picture.assumptions.items() if a.origin == "yours"}
    data = costs_of(case, result, BOOK, today, fitting)
    shown = json.dumps(data, allow_nan=False)
    text = costs_text(case, result, BOOK, today, fitting)
    for said in [text, *_texts(json.loads(shown))]:
        assert not NO_NUMBER.search(said), said
        assert len(said) < 100_000
    return picture


def a_range(low: Decimal | None, high: Decimal | None) -> None:
    assert low is not None
    assert high is not None
    assert low.is_finite()
    assert high.is_finite()
    assert 0 <= low <= high, (low, high)


def the_field_takes_it(a: Assumption) -> None:
    """The field of an assumption holds its number, and gives the same number back."""
    shown = as_typed(a)
    if shown is not None:
        assert typed(a, a.least) <= shown <= typed(a, a.most), a
        assert a.least <= read(a, shown) <= a.most


def _texts(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [t for k, v in data.items() if k not in IDS for t in _texts(v)]
    if isinstance(data, list):
        return [t for v in data for t in _texts(v)]
    return [data] if isinstance(data, str) else []


def read_or_reject(data: dict[str, Any]) -> Case:
    try:
        return read_case(data)
    except CaseError:
        reject()


some_days = st.sampled_from([TODAY, dt.date(2026, 1, 1), dt.date(2027, 3, 1), dt.date(2019, 6, 1)])


@wide
@given(widest_case, some_days)
def test_every_case_gives_costs_or_says_what_is_missing(
    data: dict[str, Any], today: dt.date
) -> None:
    case = read_or_reject(data)
    check(case, evaluate(case, today), today, {})


# One cover of every kind with every way of being told about money: the sums in depth.
deep_case = st.builds(
    lambda request, diagnosis, covers, money, more: {
        "request": request, "diagnosis": diagnosis, "coverages": covers, "money": money, **more,
    },
    maybe(st.sampled_from(TREATMENTS)),
    st.sampled_from(["treatment_resistant_depression", "crps", "ptsd", None]),
    st.lists(
        st.builds(
            lambda kind, more: {**more, "kind": kind},
            st.sampled_from(COVERAGE_KINDS), widest(Coverage),
        ),
        max_size=2,
    ),
    maybe(widest(MoneyFacts)),
    st.fixed_dictionaries(
        {},
        optional={
            "annual_income": st.sampled_from([0, 0.01, 15_000, 120_000, 100_000_000]),
            "household_size": st.sampled_from([1, 2, 30]),
            "age": st.sampled_from([0, 17, 40, 54, 55, 65, 120]),
            "state": st.sampled_from(["TX", "AK", "PR", "MA", "AS"]),
        },
    ),
)  # fmt: skip


def own_number(a: Assumption) -> st.SearchStrategy[Decimal]:
    """Any number that a person may put in for an assumption: the ends, and next to them."""
    near = [a.least, a.most, a.least + D("0.01"), a.most - D("0.01"), (a.least + a.most) / 2, D(1)]
    tiny = [a.least + D("1e-30"), a.least + D("1e-400000"), a.most - D("1e-25")]
    return st.one_of(
        st.sampled_from([n for n in (*near, *tiny) if a.least <= n <= a.most]),
        st.decimals(a.least, a.most, allow_nan=False),
    )


@wide
@given(deep_case, st.data())
def test_every_own_number_gives_costs_or_says_what_is_missing(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    case = read_or_reject(data)
    result = evaluate(case, TODAY)
    found = check(case, result, TODAY, {}).assumptions
    chosen = draw.draw(st.lists(st.sampled_from(sorted(found)), max_size=12, unique=True))
    own = {ident: draw.draw(own_number(found[ident])) for ident in chosen}
    check(case, result, TODAY, own)


# --- what was found, and its kind -------------------------------------------------------------------------

CHIP: dict[str, Any] = {
    "annual_income": 120000,
    "coverages": [{"kind": "chip"}],
    "money": {"sessions": 0},
}
NOTHING_TIMES_NO_LIMIT: tuple[dict[str, Any], ...] = (
    CHIP,
    {**CHIP, "annual_income": 0},
    {**CHIP, "household_size": 4, "money": {"sessions": 0, "maintenance_sessions_per_year": 0}},
    {"annual_income": 1, "request": "esketamine", "coverages": [{"kind": "chip"}], "money": {"sessions": 0}},
    {"annual_income": 50000, "coverages": [{"kind": "chip"}], "money": {"maintenance_sessions_per_year": 0}},
)  # fmt: skip


@pytest.mark.parametrize("data", NOTHING_TIMES_NO_LIMIT)
def test_no_visits_cost_nothing_whatever_one_would(data: dict[str, Any]) -> None:
    case = read_case(data)
    picture = check(case, evaluate(case, TODAY), TODAY, {})
    none = [line for line in picture.lines if line.kind == "share" and line.high == 0]
    assert none


def test_no_visits_at_a_copay_that_nobody_knows_cost_nothing_for_certain() -> None:
    case = read_case({"coverages": [{"kind": "chip"}], "money": {"sessions": 0}})
    picture = check(case, evaluate(case, TODAY), TODAY, {})
    line = next(x for x in picture.lines if x.kind == "share" and x.period == "first_course")
    assert (line.low, line.high) == (0, 0)


TINY: tuple[dict[str, str], ...] = (
    {"loan_rate": "1e-30"},
    {"loan_rate": "1e-27", "loan_months": "1200"},
    {"loan_rate": "1e-400000"},
    {"loan_fee": "0.9999999999999999999999999999"},
    {"promo_rate": "1e-400000", "promo_payment": "1e-400000"},
    {"tax_rate": "1e-400000", "state_tax_rate": "1e-99999999"},
    {"package_discount": "1e-400000"},
    {"evaluation": "1e-400000", "iv_ketamine.price": "1e-30"},
    {"plan_months": "1.0000000000000000000000000001"},
)  # fmt: skip


@pytest.mark.parametrize("own", TINY)
def test_a_number_next_to_nothing_breaks_no_sum(own: dict[str, str]) -> None:
    case = read_case({"money": {"itemizes": True, "credit_fair_or_better": True}, "coverages": []})
    check(case, evaluate(case, TODAY), TODAY, {k: D(v) for k, v in own.items()})


def test_a_saving_is_never_more_than_what_it_is_saved_on() -> None:
    own = {
        "evaluation": "0", "iv_ketamine.price": "0", "iv_ketamine.maintenance_price": "0",
        "iv_ketamine.course_price": "0.0358901994", "standard_deduction": "0", "tax_rate": "1",
        "medicare_tax_rate": "1", "social_security_rate": "1", "medical_spending": "0",
    }  # fmt: skip
    case = read_case({"coverages": [], "money": {"hsa": True, "fsa": True, "itemizes": True}})
    check(case, evaluate(case, TODAY), TODAY, {k: D(v) for k, v in own.items()})


NO_NUMBERS = (
    "NaN",
    "sNaN",
    "-sNaN123",
    "Infinity",
    "-Infinity",
    "-1",
    "1e999999",
    "1e-99999999999",
)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_of_a_person_is_left_out_and_told(text: str) -> None:
    case = read_case({"coverages": []})
    result = evaluate(case, TODAY)
    try:
        number = D(text)
    except ArithmeticError:
        return
    picture, left_out = picture_with(case, result, BOOK, TODAY, {"evaluation": number})
    assert left_out in ((), ("evaluation",))
    check(case, result, TODAY, {"evaluation": number})
    assert (left_out == ()) == (picture.assumptions["evaluation"].origin == "yours")


@pytest.mark.parametrize(
    "text", [f"{n}{end}" for n in (*NO_NUMBERS, "9e99999999", "x", "") for end in ("", "%")]
)
def test_whatever_is_typed_as_a_number_is_read_or_refused(text: str) -> None:
    case = read_case({"coverages": []})
    result = evaluate(case, TODAY)
    refused = ""
    try:
        assert costs_text(case, result, BOOK, TODAY, read_numbers([f"evaluation={text}"]))
    except OverrideError as error:
        refused = str(error)
    assert len(refused) < 2000


SCREENS: tuple[dict[str, Any], ...] = (
    CHIP,
    {
        "annual_income": 1e8, "household_size": 1, "request": "esketamine",
        "coverages": [{"kind": k} for k in ("employer", "medicare", "medicaid", "va")],
        "money": {
            "sessions": 500, "maintenance_sessions_per_year": 400, "quoted_price_per_session": 1e8,
            "allowed_amount_per_session": 1e8, "deductible_left": 1e8, "coinsurance": 1.0,
            "out_of_pocket_left": 1e8, "medical_spending": 1e8, "tax_bracket_percent": 60, "hsa": True,
        },
    },
    {
        "annual_income": 0, "coverages": [{"kind": "employer"}, {"kind": "champva"}],
        "money": {
            "sessions": 0, "maintenance_sessions_per_year": 0, "quoted_price_per_session": 0,
            "allowed_amount_per_session": 0, "deductible_left": 0, "coinsurance": 0.0,
            "out_of_pocket_left": 0, "medical_spending": 0, "tax_bracket_percent": 0, "fsa": True,
        },
    },
)  # fmt: skip


@pytest.mark.parametrize("data", SCREENS)
def test_the_screen_of_costs_holds(data: dict[str, Any]) -> None:
    case = read_case(data)
    check(case, evaluate(case, TODAY), TODAY, {})
    walker = Walker()
    walker.at.session_state["answers"] = Answers(
        case=dict(data), own_numbers={"evaluation": D("0.01")}
    )
    for fold in ("costs-details", "costs-treatment", "costs-cover", "costs-tax", "costs-borrowing"):
        walker.at.session_state[fold] = True
    walker.go("costs")
    assert not re.search(r"NaN|Infinity", walker.text)


def test_the_command_line_gives_costs_for_the_case_that_crashed(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from rules.__main__ import main

    path = tmp_path / "case.json"
    path.write_text(json.dumps(CHIP), "utf-8")
    for form in ("json", "text"):
        assert main(["costs", str(path), "--format", form, "--today", TODAY.isoformat()]) == 0
        assert capsys.readouterr().out
