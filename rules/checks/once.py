"""What stands once in a list: the names of its entries, and each word of a list of words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..schema.base import Cited, Record, Statement
from ..schema.other import Choice, Eligibility, PovertyGuideline, Question
from ..schema.shared import USE
from ..schema.yaml_reader import Fault, Place, RecordFile
from ..synonyms import plain
from .index import Listed, RecordIndex, fault_at

# Lists whose entries have a check of their own (`whole_book.check_once_each`, `references`).
TOLD_ELSEWHERE = ("policies", "levels", "criteria", "sources")


def check_names_once(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    facts: dict[str, Statement] = {}
    for place, part in listed:
        if isinstance(part, Statement) and facts.setdefault(part.id, part) != part:
            text = f"the fact {part.id} stands twice in this file, and says another thing"
            yield fault_at(sheet, (*place, "id"), text, part.id)
        if isinstance(part, Question):
            yield from _choices_once(sheet, place, part)
        if isinstance(part, Eligibility):
            yield from _guidelines_once(sheet, place, part)
        if isinstance(part, Cited) and part.source in part.also:
            where = (*place, "also", part.also.index(part.source))
            yield fault_at(sheet, where, f"{part.source} is the source already", part.source)
        if isinstance(part, tuple) and place and place[-1] not in TOLD_ELSEWHERE:
            yield from _entries_once(sheet, place, part)


def _entries_once(sheet: RecordFile, place: Place, entries: tuple[object, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, entry in enumerate(entries):
        key = "id" if hasattr(entry, "id") else "code" if hasattr(entry, "code") else None
        name = getattr(entry, key) if key else entry
        if not isinstance(name, str):
            continue
        if name in seen:
            where: Place = (*place, i)
            if (*where, USE) in sheet.lines:  # a shared entry, where the record names it
                where = (*where, USE)
            elif key:
                where = (*where, key)
            yield fault_at(sheet, where, f"{name!r} stands twice in this list", name)
        seen.add(name)


def _choices_once(sheet: RecordFile, place: Place, question: Question) -> Iterator[Fault]:
    """Two answers of a question differ in what they mean and in what a person reads."""
    for what in ("value", "label"):
        seen: set[str] = set()
        for i, choice in enumerate(question.choices):
            word = _word(choice, what)
            if word in seen:
                text = f"this {what} stands twice among the choices"
                yield fault_at(sheet, (*place, "choices", i, what), text, word)
            seen.add(word)


def _word(choice: Choice, what: str) -> str:
    return plain(str(getattr(choice, what)))


def _guidelines_once(sheet: RecordFile, place: Place, book: Eligibility) -> Iterator[Fault]:
    seen: set[tuple[int, str]] = set()
    for i, one in enumerate(book.poverty_guidelines):
        if _of(one) in seen:
            where = (*place, "poverty_guidelines", i, "year")
            text = f"the guideline of {one.year} for {one.region} stands twice"
            yield fault_at(sheet, where, text, one.year)
        seen.add(_of(one))


def _of(guideline: PovertyGuideline) -> tuple[int, str]:
    return guideline.year, guideline.region
