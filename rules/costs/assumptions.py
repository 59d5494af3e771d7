"""What a sum rests on: each assumption with its value or range, its source, and who said it.

Built from the case where the person told it, else from the rule book for the day asked about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from rules.case import Case
from rules.messages import phrase
from rules.rule_book import Book
from rules.slips import nearest
from rules.vocabulary import TREATMENTS, Confidence

from .catalogue import (
    HUNDRED,
    WEEKS_IN_A_YEAR,
    AssumptionSlot,
    Blank,
    Cover,
    Figure,
    References,
    Unit,
    catalogue,
    decimal,
    figures,
)
from .formulas import ALL, NO_LIMIT, NONE

Origin = Literal["case", "record", "yours", "blank"]
PAIN = "pain"
ONE_PERSON = 1
FINEST = 6  # decimal places: below a ten-thousandth of a percent a typed number is nothing
# More than this is a slip of the finger; dollars as in a case.
_MOST: dict[Unit, Decimal] = {
    "usd": Decimal(100_000_000), "share": ALL, "months": Decimal(1200), "sessions": Decimal(1000),
    "sessions_a_year": Decimal(1000),
}  # fmt: skip


@dataclass(frozen=True)
class Published:
    """A figure that somebody published, beside the one that is used."""

    says: str
    low: Decimal
    high: Decimal
    source: str
    as_of: str | None
    confidence: Confidence


@dataclass(frozen=True)
class NextYear:
    """A limit of the coming year; `low` and `high` are None where nobody has found it yet."""

    year: int
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Assumption:
    """One number that sums rest on, open to change.

    `value` is the figure where there is one; while it is a range, `low` and `high` hold it. All
    three are None while nobody said it (`blank` tells what counts then). `least` and `most` are the
    ends of what can be typed.
    """

    id: str
    label: str  # id of the slot: the words stand under `assumption`
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: Unit
    source: str | None = None
    as_of: str | None = None
    confidence: Confidence | None = None
    editable: bool = True
    origin: Origin = "blank"
    exact: bool = False
    blank: Blank = "needed"
    least: Decimal = NONE
    most: Decimal = NO_LIMIT
    treatment: str | None = None
    cover: int | None = None
    case_field: str | None = None
    says: tuple[str, ...] = ()  # the records' own sentences
    note: str | None = None
    late: int | None = None  # the year of a figure that stands in for a later one
    others: tuple[Published, ...] = ()
    next_year: NextYear | None = None
    stood_in: bool = False  # not taken: another number stands in for it (words: `stands_in`)

    @property
    def known(self) -> bool:
        return self.low is not None


Assumptions = dict[str, Assumption]


class OverrideError(ValueError):
    """A number that cannot be used; the message says why, and names the nearest assumption."""

    def __init__(self, ident: str, number: str = "", choices: Iterable[str] = ()) -> None:
        self.ident = ident
        self.number = number
        close = nearest(ident, list(choices)) if choices else None
        key = "bad_number" if number else "bad_id" if close is None else "bad_id_nearest"
        super().__init__(phrase("text", key, file="costs", id=ident, number=number, nearest=close))


@dataclass(frozen=True)
class Covered:
    """One cover of the case with the way its shares are reckoned."""

    index: int
    program: str
    cover: Cover
    takes_answers: bool  # the person's answers on deductible and the like are about this cover
    limits_bind: bool = True
    qmb: bool = False
    medicaid_too: bool = False
    medigap: bool | None = False
    high_deductible: bool = False


@dataclass(frozen=True)
class Setting:
    """What the assumptions of one case are built from."""

    case: Case
    book: Book
    today: dt.date
    main: str
    covers: tuple[Covered, ...]
    pain: bool


def build(setting: Setting, overrides: Mapping[str, Decimal]) -> Assumptions:
    """Every assumption of a case by id, with the person's own numbers put in.

    Raises OverrideError for an id that there is not, or a number outside of its ends.
    """
    found = {a.id: a for slot in catalogue().slots for a in _of_slot(setting, slot)}
    for ident, number in overrides.items():
        if ident not in found:
            raise OverrideError(ident, choices=found)
        found[ident] = put(found[ident], number)
    return found


def put(assumption: Assumption, number: Decimal) -> Assumption:
    """An assumption with somebody's own number. Raises OverrideError outside of its ends."""
    if not number.is_finite() or not assumption.least <= number <= assumption.most:
        raise OverrideError(assumption.id, str(number))
    told = round(number, FINEST)
    return replace(
        assumption, value=told, low=told, high=told, origin="yours", exact=True, late=None
    )


def _of_slot(setting: Setting, slot: AssumptionSlot) -> Iterator[Assumption]:
    treatments = [t for t in TREATMENTS if not slot.only or t in slot.only]
    if slot.per == "person":
        yield _filled(setting, slot, slot.id, "any", None)
    elif slot.per == "treatment":
        for treatment in treatments:
            yield _filled(setting, slot, f"{treatment}.{slot.id}", treatment, None)
    elif slot.per == "cover":
        for covered in setting.covers:
            yield _filled(setting, slot, f"cover{covered.index}.{slot.id}", "any", covered)
    else:
        for covered in setting.covers:
            for treatment in treatments:
                ident = f"cover{covered.index}.{treatment}.{slot.id}"
                yield _filled(setting, slot, ident, treatment, covered)


def _filled(
    setting: Setting, slot: AssumptionSlot, ident: str, treatment: str, covered: Covered | None
) -> Assumption:
    empty = Assumption(
        id=ident, label=slot.id, value=None, low=None, high=None, unit=slot.unit, blank=slot.blank,
        least=ALL if slot.unit == "months" else NONE, most=_MOST[slot.unit],
        treatment=None if treatment == "any" else treatment,
        cover=covered.index if covered else None,
        others=tuple(_published(figures(setting.book, _others(setting, slot, treatment), setting.today))),
    )  # fmt: skip
    told = _told(setting, slot, treatment, covered)
    if told is not None:
        return replace(
            empty, value=told, low=told, high=told, origin="case", exact=True,
            case_field=_field(slot),
        )  # fmt: skip
    named = _references(setting, slot, treatment, covered)
    found = figures(setting.book, named, setting.today)
    if found:
        filled = _from_figures(empty, slot, treatment, found)
        return replace(filled, next_year=_next_year(setting, named)) if slot.next_year else filled
    ceiling = figures(setting.book, _ceiling(slot, covered), setting.today)
    if ceiling:
        return _up_to(empty, ceiling[0])
    if slot.blank == "none":
        return replace(empty, value=NONE, low=NONE, high=NONE, exact=True)
    return empty


# --- where a number comes from ------------------------------------------------------------------------

_MONEY = frozenset(
    {
        "quoted_price_per_session", "sessions", "maintenance_sessions_per_year", "deductible_left",
        "coinsurance", "out_of_pocket_left", "yearly_deductible", "yearly_limit",
        "allowed_amount_per_session", "medical_spending", "tax_bracket_percent",
    }
)  # fmt: skip


def _field(slot: AssumptionSlot) -> str | None:
    return f"money.{slot.case}" if slot.case in _MONEY else slot.case


def case_field_of(assumption: Assumption, main: str) -> str | None:
    """The answer of a case that would fill an assumption; None where no answer does."""
    slot = next(s for s in catalogue().slots if s.id == assumption.label)
    if slot.main_only and assumption.treatment != main:
        return None
    return _field(slot)


def _told(
    setting: Setting, slot: AssumptionSlot, treatment: str, covered: Covered | None
) -> Decimal | None:
    if slot.case is None or (slot.main_only and treatment != setting.main):
        return None
    if covered is not None and not covered.takes_answers:
        return None
    place: object = setting.case.money if slot.case in _MONEY else setting.case
    answer = getattr(place, slot.case) if place is not None else None
    if answer is None:
        return None
    number = decimal(answer) / HUNDRED if slot.case.endswith("_percent") else decimal(answer)
    return round(number, FINEST)


def _references(
    setting: Setting, slot: AssumptionSlot, treatment: str, covered: Covered | None
) -> tuple[str, ...]:
    if covered is not None:
        if slot.id == "allowed":
            return catalogue().allowed.get(covered.cover.shares, {}).get(treatment, ())
        if covered.high_deductible and slot.id in covered.cover.high_deductible:
            return covered.cover.high_deductible[slot.id]
        if not covered.limits_bind and slot.blank == "no_limit":
            return ()
        named = covered.cover.terms.get(slot.id, ())
        if named:
            return named
    of_diagnosis = slot.by_diagnosis.get(setting.case.diagnosis or "", {})
    if treatment in of_diagnosis:
        return of_diagnosis[treatment]
    return _pick(setting, slot.default, slot.pain, treatment)


def _others(setting: Setting, slot: AssumptionSlot, treatment: str) -> tuple[str, ...]:
    if setting.pain and slot.pain_others is not None:
        return slot.pain_others.get(treatment, ())
    return slot.others.get(treatment, ())


def _pick(setting: Setting, usual: References, pain: References, treatment: str) -> tuple[str, ...]:
    if setting.pain and treatment in pain:
        return pain[treatment]
    if "one_person" in usual:
        alone = setting.case.household_size == ONE_PERSON
        return usual["one_person"] if alone else (*usual["one_person"], *usual["family"])
    return usual.get(treatment, usual.get("any", ()))


def _ceiling(slot: AssumptionSlot, covered: Covered | None) -> tuple[str, ...]:
    return covered.cover.at_most.get(slot.id, ()) if covered is not None else ()


def _from_figures(
    empty: Assumption, slot: AssumptionSlot, treatment: str, found: list[Figure]
) -> Assumption:
    low, high = (min(_scaled(slot, treatment, f.low, f) for f in found),
                 max(_scaled(slot, treatment, f.high, f) for f in found))  # fmt: skip
    high = ALL if slot.high_is_all else high
    one = low == high
    return replace(
        _cite(empty, found), value=low if one else None, low=low, high=high,
        exact=one and all(f.exact for f in found),
    )  # fmt: skip


def _next_year(setting: Setting, named: tuple[str, ...]) -> NextYear:
    first_day = dt.date(setting.today.year + 1, 1, 1)
    coming = figures(setting.book, named, first_day)
    if not coming or any(f.late for f in coming):
        return NextYear(first_day.year, None, None)
    return NextYear(first_day.year, min(f.low for f in coming), max(f.high for f in coming))


def _up_to(empty: Assumption, ceiling: Figure) -> Assumption:
    """Not told, but law or programme names the most that it can be."""
    high = ceiling.high / HUNDRED if ceiling.percent and empty.unit == "share" else ceiling.high
    return replace(_cite(empty, [ceiling]), low=NONE, high=high)


def _scaled(slot: AssumptionSlot, treatment: str, number: Decimal, source: Figure) -> Decimal:
    if slot.unit == "share" and source.percent:
        number = number / HUNDRED
    return number * WEEKS_IN_A_YEAR if treatment in slot.times else number


def _cite(empty: Assumption, found: list[Figure]) -> Assumption:
    first = found[0]
    weakest = max((f.cited.confidence for f in found), key=_DOUBT.index)
    return replace(
        empty, source=first.cited.source, as_of=first.cited.as_of, confidence=weakest,
        origin="record", says=tuple(f.says for f in found), note=first.cited.note, late=first.late,
    )  # fmt: skip


_DOUBT: tuple[Confidence, ...] = ("sourced", "secondary", "recalled")


def _published(found: Iterable[Figure]) -> Iterator[Published]:
    for f in found:
        yield Published(f.says, f.low, f.high, f.cited.source, f.cited.as_of, f.cited.confidence)
