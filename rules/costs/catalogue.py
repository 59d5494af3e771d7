"""The catalogue of assumptions, and how a default is read from the rule book.

`catalogue.yaml` says which record each default stands in; this module finds the number there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from rules.rule_book import Book, in_force
from rules.schema.base import Cited, Statement
from rules.schema.clinical import Label
from rules.schema.ways import DatedValue, Price

from ..made_once import made_once

WEEKS_IN_A_YEAR = Decimal(52)
HUNDRED = Decimal(100)

Blank = Literal["none", "no_limit", "open", "needed"]
Shares = Literal["plan", "medicare_part_b", "medicaid", "copay", "nothing"]
Unit = Literal["usd", "share", "sessions", "sessions_a_year", "months"]
References = dict[str, tuple[str, ...]]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AssumptionSlot(_Entry):
    """One assumption: for whom it holds, its unit, the answer and the records that fill it."""

    id: str
    per: Literal["person", "treatment", "cover", "cover_treatment"]
    unit: Unit
    case: str | None = None
    main_only: bool = False
    only: tuple[str, ...] = ()
    default: References = {}
    by_diagnosis: dict[str, References] = {}
    pain: References = {}
    others: References = {}
    pain_others: References | None = None
    times: dict[str, Literal["weeks_in_a_year"]] = {}
    high_is_all: bool = False
    next_year: bool = False  # show the coming year's number too
    blank: Blank = "needed"


class Cover(_Entry):
    """How shares are reckoned under some programmes, and the terms that law fixes."""

    programs: tuple[str, ...]
    shares: Shares
    limits_do_not_bind: tuple[str, ...] = ()  # coverage fields which, if true, undo the limits
    only: dict[str, tuple[str, ...]] = {}  # coverage fields that must have one of these values
    nothing_when: tuple[str, ...] = ()  # coverage fields which, if true, leave nothing to pay
    nothing_because: tuple[str, ...] = ()
    qmb_pays: bool = False  # nobody in QMB may be billed for it
    note: str | None = None  # key of words about these programmes
    terms: References = {}
    at_most: References = {}
    high_deductible: References = {}  # the terms of a high-deductible plan, in their place
    because: tuple[str, ...] = ()


class MedicaidTerms(_Entry):
    threshold: str
    share_middle: str
    middle_to: str
    share_above: str
    family_cap: str


class DisputeTerms(_Entry):
    threshold: str
    within_days: str


class DisagreementEntry(_Entry):
    """Shown where a sum takes this assumption about the treatment from the records."""

    id: str
    treatment: str
    slot: str
    figures: tuple[str, ...]


class CostCatalogue(_Entry):
    if_open: str
    slots: tuple[AssumptionSlot, ...]
    covers: tuple[Cover, ...]
    qmb_because: tuple[str, ...]
    medicaid: MedicaidTerms
    allowed: dict[str, References]
    hsa_catch_up_age: str
    older_deduction_age: str
    dispute: DisputeTerms
    cover_routes: tuple[str, ...]
    out_of_network_routes: tuple[str, ...]
    ways: dict[str, str]
    causes: dict[str, tuple[str, ...]]  # why a sum is a range -> the slots whose numbers are open
    rebate: str
    shown_first: int  # ways to pay
    chart_rows: int  # what a person compares at a glance
    new_year_weeks: int  # how long before the new year its numbers are told
    sessions_a_week: References  # of a first course, by treatment
    least_saving: Decimal  # US dollars a year: what saves less is not among the first
    small_share: Decimal  # US dollars of a first course: nobody is shown debt for less
    saves: dict[
        str, Decimal
    ]  # a record's word for what it saves -> part of the price, for order alone
    effort: dict[str, Decimal]  # how long a way takes -> the weight of its dollars
    disagreements: tuple[DisagreementEntry, ...]


@lru_cache(maxsize=1)
def catalogue() -> CostCatalogue:
    """The catalogue, read once."""
    text = Path(__file__).with_name("catalogue.yaml").read_text(encoding="utf-8")
    return CostCatalogue.model_validate(
        yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    )


@dataclass(frozen=True)
class Figure:
    """A number, or a range, as a record has it. `late` is the year of a figure that has run out."""

    reference: str
    low: Decimal
    high: Decimal
    exact: bool  # law and agency fix it; a price never is
    cited: Cited
    says: str
    percent: bool = False
    late: int | None = None


def decimal(value: float | int) -> Decimal:
    """A number of a case or record as the decimal that was typed."""
    return Decimal(str(value))


@made_once
def figure(book: Book, reference: str, today: dt.date) -> Figure | None:
    """The number that a reference names, as it stands on a day; None where the book has none.

    Where the value of the year is not known yet, the latest that is known stands in, marked `late`.
    """
    kind, _, rest = reference.partition(":")
    found: Figure | None = {
        "price": _price,
        "parameter": _parameter,
        "fact": _fact,
        "example": _example,
    }[kind](book, reference, rest, today)
    return found


def figures(book: Book, references: Iterable[str], today: dt.date) -> list[Figure]:
    """The numbers of several references; those that the book does not have are left out."""
    found = (figure(book, r, today) for r in references)
    return [f for f in found if f is not None]


@made_once
def _prices(book: Book) -> dict[str, Price]:
    return {p.id: p for p in book.prices}


def _price(book: Book, reference: str, ident: str, today: dt.date) -> Figure | None:
    record = _prices(book).get(ident)
    known = [n for n in (record.low, record.high, record.point) if n is not None] if record else []
    if record is None or not known:
        return None
    low = record.low if record.low is not None else min(known)
    high = record.high if record.high is not None else max(known)
    return Figure(reference, decimal(low), decimal(high), False, record, record.says)


def _parameter(book: Book, reference: str, ident: str, today: dt.date) -> Figure | None:
    record = book.parameters.get(ident)
    if record is None:
        return None
    value, late = _in_force_or_last(record.values, today)
    if value is None:
        return None
    number = decimal(value.value)
    return Figure(reference, number, number, True, value, record.says, _percent(record.unit), late)


def _fact(book: Book, reference: str, place: str, today: dt.date) -> Figure | None:
    named = [f for f in _facts_at(book, place) if numbers(f.value)]
    value, late = _in_force_or_last(named, today)
    if value is None:
        return None
    low, high = numbers(value.value)
    exact = low == high and value.confidence != "recalled"
    return Figure(reference, low, high, exact, value, value.says, _percent(value.unit), late)


def _example(book: Book, reference: str, place: str, today: dt.date) -> Figure | None:
    ident, _, name = place.partition(".")
    record = book.formulas.get(ident)
    value = record.example_inputs.get(name) if record is not None else None
    if record is None or value is None:
        return None
    return Figure(reference, decimal(value), decimal(value), False, record, record.says)


def _facts_at(book: Book, place: str) -> list[Statement]:
    """Facts at ROOM/FACT or ROOM/RECORD/FACT, with those of the same name and a year."""
    room, *middle, name = place.split("/")
    yearly = re.compile(re.escape(name) + r"(_(19|20)\d\d)?")
    return [
        fact
        for _, record in book.records.get(room, ())
        if not middle or getattr(record, "id", None) == middle[0]
        for fact in (*getattr(record, "facts", ()), *_dosing(record))
        if yearly.fullmatch(fact.id)
    ]


def _dosing(record: object) -> Iterable[Statement]:
    """The schedules of a label: they stand with the use that they are for."""
    return (f for use in record.uses for f in use.dosing) if isinstance(record, Label) else ()


Dated = TypeVar("Dated", Statement, DatedValue)


def _in_force_or_last(values: Iterable[Dated], today: dt.date) -> tuple[Dated | None, int | None]:
    """The value in force on a day; else the one that ran out last, with its year."""
    kept = list(values)
    for value in kept:
        if value.in_force is None or in_force(value.in_force, today):
            return value, None
    ends = [(v.in_force.end, v) for v in kept if v.in_force is not None]
    past = [(end, v) for end, v in ends if end is not None and end < today]
    if not past:
        return None, None
    end, last = max(past, key=lambda pair: pair[0])
    return last, end.year


def numbers(value: object) -> tuple[Decimal, ...]:
    """(low, high) of a record's value: a number, "0.5-1", or a mapping with low and high."""
    if isinstance(value, bool) or value is None:
        return ()
    if isinstance(value, (int, float)):
        return decimal(value), decimal(value)
    if isinstance(value, dict) and {"low", "high"} <= set(value):
        return decimal(value["low"]), decimal(value["high"])
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?-\d+(\.\d+)?", value):
        low, high = value.split("-")
        return Decimal(low), Decimal(high)
    return ()


def _percent(unit: str | None) -> bool:
    return unit is not None and unit.startswith("percent")
