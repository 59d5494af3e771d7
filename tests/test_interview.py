"""The order of the interview, walked in pure code: no screen, many people."""

from __future__ import annotations

import copy
import datetime as dt
import random
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Any

import pytest

from rules import evaluate, load_rules, read_case
from rules.facts.context import Facts
from rules.vocabulary import COVERAGE_KINDS
from tests.interview_walks import Counts, now, walk_by, walk_of
from wizard.answers import Answers
from wizard.interview.sequence import (
    Walk,
    ended_answers,
    enough_for_a_result,
    opened_by,
    step_answered,
    walk_tiers,
    worth_finding_out,
)
from wizard.interview.steps import FIRST, SECTIONS, THOUGHTS, WAYS, InterviewStep, all_steps
from wizard.interview.surer import MOST, make_surer
from wizard.interview.what_changed import Changed, Line, compare

TODAY = dt.date(2026, 11, 24)
BOOK = load_rules()

PATIENT: dict[str, Any] = {
    "age": 42,
    "state": "TX",
    "request": "esketamine",
    "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none",
    "coverages": [{"kind": "employer", "payer": "aetna", "funding": "self_funded"}],
    "treatments": [{"treatment": "sertraline", "outcome": "no_response", "weeks": 10}],
    "stage": "exploring",
}


def answers_of(case: dict[str, Any], unknown: tuple[str, ...] = ()) -> Answers:
    answers = Answers()
    for place, value in case.items():
        answers.set(place, value)
    for place in unknown:
        answers.set(place, None)
    return answers


def ids(walk: Walk) -> list[str]:
    return [s.id for s in walk.steps]


def some_answer(step: InterviewStep, field: str, chance: random.Random) -> Any:
    """An answer that a person could give; None for "I don't know"."""
    if chance.random() < 0.3:
        return None
    if step.kind == "covers":
        kinds = chance.sample(COVERAGE_KINDS, chance.choice((0, 1, 1, 1, 2, 2, 3)))
        return [{"kind": k} for k in kinds]
    if step.kind == "treatments":
        known = chance.sample(list(BOOK.treatments), chance.choice((0, 1, 3)))
        return [{"treatment": t, "outcome": "no_response", "weeks": 8} for t in known]
    if step.kind == "denied_cover":
        return 0
    question = next(p.question for p in step.parts if p.field == field)
    match question.kind:
        case "one":
            return chance.choice(question.choices).value
        case "many":
            return [chance.choice(question.choices).value]
        case "yes_no":
            return chance.random() < 0.5
        case "state":
            return chance.choice(("TX", "NY", "CA", "PR", "AK", "MS"))
        case "payer":
            return chance.choice([*BOOK.payers, "A small insurer"])
        case "whole_number":
            low, high = question.low or 0, question.high or 100
            return chance.randint(int(low), int(min(high, low + 70)))
        case "number":
            return chance.choice((0.5, 1.0, 2.0))
        case "codes":
            return [chance.choice(("CO-50", "N130"))]
        case "money":
            return float(chance.choice((0, 900, 15_000, 40_000, 250_000)))
        case "date" if field in ("denial.received_date", "appeal.sent_date"):
            return TODAY.isoformat()  # a letter comes after the date that stands on it
        case "date":
            return (TODAY - dt.timedelta(days=chance.randint(0, 300))).isoformat()
        case "scores":
            return [{"scale": "phq9", "score": 20}]
    return "text"


@cache
def interview(seed: int) -> Counts:
    """A whole interview of one made-up person."""
    chance = random.Random(seed)
    return walk_by(lambda step, field: some_answer(step, field, chance), TODAY)


# --- whole walks ---


@pytest.mark.parametrize("seed", range(60))
def test_every_interview_ends_and_asks_nothing_twice(seed: int) -> None:
    found = interview(seed)
    met = [s.id for s in found.met]
    asked = [f for s in found.met for f in s.fields]
    assert len(met) == len(set(met)), [m for m in met if met.count(m) > 1]
    assert len(asked) == len(set(asked)), [f for f in asked if asked.count(f) > 1]
    assert now(found.answers).left == 0
    evaluate(found.answers.case_data(), today=TODAY)  # what was collected is a case


@pytest.mark.parametrize("seed", range(60))
def test_the_counter_only_falls(seed: int) -> None:
    """From the insurance on it is told how many screens may come at most."""
    told = [n for n in interview(seed).left if n is not None]
    assert all(later < earlier for earlier, later in pairwise(told)), told
    assert all(n >= len(told) - place for place, n in enumerate(told)), told  # and it holds


@pytest.mark.parametrize("seed", range(60))
def test_no_question_sends_a_person_back_to_an_earlier_part(seed: int) -> None:
    parts = [SECTIONS.index(s.section) for s in interview(seed).met]
    assert parts == sorted(parts)


@pytest.mark.parametrize("seed", range(20))
def test_what_matters_only_for_other_ways_to_pay_is_not_asked_in_the_walk(seed: int) -> None:
    found = interview(seed)
    answers = Answers()
    for step in found.met:
        tiers = {q.field: q.tier for q in evaluate(answers.case_data(), today=TODAY).questions}
        if not step.first:
            assert "ways" not in [tiers.get(f) for f in step.fields], step.id
        for field in step.fields:
            answers.set(field, found.answers.get(field))
    asked = {f for s in found.met for f in s.fields}
    assert not [f for f in asked if f.startswith("money.") or f in ("veteran", "tribal_member")]


@pytest.mark.parametrize("seed", range(20))
def test_when_all_is_asked_nothing_that_decides_was_left_unasked(seed: int) -> None:
    """But for what opened on a screen that was sent, and what few have to be asked: that makes the answer surer."""
    answers = interview(seed).answers
    result, walk = evaluate(answers.case_data(), today=TODAY), now(answers)
    tiers = walk_tiers(result, Facts(read_case(answers.case_data(), TODAY), BOOK, TODAY))
    for question in result.questions:
        if tiers[question.field] != "answer" or question.field.startswith("treatment"):
            continue
        step = walk.step_of(question.field)
        if step is not None and worth_finding_out(question.field, answers, BOOK, TODAY):
            sent = step_answered(answers, step) or step.id in BY_INSURANCE
            assert answers.answered(question.field) or sent, question.field


BY_INSURANCE = ("clinic", "severity", "taking-antidepressant", "cover-1-holder")


def test_made_up_people_meet_few_screens() -> None:
    walks = [interview(seed) for seed in range(60)]
    assert median(w.first for w in walks) <= 9
    assert median(w.last for w in walks) <= 12


# --- the people of an ordinary day ---

TWO_FAILED = [
    {"treatment": "sertraline", "outcome": "no_response", "weeks": 6},
    {"treatment": "escitalopram", "outcome": "no_response", "weeks": 6},
]
ORDINARY: dict[str, dict[str, Any]] = {
    "a job plan, infusions asked for": {
        "age": 34, "state": "GA", "request": "iv_ketamine", "diagnosis": "treatment_resistant_depression",
        "suicidal_thoughts": "passive", "coverages": [{"kind": "employer", "payer": "unitedhealthcare"}],
        "treatments": TWO_FAILED, "stage": "exploring",
    },
    "Medicare, little known": {
        "age": 70, "state": "FL", "diagnosis": "major_depression", "request": "open",
        "coverages": [{"kind": "medicare", "medicare": "original", "part_b": True}], "stage": "exploring",
    },
    "Medicaid, two illnesses": {
        "age": 29, "state": "CA", "request": "esketamine", "diagnosis": "ptsd",
        "other_diagnoses": ["treatment_resistant_depression"], "coverages": [{"kind": "medicaid"}],
        "stage": "exploring",
    },
    "a no, for pain": {
        "age": 45, "state": "TX", "request": "iv_ketamine", "diagnosis": "crps", "suicidal_thoughts": "none",
        "coverages": [{"kind": "employer", "payer": "aetna"}], "stage": "denied",
        "denial": {"notice_date": "2026-11-01", "reason": "experimental"},
    },
    "no insurance": {
        "age": 38, "state": "OH", "request": "open", "diagnosis": "treatment_resistant_depression",
        "coverages": [], "household_size": 3, "annual_income": 21000, "stage": "exploring",
    },
    "VA and TRICARE": {
        "age": 55, "state": "VA", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
        "coverages": [{"kind": "va"}, {"kind": "tricare"}], "stage": "exploring",
    },
    "someone who knows nothing": {},
    "a job plan, age and insurance alone": {"age": 34, "coverages": [{"kind": "employer"}]},
}  # fmt: skip


@pytest.mark.parametrize("who", ORDINARY)
def test_an_ordinary_person_meets_nine_or_ten_screens_and_fourteen_at_most(who: str) -> None:
    found = walk_of(ORDINARY[who])
    assert found.first <= 10
    assert found.last <= 14


def test_half_of_them_have_a_first_answer_after_nine_screens() -> None:
    assert median(walk_of(case).first for case in ORDINARY.values()) <= 9


def test_the_screens_of_a_job_plan() -> None:
    met = [s.id for s in walk_of(ORDINARY["a job plan, infusions asked for"]).met]
    assert met[:9] == [
        "age", "state", "covers", "cover-1-payer", "request", "diagnoses", "stage", "treatments", "safety",
    ]  # fmt: skip


def test_after_a_no_its_reason_and_date_are_asked_on_one_screen() -> None:
    met = walk_of({**PATIENT, "stage": "denied"}).met
    letter = next(s for s in met if s.id == "letter")
    assert {"denial.reason", "denial.notice_date"} <= set(letter.fields)
    assert letter.first
    assert "letter" not in [s.id for s in walk_of(PATIENT).met]


def test_without_insurance_the_household_is_part_of_the_answer() -> None:
    met = {s.id: s for s in walk_of(ORDINARY["no insurance"]).met}
    assert {"household_size", "annual_income"} <= set(met["household"].fields)
    assert met["household"].first
    insured = [f for s in walk_of(PATIENT).met for f in s.fields]
    assert not {"household_size", "annual_income"} & set(insured)


# --- other ways to pay ---


def test_the_ways_stand_on_one_screen_beside_the_walk() -> None:
    walk = now(answers_of(PATIENT))
    ways = walk.find(WAYS)
    assert ways is not None
    assert {"money.hsa", "money.fsa", "money.hra", "veteran", "annual_income"} <= set(ways.fields)
    assert ways.id not in ids(walk)


def test_what_the_household_screen_asks_is_not_asked_again_with_the_ways() -> None:
    walk = now(answers_of({**PATIENT, "coverages": []}))
    ways = walk.find(WAYS)
    assert ways is None or not {"household_size", "annual_income"} & set(ways.fields)


@pytest.mark.parametrize("covers", [0, 1, 2])
def test_every_question_has_its_place(covers: int) -> None:
    asked = {p.question.field for s in all_steps(BOOK, covers) for p in s.parts}
    for question in BOOK.questions:
        of_cover = question.field.startswith("coverages[]") and not covers
        with_treatments = question.field.startswith("treatment_counts.")
        assert question.field in asked or of_cover or with_treatments, question.field


# --- the question about suicide ---


def test_it_is_asked_of_everyone_once_and_never_counted_as_open() -> None:
    for case in ORDINARY.values():
        found = walk_of({**case, "suicidal_thoughts": None})
        asked = [f for s in found.met for f in s.fields]
        assert asked.count(THOUGHTS) == 1
        result = evaluate(found.answers.case_data(), today=TODAY)
        assert THOUGHTS not in [q.field for q in result.questions]


def test_its_heading_is_short_and_holds_no_number() -> None:
    asks = next(q.asks for q in BOOK.questions if q.field == THOUGHTS)
    assert len(asks.split()) <= 10
    assert "988" not in asks


# --- what makes an answer surer ---


@pytest.mark.parametrize("who", ORDINARY)
def test_at_most_three_things_make_an_answer_surer(who: str) -> None:
    answers = walk_of(ORDINARY[who]).answers
    result, walk = evaluate(answers.case_data(), today=TODAY), now(answers)
    found = make_surer(result, walk, answers, BOOK, TODAY)
    tiers = {q.field: q.tier for q in result.questions}
    assert len(found) <= MOST
    assert len({p.step for p in found}) == len(found)
    for point in found:
        assert point.field != THOUGHTS
        assert tiers[point.field] in ("answer", "surer")
        assert walk.find(point.step) is not None
        assert point.changes


def test_what_decides_comes_before_what_only_makes_surer() -> None:
    answers = answers_of(PATIENT)
    result = evaluate(answers.case_data(), today=TODAY)
    found = make_surer(result, now(answers), answers, BOOK, TODAY)
    tiers = {q.field: q.tier for q in result.questions}
    order = [tiers[p.field] for p in found]
    assert order == sorted(order)  # "answer" before "surer"
    assert found


# --- what a change does ---


def test_a_change_tells_the_answer_before_and_after() -> None:
    was = (Line((0, "esketamine"), "It pays."), Line((0, "iv_ketamine"), "It does not pay."))
    now_ = (Line((0, "esketamine"), "It may pay."), Line((0, "iv_ketamine"), "It does not pay."))
    assert compare(was, now_) == (Changed("It pays.", "It may pay."),)
    assert compare(was, was) == ()
    assert compare((), was[:1]) == (Changed(None, "It pays."),)
    assert compare(was[:1], ()) == (Changed("It pays.", None),)


# --- which questions there are ---


def test_the_first_question_is_the_first_of_you() -> None:
    first = now(Answers()).next_after(None)
    assert first is not None
    assert (first.id, first.section) == ("age", "you")


def test_sections_come_in_order() -> None:
    order = [SECTIONS.index(s.section) for s in now(answers_of(PATIENT)).steps]
    assert order == sorted(order)


def test_a_question_that_cannot_change_an_answer_is_not_asked() -> None:
    answers = answers_of({**PATIENT, "state": "CA"})
    result = evaluate(answers.case_data(), today=TODAY)
    decides = {q.field for q in result.questions if q.tier == "answer"}
    for step in now(answers).open_steps():
        assert step.section in FIRST or decides & set(step.fields), step.id


def test_denial_questions_wait_for_a_denial() -> None:
    assert "letter" not in ids(now(answers_of(PATIENT)))
    denied = now(answers_of({**PATIENT, "stage": "denied"}))
    assert "letter" in ids(denied)


def test_each_cover_has_its_own_questions() -> None:
    covers = [{"kind": "employer"}, {"kind": "medicare"}]
    found = ids(now(answers_of({**PATIENT, "coverages": covers})))
    assert "cover-1-payer" in found
    assert "cover-2-medicare" in found
    assert "cover-1-medicare" not in found


def test_which_plan_said_no_is_asked_only_of_several() -> None:
    one = answers_of({**PATIENT, "stage": "denied"})
    two = answers_of(
        {**PATIENT, "stage": "denied", "coverages": [{"kind": "employer"}, {"kind": "va"}]}
    )
    assert "denied-cover" not in ids(now(one))
    assert "denied-cover" in ids(now(two))


def test_someone_without_cover_is_not_asked_what_was_tried() -> None:
    walk = now(answers_of({**PATIENT, "coverages": [], "treatments": None}))
    answers = answers_of(
        {k: v for k, v in PATIENT.items() if k != "treatments"} | {"coverages": []}
    )
    assert "treatments" in ids(walk)  # it was asked and answered with "I don't know"
    assert "treatments" not in [s.id for s in now(answers).open_steps()]


def test_spravato_sites_are_asked_about_where_spravato_stands_beside_the_request() -> None:
    clinic = now(answers_of({**PATIENT, "request": "iv_ketamine"})).find("clinic")
    assert clinic is not None
    assert "provider.rems_certified" in clinic.fields


@pytest.mark.parametrize("kind", COVERAGE_KINDS)
def test_every_kind_of_cover_can_be_walked(kind: str) -> None:
    walk = now(answers_of({"age": 42, "state": "TX", "coverages": [{"kind": kind}]}))
    assert walk.find("cover-1-kind") is not None
    assert walk.next_after("covers") is not None


# --- going on and back ---


def test_next_is_the_first_open_step_after_this_one() -> None:
    walk = now(answers_of({"age": 42, "request": "esketamine"}))
    following = walk.next_after("age")
    assert following is not None
    assert following.id == "state"


def test_next_goes_forward_even_while_something_before_is_open() -> None:
    walk = now(answers_of({"request": "esketamine"}))
    assert walk.open_steps()[0].id == "age"
    following = walk.next_after("request")
    assert following is not None
    assert following.id == "diagnoses"


def test_an_open_step_before_is_met_when_none_is_left_after() -> None:
    answers = copy.deepcopy(interview(3).answers)  # kept for the other tests
    answers.forget("age")
    following = now(answers).next_after("safety")
    assert following is not None
    assert following.id == "age"


def test_back_goes_to_the_answered_step_before() -> None:
    walk = now(answers_of({"age": 42, "state": "TX"}))
    earlier = walk.before("state")
    assert earlier is not None
    assert earlier.id == "age"
    assert walk.before("age") is None


def test_i_dont_know_counts_as_answered_in_the_walk() -> None:
    walk = now(answers_of({}, unknown=("age", "state")))
    following = walk.next_after(None)
    assert following is not None
    assert following.id not in ("age", "state")
    assert {"age", "state"} <= walk.done


def test_a_first_result_is_offered_from_the_insurance_on() -> None:
    assert not enough_for_a_result(answers_of({"age": 42, "state": "TX"}))
    assert enough_for_a_result(answers_of({"coverages": []}))
    assert enough_for_a_result(answers_of({}, unknown=("coverages",)))


# --- changes ---


def test_a_change_ends_only_what_makes_no_sense_any_more() -> None:
    answers = answers_of(
        {**PATIENT, "stage": "denied", "denial.notice_date": "2026-11-01", "denial.reason": "other"}
    )
    answers.set("stage", "exploring")
    ended = dict(ended_answers(answers, BOOK, TODAY))
    assert ended == {"denial.notice_date": "2026-11-01", "denial.reason": "other"}
    assert "denial" not in answers.case
    assert answers.get("age") == 42
    assert answers.get("coverages[0].funding") == "self_funded"


def test_a_cover_of_another_kind_loses_what_was_said_of_the_first_kind() -> None:
    answers = answers_of(PATIENT)
    answers.set("coverages[0].kind", "medicaid")
    ended = dict(ended_answers(answers, BOOK, TODAY))
    assert "coverages[0].funding" in ended
    assert answers.get("coverages[0].funding") is None


def test_i_dont_know_about_a_parent_question_ends_nothing() -> None:
    answers = answers_of({**PATIENT, "stage": "denied", "denial.notice_date": "2026-11-01"})
    answers.set("stage", None)
    assert ended_answers(answers, BOOK, TODAY) == ()
    assert answers.get("denial.notice_date") == "2026-11-01"


def test_what_ends_takes_with_it_what_hangs_on_it() -> None:
    answers = answers_of(
        {
            **PATIENT,
            "coverages": [
                {
                    "kind": "medicare",
                    "medicare": "original",
                    "medigap": True,
                    "entitled_by": "esrd",
                    "esrd_month": 4,
                }
            ],
        }
    )
    answers.set("coverages[0].kind", "va")
    gone = {field for field, _ in ended_answers(answers, BOOK, TODAY)}
    assert gone == {
        "coverages[0].medicare", "coverages[0].medigap", "coverages[0].entitled_by", "coverages[0].esrd_month",
    }  # fmt: skip


def test_a_change_opens_its_questions_and_no_others() -> None:
    answers = answers_of({**PATIENT, "stage": "exploring"})
    before = now(answers)
    answers.set("stage", "denied")
    opened = opened_by(before, now(answers))
    assert "letter" in opened
    assert set(opened) <= {"letter", "urgent", "approval", "cover-1-plan", "clinic"}


def test_a_change_that_opens_nothing_opens_nothing() -> None:
    answers = answers_of(PATIENT)
    before = now(answers)
    answers.set("age", 43)
    assert opened_by(before, now(answers)) == ()


def test_the_walk_does_not_depend_on_the_order_of_answers() -> None:
    forward = answers_of(PATIENT)
    backward = answers_of(dict(reversed(PATIENT.items())))
    assert ids(now(forward)) == ids(now(backward))


def test_no_name_of_a_step_tells_an_answer() -> None:
    for step in now(interview(11).answers).steps:
        assert step.id.replace("-", "").isalnum()
        for word in ("tx", "aetna", "esketamine"):
            assert word not in step.id.split("-")


# --- what one must know of ---

DENIAL = {"letter", "urgent"}


@pytest.mark.parametrize(
    ("stage", "asked"),
    [("denied", True), ("appeal_denied", True), ("exploring", False), (None, False)],
)
def test_a_denial_is_asked_about_only_where_there_is_one(stage: str | None, asked: bool) -> None:
    answers = answers_of({**PATIENT, "stage": stage})
    assert bool(DENIAL & set(ids(now(answers)))) is asked
    told = [f for f in ("denial.notice_date",) if worth_finding_out(f, answers, BOOK, TODAY)]
    assert bool(told) is asked


def test_what_was_told_of_a_letter_stays_while_the_stage_is_not_known() -> None:
    answers = answers_of({**PATIENT, "stage": None, "denial.notice_date": "2026-11-02"})
    assert ended_answers(answers, BOOK, TODAY) == ()
    letter = now(answers).find("letter")
    assert letter is not None
    assert "denial.notice_date" in letter.fields
