"""What every check is given: the records by name, and each part of a record with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

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


@cache
def typed_table(name: str) -> dict[str, Any]:
    """A table typed by hand that stands beside the checks: what records are held against."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


# Fields of words that no closed list holds, and that mean the same only where they are written alike.
WORDS = ("drug_class", "unit", "system", "item", "setting", "group", "ssi_medicaid",
         "medically_needy")  # fmt: skip
PHONE = re.compile(r"(?<!\d)(?:1[-. ])?\(?(\d{3})\)?[-. ]+(\d{3})[-. ](\d{4})(?!\d)")
# What may stand in the records of many states.
FEDERAL = ("healthcare.gov", "cms.gov", "hhs.gov", "cuidadodesalud.gov")
SHARED_NAMES = (
    "HealthCare.gov", "Medicaid", "No Marketplace in the territory",
    "Office of Administrative Hearings", "Department of Insurance", "Insurance Department",
)  # fmt: skip


class RecordIndex:
    """What other records may name, read off the plain data of all files that are sound."""

    def __init__(self, sheets: Iterable[RecordFile]) -> None:
        self.ids: dict[str, set[str]] = {}
        self.sources: dict[str, str] = {}  # the file in which each stands first
        self.source_urls: dict[str, str] = {}
        self.source_kinds: dict[str, str] = {}
        self.levels: set[str] = set()  # the levels of appeal, as `appeal process.level`
        self.offices: dict[str, set[str]] = {}  # the names of the offices of each state
        # What stands in the records of states: phone numbers, hosts and names -> codes of the states.
        self.phones: dict[str, set[str]] = {}
        self.hosts: dict[str, set[str]] = {}
        self.named_in: dict[str, set[str]] = {}
        self.words = {field: Counter[str]() for field in WORDS}  # how often each word stands
        self.of_group: dict[str, set[str]] = {}  # the diagnoses of each group
        self.scales: dict[str, dict[str, float]] = {}  # the points of each severity score
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
            self.source_kinds.setdefault(source["id"], source["kind"])
        if room == "appeals":
            self.levels.update(f"{ident}.{level['id']}" for level in data["levels"])
        if room == "states":
            self.offices[str(ident)] = set(_office_names(data))
            self._note_texts(str(ident), data)
        for field, text in _texts(data):
            if field in WORDS:
                self.words[field][text] += 1
        for group in data["groups"] if room == "diagnoses" else ():
            self.of_group.setdefault(group, set()).add(str(ident))
        for scale in data["scales"] if room == "safety" else ():
            if scale.get("high") is not None:
                self.scales[scale["id"]] = {"from": scale.get("low", 0), "to": scale["high"]}
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

    def _note_texts(self, state: str, data: dict[str, Any]) -> None:
        for field, text in _texts(data):
            for phone in phones_in(text):
                self.phones.setdefault(phone, set()).add(state)
            if field in ("url", "apply_url", "email") and not host_of(text).endswith(FEDERAL):
                self.hosts.setdefault(host_of(text), set()).add(state)
            if field == "name" and text not in SHARED_NAMES:
                self.named_in.setdefault(text, set()).add(state)

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


def _texts(data: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text of plain data with the name of its field."""
    if isinstance(data, str):
        yield field, data
    elif isinstance(data, dict):
        for key, part in data.items():
            yield from _texts(part, str(key))
    elif isinstance(data, list):
        for part in data:
            yield from _texts(part, field)


def phones_in(text: str) -> list[str]:
    """The phone numbers in a text, ten digits each."""
    return ["".join(found) for found in PHONE.findall(text)] if "-" in text else []


def host_of(address: str) -> str:
    """The host of a URL or of an email address, without `www.`."""
    host = address.rpartition("//")[2].partition("/")[0].rpartition("@")[2]
    return host.lower().removeprefix("www.")


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
