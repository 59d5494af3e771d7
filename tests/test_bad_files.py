"""Files that are not what they are called, damaged, made to fill a memory, or no files at all."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from rules.plain_files import write_folder, write_whole
from rules.table import TableFault, screen_file
from rules.table.kinds import Unreadable
from rules.table.read import open_table, read_table
from tests import command

TODAY = dt.date(2026, 11, 28)
SHEET = "xl/worksheets/sheet1.xml"
DENIED = {
    "age": 42, "state": "TX", "stage": "denied", "coverages": [{"kind": "employer"}],
    "denial": {"notice_date": "2026-11-01"},
}  # fmt: skip


def workbook(*lines: list[Any], change: Callable[[Workbook], None] = lambda book: None) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for line in lines or (["case_id", "age", "state"], [1, 42, "TX"]):
        book.active.append(line)
    change(book)
    book.save(out)
    return out.getvalue()


def changed(old: bytes, new: bytes, part: str = SHEET) -> bytes:
    """A workbook with something else in one of its parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            assert name != part or old in content
            packed.writestr(name, content.replace(old, new, 1) if name == part else content)
    return out.getvalue()


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


def old_office(name: str) -> bytes:
    """The least of an Office file of the old make: its head, and its folder with one name."""
    content = bytearray(4096)
    content[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", content, 30, 9)  # sectors of 512 bytes
    struct.pack_into("<I", content, 48, 3)  # the folder stands in the fourth
    named = name.encode("utf-16-le")
    content[2048 : 2048 + len(named)] = named
    return bytes(content)


ENTITY = b'<!DOCTYPE x [<!ENTITY e "eeeeeeeeee"><!ENTITY f "&e;&e;&e;&e;">]><worksheet'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'
GIVEN: dict[str, tuple[bytes, str]] = {
    "ods": (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
    "odt": (packed(mimetype="application/vnd.oasis.opendocument.text"), "text document"),
    "docx": (packed(word__document_xml="<x/>"), "text document"),
    "xlsb": (packed(**{"xl__workbook.bin": "x"}), "binary Excel"),
    "zip": (packed(**{"table.csv": "age\n4\n"}), "ZIP"),
    "gzip": (b"\x1f\x8b\x08\x00abc", "packed"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    "xls": (old_office("Workbook"), "old Excel"),
    "locked": (old_office("EncryptedPackage"), "password"),
    "doc": (old_office("WordDocument"), "text document"),
    "web page": (b"<html><table><tr><td>age</td></tr></table></html>", "web page"),
    "xml": ('<?xml version="1.0"?><Workbook/>'.encode("utf-16"), "XML"),
    "json": (b'[{"age": 4}]', "data file"),
    "no number": (changed(b"<v>42</v>", b"<v>4x2</v>"), "damaged"),
    "broken xml": (changed(b"<v>42</v>", b"<v>42</w>"), "damaged"),
    "entities": (changed(b"<worksheet", ENTITY), "unfold"),
    "outside": (changed(b"<worksheet", OUTSIDE), "unfold"),
    "entities of the book": (
        changed(b"<workbook", ENTITY.replace(b"sheet", b"book"), "xl/workbook.xml"), "unfold",
    ),
    "a row far below": (changed(b'<row r="2"', b'<row r="999999999999"'), "more than 1,048,576"),
    "growth": (changed(b"<v>42</v>", b"<v>" + b"4" * 60_000_000 + b"</v>"), "unpacks to far more"),
    "a long cell": (changed(b"<v>42</v>", b"<v>" + b"4" * 9_000_000 + b"</v>"), "unpacks to far"),
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("called", ["in.csv", "in.xlsx"])
def test_a_file_is_told_by_what_stands_in_it(name: str, called: str, tmp_path: Path) -> None:
    content, words = GIVEN[name]
    (tmp_path / called).write_bytes(content)
    with pytest.raises(TableFault, match=words):
        screen_file(tmp_path / called, tmp_path / "out.csv", TODAY)
    assert [p.name for p in tmp_path.iterdir()] == [called]


def test_a_table_may_be_called_anything(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(workbook())
    (tmp_path / "in.xlsx").write_text("age,state\n42,TX\n")
    for name in ("in.csv", "in.xlsx"):
        assert screen_file(tmp_path / name, tmp_path / "out.csv", TODAY).rejects == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\na;b\r\nCafé, x;2\r\n", "sep=\t\na\tb\nCafé, x\t2\n", "sep=\\t\na\tb\nCafé, x\t2\n",
        '"sep=;"\na;b\nCafé, x;2\n', "sep=^\ra^b\rCafé, x^2\r",
    ],
)  # fmt: skip
def test_a_first_line_tells_the_delimiter(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    assert list(read_table(content).lines) == [["a", "b"], ["Café, x", "2"]]
    for careful in (False, True):
        source = open_table(content, lambda names: [True] * len(names), careful)
        assert source.header == ["a", "b"]
        assert [c.to_pylist() for x in source.chunks for c in x.columns] == [["Café, x"], ["2"]]


def odd(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.append([2, 50, None])
    sheet.merge_cells("C2:C3")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["A"].hidden = True
    book.create_sheet("Patients B").append(["case_id"])
    book["Patients B"].append([7])
    book.create_sheet("empty")
    book.create_sheet("notes of another kind").append(["one line alone"])


def test_what_a_reader_of_a_sheet_would_miss_is_told(tmp_path: Path) -> None:
    (tmp_path / "in.xlsx").write_bytes(workbook(change=odd))
    told = str(screen_file(tmp_path / "in.xlsx", tmp_path / "out.csv", TODAY))
    assert "C2:C3" in told
    assert "1 hidden row" in told
    assert "hidden columns" in told
    assert "Patients B" in told
    assert "empty" not in told.partition("other sheets")[2]
    plain = workbook()
    (tmp_path / "in.xlsx").write_bytes(plain)
    assert not screen_file(tmp_path / "in.xlsx", tmp_path / "out.csv", TODAY).warnings


def test_a_hidden_sheet_gives_way_to_one_that_is_seen() -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("seen").append(["age"])
        book["seen"].append([7])
        book.worksheets[0].sheet_state = "hidden"

    table = read_table(workbook(change=change))
    assert list(table.lines) == [["age"], ["7"]]


def test_a_percentage_is_read_as_the_sheet_shows_it() -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0]["B2"].number_format = "0.0%"

    lines = list(read_table(workbook(["id", "share"], [1, 0.005], change=change)).lines)
    assert lines[1] == ["1", "0.5%"]


def test_an_error_of_a_spreadsheet_is_no_name_of_an_insurer(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("age,coverage_1_payer\n42,#REF!\n43,#N/A\n")
    report = screen_file(tmp_path / "in.csv", tmp_path / "out.csv", TODAY)
    assert (report.rows, report.rejects) == (2, 1)
    assert "holds an error" in (tmp_path / "out.csv").read_text()


def test_a_line_without_an_end_is_not_taken_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from rules.table import read

    monkeypatch.setattr(read, "MOST_LINE", 1_000)
    for content in (b"a,b\n" + b"1," * 2_000, b'a,b\n1,"' + b"x\n" * 2_000, b"a" * 5_000):
        with pytest.raises(Unreadable) as told:
            list(read_table(content).lines)
        assert told.value.key == "long_line"


# --- what is no file, and what is far too much --------------------------------------------------------


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as heard:
        heard.bind(str(tmp_path / "socket.csv"))
        for name in (tmp_path / "pipe.csv", tmp_path / "socket.csv", tmp_path, Path("/dev/zero")):
            for arguments in (
                ("evaluate", str(name)),
                ("screen", str(name), "-o", str(tmp_path / "out.csv")),
                ("sample", "--rows", "2", "-o", str(name if name.exists() else tmp_path)),
            ):
                if arguments[0] == "sample" and name == Path("/dev/zero"):
                    continue  # a device takes what is written
                done = command.run(*arguments)
                assert done.returncode == 1, arguments
                assert len(done.stderr.splitlines()) == 1, done.stderr


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({f"k{i}": 1 for i in range(5_000)}, "and 4,960 other faults"),
        ({"k" * 500_000: 1}, "unknown field"),
        ({"diagnosis": "x " * 400_000}, "not one of the valid words"),
        ({"severity": [{"scale": "phq9", "score": 5}] * 5_000}, "at most 200 entries"),
        ({"other_diagnoses": ["ptsd"] * 5_000}, "at most 50 entries"),
        ({"denial": {"coverage": 10**30}}, "below 20"),
        ({"treatments": [{"treatment": "x" * 100_000}]}, "at most 200 characters"),
        ("x" * 3_000_000, "too large"),
    ],
    ids=["keys", "key", "word", "scores", "diagnoses", "number", "text", "bytes"],
)
def test_what_a_case_may_hold_is_bounded(case: object, words: str, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text(json.dumps(case))
    started = time.process_time()
    done = command.run("evaluate", str(tmp_path / "case.json"))
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr) < 20_000
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"patient_name": "A" * 1_000_000}, "at most 300 characters"),
        ({"patient_name": {"first": "Ada"}}, "a text is needed"),
        ({f"k{i}": "x" for i in range(5_000)}, "k0, k1"),
    ],
)
def test_names_are_bounded_too(names: object, words: str, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text(json.dumps(DENIED))
    (tmp_path / "names.json").write_text(json.dumps(names))
    done = command.run(
        "papers", str(tmp_path / "case.json"), "--names", str(tmp_path / "names.json"),
        "-o", str(tmp_path / "papers"), "--today", "2026-11-28",
    )  # fmt: skip
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr) < 1_000


@pytest.mark.parametrize("rows", ["0", "-1", "100000000000000000000"])
def test_a_sample_has_a_size(rows: str, tmp_path: Path) -> None:
    done = command.run("sample", "--rows", rows, "-o", str(tmp_path / "out.csv"))
    assert done.returncode == 1
    assert "--rows must be from 1 to" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_sample_that_has_no_room_is_told_before_it_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=1000))
    done = command.run("sample", "--rows", "100", "-o", str(tmp_path / "out.csv"))
    assert done.returncode == 1
    assert "GB free" in done.stderr


# --- whole or not there -------------------------------------------------------------------------------


def left_in(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def run_small(most: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that may write no file of more than so many bytes, as on a disk that is full."""

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return subprocess.run(
        [sys.executable, "-m", "rules", *arguments],
        preexec_fn=small, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    case, table = tmp_path / "case.json", tmp_path / "in.csv"
    case.write_text(json.dumps(DENIED))
    table.write_text("age,state\n" + "42,TX\n" * 400)
    out = tmp_path / "out"
    out.mkdir()
    for name, arguments in {
        "o.csv": ("screen", str(table)),
        "o.xlsx": ("screen", str(table)),
        "s.csv": ("sample", "--rows", "50"),
        "o.ics": ("calendar", str(case)),
    }.items():
        (out / name).write_text("old")
        day = () if arguments[0] == "sample" else ("--today", "2026-11-28")
        done = run_small(100, *arguments, "-o", str(out / name), *day)
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert "cannot be written" in done.stderr
        assert left_in(out) == {name: b"old"}
        (out / name).unlink()
    done = run_small(100, "papers", str(case), "--kind", "docx", "-o", str(out / "new" / "papers"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not list(out.iterdir())


def test_of_several_files_all_are_written_or_none(tmp_path: Path) -> None:
    def files() -> Any:
        yield "a.txt", b"new"
        raise OSError(28, "No space left on device")

    (tmp_path / "a.txt").write_bytes(b"old")
    with pytest.raises(OSError, match="No space"):
        write_folder(tmp_path, files())
    assert left_in(tmp_path) == {"a.txt": b"old"}
    assert write_folder(tmp_path / "b" / "c", [("d.txt", b"x")]) == [tmp_path / "b" / "c" / "d.txt"]


def test_a_file_that_is_written_anew_keeps_who_may_read_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o600)
    (tmp_path / "link").symlink_to("a")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


# The commands, where no signal is held back: what runs in the background is started deaf to some.
HEARING = """
import runpy, signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
runpy.run_module("rules", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_old_file_and_says_nothing(
    number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text("age,state\n" + "42,TX\n" * 300_000)
    (tmp_path / "out.xlsx").write_text("old")
    with subprocess.Popen(
        [sys.executable, "-c", HEARING, "screen", "in.csv", "-o", "out.xlsx"],
        stderr=subprocess.PIPE, cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.getcwd()},
    ) as process:  # fmt: skip
        until = time.monotonic() + 60
        while not list(tmp_path.glob(".*.part")) and time.monotonic() < until:
            time.sleep(0.02)
        assert list(tmp_path.glob(".*.part")), "it has not begun to write"
        process.send_signal(number)
        said = process.communicate()[1]
    assert (process.returncode, said) == (128 + number, b"")
    assert {p.name for p in tmp_path.iterdir()} == {"in.csv", "out.xlsx"}
    assert (tmp_path / "out.xlsx").read_text() == "old"


def test_a_workbook_that_is_written_opens_as_it_was_meant(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('case_id,age,note\n1,42,"a < b & c\r\n  d"\n2,43,=1+1\n')
    screen_file(tmp_path / "in.csv", tmp_path / "out.xlsx", TODAY)
    sheet = load_workbook(tmp_path / "out.xlsx").worksheets[0]
    lines = [list(row)[:3] for row in sheet.iter_rows(values_only=True)]
    assert lines == [["case_id", "age", "note"], [1, 42, "a < b & c\n  d"], [2, 43, "'=1+1"]]
    assert (sheet.freeze_panes, sheet["A1"].font.b, sheet["A2"].font.b) == ("A2", True, False)
    assert str(sheet.auto_filter.ref).startswith("A1:")
