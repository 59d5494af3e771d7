"""A paper as Markdown for the screen. Every character that could be markup is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable

from .blocks import (
    BLANK,
    Block,
    Bullets,
    Checklist,
    Enclosures,
    Fields,
    Heading,
    LineBlock,
    Note,
    Numbered,
    PageBreak,
    Paper,
    Paragraph,
    Reference,
    SignatureBlock,
    Table,
)
from .phrases import say

# Also `$` (formulas), `:` before a letter (shortcodes, colours) and `<`, `&` (HTML).
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>$~&@])")


def escape(text: str) -> str:
    """Text that Markdown shows exactly as it stands."""
    text = _MARKUP.sub(r"\\\1", text.replace("\n", " "))
    text = re.sub(r"^(\s*\d+)([.)])(\s)", r"\1\\\2\3", text)
    text = re.sub(r"^(\s*)([-=])", r"\1\\\2", text)
    return re.sub(r":(?=[A-Za-z\\])", r"\\:", text)


def render(paper: Paper, shown: Callable[[str], str] = escape) -> str:
    """The paper, its title as the first heading. `shown` makes a text stand in Markdown as it is."""
    parts = [f"# {shown(paper.title)}", *(_block(b, shown) for b in paper.blocks)]
    return "\n\n".join(p for p in parts if p) + "\n"


def _block(block: Block, shown: Callable[[str], str]) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {shown(block.text)}"
        case Paragraph():
            lead = f"**{shown(block.lead)}** " if block.lead else ""
            return lead + shown(block.text)
        case Bullets():
            return "\n".join(f"- {shown(i)}" for i in block.items)
        case Checklist():
            return "\n".join(f"- ☐ {shown(i)}" for i in block.items)
        case Numbered():
            return "\n".join(f"{n}. {shown(i)}" for n, i in enumerate(block.items, 1))
        case Table():
            return _table(block, shown)
        case Fields():
            return "\n".join(f"- **{shown(k)}:** {shown(v or BLANK)}" for k, v in block.rows)
        case LineBlock():
            return "  \n".join(shown(text or f"{BLANK} ({label})") for label, text in block.rows)
        case Reference():
            lead = f"**{shown(say('paper', 'about'))}** "
            return lead + "  \n".join(f"{shown(k)}: {shown(v or BLANK)}" for k, v in block.rows)
        case Enclosures():
            rows = [f"**{shown(say('paper', 'enclosures'))}**", ""]
            return "\n".join([*rows, *(f"- {shown(i)}" for i in block.items)])
        case Note():
            lines = [f"**{shown(block.title)}**", "", *(f"- {shown(i)}" for i in block.items)]
            return "\n".join(f"> {line}".rstrip() for line in lines)
        case SignatureBlock():
            signed = "\n".join(f"- {shown(k)}: {shown(v or BLANK)}" for k, v in block.lines)
            return f"{shown(block.closing)}\n\n{signed}" if block.closing else signed
        case PageBreak():
            return "---"


def _table(table: Table, shown: Callable[[str], str]) -> str:
    rows = [table.columns, *table.rows]
    lines = ["| " + " | ".join(shown(c) for c in row) + " |" for row in rows]
    rule = "|" + " --- |" * len(table.columns)
    return "\n".join([f"**{shown(table.caption)}**", "", lines[0], rule, *lines[1:]])
