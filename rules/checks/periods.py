"""Periods and numbers of parameters."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from ..schema.base import Record, Statement
from ..schema.ways import Parameter
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at


def check_periods(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        start, end = getattr(part, "start", None), getattr(part, "end", None)
        if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
            yield fault_at(sheet, place, f"ends ({end}) before it begins ({start})", end)
        if isinstance(part, Parameter):
            yield from _overlaps(sheet, place, part)


def _overlaps(sheet: RecordFile, place: Place, parameter: Parameter) -> Iterator[Fault]:
    first, last = dt.date.min, dt.date.max
    spans = sorted(
        (v.in_force.start or first, v.in_force.end or last, i)
        for i, v in enumerate(parameter.values)
    )
    for (_, end, _), (start, _, i) in itertools.pairwise(spans):
        if start <= end:
            where = (*place, "values", i, "in_force")
            text = f"overlaps another value of {parameter.id}"
            yield fault_at(sheet, where, text, parameter.values[i].value)


def check_numbers(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, Statement) and isinstance(part.value, (int, float)):
            if not isinstance(part.value, bool) and not part.unit:
                yield fault_at(sheet, (*place, "value"), "a number without its unit", part.value)
