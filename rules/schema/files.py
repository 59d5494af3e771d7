"""Reads YAML records: each file as the record of its kind, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .base import Record
from .record_types import RECORD_TYPES, RecordType
from .refused import keys_at, slips
from .shared import Shared
from .yaml_reader import Fault, Place, RecordFile, read_record_file, written

NEIGHBORS = 3  # keys of a record's description that stand beside each other in a file
RECORDS = Path(__file__).parent.parent / "records"


def read_record_type(
    room: RecordType, root: Path, shared: Shared | None = None
) -> Iterator[tuple[RecordFile, Record] | Fault]:
    """Each file of a room as its record, or what is wrong with it.

    `shared`: the shared entries of `root`, where the caller has read them already.
    """
    shared = shared or Shared(root)
    for path in sorted(root.glob(room.pattern)):
        yield from read_record(room, path, path.relative_to(root).as_posix(), shared)


def read_record(
    room: RecordType, path: Path, name: str, shared: Shared
) -> Iterator[tuple[RecordFile, Record] | Fault]:
    """One file as a record of its room, or what is wrong with it; `name` is told in faults."""
    sheet = read_record_file(path, name)
    if isinstance(sheet, Fault):
        yield sheet
        return
    unknown = shared.put_in(sheet)
    yield from unknown
    if unknown:
        return
    try:
        record = room.model.model_validate(sheet.data)
    except ValidationError as error:
        yield from _faults(sheet, path, room.model, error)
        return
    stem = path.stem
    ident = getattr(record, "code", None) or getattr(record, "id", None)
    if ident is not None and "*" in room.pattern and str(ident).lower() != stem.lower():
        text = f"the file is called {stem}, the record {ident}"
        yield sheet.fault(("id",), text, value=str(ident), nearest=stem)
    yield sheet, record


def _faults(
    sheet: RecordFile, path: Path, model: type[Record], error: ValidationError
) -> Iterator[Fault]:
    def known(place: Place) -> Place:
        while place and not _there(sheet.data, place):
            place = place[:-1]
        return place

    for slip in slips(model, error, known, lambda place: written(path, place)):
        if slip.place and not _there(sheet.data, slip.place):  # what is missing has no line yet
            sheet.lines.setdefault(slip.place, _line_beside(sheet, model, slip.place))
        yield sheet.fault(slip.place, slip.message, value=slip.value, nearest=slip.nearest)


def _line_beside(sheet: RecordFile, model: type[Record], place: Place) -> int:
    """The line of the key beside which a missing one is to stand: one that is described near it."""
    keys = [key for key, _ in keys_at(model, place[:-1])]
    at = keys.index(str(place[-1])) if place[-1] in keys else 0
    for key in [*reversed(keys[max(0, at - NEIGHBORS) : at]), *keys[at + 1 : at + 1 + NEIGHBORS]]:
        if (*place[:-1], key) in sheet.lines:
            return sheet.lines[(*place[:-1], key)]
    return sheet.line(place[:-1])


def _there(data: Any, place: Place) -> bool:
    try:
        for part in place:
            data = data[part]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def read_all(
    root: Path = RECORDS, only: str | None = None
) -> Iterator[tuple[RecordFile, Record] | Fault]:
    """Every record under `root` (or those of the room named `only`), in a fixed order."""
    shared = Shared(root)
    if only is None:
        yield from shared.faults
    for room in RECORD_TYPES:
        if only is None or room.name == only:
            yield from read_record_type(room, root, shared)
    if only is None:
        yield from shared.unused()
