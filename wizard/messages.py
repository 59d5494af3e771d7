"""Reads the wizard's words. A second language is a second folder of the same files.

A key is dotted: the first part names the file, the rest the place in it (`start.title`). Where a
text differs by who sits in front, its entry is a mapping by role; a role without a text of its own
reads the patient's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from rules.messages import read_words

HERE = Path(__file__).parent / "words"

Role = Literal["patient", "intake", "counselor"]
ROLES: tuple[Role, ...] = ("patient", "intake", "counselor")


@lru_cache(maxsize=8)
def _language(language: str) -> dict[str, Any]:
    """All files of a language, by the stem of each."""
    return {path.stem: read_words(path) for path in sorted((HERE / language).glob("*.yaml"))}


def entry(key: str, language: str = "en") -> Any:
    """What stands at a key: a text, a list or a mapping. Raises KeyError where nothing does."""
    found: Any = _language(language)
    for part in key.split("."):
        if not isinstance(found, dict) or part not in found:
            raise KeyError(f"no words at {key}")
        found = found[part]
    return found


def has(key: str, language: str = "en") -> bool:
    """Whether there are words at a key."""
    try:
        entry(key, language)
    except KeyError:
        return False
    return True


def _is_by_role(found: object) -> bool:
    return isinstance(found, dict) and "patient" in found and set(found) <= set(ROLES)


def say(key: str, role: Role = "patient", language: str = "en", /, **values: object) -> str:
    """The text at a key for a role, with its gaps filled."""
    found = entry(key, language)
    if _is_by_role(found):
        found = found.get(role, found["patient"])
    if not isinstance(found, str):
        raise KeyError(f"the words at {key} are not one text")
    return found.format(**values) if values else found


def count(
    key: str, number: int, role: Role = "patient", language: str = "en", /, **values: object
) -> str:
    """The text for a number: the entry `one` for 1, `none` for 0 where there is one, else `many`."""
    form = "one" if number == 1 else "none" if number == 0 and has(f"{key}.none") else "many"
    return say(f"{key}.{form}", role, language, number=number, **values)


def texts(key: str, language: str = "en") -> tuple[str, ...]:
    """The list of texts at a key."""
    found = entry(key, language)
    if not isinstance(found, list):
        raise KeyError(f"the words at {key} are not a list")
    return tuple(str(t) for t in found)


def every_text(language: str = "en") -> Iterator[tuple[str, str]]:
    """(key, text) of every text of a language, for the checks of the words themselves."""

    def walk(place: str, found: object) -> Iterator[tuple[str, str]]:
        if isinstance(found, dict):
            for name, part in found.items():
                yield from walk(f"{place}.{name}" if place else str(name), part)
        elif isinstance(found, list):
            for number, part in enumerate(found):
                yield from walk(f"{place}[{number}]", part)
        else:
            yield place, str(found)

    yield from walk("", _language(language))
