"""A worklist that is given back the next day: read again, worked out anew, nothing of the staff's lost."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from rules import load_rules
from rules.table import RESULT_COLUMNS, case_of_row, screen, screen_file
from rules.table.again import is_total, own_columns
from rules.table.columns import find_target
from rules.table.files import Report
from rules.table.sample import write_sample
from tests.how_often import often
from tests.strategies import TODAY
from wizard.screening import spreadsheet, worklist

BOOK = load_rules()
KINDS = ("csv", "xlsx")
# What clinics call the columns with which they follow their work.
OWN = ("Status", "PA status", "Owner", "Follow-up", "Follow up date", "Notes", "Note 2", "Next step", "PA required", "Assigned to",
       "Priority", "Due", "Date received", "Reason", "Site", "Active", "Start", "Phone", "Comments", "Last contact", "Call 1", "PA #",
       "Auth status", "Outcome", "Result", "Sessions left", "Reauthorization", "Insurance phone", "Plan contact", "Group #")  # fmt: skip

PEOPLE = """case_id,age,state,diagnosis,request,coverage_1_kind,payer_1,antidepressants_failed,stage
P1,70,TX,trd,spravato,medicare_advantage,Humana,2,preparing
P2,44,OH,trd,spravato,employer,Aetna,2,denied
P3,30,CA,ptsd,iv_ketamine,none,,0,
"""


def lines_of(path: Path) -> list[list[str]]:
    """A table as its lines of texts, however it was written."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = load_workbook(path).worksheets[0]
    return [["" if c is None else str(c) for c in line] for line in sheet.values]


def write(lines: list[list[Any]], path: Path) -> Path:
    """A table as a spreadsheet program saves it; in XLSX blank cells are no cells."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(lines)
        return path
    book = Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append([None if c == "" else c for c in line])
    book.save(path)
    return path


def screened(lines: list[list[Any]], folder: Path, kind: str) -> tuple[list[list[str]], Report]:
    source, output = write(lines, folder / f"in.{kind}"), folder / f"out.{kind}"
    report = screen_file(source, output, TODAY)
    return lines_of(output), report


def first(folder: Path, kind: str) -> list[list[str]]:
    return screened([line.split(",") for line in PEOPLE.splitlines()], folder, kind)[0]


def column(lines: list[list[str]], name: str) -> list[str]:
    assert lines[0].count(name) == 1, (name, lines[0])
    return [line[lines[0].index(name)] for line in lines[1:]]


def put(lines: list[list[str]], place: int, name: str, cells: list[Any]) -> list[list[Any]]:
    """The table with a column of the staff's own at a place."""
    return [
        [*line[:place], own, *line[place:]] for line, own in zip(lines, [name, *cells], strict=True)
    ]


# --- columns ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OWN)
def test_a_column_in_which_a_clinic_follows_its_work_is_its_own(name: str) -> None:
    assert find_target(BOOK, name)[0] is None
    assert case_of_row({"age": "42", name: "PA sent"}, TODAY) == {"age": 42}


def test_the_stage_is_read_by_its_own_name() -> None:
    assert case_of_row({"Stage": "PA denied"}, TODAY) == {"stage": "denied"}


def test_no_column_of_a_result_is_read_as_an_answer() -> None:
    assert [n for n in RESULT_COLUMNS if find_target(BOOK, n)[0] is not None] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", ["left", "between", "in the results", "right"])
def test_columns_of_the_staff_survive_wherever_they_stand(
    where: str, kind: str, tmp_path: Path
) -> None:
    one = first(tmp_path, kind)
    width = len(one[0])
    place = {"left": 0, "between": 4, "in the results": width - 3, "right": width}[where]
    given_back = put(one, place, "Status", ["PA sent", "left VM", "007"])
    given_back = put(given_back, place, "Follow-up", ["2026-12-01", "", "1.50"])
    two, report = screened(given_back, tmp_path, kind)
    assert report.rejects == 0
    assert column(two, "Status") == ["PA sent", "left VM", "007"]
    assert column(two, "Follow-up") == ["2026-12-01", "", "1.50"]
    for name in one[0]:
        assert column(two, name) == column(one, name)
    assert screened(two, tmp_path, kind)[0] == two


@pytest.mark.parametrize("kind", KINDS)
def test_moved_and_deleted_results_are_worked_out_anew(kind: str, tmp_path: Path) -> None:
    one = first(tmp_path, kind)
    names = [n for n in one[0] if n not in ("paths_possible", "remarks")]
    moved = sorted(names, key=lambda n: (n not in RESULT_COLUMNS, n))
    cells = dict(zip(one[0], zip(*one[1:], strict=True), strict=True))
    given_back = [moved, *(list(line) for line in zip(*(cells[n] for n in moved), strict=True))]
    two, report = screened(given_back, tmp_path, kind)
    assert report.rejects == 0
    assert two[0][-len(RESULT_COLUMNS) :] == list(RESULT_COLUMNS)
    for name in RESULT_COLUMNS:
        assert column(two, name) == column(one, name)


def test_results_that_stand_twice_stand_once_again(tmp_path: Path) -> None:
    one = first(tmp_path, "csv")
    start = one[0].index(RESULT_COLUMNS[0])
    doubled = [[*line, "own", *line[start:]] for line in one]
    two, report = screened(doubled, tmp_path, "csv")
    assert report.rejects == 0
    assert [n for n in two[0] if n != "own"] == one[0]
    frame = spreadsheet.read((tmp_path / "in.csv").read_bytes())
    assert own_columns(list(frame.columns)).again
    assert [n for n in own_columns(list(frame.columns)).names if "#" in n] == []


def test_a_clinics_own_column_of_such_a_name_is_kept_under_another(tmp_path: Path) -> None:
    lines = [["case_id", "age", "error", "missing"], ["1", "42", "none", "card"]]
    one, report = screened(lines, tmp_path, "csv")
    assert column(one, "error (own)") == ["none"]
    assert column(one, "missing (own)") == ["card"]
    assert "error (own)" in str(report)
    two, _ = screened(one, tmp_path, "csv")
    assert two == one
    frame = screen(pd.DataFrame(lines[1:], columns=lines[0]), TODAY)
    assert list(frame["missing (own)"]) == ["card"]


def test_notes_without_a_name_above_them_are_a_column_too(tmp_path: Path) -> None:
    lines: list[list[Any]] = [line.split(",") for line in PEOPLE.splitlines()]
    lines[2].append("call her sister first")
    two, report = screened(lines, tmp_path, "xlsx")
    assert report.rejects == 0
    assert two[2][len(lines[0])] == "call her sister first"
    three, _ = screened(two, tmp_path, "xlsx")
    assert three == two


def test_a_day_that_a_spreadsheet_keeps_as_a_date_stays_that_day(tmp_path: Path) -> None:
    one = first(tmp_path, "xlsx")
    dated = put(one, 2, "Follow-up", [dt.datetime(2026, 12, 1), dt.date(2026, 12, 2), ""])
    two, _ = screened(dated, tmp_path, "xlsx")
    assert column(two, "Follow-up") == ["2026-12-01", "2026-12-02", ""]


# --- lines in which no person stands ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Total", "TOTAL (38):", "Grand total", "  sum ", "Count = 3", "Average"])  # fmt: skip
def test_words_for_a_total(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize("text", ["", "3", "Summer", "Totah", "Total Care Clinic", "P1"])
def test_what_is_no_word_for_a_total(text: str) -> None:
    assert not is_total(text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_total_a_heading_and_a_blank_line_are_nobody_and_no_fault(
    kind: str, tmp_path: Path
) -> None:
    one = first(tmp_path, kind)
    own = put(one, len(one[0]), "Notes", ["", "", ""])
    width = len(own[0])
    blank, total, heading = [""] * width, ["Total", "144", *[""] * (width - 2)], [""] * width
    heading[-1] = "the rest next week"
    heading[own[0].index("next_step")] = "of an earlier run"
    two, report = screened([*own, blank, total, heading], tmp_path, kind)
    assert (report.rejects, report.cases) == (0, 3)
    assert [line[0] for line in two[1:]] == ["P1", "P2", "P3", "Total", ""]
    assert column(two, "best_path")[3:] == ["", ""]
    assert column(two, "next_step")[3:] == ["", ""]
    assert column(two, "error") == [""] * 5
    assert "total" in column(two, "remarks")[3]
    assert "No person" in column(two, "remarks")[4]
    assert column(two, "Notes")[4] == "the rest next week"
    assert "total" in str(report)
    assert screened(two, tmp_path, kind)[0] == two


def test_a_person_of_whom_only_a_name_is_known_is_a_person(tmp_path: Path) -> None:
    two, _ = screened([["case_id", "age", "state"], ["P9", "", ""]], tmp_path, "csv")
    assert column(two, "missing") != [""]


def test_a_total_is_not_among_the_people_of_a_frame() -> None:
    frame = pd.DataFrame({"age": ["42", "Total"], "state": ["TX", ""]}, dtype=object)
    shown = screen(frame, TODAY)
    assert list(shown["error"]) == ["", ""]
    assert shown["best_path"].iloc[1] == ""


# --- any table ----------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(["", "PA sent", "denied", "1.10", "007", "-0", "12,5", "'=1+1", "+1 555", "#N/A", "yes", "Total", "n/a", "a;b", 'say "x"', "two\nlines"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="="), max_size=8),
)  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    path = tmp_path_factory.mktemp("again") / "sample.csv"
    write_sample(path, 40, 29)
    return lines_of(path)


@settings(max_examples=often(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_a_worklist_given_back_twice_is_the_same(
    sample: list[list[str]], tmp_path: Path, data: st.DataObject, kind: str
) -> None:
    """Staff add columns of their own anywhere and move others; the answers and their cells stay."""
    rows = data.draw(st.lists(st.sampled_from(sample[1:]), min_size=1, max_size=4))
    one, _ = screened([sample[0], *rows], tmp_path, kind)
    marked = one
    names = data.draw(st.lists(st.sampled_from(OWN), unique=True, max_size=3))
    told = {n: data.draw(st.lists(TEXTS, min_size=len(rows), max_size=len(rows))) for n in names}
    for name in names:
        place = data.draw(st.integers(1, len(marked[0])))
        marked = put(marked, place, name, told[name])
    for _ in range(data.draw(st.integers(0, 4))):
        at, to = (data.draw(st.integers(1, len(marked[0]) - 1)) for _ in range(2))
        marked = [[*rest[:to], line[at], *rest[to:]] for line in marked if (rest := line[:at] + line[at + 1 :])]  # fmt: skip
    two, report = screened(marked, tmp_path, kind)
    assert report.rejects == 0
    for name in RESULT_COLUMNS:
        assert column(two, name) == column(one, name)
    for name in names:
        bare = [cell.removeprefix("'") for cell in column(two, name)]
        assert bare == [cell.removeprefix("'") for cell in told[name]]
    assert screened(two, tmp_path, kind)[0] == two


# --- on the screen of the staff -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_screen_reads_a_worklist_as_the_command_does(kind: str, tmp_path: Path) -> None:
    one = put(first(tmp_path, kind), 3, "Status", ["PA sent", "", "waits"])
    rows = spreadsheet.read(write(one, tmp_path / f"again.{kind}").read_bytes())
    rows = worklist.own_rows(rows)
    assert not set(rows.columns) & set(RESULT_COLUMNS)
    work = worklist.screened(rows, worklist.matches(list(rows.columns), BOOK), TODAY, BOOK)
    out = worklist.with_results(work)
    assert len(work.rejected) == 0
    assert list(out["Status"]) == ["PA sent", "", "waits"]
    for name in RESULT_COLUMNS:
        assert list(out[name]) == column(one, name)
    again = worklist.own_rows(spreadsheet.read(spreadsheet.write(out, "csv")))
    pd.testing.assert_frame_equal(again, rows)
