"""The parsed copy of the rule book: whatever befalls it, the book is that of the records."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from benchmarks.attack.cache import COPIES, Sound, few_records, harm, sound, ways
from rules import rule_book_files as loading
from rules.rule_book import Book, RuleBookError
from rules.rule_book_files import build_book, load_rules
from rules.schema.files import RECORDS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few_records(tmp_path_factory.mktemp("few") / "records")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the copy: empty, and of this test alone."""
    place = tmp_path / "cache"
    monkeypatch.setenv("KETAPATH_CACHE", str(place))
    return place


@pytest.fixture
def root(small: Path, tmp_path: Path) -> Path:
    """The few records once more, for a test that changes them."""
    copied = tmp_path / "records"
    shutil.copytree(small, copied)
    return copied


def load(root: Path) -> Book:
    """Load as a fresh process does."""
    load_rules.cache_clear()
    return load_rules(root)


def told(book: Book) -> Any:
    """All that a book says, with the types of its values."""
    return repr(book.records), book.version


def warm(root: Path, folder: Path) -> Path:
    load(root)
    (copy,) = folder.iterdir()
    return copy


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Each reading of the records themselves is noted here."""
    noted: list[Path] = []
    real = loading._read

    def noting(root: Path) -> Any:
        noted.append(root)
        return real(root)

    monkeypatch.setattr(loading, "_read", noting)
    return noted


def test_the_copy_of_the_whole_book_says_what_the_records_say(
    folder: Path, read_again: list[Path]
) -> None:
    first = load(RECORDS)
    assert read_again == [RECORDS]
    second = load(RECORDS)
    assert read_again == [RECORDS]  # from the copy
    assert told(second) == told(first) == told(build_book())


def test_the_copy_is_data_for_its_owner_alone(small: Path, folder: Path) -> None:
    copy = warm(small, folder)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    copy.read_bytes().decode("ascii")
    assert [p.name for p in folder.iterdir()] == [copy.name]


def test_nothing_in_the_project_unpickles() -> None:
    """A pickle runs what it holds: no module of rules or wizard may take one."""
    for path in (*ROOT.glob("rules/**/*.py"), *ROOT.glob("wizard/**/*.py"), ROOT / "app.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(pickle|marshal|shelve)\b|\b(eval|exec)\(", text), path


# --- damage -------------------------------------------------------------------------------------------


WAYS = dict(ways(50, 7))


@pytest.fixture(scope="module", params=COPIES, ids=lambda copy: copy.name)
def whole(
    request: pytest.FixtureRequest, small: Path, tmp_path_factory: pytest.TempPathFactory
) -> Sound:
    return sound(request.param, small, tmp_path_factory.mktemp("sound"))


@pytest.mark.parametrize("way", WAYS)
def test_no_damage_does_harm(way: str, whole: Sound, tmp_path: Path) -> None:
    """The right book all the same, nothing planted runs, and the copy is written anew."""
    assert harm(whole, tmp_path / "cache", WAYS[way]) == ""


@pytest.mark.parametrize("way", ["changed: a wrong crisis line", "changed: other ages"])
def test_harm_is_seen_where_a_seal_is_not_held_against_its_content(
    way: str, whole: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def believed(path: Path, _: str) -> Any:
        return json.loads(path.read_bytes().partition(b"\n")[2])

    monkeypatch.setattr(loading, "_sealed", believed)
    assert harm(whole, tmp_path / "cache", WAYS[way]) == "another rule book"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners of files here")
@pytest.mark.parametrize("mode", [0o666, 0o622, 0o644])
def test_a_copy_open_to_others_is_not_believed(
    mode: int, small: Path, folder: Path, read_again: list[Path]
) -> None:
    copy = warm(small, folder)
    copy.chmod(mode)
    read_again.clear()
    load(small)
    assert read_again == [small]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "error", [MemoryError, RecursionError, OverflowError, UnicodeError, OSError]
)
def test_any_error_with_the_copy_means_the_records(
    error: type[Exception], small: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = told(build_book(small))
    warm(small, folder)

    def fails(*_: Any) -> Any:
        raise error("no")

    monkeypatch.setattr(loading.json, "loads", fails)
    assert told(load(small)) == right


# --- another time, another place --------------------------------------------------------------------------


def test_an_older_copy_is_not_taken_for_a_new_one(root: Path, folder: Path) -> None:
    copy = warm(root, folder)
    older = copy.read_bytes()
    payer = root / "payers/aetna.yaml"
    payer.write_text(
        payer.read_text(encoding="utf-8").replace("name: Aetna", "name: Other"), "utf-8"
    )
    changed = load(root)
    assert changed.payers["aetna"].name.startswith("Other")
    copy.write_bytes(older)
    copy.chmod(0o600)
    assert told(load(root)) == told(changed)


def test_a_record_edited_with_the_same_size_and_time_is_noticed(root: Path, folder: Path) -> None:
    warm(root, folder)
    payer = root / "payers/aetna.yaml"
    before = payer.stat()
    payer.write_text(
        payer.read_text(encoding="utf-8").replace("name: Aetna", "name: Anaet"), "utf-8"
    )
    os.utime(payer, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (payer.stat().st_size, payer.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert load(root).payers["aetna"].name.startswith("Anaet")


def test_a_record_taken_away_or_renamed_is_noticed(root: Path, folder: Path) -> None:
    warm(root, folder)
    (root / "states/ct.yaml").unlink()
    assert load(root).states == {}
    (root / "payers/aetna.yaml").rename(root / "payers/other.yaml")
    with pytest.raises(RuleBookError, match="the file is called other"):
        load(root)


def test_a_fault_in_a_record_is_told_although_there_is_a_copy(root: Path, folder: Path) -> None:
    warm(root, folder)
    with (root / "payers/aetna.yaml").open("a", encoding="utf-8") as file:
        file.write("no_such_key: 1\n")
    with pytest.raises(RuleBookError, match=r"payers/aetna\.yaml.*no_such_key"):
        load(root)


def test_other_code_reads_the_records_again(
    small: Path, folder: Path, read_again: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm(small, folder)
    monkeypatch.setattr(loading, "_code_digest", lambda: "other code")
    read_again.clear()
    load(small)
    assert read_again == [small]


def test_a_record_changed_while_it_was_read_is_not_kept(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer = root / "payers/aetna.yaml"
    text = payer.read_text(encoding="utf-8")
    real = loading._read

    def changed_midway(place: Path) -> Any:
        found = real(place)
        payer.write_text(text.replace("name: Aetna", "name: Other"), "utf-8")
        return found

    monkeypatch.setattr(loading, "_read", changed_midway)
    load(root)
    assert not folder.exists()
    monkeypatch.undo()
    monkeypatch.setenv("KETAPATH_CACHE", str(folder))
    assert load(root).payers["aetna"].name.startswith("Other")


# --- no place for a copy ----------------------------------------------------------------------------------


def test_without_a_place_for_the_copy_the_records_are_read(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = told(build_book(small))
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("not a folder", "utf-8")
    for place in (in_the_way, in_the_way / "below", Path("/proc/no-such-place")):
        monkeypatch.setenv("KETAPATH_CACHE", str(place))
        assert told(load(small)) == right


def test_a_folder_that_cannot_be_written_is_left_as_it_is(
    small: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = told(build_book(small))
    folder.mkdir()

    def refused(*_: Any, **__: Any) -> Any:
        raise PermissionError("read-only")

    monkeypatch.setattr(loading.tempfile, "mkstemp", refused)
    assert told(load(small)) == right
    assert list(folder.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_copy_and_nothing_else(
    small: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = warm(small, folder)
    before = copy.read_bytes()
    monkeypatch.setattr(loading, "_code_digest", lambda: "other code")

    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loading.os, "replace", full)
    assert told(load(small)) == told(build_book(small))
    assert list(folder.iterdir()) == [copy]
    assert copy.read_bytes() == before


@pytest.fixture(autouse=True)
def _the_real_book_afterwards() -> Any:
    yield
    load_rules.cache_clear()
