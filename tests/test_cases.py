"""Every example of `tests/cases/` gives what its author typed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from rules import evaluate, read_case
from rules.schema.files import RECORDS
from tests.cases_of import CASES, TODAY, assert_example, examples, plain
from tests.example_model import (
    HISTORIES,
    OTHER_SHAPES,
    SCHEMA,
    Example,
    ExampleFault,
    names,
    read_examples,
    schema_text,
)

FILES = [name for name in names() if name not in OTHER_SHAPES]
# Folders whose files are called as the records that they are about.
MIRRORS = ("appeals", "payers", "programs", "states", "ways_to_pay")


def _all() -> list[Any]:
    return [pytest.param(e, id=f"{name}:{e.id}") for name in FILES for e in examples(name)]


@pytest.mark.parametrize("example", _all())
def test_example(example: Example) -> None:
    case = read_case(plain(example.case), example.today)
    assert_example(evaluate(case, today=example.today), example.expect)


def test_names_of_examples_are_unique() -> None:
    found = [e.id for name in FILES for e in examples(name)]
    assert len(found) == len(set(found))


def test_a_file_in_a_folder_is_called_like_the_record_that_it_is_about() -> None:
    folders = {p.name for p in CASES.iterdir() if p.is_dir()}
    assert folders == set(MIRRORS)
    nameless = [n for n in names() if "/" in n and not (RECORDS / f"{n}.yaml").exists()]
    assert nameless == []


def test_every_shared_history_is_used() -> None:
    typed = "\n".join(p.read_text(encoding="utf-8") for p in CASES.rglob("*.yaml"))
    shared = [
        line.partition(":")[0]
        for line in (CASES / f"{HISTORIES}.yaml").read_text(encoding="utf-8").splitlines()
        if line and line[0].isalpha()
    ]
    unused = [n for n in shared if not any(f"like: {n}{end}" in typed for end in ("}", ",", "\n"))]
    assert shared
    assert unused == []


# --- a misspelt wish is a fault ---------------------------------------------------------------

SOUND = """\
- id: first
  says: An example that can be read.
  case: {like: somebody, coverages: [{kind: employer, payer: cigna}]}
  expect: {safety: false}
- id: second
  says: Another one.
  today: 2026-11-28
  case:
    like: somebody
    coverages:
    - {kind: employer, payer: aetna}
    denial:
      notice_date: 2026-11-01
  expect:
    not_asked: [age]
    best_is_not: ["*.court"]
    paths:
      employer.aetna.esketamine.prior_authorization:
        outlook: possible
        criteria: {adult: met}
        deadline: 2027-05-01
"""
SOMEBODY = "somebody: {age: 42, state: OH, health: {like: healthy}}\nhealthy: {psychosis: false}\n"

# What is typed instead of what, the line, the place, and the nearest valid word.
MISSPELT = [
    ("not_asked: [age]", "not_aksed: [age]", 15, "1.expect.not_aksed", "not_asked"),
    ("expect: {safety: false}", "expect: {saftey: false}", 4, "0.expect.saftey", "safety"),
    ("best_is_not:", "best_is_nt:", 16, "1.expect.best_is_nt", "best_is_not"),
    ("    paths:", "    path:", 17, "1.expect.path", "paths"),
    ("        outlook: possible", "        outlok: possible", 19,
     "1.expect.paths.employer.aetna.esketamine.prior_authorization.outlok", "outlook"),
    ("outlook: possible", "outlook: posible", 19,
     "1.expect.paths.employer.aetna.esketamine.prior_authorization.outlook", "possible"),
    ("criteria: {adult: met}", "criteria: {adult: mett}", 20,
     "1.expect.paths.employer.aetna.esketamine.prior_authorization.criteria.adult", "met"),
    ("  says: Another one.", "  say: Another one.", 6, "1.say", "says"),
    ("  today: 2026-11-28", "  to_day: 2026-11-28", 7, "1.to_day", "today"),
    ("      notice_date:", "      notise_date:", 13, "1.case.denial.notise_date", "notice_date"),
    ("payer: aetna}", "payr: aetna}", 11, "1.case.coverages.0.payr", "payer"),
    ("{kind: employer, payer: aetna}", "{kind: emploier, payer: aetna}", 11,
     "1.case.coverages.0.kind", "employer"),
    ("    like: somebody\n", "    like: somebdy\n", 9, "1.case.like", "somebody"),
    ("    like: somebody\n", "    liek: somebody\n", 9, "1.case.liek", ""),
]  # fmt: skip
UNREADABLE = [
    ("deadline: 2027-05-01", "deadline: soon", 21, "date"),
    ("not_asked: [age]", "not_asked: age", 15, "list"),
    ("{safety: false}", '{safety: "no"}', 4, "boolean"),
    ("  says: Another one.\n", "", 5, "Field required"),
    ("notice_date: 2026-11-01", "notice_date: 2026-12-01", 13, "after today"),
    ("    not_asked: [age]\n", "    not_asked: [age]\n    not_asked: [age]\n", 16, "stands twice"),
    ("case: {like: somebody,", "case: {<<: &x {age: 3}, a: *x,", 3, "instead of an anchor"),
]


def read_with(root: Path, old: str, new: str) -> list[Any]:
    (root / f"{HISTORIES}.yaml").write_text(SOMEBODY, encoding="utf-8")
    assert old in SOUND
    (root / "sound.yaml").write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    return read_examples("sound", root)


def test_a_sound_example_is_read_with_all_that_it_is_like(tmp_path: Path) -> None:
    first, second = read_with(tmp_path, "", "")
    told = {"age": 42, "state": "OH", "health": {"psychosis": False}}
    assert first.case == {**told, "coverages": [{"kind": "employer", "payer": "cigna"}]}
    assert first.today == TODAY
    assert second.expect.paths["employer.aetna.esketamine.prior_authorization"].asks("deadline")


@pytest.mark.parametrize(("old", "new", "line", "place", "nearest"), MISSPELT)
def test_a_misspelt_word_is_told_with_its_line_and_the_nearest_one(
    old: str, new: str, line: int, place: str, nearest: str, tmp_path: Path
) -> None:
    with pytest.raises(ExampleFault) as fault:
        read_with(tmp_path, old, new)
    assert str(fault.value).startswith(f"sound.yaml:{line}: {place}: ")
    assert nearest in str(fault.value).partition(f"{place}: ")[2]


@pytest.mark.parametrize(("old", "new", "line", "says"), UNREADABLE)
def test_what_cannot_be_read_is_told_with_its_line(
    old: str, new: str, line: int, says: str, tmp_path: Path
) -> None:
    with pytest.raises(ExampleFault) as fault:
        read_with(tmp_path, old, new)
    assert str(fault.value).startswith(f"sound.yaml:{line}: ")
    assert says in str(fault.value)


def test_a_person_who_is_like_herself_is_told(tmp_path: Path) -> None:
    read_with(tmp_path, "", "")
    (tmp_path / "round").mkdir()
    for name in (f"{HISTORIES}.yaml", "sound.yaml"):
        shutil.copy(tmp_path / name, tmp_path / "round" / name)
    with (tmp_path / "round" / f"{HISTORIES}.yaml").open("a", encoding="utf-8") as file:
        file.write("me: {like: you}\nyou: {like: me}\n")
    text = SOUND.replace("like: somebody,", "like: me,", 1)
    (tmp_path / "round" / "sound.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ExampleFault, match=r"sound\.yaml:3: 0\.case\.like: me is like itself"):
        read_examples("sound", tmp_path / "round")


def test_a_misspelt_wish_in_the_other_shapes_is_a_fault(tmp_path: Path) -> None:
    for name, wish in (
        ("coordination", "expect_ordr"),
        ("money", "resullt"),
        ("eligibility", "exspect"),
        ("people", "sayss"),
    ):
        text = (CASES / f"{name}.yaml").read_text(encoding="utf-8")
        right = {
            "coordination": "expect_order", "money": "result", "eligibility": "expect",
            "people": "says",
        }[name]  # fmt: skip
        (tmp_path / f"{name}.yaml").write_text(
            text.replace(f"  {right}:", f"  {wish}:", 1), "utf-8"
        )
        shutil.copy(CASES / f"{HISTORIES}.yaml", tmp_path)
        with pytest.raises(ExampleFault, match=f"{wish}; nearest: {right}"):
            read_examples(name, tmp_path)


# --- what an editor knows ---------------------------------------------------------------------


def test_the_schema_of_an_example_is_fresh() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), (
        "run `python -m tests.example_model`"
    )


def test_every_file_of_examples_names_its_schema() -> None:
    for name in FILES:
        first = (CASES / f"{name}.yaml").read_text(encoding="utf-8").partition("\n")[0]
        place = "../" * name.count("/") + SCHEMA.name
        assert first == f"# yaml-language-server: $schema={place}", name
