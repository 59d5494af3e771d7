"""What newcomers read first stays true: links, paths, commands, versions, forms and boxes."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import shutil
import textwrap
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules import evaluate, load_rules
from rules.__main__ import _parser, main
from rules.version import VERSION

ROOT = Path(__file__).parent.parent
DAY = dt.date(2026, 11, 28)
RECORDS = ROOT / "rules" / "records"
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *ROOT.glob("docs/**/*.md"),
    ]
)
TOP = ("rules/", "wizard/", "tests/", "docs/", "benchmarks/", "schemas/", ".github/", ".vscode/")
MADE_UP = "payers/prairie_health.yaml"  # the payer of docs/add-a-payer.md
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"python -m rules ([a-z]+)")
BLOCK = re.compile(r"```yaml\n# rules/records/(\S+)\n(.*?)```", re.S)
INDENTED_FENCE = re.compile(r"^```.*?^```", re.S | re.M)

by_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return INDENTED_FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The headings of a page as addresses."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@by_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if link.startswith("https://"):  # nothing is asked of others in a test
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def paths_told(page: Path) -> Iterator[str]:
    for word in CODE.findall(prose(page)):
        if re.fullmatch(r"[\w./<>*\-]+", word) and word.startswith(TOP):
            yield word
        elif re.fullmatch(r"\w+/[\w<>*]+\.yaml|[a-z_]+\.yaml", word):
            yield f"rules/records/{word}"


@by_page
def test_every_path_that_is_told_exists(page: Path) -> None:
    gone = [
        told
        for told in paths_told(page)
        if not told.endswith(MADE_UP)
        and not any(ROOT.glob(re.sub(r"<\w+>", "*", told).rstrip("/")))
    ]
    assert gone == []


def commands() -> set[str]:
    parser = _parser()
    found = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return set(found.choices)


@by_page
def test_every_command_that_is_told_exists(page: Path) -> None:
    told = set(COMMAND.findall(page.read_text(encoding="utf-8")))
    assert told <= commands(), sorted(told - commands())


@by_page
def test_every_target_of_make_that_is_told_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z\-]+):", (ROOT / "Makefile").read_text(), re.M))
    text = page.read_text(encoding="utf-8")
    told = set(re.findall(r"`(?:\w+=\S+ )?make ([a-z\-]+)", text))
    told |= set(re.findall(r"^(?:\$ )?make ([a-z\-]+)", text, re.M))
    assert told <= targets, sorted(told - targets)


def test_the_parts_of_a_record_that_are_explained_stand_in_a_record() -> None:
    records = "\n".join(p.read_text(encoding="utf-8") for p in RECORDS.rglob("*.yaml"))
    told = 0
    for page in PAGES:
        for table in re.findall(r"^\| word \|.*\n\|.*\n((?:\|.*\n)+)", prose(page), re.M):
            for word in re.findall(r"^\| `([^`]+)`", table, re.M):
                told += 1
                assert re.search(rf"\b{re.escape(word)}\b", records), f"{page.name}: {word}"
    assert told > 20


def test_the_words_of_the_glossary_stand_in_the_code() -> None:
    files = [p for place in ("rules", "wizard") for p in (ROOT / place).rglob("*.py")]
    code = "\n".join(p.read_text(encoding="utf-8") for p in files)
    glossary = ROOT / "docs" / "glossary-of-the-code.md"
    words = [w for w in CODE.findall(prose(glossary)) if re.fullmatch(r"\w+", w)]
    assert len(words) > 20
    for word in words:
        assert re.search(rf"\b{word}\b", code), word


def fenced(name: str, language: str = "") -> list[str]:
    """The blocks of a page that are written in a language; none: output of a command."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text, re.S | re.M)
    return [textwrap.dedent(block) for word, block in blocks if word == language]


def test_the_first_answer_of_the_docs_is_what_is_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case.json"
    case.write_text(fenced("index.md", "json")[0])
    assert main(["evaluate", str(case), "--format", "text", "--today", "2026-11-28"]) == 0
    report = capsys.readouterr().out.splitlines()
    told = fenced("index.md")[-1].splitlines()
    assert len(told) == 2
    assert [line for line in told if line not in report] == []


def test_the_order_of_payers_of_the_docs_is_the_order() -> None:
    case, told = (json.loads(block) for block in fenced("coordination.md", "json"))
    places = evaluate(case, DAY).model_dump(mode="json")["payer_order"]
    assert {key: places[0][key] for key in told} == told
    asked = set(re.findall(r"`(coverages\[\d\]\.\w+)`", prose(ROOT / "docs" / "coordination.md")))
    del case["coverages"][1]["active_employee"], case["coverages"][1]["employees"]
    places = evaluate(case, DAY).model_dump(mode="json")["payer_order"]
    assert {place["position"] for place in places} == {"undecided"}
    assert asked == {question for place in places for question in place["questions"]}


def test_the_fault_of_the_docs_is_what_the_checker_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *told = fenced("correct-a-rule.md")[0].splitlines()
    file = command.split()[-1]
    wrong = re.search(r"no such source: (\w+)", told[0])
    assert wrong is not None
    shutil.copytree(RECORDS, tmp_path / "records")
    record = tmp_path / "records" / file
    text = record.read_text(encoding="utf-8")
    record.write_text(re.sub(r"^  source: .*$", f"  source: {wrong[1]}", text, count=1, flags=re.M))
    assert main(["check", "--records", str(tmp_path / "records"), file]) == 1
    assert any_line("\n".join(told)) == any_line(capsys.readouterr().err.strip())


def any_line(text: str) -> str:
    """Without the numbers of lines: a comment on top of a file changes them."""
    return re.sub(r":\d+:", ":0:", text)


def test_the_payer_of_the_docs_passes_the_checker(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(RECORDS, tmp_path / "records")
    blocks = BLOCK.findall((ROOT / "docs" / "add-a-payer.md").read_text(encoding="utf-8"))
    assert len(blocks) == 2
    for name, text in blocks:
        with (tmp_path / "records" / name).open("a", encoding="utf-8") as file:
            file.write(text)
    payer = next(name for name, _ in blocks if name.startswith("payers/"))
    code = main(["check", "--records", str(tmp_path / "records"), payer, "--today", "2026-11-28"])
    assert code == 0, capsys.readouterr().err


def test_the_decisions_are_numbered_and_all_stand_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    files = sorted(p.name for p in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    assert LINK.findall((folder / "index.md").read_text(encoding="utf-8")) == files


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"]["attr"] == "rules.version.VERSION"
    assert re.fullmatch(rf"{re.escape(VERSION)}\.[0-9a-f]{{8}}", load_rules().version)
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(\d{4}\.\d{2})\]", changes, re.M)[0] == VERSION


def test_the_licenses_are_there() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    assert "creativecommons.org/licenses/by/4.0" in (RECORDS / "LICENSE").read_text()


def read_yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_workflow_runs_the_tests_with_no_rights_to_write() -> None:
    flow = read_yaml(".github/workflows/test.yml")
    assert flow["permissions"] == {"contents": "read"}
    job = flow["jobs"]["test"]
    assert "3.11" in job["strategy"]["matrix"]["python"]
    assert any("make test" in step.get("run", "") for step in job["steps"])
    assert "secrets." not in (ROOT / ".github/workflows/test.yml").read_text()


@pytest.mark.parametrize("form", ["wrong_rule", "fault"])
def test_a_form_keeps_the_health_of_people_out(form: str) -> None:
    found = read_yaml(f".github/ISSUE_TEMPLATE/{form}.yml")
    assert {"name", "description", "body"} <= set(found)
    assert (
        "Never put health details of a person into an issue"
        in found["body"][0]["attributes"]["value"]
    )
    ids = [part["id"] for part in found["body"] if "id" in part]
    assert len(ids) == len(set(ids))
    private = next(part for part in found["body"] if part.get("id") == "private")
    assert private["attributes"]["options"][0]["required"] is True
    for part in found["body"]:
        assert all(isinstance(o, (str, dict)) for o in part["attributes"].get("options", ()))


def test_a_wrong_rule_is_told_with_its_record_and_its_source() -> None:
    body = read_yaml(".github/ISSUE_TEMPLATE/wrong_rule.yml")["body"]
    needed = {p["id"] for p in body if p.get("validations", {}).get("required")}
    assert {"record", "says", "true_is", "source", "as_of"} <= needed


def test_the_box_can_write_nothing_and_is_nobody() -> None:
    box = read_yaml("compose.yaml")["services"]["ketapath"]
    assert box["read_only"] is True
    assert box["cap_drop"] == ["ALL"]
    assert box["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in box["ports"])
    assert [mount.split(":")[0] for mount in box["tmpfs"]] == ["/tmp"]
    assert "/_stcore/health" in box["healthcheck"]["test"][-1]
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in lines if line.startswith("USER ")][-1] not in ("root", "0")
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    copied = [
        line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line
    ]
    kept = [
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    ]
    for name in copied:
        assert (ROOT / name).exists(), name
        assert name in kept, name


def test_the_hooks_fetch_nothing() -> None:
    repos = read_yaml(".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    entries = [hook["entry"] for hook in repos[0]["hooks"]]
    assert all(entry.startswith(".venv/bin/") for entry in entries)
    assert {entry.split()[0].rsplit("/", 1)[1] for entry in entries} == {"ruff", "mypy", "python"}


def test_the_docs_fetch_nothing() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    site = yaml.safe_load(text)
    assert site["theme"]["font"] is False
    assert "analytics" not in text
    listed = set(re.findall(r"[\w\-/]+\.md", text))
    there = {p.relative_to(ROOT / "docs").as_posix() for p in ROOT.glob("docs/**/*.md")}
    assert listed == there


def test_every_record_has_one_schema_in_the_editor() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    schemas: dict[str, str] = settings["yaml.schemas"]
    used = set()
    for path in RECORDS.rglob("*.yaml"):
        name = path.relative_to(ROOT).as_posix()
        fits = [s for s, pattern in schemas.items() if fnmatch(name, pattern)]
        assert len(fits) == 1, name
        used.update(fits)
    assert used == set(schemas)
    for name in schemas:
        assert (ROOT / name).is_file(), name
