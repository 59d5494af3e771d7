"""Coordination of benefits: which coverage of a person pays first."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from rules.vocabulary import CoverageKind

from .base import Cited, Record, Slug, Statement, Words
from .conditions import Condition

Kinds = tuple[CoverageKind, ...]
Of = Literal["one", "other", "case"]


class PairCondition(Condition):
    """A condition on two coverages: the grammar of all records, where `of` says whose fact is read."""

    all: tuple[PairCondition, ...] | None = Field(
        default=None, description="Every one of these holds."
    )
    any: tuple[PairCondition, ...] | None = Field(
        default=None, description="At least one of these holds."
    )
    not_: PairCondition | None = Field(default=None, alias="not", description="This does not hold.")
    of: Of | None = Field(
        default=None,
        description="Whose fact it is: of the coverage that matched `one`, of the coverage that "
        "matched `other`, or of the whole case.",
    )

    @model_validator(mode="after")
    def _a_fact_is_of_someone(self) -> PairCondition:
        if (self.fact is None) is not (self.of is None):
            raise ValueError("beside a fact, and only there, stands `of`: one, other or case")
        return self

    @property
    def scope(self) -> Of | None:
        return self.of


class OrderFilter(Cited):
    """Takes coverages out of the order that do not pay for this visit.

    Where its condition is unknown, the coverages that it may take out keep a place that is open.
    """

    id: Slug = Field(description="The filter's own name.")
    kind: CoverageKind = Field(description="The kind of coverage whose facts the condition reads.")
    keep_when: Condition | None = Field(
        default=None, description="It pays only while this holds; else it is out."
    )
    drop_when: Condition | None = Field(
        default=None, description="It is out while this holds; or the kinds in `drops` are."
    )
    drops: Kinds = Field(
        default=(), description="Kinds of coverage that are out instead of this one."
    )
    alone_when_kept: bool = Field(
        default=False, description="While `keep_when` holds, it is the only payer."
    )
    limits: Words | None = Field(default=None, description="What it pays, where it is not all.")
    says: Words = Field(description="The rule in a plain sentence.")

    @model_validator(mode="after")
    def _one_condition(self) -> OrderFilter:
        if self.keep_when is not None and self.drop_when is not None:
            raise ValueError("a filter has `keep_when` or `drop_when`, not both")
        if self.alone_when_kept and self.keep_when is None:
            raise ValueError("`alone_when_kept` needs `keep_when`")
        if self.drops and self.drop_when is None:
            raise ValueError("`drops` needs `drop_when`")
        return self


class OrderRule(Cited):
    """Which of two coverages pays first. Rules are read from the top; the first that fits decides."""

    id: Slug = Field(description="The rule's own name.")
    one: Kinds = Field(description="Kinds of the one coverage of the pair.")
    other: Kinds = Field(description="Kinds of the other; the two may stand either way round.")
    when: PairCondition | None = Field(
        default=None, description="What must hold besides; unknown leaves the rule possible."
    )
    outcome: Literal[
        "order",  # one pays first, the other after it
        "not_insurance",  # only the first is billed; the other owes nothing
        "choose_one",  # each visit runs through one of them; they do not split a bill
        "not_possible",  # the two do not exist side by side
        "only_first",  # the other may not be used
        "by_field",  # an answer decides: the earlier date in `first_by`, or one that is not asked
        "provisional",  # billed in this order; a contract may reverse it
        "ask_plans",  # no rule decides
    ] = Field(
        description="What follows. `order`: `first` pays first. `not_insurance`: only the first is billed. `choose_one`: "
        "each visit runs through one of them. `not_possible`: the two do not exist side by side. `only_first`: the other "
        "may not be used. `by_field`: the earlier date in `first_by` goes first. `provisional`: a contract may reverse "
        "the order. `ask_plans`: nobody can tell from here."
    )
    first: Literal["one", "other"] | None = Field(
        default=None, description="Which pays first; left out where the rule does not tell."
    )
    first_by: Slug | None = Field(
        default=None, description="A date of both coverages: the one with the earlier goes first."
    )
    says: Words = Field(description="The rule in a plain sentence.")
    law: tuple[str, ...] = Field(default=(), description="Statutes and regulations, one each.")


class OrderModifier(Cited):
    """What else holds where these kinds of coverage meet."""

    id: Slug = Field(description="The entry's own name.")
    applies_to: Kinds = Field(description="The kinds of coverage that it touches.")
    says: Words = Field(description="The rule in a plain sentence.")
    law: tuple[str, ...] = Field(default=(), description="Statutes and regulations, one each.")


class OrderAdvice(Cited):
    """Whom to ask about the order of payers."""

    id: Slug = Field(description="The entry's own name.")
    who: Words = Field(description="The office or person.")
    says: Words = Field(description="What to ask them, in a plain sentence.")
    phone: str | None = Field(default=None, description="As 800-555-0100. Left out: none is known.")


class PairHint(Record):
    """Which of two kinds to bill first while the order is undecided: advice, not law."""

    kinds: tuple[CoverageKind, CoverageKind] = Field(description="The two kinds of coverage.")
    file_first_if_unknown: CoverageKind | None = Field(
        default=None, description="The kind to bill first. Left out: either."
    )


class Coordination(Record):
    """Filters take coverages out, rules order each pair of what is left, pairs advise meanwhile."""

    filters: tuple[OrderFilter, ...] = Field(
        description="What takes a coverage out of the order, looked at first."
    )
    rules: tuple[OrderRule, ...] = Field(
        description="Which of two pays first; the first rule that matches decides."
    )
    modifiers: tuple[OrderModifier, ...] = Field(
        description="What changes what a coverage pays, whatever its place."
    )
    pairs: tuple[PairHint, ...] = Field(
        description="Whom to bill first while the order is undecided."
    )
    advice: tuple[OrderAdvice, ...] = Field(description="Whom to ask.")
    facts: tuple[Statement, ...] = Field(
        default=(), description="What else is known. No rule reads it."
    )
