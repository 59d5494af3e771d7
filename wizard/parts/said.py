"""The words of this session: for its role."""

from __future__ import annotations

from typing import Any

from wizard.answers import store
from wizard.words import count, say


def said(key: str, **values: Any) -> str:
    """The text at a key, in the wording of the role that was chosen."""
    return say(key, store().role, **values)


def counted(key: str, number: int, **values: Any) -> str:
    """The text at a key for a number, in the wording of the role that was chosen."""
    return count(key, number, store().role, **values)


def plain(text: str) -> str:
    """Text that people typed, with the signs of markdown and HTML taken as themselves."""
    for sign in "\\`*_{}[]()#+-.!|~<>$:&":
        text = text.replace(sign, f"\\{sign}") if sign not in "<>&" else text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def safe(text: str) -> str:
    """Text for markdown in which a dollar sign is a dollar sign (two of them would be a formula)."""
    return text.replace("$", "\\$")
