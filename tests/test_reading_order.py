"""The order of paths and steps is decided once: the wizard, the command line and papers follow it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from rules import Result, evaluate, load_rules, read_case
from rules.__main__ import main
from rules.documents import make_paper as paper_of
from rules.documents import markdown, papers_for
from rules.engine.find_paths import find_paths
from rules.engine.outlook import RANK
from rules.engine.reading_order import leading_path, pays, route_place
from rules.report.action_plan import MOST_STEPS, first_acts, plan_of
from rules.report.next_steps import first_step
from rules.report.text_report import render_text
from rules.vocabulary import STEP_STAGES
from tests.how_often import often
from tests.journeys.walker import TODAY as WIZARD_TODAY
from tests.journeys.walker import Walker
from tests.strategies import TODAY, case_data
from wizard.answers import Answers
from wizard.counselor.answer_rows import Variant, answer_rows
from wizard.result.reading import by_role, cards_of, days_ahead

# Due today, asked for by the reason of a no, or settling a point on which it hangs.
MOST_THAT_LEAD = 7
cases = settings(
    max_examples=often(200),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TRIED = [
    {"treatment": "sertraline", "outcome": "no_response", "weeks": 10, "daily_dose_mg": 150,
     "current_episode": True},
    {"treatment": "venlafaxine", "outcome": "not_tolerated", "weeks": 3, "daily_dose_mg": 75,
     "current_episode": True},
]  # fmt: skip
DENIED: dict[str, Any] = {
    "age": 45, "state": "OH", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none", "treatments": TRIED,
    "coverages": [{"kind": "medicare", "medicare": "advantage", "payer": "humana"}],
    "stage": "denied",
    "denial": {"coverage": 0, "notice_date": "2026-11-01", "received_date": "2026-11-06",
               "reason": "not_medically_necessary", "level": "initial"},
}  # fmt: skip
PREPARING: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "iv_ketamine", "diagnosis": "treatment_resistant_depression",
    "treatments": TRIED,
    "coverages": [{"kind": "employer", "payer": "aetna", "funding": "self_funded"}],
    "stage": "preparing",
}  # fmt: skip
NO_LEVEL = {**DENIED, "coverages": [{"kind": "auto_injury"}], "denial": {"coverage": 0}}
UNINSURED: dict[str, Any] = {"request": "esketamine", "coverages": []}
NO_KIND: dict[str, Any] = {"request": "esketamine", "coverages": [{"payer": "aetna"}]}
TOLD = {
    "denied": DENIED, "preparing": PREPARING, "no_level": NO_LEVEL, "uninsured": UNINSURED,
    "no_kind": NO_KIND,
}  # fmt: skip


def ids(found: Any) -> list[str]:
    return [p.id for p in found]


# --- the engine ---------------------------------------------------------------------------------


@cases
@given(case_data)
def test_the_leading_path_comes_first_then_outlook_then_what_pays(data: dict[str, Any]) -> None:
    """Ways to pay have an order of their own: what they save this person (test_ways_in_order)."""
    result = evaluate(data, today=TODAY)
    if result.best is not None:
        assert result.paths[0].id == result.best
    rest = [p for p in result.paths if p.role != "pay" and p.id != result.best]
    for one, two in pairwise(rest):
        assert RANK[one.outlook] >= RANK[two.outlook]
        if one.outlook == two.outlook:
            places = [route_place(p.route, p.contingent) for p in (one, two)]
            assert places == sorted(places)


@cases
@given(case_data)
def test_steps_come_as_they_are_read(data: dict[str, Any]) -> None:
    """What leads, then acts before what is to be found out, each in the order of the stages."""
    result = evaluate(data, today=TODAY)
    for path in result.paths:
        assert path.first_step == (path.next_steps[0].id if path.next_steps else None)
        assert len(set(ids(path.next_steps))) == len(path.next_steps)
        read = [
            (s.kind == "find_out", STEP_STAGES.index(s.stage or "help")) for s in path.next_steps
        ]
        lead = next((i for i in range(len(read) + 1) if read[i:] == sorted(read[i:])), 0)
        assert lead <= MOST_THAT_LEAD, [s.id for s in path.next_steps]
    if result.best_path is not None and result.best_path.next_steps:
        assert result.first_act == result.best_path.next_steps[0].text


@cases
@given(case_data)
def test_paths_as_evaluated_stand_as_in_the_result(data: dict[str, Any]) -> None:
    """What a row of a worklist is made from, without a result."""
    result = evaluate(data, today=TODAY)
    paths = find_paths(read_case(data, TODAY), TODAY, load_rules())
    best = leading_path(paths)
    shown = {p.id: p for p in result.paths}
    ways = {p.id for p in result.paths if p.role == "pay"}  # ranked by what they cost, last of all
    assert [i in ways or i for i in ids(paths)] == [i in ways or i for i in ids(result.paths)]
    assert sorted(ids(paths)) == sorted(shown)
    assert (best.id if best else None) == result.best
    for path in paths:
        assert first_step(path) == shown[path.id].next_step


def test_an_appeal_waits_behind_until_a_plan_said_no() -> None:
    assert route_place("internal_appeal") < route_place("prior_authorization")
    assert route_place("hsa") > route_place("internal_appeal", contingent=True)
    assert route_place("internal_appeal", contingent=True) > route_place("apply_medicaid")
    assert [pays(r) for r in ("claim", "clinical_trial", "hsa", "complaint")] == [True, True, False, False]  # fmt: skip
    denied, asking = evaluate(DENIED, today=TODAY), evaluate(PREPARING, today=TODAY)
    assert denied.best_path is not None
    assert denied.best_path.route == "internal_appeal"
    assert not denied.best_path.contingent
    assert all(p.contingent for p in asking.paths if p.appeal is not None)


# --- the wizard ---------------------------------------------------------------------------------


@cases
@given(case_data)
def test_the_wizard_groups_and_moves_nothing(data: dict[str, Any]) -> None:
    result = evaluate(data, today=TODAY)
    place = {p.id: i for i, p in enumerate(result.paths)}
    shown = list(by_role(result))
    assert sorted(i for _, paths in shown for i in ids(paths)) == sorted(place)
    for _, paths in shown:
        places = [place[p.id] for p in paths]
        assert places == sorted(places)
    cards = cards_of(result)
    assert cards.lead == (result.leading or result.answers[0])
    told = {a.sentence for a in (cards.asked, cards.lead, *cards.others) if a is not None}
    assert told == {a.sentence for a in result.answers}
    due = {d.act_by for p in result.paths if p.outlook != "closed" for d in p.deadlines if not d.passed}  # fmt: skip
    assert due == {a.deadline.act_by for a in days_ahead(result) if a.deadline is not None}


@cases
@given(case_data)
def test_the_comparison_begins_with_the_same_step(data: dict[str, Any]) -> None:
    result = evaluate(data, today=TODAY)
    same = Variant(data, result, result)
    rows = {r.kind: r.cells[0] for r in answer_rows([same, same], load_rules())}
    told = [line.text for line in rows["step"].lines] if "step" in rows else []
    assert told == [step.text for step in result.this_week[:1]]


@pytest.mark.parametrize("told", TOLD)
def test_what_is_drawn_is_what_the_command_line_says(
    told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(TOLD[told]), encoding="utf-8")
    assert main(["evaluate", str(file), "--today", WIZARD_TODAY.isoformat()]) == 0
    result = Result.model_validate_json(capsys.readouterr().out)
    walker = Walker()
    walker.at.session_state["answers"] = Answers(case=json.loads(json.dumps(TOLD[told])))
    text = walker.go("result").text
    best, lead = result.best_path, result.leading or result.answers[0]
    place = text.index(lead.sentence.partition(". ")[0])
    acts = first_acts(result)
    if acts:
        assert place < text.index(acts[0].text)
    if best is None:
        return
    plan = walker.go("plan")
    assert plan.at.checkbox
    assert main(["evaluate", str(file), "--today", WIZARD_TODAY.isoformat(), "--format", "text"]) == 0  # fmt: skip
    said = " ".join(capsys.readouterr().out.split())
    assert result.leading is not None
    assert result.leading.sentence in said


# --- the command line -----------------------------------------------------------------------------


@cases
@given(case_data)
def test_the_text_leads_with_the_same_answer_and_steps(data: dict[str, Any]) -> None:
    result = evaluate(data, today=TODAY)
    page = " ".join(render_text(result).split())
    lead = result.leading
    if lead is None:
        assert result.answers or (result.first_act or "") in page
        return
    assert " ".join(lead.sentence.split()) in page
    for step in result.this_week:
        assert " ".join(step.text.split()) in page


# --- what a result carries --------------------------------------------------------------------------


@cases
@given(case_data)
def test_the_sentences_on_a_last_day_say_its_readings(data: dict[str, Any]) -> None:
    result = evaluate(data, today=TODAY)
    for path in result.paths:
        for day in (*path.deadlines, *(d for a in path.alternatives for d in a.deadlines)):
            leads, *others = day.readings
            assert leads.date == day.date
            assert day.counted_from == f"{leads.start}: {leads.how}"
            assert day.other_readings == tuple(f"{r.date} ({r.start}: {r.how})" for r in others)


@cases
@given(case_data)
def test_an_appeal_carries_what_the_law_says_of_it(data: dict[str, Any]) -> None:
    result = evaluate(data, today=TODAY)
    for path in result.paths:
        for appeal in (path.appeal, *(a.appeal for a in path.alternatives)):
            if appeal is None:
                continue
            appeal_process = load_rules().appeal_processes[appeal.appeal_process]
            level = next(x for x in appeal_process.levels if x.id == appeal.level)
            assert level.route == path.route
            assert (appeal.how_to_start, appeal.keeps_benefits, appeal.before_you_start) == (
                level.how_to_start, level.keeps_benefits, appeal_process.before_you_start,
            )  # fmt: skip
        of_rules = {"renew", "answer_due"}  # of an approval that ends, of a request that was sent
        assert path.appeal is not None or {d.kind for d in path.deadlines} <= of_rules


def test_both_readings_of_a_last_day_are_typed() -> None:
    # 60 days from receipt on Nov 3, 2026 are Jan 2, 2027; 65 from the notice of Nov 1 are Jan 5.
    cover = {"kind": "medicare", "medicare": "advantage", "part_d": False}
    denial = {**DENIED["denial"], "notice_date": "2026-11-01", "received_date": "2026-11-03"}
    asked = {**DENIED, "coverages": [cover], "denial": denial}
    path = next(p for p in evaluate(asked, today=TODAY).paths if p.deadlines)
    first, other = path.deadlines[0].readings[0], path.deadlines[0].readings[-1]
    assert (first.date.isoformat(), first.start.isoformat()) == ("2027-01-02", "2026-11-03")
    assert first.counted == "from_receipt"
    assert (other.date.isoformat(), other.start.isoformat()) == ("2027-01-05", "2026-11-01")
    assert other.counted == "from_notice"


def test_each_tried_treatment_says_whether_it_counts() -> None:
    trials = evaluate(PREPARING, today=TODAY).trials
    assert (trials.coverage, len(trials.treatments)) == (0, len(TRIED))
    assert trials.treatments[0].counts is True
    none_in_view = evaluate({"treatments": TRIED}, today=TODAY).trials
    assert none_in_view.coverage is None
    assert none_in_view.weeks == load_rules().default_trial.min_weeks


@pytest.mark.parametrize("told", ["denied", "preparing"])
def test_papers_need_no_more_than_the_result_that_went_out(told: str) -> None:
    """A result that was sent away and read back makes the same papers."""
    case, book = read_case(TOLD[told], TODAY), load_rules()
    result = evaluate(case, today=TODAY)
    back = Result.model_validate_json(result.model_dump_json())
    offers = papers_for(case, result, book)
    assert offers
    assert papers_for(case, back, book) == offers
    for offer in offers[:4]:
        one, two = (
            markdown(paper_of(offer.id, case, r, book, path=offer.path)) for r in (result, back)
        )
        assert one == two


@pytest.mark.parametrize("told", ["denied", "preparing"])
def test_the_plan_begins_with_what_is_dated_or_serves_the_leading_path(told: str) -> None:
    result = evaluate(TOLD[told], today=TODAY)
    plan, acts = plan_of(result), first_acts(result)
    assert [s.text for s in plan[: len(acts)]] == [a.text for a in acts]
    rest = plan[len(acts) :]
    dated = [s.by for s in rest if s.by is not None]
    assert [s.by for s in rest[: len(dated)]] == sorted(dated)
    assert len(plan) <= MOST_STEPS + len(dated)
