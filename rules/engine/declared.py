"""What a record reads, declared by the closed grammar: equal answers to it give equal outcomes.

A record that judges many people sees few distinct combinations of what it reads. Each combination is
judged once and the outcome kept, as long as there are not too many of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

from ..facts.context import Facts
from ..rule_book import Book
from ..schema.conditions import facts_read
from ..schema.ways import PaymentOption
from .criteria import INDICATION

Outcome = TypeVar("Outcome")

MOST_KEPT = 500  # outcomes of one record; what is beyond is judged each time


class Reads(NamedTuple):
    """The facts that a record reads; of numbers also the kind, as 1 equals 1.0 and True."""

    facts: tuple[str, ...]
    numbers: tuple[str, ...]

    def of(self, facts: Facts) -> tuple[Hashable, ...]:
        """What a view of a case answers to them."""
        return (*[facts[f] for f in self.facts], *[facts[f].__class__ for f in self.numbers])


class Kept(Generic[Outcome]):
    """The outcomes of one record on one day, by what it reads."""

    def __init__(self, reads: Reads) -> None:
        self.reads = reads
        self._day: dt.date | None = None
        self._outcomes: dict[Hashable, Outcome] = {}

    def on(self, today: dt.date) -> dict[Hashable, Outcome]:
        """Those of a day; there are those of one day alone, and never too many."""
        if self._day != today or len(self._outcomes) > MOST_KEPT:
            self._day, self._outcomes = today, {}
        return self._outcomes


def reads_of_way(book: Book, way: PaymentOption) -> Reads:
    """What decides a way to pay."""
    applies = (way.applies_when,) if way.applies_when is not None else ()
    conditions = (*applies, *way.requires, *way.excluded_by, *way.better_if)
    named = () if "any" in way.indications else (INDICATION,)
    found = sorted({*named}.union(*map(facts_read, conditions)))
    return Reads(tuple(found), tuple(f for f in found if _is_number(book, f)))


def _is_number(book: Book, fact: str) -> bool:
    record = book.facts.get(fact)
    return record is not None and record.kind == "number"
