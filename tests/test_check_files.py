"""A record file that is no record, whatever it is: told with file and line, never a traceback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rules.checks.run import check_records
from rules.rule_book_files import load_rules
from rules.schema.files import RECORDS
from rules.schema.yaml_reader import Fault, RecordFile, read_record_file
from tests.command import run

SOUND = b"id: humana\nname: Humana\n"

# What stands in the file, on which line it is told, and what is said of it.
CONTENT = [
    (SOUND + b"states: {NO: 4}\n", 3, "write 'NO' in quotes"),
    (SOUND + b"states: {2: 4}\n", 3, "write '2' in quotes"),
    (SOUND + b"~: 4\n", 3, "write '~' in quotes"),
    (SOUND + b"[a, b]: 4\n", 3, "a key is one word"),
    (SOUND + b"note: caf\xe9\n", 3, "not UTF-8"),
    (SOUND.decode().encode("utf-16"), 1, "not UTF-8"),
    (SOUND + b"note: a\x00b\n", 3, "a sign stands here that no text holds"),
    (SOUND + b"note: a\x1bb\n", 3, "a sign stands here that no text holds"),
    (SOUND + b"states: &all [*all]\n", 3, "write it out"),
    (b"a: &a {b: 1}\n" + SOUND + b"c: *a\n", 4, "write it out"),
    (b"a: &a {b: 1}\n" + SOUND + b"<<: *a\n", 4, "no `<<`"),
    (SOUND + b"states: " + b"[" * 1_000_000, 3, "more than 60 parts within parts"),
    (SOUND + b"- " * 2_000, 3, ""),
    (b"\n".join(b" " * i + b"a:" for i in range(700)), 61, "more than 60 parts within parts"),
    (SOUND + b"number: " + b"9" * 10_000, 3, "too large"),
    (SOUND + b"number: 1:30\n", 3, "another number"),
    (SOUND + b"number: 0x1F\n", 3, "another number"),
    (SOUND + b"number: .nan\n", 3, "another number"),
    (SOUND + b"note: !!python/name:os.system x\n", 3, "a tag (`!`)"),
    (SOUND + b"note: !!binary aGk=\n", 3, "a tag (`!`)"),
    (SOUND + b"note: !!bool x\n", 3, "true or false"),
    (SOUND + b"name: Twice\n", 3, "this key stands twice"),
    (SOUND + b"\tnote: x\n", 3, "a tab stands here"),
    (SOUND + b"---\n" + SOUND, 3, "another document"),
    (SOUND + b"note: *nobody\n", 3, "undefined alias"),
    (b"", 1, "the file is empty"),
    (b"# nothing\n", 1, "the file is empty"),
]


@pytest.mark.parametrize(("content", "line", "told"), CONTENT)
def test_what_stands_in_a_file_is_told_on_its_line(
    content: bytes, line: int, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "humana.yaml"
    path.write_bytes(content)
    found = read_record_file(path, "payers/humana.yaml")
    assert isinstance(found, Fault)
    assert (found.file, found.line) == ("payers/humana.yaml", line)
    assert told in found.message


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf" + SOUND, SOUND.replace(b"\n", b"\r\n"), SOUND + b"a: &x 1\nb: *x\n"]
)
def test_what_harms_nothing_is_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "humana.yaml"
    path.write_bytes(content)
    found = read_record_file(path, "payers/humana.yaml")
    assert isinstance(found, RecordFile)
    assert found.data["name"] == "Humana"


def _link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing.yaml")


def _link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def _link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _list(path: Path) -> None:
    path.write_text("- id: humana\n", encoding="utf-8")


def _word(path: Path) -> None:
    path.write_text("humana\n", encoding="utf-8")


NO_FILES: list[Callable[[Path], None]] = [
    Path.mkdir, _link_to_nothing, _link_to_itself, _link_to_a_device, _pipe, _list, _word,
]  # fmt: skip


@pytest.fixture
def few_records(tmp_path: Path) -> Path:
    shutil.copytree(RECORDS / "shared", tmp_path / "shared")
    shutil.copytree(RECORDS / "sources", tmp_path / "sources")
    (tmp_path / "payers").mkdir()
    shutil.copy(RECORDS / "payers/cigna.yaml", tmp_path / "payers")
    return tmp_path


@pytest.mark.parametrize("make", NO_FILES)
def test_what_is_no_file_of_records_is_told(
    make: Callable[[Path], None], few_records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETAPATH_CACHE", str(few_records / "cache"))
    make(few_records / "payers/humana.yaml")
    for only in ((), ("payers/humana.yaml",), ("payers/cigna.yaml",)):
        told = {f.file: f for f in check_records(few_records, only=only)}
        assert told["payers/humana.yaml"].line == 1
    with pytest.raises(Exception, match=r"payers/humana\.yaml:1: ") as raised:
        load_rules(few_records)
    assert type(raised.value).__name__ == "RuleBookError"


def test_the_command_tells_it_without_a_traceback(few_records: Path) -> None:
    (few_records / "payers/humana.yaml").mkdir()
    done = run("check", "--records", str(few_records))
    assert done.returncode == 1
    assert "payers/humana.yaml:1: not a file" in done.stderr
    assert "Traceback" not in done.stderr
