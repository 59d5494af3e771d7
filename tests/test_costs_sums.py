"""The sums of whole cases worked by hand, and what a person is told of them. Nothing here is read from records."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import evaluate, load_rules, read_case
from rules.__main__ import main
from rules.costs import costs_of, costs_text, estimate
from rules.costs.in_short import in_short, in_short_lines
from rules.costs.new_year import new_year_lines
from rules.costs.open_ways import (
    chart_rows,
    one_sum,
    open_rows,
    path_is_open,
    read_options,
    unlikely_ways,
)
from rules.costs.options import DEBT
from rules.costs.picture import CostPicture
from rules.costs.recipes import YOU_PAY
from rules.costs.show import assumption_amount
from rules.result import Result
from rules.vocabulary import COVERAGE_KINDS
from tests.how_often import often
from tests.strategies import case_data
from wizard.answers_file import FORMAT, VERSION, from_file
from wizard.costs.cost_picture import bars

BOOK = load_rules()
D = Decimal
DAY = dt.date(2026, 11, 28)
Case = dict[str, Any]


def seen(data: Case, day: dt.date = DAY, **numbers: object) -> tuple[CostPicture, Result]:
    case = read_case(data, day)
    result = evaluate(case, day)
    own = {k.replace("__", "."): D(str(v)) for k, v in numbers.items()}
    return estimate(case, result, BOOK, day, own), result


def ends(
    found: CostPicture, option: str, period: str, what: str = YOU_PAY
) -> tuple[Decimal | None, Decimal | None]:
    line = found.line(option, what, period)  # type: ignore[arg-type]
    assert line is not None, (option, what, period, sorted({x.option for x in found.lines}))
    return line.low, line.high


def text_of(data: Case, day: dt.date = DAY, full: bool = False, **numbers: object) -> str:
    case = read_case(data, day)
    own = {k.replace("__", "."): D(str(v)) for k, v in numbers.items()}
    return costs_text(case, evaluate(case, day), BOOK, day, own, full=full)


# --- twenty sums worked by hand ---------------------------------------------------------------------

NO_COVER: Case = {
    "age": 40, "state": "TX", "request": "iv_ketamine", "coverages": [],
    "diagnosis": "treatment_resistant_depression",
    "money": {
        "quoted_price_per_session": 475, "sessions": 6, "maintenance_sessions_per_year": 6,
        "credit_fair_or_better": True,
    },
}  # fmt: skip
PART_B: Case = {
    "age": 70, "state": "FL", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "medicare", "medicare": "original", "part_b": True, "medigap": False}],
}  # fmt: skip
JOB: Case = {
    "age": 42, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "employer", "payer": "aetna", "network": "ppo", "funding": "self_funded"}],
    "money": {"deductible_left": 1500, "coinsurance": 0.2, "sessions": 8},
}  # fmt: skip
OUTSIDE: Case = {
    **JOB, "request": "iv_ketamine",
    "money": {
        "quoted_price_per_session": 550, "sessions": 6, "deductible_left": 1200, "coinsurance": 0.4,
        "maintenance_sessions_per_year": 6,
    },
}  # fmt: skip
HSA: Case = {
    "age": 42, "state": "WA", "household_size": 1, "annual_income": 92000, "request": "iv_ketamine",
    "diagnosis": "ptsd",
    "coverages": [{"kind": "employer", "payer": "premera", "funding": "self_funded"}],
    "money": {
        "hsa": True, "fsa": True, "itemizes": True, "tax_bracket_percent": 22, "sessions": 6,
        "quoted_price_per_session": 600, "maintenance_sessions_per_year": 8,
    },
}  # fmt: skip
MEDICAID: Case = {
    "age": 30, "state": "NY", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "medicaid", "medicaid": "managed_care"}],
}  # fmt: skip
OWN, SHARE = "self.iv_ketamine.self_pay", "cover0.esketamine.share"

SUMS: list[tuple[str, Case, dict[str, object], str, str, str, tuple[str, str]]] = [
    # 6 x 475 = 2,850, and an evaluation of 150 to 350; six more at 475 in the year.
    ("course", NO_COVER, {}, OWN, "first_course", YOU_PAY, ("3000", "3200")),
    ("year", NO_COVER, {}, OWN, "first_year", YOU_PAY, ("5850", "6050")),
    # 26.99 % a year: 78/12 x 3,000 x 0.2699/12; with the last 250 not paid.
    ("card", NO_COVER, {"evaluation": 150}, "self.iv_ketamine.card", "once", "back_interest", ("438.59", "438.59")),
    ("card owed", NO_COVER, {"evaluation": 150}, "self.iv_ketamine.card", "once", "owed_at_the_end", ("688.59", "688.59")),
    # 3,000 at 11.4 % over 24 months.
    ("loan", NO_COVER, {"evaluation": 150}, "self.iv_ketamine.loan", "each_month", "monthly", ("140.38", "140.38")),
    ("loan interest", NO_COVER, {"evaluation": 150}, "self.iv_ketamine.loan", "once", "interest", ("369.15", "369.15")),
    # 20 % of 150 + 8 x 952.59; 283 and 20 % of 350 + 8 x 1,356.08 - 283.
    ("part b", PART_B, {}, SHARE, "first_course", YOU_PAY, ("1554.14", "2466.13")),
    # 20 % of 150 + 34 x 952.59; 283 and 20 % of 350 + 56 x 1,356.08 - 283.
    ("part b year", PART_B, {}, SHARE, "first_year", YOU_PAY, ("6507.61", "15484.50")),
    # 12 x 1,100 and the evaluation: 20 % of 13,350; 283 and 20 % of 13,267.
    ("part b told", {**PART_B, "money": {"sessions": 12, "allowed_amount_per_session": 1100}}, {}, SHARE, "first_course", YOU_PAY, ("2670.00", "2936.40")),
    # 1,500 and 20 % of 10,081.
    ("plan", JOB, {"evaluation": 381, "cover0__esketamine__allowed": 1400}, SHARE, "first_course", YOU_PAY, ("3516.20", "3516.20")),
    ("plan year", JOB, {"cover0__out_of_pocket_left": 4000}, SHARE, "first_year", YOU_PAY, ("4000", "4000")),
    # 1,200 and 40 % of 2,250.
    ("in network", OUTSIDE, {"evaluation": 150}, "cover0.iv_ketamine.share", "first_course", YOU_PAY, ("2100", "2100")),
    # 60 % of 3,300 - 1,200 where all of the price is allowed; nothing where none of it is.
    ("claim", OUTSIDE, {}, "cover0.iv_ketamine.out_of_network", "first_course", "plan_pays", ("0", "1260")),
    # 50 % of 3,600 - 3,000.
    ("claim 2", {**OUTSIDE, "money": {**OUTSIDE["money"], "quoted_price_per_session": 600, "deductible_left": 3000, "coinsurance": 0.5}},
     {}, "cover0.iv_ketamine.out_of_network", "first_course", "plan_pays", ("0", "300")),
    # 22 % of 3,750, put in directly; 29.65 % of 3,950, through payroll. In the year only 4,400 count.
    ("hsa", HSA, {}, "self.iv_ketamine.hsa", "first_course", "saving", ("825.00", "1171.18")),
    ("hsa year", HSA, {}, "self.iv_ketamine.hsa", "first_year", "saving", ("968.00", "1304.60")),
    ("fsa", HSA, {}, "self.iv_ketamine.fsa", "first_course", "saving", ("1008.10", "1008.10")),
    ("medicaid", MEDICAID, {}, SHARE, "first_course", YOU_PAY, ("0", "32")),
    # 12 visits at the card's 10, and the whole evaluation below the deductible.
    ("savings card", {**JOB, "money": {"deductible_left": 500, "coinsurance": 0, "sessions": 12}},
     {"evaluation": 150, "cover0__esketamine__allowed": 1000, "esketamine__stay_price": 0, "cover0__deductible_left": 100000,
      "cover0__coinsurance": 1, "card_annual_max": 100000, "card_counts": 1, "cover0__out_of_pocket_left": 1000000},
     "cover0.esketamine.savings_programme", "first_course", YOU_PAY, ("270", "270")),
    # 22 % of 8,550 - 6,900 and of 8,750 - 6,900.
    ("deduction", HSA, {"other_deductions": 20000}, "self.iv_ketamine.tax_deduction", "first_year", "saving", ("363.00", "407.00")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "numbers", "option", "period", "what", "wanted"),
    [s[1:] for s in SUMS],
    ids=[s[0] for s in SUMS],
)
def test_a_sum_worked_by_hand(
    data: Case, numbers: dict[str, object], option: str, period: str, what: str,
    wanted: tuple[str, str],
) -> None:  # fmt: skip
    found, _ = seen(data, **numbers)
    assert ends(found, option, period, what) == tuple(D(w) for w in wanted)


# --- other bills of the year stand beside this treatment ------------------------------------------------

TAX = "self.iv_ketamine.tax_deduction"


def test_more_bills_never_make_the_deduction_smaller() -> None:
    # 22 % of 9,750 - 6,900 and of 9,950 - 6,900.
    more = {**HSA, "money": {**HSA["money"], "medical_spending": 1200}}
    found, _ = seen(more, other_deductions=20000)
    assert ends(found, TAX, "first_year", "saving") == (D("627.00"), D("671.00"))
    none = {**HSA, "money": {**HSA["money"], "medical_spending": 0}}
    assert ends(seen(none, other_deductions=20000)[0], TAX, "first_year", "saving") == (D("363.00"), D("407.00"))  # fmt: skip


def test_of_bills_above_the_floor_only_what_the_treatment_adds_lowers_its_cost() -> None:
    # 10,000 of other bills pass the floor alone: 22 % of the 8,550 to 8,750 is the treatment's own.
    more = {**HSA, "money": {**HSA["money"], "medical_spending": 10000}}
    found, _ = seen(more, other_deductions=20000)
    assert ends(found, TAX, "first_year") == (D("6669.00"), D("6825.00"))


def test_the_words_say_that_the_treatment_is_left_out() -> None:
    question = next(q for q in BOOK.questions if q.field == "money.medical_spending")
    for words in (question.asks, question.asks_intake, question.how_to_find_out):
        assert words is not None
        assert "this treatment" in words.lower(), words
    assert question.column == "other_medical_bills"
    told = {**HSA, "money": {**HSA["money"], "medical_spending": 1200}}
    shown = text_of(told, full=True, other_deductions=20000)
    assert "besides this treatment" in shown
    assert "If your number holds this treatment too, take it out" in shown
    assert "take it out" not in text_of(HSA, other_deductions=20000)


def test_that_most_homes_save_nothing_is_not_told_to_who_itemizes() -> None:
    assert "this saves nothing" not in text_of(HSA, full=True)
    unknown = {**HSA, "money": {k: v for k, v in HSA["money"].items() if k != "itemizes"}}
    assert "this saves nothing" in text_of(unknown, full=True)


@pytest.mark.parametrize(("version", "kept"), [(2, None), (VERSION, 1200)])
def test_a_number_saved_under_the_old_question_is_left_out_and_said(
    version: int, kept: int | None
) -> None:
    case = {"age": 42, "money": {"medical_spending": 1200, "hsa": True}}
    raw = json.dumps({"format": FORMAT, "version": version, "case": case})
    opened = from_file(raw, DAY)
    assert opened.answers is not None
    money = opened.answers.case["money"]
    assert money.get("medical_spending") == kept
    assert money["hsa"] is True
    said = [n.field for n in opened.notices if n.key == "file.means_other"]
    assert said == ([] if kept else ["money.medical_spending"])


def test_the_quoted_price_counts_toward_the_floor_with_the_other_bills() -> None:
    def over(money: Case) -> set[str]:
        result = evaluate({**HSA, "money": {**HSA["money"], **money}}, DAY)
        path = next(p for p in result.paths if p.record == "medical_expense_deduction")
        return {c.value for c in path.criteria if c.id == "over_floor"}

    # 7.5 % of 92,000 is 6,900: 3,600 of the course and 3,400 of other bills pass it.
    assert over({"medical_spending": 3400}) == {"met"}
    assert over({"medical_spending": 3200}) == {"not_met"}
    assert over({"medical_spending": 3400, "quoted_price_per_session": None}) == {"unknown"}


# --- the plan's own limit -----------------------------------------------------------------------------


def _job(money: Case | None = None, **cover: object) -> Case:
    return {**JOB, "coverages": [{**JOB["coverages"][0], **cover}], "money": money or {}}


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (_job(), 10600),
        (_job(high_deductible_plan=True), 8500),
        (_job(high_deductible_plan=False), 10600),
        ({**JOB, "money": {}, "coverages": [{"kind": "fehb", "high_deductible_plan": True}]}, 8500),
        # These go with an HSA without being held to the lower limit.
        ({**JOB, "money": {}, "coverages": [{"kind": "individual", "metal_level": "bronze", "high_deductible_plan": True}]}, 10600),
        (_job({"out_of_pocket_left": 3000}, high_deductible_plan=True), 3000),
        (_job({"yearly_limit": 5000}, high_deductible_plan=True), 5000),
        (_job({"yearly_limit": 5000}), 5000),
        (_job({"yearly_limit": 5000, "out_of_pocket_left": 1200}), 1200),
    ],
)  # fmt: skip
def test_a_year_stops_at_the_plans_own_limit(data: Case, limit: int) -> None:
    found, _ = seen(data, cover0__coinsurance=1)
    assert ends(found, SHARE, "first_year")[1] == limit


def test_the_limit_of_a_high_deductible_plan_is_that_of_the_year() -> None:
    found, _ = seen(_job(high_deductible_plan=True), dt.date(2027, 2, 1), cover0__coinsurance=1)
    assert ends(found, SHARE, "first_year") == (8700, 8700)


def test_a_told_yearly_limit_holds_in_later_years() -> None:
    found, _ = seen(_job({"yearly_limit": 5000, "out_of_pocket_left": 1200}), cover0__coinsurance=1)
    assert ends(found, SHARE, "later_year") == (5000, 5000)


def test_a_general_fsa_beside_an_hsa_is_warned_of() -> None:
    assert "general FSA may not put money into an HSA" in text_of(HSA)
    alone = {**HSA, "money": {**HSA["money"], "fsa": False}}
    assert "general FSA" not in text_of(alone)


# --- what is listed is used -----------------------------------------------------------------------------


UPKEEP = "- iv_ketamine.maintenance_price: "


def test_a_quoted_price_stands_for_upkeep_and_the_unused_range_is_not_listed() -> None:
    quoted = text_of(NO_COVER, full=True)
    assert "Your price stands for upkeep sessions too" in quoted
    listed = next(x for x in quoted.splitlines() if x.startswith(UPKEEP))
    assert "$400" not in listed
    assert "the price that you gave" in listed
    unquoted = {**NO_COVER, "money": {"sessions": 6}}
    listed = next(x for x in text_of(unquoted, full=True).splitlines() if x.startswith(UPKEEP))
    assert "$400 to $800" in listed
    assert "stands for upkeep" not in text_of(unquoted, full=True)


@settings(max_examples=often(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(case_data, st.booleans())
def test_every_assumption_listed_is_read_by_a_shown_sum_and_every_read_one_listed(
    data: Case, near_new_year: bool
) -> None:
    day = DAY if near_new_year else dt.date(2026, 11, 24)
    found, result = seen(data, day)
    shown = read_options(found, result)
    lines = [x for x in found.lines if x.option in shown]
    listed = {a.id: a for a in found.shown_assumptions(shown)}
    taken = {u for x in lines for u in (*x.taken, *x.needs)}
    assert taken <= set(listed)
    assert {i for i, a in listed.items() if not a.stood_in} == taken
    for a in listed.values():  # one for which another stands in says which
        assert assumption_amount(a)


# --- two published prices ------------------------------------------------------------------------------


def test_two_published_prices_stand_side_by_side() -> None:
    shown = text_of(PART_B)
    assert "FIGURES THAT DO NOT AGREE" in shown
    line = next(x for x in shown.splitlines() if "G2083" in x)
    assert "$1,289.82" in line
    assert "$1,356.08" in line
    low, high = ends(
        seen(PART_B, cover0__deductible_left=0, evaluation=0)[0], SHARE, "first_course"
    )
    assert low is not None
    assert high is not None
    assert low <= 8 * D("0.2") * D("1289.82") <= high
    # A price of one's own settles it.
    told = {**PART_B, "money": {"allowed_amount_per_session": 1100}}
    assert "G2083" not in text_of(told)


# --- the year of each session ----------------------------------------------------------------------------

NEAR_LIMIT = _job(
    {
        "sessions": 8, "maintenance_sessions_per_year": 10, "deductible_left": 0, "coinsurance": 0.2,
        "out_of_pocket_left": 500, "yearly_deductible": 2000, "yearly_limit": 6000,
        "allowed_amount_per_session": 1000,
    }
)  # fmt: skip
UNMET = _job(
    {
        "sessions": 8, "maintenance_sessions_per_year": 10, "deductible_left": 2000, "coinsurance": 0.2,
        "out_of_pocket_left": 6000, "yearly_deductible": 2000, "yearly_limit": 6000,
        "allowed_amount_per_session": 1000,
    }
)  # fmt: skip


def lines_of(data: Case, day: dt.date = DAY, **numbers: object) -> str:
    return "\n".join(new_year_lines(*seen(data, day, **numbers)))


def test_who_has_met_the_limit_is_told_to_start_this_year() -> None:
    told = lines_of(NEAR_LIMIT, evaluation=0)
    # 8,000: 500 at most this year; 2,000 + 20 % of 6,000 in the next. Over a year 500 + 2,000 + 20 % of
    # 8,000 = 4,100, against 2,000 + 20 % of 16,000 = 5,200.
    assert "the first course is $500 in 2026. In 2027 it is $3,200" in told
    assert "to start in 2026 costs about $1,100 less" in told
    assert "Try to start by December 4" in told  # four weeks at two sessions a week


def test_who_has_met_nothing_is_told_what_waiting_saves() -> None:
    # 3,200 in each; 3,200 + 2,000 + 20 % of 8,000 = 6,800 against 2,000 + 20 % of 16,000 = 5,200.
    told = lines_of(UNMET, evaluation=0)
    assert "the first course is $3,200 in 2026. In 2027 it is $3,200" in told
    assert "to wait for January 2027 costs about $1,600 less" in told


def test_far_from_the_new_year_nothing_is_said_of_it() -> None:
    assert lines_of(NEAR_LIMIT, dt.date(2026, 5, 1)) == ""
    assert "THE NEW YEAR" not in text_of(NEAR_LIMIT, dt.date(2026, 5, 1))
    assert "THE NEW YEAR" in text_of(NEAR_LIMIT)


def test_a_course_that_can_no_longer_end_this_year_is_split() -> None:
    # From 15 December 17 days are left: 4 of 8 sessions at two a week.
    told = lines_of(UNMET, dt.date(2026, 12, 15))
    assert "about 4 of 8 sessions fall in 2026 and 4 in 2027" in told
    assert "all of it falls in 2026" in lines_of(UNMET, dt.date(2026, 12, 4))


def test_accounts_of_the_new_year_are_told_and_what_is_not_found_once() -> None:
    told = lines_of(HSA)
    assert "HSA: $4,500 may go in for 2027" in told
    assert "what you pay in 2026 counts for 2026" in told
    assert told.count("None found for 2027 yet") == 1
    assert "Most that may go into an FSA" in told


def test_older_people_have_a_larger_standard_deduction() -> None:
    # 16,100 + 2,050 = 18,150. With 17,000 of others, 8,000 of bills: 5,000 above the floor of 3,000.
    older = {
        **NO_COVER, "age": 65, "household_size": 1, "annual_income": 40000,
        "money": {"itemizes": True, "tax_bracket_percent": 12, "sessions": 8, "quoted_price_per_session": 1000,
                  "maintenance_sessions_per_year": 0},
    }  # fmt: skip
    found, _ = seen(older, other_deductions=17000, evaluation=0)
    assert ends(found, TAX, "first_year", "saving") == (D("462.00"), D("462.00"))  # 3,850 x 12 %
    younger, _ = seen({**older, "age": 64}, other_deductions=17000, evaluation=0)
    assert ends(younger, TAX, "first_year", "saving") == (D("600.00"), D("600.00"))  # 5,000 x 12 %
    # A standard deduction of one's own holds as it is.
    own, _ = seen(older, other_deductions=17000, evaluation=0, standard_deduction=18150)
    assert ends(own, TAX, "first_year", "saving") == (D("462.00"), D("462.00"))
    # A couple who are both older: 32,200 + 3,300 = 35,500 at most; one alone in a family 24,150 + 2,050.
    family, _ = seen({**older, "household_size": 2}, other_deductions=26200, evaluation=0)
    assert ends(family, TAX, "first_year", "saving") == (0, D("600.00"))
    fewer, _ = seen({**older, "household_size": 2}, other_deductions=32000, evaluation=0)
    assert ends(fewer, TAX, "first_year", "saving")[0] == D("180.00")  # 32,000 + 5,000 - 35,500


# --- open ways only ---------------------------------------------------------------------------------------

EVERY_KIND: dict[str, Case] = {
    **{kind: {} for kind in COVERAGE_KINDS},
    "medicare": {"medicare": "original", "part_b": True, "part_d": False},
    "medicaid": {"medicaid": "managed_care"},
}
KINDS: list[Case] = [
    {}, {"request": "open"}, NO_COVER, HSA, OUTSIDE, MEDICAID,
    *[
        {**PART_B, "age": 42, "request": request, "coverages": [{"kind": k, **more}]}
        for k, more in EVERY_KIND.items() for request in ("esketamine", "iv_ketamine")
    ],
]  # fmt: skip


@pytest.mark.parametrize("data", KINDS)
def test_every_result_has_costs_of_its_open_ways_alone(data: Case) -> None:
    found, result = seen(data)
    costs = result.costs
    assert costs.in_short is not None
    assert costs.in_short.text[0].startswith("Cheapest open way")
    assert len(costs.in_short.ask) <= 2
    assert costs.in_short.first_course or costs.in_short.first_year
    for path in {*costs.first_course, *costs.first_year}:
        assert path_is_open(next(p for p in result.paths if p.id == path)), path
    rows = open_rows(found, result)
    assert rows
    for row in rows:
        assert row.option == found.baseline().id or any(
            path_is_open(p) for p in result.paths if p.id in row.paths
        )
    assert len(chart_rows(found, result)) <= 5
    assert not [r for r in chart_rows(found, result) if r.kind in DEBT]
    data_shown = costs_of(read_case(data), result, BOOK, DAY)
    assert {r["option"] for r in data_shown["table"]} == {r.option for r in rows}
    for drawn in data_shown["chart"].values():
        assert {b["option"] for b in drawn} <= {r.option for r in rows}


def test_an_unlikely_yes_is_told_in_words_without_a_sum() -> None:
    comp = {
        **NO_COVER, "diagnosis": "crps", "state": "CA", "condition_related_to": "work", "stage": "denied",
        "coverages": [{"kind": "workers_compensation", "payer": "State Fund"}],
        "denial": {"coverage": 0, "notice_date": "2026-11-16", "reason": "not_medically_necessary", "level": "initial"},
    }  # fmt: skip
    found, result = seen(comp)
    assert "cover0.iv_ketamine.share" not in {r.option for r in open_rows(found, result)}
    (said,) = unlikely_ways(found, result)
    assert "unlikely" in said
    assert "$" not in said
    assert not [p for p in result.costs.first_course if p.startswith("workers_compensation")]


def test_in_short_comes_first_and_assumptions_only_in_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(HSA), "utf-8")
    assert main(["costs", str(path), "--today", DAY.isoformat()]) == 0
    short = capsys.readouterr().out
    assert short.index("IN SHORT") < short.index("WAYS THAT ARE OPEN")
    assert "WHAT THE SUMS REST ON" not in short
    assert main(["costs", str(path), "--full", "--today", DAY.isoformat()]) == 0
    full = capsys.readouterr().out
    assert "WHAT THE SUMS REST ON" in full
    assert len(short) < len(full) / 2


def test_in_short_names_the_cheapest_way_three_numbers_and_what_narrows_them() -> None:
    found, result = seen(JOB)
    short = in_short(found, result)
    assert short.cheapest.option == chart_rows(found, result)[0].option
    lines = in_short_lines(found, short)
    for part in ("for the first course", "in the first year", "in each later year"):
        assert part in lines[1]
    # The price of one infusion and the number of upkeep sessions are what is open most.
    narrow, result = seen({**NO_COVER, "money": {}})
    assert in_short(narrow, result).ask[0] in (
        "iv_ketamine.maintenance_sessions",
        "iv_ketamine.price",
    )


# --- debt -------------------------------------------------------------------------------------------------


def _debts(data: Case, **numbers: object) -> list[str]:
    return [r.option for r in open_rows(*seen(data, **numbers)) if r.kind in DEBT]


def test_nobody_is_shown_debt_for_a_small_share() -> None:
    credit = {"money": {"credit_fair_or_better": True}}
    assert _debts({**MEDICAID, **credit}) == []
    assert _debts({**PART_B, "coverages": [{"kind": "va"}], **credit}) == []
    assert "self.iv_ketamine.loan" in _debts(NO_COVER)


def test_debt_is_on_the_share_that_is_left_where_the_insurance_leads() -> None:
    money = {
        "deductible_left": 1500, "coinsurance": 0.2, "sessions": 8, "credit_fair_or_better": True,
        "allowed_amount_per_session": 1000,
    }  # fmt: skip
    tried = [
        {"treatment": t, "outcome": "no_response", "weeks": 10, "daily_dose_mg": d, "current_episode": True}
        for t, d in (("sertraline", 150), ("venlafaxine", 225))
    ]  # fmt: skip
    data = {**JOB, "treatments": tried, "money": money}
    found, result = seen(data, evaluation=250)
    assert result.best_path is not None
    assert result.best_path.coverage == 0
    assert "cover0.esketamine.loan" in _debts(data, evaluation=250)
    # 8,250: 1,500 + 20 % of 6,750 = 2,850 in twelve parts.
    assert ends(found, "cover0.esketamine.payment_plan", "each_month", "monthly") == (D("237.50"), D("237.50"))  # fmt: skip
    # Not known what is left: nobody borrows something between nothing and all.
    assert _debts({**data, "money": {"credit_fair_or_better": True}}) == []


# --- the text of a result -----------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [NO_COVER, JOB, MEDICAID])
def test_the_text_of_a_result_names_a_sum(
    data: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(data), "utf-8")
    assert main(["evaluate", str(path), "--format", "text", "--today", DAY.isoformat()]) == 0
    shown = capsys.readouterr().out
    # What the leading insurance leaves to pay, else the cheapest way that is open.
    said = "Cheapest open way: " if data is NO_COVER else "Left for you to pay in a first year: "
    assert (
        "$"
        in shown[shown.index(said) :].splitlines()[0] + shown[shown.index(said) :].splitlines()[1]
    )


def test_the_law_s_limit_of_the_new_year_holds_where_the_plan_s_is_not_told() -> None:
    data = _job(
        {"sessions": 8, "maintenance_sessions_per_year": 10, "deductible_left": 1500, "coinsurance": 1.0,
         "yearly_deductible": 1500, "allowed_amount_per_session": 2000}
    )  # fmt: skip
    # 16,000: at most 10,600 in 2026, 12,000 in 2027. 10,600 + 12,000 against 12,000.
    told = lines_of(data, evaluation=0)
    assert "the first course is $10,600 in 2026. In 2027 it is $12,000" in told
    assert "to wait for January 2027 costs about $10,600 less" in told


def test_both_starts_are_compared_with_the_same_upkeep() -> None:
    # The schedule of the label: 8 sessions, then 26 to 52. With the deductible met it is 20 % of all of
    # them in either year, so neither start costs less.
    data = _job(
        {"deductible_left": 0, "coinsurance": 0.2, "yearly_deductible": 0, "yearly_limit": 1000000,
         "out_of_pocket_left": 1000000, "allowed_amount_per_session": 1000}
    )  # fmt: skip
    told = lines_of(data, evaluation=0)
    assert "the first course is $1,600 in 2026. In 2027 it is $1,600" in told
    assert "Counted over a year" not in told


@pytest.mark.parametrize("data", [NO_COVER, HSA, JOB, PART_B, MEDICAID])
def test_a_chart_shows_few_bars_with_one_likely_figure_each(data: Case) -> None:
    found, result = seen(data)
    drawn = bars(found, "first_year", chart_rows(found, result))
    assert 1 <= len(drawn) <= 5
    for bar in drawn:
        one = one_sum(found, bar.row.option, "first_year")
        assert one.amount is not None
        if bar.mark is not None:
            assert one.kind == "about"
            assert bar.left <= bar.mark <= bar.left + bar.width
        assert (one.kind == "at_most") <= (bar.mark is None)
    amounts = [one_sum(found, b.row.option, "first_year").amount for b in drawn]
    assert amounts == sorted(amounts, key=lambda a: a or D(0))


def test_an_insurance_whose_sum_is_not_known_is_asked_about_first() -> None:
    federal = {**PART_B, "age": 42, "coverages": [{"kind": "fehb"}]}
    found, result = seen(federal)
    short = in_short(found, result)
    assert short.leads is not None
    assert set(short.ask) == {"cover0.coinsurance", "cover0.deductible_left"}
    lines = in_short_lines(found, short)
    assert lines[0].startswith("Cheapest open way with a known sum: ")
    assert any(line.startswith("To try first: ") and "not known yet" in line for line in lines)
