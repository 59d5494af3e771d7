"""Reads one YAML file strictly and remembers on which line each of its parts stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

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
    """One file as read: its plain data, and the line on which each part starts.

    `shared` tells for each part that was put in from a shared file where it stands there.
    """

    file: str
    data: Any
    lines: dict[Place, int]
    shared: dict[Place, tuple[Sheet, Place]]

    def line(self, place: Place) -> int:
        """Line of `place`, or of the nearest part around it that the file has."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: Place, message: str, level: str = "error") -> Fault:
        """A fault of a part, in the file where a person has to mend it."""
        for used, (sheet, entry) in self.shared.items():
            own = place[: len(used) + 1] in self.lines  # a field that stands beside the `use`
            if place[: len(used)] == used and (place == used or not own):
                return sheet.fault((*entry, *place[len(used) :]), message, level)
        return Fault(self.file, self.line(place), dotted(place), message, level)


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
    return Sheet(name, data, lines, {})


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
