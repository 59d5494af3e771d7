"""What payers and programmes say of a treatment."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rules.vocabulary import (
    CoverageKind,
    Diagnosis,
    DiagnosisGroup,
    Line,
    Position,
    Route,
    Treatment,
)

from .base import Amount, Cited, Duration, Fact, Period, Record, Slug, StateCode, Words
from .conditions import Condition, Criterion


def _pairs(value: Any) -> Any:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


# Written as a mapping in a record ({CT: 4}), kept as pairs so that a standard can be a key.
StateWeeks = Annotated[tuple[tuple[StateCode, int], ...], BeforeValidator(_pairs)]


class TrialStandard(Record):
    """How a policy counts a failed trial. A field left out is not stated by the policy."""

    min_weeks: Amount | None = None
    dose: Literal["minimum_effective", "maximum_tolerated"] | None = None
    current_episode: bool | None = None
    # From here to min_weeks a trial may count: nobody can tell.
    open_from_weeks: int | None = Field(default=None, ge=0)
    intolerance: Literal["counts", "does_not_count"] | None = None  # stopped for side effects
    contraindicated: Literal["counts", "does_not_count"] | None = None  # never safe to take
    partial_response: Literal["counts", "does_not_count"] | None = None
    partial_min_weeks: Amount | None = None  # the weeks that a partial response needs, where more
    lookback_years: Amount | None = None
    add_ons: tuple[Slug, ...] = ()  # the only add-on medicines that count; empty: any
    by_state: StateWeeks = ()  # min_weeks where the contract is issued in that state


Family = Literal[
    "medicare",
    "medicaid",
    "veterans",
    "military",
    "federal_employee",
    "tribal",
    "private",
    "not_insurance",
    "injury",
]

NO_STANDARD = TrialStandard()  # says nothing of how trials count


class Alternative(Record):
    """One of several ways to satisfy a policy: all of its criteria."""

    id: Slug
    says: Words | None = None
    criteria: tuple[Criterion, ...]


class Authorization(Record):
    """How long an approval lasts and what the renewal asks for."""

    first: Duration | None = None
    renewal: Duration | None = None
    renewal_needs: Words | None = None


class Step(Record):
    """Something to do, or (`kind: find_out`) to find out first."""

    id: Slug
    kind: Literal["do", "find_out"] = "do"
    says: Words
    who: Literal["patient", "clinic", "prescriber", "counselor"]
    stage: Literal[
        "safety",
        "policy",
        "history",
        "referral",
        "records",
        "request",
        "appeal",
        "claim",
        "cover",
        "money",
        "help",
    ]
    documents: tuple[Slug, ...] = ()
    meets_deadline: bool = False  # doing it is what the path's last day is for
    done_when: Words | None = None
    if_it_fails: Words | None = None
    when: Condition | None = None
    source: Slug | None = None


class Policy(Cited):
    """A payer's or programme's position on one treatment for some diagnoses.

    `criteria` must all hold and, where `alternatives` are given, those of at least one of them.
    A policy that covers but lists no criteria is a placeholder: nobody has seen its criteria.
    """

    id: Slug
    treatment: Treatment
    indications: tuple[Diagnosis | DiagnosisGroup, ...]
    position: Position
    lines: tuple[Line, ...] = ()
    states: tuple[StateCode, ...] = ()  # only for contracts of these states; empty: everywhere
    title: Words | None = None
    number: Words | None = None
    route: Route | None = None
    prior_authorization: bool | None = None
    benefit: Literal["medical", "pharmacy", "either"] | None = None
    in_force: Period = Period()
    current_label: bool | None = None  # follows the January 2025 label (use without a tablet)
    trial: TrialStandard = NO_STANDARD
    criteria: tuple[Criterion, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    expects: tuple[Words, ...] = ()  # asked for, but not something that a case can settle
    # Conditions that the policy sets and that nobody is asked about here: they stay unknown.
    unasked: tuple[Words, ...] = ()
    complete: bool = True  # False: a part of its conditions could not be read
    disagreement: Words | None = None  # where sources disagree; the careful reading rules
    authorization: Authorization = Authorization()
    quantity_limit: Words | None = None
    codes: tuple[str, ...] = ()
    says: Words | None = None  # the position in one plain sentence
    steps: tuple[Step, ...] = ()


class Payer(Record):
    """An insurer, administrator or employer benefit, with the policies that were found."""

    id: Slug
    name: Words
    also_called: tuple[str, ...] = ()  # names and brands that people type
    only_alone: tuple[str, ...] = ()  # those of them that mean others in a longer text
    states: tuple[StateCode, ...] = ()  # where it sells; empty: many, or not stated
    policies: tuple[Policy, ...] = ()
    facts: tuple[Fact, ...] = ()
    not_found: tuple[Words, ...] = ()


class OtherLadder(Record):
    """A ladder of appeals in place of the usual one, for the few of whom a condition surely holds."""

    ladder: Slug
    when: Condition


class PlanName(Cited):
    """What the name of a plan tells of a cover: whose plan it is, which kind, what it leaves open.

    A name may stand in several records; one that is bound to states goes before one that is not.
    """

    id: Slug
    names: tuple[str, ...]
    payer: Slug | None = None
    sets: dict[str, Any] = {}  # answers of the cover: field -> value
    usual: bool = False  # mostly so: fills what is blank, contradicts nothing
    states: tuple[StateCode, ...] = ()  # means this only there
    not_states: tuple[StateCode, ...] = ()  # means this only where the state is known, and another
    with_kind: CoverageKind | None = None  # means this only beside that kind of cover
    with_payer: bool = False  # means this only beside the name of an insurer
    alone: bool = False  # means this only where no other word stands
    says: Words
    tell: Words | None = None  # what whoever wrote the name should know


class Program(Record):
    """A public programme or a kind of plan: which law governs it and what it says in general."""

    id: Slug
    name: Words
    kinds: tuple[CoverageKind, ...]
    applies_when: Condition | None = None
    family: Family
    line: Line | None = None  # which policies of a payer speak for this programme
    ladder: Slug
    other_ladder: OtherLadder | None = None
    no_appeal_when: Condition | None = None  # it has said no to nothing where this surely holds
    in_letters: Words | None = None  # whom a letter is addressed to, where the name is no address
    # The body of a state's law that governs it. Only insurance law brings the insurance office.
    state_law: Literal["insurance", "workers_compensation", "auto_insurance", "none"]
    # Whether the state's laws for health plans speak for it: step therapy, outside review, …
    health_plan_law_reaches: Literal["yes", "no", "unclear"]
    # Whether the state's free help with health plans takes its members.
    consumer_help: Literal["any", "not_of_insurance_office", "none"] = "none"
    parity_law_reaches: Literal["yes", "no", "by_contract", "unclear"]
    external_review: Literal["state_or_federal", "federal", "own_ladder", "none", "unclear"]
    manufacturer_savings_allowed: bool | None = None
    usual: bool = False  # told first where nobody has said which of several programmes it is
    policies: tuple[Policy, ...] = ()
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...] = ()
