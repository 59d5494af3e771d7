"""The quick form: filled at the widgets, and in a real browser by keyboard alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rules import evaluate
from tests.journeys.browsing import DESKTOP, PHONE, Visit
from tests.journeys.walker import TODAY, Walker
from wizard.answers import Answers
from wizard.messages import say


def at_form(case: dict[str, Any] | None = None) -> Walker:
    walker = Walker()
    walker.at.session_state["answers"] = Answers(case=case or {}, role="intake")
    return walker.go("quick-form")


def fill(walker: Walker, place: str, value: Any, caller: int = 0) -> Walker:
    """Put a value into the field of a place, as a person would."""
    key = f"qf-{caller}-" + place.replace("[", "-").replace("]", "").replace(".", "-")
    at = walker.at
    for widgets in (at.selectbox, at.text_input, at.multiselect):
        for widget in widgets:
            if widget.key == key:
                widget.set_value(str(value) if widget.type == "text_input" else value)
                return walker.run()
    raise AssertionError(f"no field {key}")


def has_field(walker: Walker, place: str, caller: int = 0) -> bool:
    key = f"qf-{caller}-" + place.replace("[", "-").replace("]", "").replace(".", "-")
    at = walker.at
    found = (*at.selectbox, *at.text_input, *at.multiselect)
    return any(w.key == key for w in found)


# --- at the widgets ----------------------------------------------------------------------------------


def test_what_is_filled_in_becomes_the_case_and_the_result() -> None:
    walker = at_form()
    told = {
        "age": 42, "state": "TX", "request": "esketamine",
        "diagnosis": "treatment_resistant_depression", "severity.phq9": 19,
        "coverages[0].kind": "employer", "coverages[0].payer": "aetna",
        "coverages[0].funding": "self_funded",
        "treatment_counts.antidepressants_failed": 2,
    }  # fmt: skip
    for place, value in told.items():
        fill(walker, place, value)
    case = walker.store.case_data()
    assert case == {
        "age": 42, "state": "TX", "request": "esketamine",
        "diagnosis": "treatment_resistant_depression",
        "severity": [{"scale": "phq9", "score": 19}],
        "coverages": [{"kind": "employer", "payer": "aetna", "funding": "self_funded"}],
        "treatment_counts": {"antidepressants_failed": 2},
    }  # fmt: skip
    assert "What is missing" in walker.text
    walker.press("quick-open")
    assert walker.step == "result"
    assert walker.store.case_data() == case


def test_the_result_beside_it_changes_with_each_field() -> None:
    walker = at_form()
    before = walker.text
    fill(walker, "coverages[0].kind", "employer")
    employer = walker.text
    assert employer != before
    fill(walker, "coverages[0].kind", "medicaid")
    assert walker.text != employer


def test_thoughts_of_suicide_bring_the_crisis_lines_at_once() -> None:
    walker = at_form()
    assert "988" not in walker.text
    fill(walker, "suicidal_thoughts", "passive")
    assert "**988** Lifeline" in walker.text
    assert any("988" in m.value and "tel:" in m.value for m in walker.at.markdown)


def test_a_denial_shows_its_date() -> None:
    walker = at_form()
    for place, value in (("state", "TX"), ("request", "esketamine"), ("diagnosis", "treatment_resistant_depression"), ("coverages[0].kind", "employer"), ("stage", "denied")):  # fmt: skip
        fill(walker, place, value)
    assert "Send it by" not in walker.text
    fill(walker, "denial.notice_date", "Nov 1, 2026")
    assert walker.store.case["denial"] == {"notice_date": "2026-11-01"}
    assert "Send it by" in walker.text


@pytest.mark.parametrize("text", ["soon", "2/30/2026", "12/24/2026"])
def test_a_date_that_cannot_be_read_is_told_and_not_taken(text: str) -> None:
    walker = at_form({"stage": "denied"})
    fill(walker, "denial.notice_date", text)
    assert "denial" not in walker.store.case
    assert ":material/error:" in walker.text
    fill(walker, "denial.notice_date", "11/1/2026")
    assert ":material/error:" not in walker.text


def test_a_letter_that_came_before_its_date_is_told_and_not_taken() -> None:
    walker = at_form({"stage": "denied", "denial": {"received_date": "2026-01-05"}})
    fill(walker, "denial.notice_date", "11/1/2026")
    assert "notice_date" not in walker.store.case["denial"]
    assert say("question.in_order.letter") in walker.text
    fill(walker, "denial.notice_date", "1/2/2026")
    assert walker.store.case["denial"]["notice_date"] == "2026-01-02"
    assert ":material/error:" not in walker.text


def test_two_covers_say_who_pays_first() -> None:
    walker = at_form({"coverages": [{"kind": "employer"}]})
    fill(walker, "coverages[1].kind", "medicare")
    assert "Who pays first" in walker.text
    assert has_field(walker, "coverages[1].medicare")


def test_emptying_the_first_cover_keeps_the_second() -> None:
    walker = at_form({"coverages": [{"kind": "employer"}, {"kind": "medicaid", "medicaid": "qmb"}]})
    fill(walker, "coverages[0].kind", None)
    assert walker.store.case["coverages"] == [{"kind": "medicaid", "medicaid": "qmb"}]
    assert has_field(walker, "coverages[0].medicaid", caller=1)


def test_what_no_longer_fits_is_told() -> None:
    walker = at_form({"coverages": [{"kind": "employer", "funding": "self_funded"}]})
    fill(walker, "coverages[0].kind", "medicare")
    assert "taken out" in "\n".join(i.value for i in walker.at.info)
    assert walker.store.case["coverages"] == [{"kind": "medicare"}]


def test_uninsured_is_an_answer() -> None:
    walker = at_form()
    fill(walker, "coverages[0].kind", "no_cover")
    assert walker.store.case["coverages"] == []
    assert not has_field(walker, "coverages[1].kind")


def test_the_next_caller_finds_an_empty_form_and_the_last_comes_back() -> None:
    walker = at_form({"age": 42})
    walker.press("quick-next")
    assert walker.store.empty()
    assert walker.store.role == "intake"
    fill(walker, "age", 33, caller=1)
    walker.press("quick-back")
    assert walker.store.case == {"age": 42}
    walker.press("quick-back")
    assert walker.store.case == {"age": 33}


def test_a_case_of_the_interview_is_in_the_form() -> None:
    case = {
        "age": 42, "coverages": [{"kind": "employer"}, {"kind": "medicare"}, {"kind": "va"}],
        "treatments": [{"treatment": "sertraline", "outcome": "no_response"}],
    }  # fmt: skip
    walker = at_form(case)
    assert walker.at.text_input(key="qf-0-age").value == "42"
    assert "1 more coverage" in walker.text
    assert "one by one" in walker.text
    fill(walker, "age", 43)
    assert walker.store.case == {**case, "age": 43}


def test_the_form_and_the_engine_say_the_same() -> None:
    walker = at_form()
    fill(walker, "state", "TX")
    fill(walker, "coverages[0].kind", "employer")
    result = evaluate(walker.store.case_data(), today=TODAY)
    shown = next(m.value for m in walker.at.markdown if "All ways" in m.value)
    possible = [p.coverage is not None for p in result.paths if p.outlook == "possible"]
    assert f"{possible.count(True)} Possible" in shown
    assert f"{possible.count(False)} May fit" in shown


# --- in a browser ------------------------------------------------------------------------------------


IN_FIELD = "(label) => (document.activeElement.getAttribute('aria-label') || '').startsWith(label)"


def opened(visit: type[Visit], **how: Any) -> Visit:
    """The form, once it stands still and listens to the keyboard."""
    caller = visit(step="quick-form", **how)
    caller.page.wait_for_function(
        "() => window.ketapathQuick && sessionStorage.getItem('ketapath')"
    )
    caller.settled()
    return caller


def focused(visit: Visit) -> str:
    found = visit.page.evaluate(
        "(() => { const a = document.activeElement; return a.getAttribute('aria-label') || a.innerText || '' })()"
    )
    return str(found)


def kept(visit: Visit, text: str, there: bool = True) -> None:
    """Wait until the tab keeps an answer (or keeps it no longer)."""
    visit.page.wait_for_function(
        "([text, there]) => (sessionStorage.getItem('ketapath') || '').includes(text) === there",
        arg=[text, there],
    )


def type_in(visit: Visit, label: str, text: str, takes: str | None = None) -> None:
    """Reach a field with the Tab key alone and type; from a list, Enter takes an answer."""
    for _ in range(40):
        if focused(visit).startswith(label):
            break
        visit.page.keyboard.press("Tab")
        visit.page.wait_for_timeout(30)
    assert focused(visit).startswith(label), focused(visit)
    visit.page.keyboard.type(text, delay=10)
    if takes is not None:
        visit.page.get_by_role("option").first.wait_for()
        visit.page.keyboard.press("Enter")
        kept(visit, takes)
        visit.settled()
        visit.page.wait_for_function(IN_FIELD, arg=label)  # the focus stays or comes back


@pytest.mark.browser
def test_intake_by_keyboard_alone(visit: type[Visit]) -> None:
    caller = opened(visit)
    keys = caller.page.keyboard
    type_in(caller, "Age", "42")
    type_in(caller, "State", "tex", "TX")
    type_in(caller, "Treatment requested", "spravato", "esketamine")
    type_in(caller, "Thoughts of suicide", "wish", "passive")  # the crisis box appears above
    type_in(caller, "Kind of insurance", "through a job", "employer")
    type_in(caller, "Payer", "aetna", "aetna")
    type_in(caller, "Antidepressants failed", "2")
    keys.press("Tab")
    kept(caller, "antidepressants_failed")
    caller.settled()
    told = json.loads(caller.kept)["case"]
    assert told == {
        "age": 42, "state": "TX", "request": "esketamine", "suicidal_thoughts": "passive",
        "coverages": [{"kind": "employer", "payer": "aetna"}],
        "treatment_counts": {"antidepressants_failed": 2},
    }  # fmt: skip
    assert "988" in caller.text()
    keys.press("Alt+n")
    kept(caller, "esketamine", there=False)
    caller.page.wait_for_function(IN_FIELD, arg="Age")
    keys.type("33")
    keys.press("Tab")
    kept(caller, '"age": 33')
    keys.press("Alt+o")
    caller.page.wait_for_function("() => location.search.includes('result')")
    assert caller.page.evaluate("location.search") == "?step=result"
    caller.check()


@pytest.mark.browser
def test_the_first_answer_draws_no_other_field_anew(visit: type[Visit]) -> None:
    """A field drawn anew under the hand of someone who types loses the letters and its open list."""
    caller = opened(visit)
    caller.page.evaluate(
        "document.querySelectorAll('.st-key-quick_form input').forEach((e) => { e.wasThere = true })"
    )
    type_in(caller, "Age", "42")
    caller.page.keyboard.press("Tab")
    kept(caller, '"age": 42')
    caller.settled()
    state = caller.page.get_by_label("State").first
    assert state.evaluate("e => e.wasThere === true")
    assert state.evaluate("e => e === document.activeElement")
    caller.check()


@pytest.mark.browser
def test_delete_empties_a_list(visit: type[Visit]) -> None:
    caller = opened(visit)
    type_in(caller, "State", "tex", "TX")
    caller.page.keyboard.press("Delete")
    kept(caller, '"TX"', there=False)
    caller.check()


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("dark", [False, True])
def test_the_form_can_be_used_by_everyone(
    visit: type[Visit], size: tuple[int, int], dark: bool
) -> None:
    caller = opened(visit, size=size, dark=dark)
    assert caller.violations() == []
    type_in(caller, "Thoughts of suicide", "wish", "passive")
    type_in(caller, "Kind of insurance", "through a job", "employer")
    assert caller.violations() == []
    assert not caller.scrolls_sideways()
    caller.check()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "diagnosis"),
    [
        ("MDD", "major_depression"),
        ("depression", "major_depression"),
        ("trd", "treatment_resistant_depression"),
        ("mdd si", "major_depression_with_suicidality"),
        ("fibro", "fibromyalgia"),
    ],
)
def test_the_word_that_is_typed_is_the_diagnosis_that_is_chosen(
    visit: type[Visit], text: str, diagnosis: str
) -> None:
    caller = opened(visit)
    type_in(caller, "Main diagnosis", text, diagnosis)
    assert json.loads(caller.kept)["case"] == {"diagnosis": diagnosis}
    assert ("988" in caller.text()) is ("suicidality" in diagnosis)
    caller.check()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "cover"),
    [
        ("emp", {"kind": "employer"}),
        ("employer", {"kind": "employer"}),
        ("commercial", {"kind": "employer"}),
        ("group", {"kind": "employer"}),
        ("work", {"kind": "employer"}),
        ("workers", {"kind": "workers_compensation"}),
        ("advantage", {"kind": "medicare", "medicare": "advantage"}),
        ("MA", {"kind": "medicare", "medicare": "advantage"}),
        ("medigap", {"kind": "medicare", "medicare": "original", "medigap": True}),
        ("aso", {"kind": "employer", "funding": "self_funded"}),
        ("va", {"kind": "va"}),
    ],
)
def test_the_word_that_is_typed_is_the_cover_that_is_chosen(
    visit: type[Visit], text: str, cover: dict[str, Any]
) -> None:
    caller = opened(visit)
    type_in(caller, "Kind of insurance", text, cover["kind"])
    assert json.loads(caller.kept)["case"] == {"coverages": [cover]}
    caller.check()


@pytest.mark.browser
@pytest.mark.parametrize("text", ["ppo", "dual"])
def test_a_word_that_is_no_kind_of_cover_chooses_none_and_says_why(
    visit: type[Visit], text: str
) -> None:
    caller = opened(visit)
    type_in(caller, "Kind of insurance", text)
    caller.page.get_by_role("option").first.wait_for()
    caller.page.keyboard.press("Enter")
    caller.page.get_by_text(
        "Type of plan" if text == "ppo" else "two kinds of insurance"
    ).first.wait_for()
    assert "coverages" not in caller.kept
    caller.check()
