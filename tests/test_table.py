"""A row of a table and a single case cannot differ; whatever comes in, nothing is lost."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from rules import evaluate, load_rules
from rules.case import Case, CaseError, CaseFault
from rules.case_reading import read_case
from rules.table import (
    RESULT_COLUMNS,
    TableFault,
    case_of_row,
    pool,
    remarks_of_row,
    screen,
    screen_file,
    summarise,
    summary,
    used_slots,
    worklist,
)
from rules.table.read import Unreadable, open_table, read_table
from rules.table.sample import write_sample
from rules.table.summary import Summary, summary_of
from tests import command
from tests.how_often import often
from tests.strategies import TODAY

BOOK = load_rules()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("sample") / "sample.csv"
    write_sample(path, 60, 11)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def alone(row: dict[str, Any]) -> dict[str, str]:
    """What the single case of a row says, in the columns of the table."""
    result = evaluate(case_of_row(row, TODAY), TODAY)
    told = summarise(result, used_slots(row, TODAY, BOOK), BOOK)._asdict()
    told["remarks"] = remarks_of_row(row, TODAY, BOOK)
    return {name: told.get(name, "") for name in RESULT_COLUMNS}


def assert_rows_are_cases(frame: pd.DataFrame) -> None:
    shown = screen(frame, TODAY)
    for i, row in enumerate(frame.to_dict("records")):
        told = {name: shown.iloc[i][name] for name in RESULT_COLUMNS}
        assert told == alone(row), row


def test_every_row_of_a_sample_is_what_its_case_is(sample: pd.DataFrame) -> None:
    assert_rows_are_cases(sample)


@settings(max_examples=often(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_rows_with_blanks_anywhere_are_what_their_cases_are(
    sample: pd.DataFrame, data: st.DataObject
) -> None:
    columns = list(sample.columns)
    rows = data.draw(st.lists(st.integers(0, len(sample) - 1), min_size=1, max_size=6))
    frame = sample.iloc[rows].reset_index(drop=True).copy()
    for name in data.draw(st.lists(st.sampled_from(columns[1:]), max_size=60)):
        frame.loc[data.draw(st.integers(0, len(rows) - 1)), name] = ""
    assert_rows_are_cases(frame)


TABLE = """case_id,Age,State,Diagnosis,Request,Coverage 1 kind,coverage_1_payer,Rems certified,Note
1,42,Texas,TRD,Spravato,employer,United Healthcare,Y,keep me
2,-3,TX,TRD,Spravato,employer,Cigna,Y,=1+1
3,42,Calfornia,TRD,Spravato,employer,Cigna,maybe,@here
4,,,,,,,,"  blank"
"""


def run(text: str | bytes, folder: Path, name: str = "in.csv", **more: Any) -> list[dict[str, str]]:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    screen_file(path, folder / "out.csv", TODAY, rejects=folder / "bad.csv", **more)
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_names_and_values_are_matched_and_bad_rows_kept_with_reasons(tmp_path: Path) -> None:
    rows = run(TABLE, tmp_path)
    assert [r["case_id"] for r in rows] == ["1", "2", "3", "4"]
    assert rows[0]["best_path"] == "employer.unitedhealthcare.esketamine.prior_authorization"
    assert rows[0]["error"] == ""
    assert "-3" in rows[1]["error"]
    assert rows[1]["best_path"] == ""
    assert "Calfornia" in rows[2]["error"]
    assert "maybe" in rows[2]["error"]
    assert rows[3]["error"] == ""
    with (tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="") as file:
        bad = list(csv.DictReader(file))
    assert [r["case_id"] for r in bad] == ["2", "3"]
    assert "CA" in bad[1]["reject_reason"]


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(tmp_path: Path) -> None:
    rows = run(TABLE, tmp_path)
    assert rows[1]["Note"] == "'=1+1"
    assert rows[2]["Note"] == "'@here"
    assert rows[1]["Age"] == "-3"  # a plain number stays a number


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode("utf-16"),
        TABLE.encode("utf-8-sig"),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("keep me", "Café").encode("cp1252"),
    ],
    ids=["utf-16", "bom", "semicolons", "tabs", "crlf", "cp1252"],
)
def test_other_ways_of_writing_csv_are_read(content: bytes, tmp_path: Path) -> None:
    rows = run(content, tmp_path)
    assert [r["case_id"] for r in rows] == ["1", "2", "3", "4"]
    assert rows[0]["best_outlook"] == "possible"


def test_a_row_with_too_many_cells_is_a_reject_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = run(TABLE + "5,42,TX,TRD,Spravato,employer,Cigna,Y,x,too,many\n", tmp_path)
    assert len(rows) == 5
    assert "11 cells" in rows[4]["error"]
    assert rows[0]["best_path"]


def test_a_row_without_an_answer_is_nobody_in_csv_as_in_xlsx(tmp_path: Path) -> None:
    """A spreadsheet saves its unused rows as commas, before the header too."""
    blank = ",,,,,,,,\n , ,,,,,,,\n"
    rows = run(blank + TABLE + blank + TABLE.splitlines(keepends=True)[1] + blank, tmp_path)
    assert [r["case_id"] for r in rows] == ["1", "2", "3", "4", "1"]
    assert [r for r in rows if r["case_id"] == "1" and r["error"]] == []
    ragged = run(blank + TABLE + "5,too,few\n" + blank, tmp_path)
    assert [r["case_id"] for r in ragged] == ["1", "2", "3", "4", "5"]


def test_a_known_payer_is_not_called_unknown(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("case_id,age,coverage_1_kind,coverage_1_payer\n1,42,employer,Cigna\n")
    told = str(screen_file(path, tmp_path / "out.csv", TODAY))
    assert "no rules" not in told


@pytest.mark.parametrize("second", ["rejects", "long"])
def test_two_tables_never_share_a_file(second: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(TABLE)
    more: dict[str, Any] = {second: tmp_path / "." / "out.csv"}
    with pytest.raises(TableFault, match="two tables"):
        screen_file(path, tmp_path / "out.csv", TODAY, **more)
    assert not (tmp_path / "out.csv").exists()


def test_a_folder_in_the_place_of_the_output_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(TABLE)
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(TableFault, match="cannot be written"):
        screen_file(path, tmp_path / "out.csv", TODAY)
    assert {p.name for p in tmp_path.iterdir()} == {"in.csv", "out.csv"}


def test_a_workbook_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["age"])
    book.create_chartsheet("chart", 0)
    book.save(tmp_path / "in.xlsx")
    with pytest.raises(TableFault, match="cannot be opened"):
        screen_file(tmp_path / "in.xlsx", tmp_path / "out.csv", TODAY)


def test_one_percent_is_one_percent_and_a_made_up_case_is_always_read(tmp_path: Path) -> None:
    told = case_of_row({"tax_bracket_percent": "1", "coinsurance": "1"}, TODAY)
    assert told["money"] == {"tax_bracket_percent": 1.0, "coinsurance": 1.0}
    write_sample(tmp_path / "in.csv", 200, 3)  # one of these pays a tax of one percent
    assert screen_file(tmp_path / "in.csv", tmp_path / "out.csv", TODAY).rejects == 0


def test_a_year_that_slipped_is_a_reject(tmp_path: Path) -> None:
    rows = run("case_id,age,stage,denial_date\n1,42,denied,0026-11-01\n", tmp_path)
    assert "too long ago" in rows[0]["error"]


def test_an_xlsx_with_a_formula_that_was_never_calculated_is_a_reject(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["case_id", "age", "state", "request", "diagnosis"])
    sheet.append([1, 42, "TX", "esketamine", "ptsd"])
    sheet.append([2, "=40+2", "TX", "esketamine", "ptsd"])
    book.save(tmp_path / "in.xlsx")
    screen_file(tmp_path / "in.xlsx", tmp_path / "out.xlsx", TODAY)
    lines = list(load_workbook(tmp_path / "out.xlsx").worksheets[0].iter_rows(values_only=True))
    header = [str(c) for c in lines[0]]
    assert lines[1][header.index("error")] in (None, "")
    assert "formula" in str(lines[2][header.index("error")])


PEOPLE = """case_id,age,state,diagnosis,request,coverage_1_kind,payer_1,my note
1,70,TX,trd,spravato,medicare,Humana Gold Plus,call Mon
2,70,TX,trd,spravato,medicare_advantage,Humana,
3,50,TX,trd,spravato,commercial,Aetna,
4,50,TX,trd,spravato,PPO,Aetna,
"""


def test_what_was_read_otherwise_than_it_stands_is_told_in_the_row_and_in_the_report(
    tmp_path: Path,
) -> None:
    rows = run(PEOPLE, tmp_path)
    assert "“Humana Gold Plus” was read as" in rows[0]["remarks"]
    assert [r["remarks"] for r in rows[1:3]] == ["", ""]
    assert "“PPO” says coverage_1_network: ppo" in rows[3]["remarks"]
    assert rows[0]["my note"] == "call Mon"
    told = str(screen_file(tmp_path / "in.csv", tmp_path / "out.csv", TODAY))
    assert "1 row(s): coverage_1_payer: “Humana Gold Plus” was read as" in told


def test_a_word_for_medicare_advantage_never_leads_with_a_claim_without_approval(
    tmp_path: Path,
) -> None:
    for row in run(PEOPLE, tmp_path)[:2]:
        assert row["best_path"] == "medicare.humana.esketamine.prior_authorization"
        assert "coverage_1_medicare" not in row["missing"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("older", [False, True])
def test_a_worklist_given_back_is_worked_out_anew(kind: str, older: bool, tmp_path: Path) -> None:
    """An older one lacks the remarks; a sheet leaves out the blank cells at the end of a row."""
    (tmp_path / "in.csv").write_text(PEOPLE)
    screen_file(tmp_path / "in.csv", tmp_path / "first.csv", TODAY)
    frame = pd.read_csv(tmp_path / "first.csv", dtype=str, keep_default_na=False)
    first = tmp_path / f"again.{kind}"
    again = frame.drop(columns="remarks") if older else frame
    if kind == "csv":
        again.to_csv(first, index=False)
    else:
        book = Workbook()
        assert book.active is not None
        for line in ([*again.columns], *again.replace("", None).values.tolist()):
            book.active.append(line)
        book.save(first)
    assert screen_file(first, tmp_path / "out.csv", TODAY).rejects == 1
    shown = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(shown, frame)


def test_every_column_that_is_not_read_is_named(tmp_path: Path) -> None:
    names = [f"own {i}" for i in range(30)]
    (tmp_path / "in.csv").write_text(f"age,{','.join(names)}\n42{',x' * 30}\n")
    told = str(screen_file(tmp_path / "in.csv", tmp_path / "out.csv", TODAY))
    assert all(name in told for name in names)


def test_the_long_table_has_a_row_for_each_path(tmp_path: Path) -> None:
    run(TABLE, tmp_path, long=tmp_path / "long.csv")
    with (tmp_path / "long.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["case_id"] for r in rows} == {"1", "4"}
    assert len({(r["case_id"], r["path"]) for r in rows}) == len(rows)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"case_id,age\n", "no rows"),
        (b"hello,world\n1,2\n", "no column"),
        (bytes(range(256)) * 64, "not a table"),
        (b"PK\x03\x04 not really a workbook", "cannot be opened"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old Excel"),
    ],
)
def test_what_is_no_table_is_told_plainly(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with pytest.raises(TableFault, match=words):
        screen_file(path, tmp_path / "out.csv", TODAY)
    assert not (tmp_path / "out.csv").exists()


def test_the_command_line_says_it_without_a_traceback(tmp_path: Path) -> None:
    for name, output in (("nowhere.csv", "out.csv"), ("in.csv", "in.csv"), ("in.csv", "out.pdf")):
        (tmp_path / "in.csv").write_text(TABLE)
        done = command.run("screen", str(tmp_path / name), "-o", str(tmp_path / output))
        assert done.returncode == 1
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr


def test_a_row_without_a_known_column_tells_of_nobody() -> None:
    assert case_of_row({"my own": "x"}, TODAY) == case_of_row({}, TODAY) == {}


def test_unknown_columns_and_the_index_come_back_as_they_were() -> None:
    frame = pd.DataFrame({"age": [42], "my own": ["x"]}, index=[7])
    shown = screen(frame, TODAY)
    assert list(shown.index) == [7]
    assert shown.loc[7, "my own"] == "x"
    assert list(shown.columns[:2]) == ["age", "my own"]


def test_a_sample_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_sample(tmp_path / name, 50, seed)
    first, again, other = ((tmp_path / n).read_bytes() for n in "abc")
    assert first == again != other


FIRST_OF_ALL = """age,state,diagnosis,request,suicidal_thoughts,coverage_1_kind,coverage_1_payer,coverage_1_funding,\
coverage_1_medicaid,coverage_1_medicare,part_b_1,part_d_1,stage,denial_date,denial_reason,denial_level,urgent,\
continuing_treatment,denial_effective_date,ketamine_allergy,vessel_condition,uncontrolled_blood_pressure
40,OH,mdd_si,esketamine,active,employer,UHC,fully_insured,,,,,denied,2026-11-20,not_medically_necessary,initial,y,,,,,
40,OH,trd,esketamine,none,medicaid,molina,,managed_care,,,,denied,2026-11-15,step_therapy,initial,n,y,,n,n,n
40,CT,trd,esketamine,none,medicaid,,,fee_for_service,,,,denied,2026-11-12,step_therapy,initial,n,y,,,,
40,CT,trd,esketamine,none,medicaid,,,fee_for_service,,,,denied,2026-11-12,step_therapy,initial,n,y,2026-12-09,,,
40,TX,trd,esketamine,none,employer,cigna,self_funded,,,,,preparing,,,,,,,y,,
40,TX,trd,esketamine,none,employer,cigna,self_funded,,,,,denied,2026-11-12,step_therapy,initial,,,,,,y
16,TX,trd,esketamine,none,employer,UHC,,,,,,preparing,,,,,,,,,
50,TX,trd,esketamine,,,aetna,,,,,,,,,,,,,,,
70,TX,trd,esketamine,active,medicare,humana,,,,y,,denied,2026-08-01,step_therapy,initial,y,,,,,
70,TX,trd,esketamine,,medicare,,,,original,y,y,denied,2026-05-29,,initial,,,,,,
,,,,,,,,,,,,,,,,,,,y,,
"""


def test_what_comes_first_for_a_person_comes_first_in_a_row() -> None:
    """Urgent noes, care that runs, a broken limit of the label, a payer without a kind."""
    frame = pd.read_csv(io.StringIO(FIRST_OF_ALL), dtype=str, keep_default_na=False)
    shown = screen(frame, TODAY)
    assert not any(shown["error"]), list(shown["error"])
    assert_rows_are_cases(frame)
    urgent, tomorrow, *_ = shown.to_dict("records")
    assert urgent["next_deadline"] == TODAY.isoformat()
    assert "fast" in urgent["next_step"]
    assert tomorrow["next_deadline"] == "2026-11-25"
    no_kind = shown.iloc[7]
    assert (no_kind["best_path"], no_kind["best_outlook"]) == ("", "")
    assert "coverage_1_kind" in no_kind["missing"]
    assert "insurance card" in no_kind["next_step"]


# --- many rows ----------------------------------------------------------------------------------------


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of two rows is large, and there are two cores."""
    monkeypatch.setattr(pool, "WORTH_IT", 2)
    monkeypatch.setattr(pool, "AT_ONCE", 7)
    monkeypatch.setattr(pool, "cores", lambda: 2)


def with_faults(sample: pd.DataFrame) -> pd.DataFrame:
    frame = sample.head(30).copy()
    frame.loc[[3, 29], "age"] = "old"
    return frame


def test_workers_give_the_rows_in_order_to_a_thread_too(
    sample: pd.DataFrame, workers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, heard = with_faults(sample), list[int]()
    with ThreadPoolExecutor(1) as thread:
        shown = thread.submit(screen, frame, TODAY, progress=heard.append).result()
    monkeypatch.setattr(pool, "WORTH_IT", len(frame) + 1)
    pd.testing.assert_frame_equal(shown, screen(frame, TODAY))
    assert list(shown.index[shown["error"] != ""]) == [3, 29]
    assert heard == [30]


def test_rows_that_are_the_same_case_are_worked_out_once(
    sample: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = sample.iloc[[0, 1, 0, 1, 0]]
    asked: list[Any] = []

    def counted(case: dict[str, Any], *rest: Any) -> Summary:
        asked.append(case)
        return summary_of(case, *rest)

    monkeypatch.setattr(pool, "summary_of", counted)
    monkeypatch.setattr(worklist, "ROWS_AT_ONCE", 2)
    shown = screen(frame, TODAY)
    assert len(asked) == 2
    assert list(shown["best_path"]) == [shown["best_path"].iloc[i] for i in (0, 1, 0, 1, 0)]


@pytest.mark.parametrize(
    "start", ["", "import time; time.sleep(0.1); raise SystemExit(1)", "this is no program"]
)
def test_a_worker_that_is_lost_loses_no_row(
    start: str, sample: pd.DataFrame, workers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "START", start)
    frame = with_faults(sample)
    shown = screen(frame, TODAY)
    monkeypatch.setattr(pool, "WORTH_IT", len(frame) + 1)
    pd.testing.assert_frame_equal(shown, screen(frame, TODAY))


UNGUARDED = """
import pandas as pd
from rules.table import pool, screen
pool.WORTH_IT, pool.cores = 2, lambda: 2
shown = screen(pd.DataFrame([{"age": a, "state": "TX"} for a in (30, 40, 70)]))
print("once", list(shown["error"]))
"""


def test_a_script_without_a_guard_may_screen_a_large_table(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(UNGUARDED)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "once ['', '', '']\n"), done.stderr


def test_a_case_that_cannot_be_read_is_a_fault_of_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells are checked one by one; whatever only the whole case can tell stays on its row as well."""

    def refusing(data: Any, today: Any = None) -> Case:
        if data.get("age") == 42:
            raise CaseError([CaseFault(where="age", value="42", message="not on this day")])
        return read_case(data, today)

    monkeypatch.setattr(summary, "read_case", refusing)
    rows = run("case_id,age,coverage_1_kind\n1,41,employer\n2,42,employer\n", tmp_path)
    assert rows[0]["error"] == ""
    assert rows[0]["best_path"]
    assert "not on this day" in rows[1]["error"]
    assert rows[1]["best_path"] == ""
    assert "not on this day" in (tmp_path / "bad.csv").read_text()


# --- read from bytes ----------------------------------------------------------------------------------


def workbook(lines: list[list[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,Café\n\n,\n2,\n".encode(),
        "\n;\na;b\n1;Café\n2;\n".encode("utf-16"),
        "a\tb\r\n1\tCafé\r\n2\t\r\n".encode("cp1252"),
        workbook([[], ["a", "b", None], [1, "Café"], [None, " "], [2.0, None]]),
    ],
    ids=["commas", "utf-16", "cp1252", "xlsx"],
)
def test_a_table_is_read_from_its_bytes_as_from_its_file(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(content)
    lines = list(read_table(content).lines)
    assert lines == [["a", "b"], ["1", "Café"], ["2", ""]]
    assert list(read_table(tmp_path / "in").lines) == lines
    for careful in (False, True):
        source = open_table(content, lambda names: [True] * len(names), careful)
        assert source.header == ["a", "b"]
        columns = [[*c.to_pylist()] for chunk in source.chunks for c in chunk.columns]
        assert columns == [["1", "2"], ["Café", ""]]


def test_a_workbook_that_is_damaged_in_the_middle_is_told() -> None:
    whole = workbook([["a", "b"], *([i, f"text {i}"] for i in range(3_000))])
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        sheet = packed.getinfo("xl/worksheets/sheet1.xml")
    place = sheet.header_offset + sheet.compress_size // 2
    for content in (whole[: len(whole) // 2], whole[:place] + b"\xff" * 400 + whole[place + 400 :]):
        with pytest.raises(Unreadable) as told:
            list(read_table(content).lines)
        assert told.value.key == "bad_excel"


def test_a_line_that_does_not_fit_the_header_comes_as_it_is() -> None:
    assert list(read_table(b"a,b\n1\n1,2,3\n").lines) == [["a", "b"], ["1"], ["1", "2", "3"]]
