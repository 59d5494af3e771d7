"""Conditions name facts and words that exist, and are compared as they can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..case import words_of_field
from ..facts.context import DERIVED
from ..schema.base import Record
from ..schema.conditions import NUMERIC_OPERATORS, Condition
from ..schema.other import FactDefinition
from ..schema.policies import Policy
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at, unknown


def check_conditions(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, Condition) or part.fact is None:
            continue
        fact = book.facts.get(part.fact)
        if fact is None:
            text = f"no such fact: {part.fact}"
            yield unknown(sheet, (*place, "fact"), text, part.fact, book.facts)
            continue
        numeric = [op for op in NUMERIC_OPERATORS if getattr(part, op) is not None]
        if numeric and fact.kind != "number":
            value = getattr(part, numeric[0])
            yield fault_at(sheet, (*place, numeric[0]), f"{part.fact} is not a number", value)
        if numeric and part.unit != fact.unit:
            text = f"{part.fact} is counted in {fact.unit}, not {part.unit}"
            yield fault_at(sheet, (*place, "unit"), text, part.unit, fact.unit)
        if isinstance(part.is_, bool) and fact.kind != "yes_no":
            text = f"{part.fact} is not answered by yes or no"
            yield fault_at(sheet, (*place, "is"), text, str(part.is_).lower())
        yield from _valid_words(book, sheet, place, part, fact)


def _valid_words(
    book: RecordIndex, sheet: RecordFile, place: Place, leaf: Condition, fact: FactDefinition
) -> Iterator[Fault]:
    valid = _words_for(book, fact)
    if valid is None:
        return
    for op in ("one_of", "has_any", "has_all"):
        for i, word in enumerate(getattr(leaf, op) or ()):
            if word not in valid:
                text = f"{leaf.fact} is never {word!r}"
                yield unknown(sheet, (*place, op, i), text, word, sorted(valid))


def _words_for(book: RecordIndex, fact: FactDefinition) -> frozenset[str] | None:
    """The closed list that a fact's words are of: its own, or that of the answer that it is."""
    if fact.id == "payer":
        return book.known("payers")
    derived = DERIVED.get(fact.id)
    if derived is not None:
        return frozenset(derived.words) or None
    return words_of_field(fact.fields[0])


def check_unreachable(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    """A policy that no case can reach: its payer's line is spoken for by no program."""
    if not sheet.file.startswith("payers/"):
        return
    for place, part in listed:
        if isinstance(part, Policy) and not set(part.lines_of_business) & book.program_lines:
            text = f"no case can reach {part.id}: no program has this line of business"
            where, lines = (*place, "lines_of_business"), ", ".join(part.lines_of_business)
            yield fault_at(sheet, where, text, lines)
