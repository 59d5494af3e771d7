"""Every paper of many cases, opened and read: a letter is a letter, and what is doubtful stands on its worksheet."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from pypdf import PdfReader

from rules import evaluate, load_rules, read_case
from rules.documents import Names, Paper, grouped, make_paper, make_worksheet, papers_for, pdf
from tests.paper_cases import COVERS, PEOPLE, TODAY, case_of, told_in

BOOK = load_rules()
NAMES = Names(
    patient_name="Ada Quill", date_of_birth="March 3, 1984", member_id="W1234567",
    clinician_name="Iris Vale", clinician_credentials="MD", clinician_npi="1234567890",
    clinician_phone="555-0100", clinic_name="North Clinic", clinic_address="1 Main St, Springfield",
    claim_number="C-778", icd10="F33.2", patient_address="2 Elm St, Springfield",
    plan_address="PO Box 1, Springfield",
)  # fmt: skip
MORE: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "packs.yaml").read_text(encoding="utf-8")
)["cases"]
CASES = [*COVERS, *MORE]

# What no letter and no enclosure holds: words of ours, words of the code, dates of the code.
NEVER = re.compile(
    r"nobody|not medical or legal advice|KetaPath|from memory|not checked|unchecked|this draft|State rule"
    r"|alone or inside|both tracks|\(if known\)|this rule names|Shown by: _|none found|was not found",
    re.I,
)
OF_THE_CODE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b[a-z]+_[a-z_]+\b|\b(pcl5|phq9|gad7|hamd)\b")
# What a clinician does not write.
NOT_CLINICAL = re.compile(
    r"\bupkeep\b|\bwatched\b|through a vein|will not do\b|told of thoughts|brain stimulation"
    r"|stopped for side effects|the patient’s own count|\bthe no\b",
    re.I,
)


class Told(NamedTuple):
    offer: str
    audience: str
    letter: Paper
    sheet: Paper | None


def data_of(name: str) -> dict[str, Any]:
    if name in MORE:
        return json.loads(json.dumps(MORE[name]))  # type: ignore[no-any-return]
    return case_of(name, PEOPLE[CASES.index(name) % len(PEOPLE)])


@lru_cache(maxsize=100)
def papers(name: str) -> tuple[Told, ...]:
    """All papers that fit a case."""
    case = read_case(data_of(name), TODAY)
    result = evaluate(case, TODAY, BOOK)
    return tuple(
        Told(
            o.id,
            o.audience,
            make_paper(o.id, case, result, BOOK, NAMES, o.path),
            make_worksheet(o.id, case, result, BOOK, NAMES, o.path),
        )
        for o in papers_for(case, result, BOOK)
    )


def sent(name: str) -> Iterator[tuple[Told, str]]:
    for paper in papers(name):
        if paper.letter.form != "sheet":
            yield paper, told_in(paper.letter)


@pytest.mark.parametrize("name", CASES)
def test_what_is_sent_holds_no_word_of_ours_and_none_of_the_code(name: str) -> None:
    for paper, text in sent(name):
        assert not NEVER.search(text), (paper.offer, NEVER.findall(text), text[:200])
        found = [m for m in OF_THE_CODE.findall(re.sub(r"https?://\S+", "", text)) if m]
        assert not OF_THE_CODE.search(re.sub(r"https?://\S+", "", text)), (paper.offer, found)


@pytest.mark.parametrize("name", CASES)
def test_a_clinician_writes_as_clinicians_do(name: str) -> None:
    for paper, text in sent(name):
        if paper.audience == "clinician":
            assert not NOT_CLINICAL.search(text), (paper.offer, NOT_CLINICAL.search(text))


@pytest.mark.parametrize("name", CASES)
def test_a_letter_has_the_parts_of_a_letter(name: str) -> None:
    for paper, text in sent(name):
        if paper.letter.form == "letter":
            for part in ("RE:", "Sincerely,", "November 22, 2026"):
                assert part in text, (paper.offer, part)
            assert re.search(r"(Dear|To the|To whom) [A-Za-z ]+:", text), paper.offer
            assert paper.letter.footer == paper.letter.title, paper.offer


@pytest.mark.parametrize("name", CASES)
def test_a_doubt_is_told_once_and_on_the_worksheet(name: str) -> None:
    for paper in papers(name):
        if paper.sheet is not None:
            text = told_in(paper.sheet)
            assert len(re.findall("nobody has checked", text, re.I)) <= 1, paper.offer
            assert "not medical or legal advice" in paper.sheet.footer


@pytest.mark.parametrize("name", CASES)
def test_the_pack_of_the_next_act_is_short_and_speaks_of_one_drug(name: str) -> None:
    case = read_case(data_of(name), TODAY)
    result = evaluate(case, TODAY, BOOK)
    first = grouped(papers_for(case, result, BOOK), result).first
    assert first, name
    other = {"esketamine": "infusion", "iv_ketamine": "esketamine nasal spray (Spravato)"}
    lead = result.leading
    for offer in first:
        made = make_paper(offer.id, case, result, BOOK, NAMES, offer.path)
        if made.form == "letter":
            pages = len(PdfReader(io.BytesIO(pdf(made))).pages)
            assert pages <= 2, (offer.id, pages)
        if lead is not None and lead.treatment in other:
            assert other[lead.treatment] not in f"{made.title} {_reference(made)}", offer.id


def _reference(paper: Paper) -> str:
    """The lines that say what a letter is about."""
    return " ".join(
        f"{k} {v}" for b in paper.blocks if type(b).__name__ == "Reference" for k, v in b.rows
    )


def test_all_kinds_of_paper_were_read() -> None:
    """The cases above draw every template at least once."""
    from rules.documents.template import load_templates

    drawn = {p.offer for name in CASES for p in papers(name)}
    assert set(load_templates()) - drawn == set()
