"""The law that a letter quotes reaches the plan and the illness, and no other law is quoted."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import yaml

from rules import evaluate, read_case
from rules.documents import context_of, make_paper
from rules.documents.arguments import off_label_arguments, parity_arguments, step_arguments
from rules.documents.focus import find_focus
from rules.rule_book_files import load_rules
from tests.example_model import CASES, Strict, plain


class Quoted(Strict):
    id: str
    says: str
    today: dt.date = dt.date(2026, 11, 28)
    case: dict[str, Any]
    paper: str = "appeal_level_1"
    has: list[str] = []
    lacks: list[str] = []


def _examples() -> list[Quoted]:
    text = (CASES / "law_in_letters.yaml").read_text()
    return [Quoted(**e) for e in yaml.safe_load(text)]


EXAMPLES = _examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.id)
def test_points_of_law(example: Quoted) -> None:
    book = load_rules()
    case = read_case(plain(example.case), example.today)
    result = evaluate(case, example.today, book)
    told = context_of(example.paper, case, result, book)
    focus = find_focus(case, result, book, example.today, None)
    of_state = (
        a.line
        for of_law in (step_arguments, parity_arguments, off_label_arguments)
        for a in of_law(focus)
    )
    quoted = "\n".join((*told.law_points, told.rights_law, *of_state))
    for pattern in example.has:
        assert re.search(pattern, quoted), f"{pattern} is not in:\n{quoted}"
    for pattern in example.lacks:
        assert not re.search(pattern, quoted), f"{pattern} is in:\n{quoted}"


def test_an_appeal_against_a_step_quotes_the_step_law_alone() -> None:
    """New York's two drugs stand in the appeal; a law on off-label drugs does not."""
    book = load_rules()
    example = next(e for e in EXAMPLES if e.id == "new_york_two_drugs")
    case = read_case(plain(example.case), example.today)
    result = evaluate(case, example.today, book)
    text = str(make_paper("appeal_level_1", case, result, book).blocks)
    assert "more than two drugs" in text
    assert "off label" not in text
    assert "Nobody has checked" not in text


LOOKED_UP = {
    "appeal_level_1": ("free of charge", "had no part in the first decision"),
    "authorized_representative": ("No form of the plan is needed",),
    "step_therapy_exception": ("new starts only", "past 365 days"),
    "claim_file_request": ("are free if you ask",),
    "expedited_appeal": ("The care goes on while the appeal runs",),
    "financial_assistance_application": ("240 days",),
    "records_request_hipaa": ("Pharmacies must do this too",),
}


@pytest.mark.parametrize("paper", LOOKED_UP)
def test_what_was_looked_up_is_told_without_a_doubt(paper: str) -> None:
    book = load_rules()
    example = next(e for e in EXAMPLES if e.id == "california_insured_mental_health")
    case = read_case(plain(example.case), example.today)
    told = context_of(paper, case, evaluate(case, example.today, book), book)
    known = " ".join(told.good_to_know)
    for words in LOOKED_UP[paper]:
        assert words in known
    assert told.not_checked == ()
