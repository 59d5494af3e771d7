"""The text report: one page that a counselor can read aloud, and everything else on demand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from rules import Result, evaluate
from rules.__main__ import main
from rules.messages import phrase
from rules.report.text_in_full import ROLES
from rules.report.text_report import MOST_LINES, WIDTH, render_text
from tests.cases_of import TODAY
from tests.how_often import often
from tests.strategies import case_data

SECTIONS = (
    "answers", "order", "this_week", "if_no", "dates", "other_money", "people", "questions",
)  # fmt: skip
TRIED = [
    {"treatment": "sertraline", "outcome": "no_response", "weeks": 6, "current_episode": True},
    {"treatment": "escitalopram", "outcome": "no_response", "weeks": 6, "current_episode": True},
]
GEORGIA: dict[str, Any] = {
    "age": 38, "state": "GA", "request": "iv_ketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "passive", "stage": "exploring", "treatments": TRIED,
    "coverages": [{"kind": "employer", "payer": "unitedhealthcare"}],
}  # fmt: skip
cases = settings(
    max_examples=often(120), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
THREE = [
    {"kind": "medicare", "medicare": "advantage", "payer": "humana"},
    {"kind": "medicaid", "medicaid": "managed_care"},
    {"kind": "employer", "payer": "aetna", "funding": "self_funded"},
]


def unbroken(text: str) -> str:
    return " ".join(text.split())


def titles(text: str) -> list[str]:
    """The headings of a page, by key."""
    lines = text.split("\n")
    starts = [line for line, before in zip(lines, ["", *lines], strict=False) if not before]
    return [s for s in SECTIONS if phrase("text_report", s) in starts]


def page_fits(text: str) -> None:
    lines = text.split("\n")
    assert len(lines) <= MOST_LINES
    for line in lines:  # a web address is not broken
        assert len(line) <= WIDTH or len(line.split()) == 1, line


@cases
@given(case_data)
def test_a_page_is_a_page_whatever_the_case(data: dict[str, Any]) -> None:
    page_fits(render_text(evaluate(data, today=TODAY)))


@pytest.mark.parametrize("covers", [1, 2, 3])
def test_a_page_with_several_insurances_tells_the_answer_of_each(covers: int) -> None:
    result = evaluate({**GEORGIA, "age": 67, "coverages": THREE[:covers]}, today=TODAY)
    text = render_text(result)
    page_fits(text)
    for answer in result.answers:
        assert unbroken(answer.sentence) in unbroken(text)
    assert ("order" in titles(text)) is (covers > 1)


def test_the_page_tells_what_is_urgent_then_the_answer_then_the_rest() -> None:
    result = evaluate(GEORGIA, today=TODAY)
    text = render_text(result)
    found = titles(text)
    assert text.startswith(f"- {result.safety[0].text}")
    assert found[0] == "answers"
    places = [text.index(f"\n\n{phrase('text_report', t)}\n") for t in found]
    assert places == sorted(places)
    assert found[-1] == "questions"
    assert text.split("\n\n")[-1].startswith("This informs.")


def test_an_answer_stands_with_its_rule_and_the_points_it_hangs_on() -> None:
    """Two antidepressants of six weeks where the rule asks for eight: both numbers are on the page."""
    text = unbroken(render_text(evaluate(GEORGIA, today=TODAY)))
    assert "2026 P 2168-11 (July 1, 2026, read at the source)" in text
    point = text[text.index("[not yet]") :].split("[")[1]
    assert "8 weeks or more each" in point
    assert "sertraline 6 weeks, escitalopram 6 weeks" in point


def test_everything_of_the_page_and_every_way_stands_in_the_full_text() -> None:
    result = evaluate(GEORGIA, today=TODAY)
    text = unbroken(render_text(result, full=True))
    assert result.paths
    for path in result.paths:
        assert path.name in text
        assert unbroken(path.reason) in text
        assert path.outlook == "closed" or all(unbroken(c.text) in text for c in path.criteria)
        assert path.outlook == "closed" or all(unbroken(s.title) in text for s in path.sources)
    for question in result.questions:
        assert unbroken(question.how_to_find_out) in text
    for role in {p.role for p in result.paths if p.outlook != "closed"}:
        assert phrase("text_report", role) in text
    assert len({phrase("text_report", role) for role in ROLES}) == len(ROLES)


def test_what_is_closed_is_told_with_its_reason_in_the_full_text() -> None:
    result = evaluate({**GEORGIA, "coverages": []}, today=TODAY)
    closed = [p for p in result.paths if p.outlook == "closed"]
    assert closed
    last = unbroken(render_text(result, full=True)).split(phrase("text_report", "closed"))[1]
    assert all(unbroken(p.reason) in last for p in closed)


def test_the_command_prints_the_page_and_on_demand_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(GEORGIA), encoding="utf-8")
    command = ["evaluate", str(file), "--today", TODAY.isoformat(), "--format", "text"]
    result: Result = evaluate(GEORGIA, today=TODAY)
    for more, full in (([], False), (["--full"], True)):
        assert main([*command, *more]) == 0
        assert capsys.readouterr().out == render_text(result, full) + "\n"
