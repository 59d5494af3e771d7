"""The counselor's desk: at the widgets, and in a real browser."""

from __future__ import annotations

import copy
import datetime as dt
import html
import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from rules import evaluate, load_rules
from tests.journeys.browsing import DESKTOP, PHONE, Visit
from tests.journeys.walker import TODAY, Walker
from wizard.answers import Answers
from wizard.answers_file import from_file, to_file
from wizard.counselor.presets import presets
from wizard.counselor.scenario import CounselorDesk, Scenario
from wizard.messages import say

CASE: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "esketamine", "suicidal_thoughts": "none",
    "diagnosis": "treatment_resistant_depression",
    "treatments": [{"treatment": "sertraline", "outcome": "no_response", "weeks": 12,
                    "daily_dose_mg": 150, "current_episode": True}],
    "coverages": [{"kind": "employer", "payer": "unitedhealthcare", "funding": "fully_insured"}],
}  # fmt: skip


def at_desk(case: dict[str, Any] | None = None) -> Walker:
    walker = Walker()
    told = copy.deepcopy(CASE if case is None else case)
    walker.at.session_state["answers"] = Answers(case=told, role="counselor")
    walker.go("counselor")
    return walker.run()


def the_desk(walker: Walker) -> CounselorDesk:
    assert walker.store.desk is not None
    return walker.store.desk


def table(walker: Walker) -> str:
    """The comparison, as it stands in the page."""
    return "".join(str(h.proto.body) for h in walker.at.get("html"))


def test_the_case_as_told_stands_first() -> None:
    walker = at_desk()
    assert walker.at.text_input(key="desk-name-1").value == "As told"
    result = evaluate(CASE, today=TODAY)
    for answer in result.answers:
        assert html.escape(answer.sentence) in table(walker)


def test_without_answers_it_says_what_to_do() -> None:
    walker = at_desk({})
    assert walker.has("desk-begin")
    assert walker.has("start-own")


def test_the_saved_file_brings_variants_names_and_notes_back() -> None:
    walker = at_desk().press("start-trial").press("start-marketplace")
    ident = the_desk(walker).variants[1].id
    walker.at.text_input(key=f"desk-name-{ident}").set_value("With Dr. Ito’s notes")
    walker.at.text_area(key=f"desk-note-{ident}").set_value("Ask for the chart of 2023.")
    walker.at.text_area(key="desk-note").set_value("Call on Monday.")
    walker.run()
    opened = from_file(to_file(walker.store, TODAY), TODAY)
    assert opened.notices == ()
    assert opened.answers is not None
    again = at_desk()
    again.at.session_state["answers"] = opened.answers
    again.run()
    assert table(again) == table(walker)
    assert again.at.text_input(key=f"desk-name-{ident}").value == "With Dr. Ito’s notes"
    assert again.at.text_area(key=f"desk-note-{ident}").value == "Ask for the chart of 2023."
    assert again.at.text_area(key="desk-note").value == "Call on Monday."


def test_another_file_does_not_keep_the_variants_of_the_one_before() -> None:
    walker = at_desk().press("start-trial")
    walker.at.session_state["answers"] = Answers(case={"age": 30})
    walker.run()
    assert "One more try on paper" not in table(walker)


def test_one_more_trial_is_marked_as_better() -> None:
    walker = at_desk().press("start-trial")
    shown = table(walker)
    assert "One more try on paper" in shown
    assert "One more failed try" in shown
    assert "Better" in shown


def test_moving_to_the_marketplace() -> None:
    walker = at_desk().press("start-marketplace")
    shown = table(walker)
    assert "Marketplace plan" in shown
    assert "in place of UnitedHealthcare" in shown
    assert "insurance 1" not in shown
    assert walker.store.covers()[0]["kind"] == "employer"  # the answers themselves stay


def test_changing_a_state_in_a_variant_and_taking_it_back() -> None:
    walker = at_desk().press("start-own")
    ident = the_desk(walker).variants[1].id
    walker.at.selectbox(key=f"desk-what-{ident}").set_value("state")
    walker.run()
    walker.at.selectbox(key=f"desk-new-{ident}-state").set_value("OH")
    walker.run()
    walker.press("desk-apply")
    assert "Ohio" in table(walker)
    assert walker.store.get("state") == "TX"
    walker.press(f"desk-back-{ident}-0")
    assert "Ohio" not in table(walker)


def test_the_choice_stays_when_a_variant_is_named_anew_or_changed() -> None:
    walker = at_desk().press("start-own").press("start-own")
    first, second = (v.id for v in the_desk(walker).variants[1:])
    assert walker.at.selectbox(key="desk-which").value == second  # the new one at once
    walker.at.selectbox(key=f"desk-what-{second}").set_value("state")
    walker.run()
    walker.at.text_input(key=f"desk-name-{second}").set_value("In Ohio")
    walker.run()
    assert walker.at.selectbox(key="desk-which").value == second
    assert walker.at.selectbox(key=f"desk-what-{second}").value == "state"
    walker.at.selectbox(key=f"desk-new-{second}-state").set_value("OH")
    walker.run()
    walker.press("desk-apply")
    assert walker.at.selectbox(key="desk-which").value == second
    assert the_desk(walker).find(first).edits == ()  # type: ignore[union-attr]
    walker.at.selectbox(key="desk-which").set_value(first)
    walker.run()
    walker.at.text_input(key=f"desk-name-{second}").set_value("There")
    walker.run()
    assert walker.at.selectbox(key="desk-which").value == first


def test_a_variant_is_copied_and_a_plan_taken_out() -> None:
    walker = at_desk().press("start-medicaid")
    ident = the_desk(walker).variants[1].id
    walker.press(f"desk-copy-{ident}")
    copy_of = the_desk(walker).variants[2]
    assert copy_of.edits == the_desk(walker).variants[1].edits
    assert walker.at.selectbox(key="desk-which").value == copy_of.id
    walker.press(f"desk-gone-{copy_of.id}-0")
    assert "Without UnitedHealthcare" in table(walker)
    assert "UnitedHealthcare + Medicaid" in table(walker)
    opened = from_file(to_file(walker.store, TODAY), TODAY)
    assert opened.answers is not None
    assert opened.answers.desk == walker.store.desk


def test_medicaid_over_the_line_is_said_before_and_after_it_is_chosen() -> None:
    told = {**CASE, "state": "OH", "age": 64, "household_size": 2, "annual_income": 62000}
    walker = at_desk(told)
    assert "over the line" in walker.at.button(key="start-medicaid").help
    walker.press("start-medicaid")
    assert "Not open now" in table(walker)
    assert "$29,863" in table(walker)


def test_an_empty_change_is_told() -> None:
    walker = at_desk().press("start-own")
    ident = the_desk(walker).variants[1].id
    walker.at.selectbox(key=f"desk-what-{ident}").set_value("trial")
    walker.run()
    walker.press("desk-apply")
    assert walker.at.error
    assert the_desk(walker).variants[1].edits == ()


@pytest.mark.parametrize(
    ("topic", "text", "key"),
    [
        ("denial.received_date", "1/5/2026", "letter"),
        ("denial.notice_date", "11/20/2026", "letter"),
        ("denial.notice_date", "11/20/1926", "born"),
    ],
)
def test_a_change_that_cannot_be_true_is_told(topic: str, text: str, key: str) -> None:
    denial = {"notice_date": "2026-11-02", "received_date": "2026-11-05"}
    walker = at_desk({**CASE, "stage": "denied", "denial": denial}).press("start-own")
    ident = the_desk(walker).variants[1].id
    walker.at.selectbox(key=f"desk-what-{ident}").set_value(topic)
    walker.run()
    walker.at.text_input(key=f"desk-new-{ident}-{topic}").set_value(text)
    walker.run()
    walker.press("desk-apply")
    assert say(f"question.in_order.{key}") in walker.text
    assert the_desk(walker).variants[1].edits == ()


def test_naming_notes_and_the_printed_page() -> None:
    walker = at_desk().press("start-site")
    ident = the_desk(walker).variants[1].id
    walker.at.text_input(key=f"desk-name-{ident}").set_value("Clinic <b>North</b>")
    walker.run()
    walker.at.text_area(key=f"desk-note-{ident}").set_value("Call on Monday")
    walker.run()
    walker.at.text_area(key="desk-note").set_value("Bring the card")
    walker.run()
    walker.press("desk-print")
    assert walker.step == "comparison"
    shown = table(walker)
    assert "Clinic &lt;b&gt;North&lt;/b&gt;" in shown
    assert "<b>North" not in shown
    assert "Call on Monday" in shown
    assert "Bring the card" in walker.text
    walker.press("print-desk")
    assert walker.at.text_input(key=f"desk-name-{ident}").value == "Clinic <b>North</b>"


def test_four_at_most_and_removing_one() -> None:
    walker = at_desk()
    for name in ("trial", "site", "marketplace"):
        walker.press(f"start-{name}")
    assert not walker.has("start-own")
    walker.press(f"desk-remove-{the_desk(walker).variants[-1].id}")
    assert walker.has("start-own")


def test_a_variant_follows_the_answers() -> None:
    walker = at_desk().press("start-site")
    walker.store.set("state", "NY")
    walker.run()
    walker.press("desk-print")
    case = walker.at.session_state["answers"].case
    assert case["state"] == "NY"
    assert "provider" not in case


def test_thoughts_of_suicide_in_a_variant_show_the_lines() -> None:
    walker = at_desk().press("start-own")
    ident = the_desk(walker).variants[1].id
    walker.at.selectbox(key=f"desk-what-{ident}").set_value("suicidal_thoughts")
    walker.run()
    walker.at.selectbox(key=f"desk-new-{ident}-suicidal_thoughts").set_value("passive")
    walker.run()
    assert "988" not in walker.text
    walker.press("desk-apply")
    assert "988" in walker.text


# --- in the browser ---------------------------------------------------------------------------------------


def arrive(visit: type[Visit], size: tuple[int, int], dark: bool) -> Visit:
    one = visit(size=size, dark=dark)  # type: ignore[call-arg]
    kept = to_file(Answers(case=CASE, role="counselor"), TODAY)
    # Put there as the page opens: the start page, still at work, must not write over it.
    one.page.add_init_script(
        "if (!sessionStorage.getItem('seeded')) { sessionStorage.setItem('seeded', '1');"
        f" sessionStorage.setItem('ketapath', {json.dumps(kept)}); }}"
    )
    one.open("counselor")
    one.by_key("start-trial").locator("button").wait_for()
    return one


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_two_what_ifs_side_by_side(visit: type[Visit], size: tuple[int, int], dark: bool) -> None:
    one = arrive(visit, size, dark)
    for name in ("trial", "marketplace"):
        one.press_key(f"start-{name}")
        one.page.locator(f".st-key-start-{name}").wait_for(state="attached")
    one.page.locator(".kp-desk >> text=Better").first.wait_for()
    one.by_key("desk-paths").locator("summary").click()
    one.page.locator(".st-key-desk-paths .kp-desk").wait_for()
    one.settled()
    assert one.violations() == []
    assert not one.scrolls_sideways()
    heads = one.page.locator(".kp-desk thead").first
    assert heads.is_visible() == (size == DESKTOP)
    assert json.loads(one.kept)["case"] == CASE
    one.check()


TWO_PEOPLE: dict[str, Any] = {
    "age": 64, "state": "OH", "household_size": 2, "annual_income": 62000, "disabled": False,
    "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "employer", "payer": "aetna", "employees": "20_to_99",
                   "active_employee": True}],
    "treatment_counts": {"antidepressants_failed": 2},
}  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize(
    "names",
    [("medigap",), ("medigap", "medicare_beside", "medicaid"), ("treatment", "cobra", "trial")],
)
def test_two_to_four_variants_print_on_one_landscape_page(
    visit: type[Visit], names: tuple[str, ...], tmp_path: Path
) -> None:
    made = presets(TWO_PEOPLE, load_rules(), dt.date.today())
    found = CounselorDesk((Scenario(1, "As told"),), note="Bring the card. Call SHIP first. " * 5)
    for name in names:
        found = found.added(say(f"counselor.starter_name.{name}"), made[name])
    answers = Answers(case=copy.deepcopy(TWO_PEOPLE), role="counselor")
    answers.desk = found
    one = visit(step="start")
    one.page.evaluate(
        "t => sessionStorage.setItem('ketapath', t)", to_file(answers, dt.date.today())
    )
    one.open("comparison")
    one.page.locator(".kp-desk").first.wait_for()
    one.settled()
    one.page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    (page,) = PdfReader(tmp_path / "page.pdf").pages
    assert (page.mediabox.width, page.mediabox.height) == (792, 612)
    text = page.extract_text()
    assert text.index("Bring the card") < text.index("Who pays")
    one.check()


@pytest.mark.browser
def test_the_printed_page_shows_the_tables_alone(visit: type[Visit]) -> None:
    one = arrive(visit, DESKTOP, dark=False)
    one.press_key("start-site")
    one.press_key("desk-print")
    one.page.wait_for_function("() => location.search === '?step=comparison'")
    one.page.locator(".kp-desk").first.wait_for()
    assert one.violations() == []
    one.page.emulate_media(media="print")
    assert one.page.locator(".kp-desk").first.is_visible()
    assert not one.by_key("desk_print_tools").is_visible()
    assert not one.by_key("topbar").is_visible()
    one.check()
