"""How wide the columns of a table are, in the PDF and in the Word file alike."""

from __future__ import annotations

import re

from .blocks import Table

LETTER = 4.7  # points that a letter of a table's text takes, nearly
ROOM = 10.0  # points between the edges of a cell and its text, on both sides together
MOST = 16  # letters of a word that a column makes room for
_WORD = re.compile(r"[^\s/-]+[/-]?")


def column_widths(table: Table, measure: float) -> list[float]:
    """Points for each column: as the table shares the measure out, but none narrower than its words.

    What one column gets more is taken from those whose texts stand on one line with room to spare;
    where that is not enough, from all that can break their lines.
    """
    shares = table.widths or (1,) * len(table.columns)
    have = [measure * s / sum(shares) for s in shares]
    columns = list(zip(table.columns, *table.rows, strict=True))
    least = [_least(column) for column in columns]
    goal = [max(pair) for pair in zip(have, least, strict=True)]
    for low in (
        [max(_one_line(c, h), n) for c, h, n in zip(columns, have, least, strict=True)],
        least,
    ):
        goal = _less(goal, low, sum(goal) - measure)
    excess = measure / sum(goal)
    return [width * excess for width in goal]


def _less(widths: list[float], low: list[float], excess: float) -> list[float]:
    """The widths with `excess` taken off them in all, as far as each stays at its `low`."""
    spare = [max(0.0, width - floor) for width, floor in zip(widths, low, strict=True)]
    part = min(1.0, excess / sum(spare)) if sum(spare) else 0.0
    return [width - room * part for width, room in zip(widths, spare, strict=True)]


def _least(column: tuple[str, ...]) -> float:
    longest = max((len(word) for text in column for word in _WORD.findall(text)), default=0)
    return min(longest, MOST) * LETTER + ROOM


def _one_line(column: tuple[str, ...], have: float) -> float:
    """The width that holds each text on one line; all of it where the column is to be written in."""
    told = max(map(len, column[1:]), default=0)
    return told * LETTER + ROOM if told else have
