"""The columns of a table: read off the question records, one definition for form and table.

A column of a cover bears the cover's number (`coverage_2_payer`); without a number it means the
first. Names match without regard to case, spaces, underscores and common synonyms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rules.case import MOST_COVERAGES
from rules.rule_book import Book
from rules.schema.other import Question
from rules.synonyms import plain

from ..made_once import made_once
from .text import say, words

COVER = "coverages[]."
SCORES = "severity."


class ColumnShown(NamedTuple):
    """A column as a template and a help page show it."""

    name: str
    values: tuple[str, ...]  # the allowed words; empty where any number, date or text may stand
    allowed: str
    help: str


@dataclass(frozen=True)
class Column:
    """What one column holds: a place in the case, as its question describes it."""

    name: str  # its name without the number of the cover
    place: str  # `age`, `denial.notice_date`, `coverages[].payer`, `severity.phq9`
    question: Question
    synonyms: tuple[str, ...] = ()

    @property
    def of_cover(self) -> bool:
        return self.place.startswith(COVER)

    def title(self, slot: int | None) -> str:
        """The column's name in a table."""
        return f"coverage_{slot}_{self.name}" if self.of_cover else self.name


class Target(NamedTuple):
    """A column of a table that is read: what it holds, and of which cover (counted from 1)."""

    column: Column
    slot: int | None

    @property
    def title(self) -> str:
        return self.column.title(self.slot)


@dataclass(frozen=True)
class Header:
    """A table's header as understood: a target for each position, None for what passes through."""

    names: tuple[str, ...]
    targets: tuple[Target | None, ...]
    case_id: int | None
    warnings: tuple[str, ...]

    @property
    def slots(self) -> int:
        return max((t.slot or 0 for t in self.targets if t is not None), default=0)


@made_once
def known_columns(book: Book) -> tuple[Column, ...]:
    """Every column that a table may have, in the order of the questions."""
    found: list[Column] = []
    for question in book.questions:
        if question.kind == "treatments":
            continue  # a list of treatments does not fit in a cell: a table gives the counts
        if question.kind == "scores":
            found.extend(_score_columns(question))
            continue
        place = question.field
        name = question.column or place.removeprefix(COVER).replace(".", "_")
        found.append(Column(name, place, question, question.column_synonyms))
    return tuple(found)


def _score_columns(question: Question) -> list[Column]:
    found = []
    for choice in question.choices:
        scale = str(choice.value)
        also = tuple(k for k, v in question.synonyms.items() if v == scale)
        own = question.column_synonyms if scale == question.column else ()
        also = (*also, *(f"{a}_score" for a in (scale, *also)), *own)
        found.append(Column(scale, f"{SCORES}{scale}", question, also))
    return found


@made_once
def column_of_place(book: Book) -> dict[str, Column]:
    return {c.place: c for c in known_columns(book)}


@made_once
def column_order(book: Book) -> dict[str, int]:
    """Where each column stands in the template: for lists of columns in one order."""
    return {c.place: i for i, c in enumerate(known_columns(book))}


@made_once
def _names(book: Book) -> tuple[dict[str, Column], dict[str, Column]]:
    """Plain names of the columns of a person, and of those of a cover."""
    person: dict[str, Column] = {}
    cover: dict[str, Column] = {}
    columns = known_columns(book)
    for column in columns:  # a name of its own goes before any synonym
        (cover if column.of_cover else person).setdefault(plain(column.name), column)
    for column in columns:
        names = cover if column.of_cover else person
        for name in (*column.synonyms, column.place.removeprefix(COVER)):
            names.setdefault(plain(name.replace(".", "_")), column)
    return person, cover


def find_target(book: Book, name: str) -> tuple[Target | None, bool]:
    """What a column of this name holds (None: unknown), and whether that is its own name."""
    person, cover = _names(book)
    short = plain(name)
    found = person.get(short)
    if found is not None:
        return Target(found, None), short == plain(found.name)
    for rest, slot in _numbered(short):
        column = cover.get(rest)
        if column is not None and slot >= 1:
            return Target(column, slot), short == plain(column.title(slot))
    column = cover.get(short)
    return (Target(column, 1), short == plain(column.name)) if column is not None else (None, False)


def _numbered(short: str) -> list[tuple[str, int]]:
    """Readings of a plain name as a column of a cover and the cover's number."""
    spoken = words()["headers"]
    found: list[tuple[str, int]] = []
    stems = "|".join(plain(w) for w in spoken["coverage"])
    match = re.fullmatch(rf"(?:{stems})#?(\d{{1,3}})(.*)", short)
    if match:
        found.append((match[2] or "kind", int(match[1])))
    match = re.fullmatch(r"(.*?[^\d])#?(\d{1,3})", short)
    if match:
        found.append((match[1], int(match[2])))
        found.extend((rest, int(match[2])) for rest in _without_stem(match[1], stems))
    for number, key in enumerate(("first", "second", "third"), start=1):
        for word in spoken[key]:
            if short.startswith(word):
                rest = short.removeprefix(word)
                found.append((rest, number))
                found.extend((r, number) for r in _without_stem(rest, stems))
    return found


def _without_stem(text: str, stems: str) -> list[str]:
    match = re.fullmatch(rf"(?:{stems})(.*)", text)
    return [match[1] or "kind"] if match else []


def read_header(book: Book, names: Sequence[str]) -> Header:
    """What each column of a table holds. Where two say the same, the one with the proper name is read."""
    readings = [find_target(book, name) for name in names]
    chosen: dict[tuple[str, int | None], int] = {}
    for proper in (True, False):
        for i, (target, exact) in enumerate(readings):
            if target is not None and exact is proper:
                chosen.setdefault((target.column.place, target.slot), i)
    targets: list[Target | None] = []
    warnings: list[str] = []
    for i, (target, _) in enumerate(readings):
        used = chosen[(target.column.place, target.slot)] if target is not None else i
        targets.append(target if used == i else None)
        if used != i:
            warnings.append(say("warnings", "twice", header=names[i][:80], used=names[used][:80]))
    ids = [plain(w) for w in words()["headers"]["case_id"]]
    by_rank = sorted((ids.index(plain(n)), i) for i, n in enumerate(names) if plain(n) in ids)
    return Header(tuple(names), tuple(targets), by_rank[0][1] if by_rank else None, tuple(warnings))


def too_many_covers(target: Target) -> bool:
    return (target.slot or 0) > MOST_COVERAGES


def columns(book: Book, covers: int = 2) -> list[ColumnShown]:
    """Every column of the template: its name, its allowed words and what it means."""
    shown = [ColumnShown("case_id", (), say_allowed("text"), say("template", "id_help"))]
    own = [c for c in known_columns(book) if not c.of_cover]
    of_cover = [c for c in known_columns(book) if c.of_cover]
    before = [c for c in own if c.question.section in ("you", "treatment")]
    for column in before:
        shown.append(_shown(column, None))
    for slot in range(1, covers + 1):
        shown.extend(_shown(c, slot) for c in of_cover)
    shown.extend(_shown(c, None) for c in own if c not in before)
    return shown


def say_allowed(key: str, **values: object) -> str:
    return say("allowed", "or_blank", allowed=say("allowed", key, **values))


def _shown(column: Column, slot: int | None) -> ColumnShown:
    question = column.question
    values = allowed_words(column)
    text = say("allowed", "or_blank", allowed=", ".join(values)) if values else allowed_text(column)
    return ColumnShown(column.title(slot), values, text, question.asks_intake or question.asks)


def allowed_words(column: Column) -> tuple[str, ...]:
    """The closed list of words that may stand in a column; empty where it is not a list of words."""
    if column.question.kind == "yes_no":
        return ("yes", "no")
    if column.question.kind != "one":
        return ()
    found = tuple(str(c.value) for c in column.question.choices)
    return (*found, words()["headers"]["uninsured"]) if column.place == f"{COVER}kind" else found


def allowed_text(column: Column) -> str:
    """What may stand in a column whose words are no closed list."""
    question = column.question
    kind = question.kind
    low, high = f"{question.low or 0:g}", f"{question.high or 0:,.0f}"
    if kind in ("whole_number", "number", "scores"):
        return say_allowed("whole" if kind == "whole_number" else "number", low=low, high=high)
    if kind in ("money", "percent", "date", "month", "state", "payer", "codes"):
        return say_allowed(kind)
    return say("allowed", "or_blank", allowed="; ".join(str(c.value) for c in question.choices))
