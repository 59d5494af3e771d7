"""What every check is given: the records by name, and each part of a record with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from ..schema.base import Record
from ..schema.codes import Code
from ..schema.other import FactDefinition
from ..schema.record_types import record_type_of
from ..schema.yaml_reader import Fault, Place, RecordFile
from ..slips import nearest
from ..synonyms import plain_name

Found = tuple[RecordFile, Record]

Listed = list[tuple[Place, object]]  # every part of a record with its place

# Files whose entries others name, and the list that holds them.
LISTS = {
    "facts": "facts", "treatments": "treatments", "codes": "codes",
}  # fmt: skip


class RecordIndex:
    """What other records may name, read off the plain data of all files that are sound."""

    def __init__(self, sheets: Iterable[RecordFile]) -> None:
        self.ids: dict[str, set[str]] = {}
        self.sources: dict[str, str] = {}  # the file in which each stands first
        self.source_urls: dict[str, str] = {}
        self.levels: set[str] = set()  # the levels of appeal, as `appeal process.level`
        self.offices: dict[str, set[str]] = {}  # the names of the offices of each state
        self.program_lines: set[str] = set()
        self.program_kinds: set[str] = set()
        self.policy_files: dict[str, set[str]] = {}
        self.payer_names: dict[str, set[str]] = {}
        self._lists: dict[str, list[dict[str, Any]]] = {}
        for sheet in sheets:
            room = record_type_of(sheet.file)
            if room is not None:
                self._take_in(room.name, sheet)

    def _take_in(self, room: str, sheet: RecordFile) -> None:
        data = sheet.data
        ident = data.get("id") or data.get("code")
        if ident:
            self.ids.setdefault(room, set()).add(str(ident))
        for source in data["sources"] if room == "sources" else ():
            self.sources.setdefault(source["id"], sheet.file)
            self.source_urls.setdefault(source["id"], source.get("url") or "")
        if room == "appeals":
            self.levels.update(f"{ident}.{level['id']}" for level in data["levels"])
        if room == "states":
            self.offices[str(ident)] = set(_office_names(data))
        if room in LISTS:
            self._lists[room] = data[LISTS[room]]
        for policy in (
            *data.get("policies", ()),
            *(data.get("medicaid") or {}).get("policies", ()),
        ):
            self.policy_files.setdefault(policy["id"], set()).add(sheet.file)
        if room == "programs":
            self.program_kinds.update(data["kinds"])
            self.program_lines.update(
                [data["line_of_business"]] if data.get("line_of_business") else []
            )
        if room == "payers":
            for name in (data["id"], data["name"], *data.get("also_called", ())):
                self.payer_names.setdefault(plain_name(name), set()).add(data["id"])

    def _named(self, room: str, key: str = "id") -> frozenset[str]:
        return frozenset(str(x[key]) for x in self._lists.get(room, ()) if x.get(key))

    @cached_property
    def treatments(self) -> frozenset[str]:
        return self._named("treatments")

    @cached_property
    def facts(self) -> dict[str, FactDefinition]:
        found = [FactDefinition.model_validate(data) for data in self._lists.get("facts", ())]
        return {fact.id: fact for fact in found}

    @cached_property
    def codes(self) -> dict[str, Code]:
        found = [Code.model_validate(data) for data in self._lists.get("codes", ())]
        return {code.code: code for code in found}

    def known(self, room: str) -> frozenset[str]:
        """The ids of all records of a room that has a file for each."""
        return frozenset(self.ids.get(room, ()))


def _office_names(state: dict[str, Any]) -> Iterator[str]:
    """The offices of a state's record that take requests and complaints, by name."""
    medicaid = state.get("medicaid") or {}
    reviews = (state.get("external_review"), medicaid.get("outside_review"))
    own = (state.get("regulator"), state.get("second_regulator"))
    hearing = (medicaid.get("fair_hearing") or {}).get("file_with")
    for review in reviews:
        yield from (office["name"] for office in (review or {}).get("offices", ()))
    yield from (office["name"] for office in (*own, hearing) if office)


def parts(thing: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
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


def fault_at(
    sheet: RecordFile,
    place: Place,
    message: str,
    value: object = None,
    nearest: str | None = None,
    level: str = "error",
) -> Fault:
    """A fault at a place of a file. `value` is what stands there, where it is one value."""
    return sheet.fault(place, message, level, None if value is None else str(value), nearest)


def unknown(
    sheet: RecordFile, place: Place, message: str, value: object, valid: Iterable[str]
) -> Fault:
    """A fault for a word that is on no list: with the one of the list that is closest to it."""
    return fault_at(sheet, place, message, value, nearest(str(value), valid))
