"""Faults planted in copies of the records, one at a time: is each told, with its file and its line?

A seed picks where each kind of `plant_kinds` is planted. The records themselves are never touched.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from rules.checks.run import check_records
from rules.schema.files import RECORDS
from rules.schema.yaml_reader import Fault

from .frame import Tried
from .plant_kinds import SEMANTIC, STRUCTURE, Kind

NEAR = 3  # lines between the fault and the line that is told
SHOWN = 12
CACHE = "KETAPATH_CACHE"


class Plant(NamedTuple):
    """A fault in a file: the text with it, and the line on which it stands."""

    kind: Kind
    file: str
    text: str
    line: int


def attack(size: int, seed: int) -> list[Tried]:
    """Plant each kind as often as 2,000 made-up cases go into `size`, and at least a few of them."""
    pick = random.Random(seed)
    found = []
    with _copies() as root:
        for what, kinds in (("structure", STRUCTURE), ("semantic", SEMANTIC)):
            rounds, few = divmod(size, 2_000)
            chosen = [*kinds] * rounds or pick.sample(kinds, max(2, few * len(kinds) // 2_000))
            found.append(_tried(what, root, chosen, pick))
    return found


@contextmanager
def _copies() -> Iterator[Path]:
    """A copy of the records, and a cache of its own for what is read of them."""
    before = os.environ.get(CACHE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[CACHE] = folder
        try:
            yield Path(shutil.copytree(RECORDS, Path(folder) / "records"))
        finally:
            if before is None:
                del os.environ[CACHE]
            else:
                os.environ[CACHE] = before


def _tried(what: str, root: Path, kinds: Sequence[Kind], pick: random.Random) -> Tried:
    missed = []
    for kind in kinds:
        plant = _plant(kind, root, pick)
        told = _told(plant, root)
        if not any(f.file == plant.file and abs(f.line - plant.line) <= NEAR for f in told):
            elsewhere = "; ".join(str(f) for f in told[:1]) or "nothing told"
            missed.append(f"{kind.name}, {plant.file}:{plant.line}: {elsewhere}")
    return Tried(what, len(kinds), len(missed), tuple(missed[:SHOWN]))


def _plant(kind: Kind, root: Path, pick: random.Random) -> Plant:
    """One place of those that the kind fits, a file at random and a place of it at random."""
    pattern = re.compile(rf"^{kind.old}", re.MULTILINE)
    files = sorted(root.glob(kind.files))
    for path in pick.sample(files, len(files)):
        if not kind.old:  # the file itself is the fault
            return Plant(kind, path.relative_to(root).as_posix(), "", 1)
        text = path.read_text(encoding="utf-8")
        places = list(pattern.finditer(text))
        if not places:
            continue
        found = pick.choice(places)
        planted = text[: found.start()] + found.expand(kind.new) + text[found.end() :]
        if planted != text:
            line = text.count("\n", 0, found.start()) + 1 + kind.shift
            return Plant(kind, path.relative_to(root).as_posix(), planted, line)
    raise LookupError(f"no record file has a place for {kind.name}")


def _told(plant: Plant, root: Path) -> list[Fault]:
    """What the check of the one file says; a check that breaks has told nothing."""
    path = root / plant.file
    sound = path.read_bytes()
    try:
        if plant.kind.old:
            path.write_bytes(plant.text.encode("utf-8", errors="surrogateescape"))
        else:
            path.unlink()
            path.mkdir() if plant.kind.new == "folder" else path.symlink_to("nothing.yaml")
        return [f for f in check_records(root, only=(plant.file,)) if f.level == "error"]
    except Exception:
        return []
    finally:
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
        path.write_bytes(sound)
