"""Lists, numbers and the rows of treatments in a real browser: by keyboard, and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.journeys.browsing import DESKTOP, PHONE, Visit
from tests.journeys.test_browser_wizard import with_answers

pytestmark = pytest.mark.browser

UHC: dict[str, Any] = {
    "age": 44, "state": "GA", "request": "iv_ketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none", "coverages": [{"kind": "employer", "payer": "unitedhealthcare"}],
    "stage": "exploring",
}  # fmt: skip
MOST_TALL = 1300  # pixels from the top of the page to the last button, with two medicines
MOST_TAPS = 12


def at(visit: type[Visit], step: str, case: dict[str, Any], size: tuple[int, int]) -> Visit:
    one = with_answers(visit(size=size), case)
    one.open(step)
    return one


def list_of(one: Visit, name: str) -> Locator:
    return one.by_key(f"qf-0-{name}").locator("input")


def take(one: Visit, name: str, typed: str) -> str:
    """Type into a list, press Enter, and see what stands in it then."""
    box = list_of(one, name)
    box.click()
    box.press_sequentially(typed, delay=20)
    one.page.wait_for_timeout(200)
    box.press("Enter")
    one.page.wait_for_timeout(100)
    one.settled()
    return list_of(one, name).input_value()


@pytest.mark.parametrize(
    ("name", "typed", "wanted"),
    [
        ("diagnosis", "MDD", "Major depression"),
        ("diagnosis", "F33.2", "Major depression"),
        ("diagnosis", "G90", "CRPS (RSD)"),
        ("coverages-0-kind", "emp", "Through a job"),
        ("coverages-0-kind", "work", "Through a job"),
        ("coverages-0-payer", "aet", "Aetna (CVS Health)"),
        ("coverages-0-payer", "aetna", "Aetna (CVS Health)"),
        ("coverages-0-payer", "blue cross", "Anthem / Elevance"),
    ],
)  # fmt: skip
def test_enter_takes_what_was_meant(visit: type[Visit], name: str, typed: str, wanted: str) -> None:
    case = {"state": "GA"}
    if name == "coverages-0-payer":
        case["coverages"] = [{"kind": "employer"}]  # type: ignore[assignment]
    one = at(visit, "quick-form", case, DESKTOP)
    assert take(one, name, typed) == wanted
    one.check()


def test_escape_closes_a_list_and_keeps_its_answer(visit: type[Visit]) -> None:
    one = at(visit, "state", {"state": "GA"}, DESKTOP)
    box = one.page.locator("[data-testid=stSelectbox] input")
    kept = box.input_value()
    assert "Georgia" in kept
    for typed in ("", "Tex"):
        box.click()
        if typed:
            box.press_sequentially(typed)
        assert one.page.get_by_role("listbox").count() == 1
        box.press("Escape")
        one.page.wait_for_timeout(200)
        assert one.page.get_by_role("listbox").count() == 0
        assert box.input_value() == kept
    one.on()
    assert '"GA"' in one.kept


def test_no_cross_stands_between_a_filled_list_and_the_way_on(visit: type[Visit]) -> None:
    one = at(visit, "state", {"state": "GA"}, DESKTOP)
    one.page.locator("[data-testid=stSelectbox] input").focus()
    one.page.keyboard.press("Tab")
    assert "Continue" in str(one.page.evaluate("document.activeElement.innerText"))


@pytest.mark.parametrize(("typed", "told"), [("340", "from 0 to 120"), ("47e", "whole number")])
def test_a_number_that_cannot_be_is_told_under_its_field(
    visit: type[Visit], typed: str, told: str
) -> None:
    one = at(visit, "age", {"state": "GA"}, PHONE)
    field = one.page.locator("[data-testid=stForm] input")
    one.type_into(typed)
    one.on()
    assert one.step == "age"
    problem = one.page.get_by_role("alert")
    assert told in problem.inner_text()
    assert field.evaluate("f => f === document.activeElement")
    described = str(field.get_attribute("aria-describedby"))
    assert told in one.page.locator(f"#{described}").inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    field_box, box = field.bounding_box(), problem.bounding_box()
    assert field_box
    assert box
    assert 0 <= box["y"] - (field_box["y"] + field_box["height"]) < 40
    assert box["y"] + box["height"] <= PHONE[1]
    assert one.violations() == []
    one.type_into("47")
    one.on()
    assert one.step != "age"
    one.check()


def test_the_quick_form_tells_a_wrong_number_too(visit: type[Visit]) -> None:
    one = at(visit, "quick-form", {"state": "GA"}, DESKTOP)
    field = one.by_key("qf-0-age").locator("input")
    field.fill("47e")
    field.press("Tab")
    one.settled()
    assert "whole number" in one.by_key("problem_qf-0-age").inner_text()
    assert field.get_attribute("aria-invalid") == "true"


def test_two_medicines_are_told_with_few_taps_on_little_room(visit: type[Visit]) -> None:
    one = at(visit, "treatments", UHC, (360, 740))
    taps = 0
    for i, (typed, ident) in enumerate((("zoloft", "sertraline"), ("effexor", "venlafaxine"))):
        search = one.page.locator(".st-key-treatments-search input")
        search.fill(typed)
        one.settled()
        one.press_key(f"add-{ident}")
        for key, name in (("usual", "6"), ("outcome", "No"), ("episode", "This period of illness")):
            one.by_key(f"t{i}-{key}").get_by_role("radio", name=name, exact=True).click()
            one.page.wait_for_timeout(50)
            one.settled()
        dose = one.by_key(f"t{i}-dose").locator("input")
        dose.fill("150")
        dose.blur()
        one.settled()
        taps += 6  # the search and the dose are tapped to be typed in
    assert taps <= MOST_TAPS
    text = one.text()
    assert text.count("UnitedHealthcare counts a medicine from 8 weeks") == 1
    assert text.count("2 weeks short") == 2
    assert "I don’t know" not in text
    top = "document.querySelector('[data-testid=stMain]').scrollTop"
    last = one.by_key("ways_on").bounding_box()
    assert last
    assert last["y"] + last["height"] + float(one.page.evaluate(top)) < MOST_TALL
    assert not one.scrolls_sideways()
    one.page.evaluate(f"{top} = 0")  # nothing lies half under the bar at the top
    one.settled()
    assert one.violations() == []
    one.press_key("treatments-on")
    assert one.step != "treatments"
    assert one.kept.count('"weeks": 6') == 2 or one.kept.count('"weeks":6') == 2
    one.check()
