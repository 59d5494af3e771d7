"""Names and words by which things are found: none is empty, none is another one's, none is a slip of a known one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from ..schema.base import Record
from ..schema.policies import Payer, PlanName
from ..schema.record_types import Questions, Treatments
from ..schema.yaml_reader import Fault, Place, RecordFile
from ..synonyms import plain, plain_name
from .index import WORDS, Listed, RecordIndex, fault_at

LONG = 20  # letters from which a word may hold two slips
SHORTEST = {"drug_class": 3}  # letters from which one slip makes no other word; else
SHORT = 6
COVER = "coverages[]"


def check_names(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, Payer):
            yield from _folds(
                sheet, [((*place, "also_called", i), n) for i, n in enumerate(part.also_called)]
            )
            yield from _folds(sheet, [((*place, "name"), part.name)])
        elif isinstance(part, PlanName):
            yield from _folds(sheet, [((*place, "names", i), n) for i, n in enumerate(part.names)])
        elif isinstance(part, str) and place and place[-1] in WORDS:
            yield from _slip_of_a_word(book, sheet, place, part)
    if isinstance(record, Treatments):
        yield from _treatments(sheet, record)
    if isinstance(record, Questions):
        yield from _columns(sheet, record)


def _folds(sheet: RecordFile, names: list[tuple[Place, str]]) -> Iterator[Fault]:
    for place, name in names:
        if len(plain_name(name).replace("_", "")) < 2:
            text = f"{name!r} is no name: nothing is left of it without signs and filler words"
            yield fault_at(sheet, place, text, name)


def _slip_of_a_word(
    book: RecordIndex, sheet: RecordFile, place: Place, word: str
) -> Iterator[Fault]:
    """A word that stands once, beside one that differs by a slip."""
    field = str(place[-1])
    known: Counter[str] = book.words[field]
    if known[word] > 1:
        return
    from rapidfuzz.distance import OSA

    shortest = SHORTEST.get(field, SHORT)
    for other in (w for w, often in known.items() if often > 1 or field in SHORTEST):
        length = min(len(word), len(other))
        slips = 0 if length < shortest else 2 if length >= LONG else 1
        if other != word and slips and OSA.distance(word.lower(), other.lower()) <= slips:
            text = f"{word!r} stands nowhere else. Is it {other!r}?"
            yield fault_at(sheet, place, text, word, other)
            return


def _treatments(sheet: RecordFile, record: Treatments) -> Iterator[Fault]:
    """A name or brand finds one treatment, or the entries of one medicine."""
    found: dict[tuple[str, str], str] = {}  # one that is taken for two ends has an entry for each
    medicine = {t.id: t.medicine or t.id for t in record.treatments}
    for i, one in enumerate(record.treatments):
        names: list[tuple[Place, str]] = [(("treatments", i, "name"), one.name)]
        names += [(("treatments", i, "brands", j), b) for j, b in enumerate(one.brands)]
        yield from _folds(sheet, names)
        for place, name in names:
            other = found.setdefault((one.counts_as, plain_name(name)), medicine[one.id])
            if other != medicine[one.id]:
                yield fault_at(sheet, place, f"{name!r} is a name of {other} too", name)


def _columns(sheet: RecordFile, record: Questions) -> Iterator[Fault]:
    """A heading of a table finds one question, a word of a question says something."""
    found: dict[tuple[bool, str], str] = {}  # those of a coverage are numbered, and apart
    for i, question in enumerate(record.questions):
        place: Place = ("questions", i)
        names = [] if question.column is None else [((*place, "column"), question.column)]
        names += [
            ((*place, "column_synonyms", j), s) for j, s in enumerate(question.column_synonyms)
        ]
        for where, name in names:
            other = found.setdefault((question.field.startswith(COVER), plain(name)), question.id)
            if not plain(name) or other != question.id:
                yield fault_at(sheet, where, f"{name!r} is a column of {other} too", name)
        for word in question.synonyms:
            if not plain(word):
                yield fault_at(sheet, (*place, "synonyms", word), "a word that is empty", word)
