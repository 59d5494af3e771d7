"""Every fact's source, date and confidence, as a table; or what nobody has checked, by its weight."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple, TextIO

from ..case import Case
from ..engine.policies import days_old
from ..report.rests_on import Role, rests_of
from ..rule_book import Book
from ..rule_book_files import load_rules
from ..schema.base import Cited
from ..table.sample import made_up_people
from .files import InputFault

MOST_ROWS = 1_000_000
PER = 1_000  # weights are told in people of so many
LEAST = 1  # from this weight on a fact counts as one that can decide an outcome


class Weighed(NamedTuple):
    """A fact that nobody has checked, and for how many of the people it can decide an outcome."""

    file: str
    place: str
    cited: Cited
    people: int
    roles: tuple[Role, ...]  # what it decides, the most frequent first


def run(options: argparse.Namespace) -> int:
    book = load_rules()
    today = options.today or dt.date.today()
    if options.weigh:
        _tell_weights(book, options.rows, options.seed, today)
        return 0
    _row(sys.stdout, "file", "place", "confidence", "seen", "as_of", "source", "title", "url")
    for file, place, cited in book.all_facts():
        if options.unchecked and not _unchecked(cited):
            continue
        age = days_old(cited, today)
        if options.older_than is not None and age is not None and age <= options.older_than:
            continue
        source = book.sources.get(cited.source)
        _row(
            sys.stdout, file, place, cited.confidence, "yes" if cited.seen else "no",
            cited.as_of or "undated", cited.source, source.title if source else "",
            (source.url or "not seen") if source else "",
        )  # fmt: skip
    return 0


def _unchecked(cited: Cited) -> bool:
    return cited.confidence == "recalled" or not cited.seen


# --- by weight ------------------------------------------------------------------------------------------


def weigh(book: Book, people: Iterable[Case], today: dt.date) -> list[Weighed]:
    """What nobody has checked and can decide an outcome, the heaviest first.

    `rules.report.rests_on` says what that is. A person counts once for a fact, in however many
    answers and roles it speaks.
    """
    unchecked = {id(c): (file, place, c) for file, place, c in book.all_facts() if _unchecked(c)}
    counts: defaultdict[int, Counter[Role]] = defaultdict(Counter)
    persons: Counter[int] = Counter()
    for case in people:
        found = {(id(on), role) for on, role in rests_of(case, today, book) if id(on) in unchecked}
        persons.update({ident for ident, _ in found})
        for ident, role in found:
            counts[ident][role] += 1
    weighed = (
        Weighed(
            *unchecked[ident],
            n,
            tuple(role for role, _ in sorted(counts[ident].items(), key=_most)),
        )
        for ident, n in persons.items()
    )
    return sorted(weighed, key=lambda w: (-w.people, w.file, w.place))


def heavy(found: Iterable[Weighed], rows: int) -> int:
    """How many of the facts can decide an outcome for at least 1 in 1,000 of so many people."""
    return sum(w.people * PER >= LEAST * rows for w in found)


def _most(counted: tuple[Role, int]) -> tuple[int, Role]:
    role, people = counted
    return -people, role


def _tell_weights(book: Book, rows: int, seed: int, today: dt.date) -> None:
    if not 1 <= rows <= MOST_ROWS:
        raise InputFault(f"--rows must be from 1 to {MOST_ROWS:,}")
    if seed < 0:
        raise InputFault("--seed must be at least 0")
    found = weigh(book, _told(made_up_people(book, rows, seed, today), rows), today)
    _row(sys.stdout, "per 1,000", "file", "place", "source", "title", "decides")
    for file, place, cited, people, roles in found:
        source = book.sources.get(cited.source)
        _row(
            sys.stdout, f"{people * PER / rows:.10g}", file, place, cited.source,
            source.title if source else "", ", ".join(roles),
        )  # fmt: skip
    print(
        f"{heavy(found, rows)} recalled facts can decide an outcome for at least {LEAST} in {PER:,} sampled people"
    )


def _told(people: Iterable[Case], rows: int) -> Iterable[Case]:
    """The people, with a line on a terminal that tells how far it is."""
    shown = sys.stderr.isatty()
    for n, person in enumerate(people, 1):
        yield person
        if shown and (n % 50 == 0 or n == rows):
            print(f"\r{n:,} of {rows:,} people", end="\n" if n == rows else "", file=sys.stderr)


def _row(out: TextIO, *cells: str) -> None:
    out.write("\t".join(c.replace("\t", " ").replace("\n", " ") for c in cells) + "\n")
