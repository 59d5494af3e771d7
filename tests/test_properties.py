"""The nine properties that must hold for every case, tried on generated ones."""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
import subprocess
import sys
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.attack.made_up import is_told, shuffled
from benchmarks.attack.properties import in_order
from rules import CaseError, evaluate, load_rules, read_case, vocabulary
from rules.engine.outlook import RANK
from tests.fills import CONFIRM, KINDS, a_trial, contradiction, filled_in, made_up_case, open_places
from tests.how_often import often
from tests.strategies import MEDICINES, TODAY, case_data, maybe, word
from wizard.counselor.scenarios import key_of

BOOK = load_rules()
many = settings(max_examples=often(150), deadline=None, suppress_health_check=list(HealthCheck))
few = settings(max_examples=often(60), deadline=None, suppress_health_check=list(HealthCheck))


def run(data: dict[str, Any], today: dt.date = TODAY) -> Any:
    return evaluate(data, today=today)


def by_id(result: Any) -> dict[str, Any]:
    return {p.id: p for p in result.paths}


# 1. Total


@many
@given(case_data)
def test_every_case_gets_a_result_with_a_path_to_start_today(data: dict[str, Any]) -> None:
    result = run(data)
    ready = [p for p in result.paths if p.outlook != "closed" and p.next_steps]
    assert ready
    assert any(p.coverage is None and p.outlook in ("likely", "possible") for p in ready)


# 2. Unknowns are safe

SETTLED = ("likely", "closed")
SOME_PLACES = 5  # answers tried for each case
FILLS: dict[str, Any] = {
    "age": st.integers(0, 99),
    "suicidal_thoughts": word(vocabulary.SuicidalThoughts),
    "taking_antidepressant": st.booleans(),
    "veteran": st.booleans(),
    "pregnant": st.booleans(),
    "stage": word(vocabulary.Stage),
    "household_size": st.integers(1, 6),
    "annual_income": st.sampled_from([0, 16000, 30000, 90000]),
    "other_diagnoses": st.lists(word(vocabulary.Diagnosis), max_size=2),
    "diagnosis": word(vocabulary.Diagnosis),
    "provider.rems_certified": st.booleans(),
    "provider.in_network": st.booleans(),
    "provider.prescriber": word(vocabulary.Prescriber),
    "provider.psychiatrist_consulted": st.booleans(),
    "health.psychosis": st.booleans(),
    "health.bipolar_disorder": st.booleans(),
    "health.substance_use": word(vocabulary.SubstanceUse),
    "health.vessel_condition": st.booleans(),
    "health.ketamine_allergy": st.booleans(),
    "treatment_counts.antidepressants_failed": st.integers(0, 5),
    "treatment_counts.augmentations_failed": st.integers(0, 3),
    "treatment_counts.psychotherapy_tried": st.booleans(),
    "money.hsa": st.booleans(),
    "money.fsa": st.booleans(),
}


def filled(data: dict[str, Any], field: str, value: Any) -> dict[str, Any] | None:
    """The case with an unknown field filled in; None where it was known."""
    new = copy.deepcopy(data)
    head, _, tail = field.partition(".")
    if not tail:
        if new.get(head) is not None:
            return None
        new[head] = value
        return new
    inner = dict(new.get(head) or {})
    if inner.get(tail) is not None:
        return None
    inner[tail] = value
    new[head] = inner
    return new


@many
@given(case_data, st.integers(0, 2**32))
def test_filling_in_an_unknown_never_contradicts_a_settled_path(
    data: dict[str, Any], seed: int
) -> None:
    """Any field of a case: what is `likely` or `closed`, and each criterion that was settled, holds."""
    _never_overturned(data, random.Random(seed), SOME_PLACES)


@few
@given(st.integers(0, 2**32))
def test_a_settled_path_of_a_case_where_most_is_told_is_never_overturned(seed: int) -> None:
    dice = random.Random(seed)
    _never_overturned(made_up_case(dice), dice, SOME_PLACES)


def _never_overturned(data: dict[str, Any], dice: random.Random, some: int) -> None:
    before = {key_of(p): p for p in run(data).paths}
    places = list(open_places(data))
    for place, values in dice.sample(places, min(some, len(places))):
        value = dice.choice(values)
        after_data = filled_in(data, place, value)
        if contradiction(data, place, after_data) is not None:
            continue
        try:
            after = {key_of(p): p for p in run(after_data).paths}
        except CaseError:
            continue  # two dates that cannot both be true
        for key in before.keys() & after.keys():
            _still_holds(before[key], after[key], (place, value))


def _still_holds(path: Any, now: Any, told: Any) -> None:
    if path.outlook in SETTLED:
        assert now.outlook == path.outlook, (told, path.id, path.reason, now.reason)
    values = {c.id: c.value for c in now.criteria} if now.record == path.record else {}
    for criterion in path.criteria:
        if criterion.value != "unknown" and criterion.id in values:
            assert values[criterion.id] == criterion.value, (told, path.id, criterion)


@many
@given(case_data)
def test_an_unknown_exclusion_is_never_cleared(data: dict[str, Any]) -> None:
    for path in run(data).paths:
        if path.outlook == "likely":
            assert all(c.value == "met" for c in path.criteria if not _informs(path, c)), path


def _informs(path: Any, criterion: Any) -> bool:
    way = BOOK.ways.get(path.record or "") or BOOK.routes.get(path.record or "")
    return way is not None and criterion.id in {c.id for c in way.better_if}


# 3. Monotone


@many
@given(case_data, st.sampled_from(MEDICINES), st.data())
def test_one_more_failed_trial_never_makes_a_path_worse(
    data: dict[str, Any], medicine: str, draw: st.DataObject
) -> None:
    if data.get("treatments") is None:
        return
    more = copy.deepcopy(data)
    more["treatments"].append(
        {
            "treatment": medicine,
            "outcome": "no_response",
            "weeks": 26,
            "daily_dose_mg": 90000,
            "current_episode": True,
            "years_ago": 0,
        }
    )
    _never_worse(data, more)


@many
@given(st.integers(0, 2**32), st.sampled_from(MEDICINES))
def test_one_more_failed_trial_beside_a_count_never_makes_a_path_worse(
    seed: int, medicine: str
) -> None:
    """The short form and the list together: near what the policies ask for."""
    dice = random.Random(seed)
    payer = dice.choice(sorted(BOOK.payers))
    made_up = made_up_case(dice)
    denial = {k: v for k, v in (made_up.get("denial") or {}).items() if k != "coverage"}
    data = {
        **made_up, "denial": denial, "other_denials": None,  # there is one coverage only
        "age": 40, "request": "esketamine", "diagnosis": "treatment_resistant_depression",
        "coverages": [{"kind": "employer", "payer": payer, "funding": "self_funded"}],
        "treatments": [a_trial(dice, 0.8) for _ in range(dice.randint(0, 4))],
        "treatment_counts": {
            n: dice.randint(0, 5) for n in COUNT_FIELDS if dice.random() < 0.6
        },
    }  # fmt: skip
    full = {"outcome": "no_response", "weeks": 26, "daily_dose_mg": 90000, "years_ago": 0}
    one = {"treatment": medicine, "current_episode": True, **full}
    data.pop("denial", None)
    data.pop("birth_month", None)  # it would not go with the age
    _never_worse(data, {**data, "treatments": [*data["treatments"], one]})


COUNT_FIELDS = (
    "antidepressants_failed", "antidepressant_classes_failed", "augmentations_failed",
)  # fmt: skip


@many
@given(case_data)
def test_a_certified_site_and_a_score_on_paper_never_make_a_path_worse(
    data: dict[str, Any],
) -> None:
    more = copy.deepcopy(data)
    more["provider"] = {**(more.get("provider") or {}), "rems_certified": True}
    _never_worse(data, more)
    scored = copy.deepcopy(data)
    scored["severity"] = [
        *(scored.get("severity") or []),
        {"scale": "phq9", "score": 27, "date": TODAY.isoformat()},
        {"scale": "madrs", "score": 60, "date": TODAY.isoformat()},
    ]
    _never_worse(data, scored)


def _never_worse(before_data: dict[str, Any], after_data: dict[str, Any]) -> None:
    before, after = by_id(run(before_data)), by_id(run(after_data))
    for ident, path in before.items():
        if ident in after:
            worse = RANK[after[ident].outlook] < RANK[path.outlook]
            assert not worse, (ident, path.outlook, after[ident].outlook, after[ident].reason)


# 4. Relevance is exact


def _told(result: Any) -> Any:
    return {
        p.id: (
            p.outlook,
            [s.id for s in p.next_steps],
            p.documents,
            [(d.id, d.date) for d in p.deadlines],
            p.cost_note,
            # The packet checklist is a document that holds these.
            [(c.id, c.value) for c in p.criteria] if p.coverage is not None else None,
        )
        for p in result.paths
    }


@many
@given(case_data, st.data())
def test_a_question_that_can_change_something_is_asked(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    field = draw.draw(st.sampled_from(sorted(FILLS)))
    after_data = filled(data, field, draw.draw(FILLS[field]))
    if after_data is None:
        return
    if contradiction(data, field, after_data) is not None:
        return
    if field == "suicidal_thoughts":
        return  # asked once, gently, of everyone; never among the things to find out
    try:
        read_case(after_data, TODAY)
    except CaseError:
        return  # two dates that cannot both be true
    before = run(data)
    if _told(before) != _told(run(after_data)):
        asked = {q.field for q in before.questions}
        heads = {f.partition(".")[0] for f in asked}
        assert field in asked or (field.startswith("treatment_counts") and "treatments" in heads), (
            field
        )


VALUES: dict[str, list[Any]] = {
    "suicidal_thoughts": list(get_args(vocabulary.SuicidalThoughts)),
    "provider.prescriber": list(get_args(vocabulary.Prescriber)),
    "health.substance_use": list(get_args(vocabulary.SubstanceUse)),
    **{
        f: [True, False]
        for f in FILLS
        if f.startswith(("provider.", "health.", "money."))
        and "prescriber" not in f
        and "substance" not in f
    },
}


COVER_PARTS = {"medicaid": {"medicaid": "managed_care"}, "medicare": {"medicare": "original"}}


def _covers_settled(data: dict[str, Any]) -> dict[str, Any]:
    """The case with the form of each public cover known, where it was not."""
    covers = [{**COVER_PARTS.get(c.get("kind"), {}), **c} for c in data.get("coverages") or ()]
    return {**data, "coverages": covers} if covers else data


@few
@given(case_data, st.data())
def test_a_question_that_is_asked_can_change_something(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    """Alone or, where two unknowns hang together, with the others it names."""
    result = run(data)
    asked = [q.field for q in result.questions if q.field in VALUES and q.matters_for]
    if not asked:
        return
    field = draw.draw(st.sampled_from(asked))
    others = [f for f in asked if f != field]
    settings_tried = [data]
    for value in (True, False):
        other = data
        for name in others:
            choice = (
                value if isinstance(VALUES[name][0], bool) else VALUES[name][0 if value else -1]
            )
            other = filled(other, name, choice) or other
        settings_tried.append(other)
    held = {"coverages": [{"kind": "individual"}], "stage": "exploring", "diagnosis": "ptsd",
            "request": "iv_ketamine", "state": "TX", "age": 40}  # fmt: skip
    for base in list(settings_tried):
        other = base
        for name, answer in held.items():
            other = filled(other, name, answer) or other
        settings_tried.append(other)
    settings_tried += [_covers_settled(base) for base in settings_tried]
    for base in settings_tried:
        seen = {json.dumps(_told(run(base)), default=str)}
        for value in VALUES[field]:
            after = filled(base, field, value)
            if after is not None:
                seen.add(json.dumps(_told(run(after)), default=str))
        if len(seen) > 1:
            return
    pytest.fail(f"{field} is asked but changes nothing: {data}")


# 5. What-would-change is true


@many
@given(case_data)
def test_a_named_change_gives_the_named_outlook(data: dict[str, Any]) -> None:
    for path in run(data).paths:
        for change in path.would_change:
            if not all(e in CONFIRM for e in change.edits):
                continue
            new = copy.deepcopy(data)
            for edit in change.edits:
                field, value = CONFIRM[edit]
                head, _, tail = field.partition(".")
                if tail:
                    new[head] = {**(new.get(head) or {}), tail: value}
                else:
                    new[head] = value
            after = by_id(run(new)).get(path.id)
            if after is None:
                continue
            assert after.outlook == change.to, (path.id, change, after.reason)
            assert RANK[change.to] > RANK[path.outlook]


# 6. Same answer everywhere


def test_the_command_line_and_python_agree(tmp_path: Any) -> None:
    rng = random.Random(7)
    sampler = case_data
    data = _one(sampler, rng)
    file = tmp_path / "case.json"
    file.write_text(json.dumps(data))
    done = subprocess.run(
        [sys.executable, "-m", "rules", "evaluate", str(file), "--today", TODAY.isoformat()],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == run(data).model_dump(mode="json")


def _one(strategy: Any, rng: random.Random) -> dict[str, Any]:
    return {
        "age": 42, "state": "TX", "request": "iv_ketamine", "diagnosis": "ptsd",
        "coverages": [{"kind": "employer", "funding": rng.choice(["self_funded", "fully_insured"])}],
        "stage": "denied", "denial": {"notice_date": "2026-11-01"},
    }  # fmt: skip


# 7. Every sentence of reason cites a fact and a source


@many
@given(case_data)
def test_every_sentence_of_reason_cites_an_answer_and_a_source(data: dict[str, Any]) -> None:
    for path in run(data).paths:
        assert path.reasons
        assert path.reason == " ".join(s.text for s in path.reasons)
        for sentence in path.reasons:
            assert sentence.because, (path.id, sentence)
            assert sentence.source in BOOK.sources, (path.id, sentence)
            given_ones = [b for b in sentence.because if is_told(data, b)]
            assert given_ones or not _says_something(data), (path.id, sentence)
        for criterion in path.criteria:
            assert criterion.value == "unknown" or criterion.because, (path.id, criterion)


def _says_something(data: dict[str, Any]) -> bool:
    return any(v is not None for v in read_case(data).model_dump().values())


# 8. Order does not matter


@many
@given(case_data, st.integers(0, 2**32))
def test_the_order_of_typing_does_not_matter(data: dict[str, Any], seed: int) -> None:
    """Everything but where a cover stands, with two covers of one kind and payer among them."""
    dice = random.Random(seed)
    covers = data.get("coverages") or []
    if covers and dice.random() < 0.5:
        twin = {k: v for k, v in dice.choice(covers).items() if k in ("kind", "payer")}
        data = {**data, "coverages": [*covers, {**twin, "network": dice.choice(["hmo", "ppo"])}]}
        if data.get("denial"):
            data["denial"] = {**data["denial"], "coverage": dice.randrange(len(covers) + 1)}
    if _same_day_scores(data):
        return
    other = shuffled(data, dice)
    assert in_order(data, run(data)) == in_order(other, run(other))


def _same_day_scores(data: dict[str, Any]) -> bool:
    scores = [(s.get("scale"), s.get("date")) for s in data.get("severity") or ()]
    return len(set(scores)) != len(scores)


PAYERS_ODD = (
    "保険",
    "the",
    "The",
    "!!!",
    "",
    "Aetna",
    "AETNA ",
    "Здоровье",
    "<b>",
    "any",
    "x.2",
    None,
)


@many
@given(st.lists(st.sampled_from(PAYERS_ODD), min_size=2, max_size=6), st.sampled_from(KINDS))
def test_no_two_paths_bear_one_name(payers: list[str | None], kind: str) -> None:
    """Whatever the payers are called: by letters that fold away, by one name, by none."""
    covers = [{"kind": kind} | ({"payer": p} if p else {}) for p in payers]
    ids = [p.id for p in run({"request": "iv_ketamine", "coverages": covers}).paths]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("denied", [0, 1])
def test_of_two_equal_plans_the_one_that_said_no_comes_first(denied: int) -> None:
    plan = {"kind": "employer", "payer": "aetna"}
    result = run({
        "request": "esketamine", "diagnosis": "treatment_resistant_depression", "stage": "denied",
        "coverages": [plan, plan], "denial": {"coverage": denied, "level": "initial"},
    })  # fmt: skip
    assert (result.best, result.best_path.coverage) == (
        "employer.aetna.esketamine.internal_appeal", denied,
    )  # fmt: skip
    assert [p.coverage for p in result.payer_order] == [denied, 1 - denied]


# 9. Dates


@few
@given(case_data)
def test_the_same_case_and_day_give_the_same_result(data: dict[str, Any]) -> None:
    assert run(data) == run(copy.deepcopy(data))


def test_a_rule_counts_only_while_in_force() -> None:
    case = {
        "request": "esketamine", "diagnosis": "treatment_resistant_depression", "age": 40,
        "coverages": [{"kind": "employer", "payer": "unitedhealthcare", "funding": "self_funded",
                       "sponsor": "private"}],
    }  # fmt: skip
    now = by_id(run(case))["employer.unitedhealthcare.esketamine.prior_authorization"]
    then = by_id(run(case, dt.date(2026, 6, 30))).get(
        "employer.unitedhealthcare.esketamine.prior_authorization"
    )
    assert now.record == "uhc_comm_esk_trd"
    assert then is None or then.record != "uhc_comm_esk_trd"


__all__ = ["maybe"]
