"""Conditions that no case can meet, or that every case meets: a slip of whoever wrote them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ..schema.base import Record
from ..schema.conditions import Condition
from ..schema.policies import Policy
from ..schema.ways import PaymentOption
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at
from .satisfiable import always, clash


def check_contradictions(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    inner: set[int] = set()
    for place, part in listed:
        if isinstance(part, Condition) and id(part) not in inner:
            inner.update(id(c) for c in _below(part))
            yield from _one(book, sheet, place, part)
        if isinstance(part, Policy):
            yield from _policy(book, sheet, place, part)
        if isinstance(part, PaymentOption) and part.applies_when is not None:
            if why := clash([part.applies_when, *part.requires], book.facts):
                text = f"no case can reach {part.id}: {why}"
                yield fault_at(sheet, (*place, "applies_when"), text)


def _below(condition: Condition) -> Iterator[Condition]:
    inner = condition.not_
    for part in (*(condition.all or ()), *(condition.any or ()), *([inner] if inner else [])):
        yield part
        yield from _below(part)


def _policy(book: RecordIndex, sheet: RecordFile, place: Place, policy: Policy) -> Iterator[Fault]:
    if why := clash(policy.criteria, book.facts):
        text = f"no case can reach {policy.id}: {why}"
        for i in _culprits(book, policy.criteria):
            yield fault_at(sheet, (*place, "criteria", i), text)
        return
    for i, bundle in enumerate(policy.alternatives):
        if why := clash([*policy.criteria, *bundle.criteria], book.facts):
            text = f"no case can reach {bundle.id} of {policy.id}: {why}"
            where = (*place, "alternatives", i)
            yield fault_at(sheet, where, text, bundle.id)
            for j, criterion in enumerate(bundle.criteria):
                if clash([*policy.criteria, criterion], book.facts):
                    yield fault_at(sheet, (*where, "criteria", j), text)


def _culprits(book: RecordIndex, conditions: Sequence[Condition]) -> list[int]:
    """Of conditions that exclude each other: the first that is one too many, and what it excludes."""
    last = next((i for i in range(len(conditions)) if clash(conditions[: i + 1], book.facts)), None)
    if last is None:
        return []
    against = [i for i in range(last) if clash([conditions[i], conditions[last]], book.facts)]
    return [*against, last]


def _one(
    book: RecordIndex, sheet: RecordFile, place: Place, condition: Condition
) -> Iterator[Fault]:
    """A whole condition; where it can be met, each part of it on its own and beside the others."""
    if why := clash([condition], book.facts):
        text = f"no case can meet this: {why}"
        yield fault_at(sheet, place, text)
        for i in _culprits(book, condition.all or ()):
            yield fault_at(sheet, (*place, "all", i), text)
    elif condition.fact is None and always(condition, book.facts):
        yield fault_at(sheet, place, "every case meets this: it rules nothing out")
    else:
        yield from _parts(book, sheet, place, condition, ())


def _parts(
    book: RecordIndex,
    sheet: RecordFile,
    place: Place,
    condition: Condition,
    beside: tuple[Condition, ...],
) -> Iterator[Fault]:
    """Branches that can never count: excluded by what holds beside them, or said twice."""
    for word in ("all", "any"):
        parts: tuple[Condition, ...] = getattr(condition, word) or ()
        for i, part in enumerate(parts):
            where = (*place, word, i)
            others = (*parts[:i], *parts[i + 1 :]) if word == "all" else ()
            if part in parts[:i]:
                yield fault_at(sheet, where, "this stands twice in one list", part.fact)
            elif word == "any" and (why := clash([*beside, part], book.facts)):
                yield fault_at(sheet, where, f"no case can meet this: {why}")
            elif part.fact is None and always(part, book.facts):
                yield fault_at(sheet, where, "every case meets this: it rules nothing out")
            else:
                yield from _parts(book, sheet, where, part, (*beside, *others))
    if condition.not_ is not None:
        yield from _parts(book, sheet, (*place, "not"), condition.not_, ())
