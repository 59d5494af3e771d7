"""Numbers that no rule of their kind has: held against `plausible.yaml`, the one list of those that are usual."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ..schema.appeals import Clock
from ..schema.base import Duration, Record
from ..schema.conditions import NUMERIC_OPERATORS, Condition
from ..schema.policies import TrialStandard
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at, typed_table

Usual = list[float] | dict[str, float] | None
SCORE = "_score"  # how the facts end that are points of a scale


def usual_numbers() -> dict[str, Any]:
    return typed_table("plausible.yaml")


def check_plausible(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    table = usual_numbers()
    for place, part in listed:
        if isinstance(part, dt.date):
            yield from _told(sheet, place, part.year, table["years"], "year")
        if not isinstance(part, Record):
            continue
        if isinstance(part, Condition):
            yield from _threshold(book, sheet, place, part, table)
        elif isinstance(part, Clock):
            use = "filing" if _limits_filing(place) else "deciding"
            yield from _span(sheet, place, part, table[use])
        elif isinstance(part, Duration):
            yield from _span(sheet, place, part, table["approval"])
        if isinstance(part, TrialStandard):
            for state, weeks in part.by_state:
                where = (*place, "by_state", state)
                yield from _told(sheet, where, weeks, table["state_weeks"], "number of weeks")
        kind = type(part).__name__
        for name, info in type(part).model_fields.items():
            usual = table["fields"].get(f"{kind}.{name}")
            if usual is not None:
                where = (*place, info.alias or name)
                yield from _told(sheet, where, getattr(part, name), usual, "number here")


def _limits_filing(place: Place) -> bool:
    return any(word in place for word in ("file_within", "appeal_to_plan_within"))


def _span(
    sheet: RecordFile, place: Place, span: Clock | Duration, usual: dict[str, Usual]
) -> Iterator[Fault]:
    if span.number is None or span.unit is None:
        return
    numbers = usual.get(span.unit)
    if numbers is None:
        text = f"no such limit is counted in {span.unit}"
        yield fault_at(sheet, (*place, "unit"), text, span.unit)
    else:
        what = f"number of {span.unit.replace('_', ' ')} here"
        yield from _told(sheet, (*place, "number"), span.number, numbers, what)


def _threshold(
    book: RecordIndex, sheet: RecordFile, place: Place, leaf: Condition, table: dict[str, Any]
) -> Iterator[Fault]:
    fact = leaf.fact or ""
    scale = book.scales.get(fact.removesuffix(SCORE)) if fact.endswith(SCORE) else None
    usual: Usual = scale or table["thresholds"].get(fact) or table["units"].get(leaf.unit)
    for op in NUMERIC_OPERATORS:
        yield from _told(sheet, (*place, op), getattr(leaf, op), usual, f"threshold of {fact}")


def _told(
    sheet: RecordFile, place: Place, number: float | None, usual: Usual, what: str
) -> Iterator[Fault]:
    if number is None or usual is None or _is_usual(number, usual):
        return
    valid = (
        f"from {usual['from']:g} to {usual['to']:g}"
        if isinstance(usual, dict)
        else ", ".join(f"{n:g}" for n in usual)
    )
    text = (
        f"{number:g} is no usual {what} ({valid}). Where a source has it, "
        "write it in rules/checks/plausible.yaml too"
    )
    yield fault_at(sheet, place, text, f"{number:g}")


def _is_usual(number: float, usual: list[float] | dict[str, float]) -> bool:
    if isinstance(usual, dict):
        return usual["from"] <= number <= usual["to"]
    return number in usual
