"""Coordination of benefits: a rule on a pair says whose facts it reads, and can be told apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..facts.context import computed_for
from ..schema.base import Record
from ..schema.conditions import facts_read
from ..schema.coordination import OrderRule, PairCondition
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at, unknown


def check_coordination(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, PairCondition) and part.fact in book.facts:
            yield from _of_whom(book, sheet, place, part)
        if isinstance(part, OrderRule):
            yield from _order_rule(book, sheet, place, part)


def _of_whom(
    book: RecordIndex, sheet: RecordFile, place: Place, leaf: PairCondition
) -> Iterator[Fault]:
    """A fact of a coverage is of one of the two; a fact of the person is of the case."""
    per = computed_for(leaf.fact or "", book.facts[leaf.fact or ""])
    if (leaf.of == "case") is not (per == "case"):
        valid = "case" if per == "case" else "one, or other"
        text = f"{leaf.fact} is told once for each {per}: valid here is {valid}"
        yield fault_at(sheet, (*place, "of"), text)


def _order_rule(
    book: RecordIndex, sheet: RecordFile, place: Place, rule: OrderRule
) -> Iterator[Fault]:
    dates = [
        f.id for f in book.facts.values() if f.kind == "date" and computed_for(f.id, f) != "case"
    ]
    if rule.first_by is not None and rule.first_by not in dates:
        text = f"{rule.first_by} is no date of a coverage"
        yield unknown(sheet, (*place, "first_by"), text, rule.first_by, dates)
    reads = facts_read(rule.when) if rule.when is not None else set()
    if "pays_before_medicare" in reads and "medicare" in (*rule.one, *rule.other):
        text = "pays_before_medicare follows from the rules on Medicare, and cannot decide one"
        yield fault_at(sheet, (*place, "when"), text)
