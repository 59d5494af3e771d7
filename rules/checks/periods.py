"""Periods: none ends before it begins, and those of one thing follow each other without gap or overlap."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence

from ..schema.base import Period, Record, Statement
from ..schema.other import Eligibility
from ..schema.policies import Policy
from ..schema.ways import Parameter
from ..schema.yaml_reader import Fault, Place, RecordFile
from .clashes import policies_of, same_subject
from .index import Listed, RecordIndex, fault_at
from .plausible import usual_numbers

Dated = Sequence[tuple[Place, Period]]  # periods of one thing, each with its place


def check_periods(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        start, end = getattr(part, "start", None), getattr(part, "end", None)
        if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
            yield fault_at(sheet, place, f"ends ({end}) before it begins ({start})", end)
        if isinstance(part, Period) and start is not None and start > _latest(today):
            yield fault_at(sheet, (*place, "from"), f"begins only in {start.year}", start)
        if isinstance(part, Parameter):
            dated = [((*place, "values", i), v.in_force) for i, v in enumerate(part.values)]
            yield from _in_a_row(sheet, dated, part.id)
    if isinstance(record, Eligibility):
        yield from _guidelines(sheet, record)
    yield from _policies(sheet, record, today)


def _latest(today: dt.date) -> dt.date:
    """The last day on which a rule that is known today may begin."""
    return today.replace(year=today.year + int(usual_numbers()["begins_within"]), day=1)


def _in_a_row(sheet: RecordFile, dated: Dated, what: str) -> Iterator[Fault]:
    ordered = sorted(dated, key=lambda one: one[1].start or dt.date.min)
    for (first, before), (second, after) in itertools.pairwise(ordered):
        end, start = before.end or dt.date.max, after.start or dt.date.min
        text = ""
        if start <= end:
            text = f"overlaps another value of {what} ({start} to {end})"
        elif start - end > dt.timedelta(days=1):
            text = f"{what} has no value between {end} and {start}"
        for place, day in ((second, start), (first, end)) if text else ():
            yield fault_at(sheet, (*place, "in_force"), text, day)


def _guidelines(sheet: RecordFile, record: Eligibility) -> Iterator[Fault]:
    by_region: dict[str, list[tuple[Place, Period]]] = {}
    for i, one in enumerate(record.poverty_guidelines):
        place: Place = ("poverty_guidelines", i)
        by_region.setdefault(one.region, []).append((place, one.in_force))
        start = one.in_force.start
        if start is not None and start.year != one.year:
            text = f"the guideline of {one.year} begins in {start.year} here"
            yield fault_at(sheet, (*place, "year"), text, one.year)
    for region, dated in by_region.items():
        yield from _in_a_row(sheet, dated, f"the guideline for {region}")


def _policies(sheet: RecordFile, record: Record, today: dt.date) -> Iterator[Fault]:
    """A policy that begins after a gap, or with none before it, leaves people without the one that holds."""
    room, policies = policies_of(record)
    for i, policy in enumerate(policies):
        start, where = policy.in_force.start, (*room, i, "in_force", "from")
        if start is None:
            continue
        alike = [p for p in policies if p is not policy and same_subject(p, policy)]
        before = [p for p in alike if (p.in_force.start or dt.date.min) < start]
        if start > today and not before:
            yield fault_at(sheet, where, f"begins on {start}, and none stands before it", start)
        elif before and _gap(before, start):
            yield fault_at(sheet, where, f"no policy holds in the days before {start}", start)


def _gap(before: Sequence[Policy], start: dt.date) -> bool:
    return max(p.in_force.end or dt.date.max for p in before) < start - dt.timedelta(days=1)


def check_numbers(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, Statement) and isinstance(part.value, (int, float)):
            if not isinstance(part.value, bool) and not part.unit:
                yield fault_at(sheet, (*place, "value"), "a number without its unit", part.value)
