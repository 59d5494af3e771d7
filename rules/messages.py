"""The one look-up of words: every sentence that the rules tell stands in a file under `words/`.

A second language is a second folder of the same files.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).parent / "words"
REPORT = "report"


@lru_cache(maxsize=64)
def read_words(path: Path) -> dict[str, Any]:
    """A file of words, read once."""
    found: dict[str, Any] = yaml.load(
        path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return found


@lru_cache(maxsize=64)
def words_of(file: str, language: str = "en") -> dict[str, Any]:
    """All words of one file of a language, by group; `file` is its name without the ending."""
    return read_words(WORDS / language / f"{file}.yaml")


def phrase(
    group: str, key: str, *, file: str = REPORT, language: str = "en", **values: object
) -> str:
    """The phrase `key` of `group` with its gaps filled. Raises KeyError where there is none."""
    text: str = words_of(file, language)[group][key]
    return text.format(**values) if values else text


def has_phrase(group: str, key: str, *, file: str = REPORT, language: str = "en") -> bool:
    """Whether there is such a phrase."""
    return key in words_of(file, language).get(group, {})


def outlook_words(outlook: str, of_cover: bool) -> str:
    """An outlook in words: of a cover, or of a way to pay, which nobody approves."""
    return phrase("outlook" if of_cover else "fit", outlook)


def outlook_means(outlook: str, of_cover: bool) -> str:
    """What an outlook means, of a cover or of a way to pay."""
    return phrase("outlook_means" if of_cover else "fit_means", outlook)


def day_words(day: dt.date) -> str:
    """A date in words that no country reads differently, as January 5, 2027."""
    return f"{day:%B} {day.day}, {day.year}"


def as_of_words(date: str | None) -> str:
    """A source's date as words: 2026-07-01 is July 1, 2026, 2026-07 is July 2026; a year stays one."""
    parts = [int(p) for p in (date or "").split("-") if p]
    if len(parts) == 3:
        return day_words(dt.date(*parts))
    return f"{dt.date(parts[0], parts[1], 1):%B %Y}" if len(parts) == 2 else date or ""


def in_mid_sentence(name: str) -> str:
    """A name as it stands in the middle of a sentence: it begins small, unless it is somebody's own.

    An abbreviation keeps its capitals, and so does what begins with a name of the file of answers.
    """
    own = words_of("answers")["own_names"].values()
    if name[1:2].isupper() or name[1:2] == "." or name.startswith(tuple(own)):
        return name
    return name[:1].lower() + name[1:]


def split_first_sentence(text: str) -> tuple[str, str]:
    """A text as its first sentence, and the rest."""
    first, stop, rest = text.partition(". ")
    return (f"{first}{stop.strip()}", rest) if rest else (text, "")


def join_words(parts: list[str]) -> str:
    """Parts in one sentence, without their own full stops."""
    return "; ".join(p.rstrip(".") for p in parts)
