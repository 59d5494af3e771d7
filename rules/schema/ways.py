"""Routes that a coverage opens besides its own policy, and ways to pay that are not insurance."""

from __future__ import annotations

from typing import Any, Literal

from rules.vocabulary import Diagnosis, DiagnosisGroup, Outlook, Route, Treatment

from .base import Cited, Fact, Period, Record, Slug, Words
from .conditions import Condition, Criterion, Exclusion
from .policies import Step


class Way(Cited):
    """A route with its own conditions.

    `per`: `coverage` makes one path for each coverage and treatment, `person` one path in all;
    `policy` makes none of its own: it gives steps and papers to the paths that policies make.
    Where `applies_when` is not met there is no path; `requires` not met is "not yet" (or closed
    where it cannot change); `excluded_by` met is closed; all well gives `outlook`.
    """

    id: Slug
    name: Words
    route: Route
    per: Literal["coverage", "person", "policy"] = "person"
    outlook: Outlook
    # What it is about: getting or paying for a treatment, getting cover, one's own money or a
    # cheaper price, or help and rights. Help and money never lead for a person with insurance.
    about: Literal["treatment", "cover", "money", "help"] = "treatment"
    treatments: tuple[Treatment, ...]
    indications: tuple[Diagnosis | DiagnosisGroup, ...] = ("any",)
    needs_rule: bool = False  # only where a rule covers the use, or may
    needs_cover: bool = False  # pays nothing where the plan's own rule does not cover the treatment
    applies_when: Condition | None = None
    requires: tuple[Criterion, ...] = ()
    excluded_by: tuple[Exclusion, ...] = ()
    better_if: tuple[Criterion, ...] = ()  # soft signals: shown, and rank it higher
    saves: Literal["most", "much", "some", "little", "nothing"]  # for the order of paths
    takes: Literal["days", "weeks", "months"]
    says: Words  # what it is, in plain words
    cost_note: Words | None = None
    steps: tuple[Step, ...] = ()
    pitfalls: tuple[Words, ...] = ()
    documents: tuple[Slug, ...] = ()
    facts: tuple[Fact, ...] = ()
    # Which parts of the state's own law speak on this route, where it reaches the plan.
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
            "medicaid_limits",
            "medicaid_terms",
            "coverage_gap",
            "exchange",
            "exchange_notes",
        ],
        ...,
    ] = ()
    state_facts: tuple[Slug, ...] = ()  # facts of the state's record that are told with this way
    in_force: Period = Period()


class DatedValue(Cited):
    """One value of a parameter and when it holds."""

    in_force: Period
    value: Any


class Parameter(Record):
    """A number fixed by law or agency, by year. Periods must not overlap."""

    id: Slug
    says: Words
    unit: str
    values: tuple[DatedValue, ...]


class Price(Cited):
    """A price range that somebody published, in `unit`."""

    id: Slug
    says: Words
    treatment: Treatment | None = None
    item: Slug
    setting: Slug | None = None
    low: float | None = None
    high: float | None = None
    point: float | None = None
    unit: str
    price_year: int | None = None


class Formula(Cited):
    """A sum that the cost engine computes, with a worked example that its tests repeat."""

    id: Slug
    says: Words
    inputs: dict[Slug, Words] = {}
    example_inputs: dict[Slug, Any] = {}
    example_result: Any = None
    caveats: tuple[Words, ...] = ()
