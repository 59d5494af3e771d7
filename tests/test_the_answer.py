"""What an answer is, held on generated cases: one rule speaks, and every part of it fits the rest."""

from __future__ import annotations

import copy
import random
import re
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings

from rules import CaseError, Result, evaluate, load_rules
from rules.case_reading import read_case
from rules.engine.outlook import RANK
from rules.engine.policies import policies_of
from rules.facts.context import Facts
from rules.messages import in_mid_sentence
from rules.report.insurance_names import insurance_name
from rules.result import AnswerShown
from rules.vocabulary import Funding, Sponsor
from tests.fills import filled_in, made_up_case, open_places
from tests.how_often import often
from tests.strategies import TODAY, case_data

BOOK = load_rules()
many = settings(max_examples=often(120), deadline=None, suppress_health_check=list(HealthCheck))
few = settings(max_examples=often(50), deadline=None, suppress_health_check=list(HealthCheck))

MOST_DECIDING = 3
MOST_STEPS = 3
ABOUT_THOUGHTS = re.compile(r"suicid|988", re.I)
TOLD = ("active", "passive")


def run(data: dict[str, Any]) -> Result:
    return evaluate(data, today=TODAY)


@many
@given(case_data)
def test_every_coverage_is_answered_for_in_the_order_of_payment(data: dict[str, Any]) -> None:
    result = run(data)
    assert result.answers
    if not data.get("coverages"):
        assert [a.coverage for a in result.answers] == [None]
        return
    seen = list(dict.fromkeys(a.coverage for a in result.answers))
    payers = [p.coverage for p in result.payer_order if p.position != "not_a_payer"]
    assert set(seen) == set(range(len(data["coverages"])))
    assert [c for c in seen if c in payers] == payers
    for coverage in seen:
        own = [a for a in result.answers if a.coverage == coverage]
        assert len({a.treatment for a in own}) == len(own)
        if data.get("request") not in (None, "open"):
            assert [a.asked_for for a in own] == [True] + [False] * (len(own) - 1)
            assert own[0].treatment == data["request"]


@many
@given(case_data)
def test_an_answer_agrees_with_its_path_and_its_points(data: dict[str, Any]) -> None:
    result = run(data)
    paths = {p.id: p for p in result.paths}
    for answer in result.answers:
        assert answer.sentence[0].isupper() or not answer.sentence[0].isalpha()
        assert answer.sentence.endswith("."), answer.sentence
        assert "{" not in answer.sentence
        assert len(answer.next_steps) <= MOST_STEPS
        if answer.path is not None:
            assert paths[answer.path].outlook == answer.outlook
        values = {p.id: p.value for p in answer.points}
        assert len(answer.deciding) <= MOST_DECIDING
        told = [values[i] for i in answer.deciding]
        assert "met" not in told
        assert told == sorted(told, key=["not_met", "unknown"].index)
        still_open = [p for p in answer.points if p.value != "met"]
        assert bool(still_open) == bool(answer.deciding)


@many
@given(case_data)
def test_the_leading_answer_is_the_leading_path_and_this_week_its_first_steps(
    data: dict[str, Any],
) -> None:
    result = run(data)
    if result.best is None:
        assert result.leading is None
        assert result.this_week == () or len(result.this_week) == 1
        return
    leading, best = result.leading, result.best_path
    assert leading is not None
    assert best is not None
    assert result.this_week == best.next_steps[:MOST_STEPS]
    texts = [s.text for s in best.next_steps]
    assert len(texts) == len(set(texts))


@many
@given(case_data)
def test_thoughts_of_suicide_are_never_something_to_find_out(data: dict[str, Any]) -> None:
    """Only who told of them, or has that diagnosis, reads of them anywhere but in the crisis lines."""
    told = data.get("suicidal_thoughts") in TOLD
    diagnoses = (data.get("diagnosis"), *(data.get("other_diagnoses") or ()))
    if told or "major_depression_with_suicidality" in diagnoses or data.get("diagnosis") == "other":
        return
    result = run(data)
    for answer in result.answers:
        read = [answer.sentence, *(u.when for u in answer.unless)]
        read += [f"{p.asks} {p.has}" for p in answer.points]
        assert not [t for t in read if ABOUT_THOUGHTS.search(t)], read
    assert "suicidal_thoughts" not in [q.field for q in result.questions]


@many
@given(case_data)
def test_no_rule_of_another_payer_or_state_speaks(data: dict[str, Any]) -> None:
    owners = {p.id: payer.id for payer in BOOK.payers.values() for p in payer.policies}
    states = {
        p.id: code
        for code, state in BOOK.states.items()
        if state.medicaid is not None
        for p in state.medicaid.policies
    }
    for answer in run(data).answers:
        if answer.rule is None or answer.coverage is None:
            continue
        cover = data["coverages"][answer.coverage]
        owner = owners.get(answer.rule.record)
        if owner is not None:
            assert BOOK.payer_id(cover["payer"]) == owner
        if answer.rule.record in states:
            here = cover.get("issue_state"), data.get("state")
            assert states[answer.rule.record] in here


@many
@given(case_data)
def test_a_sentence_says_no_more_than_its_rule(data: dict[str, Any]) -> None:
    known = {p.id: p for p in policies_of(BOOK)}
    for answer in run(data).answers:
        record = known.get(answer.rule.record) if answer.rule is not None else None
        if record is None:
            continue
        name = re.escape(
            insurance_name(
                Facts(read_case(data, TODAY), BOOK, TODAY).for_coverage(answer.coverage or 0)
            )
        )
        of_this_one = re.match(f"{name} (is|covers|calls|leaves)", answer.sentence, re.I)
        if record.id in BOOK.rules_of_many:
            assert not of_this_one, answer.sentence
        elif of_this_one:
            assert record.prior_authorization or "with approval first" not in answer.sentence
            if record.confidence == "recalled":
                assert re.search(r"is thought (not )?to|no rule", answer.sentence), answer.sentence


@pytest.mark.parametrize(
    ("state", "cover", "begins", "lacks"),
    [
        ("PA", {"kind": "employer", "payer": "independence"}, "Independence Blue Cross covers Spravato (esketamine) for treatment-resistant depression. Still open", "with approval first"),
        ("CT", {"kind": "medicaid"}, "We did not find Connecticut Medicaid’s own rule", "reported"),
        ("CA", {"kind": "medicaid", "medicaid": "fee_for_service"}, "We did not find California Medicaid’s own rule", "reported"),
        ("TX", {"kind": "employer"}, "It depends on the insurer whether your job’s plan pays", "reported"),
        ("OH", {"kind": "medicaid"}, "Ohio Medicaid covers Spravato (esketamine) for treatment-resistant depression with approval first", "reported"),
        ("NV", {"kind": "tricare"}, "TRICARE covers Spravato (esketamine) for treatment-resistant depression with approval first", "reported"),
    ],
)  # fmt: skip
def test_whose_rule_it_is_and_how_it_is_known(
    state: str, cover: dict[str, Any], begins: str, lacks: str
) -> None:
    case = {"age": 40, "state": state, "request": "esketamine", "coverages": [cover]}
    told = run({**case, "diagnosis": "treatment_resistant_depression"}).answers[0].sentence
    assert told.startswith(begins), told
    assert lacks not in told


def test_a_no_that_is_only_remembered_is_not_called_reported() -> None:
    cover = {"kind": "employer", "payer": "independence"}
    case = {"age": 40, "state": "PA", "request": "iv_ketamine", "coverages": [cover]}
    (told, *_) = run({**case, "diagnosis": "crps"}).answers
    assert (
        told.sentence
        == "Independence Blue Cross is thought not to pay for ketamine infusions for CRPS."
    )


# --- what holds in every completion is known ----------------------------------------------------------

COMPLETIONS = [
    {"funding": f, "sponsor": s} for f, s in product(get_args(Funding), get_args(Sponsor))
]


def employer_case(data: dict[str, Any]) -> dict[str, Any] | None:
    """A generated case with one employer plan of which nobody has said who funds it."""
    covers = [c for c in data.get("coverages") or () if c.get("payer")]
    if not covers:
        return None
    plan = {"kind": "employer", "payer": covers[0]["payer"]}
    case = {k: v for k, v in copy.deepcopy(data).items() if k not in ("coverages", "denial")}
    return {**case, "stage": "exploring", "coverages": [plan]}


def told_of(result: Result) -> list[tuple[str, str, str]]:
    return [(a.treatment, a.outlook, a.sentence) for a in result.answers]


@few
@given(case_data)
def test_what_is_the_same_whoever_funds_the_plan_is_told_as_known(data: dict[str, Any]) -> None:
    case = employer_case(data)
    if case is None:
        return
    partial = told_of(run(case))
    completions = [
        told_of(run({**case, "coverages": [{**case["coverages"][0], **more}]}))
        for more in COMPLETIONS
    ]
    for n, answer in enumerate(partial):
        whole = {tuple(told[n]) for told in completions if len(told) == len(partial)}
        if len(whole) == 1:
            assert answer == whole.pop()


@few
@given(case_data)
def test_the_order_in_which_coverages_are_typed_changes_no_answer(data: dict[str, Any]) -> None:
    covers = data.get("coverages") or []
    names = [(c.get("kind"), str(c.get("payer")).lower()) for c in covers]
    if len(covers) < 2 or len(set(names)) < len(covers) or data.get("denial"):
        return
    turned = copy.deepcopy(data)
    turned["coverages"] = turned["coverages"][::-1]
    one, other = run(data), run(turned)
    assert sorted(told_of(one)) == sorted(told_of(other))


# --- rules of the answer, by example -------------------------------------------------------------------

TWO_SIX_WEEKS = [
    {"treatment": t, "outcome": "no_response", "weeks": 6, "daily_dose_mg": d}
    for t, d in (("sertraline", 150), ("escitalopram", 20))
]
GEORGIA = {
    "age": 38, "state": "GA", "request": "iv_ketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "passive", "treatments": TWO_SIX_WEEKS, "stage": "exploring",
    "coverages": [{"kind": "employer", "payer": "unitedhealthcare"}],
}  # fmt: skip


def answer_for(result: Result, treatment: str) -> AnswerShown:
    return next(a for a in result.answers if a.treatment == treatment)


def test_two_weeks_short_on_each_medicine() -> None:
    result = run(GEORGIA)
    asked, beside = result.answers
    assert asked.treatment == "iv_ketamine"
    assert "reported not to pay for ketamine infusions" in asked.sentence
    assert beside.outlook == "not_yet"
    assert beside.rule is not None
    assert beside.rule.number == "2026 P 2168-11"
    point = next(p for p in beside.points if p.id == beside.deciding[0])
    assert "8 weeks" in point.asks
    assert point.has == "sertraline 6 weeks, escitalopram 6 weeks"
    assert "sertraline and escitalopram lasted 8 weeks" in result.this_week[0].text
    assert "Find the plan" not in " ".join(s.text for s in beside.next_steps)


@pytest.mark.parametrize(("weeks", "outlook"), [(7, "not_yet"), (8, "possible"), (9, "possible")])
def test_the_weeks_decide(weeks: int, outlook: str) -> None:
    treatments = [{**t, "weeks": weeks} for t in TWO_SIX_WEEKS]
    assert answer_for(run({**GEORGIA, "treatments": treatments}), "esketamine").outlook == outlook


def test_an_unknown_kind_of_medicaid_is_taken_as_the_usual_one_and_said() -> None:
    case = {**GEORGIA, "request": "esketamine", "coverages": [{"kind": "medicaid"}]}
    (answer,) = run(case).answers
    assert any("usual kind" in a for a in answer.assumes)
    assert not str(answer.path).endswith(".claim")


def test_a_further_diagnosis_that_opens_a_rule_is_named() -> None:
    case = {**GEORGIA, "request": "esketamine", "diagnosis": "ptsd"}
    alone = answer_for(run(case), "esketamine")
    both = answer_for(
        run({**case, "other_diagnoses": ["treatment_resistant_depression"]}), "esketamine"
    )
    assert RANK[alone.outlook] < RANK[both.outlook]
    assert any("treatment-resistant depression" in a and "PTSD" in a for a in both.assumes)


@pytest.mark.parametrize(
    ("level", "named"),
    [
        ("initial", "ask again: redetermination by the Medicare contractor"),
        ("reconsideration", "ask again: hearing or review at the Office of Medicare Hearings"),
        ("hearing", "ask again: Medicare Appeals Council"),
    ],
)
def test_a_level_of_appeal_keeps_its_own_name_in_a_sentence(level: str, named: str) -> None:
    denial = {"coverage": 0, "treatment": "esketamine", "notice_date": "2026-11-05", "level": level}
    cover = {"kind": "medicare", "medicare": "original", "part_b": True, "part_d": False}
    case = {"age": 70, "state": "FL", "request": "esketamine", "coverages": [cover]}
    stage = "denied" if level == "initial" else "appeal_denied"
    told = run({**case, "diagnosis": "treatment_resistant_depression", "stage": stage, "denial": denial})  # fmt: skip
    assert told.leading is not None
    assert named in told.leading.sentence


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Internal appeal to the plan", "internal appeal to the plan"),
        ("A MADRS score of 28", "a MADRS score of 28"),
        ("PHQ-9 score", "PHQ-9 score"),
        ("U.S. Court of Appeals", "U.S. Court of Appeals"),
        ("Medicare Appeals Council", "Medicare Appeals Council"),
        ("Medical necessity track", "medical necessity track"),
        ("SPRAVATO withMe savings program", "SPRAVATO withMe savings program"),
    ],
)
def test_a_name_begins_small_within_a_sentence_unless_it_is_an_own_name(
    name: str, within: str
) -> None:
    assert in_mid_sentence(name) == within


@pytest.mark.parametrize(
    "reason", ["coding", "missing_information", "step_therapy", "experimental"]
)
def test_the_reason_of_a_no_decides_the_first_step(reason: str) -> None:
    denial = {"coverage": 0, "notice_date": "2026-11-01", "level": "initial", "reason": reason}
    case = {**GEORGIA, "request": "esketamine", "stage": "denied", "denial": denial}
    result = run({**case, "suicidal_thoughts": "none"})
    assert result.best is not None
    assert result.best.endswith("internal_appeal")
    assert result.this_week[0].id == f"answer_no_{reason}"
    texts = " ".join(s.text for s in result.this_week)
    assert ("corrected claim" in texts) is (reason == "coding")


def test_a_running_approval_is_renewed_before_it_ends() -> None:
    case = {
        **GEORGIA, "request": "esketamine", "stage": "preparing",
        "authorization": {"start": "2026-06-01", "end": "2026-12-20"},
    }  # fmt: skip
    result = run(case)
    (answer,) = result.answers
    assert "renew its approval by December 20, 2026" in answer.sentence
    assert result.this_week[0].id == "renew_approval"
    assert [p.id for p in answer.points] == ["diagnosis_named", "renewal"]
    assert result.best_path is not None
    assert [d.kind for d in result.best_path.deadlines] == ["renew"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"age": 16}, "for adults"),
        ({"health": {"vessel_condition": True}}, "brain"),
        ({"health": {"ketamine_allergy": True}}, "Allergy"),
        ({"health": {"uncontrolled_blood_pressure": True}}, "Blood pressure"),
        ({"diagnosis": "crps"}, "the FDA approved it for depression only"),
    ],
)
def test_the_label_binds_where_the_payer_is_silent(change: dict[str, Any], says: str) -> None:
    answer = answer_for(run({**GEORGIA, "request": "esketamine", **change}), "esketamine")
    assert says in answer.sentence
    assert RANK[answer.outlook] < RANK["possible"]


def test_a_payer_without_a_kind_is_the_first_thing_missing() -> None:
    result = run({**GEORGIA, "coverages": [{"payer": "aetna"}]})
    assert all("what kind of insurance" in a.sentence for a in result.answers)
    assert result.this_week[0].id == "find_out_kind"
    assert not [a for a in result.answers if a.outlook == "likely"]


def test_medicaid_leads_whoever_meets_every_point_and_says_what_it_pays() -> None:
    case = {
        **GEORGIA, "state": "OH", "household_size": 3, "annual_income": 21000, "coverages": [],
    }  # fmt: skip
    result = run(case)
    (answer,) = result.answers
    assert "likely qualify for Ohio Medicaid" in answer.sentence
    assert "covers Spravato" in answer.sentence
    assert result.this_week[0].contact is not None
    assert result.this_week[0].contact.phone


# --- the tiers of the questions -------------------------------------------------------------------------

TIER_CASES = often(16)
VALUES_TRIED = 4


def heard(result: Result) -> object:
    """All that a person hears in the answers, but for what it costs."""
    best = result.best_path
    days = [(d.id, d.date) for d in best.deadlines] if best is not None else []
    order = [(p.coverage, p.position) for p in result.payer_order]
    answers = [a.model_dump(mode="json", exclude={"cost"}) for a in result.answers]
    return answers, result.best, order, days, [s.id for s in result.this_week]


@pytest.mark.parametrize("seed", range(TIER_CASES))
def test_a_question_of_other_ways_to_pay_changes_no_answer(seed: int) -> None:
    dice = random.Random(seed)
    data = made_up_case(dice)
    result = run(data)
    before, places = heard(result), dict(open_places(data))
    asked = [q.field for q in result.questions if q.tier == "ways" and q.field in places]
    for field in dice.sample(asked, min(len(asked), VALUES_TRIED)):
        for value in dice.sample(places[field], min(len(places[field]), VALUES_TRIED)):
            try:
                after = run(filled_in(data, field, value))
            except CaseError:
                continue  # two answers that cannot both be true
            assert heard(after) == before, (field, value)


def test_a_question_of_the_answer_tier_can_change_an_answer() -> None:
    """Of those that are asked most can, by one answer alone; the others wait for another one."""
    changed = tried = 0
    for seed in range(TIER_CASES):
        dice = random.Random(seed)
        data = made_up_case(dice)
        result = run(data)
        before, places = heard(result), dict(open_places(data))
        asked = [q.field for q in result.questions if q.tier == "answer" and q.field in places]
        for field in asked[:VALUES_TRIED]:
            tried += 1
            values = dice.sample(places[field], min(len(places[field]), VALUES_TRIED))
            changed += any(_changes(data, field, value, before) for value in values)
    assert tried
    assert changed / tried > 0.7, (changed, tried)


def _changes(data: dict[str, Any], field: str, value: object, before: object) -> bool:
    try:
        return heard(run(filled_in(data, field, value))) != before
    except CaseError:
        return False
