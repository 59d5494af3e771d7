"""Reads the table's own words: what people write in cells, and what is said of a table."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent / "words"


@lru_cache(maxsize=4)
def words(language: str = "en") -> dict[str, Any]:
    """All words of the table in a language."""
    text = (HERE / f"{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


def say(group: str, key: str, **values: Any) -> str:
    """The sentence `key` of `group` with its gaps filled."""
    text: str = words()[group][key]
    return text.format(**values)
