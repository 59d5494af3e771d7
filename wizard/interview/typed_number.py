"""Numbers as people type them, and what is wrong with one that cannot be taken. Pure."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from .problem import Problem

# An amount may bear its sign, its commas and its unit; what else stands beside it is no number.
_BESIDE = re.compile(r"^\$|(?<=\d),(?=\d{3})|\s*(%|percent|mg|weeks?|usd|dollars?)$")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)")


class Range(NamedTuple):
    """What a number may be, and what it is called where it is refused."""

    name: str
    low: float | None = None
    high: float | None = None
    whole: bool = False

    def read(self, text: str) -> float | Problem | None:
        """The number that was typed (None: nothing was), or what is wrong with it."""
        if not text.strip():
            return None
        found = parse_number(text)
        if found is None or (self.whole and found != int(found)):
            return self._problem(f"question.{'whole' if self.whole else 'number'}_unclear")
        below = self.low is not None and found < self.low
        above = self.high is not None and found > self.high
        return self._problem("question.out_of_range") if below or above else found

    def _problem(self, key: str) -> Problem:
        if key == "question.out_of_range" and self.high is None:
            key = "question.below_range"
        bounds = (("low", shown(self.low)), ("high", shown(self.high)))
        return Problem(key, (("name", self.name), *bounds))


def parse_number(text: str) -> float | None:
    """A number from 47, 1,200, $1,200.50 or 40 %; None for anything else (47e, 1.2.3)."""
    bare = _BESIDE.sub("", text.strip().lower()).strip()
    if _NUMBER.fullmatch(bare) is None:
        return None
    found = float(bare)
    return found if math.isfinite(found) else None


def shown(value: float | None) -> str:
    """A number as its field shows it: no needless zeros."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0").rstrip(".")
