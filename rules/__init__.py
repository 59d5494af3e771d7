"""KetaPath's rules: what is true of paying for ketamine treatment, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .case import Case, CaseError
    from .case_reading import read_case
    from .evaluation import evaluate
    from .result import Result
    from .rule_book import Book
    from .rule_book_files import load_rules
    from .table import screen

_HOMES = {
    "Book": "rule_book",
    "load_rules": "rule_book_files",
    "evaluate": "evaluation",
    "Case": "case",
    "CaseError": "case",
    "Result": "result",
    "read_case": "case_reading",
    "screen": "table",
}
__all__ = ["Book", "Case", "CaseError", "Result", "evaluate", "load_rules", "read_case", "screen"]


if not TYPE_CHECKING:  # a checker would take it for leave to import any name

    def __getattr__(name: str) -> object:
        """Loads what is asked for when it is asked for: one case needs no tools of a table."""
        if name in _HOMES:
            from importlib import import_module

            return getattr(import_module(f".{_HOMES[name]}", __name__), name)
        raise AttributeError(name)
