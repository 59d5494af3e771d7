"""What travels: a case in, a result out. Every field of a case may be unknown (None).

Unknown is a value of its own: it never counts as no. `coverages: []` means uninsured,
`coverages: null` means that nobody has said.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from .vocabulary import (
    CoverageKind,
    CoversAs,
    DenialKind,
    DenialLevel,
    DenialReason,
    DenialSubject,
    Diagnosis,
    Employees,
    EntitledBy,
    Funding,
    MedicaidType,
    MedicarePart,
    MetalLevel,
    Network,
    NoticeFrom,
    Outcome,
    Prescriber,
    RelatedTo,
    Request,
    Scale,
    Setting,
    Sponsor,
    Stage,
    SubstanceUse,
    SuicidalThoughts,
    Treatment,
)

MOST_COVERAGES = 20

MOST_TREATMENTS = 200

MOST_COUNTED = 100

MOST_SCORES = 200

MOST_DIAGNOSES = 50

LONGEST_PLACE = 120  # characters of a field's name that a message repeats

EARLIEST_DAY = dt.date(1900, 1, 1)  # no letter of a living person is older; a slip of the pen is

StateCode = Literal[
    "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID",
    "IL", "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MP", "MS", "MT", "NC", "ND",
    "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX",
    "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
]  # fmt: skip

STATE_CODES: tuple[str, ...] = get_args(StateCode)

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]

MONTH = r"(19|20)\d\d-(0[1-9]|1[0-2])"
Month = Annotated[str, StringConstraints(pattern=f"^{MONTH}$")]  # of a birth the day is never asked

Count = Annotated[int, Field(ge=0, le=MOST_COUNTED)]

# As on a remittance advice: CARC 197 or CO-197, RARC N130.
DenialCode = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}-?)?[A-Z]{0,2}\d{1,4}$")]
MOST_CODES = 20


def codes_written(told: object) -> object:
    """Codes as people write them, in one text (`co 197, N130`) or as a list, each as a case holds it."""
    if isinstance(told, str):
        told = re.split(r"[,;/\n]+|(?<=\d)\s+", told)
    if not isinstance(told, list | tuple) or not all(isinstance(code, str | int) for code in told):
        return told
    bare = (re.sub(r"\s+", "-", str(code).strip().upper()) for code in told)
    return tuple(dict.fromkeys(code for code in bare if code))


DenialCodes = Annotated[
    tuple[DenialCode, ...], BeforeValidator(codes_written), Field(max_length=MOST_CODES)
]

Money = Annotated[float, Field(ge=0, le=100_000_000, allow_inf_nan=False)]


# A case, or a part of one (a cover, a score), as plain data: what JSON, a table's row and the
# answers of a person hold. It is read by `read_case`.
PlainCase = dict[str, Any]
PlainPart = dict[str, Any]


class CasePart(BaseModel):
    """A part of a case: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: object, info: ValidationInfo) -> object:
        """Yes is not the number 1, and a number is not a day (of 1970)."""
        number, day = _number_or_day(cls, info.field_name or "")
        if number and isinstance(value, bool):
            raise ValueError("a number is needed here, not true or false")
        if day and value is not None:
            written = value.isoformat() if isinstance(value, dt.date) else value
            if not (isinstance(written, str) and re.match(r"\d{4}-\d{2}-\d{2}", written)):
                raise ValueError("a date is written YYYY-MM-DD")
            if written < EARLIEST_DAY.isoformat():
                raise ValueError(f"this date is too long ago (before {EARLIEST_DAY})")
        return value


@lru_cache(maxsize=512)
def _number_or_day(model: type[BaseModel], name: str) -> tuple[bool, bool]:
    """Whether a field may hold a number, and whether a day, out of its union and its limits."""
    found: set[type] = set()

    def visit(kind: object) -> None:
        inner = get_args(kind)
        if inner and not isinstance(inner[0], str):
            for part in inner:
                visit(part)
        elif isinstance(kind, type):
            found.add(kind)

    visit(model.model_fields[name].annotation)
    return not found.isdisjoint((int, float)), dt.date in found


class Score(CasePart):
    """A severity score, in the points of its scale."""

    scale: Scale
    score: Annotated[float, Field(ge=0, le=100)] | None = None
    date: dt.date | None = None


class TriedTreatment(CasePart):
    """One treatment that was tried. `daily_dose_mg` is the highest dose held, in mg a day."""

    treatment: ShortText
    outcome: Outcome | None = None
    weeks: Annotated[float, Field(ge=0, le=5000)] | None = None
    daily_dose_mg: Annotated[float, Field(ge=0, le=100_000)] | None = None
    current_episode: bool | None = None
    years_ago: Annotated[float, Field(ge=0, le=120)] | None = None
    sessions: Annotated[int, Field(ge=0, le=5000)] | None = None


class TreatmentCounts(CasePart):
    """The short form: the person's own count of full trials that did not help enough.

    A list of treatments beside it tells the same history, or a part of it.
    """

    antidepressants_failed: Count | None = None
    antidepressant_classes_failed: Count | None = None
    augmentations_failed: Count | None = None
    pain_treatments_failed: Count | None = None
    psychotherapy_tried: bool | None = None


class Health(CasePart):
    """Conditions that some policies exclude; each may be unknown."""

    psychosis: bool | None = None
    bipolar_disorder: bool | None = None
    substance_use: SubstanceUse | None = None
    vessel_condition: bool | None = None
    uncontrolled_blood_pressure: bool | None = None
    ketamine_allergy: bool | None = None
    dementia: bool | None = None


class Coverage(CasePart):
    """One health insurance of the person."""

    kind: CoverageKind | None = None
    payer: ShortText | None = None
    network: Network | None = None
    funding: Funding | None = None
    sponsor: Sponsor | None = None
    employees: Employees | None = None
    active_employee: bool | None = None
    federal_worker: bool | None = None
    grandfathered: bool | None = None
    on_exchange: bool | None = None
    issue_state: StateCode | None = None
    covers_as: CoversAs | None = None
    # Both may lie ahead. `start_date` is another name for `starts`.
    starts: dt.date | None = Field(
        default=None, validation_alias=AliasChoices("starts", "start_date")
    )
    ends: dt.date | None = None
    out_of_network_benefit: bool | None = None
    high_deductible_plan: bool | None = None
    metal_level: MetalLevel | None = None
    medicare: MedicarePart | None = None
    part_b: bool | None = None
    part_d: bool | None = None
    medigap: bool | None = None
    entitled_by: EntitledBy | None = None
    esrd_month: Annotated[int, Field(ge=1, le=600)] | None = None
    medicare_already_primary: bool | None = None
    medicaid: MedicaidType | None = None
    spend_down_met: bool | None = None
    active_duty: bool | None = None
    visit_at_or_authorized_by_va: bool | None = None
    auto_policy_lets_health_pay_first: bool | None = None


class Denial(CasePart):
    """What a payer refused. `coverage` is the position of the coverage in `coverages`."""

    coverage: Annotated[int, Field(ge=0, lt=MOST_COVERAGES)] | None = None
    treatment: Treatment | None = None
    notice_date: dt.date | None = None
    received_date: dt.date | None = None
    reason: DenialReason | None = None
    level: DenialLevel | None = None
    urgent: bool | None = None
    continuing_treatment: bool | None = None
    effective_date: dt.date | None = None  # when care that runs is to stop; may lie ahead
    notice_from: NoticeFrom | None = None  # who sent the letter, where Medicare has several who may
    subject: DenialSubject | None = None
    kind: DenialKind | None = None
    codes: DenialCodes | None = None


class Appeal(CasePart):
    """An appeal that was sent against the denial."""

    sent_date: dt.date | None = None


class TreatmentStatus(CasePart):
    """How a course of the treatment asked for goes. Scores are points of the scale told in `severity`."""

    started: bool | None = None
    date: dt.date | None = None  # of the first session
    sessions_so_far: Annotated[int, Field(ge=0, le=5000)] | None = None
    score_before: Annotated[float, Field(ge=0, le=100)] | None = None
    score_now: Annotated[float, Field(ge=0, le=100)] | None = None
    sessions_per_week: Annotated[float, Field(ge=0, le=21)] | None = None
    dose_mg: Annotated[float, Field(ge=0, le=10_000)] | None = None


class Authorization(CasePart):
    """An approval that was given."""

    start: dt.date | None = None
    end: dt.date | None = None


class Provider(CasePart):
    found: bool | None = None
    in_network: bool | None = None
    rems_certified: bool | None = None
    setting: Setting | None = None
    prescriber: Prescriber | None = None
    psychiatrist_consulted: bool | None = None
    telehealth_only: bool | None = None


class MoneyFacts(CasePart):
    """Amounts in US dollars; `coinsurance` is a share (0.4 means 40 percent)."""

    hsa: bool | None = None
    fsa: bool | None = None
    hra: bool | None = None
    itemizes: bool | None = None
    credit_fair_or_better: bool | None = None
    employee: bool | None = None
    employer_ketamine_benefit: bool | None = None
    deductible_left: Money | None = None
    coinsurance: Annotated[float, Field(ge=0, le=1)] | None = None
    out_of_pocket_left: Money | None = None
    yearly_deductible: Money | None = None  # of a whole plan year
    yearly_limit: Money | None = None  # the most that the plan lets a person pay in a plan year
    allowed_amount_per_session: Money | None = None
    quoted_price_per_session: Money | None = None
    sessions: Annotated[int, Field(ge=0, le=500)] | None = None
    maintenance_sessions_per_year: Annotated[int, Field(ge=0, le=400)] | None = None
    medical_spending: Money | None = None  # of the year, besides this treatment
    tax_bracket_percent: Annotated[float, Field(ge=0, le=60)] | None = None


class Case(CasePart):
    """What is known about one person."""

    age: Annotated[int, Field(ge=0, le=120)] | None = None
    birth_month: Month | None = None
    state: StateCode | None = None
    household_size: Annotated[int, Field(ge=1, le=30)] | None = None
    annual_income: Money | None = None
    pregnant: bool | None = None
    disabled: bool | None = None
    parent_of_child: bool | None = None
    veteran: bool | None = None
    tribal_member: bool | None = None
    lost_coverage_date: dt.date | None = None
    request: Request | None = None
    diagnosis: Diagnosis | None = None
    other_diagnoses: Annotated[tuple[Diagnosis, ...], Field(max_length=MOST_DIAGNOSES)] | None = (
        None
    )
    severity: Annotated[tuple[Score, ...], Field(max_length=MOST_SCORES)] | None = None
    suicidal_thoughts: SuicidalThoughts | None = None
    taking_antidepressant: bool | None = None
    health: Health | None = None
    treatments: Annotated[tuple[TriedTreatment, ...], Field(max_length=MOST_TREATMENTS)] | None = (
        None
    )
    treatment_counts: TreatmentCounts | None = None
    coverages: Annotated[tuple[Coverage, ...], Field(max_length=MOST_COVERAGES)] | None = None
    condition_related_to: RelatedTo | None = None
    different_parents: bool | None = None
    stage: Stage | None = None
    denial: Denial | None = None
    other_denials: Annotated[tuple[Denial, ...], Field(max_length=MOST_COVERAGES)] | None = None
    appeal: Appeal | None = None
    request_sent_date: dt.date | None = None  # when the last request for approval was sent
    treatment_status: TreatmentStatus | None = None
    authorization: Authorization | None = None
    provider: Provider | None = None
    money: MoneyFacts | None = None

    @field_validator("state", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return (
            value.strip().upper() if isinstance(value, str) and len(value.strip()) == 2 else value
        )

    @field_validator("birth_month", mode="before")
    @classmethod
    def _a_month(cls, value: object) -> object:
        if value is not None and not (isinstance(value, str) and re.fullmatch(MONTH, value)):
            raise ValueError("a month is written YYYY-MM, such as 1962-03")
        return value

    @field_validator("denial", "treatment_counts", "appeal", "treatment_status", mode="after")
    @classmethod
    def _nothing_said(cls, value: CasePart | None) -> CasePart | None:
        """A part of which nothing is known is itself unknown: an empty denial is no denial."""
        return None if value is not None and value == type(value)() else value

    @model_validator(mode="after")
    def _denial_names_a_coverage(self) -> Case:
        for denial in (self.denial, *(self.other_denials or ())):
            which = denial.coverage if denial else None
            if which is not None and self.coverages is not None and which >= len(self.coverages):
                raise ValueError(
                    f"denial.coverage is {which}, but there are {len(self.coverages)} coverages (counted from 0)"
                )
        return self


class CaseFault(BaseModel):
    """What is wrong with a case: where, which value, and the nearest valid one."""

    where: str
    value: str
    message: str
    nearest: str | None = None
    clash: str | None = None  # of two answers that cannot both be true: what both are about

    def __str__(self) -> str:
        hint = f" Nearest valid: {self.nearest}." if self.nearest else ""
        shown = f" (given: {self.value})" if self.value else ""
        where = self.where if len(self.where) <= LONGEST_PLACE else f"{self.where[:LONGEST_PLACE]}…"
        return f"{where or 'case'}: {self.message}{shown}.{hint}"


class CaseError(ValueError):
    """A case that cannot be read. `faults` has one entry for each thing that is wrong."""

    def __init__(self, faults: list[CaseFault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(f) for f in faults))


@lru_cache(maxsize=10_000)
def plain_field(field: str) -> str:
    """A field's path without the numbers: `coverages[0].payer` is the question `coverages[].payer`."""
    return re.sub(r"\[\d+\]", "[]", field)


# The parts of a case by the place at which they stand; the case itself at ''.
PARTS: dict[str, type[BaseModel]] = {
    "": Case, "severity[]": Score, "treatments[]": TriedTreatment,
    "treatment_counts": TreatmentCounts, "health": Health, "coverages[]": Coverage,
    "denial": Denial, "other_denials[]": Denial, "appeal": Appeal,
    "treatment_status": TreatmentStatus, "authorization": Authorization, "provider": Provider, "money": MoneyFacts,
}  # fmt: skip


@lru_cache(maxsize=512)
def words_of_field(field: str) -> frozenset[str] | None:
    """The closed list of words of a case's field, named by its path; None where it has none."""
    place, _, name = field.rpartition(".")
    part = PARTS.get(place)
    info = part.model_fields.get(name) if part is not None else None
    return _words_in(info.annotation) if info is not None else None


def _words_in(kind: Any) -> frozenset[str] | None:
    if get_origin(kind) is Literal:
        return frozenset(get_args(kind))
    found = [words for inner in get_args(kind) if (words := _words_in(inner)) is not None]
    return frozenset().union(*found) if found else None
