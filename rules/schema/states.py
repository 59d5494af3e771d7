"""One file for each of the 56 jurisdictions: insurance law, regulator, Medicaid, eligibility."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from rules.vocabulary import CoverageKind, DenialReason, Route, Treatment

from .appeals import ClockReading
from .base import Cited, Fact, PartialDate, Period, Record, Slug, StateCode, Words
from .policies import Policy


class MedicaidFact(Fact):
    """A fact about a state's Medicaid, told to its members on the routes that it names."""

    told_on: tuple[Route, ...] = ()
    treatments: tuple[Treatment, ...] = ()  # only where one of these is asked for; empty: any
    nothing_found: bool = False  # it tells that a search found nothing


class Contact(Cited):
    """An office that people can reach. A part that is not known is left out."""

    name: Words
    phone: str | None = None
    other_phone: str | None = None
    url: str | None = None
    email: str | None = None


class WithoutAppealFirst(Cited):
    """Reasons of a denial for which the state's review is open without an appeal to the plan before."""

    reasons: tuple[DenialReason, ...]
    says: Words


class ConsumerHelp(Contact):
    """Free help with a health plan."""

    of_insurance_office: bool = False


class ExternalReview(Cited):
    """Who reviews a final denial of a state-regulated plan, by when, at what price."""

    process: Literal["state", "federal", "state_or_federal", "none", "unclear"]
    file_within: tuple[ClockReading, ...]
    # The state's own last day for the appeal to the plan that must come before, where it sets one.
    appeal_to_plan_within: tuple[ClockReading, ...] = ()
    standard_decision_days: int | None = None
    expedited_hours: int | None = None
    fee_usd: float | None = None
    binding: bool | None = None
    administrator: Words | None = None
    file_with: Words | None = None
    law: Words | None = None
    without_appeal_first: WithoutAppealFirst | None = None
    recalled_fields: tuple[Slug, ...] = ()  # parts that nobody has checked
    remarks: tuple[Words, ...] = ()


class StepTherapyLaw(Cited):
    """Limits on being made to try other drugs first, for state-regulated plans."""

    exists: bool | None = None
    scope: Literal["none", "general", "limited", "condition_specific", "ban", "future"] | None = (
        None
    )
    law: Words | None = None
    in_force_from: PartialDate | None = None
    reaches: Words | None = None
    # Also self-funded plans of state and local government; `some`: named ones, so ask.
    reaches_government_plans: bool | Literal["some"] = False
    exception_grounds: Words | None = None
    decision_time: Words | None = None
    mental_health_max_failures: int | None = None  # medicines, where the law sets a number
    mental_health: Fact | None = None
    recalled_fields: tuple[Slug, ...] = ()  # parts that nobody has checked
    remarks: tuple[Words, ...] = ()


class ParityLaw(Cited):
    exists: bool | None = None
    law: Words | None = None
    remarks: tuple[Words, ...] = ()


class PriorAuthorizationLaw(Cited):
    exists: bool | None = None
    law: Words | None = None
    in_force_from: PartialDate | None = None
    gold_card: Words | Literal[False] | None = None  # who may skip it; false: nobody by law
    decision_time: Words | None = None
    mental_health: Words | None = None
    remarks: tuple[Words, ...] = ()


class OffLabelLaw(Cited):
    """Whether a drug may be refused only because the use is not on its label."""

    exists: bool | None = None
    law: Words | None = None
    scope: Literal[
        "general", "serious_condition", "cancer_only", "cancer_hiv", "unclear", "unknown", "none"
    ]
    says: Words | None = None
    ketamine: Literal["possible", "doubtful", "none", "unknown"]
    leaves_out: tuple[CoverageKind, ...] = ()  # kinds of plan that the law itself names as outside
    remarks: tuple[Words, ...] = ()


class SafeDays(Record):
    """Cautious working limits for fair hearings; not the law: the notice rules."""

    ffs: int | None = None
    plan_appeal: int | None = None
    after_plan_appeal: int | None = None
    to_keep_current_services: int | None = None


class FairHearing(Cited):
    ffs_days: int | None = None
    plan_appeal_days: int | None = None
    after_plan_appeal_days: int | None = None
    safe: SafeDays = SafeDays()
    recalled_fields: tuple[Slug, ...] = ()  # parts that nobody has checked
    remarks: tuple[Words, ...] = ()


class MedicaidDelivery(Cited):
    model: Words | None = None
    plans: tuple[str, ...] = ()
    pharmacy_carved_out: Words | None = None
    recalled_fields: tuple[Slug, ...] = ()  # parts that nobody has checked
    remarks: tuple[Words, ...] = ()


class MedicaidExpansion(Cited):
    expanded: bool | None = None
    since: PartialDate | None = None


class Medicaid(Record):
    """The state's Medicaid programme. A policy that was not found is simply not there."""

    name: Words | None = None
    contact: Contact | None = None
    apply_url: str | None = None
    expansion: MedicaidExpansion | None = None
    delivery: MedicaidDelivery | None = None
    esketamine_coverage: Literal["covered", "pa_required", "not_found"]
    policies: tuple[Policy, ...] = ()
    fair_hearing: FairHearing | None = None
    transport: Fact | None = None
    facts: tuple[MedicaidFact, ...] = ()


class BasicHealth(Record):
    """A Basic Health Program: it takes the place of the tax credit up to this income."""

    to_percent: float
    in_force: Period = Period()


class LimitOnTerms(Record):
    """A limit that holds only for people who meet terms that a case does not tell."""

    percent: float
    terms: Words
    in_force: Period = Period()


class IncomeLimits(Cited):
    """Percent of the poverty guideline; None: not published or not found."""

    expansion: bool | None = None
    adult_percent: float | None = None
    adult_on_terms: LimitOnTerms | None = None
    parent_percent: float | None = None
    basic_health: BasicHealth | None = None
    coverage_gap: bool | None = None
    children_percent: float | None = None
    pregnancy_percent: float | None = None
    ssi_medicaid: str | None = None
    aged_disabled_percent: float | None = None
    aged_disabled_year: int | None = None
    medically_needy: str | None = None
    medically_needy_usd_month: float | None = None
    medically_needy_year: int | None = None
    poverty_region: Literal["contiguous", "alaska", "hawaii", "territory"]
    remarks: tuple[Words, ...] = ()


class Exchange(Cited):
    """Where people of this state buy Marketplace cover."""

    name: Words
    platform: Literal["healthcare_gov", "state", "none"]
    url: str | None = None
    phone: str | None = None
    open_enrollment_start: dt.date | None = None
    open_enrollment_end: dt.date | None = None
    safe_by: dt.date | None = None  # the cautious day where sources disagree
    remarks: tuple[Words, ...] = ()


class State(Record):
    code: StateCode
    name: Words
    regulator: Contact | None = None
    second_regulator: Contact | None = None
    external_review: ExternalReview | None = None
    consumer_assistance: ConsumerHelp | None = None
    step_therapy: StepTherapyLaw | None = None
    parity: ParityLaw | None = None
    prior_authorization: PriorAuthorizationLaw | None = None
    off_label: OffLabelLaw | None = None
    medicaid: Medicaid | None = None
    income_limits: IncomeLimits | None = None
    exchange: Exchange | None = None
    facts: tuple[Fact, ...] = ()
