"""The short phrases from which facts of a case become words in a paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ..messages import day_words, has_phrase, phrase

FILE = "papers/_phrases"


def say(group: str, key: str, **values: Any) -> str:
    """The phrase `key` of `group` with its gaps filled. Raises KeyError where there is none."""
    return phrase(group, key, file=FILE, **values)


def say_or(group: str, key: str | None, fallback: str = "") -> str:
    """The phrase, or `fallback` where the key is unknown or has no phrase."""
    return phrase(group, key, file=FILE) if key and has(group, key) else fallback


def has(group: str, key: str) -> bool:
    """Whether there is such a phrase."""
    return has_phrase(group, key, file=FILE)


def spelled(value: int) -> str:
    """A small number as prose writes it."""
    return say_or("number", str(value), number(value))


def long_date(day: dt.date | None) -> str:
    """A date as letters write it, such as November 1, 2026; empty where there is none."""
    return day_words(day) if day else ""


def number(value: float) -> str:
    """A number without a needless fraction, with thousands apart."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def upper_first(text: str) -> str:
    """The text as the beginning of a sentence or of a cell."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text in the middle of a sentence; a short form in capitals stays as it is."""
    return text if text[:2].isupper() or not text[1:2].isalpha() else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """The text with exactly one mark at its end."""
    text = text.rstrip()
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
