"""What would change an outlook, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..engine.paths import Path
from ..facts.context import Facts
from ..logic import Verdict
from ..messages import phrase
from ..result import Change
from .condition_text import word_label
from .what_if import known_part, suggestions


def show_changes(path: Path) -> Iterable[Change]:
    for suggestion in suggestions(path):
        parts = [_change_text(path.facts, e.leaf, e.value) for e in suggestion.edits]
        yield Change(
            change=phrase("change", "and").join(dict.fromkeys(parts)),
            to=suggestion.to,
            edits=tuple(
                dict.fromkeys(
                    e.key[0] if isinstance(e.key, tuple) else e.key for e in suggestion.edits
                )
            ),
        )


def _change_text(facts: Facts, leaf: Verdict, value: Any) -> str:
    record = facts.book.facts[leaf.node.fact or ""]
    if leaf.node.kind == "at_least" and leaf.value is False:
        more = value - known_part(facts.read(leaf.node.key))
        return phrase("change", "number", more=f"{more:g}", name=record.name, value=f"{value:g}")
    if isinstance(value, bool):
        text = record.says_yes if value else record.says_no
        return phrase("change", "confirm", text=text) if leaf.value is None else str(text)
    if isinstance(value, (int, float)):
        return phrase(
            "change", "number_set", name=record.name, value=f"{value:g}", unit=record.unit or ""
        )
    return phrase(
        "change", "words", name=record.name, value=word_label(facts.book, record.id, str(value))
    )
