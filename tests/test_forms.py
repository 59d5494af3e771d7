"""The official form of a paper, where it goes and whom the letter is addressed to.

The table of `cases/forms.yaml` was typed by hand from the agencies' pages.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules import evaluate, load_rules, read_case
from rules.checks.run import check_records
from rules.documents import Names, context_of, make_paper, make_worksheet
from rules.documents.context import Context, is_word
from rules.schema.files import RECORDS
from tests.example_model import CASES
from tests.paper_cases import told_in

TODAY = dt.date(2026, 11, 28)
BOOK = load_rules()
TABLE: dict[str, dict[str, Any]] = {
    row["id"]: row
    for row in yaml.safe_load((CASES / "forms.yaml").read_text(encoding="utf-8"))["cases"]
}
NAMES = Names(patient_name="Jo Doe", member_id="M 77", date_of_birth="January 2, 1980")


def _case(told: dict[str, Any]) -> dict[str, Any]:
    told = dict(told)
    cover, level = told.pop("cover", None), told.pop("level", None)
    case: dict[str, Any] = {
        "age": 70 if cover and cover["kind"] == "medicare" else 40,
        "diagnosis": "treatment_resistant_depression", "request": "esketamine",
        "coverages": [cover] if cover else [], "stage": "denied" if level else "exploring", **told,
    }  # fmt: skip
    if level:
        case["denial"] = {
            "coverage": 0, "treatment": case["request"], "notice_date": "2026-11-16",
            "reason": "not_medically_necessary", "level": level,
        }  # fmt: skip
    return case


@cache
def _context(row: str) -> Context:
    case = read_case(_case(TABLE[row]["case"]), TODAY)
    return context_of(TABLE[row]["paper"], case, evaluate(case, TODAY, BOOK), BOOK, NAMES)


@pytest.mark.parametrize("row", TABLE)
def test_the_form_the_link_and_the_office(row: str) -> None:
    wanted, found = TABLE[row], _context(row)
    assert (found.form_number or found.form_name) == wanted["form"]
    assert bool(found.form_name) == bool(wanted["form"])
    assert wanted.get("link", "") in found.form_link
    for line in wanted.get("office", ()):
        assert line in found.office_lines
    for part in wanted.get("send", ()):
        assert part in found.form_send
    for part in wanted.get("note", ()):
        assert part in found.form_note


@pytest.mark.parametrize("row", [r for r, told in TABLE.items() if told.get("never")])
def test_no_office_or_form_that_is_another_s(row: str) -> None:
    found = _context(row)
    boxes = " ".join(f"{b.label} {b.write}" for b in found.form_boxes)
    told = " ".join(
        (found.form_name, found.form_number, found.form_link, found.form_send, found.form_note,
         found.level_form, *found.office_lines, boxes)
    )  # fmt: skip
    for word in TABLE[row]["never"]:
        assert word not in told


def test_the_boxes_hold_the_answers_and_stay_blank_where_nobody_told_them() -> None:
    boxes = {b.label: b.write for b in _context("new_york_insured").form_boxes}
    assert boxes["2. Patient Name"] == "Jo Doe"
    assert boxes["6. ID #"] == "M 77"
    assert boxes["5. Patient Email Address"] == ""
    assert boxes["12. Reason for Health Plan Denial"] == "it is not medically necessary"


def test_a_box_that_no_answer_fills_says_what_to_write() -> None:
    boxes = {b.label: b.write for b in _context("original_medicare_first").form_boxes}
    assert boxes["Date of the initial determination notice"] == "November 16, 2026"
    assert boxes["Signature and date"] == "Sign by hand"


def test_the_letter_names_the_office_and_its_sheet_the_form_with_its_boxes() -> None:
    case = read_case(_case(TABLE["california_hmo"]["case"]), TODAY)
    result = evaluate(case, TODAY, BOOK)
    letter = told_in(make_paper("external_review_request", case, result, BOOK, NAMES))
    sheet = make_worksheet("external_review_request", case, result, BOOK, NAMES)
    assert sheet is not None
    assert "980 Ninth Street, Suite 500" in letter
    assert "DMHC 20-224" in told_in(sheet)
    assert "Patient’s Date of Birth (mm/dd/yyyy)" in told_in(sheet)


@pytest.mark.parametrize("form", BOOK.forms)
def test_every_box_names_a_field_of_a_paper_or_says_what_to_write(form: str) -> None:
    for box in BOOK.forms[form].boxes:
        assert box.answer is not None or box.write
        assert box.answer is None or is_word(box.answer), (form, box.label)


@pytest.mark.parametrize("form", BOOK.forms)
def test_every_link_stands_in_a_source_that_the_form_names(form: str) -> None:
    record = BOOK.forms[form]
    seen = {BOOK.sources[s].url for s in (record.source, *record.also)}
    assert {record.link, record.portal} - {None} <= seen


WRONG = {
    "a link that no source has": ("link: https://www.cms.gov/medicare", "link: https://www.cms.example/medicare"),
    "a level that there is not": ("- original_medicare.redetermination", "- original_medicare.redeterminatio"),
    "a box that says nothing": ("- label: Signature and date\n  write: Sign by hand", "- label: Signature and date"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_the_check_finds(what: str, tmp_path: Path) -> None:
    root = tmp_path / "records"
    for path in RECORDS.rglob("*.yaml"):
        copy = root / path.relative_to(RECORDS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    file = root / "forms/cms_20027.yaml"
    right, wrong = WRONG[what]
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    faults = check_records(root, TODAY, only=("forms/cms_20027.yaml",))
    assert [f.file for f in faults] == ["forms/cms_20027.yaml"]
