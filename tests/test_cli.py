"""The command line: exit codes, clear messages, no traceback, whatever comes in.

Most commands run inside the test's own process, where what they do not catch is seen at once. What
only a process can show (its streams, its locale, a full disk) is run apart.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rules import evaluate
from rules.documents import Names
from rules.rule_book import Book
from tests.command import run, run_apart

CASE: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "employer", "payer": "Cigna", "funding": "fully_insured"}],
    "suicidal_thoughts": "passive",
}  # fmt: skip


def case_file(folder: Path, data: Any) -> str:
    path = folder / "case.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return str(path)


def test_evaluate_reads_standard_input() -> None:
    done = run_apart("evaluate", "-", "--today", "2026-11-24", stdin=json.dumps(CASE))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["today"] == "2026-11-24"
    assert {"safety", "payer_order", "paths", "questions", "costs", "rules_version"} <= set(result)


def test_evaluate_as_text_can_be_read_aloud(tmp_path: Path) -> None:
    done = run("evaluate", case_file(tmp_path, CASE), "--format", "text")
    assert done.returncode == 0
    first = done.stdout.splitlines()[0]
    assert "988" in first  # before anything else
    assert "WILL IT PAY" in done.stdout
    assert "_" not in done.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "Calfornia"}, ["state", "Calfornia", "CA"]),
        ({"age": -3}, ["age", "-3"]),
        ({"agge": 42}, ["agge", "unknown field", "age"]),
        (
            {"diagnosis": "treatment_resistent_depression"},
            ["diagnosis", "treatment_resistant_depression"],
        ),
        ({"coverages": [{"kind": "employr"}]}, ["coverages[0].kind", "employr", "employer"]),
        ({"coverages": [{"kind": "employer", "pair": "x"}]}, ["coverages[0].pair", "payer"]),
        ({"denial": {"notice_date": "2031-01-01"}}, ["denial.notice_date", "after today"]),
        ({"denial": {"coverage": 4}}, ["denial.coverage", "4"]),
        ({"coverages": [{"kind": "employer"}] * 200}, ["coverages", "20"]),
        ({"treatments": [{"treatment": "sertralin"}]}, ["treatments[0].treatment", "sertraline"]),
        ({"annual_income": "a lot"}, ["annual_income", "a lot"]),
        ({"age": 42.5}, ["age", "42.5"]),
        ({"age": True}, ["age", "number"]),  # true is not the age of one year
        ({"annual_income": True}, ["annual_income", "number"]),
        ({"denial": {"notice_date": 0}}, ["denial.notice_date", "YYYY-MM-DD"]),  # not 1970
        ({"denial": {"notice_date": "1761955200"}}, ["denial.notice_date", "YYYY-MM-DD"]),
        ({"denial": {"notice_date": "0026-11-01"}}, ["denial.notice_date", "too long ago"]),
        ({"treatments": [{"treatment": "Zoloft"}]}, ["treatments[0].treatment", "sertraline"]),
        ({"coverages": {"kind": "employer"}}, ["coverages", "a list"]),
    ],
)
def test_a_faulty_case_is_told_where_and_how(
    change: dict[str, Any], words: list[str], tmp_path: Path
) -> None:
    done = run("evaluate", case_file(tmp_path, {**CASE, **change}), "--today", "2026-11-24")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


@pytest.mark.parametrize(
    "broken", ["{", "", "[]", "3", '"text"', "null", "[" * 100_000, '{"age": NaN}', "\ufeff{"]
)
def test_broken_json_is_told_without_a_traceback(broken: str, tmp_path: Path) -> None:
    done = run("evaluate", case_file(tmp_path, broken))
    assert done.returncode == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_field_that_stands_twice_is_told(tmp_path: Path) -> None:
    done = run("evaluate", case_file(tmp_path, '{"coverages": [{"kind": "va", "kind": "chip"}]}'))
    assert done.returncode == 1
    assert "kind stands twice" in done.stderr


def test_a_number_of_thousands_of_digits_is_told(tmp_path: Path) -> None:
    done = run("evaluate", case_file(tmp_path, '{"age": ' + "9" * 5000 + "}"))
    assert done.returncode == 1
    assert "too large" in done.stderr
    assert "Traceback" not in done.stderr


def test_standard_input_may_begin_with_a_mark() -> None:
    assert run_apart("evaluate", "-", stdin="\ufeff" + json.dumps(CASE)).returncode == 0


def test_a_fault_of_the_whole_case_does_not_repeat_its_answers(tmp_path: Path) -> None:
    done = run("evaluate", case_file(tmp_path, {**CASE, "denial": {"coverage": 4}}))
    assert "denial.coverage is 4" in done.stderr
    assert "passive" not in done.stderr


@pytest.mark.parametrize("output", ["no_such_folder/x", "."])
@pytest.mark.parametrize(
    "command",
    [
        ("calendar", "CASE", "-o"),
        ("sample", "--rows", "3", "-o"),
        ("papers", "CASE", "--kind", "docx", "-o"),
    ],
    ids=lambda c: c[0],
)
def test_an_output_that_cannot_be_written_is_told(
    command: tuple[str, ...], output: str, tmp_path: Path
) -> None:
    denied = {**CASE, "stage": "denied", "denial": {"notice_date": "2026-11-01"}}
    file = case_file(tmp_path, denied)
    target = tmp_path / output
    if command[0] == "papers":  # papers make their folder; a file of that name is in the way
        target = tmp_path / "taken"
        target.write_text("x")
    arguments = [file if a == "CASE" else a for a in command]
    done = run(
        *arguments, str(target), *(() if command[0] == "sample" else ("--today", "2026-11-24"))
    )
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_and_a_reader_who_leaves_are_no_crash(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rules", "evaluate", case_file(tmp_path, CASE)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        reader.stdout.close()
        assert reader.stderr is not None
        assert reader.stderr.read() == b""
    assert reader.returncode == 0


def test_a_locale_without_letters_is_no_crash(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rules", "evaluate", case_file(tmp_path, CASE), "--format", "text", "--full"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "’" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("day", ["20261124", "2026-W48-2", "9999-12-31", "0001-01-01", ""])
@pytest.mark.parametrize("command", ["evaluate", "costs"])
def test_today_is_a_plain_day_of_our_time(day: str, command: str, tmp_path: Path) -> None:
    done = run(command, case_file(tmp_path, CASE), "--today", day)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_name_that_is_not_known_is_no_name_in_a_letter() -> None:
    assert Names.of({"patient_name": None}).patient_name == ""
    with pytest.raises(ValueError, match="object"):
        Names.of(["x"])  # type: ignore[arg-type]


def test_an_empty_denial_is_no_denial() -> None:
    """Every key may be null: a form that writes all its fields must not turn silence into a no."""
    empty = {"notice_date": None, "level": None, "urgent": None}
    counts = {"antidepressants_failed": None}
    assert evaluate({**CASE, "denial": empty, "treatment_counts": counts}) == evaluate(CASE)


def test_binary_and_missing_files_are_told(tmp_path: Path) -> None:
    junk = tmp_path / "junk.json"
    junk.write_bytes(bytes(range(256)) * 40)
    for name in (str(junk), str(tmp_path / "nowhere.json"), str(tmp_path)):
        done = run("evaluate", name)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(300_000_000)
    done = run("evaluate", str(huge))
    assert done.returncode == 1
    assert "too large" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("evalate", "x"),
        ("evaluate",),
        ("evaluate", "x", "--today", "tomorrow"),
        ("schema", "x"),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2


@pytest.mark.parametrize("what", ["case", "result"])
def test_schema_is_json_schema(what: str) -> None:
    schema = json.loads(run("schema", what).stdout)
    assert schema["type"] == "object"
    assert {"case": "coverages", "result": "paths"}[what] in schema["properties"]


def test_check_is_green_and_counts() -> None:
    done = run("check")
    assert done.returncode == 0, done.stderr
    assert "no faults" in done.stdout


def test_sources_lists_every_fact_with_its_confidence() -> None:
    lines = run("sources").stdout.splitlines()
    assert lines[0].split("\t")[:4] == ["file", "place", "confidence", "seen"]
    assert len(lines) > 3000
    unchecked = run("sources", "--unchecked").stdout.splitlines()[1:]
    assert 0 < len(unchecked) < len(lines)
    assert all(
        line.split("\t")[2] == "recalled" or line.split("\t")[3] == "no" for line in unchecked
    )
    old = run("sources", "--older-than", "730", "--today", "2026-11-24").stdout.splitlines()[1:]
    assert 0 < len(old) < len(lines)


def test_the_example_of_the_interface_is_answered_for_its_parts() -> None:
    result = evaluate(CASE)
    path = next(p for p in result.paths if p.id == "employer.cigna.esketamine.prior_authorization")
    assert path.outlook == "possible"
    assert path.criteria
    assert path.sources
    assert path.next_steps


def test_a_broken_record_is_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from rules import rule_book_files
    from rules.__main__ import main
    from rules.schema.files import RECORDS

    broken = tmp_path / "records"
    shutil.copytree(RECORDS, broken)
    aetna = broken / "payers" / "aetna.yaml"
    aetna.write_text(aetna.read_text(encoding="utf-8").replace("policies:", "polices:", 1), "utf-8")
    monkeypatch.setenv("KETAPATH_CACHE", str(tmp_path / "cache"))

    def load(*_: object) -> Book:
        return rule_book_files.build_book(broken)

    monkeypatch.setattr("rules.evaluation.load_rules", load)
    case = tmp_path / "case.json"
    case.write_text("{}", encoding="utf-8")
    assert main(["evaluate", str(case)]) == 1
    said = capsys.readouterr().err
    assert "payers/aetna.yaml" in said
    assert "polices" in said
    assert "Traceback" not in said
