"""The papers of a case as a screen shows them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rules.documents.blocks import Block, Bullets, Paper, Paragraph, Table

MOST_COLUMNS = 3  # of a table that a phone still shows
_HEADING = re.compile(r"^(#{1,4}) ", re.M)
DEEPER = 2  # the screen's own title and section stand above the title of a paper


def for_the_screen(paper: Paper, row: Callable[..., str], empty: Callable[[int], str]) -> Paper:
    """The paper with its wide tables as lists, row by row: a phone has no room for their columns.

    `row` puts a column's name and its value in words, `empty` tells of rows left to write on.
    """
    blocks: list[Block] = []
    for block in paper.blocks:
        if isinstance(block, Table) and len(block.columns) > MOST_COLUMNS:
            blocks.extend(_as_list(block, row, empty))
        else:
            blocks.append(block)
    return replace(paper, blocks=tuple(blocks))


def _as_list(
    table: Table, row: Callable[..., str], empty: Callable[[int], str]
) -> tuple[Block, ...]:
    items = []
    for cells in table.rows:
        told = [row(column=c, value=v) for c, v in zip(table.columns, cells, strict=True) if v]
        if told:
            items.append("; ".join(told))
    left = sum(not any(cells) for cells in table.rows)
    items += [empty(left)] if left else []
    return Paragraph("", lead=table.caption), Bullets(tuple(items))


def below_the_title(text: str) -> str:
    """A paper's markdown with its headings set lower, so that a screen keeps one title."""
    return _HEADING.sub(lambda m: f"{'#' * min(6, len(m[1]) + DEEPER)} ", text)
