"""The table and the quick form without a screen: columns, rows put back, order, files in memory."""

from __future__ import annotations

import builtins
import datetime as dt
import io
import os
import tempfile
from typing import Any

import openpyxl
import pandas as pd
import pytest

from rules import evaluate, load_rules
from rules.table import worklist as screening
from rules.table.columns import columns
from wizard.answers import Answers
from wizard.interview import quick_form
from wizard.screening import spreadsheet, worklist
from wizard.screening.worklist import View

TODAY = dt.date(2026, 11, 24)
BOOK = load_rules()
NAMES = ["ID", "Age", "State", "Insurance", "Antidepressants failed", "suicidal_thoughts", "coverage_1_kind", "phone"]  # fmt: skip
ROWS = [
    ["P2", "42", "Texas", "Aetna", "2", "none", "employer", "555"],
    ["P10", "abc", "Txas", "Aetna", "2", "none", "employer", "555"],
    ["P1", "30", "ca", "", "0", "passive", "none", "=1+1"],
    ["", "70", "NY", "", "3", "", "medicare", ""],
]


def rows() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=NAMES, dtype=object)


@pytest.fixture(scope="module")
def work() -> worklist.Screening:
    frame = rows()
    return worklist.screened(frame, worklist.matches(NAMES, BOOK), TODAY, BOOK)


# --- columns ---------------------------------------------------------------------------------------


def test_columns_are_read_by_their_synonyms_and_the_unknown_is_left() -> None:
    found = {m.name: m.target for m in worklist.matches(NAMES, BOOK)}
    assert found["ID"] == worklist.CASE_ID
    assert found["Age"] == "age"
    assert found["Insurance"] == "coverage_1_payer"
    assert found["phone"] is None


def test_a_correction_takes_the_column_from_the_one_that_had_it() -> None:
    own = worklist.matches(["age", "years"], BOOK)
    found = worklist.corrected(own, {1: "age"})
    assert [m.target for m in found] == [None, "age"]
    assert worklist.twice(found) == ()


def test_two_columns_chosen_for_the_same_are_told() -> None:
    own = worklist.matches(["a", "b"], BOOK)
    assert worklist.twice(worklist.corrected(own, {0: "age", 1: "age"})) == ("age",)


def test_a_corrected_column_is_what_is_screened() -> None:
    frame = pd.DataFrame({"age": ["x"], "wie alt": ["44"], "state": ["TX"]}, dtype=object)
    own = worklist.matches(list(frame.columns), BOOK)
    assert len(worklist.screened(frame, own, TODAY, BOOK).rejected) == 1
    found = worklist.corrected(own, {1: "age"})
    done = worklist.screened(frame, found, TODAY, BOOK)
    assert len(done.rejected) == 0
    assert worklist.case_of(done, 0, TODAY, BOOK)["age"] == 44
    assert list(worklist.with_results(done).columns[:3]) == ["age", "wie alt", "state"]


def test_every_target_has_words() -> None:
    for target in worklist.targets(BOOK):
        assert worklist.column_words(BOOK, target)[0]


# --- rows ------------------------------------------------------------------------------------------


def test_a_bad_row_is_rejected_and_the_others_are_not(work: worklist.Screening) -> None:
    assert list(work.rejected) == [1]
    assert list(work.read) == [0, 2, 3]


def test_each_fault_names_its_own_column_and_why(work: worklist.Screening) -> None:
    found = worklist.faults_of(work, 1, TODAY, BOOK)
    assert [name for name, _ in found] == ["Age", "State"]
    assert "abc" in found[0][1]
    assert "TX" in found[1][1]


def test_a_corrected_row_comes_back_and_the_first_work_is_untouched(
    work: worklist.Screening,
) -> None:
    half = worklist.put_back(work, {1: {"Age": "50"}}, TODAY, BOOK)
    assert list(half.rejected) == [1]
    whole = worklist.put_back(half, {1: {"State": "TX"}}, TODAY, BOOK)
    assert list(whole.rejected) == []
    same = worklist.screened(whole.rows, whole.found, TODAY, BOOK)
    pd.testing.assert_frame_equal(whole.results, same.results)
    assert list(work.rejected) == [1]
    assert work.rows.at[1, "Age"] == "abc"


def test_rows_are_worked_out_alike_in_parts(
    monkeypatch: pytest.MonkeyPatch, work: worklist.Screening
) -> None:
    heard: list[float] = []
    monkeypatch.setattr(screening, "ROWS_AT_ONCE", 3)
    found = worklist.screened(rows(), worklist.matches(NAMES, BOOK), TODAY, BOOK, heard.append)
    pd.testing.assert_frame_equal(found.results, work.results)
    assert heard == [0.75, 1.0]


def test_a_row_opened_as_a_case_is_the_case_that_was_screened(work: worklist.Screening) -> None:
    case = worklist.case_of(work, 2, TODAY, BOOK)
    assert case["coverages"] == []
    assert case["suicidal_thoughts"] == "passive"
    result = evaluate(case, today=TODAY)
    assert result.best == work.results.at[2, "best_path"]


# --- looking ----------------------------------------------------------------------------------------


def test_safety_stands_first_and_rejected_rows_nowhere(work: worklist.Screening) -> None:
    shown = list(worklist.looked_at(work, View(), TODAY))
    assert shown[0] == 2
    assert 1 not in shown


def test_safety_goes_before_a_sooner_date_and_a_better_outlook() -> None:
    told = [("likely", "2026-11-25", ""), ("uphill", "", "988_lifeline"), ("likely", "2026-11-26", "")]  # fmt: skip
    results = pd.DataFrame(
        [
            {
                "best_outlook": o,
                "next_deadline": d,
                "safety": s,
                "missing": "",
                "error": "",
                "answer": "-",
            }
            for o, d, s in told
        ]
    )
    made_up = worklist.Screening(pd.DataFrame({"age": ["1", "2", "3"]}), (), results)
    assert list(worklist.looked_at(made_up, View(), TODAY)) == [1, 0, 2]
    assert list(worklist.looked_at(made_up, View(sort="date"), TODAY)) == [0, 2, 1]


def test_orders(work: worklist.Screening) -> None:
    assert list(worklist.looked_at(work, View(sort="file"), TODAY)) == [0, 2, 3]
    # The row without a name of its own is called by its number, 4.
    assert list(worklist.case_names(work)) == ["P2", "P10", "P1", "4"]
    by_name = list(worklist.looked_at(work, View(sort="case"), TODAY))
    assert by_name == [3, 2, 0]
    missing = [
        len(worklist.missing_of(work.results.at[r, "missing"]))
        for r in worklist.looked_at(work, View(sort="missing"), TODAY)
    ]
    assert missing == sorted(missing)


def test_numbers_in_names_count_as_numbers() -> None:
    frame = pd.DataFrame({"case_id": ["P10", "P9"], "age": ["1", "2"]}, dtype=object)
    done = worklist.screened(frame, worklist.matches(list(frame.columns), BOOK), TODAY, BOOK)
    assert list(worklist.looked_at(done, View(sort="case"), TODAY)) == [1, 0]


def test_choices_narrow(work: worklist.Screening) -> None:
    assert list(worklist.looked_at(work, View(safety_only=True), TODAY)) == [2]
    assert list(worklist.looked_at(work, View(text="aetna"), TODAY)) == [0]
    # A text is a text: its signs are not a pattern.
    assert list(worklist.looked_at(work, View(text="=1+1"), TODAY)) == [2]
    outlook = work.results.at[0, "best_outlook"]
    shown = worklist.looked_at(work, View(outlooks=(outlook,)), TODAY)
    assert set(work.results.loc[shown, "best_outlook"]) == {outlook}


def test_a_window_of_days_shows_only_dates_in_it(work: worklist.Screening) -> None:
    for row in worklist.looked_at(work, View(within_days=30), TODAY):
        date = work.results.at[row, "next_deadline"]
        assert date
        assert dt.date.fromisoformat(date) <= TODAY + dt.timedelta(days=30)


def test_the_tally_counts_every_row_once(work: worklist.Screening) -> None:
    assert sum(worklist.tally(work).values()) == len(work.read)


# --- files ------------------------------------------------------------------------------------------


def test_a_file_goes_out_and_comes_back_the_same() -> None:
    frame = pd.DataFrame({"a": ["1", "", "x;y"], "b": ["é", "2.5", '"q"']}, dtype=object)
    for kind in spreadsheet.KINDS:
        back = spreadsheet.read(spreadsheet.write(frame, kind))
        pd.testing.assert_frame_equal(back, frame)


@pytest.mark.parametrize("kind", spreadsheet.KINDS)
def test_no_cell_leaves_that_a_spreadsheet_would_run(kind: spreadsheet.Kind) -> None:
    bad = ["=1+1", "+cmd", "@x", "-y", "\tz"]
    data = spreadsheet.write(pd.DataFrame({"=h": bad}, dtype=object), kind)
    back = spreadsheet.read(data)
    for cell in [*back.columns, *back.iloc[:, 0]]:
        assert cell[0] == "'", cell
    if kind == "xlsx":
        cells = [c for line in openpyxl.load_workbook(io.BytesIO(data)).active for c in line]
        assert {c.data_type for c in cells} == {"s"}


@pytest.mark.parametrize(
    "text",
    ["age,state\n42,TX\n", "age;state\n42;TX\n", "age\tstate\n42\tTX\n", "\ufeffage,state\r\n42,TX\r\n", "\n\nage,state\n\n42,TX\n"],
)  # fmt: skip
def test_csv_as_people_have_it(text: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        found = spreadsheet.read(text.encode(encoding))
        assert found.to_dict("records") == [{"age": "42", "state": "TX"}]


def test_uneven_rows_and_names_that_come_twice_are_kept() -> None:
    found = spreadsheet.read(b"age,age,\n1,2,3,4\n5\n")
    assert found.shape == (2, 4)
    assert len(set(found.columns)) == 4
    assert list(found.iloc[1]) == ["5", "", "", ""]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"age,state\n", "no_rows"),
        (b"\x00\x01\x02\x03", "not_a_table"),
        (b"PK\x03\x04 not a zip", "bad_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old_excel"),
        (b"a" * (spreadsheet.MOST_BYTES + 1), "too_large"),
        (b"a\n" + b"1\n" * (spreadsheet.MOST_ROWS + 1), "too_many"),
        (b",".join([b"a"] * 501) + b"\n1\n", "too_wide"),
        (b"a,b\n" + b",".join([b"1"] * 501) + b"\n", "too_wide"),
        (b"%PDF-1.7", "foreign"),
    ],
)
def test_what_is_no_table_is_told_apart(data: bytes, key: str) -> None:
    from wizard.messages import say

    with pytest.raises(spreadsheet.SheetFault) as fault:
        spreadsheet.read(data)
    assert fault.value.key == key
    assert say(f"table.fault.{key}", **{"most": 1, **fault.value.values})


def test_the_template_offers_the_allowed_words_as_lists() -> None:
    shown = columns(BOOK)
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet.template(shown, "xlsx")))
    sheet = book.worksheets[0]
    header = [c.value for c in next(sheet.iter_rows())]
    assert header == [c.name for c in shown]
    rules = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert len(rules) == sum(1 for c in shown if c.values)
    place = header.index("coverage_1_kind")
    letters = openpyxl.utils.get_column_letter(place + 1)
    formula = rules[f"{letters}2:{letters}{spreadsheet.MOST_ROWS}"]
    words = book[spreadsheet.WORDS][formula.partition("!")[2].replace("$", "")]
    assert tuple(c[0].value for c in words) == shown[place].values
    assert book[spreadsheet.WORDS].sheet_state == "hidden"


def test_the_template_filled_in_is_read_again() -> None:
    names = [c.name for c in columns(BOOK)]
    csv = spreadsheet.template(columns(BOOK), "csv") + b"x," + b"," * (len(names) - 2) + b"\r\n"
    found = worklist.matches(list(spreadsheet.read(csv).columns), BOOK)
    assert [m.target for m in found] == names


def test_nothing_is_written_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.open

    def no_writing(file: Any, mode: str = "r", *more: Any, **how: Any) -> Any:
        assert not set(mode) & set("wax+"), file
        return real(file, mode, *more, **how)

    def no_file(*args: Any, **how: Any) -> Any:
        raise AssertionError("a temporary file")

    spreadsheet.read(spreadsheet.write(rows(), "xlsx"))  # loads what is loaded on first use
    monkeypatch.setattr(builtins, "open", no_writing)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", no_file)
    monkeypatch.setattr(tempfile, "mkstemp", no_file)
    before = set(os.listdir(tempfile.gettempdir()))
    for kind in spreadsheet.KINDS:
        spreadsheet.template(columns(BOOK), kind)
        spreadsheet.read(spreadsheet.write(rows(), kind))
    assert {n for n in os.listdir(tempfile.gettempdir()) if n.startswith("openpyxl")} <= before


def test_uploads_are_held_in_memory() -> None:
    from starlette.formparsers import MultiPartParser

    from wizard.screening.uploads import keep_in_memory

    keep_in_memory()
    assert MultiPartParser.spool_max_size > spreadsheet.MOST_BYTES


# --- the quick form ------------------------------------------------------------------------------------


def places(answers: Answers) -> list[str]:
    return [f.place for g in quick_form.groups(answers, BOOK, TODAY) for f in g.fields]


def test_a_second_cover_is_asked_for_once_there_is_a_first() -> None:
    answers = Answers()
    assert "coverages[0].kind" in places(answers)
    assert "coverages[1].kind" not in places(answers)
    quick_form.put(answers, "coverages[0].kind", "employer", BOOK, TODAY)
    assert "coverages[0].funding" in places(answers)
    assert "coverages[1].kind" in places(answers)


def test_no_cover_is_not_the_same_as_not_known() -> None:
    answers = Answers()
    quick_form.put(answers, "coverages[0].kind", quick_form.NO_COVER, BOOK, TODAY)
    assert answers.case["coverages"] == []
    assert quick_form.held(answers, "coverages[0].kind") == quick_form.NO_COVER
    quick_form.put(answers, "coverages[0].kind", None, BOOK, TODAY)
    assert "coverages" not in answers.case


def test_another_kind_of_cover_ends_what_no_longer_fits() -> None:
    answers = Answers()
    quick_form.put(answers, "coverages[0].kind", "employer", BOOK, TODAY)
    quick_form.put(answers, "coverages[0].funding", "self_funded", BOOK, TODAY)
    ended = quick_form.put(answers, "coverages[0].kind", "medicare", BOOK, TODAY)
    assert ("coverages[0].funding", "self_funded") in ended
    assert answers.case["coverages"] == [{"kind": "medicare"}]


def test_the_second_cover_moves_up_when_the_first_goes() -> None:
    answers = Answers()
    quick_form.put(answers, "coverages[0].kind", "employer", BOOK, TODAY)
    quick_form.put(answers, "coverages[1].kind", "medicare", BOOK, TODAY)
    quick_form.put(answers, "coverages[0].kind", None, BOOK, TODAY)
    assert answers.case["coverages"] == [{"kind": "medicare"}]


def test_a_score_keeps_the_other_scores_and_its_date() -> None:
    answers = Answers(case={"severity": [{"scale": "madrs", "score": 30}, {"scale": "phq9", "score": 19, "date": "2026-10-02"}]})  # fmt: skip
    quick_form.put(answers, quick_form.PHQ9, 19, BOOK, TODAY)
    assert answers.case["severity"][1]["date"] == "2026-10-02"
    quick_form.put(answers, quick_form.PHQ9, 12, BOOK, TODAY)
    assert answers.case["severity"] == [{"scale": "madrs", "score": 30}, {"scale": "phq9", "score": 12}]  # fmt: skip
    quick_form.put(answers, quick_form.PHQ9, None, BOOK, TODAY)
    assert answers.case["severity"] == [{"scale": "madrs", "score": 30}]


def test_an_emptied_field_is_as_if_never_asked() -> None:
    answers = Answers()
    quick_form.put(answers, "age", 40, BOOK, TODAY)
    quick_form.put(answers, "treatment_counts.antidepressants_failed", 2, BOOK, TODAY)
    quick_form.put(answers, "age", None, BOOK, TODAY)
    quick_form.put(answers, "treatment_counts.antidepressants_failed", None, BOOK, TODAY)
    assert answers.empty()


def test_what_a_plan_said_is_asked_once_it_spoke() -> None:
    answers = Answers()
    assert "denial.notice_date" not in places(answers)
    quick_form.put(answers, "stage", "denied", BOOK, TODAY)
    assert "denial.notice_date" in places(answers)
    assert "denial.coverage" not in places(answers)
    quick_form.put(answers, "coverages[0].kind", "employer", BOOK, TODAY)
    quick_form.put(answers, "coverages[1].kind", "medicare", BOOK, TODAY)
    assert "denial.coverage" in places(answers)


def test_every_open_question_has_a_field_somewhere() -> None:
    """The form and what it offers below together leave nothing out that could change the result."""
    answers = Answers()
    for place, value in (("state", "TX"), ("request", "esketamine"), ("diagnosis", "treatment_resistant_depression"), ("coverages[0].kind", "employer")):  # fmt: skip
        quick_form.put(answers, place, value, BOOK, TODAY)
    result = evaluate(answers.case_data(), today=TODAY)
    shown = set(places(answers))
    more = {f.place for f in quick_form.more_fields(answers, result, BOOK, TODAY, shown)}
    assert not shown & more
    open_now = {q.field for q in result.questions if not q.field.startswith(("denial.", "authorization."))}  # fmt: skip
    assert open_now - shown - more <= {"coverages", "treatments", "severity"}
