"""JSON Schema of every kind of record, so that an editor completes, explains and underlines.

One file for each kind, and `ids.schema.json` with the ids that records may name: the others refer
to it, so that a new source changes one file. All are written by `python -m rules schema --all`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from .base import NAMES
from .conditions import CASE_ONLY_FACTS
from .files import RECORDS, read_all
from .record_types import ROOMS, SHARED_ROOMS, Room, room_of
from .shared import STATEMENTS, USE, Shared
from .yaml_reader import Fault

DIALECT = "https://json-schema.org/draft/2020-12/schema"
IDS = "ids"
ROOM_OF: dict[str, Room] = {room.kind: room for room in (*ROOMS, *SHARED_ROOMS)}
KINDS: tuple[str, ...] = (*ROOM_OF, IDS)

Schema = dict[str, Any]


def file_of(kind: str) -> str:
    return f"{kind}.schema.json"


def record_schema(kind: str) -> Schema:
    """The schema of one kind of record, as its files are written."""
    room = ROOM_OF[kind]
    schema = _tidied(room.model.model_json_schema(by_alias=True))
    if room not in SHARED_ROOMS and room.name != "steps":
        schema = _with_use(schema)
    about = {"$schema": DIALECT, "$id": file_of(kind), "title": f"{room.pattern}: {kind}"}
    return {**about, **{k: v for k, v in schema.items() if k not in about}}


def _tidied(thing: Any) -> Any:
    """Without titles that repeat a name; ids of other records refer to the list of them."""
    if isinstance(thing, list):
        return [_tidied(part) for part in thing]
    if not isinstance(thing, dict):
        return thing
    if NAMES in thing:
        rest = {k: v for k, v in thing.items() if k not in (NAMES, "type", "title")}
        return {"$ref": f"{file_of(IDS)}#/$defs/{thing[NAMES]}", **rest}
    return {k: _tidied(v) for k, v in thing.items() if k != "title" or not isinstance(v, str)}


# The definitions in whose place `use` may stand, and the list of shared entries that it names.
USABLE = {"Policy": "policies", "Fact": "facts", "DocumentFact": "facts", "Step": "steps"}


def _with_use(thing: Any) -> Any:
    """A schema in which a policy, fact, step or text may be named by `use` instead of written out."""
    if isinstance(thing, list):
        return [_with_use(part) for part in thing]
    if not isinstance(thing, dict):
        return thing
    if thing.get("type") == "string" and "maxLength" in thing and "pattern" not in thing:
        about = {k: v for k, v in thing.items() if k in ("description", "default")}
        text = {k: v for k, v in thing.items() if k not in about}
        return {**about, "anyOf": [text, _use(STATEMENTS)]}
    found = {k: _with_use(v) for k, v in thing.items()}
    for name, kind in USABLE.items():
        entry = found.get("$defs", {}).get(name)
        if entry is not None:
            required = entry.pop("required")
            entry["properties"] = {USE: _use(kind)["properties"][USE], **entry["properties"]}
            entry["anyOf"] = [{"required": [USE]}, {"required": required}]
    return found


def _use(kind: str) -> Schema:
    """`use: <id>` of a shared entry."""
    named = {"$ref": f"{file_of(IDS)}#/$defs/shared_{kind}"}
    return {
        "type": "object",
        "properties": {USE: {**named, "description": f"Id of an entry of shared/{kind}.yaml."}},
        "required": [USE],
        "additionalProperties": False,
    }


class _Named(NamedTuple):
    """Where the ids of a kind of thing are read: a list of a sheet, or a room's files."""

    room: str
    key: str
    told: Callable[[Any], str]  # what an editor shows beside the id
    part: str | None = None  # the list of the sheet; None: each file is one
    more: tuple[str, ...] = ()  # ids that no record holds


_NAMED: dict[str, _Named] = {
    "source": _Named("sources", "id", lambda s: s.title, "sources"),
    "fact": _Named("facts", "id", lambda f: _fact_told(f), "facts", CASE_ONLY_FACTS),
    "step": _Named("steps", "id", lambda s: s.says, "steps"),
    "treatment": _Named("treatments", "id", lambda t: t.name, "treatments"),
    "code": _Named("codes", "code", lambda c: c.says, "codes"),
    "document": _Named("documents", "id", lambda d: d.name),
    "payer": _Named("payers", "id", lambda p: p.name),
    "program": _Named("programs", "id", lambda p: p.name),
    "appeal": _Named("appeals", "id", lambda a: a.name),
    "state": _Named("states", "code", lambda s: s.name),
}


def _fact_told(fact: Any) -> str:
    return f"{fact.name} ({fact.kind}{f', in {fact.unit}' if fact.unit else ''})"


def ids_schema(root: Path = RECORDS) -> Schema:
    """The ids that records under `root` may name, each with what it stands for."""
    found: dict[str, list[BaseModel]] = {}
    for item in read_all(root):
        if not isinstance(item, Fault):
            room = room_of(item[0].file)
            found.setdefault(room.name if room else "", []).append(item[1])
    lists = {kind: _id_list(named, found.get(named.room, [])) for kind, named in _NAMED.items()}
    lists |= {f"shared_{kind}": _shared_ids(root, kind) for kind in Shared.KINDS}
    return {
        "$schema": DIALECT, "$id": file_of(IDS), "title": "Ids that records may name",
        "description": "Read off the records. `python -m rules schema --all schemas` writes it anew.",
        "$defs": lists,
    }  # fmt: skip


def _id_list(named: _Named, records: list[BaseModel]) -> Schema:
    things = [t for r in records for t in (getattr(r, named.part) if named.part else (r,))]
    told = {getattr(t, named.key): named.told(t) for t in things}
    told |= dict.fromkeys(named.more, "A field of a case.")
    return {"enum": [*told], "markdownEnumDescriptions": [*told.values()]}


def _shared_ids(root: Path, kind: str) -> Schema:
    told = {ident: str(data.get("says", ident)) for ident, data in Shared(root).entries(kind)}
    return {"enum": [*told], "markdownEnumDescriptions": [*told.values()]}


def schemas(root: Path = RECORDS) -> Iterator[tuple[str, str]]:
    """(file name, text) of every schema file."""
    for kind in KINDS:
        yield file_of(kind), schema_text(kind, root)


def schema_text(kind: str, root: Path = RECORDS) -> str:
    schema = ids_schema(root) if kind == IDS else record_schema(kind)
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def schema_line(file: str) -> str:
    """The first line of a record file, by which an editor finds its schema. KeyError: in no room."""
    shared = {room.pattern: room for room in SHARED_ROOMS}
    room = room_of(file) or shared.get(file)
    if room is None:
        raise KeyError(file)
    up = "../" * (file.count("/") + 2)
    return f"# yaml-language-server: $schema={up}schemas/{file_of(room.kind)}"
