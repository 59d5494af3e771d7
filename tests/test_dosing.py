"""A dose stands in a paper only for the diagnosis as it was told, from the label of that use."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from rules import evaluate, load_rules
from rules.case_reading import read_case
from rules.costs import estimate
from rules.documents import papers_for
from rules.schema.clinical import LabelUse
from tests.paper_cases import with_its_sheet

TODAY = dt.date(2026, 11, 28)
BOOK = load_rules()
SPRAVATO = "letter_of_medical_necessity_depression_spravato"
INFUSION = "letter_of_medical_necessity_depression_iv"

COVERS: tuple[dict[str, Any], ...] = (
    {"kind": "employer", "funding": "fully_insured"},
    {"kind": "medicare", "medicare": "original", "part_b": True},
    {"kind": "medicaid", "medicaid": "managed_care"},
    {"kind": "va"},
)
RESISTANT = ("Weeks 1 to 4 (induction): 56 mg on day 1", "Weeks 5 to 8", "From week 9")
SUICIDALITY = (
    "84 mg twice weekly for 4 weeks",
    "reduction to 56 mg",
    "evaluated after 4 weeks",
)


def letters(case_data: dict[str, Any]) -> dict[str, str]:
    """Every paper of a case, with plain quotes."""
    case = read_case(case_data, TODAY)
    result = evaluate(case, TODAY)
    return {
        offer.id: with_its_sheet(offer.id, case, result, BOOK, path=offer.path)
        for offer in papers_for(case, result, BOOK)
    }


def asking(diagnosis: str | None, cover: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "age": 40, "state": "MA", "request": "esketamine", "diagnosis": diagnosis,
        "coverages": [cover], "stage": "preparing",
    } | more  # fmt: skip


@pytest.mark.parametrize("cover", COVERS, ids=lambda c: c["kind"])
@pytest.mark.parametrize("thoughts", ["none", "passive", "active"])
def test_depression_with_suicidality_has_its_own_schedule(
    cover: dict[str, Any], thoughts: str
) -> None:
    data = asking("major_depression_with_suicidality", cover, suicidal_thoughts=thoughts)
    papers = letters(data)
    for words in SUICIDALITY:
        assert words in papers[SPRAVATO], words
    assert "together with an oral antidepressant" in papers[SPRAVATO]
    for paper, text in papers.items():
        for words in (*RESISTANT, "once weekly", "every 2 weeks"):
            assert words not in text, (paper, words)


@pytest.mark.parametrize("cover", COVERS, ids=lambda c: c["kind"])
@pytest.mark.parametrize("thoughts", ["none", "passive", "active"])
def test_resistant_depression_keeps_its_schedule_whatever_thoughts_were_told(
    cover: dict[str, Any], thoughts: str
) -> None:
    papers = letters(asking("treatment_resistant_depression", cover, suicidal_thoughts=thoughts))
    for words in RESISTANT:
        assert words in papers[SPRAVATO], words
    for words in (*SUICIDALITY, "suicidal ideation", "suicide attempt", "ASPIRE"):
        assert words not in papers[SPRAVATO], words


@pytest.mark.parametrize("diagnosis", ["ptsd", "bipolar_depression", "crps", "anxiety"])
def test_no_letter_for_the_spray_is_written_for_an_illness_that_it_is_not_for(
    diagnosis: str,
) -> None:
    assert SPRAVATO not in letters(asking(diagnosis, COVERS[0]))


@pytest.mark.parametrize("diagnosis", ["major_depression", "postpartum_depression"])
def test_a_diagnosis_that_is_no_labelled_use_has_no_schedule(diagnosis: str) -> None:
    text = letters(asking(diagnosis, COVERS[0]))[SPRAVATO]
    assert "Dose, frequency and duration: ______" in text
    for words in (*RESISTANT, *SUICIDALITY, "56 mg on day 1"):
        assert words not in text
    plan = text.partition("Treatment plan")[2].partition("Sincerely")[0]
    assert "mg" not in plan


def test_without_a_diagnosis_nothing_is_said_of_the_dose() -> None:
    text = letters(asking(None, COVERS[0]))[SPRAVATO]
    assert "Dose, frequency and duration" not in text
    for words in (*RESISTANT, *SUICIDALITY):
        assert words not in text


@pytest.mark.parametrize(
    ("request_", "diagnosis", "told"),
    [
        ("iv_ketamine", "treatment_resistant_depression", True),
        ("iv_ketamine", "major_depression", True),
        ("iv_ketamine", "ptsd", False),
        ("im_ketamine", "treatment_resistant_depression", False),
        ("im_ketamine", "ptsd", False),
    ],
)
def test_the_usual_course_of_infusions_for_depression_is_told_of_nothing_else(
    request_: str, diagnosis: str, told: bool
) -> None:
    text = letters(asking(diagnosis, COVERS[0], request=request_))[INFUSION]
    plan = text.partition("Treatment plan")[2].partition("Sincerely")[0]
    assert ("0.5 mg/kg intravenously over 40 minutes" in plan) is told


def test_every_labelled_use_carries_its_own_schedule() -> None:
    uses: list[LabelUse] = [use for uses in BOOK.label_uses.values() for use in uses]
    assert {use.id for use in uses} == {"trd_use", "suicidality_use"}
    assert all(use.dosing and all(f.source for f in use.dosing) for use in uses)
    # One home: no plain fact of a label tells a schedule beside the uses.
    for label in BOOK.labels.values():
        assert not [f.id for f in label.facts if "twice a week" in f.says]


def course(diagnosis: str, **more: Any) -> dict[str, Any]:
    cover = {"kind": "medicare", "medicare": "original", "part_b": True, "medigap": False}
    case = read_case(asking(diagnosis, cover, **more), TODAY)
    picture = estimate(case, evaluate(case, TODAY), BOOK, TODAY)
    return {
        name: picture.assumptions[f"esketamine.{name}"]
        for name in ("sessions", "maintenance_sessions", "first_year_sessions")
    }


def test_a_course_for_suicidality_is_eight_visits_and_no_upkeep_of_another_use() -> None:
    found = course("major_depression_with_suicidality", suicidal_thoughts="none")
    assert found["sessions"].value == Decimal(8)
    assert found["maintenance_sessions"].value == Decimal(0)
    assert not found["first_year_sessions"].known
    assert "4 weeks" in found["sessions"].says[0]


@pytest.mark.parametrize("diagnosis", ["treatment_resistant_depression", "major_depression"])
def test_a_course_for_resistant_depression_keeps_its_upkeep(diagnosis: str) -> None:
    found = course(diagnosis, suicidal_thoughts="active")
    assert found["sessions"].value == Decimal(8)
    assert (found["maintenance_sessions"].low, found["maintenance_sessions"].high) == (26, 52)
    assert (found["first_year_sessions"].low, found["first_year_sessions"].high) == (34, 56)


def test_what_the_person_tells_of_upkeep_counts_for_suicidality_too() -> None:
    found = course("major_depression_with_suicidality", money={"maintenance_sessions_per_year": 20})
    assert found["maintenance_sessions"].value == Decimal(20)
