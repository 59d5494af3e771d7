"""KetaPath's rules: what is true of paying for ketamine treatment, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .book import Book, load_rules
    from .engine import evaluate
    from .model import Case, CaseError, Result, read_case
    from .table import screen

_HOMES = {
    "Book": "book",
    "load_rules": "book",
    "evaluate": "engine",
    "Case": "model",
    "CaseError": "model",
    "Result": "model",
    "read_case": "model",
    "screen": "table",
}
__all__ = ["Book", "Case", "CaseError", "Result", "evaluate", "load_rules", "read_case", "screen"]


def __getattr__(name: str) -> Any:
    """Loads what is asked for when it is asked for: a table's tools are not needed for one case."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(name)
