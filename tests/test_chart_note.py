"""The note for the chart: short, plain, of the patient and not to the patient, and discreet."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rules import evaluate, load_rules, read_case
from rules.messages import words_of
from rules.report.chart_note import chart_note
from rules.report.clinic_voice import for_clinic
from tests.cases_of import examples
from tests.command import run

DAY = dt.date(2026, 11, 28)
SUICIDE = re.compile(r"suicid|self-harm|\b988\b", re.IGNORECASE)
TRD: dict[str, Any] = {
    "age": 40, "state": "PA", "diagnosis": "treatment_resistant_depression", "request": "iv_ketamine",
    "coverages": [{"kind": "employer", "payer": "aetna"}], "suicidal_thoughts": "passive",
}  # fmt: skip
ACUTE: dict[str, Any] = {
    **TRD, "request": "esketamine", "diagnosis": "major_depression_with_suicidality",
    "suicidal_thoughts": "active",
}  # fmt: skip


def note(data: dict[str, Any], day: dt.date = DAY, **how: Any) -> list[str]:
    case = read_case(data, day)
    return chart_note(case, evaluate(case, day), load_rules(), **how).splitlines()


def test_it_says_who_what_and_by_which_rule() -> None:
    lines = note(TRD, label="PT-0041")
    assert lines[0] == "Patient: PT-0041, age 40, Pennsylvania."
    assert lines[1] == "Insurance: Aetna (through a job)."
    assert lines[2] == "Request: ketamine infusions for treatment-resistant depression."
    assert lines[3].startswith("Answer: Aetna calls ketamine infusions")
    rule = next(line for line in lines if line.startswith("Rule: "))
    assert "CPB 0938" in rule
    assert "read in the source itself" in rule
    assert any(line.startswith("Next: ") for line in lines)
    assert "appeal within 180 days" in lines[-1]


def test_who_pays_first_stands_with_the_insurance() -> None:
    covers = [{"kind": "medicaid"}, {"kind": "employer", "payer": "aetna"}]
    insurance = note({**TRD, "coverages": covers})[1]
    assert insurance.index("Aetna (through a job) pays first") < insurance.index("Medicaid")


def test_open_points_tell_what_the_patient_has() -> None:
    tried = [{"treatment": "sertraline", "outcome": "no_response", "weeks": 6}]
    lines = note({**TRD, "request": "esketamine", "treatments": tried})
    points = next(line for line in lines if line.startswith("Open: "))
    assert "sertraline 6 weeks" in points


@pytest.mark.parametrize("told", [TRD, ACUTE, {**ACUTE, "stage": "denied"}])
def test_nothing_of_suicide_unless_it_is_asked_for(told: dict[str, Any]) -> None:
    assert not SUICIDE.search("\n".join(note(told)))
    asked = "\n".join(note(told, thoughts=True))
    assert f"Thoughts of suicide: {told['suicidal_thoughts']}, told." in asked


FILES = ("leading", "urgent", "safety", "label_limits", "keep_care", "neighbours")
SOME = [
    pytest.param(example, id=f"{file}-{number}")
    for file in FILES
    for number, example in enumerate(examples(file))
    if number % 6 == 0
]


@pytest.mark.parametrize("example", SOME)
def test_every_example_fits_in_ten_lines_without_you_and_without_suicide(example: Any) -> None:
    lines = note(example.case, example.today, label="A-1")
    assert 5 <= len(lines) <= 10
    text = "\n".join(lines)
    assert not SUICIDE.search(text), text
    assert not re.search(r"\byou(r|rs|rself)?\b", text, re.IGNORECASE), text
    assert "{" not in text
    assert all(line.strip() and not line.endswith(": ") for line in lines)


def every_text(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        for inside in found.values():
            yield from every_text(inside)
    else:
        yield str(found)


def test_the_voice_of_the_clinic_speaks_to_no_patient() -> None:
    book = load_rules()
    texts = [
        *every_text(words_of("answers")),
        *(q.how_to_find_out for q in book.questions),
        *(s.says for s in book.steps.values()),
    ]
    for text in texts:
        clinic = for_clinic(text)
        assert not re.search(r"\byou(r|rs|rself)?\b", clinic, re.IGNORECASE), clinic
        assert not re.search(r"patient (are|have|meet|were|do|get|take)\b", clinic), clinic
        assert set(re.findall(r"\{\w+\}", clinic)) == set(re.findall(r"\{\w+\}", text))


def test_the_voice_leaves_other_words_alone() -> None:
    text = "Young people: Ask the plan. It pays."
    assert for_clinic(text) == text


def test_the_command_prints_it(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(TRD), encoding="utf-8")
    done = run("evaluate", str(file), "--format", "chart", "--today", DAY.isoformat())
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == note(TRD)
