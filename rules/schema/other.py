"""Papers, who pays first, eligibility, published rates, questions, and the fact dictionary."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from rules.vocabulary import CoverageKind

from .base import Cited, Fact, Period, Record, Slug, StateCode, Words
from .conditions import Condition
from .policies import Step


class PaperField(Record):
    """Something that a paper must hold, or a line of it: `kind` says which.

    `hold`: to be filled in. `enclose`: goes with the paper. `ask`: a question of a call, with
    `ask_after_denial` only where a plan has said no. `say`: a talking point of a call.
    """

    id: Slug
    kind: Literal["hold", "enclose", "ask", "ask_after_denial", "say"] = "hold"
    name: Words
    required: bool
    filled_by: Literal["patient", "clinician", "staff", "plan", "case"]
    hint: Words | None = None


class DocumentFact(Fact):
    """A fact that goes with a paper: to be read there, unless `kind` gives it another place.

    `reason_code`, `remark_code`, `group_code`: a row of a code table, the code and its category in
    `value`. `next_step`: what to do about a denial of the `category`. `published_guide`: what
    articles for patients say of the paper; it stands in the rule book only.
    """

    kind: Literal[
        "read", "reason_code", "remark_code", "group_code", "next_step", "published_guide"
    ] = "read"
    category: Slug | None = None


class Document(Cited):
    id: Slug
    name: Words
    group: Slug
    purpose: Words
    use_when: Words
    applies_when: Condition | None = None
    # For whom its address, its time and its facts are so; where this surely does not hold, they
    # are left out and the rung of appeal speaks for itself.
    says_when: Condition | None = None
    prepared_by: Words
    signed_by: Words | None = None
    send_to: Words | None = None
    timing: Words | None = None
    fields: tuple[PaperField, ...] = ()
    attachments: tuple[Slug, ...] = ()
    facts: tuple[DocumentFact, ...] = ()
    pitfalls: tuple[Words, ...] = ()
    see_also: tuple[Slug, ...] = ()


class OrderFilter(Cited):
    """Takes a coverage out of the order of payers while its condition holds."""

    id: Slug
    kind: CoverageKind
    drop_when: Condition | None = None
    keep_when: Condition | None = None
    alone_when_kept: bool = False
    drops: tuple[CoverageKind, ...] = ()  # other kinds that it takes out
    limits: Words | None = None
    says: Words


class OrderRule(Cited):
    """First rule that matches a pair decides. `one_*` and `other_*` are facts of either coverage."""

    id: Slug
    one: tuple[CoverageKind, ...]
    other: tuple[CoverageKind, ...]
    when: dict[str, Any] = {}
    outcome: Literal[
        "order",
        "not_insurance",
        "choose_one",
        "not_possible",
        "only_first",
        "by_field",
        "provisional",
        "ask_plans",
    ]
    first: Literal["one", "other"] | None = None
    first_by: Slug | None = None  # the field that decides, for `by_field`
    says: Words
    law: tuple[str, ...] = ()


class OrderModifier(Cited):
    id: Slug
    applies_to: tuple[CoverageKind, ...]
    says: Words
    law: tuple[str, ...] = ()


class OrderAdvice(Cited):
    id: Slug
    who: Words
    says: Words
    phone: str | None = None


class PairHint(Record):
    """Which of two kinds to bill first while the order is undecided."""

    kinds: tuple[CoverageKind, CoverageKind]
    file_first_if_unknown: CoverageKind | None = None


class Coordination(Record):
    filters: tuple[OrderFilter, ...]
    rules: tuple[OrderRule, ...]
    modifiers: tuple[OrderModifier, ...]
    pairs: tuple[PairHint, ...]
    advice: tuple[OrderAdvice, ...]
    facts: tuple[Fact, ...] = ()


class PovertyGuideline(Cited):
    year: int
    in_force: Period
    region: Literal["contiguous", "alaska", "hawaii"]
    first_person: int  # USD a year
    each_additional: int  # USD a year


class EnrollmentWindow(Cited):
    id: Slug
    says: Words
    in_force: Period
    states: tuple[StateCode, ...] = ()  # empty: everywhere that no state record says otherwise


class Eligibility(Record):
    poverty_guidelines: tuple[PovertyGuideline, ...]
    windows: tuple[EnrollmentWindow, ...] = ()
    facts: tuple[Fact, ...] = ()


class Rate(Cited):
    """A published outcome rate, with n where it was given. Never a person's own chance."""

    id: Slug
    says: Words
    about: Words
    value: Any
    n: int | None = None
    states: tuple[StateCode, ...] = ()
    shown_for_routes: tuple[Slug, ...] = ()


class Choice(Record):
    value: Any
    label: Words
    help: Words | None = None


class Question(Record):
    """One question: the form, the spreadsheet column, the schema's help and the words share it."""

    id: Slug
    field: str  # dotted path in a case; `coverages[].network` for a coverage
    column: str | None = None  # name of the spreadsheet column
    section: Literal["you", "treatment", "cover", "tried", "stands", "money"]
    kind: Literal[
        "one",
        "many",
        "yes_no",
        "whole_number",
        "money",
        "percent",
        "date",
        "state",
        "payer",
        "text",
        "treatments",
        "scores",
    ]
    asks: Words
    asks_intake: Words | None = None  # shorter wording for staff
    why: Words
    how_to_find_out: Words
    choices: tuple[Choice, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    ask_when: Condition | None = None
    only_when_sure: bool = (
        False  # not asked while `ask_when` is open: who knows of no letter has no day of it
    )
    # What people write -> the value; or, where a word says more or less than one answer, a mapping:
    # fields of the same part of the case -> values, `tell`, and `nearest` (see `rules.spoken`).
    synonyms: dict[str, Any] = {}
    column_synonyms: tuple[str, ...] = ()
    sensitive: bool = False


class FactRecord(Record):
    """The dictionary of facts that conditions may read: one entry each, words beside it."""

    id: Slug
    name: Words
    kind: Literal["number", "yes_no", "word", "words", "date"]
    unit: str | None = None
    fields: tuple[str, ...]  # the case fields that it is computed from
    changeable: bool = False  # can a person still bring it about?
    says_at_least: Words | None = None  # sentences with {value}
    says_at_least_one: Words | None = None  # the same sentence of one
    says_at_most: Words | None = None
    says_yes: Words | None = None
    says_no: Words | None = None
    says_one_of: Words | None = None
    to_do: Words | None = None  # the step when it is not met
    find_out: Words  # the step when it is not known
    documents: tuple[Slug, ...] = ()


class StepLibrary(Record):
    steps: tuple[Step, ...]


class CaseDate(Record):
    id: Slug
    date: dt.date
