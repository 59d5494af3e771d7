"""Reads YAML records: each file as the record of its kind, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from .base import Record
from .record_types import ROOMS, Room
from .shared import Shared
from .yaml_reader import Fault, Sheet, read_sheet

RECORDS = Path(__file__).parent.parent / "records"


def read_room(
    room: Room, root: Path, shared: Shared | None = None
) -> Iterator[tuple[Sheet, Record] | Fault]:
    """Each file of a room as its record, or what is wrong with it.

    `shared`: the shared entries of `root`, where the caller has read them already.
    """
    shared = shared or Shared(root)
    for path in sorted(root.glob(room.pattern)):
        name = path.relative_to(root).as_posix()
        sheet = read_sheet(path, name)
        if isinstance(sheet, Fault):
            yield sheet
            continue
        unknown = shared.put_in(sheet)
        yield from unknown
        if unknown:
            continue
        try:
            record = room.model.model_validate(sheet.data)
        except ValidationError as error:
            yield from _faults(sheet, error)
            continue
        stem = path.stem
        ident = getattr(record, "code", None) or getattr(record, "id", None)
        if ident is not None and "*" in room.pattern and str(ident).lower() != stem.lower():
            yield Fault(
                name, sheet.line(("id",)), "id", f"the file is called {stem}, the record {ident}"
            )
        yield sheet, record


def _faults(sheet: Sheet, error: ValidationError) -> Iterator[Fault]:
    for item in error.errors():
        place = tuple(p for p in item["loc"] if not (isinstance(p, str) and "[" in p))
        message = {"extra_forbidden": "unknown key", "missing": "missing"}.get(
            item["type"], item["msg"].removeprefix("Value error, ")
        )
        yield sheet.fault(place, message)


def read_all(
    root: Path = RECORDS, only: str | None = None
) -> Iterator[tuple[Sheet, Record] | Fault]:
    """Every record under `root` (or those of the room named `only`), in a fixed order."""
    shared = Shared(root)
    if only is None:
        yield from shared.faults
    for room in ROOMS:
        if only is None or room.name == only:
            yield from read_room(room, root, shared)
    if only is None:
        yield from shared.unused()
