"""The closed grammar of conditions, as it is written in a record.

A condition is exactly one of `all`, `any`, `not`, or a fact compared by one operator:
`is`, `one_of`, `has_any`, `has_all`, `at_least`, `at_most`, `above`, `below`, `before`, `after`.
There are no expression strings, so cut points, questions and diagrams can be read off.
"""

from __future__ import annotations

import datetime as dt

from pydantic import Field, model_validator

from .base import FactId, Limit, Record, Slug, SourceId, Words

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

    all: tuple[Condition, ...] | None = Field(
        default=None, description="Conditions that must all hold."
    )
    any: tuple[Condition, ...] | None = Field(
        default=None, description="Conditions of which at least one must hold."
    )
    not_: Condition | None = Field(
        default=None, alias="not", description="A condition that must not hold."
    )
    fact: FactId | None = Field(
        default=None,
        description="What is known of the person, by its id in facts.yaml. It needs exactly one operator beside it.",
    )
    is_: bool | int | str | None = Field(
        default=None, alias="is", description="The fact is this: true, false or a word."
    )
    one_of: tuple[str, ...] | None = Field(
        default=None, description="The fact is one of these words."
    )
    has_any: tuple[str, ...] | None = Field(
        default=None, description="The fact, a list, holds at least one of these words."
    )
    has_all: tuple[str, ...] | None = Field(
        default=None, description="The fact, a list, holds all of these words."
    )
    at_least: Limit | None = Field(
        default=None, description="The fact is this number or more. Write its `unit` beside it."
    )
    at_most: Limit | None = Field(
        default=None, description="The fact is this number or less. Write its `unit` beside it."
    )
    above: Limit | None = Field(
        default=None, description="The fact is more than this number. Write its `unit` beside it."
    )
    below: Limit | None = Field(
        default=None, description="The fact is less than this number. Write its `unit` beside it."
    )
    before: dt.date | None = Field(
        default=None, description="The fact, a day, lies before this one, as 2026-12-01."
    )
    after: dt.date | None = Field(
        default=None, description="The fact, a day, lies after this one, as 2026-12-01."
    )
    unit: str | None = Field(
        default=None,
        description="What the number is counted in, as `years` or `medicines`: the unit of the fact in facts.yaml.",
    )

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
    """A named condition that a payer asks for."""

    id: Slug = Field(description="The criterion's own name, once in its policy.")
    says: Words | None = Field(
        default=None,
        description="The criterion in a sentence. Left out: the sentence that the fact provides in facts.yaml.",
    )
    in_letters: Words | None = Field(
        default=None,
        description="The same as a clinician writes it, where `says` is in plain words. Left out: as `says`.",
    )
    changeable: bool | None = Field(
        default=None,
        description="Whether a person can still bring it about. Left out: as the fact says in facts.yaml.",
    )
    source: SourceId | None = Field(
        default=None,
        description="Id of the source of this criterion. Left out: the policy's own source.",
    )


class Exclusion(Criterion):
    """A criterion that rules a path out where it is met, said both ways."""

    says: Words = Field(description="What rules the path out, in a sentence.")
    says_clear: Words = Field(
        description="The same of somebody whom it does not touch, so that it reads true beside its value."
    )


def facts_read(condition: Condition) -> set[str]:
    """Ids of all facts that a condition reads."""
    if condition.fact is not None:
        return {condition.fact}
    parts: list[Condition] = [*(condition.all or ()), *(condition.any or ())]
    if condition.not_ is not None:
        parts.append(condition.not_)
    return set().union(*(facts_read(p) for p in parts)) if parts else set()
