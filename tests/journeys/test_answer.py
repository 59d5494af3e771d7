"""The answer on the result: what stands in the first view, what opens behind it, what is printed."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from pypdf import PdfReader

from rules import evaluate
from rules.report.action_plan import MOST_STEPS, first_acts, plan_of
from rules.result import Result
from tests.journeys.browsing import PHONE, Visit
from tests.journeys.test_after_result import seated
from tests.journeys.walker import TODAY
from wizard.answers import Answers
from wizard.answers_file import to_file
from wizard.messages import say
from wizard.result.reading import cards_of
from wizard.result.sections_view import MOST_DAYS

TRD = "treatment_resistant_depression"
SIX_WEEKS = [
    {"treatment": "sertraline", "outcome": "no_response", "weeks": 6},
    {"treatment": "escitalopram", "outcome": "no_response", "weeks": 6},
]
LATELY = (dt.date.today() - dt.timedelta(days=27)).isoformat()
PEOPLE: dict[str, dict[str, Any]] = {
    "asks for infusions, six weeks each": {
        "age": 34, "state": "GA", "request": "iv_ketamine", "diagnosis": TRD, "suicidal_thoughts": "passive",
        "stage": "exploring", "coverages": [{"kind": "employer", "payer": "UnitedHealthcare"}], "treatments": SIX_WEEKS,
    },
    "Medicare and Spravato": {
        "age": 71, "state": "FL", "request": "esketamine", "diagnosis": TRD, "stage": "exploring",
        "coverages": [{"kind": "medicare", "medicare": "original", "part_b": True}],
    },
    "Medicaid of an unknown kind": {
        "age": 29, "state": "CA", "request": "esketamine", "diagnosis": "ptsd", "stage": "exploring",
        "coverages": [{"kind": "medicaid"}],
    },
    "denied for CRPS": {
        "age": 41, "state": "TX", "request": "iv_ketamine", "diagnosis": "crps", "stage": "denied",
        "coverages": [{"kind": "employer", "payer": "Aetna", "network": "ppo"}],
        "denial": {"coverage": 0, "notice_date": LATELY, "reason": "experimental"},
    },
    "no insurance": {
        "age": 33, "state": "OH", "request": "iv_ketamine", "diagnosis": TRD, "stage": "exploring",
        "coverages": [], "household_size": 3, "annual_income": 21000,
    },
    "VA and TRICARE": {
        "age": 45, "state": "WA", "request": "esketamine", "diagnosis": "ptsd", "stage": "exploring",
        "coverages": [{"kind": "va"}, {"kind": "tricare"}],
    },
    "has told no insurance yet": {"age": 34, "state": "GA", "request": "iv_ketamine"},
    "insurance without its kind": {
        "age": 34, "state": "GA", "request": "iv_ketamine", "coverages": [{"payer": "Cigna"}],
    },
}  # fmt: skip
PRINTED = ("asks for infusions, six weeks each", "denied for CRPS", "VA and TRICARE")
MOST_MONEY = 3  # other ways to pay that stand open
MOST_WORDS = 90
MOST_PAGES = 1
LOW = (640, 400)  # a desktop of 1280 × 800 at 200 %
# Every paragraph and heading that stands wholly in the window, as it is read there.
IN_VIEW = """within => [...document.querySelectorAll(`${within} h2, ${within} p`)]
  .filter(e => {
    const box = e.getBoundingClientRect();
    return box.height && box.top >= 0 && box.bottom <= window.innerHeight && !e.closest('summary, button');
  })
  .map(e => e.innerText.replace(/\\s+/g, ' ').trim())"""


def four_answers(result: Result) -> list[str]:
    """What has to be read at first: will it pay and why, what tomorrow, what if not."""
    cards, acts = cards_of(result), first_acts(result)
    assert cards.lead is not None
    told = [a.sentence for a in (cards.asked, cards.lead) if a is not None]
    told += [acts[0].text] if acts else []
    told += [cards.lead.if_no.text] if cards.lead.if_no is not None else []
    return told


# --- without a browser ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE)
def test_the_result_says_little_and_all_of_it_is_near(who: str) -> None:
    walker = seated(PEOPLE[who], "result")
    result = evaluate(PEOPLE[who], today=TODAY)
    for told in four_answers(result):
        for sentence in told.split(". "):
            assert sentence.strip(".") in walker.text, sentence
    rows = [str(m.value).count("\n") + 1 for m in walker.at.markdown if str(m.value)[:2] == "- "]
    assert max(rows, default=0) <= MOST_DAYS  # no long list stands open
    assert len(walker.at.subheader) <= MOST_MONEY
    walker.open_fold("everything")
    named = {str(h.value) for h in walker.at.subheader}
    assert len(named) >= len({p.name for p in result.paths}) - 1
    assert "Done when: Done when" not in walker.text
    assert walker.text.count("obody has checked") <= 1


@pytest.mark.parametrize("who", PEOPLE)
def test_the_plan_is_short(who: str) -> None:
    steps = plan_of(evaluate(PEOPLE[who], today=TODAY))
    assert len(steps) <= MOST_STEPS
    assert len({s.text for s in steps}) == len(steps)
    shown = [c for c in seated(PEOPLE[who], "plan").at.checkbox if str(c.key).startswith("plan-")]
    assert len(shown) == len(steps)


def test_other_money_wears_no_outlook() -> None:
    walker = seated(PEOPLE["no insurance"], "result").open_fold("more_money")
    chips = [str(c.value) for c in walker.at.caption if "-badge[" in str(c.value)]
    assert chips
    fits = {say(f"paths.fit.{f}") for f in ("fits", "may_fit")}
    assert all(any(f"badge[{f}]" in c for f in fits) for c in chips)


def test_a_change_of_an_answer_says_what_it_changed() -> None:
    case = PEOPLE["asks for infusions, six weeks each"]
    walker = seated(case, "result")
    before = evaluate(case, today=TODAY).leading
    assert before is not None
    assert "Your last answers" not in walker.text
    walker.store.set("treatments", [{**t, "weeks": 9} for t in SIX_WEEKS])
    assert f"Before: “{before.sentence[:40]}" in walker.run().text
    assert f"Before: “{before.sentence[:40]}" in walker.run().text
    walker.store.set("household_size", 2)
    assert say("result.same") in walker.run().text


def test_the_whole_box_stands_after_the_answer_about_thoughts_and_one_line_elsewhere() -> None:
    walker = seated(PEOPLE["has told no insurance yet"], "age")
    assert "988" not in walker.text
    walker.store.set("suicidal_thoughts", "passive")
    for step, whole in (("safety", True), ("covers", True), ("age", False), ("result", False)):
        assert (say("safety.line") in walker.go(step).text) is not whole, step
        assert "tel:988" in walker.text, step
    assert say("safety.line") in seated({}, "start").text


# --- in a browser -----------------------------------------------------------------------------------


def show(one: Visit, case: dict[str, Any], step: str) -> None:
    """Show a step to the person of this case."""
    text = to_file(Answers(case=json.loads(json.dumps(case))), dt.date.today())
    one.page.evaluate("text => sessionStorage.setItem('ketapath', text)", text)
    one.open(step)


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, LOW], ids=["phone", "200-percent"])
def test_the_first_view_holds_the_four_answers(visit: type[Visit], size: tuple[int, int]) -> None:
    one = visit(size=size)
    for who, case in PEOPLE.items():
        show(one, case, "result")
        result = evaluate(case, today=dt.date.today())
        seen = squeezed(" ".join(one.page.evaluate(IN_VIEW, ".st-key-lead")))
        wanted = four_answers(result)
        for told in wanted:
            assert squeezed(told) in seen, (who, told, seen)
        assert len(" ".join(wanted).split()) <= MOST_WORDS, (who, wanted)
        if case.get("suicidal_thoughts"):
            line = one.page.evaluate(IN_VIEW, ".st-key-safety_line")
            assert ["988" in text for text in line] == [True]
        assert not one.scrolls_sideways(), who
        primary = one.page.locator("[data-testid=stMain] [data-testid^=stBaseButton-primary]")
        assert primary.count() == 1, who
    one.check()


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_the_answer_with_its_folds_open(
    visit: type[Visit], dark: bool
) -> None:
    one = visit(size=PHONE, dark=dark)
    show(one, PEOPLE["VA and TRICARE"], "result")
    assert one.violations() == []
    for key in ("answer-0-esketamine", "more_money", "everything"):
        one.by_key(key).locator("summary").first.click()
        one.settled()
    # A button half under the bar that stays in sight would count as too small.
    one.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    assert one.violations() == []
    headings = one.page.locator("[data-testid=stMain] h3").all_inner_texts()
    names = {p.name for p in evaluate(PEOPLE["VA and TRICARE"], today=dt.date.today()).paths}
    assert names <= {squeezed(h) for h in headings}
    one.check()


@pytest.mark.browser
def test_the_summary_prints_on_one_page(visit: type[Visit]) -> None:
    one = visit()
    for who in PRINTED:
        show(one, PEOPLE[who], "print")
        pages = PdfReader(io.BytesIO(one.page.pdf(format="Letter"))).pages
        assert len(pages) <= MOST_PAGES, (who, len(pages))
        assert all(p.extract_text().strip() for p in pages), who
        assert "988" not in "".join(p.extract_text() for p in pages)
    one.check()
