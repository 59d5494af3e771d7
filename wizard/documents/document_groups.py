"""The papers of a case in the order in which a person meets them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from rules.documents import Offer
from rules.documents.blocks import Audience, Block, Bullets, Paper, Paragraph, Table
from rules.result import PathShown, Result

MOST_FIRST = 5
MOST_COLUMNS = 3  # of a table that a phone still shows
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
_HEADING = re.compile(r"^(#{1,4}) ", re.M)
DEEPER = 2  # the screen's own title and section stand above the title of a paper


@dataclass(frozen=True)
class Papers:
    """The papers to look at first, and all others by who acts on them."""

    first: tuple[Offer, ...]
    rest: tuple[tuple[Audience, tuple[Offer, ...]], ...]


def grouped(offers: Sequence[Offer], result: Result) -> Papers:
    """The papers that the way to look at first asks for, then the others."""
    wanted = list(dict.fromkeys(d for p in _ways_now(result) for d in p.documents))
    asked = [o for o in offers if any(d in wanted for d in o.documents)]
    first = tuple(sorted(asked, key=lambda o: _place(o, wanted)))[:MOST_FIRST]
    rest = [(a, tuple(o for o in offers if o.audience == a and o not in first)) for a in AUDIENCES]
    return Papers(first, tuple((a, found) for a, found in rest if found))


def _ways_now(result: Result) -> list[PathShown]:
    """A way whose last day is running comes before the best one."""
    running = [p for p in result.paths if p.deadlines and not p.deadlines[0].passed]
    lead = result.best_path
    return [*sorted(running, key=lambda p: p.deadlines[0].act_by), *([lead] if lead else [])]


def _place(offer: Offer, wanted: Sequence[str]) -> int:
    return min(wanted.index(d) for d in offer.documents if d in wanted)


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
