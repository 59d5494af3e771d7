"""What a denial says: which of several speaks for a coverage and a treatment, and what its codes mean."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from ..case import Case, Denial
from ..rule_book import Book
from ..schema.other import DocumentFact
from ..vocabulary import DENIAL_LEVELS

OWN = "denial"  # the place in a case of the denial told first
PART_ONLY = ("visit", "observation", "facility")  # what may be refused beside the drug itself


def place_of_denial(case: Case, coverage: int | None, treatment: str | None, own: str) -> str:
    """The place of the denial that speaks for a coverage and a treatment; `own` stands at `denial` now."""
    if not case.other_denials:
        return own
    told = {f"other_denials[{i}]": denial for i, denial in enumerate(case.other_denials)}
    if case.denial is not None:
        if treatment is None and concerns(case, case.denial, coverage, None):
            return own  # which of them speaks, the treatment tells
        told = {own: case.denial} | {p: d for p, d in told.items() if p != own}
    # A further denial of which nobody knows the treatment may be about any: it speaks for none of them yet.
    fits = {
        p: d
        for p, d in told.items()
        if concerns(case, d, coverage, treatment)
        and (p == own or treatment is None or _about(case, d) is not None)
    }
    return min(fits, key=lambda p: _first(fits[p]), default=own)


def denial_at(case: Case, place: str) -> Denial | None:
    """The denial at a place that `place_of_denial` tells."""
    if place == OWN:
        return case.denial
    return (case.other_denials or ())[int(place.partition("[")[2].rstrip("]"))]


def concerns(case: Case, denial: Denial, coverage: int | None, treatment: str | None) -> bool:
    """Whether a denial may be about a coverage and a treatment; None: whichever it is."""
    if denial.coverage is not None and denial.coverage != coverage:
        return False
    about = _about(case, denial)
    return treatment is None or about is None or about == "open" or about == treatment


def _about(case: Case, denial: Denial) -> str | None:
    """The treatment that a denial is about: the one told, else the one asked for; None: not known."""
    return denial.treatment or case.request


def _first(denial: Denial) -> tuple[int, ...]:
    """What speaks first: a no that names both; of the drug itself; the furthest up; the longest ago."""
    level = DENIAL_LEVELS.index(denial.level) if denial.level is not None else 0
    named = (denial.coverage is not None) + (denial.treatment is not None)
    day = denial.notice_date or dt.date.max
    return (-named, denial.subject in PART_ONLY, -level, day.toordinal())


class CodeTold(NamedTuple):
    """A code on a letter: as it was told, the group that stands before it, and what it means; None: not known."""

    code: str
    group: DocumentFact | None
    meaning: DocumentFact | None


def codes_told(book: Book, denial: Denial | None) -> tuple[CodeTold, ...]:
    """The codes of a denial, each with its meaning: `CO-197` is reason 197 in the group CO."""
    return tuple(_code(book, told) for told in (denial.codes if denial is not None else None) or ())


def _code(book: Book, told: str) -> CodeTold:
    group, bare = book.denial_codes.get(told[:2]), told[2:].removeprefix("-")
    if group is None or group.kind != "group_code" or not bare:
        return CodeTold(told, None, book.denial_codes.get(told))
    return CodeTold(told, group, book.denial_codes.get(bare))
