"""What travels: a case in, a result out. Every field of a case may be unknown (None).

Unknown is a value of its own: it never counts as no. `coverages: []` means uninsured,
`coverages: null` means that nobody has said.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from .spoken import own_vocabulary, state_names
from .terms import (
    Confidence,
    CoverageKind,
    CoversAs,
    DenialLevel,
    DenialReason,
    Diagnosis,
    Employees,
    EntitledBy,
    Funding,
    MedicaidType,
    MedicarePart,
    MetalLevel,
    Network,
    Outcome,
    Outlook,
    Prescriber,
    RelatedTo,
    Request,
    Route,
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
EARLIEST_DAY = dt.date(1900, 1, 1)  # no letter of a living person is older; a slip of the pen is

StateCode = Literal[
    "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID",
    "IL", "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MP", "MS", "MT", "NC", "ND",
    "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX",
    "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
]  # fmt: skip
STATE_CODES: tuple[str, ...] = get_args(StateCode)

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Count = Annotated[int, Field(ge=0, le=MOST_COUNTED)]
Money = Annotated[float, Field(ge=0, le=100_000_000, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of a case: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: Any, info: ValidationInfo) -> Any:
        """Yes is not the number 1, and a number is not a day (of 1970)."""
        kinds = _plain_kinds(cls, info.field_name or "")
        if isinstance(value, bool) and kinds & {int, float}:
            raise ValueError("a number is needed here, not true or false")
        if dt.date in kinds and value is not None:
            written = value.isoformat() if isinstance(value, dt.date) else value
            if not (isinstance(written, str) and re.match(r"\d{4}-\d{2}-\d{2}", written)):
                raise ValueError("a date is written YYYY-MM-DD")
            if written < EARLIEST_DAY.isoformat():
                raise ValueError(f"this date is too long ago (before {EARLIEST_DAY})")
        return value


@lru_cache(maxsize=512)
def _plain_kinds(model: type[BaseModel], name: str) -> frozenset[Any]:
    """The plain types that a field may hold, out of its union and its limits."""
    found: set[Any] = set()

    def visit(kind: Any) -> None:
        inner = get_args(kind)
        if inner and not isinstance(inner[0], str):
            for part in inner:
                visit(part)
        elif isinstance(kind, type):
            found.add(kind)

    visit(model.model_fields[name].annotation)
    return frozenset(found)


class Score(Part):
    """A severity score, in the points of its scale."""

    scale: Scale
    score: Annotated[float, Field(ge=0, le=100)] | None = None
    date: dt.date | None = None


class TriedTreatment(Part):
    """One treatment that was tried. `daily_dose_mg` is the highest dose held, in mg a day."""

    treatment: ShortText
    outcome: Outcome | None = None
    weeks: Annotated[float, Field(ge=0, le=5000)] | None = None
    daily_dose_mg: Annotated[float, Field(ge=0, le=100_000)] | None = None
    current_episode: bool | None = None
    years_ago: Annotated[float, Field(ge=0, le=120)] | None = None
    sessions: Annotated[int, Field(ge=0, le=5000)] | None = None


class TreatmentCounts(Part):
    """The short form: the person's own count of full trials that did not help enough.

    A list of treatments beside it tells the same history, or a part of it.
    """

    antidepressants_failed: Count | None = None
    antidepressant_classes_failed: Count | None = None
    augmentations_failed: Count | None = None
    pain_treatments_failed: Count | None = None
    psychotherapy_tried: bool | None = None


class Health(Part):
    """Conditions that some policies exclude; each may be unknown."""

    psychosis: bool | None = None
    bipolar_disorder: bool | None = None
    substance_use: SubstanceUse | None = None
    vessel_condition: bool | None = None
    uncontrolled_blood_pressure: bool | None = None
    ketamine_allergy: bool | None = None
    dementia: bool | None = None


class Coverage(Part):
    """One health cover of the person."""

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
    start_date: dt.date | None = None
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


class Denial(Part):
    """What a payer refused. `coverage` is the position of the cover in `coverages`."""

    coverage: Annotated[int, Field(ge=0)] | None = None
    treatment: Treatment | None = None
    notice_date: dt.date | None = None
    received_date: dt.date | None = None
    reason: DenialReason | None = None
    level: DenialLevel | None = None
    urgent: bool | None = None
    continuing_treatment: bool | None = None
    effective_date: dt.date | None = None  # when care that runs is to stop; may lie ahead


class Authorization(Part):
    """An approval that was given."""

    start: dt.date | None = None
    end: dt.date | None = None


class Provider(Part):
    found: bool | None = None
    in_network: bool | None = None
    rems_certified: bool | None = None
    setting: Setting | None = None
    prescriber: Prescriber | None = None
    psychiatrist_consulted: bool | None = None
    telehealth_only: bool | None = None


class MoneyFacts(Part):
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
    allowed_amount_per_session: Money | None = None
    quoted_price_per_session: Money | None = None
    sessions: Annotated[int, Field(ge=0, le=500)] | None = None
    maintenance_sessions_per_year: Annotated[int, Field(ge=0, le=400)] | None = None
    medical_spending: Money | None = None
    tax_bracket_percent: Annotated[float, Field(ge=0, le=60)] | None = None


class Case(Part):
    """What is known about one person."""

    age: Annotated[int, Field(ge=0, le=120)] | None = None
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
    other_diagnoses: tuple[Diagnosis, ...] | None = None
    severity: tuple[Score, ...] | None = None
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
    authorization: Authorization | None = None
    provider: Provider | None = None
    money: MoneyFacts | None = None

    @field_validator("state", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return (
            value.strip().upper() if isinstance(value, str) and len(value.strip()) == 2 else value
        )

    @field_validator("denial", "treatment_counts", mode="after")
    @classmethod
    def _nothing_said(cls, value: Any) -> Any:
        """A part of which nothing is known is itself unknown: an empty denial is no denial."""
        return None if value is not None and value == type(value)() else value

    @model_validator(mode="after")
    def _denial_names_a_coverage(self) -> Case:
        which = self.denial.coverage if self.denial else None
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
        return f"{self.where or 'case'}: {self.message}{shown}.{hint}"


class CaseError(ValueError):
    """A case that cannot be read. `faults` has one entry for each thing that is wrong."""

    def __init__(self, faults: list[CaseFault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(f) for f in faults))


@lru_cache(maxsize=10_000)
def plain_field(field: str) -> str:
    """A field's path without the numbers: `coverages[0].payer` is the question `coverages[].payer`."""
    return re.sub(r"\[\d+\]", "[]", field)


def nearest(word: str, choices: list[str]) -> str | None:
    """The valid word closest to `word`, or None where none is close."""
    plain = word.strip().lower().replace(" ", "_").replace("-", "_")
    by_plain = {c.lower(): c for c in choices}
    found = difflib.get_close_matches(plain, list(by_plain), n=1, cutoff=0.5)
    return by_plain[found[0]] if found else None


# The parts of a case by the place at which they stand; the case itself at ''.
PARTS: dict[str, type[BaseModel]] = {
    "": Case, "severity[]": Score, "treatments[]": TriedTreatment,
    "treatment_counts": TreatmentCounts, "health": Health, "coverages[]": Coverage,
    "denial": Denial, "authorization": Authorization, "provider": Provider, "money": MoneyFacts,
}  # fmt: skip


def read_case(data: Any, today: dt.date | None = None) -> Case:
    """A case from plain data.

    Raises CaseError naming each faulty place, its value and the nearest valid one. Two dates that
    cannot both be true are faults; with `today` given, so is a date later than it (other than one
    that may lie ahead, such as the end of an approval).
    """
    if not isinstance(data, dict):
        raise CaseError(
            [CaseFault(where="", value=type(data).__name__, message="a case is an object")]
        )
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        raise CaseError([_case_fault(e) for e in error.errors()]) from None
    faults = [] if today is None else _future_dates(case, today)
    faults.extend(_clashes(case, today))
    if faults:
        raise CaseError(faults)
    return case


def _dotted(place: list[str | int]) -> str:
    dotted = ""
    for part in place:
        dotted += f"[{part}]" if isinstance(part, int) else f".{part}" if dotted else str(part)
    return dotted


def _case_fault(error: Any) -> CaseFault:
    place: list[str | int] = list(error["loc"])
    dotted = _dotted(place)
    # Of an object or a list only the place is told: it holds other answers of the person.
    plain = not isinstance(error.get("input"), (dict, list, tuple))
    given = repr(error.get("input")) if plain else ""
    given = given if len(given) <= 80 else given[:77] + "…"
    kind = error["type"]
    if kind == "extra_forbidden":
        model = PARTS.get(plain_field(_dotted(place[:-1])), Case)
        close = nearest(str(place[-1]), list(model.model_fields))
        return CaseFault(where=dotted, value=given, message="unknown field", nearest=close)
    if kind == "literal_error":
        choices = [c.strip(" '") for c in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        return _word_fault(dotted, given, str(error["input"]), choices)
    if kind in _PLAIN_MESSAGES:
        message = _PLAIN_MESSAGES[kind].format(**error.get("ctx", {}))
    else:
        message = error["msg"].removeprefix("Value error, ")
    return CaseFault(where=dotted, value=given, message=message)


def _word_fault(where: str, given: str, text: str, choices: list[str]) -> CaseFault:
    """A word that is none of the valid ones: what people mean by it, where the records know it."""
    message = "not one of the valid words"
    field = plain_field(where).removesuffix("[]")
    vocabulary = own_vocabulary()
    if field.rpartition(".")[2] in ("state", "issue_state"):
        return CaseFault(where=where, value=given, message=message, nearest=nearest_state(text))
    if field not in vocabulary.questions:
        close = nearest(text, choices)
        return CaseFault(where=where, value=given, message=message, nearest=close)
    meant = vocabulary.nearest(field, text)
    if meant is None:
        return CaseFault(where=where, value=given, message=message)
    own = meant.of(field)
    if [place for place, _ in meant.sets] != [field]:
        said = (f"{place.rpartition('.')[2]}: {value}" for place, value in meant.sets)
        message = "; ".join((message, ", ".join(said) or (meant.tell or "").rstrip(".")))
    return CaseFault(
        where=where, value=given, message=message, nearest=own if own is not None else meant.nearest
    )


# What pydantic says in the words of its own machinery, said plainly.
_PLAIN_MESSAGES = {
    "tuple_type": "a list is needed here",
    "too_long": "at most {max_length} entries are read here, not {actual_length}",
    "model_type": "an object is needed here",
    "bool_type": "true or false is needed here",
    "bool_parsing": "true or false is needed here",
    "int_type": "a whole number is needed here",
    "int_parsing": "a whole number is needed here",
    "int_from_float": "a whole number is needed here",
    "int_parsing_size": "this number is too large",
    "float_type": "a number is needed here",
    "float_parsing": "a number is needed here",
    "finite_number": "a number is needed here",
    "string_type": "a text is needed here",
    "string_unicode": "this text is broken",
    "string_too_short": "a text is needed here",
    "string_too_long": "at most {max_length} characters are read here",
    "greater_than_equal": "this must be at least {ge:g}",
    "less_than_equal": "this must be at most {le:g}",
}


def nearest_state(text: str) -> str | None:
    """The USPS code of the state whose name or code is closest to `text`."""
    named = state_names()
    found = difflib.get_close_matches(text.strip().lower(), list(named), n=1, cutoff=0.6)
    return named[found[0]] if found else None


# Dates of what has happened. Cover that will end soon, and an approval's dates, may lie ahead.
LIE_BEHIND = (
    "denial.notice_date", "denial.received_date", "severity[].date", "coverages[].start_date",
)  # fmt: skip


def _future_dates(case: Case, today: dt.date) -> list[CaseFault]:
    told = dates_told(case)
    return [
        CaseFault(where=where, value=str(day), message=f"this date is after today ({today})")
        for field in LIE_BEHIND
        for where, day in told.items()
        if plain_field(where) == field and day is not None and day > today
    ]


class InOrder(NamedTuple):
    """Two dates of a case of which the second cannot come before the first.

    Of an age the first is the day of birth, as early as it may have been.
    """

    earlier: str
    later: str
    key: str  # what both are about: names the words for it
    says: str

    def against(self, other: str, day: Any) -> str:
        """What is wrong with one of the dates beside the other, which stands at `other`."""
        return f"{self.says}, and {other} is {day}"


_IN_A_LIFE = (
    "denial.notice_date", "denial.received_date", "severity[].date", "authorization.start",
    "authorization.end", "lost_coverage_date",
)  # fmt: skip
IN_ORDER: tuple[InOrder, ...] = (
    InOrder("denial.notice_date", "denial.received_date", "letter",
            "a letter cannot come before the date that stands on it"),
    InOrder("authorization.start", "authorization.end", "approval",
            "an approval cannot end before it starts"),
    *(InOrder("age", later, "born", "this is before the person was born") for later in _IN_A_LIFE),
)  # fmt: skip


def out_of_order(told: Mapping[str, Any], today: dt.date | None) -> Iterator[tuple[InOrder, str]]:
    """The pairs of answers, by place, that cannot both be true, each with the later one's place."""
    for pair in IN_ORDER:
        first = first_day(pair.earlier, told.get(pair.earlier), today)
        if first is None:
            continue
        for place, value in told.items():
            day = first_day(place, value, today) if plain_field(place) == pair.later else None
            if day is not None and day < first:
                yield pair, place


def first_day(place: str, value: Any, today: dt.date | None) -> dt.date | None:
    """The day that an answer tells; of an age, the earliest day of birth."""
    if value is None or (place == "age" and today is None):
        return None
    if place == "age" and today is not None:
        return dt.date(today.year - int(value) - 1, today.month, min(today.day, 28))
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def dates_told(case: Case) -> dict[str, Any]:
    """The dates of a case by place, and the age, which tells one."""
    told: dict[str, Any] = {"age": case.age, "lost_coverage_date": case.lost_coverage_date}
    for i, cover in enumerate(case.coverages or ()):
        told[f"coverages[{i}].start_date"] = cover.start_date
    for i, score in enumerate(case.severity or ()):
        told[f"severity[{i}].date"] = score.date
    for part in ("denial", "authorization"):
        for name, value in getattr(case, part) or ():
            if isinstance(value, dt.date):
                told[f"{part}.{name}"] = value
    return told


def _clashes(case: Case, today: dt.date | None) -> Iterator[CaseFault]:
    """A fault at each of two dates that cannot both be true: nobody knows which one is wrong."""
    told = dates_told(case)
    for pair, place in out_of_order(told, today):
        first, second = (pair.earlier, told[pair.earlier]), (place, told[place])
        for (where, value), (other, day) in ((first, second), (second, first)):
            if where != "age":
                message = pair.against(other, day)
                yield CaseFault(where=where, value=str(value), message=message, clash=pair.key)


# --- the result ----------------------------------------------------------------------------


Value = Literal["met", "not_met", "unknown"]


class Out(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceShown(Out):
    id: str
    title: str
    url: str | None = None
    as_of: str | None = None
    confidence: Confidence
    seen: bool = True
    checked: dt.date | None = None


class SafetyNote(Out):
    """What comes before anything else: where to turn in a crisis, or a condition to see to first."""

    id: str
    text: str
    source: str | None = None
    kind: Literal["crisis", "health"] = "crisis"
    because: tuple[str, ...] = ()


class PayerPosition(Out):
    coverage: int
    position: str  # primary, secondary, third … ; not_a_payer ; undecided
    why: str
    source: str | None = None
    questions: tuple[str, ...] = ()


class CriterionShown(Out):
    """One criterion, its value, the answers it rests on and the rule's source."""

    id: str
    text: str
    value: Value
    because: tuple[str, ...] = ()
    answer: str | None = None
    source: str | None = None
    as_of: str | None = None
    confidence: Confidence | None = None
    changeable: bool = False
    exclusion: bool = False
    of_label: bool = False  # asked by the drug's label, not by the payer's text
    weight: Literal["decides", "helps", "expected"] = "decides"  # expected: the label's own terms
    parts: tuple[CriterionShown, ...] = ()
    missing: tuple[str, ...] = ()


class AlternativeShown(Out):
    """Another way to satisfy the same path (another indication, another set of criteria)."""

    id: str
    text: str
    outlook: Outlook
    criteria: tuple[CriterionShown, ...] = ()


class StepShown(Out):
    """Something to do on a path. `kind`: to do, or to find out because an answer is open."""

    id: str
    kind: Literal["do", "find_out"] = "do"
    text: str
    who: str
    by: dt.date | None = None
    stage: str | None = None
    documents: tuple[str, ...] = ()
    done_when: str | None = None
    if_it_fails: str | None = None


class DeadlineShown(Out):
    """A last day. `act_by` is the day to act by that is safe to use; where it is urgent, today.

    `kind`: `file` (to ask again) or `keep_care` (to ask that care which runs goes on meanwhile).
    """

    id: str
    kind: Literal["file", "keep_care"] = "file"
    urgent: bool = False
    date: dt.date
    act_by: dt.date
    counted_from: str
    text: str
    passed: bool = False
    # Why the day to act by lies before the last day: a key of the phrases under `deadline`.
    earlier_because: Literal["weekend", "arrival", "urgent"] | None = None
    # Of care that is to be kept: how to ask, or what is left once the day has passed.
    says: str | None = None
    source: str | None = None
    confidence: Confidence | None = None
    other_readings: tuple[str, ...] = ()


class Change(Out):
    change: str
    to: Outlook
    edits: tuple[str, ...] = ()  # ids of the facts that the change touches


class Sentence(Out):
    """One sentence of a reason, with the answers and the rule that it rests on."""

    text: str
    because: tuple[str, ...] = ()
    source: str | None = None


class PathShown(Out):
    id: str
    coverage: int | None = None
    treatment: str
    route: Route
    name: str
    outlook: Outlook
    reason: str
    reasons: tuple[Sentence, ...] = ()
    doubts: tuple[str, ...] = ()
    criteria: tuple[CriterionShown, ...] = ()
    alternatives: tuple[AlternativeShown, ...] = ()
    expects: tuple[str, ...] = ()
    benefit: str | None = None
    authorization: str | None = None
    quantity_limit: str | None = None
    codes: tuple[str, ...] = ()
    law: str | None = None
    next_steps: tuple[StepShown, ...] = ()
    documents: tuple[str, ...] = ()
    deadlines: tuple[DeadlineShown, ...] = ()
    answer_times: tuple[Sentence, ...] = ()  # how fast the other side must answer
    cost_note: str | None = None
    pitfalls: tuple[str, ...] = ()
    would_change: tuple[Change, ...] = ()
    laws: tuple[Sentence, ...] = ()  # what the state's own law says, where it may reach the plan
    in_your_state: tuple[Sentence, ...] = ()  # how a way for a person differs in the state
    rates: tuple[str, ...] = ()
    sources: tuple[SourceShown, ...] = ()
    record: str | None = None  # the record that made this path


class QuestionShown(Out):
    field: str
    asks: str | None = None
    why: str | None = None
    matters_for: tuple[str, ...] = ()
    how_to_find_out: str


class Result(Out):
    today: dt.date
    rules_version: str
    safety: tuple[SafetyNote, ...] = ()
    payer_order: tuple[PayerPosition, ...] = ()
    paths: tuple[PathShown, ...] = ()
    best: str | None = None  # id of the path to put first before a person
    # What to do first: a step of the leading path, or what stands before any.
    first_act: str | None = None
    questions: tuple[QuestionShown, ...] = ()
    notes: tuple[Sentence, ...] = ()
    costs: dict[str, Any] = {}
