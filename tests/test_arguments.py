"""The law in the letters: what reaches this plan, this illness and this reason of a denial, and no other law."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import yaml

from rules import Result, evaluate, load_rules, read_case
from rules.case import Case
from rules.documents import make_paper, make_worksheet, markdown, papers_for
from rules.documents.template import load_templates
from tests.example_model import CASES

TODAY = dt.date(2026, 11, 28)
BOOK = load_rules()
TABLE: dict[str, Any] = yaml.safe_load((CASES / "arguments.yaml").read_text(encoding="utf-8"))
TEMPLATES = load_templates()
# Letters of clinicians that quote the same list.
OF_CLINICIANS = ("expedited_appeal",)


def result_of(row: dict[str, Any]) -> tuple[Case, Result]:
    base = TABLE["base"] | row.get("change", {})
    denial = {"coverage": 0, "treatment": base["request"], "notice_date": "2026-11-10",
              "reason": row["reason"], "level": "initial", **row.get("denial", {})}  # fmt: skip
    cover = TABLE["covers"][row["cover"]]
    case = read_case({**base, "coverages": [cover], "stage": "denied", "denial": denial}, TODAY)
    return case, evaluate(case, TODAY)


def letter_of(row: dict[str, Any]) -> tuple[str, str]:
    """The letter of appeal that the row names, or the first that is offered, and the sheet behind it."""
    case, result = result_of(row)
    appeals = [
        o.id
        for o in papers_for(case, result, BOOK)
        if TEMPLATES[o.id].open_level and TEMPLATES[o.id].audience == "patient"
    ]
    paper = row.get("paper", appeals[0])
    assert paper in appeals
    sheet = make_worksheet(paper, case, result, BOOK)
    assert sheet is not None
    return plain(markdown(make_paper(paper, case, result, BOOK))), plain(markdown(sheet))


def plain(text: str) -> str:
    return text.replace("\\", "")


@pytest.mark.parametrize("row", TABLE["cases"], ids=lambda row: str(row["name"]))
def test_a_letter_cites_the_law_that_reaches_this_plan_and_no_other(row: dict[str, Any]) -> None:
    letter, sheet = letter_of(row)
    missing = [law for law in row["cites"] if str(law) not in letter]
    assert missing == []
    wrong = [law for law in row["not"] if str(law) in letter + sheet]
    assert wrong == []


@pytest.mark.parametrize("row", TABLE["cases"], ids=lambda row: str(row["name"]))
def test_a_letter_of_a_clinician_quotes_the_same_list(row: dict[str, Any]) -> None:
    case, result = result_of(row | {"denial": row.get("denial", {}) | {"urgent": True}})
    offered = {o.id for o in papers_for(case, result, BOOK)}
    for paper in offered & set(OF_CLINICIANS):
        text = plain(markdown(make_paper(paper, case, result, BOOK)))
        assert [law for law in row["not"] if str(law) in text] == []


def test_a_law_that_nobody_has_read_is_named_on_the_sheet_only() -> None:
    record = BOOK.states["NM"].step_therapy
    assert record is not None
    assert record.law
    assert record.confidence == "recalled", "choose another state for this test"
    row = {"cover": "insured", "reason": "step_therapy", "change": {"state": "NM"}}
    letter, sheet = letter_of(row)
    assert record.law not in letter
    assert record.law in sheet


def test_no_letter_rests_on_a_law_without_a_number() -> None:
    for row in TABLE["cases"]:
        letter, _ = letter_of(row)
        _, found, rest = letter.partition("I file this under ")
        assert not found or any(c.isdigit() for c in rest.partition("\n")[0])
