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
from pydantic.json_schema import models_json_schema

from .base import LONGEST_TEXT, NAMES, Record, Statement
from .files import RECORDS, read_all
from .other import DocumentFact, FactDefinition
from .policies import Policy
from .record_types import RECORD_TYPES, RecordType, record_type_of
from .shared import FOLDER, STATEMENTS, USE, Shared
from .states import ToldFact
from .yaml_reader import Fault

DIALECT = "https://json-schema.org/draft/2020-12/schema"
IDS = "ids"
ROOM_OF: dict[str, RecordType] = {room.kind: room for room in RECORD_TYPES}
# Files of shared entries that are no room of their own: the kind of schema, and what an entry may be.
SHARED: dict[str, tuple[type[Record], ...]] = {
    "policies": (Policy,), "facts": (Statement, ToldFact, DocumentFact), STATEMENTS: (),
}  # fmt: skip
KINDS: tuple[str, ...] = (*ROOM_OF, *(f"{FOLDER}_{part}" for part in SHARED), IDS)
# The parts of a record that may be a shared entry, and the list in which that stands.
USABLE = {
    "Policy": "policies", "StepRecord": "steps", "Statement": "facts", "ToldFact": "facts", "DocumentFact": "facts",
}  # fmt: skip

Schema = dict[str, Any]


def file_of(kind: str) -> str:
    return f"{kind}.schema.json"


def record_schema(kind: str) -> Schema:
    """The schema of one kind of record, as its files are written."""
    room = ROOM_OF[kind]
    schema = _tidied(room.model.model_json_schema(by_alias=True))
    for name, part in schema.get("$defs", {}).items():
        if name in USABLE and room.pattern != f"{FOLDER}/{USABLE[name]}.yaml":
            _may_use(part, USABLE[name])
    return {**_about(kind, room.pattern), **{k: v for k, v in schema.items() if k != "title"}}


def _about(kind: str, pattern: str) -> Schema:
    return {"$schema": DIALECT, "$id": file_of(kind), "title": f"{pattern}: {kind}"}


def _may_use(part: Schema, shared: str) -> None:
    """`use` may stand in the place of what a part must hold."""
    told = "Id of a shared entry that stands here; fields beside it take the place of its own."
    part["properties"][USE] = {
        "$ref": f"{file_of(IDS)}#/$defs/shared_{shared}",
        "description": told,
    }
    part["anyOf"] = [{"required": part.pop("required")}, {"required": [USE]}]


def shared_schema(part: str) -> Schema:
    """The schema of a file of shared entries; what an entry leaves out stands beside its `use`."""
    models = SHARED[part]
    _, found = models_json_schema([(m, "validation") for m in models], by_alias=True)
    definitions = _tidied(found.get("$defs", {}))
    properties = {
        "id": {"type": "string", "description": "The entry's own name, by which `use` names it."}
    }
    for model in models:
        properties |= definitions[model.__name__]["properties"]
    if not models:
        properties["says"] = {"type": "string", "description": "The text."}
    entry = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "properties": properties,
    }
    told = "Entries that several records hold alike."
    listed = {
        "type": "array",
        "items": entry,
        "description": "One entry each; records name it by `use`.",
    }
    return {
        **_about(f"{FOLDER}_{part}", f"{FOLDER}/{part}.yaml"), "description": told, "$defs": definitions,
        "type": "object", "additionalProperties": False, "required": [part], "properties": {part: listed},
    }  # fmt: skip


def _tidied(thing: Any) -> Any:
    """Without titles that repeat a name; ids of other records refer to the list of them."""
    if isinstance(thing, list):
        return [_tidied(part) for part in thing]
    if not isinstance(thing, dict):
        return thing
    if NAMES in thing:
        rest = {k: v for k, v in thing.items() if k not in (NAMES, "type", "title")}
        return {"$ref": f"{file_of(IDS)}#/$defs/{thing[NAMES]}", **rest}
    if thing.get("maxLength") == LONGEST_TEXT:
        text = {k: thing[k] for k in ("minLength", "maxLength", "type")}
        rest = {k: v for k, v in thing.items() if k not in (*text, "title")}
        return {**rest, "anyOf": [text, {"$ref": f"{file_of(IDS)}#/$defs/shared_text"}]}
    return {k: _tidied(v) for k, v in thing.items() if k != "title" or not isinstance(v, str)}


class _Named(NamedTuple):
    """Where the ids of a kind of thing are read: a list of a sheet, or a room's files."""

    room: str
    key: str
    told: Callable[[Any], str]  # what an editor shows beside the id
    part: str | None = None  # the list of the sheet; None: each file is one


_NAMED: dict[str, _Named] = {
    "source": _Named("sources", "id", lambda s: s.title, "sources"),
    "fact": _Named("facts", "id", lambda f: _fact_told(f), "facts"),
    "treatment": _Named("treatments", "id", lambda t: t.name, "treatments"),
    "code": _Named("codes", "code", lambda c: c.says, "codes"),
    "document": _Named("documents", "id", lambda d: d.name),
    "payer": _Named("payers", "id", lambda p: p.name),
    "program": _Named("programs", "id", lambda p: p.name),
    "appeal": _Named("appeals", "id", lambda a: a.name),
    "state": _Named("states", "code", lambda s: s.name),
}


def _fact_told(fact: FactDefinition) -> str:
    return f"{fact.name} ({fact.kind}{f', in {fact.unit}' if fact.unit else ''})"


def ids_schema(root: Path = RECORDS) -> Schema:
    """The ids that records under `root` may name, each with what it stands for."""
    found: dict[str, list[BaseModel]] = {}
    for item in read_all(root):
        if not isinstance(item, Fault):
            room = record_type_of(item[0].file)
            found.setdefault(room.name if room else "", []).append(item[1])
    lists = {kind: _id_list(named, found.get(named.room, [])) for kind, named in _NAMED.items()}
    return {
        "$schema": DIALECT, "$id": file_of(IDS), "title": "Ids that records may name",
        "description": "Read off the records. `python -m rules schema --all schemas` writes it anew.",
        "$defs": {**lists, **_shared_lists(root)},
    }  # fmt: skip


def _shared_lists(root: Path) -> Schema:
    """The ids of shared entries by the list in which they stand, and the text that is one of them."""
    lists: Schema = {}
    for kind, entries in Shared(root).by_kind().items():
        told = [str(e.data.get("says") or e.data.get("title") or e.data["id"]) for e in entries]
        ids = [e.data["id"] for e in entries]
        lists[f"shared_{kind}"] = {"enum": ids, "markdownEnumDescriptions": told}
    named = {"$ref": f"#/$defs/shared_{STATEMENTS}", "description": "Id of a shared text."}
    lists["shared_text"] = {
        "type": "object", "additionalProperties": False, "required": [USE], "properties": {USE: named},
    }  # fmt: skip
    return lists


def _id_list(named: _Named, records: list[BaseModel]) -> Schema:
    things = [t for r in records for t in (getattr(r, named.part) if named.part else (r,))]
    told = {getattr(t, named.key): named.told(t) for t in things}
    return {"enum": [*told], "markdownEnumDescriptions": [*told.values()]}


def schemas(root: Path = RECORDS) -> Iterator[tuple[str, str]]:
    """(file name, text) of every schema file."""
    for kind in KINDS:
        yield file_of(kind), schema_text(kind, root)


def schema_text(kind: str, root: Path = RECORDS) -> str:
    if kind == IDS:
        schema = ids_schema(root)
    elif kind in ROOM_OF:
        schema = record_schema(kind)
    else:
        schema = shared_schema(kind.removeprefix(f"{FOLDER}_"))
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def schema_line(file: str) -> str:
    """The first line of a record file, by which an editor finds its schema. KeyError: of no kind."""
    up = "../" * (file.count("/") + 2)
    return f"# yaml-language-server: $schema={up}schemas/{file_of(PATTERNS[_pattern(file)])}"


def _pattern(file: str) -> str:
    return file if file in PATTERNS else f"{file.partition('/')[0]}/*.yaml"


# Which kind the files of a pattern are, relative to the records.
PATTERNS: dict[str, str] = {
    **{room.pattern: kind for kind, room in ROOM_OF.items()},
    **{f"{FOLDER}/{part}.yaml": f"{FOLDER}_{part}" for part in SHARED},
}
