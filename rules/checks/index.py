"""What every check is given: the records by name, and each part of a record with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..schema.base import Record, Source
from ..schema.clinical import Code
from ..schema.other import FactRecord
from ..schema.record_types import ROOMS
from ..schema.yaml_reader import Fault, Place, Sheet

Found = tuple[Sheet, Record]

Listed = list[tuple[Place, Any]]  # every part of a record with its place


class RecordIndex:
    """Ids of everything that other records may name."""

    def __init__(self, found: list[Found]) -> None:
        self.found = found
        self.sources: dict[str, str] = {}  # the file in which each stands first
        self.facts: dict[str, FactRecord] = {}
        self.treatments: set[str] = set()
        self.codes: dict[str, Code] = {}
        self.ids: dict[str, set[str]] = {}
        self.by_file: dict[str, Sheet] = {s.file: s for s, _ in found}
        room_of = {r.model: r.name for r in ROOMS}
        for sheet, record in found:
            name = room_of.get(type(record), "")
            if sheet.file.split("/")[0] in ("routes", "ways_to_pay"):
                name = sheet.file.split("/")[0]
            ident = getattr(record, "id", None) or getattr(record, "code", None)
            if ident:
                self.ids.setdefault(name, set()).add(str(ident))
            for thing in getattr(record, "sources", ()):
                if isinstance(thing, Source):
                    self.sources.setdefault(thing.id, sheet.file)
            if sheet.file == "facts.yaml":
                self.facts = {f.id: f for f in getattr(record, "facts", ())}
            if sheet.file == "treatments.yaml":
                self.treatments = {t.id for t in getattr(record, "treatments", ())}
            if sheet.file == "codes.yaml":
                self.codes = {c.code: c for c in getattr(record, "codes", ())}

    def has(self, room: str, ident: str) -> bool:
        return ident in self.ids.get(room, set())


def parts(thing: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every part of a record with its place, as the file names it."""
    yield place, thing
    if isinstance(thing, Record):
        for name, info in type(thing).model_fields.items():
            yield from parts(getattr(thing, name), (*place, info.alias or name))
    elif isinstance(thing, tuple):
        for i, part in enumerate(thing):
            yield from parts(part, (*place, i))
    elif isinstance(thing, dict):
        for key, part in thing.items():
            yield from parts(part, (*place, key))


def fault_at(sheet: Sheet, place: Place, message: str, level: str = "error") -> Fault:
    return sheet.fault(place, message, level)
