"""Reads YAML records strictly and remembers where each part stands in its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from .base import Record
from .record_types import ROOMS, Room

RECORDS = Path(__file__).parent.parent / "records"
Place = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Fault(NamedTuple):
    """Something wrong in a record: which file, line, field, and what to do about it."""

    file: str
    line: int
    field: str
    message: str
    level: str = "error"  # or "warning"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class Sheet(NamedTuple):
    """One file as read: its plain data and the line on which each part starts."""

    file: str
    data: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Line of `place`, or of the nearest part around it that the file has."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def _keep_text(loader: Any, node: Any) -> str:
    """Dates stay text here; the schema decides whether they are full dates or parts of one."""
    return str(loader.construct_scalar(node))


class _TextDates(_Loader):  # type: ignore[misc]
    pass


_TextDates.add_constructor("tag:yaml.org,2002:timestamp", _keep_text)


def read_sheet(path: Path, name: str) -> Sheet | Fault:
    """Read one YAML file; duplicate keys and broken YAML are faults."""
    text = path.read_text(encoding="utf-8")
    lines: dict[Place, int] = {}
    try:
        loader = _TextDates(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return Fault(name, 1, "", "the file is empty")
            twice = _walk(node, (), lines)
            if twice is not None:
                return Fault(name, lines[twice], dotted(twice), "this key stands twice")
            data = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        return Fault(name, line, "", f"not readable as YAML: {getattr(error, 'problem', error)}")
    return Sheet(name, data, lines)


def _walk(node: Any, place: Place, lines: dict[Place, int]) -> Place | None:
    lines.setdefault(place, node.start_mark.line + 1)
    twice: Place | None = None
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, key.value)
            if inner in lines:
                lines[inner] = key.start_mark.line + 1
                return inner
            lines[inner] = key.start_mark.line + 1
            twice = twice or _walk(value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            twice = twice or _walk(value, (*place, index), lines)
    return twice


def dotted(place: Place) -> str:
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def read_room(room: Room, root: Path) -> Iterator[tuple[Sheet, Record] | Fault]:
    """Each file of a room as its record, or what is wrong with it."""
    for path in sorted(root.glob(room.pattern)):
        name = path.relative_to(root).as_posix()
        sheet = read_sheet(path, name)
        if isinstance(sheet, Fault):
            yield sheet
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
        known = place
        while known and known not in sheet.lines:
            known = known[:-1]
        message = {"extra_forbidden": "unknown key", "missing": "missing"}.get(
            item["type"], item["msg"].removeprefix("Value error, ")
        )
        yield Fault(sheet.file, sheet.line(place), dotted(place), message)


def read_all(
    root: Path = RECORDS, only: str | None = None
) -> Iterator[tuple[Sheet, Record] | Fault]:
    """Every record under `root` (or those of the room named `only`), in a fixed order."""
    for room in ROOMS:
        if only is None or room.name == only:
            yield from read_room(room, root)


if __name__ == "__main__":
    import sys

    count = bad = 0
    for found in read_all(only=sys.argv[1] if len(sys.argv) > 1 else None):
        count += 1
        if isinstance(found, Fault):
            bad += 1
            print(found)
    print(f"{count} files or faults, {bad} faults")
    sys.exit(1 if bad else 0)
