"""Conditions name facts and words that exist, and can hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ..case import words_of_field
from ..facts.context import DERIVED
from ..schema.base import Record
from ..schema.conditions import NUMERIC_OPERATORS, Condition
from ..schema.other import FactDefinition
from ..schema.policies import Policy
from ..schema.ways import PaymentOption
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
    """A policy that no case can reach: its payer's line is spoken for by no program, or it can
    never hold because it asks for both sides of a threshold."""
    for place, part in listed:
        if isinstance(part, Policy):
            if (
                sheet.file.startswith("payers/")
                and not set(part.lines_of_business) & book.program_lines
            ):
                text = f"no case can reach {part.id}: no program has this line of business"
                yield fault_at(
                    sheet, (*place, "lines_of_business"), text, ", ".join(part.lines_of_business)
                )
            for bundle in [a.criteria for a in part.alternatives] or [()]:
                if clash := _impossible([*part.criteria, *bundle]):
                    text = f"no case can reach {part.id}: {clash}"
                    yield fault_at(sheet, (*place, "criteria"), text)
        if isinstance(part, PaymentOption) and part.applies_when is not None:
            if clash := _impossible([part.applies_when, *part.requires]):
                text = f"no case can reach {part.id}: {clash}"
                yield fault_at(sheet, (*place, "applies_when"), text)


def _impossible(conditions: Sequence[Condition]) -> str | None:
    """A plain contradiction among conditions that must all hold."""
    least: dict[str, float] = {}
    most: dict[str, float] = {}
    sets: dict[str, set[object]] = {}

    def visit(c: Condition) -> None:
        for part in c.all or ():
            visit(part)
        if c.fact is None:
            return
        for op, store, pick in (
            ("at_least", least, max),
            ("above", least, max),
            ("at_most", most, min),
            ("below", most, min),
        ):
            limit = getattr(c, op)
            if limit is not None:
                limit = limit + (0.5 if op == "above" else -0.5 if op == "below" else 0)
                store[c.fact] = pick(store.get(c.fact, limit), limit)
        words = set(c.one_of) if c.one_of is not None else ({c.is_} if c.is_ is not None else None)
        if words is not None:
            sets[c.fact] = sets[c.fact] & words if c.fact in sets else set(words)

    for condition in conditions:
        visit(condition)
    for fact, low in least.items():
        if fact in most and low > most[fact]:
            return f"{fact} would have to be at least {low:g} and at most {most[fact]:g}"
    for fact, words in sets.items():
        if not words and fact not in (
            "indication",
            "diagnosis_group",
            "any_coverage_kind",
            "all_diagnoses",
        ):
            return f"{fact} would have to be two things at once"
    return None
