"""What is installed: what the lists choose, at one version, each file held against its hash."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.supply import audit, locked, plain_name

ROOT = Path(__file__).parents[1]
LISTS = sorted(
    p.with_suffix("") for folder in ("", "benchmarks/") for p in ROOT.glob(f"{folder}*.lock")
)
CHOSEN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")


def lock(name: str) -> dict[str, set[str]]:
    """Package -> its versions (more than one where Pythons differ) in the lock of a list."""
    found: dict[str, set[str]] = {}
    for one in locked(ROOT / f"{name}.lock"):
        found.setdefault(one.name, set()).add(one.version)
    return found


def chosen(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {plain_name(m[1]): m[2] for line in lines if (m := CHOSEN.match(line))}


def test_every_list_has_a_lock() -> None:
    lists = [*ROOT.glob("requirements*.txt"), *ROOT.glob("benchmarks/requirements*.txt")]
    lists.remove(ROOT / "requirements-left-out.txt")
    assert sorted(p.with_suffix("") for p in lists) == LISTS
    assert len(LISTS) >= 6


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_lock_agrees_with_its_list(path: Path) -> None:
    versions = lock(path.relative_to(ROOT).as_posix())
    wanted = chosen(path.with_suffix(".txt"))
    assert wanted
    assert {name: versions.get(name) for name in wanted} == {n: {v} for n, v in wanted.items()}


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_list_pins_every_line_and_says_why(path: Path) -> None:
    for line in path.with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith(("#", "-r ")) or CHOSEN.match(line), line


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_line_of_a_lock_is_a_pin_with_hashes(path: Path) -> None:
    """`locked` takes nothing else: no index, no link, no option, no version that is open."""
    found = locked(path.with_suffix(".lock"))
    assert [one.name for one in found if not one.hashes] == []
    assert "://" not in path.with_suffix(".lock").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "six @ https://example.org/six.whl",
        "six>=1.17.0 \\",
        "six==1.17.0",
        "    --hash=md5:0123",
    ],
)
def test_a_line_that_is_no_pin_with_a_hash_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    path.write_text(f"six==1.17.0 \\\n    --hash=sha256:{'0' * 64}\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.lock"):
        locked(path)


def test_what_is_tested_is_what_runs() -> None:
    """Tests, docs, engines and Spark come on top of what runs, and change none of it."""
    runs = lock("requirements")
    for path in LISTS:
        name = path.relative_to(ROOT).as_posix()
        if name == "requirements-tools":
            continue  # in an environment of its own
        other = lock(name)
        differing = {p for p in other if p in runs and other[p] - runs[p]}
        assert not differing, name
    assert runs.items() <= lock("requirements-dev").items()


def test_what_is_left_out_is_in_no_lock_that_runs() -> None:
    text = (ROOT / "requirements-left-out.txt").read_text(encoding="utf-8")
    left_out = {line.split()[0] for line in text.splitlines() if line[:1] not in ("", "#")}
    assert left_out >= {"altair", "pydeck"}
    assert not left_out & {*lock("requirements"), *lock("requirements-dev")}


def test_both_commands_and_the_box_install_from_the_lock_alone() -> None:
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    box = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    (how,) = re.findall(r"^INSTALL := (.*)$", make, re.MULTILINE)
    (in_box,) = re.findall(r"&& pip .*", box)
    for command in (how, in_box):
        assert {"--require-hashes", "--no-deps"} <= set(command.split())
        assert "--only-binary :all:" in command
    assert in_box.split()[-1] == "requirements.lock"
    installs = [line for line in make.splitlines() if "pip install" in line]
    assert len(installs) == 1, "everything is installed by INSTALL"
    files = re.findall(r"\(INSTALL\).* -r (\S+)", make)
    assert len(files) >= 5
    assert all((ROOT / name).exists() and name.endswith(".lock") for name in files)


# --- the audit ----------------------------------------------------------------------------------------


def found(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


SOUND = {"name": "us", "version": "4.0.0", "vulns": []}
UNKNOWN = {"name": "six", "version": "1.17.0", "skip_reason": "not found"}
OPEN = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}


@pytest.mark.parametrize(
    ("written", "code", "told"),
    [
        (found(SOUND), 0, "0 known vulnerabilities in 1 packages that were looked up."),
        (found(SOUND, UNKNOWN), 0, "Of 1 others the service knows nothing."),
        (found(UNKNOWN), 0, "0 known vulnerabilities in 0 packages"),
        (found(SOUND, OPEN), 1, "x 1: PYSEC-1, mended in 1.1"),
        (None, 0, "gave no answer"),
    ],
)
def test_an_audit_fails_for_what_is_found_and_says_what_is_not_known(
    written: str | None, code: int, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "audit.json"
    if written is not None:
        path.write_text(written, encoding="utf-8")
    lines, left = audit(path)
    assert left == code
    assert told in "\n".join(lines)
