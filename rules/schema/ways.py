"""Routes that a coverage opens besides its own policy, and ways to pay that are not insurance."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from rules.vocabulary import Diagnosis, DiagnosisGroup, Outlook, Route, Treatment

from .base import Cited, Contact, DocumentId, Period, Record, Slug, Statement, Words
from .conditions import Condition, Criterion, Exclusion
from .policies import StepRecord


class PaymentOption(Cited):
    """A route with its own conditions.

    Where `applies_when` is not met there is no path; `requires` not met is "not yet" (or closed
    where it cannot change); `excluded_by` met is closed; all well gives `outlook`.
    """

    id: Slug = Field(description="The record's own name: that of its file.")
    name: Words = Field(description="The name as people know it.")
    route: Route = Field(description="The kind of path that it makes.")
    per: Literal["coverage", "person", "policy"] = Field(
        default="person",
        description="`coverage`: one path for each coverage and treatment. `person`: one path in all. `policy`: none "
        "of its own; it gives steps and papers to the paths that policies make.",
    )
    outlook: Outlook = Field(description="The outlook where all is well.")
    about: Literal["treatment", "cover", "money", "help"] = Field(
        default="treatment",
        description="What it is about: getting or paying for a treatment, getting coverage, one's own money or a "
        "cheaper price, or help and rights. Help and money never lead for a person with insurance.",
    )
    treatments: tuple[Treatment, ...] = Field(description="For which treatments it is there.")
    indications: tuple[Diagnosis | DiagnosisGroup, ...] = Field(
        default=("any",), description="For which diagnoses or groups of them. Left out: for any."
    )
    needs_rule: bool = Field(
        default=False, description="true: only where a rule covers the use, or may."
    )
    needs_cover: bool = Field(
        default=False,
        description="true: it pays nothing where the plan's own rule does not cover the treatment.",
    )
    applies_when: Condition | None = Field(
        default=None,
        description="Where this is not met there is no path. Left out: there always is.",
    )
    rare: bool = Field(
        default=False,
        description="true: few people have what `applies_when` asks for. Until somebody says so it is taken not to fit.",
    )
    requires: tuple[Criterion, ...] = Field(
        default=(),
        description="What it asks for, all of it. Not met: not yet, or closed where it cannot change.",
    )
    excluded_by: tuple[Exclusion, ...] = Field(
        default=(), description="What closes it where one of these is met."
    )
    better_if: tuple[Criterion, ...] = Field(
        default=(), description="What speaks for it: shown, and ranks it higher; decides nothing."
    )
    leads_without_help_when: Condition | None = Field(
        default=None,
        description="For whom it may lead although what speaks for it is missing. Left out: for nobody.",
    )
    saves: Literal["most", "much", "some", "little", "nothing"] = Field(
        description="How much it saves, for the order of paths."
    )
    takes: Literal["days", "weeks", "months"] = Field(
        description="How long it takes, for the order of paths."
    )
    says: Words = Field(description="What it is, in plain words.")
    cost_note: Words | None = Field(default=None, description="What to know of its cost.")
    contact: Contact | None = Field(
        default=None, description="The office that runs it, for the steps that call it."
    )
    steps: tuple[StepRecord, ...] = Field(default=(), description="What to do, in order.")
    pitfalls: tuple[Words, ...] = Field(
        default=(), description="Mistakes that are often made with it."
    )
    documents: tuple[DocumentId, ...] = Field(
        default=(), description="Papers that it needs, by the names of their files in documents/."
    )
    facts: tuple[Statement, ...] = Field(
        default=(), description="What else is known. No rule reads it."
    )
    state_law: tuple[
        Literal[
            "step_therapy",
            "off_label",
            "parity",
            "prior_authorization",
            "external_review",
            "regulator",
            "consumer_help",
            "medicaid_office",
            "medicaid_drugs",
            "medicaid_hearing",
            "medicaid_outside_review",
            "network_gap",
            "medicaid_limits",
            "medicaid_terms",
            "coverage_gap",
            "exchange",
            "exchange_notes",
        ],
        ...,
    ] = Field(
        default=(),
        description="Which parts of the state's own law speak on this route, where it reaches the plan.",
    )
    state_facts: tuple[Slug, ...] = Field(
        default=(), description="Ids of facts of the state's record that are told with it."
    )
    in_force: Period = Field(default=Period(), description="When it is open. Left out: always.")


class DatedValue(Cited):
    """One value of a parameter and when it holds."""

    in_force: Period = Field(
        description="When it holds. The values of a parameter must not overlap."
    )
    value: Any = Field(description="The value, in the parameter's `unit`.")


class Parameter(Record):
    """A number fixed by law or agency, by year."""

    id: Slug = Field(description="The parameter's own name, by which sums read it.")
    says: Words = Field(description="What it is, in a plain sentence.")
    unit: str = Field(description="What its values are counted in, as `usd_a_year`.")
    values: tuple[DatedValue, ...] = Field(description="Its values, one for each period.")


class Price(Cited):
    """A price or a range of prices that somebody published."""

    id: Slug = Field(description="The price's own name.")
    says: Words = Field(description="The price in a plain sentence.")
    treatment: Treatment | None = Field(
        default=None, description="The treatment that it is of. Left out: none in particular."
    )
    item: Slug = Field(description="What is paid for, as `session`.")
    setting: Slug | None = Field(default=None, description="Where. Left out: not stated.")
    low: float | None = Field(default=None, description="The low end, in `unit`.")
    high: float | None = Field(default=None, description="The high end, in `unit`.")
    point: float | None = Field(
        default=None, description="The one price, in `unit`, where no range is given."
    )
    unit: str = Field(description="What it is counted in, as `usd_per_session`.")
    price_year: int | None = Field(
        default=None, description="The year whose prices they are. Left out: not stated."
    )


class Formula(Cited):
    """A sum that the cost engine computes, with a worked example that its tests repeat."""

    id: Slug = Field(description="The formula's own name, by which the cost engine finds it.")
    says: Words = Field(description="The sum in a plain sentence.")
    inputs: dict[Slug, Words] = Field(
        default={}, description="Each number that goes in -> what it is."
    )
    example_inputs: dict[Slug, Any] = Field(
        default={}, description="Numbers of the worked example."
    )
    example_result: Any = Field(default=None, description="What comes out of the worked example.")
    caveats: tuple[Words, ...] = Field(default=(), description="What the sum leaves out.")
