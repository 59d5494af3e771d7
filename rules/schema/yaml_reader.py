"""Reads one YAML file strictly and remembers on which line each of its parts stands."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

Place = tuple[str | int, ...]

if TYPE_CHECKING:
    from yaml import SafeLoader as _Loader
else:
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        return _line(self.lines, place)

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


def _line(lines: dict[Place, int], place: Place) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


# The kinds of values that a record holds in plain words; what else YAML reads into a word is a slip.
_TEXT, _NUMBER, _FRACTION, _YES_NO, _NOTHING, _DATE, _MAP, _LIST = PLAIN_TAGS = tuple(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)
_MERGE = "tag:yaml.org,2002:merge"


def _keep_text(loader: _Loader, node: yaml.ScalarNode) -> str:
    """Dates stay text here; the schema decides whether they are full dates or parts of one."""
    return str(loader.construct_scalar(node))


class _TextDates(_Loader):
    pass


_TextDates.add_constructor(_DATE, _keep_text)


LONGEST_NUMBER = 18  # digits
DEEPEST = 60  # parts within parts
WIDE = re.compile(r"^[ \-?]{120}", re.MULTILINE)  # room for as many parts by indents alone


class _Unsound(Exception):
    """Something in a file that YAML reads as another thing than was written."""

    def __init__(
        self,
        node: yaml.Node,
        place: Place,
        message: str,
        value: str | None = None,
        line: int = 0,
        quoted: bool = False,
    ) -> None:
        super().__init__(message)
        self.line = line or node.start_mark.line + 1
        self.place, self.value = place, value
        self.nearest = f"'{value}'" if quoted else None


def read_record_file(path: Path, name: str) -> RecordFile | Fault:
    """Read one YAML file. Whatever else it is (a folder, no text, broken YAML) is a fault."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Fault(name, 1, "", "not a file: only files may be called .yaml here")
        return _read_text(path.read_bytes().decode("utf-8-sig"), name)
    except OSError as error:
        return Fault(name, 1, "", f"cannot be read: {(error.strerror or 'no file').lower()}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Fault(name, line, "", "not UTF-8 text. Save the file as UTF-8 and try again")


def _read_text(text: str, name: str) -> RecordFile | Fault:
    lines: dict[Place, int] = {}
    try:
        if (deep := _too_deep(text)) is not None:
            return Fault(name, deep, "", f"more than {DEEPEST} parts within parts")
        loader = _TextDates(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return Fault(name, 1, "", "the file is empty")
            twice = _walk(node, (), lines, set())
            if twice is not None:
                line, key = lines[twice], str(twice[-1])
                return Fault(name, line, dotted(twice), "this key stands twice", value=key)
            data = loader.construct_document(node)
        finally:
            loader.dispose()
    except _Unsound as slip:
        where, text = dotted(slip.place), str(slip)
        return Fault(name, slip.line, where, text, value=slip.value, nearest=slip.nearest)
    except yaml.reader.ReaderError as error:
        line = _line_of(text, error)
        return Fault(name, line, "", "a sign stands here that no text holds. Delete it")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        return Fault(name, line, "", f"not readable as YAML: {_plain_problem(error)}")
    return RecordFile(name, data, lines, {})


def _too_deep(text: str) -> int | None:
    """The line at which parts are nested too deep to be put together (YAML's own code would break).

    Only a file that may be nested so is read a second time: each part needs a bracket or a column.
    """
    brackets = text.count("[") + text.count("{")
    if brackets <= DEEPEST and not WIDE.search(text):
        return None
    depth = 0
    for event in yaml.parse(text, _TextDates):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return event.start_mark.line + 1 if event.start_mark is not None else 1
    return None


def _line_of(text: str, error: yaml.reader.ReaderError) -> int:
    """The line of a sign that YAML refuses; where its place was not told, of the first control sign."""
    control = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]", text)
    at = control.start() if control else error.position
    return text.count("\n", 0, at) + 1


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


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int], walked: set[int]) -> Place | None:
    """Note the line of each part; gives the first key that stands twice, in the whole file."""
    if id(node) in walked:
        text = "this part stands elsewhere too: write it out, without `&` and `*`"
        raise _Unsound(node, place, text, line=_line(lines, place))
    if node.tag not in PLAIN_TAGS:
        raise _Unsound(node, place, "a tag (`!`) has no place in a record", str(node.tag))
    lines.setdefault(place, node.start_mark.line + 1)
    if not isinstance(node, yaml.ScalarNode):
        walked.add(id(node))
    twice: Place | None = None
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, _key(key, place))
            known, lines[inner] = inner in lines, key.start_mark.line + 1
            if known:
                return inner
            twice = twice or _walk(value, inner, lines, walked)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            twice = twice or _walk(value, (*place, index), lines, walked)
    else:
        _check_value(node, place)
    return twice


def _key(key: yaml.Node, place: Place) -> str:
    """A key as it is written. `NO` and `on` without quotes are yes or no to YAML, and no word."""
    if key.tag == _MERGE:
        raise _Unsound(key, place, "a record is written out: no `<<`")
    if not isinstance(key, yaml.ScalarNode):
        raise _Unsound(key, place, "a key is one word")
    written = str(key.value)
    if key.tag != _TEXT:
        text = f"write '{written}' in quotes: without them it is not read as a word"
        raise _Unsound(key, (*place, written), text, written, quoted=True)
    return written


def _check_value(node: yaml.Node, place: Place) -> None:
    written = str(node.value)
    if node.tag in (_NUMBER, _FRACTION):
        if len(written) > LONGEST_NUMBER:
            raise _Unsound(node, place, "this number is too large", written[:LONGEST_NUMBER])
        if not re.fullmatch(r"[-+]?(0|[1-9]\d*)(\.\d+)?", written):
            text = f"write '{written}' in quotes: without them it is read as another number"
            raise _Unsound(node, place, text, written, quoted=True)
    elif node.tag == _YES_NO and written.lower() not in yaml.SafeLoader.bool_values:
        raise _Unsound(node, place, "true or false is needed here", written)


def dotted(place: Place) -> str:
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def written(path: Path, place: Place) -> str | None:
    """A value as it stands in a file (`0938`, not 938); None where it is not one value of this file."""
    node = yaml.compose(path.read_text(encoding="utf-8-sig"), _TextDates)
    for part in place:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode):
            node = node.value[int(part)]
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None
