"""Why not …: a treatment, a programme, an insurer; and whether a person can have an insurance at all."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from rules import evaluate, load_rules, read_case
from rules.facts.context import Facts
from rules.report.can_have import can_have
from wizard.result.why_not import WhyNot, heard_of, why_not

DAY = dt.date(2026, 11, 28)
BOOK = load_rules()
AETNA: dict[str, Any] = {
    "age": 64, "state": "OH", "household_size": 2, "annual_income": 62000, "disabled": False,
    "diagnosis": "treatment_resistant_depression", "request": "esketamine",
    "coverages": [{"kind": "employer", "payer": "aetna"}],
}  # fmt: skip


def asked(kind: str, ident: str, **told: Any) -> WhyNot:
    case = read_case({**AETNA, **told}, DAY)
    heard = next(h for h in heard_of(BOOK) if (h.kind, h.id) == (kind, ident))
    return why_not(heard, case, evaluate(case, DAY), BOOK, DAY)


@pytest.mark.parametrize(
    ("typed", "ident"),
    [
        ("IV", "iv_ketamine"),
        ("infusion", "iv_ketamine"),
        ("ketamine shot", "im_ketamine"),
        ("lozenge", "oral_ketamine"),
        ("Spravato", "esketamine"),
        ("Medicare", "medicare"),
        ("Medicaid", "medicaid"),
        ("VA", "va"),
        ("TRICARE", "tricare"),
        ("Marketplace", "individual"),
    ],
)
def test_the_word_that_is_typed_names_it_first(typed: str, ident: str) -> None:
    word = re.compile(rf"\b{typed}\b", re.IGNORECASE)
    first = next(h for h in heard_of(BOOK) if word.search(h.name))
    assert first.id == ident


def test_nothing_stands_twice_under_one_name() -> None:
    names = [h.name for h in heard_of(BOOK)]
    assert len(names) == len(set(names))


def test_the_way_of_a_programme_is_told_with_it() -> None:
    found = asked("program", "va", veteran=True)
    assert [p.record for p in found.paths] == ["va_benefits"]


def test_iv_ketamine_and_aetna_come_with_the_bulletin() -> None:
    (told,) = asked("treatment", "iv_ketamine").told
    assert "unproven" in told.sentence
    assert told.rule is not None
    assert told.rule.number == "0938"
    assert "0938" in BOOK.sources[told.rule.source].title
    assert told.rule.confidence == "sourced"
    assert told.says is not None
    assert "experimental" in told.says


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"age": 16}, "Age under 18"),
        ({"diagnosis": "crps"}, "off-label"),
        ({"health": {"vessel_condition": True}}, "Aneurysm"),
    ],
)
def test_what_the_label_says_comes_first(changed: dict[str, Any], words: str) -> None:
    found = asked("treatment", "esketamine", **changed)
    assert words in found.first[0][0]
    assert found.first[0][1] in BOOK.sources
    assert all(t.sentence not in [says for says, _ in found.first] for t in found.told)


def test_an_adult_with_depression_reads_no_limit_of_the_label() -> None:
    assert asked("treatment", "esketamine").first == ()


def test_an_insurer_without_a_rule_is_not_answered_with_the_text_of_another() -> None:
    for told in asked("treatment", "im_ketamine").told:
        assert told.rule is None
        assert told.says is None


def test_an_insurance_of_ones_own_is_told_from_the_result() -> None:
    found = asked("payer", "aetna")
    assert not found.supposed
    answers = evaluate(AETNA, DAY).answers
    assert [t.sentence for t in found.told] == [a.sentence for a in answers if a.asked_for][:2]


def test_an_insurance_that_nobody_named_is_supposed() -> None:
    assert asked("payer", "humana").supposed
    medicare = asked("program", "medicare")
    assert medicare.supposed
    assert medicare.told[0].sentence.startswith("Original Medicare")


def test_a_no_of_the_plan_is_not_laid_on_another() -> None:
    denied = {"stage": "denied", "denial": {"coverage": 0, "notice_date": "2026-11-01"}}
    for told in asked("program", "tricare", **denied).told:
        assert "said no" not in told.sentence


def able(kind: str, **told: Any) -> Any:
    data = {k: v for k, v in {**AETNA, **told}.items() if v is not None}
    return can_have(kind, Facts(read_case(data, DAY), BOOK, DAY))


def test_income_over_the_line_is_told_with_its_numbers() -> None:
    found = able("medicaid")
    assert found.value is False
    for number in ("$62,000", "household of 2", "286.5%", "138%", "$29,863"):
        assert number in found.text
    assert found.source in BOOK.sources


@pytest.mark.parametrize(
    ("kind", "told", "value", "words"),
    [
        ("medicaid", {"annual_income": 21000, "household_size": 3, "age": 40}, True, "138%"),
        ("medicaid", {"annual_income": None}, None, "income"),
        ("medicaid", {"disabled": None}, False, "disability"),
        ("individual", {}, True, "whole premium"),
        ("individual", {"coverages": []}, True, "tax credit may lower"),
        ("individual", {"state": "PR"}, False, "no Marketplace"),
        ("medicare", {"age": 66}, True, "65"),
        ("medicare", {}, False, "At 64"),
        ("medicare", {"disabled": None}, None, "disability"),
        ("va", {"veteran": False}, False, "did not serve"),
        ("va", {"veteran": True}, True, "apply"),
        ("va", {}, None, "Nobody has told"),
    ],
)
def test_who_can_have_it(kind: str, told: dict[str, Any], value: bool | None, words: str) -> None:
    found = able(kind, **told)
    assert found.value is value
    assert words in found.text


def test_where_the_rule_book_does_not_tell_nothing_is_said() -> None:
    assert able("tricare") is None
