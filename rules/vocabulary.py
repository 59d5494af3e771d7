"""The closed lists of words that a case and a record may use.

The lists that other programs rely on (coverage kinds, diagnoses, outcomes, stages,
denial reasons and levels) are fixed; new words may be added, none renamed.
"""

from __future__ import annotations

from typing import Literal, get_args

Treatment = Literal["iv_ketamine", "im_ketamine", "oral_ketamine", "esketamine"]
Request = Literal["iv_ketamine", "im_ketamine", "oral_ketamine", "esketamine", "open"]

Diagnosis = Literal[
    "treatment_resistant_depression",
    "major_depression",
    "major_depression_with_suicidality",
    "bipolar_depression",
    "postpartum_depression",
    "ptsd",
    "anxiety",
    "ocd",
    "crps",
    "neuropathic_pain",
    "fibromyalgia",
    "migraine",
    "cancer_pain",
    "chronic_back_pain",
    "phantom_limb_pain",
    "sickle_cell_pain",
    "acute_pain",
    "alcohol_use_disorder",
    "opioid_use_disorder",
    "status_epilepticus",
    "other",
]
# What a policy may name besides a single diagnosis; `diagnoses.yaml` says which belong to each.
DiagnosisGroup = Literal[
    "any", "mental_health", "pain", "chronic_pain", "depression", "substance_use"
]

SuicidalThoughts = Literal["none", "passive", "active"]
Outcome = Literal[
    "no_response", "partial_response", "not_tolerated", "contraindicated", "helped", "ongoing"
]

CoverageKind = Literal[
    "employer",
    "cobra",
    "individual",
    "student",
    "medicare",
    "medicaid",
    "chip",
    "va",
    "champva",
    "tricare",
    "fehb",
    "pshb",
    "ihs",
    "short_term",
    "sharing_ministry",
    "workers_compensation",
    "auto_injury",
]
Network = Literal["hmo", "epo", "ppo", "pos", "indemnity"]
Funding = Literal["fully_insured", "self_funded"]
Sponsor = Literal["private", "government", "church", "union"]
Employees = Literal["under_20", "20_to_99", "100_or_more"]
MedicarePart = Literal["original", "advantage"]
EntitledBy = Literal["age", "disability", "esrd"]
MedicaidType = Literal[
    "fee_for_service", "managed_care", "qmb", "slmb", "qi", "spend_down", "emergency", "pending"
]
CoversAs = Literal["self", "spouse", "child"]
RelatedTo = Literal["work", "auto", "neither"]
MetalLevel = Literal["catastrophic", "bronze", "silver", "gold", "platinum"]

Stage = Literal[
    "exploring", "preparing", "request_pending", "denied", "appeal_denied", "paying_cash"
]
NoticeFrom = Literal["medicare_contractor", "drug_plan", "advantage_plan", "other"]
# What was refused: the drug, the visit's fee, the hours of watching, the place's fee, or all.
DenialSubject = Literal["drug", "visit", "observation", "facility", "all"]
DenialKind = Literal["authorization", "claim"]
DenialReason = Literal[
    "experimental",
    "not_medically_necessary",
    "step_therapy",
    "not_a_benefit",
    "out_of_network",
    "missing_information",
    "no_authorization",
    "coding",
    "frequency",
    "other",
]
DenialLevel = Literal[
    "initial", "internal_1", "internal_2", "external", "reconsideration", "hearing", "council"
]

Scale = Literal["phq9", "madrs", "hamd", "qids", "bdi", "gad7", "pcl5", "pain_0_10"]
Setting = Literal[
    "clinic",
    "hospital_outpatient",
    "nonprofit_hospital",
    "inpatient",
    "va_facility",
    "health_center",
    "home",
    "other",
]
Prescriber = Literal[
    "psychiatrist",
    "psychiatric_nurse_practitioner",
    "primary_care",
    "pain_specialist",
    "anesthesiologist",
    "neurologist",
    "other",
]
SubstanceUse = Literal["none", "remission", "in_treatment", "active"]

Outlook = Literal["likely", "possible", "not_yet", "uphill", "closed"]
Confidence = Literal["sourced", "secondary", "recalled"]

Route = Literal[
    "prior_authorization",
    "medical_exception",
    "formulary_exception",
    "step_therapy_exception",
    "internal_appeal",
    "external_review",
    "fair_hearing",
    "hearing",
    "court",
    "complaint",
    "out_of_network_claim",
    "gap_exception",
    "claim",
    "community_care",
    "facility_care",
    "related_services",
    "secondary_claim",
    "manufacturer_programme",
    "clinical_trial",
    "hsa",
    "fsa",
    "hra",
    "tax_deduction",
    "payment_plan",
    "borrowing",
    "charity_care",
    "assistance",
    "apply_medicaid",
    "apply_marketplace",
    "apply_medicare_help",
    "apply_va",
    "change_plan",
    "employer_exception",
    "epsdt",
    "self_pay",
    "help_from_a_person",
    "consumer_right",
]

# Which book of business a policy text was written for.
Line = Literal["commercial", "medicare_advantage", "medicaid_managed", "medicaid_ffs", "fehb"]

# What a payer or programme says of one treatment for one group of diagnoses.
Position = Literal[
    "covered",  # covered, no further criteria stated
    "covered_with_criteria",
    "depends_on_plan",  # plans, states or facilities differ; nothing general can be said
    "silent",  # no position, or case by case
    "unproven",  # called experimental, investigational or unproven
    "excluded",  # the contract or a law names it as not covered
]

# Where a step stands in the plan, in the order in which steps are read.
StepStage = Literal[
    "safety", "policy", "history", "referral", "records", "request", "appeal", "claim", "cover",
    "money", "help",
]  # fmt: skip

# Whom a step calls: found for each person in the records of the state, the program, the plan or the way.
StepContact = Literal[
    "plan", "program", "overseer", "state_medicaid", "medicaid_application", "consumer_help",
    "exchange", "office", "outside_review",
]  # fmt: skip

# What follows where a limit of a drug's label is broken: not to be used, used only by exception,
# or something to put right first.
LabelBinds = Literal["rules_out", "outside_label", "first"]

STEP_STAGES: tuple[StepStage, ...] = get_args(StepStage)
DENIED_STAGES: tuple[str, ...] = ("denied", "appeal_denied")
COVERED: tuple[str, ...] = ("covered", "covered_with_criteria")  # positions that cover a use
EMPLOYER_KINDS: tuple[CoverageKind, ...] = ("employer", "cobra")
JOB_BASED_KINDS: tuple[CoverageKind, ...] = (*EMPLOYER_KINDS, "fehb", "pshb")
# What a rule may name in the place of one diagnosis.
DIAGNOSIS_GROUPS: tuple[str, ...] = get_args(DiagnosisGroup)
DENIAL_LEVELS: tuple[str, ...] = get_args(DenialLevel)
DENIAL_REASONS: tuple[str, ...] = get_args(DenialReason)
ENTITLED_BY: tuple[str, ...] = get_args(EntitledBy)
OUTLOOKS: tuple[str, ...] = get_args(Outlook)
TREATMENTS: tuple[str, ...] = get_args(Treatment)
DIAGNOSES: tuple[str, ...] = get_args(Diagnosis)
COVERAGE_KINDS: tuple[str, ...] = get_args(CoverageKind)
