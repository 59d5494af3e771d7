"""Text against number: where a record tells a number in a field and again in a sentence, they agree.

Held are sentences that are about the very number; a note may tell others (an older rule, a range).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ..schema.appeals import Clock, DecisionClock
from ..schema.base import Record, Statement
from ..schema.clinical import ScaleRecord, TreatmentRecord
from ..schema.conditions import NUMERIC_OPERATORS, Condition, Criterion
from ..schema.states import FairHearing, PriorAuthorizationLaw, Review, StepTherapyLaw
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at
from .plausible import usual_numbers
from .reading import lengths_in, numbers_in, tells_digits, tells_numbers

# Fields whose number stands in a sentence of the same part, wherever that tells a number.
TWINS: dict[str, tuple[str, tuple[str, ...]]] = {
    "BasicHealth": ("says", ("to_percent",)),
    "DoseSold": ("says", ("mg",)),
    "Dosing": ("says", ("from_week", "to_week", "most_mg", "most_a_week")),
    "KeepCare": ("says", ("days_from_notice",)),
    "NotATrial": ("says", ("below_dose",)),
    "Price": ("says", ("low", "high", "point")),
    "Rate": ("says", ("value",)),
    "ScaleRecord": ("says", ("severe_from",)),
    "TrialDefinition": ("says", ("min_failures", "augmentations")),
    "UsualMinutes": ("says", ("low", "high")),
    "Work": ("citation", ("year",)),
}
DIGITS_ONLY = ("Price",)  # `by one article` is no price


def check_said(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, Record):
            continue
        yield from _twins(sheet, place, part)
        if isinstance(part, Statement) and not isinstance(part.value, bool):
            for where, number in _numbers_of(part.value, (*place, "value")):
                if where[-1] == "value" or tells_numbers(part.says):
                    yield from _held(sheet, where, number, [part.says])
        elif isinstance(part, Criterion):
            yield from _criterion(sheet, place, part)
        elif isinstance(part, DecisionClock):
            for name in ("standard", "expedited"):
                yield from _clock(sheet, (*place, name), getattr(part, name), part.says)
        elif isinstance(part, (StepTherapyLaw, PriorAuthorizationLaw)):
            yield from _law(sheet, place, part)
        elif isinstance(part, ScaleRecord):
            for i, band in enumerate(part.bands):
                yield from _held(sheet, (*place, "bands", i, "from"), band.start, [part.says])
        elif isinstance(part, TreatmentRecord) and part.id not in usual_numbers()["doses_within"]:
            texts = [t for t in (part.usual_range, part.note) if t and tells_digits(t)]
            yield from _held(sheet, (*place, "min_dose"), part.min_dose, texts)
        elif isinstance(part, (FairHearing, Review)):
            yield from _slips(sheet, place, part)


def _twins(sheet: RecordFile, place: Place, part: Record) -> Iterator[Fault]:
    kind = type(part).__name__
    text_field, fields = TWINS.get(kind, ("", ()))
    text = getattr(part, text_field, None)
    if text is None or not (tells_digits if kind in DIGITS_ONLY else tells_numbers)(text):
        return
    for field in fields:
        yield from _held(sheet, (*place, field), getattr(part, field), [text])


def _held(sheet: RecordFile, place: Place, number: object, texts: Iterable[str]) -> Iterator[Fault]:
    """A fault where a number stands in none of the texts that tell it."""
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return
    told = {n for text in texts for n in numbers_in(text)}
    if told and round(float(number), 9) not in told and number / 60 not in told:
        shown = ", ".join(f"{n:g}" for n in sorted(n for n in told if n)) or "none"
        text = f"{number:g} here, and another number in the text ({shown})"
        yield fault_at(sheet, place, text, f"{number:g}")


def _numbers_of(value: object, place: Place) -> Iterator[tuple[Place, object]]:
    """The numbers of a value: itself, or each of its parts. A table is no sentence's."""
    if isinstance(value, dict):
        yield from (((*place, key), part) for key, part in value.items())
    elif isinstance(value, list):
        yield from (((*place, i), part) for i, part in enumerate(value))
    else:
        yield place, value


def thresholds(condition: Condition, place: Place = ()) -> Iterator[tuple[Place, str, float]]:
    """Every number that a condition compares a fact with: its place, the fact, the number."""
    for op in NUMERIC_OPERATORS:
        if condition.fact is not None and (number := getattr(condition, op)) is not None:
            yield (*place, op), condition.fact, number
    for word in ("all", "any"):
        for i, part in enumerate(getattr(condition, word) or ()):
            yield from thresholds(part, (*place, word, i))
    if condition.not_ is not None:
        yield from thresholds(condition.not_, (*place, "not"))


def _criterion(sheet: RecordFile, place: Place, criterion: Criterion) -> Iterator[Fault]:
    """A criterion with a sentence of its own tells its threshold there, where it tells a number."""
    for text in (criterion.says, criterion.in_letters):
        if text is not None and tells_numbers(text):
            for where, _, number in thresholds(criterion, place):
                yield from _held(sheet, where, number, [text])


def _clock(sheet: RecordFile, place: Place, clock: Clock | None, text: str) -> Iterator[Fault]:
    if clock is not None and clock.number is not None and tells_numbers(text):
        yield from _held(sheet, (*place, "number"), clock.number, [text])


def _law(
    sheet: RecordFile, place: Place, law: StepTherapyLaw | PriorAuthorizationLaw
) -> Iterator[Fault]:
    times = law.answer_within
    if times is not None and law.decision_time is not None:
        for name in ("standard", "expedited"):
            where = (*place, "answer_within", name)
            yield from _clock(sheet, where, getattr(times, name), law.decision_time)
    if isinstance(law, StepTherapyLaw) and law.mental_health is not None:
        most = law.mental_health_max_failures
        yield from _held(
            sheet, (*place, "mental_health_max_failures"), most, [law.mental_health.says]
        )


def _slips(sheet: RecordFile, place: Place, part: FairHearing | Review) -> Iterator[Fault]:
    """A limit of a state that its own remarks tell with a zero more, less or its digits changed over."""
    told = {n.number for text in (*part.remarks, part.note or "") for n in lengths_in(text)}
    fields = [n for n in type(part).model_fields if n.endswith(("_days", "_hours"))]
    numbers: list[tuple[Place, object]] = [((*place, n), getattr(part, n)) for n in fields]
    if isinstance(part, Review):
        numbers += [
            ((*place, "file_within", i, "clock", "number"), reading.clock.number)
            for i, reading in enumerate(part.file_within)
        ]
    held = {number for _, number in numbers}
    for where, number in numbers:
        meant = [n for n in told - held if isinstance(number, int) and is_slip(number, n)]
        if meant and number not in told:
            text = f"{number} here, {meant[0]:g} in the remarks"
            yield fault_at(sheet, where, text, number)


def is_slip(number: int, other: float) -> bool:
    """Whether a number is another one with a zero too few or too many, or digits changed over."""
    one, two = str(number), f"{other:g}"
    return one != two and (
        sorted(one) == sorted(two) or number * 10 == other or number == other * 10
    )
