"""Appeal ladders, decision clocks, exceptions, parity."""

from __future__ import annotations

from typing import Literal

from rules.vocabulary import DenialLevel, Route

from .base import Amount, Cited, Fact, Record, Slug, StateCode, Words
from .conditions import Condition
from .policies import Step

ClockUnit = Literal["hours", "days", "working_days", "business_days", "weeks", "months", "years"]


class Clock(Record):
    """A time limit. `number` None: no single number; `note` says who sets it.

    `counted_from` is what starts it: the date on the notice, its receipt, or something else that
    `counted_from_note` names. `receipt_presumed_after_days` is what the law presumes where it does.
    """

    number: Amount | None = None
    unit: ClockUnit | None = None
    counted_from: Literal["notice", "receipt", "other"] = "other"
    counted_from_note: Words | None = None
    receipt_presumed_after_days: Amount | None = None
    note: Words | None = None


class ClockReading(Cited):
    """A clock as one source reads it; where sources disagree the shortest rules."""

    clock: Clock
    applies_when: Condition | None = None


class KeepCare(Cited):
    """By when to ask that a treatment which runs goes on while the appeal is decided.

    The day is the later of `days_from_notice` after the notice and the day on which the change
    starts (`until_change`: on that day; `before_change`: the day before it). After it the care may
    still be brought back for `brought_back_within` days; `if_late` says how.
    """

    days_from_notice: Amount | None = None
    change: Literal["until_change", "before_change"]
    brought_back_within: Amount = 10
    says: Words
    if_late: Words


class EarlyStart(Cited):
    """When a rung is open beside the one before it, and to whom."""

    follows: tuple[DenialLevel, ...]
    when: Condition
    says: Words


class Decision(Record):
    """How long the reviewer has."""

    standard_before_service: Clock | None = None
    standard_after_service: Clock | None = None
    expedited: Clock | None = None
    drug: Clock | None = None
    extension: Clock | None = None


class Level(Cited):
    """One rung: what it follows, who files, by when, how it starts."""

    id: Slug
    name: Words
    route: Route
    follows: tuple[DenialLevel, ...]  # the denial levels after which this rung is the next one
    who_files: Words
    automatic: bool = False  # the case goes up by itself
    # Which limit of the person's state record rules this rung, where the state sets it.
    state_limit: (
        Literal["external_review", "appeal_to_plan", "ffs", "plan_appeal", "after_plan_appeal"]
        | None
    ) = None
    applies_when: Condition | None = None
    file_within: tuple[ClockReading, ...]
    decision: Decision = Decision()
    amount_in_controversy: Words | None = None
    binding: Words | None = None
    keeps_benefits: Words | None = None
    keep_care: KeepCare | None = None
    early: EarlyStart | None = None
    counts_on: Literal["sent", "arrival"] = "sent"  # the day that must lie within the time limit
    law: Words | None = None
    if_late: Words | None = None  # what is open where the reviewer does not answer in time
    how_to_start: Words
    form: Words | None = None  # the official form that starts it
    send_to: Words | None = None  # where that goes, where it is no office of the state's record
    steps: tuple[Step, ...] = ()
    documents: tuple[Slug, ...] = ()


class Ladder(Record):
    """The levels of appeal for a family of plans, in order."""

    id: Slug
    name: Words
    before_you_start: Words | None = None
    levels: tuple[Level, ...]
    facts: tuple[Fact, ...] = ()


class DecisionClock(Cited):
    """How fast a plan must answer a first request (prior authorization, exception)."""

    id: Slug
    programs: tuple[Slug, ...]
    item: Words
    states: tuple[StateCode, ...] = ()
    standard: Clock | None = None
    expedited: Clock | None = None
    says: Words
