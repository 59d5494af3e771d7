"""Which answers of a case an evaluation looks at: what it does not look at cannot change what it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from rules.case import PARTS, Case, plain_field

Outcome = TypeVar("Outcome")
Looked = frozenset[tuple[str, str]]  # kind of part, name of the answer


def looked_at(work: Callable[[Case], Outcome], case: Case) -> tuple[Outcome, Looked]:
    """What `work` gives for a case, and the names that it looked up in the case's parts."""
    seen: set[tuple[str, str]] = set()
    kinds = set(PARTS.values())
    usual: Any = object.__getattribute__

    def noting(part: Any, name: str) -> Any:
        seen.add((type(part).__name__, name))
        return usual(part, name)

    for kind in kinds:
        kind.__getattribute__ = noting  # type: ignore[method-assign]
    try:
        return work(case), frozenset(seen)
    finally:
        for kind in kinds:
            del kind.__getattribute__


def is_among(place: str, case: Case, looked: Looked) -> bool:
    """Whether an answer of a case, as `coverages[0].payer`, or the part that would hold it was looked at."""
    owner, _, name = place.rpartition(".")
    if (PARTS[plain_field(owner)].__name__, name) in looked:
        return True
    return getattr(case, owner, case) is None and (Case.__name__, owner) in looked
