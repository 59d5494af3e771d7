"""Files that a command reads and writes, and what is told where one cannot be used."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from ..plain_files import is_stream, open_plain

MOST_BYTES = 2_000_000  # a case is a few kilobytes; more is a mistake


class InputFault(Exception):
    """The input cannot be used; the message says what to do."""


def read_json(name: str) -> Any:
    """The JSON of a file, or of standard input for `-`. Raises InputFault naming line and column."""
    try:
        raw = _bytes_of(name)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or error
        raise InputFault(f"{name}: cannot be read: {why}") from None
    if len(raw) > MOST_BYTES:
        most = f"{MOST_BYTES // 10**6} MB"
        raise InputFault(f"{name}: too large for a case, which has at most {most}")
    if not raw:
        raise InputFault(f"{name}: the file is empty")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputFault(f"{name}: not UTF-8 text. Save the file as UTF-8 and try again") from None
    try:
        return json.loads(text, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        raise InputFault(f"{name}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except _Twice as error:
        raise InputFault(f"{name}: the field {error} stands twice in one object") from None
    except ValueError:  # a number of thousands of digits
        raise InputFault(f"{name}: holds a number that is too large") from None
    except RecursionError:
        raise InputFault(f"{name}: nested too deeply to be a case") from None


def _bytes_of(name: str) -> bytes:
    """What stands in a file, or comes by a stream that is open already; no more than is looked at."""
    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin is not None else b""
    if is_stream(name):
        with open(name, "rb") as stream:
            return stream.read(MOST_BYTES + 1)
    with open_plain(name) as file:
        return file.read(MOST_BYTES + 1)


class _Twice(ValueError):
    """A field that stands twice in one object: nobody can tell which answer is meant."""


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key[:80])
        found[key] = value
    return found


@contextlib.contextmanager
def writing(name: str) -> Iterator[None]:
    """Raises InputFault where a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise InputFault(f"{name}: cannot be written: {error.strerror or error}") from None
