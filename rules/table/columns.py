"""The columns of a table: read off the question records, one definition for form and table.

A column of one of several bears its number: of a cover (`coverage_2_payer`; without a number it
means the first) and of a further denial (`denial_2_date`; the first has its columns without one).
Names match without regard to case, spaces, underscores and common synonyms.
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
DENIAL, OTHER_DENIAL = "denial.", "other_denials[]."
SCORES = "severity."


class Several(NamedTuple):
    """A part of a case of which there are several, each with columns that bear its number."""

    part: str  # its list in the case
    word: str  # how its columns begin, and the key of the words for it
    first: int  # the number of the list's first in a table
    most: int

    def at(self, slot: int | None) -> int:
        """Where in the list stands what bears a number, if none is left out."""
        return (slot or self.first) - self.first


COVERS = Several("coverages", "coverage", 1, MOST_COVERAGES)
DENIALS = Several("other_denials", "denial", 2, MOST_COVERAGES + 1)
SEVERAL = {several.part: several for several in (COVERS, DENIALS)}


class ColumnShown(NamedTuple):
    """A column as a template and a help page show it."""

    name: str
    values: tuple[str, ...]  # the allowed words; empty where any number, date or text may stand
    allowed: str
    help: str


@dataclass(frozen=True)
class Column:
    """What one column holds: a place in the case, as its question describes it."""

    name: str  # its name without the number
    place: str  # `age`, `denial.notice_date`, `coverages[].payer`, `severity.phq9`
    question: Question
    synonyms: tuple[str, ...] = ()

    @property
    def of_cover(self) -> bool:
        return self.place.startswith(COVER)

    @property
    def several(self) -> Several | None:
        """The numbered part of the case that it is of."""
        return several_of(self.place)

    def title(self, slot: int | None) -> str:
        """The column's name in a table."""
        several = self.several
        return f"{several.word}_{slot}_{self.name}" if several is not None else self.name

    def own(self, place: str) -> str:
        """A place that the words of its question name, as this column's row holds it."""
        moved = self.place.startswith(OTHER_DENIAL) and place.startswith(DENIAL)
        return OTHER_DENIAL + place.removeprefix(DENIAL) if moved else place


def several_of(place: str) -> Several | None:
    """The numbered part that a place is of: `coverages[].payer`, `other_denials[0].reason`."""
    part, bracket, _ = place.partition("[")
    return SEVERAL.get(part) if bracket else None


class Target(NamedTuple):
    """A column of a table that is read: what it holds, and of which of several (by its number)."""

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
    denial = [c for c in found if c.place.startswith(DENIAL)]
    behind = found.index(denial[-1]) + 1
    return (*found[:behind], *map(_of_further_denial, denial), *found[behind:])


def _of_further_denial(first: Column) -> Column:
    """The column of a second denial (a third) that holds what this one holds of the first."""
    name = first.name.removeprefix(f"{DENIALS.word}_")
    return Column(name, f"{OTHER_DENIAL}{first.place.removeprefix(DENIAL)}", first.question)


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
def _names(book: Book) -> tuple[dict[str, Column], dict[str, Column], dict[str, Column]]:
    """Plain names of the columns of a person, of those of a cover, and of those of a further denial.

    The last are the names of the first denial's columns, whole and without the word for it.
    """
    person: dict[str, Column] = {}
    cover: dict[str, Column] = {}
    columns = [c for c in known_columns(book) if c.several is not DENIALS]
    for column in columns:  # a name of its own goes before any synonym
        (cover if column.of_cover else person).setdefault(plain(column.name), column)
    for column in columns:
        names = cover if column.of_cover else person
        for name in (*column.synonyms, column.place.removeprefix(COVER)):
            names.setdefault(plain(name.replace(".", "_")), column)
    places = column_of_place(book)
    denial = {
        name: places[OTHER_DENIAL + c.place.removeprefix(DENIAL)]
        for name, c in person.items()
        if c.place.startswith(DENIAL)
    }
    return person, cover, denial


def find_target(book: Book, name: str) -> tuple[Target | None, bool]:
    """What a column of this name holds (None: unknown), and whether that is its own name."""
    person, cover, denial = _names(book)
    short = plain(name)
    found = person.get(short)
    if found is not None:
        return Target(found, None), short == plain(found.name)
    for several, names in ((COVERS, cover), (DENIALS, denial)):
        for rest, slot in _numbered(short, several):
            column = names.get(rest)
            if column is not None and slot >= several.first:
                return Target(column, slot), short == plain(column.title(slot))
            if column is not None and several is DENIALS and slot == 1:
                return Target(person[rest], None), False
    column = cover.get(short)
    return (Target(column, 1), short == plain(column.name)) if column is not None else (None, False)


def _numbered(short: str, several: Several) -> list[tuple[str, int]]:
    """Readings of a plain name as a column of one of several and its number."""
    spoken = words()["headers"]
    found: list[tuple[str, int]] = []
    stems = "|".join(plain(w) for w in spoken[several.word])
    match = re.fullmatch(rf"(?:{stems})#?(\d{{1,3}})(.*)", short)
    if match:
        found.extend((rest, int(match[1])) for rest in _names_without_stem(match[2], several))
    match = re.fullmatch(r"(.*?[^\d])#?(\d{1,3})", short)
    if match:
        found.append((match[1], int(match[2])))
        found.extend((rest, int(match[2])) for rest in _without_stem(match[1], stems, several))
    for number, ranked in enumerate(spoken["ranks"][several.word], start=1):
        for word in ranked:
            if short.startswith(word):
                rest = short.removeprefix(word)
                found.append((rest, number))
                found.extend((r, number) for r in _without_stem(rest, stems, several))
    return found


def _without_stem(text: str, stems: str, several: Several) -> list[str]:
    match = re.fullmatch(rf"(?:{stems})(.*)", text)
    return _names_without_stem(match[1], several) if match else []


def _names_without_stem(rest: str, several: Several) -> list[str]:
    """What a name may mean that stands behind the word for one of several; bare, the kind of cover."""
    if several is COVERS:
        return [rest or "kind"]
    return [several.word + rest, rest]


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


def cover_number(text: str) -> int | None:
    """The number that a cell names a coverage by: 2, “coverage 2”, “secondary”."""
    short, spoken = plain(text).removesuffix(".0"), words()["headers"]
    for number, ranked in enumerate(spoken["ranks"][COVERS.word], start=1):
        if any(re.fullmatch(rf"{w}({'|'.join(spoken[COVERS.word])})?", short) for w in ranked):
            return number
    stems = "|".join(plain(w) for w in spoken[COVERS.word])
    match = re.fullmatch(rf"(?:{stems})?#?(\d{{1,3}})", short)
    number = int(match[1]) if match else 0
    return number if COVERS.first <= number <= COVERS.most else None


def too_many(target: Target) -> Several | None:
    """The part of the case of which a column's number is higher than there may be."""
    several = target.column.several
    return several if several is not None and (target.slot or 0) > several.most else None


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
    rest = (c for c in own if c not in before)
    shown.extend(_shown(c, c.several.first if c.several is not None else None) for c in rest)
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
    if kind in ("money", "percent", "date", "month", "state", "payer", "codes", "cover"):
        return say_allowed(kind)
    return say("allowed", "or_blank", allowed="; ".join(str(c.value) for c in question.choices))
