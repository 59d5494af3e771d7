"""Conditions name facts and words that exist, and can hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, get_args

from .. import vocabulary
from ..case import STATE_CODES
from ..schema.base import Record
from ..schema.conditions import NUMERIC_OPERATORS, Condition
from ..schema.policies import Policy, Program
from ..schema.ways import Way
from ..schema.yaml_reader import Fault, Place, Sheet
from ..vocabulary import COVERAGE_KINDS, TREATMENTS
from .index import Listed, RecordIndex, fault_at, parts

# Which words a coverage order filter may test besides the dictionary of facts: case fields.
CASE_ONLY_FACTS = ("condition_related_to", "active_duty", "visit_at_or_authorized_by_va")


def check_conditions(
    book: RecordIndex, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, Condition) or part.fact is None:
            continue
        fact = book.facts.get(part.fact)
        if fact is None:
            if part.fact not in CASE_ONLY_FACTS:
                yield fault_at(sheet, (*place, "fact"), f"no such fact: {part.fact}")
            continue
        numeric = [op for op in NUMERIC_OPERATORS if getattr(part, op) is not None]
        if numeric and fact.kind != "number":
            yield fault_at(sheet, (*place, numeric[0]), f"{part.fact} is not a number")
        if numeric and part.unit != fact.unit:
            yield fault_at(
                sheet, (*place, "unit"), f"{part.fact} is counted in {fact.unit}, not {part.unit}"
            )
        if isinstance(part.is_, bool) and fact.kind != "yes_no":
            yield fault_at(sheet, (*place, "is"), f"{part.fact} is not answered by yes or no")
        yield from _valid_words(book, sheet, place, part)


def _valid_words(book: RecordIndex, sheet: Sheet, place: Place, leaf: Condition) -> Iterator[Fault]:
    valid = _words_for(book, leaf.fact or "")
    if valid is None:
        return
    for op in ("one_of", "has_any", "has_all"):
        for i, word in enumerate(getattr(leaf, op) or ()):
            if word not in valid:
                yield fault_at(sheet, (*place, op, i), f"{leaf.fact} is never {word!r}")


def _words_for(book: RecordIndex, fact: str) -> set[str] | None:
    groups = set(get_args(vocabulary.DiagnosisGroup))
    lists: dict[str, set[str]] = {
        "diagnosis": set(vocabulary.DIAGNOSES),
        "indication": set(vocabulary.DIAGNOSES) | groups,
        "diagnosis_group": set(vocabulary.DIAGNOSES) | groups,
        "all_diagnoses": set(vocabulary.DIAGNOSES),
        "coverage_kind": set(COVERAGE_KINDS),
        "any_coverage_kind": set(COVERAGE_KINDS),
        "network": set(get_args(vocabulary.Network)),
        "funding": set(get_args(vocabulary.Funding)),
        "sponsor": set(get_args(vocabulary.Sponsor)),
        "employees": set(get_args(vocabulary.Employees)),
        "medicare_part": set(get_args(vocabulary.MedicarePart)),
        "medicaid_type": set(get_args(vocabulary.MedicaidType)),
        "entitled_by": set(get_args(vocabulary.EntitledBy)),
        "stage": set(get_args(vocabulary.Stage)),
        "denial_reason": set(get_args(vocabulary.DenialReason)),
        "denial_level": set(get_args(vocabulary.DenialLevel)),
        "setting": set(get_args(vocabulary.Setting)),
        "prescriber": set(get_args(vocabulary.Prescriber)),
        "substance_use": set(get_args(vocabulary.SubstanceUse)),
        "suicidal_thoughts": set(get_args(vocabulary.SuicidalThoughts)),
        "treatment": set(TREATMENTS),
        "request": set(get_args(vocabulary.Request)),
        "state": set(STATE_CODES),
        "payer": book.ids.get("payers", set()),
    }
    return lists.get(fact)


def check_unreachable(book: RecordIndex) -> Iterator[Fault]:
    """A policy that no case can reach: its payer's line is spoken for by no programme, or it can
    never hold because it asks for both sides of a threshold."""
    lines = {r.line for _, r in book.found if isinstance(r, Program) and r.line is not None}
    for sheet, record in book.found:
        for place, part in parts(record):
            if isinstance(part, Policy):
                if sheet.file.startswith("payers/") and not set(part.lines) & lines:
                    yield fault_at(
                        sheet,
                        (*place, "lines"),
                        f"no case can reach {part.id}: no programme has this line",
                    )
                criteria = [*part.criteria]
                for bundle in [a.criteria for a in part.alternatives] or [()]:
                    clash = _impossible([*criteria, *bundle])
                    if clash:
                        yield fault_at(
                            sheet, (*place, "criteria"), f"no case can reach {part.id}: {clash}"
                        )
            if isinstance(part, Way) and part.applies_when is not None:
                clash = _impossible([part.applies_when, *part.requires])
                if clash:
                    yield fault_at(
                        sheet, (*place, "applies_when"), f"no case can reach {part.id}: {clash}"
                    )


def _impossible(conditions: list[Any]) -> str | None:
    """A plain contradiction among conditions that must all hold."""
    least: dict[str, float] = {}
    most: dict[str, float] = {}
    sets: dict[str, set[Any]] = {}

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
