"""Reading assumptions at one end of their ranges, and remembering which were read.

A sum is a function of a `Pick`. It says of each assumption whether it raises the sum (`up`) or
lowers it (`down`), so that running it at both ends gives the lowest and the highest sum. What it
read is what the sum depends on: the list is kept by the reading itself and cannot be forgotten.
Of these, `taken` are the numbers that went into the sum; the rest was only asked for, and something
else stood in (a quoted price for that of upkeep).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .assumptions import Assumption
from .formulas import ALL, NO_LIMIT, NONE


class NotKnownError(Exception):
    """A sum needs an assumption that nobody has given; the message is its id."""


class Pick:
    """Assumptions as seen from the low or the high end of a sum."""

    def __init__(
        self, assumptions: Mapping[str, Assumption], high: bool, used: set[str], taken: set[str]
    ) -> None:
        self.assumptions = assumptions
        self.high = high
        self.used = used
        self.taken = taken

    def other_end(self) -> Pick:
        """The same numbers from the other end: what lowers the cost is read there."""
        return Pick(self.assumptions, not self.high, self.used, self.taken)

    def _read(self, ident: str) -> Assumption:
        self.used.add(ident)
        return self.assumptions[ident]

    def _end(self, ident: str, high: bool) -> Decimal:
        found = self._read(ident)
        self.taken.add(ident)
        if found.low is None or found.high is None:
            if found.blank != "open":
                raise NotKnownError(ident)
            return (ALL if found.unit == "share" else NO_LIMIT) if high else NONE
        return found.high if high else found.low

    def up(self, ident: str) -> Decimal:
        """A number that raises the sum; an open one may reach its end, which may be no limit."""
        return self._end(ident, self.high)

    def down(self, ident: str) -> Decimal:
        """A number that lowers the sum."""
        return self._end(ident, not self.high)

    def limit(self, ident: str) -> Decimal:
        """A limit on the sum; where none is known there is none."""
        self.taken.add(ident)
        return self.up(ident) if self._read(ident).known else NO_LIMIT

    def known(self, ident: str) -> bool:
        return self._read(ident).known

    def told(self, ident: str) -> bool:
        """Whether the person gave this number, in the case or here."""
        return self._read(ident).origin in ("case", "yours")

    def has(self, ident: str) -> bool:
        """Whether there is such an assumption at all."""
        return ident in self.assumptions


Sum = Callable[[Pick], Decimal]


@dataclass(frozen=True)
class Measured:
    """A sum at its two ends, with what it rests on; `needs` what is missing where there is none."""

    low: Decimal | None
    high: Decimal | None
    exact: bool
    uses: tuple[str, ...]
    needs: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


def measure(total: Sum, assumptions: Mapping[str, Assumption]) -> Measured:
    """Run a sum at both ends; where it cannot be given, say everything that it still needs."""
    used: set[str] = set()
    taken: set[str] = set()
    try:
        ends = [total(Pick(assumptions, high, used, taken)) for high in (False, True)]
    except NotKnownError as missing:
        needs = _all_missing(total, assumptions, str(missing), used, taken)
        return Measured(None, None, False, tuple(sorted(used)), needs, tuple(sorted(taken)))
    if any(e.is_infinite() for e in ends):
        open_ones = tuple(sorted(u for u in used if not assumptions[u].known))
        return Measured(None, None, False, tuple(sorted(used)), open_ones, tuple(sorted(taken)))
    low, high = min(ends), max(ends)
    exact = low == high and all(assumptions[u].exact or not assumptions[u].known for u in used)
    return Measured(low, high, exact, tuple(sorted(used)), taken=tuple(sorted(taken)))


def _all_missing(
    total: Sum,
    assumptions: Mapping[str, Assumption],
    first: str,
    used: set[str],
    taken: set[str],
) -> tuple[str, ...]:
    """What a sum needs: fill what is missing with a stand-in and see what it asks for next."""
    filled = dict(assumptions)
    needs = [first]
    for _ in range(len(assumptions)):
        ident = needs[-1]
        filled[ident] = replace(filled[ident], low=ALL, high=ALL)
        try:
            for high in (False, True):
                total(Pick(filled, high, used, taken))
        except NotKnownError as missing:
            needs.append(str(missing))
        else:
            break
    return tuple(needs)
