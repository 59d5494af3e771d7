"""The command line: exit codes, clear messages, no traceback, whatever comes in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rules import evaluate

CASE: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "employer", "payer": "Cigna", "funding": "fully_insured"}],
    "suicidal_thoughts": "passive",
}  # fmt: skip


def run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rules", *arguments],
        input=stdin, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def case_file(folder: Path, data: Any) -> str:
    path = folder / "case.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return str(path)


def test_evaluate_reads_standard_input() -> None:
    done = run("evaluate", "-", "--today", "2026-11-24", stdin=json.dumps(CASE))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["today"] == "2026-11-24"
    assert {"safety", "payer_order", "paths", "questions", "costs", "rules_version"} <= set(result)


def test_evaluate_as_text_can_be_read_aloud(tmp_path: Path) -> None:
    done = run("evaluate", case_file(tmp_path, CASE), "--format", "text")
    assert done.returncode == 0
    first = done.stdout.splitlines()[0]
    assert "988" in first  # before anything else
    assert "POSSIBLE" in done.stdout
    assert "_" not in done.stdout.split("Source:")[0].replace("coverages[0]", "")


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
