"""appeal processes, decision clocks, exceptions, parity."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rules.vocabulary import DenialLevel, Route, StepContact

from .base import Amount, Cited, DocumentId, InState, ProgramId, Record, Slug, Statement, Words
from .conditions import Condition
from .policies import StepRecord

ClockUnit = Literal["hours", "days", "working_days", "business_days", "weeks", "months", "years"]


class Clock(Record):
    """A time limit."""

    number: Amount | None = Field(
        default=None,
        description="How many of `unit`, a whole number from 1. Left out: no single number; say in `note` who sets it.",
    )
    unit: ClockUnit | None = Field(default=None, description="What is counted.")
    counted_from: Literal["notice", "receipt", "other"] = Field(
        default="other",
        description="What starts it: the date on the `notice`, its `receipt`, or something `other`.",
    )
    counted_from_note: Words | None = Field(
        default=None, description="What starts it, in words, where it is something other."
    )
    receipt_presumed_after_days: Amount | None = Field(
        default=None,
        description="Days after the notice on which the law presumes its receipt. Left out: it presumes none.",
    )
    note: Words | None = Field(default=None, description="What a number cannot say.")


class ClockReading(Cited):
    """A clock as one source reads it; where sources disagree the shortest rules."""

    clock: Clock = Field(description="The time limit.")
    cautious: bool = Field(
        default=False,
        description="true: a short day to be safe, where the law's own was not found or not checked.",
    )
    applies_when: Condition | None = Field(
        default=None, description="For whom it holds. Left out: for everybody."
    )


class KeepCare(Cited):
    """By when to ask that a treatment which runs goes on while the appeal is decided.

    The day is the later of `days_from_notice` after the notice and the day on which the change starts.
    """

    applies_when: Condition | None = Field(
        default=None, description="Who has the right. Left out: everybody on this level."
    )
    days_from_notice: Amount | None = Field(
        default=None,
        description="Days after the notice. Left out: only the day of the change counts.",
    )
    change: Literal["until_change", "before_change"] = Field(
        description="`until_change`: still on the day on which the change starts; `before_change`: the day before it."
    )
    brought_back_within: Amount = Field(
        default=10,
        description="Days after that day within which the care may still be brought back.",
    )
    says: Words = Field(description="How to ask for it, in a sentence.")
    if_late: Words = Field(description="What is left once the day has passed.")


class EarlyStart(Cited):
    """When a level of appeal is open beside the one before it, and to whom."""

    follows: tuple[DenialLevel, ...] = Field(
        description="The levels of the denial after which it is open early."
    )
    when: Condition = Field(description="For whom: it must hold.")
    says: Words = Field(description="What is open, in a sentence.")


class LawPoint(Cited):
    """A point of law that speaks for the person on a level of appeal, as a letter quotes it."""

    says: Words = Field(
        description="The point in a sentence or two that both a patient and a clinician can sign."
    )
    law: Words | None = Field(
        default=None,
        description="Its number, as 42 CFR 422.136; a letter prints it behind the point, in brackets. Left out: the "
        "point names it.",
    )
    of_review: bool = Field(
        default=False,
        description="true: a right in the review itself; a letter gives its number where it asks for it.",
    )
    when: Condition | None = Field(
        default=None, description="For whom: it must surely hold. Left out: for everybody."
    )


class Decision(Record):
    """How long the reviewer has. What is left out is not known."""

    standard_before_service: Clock | None = Field(
        default=None, description="For care that has not been given yet."
    )
    standard_after_service: Clock | None = Field(
        default=None, description="For a bill for care that was given."
    )
    expedited: Clock | None = Field(default=None, description="Where it is urgent.")
    drug: Clock | None = Field(default=None, description="For a drug, where that differs.")
    extension: Clock | None = Field(default=None, description="How much longer it may take.")


class AppealLevel(Cited):
    """One level of appeal: what it follows, who files, by when, how it starts."""

    id: Slug = Field(description="The level's own name, once in its file.")
    name: Words = Field(description="The name as the notice and the law give it.")
    route: Route = Field(description="The kind of path that it makes.")
    follows: tuple[DenialLevel, ...] = Field(
        description="The levels of the denial after which this is the next one."
    )
    who_files: Words = Field(description="Who may file it, in a sentence.")
    contact: StepContact | None = Field(
        default=None, description="Whom to send it to, as in a step. Left out: the notice says."
    )
    automatic: bool = Field(default=False, description="true: the case goes up by itself.")
    state_limit: (
        Literal[
            "external_review",
            "appeal_to_plan",
            "ffs",
            "plan_appeal",
            "after_plan_appeal",
            "medicaid_outside_review",
        ]
        | None
    ) = Field(
        default=None,
        description="Which limit of the person's state record rules this level, where the state sets it; "
        "`medicaid_outside_review`: the level is there only where the state's Medicaid has that review.",
    )
    state_floor: Amount | None = Field(
        default=None,
        description="The fewest days that federal law lets the state set. A request that is late by a shorter limit may rest on them.",
    )
    applies_when: Condition | None = Field(
        default=None, description="For whom it is there. Left out: for everybody."
    )
    file_within: tuple[ClockReading, ...] = Field(
        description="By when to file, one entry for each source that reads it differently; the shortest rules."
    )
    decision: Decision = Field(default=Decision(), description="How long the reviewer has.")
    amount_in_controversy: Words | None = Field(
        default=None,
        description="The least sum that must be in dispute, in a sentence. Left out: none.",
    )
    binding: Words | None = Field(default=None, description="Whom its decision binds.")
    last: bool = Field(
        default=False,
        description="true: no level follows it; those below it are for other decisions.",
    )
    keeps_benefits: Words | None = Field(
        default=None, description="Whether care goes on meanwhile, in a sentence."
    )
    keep_care: KeepCare | None = Field(
        default=None,
        description="By when to ask that care goes on meanwhile. Left out: no such right is known.",
    )
    early: EarlyStart | None = Field(
        default=None, description="When it is open beside the level before it. Left out: never."
    )
    counts_on: Literal["sent", "arrival"] = Field(
        default="sent",
        description="Which day must lie within the time limit: that of sending or that of arrival.",
    )
    law: Words | None = Field(
        default=None, description="The statute or regulation, as 42 CFR 405.942."
    )
    law_points: tuple[LawPoint, ...] = Field(
        default=(), description="Points of law of this level alone."
    )
    if_late: Words | None = Field(
        default=None, description="What is open where the reviewer does not answer in time."
    )
    how_to_start: Words = Field(description="How to file, in a sentence or two.")
    send_to: Words | None = Field(
        default=None,
        description="Where it goes, where it is no office of a form or of the state’s record.",
    )
    steps: tuple[StepRecord, ...] = Field(default=(), description="What to do, in order.")
    documents: tuple[DocumentId, ...] = Field(
        default=(), description="Papers that it needs, by the names of their files in documents/."
    )


class AppealProcess(Record):
    """The levels of appeal for a family of plans, in order."""

    id: Slug = Field(description="The record's own name: that of its file.")
    name: Words = Field(description="Whose levels of appeal they are.")
    before_you_start: Words | None = Field(
        default=None, description="What to know before the first level, in a sentence or two."
    )
    law_points: tuple[LawPoint, ...] = Field(
        default=(),
        description="Points of law that a letter quotes on every level, for whom they hold. A level may add its own.",
    )
    levels: tuple[AppealLevel, ...] = Field(description="The levels of appeal, the first first.")
    facts: tuple[Statement, ...] = Field(
        default=(), description="What is known beside the levels. No rule reads it."
    )


class DecisionClock(Cited):
    """How fast a plan must answer a first request (prior authorization, exception)."""

    id: Slug = Field(description="The entry's own name.")
    programs: tuple[ProgramId, ...] = Field(
        description="For which programs it holds, by the names of their files in programs/."
    )
    item: Words = Field(description="What is asked for, as `drug` or `service`.")
    answers: Literal["request", "claim", "running_course"] = Field(
        default="request",
        description="What the plan answers: a request before care, a claim after it, or a request to go on.",
    )
    states: tuple[InState, ...] = Field(
        default=(), description="Only in these states, as TX. Left out: everywhere."
    )
    standard: Clock | None = Field(default=None, description="The usual time limit.")
    expedited: Clock | None = Field(default=None, description="The limit where it is urgent.")
    says: Words = Field(description="The rule in a plain sentence.")
