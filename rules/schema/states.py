"""One file for each of the 56 jurisdictions: insurance law, regulator, Medicaid, eligibility."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rules.vocabulary import CoverageKind, DenialReason, Network, Route, Treatment

from .appeals import Clock, ClockReading, LawPoint
from .base import (
    REMARKS,
    Cited,
    Contact,
    PartialDate,
    PayerId,
    Record,
    Slug,
    StateCode,
    Statement,
    Words,
)
from .policies import Policy
from .state_coverage import Exchange, IncomeLimits

RECALLED = "Names of the parts here that nobody has checked; they are told with that warning."
LAW = "The statute or regulation. Left out: not found."
EXISTS = "Whether there is such a law. Left out: not known."
LAW_POINTS = (
    "Points of this law that a letter quotes, for whom they hold; it reads them only where the law "
    "reaches the plan. Left out: its text was not seen."
)


class PlansOf(Cited):
    """Plans of which it is known that one office of the state has them, where two share a kind of network."""

    payers: tuple[PayerId, ...] = Field(description="Whose plans: payers, by their files’ names.")
    networks: tuple[Network, ...] = Field(description="Their plans of these kinds of network.")


class Office(Contact):
    """An office that has some plans or all of them in its care, or that takes a form."""

    networks: tuple[Network, ...] = Field(
        default=(),
        description="The kinds of network whose plans it has. Left out: plans of any kind.",
    )
    plans_of: PlansOf | None = Field(
        default=None,
        description="Plans that this office has and the state’s other one has not. Left out: none is known.",
    )
    fax: str | None = Field(default=None, description="As 800-555-0100.")
    address: Words | None = Field(default=None, description="Where letters go, on one line.")


class AnswerTimes(Cited):
    """How fast a plan must answer a request by the state's own law. What is left out is not known."""

    standard: Clock | None = Field(default=None, description="The usual time limit.")
    expedited: Clock | None = Field(default=None, description="The limit where it is urgent.")
    if_late: Words | None = Field(
        default=None,
        description="What holds where the plan does not answer in time, in a sentence.",
    )


ANSWER_WITHIN = (
    "How fast the plan must answer, as numbers: these stand in the place of the general limits. "
    "Left out: `decision_time` is all that is known."
)


class ToldFact(Statement):
    """A fact about a state's law or its Medicaid, told on the routes that it names."""

    told_on: tuple[Route, ...] = Field(
        default=(),
        description="The kinds of path on which it is told. Left out: in the rule book only.",
    )
    treatments: tuple[Treatment, ...] = Field(
        default=(), description="Only where one of these is asked for. Left out: any."
    )
    nothing_found: bool = Field(
        default=False, description="true: it tells that a search found nothing."
    )


class WithoutAppealFirst(Cited):
    """Denials after which the state's review is open without an appeal to the plan before."""

    reasons: tuple[DenialReason, ...] = Field(
        default=(), description="The reasons of such a denial."
    )
    urgent: bool = Field(
        default=False, description="true: also where waiting could do serious harm."
    )
    says: Words = Field(description="The rule in a plain sentence.")


class ConsumerHelp(Contact):
    """Free help with a health plan."""

    of_insurance_office: bool = Field(
        default=False, description="true: the state's insurance office runs it."
    )


class Review(Cited):
    """A review by somebody outside the plan: by when to ask, how fast it is decided, at what price."""

    file_within: tuple[ClockReading, ...] = Field(
        description="By when to file, one entry for each source that reads it differently; the shortest rules."
    )
    standard_decision_days: int | None = Field(
        default=None, description="Days that the reviewer has. Left out: not found."
    )
    decision_in_business_days: bool = Field(
        default=False, description="true: those days are business days."
    )
    expedited_hours: int | None = Field(
        default=None,
        description="Hours that the reviewer has where it is urgent. Left out: not found.",
    )
    fee_usd: float | None = Field(
        default=None,
        description="What it costs the person, in US dollars; 0: nothing. Left out: not found.",
    )
    law: Words | None = Field(default=None, description=LAW)
    offices: tuple[Office, ...] = Field(
        default=(),
        description="The offices that take the request, where it goes to an office and not to the plan.",
    )
    without_appeal_first: WithoutAppealFirst | None = Field(
        default=None,
        description="When no appeal to the plan has to come before. Left out: it always has to.",
    )
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)


class ExternalReview(Review):
    """Who reviews a final denial of a state-regulated plan, by when, at what price."""

    process: Literal["state", "federal", "state_or_federal", "none", "unclear"] = Field(
        description="Whose process it is."
    )
    appeal_to_plan_within: tuple[ClockReading, ...] = Field(
        default=(),
        description="The state's own last day for the appeal to the plan that must come before. Left out: it sets none.",
    )
    binding: bool | None = Field(
        default=None, description="Whether it binds the plan. Left out: not found."
    )
    administrator: Words | None = Field(default=None, description="Who runs it.")
    file_with: Words | None = Field(default=None, description="Where to file, in a sentence.")
    recalled_fields: tuple[Slug, ...] = Field(default=(), description=RECALLED)


class OutsideReview(Review):
    """The state's outside review of a no from a Medicaid plan, beside the fair hearing (42 CFR 438.402(c)(1)(i)(B))."""

    name: Words = Field(description="The name as the notice and the law give it.")
    how_to_start: Words = Field(description="How to ask for it, in a sentence or two.")


class StepTherapyLaw(Cited):
    """Limits on being made to try other drugs first, for state-regulated plans."""

    exists: bool | None = Field(default=None, description=EXISTS)
    scope: Literal["none", "general", "limited", "condition_specific", "ban", "future"] | None = (
        Field(
            default=None,
            description="How far it goes; `future`: not in force yet. Left out: not known.",
        )
    )
    law: Words | None = Field(default=None, description=LAW)
    in_force_from: PartialDate | None = Field(
        default=None, description="Since when: 2026, 2026-07 or 2026-07-15. Left out: not found."
    )
    reaches: Words | None = Field(default=None, description="Which plans it reaches, in words.")
    reaches_government_plans: bool | Literal["some"] = Field(
        default=False,
        description="Whether self-funded plans of state and local government too; `some`: named ones, so ask.",
    )
    exception_grounds: Words | None = Field(
        default=None, description="The grounds for an exception, in words."
    )
    decision_time: Words | None = Field(
        default=None, description="How fast the plan must answer, in words."
    )
    answer_within: AnswerTimes | None = Field(default=None, description=ANSWER_WITHIN)
    mental_health_max_failures: int | None = Field(
        default=None,
        description="The most medicines that a plan may ask to fail first. Left out: the law sets no number.",
    )
    mental_health: Statement | None = Field(
        default=None, description="What it says of mental health in particular."
    )
    recalled_fields: tuple[Slug, ...] = Field(default=(), description=RECALLED)
    law_points: tuple[LawPoint, ...] = Field(default=(), description=LAW_POINTS)
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)


class ParityLaw(Cited):
    """The state's own law on equal coverage of mental health."""

    exists: bool | None = Field(default=None, description=EXISTS)
    law: Words | None = Field(default=None, description=LAW)
    law_points: tuple[LawPoint, ...] = Field(default=(), description=LAW_POINTS)
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)


class PriorAuthorizationLaw(Cited):
    """The state's own law on prior authorization."""

    exists: bool | None = Field(default=None, description=EXISTS)
    law: Words | None = Field(default=None, description=LAW)
    in_force_from: PartialDate | None = Field(
        default=None, description="Since when: 2026, 2026-07 or 2026-07-15. Left out: not found."
    )
    gold_card: Words | Literal[False] | None = Field(
        default=None,
        description="Which prescribers may skip it, in words; false: nobody by law. Left out: not known.",
    )
    decision_time: Words | None = Field(
        default=None, description="How fast the plan must answer, in words."
    )
    answer_within: AnswerTimes | None = Field(default=None, description=ANSWER_WITHIN)
    mental_health: Words | None = Field(
        default=None, description="What it says of mental health in particular."
    )
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)


class NetworkGapLaw(Cited):
    """What a plan owes where its network has nobody for the care: care outside it at the price inside."""

    exists: bool | None = Field(default=None, description=EXISTS)
    law: Words | None = Field(default=None, description=LAW)
    in_force_from: PartialDate | None = Field(
        default=None, description="Since when: 2026, 2026-07 or 2026-07-15. Left out: not found."
    )
    says: Words = Field(description="The rule in a plain sentence.")
    reaches_medicaid_plans: bool | None = Field(
        default=None, description="Whether it reaches Medicaid plans too. Left out: not known."
    )
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)


class OffLabelLaw(Cited):
    """Whether a drug may be refused only because the use is not on its label."""

    exists: bool | None = Field(default=None, description=EXISTS)
    law: Words | None = Field(default=None, description=LAW)
    scope: Literal[
        "general", "serious_condition", "cancer_only", "cancer_hiv", "unclear", "unknown", "none"
    ] = Field(description="For which conditions it speaks.")
    says: Words | None = Field(default=None, description="The law in a plain sentence.")
    ketamine: Literal["possible", "doubtful", "none", "unknown"] = Field(
        description="Whether it may help with ketamine."
    )
    leaves_out: tuple[CoverageKind, ...] = Field(
        default=(), description="Kinds of plan that the law itself names as outside."
    )
    law_points: tuple[LawPoint, ...] = Field(default=(), description=LAW_POINTS)
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)


class ConservativeDays(Record):
    """Cautious working limits for fair hearings; not the law: the notice rules."""

    ffs: int | None = Field(default=None, description="Days, in fee-for-service Medicaid.")
    plan_appeal: int | None = Field(
        default=None, description="Days for the appeal to a Medicaid plan."
    )
    after_plan_appeal: int | None = Field(
        default=None, description="Days for the hearing after the plan's answer."
    )
    to_keep_current_services: int | None = Field(
        default=None, description="Days in which to ask that care goes on meanwhile."
    )


class FairHearing(Cited):
    """By when to ask for the state's hearing on a Medicaid denial."""

    ffs_days: int | None = Field(
        default=None, description="Days, in fee-for-service Medicaid. Left out: not found."
    )
    plan_appeal_days: int | None = Field(
        default=None, description="Days for the appeal to a Medicaid plan. Left out: not found."
    )
    after_plan_appeal_days: int | None = Field(
        default=None,
        description="Days for the hearing after the plan's answer. Left out: not found.",
    )
    plan_appeal_first: bool | None = Field(
        default=None,
        description="false: a member of a plan asks the state at once, with no appeal to the plan before. Left out: as in the whole country, the plan first.",
    )
    must_arrive: bool = Field(
        default=False,
        description="true: the request has to have arrived on the last day; else it has to be sent.",
    )
    file_with: Office | None = Field(
        default=None, description="Who takes the request. Left out: the notice says."
    )
    conservative_days: ConservativeDays = Field(
        default=ConservativeDays(),
        description="Cautious limits where the law's were not found or not checked.",
    )
    recalled_fields: tuple[Slug, ...] = Field(default=(), description=RECALLED)
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)


class MedicaidDelivery(Cited):
    """How the state's Medicaid is run: by plans, by the state, or both."""

    model: Words | None = Field(default=None, description="How it is run, in words.")
    plans: tuple[str, ...] = Field(default=(), description="The names of its plans.")
    pharmacy_carved_out: Words | None = Field(
        default=None,
        description="Whether the state pays for drugs itself, in words. Left out: not found.",
    )
    recalled_fields: tuple[Slug, ...] = Field(default=(), description=RECALLED)
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)


class MedicaidExpansion(Cited):
    """Whether the state opened Medicaid to adults by income alone."""

    expanded: bool | None = Field(default=None, description="Left out: not known.")
    since: PartialDate | None = Field(
        default=None, description="Since when: 2014, 2014-01 or 2014-01-01. Left out: not found."
    )


class Medicaid(Record):
    """The state's Medicaid program. A policy that was not found is simply not there."""

    name: Words | None = Field(default=None, description="Its name in this state, as `Medi-Cal`.")
    contact: Contact | None = Field(default=None, description="The office that people can reach.")
    apply_url: str | None = Field(
        default=None, description="Where to apply, beginning with https://."
    )
    expansion: MedicaidExpansion | None = Field(
        default=None, description="Whether adults get it by income alone."
    )
    delivery: MedicaidDelivery | None = Field(default=None, description="How it is run.")
    esketamine_coverage: Literal["covered", "pa_required", "not_found"] = Field(
        description="What was found of esketamine; `pa_required`: with prior authorization."
    )
    policies: tuple[Policy, ...] = Field(
        default=(), description="What it says of each treatment, as far as it was found."
    )
    fair_hearing: FairHearing | None = Field(
        default=None, description="By when to ask for a hearing."
    )
    outside_review: OutsideReview | None = Field(
        default=None,
        description="The outside review that members of a plan have beside the hearing. Left out: none is known.",
    )
    drug_requests: Office | None = Field(
        default=None,
        description="Who takes requests for prior authorization of drugs. Left out: the office of the program.",
    )
    transport: Statement | None = Field(
        default=None, description="Rides to care, and how to ask for them."
    )
    facts: tuple[ToldFact, ...] = Field(
        default=(), description="What members are told on the routes that each fact names."
    )


class State(Record):
    """A state or territory: insurance law, offices that help, Medicaid, income limits, Marketplace.

    A part that is missing was not found; it does not mean that there is none.
    """

    code: StateCode = Field(description="Its USPS code in capitals, as TX: the name of its file.")
    name: Words = Field(description="Its name.")
    regulator: Office | None = Field(default=None, description="The insurance office.")
    second_regulator: Office | None = Field(
        default=None, description="A second office, where another one watches some plans."
    )
    external_review: ExternalReview | None = Field(
        default=None, description="Who reviews a final denial of a state-regulated plan."
    )
    consumer_assistance: ConsumerHelp | None = Field(
        default=None, description="Free help with a health plan."
    )
    step_therapy: StepTherapyLaw | None = Field(
        default=None, description="Limits on being made to try other drugs first."
    )
    parity: ParityLaw | None = Field(
        default=None, description="Its own law on equal coverage of mental health."
    )
    prior_authorization: PriorAuthorizationLaw | None = Field(
        default=None, description="Its own law on prior authorization."
    )
    network_gap: NetworkGapLaw | None = Field(
        default=None, description="Its own law where a plan's network has nobody for the care."
    )
    off_label: OffLabelLaw | None = Field(
        default=None, description="Its own law on uses that are not on a label."
    )
    law_points: tuple[LawPoint, ...] = Field(
        default=(),
        description="Further points of its law for health plans that a letter quotes, for whom they hold.",
    )
    medicaid: Medicaid | None = Field(default=None, description="Its Medicaid program.")
    income_limits: IncomeLimits | None = Field(
        default=None, description="Up to which income people get public coverage."
    )
    exchange: Exchange | None = Field(
        default=None, description="Where people buy Marketplace coverage."
    )
    facts: tuple[ToldFact, ...] = Field(
        default=(),
        description="What else is known of its law; told on the routes that each names, or by its id.",
    )
