"""Reads the rule book from its records, or from the copy of what was read before."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .rule_book import Book, RuleBookError
from .schema.base import Record
from .schema.files import RECORDS, read_record, read_record_type
from .schema.record_types import RECORD_TYPES
from .schema.shared import FOLDER, Shared
from .schema.yaml_reader import Fault, RecordFile
from .version import VERSION

COPY = "rules.json"
SHEETS = "sheets.json"  # the copy that serves a check of a few files: each file with its own stamp


class _Read(NamedTuple):
    """A record with the plain data that it was made from."""

    room: str
    file: str
    data: Any
    record: Record


def _stamp(files: Iterable[tuple[Path, str]]) -> str:
    """A stamp of what stands in some files, the same on every machine."""
    stamp = hashlib.blake2b(digest_size=16)
    for folder, pattern in files:
        for path in sorted(folder.glob(pattern)):
            content = _content(path)
            stamp.update(f"{path.relative_to(folder).as_posix()}|{len(content)}\n".encode())
            stamp.update(content)
    return stamp.hexdigest()


def _content(path: Path) -> bytes:
    """What stands in a file; nothing where it is none. What is wrong with it the reader tells."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""


def _content_digest(root: Path) -> str:
    return _stamp([(root, "**/*.yaml")])


def _code_digest() -> str:
    """A stamp of the code that says what a record may be."""
    here = Path(__file__).parent
    return _stamp([(here / "schema", "*.py"), (here, "vocabulary.py"), (here, "rule_book*.py")])


def build_book(root: Path = RECORDS) -> Book:
    """Read every record under `root`. Raises RuleBookError naming file, line and field."""
    return _book(_read(root), _content_digest(root))


def _read(root: Path) -> list[_Read]:
    records: list[_Read] = []
    shared = Shared(root)
    faults = [*shared.faults]
    for room in RECORD_TYPES:
        for found in read_record_type(room, root, shared):
            if isinstance(found, Fault):
                faults.append(found)
            else:
                records.append(_Read(room.name, found[0].file, found[0].data, found[1]))
    if faults:
        raise RuleBookError([*dict.fromkeys(faults)])
    return records


def _book(records: Iterable[_Read], digest: str) -> Book:
    by_room: dict[str, list[tuple[str, Record]]] = {}
    for one in records:
        by_room.setdefault(one.room, []).append((one.file, one.record))
    return Book(by_room, digest)


def _cache_folder() -> Path:
    return Path(os.environ.get("KETAPATH_CACHE", Path(__file__).parent.parent / ".cache"))


@lru_cache(maxsize=4)
def load_rules(root: Path = RECORDS) -> Book:
    """The rule book, from a parsed copy where it is sure to be a copy of these very records.

    The copy lives in `.cache/` beside the project (or in `KETAPATH_CACHE`). It is plain data: what
    the records say, never answers and nothing that runs. It is used only where its seal fits its
    content, the records as they stand and the code that reads them; otherwise the records are read.
    Raises RuleBookError where a record is at fault.
    """
    return _book(*_records(root))


def _records(root: Path) -> tuple[list[_Read], str]:
    """The records of a rule book, and the digest of their files."""
    digest = _content_digest(root)
    stamp = digest + _code_digest()
    path = _cache_folder() / COPY
    copied = _from_copy(path, stamp)
    if copied is not None:
        return copied, digest
    records = _read(root)
    if _content_digest(root) == digest:  # else a record was changed while it was read
        _keep_copy(records, path, stamp)
    return records, digest


class OtherRules(RuntimeError):
    """A rule book was packed by another version of this program."""


def pack_rules(root: Path = RECORDS) -> bytes:
    """The rule book as plain data, for `unpack_rules` on another machine. Raises RuleBookError."""
    records, digest = _records(root)
    return zlib.compress(json.dumps([_program(), digest, _plain(records)]).encode())


def unpack_rules(packed: bytes) -> Book:
    """The rule book that was packed. Raises OtherRules where this program is not the one that packed it."""
    program, digest, plain = json.loads(zlib.decompress(packed))
    if program != _program():
        raise OtherRules(
            f"this machine has another version of KetaPath ({VERSION}) than the one that started the "
            "work: install the same one on both"
        )
    return _book(_validated(plain), digest)


def _program() -> str:
    """A stamp of all code and words that an answer is made of."""
    here = Path(__file__).parent
    return f"{VERSION} {_stamp([(here, '**/*.py'), (here / 'words', '**/*.yaml')])}"


def _seal(stamp: str, body: bytes) -> bytes:
    return hashlib.blake2b(stamp.encode() + body, digest_size=32).hexdigest().encode()


def _from_copy(path: Path, stamp: str) -> list[_Read] | None:
    """What the copy holds, held against the schema like the records; None where in any doubt."""
    try:
        plain = _sealed(path, stamp)
        return None if plain is None else _validated(plain)
    except Exception:  # whatever is wrong with a copy, the records are there
        return None


def _plain(records: Iterable[_Read]) -> list[list[Any]]:
    return [[one.room, one.file, one.data] for one in records]


def _validated(plain: Iterable[Any]) -> list[_Read]:
    models = {room.name: room.model for room in RECORD_TYPES}
    return [_Read(r, f, data, models[r].model_validate(data)) for r, f, data in plain]


def _sealed(path: Path, stamp: str) -> Any:
    """The plain data behind a right seal, None behind a wrong one. Raises whatever may be wrong."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        if not _only_ours(os.fstat(file.fileno())):
            return None
        seal, _, body = file.read().partition(b"\n")
    return json.loads(body) if seal == _seal(stamp, body) else None


def _only_ours(info: os.stat_result) -> bool:
    """Whether nobody else can have written a file (where the system knows whose files are)."""
    return not hasattr(os, "getuid") or (info.st_uid == os.getuid() and not info.st_mode & 0o077)


def _keep_copy(records: list[_Read], path: Path, stamp: str) -> None:
    _keep(_plain(records), path, stamp)


def _keep(plain: object, path: Path, stamp: str) -> None:
    """Write a copy, for this user alone; a place that cannot be written goes without one."""
    try:
        body = json.dumps(plain, separators=(",", ":")).encode()
        if json.loads(body) != plain:
            return  # something that this form cannot hold, as a number for a key
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(_seal(stamp, body) + b"\n" + body)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except Exception:  # a start without a copy is slower, and right
        pass


def read_some(
    root: Path, files: Collection[str]
) -> tuple[list[tuple[RecordFile, Record] | Fault], list[RecordFile]]:
    """Some record files as they stand, and the plain data of all others that are sound.

    Of the others what stands in the copy is not read again, and has no lines; what has changed is,
    and its faults are told with those of `files`.
    """
    stamp = _code_digest() + _stamp(
        [(root, f"{FOLDER}/*.yaml")]
    )  # parts of them stand in the others
    path, shared = _cache_folder() / SHEETS, Shared(root)
    copied = _copied_sheets(path, stamp)
    items: list[tuple[RecordFile, Record] | Fault] = [*shared.faults]
    others: list[RecordFile] = []
    kept: dict[str, list[Any]] = {}
    for room in RECORD_TYPES:
        for place in sorted(root.glob(room.pattern)):
            name = place.relative_to(root).as_posix()
            if name in files:
                items.extend(read_record(room, place, name, shared))
                continue
            digest = hashlib.blake2b(_content(place), digest_size=16).hexdigest()
            if name in copied and copied[name][0] == digest:
                kept[name] = copied[name]
                others.append(RecordFile(name, copied[name][1], {}, {}))
                continue
            found = list(read_record(room, place, name, shared))
            items.extend(one for one in found if isinstance(one, Fault))
            others.extend(one[0] for one in found if not isinstance(one, Fault))
            if len(found) == 1 and not isinstance(found[0], Fault):
                kept[name] = [digest, found[0][0].data]
    if any(copied.get(name) is not one for name, one in kept.items()):
        _keep({**copied, **kept}, path, stamp)
    return items, others


def _copied_sheets(path: Path, stamp: str) -> dict[str, list[Any]]:
    """File -> digest of its text and plain data, of every sound record file that was read before."""
    try:
        found = _sealed(path, stamp) or {}
        return {name: [digest, data] for name, (digest, data) in found.items()}
    except Exception:  # whatever is wrong with a copy, the records are there
        return {}
