"""Which billing codes stand on the claim of one session: for its payer, its day, its minutes, its dose.

A record names the codes that its text names. One that has ended, or has not begun, gives way to
the code that came, or will come, in its place. A payer takes either one code for all (a bundle)
or the drug and its giving apart, never both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from ..facts.context import Facts
from ..facts.state import law_state
from ..messages import phrase
from ..rule_book import Book
from ..schema.codes import Code, Part, Span
from ..schema.policies import Family, Policy, Program

GROUP = "billed"


class BilledTo(NamedTuple):
    """Who is billed, as far as codes go: the family of programmes and the state; None: not known."""

    family: Family | Literal["nobody"] | None
    state: str | None


class Session(NamedTuple):
    """What is known of a session: its day, how long it may run, and the dose in mg."""

    day: dt.date
    minutes: tuple[int, int] | None = None  # the fewest and the most
    mg: float | None = None


# Why a code stands on a claim.
Why = Literal["all_in_one", "minutes", "time_open", "each_time", "milligrams", "the_drug", "named"]


class CodeBilled(NamedTuple):
    """A code of a claim, each number of units that it may have, and why it stands there."""

    code: Code
    units: tuple[int, ...]  # one where it is known; empty: not counted in units
    why: Why
    mg: int | None = None  # the dose for which it stands, where the dose is open


Claim = tuple[CodeBilled, ...]


def billed_to(facts: Facts, program: Program | None) -> BilledTo:
    """Who is billed for a visit under a programme of the cover seen."""
    family = (program.bills_as or program.family) if program is not None else None
    return BilledTo(family, law_state(facts).value)


def session_on(facts: Facts, treatment: str, day: dt.date, minutes: int | None = None) -> Session:
    """A session of a case: the minutes told, else the usual ones; the dose of the course that runs."""
    case = facts.case
    told = case.treatment_status if case.request == treatment else None
    usual = facts.book.usual_minutes(treatment, case.diagnosis)
    span = (usual.low, usual.high) if usual is not None else None
    if minutes is not None:
        span = (minutes, minutes)
    return Session(day, span, told.dose_mg if told is not None else None)


def codes_of(
    book: Book, treatment: str, payer: BilledTo, session: Session, policy: Policy | None = None
) -> Claim:
    """The codes of the claim of one session. No two exclude each other, save those of an open dose."""
    if payer.family == "nobody":
        return ()
    named = codes_on(book, policy.codes, payer, session.day) if policy is not None else ()
    mine = codes_standing(book, treatment, payer, session.day, named)
    own = policy is not None and policy.id not in book.rules_of_many
    if _takes_bundle(mine, named, payer, own):
        found = [*_bundles(mine, session, book)]
    else:
        found = [*_giving(mine, session), *_drugs(mine, session, book, treatment)]
    beside = [c for c in _of(mine, "beside") if c.code in named]
    held = [c for c in beside if not any(excludes(c, f.code) for f in found)]
    return (*found, *(CodeBilled(c, (1,), "named") for c in held))


def codes_standing(
    book: Book, treatment: str, payer: BilledTo, day: dt.date, named: Sequence[str] = ()
) -> list[Code]:
    """The codes of a treatment that are in force on a day and that the payer takes, or its rule names."""
    return [
        c
        for c in book.codes_for.get(treatment, ())
        if c.in_force.holds_on(day) and (c.code in named or taken_by(c, payer)) and _here(c, payer)
    ]


def excludes(one: Code, other: Code) -> bool:
    """Whether two codes never stand on one claim."""
    return other.code in one.instead_of or one.code in other.instead_of


def head_of(claim: Claim) -> str:
    """The codes of a claim as they stand at the head of a letter, with their units."""
    doses = [_told(c) for c in claim if c.mg is not None]
    rest = [_told(c) for c in claim if c.mg is None]
    return ", ".join([*([_choice(doses)] if doses else []), *rest])


def units_of(billed: CodeBilled) -> str:
    """The units of a code in words, as `84`, `56 or 84`, `1 to 3`; empty where they are not counted."""
    units = billed.units
    if len(units) < 2:
        return "".join(str(u) for u in units)
    if units[0] == 0:
        return phrase(GROUP, "up_to", last=units[-1])
    if len(units) > 2 and units == tuple(range(units[0], units[-1] + 1)):
        return phrase(GROUP, "range", first=units[0], last=units[-1])
    return _choice([str(u) for u in units])


def codes_on(book: Book, named: Iterable[str], payer: BilledTo, day: dt.date) -> tuple[str, ...]:
    """The codes to bill on a day where a rule names `named`."""
    standing = (_standing(book, code, payer, day) for code in named)
    return tuple(dict.fromkeys(code for code in standing if code is not None))


def taken_by(code: Code, payer: BilledTo) -> bool:
    """Whether a payer takes a code; one that names no payer fits all, and an unknown payer any."""
    unknown = payer.family in (None, "not_insurance")
    return not code.payers or unknown or payer.family in code.payers


def successor_of(book: Book, code: Code) -> Code | None:
    """The code that came in the place of another."""
    return next((c for c in book.codes.values() if c.replaces == code.code), None)


def _here(code: Code, payer: BilledTo) -> bool:
    return not code.states or payer.state in code.states


def _standing(book: Book, name: str, payer: BilledTo, day: dt.date) -> str | None:
    """The code itself, or the one that stands in its place on a day."""
    code = book.codes.get(name)
    if code is None:
        return None
    if code.in_force.holds_on(day):
        return name if _here(code, payer) else None
    others = (c for c in book.codes.values() if code.code == c.replaces or c.code == code.replaces)
    fitting = (c for c in others if c.in_force.holds_on(day) and taken_by(c, payer))
    return next((c.code for c in fitting if _here(c, payer)), None)


def _takes_bundle(mine: list[Code], named: Sequence[str], payer: BilledTo, own: bool) -> bool:
    """Whether the payer takes one code for all: by its own text, else by its kind, else by a general text."""
    bundles, drugs = _of(mine, "bundle"), _of(mine, "drug")
    says_bundle = any(c.code in named for c in bundles)
    says_drug = any(c.code in named for c in drugs)
    if own and says_bundle is not says_drug:
        return says_bundle
    if any(payer.family in c.payers for c in (*bundles, *drugs)):
        return any(payer.family in c.payers for c in bundles)
    return says_bundle and not says_drug


def _bundles(mine: list[Code], session: Session, book: Book) -> Iterator[CodeBilled]:
    """The bundle of the dose; of an open dose, each that a pack may be billed by."""
    for code in _of(mine, "bundle"):
        span = code.mg or Span()
        if session.mg is not None:
            if span.units(session.mg):
                yield CodeBilled(code, (1,), "all_in_one")
            continue
        for dose in book.doses:
            if dose.treatment in code.treatments and span.units(dose.mg):
                yield CodeBilled(code, (1,), "all_in_one", dose.mg)


def _giving(mine: list[Code], session: Session) -> Iterator[CodeBilled]:
    """The codes for giving the drug: those of its minutes, and of two that exclude each other the first."""
    chosen: list[Code] = []
    for code in _of(mine, "giving"):
        units = _timed(code.minutes, session.minutes)
        if not units or any(excludes(code, other) for other in chosen):
            continue
        chosen.append(code)
        why: Why = "each_time" if code.minutes is None else "minutes"
        yield CodeBilled(code, units, "time_open" if session.minutes is None else why)


def _timed(span: Span | None, minutes: tuple[int, int] | None) -> tuple[int, ...]:
    """The units of a code for giving; where the time is open, one of those that need no further hour."""
    if span is None:
        return (1,)
    if minutes is None:
        return () if span.each else (1,)
    fewest, most = span.units(minutes[0]), span.units(minutes[1])
    if span.each is None:
        return (1,) if most else ()
    return tuple(range(fewest, most + 1)) if most else ()


def _drugs(mine: list[Code], session: Session, book: Book, treatment: str) -> Iterator[CodeBilled]:
    sold = [d.mg for d in book.doses if d.treatment == treatment]
    for code in _of(mine, "drug"):
        if code.mg is None:
            yield CodeBilled(code, (), "the_drug")
        else:
            doses = [session.mg] if session.mg is not None else sold
            yield CodeBilled(code, tuple(code.mg.units(d) for d in doses), "milligrams")


def _of(codes: Iterable[Code], part: Part) -> list[Code]:
    return [c for c in codes if c.part == part]


def _told(billed: CodeBilled) -> str:
    code = billed.code
    if code.on_claim:
        return phrase(GROUP, "with", code=code.code, what=code.on_claim)
    if billed.mg is not None:
        return phrase(GROUP, "dose", code=code.code, mg=billed.mg)
    if billed.why == "all_in_one":
        return code.code
    key = "unit" if billed.units[-1] == 1 else "units"
    return phrase(GROUP, key, code=code.code, units=units_of(billed))


def _choice(parts: Sequence[str]) -> str:
    """Parts of which one stands, as `A, B or C`."""
    *first, last = parts
    return phrase(GROUP, "or", first=", ".join(first), last=last) if first else last
