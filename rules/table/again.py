"""A worklist that is given back: the columns that an earlier run added, and the lines that are no person.

Staff sort a worklist, move its columns, write between them and give it back. What an earlier run
added is known by its name, wherever it stands, and is worked out anew; all else is their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rules.synonyms import plain

from .columns import Header
from .rows import Cells
from .summary import RESULT_COLUMNS
from .text import say, words

REJECT_COLUMNS = tuple(words()["rejects"][k] for k in ("column", "value", "reason"))
# Names that only a worklist has. Fewer of the others than these may be a clinic's own columns.
MARKS = frozenset(("best_path", "best_outlook", "payer_order", "paths_likely", "paths_possible",
                   "paths_not_yet", "answer_asked", REJECT_COLUMNS[-1]))  # fmt: skip
ENOUGH = 4
TWICE = re.compile(r" #\d+$")  # what a second column of one name is called
NUMBERS = frozenset(("whole_number", "number", "scores", "money", "percent"))
SHORT = 100  # letters of a cell of which it is kept whether it is a total
NOT_LETTERS = re.compile(r"[^a-z ]+")


class OwnColumns(NamedTuple):
    """The columns of a table that are its own: where they stand, and their names.

    `again`: the table was a worklist. `renamed` tells the columns that bore a name which the
    worklist needs for itself, each with its new name.
    """

    places: tuple[int, ...]
    names: tuple[str, ...]
    again: bool
    renamed: tuple[tuple[str, str], ...]


def own_columns(names: Sequence[str]) -> OwnColumns:
    """The columns of a table without those of an earlier run.

    In a table that was no worklist, a column that happens to be called `policy` is kept, under
    another name: the worklist would drop it the next day.
    """
    added = {*RESULT_COLUMNS, *REJECT_COLUMNS}
    bare = [TWICE.sub("", n.strip()) for n in names]
    found = added.intersection(bare)
    again = bool(found & MARKS) or len(found) >= ENOUGH
    places = [i for i, n in enumerate(bare) if not (again and n in added)]
    renamed = [
        (names[i], say("template", "own", name=names[i].strip()))
        for i in places
        if names[i].strip() in added
    ]
    known = dict(renamed)
    kept = tuple(known.get(names[i], names[i]) for i in places)
    return OwnColumns(tuple(places), kept, again, tuple(renamed))


def told_of_columns(own: OwnColumns) -> Iterator[str]:
    """What is said of a table's columns before any row is read."""
    if own.again:
        yield say("warnings", "again")
    for old, new in own.renamed:
        yield say("warnings", "renamed", old=old, new=new)


def nobody(
    columns: Sequence[Cells | None],
    size: int,
    header: Header,
    line: Callable[[int], Sequence[str]],
) -> dict[int, str]:
    """The rows in which no person stands, each with what is to be told of it.

    A total has numbers, and perhaps a word for it in its first cell; a note or a heading has
    neither a name of the row nor any answer. `line` gives all cells of a row.
    """
    worded = np.zeros(size, dtype=bool)
    answered = np.zeros(size, dtype=bool)
    for target, cells in zip(header.targets, columns, strict=True):
        if target is None or cells is None:
            continue
        filled = np.array([bool(t.strip()) for t in cells.texts] or [False])[cells.which]
        answered |= filled
        if target.column.question.kind not in NUMBERS:
            total = np.array([is_total(t) for t in cells.texts] or [False])[cells.which]
            worded |= filled & ~total
    found: dict[int, str] = {}
    for row in np.flatnonzero(~worded).tolist():
        cells_of_row = line(row)
        first = next((c for c in cells_of_row if c.strip()), "")
        named = header.case_id is not None and bool(cells_of_row[header.case_id].strip())
        if is_total(first):
            found[row] = say("remarks", "total")
        elif not named and not answered[row]:
            found[row] = say("remarks", "nobody")
    return found


def is_total(text: str) -> bool:
    """Whether a cell says that its line counts the others: “Total”, “TOTAL (38):”."""
    return _counts(text) if len(text) <= SHORT else _says_total(text)


def _says_total(text: str) -> bool:
    return plain(NOT_LETTERS.sub(" ", text.lower())) in _totals()


_counts = lru_cache(maxsize=10_000)(_says_total)


@lru_cache(maxsize=1)
def _totals() -> frozenset[str]:
    return frozenset(plain(w) for w in words()["headers"]["total"])
