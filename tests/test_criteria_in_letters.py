"""The letters of a clinician, read as a plan's reviewer reads them: the policy's criteria, one by one."""

from __future__ import annotations

import copy
import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

from rules import evaluate, load_rules, read_case
from rules.documents import Names, context_of, make_paper, make_worksheet, markdown, papers_for, pdf
from rules.documents.blocks import Enclosures, Paragraph, Reference, SignatureBlock, Table
from rules.documents.template import load_templates
from rules.result import Result
from tests.paper_cases import ADA, COVERS, PEOPLE, TODAY, case_of

BOOK = load_rules()
DAY = dt.date(2026, 11, 28)
TOLD = yaml.safe_load((Path(__file__).parent / "criteria_in_letters.yaml").read_text())
PAYERS: dict[str, Any] = TOLD["payers"]
SPRAVATO = "letter_of_medical_necessity_depression_spravato"
IV = "letter_of_medical_necessity_depression_iv"
NAMES = Names(patient_name="Ada Quill", member_id="W123", clinician_name="Iris Vale")
OF_CLINICIANS = sorted(
    i for i, t in load_templates().items() if t.audience == "clinician" and t.form == "letter"
)
# Words of a patient's register, and of ours, that no psychiatrist signs.
PLAIN = re.compile(
    r"upkeep|\bwatched\b|will not do|thoughts of suicide|through a vein|by vein|talk therapy|add-on medicine"
    r"|did not help|Nobody|not seen|legal advice|\d{4}-\d{2}-\d{2}|\bpcl5\b|\bphq9\b",
    re.I,
)


def told(payer: str, change: dict[str, Any] | None = None) -> dict[str, Any]:
    """The case of a payer, with one thing changed where a pair asks for it."""
    data = copy.deepcopy({**TOLD["base"], **PAYERS[payer]["case"]})
    for key, value in (change or {}).items():
        if key == "treatments":
            data[key] = [t for t in data[key] if t["treatment"] in value]
        elif key in ("prescriber", "substance_use"):
            data["provider" if key == "prescriber" else "health"][key] = value
        else:
            data[key] = value
    return data


def letter_and_sheet(data: dict[str, Any], paper: str = SPRAVATO) -> tuple[Any, str]:
    case = read_case(data)
    result = evaluate(case, today=DAY)
    path = path_of(data, result)
    sheet = make_worksheet(paper, case, result, BOOK, NAMES, path)
    assert sheet is not None
    return make_paper(paper, case, result, BOOK, NAMES, path), plain(markdown(sheet))


def path_of(data: dict[str, Any], result: Result) -> str | None:
    """The path of the treatment that the case asks for; after a denial the paper finds it by itself."""
    own = [p.id for p in result.paths if (p.treatment, p.coverage) == (data["request"], 0)]
    return None if data.get("denial") else own[0]


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\\(.)", r"\1", text))


def rows_of(paper: Any) -> dict[str, str]:
    """Each criterion that the letter claims, with what it says of this patient."""
    tables = [b for b in paper.blocks if isinstance(b, Table) and b.columns[0] == "Criterion"]
    return {row[0]: row[1] for table in tables for row in table.rows}


@pytest.mark.parametrize("payer", PAYERS)
def test_the_letter_answers_each_criterion_of_the_policy_by_name(payer: str) -> None:
    letter, _ = letter_and_sheet(told(payer))
    text, want = plain(markdown(letter)), PAYERS[payer]
    reference = dict(next(b for b in letter.blocks if isinstance(b, Reference)).rows)["Policy"]
    for word in want["policy"]:
        assert word in reference
        assert text.count(word) > 1  # in the body too
    rows = rows_of(letter)
    for criterion, evidence in {"Covered diagnosis": [], **want["criteria"]}.items():
        for word in evidence:
            assert word in rows[criterion], (criterion, rows[criterion])
    assert set(rows) == {"Covered diagnosis", *want["criteria"]}
    of_form = text.partition("Also met: ")[2].partition(".")[0]
    for criterion, evidence in want["of_form"].items():
        assert criterion in of_form
        assert evidence in of_form


@pytest.mark.parametrize("payer", PAYERS)
def test_what_is_missed_is_not_claimed_and_stands_on_the_sheet(payer: str) -> None:
    miss = PAYERS[payer]["misses"]
    met, before = letter_and_sheet(told(payer))
    missed, sheet = letter_and_sheet(told(payer, miss["change"]))
    assert miss["gone"] in plain(markdown(met))
    assert miss["gone"] not in plain(markdown(missed))
    assert miss["told"] in sheet
    assert miss["told"] not in before


def test_of_several_ways_to_meet_a_policy_the_one_that_is_met_is_argued() -> None:
    data = told("unitedhealthcare", {"treatments": ["sertraline", "aripiprazole"]})
    rows = rows_of(letter_and_sheet(data)[0])
    assert "Inadequate response to an antidepressant of adequate dose and duration" in rows
    assert "Aripiprazole" in rows["Inadequate response to augmentation"]
    assert not [text for text in rows if "at least 2" in text]


def test_a_trial_that_does_not_count_is_no_evidence_for_a_criterion() -> None:
    data = told("cigna")
    data["treatments"][2]["weeks"] = 2
    letter, _ = letter_and_sheet(data)
    row = rows_of(letter)[
        "Inadequate response to at least 2 antidepressants of adequate dose and duration"
    ]
    assert "Bupropion" not in row
    assert "Bupropion (NDRI), 450 mg/day, 2 weeks" in plain(markdown(letter))  # in the history


def test_a_policy_that_calls_the_use_unproven_is_answered_by_name_and_number() -> None:
    data = told("aetna") | {"request": "iv_ketamine"}
    for paper in (IV, "medical_exception"):
        letter, sheet = letter_and_sheet(data, paper)
        text = plain(markdown(letter))
        assert "Ketamine for the Treatment of Depression and Other Psychiatric Disorders" in text
        assert "number 0938" in text
        assert "individual exception" in text
        assert rows_of(letter) == {}  # an exclusion is never met
        assert "The diagnosis is one that this rule names" not in text + sheet


def test_where_no_policy_is_known_the_letter_asks_for_it_and_argues_the_label_as_the_label() -> (
    None
):
    data = told("aetna") | {
        "coverages": [{"kind": "individual", "payer": "kaiser", "network": "hmo"}], "state": "CA",
        "stage": "denied", "denial": {"coverage": 0, "notice_date": "2026-11-10", "level": "initial"},
    }  # fmt: skip
    letter, sheet = letter_and_sheet(data)
    text = plain(markdown(letter))
    assert "The denial names no criteria; I have asked for them." in text
    assert "within its approved indication" in text
    assert "your policy" not in text.lower()
    assert "Take that out if it names some" in sheet


@pytest.mark.parametrize(
    ("diagnosis", "there", "not_there"),
    [
        ("treatment_resistant_depression", ["56 mg on day 1", "once weekly"], ["84 mg twice weekly for 4"]),
        ("major_depression_with_suicidality", ["84 mg twice weekly for 4 weeks"], ["56 mg on day 1", "Weeks 5"]),
        ("ptsd", ["Dose, frequency and duration: ______"], ["56 mg", "84 mg"]),
    ],
)  # fmt: skip
def test_the_schedule_is_that_of_the_label_for_this_diagnosis(
    diagnosis: str, there: list[str], not_there: list[str]
) -> None:
    text = plain(markdown(letter_and_sheet(told("aetna") | {"diagnosis": diagnosis})[0]))
    assert [w for w in there if w not in text] == []
    assert [w for w in not_there if w in text] == []


def test_nobody_asks_original_medicare_for_approval() -> None:
    for level in (None, "initial"):
        data = case_of("medicare", ADA)
        if level is None:
            data |= {"denial": None, "stage": "preparing"}
        letter, _ = letter_and_sheet(data)
        text = plain(markdown(letter))
        assert "Medicare Administrative Contractor for Texas" in text
        assert "in support of the" in text
        assert "approv" not in text.replace("FDA-approved", "").replace("approved indication", "")
        assert "peer-to-peer" not in text


def test_what_was_told_of_suicide_is_for_the_clinician_to_state() -> None:
    data = told("aetna") | {"suicidal_thoughts": "active"}
    letter, sheet = letter_and_sheet(data)
    assert "suicid" not in plain(markdown(letter)).lower()
    assert "A suicide-risk assessment dated ______ is enclosed." in sheet
    urgent = data | {
        "stage": "denied",
        "denial": {"coverage": 0, "level": "initial", "urgent": True},
    }
    fast = plain(markdown(letter_and_sheet(urgent, "expedited_appeal")[0]))
    assert "A suicide-risk assessment dated ______ is enclosed." in fast


def test_safety_program_forms_go_with_esketamine_alone_and_an_estimate_with_no_insured_person() -> (
    None
):
    for request in ("esketamine", "iv_ketamine"):
        data = told("aetna") | {"request": request}
        result = evaluate(data, today=DAY)
        for paper in ("prior_authorization_packet", SPRAVATO, IV):
            context = context_of(paper, read_case(data), result, BOOK, None, path_of(data, result))
            named = " ".join(context.enclosures)
            assert ("REMS" in named) is (request == "esketamine" and paper != IV), (request, paper)
            assert "Good Faith" not in named


def made_of_clinicians() -> list[tuple[str, str, Any]]:
    made = []
    for i, cover in enumerate(COVERS):
        person = PEOPLE[i % len(PEOPLE)]
        case = read_case(case_of(cover, person))
        result = evaluate(case, today=TODAY)
        for offer in papers_for(case, result, BOOK):
            if offer.id in OF_CLINICIANS:
                made.append(
                    (cover, offer.id, make_paper(offer.id, case, result, BOOK, NAMES, offer.path))
                )
    return made


def test_clinicians_letters_are_two_pages_in_clinical_english_signed_with_what_they_enclose() -> (
    None
):
    made = made_of_clinicians()
    assert {paper for _, paper, _ in made} == set(OF_CLINICIANS)
    for cover, paper, letter in made:
        assert len(PdfReader(io.BytesIO(pdf(letter))).pages) <= 2, (cover, paper)
        text = plain(markdown(letter))
        body = text.partition("Supporting evidence")[0] + text.partition("Treatment plan")[2]
        assert PLAIN.findall(body) == [], (cover, paper)
        signatures = [b for b in letter.blocks if isinstance(b, SignatureBlock)]
        assert [b.closing for b in signatures] == ["Sincerely,"], (cover, paper)
        salutations = [
            b.text for b in letter.blocks if isinstance(b, Paragraph) and b.text.endswith(":")
        ]
        assert salutations[0].startswith(("Dear ", "To ")), (cover, paper)
        if paper != "letter_of_medical_necessity_hsa_fsa":
            assert isinstance(letter.blocks[-1], Enclosures), (cover, paper)


def test_letter_referral_and_packet_speak_of_one_drug() -> None:
    for request, drug, other in (
        ("esketamine", "esketamine nasal spray", "intravenous ketamine"),
        ("iv_ketamine", "intravenous ketamine", "esketamine nasal spray"),
    ):
        data = told("aetna") | {"request": request}
        case, result = read_case(data), evaluate(data, today=DAY)
        letter = SPRAVATO if request == "esketamine" else IV
        for paper in (letter, "referral", "prior_authorization_packet"):
            path = path_of(data, result)
            text = plain(markdown(make_paper(paper, case, result, BOOK, NAMES, path)))
            assert drug in text, paper
            assert other not in text.partition("Supporting evidence")[0], paper
