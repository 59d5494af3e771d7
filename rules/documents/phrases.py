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
    return phrase(group, key, file=FILE) if key and has_phrase(group, key, file=FILE) else fallback


def long_date(day: dt.date | None) -> str:
    """A date as letters write it, such as November 1, 2026; empty where there is none."""
    return day_words(day) if day else ""


def number(value: float) -> str:
    """A number without a needless fraction, with thousands apart."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def sentence(text: str) -> str:
    """The text with exactly one mark at its end."""
    text = text.rstrip()
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
