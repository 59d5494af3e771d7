"""Codes on a claim: what was done, the drug, the place, the diagnosis; and when each of them stands."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rules.vocabulary import Diagnosis, DiagnosisGroup, Setting, Treatment

from .base import Amount, BillingCode, Cited, InState, Period, Record, Slug, Words
from .conditions import Condition
from .policies import Family

# What a code bills: `bundle` the drug, its giving and the watching in one; `giving` alone; the
# `drug` alone; something `beside` them; a `visit`. A `modifier` and a `place` say more of a line.
Part = Literal["bundle", "giving", "drug", "beside", "visit", "modifier", "place"]

Level = Literal["remission", "mild", "moderate", "severe"]


class Span(Record):
    """A range of minutes or of milligrams, both ends included; an open end is left out."""

    start: Amount | None = Field(
        default=None, alias="from", description="The lowest number. Left out: from 1."
    )
    end: Amount | None = Field(
        default=None, alias="to", description="The highest number. Left out: without end."
    )
    each: Amount | None = Field(
        default=None,
        description="One unit is billed for each so many, begun ones too. Left out: one unit for all.",
    )

    def units(self, number: float) -> int:
        """How many units stand for a number of minutes or milligrams; 0 where it lies outside."""
        first = self.start or 1
        if number < first or (self.end is not None and number > self.end):
            return 0
        return 1 if self.each is None else 1 + int((number - first) // self.each)


class Code(Cited):
    """A billing code, what it bills, who takes it and when it is in force."""

    code: str = Field(description="The code as it stands on a claim, as J0013.")
    system: Words = Field(description="The system that it belongs to, as HCPCS or CPT.")
    part: Part = Field(description="What it bills, as `drug` or `giving`.")
    says: Words = Field(description="What it stands for, in a plain sentence.")
    treatments: tuple[Treatment, ...] = Field(
        default=(), description="The treatments that are billed by it."
    )
    groups: tuple[DiagnosisGroup, ...] = Field(
        default=(), description="Only for diagnoses of these groups. Left out: for any."
    )
    payers: tuple[Family, ...] = Field(
        default=(), description="The families of payers that take it. Left out: anybody."
    )
    states: tuple[InState, ...] = Field(
        default=(), description="Only in these states, as TX. Left out: everywhere."
    )
    in_force: Period = Field(default=Period(), description="When it may stand on a claim.")
    minutes: Span | None = Field(
        default=None, description="The minutes for which it stands. Left out: time does not matter."
    )
    mg: Span | None = Field(
        default=None, description="The dose for which it stands. Left out: dose does not matter."
    )
    on_claim: Words | None = Field(
        default=None, description="What stands on the claim with it, as `NDC`. Left out: nothing."
    )
    settings: tuple[Setting, ...] = Field(
        default=(), description="The places of treatment that it may stand for."
    )
    replaces: BillingCode | None = Field(
        default=None, description="The code in whose place it came. Left out: none."
    )
    instead_of: tuple[BillingCode, ...] = Field(
        default=(), description="Codes beside which it never stands on a claim."
    )
    trap: Words | None = Field(default=None, description="The mistake that is often made with it.")


class DoseSold(Cited):
    """A pack in which a drug is sold for one session."""

    treatment: Treatment = Field(description="The treatment that it is for.")
    mg: Amount = Field(description="The dose that it holds, in mg.")
    ndc: str = Field(description="Its National Drug Code.")
    says: Words = Field(description="The pack and its number as billed, in a sentence.")


class UsualMinutes(Cited):
    """How long a session takes as it is usually given, where nobody told the minutes."""

    id: Slug = Field(description="The entry's own name.")
    treatment: Treatment = Field(description="The treatment.")
    groups: tuple[DiagnosisGroup, ...] = Field(
        default=(), description="The groups of diagnoses for which it is given so."
    )
    diagnoses: tuple[Diagnosis, ...] = Field(
        default=(), description="Single diagnoses for which it is given so."
    )
    low: Amount = Field(description="The shortest usual session, in minutes.")
    high: Amount = Field(description="The longest usual session, in minutes.")
    says: Words = Field(description="The usual session in a sentence.")


class IcdCodes(Cited):
    """The diagnosis codes that stand on a claim."""

    codes: tuple[str, ...] = Field(description="Billable ICD-10-CM codes with their dot, as F33.2.")


class IcdMark(Cited):
    """What is to be said of some diagnosis codes, and what they say of the illness."""

    id: Slug = Field(description="The mark's own name.")
    codes: tuple[str, ...] = Field(description="Billable ICD-10-CM codes with their dot, as F32.3.")
    level: Level | None = Field(
        default=None,
        description="How severe they call the illness: a score that is told goes before, or rules out, by it.",
    )
    episode: Literal["single", "recurrent"] | None = Field(
        default=None, description="Whether they speak of a first episode or of one that came again."
    )
    never_when: Condition | None = Field(
        default=None, description="Where it surely holds the chart contradicts them: left out."
    )
    rank: int = Field(
        default=0, description="They stand behind those of a lower rank. Left out: in front."
    )
    says: Words | None = Field(
        default=None, description="What to heed, in a plain sentence. Left out: nothing."
    )


class IcdBeside(Cited):
    """A diagnosis code that goes beside that of the illness, whichever it is."""

    code: str = Field(description="A billable ICD-10-CM code with its dot, as R45.851.")
    when: Condition = Field(description="The answers with which it is shown.")
    says: Words = Field(description="When it may stand, in a plain sentence.")
