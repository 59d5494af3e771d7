"""The small decisions of the engine, each on every side: outlooks, what can change, days and their order."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from rules import read_case
from rules.engine.appeals import _outlook_of_appeal
from rules.engine.criteria import CriterionResult, can_change
from rules.engine.dates import LastDay, add_duration, last_days, safe_day, working_day_on_or_before
from rules.engine.deadlines import (
    act_by,
    by_notice,
    day_to_keep,
    hearing_readings,
    running_days,
)  # fmt: skip
from rules.engine.label_limits import broken
from rules.engine.outlook import RANK, outlook, outlook_of_label
from rules.engine.paths import Candidate, KeepDay
from rules.engine.policies import _base, _nobody_has_read, days_old, usual_route
from rules.engine.reading_order import pays, route_place
from rules.engine.state_levels import in_state
from rules.facts.context import Facts
from rules.logic import Span, compile_condition, leaves
from rules.schema.appeals import Clock, ClockReading, KeepCare
from rules.schema.conditions import Condition
from rules.schema.states import FairHearing
from tests.strategies import BOOK

D = dt.date
TODAY = D(2026, 11, 28)  # a Saturday
LEVEL = BOOK.appeal_processes["commercial_aca"].levels[0]


def verdict(value: bool | None, kind: str = "leaf") -> Any:
    facts = {"age": {True: 20, False: 2, None: None}[value]}
    return compile_condition(
        Condition.model_validate({"fact": "age", "at_least": 18, "unit": "years"})
    )(facts)


def judged(value: bool | None, changeable: bool = False, **more: Any) -> CriterionResult:
    return CriterionResult("c", None, verdict(value), changeable, "source", **more)


# --- outlooks ---------------------------------------------------------------------------------

MET, OPEN = judged(True), judged(None)
MAY_CHANGE, STUCK = judged(False, True), judged(False)
OUTSIDE = judged(False, binds="outside_label")
TOLD_ONLY = judged(False, informs_only=True)


@pytest.mark.parametrize(
    ("base", "points", "limited", "expected"),
    [
        ("likely", [], False, "likely"),
        ("likely", [MET], False, "likely"),
        ("likely", [MET], True, "possible"),
        ("likely", [OPEN, MET], False, "possible"),
        ("likely", [MAY_CHANGE, MET], False, "not_yet"),
        ("likely", [MAY_CHANGE, OPEN], True, "not_yet"),
        ("likely", [STUCK, MET], False, "closed"),
        ("likely", [STUCK, OUTSIDE], False, "closed"),
        ("likely", [OUTSIDE, MET], False, "uphill"),
        ("likely", [TOLD_ONLY, MET], False, "likely"),
        ("possible", [MET], False, "possible"),
        ("possible", [OPEN], True, "possible"),
        ("possible", [OUTSIDE], False, "uphill"),
        ("not_yet", [OPEN], False, "not_yet"),
        ("not_yet", [MET], False, "not_yet"),
        ("uphill", [MET], False, "uphill"),
        ("uphill", [OPEN], True, "uphill"),
        ("uphill", [MAY_CHANGE], False, "uphill"),
        ("uphill", [OUTSIDE], False, "uphill"),
        ("uphill", [STUCK], False, "closed"),
        ("closed", [MET], False, "closed"),
        ("closed", [OUTSIDE], False, "closed"),
    ],
)
def test_an_outlook_is_what_its_points_leave_of_it(
    base: str, points: list[CriterionResult], limited: bool, expected: str
) -> None:
    assert outlook(base, points, limited) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [([MET], "likely"), ([TOLD_ONLY], "uphill"), ([judged(False, True, informs_only=True)], "likely"),
     ([judged(None, informs_only=True)], "likely"), ([TOLD_ONLY, STUCK], "closed"), ([STUCK], "closed"),
     ([MAY_CHANGE], "not_yet"), ([MAY_CHANGE, TOLD_ONLY], "uphill")],
)  # fmt: skip
def test_the_labels_terms_alone_make_a_path_uphill_but_never_close_it(
    points: list[CriterionResult], expected: str
) -> None:
    assert outlook_of_label("likely", points, False) == expected


def test_an_exclusion_in_favor_is_one_that_does_not_hold() -> None:
    assert [judged(v, excludes=True).value for v in (True, False, None)] == [False, True, None]
    assert [judged(v).value for v in (True, False, None)] == [True, False, None]


def test_the_gravest_broken_limit_counts() -> None:
    first, outside = judged(False, binds="first"), judged(False, binds="outside_label")
    rules_out, kept = judged(False, binds="rules_out"), judged(True, binds="rules_out")
    assert broken([first, outside, rules_out]) == "rules_out"
    assert broken([first, outside, kept]) == "outside_label"
    assert broken([first, kept]) == "first"
    assert broken([kept, judged(None, binds="rules_out")]) is None


@pytest.mark.parametrize(
    ("rank", "limit", "expected"),
    [(4, None, "possible"), (3, None, "possible"), (2, None, "not_yet"), (1, None, "uphill"),
     (0, None, "uphill"), (4, "first", "not_yet"), (2, "first", "not_yet"), (1, "first", "uphill"),
     (4, "outside_label", "uphill"), (4, "rules_out", "uphill")],
)  # fmt: skip
def test_an_appeal_is_as_good_as_the_rule_behind_it(rank: int, limit: Any, expected: str) -> None:
    assert _outlook_of_appeal(rank, limit) == expected
    assert RANK["closed"] < RANK["uphill"] < RANK["not_yet"] < RANK["possible"] < RANK["likely"]


# --- what a person can still bring about --------------------------------------------------------

CAN = {"fact": "psychotherapy_tried", "is": True}  # may still be tried
CANNOT = {"fact": "age", "at_least": 18, "unit": "years"}
FACTS = {"psychotherapy_tried": False, "age": 2}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (CAN, True),
        (CANNOT, False),
        ({"all": [CAN, CAN]}, True),
        ({"all": [CAN, CANNOT]}, False),
        ({"any": [CAN, CANNOT]}, True),
        ({"any": [CANNOT, CANNOT]}, False),
        ({"not": {"any": [{"not": CAN}, {"not": CANNOT}]}}, False),
        ({"not": {"all": [{"not": CAN}, {"not": CANNOT}]}}, True),
    ],
)
def test_all_asks_for_every_part_and_any_for_one(condition: dict[str, Any], expected: bool) -> None:
    found = compile_condition(Condition.model_validate(condition))(FACTS)
    assert found.value is False
    assert can_change(BOOK, found) is expected


def test_only_what_is_wrong_has_to_change() -> None:
    both = Condition.model_validate({"all": [CAN, CANNOT]})
    assert can_change(BOOK, compile_condition(both)({"psychotherapy_tried": False, "age": 20}))


# --- conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [("at_least", False, True, True), ("at_most", True, True, False), ("above", False, False, True),
     ("below", True, False, False)],
)  # fmt: skip
def test_a_limit_and_both_sides_of_it(operator: str, below: bool, at: bool, above: bool) -> None:
    test = compile_condition(Condition.model_validate({"fact": "n", operator: 5, "unit": "points"}))
    assert [test({"n": n}).value for n in (4, 5, 6)] == [below, at, above]
    assert test({"n": Span(4, 6)}).value is None
    assert test({"n": Span(5, 5)}).value is at


def test_days_before_and_after() -> None:
    day = D(2026, 1, 1)
    for operator, expected in (("before", [True, False, False]), ("after", [False, False, True])):
        test = compile_condition(Condition.model_validate({"fact": "d", operator: day}))
        found = [test({"d": day + dt.timedelta(days=n)}).value for n in (-1, 0, 1)]
        assert found == expected


def test_a_verdict_keeps_what_it_read() -> None:
    condition = {
        "any": [
            {"fact": "a", "is": True},
            {"all": [{"fact": "b", "is": True}]},
            {"not": {"fact": "c", "is": True}},
        ]
    }
    found = compile_condition(Condition.model_validate(condition))(
        {"a": False, "b": None, "c": True}
    )
    assert (found.value, found.node.kind, [p.node.kind for p in found.parts]) == (
        None,
        "any",
        ["is", "all", "not"],
    )
    assert [(leaf.node.fact, leaf.actual, leaf.value) for leaf in leaves(found)] == [
        ("a", False, False), ("b", None, None), ("c", True, True),
    ]  # fmt: skip
    one = compile_condition(Condition.model_validate({"fact": "n", "is": True}))
    assert [one({"n": 1}).actual is True, one({"n": True}).actual is True] == [False, True]


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [(1, "days", D(2026, 11, 29)), (2, "weeks", D(2026, 12, 12)), (3, "months", D(2027, 2, 28)),
     (1, "years", D(2027, 11, 28)), (24, "hours", D(2026, 11, 29)), (25, "hours", D(2026, 11, 30)),
     (72, "hours", D(2026, 12, 1)), (1, "working_days", D(2026, 11, 30)), (5, "business_days", D(2026, 12, 4))],
)  # fmt: skip
def test_a_duration_is_added(number: int, unit: str, expected: dt.date) -> None:
    assert add_duration(TODAY, number, unit) == expected


def test_the_day_to_act_by() -> None:
    assert working_day_on_or_before(D(2026, 11, 26)) == D(2026, 11, 25)  # Thanksgiving
    assert working_day_on_or_before(TODAY) == D(2026, 11, 27)
    assert safe_day(D(2026, 12, 25), TODAY) == D(2026, 12, 24)
    assert safe_day(D(2026, 12, 25), TODAY, 10) == D(2026, 12, 15)
    assert safe_day(TODAY, TODAY) == TODAY  # today, as the working day before is over
    assert safe_day(D(2026, 11, 2), TODAY) == D(2026, 11, 2)


def reading(days: int, **clock: Any) -> ClockReading:
    counted = {"number": days, "unit": "days", "counted_from": "receipt", **clock}
    return ClockReading(clock=Clock.model_validate(counted), source="s", confidence="sourced")


def test_from_which_day_a_clock_counts() -> None:
    notice, received = D(2026, 11, 1), D(2026, 11, 4)
    told = reading(60, receipt_presumed_after_days=5)
    by = {
        (r, n, d): [(x.date, x.counted_from, x.presumed_days) for x in last_days((r,), n, d)]
        for r in (
            told,
            reading(60),
            reading(60, counted_from="notice"),
            reading(60, counted_from="other"),
        )
        for n, d in ((notice, None), (notice, received), (None, None), (None, received))
    }
    assert [*by.values()] == [
        [(D(2027, 1, 5), "from_receipt_presumed", 5)], [(D(2027, 1, 3), "from_receipt", None)], [],
        [(D(2027, 1, 3), "from_receipt", None)],
        [(D(2026, 12, 31), "from_notice_cautious", None)], [(D(2027, 1, 3), "from_receipt", None)], [],
        [(D(2027, 1, 3), "from_receipt", None)],
        [(D(2026, 12, 31), "from_notice", None)], [(D(2026, 12, 31), "from_notice", None)], [], [],
        [], [], [], [],
    ]  # fmt: skip


def test_the_earliest_reading_leads() -> None:
    found = last_days((reading(60), reading(30), reading(180)), D(2026, 11, 1), None)
    assert [d.date for d in found] == [D(2026, 12, 1), D(2026, 12, 31), D(2027, 4, 30)]


def candidate(program: str, day: dt.date, **more: Any) -> Candidate:
    found = LastDay(day, TODAY, "from_notice", None, reading(1))
    made = Candidate(LEVEL, "internal_appeal", "possible", "possible", (), last_days=(found,))
    return replace(made, program=BOOK.programs[program], **more)


def test_levels_that_run_come_before_those_that_are_over() -> None:
    late, soon, over = D(2027, 1, 9), D(2026, 12, 1), D(2026, 10, 1)
    a = candidate("medicare_part_b", late)
    b = candidate("medicare_part_d", soon)
    closed = candidate("medicare_advantage", over, outlook="closed", ahead=False)
    again = candidate("medicare_part_b", soon)  # a second level of a programme does not count
    assert [c for _, c in running_days([a, b, closed, again])] == [b, a]
    assert [c for _, c in running_days([closed])] == [closed]
    assert [c for _, c in running_days([b, replace(a, urgent=True)])] == [
        replace(a, urgent=True),
        b,
    ]
    behind = replace(b, ahead=False)
    assert [c for _, c in running_days([behind, a])] == [a, behind]


def test_by_when_to_act_on_a_level() -> None:
    day = LastDay(D(2026, 12, 25), TODAY, "from_notice", None, reading(1))
    one = candidate("medicare_part_b", day.date)
    assert act_by(day, one, TODAY) == D(2026, 12, 24)
    assert act_by(day, replace(one, arrives=True), TODAY) == D(2026, 12, 15)
    assert act_by(day, replace(one, urgent=True), TODAY) == TODAY
    over = day._replace(date=D(2026, 11, 2))
    assert act_by(over, replace(one, urgent=True), TODAY) == D(2026, 11, 2)


def test_the_letters_of_two_programmes_each_have_a_first_level() -> None:
    def told(program: str, value: bool | None = True) -> Candidate:
        process = BOOK.appeal_processes[BOOK.programs[program].appeal_process]
        denied = CriterionResult("denied", None, verdict(value), False, "s")
        return candidate(program, TODAY, appeal_process=process, judged=(denied,))

    b, d = told("medicare_part_b"), told("medicare_part_d")
    assert by_notice([b, d, b]) == (b, d)
    assert by_notice([b, b]) == ()
    assert by_notice([b, told("medicare_part_d", None)]) == ()


def test_care_can_be_kept_until_the_first_day_that_is_still_open() -> None:
    care = KeepCare.model_validate(
        {
            "says": "Ask.",
            "days_from_notice": 10,
            "change": "until_change",
            "if_late": "Ask at once.",
            "source": "s",
            "confidence": "sourced",
        }
    )

    def kept(date: dt.date | None, **more: Any) -> Candidate:
        return candidate(
            "medicare_part_b", TODAY, keep=KeepDay(date, None, "from_notice", care), **more
        )

    soon, late, over = D(2026, 11, 18), D(2026, 12, 9), D(2026, 11, 17)
    assert day_to_keep([kept(late), kept(soon), kept(over)], TODAY) == (kept(soon).keep, kept(soon))
    assert day_to_keep([kept(soon, outlook="closed"), kept(late)], TODAY) == (
        kept(late).keep,
        kept(late),
    )
    assert day_to_keep([kept(over), candidate("medicare_part_b", TODAY)], TODAY) is None
    unknown = kept(None)
    assert day_to_keep([kept(soon), unknown], TODAY) == (unknown.keep, unknown)
    assert (unknown.keep.over(TODAY), kept(over).keep.over(TODAY), kept(TODAY).keep.over(TODAY)) == (
        False, True, False,
    )  # fmt: skip


# --- a state's own days -----------------------------------------------------------------------------

HEARING = next(
    level
    for level in BOOK.appeal_processes["medicaid_ffs_fair_hearing"].levels
    if level.state_limit == "ffs"
)


def hearing(**told: Any) -> FairHearing:
    return FairHearing.model_validate({"source": "s", "confidence": "sourced", **told})


@pytest.mark.parametrize(
    ("told", "floor", "expected"),
    [
        ({"ffs_days": 30}, None, [(30, False, "sourced")]),
        ({"ffs_days": 30}, 30, [(30, False, "sourced")]),
        ({"ffs_days": 20}, 30, [(20, False, "sourced"), (30, False, "sourced")]),
        ({"ffs_days": 30, "recalled_fields": ["ffs_days"], "conservative_days": {"ffs": 20}}, None,
         [(20, True, "recalled"), (30, False, "recalled"), (90, False, "sourced")]),
        ({"ffs_days": 30, "recalled_fields": ["ffs_days"], "conservative_days": {"ffs": 30}}, None,
         [(30, False, "recalled"), (90, False, "sourced")]),
        ({"conservative_days": {"ffs": 30}}, None, [(30, True, "recalled"), (90, False, "sourced")]),
        ({"conservative_days": {"ffs": 90}}, None, [(90, False, "recalled"), (90, False, "sourced")]),
        ({}, None, [(90, False, "sourced")]),
    ],
)  # fmt: skip
def test_a_states_hearing_limit_stands_alone_only_where_it_was_checked(
    told: dict[str, Any], floor: int | None, expected: list[tuple[int, bool, str]]
) -> None:
    level = HEARING.model_copy(update={"state_floor": floor})
    found = hearing_readings(hearing(**told), level, (reading(90),))
    assert [(r.clock.number, r.cautious, r.confidence) for r in found] == expected
    assert all(r.clock.unit == "days" for r in found)


@pytest.mark.parametrize(
    ("state", "funding", "usual", "urgent"),
    [
        ("NY", "fully_insured", (30, "days"), (72, "hours")),
        ("NY", "self_funded", (45, "days"), (72, "hours")),
        ("MD", "fully_insured", (45, "days"), (24, "hours")),
        ("MD", "self_funded", (45, "days"), (72, "hours")),
        ("IN", "fully_insured", (15, "business_days"), (72, "hours")),
        ("CA", "fully_insured", (30, "days"), (7, "days")),
        ("OH", "fully_insured", (45, "days"), (72, "hours")),  # its own number was not checked
        ("WA", "fully_insured", (20, "days"), (72, "hours")),
    ],
)
def test_the_state_says_how_long_its_review_takes(
    state: str, funding: str, usual: tuple[int, str], urgent: tuple[int, str]
) -> None:
    told = {"state": state, "coverages": [{"kind": "employer", "funding": funding}]}
    facts = Facts(read_case(told, TODAY), BOOK, TODAY).for_coverage(0)
    process = in_state(facts, BOOK.appeal_processes["commercial_aca"])
    review = next(level for level in process.levels if level.state_limit == "external_review")
    clocks = (review.decision.standard_before_service, review.decision.expedited)
    assert [(c.number, c.unit) for c in clocks if c is not None] == [usual, urgent]


@pytest.mark.parametrize(
    ("as_of", "days"),
    [(None, None), ("2026", 331), ("2026-11", 27), ("2026-11-28", 0), ("2024-11-28", 730)],
)
def test_how_old_a_text_is(as_of: str | None, days: int | None) -> None:
    assert days_old(reading(1).model_copy(update={"as_of": as_of}), TODAY) == days


@pytest.mark.parametrize(
    ("position", "asked", "route"),
    [("covered", False, "claim"), ("covered", True, "prior_authorization"),
     ("covered_with_criteria", None, "prior_authorization"), ("excluded", None, "prior_authorization"),
     ("depends_on_plan", None, "prior_authorization"), ("unproven", None, "medical_exception")],
)  # fmt: skip
def test_how_a_rule_is_usually_used(position: str, asked: bool | None, route: str) -> None:
    policy = next(iter(BOOK.payers["aetna"].policies))
    changed = policy.model_copy(update={"position": position, "prior_authorization": asked})
    assert usual_route(changed) == route


def test_an_appeal_that_waits_for_a_no_stands_late() -> None:
    assert [
        route_place(r) for r in ("internal_appeal", "prior_authorization", "gap_exception", "court")
    ] == [0, 1, 2, 5]
    assert [route_place(r, True) for r in ("internal_appeal", "prior_authorization")] == [5, 1]
    assert [pays("internal_appeal"), pays("internal_appeal", True), pays("court"), pays("hsa")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert (route_place("anything else"), pays("anything else")) == (4, True)


# --- what a policy allows -----------------------------------------------------------------------

POLICY = BOOK.payers["aetna"].policies[0]  # of treatment-resistant depression
INSURED = {"coverages": [{"kind": "employer", "payer": "aetna", "funding": "fully_insured"}]}


def seen(diagnosis: str | None = "treatment_resistant_depression", **told: Any) -> Facts:
    case = {**INSURED, **({"diagnosis": diagnosis} if diagnosis else {}), **told}
    return Facts(read_case(case, TODAY), BOOK, TODAY).for_coverage(0, "esketamine")


@pytest.mark.parametrize(
    ("changed", "diagnosis", "applies", "doubtful", "expected"),
    [
        ({"position": "covered"}, None, None, True, "likely"),
        ({"position": "excluded"}, "treatment_resistant_depression", True, False, "closed"),
        ({"position": "excluded"}, None, True, False, "uphill"),  # it may not speak of this diagnosis
        ({"position": "excluded"}, "treatment_resistant_depression", None, False, "uphill"),
        ({"position": "excluded"}, "treatment_resistant_depression", True, True, "uphill"),
        ({"position": "excluded", "confidence": "secondary"}, "treatment_resistant_depression", True, False,
         "uphill"),
        ({"position": "unproven"}, "treatment_resistant_depression", True, False, "uphill"),
        ({"position": "silent"}, "treatment_resistant_depression", True, False, "uphill"),
    ],
)  # fmt: skip
def test_only_a_read_and_sure_no_closes_a_path(
    changed: dict[str, Any], diagnosis: str | None, applies: bool | None, doubtful: bool, expected: str
) -> None:  # fmt: skip
    policy = POLICY.model_copy(update={"confidence": "sourced", **changed})
    program = BOOK.programs["employer_fully_insured"]
    assert _base(seen(diagnosis), policy, program, applies, doubtful) == (expected, ())


def test_a_rule_that_hangs_on_the_plan_asks_for_its_payer() -> None:
    policy = POLICY.model_copy(update={"position": "depends_on_plan"})
    plan, medicare = BOOK.programs["employer_fully_insured"], BOOK.programs["medicare_part_b"]
    assert _base(seen(), policy, plan, True, False) == ("possible", ("coverages[0].payer",))
    assert _base(seen("crps"), policy, plan, True, False) == ("uphill", ())
    nameless = seen("crps", coverages=[{"kind": "employer"}])
    assert _base(nameless, policy, plan, True, False) == ("possible", ("coverages[0].payer",))
    assert _base(seen("crps"), policy, medicare, True, False) == ("possible", ())


@pytest.mark.parametrize(
    ("changed", "unread"),
    [
        ({"criteria": (), "confidence": "recalled"}, True),
        ({"criteria": (), "seen": False}, True),
        ({"criteria": (), "confidence": "sourced", "seen": True}, False),
        ({"confidence": "recalled"}, False),  # its criteria are known
        ({"criteria": (), "confidence": "recalled", "position": "excluded"}, False),
    ],
)
def test_hearsay_without_criteria_hides_no_rule(changed: dict[str, Any], unread: bool) -> None:
    assert _nobody_has_read(POLICY.model_copy(update={"alternatives": (), **changed})) is unread
