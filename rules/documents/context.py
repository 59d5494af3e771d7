"""Everything that a template may name. Computed once from a case, its result and the rule book.

A template names fields of this class and nothing else; a gap that is not here is an error when
the templates are loaded. Fields are words (an empty one is a blank to write on), yes or no, or
tuples of rows for tables and lists.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, get_args, get_origin, get_type_hints

from .names import Names


@dataclass(frozen=True)
class Point:
    """One criterion of the rule: its words, whether it is met, what shows it, what is missing."""

    text: str
    state: str
    evidence: str
    to_do: str


@dataclass(frozen=True)
class Trial:
    """One treatment that was tried, and whether this policy counts it."""

    name: str
    drug_class: str
    dose: str
    weeks: str
    when: str
    outcome: str
    counts: str
    why: str
    line: str  # the whole trial in one sentence
    plain: str = ""  # the name alone, as it stands in a sentence
    short: str = ""  # the name with dose and weeks
    result: str = ""
    clinical: str = ""  # the whole trial as a clinician writes it


@dataclass(frozen=True)
class CriterionRow:
    """A criterion that is met, in clinical words, and what in the record meets it."""

    text: str
    shown: str


@dataclass(frozen=True)
class ScoreRow:
    name: str
    score: str
    date: str
    line: str
    clinical: str = ""


@dataclass(frozen=True)
class WorkRow:
    """A guideline or a study: what it found, what may rest on it, what it does not show."""

    name: str
    year: str
    finding: str  # with design, people and result: for a worksheet
    supports: str  # in plain words, for a patient's letter
    says: str  # a clinical sentence, for a clinician's letter
    against: str
    answer: str  # what answers `against`; empty where no source gives it
    citation: str  # the full reference, for a letter
    source: str  # where it was read, for a worksheet


@dataclass(frozen=True)
class CodeRow:
    code: str
    system: str
    says: str
    note: str
    units: str = ""


@dataclass(frozen=True)
class TimeRow:
    """The codes of a session that runs so many minutes."""

    minutes: str
    codes: str


@dataclass(frozen=True)
class Day:
    """A last day, how it was counted, and who says so."""

    what: str
    date: str
    send: str
    source: str


@dataclass(frozen=True)
class SourceRow:
    title: str
    url: str
    as_of: str


@dataclass(frozen=True)
class Office:
    """Whom to call or write to."""

    name: str
    reach: str


@dataclass(frozen=True)
class Item:
    """Something that a paper must hold, and who fills it in."""

    name: str
    who: str


@dataclass(frozen=True)
class FormBox:
    """A box of an official form, and what to write there; empty where it is not known."""

    label: str
    write: str


@dataclass(frozen=True)
class FormQuestion:
    subject: str
    asks: str


@dataclass(frozen=True)
class ReasonCode:
    code: str
    says: str


@dataclass(frozen=True)
class Context(Names):
    """All gaps, conditions and lists that templates may use, names included."""

    # the person and the request
    clinician_signed: str = ""  # name and credentials, as under a signature
    today: str = ""
    state_name: str = ""
    treatment_plain: str = ""
    diagnosis_name: str = ""
    is_iv: bool = False
    is_im: bool = False
    is_oral: bool = False
    is_esketamine: bool = False
    off_label: bool = False
    on_label: bool = False
    depression: bool = False
    ptsd: bool = False
    suicidality_diagnosis: bool = False
    pain: bool = False
    suicidal_thoughts: bool = False
    acute_risk: bool = False
    urgent: bool = False
    crisis_lines: tuple[str, ...] = ()
    icd_codes: tuple[CodeRow, ...] = ()
    household: str = ""
    income: str = ""

    # the cover that the papers speak of
    insured: bool = False
    pays_alone: bool = False
    plan_name: str = ""
    plan_kind: str = ""
    plan_kind_open: bool = False
    network_kind: str = ""
    is_private: bool = False
    is_employer: bool = False
    is_original_medicare: bool = False
    is_medicare: bool = False
    is_part_d: bool = False
    is_medicaid: bool = False
    is_medicaid_plan: bool = False
    is_tricare: bool = False
    is_federal_employee: bool = False
    is_va: bool = False
    is_champva: bool = False
    government: bool = False  # a government program pays
    erisa: bool = False
    state_law_does_not_reach: bool = False
    state_law_open: bool = False
    parity_reaches: bool = False
    out_of_network: bool = False
    takes_outside_claims: bool = False

    # the rule that the plan goes by
    has_path: bool = False
    policy_name: str = ""
    policy_says: str = ""
    policy_number: str = ""
    policy_covers: bool = False
    policy_unproven: bool = False
    policy_not_found: bool = False
    label_terms_only: bool = False
    rule_not_known: bool = False  # this plan's own criteria were not found
    doubts: tuple[str, ...] = ()
    points_missing: tuple[Point, ...] = ()
    points_open: tuple[Point, ...] = ()
    points_argued: tuple[Point, ...] = ()  # met, of the plan's own rule, and shown by the history
    expects: tuple[str, ...] = ()
    benefit: str = ""
    authorization: str = ""
    quantity_limit: str = ""
    renewal_needs: str = ""
    decision_clocks: tuple[str, ...] = ()
    pitfalls: tuple[str, ...] = ()

    # the same in the register of a clinician, for what a clinician or a clinic signs
    treatment_clinical: str = ""
    diagnosis_clinical: str = ""
    patient_line: str = ""
    severity: str = ""
    denial_clinical: str = ""
    reason_answer: str = ""
    indication: str = ""  # the labeled use
    dosing: tuple[str, ...] = ()
    dosing_line: str = ""  # the same in one paragraph
    policy_reference: str = ""
    plan_policy: bool = False  # the criteria are those of the plan's own text
    criteria_met: tuple[CriterionRow, ...] = ()
    criteria_of_form: str = ""
    rationale: str = ""
    alternatives: tuple[str, ...] = ()
    alternatives_open: str = ""
    own_counts_clinical: tuple[str, ...] = ()

    # what was tried
    trials: tuple[Trial, ...] = ()
    trials_failed: tuple[Trial, ...] = ()
    trials_no_response: tuple[Trial, ...] = ()
    trials_not_tolerated: tuple[Trial, ...] = ()
    trials_contraindicated: tuple[Trial, ...] = ()
    drugs_failed: str = ""  # how many medicines are among them
    trials_to_check: tuple[Trial, ...] = ()
    own_counts: tuple[str, ...] = ()
    trial_rule: str = ""
    scores: tuple[ScoreRow, ...] = ()
    course_line: str = ""  # how the treatment that runs goes

    # what the evidence says
    evidence_says: str = ""
    label_dosing: tuple[str, ...] = ()
    usual_course: str = ""
    works_for: tuple[WorkRow, ...] = ()
    works_cited: tuple[WorkRow, ...] = ()  # the first of them: a letter cites each in full
    works_against: tuple[WorkRow, ...] = ()
    works_unseen: tuple[WorkRow, ...] = ()
    works_shown: tuple[WorkRow, ...] = ()  # those that a patient's letter names
    prognosis: str = ""  # the course without the treatment, with its citation
    payer_stance: str = ""

    # codes
    codes: tuple[CodeRow, ...] = ()
    codes_visits: tuple[CodeRow, ...] = ()
    codes_wrong: tuple[CodeRow, ...] = ()
    codes_bundled: tuple[CodeRow, ...] = ()  # never beside those of the claim
    codes_by_time: tuple[TimeRow, ...] = ()
    codes_day: str = ""  # the day of service that they are for
    codes_none: bool = False  # no claim with codes goes to this payer
    code_minutes: str = ""  # on what the minutes rest
    code_notes: tuple[str, ...] = ()
    code_list: str = ""  # the head of a letter
    place_of_service: tuple[CodeRow, ...] = ()
    modifiers: tuple[CodeRow, ...] = ()

    # the denial and the way up
    request_pending: bool = False
    denied: bool = False
    after_appeal: bool = False  # the no is the answer to an appeal
    outside: bool = False  # people outside the plan decide next
    denial_date: str = ""
    denial_reason: str = ""
    denial_level: str = ""
    reason_experimental: bool = False
    denial_codes: str = ""
    denied_part: str = ""  # the fee beside the drug that was refused
    reason_necessity: bool = False
    reason_frequency: bool = False
    reason_step: bool = False
    reason_excluded: bool = False
    reason_network: bool = False
    reason_missing: bool = False
    reason_authorization: bool = False
    reason_coding: bool = False
    continuing_treatment: bool = False
    level_open: bool = False
    level_name: str = ""
    level_law: str = ""
    level_how: str = ""
    level_form: str = ""
    level_send_to: str = ""
    level_who: str = ""
    level_automatic: bool = False
    level_amount: str = ""
    level_keeps: str = ""
    level_may_keep: bool = False
    level_decides: str = ""
    level_decides_fast: str = ""
    law_points: tuple[str, ...] = ()  # points of law with their numbers, as far as they were read
    rights_law: str = ""  # the law that gives the rights in the review itself
    for_letter: str = ""  # the letter that a paper answers, where several may have come
    level_if_late: str = ""
    before_you_start: str = ""
    days: tuple[Day, ...] = ()
    days_slow: tuple[str, ...] = ()  # where it is urgent: the last day of the slow appeal
    answer_within: str = ""  # the time in which this appeal has to be answered
    day_passed: bool = False
    limit_notes: tuple[str, ...] = ()
    late_rule: str = ""

    # the official form and the office that takes it
    form_name: str = ""
    form_number: str = ""
    form_link: str = ""
    form_send: str = ""  # online, fax and address, in one line
    form_who: str = ""
    form_note: str = ""
    form_boxes: tuple[FormBox, ...] = ()
    office_lines: tuple[str, ...] = ()  # the addressee of a letter to an agency

    # the law and the offices of the state
    step_law: str = ""
    step_grounds: str = ""
    step_law_does_not_reach: bool = False
    step_law_open: bool = False
    step_decides: str = ""
    step_mental_health: str = ""
    gap_law: str = ""
    parity_law: str = ""
    laws_to_check: tuple[str, ...] = ()  # the others: to be read first
    review_with: str = ""
    review_who: str = ""
    review_fee: str = ""
    review_law: str = ""
    review_process: str = ""
    off_label_law: str = ""
    medicaid_name: str = ""
    regulator: tuple[Office, ...] = ()
    complaint_to: str = ""  # the one office that takes complaints about this plan
    complaint_offices: tuple[str, ...] = ()
    helpers: tuple[Office, ...] = ()

    # the clinic and the money
    prescriber: str = ""
    setting: str = ""
    rems_certified: bool = False
    rems_not_known: bool = False
    price: str = ""
    sessions: str = ""
    may_have_account: bool = False  # a tax account for health costs, unless all were ruled out

    # what the record of this paper asks for
    use_when: str = ""
    send_to: str = ""
    timing: str = ""
    must_hold: tuple[Item, ...] = ()
    enclosures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    good_to_know: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    questions: tuple[FormQuestion, ...] = ()
    reason_codes: tuple[ReasonCode, ...] = ()
    other_codes: tuple[ReasonCode, ...] = ()
    group_codes: tuple[ReasonCode, ...] = ()
    ways_on: tuple[str, ...] = ()
    talking_points: tuple[str, ...] = ()
    sources: tuple[SourceRow, ...] = ()


# Some fields of the context by name. What each holds stands in `Context`, which is made of them.
Gaps = dict[str, Any]

KINDS: dict[str, object] = get_type_hints(Context)


def row_fields(name: str) -> frozenset[str] | None:
    """The gaps of a row of a list (`item` where its rows are plain words); None if it is no list."""
    kind = KINDS.get(name)
    if get_origin(kind) is not tuple:
        return None
    row = get_args(kind)[0]
    return frozenset({"item"} if row is str else {f.name for f in fields(row)})


def is_word(name: str) -> bool:
    """Whether a gap of a sentence may name this field."""
    return KINDS.get(name) is str
