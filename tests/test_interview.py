"""The order of the interview, walked in pure code: no screen, many people."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from rules import evaluate, load_rules
from rules.vocabulary import COVERAGE_KINDS
from wizard.answers import Answers
from wizard.interview.sequence import (
    ALWAYS,
    SECTIONS,
    InterviewStep,
    Walk,
    ended_answers,
    enough_for_a_result,
    opened_by,
    plan,
    worth_finding_out,
)

TODAY = dt.date(2026, 11, 24)
BOOK = load_rules()
MOST = 150

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


def walk_of(answers: Answers) -> Walk:
    return plan(answers, evaluate(answers.case_data(), today=TODAY), BOOK, TODAY)


def ids(walk: Walk) -> list[str]:
    return [s.id for s in walk.steps]


def some_answer(step: InterviewStep, chance: random.Random) -> Any:
    """An answer that a person could give to a step; None for "I don't know"."""
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
    assert step.question is not None
    match step.question.kind:
        case "one":
            return chance.choice(step.question.choices).value
        case "many":
            return [chance.choice(step.question.choices).value]
        case "yes_no":
            return chance.random() < 0.5
        case "state":
            return chance.choice(("TX", "NY", "CA", "PR", "AK", "MS"))
        case "payer":
            return chance.choice([*BOOK.payers, "A small insurer"])
        case "whole_number":
            low, high = step.question.low or 0, step.question.high or 100
            return chance.randint(int(low), int(min(high, low + 70)))
        case "money":
            return float(chance.choice((0, 900, 15_000, 40_000, 250_000)))
        case "percent":
            return 0.2 if step.question.field == "money.coinsurance" else 22.0
        case "date":
            return (TODAY - dt.timedelta(days=chance.randint(0, 300))).isoformat()
        case "scores":
            return [{"scale": "phq9", "score": 20}]
    return "text"


def interview(seed: int) -> tuple[Answers, list[str]]:
    """A whole interview of one made-up person; the ids of the steps in the order they were met."""
    chance = random.Random(seed)
    answers = Answers()
    met: list[str] = []
    here: str | None = None
    for _ in range(MOST):
        step = walk_of(answers).next_after(here)
        if step is None:
            return answers, met
        met.append(step.id)
        answers.set(step.field, some_answer(step, chance))
        ended_answers(answers, BOOK, TODAY)
        here = step.id
    raise AssertionError(f"the interview of {seed} does not end: {met}")


# --- whole walks ---


@pytest.mark.parametrize("seed", range(60))
def test_every_interview_ends_and_asks_nothing_twice(seed: int) -> None:
    answers, met = interview(seed)
    assert len(met) == len(set(met)), [m for m in met if met.count(m) > 1]
    assert walk_of(answers).left == 0
    evaluate(answers.case_data(), today=TODAY)  # what was collected is a case


@pytest.mark.parametrize("seed", range(20))
def test_when_all_is_asked_nothing_open_in_the_result_was_left_unasked(seed: int) -> None:
    answers, _ = interview(seed)
    result = evaluate(answers.case_data(), today=TODAY)
    asked_with_treatments = ("treatments", "treatment_counts.")
    for question in result.questions:
        if question.field.startswith(asked_with_treatments):
            continue
        sensible = worth_finding_out(question.field, answers, BOOK, TODAY)
        known = BOOK_FIELDS.get(
            question.field.replace("[0]", "[]").replace("[1]", "[]").replace("[2]", "[]")
        )
        assert not sensible or known is None or answers.answered(question.field), question.field


BOOK_FIELDS = {q.field: q for q in BOOK.questions}


def test_someone_who_knows_nothing_is_asked_few_questions() -> None:
    answers = Answers()
    met = []
    here = None
    while (step := walk_of(answers).next_after(here)) is not None:
        answers.set(step.field, None)
        met.append(step.id)
        here = step.id
    assert set(ALWAYS) >= {"age", "state"}
    assert 7 <= len(met) <= 40


# --- which questions there are ---


def test_the_first_question_is_the_first_of_you() -> None:
    first = walk_of(Answers()).next_after(None)
    assert first is not None
    assert (first.id, first.section) == ("age", "you")


def test_sections_come_in_order() -> None:
    order = [SECTIONS.index(s.section) for s in walk_of(answers_of(PATIENT)).steps]
    assert order == sorted(order)


def test_a_question_that_cannot_change_the_result_is_not_asked() -> None:
    walk = walk_of(answers_of({**PATIENT, "state": "CA"}))
    result = evaluate(answers_of({**PATIENT, "state": "CA"}).case_data(), today=TODAY)
    relevant = {q.field for q in result.questions}
    for step in walk.open_steps():
        assert step.field in relevant or step.field in ALWAYS, step.id


def test_denial_questions_wait_for_a_denial() -> None:
    assert not [i for i in ids(walk_of(answers_of(PATIENT))) if i.startswith("denial")]
    denied = walk_of(answers_of({**PATIENT, "stage": "denied"}))
    assert "denial-notice-date" in ids(denied)


def test_each_cover_has_its_own_questions() -> None:
    covers = [{"kind": "employer"}, {"kind": "medicare"}]
    found = ids(walk_of(answers_of({**PATIENT, "coverages": covers})))
    assert "cover-1-funding" in found
    assert "cover-2-medicare" in found
    assert "cover-2-funding" not in found
    assert "cover-1-medicare" not in found


def test_which_plan_said_no_is_asked_only_of_several() -> None:
    one = answers_of({**PATIENT, "stage": "denied"})
    two = answers_of(
        {**PATIENT, "stage": "denied", "coverages": [{"kind": "employer"}, {"kind": "va"}]}
    )
    assert "denied-cover" not in ids(walk_of(one))
    assert "denied-cover" in ids(walk_of(two))


def test_someone_without_cover_is_not_asked_what_was_tried() -> None:
    walk = walk_of(answers_of({**PATIENT, "coverages": [], "treatments": None}))
    answers = answers_of(
        {k: v for k, v in PATIENT.items() if k != "treatments"} | {"coverages": []}
    )
    assert "treatments" in ids(walk)  # it was asked and answered with "I don't know"
    assert "treatments" not in [s.id for s in walk_of(answers).open_steps()]


def test_spravato_sites_are_asked_about_where_spravato_stands_beside_the_request() -> None:
    walk = walk_of(answers_of({**PATIENT, "request": "iv_ketamine"}))
    assert "provider-rems-certified" in ids(walk)


def test_income_is_asked_with_money() -> None:
    walk = walk_of(answers_of(PATIENT))
    income = walk.find("annual-income")
    assert income is not None
    assert income.section == "money"


@pytest.mark.parametrize("kind", COVERAGE_KINDS)
def test_every_kind_of_cover_can_be_walked(kind: str) -> None:
    walk = walk_of(answers_of({**PATIENT, "coverages": [{"kind": kind}]}))
    assert walk.find("cover-1-kind") is not None
    assert walk.next_after("covers") is not None


# --- going on and back ---


def test_next_is_the_first_open_step_after_this_one() -> None:
    walk = walk_of(answers_of({"age": 42, "request": "esketamine"}))
    following = walk.next_after("age")
    assert following is not None
    assert following.id == "state"


def test_next_goes_forward_even_while_something_before_is_open() -> None:
    walk = walk_of(answers_of({"request": "esketamine"}))
    assert walk.open_steps()[0].id == "age"
    following = walk.next_after("request")
    assert following is not None
    assert following.id == "diagnosis"


def test_an_open_step_before_is_met_when_none_is_left_after() -> None:
    answers, _ = interview(3)
    answers.forget("age")
    following = walk_of(answers).next_after("money-hsa")
    assert following is not None
    assert following.id == "age"


def test_back_goes_to_the_answered_step_before() -> None:
    walk = walk_of(answers_of({"age": 42, "state": "TX"}))
    earlier = walk.before("state")
    assert earlier is not None
    assert earlier.id == "age"
    assert walk.before("age") is None


def test_i_dont_know_counts_as_answered_in_the_walk() -> None:
    walk = walk_of(answers_of({}, unknown=("age", "state")))
    following = walk.next_after(None)
    assert following is not None
    assert following.id not in ("age", "state")
    assert {"age", "state"} <= walk.done


def test_the_number_left_is_the_number_of_open_steps() -> None:
    answers = answers_of(PATIENT)
    before = walk_of(answers).left
    answers.set("provider.in_network", True)
    assert walk_of(answers).left == len(walk_of(answers).open_steps())
    assert before > 0


def test_a_first_result_needs_request_illness_and_cover() -> None:
    assert not enough_for_a_result(answers_of({"request": "esketamine"}))
    assert enough_for_a_result(
        answers_of({"request": "esketamine"}, unknown=("diagnosis", "coverages"))
    )


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
    before = walk_of(answers)
    answers.set("stage", "denied")
    opened = opened_by(before, walk_of(answers))
    assert "denial-notice-date" in opened
    assert "age" not in opened
    assert all(
        o.startswith(("denial", "authorization", "cover-1", "provider", "money")) for o in opened
    ), opened


def test_a_change_that_opens_nothing_opens_nothing() -> None:
    answers = answers_of(PATIENT)
    before = walk_of(answers)
    answers.set("age", 43)
    assert opened_by(before, walk_of(answers)) == ()


def test_the_walk_does_not_depend_on_the_order_of_answers() -> None:
    forward = answers_of(PATIENT)
    backward = answers_of(dict(reversed(PATIENT.items())))
    assert ids(walk_of(forward)) == ids(walk_of(backward))


def test_no_name_of_a_step_tells_an_answer() -> None:
    answers, _ = interview(11)
    for step in walk_of(answers).steps:
        assert step.id.replace("-", "").isalnum()
        for word in ("tx", "aetna", "esketamine"):
            assert word not in step.id.split("-")


# --- what one must know of ---

DENIAL = {"denial-notice-date", "denial-reason", "denial-level", "denial-urgent"}


@pytest.mark.parametrize(
    ("stage", "asked"),
    [("denied", True), ("appeal_denied", True), ("exploring", False), (None, False)],
)
def test_a_denial_is_asked_about_only_where_there_is_one(stage: str | None, asked: bool) -> None:
    answers = answers_of({**PATIENT, "stage": stage})
    assert bool(DENIAL & set(ids(walk_of(answers)))) is asked
    told = [f for f in ("denial.notice_date",) if worth_finding_out(f, answers, BOOK, TODAY)]
    assert bool(told) is asked


def test_what_was_told_of_a_letter_stays_while_the_stage_is_not_known() -> None:
    answers = answers_of({**PATIENT, "stage": None, "denial.notice_date": "2026-11-02"})
    assert ended_answers(answers, BOOK, TODAY) == ()
    assert "denial-notice-date" in ids(walk_of(answers))
