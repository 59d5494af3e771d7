"""Texts of a table: the words that people write in cells, what is said of a table, a cell as text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ..messages import phrase, words_of


def words() -> dict[str, Any]:
    """All words of the table."""
    return words_of("table")


def say(group: str, key: str, **values: Any) -> str:
    """The sentence `key` of `group` with its gaps filled."""
    return phrase(group, key, file="table", **values)


def cell_text(cell: Any) -> str:
    """A cell as text: a whole number without its `.0`, a day as an ISO date, nothing as ''."""
    if cell is None or cell.__class__.__name__ in ("NAType", "NaTType") or cell != cell:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.datetime):
        day = cell.date().isoformat()
        return day if cell.time() == dt.time() else f"{day} {cell.time().isoformat()}"
    if isinstance(cell, float) or cell.__class__.__name__.startswith("float"):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(float(cell))
    return str(cell)
