"""Diagnoses, treatments, what counts as an adequate trial, labels, guidelines, codes, safety."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from rules.vocabulary import Diagnosis, DiagnosisGroup, LabelBinds, Scale, Treatment

from .base import Cited, Fact, Period, Record, Slug, StateCode, Words
from .conditions import Criterion
from .policies import NO_STANDARD, Family, TrialStandard


class IcdCodes(Cited):
    codes: tuple[str, ...]


class Evidence(Cited):
    level: Literal["strong", "moderate", "limited", "insufficient"]
    says: Words
    repeat_level: Literal["strong", "moderate", "limited", "insufficient"] | None = None
    sources_conflict: bool = False


class LabelStatus(Cited):
    status: Literal["on_label", "conditional", "not_approved"]
    says: Words


class DiagnosisRecord(Record):
    """A diagnosis as people name it, its groups, its codes and what is known of ketamine for it."""

    id: Diagnosis
    name: Words
    groups: tuple[DiagnosisGroup, ...]
    # Indications of a policy that this diagnosis also satisfies (the policy's counts decide the rest).
    counts_as: tuple[Diagnosis, ...] = ()
    may_count_as: tuple[Diagnosis, ...] = ()  # where the clinician may also state that diagnosis
    icd10cm: IcdCodes | None = None
    iv_ketamine: Evidence | None = None
    esketamine: LabelStatus | None = None
    payer_stance: tuple[Fact, ...] = ()
    severity: tuple[Fact, ...] = ()
    facts: tuple[Fact, ...] = ()


class TreatmentRecord(Cited):
    """A treatment that people may have tried. Doses in mg a day unless `dose_unit` says otherwise."""

    id: Slug
    name: Words
    brands: tuple[str, ...] = ()
    drug_class: Words | None = None
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
    ]
    min_dose: float | None = None  # lowest daily dose that counts as a trial
    dose_unit: str | None = None
    # Lowest daily dose of each part of a two-part medicine, where one number cannot be compared.
    dose_parts: tuple[float, ...] = ()
    course_weeks: float | None = None  # the whole course, where it is shorter than plans ask for
    may_count_as: Literal["antidepressant"] | None = None  # a second list that may take it
    medicine: Slug | None = None  # another entry of the same medicine: both count once
    usual_range: Words | None = None
    usual_trial_weeks: Words | None = None
    adequate_course: Words | None = None
    rxcui: str | None = None
    rxcui_confidence: Literal["secondary", "recalled", "sourced"] | None = None


class NotATrial(Cited):
    """Something taken that payers do not count, and why."""

    id: Slug
    name: Words
    treatments: tuple[Slug, ...] = ()  # catalogue ids at a dose below `below_dose`
    below_dose: float | None = None
    dose_unit: str | None = None
    says: Words


class TrialDefinition(Cited):
    """How an instrument, a label or a payer defines an adequate, failed trial."""

    id: Slug
    says: Words
    standard: TrialStandard = NO_STANDARD
    min_failures: int | None = None
    different_classes: bool | None = None
    augmentations: int | None = None
    is_default: bool = False  # what is used where a policy does not say


class LabelLimit(Cited):
    """What the label asks of everyone who takes the drug, whatever a payer's text says.

    `criterion` is what has to hold. Where it does not, `binds` says what follows: `rules_out`
    (not to be used), `outside_label` (the label does not speak for this person: by exception
    only), `first` (it can be put right, and has to be before a dose). `says` names the condition
    and whom to see, in the words of the person's safety note.
    """

    id: Slug
    criterion: Criterion
    binds: LabelBinds
    says: Words


class Label(Record):
    """What the FDA label says of one treatment. `criteria` are its own terms for each use."""

    id: Slug
    treatment: Treatment
    also_for: tuple[Treatment, ...] = ()  # other forms of the same drug that the label speaks of
    off_label: Fact | None = None  # what is said where the diagnosis is not a labelled use
    limits: tuple[LabelLimit, ...] = ()
    uses: tuple[LabelUse, ...] = ()
    facts: tuple[Fact, ...] = ()


class LabelUse(Cited):
    """One labelled use; a policy whose criteria nobody has seen is shown with these terms."""

    id: Slug
    indications: tuple[Diagnosis, ...]
    says: Words
    criteria: tuple[Criterion, ...]
    dosing: tuple[Fact, ...]  # the label's schedule for this use and no other


class Guideline(Cited):
    id: Slug
    name: Words
    year: int
    finding: Words
    supports: Words | None = None
    does_not_support: Words | None = None
    treatments: tuple[Treatment, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()


class Code(Cited):
    """A billing code and when it is in force."""

    code: str
    system: Words
    says: Words
    treatments: tuple[Treatment, ...] = ()
    payers: tuple[Family, ...] = ()  # who takes it; empty: anybody
    states: tuple[StateCode, ...] = ()  # only there; empty: everywhere
    in_force: Period = Period()
    replaces: str | None = None  # the code in whose place it came
    instead_of: tuple[str, ...] = ()  # codes beside which it never stands on a claim
    trap: Words | None = None


class SafetyFlag(Cited):
    """A condition that a clinician has to weigh before any ketamine."""

    id: Slug
    condition: Words
    action: Words
    treatments: tuple[Treatment, ...]


class CrisisLine(Cited):
    id: Slug
    name: Words
    says: Words
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
    ]


class ScaleRecord(Cited):
    """A severity score: its range in points and its bands."""

    id: Scale
    name: Words
    low: int
    high: int
    severe_from: int | None = None  # points from which the scale calls it severe
    says: Words


class Clinical(Record):
    """`clinical/*.yaml`: what is not one record of its own."""

    facts: tuple[Fact, ...] = ()


class DatedNote(Cited):
    id: Slug
    says: Words
    until: dt.date | None = None


Label.model_rebuild()
