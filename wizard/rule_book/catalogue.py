"""Searching the rule book: every cited thing as one entry, found by words and by what it is about.

Pure. The index is built once for a rule book and a day; a search only reads it.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from rapidfuzz import fuzz, process

from rules import Book
from rules.engine.policies import OLD_AFTER_DAYS, days_old
from rules.schema.base import Cited, Record
from rules.schema.codes import Code
from rules.schema.policies import Policy, Program
from rules.schema.record_types import RECORD_TYPES
from rules.schema.states import State
from rules.vocabulary import Confidence
from wizard.answers import Place, parts_of
from wizard.messages import say, texts

from .record_words import name_of, sentence

Mark = Literal["recalled", "unseen", "past_review", "old", "undated", "misstated"]
UNCHECKED: tuple[Mark, ...] = ("recalled", "unseen")
STALE: tuple[Mark, ...] = ("past_review", "old", "undated")
MARKS: tuple[Mark, ...] = (*UNCHECKED, *STALE, "misstated")

_WORD = re.compile(r"[a-z0-9§]+")
CLOSE_WORD = 75  # of 100; below this another word is meant
SHORTEST_TO_MEND = 4
SHORTEST_PART = 4  # a word that is shorter is not looked for inside of others


@dataclass(frozen=True)
class CatalogueEntry:
    """One cited thing: where it stands, what it says, who said it, and what is doubtful about it."""

    number: int
    file: str
    place: str
    room: str
    kind: str  # the kind of thing: Policy, Fact, Level …
    record: str  # name of the record that it stands in
    title: str
    says: str
    source: str
    as_of: str | None
    checked: dt.date
    confidence: Confidence
    marks: tuple[Mark, ...]
    payers: tuple[str, ...]
    states: tuple[str, ...]
    programs: tuple[str, ...]
    words: str  # all that a search looks through, in lower case

    @cached_property
    def whole_words(self) -> frozenset[str]:
        """The words one by one: a short word or a number must be one of them."""
        return frozenset(_WORD.findall(self.words))

    @property
    def part(self) -> str:
        """The part of the record that the entry stands in (`policies`, `facts` …)."""
        return re.split(r"[.\[]", self.place)[0]


@dataclass(frozen=True)
class Wanted:
    """What is looked for. A field left empty does not narrow the search."""

    text: str = ""
    payer: str | None = None
    state: str | None = None
    program: str | None = None
    room: str | None = None
    source: str | None = None
    confidence: Confidence | None = None
    marks: tuple[Mark, ...] = ()  # any of these


@dataclass(frozen=True)
class Found:
    """The entries that fit, best first; `instead` is the text as it was read after a misspelling.

    `partly`: no entry holds every word; these hold the words that tell most.
    """

    entries: tuple[CatalogueEntry, ...]
    instead: str | None = None
    partly: bool = False


@dataclass(frozen=True, eq=False)
class RecordCatalogue:
    """The index of a rule book on a day."""

    entries: tuple[CatalogueEntry, ...]

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """Every word that stands anywhere, for mending misspellings."""
        return tuple(sorted(self.spread))

    @cached_property
    def spread(self) -> dict[str, int]:
        """In how many entries each word stands: a word of few entries tells more."""
        return _count(w for e in self.entries for w in e.whole_words)

    @cached_property
    def by_file(self) -> dict[str, tuple[CatalogueEntry, ...]]:
        """The entries of each record, in its own order."""
        found: dict[str, list[CatalogueEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.file, []).append(entry)
        return {file: tuple(entries) for file, entries in found.items()}

    @cached_property
    def rooms(self) -> dict[str, int]:
        """How many entries each kind of record holds."""
        return _count(e.room for e in self.entries)

    @cached_property
    def sources(self) -> dict[str, int]:
        """How many entries rest on each source."""
        return _count(e.source for e in self.entries)

    @cached_property
    def marked(self) -> dict[str, int]:
        """How many entries bear each mark."""
        return _count(m for e in self.entries for m in e.marks)


def _count(values: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


# --- building ---------------------------------------------------------------------------------------


def build_catalogue(book: Book, today: dt.date) -> RecordCatalogue:
    """The index of every cited thing of a rule book, as it stands on a day."""
    rooms = {
        file: room.name for room in RECORD_TYPES for file, _ in book.records.get(room.name, ())
    }
    records = {file: record for pairs in book.records.values() for file, record in pairs}
    wrong = re.compile("|".join(texts("rule_book.misstated_signs")), re.IGNORECASE)
    entries = []
    for number, (file, place, thing) in enumerate(book.all_facts()):
        record = records[file]
        chain = (*ancestors(record, place), thing)
        entries.append(
            _entry(number, book, (file, place, rooms[file]), record, chain, today, wrong)
        )
    return RecordCatalogue(tuple(entries))


def ancestors(record: Record, place: str) -> tuple[Record, ...]:
    """The records that a place stands in, from the whole file inward."""
    found: list[Record] = [record] if place else []
    here: object = record
    for part in parts_of(place)[:-1]:
        here = _inside(here, part)
        if isinstance(here, Record):
            found.append(here)
    return tuple(found)


def at_place(record: Record, place: str) -> object:
    """What stands at a place of a record."""
    here: object = record
    for part in parts_of(place):
        here = _inside(here, part)
    return here


def _inside(here: Any, part: Place) -> object:
    return here[part] if isinstance(part, int) else getattr(here, part)


def _entry(
    number: int,
    book: Book,
    where: tuple[str, str, str],
    record: Record,
    chain: tuple[Record, ...],
    today: dt.date,
    wrong: re.Pattern[str],
) -> CatalogueEntry:
    file, place, room = where
    thing = chain[-1]
    assert isinstance(thing, Cited)
    source = book.sources[thing.source]
    name = name_of(record, book, room)
    title = next((n for c in reversed(chain[1:]) if (n := name_of(c, book))), "")
    says = sentence(thing, book, chain)
    entry = CatalogueEntry(
        number=number, file=file, place=place, room=room, kind=type(thing).__name__, record=name,
        title=title, says=says, source=source.id, as_of=thing.as_of, checked=source.checked,
        confidence=thing.confidence, marks=marks_of(thing, source.review_by, today, wrong),
        payers=tuple(_payers(chain, file, room)), states=tuple(_states(chain)),
        programs=tuple(_programs(chain, book)), words="",
    )  # fmt: skip
    spoken = (name, title, says, thing.note or "", source.title, source.publisher or "",
              file, place.replace("_", " "), say(f"rule_book.kind.{entry.kind}"))  # fmt: skip
    return replace(entry, words=" ".join((*spoken, *_also(chain), *entry.states)).lower())


def _also(chain: tuple[Record, ...]) -> Iterator[str]:
    """Other names that people search by: brands, billing codes, policy numbers, ids."""
    for one in chain:
        for field in ("also_called", "brands", "codes", "indications", "documentation_required"):
            yield from (str(v).replace("_", " ") for v in getattr(one, field, ()) or ())
        for field in ("id", "number", "title", "treatment", "code"):
            value = getattr(one, field, None)
            if value:
                yield str(value).replace("_", " ")
        if isinstance(one, Policy) and one.trial.min_weeks is not None:
            yield say("rule_book.trial_weeks", weeks=one.trial.min_weeks)


def marks_of(
    thing: Cited, source_review: dt.date, today: dt.date, wrong: re.Pattern[str] | None = None
) -> tuple[Mark, ...]:
    """What is doubtful about a thing: not checked, not seen, past its review, old or undated.

    Age is counted for policies: a law of 1996 may be as good as new, a policy of 2022 may not.
    """
    found: list[Mark] = []
    if thing.confidence == "recalled":
        found.append("recalled")
    if not thing.seen:
        found.append("unseen")
    if min(source_review, thing.review_by or source_review) < today:
        found.append("past_review")
    if isinstance(thing, Policy):
        age = days_old(thing, today)
        if age is None:
            found.append("undated")
        elif age > OLD_AFTER_DAYS:
            found.append("old")
    if wrong is not None and wrong.search(f"{getattr(thing, 'says', '')} {thing.note or ''}"):
        found.append("misstated")
    return tuple(found)


def _payers(chain: tuple[Record, ...], file: str, room: str) -> Iterator[str]:
    if room == "payers":
        yield file.removeprefix("payers/").removesuffix(".yaml")
    for one in chain:
        if isinstance(one, Code):
            yield from one.payers


def _states(chain: tuple[Record, ...]) -> Iterator[str]:
    for one in chain:
        if isinstance(one, State):
            yield one.code
        yield from getattr(one, "states", None) or ()


def _programs(chain: tuple[Record, ...], book: Book) -> Iterator[str]:
    for one in chain:
        if isinstance(one, Program):
            yield one.id
        yield from getattr(one, "programs", None) or ()
        if isinstance(one, Policy):
            yield from (
                p.id for p in book.programs.values() if p.line_of_business in one.lines_of_business
            )
        if type(one).__name__ == "Ladder":
            yield from (
                p.id for p in book.programs.values() if p.appeal_process == getattr(one, "id", "")
            )
        if type(one).__name__ == "Medicaid":
            yield from (p.id for p in book.programs.values() if p.family == "medicaid")


# --- searching --------------------------------------------------------------------------------------


def search(catalogue: RecordCatalogue, wanted: Wanted) -> Found:
    """The entries that hold the words of the text and fit every filter, best first.

    A word that stands nowhere is read as the nearest word that does. Where no entry holds all
    words, those that hold most of what the words tell are found.
    """
    kept = [e for e in catalogue.entries if _fits(e, wanted)]
    words = _telling(wanted.text)
    if not words:
        return Found(tuple(kept))
    hits = _holding(kept, words)
    if hits:
        return Found(tuple(_ranked(hits, words)))
    mended = [_mend(w, catalogue) for w in words]
    instead = " ".join(mended) if mended != words else None
    hits = _holding(kept, mended)
    if hits:
        return Found(tuple(_ranked(hits, mended)), instead)
    partly = _partly(kept, mended, catalogue)
    return Found(tuple(partly), instead if partly else None, partly=bool(partly))


def _telling(text: str) -> list[str]:
    """The words of a question that tell what is looked for; if none does, all."""
    words = [w.strip("?!.,;:()“”\"'’") for w in text.lower().split()]
    words = [w for w in words if w]
    idle = set(texts("rule_book.idle_words"))
    return [w for w in words if w not in idle] or words


def _fits(entry: CatalogueEntry, wanted: Wanted) -> bool:
    return (
        (wanted.room is None or entry.room == wanted.room)
        and (wanted.confidence is None or entry.confidence == wanted.confidence)
        and (wanted.payer is None or wanted.payer in entry.payers)
        and (wanted.state is None or wanted.state in entry.states)
        and (wanted.program is None or wanted.program in entry.programs)
        and (wanted.source is None or entry.source == wanted.source)
        and (not wanted.marks or any(m in entry.marks for m in wanted.marks))
    )


def _holding(entries: list[CatalogueEntry], words: list[str]) -> list[CatalogueEntry]:
    return [e for e in entries if all(_holds(e, w) for w in words)]


def _holds(entry: CatalogueEntry, word: str) -> bool:
    """Whether an entry holds a word; a short one or a number only as a word of its own."""
    if len(word) < SHORTEST_PART or (word[0].isdigit() and word.isalnum()):
        return word in entry.whole_words
    return word in entry.words


def _ranked(entries: list[CatalogueEntry], words: list[str]) -> list[CatalogueEntry]:
    """Words side by side first; then rules; then where words stand in the name, in the sentence."""
    pairs = [f"{a} {b}" for a, b in pairwise(words) if a[0].isdigit()]

    def weight(entry: CatalogueEntry) -> tuple[int, int, int, int]:
        name = f"{entry.record} {entry.title}".lower()
        says = entry.says.lower()
        return (
            -sum(p in entry.words for p in pairs),
            -sum(w in name for w in words) - sum(w in says for w in words),
            entry.kind != "Policy",
            entry.number,
        )

    return sorted(entries, key=weight)


def _partly(
    entries: list[CatalogueEntry], words: list[str], catalogue: RecordCatalogue
) -> list[CatalogueEntry]:
    """The entries that hold at least half of what the words tell: more first, then rules."""
    many = len(catalogue.entries)
    tells = {w: math.log(many / catalogue.spread[w]) for w in words if w in catalogue.spread}
    enough = sum(tells.values()) / 2
    found = []
    for entry in entries:
        held = sum(tells[w] for w in tells if _holds(entry, w))
        if held and held >= enough:
            found.append((-held, entry.kind != "Policy", entry.number, entry))
    return [entry for *_, entry in sorted(found, key=lambda f: f[:3])]


def _mend(word: str, catalogue: RecordCatalogue) -> str:
    """The nearest word that stands somewhere, where the word itself does not."""
    if len(word) < SHORTEST_TO_MEND or any(word in v for v in catalogue.vocabulary):
        return word
    found = process.extractOne(
        word, catalogue.vocabulary, scorer=fuzz.ratio, score_cutoff=CLOSE_WORD
    )
    return str(found[0]) if found else word


def pages_needed(count: int, each: int) -> int:
    """How many pages so many entries fill (at least one)."""
    return max(1, -(-count // each))


def page_of(
    entries: tuple[CatalogueEntry, ...], page: int, each: int
) -> tuple[CatalogueEntry, ...]:
    """The entries of one page, counted from 1."""
    start = (max(1, min(page, pages_needed(len(entries), each))) - 1) * each
    return entries[start : start + each]
