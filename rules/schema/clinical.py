"""Diagnoses, treatments, what counts as an adequate trial, labels, evidence, safety."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, model_validator

from rules.vocabulary import Confidence, Diagnosis, DiagnosisGroup, LabelBinds, Scale, Treatment

from .base import Amount, Cited, Record, Slug, Statement, TreatmentId, Words
from .codes import IcdCodes, Level
from .conditions import Condition, Criterion
from .policies import NO_STANDARD, TrialStandard

Strength = Literal["strong", "moderate", "limited", "insufficient"]

ADDRESS = re.compile(r"https?:|www\.", re.IGNORECASE)
PAGES = re.compile(r"\b(19|20)\d\d;\d+[^.]*:\S+")  # year;volume(issue):pages


class Evidence(Cited):
    """How well ketamine for this diagnosis has been studied."""

    level: Strength = Field(description="How strong the evidence is that a first course helps.")
    says: Words = Field(description="What was found, in a plain sentence.")
    repeat_level: Strength | None = Field(
        default=None, description="The same of repeated doses. Left out: not judged."
    )
    sources_conflict: bool = Field(default=False, description="true: studies disagree.")


class LabelStatus(Cited):
    """Whether a drug's label names this diagnosis."""

    status: Literal["on_label", "conditional", "not_approved"] = Field(
        description="`on_label`: it does. `conditional`: with conditions. `not_approved`: it does not."
    )
    says: Words = Field(description="What the label says of it, in a plain sentence.")


class DiagnosisRecord(Record):
    """A diagnosis as people name it, its groups, its codes and what is known of ketamine for it."""

    id: Diagnosis = Field(description="The diagnosis: the name of its file.")
    name: Words = Field(description="The name as people know it.")
    in_sentence: Words = Field(description="Its short name in the middle of a sentence, as `CRPS`.")
    groups: tuple[DiagnosisGroup, ...] = Field(
        description="The groups by which a policy may name it."
    )
    counts_as: tuple[Diagnosis, ...] = Field(
        default=(),
        description="Indications of a policy that this diagnosis satisfies too; its trials decide the rest.",
    )
    may_count_as: tuple[Diagnosis, ...] = Field(
        default=(), description="Diagnoses that the clinician may also be able to state."
    )
    icd10cm: IcdCodes | None = Field(default=None, description="Its codes on a claim.")
    iv_ketamine: Evidence | None = Field(
        default=None,
        description="How well ketamine by vein has been studied for it. Left out: not looked up.",
    )
    esketamine: LabelStatus | None = Field(
        default=None,
        description="What the label of esketamine says of it. Left out: not looked up.",
    )
    payer_stance: tuple[Statement, ...] = Field(
        default=(), description="What payers commonly say, one fact each."
    )
    severity: tuple[Statement, ...] = Field(
        default=(), description="How severity is told for it, one fact each."
    )
    facts: tuple[Statement, ...] = Field(
        default=(), description="What else is known. No rule reads it."
    )


class TreatmentRecord(Cited):
    """A treatment that people may have tried. Doses in mg a day unless `dose_unit` says otherwise."""

    id: Slug = Field(description="The treatment's own name, by which cases and policies name it.")
    name: Words = Field(description="The generic name.")
    in_letters: Words | None = Field(
        default=None,
        description="The name as a clinician writes it, where `name` is in plain words. Left out: as `name`.",
    )
    brands: tuple[str, ...] = Field(default=(), description="Brand names that people type.")
    course_of: tuple[Treatment, ...] = Field(
        default=(),
        description="The treatments of this tool of which it is a course: one that goes on is asked for again.",
    )
    drug_class: Words | None = Field(
        default=None,
        description="Its class, as `SSRI`: two of one class count once where a policy asks for classes.",
    )
    counts_as: Literal[
        "antidepressant",
        "augmentation",
        "psychotherapy",
        "neuromodulation",
        "pain_medicine",
        "pain_procedure",
        "pain_other",
        "migraine_preventive",
        "migraine_acute",
        "substance_use_medicine",
        "sickle_cell_medicine",
        "none",
    ] = Field(description="As which kind of trial payers count it.")
    min_dose: float | None = Field(
        default=None,
        description="The lowest daily dose that counts as a trial. Left out: no number is known.",
    )
    dose_unit: str | None = Field(default=None, description="Left out: mg a day.")
    dose_parts: tuple[float, ...] = Field(
        default=(),
        description="The lowest daily dose of each part of a two-part medicine, where one number cannot be compared.",
    )
    course_weeks: float | None = Field(
        default=None,
        description="Weeks of the whole course, where it is shorter than plans ask for.",
    )
    may_count_as: Literal["antidepressant"] | None = Field(
        default=None, description="A second kind of trial as which a payer may take it."
    )
    medicine: TreatmentId | None = Field(
        default=None, description="Another entry of the same medicine: both together count once."
    )
    usual_range: Words | None = Field(default=None, description="The usual doses, in words.")
    usual_trial_weeks: Words | None = Field(
        default=None, description="How long a trial usually lasts, in words."
    )
    adequate_course: Words | None = Field(
        default=None, description="What makes a full course, in words, where it is no dose."
    )
    rxcui: str | None = Field(
        default=None, description="Its RxNorm number, in quotes. Left out: not looked up."
    )
    rxcui_confidence: Confidence | None = Field(
        default=None, description="How sure that number is."
    )


class NotATrial(Cited):
    """Something taken that payers do not count, and why."""

    id: Slug = Field(description="The entry's own name.")
    name: Words = Field(description="What was taken.")
    treatments: tuple[TreatmentId, ...] = Field(
        default=(),
        description="The treatments of the catalog that do not count below `below_dose`.",
    )
    below_dose: float | None = Field(
        default=None, description="The daily dose from which it would count. Left out: at any dose."
    )
    dose_unit: str | None = Field(default=None, description="Left out: mg a day.")
    says: Words = Field(description="Why it does not count, in a plain sentence.")


class TrialDefinition(Cited):
    """How an instrument, a label or a payer defines an adequate, failed trial."""

    id: Slug = Field(description="The definition's own name.")
    says: Words = Field(description="The definition in a plain sentence.")
    standard: TrialStandard = Field(default=NO_STANDARD, description="The definition as numbers.")
    min_failures: int | None = Field(
        default=None, description="How many failed trials it asks for. Left out: not stated."
    )
    different_classes: bool | None = Field(
        default=None, description="Whether they must be of different classes. Left out: not stated."
    )
    augmentations: int | None = Field(
        default=None, description="How many add-on medicines it asks for. Left out: not stated."
    )
    is_default: bool = Field(
        default=False, description="true: used where a policy does not say. One definition has it."
    )


class LabelLimit(Cited):
    """What the label asks of everyone who takes the drug, whatever a payer's text says."""

    id: Slug = Field(description="The limit's own name.")
    criterion: Criterion = Field(description="What has to hold.")
    binds: LabelBinds = Field(
        description="What follows where it does not hold. `rules_out`: not to be used. `outside_label`: by "
        "exception only. `first`: it can be put right, and has to be before a dose."
    )
    says: Words = Field(
        description="The condition and whom to see, in the words of the person's safety note."
    )


class Label(Record):
    """What the FDA label says of one treatment."""

    id: Slug = Field(description="The label's own name: that of its file.")
    treatment: Treatment = Field(description="The treatment that it speaks of.")
    also_for: tuple[Treatment, ...] = Field(
        default=(), description="Other forms of the same drug that it speaks of."
    )
    off_label: Statement | None = Field(
        default=None, description="What is said where the diagnosis is not a labeled use."
    )
    limits: tuple[LabelLimit, ...] = Field(
        default=(), description="What it asks of everyone who takes the drug."
    )
    uses: tuple[LabelUse, ...] = Field(default=(), description="Its labeled uses.")
    facts: tuple[Statement, ...] = Field(
        default=(), description="What else it says. No rule reads it."
    )


class Dosing(Statement):
    """What the label names for some weeks of a course."""

    from_week: Amount | None = Field(
        default=None, description="The first week for which it holds. Left out: it is of no weeks."
    )
    to_week: Amount | None = Field(
        default=None, description="The last week for which it holds. Left out: it goes on."
    )
    most_a_week: float | None = Field(
        default=None, description="The most sessions a week that it names."
    )
    most_mg: float | None = Field(
        default=None, description="The highest dose at a session that it names, in mg."
    )

    def holds_in(self, week: int) -> bool:
        """Whether it speaks of a week of the course, counted from 1."""
        if self.from_week is None or week < self.from_week:
            return False
        return self.to_week is None or week <= self.to_week


class LabelUse(Cited):
    """One labeled use; a policy whose criteria nobody has seen is shown with these terms."""

    id: Slug = Field(description="The use's own name.")
    indications: tuple[Diagnosis, ...] = Field(description="The diagnoses that it is for.")
    says: Words = Field(description="The use in a plain sentence.")
    in_letters: Words = Field(
        description="The use as a clinician's letter names it, in a sentence."
    )
    criteria: tuple[Criterion, ...] = Field(description="The label's own terms for it.")
    dosing: tuple[Dosing, ...] = Field(
        description="The label's schedule for this use and no other."
    )


class Sample(Record):
    """How many people a figure rests on, and which they are."""

    number: Amount = Field(description="How many.")
    are: Words = Field(description="What is counted, as `patients treated`.")


class Work(Cited):
    """A study, a review of studies, a guideline or a report, as letters and worksheets speak of it.

    What was not read (`seen: false`) is never cited in a letter.
    """

    id: Slug = Field(description="The work's own name.")
    name: Words = Field(description="How a letter calls it, as `TRANSFORM-2 trial`.")
    kind: Literal[
        "trial",
        "long_term_study",
        "record_review",
        "meta_analysis",
        "guideline",
        "consensus",
        "assessment",
    ] = Field(
        description="What it is. `record_review`: it looks back at charts, without a control."
    )
    year: int = Field(description="The year of publication.")
    citation: Words = Field(
        description="The reference as a physician writes it: authors, title, journal, year;volume(issue):pages. "
        "Only what was seen of it; no address."
    )
    doi: str | None = Field(
        default=None,
        pattern=r"^10\.\d{4,9}/\S+$",
        description="Its DOI, as 10.1001/jamapsychiatry.2019.1189. Left out: not seen.",
    )
    design: Words | None = Field(
        default=None, description="How it was made, in a few words. Left out for a guideline."
    )
    sample: Sample | None = Field(
        default=None, description="The people on whom its figures rest. Left out: not seen."
    )
    effect: Words | None = Field(
        default=None, description="The main result with its interval, as published."
    )
    finding: Words = Field(description="What it found, in a plain sentence.")
    supports: Words | None = Field(
        default=None, description="What it speaks for, in plain words for a patient's letter."
    )
    says: Words | None = Field(
        default=None,
        description="The same in one clinical sentence for a clinician's letter, with its figures.",
    )
    does_not_support: Words | None = Field(
        default=None, description="What a letter must not cite it for; a reviewer may say so."
    )
    answer: Words | None = Field(
        default=None,
        description="What answers that, where a source gives it. Left out: only the worksheet tells of it.",
    )
    prognosis: Words | None = Field(
        default=None,
        description="What it says of the course without this treatment, or after it is stopped, in a clinical sentence.",
    )
    treatments: tuple[Treatment, ...] = Field(
        default=(), description="The treatments that it speaks of. Left out: none (a prognosis)."
    )
    diagnoses: tuple[Diagnosis, ...] = Field(description="The diagnoses that it speaks of.")
    rank: Amount = Field(description="Its place among the works of a letter; 1 comes first.")

    @property
    def was_read(self) -> bool:
        """Whether a letter may rest on it."""
        return self.seen and self.confidence != "recalled"

    @property
    def reference(self) -> str:
        """The citation with its DOI."""
        return f"{self.citation} doi:{self.doi}" if self.doi else self.citation

    @model_validator(mode="after")
    def _both_registers(self) -> Work:
        if (self.supports is None) is not (self.says is None):
            raise ValueError("`supports` needs `says`, and `says` needs `supports`")
        if self.answer and not self.does_not_support:
            raise ValueError("`answer` needs `does_not_support`")
        return self

    @model_validator(mode="after")
    def _can_be_found(self) -> Work:
        """A physician must be able to look up what a letter cites."""
        if ADDRESS.search(self.citation):
            raise ValueError("a citation holds no address of a page")
        published = self.doi or self.kind in ("guideline", "consensus")
        if self.was_read and self.says and not (published or PAGES.search(self.citation)):
            raise ValueError("a work that a letter cites needs a DOI, or its volume and pages")
        return self


class SafetyFlag(Cited):
    """A condition that a clinician has to weigh before any ketamine."""

    id: Slug = Field(description="The condition's own name.")
    condition: Words = Field(description="The condition, as people know it.")
    action: Words = Field(description="What to do about it, in a plain sentence.")
    treatments: tuple[Treatment, ...] = Field(description="For which treatments it matters.")
    when: Condition | None = Field(
        default=None,
        description="The answers that tell of it. Left out: no answer does, or a limit of a label speaks of it.",
    )
    says: Words | None = Field(
        default=None,
        description="Where an answer tells of it: the condition and whom to see, in the words of the person's safety note.",
    )

    @model_validator(mode="after")
    def _both_or_none(self) -> SafetyFlag:
        if (self.when is None) is not (self.says is None):
            raise ValueError("`when` needs `says`, and `says` needs `when`")
        return self


class CrisisLine(Cited):
    """Where a person in crisis finds help at once."""

    id: Slug = Field(description="The line's own name.")
    name: Words = Field(description="The name as people know it.")
    says: Words = Field(description="How to reach it, in a plain sentence.")
    who: Literal[
        "anyone",
        "veterans",
        "young_people",
        "lgbtq",
        "spanish",
        "deaf",
        "mothers",
        "emergency",
        "other",
    ] = Field(description="Whom it is for.")


class Band(Record):
    """From how many points a scale calls the illness mild, moderate or severe."""

    start: int = Field(alias="from", description="The lowest score of the band.")
    level: Level = Field(description="What the scale calls it, in the words of diagnosis codes.")


class ScaleRecord(Cited):
    """A severity score: its range in points and its bands."""

    id: Scale = Field(description="The scale.")
    name: Words = Field(description="The name as people know it.")
    low: int = Field(default=0, description="The lowest score, in points.")
    high: int | None = Field(
        default=None, description="The highest score, in points. Left out: not looked up."
    )
    severe_from: int | None = Field(
        default=None,
        description="Points from which the scale calls it severe. Left out: it does not.",
    )
    bands: tuple[Band, ...] = Field(
        default=(), description="Its bands from the lowest on. Left out: no source draws them."
    )
    says: Words = Field(description="What its bands mean, in a plain sentence.")

    def level(self, points: float) -> Level | None:
        """What the scale calls a score; None below its first band."""
        return next((b.level for b in reversed(self.bands) if points >= b.start), None)


Label.model_rebuild()
