"""What is not known decides nothing: what a case gives for certain holds in all that it may become."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import CaseError, evaluate, read_case
from rules.case import Case
from rules.engine.coordination import payer_order
from rules.engine.outlook import RANK
from rules.facts.context import COUNTED, DERIVED, Facts, Reading
from rules.facts.coverage import programs_of
from rules.facts.state import law_state
from rules.logic import Span, WordSet
from rules.result import PathShown
from rules.schema.policies import TrialStandard
from tests.fills import (
    contradiction,
    filled_in,
    made_up_case,
    open_places,
    told_places,
    without,
)
from tests.how_often import often
from tests.strategies import BOOK, TODAY, case_data
from wizard.answers import value_at
from wizard.counselor.scenarios import key_of

few = settings(max_examples=often(40), deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32)
STANDARDS = sorted(
    {p.trial for owner in (*BOOK.payers.values(), *BOOK.programs.values()) for p in owner.policies},
    key=str,
)


# Facts about the telling itself: there what nobody told is no.
OF_WHAT_WAS_TOLD = {"told_of_another_medicaid_group"}


def facts_of(data: dict[str, Any], cover: int | None = None) -> Facts:
    root = Facts(read_case(data, TODAY), BOOK, TODAY)
    return root if cover is None else root.for_coverage(cover)


def readings(case: Case, standards: list[TrialStandard]) -> dict[tuple[int | None, Any], Reading]:
    """Every fact of a case: of the person, and of each cover with its programmes and its law."""
    root = Facts(case, BOOK, TODAY)
    found: dict[tuple[int | None, Any], Reading] = {}
    for cover in (None, *range(len(case.coverages or ()))):
        facts = root if cover is None else root.for_coverage(cover)
        for name in {*BOOK.facts, *DERIVED} - OF_WHAT_WAS_TOLD:
            if (cover is not None) is (root.per(name) == "coverage"):
                found[cover, name] = facts.read(name)
        for name in COUNTED:
            found.update({(cover, (name, s)): facts.read((name, s)) for s in standards})
        found[cover, "law_state"] = law_state(facts)
        if facts.coverage is not None and facts.coverage.kind is not None:
            speaks = {p.id: applies for p, applies, _ in programs_of(facts)}
            for ident, program in BOOK.programs.items():
                if facts.coverage.kind in program.kinds:
                    found[cover, f"programme {ident}"] = Reading(speaks[ident])
    return found


def completions(
    data: dict[str, Any], dice: random.Random, together: int = 1
) -> Iterator[tuple[list[tuple[str, Any]], Case]]:
    """The case with each of its open answers given, one (or some) at a time."""
    places = list(open_places(data))
    for place, values in places:
        given = [(place, dice.choice(values))]
        given += [(p, dice.choice(v)) for p, v in dice.sample(places, together - 1) if p != place]
        new, wrong = data, False
        for where, value in given:
            old, new = new, filled_in(new, where, value)
            wrong = wrong or contradiction(old, where, new) is not None
        try:
            if not wrong:
                yield given, read_case(new, TODAY)
        except CaseError:
            continue  # dates that cannot both be true, or a denial by a cover that is not there


def holds(partial: Any, whole: Any) -> bool:
    """Whether what a partial case gives is true of a completed one."""
    if partial is None:
        return True
    if isinstance(partial, Span):
        low, high = whole if isinstance(whole, Span) else (whole, whole)
        return whole is not None and partial.low <= low and high <= partial.high
    if isinstance(partial, WordSet):
        return partial.known <= whole.known and whole.possible <= partial.possible
    return bool(partial == whole and partial.__class__ is whole.__class__)


@few
@given(seeds)
def test_a_definite_fact_holds_in_every_completion(seed: int) -> None:
    """Every fact, under several ways of counting, from every cover: one answer more, or two."""
    dice = random.Random(seed)
    data = made_up_case(dice)
    standards = dice.sample(STANDARDS, 3)
    before = readings(read_case(data, TODAY), standards)
    for together in (1, 2):
        for given_now, case in completions(data, dice, together):
            after = readings(case, standards)
            for key, reading in before.items():
                assert holds(reading.value, after[key].value), (
                    data, given_now, key, reading, after[key],
                )  # fmt: skip


@few
@given(case_data, seeds)
def test_a_definite_fact_holds_where_little_is_told(data: dict[str, Any], seed: int) -> None:
    dice = random.Random(seed)
    standards = dice.sample(STANDARDS, 2)
    before = readings(read_case(data, TODAY), standards)
    for given_now, case in completions(data, dice):
        after = readings(case, standards)
        for key, reading in before.items():
            assert holds(reading.value, after[key].value), (data, given_now, key, reading)


@few
@given(seeds)
def test_what_is_definite_without_an_answer_holds_whatever_the_answer_is(seed: int) -> None:
    """One answer taken back, then every answer that it may be: facts, and the outlooks that are settled."""
    dice = random.Random(seed)
    told = made_up_case(dice)
    places = list(told_places(told))
    if not places:
        return
    place = dice.choice(places)
    data, standards = without(told, place), dice.sample(STANDARDS, 2)
    try:
        before = readings(read_case(data, TODAY), standards)
        settled = {key_of(p): p for p in evaluate(data, TODAY).paths if p.outlook in SETTLED}
    except CaseError:
        return  # a denial by a cover that is not there
    for value in dict(open_places(data))[place]:
        whole = filled_in(data, place, value)
        if contradiction(data, place, whole) is not None:
            continue
        try:
            after = readings(read_case(whole, TODAY), standards)
        except CaseError:
            continue  # dates that cannot both be true
        for key, reading in before.items():
            if key in after:  # a cover may be taken back
                assert holds(reading.value, after[key].value), (data, place, value, key, reading)
        if dice.random() < 0.3:
            now = {key_of(p): p for p in evaluate(whole, TODAY).paths}
            for path in settled.values():
                found = now.get(key_of(path))
                assert _is_settled(path, found), (data, place, value, path.id, path.outlook, found)


SETTLED = ("likely", "not_yet", "closed")


def _is_settled(path: PathShown, now: PathShown | None) -> bool:
    """Likely stays; what is closed does not open; what lacks a point lacks it still."""
    if now is None:  # by a way to pay for another treatment, or not at all
        return path.outlook != "likely" or path.coverage is None
    if path.outlook == "not_yet":
        return RANK[now.outlook] <= RANK["not_yet"]
    return now.outlook == path.outlook


# Unknown, and nobody can be asked: a record is silent, or the law is.
NOBODY_KNOWS = {
    "unasked", "has_limited_fsa_only", "was_in_foster_care", "within_group_limits", "step_therapy_limit", "step_therapy_law",
    "off_label_law", "external_review_process", "state_parity_law", "medicaid_expanded",
    "income_percent_of_poverty", "income_percent_for_tax_credit", "income_opens_tax_credit",
    "income_within_medicaid_limit", "income_over_every_medicaid_line", "income_within_basic_health", "lost_coverage_recently",
    "marketplace_open", "step_therapy_reaches", "health_plan_law_reaches",
    "diagnosis_group", "indication",  # a payer's word that may or may not take a diagnosis in
    "acute_suicidality",  # passive thoughts: for a clinician to judge
    "psychotherapy_tried",  # talk therapy that was never possible
}  # fmt: skip
LISTS = ("treatments", "severity", "coverages")  # a list may lack what would tell


@few
@given(seeds)
def test_an_unknown_names_the_answers_that_would_settle_it(seed: int) -> None:
    dice = random.Random(seed)
    data = made_up_case(dice)
    for (_, key), reading in readings(read_case(data, TODAY), STANDARDS[:3]).items():
        name = key if isinstance(key, str) else key[0]
        value = reading.value
        known = value is not None and not isinstance(value, (Span, WordSet))
        assert not (known and reading.missing), (data, key, reading)
        told = [m for m in reading.missing if value_at(data, m) is not None and m not in LISTS]
        assert not told, (data, key, reading)
        open_trial = name in COUNTED and data.get("treatments")  # the policy is silent on it
        settled = isinstance(value, WordSet) and value.known == value.possible
        may_be_silent = known or settled or open_trial or name in NOBODY_KNOWS
        assert reading.missing or may_be_silent or name.startswith("programme"), (data, key)


@settings(few, max_examples=often(150))
@given(seeds)
def test_an_unknown_never_decides_the_order_of_payers(seed: int) -> None:
    """A place that was told holds; or the cover does not pay at all, and that was told to be open."""
    dice = random.Random(seed)
    data = {
        "coverages": made_up_case(dice).get("coverages") or [{"kind": "medicaid"}, {"kind": "ihs"}]
    }
    data |= {k: v for k, v in made_up_case(dice).items() if k in ORDERS}
    before = payer_order(facts_of(data))
    for given_now, case in completions(data, dice):
        if not given_now[0][0].startswith(("coverages[", *ORDERS)):
            continue
        after = {p.coverage: p for p in payer_order(Facts(case, BOOK, TODAY))}
        for place in before:
            now = after[place.coverage].position
            told = now == place.position or (now == "not_a_payer" and place.missing)
            assert told or place.position == "undecided", (data, given_now, place, now)
        if [p.position for p in before] != [after[p.coverage].position for p in before]:
            asked = {m for p in before for m in p.missing}
            assert given_now[0][0] in asked, (data, given_now)


ORDERS = ("age", "condition_related_to", "different_parents", "state", "disabled")


# --- by hand ----------------------------------------------------------------------------------------

UHC = BOOK.payers["unitedhealthcare"].policies
BY_STATE = next(p.trial for p in UHC if p.trial.by_state)
JOB = {"kind": "employer", "payer": "unitedhealthcare", "funding": "fully_insured"}


def tried(treatment: str, weeks: float | None = 5, **told: Any) -> dict[str, Any]:
    full = {"outcome": "no_response", "daily_dose_mg": 9000, "current_episode": True}
    return {"treatment": treatment, "weeks": weeks, **full, **told}


TWO_AT_FIVE = {"coverages": [JOB], "treatments": [tried("sertraline"), tried("venlafaxine")]}


@pytest.mark.parametrize(
    ("state", "value"),
    [(None, Span(0, 2)), ("CT", 2), ("KY", 2), ("MS", 2), ("TX", 0)],
)
@pytest.mark.parametrize("name", ["failed_antidepressants", "failed_antidepressant_classes"])
def test_weeks_that_differ_by_state_wait_for_the_state(
    name: str, state: str | None, value: Any
) -> None:
    reading = facts_of({**TWO_AT_FIVE, "state": state}, 0).read((name, BY_STATE))
    assert reading.value == value
    assert reading.missing == (("state",) if state is None else ())


def test_the_state_of_issue_says_the_weeks_too() -> None:
    case = {**TWO_AT_FIVE, "coverages": [{**JOB, "issue_state": "CT"}]}
    assert facts_of(case, 0).read(("failed_antidepressants", BY_STATE)).value == 2


def test_an_add_on_waits_for_the_state_as_well() -> None:
    reading = facts_of({"coverages": [JOB], "treatments": [tried("aripiprazole")]}, 0).read(
        ("failed_augmentations", BY_STATE)
    )
    assert (reading.value, reading.missing) == (Span(0, 1), ("state",))


def test_a_trial_too_short_everywhere_is_no_trial_whatever_the_state() -> None:
    case = {"coverages": [JOB], "treatments": [tried("sertraline", 3), tried("venlafaxine", 30)]}
    assert facts_of(case, 0).read(("failed_antidepressants", BY_STATE)) == Reading(
        1, ("treatments[0]", "treatments[1]")
    )


def scores(*told: tuple[str, float | None, str | None]) -> dict[str, Any]:
    return {"severity": [{"scale": s, "score": n, "date": d} for s, n, d in told]}


@pytest.mark.parametrize(
    ("case", "name", "value", "missing"),
    [
        # Of several scores the latest counts, and one without a date may be it.
        (scores(("phq9", 22, None), ("phq9", 4, "2026-05-01")), "phq9_score", Span(4, 22),
         ("severity[0].date",)),
        (scores(("phq9", 22, None), ("phq9", 4, "2026-05-01")), "severe_depression_documented", None,
         ("severity[0].date",)),
        (scores(("madrs", 30, None), ("madrs", 10, None)), "madrs_score", Span(10, 30),
         ("severity[0].date", "severity[1].date")),
        (scores(("hamd", None, "2026-06-01"), ("hamd", 12, "2026-05-01")), "hamd_score", None,
         ("severity[0].score",)),
        (scores(("phq9", 4, "2026-06-01"), ("madrs", None, None)), "severe_depression_documented",
         None, ("severity[1].score",)),
        # Where they say the same, or the day is known, nothing is open.
        (scores(("phq9", 22, None), ("phq9", 22, "2026-05-01")), "phq9_score", 22, ()),
        (scores(("phq9", 4, "2026-06-01"), ("phq9", 22, "2026-05-01")), "phq9_score", 4, ()),
        (scores(("phq9", 27, None), ("phq9", 21, "2026-05-01")), "severe_depression_documented", True, ()),
        # Bronze and catastrophic plans go with an HSA, whatever was said of the deductible.
        ({"coverages": [{"kind": "individual", "high_deductible_plan": False}]},
         "high_deductible_plan", None, ("coverages[0].metal_level",)),
        ({"coverages": [{"high_deductible_plan": True}]}, "high_deductible_plan", None,
         ("coverages[0].kind", "coverages[0].metal_level")),
        ({"coverages": [{"high_deductible_plan": False, "metal_level": "bronze"}]},
         "high_deductible_plan", None, ("coverages[0].kind",)),
        ({"coverages": [{"kind": "individual", "high_deductible_plan": False, "metal_level": "gold"}]},
         "high_deductible_plan", False, ()),
        # A territory has no Marketplace, for nobody and in no month.
        ({"state": "GU", "tribal_member": True}, "marketplace_open", False, ()),
        ({"state": "PR", "lost_coverage_date": "2026-11-20"}, "marketplace_open", False, ()),
        ({"tribal_member": True}, "marketplace_open", None, ("state",)),
        ({"state": "TX", "tribal_member": True}, "marketplace_open", True, ()),
        # Talk therapy that is listed was tried, unless it was never possible.
        ({"treatments": [{"treatment": "cbt"}], "treatment_counts": {"psychotherapy_tried": False}},
         "psychotherapy_tried", None, ("treatments[0].outcome",)),
        ({"treatments": [{"treatment": "cbt", "outcome": "contraindicated"}],
          "treatment_counts": {"psychotherapy_tried": False}}, "psychotherapy_tried", False, ()),
    ],
)  # fmt: skip
def test_an_unknown_is_no_value(
    case: dict[str, Any], name: str, value: Any, missing: tuple[str, ...]
) -> None:
    reading = facts_of(case).read(name)
    assert (reading.value, reading.missing) == (value, missing)


@pytest.mark.parametrize(
    ("cover", "name", "value", "missing"),
    [
        # The kind of network says what is usual. What this plan pays, only the plan says.
        *(({"kind": "employer", "network": n}, "out_of_network_benefit", None,
           ("coverages[0].out_of_network_benefit",)) for n in ("ppo", "pos", "indemnity", "hmo", "epo")),
        ({"kind": "employer", "network": "ppo", "out_of_network_benefit": False},
         "out_of_network_benefit", False, ()),
        # What only some covers have says nothing while nobody knows what cover it is.
        ({"funding": "self_funded"}, "funding", None, ("coverages[0].kind",)),
        ({"medicare": "advantage"}, "medicare_part", None, ("coverages[0].kind",)),
        ({"grandfathered": True}, "grandfathered", None, ("coverages[0].kind",)),
        ({"kind": "medicare", "medicare": "advantage"}, "medicare_part", "advantage", ()),
    ],
)  # fmt: skip
def test_an_unknown_of_a_cover_is_no_value(
    cover: dict[str, Any], name: str, value: Any, missing: tuple[str, ...]
) -> None:
    reading = facts_of({"coverages": [cover]}, 0).read(name)
    assert (reading.value, reading.missing) == (value, missing)


@pytest.mark.parametrize(
    ("covers", "case", "positions", "asked"),
    [
        ([{"kind": "medicaid"}, {"kind": "ihs"}], {}, ["primary", "undecided"], "coverages[0].medicaid"),
        ([{"kind": "medicaid", "medicaid": "fee_for_service"}, {"kind": "ihs"}], {},
         ["primary", "secondary"], None),
        ([{"kind": "medicaid", "medicaid": "spend_down"}, {"kind": "ihs"}], {},
         ["primary", "undecided"], "coverages[0].spend_down_met"),
        ([{"kind": "va"}, {"kind": "ihs"}], {}, ["primary", "undecided"],
         "coverages[0].visit_at_or_authorized_by_va"),
        ([{"kind": "tricare"}, {"kind": "chip"}, {"kind": "cobra"}], {},
         ["undecided", "undecided", "undecided"], "coverages[0].active_duty"),
        ([{"kind": "medicaid"}, {"kind": "sharing_ministry"}], {}, ["primary", "undecided"],
         "coverages[0].medicaid"),
        ([{"kind": "medicaid"}, {"kind": "sharing_ministry"}, {"kind": "fehb"}], {},
         ["secondary", "last_outside", "primary"], "coverages[0].medicaid"),
    ],
)  # fmt: skip
def test_a_place_behind_a_cover_that_may_not_pay_is_open(
    covers: list[dict[str, Any]], case: dict[str, Any], positions: list[str], asked: str | None
) -> None:
    result = evaluate({"coverages": covers, **case}, TODAY)
    told = {p.coverage: p for p in result.payer_order}
    assert [told[i].position for i in range(len(covers))] == positions
    assert asked is None or asked in {q.field for q in result.questions}
