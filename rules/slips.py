"""What is told of a slip, in a case or in a record: plain words, and the nearest valid word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

CLOSE = 0.5  # of 1: how alike a word must be to be offered as the one that was meant

# What pydantic says in the words of its own machinery, said plainly.
PLAIN_MESSAGES = {
    "tuple_type": "a list is needed here",
    "too_long": "at most {max_length} entries are read here, not {actual_length}",
    "model_type": "an object is needed here",
    "bool_type": "true or false is needed here",
    "bool_parsing": "true or false is needed here",
    "int_type": "a whole number is needed here",
    "int_parsing": "a whole number is needed here",
    "int_from_float": "a whole number is needed here",
    "int_parsing_size": "this number is too large",
    "float_type": "a number is needed here",
    "float_parsing": "a number is needed here",
    "finite_number": "a number is needed here",
    "string_type": "a text is needed here",
    "string_unicode": "this text is broken",
    "string_too_short": "a text is needed here",
    "string_too_long": "at most {max_length} characters are read here",
    "greater_than_equal": "this must be at least {ge:g}",
    "less_than_equal": "this must be at most {le:g}",
    "less_than": "this must be below {lt:g}",
}


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The valid word closest to `word`, or None where none is close."""
    plain = word.strip().lower().replace(" ", "_").replace("-", "_")
    by_plain = {c.lower(): c for c in choices}
    found = difflib.get_close_matches(plain, list(by_plain), n=1, cutoff=CLOSE)
    return by_plain[found[0]] if found else None


def choices_in(expected: str) -> list[str]:
    """The valid words in pydantic's sentence of them: `'a', 'b' or 'c'`."""
    return re.findall(r"'([^']*)'", expected)
