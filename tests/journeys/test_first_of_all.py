"""What a person sees first: a danger, a right that runs out, and no promise where there is none."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1.element_tree import Caption, Header, Markdown, Subheader

from rules import evaluate
from tests.journeys.test_after_result import seated
from tests.journeys.walker import TODAY, Walker, seen

LIKELY = "Likely, once approved"
TEXTS = (Markdown, Caption, Header, Subheader)
SPRAY: dict[str, Any] = {
    "age": 40, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none", "stage": "preparing",
    "coverages": [{"kind": "employer", "payer": "unitedhealthcare", "funding": "fully_insured"}],
}  # fmt: skip
PAIN: dict[str, Any] = {
    "age": 45, "state": "TX", "request": "iv_ketamine", "diagnosis": "crps", "suicidal_thoughts": "none",
    "coverages": [{"kind": "employer", "payer": "aetna"}], "stage": "denied",
    "denial": {"coverage": 0, "notice_date": "2026-11-10", "reason": "experimental", "level": "initial"},
}  # fmt: skip


def all_told(walker: Walker) -> str:
    """All that stands on the screen, the labels of its boxes included."""
    return "\n".join((walker.text, *(str(c.label) for c in walker.at.checkbox)))


def in_order(walker: Walker) -> list[str]:
    """The texts of the screen, in the order in which they are drawn."""
    return [str(e.value) for e in walker.at.main if isinstance(e, TEXTS)]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"health": {"ketamine_allergy": True}}, "Allergy to ketamine"),
        ({"health": {"vessel_condition": True}}, "Aneurysm"),
        ({"health": {"uncontrolled_blood_pressure": True}}, "Blood pressure"),
        ({"age": 16}, "Age under 18"),
    ],
)
@pytest.mark.parametrize("screen", ["result", "print"])
def test_a_condition_is_said_before_any_way_to_pay(
    told: dict[str, Any], words: str, screen: str
) -> None:
    walker = seated({**SPRAY, **told}, screen)
    assert "prescriber" in walker.text
    texts = in_order(walker)
    said_at = next(i for i, text in enumerate(texts) if words.lower() in text.lower())
    answers = evaluate({**SPRAY, **told}, today=TODAY).answers
    first = answers[0].sentence.partition(". ")[0]
    assert said_at <= min(i for i, t in enumerate(texts) if "-badge[" in t or first in seen(t))
    assert LIKELY not in walker.text


def test_a_denied_man_reads_of_his_appeal_first() -> None:
    walker = seated(PAIN, "result")
    assert "We do not know your health insurance" not in walker.text
    assert LIKELY not in walker.text
    headers = [str(h.value) for h in walker.at.header]
    assert "said no" in headers[0]
    assert "ppeal" in walker.text


@pytest.mark.parametrize("case", [SPRAY, PAIN])
def test_help_and_own_money_never_wear_the_words_of_an_approval(case: dict[str, Any]) -> None:
    walker = seated(case, "result")
    walker.open_fold("everything")
    result = evaluate(case, today=TODAY)
    assert [str(h.value) for h in walker.at.subheader].count("Clinical trial") >= 1
    badges = [str(c.value) for c in walker.at.caption if "-badge[" in str(c.value)]
    assert badges
    own = [p for p in result.paths if p.role in ("pay", "help")]
    assert own
    assert not any(LIKELY in b for b in badges)


def test_a_payer_without_a_kind_asks_for_the_kind_first() -> None:
    text = seated({**SPRAY, "coverages": [{"payer": "aetna"}]}, "result").text
    assert "what kind of insurance" in text
    assert "We do not know your health insurance" not in text
    assert LIKELY not in text


@pytest.mark.parametrize("coverages", [None, []])
def test_without_insurance_it_is_said_so(coverages: list[Any] | None) -> None:
    text = seated({**SPRAY, "coverages": coverages}, "result").text
    assert ("Tell us about your health insurance" in text) is (coverages is None)


def test_an_urgent_no_is_for_today_on_every_screen() -> None:
    case = {
        **SPRAY, "suicidal_thoughts": "active", "stage": "denied",
        "denial": {"coverage": 0, "treatment": "esketamine", "notice_date": "2026-11-20",
                   "reason": "not_medically_necessary", "level": "initial", "urgent": True},
    }  # fmt: skip
    for screen in ("result", "calendar", "plan", "print"):
        told = all_told(seated(case, screen))
        assert "fast" in told, screen
        assert "Nov 24, 2026" in told, screen
    assert "72 hours" in seated(case, "result").text


def test_care_that_runs_is_a_date_on_every_screen() -> None:
    case = {
        **SPRAY, "state": "OH", "stage": "denied",
        "coverages": [{"kind": "medicaid", "medicaid": "managed_care", "payer": "molina"}],
        "denial": {"coverage": 0, "notice_date": "2026-11-15", "reason": "step_therapy", "level": "initial",
                   "urgent": False, "continuing_treatment": True},
    }  # fmt: skip
    for screen in ("result", "calendar", "print"):
        text = seated(case, screen).text
        assert "keep the treatment going" in text, screen
        assert "Nov 24, 2026" in text, screen
    assert "Nov 25, 2026" in seated(case, "calendar").text  # the last day itself


def test_the_question_on_thoughts_never_comes_back_as_homework() -> None:
    case = {k: v for k, v in SPRAY.items() if k != "suicidal_thoughts"}
    for screen in ("result", "print", "plan"):
        told = all_told(seated(case, screen)).lower()
        assert "suicide" not in told, screen
        assert "ending your life" not in told, screen


def test_the_print_tells_nothing_of_thoughts_unless_asked() -> None:
    walker = seated({**SPRAY, "suicidal_thoughts": "passive"}, "print")
    told = "I sometimes wish I were not here"
    assert told not in walker.text
    walker.at.checkbox(key="print-with-thoughts").check()
    assert told in walker.run().text


def test_the_print_asks_nothing_where_nothing_was_told() -> None:
    walker = seated(SPRAY, "print")
    assert not [c for c in walker.at.checkbox if c.key == "print-with-thoughts"]
