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
    """The paper, its title as the first heading; a letter prints none.

    `shown` makes a text stand in Markdown as it is.
    """
    title = "" if paper.form == "letter" else f"# {shown(paper.title)}"
    parts = [title, *(_block(b, shown) for b in paper.blocks)]
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
            return _lines(block, shown)
        case Reference():
            rows = [f"**{shown(say('paper', 'about'))}**"]
            rows += (
                f"- {shown(k)}: {f'**{shown(v)}**' if v else shown(BLANK)}" for k, v in block.rows
            )
            return "\n".join(rows)
        case Enclosures():
            rows = [f"**{shown(say('paper', 'enclosures'))}**", ""]
            return "\n".join([*rows, *(f"- {shown(i)}" for i in block.items)])
        case Note():
            lines = [f"**{shown(block.title)}**", "", *(f"- {shown(i)}" for i in block.items)]
            return "\n".join(f"> {line}".rstrip() for line in lines)
        case SignatureBlock():
            return _signature(block, shown)


def _to_fill(label: str, shown: Callable[[str], str]) -> str:
    """A line to write on, with what belongs there."""
    return f"{shown(BLANK)} *{shown(label)}*"


def _lines(block: LineBlock, shown: Callable[[str], str]) -> str:
    rows = [shown(text) if text else _to_fill(label, shown) for label, text in block.rows]
    if block.kind == "letterhead" and block.rows[0][1]:
        rows[0] = f"**{rows[0]}**"
    return "  \n".join(rows)


def _signature(block: SignatureBlock, shown: Callable[[str], str]) -> str:
    """Below a closing stand a line to sign on and a name by itself; each other line tells its label."""
    rows = [
        f"{shown(label)}: {shown(text)}" if text else _to_fill(label, shown)
        for label, text in block.lines
    ]
    if not block.closing:
        return "  \n".join(rows)
    rows[0] = shown(BLANK)
    if len(rows) > 1 and block.lines[1][1]:
        rows[1] = shown(block.lines[1][1])
    return f"{shown(block.closing)}\n\n" + "  \n".join(rows)


def _table(table: Table, shown: Callable[[str], str]) -> str:
    rows = [table.columns, *table.rows]
    lines = ["| " + " | ".join(shown(c) for c in row) + " |" for row in rows]
    rule = "|" + " --- |" * len(table.columns)
    return "\n".join([f"**{shown(table.caption)}**", "", lines[0], rule, *lines[1:]])
