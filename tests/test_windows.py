"""Windows: how their days are counted, and that every surface tells them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from icalendar import Calendar
from pydantic import ValidationError

from rules import CaseError, evaluate, load_rules, read_case, screen
from rules.report.calendar_file import calendar_file, days_of
from rules.report.windows import day_of, first_sentence
from rules.schema.windows import CountedDay, Days, Window, YearlyDays, add_months
from rules.table import case_of_row
from tests.command import run
from tests.reading_grade import grade
from tests.strategies import BOOK
from wizard.counselor.answer_rows import Variant, answer_rows
from wizard.interview.answer_fields import clash, parse_month, us_month
from wizard.interview.problem import Problem
from wizard.result.timeline import marks, next_window

TODAY = dt.date(2026, 11, 28)
UNINSURED: dict[str, Any] = {"age": 40, "state": "TX", "request": "esketamine", "coverages": []}
MEDICARE: dict[str, Any] = {
    **UNINSURED,
    "age": 70,
    "coverages": [{"kind": "medicare", "medicare": "advantage"}],
}
JOB: dict[str, Any] = {**UNINSURED, "coverages": [{"kind": "employer"}]}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# --- counting ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "found"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2027-02-01", -3, "2026-11-01"),
        ("2027-03-31", -1, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_months_are_calendar_months(start: str, months: int, found: str) -> None:
    assert add_months(day(start), months) == day(found)


@pytest.mark.parametrize(
    ("counted", "found"),
    [
        ({"months": -3}, "2026-11-01"),
        ({"months": 3, "at": "month_end"}, "2027-05-31"),
        ({"months": 5, "at": "month_end"}, "2027-07-31"),
        ({"days": 60}, "2027-04-02"),
        ({"days": -60}, "2026-12-03"),
        ({"days": 20, "at": "month_start"}, "2027-02-01"),
        ({}, "2027-02-01"),
    ],
)
def test_a_day_is_counted_from_another(counted: dict[str, Any], found: str) -> None:
    assert CountedDay.model_validate(counted).from_day(day("2027-02-01")) == day(found)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-01-31", "2025-11-15", "2026-01-31"),
        ("2026-02-01", "2026-11-15", "2027-01-31"),
        ("2026-12-31", "2026-11-15", "2027-01-31"),
    ],
)
def test_a_window_over_the_turn_of_the_year(today: str, first: str, last: str) -> None:
    window = YearlyDays(first="11-15", last="01-31")
    assert window.next_on(day(today)) == Days(day(first), day(last))


@pytest.mark.parametrize(
    "wrong",
    [
        {"says": "Until {never}."},
        {"in_force": {"to": "2026-12-31"}, "exchange": "last"},
        {"says_undated": "At some time."},
        {"yearly": {"first": "13-01", "last": "01-31"}},
    ],
)
def test_a_record_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    record = {"id": "x", "says": "Until {closes}.", "source": "x", "confidence": "recalled"}
    Window.model_validate(record)
    with pytest.raises(ValidationError):
        Window.model_validate({**record, **wrong})


def test_every_window_that_names_a_day_has_one() -> None:
    for record in BOOK.windows.values():
        dated = record.yearly or record.counted or record.exchange or record.in_force
        assert dated or "{" not in record.says, record.id
        assert record.own_coverage or record.ways, record.id


def test_what_a_window_says_is_easy_to_read() -> None:
    gaps = {
        "opens": "January 1, 2027", "closes": "March 31, 2027", "event": "June 1, 2027",
        "safe": "May 1, 2027", "month": "June 2027", "plan": "Aetna plan", "exchange": "Your Health Idaho",
    }  # fmt: skip
    for record in BOOK.windows.values():
        for text in (record.says.format(**gaps), record.says_undated or "Yes."):
            assert grade(text) <= 8, (record.id, grade(text))


# --- the month of birth -----------------------------------------------------------------------


@pytest.mark.parametrize("month", ["1961-11", "1962-11", "1962-03"])
def test_a_month_that_goes_with_the_age(month: str) -> None:
    # Who is 64 on November 28, 2026 was born from November 29, 1961 to November 28, 1962.
    read_case({"age": 64, "birth_month": month}, TODAY)


@pytest.mark.parametrize("month", ["1961-10", "1962-12", "1926-03"])
def test_a_month_that_does_not_go_with_the_age(month: str) -> None:
    with pytest.raises(CaseError) as refused:
        read_case({"age": 64, "birth_month": month}, TODAY)
    (fault,) = refused.value.faults
    assert fault.where == "birth_month"
    assert "does not go with the age, and age is 64" in str(fault)
    told = {"age": 64}
    assert clash("birth_month", month, told.get) == Problem("question.in_order.birth")


@pytest.mark.parametrize("month", ["1962-3", "1962-13", "1962-03-01", "03/1962", "1862-03", 196203])
def test_a_month_is_written_with_its_year(month: object) -> None:
    with pytest.raises(CaseError, match="a month is written YYYY-MM"):
        read_case({"birth_month": month})


def test_a_birth_lies_behind_and_before_all_else() -> None:
    with pytest.raises(CaseError, match="after today"):
        read_case({"birth_month": "2026-12"}, TODAY)
    read_case({"birth_month": "2026-11"}, TODAY)
    with pytest.raises(CaseError, match="before the person was born"):
        read_case({"birth_month": "1962-03", "lost_coverage_date": "1962-02-28"}, TODAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3/1962", "1962-03"),
        ("1962-03", "1962-03"),
        ("March 1962", "1962-03"),
        ("mar. 1962", "1962-03"),
        ("3/14/1962", "1962-03"),
        ("1962", None),
        ("13/1962", None),
        ("spring 1962", None),
        ("March", None),
    ],
)
def test_a_month_as_people_write_it(text: str, found: str | None) -> None:
    read = parse_month(text)
    assert (read and f"{read:%Y-%m}") == found
    assert found is None or us_month(found) == "3/1962"


# --- coverage that starts or ends -------------------------------------------------------------


def test_start_date_is_another_name_for_starts() -> None:
    one, other = (
        read_case({"coverages": [{"kind": "employer", name: "2027-01-01"}]}, TODAY)
        for name in ("starts", "start_date")
    )
    assert one == other
    with pytest.raises(CaseError, match="unknown field"):
        read_case({"coverages": [{"starts": "2027-01-01", "start_date": "2026-01-01"}]}, TODAY)


def test_a_coverage_does_not_end_before_it_starts() -> None:
    cover = {"kind": "employer", "starts": "2027-01-01"}
    other = {"kind": "individual", "ends": "2026-12-31"}
    read_case({"coverages": [{**cover, "ends": "2027-01-01"}, other]}, TODAY)
    with pytest.raises(CaseError) as refused:
        read_case({"coverages": [other, {**cover, "ends": "2026-12-31"}]}, TODAY)
    places = {f.where for f in refused.value.faults}
    assert places == {"coverages[1].starts", "coverages[1].ends"}
    told = {"coverages": [{"starts": "2027-01-01"}]}
    found = clash("coverages[0].ends", "2026-12-31", told.get)
    assert found == Problem("question.in_order.coverage")
    assert clash("coverages[0].ends", "2027-01-01", told.get) is None


# --- a table ----------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["1962-02", "2/1962", "02/14/1962", "Feb 14, 1962"])
def test_a_table_tells_the_same(written: str) -> None:
    row = {
        "birth_month": written,
        "coverage_1_kind": "employer",
        "coverage_1_start_date": "1/1/2027",
        "coverage_1_ends": "2027-12-31",
    }
    case = case_of_row(row, TODAY, BOOK)
    cover = {"kind": "employer", "starts": "2027-01-01", "ends": "2027-12-31"}
    assert read_case(case) == read_case({"birth_month": "1962-02", "coverages": [cover]})


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"age": "64", "birth_month": "1950-01"}, "birth_month"),
        ({"birth_month": "13/1962"}, "birth_month"),
        ({"birth_month": "2027-01"}, "birth_month"),
        ({"coverage_2_starts": "2027-01-01", "coverage_2_ends": "2026-01-01"}, "coverage_2_starts"),
    ],
)
def test_a_faulty_row_is_told_by_its_column(row: dict[str, str], column: str) -> None:
    told = {"coverage_1_kind": "employer", "coverage_2_kind": "individual", **row}
    found = screen(pd.DataFrame([told]), today=TODAY, book=BOOK).iloc[0]
    assert column in found["error"]


# --- surfaces ---------------------------------------------------------------------------------


def test_windows_stand_in_the_calendar_file() -> None:
    case = read_case(MEDICARE)
    result = evaluate(case, TODAY)
    assert [(d.id, d.day) for d in days_of(case, result)] == [
        ("medicare_open_enrollment.closes", day("2026-12-07")),
        ("medicare_advantage_open_enrollment.0.opens", day("2027-01-01")),
        ("medicare_advantage_open_enrollment.0.closes", day("2027-03-31")),
    ]
    events = Calendar.from_ical(calendar_file(case, result)).walk("VEVENT")
    assert "Last day: Medicare open enrollment runs from" in str(events[0]["SUMMARY"])


def test_the_command_makes_a_file_where_only_a_window_is_there(tmp_path: Path) -> None:
    told, out = tmp_path / "case.json", tmp_path / "dates.ics"
    told.write_text(json.dumps(UNINSURED), encoding="utf-8")
    done = run("calendar", str(told), "--today", "2026-11-28", "-o", str(out))
    assert done.returncode == 0, done.stderr
    days = [e["DTSTART"].dt for e in Calendar.from_ical(out.read_bytes()).walk("VEVENT")]
    assert days == [day("2026-12-15"), day("2027-01-15")]


def test_windows_stand_on_the_line_of_dates() -> None:
    case = read_case(MEDICARE)
    result = evaluate(case, TODAY)
    told = [(m.kind, m.day) for m in marks(case, result)]
    assert told == [
        ("today", TODAY),
        ("closes", day("2026-12-07")),
        ("opens", day("2027-01-01")),
        ("closes", day("2027-03-31")),
    ]
    first = next_window(result)
    assert first is not None
    assert first[1] == day("2026-12-07")
    assert next_window(evaluate(JOB, TODAY)) is None  # the employer's days are not known


def test_the_comparison_says_by_when_and_for_what() -> None:
    told = [Variant(c, r, r) for c in (MEDICARE, UNINSURED, JOB) for r in (evaluate(c, TODAY),)]
    row = next(r for r in answer_rows(told, load_rules()) if r.kind == "days")
    first = [cell.lines[0].text if cell.lines else "" for cell in row.cells]
    assert first_sentence(told[0].result.windows[0]) in first[0]
    assert "Dec 7, 2026" in first[0]
    assert "Dec 15, 2026" in first[1]
    assert first[2] == ""  # the employer's days are not known


def test_windows_come_by_the_day_to_act_and_those_without_one_last() -> None:
    case = {**JOB, "age": 46, "coverages": [{"kind": "employer", "ends": "2026-12-31"}]}
    days = [day_of(w) or dt.date.max for w in evaluate(case, TODAY).windows]
    assert len(days) > 3
    assert days == sorted(days)
    assert days[-1] == dt.date.max
