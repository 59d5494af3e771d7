"""A table of people: at the widgets, and in a real browser with a file that holds bad rows."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any

import pytest

from rules import evaluate
from tests.journeys.browsing import DESKTOP, PHONE, Visit
from tests.journeys.walker import TODAY, Walker
from wizard.answers import Answers
from wizard.screening import spreadsheet, worklist
from wizard.shell.said import plain

HEADER = "ID,Age,State,Dx,request,Insurance,coverage_1_kind,suicidal_thoughts,phone"
ROWS = (
    "A1,42,TX,trd,esketamine,Aetna,employer,none,555",
    "A2,abc,Txas,trd,esketamine,Aetna,employer,none,555",
    "A3,30,CA,ptsd,iv ketamine,,uninsured,passive,555",
    "A4,70,NY,trd,esketamine,,medicare,,555",
)


def table(*rows: str) -> bytes:
    return "\n".join((HEADER, *(rows or ROWS))).encode()


def at_table(data: bytes | None = None, name: str = "list.csv") -> Walker:
    walker = Walker()
    walker.at.session_state["answers"] = Answers(role="intake")
    walker.go("table")
    if data is not None:
        walker.at.file_uploader[0].upload(
            name, data, spreadsheet.MIME.get(name.rpartition(".")[2], "text/csv")
        )
        walker.run()
    return walker


def screened(data: bytes | None = None) -> Walker:
    return at_table(data or table()).press("table-run")


def opens(walker: Walker) -> list[str]:
    """The names of the rows on the page, in order."""
    return [name for box in _open_boxes(walker) for name in box.options]


def _open_boxes(walker: Walker) -> list[Any]:
    return [b for b in walker.at.selectbox if str(b.key).startswith("work-open-")]


def rows_shown(walker: Walker) -> str:
    """The table of the worklist, as it is drawn."""
    return next(h.proto.body for h in walker.at.get("html") if "kp-list" in h.proto.body)


def open_row(walker: Walker, name: str) -> Walker:
    """Choose a row by its name and open it as a case."""
    box = _open_boxes(walker)[0]
    box.select(name)
    walker.run()
    return walker.press("work-open")


def choose(walker: Walker, key: str, value: object) -> Walker:
    for widgets in (
        walker.at.selectbox,
        walker.at.text_input,
        walker.at.multiselect,
        walker.at.checkbox,
    ):
        for widget in widgets:
            if widget.key == key:
                widget.set_value(value)
                return walker.run()
    raise AssertionError(key)


# --- at the widgets ------------------------------------------------------------------------------------


def test_an_upload_shows_how_its_columns_were_read() -> None:
    walker = at_table(table())
    assert "8 columns were recognized" in walker.text
    assert "phone" in walker.text
    assert not opens(walker)


def test_the_worklist_puts_safety_first_and_keeps_bad_rows_apart() -> None:
    walker = screened()
    assert opens(walker)[0] == "A3"
    assert sorted(opens(walker)) == ["A1", "A3", "A4"]
    assert "Rows that could not be read (1)" in walker.text
    assert "abc" in walker.text
    assert "988 first" in rows_shown(walker)


def test_a_bad_row_is_fixed_and_put_back() -> None:
    walker = screened()
    choose_fix(walker, 0, "50")
    walker.press("table-put-back")
    assert "None of these rows" in "\n".join(w.value for w in walker.at.warning)
    choose_fix(walker, 0, "TX")
    walker.press("table-put-back")
    assert "1 row is back" in "\n".join(s.value for s in walker.at.success)
    assert "A2" in opens(walker)
    assert "could not be read" not in walker.text


def choose_fix(walker: Walker, number: int, text: str) -> None:
    fields = [t for t in walker.at.text_input if str(t.key).startswith("fix-")]
    fields[number].set_value(text)


def test_a_column_that_was_read_wrongly_is_corrected() -> None:
    data = b"ID,Plan kind of it,State\nA1,employer,TX\n"
    walker = at_table(data)
    assert "not read" in walker.text
    place = next(s for s in walker.at.selectbox if "Plan kind" in s.label)
    place.set_value("coverage_1_kind")
    walker.run()
    assert "All columns are read" in walker.text
    walker.press("table-run")
    open_row(walker, "A1")
    assert walker.store.case == {"state": "TX", "coverages": [{"kind": "employer"}]}


def test_two_columns_for_the_same_are_told_and_not_screened() -> None:
    walker = at_table(b"a,b\n42,43\n")
    for box in walker.at.selectbox:
        box.set_value("age")
    walker.run()
    assert walker.at.error
    assert walker.at.button(key="table-run").disabled


def test_one_row_opens_as_a_case_with_the_same_best_path() -> None:
    walker = screened()
    open_row(walker, "A3")
    assert walker.step == "result"
    case = walker.store.case
    assert case["coverages"] == []
    assert case["suicidal_thoughts"] == "passive"
    assert walker.store.role == "intake"
    best = evaluate(case, today=TODAY).best
    walker.go("table")
    work = walker.at.session_state["table_work"]
    assert work.results.at[2, "best_path"] == best


def test_a_row_that_is_corrected_as_a_case_is_worked_out_anew_in_its_list() -> None:
    walker = open_row(screened(), "A3")
    assert "Row **A3**" in walker.text
    case = walker.store.case
    case.update(suicidal_thoughts="none", diagnosis="treatment_resistant_depression")
    case["coverages"] = [{"kind": "employer", "payer": "aetna"}]
    best = evaluate(case, today=TODAY).leading
    assert best is not None
    walker.press("open-row-back")
    work = walker.at.session_state["table_work"]
    assert work.results.at[2, "answer"] == best.sentence
    assert list(work.rows.loc[2, ["Dx", "Insurance", "coverage_1_kind"]]) == ["treatment_resistant_depression", "aetna", "employer"]  # fmt: skip
    assert best.sentence in html.unescape(rows_shown(walker))
    assert "988" not in walker.text  # the list is not the person whose row was open
    assert opens(walker)[0] != "A3"


def test_an_opened_row_that_is_left_as_it_was_changes_nothing() -> None:
    walker = screened()
    before = walker.at.session_state["table_work"]
    open_row(walker, "A1").press("open-row-back")
    after = walker.at.session_state["table_work"]
    assert list(after.rows.columns) == list(before.rows.columns)
    assert after.results.equals(before.results)
    assert after.cases == {}


def test_the_rows_are_narrowed_by_insurer_state_and_approval() -> None:
    walker = screened()
    choose(walker, "work-states", ["TX"])
    assert opens(walker) == ["A1"]
    choose(walker, "work-states", [])
    (aetna,) = walker.at.multiselect(key="work-insurers").options
    assert aetna.startswith("Aetna")
    choose(walker, "work-insurers", [aetna])
    assert opens(walker) == ["A1"]
    choose(walker, "work-insurers", [])
    choose(walker, "work-approval", ["yes", "ask"])
    assert "A3" not in opens(walker)


def test_the_clinics_own_columns_stand_in_the_table() -> None:
    data = b"ID,Age,State,coverage_1_kind,Insurance,Status,Zip\nA1,42,TX,employer,Aetna,PA sent,79901\nTotal,42,,,,,\n"
    walker = screened(data)
    shown = rows_shown(walker)
    assert "PA sent" in shown
    assert "79901" not in shown
    assert opens(walker) == ["A1"]


def test_a_worklist_given_back_is_told_and_its_results_are_not_columns() -> None:
    walker = screened()
    work = walker.at.session_state["table_work"]
    again = at_table(spreadsheet.write(worklist.with_results(work), "csv"))
    assert "was a worklist" in again.text
    assert "best_path" not in again.text
    assert opens(again.press("table-run")) == opens(walker)


def test_numbers_of_rows_have_their_commas() -> None:
    walker = at_table(("age\n" + "42\n" * 1200).encode())
    assert walker.at.button(key="table-run").label == "Screen 1,200 rows"


def test_the_worklist_is_still_there_on_coming_back() -> None:
    walker = screened()
    choose(walker, "work-sort", "case")
    open_row(walker, "A1")
    walker.go("table")
    assert opens(walker) == ["A1", "A3", "A4"]
    assert walker.at.selectbox(key="work-sort").value == "case"


def test_sorting_and_narrowing() -> None:
    walker = screened()
    choose(walker, "work-sort", "case")
    assert opens(walker) == ["A1", "A3", "A4"]
    choose(walker, "work-safety", True)
    assert opens(walker) == ["A3"]
    choose(walker, "work-safety", False)
    choose(walker, "work-text", "medicare")
    assert opens(walker) == ["A4"]
    choose(walker, "work-text", "nothing like it")
    assert "No row fits" in walker.text


def test_many_rows_come_in_pages() -> None:
    rows = [f"A{i},42,TX,trd,esketamine,Aetna,employer,none,1" for i in range(60)]
    walker = screened(table(*rows))
    assert len(opens(walker)) == 25
    walker.at.pagination[0].set_value(3)
    walker.run()
    assert len(opens(walker)) == 10
    choose(walker, "work-sort", "case")
    assert opens(walker)[0] == "A0"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"   ", "empty"),
        ("a.csv", b"age,state\n", "no rows"),
        ("a.csv", b"\x00\x01", "not a table"),
        ("a.xlsx", b"PK\x03\x04rubbish", "damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0old", "old Excel"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_plain_words(name: str, data: bytes, says: str) -> None:
    walker = at_table(data, name)
    assert says in walker.at.error[0].value
    assert not walker.has("table-run")


def test_a_table_without_a_known_column_asks_what_its_columns_hold() -> None:
    walker = at_table(b"foo,bar\n1,2\n")
    assert walker.at.button(key="table-run").disabled
    assert walker.at.warning


def test_an_xlsx_file_does_as_well() -> None:
    data = spreadsheet.write(spreadsheet.read(table()), "xlsx")
    walker = at_table(data, "list.xlsx").press("table-run")
    assert opens(walker)[0] == "A3"


def test_another_table_forgets_this_one_after_a_question() -> None:
    walker = screened()
    walker.press("table-other")
    walker.press("table-other-no")
    assert opens(walker)
    walker.press("table-other").press("table-other-yes")
    assert not opens(walker)
    assert "table_rows" not in walker.at.session_state
    assert "table_work" not in walker.at.session_state


def test_clearing_everything_takes_the_table_too() -> None:
    walker = screened()
    open_row(walker, "A1")
    walker.clear_all()
    assert "table_work" not in walker.at.session_state


def test_no_cell_of_a_table_is_taken_for_markdown() -> None:
    walker = screened(
        table("[x](http://evil.example) $1$ **b**,42,TX,trd,esketamine,Aetna,employer,none,1")
    )
    assert "[x](http://evil.example) $1$ **b**" in rows_shown(walker)
    open_row(walker, "[x](http://evil.example) $1$ **b**")
    on_top = next(m.value for m in walker.at.markdown if "evil" in m.value)
    assert plain("[x](http://evil.example) $1$ **b**") in on_top


def test_a_name_is_no_html() -> None:
    walker = screened(table("<b onclick=x>,42,TX,trd,esketamine,Aetna,employer,none,1"))
    assert "&lt;b onclick=x&gt;" in rows_shown(walker)
    assert "<b onclick" not in rows_shown(walker)


# --- in a browser ------------------------------------------------------------------------------------


def upload(one: Visit, data: bytes, name: str = "list.csv") -> None:
    one.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": data}
    )
    one.by_key("table-run").wait_for()
    one.settled()


def run(one: Visit) -> None:
    one.press_key("table-run")
    one.page.get_by_text("All rows at a glance").wait_for()
    one.settled()


@pytest.mark.browser
def test_a_table_with_bad_rows_from_upload_to_download(visit: type[Visit], tmp_path: Path) -> None:
    staff = visit(step="table")
    upload(staff, table())
    run(staff)
    assert "abc" in staff.text()
    fields = staff.by_key("reject_1").locator("input")
    fields.nth(0).fill("50")
    fields.nth(1).fill("TX")
    staff.press_key("table-put-back")
    staff.page.get_by_text("1 row is back").wait_for()
    for kind in spreadsheet.KINDS:
        with staff.page.expect_download() as got:
            staff.by_key(f"download-{kind}").locator("button").click()
        path = tmp_path / f"out.{kind}"
        got.value.save_as(path)
        found = spreadsheet.read(path.read_bytes())
        assert list(found["ID"]) == ["A1", "A2", "A3", "A4"]
        assert list(found["Age"]) == ["42", "50", "30", "70"]
        assert set(found["error"]) == {""}
        assert all(found["best_outlook"])
    choice = staff.page.get_by_label("Row to open")
    choice.scroll_into_view_if_needed()
    staff.settled()  # a list that opens closes again while the page still scrolls
    choice.click()
    staff.page.get_by_role("option", name=re.compile(r"A2\b")).first.click()
    staff.settled()
    staff.press_key("work-open")
    staff.page.wait_for_function("() => location.search.includes('result')")
    staff.settled()
    assert '"age": 50' in staff.kept
    assert staff.page.evaluate("location.search") == "?step=result"
    staff.check()


@pytest.mark.browser
def test_the_template_can_be_downloaded(visit: type[Visit], tmp_path: Path) -> None:
    import openpyxl

    staff = visit(step="table")
    with staff.page.expect_download() as got:
        staff.by_key("template-xlsx").locator("button").click()
    path = tmp_path / "t.xlsx"
    got.value.save_as(path)
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book.worksheets[0].data_validations.dataValidation
    staff.check()


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("dark", [False, True])
def test_the_table_can_be_used_by_everyone(
    visit: type[Visit], size: tuple[int, int], dark: bool
) -> None:
    staff = visit(step="table", size=size, dark=dark)
    assert staff.violations() == []
    upload(
        staff,
        table(*ROWS, *(f"B{i},42,TX,trd,esketamine,Aetna,employer,none,1" for i in range(40))),
    )
    assert staff.violations() == []
    run(staff)
    assert staff.violations() == []
    assert not staff.scrolls_sideways()
    staff.check()


@pytest.mark.browser
def test_two_people_never_see_each_others_table(visit: type[Visit]) -> None:
    one, other = visit(step="table"), visit(step="table")
    upload(one, table())
    run(one)
    other.open("table")
    assert "list.csv" not in other.text()
    assert "A1" not in other.text()
