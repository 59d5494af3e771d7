"""Journeys in a real browser: what only a browser can show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import PHONE, Visit
from wizard.answers_file import FORMAT, VERSION
from wizard.messages import say

pytestmark = pytest.mark.browser

NARROW = (320, 640)
TOLD: dict[str, Any] = {
    "age": 42,
    "state": "TX",
    "request": "esketamine",
    "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "passive",
    "coverages": [
        {"kind": "employer", "payer": "aetna", "funding": "self_funded"},
        {"kind": "medicare"},
    ],
    "stage": "denied",
    "denial": {
        "notice_date": "2026-11-01",
        "reason": "experimental",
        "level": "initial",
        "coverage": 0,
    },
    "treatments": [
        {"treatment": "sertraline", "outcome": "no_response", "weeks": 10, "daily_dose_mg": 150.0},
        {"treatment": "cbt", "outcome": "partial_response", "weeks": 16},
    ],
}
SCREENS = (
    "start", "age", "state", "diagnoses", "safety", "covers", "cover-1-plan", "treatments",
    "severity", "letter", "check-answers", "result", "print", "glossary",
)  # fmt: skip


def saved(case: dict[str, Any]) -> str:
    return json.dumps({"format": FORMAT, "version": VERSION, "case": case, "role": "patient"})


def with_answers(one: Visit, case: dict[str, Any] = TOLD) -> Visit:
    """The tab as it is in the middle of an interview (set where no wizard runs that could write it)."""
    one.page.goto(f"{one.address}/_stcore/health")
    one.page.evaluate("t => sessionStorage.setItem('ketapath', t)", saved(case))
    return one


# --- journeys ---


def test_a_patient_on_a_phone_goes_from_the_start_to_the_result(visit: type[Visit]) -> None:
    one = visit(size=PHONE)
    one.press(say("start.begin"))
    one.type_into("42")
    one.on()
    one.pick("Texas")
    one.on()
    one.tick("Through a job")
    one.on()
    assert one.step == "cover-1-payer"
    one.pick("aetna")
    one.on()
    one.choose("Spravato nasal spray")
    one.on()
    one.tick("Depression that other treatments did not help")
    one.on()
    while one.step != "safety":
        assert not one.scrolls_sideways(), one.step
        one.unknown()
    one.choose("I sometimes wish I were not here")
    one.tick(say("question.none_of_these"))
    one.on()
    assert one.step == "result"  # by itself, after nine screens
    assert one.page.get_by_role("link", name="Call 988").is_visible()
    assert "Aetna" in one.text()
    assert one.heading == say("result.title")
    assert "Tomorrow:" in one.text()
    assert not one.scrolls_sideways()
    one.check()


def test_the_result_stands_on_the_first_screen_of_a_desktop(visit: type[Visit]) -> None:
    one = with_answers(visit())
    one.open("result")
    lead = one.by_key("lead").bounding_box()
    assert lead is not None
    assert lead["y"] + lead["height"] <= 800
    assert "said no" in one.text()
    assert "Send it by" in one.text()
    one.check()


def test_a_reload_in_the_middle_keeps_every_answer(visit: type[Visit]) -> None:
    one = visit()
    one.press(say("start.begin"))
    one.type_into("57")
    one.on()
    one.pick("Ohio")
    one.on()
    here = one.step
    one.wait_until_kept("OH")
    one.page.reload()
    one.settled()
    assert one.step == here
    one.open("check-answers")
    assert "57" in one.text()
    assert "Ohio" in one.text()
    one.check()


def test_on_a_shared_computer_a_reload_starts_over(visit: type[Visit]) -> None:
    one = visit()
    one.page.locator("[data-testid=stCheckbox] label", has_text=say("frame.shared")).click()
    one.settled()
    one.press(say("start.begin"))
    one.type_into("57")
    one.on()
    assert "57" not in one.kept
    one.page.reload()
    one.settled()
    one.open("check-answers")
    assert "57" not in one.text()
    one.open("start")
    box = one.page.locator("[data-testid=stCheckbox]", has_text=say("frame.shared")).locator(
        "input"
    )
    expect(box).to_be_checked()  # the start is drawn before the tab has replied


def test_browser_back_and_forward_walk_the_steps_and_keep_the_answers(visit: type[Visit]) -> None:
    one = visit()
    one.press(say("start.begin"))
    one.type_into("57")
    one.on()
    one.pick("Ohio")
    one.on()
    third = one.step
    one.page.go_back()
    one.settled()
    assert one.step == "state"
    assert "Ohio" in one.page.locator("[data-testid=stSelectbox] input").first.input_value()
    one.page.go_back()
    one.settled()
    assert one.step == "age"
    assert one.page.locator("[data-testid=stTextInput] input").first.input_value() == "57"
    one.page.go_forward()
    one.settled()
    one.page.go_forward()
    one.settled()
    assert one.step == third
    one.check()


def test_a_changed_answer_passes_what_it_opened_and_returns_to_the_check(
    visit: type[Visit],
) -> None:
    one = with_answers(visit(), {**TOLD, "stage": "exploring", "denial": None})
    one.open("check-answers")
    one.press_key("change-stage")
    assert one.step == "stage"
    one.choose("The plan said no to the request")
    one.on()
    passed = []
    while one.step != "check-answers" and len(passed) < 15:
        passed.append(one.step)
        one.pass_over()
    assert "letter" in passed
    assert "age" not in passed
    assert one.step == "check-answers"
    one.check()


def test_answers_are_saved_to_a_file_and_opened_in_another_tab(
    visit: type[Visit], tmp_path: Path
) -> None:
    one = with_answers(visit())
    one.open("check-answers")
    one.page.locator("summary", has_text=say("frame.your_answers")).click()
    with one.page.expect_download() as waiting:
        one.page.get_by_role("button", name=say("frame.save")).click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    other = visit()
    other.page.locator("input[type=file]").set_input_files(path)
    other.page.get_by_text(say("file.opened")).wait_for()
    other.press(say("file.to_answers"))
    assert "Aetna" in other.text()
    assert "Texas" in other.text()
    one.check()
    other.check()


def test_a_damaged_file_says_so(visit: type[Visit], tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text(saved(TOLD)[:260], encoding="utf-8")
    one = visit()
    one.page.locator("input[type=file]").set_input_files(path)
    one.page.get_by_text(say("file.damaged")).wait_for()
    assert say("file.to_answers") not in one.text()


def test_two_browsers_at_once_never_see_each_others_answers(visit: type[Visit]) -> None:
    one, two = with_answers(visit()), visit()
    one.open("check-answers")
    two.press(say("start.begin"))
    two.type_into("23")
    two.on()
    two.wait_until_kept('"age": 23')
    two.open("check-answers")
    assert "Texas" not in two.text()
    assert "23" in two.text()
    one.open("check-answers")
    assert "42" in one.text()


def test_leaving_quickly_forgets_the_answers_and_shows_another_site(visit: type[Visit]) -> None:
    one = with_answers(visit())
    one.page.route(
        "https://www.weather.gov/**", lambda r: r.fulfill(status=200, body="<h1>Weather</h1>")
    )
    one.open("check-answers")
    one.page.get_by_role("button", name=say("frame.leave")).click()
    one.page.wait_for_url("https://www.weather.gov/**")
    one.page.goto(one.address)
    one.settled()
    assert "Texas" not in one.kept


def test_shift_three_times_leaves_too(visit: type[Visit]) -> None:
    one = with_answers(visit())
    one.page.route(
        "https://www.weather.gov/**", lambda r: r.fulfill(status=200, body="<h1>Weather</h1>")
    )
    one.open("check-answers")
    for _ in range(3):
        one.page.keyboard.press("Shift")
    one.page.wait_for_url("https://www.weather.gov/**")


def test_clearing_empties_the_tab_too(visit: type[Visit]) -> None:
    one = with_answers(visit())
    one.open("check-answers")
    one.page.locator("summary", has_text=say("frame.your_answers")).click()
    one.press_key("foot_clear")
    one.press(say("frame.clear_yes"))
    assert one.step == "start"
    one.wait_until_kept("TX", there=False)
    one.page.reload()
    one.settled()
    one.open("check-answers")
    assert "Texas" not in one.text()


# --- keyboard, focus and titles ---


def test_focus_and_the_tabs_title_move_with_the_step(visit: type[Visit]) -> None:
    one = visit()
    first = one.page.title()
    one.press(say("start.begin"))
    one.page.wait_for_function("document.activeElement && document.activeElement.tagName === 'H1'")
    second = one.page.title()
    one.type_into("42")
    one.on()
    one.page.wait_for_function("document.activeElement && document.activeElement.tagName === 'H1'")
    titles = {first, second, one.page.title()}
    assert len(titles) == 3
    assert not any("old" in t for t in titles)  # no question stands in the browser's history


def test_a_question_is_answered_by_keyboard_alone(visit: type[Visit]) -> None:
    one = visit()
    one.press(say("start.begin"))
    one.page.wait_for_function("document.activeElement && document.activeElement.tagName === 'H1'")
    one.settled()
    for _ in range(12):
        one.page.keyboard.press("Tab")
        if one.page.evaluate("document.activeElement.tagName") == "INPUT":
            break
    one.page.keyboard.type("42")
    one.page.keyboard.press("Enter")
    one.page.wait_for_timeout(200)
    one.settled()
    assert one.step == "state", (one.text(), one.page.evaluate("document.activeElement.outerHTML"))
    one.check()


# --- every screen ---


@pytest.mark.parametrize("size", [(1280, 800), PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("half", [0, 1])
def test_axe_finds_nothing_on_any_screen(
    visit: type[Visit], size: tuple[int, int], half: int
) -> None:
    """Each screen is opened once and looked at twice, in light and in dark."""
    one = with_answers(visit(size=size))
    found = {}
    for step in SCREENS[half::2]:
        one.open(step)
        for dark in (False, True):
            one.turn(dark)
            if violations := one.violations():
                found[step, "dark" if dark else "light"] = violations
        one.turn(dark=False)
    assert found == {}
    one.check()


def test_axe_finds_nothing_when_all_is_open(visit: type[Visit]) -> None:
    one = with_answers(visit())
    one.open("result")
    for label in ("All points", "Everything we checked"):
        one.page.locator("summary", has_text=label).first.click()
        one.settled()
    one.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    assert one.violations() == []
    one.open("check-answers")
    one.by_key("menu").locator("button").first.click()
    one.page.wait_for_timeout(400)
    assert one.violations() == []
    one.check()


@pytest.mark.parametrize("size", [NARROW, PHONE, (640, 400)], ids=["320", "360", "200-percent"])
def test_nothing_scrolls_sideways(visit: type[Visit], size: tuple[int, int]) -> None:
    one = with_answers(visit(size=size))
    wide = []
    for step in SCREENS:
        one.open(step)
        if one.scrolls_sideways():
            wide.append(step)
    assert wide == []


def test_the_dark_theme_is_dark_and_ours(visit: type[Visit]) -> None:
    one = visit(dark=True)
    color = one.page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert color == "rgb(20, 29, 28)"
    one.check()
