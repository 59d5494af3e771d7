"""Whole journeys through the wizard, by the widgets that a person uses (no browser)."""

from __future__ import annotations

import datetime as dt
import gc
import json
import logging
import re
from typing import Any

import pytest

from rules import evaluate, load_rules
from rules.vocabulary import COVERAGE_KINDS
from tests.journeys.walker import ANSWERS_FOLD, TODAY, Walker
from wizard.answers_file import FORMAT, VERSION
from wizard.messages import say
from wizard.result.path_view import dated
from wizard.shell.startup import warm_up

AETNA: dict[str, Any] = {
    "age": 42,
    "state": "TX",
    "request": "esketamine",
    "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none",
    "kinds": ["employer"],
    "coverages[0].payer": "aetna",
    "coverages[0].funding": "self_funded",
    "stage": "exploring",
    "treatments": [
        {"treatment": "sertraline", "outcome": "no_response", "weeks": 10, "daily_dose_mg": 150.0},
        {"treatment": "venlafaxine", "outcome": "no_response", "weeks": 8, "daily_dose_mg": 225.0},
    ],
}
DENIED: dict[str, Any] = {
    **AETNA,
    "stage": "denied",
    "denial.notice_date": "11/1/2026",
    "denial.reason": "experimental",
    "denial.level": "initial",
}
LINES_988 = "988"


def same_as_engine(walker: Walker) -> None:
    """What the screen shows is what the engine says of the same case."""
    result = evaluate(walker.store.case_data(), today=TODAY)
    assert result.rules_version in walker.text


# --- whole interviews ---


def test_a_patient_with_a_job_plan_reaches_a_result() -> None:
    walker = Walker(AETNA).finish().result()
    assert walker.heading == say("result.title")
    assert "Aetna" in walker.text
    lead = evaluate(walker.store.case_data(), today=TODAY).leading
    assert lead is not None
    assert lead.sentence.partition(". ")[0] in walker.text
    assert "Tomorrow" in walker.text
    same_as_engine(walker)


def test_someone_who_knows_nothing_reaches_a_result() -> None:
    walker = Walker({}).finish().result()
    assert "health insurance first" in walker.text
    assert walker.store.case_data() == {}


def test_someone_without_cover_reaches_ways_to_get_cover() -> None:
    walker = (
        Walker({**AETNA, "kinds": [], "household_size": 1, "annual_income": 9000.0})
        .finish()
        .result()
    )
    assert walker.store.get("coverages") == []
    assert "Medicaid" in walker.open_fold("everything").text


def test_a_denial_shows_its_last_day() -> None:
    walker = Walker(DENIED).finish().result()
    assert walker.store.get("denial.notice_date") == "2026-11-01"
    assert "Send it by" in walker.text
    assert "2027" in walker.text


def test_a_pain_patient_on_medicare_reaches_a_result() -> None:
    medicare = {
        "age": 71,
        "state": "FL",
        "request": "iv_ketamine",
        "diagnosis": "crps",
        "suicidal_thoughts": "none",
        "kinds": ["medicare"],
        "coverages[0].medicare": "original",
        "treatments": [],
        "stage": "preparing",
    }
    walker = Walker(medicare).finish().result()
    assert "Medicare" in walker.text
    same_as_engine(walker)


@pytest.mark.parametrize("kind", [k for k in COVERAGE_KINDS if k != "employer"])
def test_every_kind_of_cover_reaches_a_result(kind: str) -> None:
    walker = Walker({**AETNA, "kinds": [kind], "treatments": None}).finish().result()
    assert walker.heading == say("result.title")
    assert [c["kind"] for c in walker.store.covers()] == [kind]


# --- roles ---


def test_the_role_changes_wording_and_not_the_answer() -> None:
    seen = {}
    for role in ("patient", "intake", "counselor"):
        walker = Walker(AETNA)
        walker.at.radio(key="start_role").set_value(role)
        walker.run()
        walker.press("begin")
        first = walker.heading
        walker.finish()
        seen[role] = (first, walker.store.case_data())
    assert seen["patient"][1] == seen["intake"][1] == seen["counselor"][1]
    assert seen["patient"][0] != seen["intake"][0]


def test_the_role_can_be_changed_on_any_screen() -> None:
    walker = Walker(AETNA).begin().open_fold(ANSWERS_FOLD)
    walker.at.radio(key="foot_role").set_value("intake")
    walker.run()
    assert walker.store.role == "intake"
    assert walker.step == "age"


# --- one question ---


def test_each_question_says_why_and_how_to_find_out() -> None:
    walker = Walker(AETNA).begin()
    assert "Why we ask" in walker.text
    assert say("question.how") not in [e.label for e in walker.at.expander]  # who knows one's age
    walker.until("cover-1-payer")
    assert say("question.how") in [e.label for e in walker.at.expander]


def test_going_on_without_an_answer_asks_again() -> None:
    walker = Walker(AETNA).begin().press("on-age")
    assert walker.step == "age"
    assert say("question.fill_in_number") in walker.text
    assert not walker.store.answered("age")


def test_an_answer_given_mends_the_complaint() -> None:
    walker = Walker(AETNA).begin().press("on-age")
    walker.answer()
    assert walker.step == "state"
    assert say("question.fill_in_number") not in walker.text


@pytest.mark.parametrize(
    ("text", "key"),
    [("soon", "question.date_unclear"), ("11/30/2026", "question.date_ahead")],
)
def test_a_date_that_cannot_be_is_asked_again(text: str, key: str) -> None:
    walker = Walker({**DENIED, "denial.notice_date": None})
    walker.finish().go("letter")
    walker.fill("q-letter-denial_notice_date", text)
    walker.press("on-letter")
    assert say(key) in walker.text
    assert walker.step == "letter"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("denial_received_date", "1/5/2026"),  # a slip in the letter's day
        ("denial_notice_date", "11/20/2026"),  # or in its date
    ],
)
def test_a_letter_that_came_before_its_date_is_asked_again(field: str, text: str) -> None:
    """Told on the screen, and nothing is taken: the appeal stays open."""
    told = {"denial.notice_date": "11/2/2026", "denial.received_date": "11/5/2026"}
    walker = Walker({**DENIED, **told}).finish().go("letter")
    walker.fill(f"q-letter-{field}", text)
    walker.press("on-letter")
    assert say("question.in_order.letter") in walker.text
    assert walker.store.case["denial"]["notice_date"] == "2026-11-02"
    assert walker.store.case["denial"]["received_date"] == "2026-11-05"
    walker.fill(f"q-letter-{field}", "11/4/2026")
    walker.press("on-letter")
    assert say("question.in_order.letter") not in walker.text


def test_codes_of_a_letter_are_taken_as_they_are_typed() -> None:
    walker = Walker(DENIED).finish().go("letter")
    walker.fill("q-letter-denial_codes", "no code")
    walker.press("on-letter")
    assert say("question.codes_unclear") in walker.text
    walker.fill("q-letter-denial_codes", "co-197, N130")
    walker.fill("q-letter-denial_subject", "observation")
    walker.fill("q-letter-appeal_sent_date", "11/20/2026")
    walker.press("on-letter")
    assert say("question.codes_unclear") not in walker.text
    denial = walker.store.case["denial"]
    assert (denial["codes"], denial["subject"]) == (["CO-197", "N130"], "observation")
    assert walker.store.case["appeal"] == {"sent_date": "2026-11-20"}


def test_who_is_on_the_treatment_tells_how_it_goes() -> None:
    course = {"treatment": "esketamine_prior", "outcome": "ongoing", "weeks": 5}
    walker = (
        Walker({**AETNA, "request": "esketamine", "treatments": [course]}).finish().go("course")
    )
    walker.fill("q-course-sessions_per_week", "0.5")
    walker.fill("q-course-dose_mg", "84 mg")
    walker.press("on-course")
    assert walker.store.case["treatment_status"] == {"sessions_per_week": 0.5, "dose_mg": 84}


def test_an_age_at_which_a_letter_came_before_the_birth_is_asked_again() -> None:
    walker = Walker({**DENIED, "denial.notice_date": "11/2/2016"}).finish().go("age")
    walker.fill("q-age", 8)
    walker.press("on-age")
    assert say("question.in_order.born") in walker.text


def test_back_returns_with_the_answer_in_place() -> None:
    walker = Walker(AETNA).begin().answer().press("back-state")
    assert walker.step == "age"
    assert walker.at.text_input(key="q-age").value == "42"


def test_a_remembered_i_dont_know_is_shown_and_not_asked_again() -> None:
    walker = Walker({}).begin().press("unknown-age")
    assert walker.step == "state"
    walker.press("back-state")
    assert say("question.you_said_unknown") in walker.text


def test_the_number_of_questions_left_goes_down() -> None:
    walker = Walker(AETNA).until("cover-1-payer")
    told = []
    while walker.step != "result":
        found = re.search(r"(at most (\d+) more|comes next)", walker.text)
        assert found is not None, walker.step
        told.append(int(found[2] or 0))
        walker.answer()
    assert told == sorted(told, reverse=True)
    assert told[-1] == 0


def test_a_first_result_is_offered_once_enough_is_known() -> None:
    walker = Walker(AETNA).begin()
    assert not walker.has("result-age")
    walker.until("cover-1-payer")
    assert walker.has("result-cover-1-payer")
    walker.press("result-cover-1-payer")
    assert walker.heading == say("result.title")
    assert "coverages" not in walker.text
    walker.press("result-on")
    assert walker.step == "cover-1-payer"


def test_the_first_answer_is_shown_by_itself_after_nine_screens() -> None:
    walker = Walker(AETNA).begin()
    while walker.step != "result":
        walker.answer()
    assert len(walker.seen) == 9
    assert walker.seen[-1] == "safety"


def test_several_illnesses_are_checked_and_the_one_asked_for_is_chosen() -> None:
    walker = Walker({**AETNA, "diagnosis": "ptsd", "other_diagnoses": ["crps"]}).until("stage")
    assert walker.store.get("diagnosis") == "ptsd"
    assert walker.store.get("other_diagnoses") == ["crps"]


def test_what_is_left_empty_on_a_screen_of_several_is_not_known() -> None:
    walker = Walker({**DENIED, "denial.level": None}).until("treatments")
    assert walker.store.get("denial.reason") == "experimental"
    assert walker.store.answered("denial.treatment")
    assert walker.store.get("denial.treatment") is None


def test_check_boxes_tell_yes_no_and_not_known_apart() -> None:
    allergy = {"health.ketamine_allergy": True, "health.vessel_condition": False}
    pressure = {"health.uncontrolled_blood_pressure": False}
    all_known = Walker({**AETNA, **allergy, **pressure}).until("result").store.get("health")
    assert all_known == {
        "ketamine_allergy": True, "vessel_condition": False, "uncontrolled_blood_pressure": False,
    }  # fmt: skip
    some = Walker({**AETNA, "health.ketamine_allergy": True}).until("result").store.get("health")
    assert some == {"ketamine_allergy": True}


def test_boxes_that_nobody_checked_are_asked_about() -> None:
    walker = Walker(AETNA).until("safety")
    walker.fill("q-safety-suicidal_thoughts", "none")
    walker.press("on-safety")
    assert walker.step == "safety"
    assert say("groups.tick_one") in walker.text


def test_other_ways_to_pay_are_told_on_one_screen_and_lead_back_to_the_result() -> None:
    walker = Walker({**AETNA, "money.hsa": True, "veteran": True}).finish()
    assert not walker.store.answered("money.hsa")
    walker.go("ways").answer()
    assert walker.step == "result"
    assert walker.store.get("money.hsa") is True
    assert walker.store.get("veteran") is True
    assert walker.store.get("annual_income") is None


def test_someone_who_would_rather_not_say_is_not_asked_again() -> None:
    walker = Walker({**AETNA, "suicidal_thoughts": None, "health.dementia": False}).until("safety")
    walker.fill("q-safety-suicidal_thoughts", "rather_not")
    walker.at.checkbox(key="q-safety-none").check()
    walker.press("on-safety")
    assert walker.step == "result"
    assert walker.store.answered("suicidal_thoughts")
    assert "suicide?" not in walker.text
    walker.finish().open_fold("skipped")
    assert say("short.suicidal_thoughts") not in walker.text


def test_a_step_that_is_not_needed_says_so_and_leads_on() -> None:
    walker = Walker(AETNA).finish().go("cover-9-payer")
    assert walker.heading == say("question.gone_title")
    walker.press("gone_on")
    assert walker.step == "check-answers"


# --- safety ---


@pytest.mark.parametrize("thoughts", ["passive", "active"])
def test_crisis_lines_show_from_the_first_mention_on_every_screen(thoughts: str) -> None:
    walker = Walker({**AETNA, "suicidal_thoughts": thoughts}).begin()
    while walker.step != "safety":
        assert "tel:988" not in walker.text
        walker.answer()
    walker.answer()
    assert "tel:988" in walker.text
    assert "sms:988" in walker.text
    assert "press 1" in walker.text
    walker.finish()
    for step in ("start", "check-answers", "result", "print", "glossary", "age", "treatments"):
        assert "tel:988" in walker.go(step).text, step


def test_crisis_lines_do_not_stand_in_the_way() -> None:
    walker = Walker({**AETNA, "suicidal_thoughts": "active"}).finish().result()
    assert walker.heading == say("result.title")


def test_a_diagnosis_that_speaks_of_suicide_shows_the_lines_too() -> None:
    walker = Walker({**AETNA, "diagnosis": "major_depression_with_suicidality"}).begin()
    walker.until("safety")
    assert "tel:988" in walker.text


# --- covers ---


def two_covers() -> Walker:
    walker = Walker({**AETNA, "kinds": ["employer", "medicare"]}).begin()
    while walker.step != "covers":
        walker.answer()
    return walker.answer()


def test_who_pays_first_shows_as_soon_as_there_are_two_covers() -> None:
    walker = two_covers()
    assert walker.step == "covers"
    assert walker.heading == say("covers.list")
    assert say("order.title") in walker.text


def test_covers_are_added_changed_and_removed() -> None:
    walker = two_covers()
    walker.at.selectbox(key="another-kind").set_value("va")
    walker.press(next(b.key for b in walker.at.button if b.label == say("covers.add")))
    assert [c["kind"] for c in walker.store.covers()] == ["employer", "medicare", "va"]
    walker.press("remove-0")
    assert [c["kind"] for c in walker.store.covers()] == ["medicare", "va"]
    walker.press("change-1")
    assert walker.step == "cover-2-kind"
    walker.fill("q-cover-2-kind", "tricare")
    walker.press("on-cover-2-kind")
    assert [c["kind"] for c in walker.store.covers()] == ["medicare", "tricare"]


def test_two_covers_of_the_same_kind_can_be_told() -> None:
    walker = two_covers()
    walker.at.selectbox(key="another-kind").set_value("employer")
    walker.press(next(b.key for b in walker.at.button if b.label == say("covers.add")))
    assert [c["kind"] for c in walker.store.covers()] == ["employer", "medicare", "employer"]


def test_of_several_plans_the_one_that_said_no_is_asked() -> None:
    walker = Walker({**DENIED, "kinds": ["employer", "individual"], "denial.coverage": 1}).finish()
    assert "denied-cover" in walker.seen
    assert walker.store.get("denial.coverage") == 1


def test_a_payer_without_a_record_is_taken_as_typed() -> None:
    walker = Walker(AETNA).finish()
    walker.store.set("coverages[0].payer", "Small Town *Mutual*")
    walker.run()
    assert any("Small Town \\*Mutual\\*" in m.value for m in walker.at.markdown)


# --- treatments ---


def at_treatments(answers: dict[str, Any] | None = None) -> Walker:
    return Walker(answers or AETNA).until("treatments")


@pytest.mark.parametrize(
    ("typed", "ident"),
    [
        ("zoloft", "sertraline"), ("Zolof", "sertraline"), ("setraline", "sertraline"), ("effexer", "venlafaxine"),
        ("welbutrin", "bupropion"), ("lexapro", "escitalopram"), ("abilfy", "aripiprazole"), ("TMS", "rtms"),
        ("cymbalta", "duloxetine"), ("litium", "lithium"),
    ],
)  # fmt: skip
def test_a_medicine_is_found_by_brand_or_name_however_spelled(typed: str, ident: str) -> None:
    walker = at_treatments()
    walker.at.text_input(key="treatments-search").set_value(typed)
    walker.run()
    assert any(b.key and b.key.startswith(f"add-{ident}") for b in walker.at.button), [
        b.key for b in walker.at.button
    ]


def test_beside_each_treatment_stands_whether_it_counts() -> None:
    walker = at_treatments()
    for ident in ("sertraline", "trazodone", "venlafaxine"):
        walker.add_treatment(ident)
    walker.fill_row(
        0, {"outcome": "no_response", "weeks": 10, "daily_dose_mg": 150.0, "current_episode": True}
    )
    walker.fill_row(
        1, {"outcome": "no_response", "weeks": 10, "daily_dose_mg": 50.0, "current_episode": True}
    )
    walker.fill_row(
        2, {"outcome": "no_response", "weeks": 2, "daily_dose_mg": 225.0, "current_episode": True}
    )
    assert say("trials.counts") in walker.text
    assert "Low doses for sleep or pain do not count" in walker.text
    assert "6 weeks short] 2 of 8 weeks" in walker.text


def test_each_treatment_bears_its_class() -> None:
    walker = at_treatments()
    for ident in ("sertraline", "venlafaxine", "cbt"):
        walker.add_treatment(ident)
    names = [m.value for m in walker.at.markdown if m.value.startswith("**")]
    for wanted in ("SSRI", "SNRI", "Talk therapy"):
        assert any(wanted in name for name in names)


def test_rows_are_kept_as_they_are_filled() -> None:
    walker = at_treatments().add_treatment("sertraline")
    walker.fill_row(0, {"weeks": 10})
    walker.press("back-treatments")
    walker.go("treatments")
    assert walker.store.get("treatments")[0]["weeks"] == 10


def test_removing_a_treatment_leaves_the_others_as_they_were() -> None:
    walker = at_treatments()
    walker.add_treatment("sertraline").add_treatment("venlafaxine").add_treatment("cbt")
    walker.fill_row(1, {"weeks": 7, "outcome": "not_tolerated"})
    walker.fill_row(2, {"weeks": 16})
    walker.press("remove-tried-0")
    rows = walker.store.get("treatments")
    assert [r["treatment"] for r in rows] == ["venlafaxine", "cbt"]
    assert (rows[0]["weeks"], rows[0]["outcome"], rows[1]["weeks"]) == (7, "not_tolerated", 16)


def test_counts_are_enough_for_someone_who_does_not_remember() -> None:
    walker = at_treatments()
    walker.at.radio(key="treatments-form").set_value("counts")
    walker.run()
    walker.fill("c-treatment_counts_antidepressants_failed", 3)
    walker.press("counts-on")
    assert walker.step != "treatments"
    assert walker.store.get("treatment_counts.antidepressants_failed") == 3


def test_a_count_that_cannot_be_is_told_and_nothing_is_lost() -> None:
    walker = at_treatments()
    walker.at.radio(key="treatments-form").set_value("counts")
    walker.run()
    walker.fill("c-treatment_counts_antidepressants_failed", "340")
    walker.press("counts-on")
    assert walker.step == "treatments"
    assert "from 0 to 100" in walker.at.error[0].value


def test_a_number_of_a_row_that_cannot_be_is_told_and_not_taken() -> None:
    walker = at_treatments().add_treatment("sertraline")
    walker.fill_row(0, {"weeks": "6w8", "outcome": "no_response"})
    assert "whole number" in walker.at.error[0].value
    assert "weeks" not in walker.store.get("treatments")[0]
    walker.press("treatments-on")
    assert walker.step == "treatments"
    walker.fill_row(0, {"weeks": "8 weeks"})
    walker.press("treatments-on")
    assert walker.step != "treatments"
    assert walker.store.get("treatments")[0]["weeks"] == 8


def test_a_tap_fills_the_number_of_weeks() -> None:
    walker = at_treatments().add_treatment("sertraline")
    walker.at.button_group(key="t0-usual").set_value(6)
    walker.run()
    assert walker.at.text_input(key="t0-weeks").value == "6"
    assert walker.store.get("treatments")[0]["weeks"] == 6
    walker.fill_row(0, {"weeks": 7})
    assert walker.at.button_group(key="t0-usual").value is None


def test_nothing_tried_differs_from_not_knowing() -> None:
    assert at_treatments().press("treatments-none").store.get("treatments") == []
    assert at_treatments().press("treatments-unknown").store.get("treatments") is None


# --- checking and changing ---


def test_a_changed_answer_returns_to_the_check() -> None:
    walker = Walker(AETNA).finish().press("change-age")
    walker.fill("q-age", 43)
    walker.press("on-age")
    assert walker.step == "check-answers"
    assert walker.store.get("age") == 43


def test_a_change_passes_only_through_what_it_opened() -> None:
    walker = Walker({**AETNA, "denial.notice_date": "11/1/2026"}).finish()
    asked_before = set(walker.seen)
    walker.press("change-stage")
    walker.fill("q-stage", "denied")
    walker.press("on-stage")
    passed = []
    while walker.step != "check-answers":
        passed.append(walker.step)
        walker.answer()
    assert "letter" in passed
    assert not set(passed) & asked_before
    assert walker.store.get("denial.notice_date") == "2026-11-01"


def test_a_change_says_which_answers_it_made_meaningless() -> None:
    walker = Walker(DENIED).finish().press("change-stage")
    walker.fill("q-stage", "exploring")
    walker.press("on-stage")
    assert say("check.ended") in walker.text
    assert "Date on the denial letter: Nov 1, 2026" in walker.text.replace("\\", "")
    assert walker.store.get("denial.notice_date") is None
    assert walker.store.get("coverages[0].payer") == "aetna"
    assert say("check.ended") not in walker.run().text


def test_an_answer_can_be_kept_as_it_was() -> None:
    walker = Walker(AETNA).finish().press("change-age").press("keep-age")
    assert walker.step == "check-answers"
    assert walker.store.get("age") == 42


def test_a_change_says_what_it_changed_in_the_answer() -> None:
    walker = Walker(AETNA).finish().press("change-stage")
    walker.fill("q-stage", "denied")
    walker.press("on-stage")
    while walker.step != "check-answers":
        walker.answer()
    assert say("check.changed") in walker.text
    assert say("check.before") in walker.text
    assert say("check.changed") not in walker.run().text


def test_a_change_that_changes_nothing_says_so() -> None:
    walker = Walker(AETNA).finish().press("change-age")
    walker.fill("q-age", 43)
    walker.press("on-age")
    assert say("check.unchanged") in walker.text


def test_what_was_skipped_stands_in_one_fold() -> None:
    walker = Walker({**AETNA, "state": None}).finish()
    assert not walker.has("skipped-state")
    walker.open_fold("skipped").press("skipped-state")
    assert walker.step == "state"
    walker.fill("q-state", "OH")
    assert walker.press("on-state").step == "check-answers"


def test_the_answer_about_suicide_is_not_repeated() -> None:
    walker = Walker({**AETNA, "suicidal_thoughts": "passive"}).finish()
    assert say("check.answered") in walker.text
    assert "wish I were not here" not in walker.text


# --- the result ---


def test_a_path_opens_to_its_points_sources_and_steps() -> None:
    walker = Walker(AETNA).finish().result()
    path = evaluate(walker.store.case_data(), today=TODAY).paths
    lead = next(p for p in path if p.id == "employer.aetna.esketamine.prior_authorization")
    walker.at.session_state["answer-0-esketamine"] = True
    walker.at.session_state[f"answer-{lead.id}-open"] = True
    walker.run()
    assert say("paths.section.points") in walker.text
    assert "Source: " in walker.text
    for criterion in lead.criteria:
        assert criterion.text.replace("$", "\\$") in walker.text


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Humana", "You did not name a plan"), ("Clinical trial", "Clinical trial")],
)
def test_why_not_answers_for_any_payer_or_way(name: str, wanted: str) -> None:
    walker = Walker(AETNA).finish().result()
    box = walker.at.selectbox(key="why-not")
    option = next(o for o in box.options if o.startswith(name))
    box.select(option)
    walker.run()
    assert wanted in walker.text


def test_a_ticked_step_stays_ticked() -> None:
    walker = Walker(AETNA).finish().result()
    lead = "employer.aetna.esketamine.prior_authorization"
    walker.at.session_state["answer-0-esketamine"] = True
    walker.at.session_state[f"answer-{lead}-open"] = True
    walker.run()
    box = next(c for c in walker.at.checkbox if c.key and c.key.startswith(f"answer-{lead}-steps"))
    box.check()
    walker.run()
    assert len(walker.store.ticked) == 1


def test_the_summary_holds_the_answers_and_the_steps() -> None:
    walker = Walker(DENIED).finish().go("print")
    for wanted in ("Texas", "Aetna", "Send it by", say("result.find_out")):
        assert wanted in walker.text


def test_an_appeal_that_is_due_is_told_even_where_another_plan_leads() -> None:
    walker = Walker({**DENIED, "kinds": ["employer", "medicare"], "denial.coverage": 0}).finish()
    for step in ("result", "print"):
        text = walker.go(step).text
        assert "Apr 30, 2027" in text, step
        assert "Internal appeal" in text, step


def test_what_nobody_has_checked_does_not_say_that_it_was_checked() -> None:
    day = dt.date(2026, 11, 22)
    assert "checked" in dated("2026", day, "sourced")
    assert "checked" not in dated("2026", day, "recalled")


# --- files and leaving ---


def saved(case: dict[str, Any], version: int = VERSION) -> bytes:
    return json.dumps({"format": FORMAT, "version": version, "case": case}).encode()


def opened(content: bytes) -> Walker:
    walker = Walker({})
    walker.at.file_uploader(key="open-file").set_value(
        ("answers.json", content, "application/json")
    )
    return walker.run()


def test_a_saved_file_brings_the_answers_back() -> None:
    walker = opened(saved({"age": 42, "state": "TX"}))
    assert say("file.opened") in walker.text
    walker.press("opened-check")
    assert "Texas" in walker.text


def test_a_damaged_file_is_told_and_changes_nothing() -> None:
    walker = opened(saved({"age": 42, "state": "TX", "request": "esketamine"})[:-20])
    assert say("file.damaged") in walker.text
    assert walker.store.empty()


def test_a_foreign_file_changes_nothing() -> None:
    walker = opened(b"<html>hello</html>")
    assert say("file.foreign") in walker.text
    assert walker.store.empty()


def test_a_file_with_wrong_answers_names_them() -> None:
    walker = opened(saved({"age": 4200, "state": "TX"}))
    assert "Your age" in walker.text
    assert walker.store.get("age") is None
    assert walker.store.get("state") == "TX"


def test_clearing_asks_once_and_then_forgets_everything() -> None:
    walker = Walker(AETNA).finish().open_fold(ANSWERS_FOLD).press("foot_clear")
    assert not walker.store.empty()
    walker.press("foot_clear_yes")
    assert walker.step == "start"
    assert walker.store.empty()


def test_clearing_can_be_taken_back() -> None:
    walker = Walker(AETNA).finish().open_fold(ANSWERS_FOLD)
    walker.press("foot_clear").press("foot_clear_no")
    assert walker.store.get("age") == 42


# --- the tab's own storage ---


def test_nothing_is_written_into_the_tab_before_it_has_told_what_it_keeps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replies: list[str | None] = [None, None, saved({"age": 42}).decode()]
    written: list[str] = []

    def tell(data: dict[str, Any], key: str) -> str | None:
        if data["ask"]:
            return replies.pop(0)
        written.append(data["text"])
        return None

    monkeypatch.setattr("wizard.shell.browser._tell", tell)
    walker = Walker({}, step="check-answers")  # the first run waits
    assert say("frame.opening") in walker.text
    walker.run()  # a run before the reply (a slow line) is drawn, and writes nothing
    assert written == []
    walker.run()
    assert walker.store.get("age") == 42
    assert '"age": 42' in written[0]


def test_what_was_told_before_the_reply_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    replies: list[str | None] = [None, None, saved({"age": 42}).decode()]
    monkeypatch.setattr(
        "wizard.shell.browser._tell", lambda data, key: replies.pop(0) if data["ask"] else None
    )
    walker = Walker({"age": 30}).begin()
    walker.answer()
    assert walker.store.get("age") == 30


def test_on_a_shared_computer_no_answer_goes_into_the_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def tell(data: dict[str, Any], key: str) -> str | None:
        if data["ask"]:
            return ""
        written.append(data["text"])
        return None

    monkeypatch.setattr("wizard.shell.browser._tell", tell)
    walker = Walker({"age": 42})
    walker.at.toggle(key="start_shared").set_value(True)
    walker.run()
    written.clear()
    walker.begin().answer()
    assert set(written) == {"off"}


# --- sturdy ---


def test_an_unexpected_error_apologises_and_keeps_the_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walker = Walker(AETNA).finish()

    def broken() -> None:
        raise RuntimeError("secret answer: 42")

    monkeypatch.setattr("wizard.result.result_screen.current_result", broken)
    walker.at.query_params["step"] = "result"
    walker.at.run()
    assert say("sorry.title") in [t.value for t in walker.at.title]
    assert "secret" not in walker.text
    assert not walker.at.exception
    monkeypatch.undo()
    walker.press("sorry_on")
    assert walker.store.get("age") == 42
    assert walker.step == "check-answers"


def test_an_error_while_taking_an_answer_apologises_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    walker = Walker(AETNA).finish().press("change-age")

    def broken(*_: object) -> None:
        raise RuntimeError("secret answer: 42")

    monkeypatch.setattr("wizard.shell.navigation.ended_answers", broken)
    walker.at.button(key="on-age").click()
    walker.at.run()
    assert say("sorry.title") in [t.value for t in walker.at.title]
    assert not walker.at.exception
    assert "secret" not in caplog.text
    monkeypatch.undo()
    assert walker.press("sorry_on").step == "check-answers"


def test_what_the_framework_logs_of_an_error_holds_no_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    Walker({})
    try:
        raise RuntimeError("secret answer: 42")
    except RuntimeError as error:
        logging.getLogger("streamlit.error_util").error("Uncaught app execution", exc_info=error)
    assert "secret" not in caplog.text


def test_the_log_of_an_error_holds_no_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    walker = Walker(AETNA).finish()

    def broken() -> None:
        raise RuntimeError("secret answer: 42")

    monkeypatch.setattr("wizard.result.result_screen.current_result", broken)
    walker.at.query_params["step"] = "result"
    walker.at.run()
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_the_address_holds_only_the_name_of_the_step() -> None:
    walker = Walker(DENIED).begin()
    while walker.step != "result":
        assert set(walker.at.query_params) == {"step"}
        walker.answer()


def test_two_sessions_share_nothing() -> None:
    one, two = Walker(AETNA).finish(), Walker({})
    assert two.store.empty()
    two.begin().press("unknown-age")
    assert one.run().store.get("age") == 42


def test_the_glossary_is_searched() -> None:
    walker = Walker().go("glossary")
    assert "Prior authorization" in walker.text
    walker.at.text_input(key="glossary-search").set_value("superbill")
    walker.run()
    assert "Superbill" in walker.text
    assert "Formulary" not in walker.text


def test_the_rule_book_is_out_of_the_garbage_collectors_sight() -> None:
    """Streamlit collects garbage after every run: looking at the whole book took most of a step."""
    warm_up.cache_clear()  # as in a fresh process, whatever the tests before have loaded
    Walker()
    book = load_rules()
    looked_at = {id(o) for o in gc.get_objects()}
    assert id(book) not in looked_at
    assert not [r for r in book.payers.values() if id(r) in looked_at]
