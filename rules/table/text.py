"""Texts of a table: the words that people write in cells, what is said of a table, a cell as text."""

from __future__ import annotations

import datetime as dt
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


def cell_text(cell: Any) -> str:
    """A cell as text: a whole number without its `.0`, a day as an ISO date, nothing as ''."""
    if cell is None or cell != cell or cell.__class__.__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.datetime):
        day = cell.date().isoformat()
        return day if cell.time() == dt.time() else f"{day} {cell.time().isoformat()}"
    if isinstance(cell, float) or cell.__class__.__name__.startswith("float"):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(float(cell))
    return str(cell)
