"""Two numbers of one part that have an order: low and high, first and last, usual and urgent."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping

from ..schema.appeals import Clock, Decision, DecisionClock
from ..schema.base import Record
from ..schema.clinical import ScaleRecord
from ..schema.other import PovertyGuideline
from ..schema.policies import Policy
from ..schema.states import AnswerTimes
from ..schema.windows import CountedDays
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at

# Fields of one part of which the first is never more than the second.
PAIRS = (
    ("low", "high"),
    ("low", "point"),
    ("point", "high"),
    ("start", "end"),
    ("from_week", "to_week"),
    ("open_from_weeks", "min_weeks"),
    ("min_weeks", "partial_min_weeks"),
    ("open_enrollment_start", "open_enrollment_end"),
    ("conservative_days_by", "open_enrollment_end"),
    ("open_enrollment_start", "conservative_days_by"),
)
# Keys of a value that holds several numbers, in their order.
KEYS = (("low", "high"), ("min", "max"), ("from", "to"), ("least", "most"), ("lowest", "highest"))

HOURS: Mapping[str, float] = {
    "hours": 1, "days": 24, "working_days": 24, "business_days": 24, "weeks": 168, "months": 730,
    "years": 8760,
}  # fmt: skip


def check_ranges(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, dict):
            for low, high in KEYS:
                yield from _in_order(sheet, place, part, low, high)
        if not isinstance(part, Record):
            continue
        fields = {n: getattr(part, n) for n in type(part).model_fields}
        if not isinstance(fields.get("start"), dt.date):  # a period is told by its own check
            for low, high in PAIRS:
                yield from _in_order(sheet, place, fields, low, high, part)
        if isinstance(part, Decision):
            yield from _urgent_is_faster(sheet, place, part.standard_before_service, part.expedited)
        if isinstance(part, (DecisionClock, AnswerTimes)):
            yield from _urgent_is_faster(sheet, place, part.standard, part.expedited)
        if isinstance(part, ScaleRecord):
            yield from _bands(sheet, place, part)
        if isinstance(part, CountedDays):
            yield from _counted(sheet, place, part)
        if isinstance(part, Policy):
            yield from _more_classes_than_medicines(sheet, place, part)
        if isinstance(part, PovertyGuideline) and part.each_additional >= part.first_person:
            text = "a further person adds less than the first one has"
            yield fault_at(sheet, (*place, "each_additional"), text, part.each_additional)


def _in_order(
    sheet: RecordFile,
    place: Place,
    fields: Mapping[str, object],
    low: str,
    high: str,
    part: Record | None = None,
) -> Iterator[Fault]:
    least, most = fields.get(low), fields.get(high)
    if _number(least) and _number(most) and least > most:  # type: ignore[operator]
        names = [_written(part, n) for n in (low, high)]
        text = f"`{names[0]}` ({least}) is above `{names[1]}` ({most})"
        yield fault_at(sheet, (*place, names[0]), text, least)


def _number(value: object) -> bool:
    return isinstance(value, (int, float, dt.date)) and not isinstance(value, bool)


def _written(part: Record | None, field: str) -> str:
    """A field as the file names it (`from` for `start`)."""
    info = type(part).model_fields[field] if part is not None else None
    return (info.alias if info is not None else None) or field


def _urgent_is_faster(
    sheet: RecordFile, place: Place, usual: Clock | None, urgent: Clock | None
) -> Iterator[Fault]:
    longest, shortest = hours(usual), hours(urgent)
    if longest is not None and shortest is not None and shortest > longest:
        text = "an urgent answer takes longer here than a usual one"
        yield fault_at(sheet, (*place, "expedited", "number"), text, urgent and urgent.number)


def hours(clock: Clock | None) -> float | None:
    """How long a clock is, as near as its unit tells."""
    if clock is None or clock.number is None or clock.unit is None:
        return None
    return clock.number * HOURS[clock.unit]


def _bands(sheet: RecordFile, place: Place, scale: ScaleRecord) -> Iterator[Fault]:
    """The bands of a scale rise from its lowest to its highest score."""
    for i, (band, after) in enumerate(itertools.pairwise(scale.bands)):
        if after.start <= band.start:
            text = f"the bands of {scale.id} do not rise: {band.start}, then {after.start}"
            yield fault_at(sheet, (*place, "bands", i + 1, "from"), text, after.start)
    starts: list[tuple[Place, int]] = [
        (("bands", i, "from"), b.start) for i, b in enumerate(scale.bands)
    ]
    starts += [(("severe_from",), scale.severe_from)] if scale.severe_from is not None else []
    for where, points in starts:
        if points < scale.low or (scale.high is not None and points > scale.high):
            text = f"{scale.id} has no score of {points}"
            yield fault_at(sheet, (*place, *where), text, points)
    severe = next((b.start for b in scale.bands if b.level == "severe"), None)
    if None not in (severe, scale.severe_from) and severe != scale.severe_from:
        text = f"severe from {scale.severe_from} here, from {severe} in its bands"
        yield fault_at(sheet, (*place, "severe_from"), text, scale.severe_from)


def _more_classes_than_medicines(
    sheet: RecordFile, place: Place, policy: Policy
) -> Iterator[Fault]:
    """Three classes need three medicines: fewer are a slip of one number or of the other."""
    bundles = [((*place, "alternatives", i), a.criteria) for i, a in enumerate(policy.alternatives)]
    for where, criteria in [(place, policy.criteria), *bundles]:
        told = {c.fact: ((*where, "criteria", i), c.at_least) for i, c in enumerate(criteria)}
        at, classes = told.get("failed_antidepressant_classes", (where, None))
        _, medicines = told.get("failed_antidepressants", (where, None))
        if classes is not None and medicines is not None and classes > medicines:
            text = f"{classes:g} classes of {medicines:g} medicines"
            yield fault_at(sheet, (*at, "at_least"), text, f"{classes:g}")


def _counted(sheet: RecordFile, place: Place, days: CountedDays) -> Iterator[Fault]:
    if days.first is None or days.last is None:
        return
    day = dt.date(2026, 1, 1)  # any day: the two are counted from the same one
    if days.last.from_day(day) < days.first.from_day(day):
        yield fault_at(sheet, (*place, "last"), "the last day lies before the first one")
