"""Reads the engine's phrases. A second language is a second file of the same shape."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent / "words"


@lru_cache(maxsize=8)
def _phrases(language: str) -> dict[str, Any]:
    text = (HERE / f"{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


def phrase(group: str, key: str, language: str = "en", **values: Any) -> str:
    """The phrase `key` of `group` with its gaps filled. Raises KeyError where there is none."""
    text: str = _phrases(language)[group][key]
    return text.format(**values) if values else text


def outlook_words(outlook: str, of_cover: bool) -> str:
    """An outlook in words: of a cover, or of a way to pay, which nobody approves."""
    return phrase("outlook" if of_cover else "fit", outlook)


def outlook_means(outlook: str, of_cover: bool) -> str:
    """What an outlook means, of a cover or of a way to pay."""
    return phrase("outlook_means" if of_cover else "fit_means", outlook)


def has_phrase(group: str, key: str, language: str = "en") -> bool:
    return key in _phrases(language).get(group, {})


def join_words(parts: list[str], language: str = "en") -> str:
    """Parts in one sentence, without their own full stops."""
    return "; ".join(p.rstrip(".") for p in parts)
