"""Which billing codes stand on a claim of a day: in force then, and taken by the payer.

A record names the codes that its text names. One that has ended, or has not begun, gives way to
the code that came, or will come, in its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from ..facts.context import Facts
from ..facts.state import law_state
from ..rule_book import Book
from ..schema.clinical import Code
from ..schema.policies import Family, Program


class BilledTo(NamedTuple):
    """Who is billed, as far as codes go: the family of programmes and the state; None: not known."""

    family: Family | None
    state: str | None


def billed_to(facts: Facts, program: Program | None) -> BilledTo:
    """Who is billed for a visit under a programme of the cover seen."""
    return BilledTo(program.family if program is not None else None, law_state(facts).value)


def codes_on(book: Book, named: Iterable[str], payer: BilledTo, day: dt.date) -> tuple[str, ...]:
    """The codes to bill on a day where a rule names `named`."""
    standing = (_standing(book, code, payer, day) for code in named)
    return tuple(dict.fromkeys(code for code in standing if code is not None))


def codes_billed(
    book: Book, named: Iterable[str], treatment: str, payer: BilledTo, day: dt.date
) -> tuple[str, ...]:
    """The codes to bill for a treatment that a rule covers, with those that its payer is known to take.

    A text that names the codes of the visit, or none at all, leaves out how some payers take the
    drug: a code that names this kind of payer stands beside those in whose place it is billed.
    """
    standing = codes_on(book, named, payer, day)
    for code in book.codes.values():
        if treatment not in code.treatments or not _taken_by_name(code, payer, day):
            continue
        if not standing or set(standing) & set(code.instead_of):
            standing = tuple(dict.fromkeys((*(standing or code.instead_of), code.code)))
    return standing


def _taken_by_name(code: Code, payer: BilledTo, day: dt.date) -> bool:
    """Whether a code in force names this kind of payer and is billed in the place of others."""
    named = payer.family is not None and payer.family in code.payers
    return named and bool(code.instead_of) and not code.trap and code.in_force.holds_on(day)


def taken_by(code: Code, payer: BilledTo) -> bool:
    """Whether a payer takes a code; one that names no payer and no state fits all."""
    family = not code.payers or payer.family is None or payer.family in code.payers
    return family and (not code.states or payer.state in code.states)


def successor_of(book: Book, code: Code) -> Code | None:
    """The code that came in the place of another."""
    return next((c for c in book.codes.values() if c.replaces == code.code), None)


def _standing(book: Book, name: str, payer: BilledTo, day: dt.date) -> str | None:
    """The code itself, or the one that stands in its place on a day."""
    code = book.codes.get(name)
    if code is None:
        return None
    if code.in_force.holds_on(day):
        return name if not code.states or taken_by(code, payer) else None
    others = (c for c in book.codes.values() if code.code == c.replaces or c.code == code.replaces)
    fitting = (c.code for c in others if c.in_force.holds_on(day) and taken_by(c, payer))
    return next(fitting, None)
