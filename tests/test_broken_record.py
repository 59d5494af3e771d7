"""A record at fault is told by file and line, by every command and by the wizard's start: no traceback."""

from __future__ import annotations

import argparse
import inspect
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from benchmarks.attack.cache import few_records
from rules import rule_book_files
from rules.commands.parser import build_parser
from rules.schema import files
from tests import command
from tests.journeys.conftest import free_port

ROOT = Path(__file__).parents[1]
BROKEN = "payers/aetna.yaml"
READS_NO_RECORD = {"schema"}  # tells what a record may hold, whatever the records hold
# What stands in the file, and the line that is told.
FAULTS: dict[str, tuple[Callable[[bytes], bytes], int]] = {
    "a key": (lambda b: b.replace(b"\npolicies:", b"\npolices:"), 10),
    "a bracket": (lambda b: b.replace(b"\npolicies:", b"\npolicies: [\n#"), 12),
    "not text": (lambda b: b"\xff\xfe" + b, 1),
    "empty": (lambda b: b"", 1),
}


def commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command, as the parser has it."""
    (action,) = (a for a in build_parser("")._actions if isinstance(a, argparse._SubParsersAction))
    yield from action.choices.items()


def value(action: argparse.Action, folder: Path) -> str:
    """Something that an argument takes; a new kind of argument is to be told here."""
    if action.choices:
        return str(next(iter(action.choices)))
    made = {
        "case": folder / "case.json", "table": folder / "people.csv", "output": folder / "out.csv",
        "long": folder / "long.csv", "rejects": folder / "rejects.csv",
        "names": folder / "names.json", "record": folder / "records" / BROKEN,
        "against": folder / "records" / BROKEN, "rows": 3, "seed": 1, "older_than": 1,
        "today": "2026-11-28", "path": "self.open.fsa", "numbers": "sessions=3",
        "records": folder / "records", "all": folder / "schemas",
    }  # fmt: skip
    return str(made[action.dest])


def asked(parser: argparse.ArgumentParser, folder: Path) -> Iterator[list[str]]:
    """The command with what it must have, and once more with each of its options."""
    least: list[str] = []
    for action in parser._actions:
        if not action.option_strings and action.nargs != "*":
            least.append(value(action, folder))
        elif action.option_strings and action.required:
            least += [action.option_strings[0], value(action, folder)]
    yield least
    for action in parser._actions:
        alone = {"help", "all", "records"}  # shows help; stands instead of the rest; is not told
        if not action.option_strings or action.required or action.dest in alone:
            continue
        for choice in action.choices or (None,):
            taken = [] if action.nargs == 0 else [str(choice or value(action, folder))]
            yield [*least, action.option_strings[0], *taken]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A few records, which every command takes for the rule book, and files to ask it about."""
    root = few_records(tmp_path / "records")
    (tmp_path / "case.json").write_text('{"age": 42, "state": "CT"}', "utf-8")
    (tmp_path / "names.json").write_text("{}", "utf-8")
    (tmp_path / "people.csv").write_text("age,state\n42,CT\n", "utf-8")
    monkeypatch.setenv("KETAPATH_CACHE", str(tmp_path / "cache"))
    for _, parser in commands():  # none may take the few records for good
        import_module(f"rules.commands.{parser.get_default('module')}")
    for module in [m for name, m in sys.modules.items() if name.partition(".")[0] == "rules"]:
        for function in vars(module).values():
            inner = inspect.unwrap(function) if inspect.isroutine(function) else function
            given: tuple[Any, ...] = getattr(inner, "__defaults__", None) or ()
            if files.RECORDS in given:
                changed = tuple(root if d == files.RECORDS else d for d in given)
                monkeypatch.setattr(inner, "__defaults__", changed)
        if getattr(module, "RECORDS", None) == files.RECORDS and module is not files:
            monkeypatch.setattr(module, "RECORDS", root)
    monkeypatch.setattr(files, "RECORDS", root)
    rule_book_files.load_rules.cache_clear()
    yield tmp_path
    rule_book_files.load_rules.cache_clear()


def test_there_are_commands_to_try() -> None:
    assert len(dict(commands())) >= 10


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", [n for n, _ in commands()])
def test_every_command_tells_a_record_at_fault(name: str, fault: str, folder: Path) -> None:
    change, line = FAULTS[fault]
    path = folder / "records" / BROKEN
    path.write_bytes(change(path.read_bytes()))
    parser = dict(commands())[name]
    every = list(asked(parser, folder))
    for arguments in every if fault == "a key" else every[:1]:
        done = command.run(name, *arguments)
        if name in READS_NO_RECORD:
            assert done.returncode == 0
            continue
        assert done.returncode == 1, arguments
        assert f"{BROKEN}:{line}: " in done.stderr, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
    assert not (folder / "out.csv").exists()


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="starts a server")
def test_the_wizard_does_not_start_on_a_record_at_fault(tmp_path: Path) -> None:
    for name in ("rules", "wizard", ".streamlit"):
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=leave)
    shutil.copy(ROOT / "app.py", tmp_path)
    path = tmp_path / "rules/records" / BROKEN
    path.write_bytes(FAULTS["a key"][0](path.read_bytes()))
    run = partial(subprocess.run, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    told = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port())]
    done = run(told, env={**os.environ, "KETAPATH_CACHE": str(tmp_path / "cache")}, check=False)
    assert done.returncode == 1
    assert f"{BROKEN}:10: polices: unknown key" in done.stderr
    assert "Traceback" not in done.stderr
