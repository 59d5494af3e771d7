"""Reads YAML records: each file as the record of its kind, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .base import Record
from .record_types import RECORD_TYPES, RecordType
from .refused import slips
from .shared import Shared
from .yaml_reader import Fault, Place, RecordFile, read_record_file, written

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
        yield sheet.fault(slip.place, slip.message, value=slip.value, nearest=slip.nearest)


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
