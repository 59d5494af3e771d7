"""Reads one YAML file strictly and remembers on which line each of its parts stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

Place = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Fault(NamedTuple):
    """Something wrong in a record: which file, line, field, and what to do about it.

    `value` is what stands there, `nearest` the valid one closest to it where there is a closed list.
    """

    file: str
    line: int
    field: str
    message: str
    level: str = "error"  # or "warning"
    value: str | None = None
    nearest: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " + (f"{self.field}: " if self.field else "")
        given = f" (given: {self.value})" if self.value and self.value not in self.message else ""
        told = self.nearest is None or f"write {self.nearest}" in self.message
        return place + self.message + given + ("" if told else f". Nearest valid: {self.nearest}")


class RecordFile(NamedTuple):
    """One file as read: its plain data, and the line on which each part starts.

    `shared` tells for each part that was put in from a shared file where it stands there.
    """

    file: str
    data: Any
    lines: dict[Place, int]
    shared: dict[Place, tuple[RecordFile, Place]]

    def line(self, place: Place) -> int:
        """Line of `place`, or of the nearest part around it that the file has."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(
        self,
        place: Place,
        message: str,
        level: str = "error",
        value: str | None = None,
        nearest: str | None = None,
    ) -> Fault:
        """A fault of a part, in the file where a person has to mend it."""
        for used, (sheet, entry) in self.shared.items():
            own = place[: len(used) + 1] in self.lines  # a field that stands beside the `use`
            if place[: len(used)] == used and (place == used or not own):
                place = (*entry, *place[len(used) :])
                return sheet.fault(place, message, level, value, nearest)
        return Fault(self.file, self.line(place), dotted(place), message, level, value, nearest)


def _keep_text(loader: Any, node: Any) -> str:
    """Dates stay text here; the schema decides whether they are full dates or parts of one."""
    return str(loader.construct_scalar(node))


class _TextDates(_Loader):  # type: ignore[misc]
    pass


_TextDates.add_constructor("tag:yaml.org,2002:timestamp", _keep_text)


def read_record_file(path: Path, name: str) -> RecordFile | Fault:
    """Read one YAML file; duplicate keys and broken YAML are faults."""
    lines: dict[Place, int] = {}
    try:
        text = path.read_text(encoding="utf-8")
        loader = _TextDates(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return Fault(name, 1, "", "the file is empty")
            twice = _walk(node, (), lines)
            if twice is not None:
                line, key = lines[twice], str(twice[-1])
                return Fault(name, line, dotted(twice), "this key stands twice", value=key)
            data = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        return Fault(name, line, "", f"not readable as YAML: {_plain_problem(error)}")
    except UnicodeDecodeError:
        return Fault(name, 1, "", "not UTF-8 text. Save the file as UTF-8 and try again")
    return RecordFile(name, data, lines, {})


# What the YAML reader says of the slips that people make, said plainly.
_PROBLEMS = {
    "tab character": "a tab stands here; indent with spaces",
    "cannot start any token": "a tab or a sign stands where a word has to; indent with spaces, put "
    "a text that begins with a sign in quotes",
    "mapping values are not allowed": "a colon inside a text: put the whole text in quotes",
    "did not find expected key": "this line is not indented like its neighbors, or a quote is open",
    "could not find expected ':'": "a key without its colon (`key: value`), or an open quote",
    "did not find expected '-' indicator": "this line is not indented like its neighbors",
    "did not find expected ',' or": "a bracket that is not closed",
    "found unexpected end of stream": "a quote that is not closed",
}


def _plain_problem(error: yaml.YAMLError) -> str:
    told = str(getattr(error, "problem", None) or error)
    return next((plain for part, plain in _PROBLEMS.items() if part in told), told)


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


def written(path: Path, place: Place) -> str | None:
    """A value as it stands in a file (`0938`, not 938); None where it is not one value of this file."""
    node = yaml.compose(path.read_text(encoding="utf-8"), _TextDates)
    for part in place:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode):
            node = node.value[int(part)]
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None
