"""The parsed copies of the rule book, damaged in many ways: no other book, no crash, a new copy after it."""

from __future__ import annotations

import os
import pickle
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from rules import rule_book_files as files
from rules.schema.files import RECORDS
from rules.schema.shared import FOLDER

from .frame import Tried

SEAL = 65  # letters before the content: the seal and the end of its line
FEW = ("rates.yaml", "safety.yaml", "payers/aetna.yaml", "states/ct.yaml")
ONE = "payers/aetna.yaml"  # the file that is checked while the others come from their copy


def few_records(root: Path) -> Path:
    """A rule book of a few files: enough to tell a right one from a wrong one, and quick to read."""
    shutil.copytree(RECORDS / "shared", root / "shared")
    named = "".join(p.read_text(encoding="utf-8") for p in (root / "shared").glob("*.yaml"))
    for name in FEW:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(RECORDS / name, root / name)
        named += (root / name).read_text(encoding="utf-8")
    # Of all sources, which take a second to read, those that the few files name.
    (root / "sources").mkdir()
    for path in (RECORDS / "sources").glob("*.yaml"):
        first, *entries = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
        kept = [e for e in entries if e.partition("\n")[0].removeprefix("- id: ") in named]
        if kept:
            (root / "sources" / path.name).write_text(first + "".join(kept), encoding="utf-8")
    return root


class Place(NamedTuple):
    """A copy that is damaged: where it lies, what it holds, and the stamp that its seal is made with."""

    path: Path
    content: bytes
    stamp: str
    mark: Path  # made by whatever runs that was planted


class Planted:
    """What a pickle may hold: a call that is made when it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.system, (f"touch {self.mark}",)


Damage = Callable[[Place], None]


# --- the ways ---------------------------------------------------------------------------------------------


def ways(size: int, seed: int) -> Iterator[tuple[str, Damage]]:
    """Kinds of damage with instances of each: more of the drawn ones for a larger size."""
    draw = random.Random(seed)
    for n in range(max(10, size // 20)):
        yield f"flip {n}", partial(_flip, draw.random(), 1 << draw.randrange(8))
    for n in range(max(5, size // 100)):
        yield f"cut {n}", partial(_cut, draw.random())
    for n in range(max(5, size // 100)):
        yield f"swap {n}", partial(_swap, draw.random(), draw.random())
    for name, change in _CHANGES.items():
        yield f"changed: {name}", partial(_written, change)
    for name, body in _BODIES.items():
        yield f"sealed: {name}", partial(_resealed, body)
    for name, plant in _PLANTS.items():
        yield name, plant


def _flip(where: float, bit: int, place: Place) -> None:
    raw = bytearray(place.content)
    raw[int(where * len(raw))] ^= bit
    place.path.write_bytes(raw)


def _cut(where: float, place: Place) -> None:
    place.path.write_bytes(place.content[: int(where * len(place.content))])


def _swap(one: float, other: float, place: Place) -> None:
    """Two numbers of the content change places, the seal stays."""
    found = [m.span() for m in re.finditer(rb"\d+", place.content[SEAL:])]
    body = place.content[SEAL:]
    (a, b), (c, d) = sorted((found[int(one * len(found))], found[int(other * len(found))]))
    if body[a:b] == body[c:d]:
        return _flip(one, 1, place)
    body = body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:]
    place.path.write_bytes(place.content[:SEAL] + body)
    return None


def _written(change: Callable[[bytes], bytes], place: Place) -> None:
    place.path.write_bytes(change(place.content))


def _resealed(body: bytes, place: Place) -> None:
    place.path.write_bytes(files._seal(place.stamp, body) + b"\n" + body)


def _body(body: bytes) -> Callable[[bytes], bytes]:
    return lambda content: content[:SEAL] + body


_CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda b: b"",
    "one byte": lambda b: b"{",
    "cut in the seal": lambda b: b[:20],
    "the seal alone": lambda b: b[:SEAL],
    "last byte gone": lambda b: b[:-1],
    "one byte more": lambda b: b + b" ",
    "zeros": lambda b: bytes(len(b)),
    "garbage": lambda b: random.Random(1).randbytes(5_000),
    "no seal": lambda b: b[SEAL:],
    "another seal": lambda b: b"0" * 64 + b[64:],
    "seal in capitals": lambda b: b[:64].upper() + b[64:],
    "a wrong crisis line": lambda b: b.replace(b"988", b"989"),
    "yes for no": lambda b: b.replace(b"true", b"false"),
    "another state": lambda b: b.replace(b"CT", b"CA"),
    "other ages": lambda b: b.replace(b"18", b"81"),
    "backwards": lambda b: b[::-1],
    "deep nesting": _body(b"[" * 200_000),
    "deep maps": _body(b'{"a":' * 200_000),
    "a number without end": _body(b"9" * 100_000),
    "a number too large": _body(b"1e999"),
    "not a number": _body(b"NaN"),
    "not utf-8": _body(b"\xff\xfe\x00"),
    "half a letter": _body(b'["\\ud800"]'),
    "null": _body(b"null"),
    "code": _body(b"__import__('os').system('true')"),
    "other line ends": lambda b: b.replace(b"\n", b"\r\n"),
    "a mark in front": lambda b: b"\xef\xbb\xbf" + b,
}
# Content that no record is, behind a seal that fits it.
_BODIES: dict[str, bytes] = {
    "not json": b"nothing",
    "a text": b'"text"',
    "a number": b"4",
    "null": b"null",
    "numbers": b"[1, 2]",
    "a map": b'{"payers": 4}',
    "a map of lists": b'{"payers/aetna.yaml": [1]}',
    "a room that there is not": b'[["attic", "a.yaml", {}]]',
    "a record that is none": b'[["payers", "payers/aetna.yaml", {"id": 4}]]',
    "a record of an infinite number": b'[["payers", "payers/aetna.yaml", 1e999]]',
    "a name that is none": b'[["payers", 4, {"id": "aetna"}]]',
    "deep": b"[" * 200_000,
    "a long number": b"9" * 100_000,
    "bytes": b"\xff\xfe",
    "nothing": b"",
}


def _planted(sealed: bool, place: Place) -> None:
    bomb = pickle.dumps(Planted(place.mark))
    _resealed(bomb, place) if sealed else place.path.write_bytes(bomb)
    for name in ("rules.pickle", f"rules-{place.stamp[:32]}.pickle", "sheets.pickle"):
        (place.path.parent / name).write_bytes(bomb)


def _instead(make: Callable[[Path], object], place: Place) -> None:
    place.path.unlink()
    make(place.path)


def _moded(mode: int, place: Place) -> None:
    """Damaged, and such as others could have written."""
    place.path.write_bytes(place.content.replace(b"988", b"989"))
    place.path.chmod(mode)


def _of_another(place: Place) -> None:
    place.path.write_bytes(place.content.replace(b"988", b"989"))
    if os.getuid() == 0:
        os.chown(place.path, 12_345, 12_345)


def _folder(path: Path) -> None:
    (path / "inside").mkdir(parents=True)


_PLANTS: dict[str, Damage] = {
    "a pickle": partial(_planted, False),
    "a pickle behind a seal": partial(_planted, True),
    "a folder": partial(_instead, _folder),
    "a pipe": partial(_instead, os.mkfifo),
    "a broken link": partial(_instead, lambda p: p.symlink_to(p.parent / "nowhere")),
    "a link to itself": partial(_instead, lambda p: p.symlink_to(p)),
    "a link to a device": partial(_instead, lambda p: p.symlink_to("/dev/zero")),
    "a link to a folder": partial(_instead, lambda p: p.symlink_to("/etc")),
    "gone": partial(_instead, lambda p: None),
    "written by all": partial(_moded, 0o666),
    "read by all": partial(_moded, 0o644),
    "read by none": partial(_moded, 0o000),
    "of another owner": _of_another,
}


# --- what comes of them -----------------------------------------------------------------------------------


class _Copy(NamedTuple):
    """One of the two copies: how it is used, and all that is then told."""

    name: str
    use: Callable[[Path], Any]
    stamp: Callable[[Path], str]


def _whole(root: Path) -> Any:
    files.load_rules.cache_clear()
    book = files.load_rules(root)
    return repr(book.records), book.version


def _some(root: Path) -> Any:
    items, others = files.read_some(root, (ONE,))
    return repr(items), sorted((sheet.file, repr(sheet.data)) for sheet in others)


COPIES = (
    _Copy(files.COPY, _whole, lambda root: files._content_digest(root) + files._code_digest()),
    _Copy(
        files.SHEETS,
        _some,
        lambda root: files._code_digest() + files._stamp([(root, f"{FOLDER}/*.yaml")]),
    ),
)


class Sound(NamedTuple):
    """A copy of some records as it should be, and what they say."""

    copy: _Copy
    root: Path
    right: Any
    content: bytes


def attack(size: int, seed: int) -> list[Tried]:
    with tempfile.TemporaryDirectory() as place:
        root = few_records(Path(place) / "records")
        try:
            return [_tried(sound(c, root, Path(place)), Path(place), size, seed) for c in COPIES]
        finally:
            files.load_rules.cache_clear()


def sound(copy: _Copy, root: Path, place: Path) -> Sound:
    """What is told by the records themselves, and the copy that is then written."""
    folder = place / f"sound {copy.name}"
    with patch.dict(os.environ, KETAPATH_CACHE=str(folder)):
        right = copy.use(root)
    return Sound(copy, root, right, (folder / copy.name).read_bytes())


def _tried(whole: Sound, place: Path, size: int, seed: int) -> Tried:
    done = [(name, harm(whole, place / name, damage)) for name, damage in ways(size, seed)]
    through = [f"{name}: {told}" for name, told in done if told]
    what = f"a damaged copy of the rule book ({whole.copy.name})"
    return Tried(what, len(done), len(through), tuple(through[:5]))


def harm(whole: Sound, folder: Path, damage: Damage) -> str:
    """What harm one damage does, in a word; nothing where there is none."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path, mark = folder / whole.copy.name, folder.with_suffix(".ran")
    path.write_bytes(whole.content)
    path.chmod(0o600)
    damage(Place(path, whole.content, whole.copy.stamp(whole.root), mark))
    try:
        with patch.dict(os.environ, KETAPATH_CACHE=str(folder)):
            found = whole.copy.use(whole.root)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:120]
    if mark.exists():
        return "what was planted ran"
    if found != whole.right:
        return "another rule book"
    if path.is_dir() and not path.is_symlink():
        return ""  # a folder is left as it is
    anew = path.is_file() and not path.is_symlink() and path.read_bytes() == whole.content
    return "" if anew and path.stat().st_mode & 0o077 == 0 else "no new copy"
