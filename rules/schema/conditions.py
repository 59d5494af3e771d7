"""The closed grammar of conditions, as it is written in a record.

A condition is exactly one of `all`, `any`, `not`, or a fact compared by one operator:
`is`, `one_of`, `has_any`, `has_all`, `at_least`, `at_most`, `above`, `below`, `before`, `after`.
There are no expression strings, so cut points, questions and diagrams can be read off.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field, model_validator

from .base import Limit, Record, Slug, Words

OPERATORS = (
    "is_",
    "one_of",
    "has_any",
    "has_all",
    "at_least",
    "at_most",
    "above",
    "below",
    "before",
    "after",
)
NUMERIC_OPERATORS = ("at_least", "at_most", "above", "below")


class Condition(Record):
    """A condition tree; numbers carry the unit of the fact that they are compared with."""

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = Field(default=None, alias="not")
    fact: Slug | None = None
    is_: bool | int | str | None = Field(default=None, alias="is")
    one_of: tuple[str, ...] | None = None
    has_any: tuple[str, ...] | None = None
    has_all: tuple[str, ...] | None = None
    at_least: Limit | None = None
    at_most: Limit | None = None
    above: Limit | None = None
    below: Limit | None = None
    before: dt.date | None = None
    after: dt.date | None = None
    unit: str | None = None

    @property
    def scope(self) -> str | None:
        """Of which of several coverages its fact is; None: of the one that is looked at."""
        return None

    @model_validator(mode="after")
    def _exactly_one_form(self) -> Condition:
        forms = [f for f in ("all", "any", "not_", "fact") if getattr(self, f) is not None]
        if len(forms) != 1:
            raise ValueError("a condition is exactly one of: all, any, not, fact")
        used = [op for op in OPERATORS if getattr(self, op) is not None]
        if self.fact is None:
            if used or self.unit:
                raise ValueError("an operator needs a fact")
            if forms[0] in ("all", "any") and not getattr(self, forms[0]):
                raise ValueError(f"`{forms[0]}` needs at least one condition")
            return self
        if len(used) != 1:
            raise ValueError("a fact needs exactly one operator: is, one_of, at_least, …")
        if used[0] in NUMERIC_OPERATORS and not self.unit:
            raise ValueError("a threshold needs its unit")
        return self


class Criterion(Condition):
    """A named condition that a payer asks for.

    `says` overrides the sentence that the fact's own record provides. `changeable` overrides
    whether a person can still bring it about. `source` overrides the policy's own source.
    """

    id: Slug
    says: Words | None = None
    changeable: bool | None = None
    source: Slug | None = None


class Exclusion(Criterion):
    """A criterion that rules a path out where it is met, said both ways.

    `says` tells what rules out; `says_clear` the same of somebody whom it does not touch, so that
    the sentence in a list of points reads true beside its value.
    """

    says: Words
    says_clear: Words


def facts_read(condition: Condition) -> set[str]:
    """Ids of all facts that a condition reads."""
    if condition.fact is not None:
        return {condition.fact}
    parts: list[Any] = list(condition.all or ()) + list(condition.any or ())
    if condition.not_ is not None:
        parts.append(condition.not_)
    return set().union(*(facts_read(p) for p in parts)) if parts else set()
