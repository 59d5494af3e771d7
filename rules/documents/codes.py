"""The codes of a claim: for the head of a letter, and at length for its worksheet and the clinic's note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.report.billing_codes import (
    BilledTo,
    Claim,
    CodeBilled,
    Session,
    billed_to,
    codes_of,
    codes_standing,
    excludes,
    head_of,
    session_on,
    successor_of,
    units_of,
)
from rules.schema.codes import Code
from rules.schema.record_types import Codes

from .context import CodeRow, Gaps, TimeRow
from .diagnosis_codes import icd_codes
from .focus import Focus
from .names import Names
from .phrases import long_date, say, say_or

# How many hours past the first the table of times shows, where the minutes told ask for no more.
HOURS_SHOWN = 3


@dataclass(frozen=True)
class _Billing:
    """One claim in the making: whose, of which treatment, on which day, with which codes."""

    focus: Focus
    treatment: str
    payer: BilledTo
    session: Session
    claim: Claim


def codes(focus: Focus, names: Names) -> Gaps:
    """All fields of the context about codes. The minutes and the day of service come with the names."""
    billing = _billing(focus, names)
    return {
        "code_list": head_of(billing.claim),
        "codes": tuple(_codes(billing)),
        "codes_visits": tuple(_visits(billing)),
        "codes_wrong": tuple(_wrong(billing)),
        "codes_bundled": tuple(_bundled(billing)),
        "codes_by_time": tuple(_by_time(billing)),
        "codes_day": long_date(billing.session.day),
        "codes_none": billing.payer.family == "nobody",
        "code_minutes": _minutes(billing, names),
        "code_notes": tuple(_notes(billing)),
        "place_of_service": tuple(_places(billing)),
        "modifiers": tuple(_modifiers(billing)),
        "icd_codes": icd_codes(focus),
    }


def _billing(focus: Focus, names: Names) -> _Billing:
    treatment = focus.treatment or ""
    day, payer = names.day or focus.today, billed_to(focus.facts, focus.program)
    session = session_on(focus.facts, treatment, day, names.minutes)
    claim = codes_of(focus.book, treatment, payer, session, focus.policy)
    return _Billing(focus, treatment, payer, session, claim)


def _codes(billing: _Billing) -> Iterator[CodeRow]:
    """The codes of the claim, and those that may stand beside them for something more."""
    yield from (_billed(c) for c in billing.claim)
    if not billing.claim:
        return
    listed = {c.code.code for c in billing.claim}
    for code in _standing(billing):
        if code.part == "beside" and code.code not in listed and not code.states:
            if not _barred_by(code, billing.claim):
                yield _row(code)


def _billed(billed: CodeBilled) -> CodeRow:
    code, why = billed.code, say_or("code_why", billed.why)
    dose = say("code", "dose", mg=billed.mg) if billed.mg is not None else ""
    note = " ".join(t for t in (dose, why, code.note) if t)
    return CodeRow(code.code, code.system, code.says, note, units_of(billed) or code.on_claim or "")


def _visits(billing: _Billing) -> Iterator[CodeRow]:
    """Visits around the treatment, those of one kind in a row; psychiatric ones where they fit."""
    groups = billing.focus.facts["diagnosis_group"].known if billing.claim else ()
    kinds: dict[tuple[str, str], list[Code]] = {}
    for code in _in_force(billing):
        if code.part == "visit" and (not code.groups or set(code.groups) & set(groups)):
            against = _barred_by(code, billing.claim)
            note = say("code", "never_beside", codes=_or(against)) if against else code.note
            kinds.setdefault((code.says, note or ""), []).append(code)
    for (says, note), found in kinds.items():
        if billing.claim:
            yield CodeRow(_listed(found), found[0].system, says, note)


def _wrong(billing: _Billing) -> Iterator[CodeRow]:
    """Codes of the treatment that never fitted, or that do not stand on the day."""
    for code in billing.focus.book.codes.values():
        if billing.treatment not in code.treatments or code.part in ("modifier", "place"):
            continue
        if code.trap:
            yield _row(code, code.trap)
        elif not code.in_force.holds_on(billing.session.day):
            yield _row(code, _when(code, billing))


def _when(code: Code, billing: _Billing) -> str:
    """When a code ended, and which one stands now; or when it begins."""
    end, start = code.in_force.end, code.in_force.start
    if end is not None and end < billing.session.day:
        after = successor_of(billing.focus.book, code)
        key = "ended_replaced" if after is not None else "ended"
        return say("code", key, date=long_date(end), code=after.code if after else "")
    return say("code", "begins", date=long_date(start))


def _bundled(billing: _Billing) -> Iterator[CodeRow]:
    """Codes that may never stand beside those of the claim, and beside which; visits in one row."""
    visits: list[Code] = []
    for code in _in_force(billing):
        against = _barred_by(code, billing.claim)
        if not against or code.trap:
            continue
        if code.part == "visit":
            visits.append(code)
        elif code.part in ("bundle", "drug", "beside") and billing.treatment in code.treatments:
            key = "bundle_instead" if code.part == "bundle" else "never_beside"
            yield _row(code, say("code", key, codes=_or(against)))
    if visits:
        note = say("code", "never_beside", codes=_or(_barred_by(visits[0], billing.claim)))
        yield CodeRow(_listed(visits), visits[0].system, say("code", "visits"), note)


def _by_time(billing: _Billing) -> Iterator[TimeRow]:
    """How the codes for giving the drug change with the minutes."""
    timed = [c.minutes for c in _standing(billing) if c.minutes is not None]
    if not timed or not billing.claim:
        return
    further = [(s.start or 1, s.each) for s in timed if s.each]
    starts = {s.start or 1 for s in timed}
    most = billing.session.minutes[1] if billing.session.minutes else 0
    for first, each in further:
        hours = max(HOURS_SHOWN, 2 + (most - first) // each)
        starts |= {first + each * n for n in range(hours)}
    ordered = sorted(starts)
    for start, after in zip(ordered, [*ordered[1:], None], strict=True):
        span = _span_words(start, after - 1 if after else None, ordered[0])
        if after is not None:
            yield TimeRow(span, head_of(_giving(billing, start)))


def _giving(billing: _Billing, minutes: int | None) -> Claim:
    """The codes for giving the drug alone, for a number of minutes."""
    session = billing.session._replace(minutes=(minutes, minutes) if minutes else None)
    focus = billing.focus
    claim = codes_of(focus.book, billing.treatment, billing.payer, session, focus.policy)
    return tuple(c for c in claim if c.code.part == "giving")


def _span_words(start: int, end: int | None, lowest: int) -> str:
    key = "minutes_first" if start == lowest else "minutes_range"
    return say("code", key, first=start, last=end)


def _minutes(billing: _Billing, names: Names) -> str:
    """On what the minutes rest, where the codes depend on them."""
    if not any(c.why in ("minutes", "time_open") for c in billing.claim):
        return ""
    if names.minutes is not None:
        return say("code", "minutes_told", minutes=names.minutes)
    usual = billing.focus.book.usual_minutes(billing.treatment, billing.focus.case.diagnosis)
    return say("code", "minutes_usual", says=usual.says) if usual else say("code", "minutes_open")


def _notes(billing: _Billing) -> Iterator[str]:
    """Facts beside the codes that fit this treatment and payer: drug numbers, claim rules."""
    if not billing.claim:
        return
    mg = billing.session.mg
    for dose in billing.focus.book.doses:
        if dose.treatment == billing.treatment and mg in (None, dose.mg):
            yield dose.says
    wanted = [billing.treatment, f"{billing.treatment}_{billing.payer.family}"]
    facts = {f.id: f for sheet in billing.focus.book.of("codes", Codes) for f in sheet.facts}
    for name in (n for key in wanted for n in say_or("code_facts", key).split()):
        yield facts[name].says


def _places(billing: _Billing) -> Iterator[CodeRow]:
    """The place of service of the setting that was told; all of them where none was, or another."""
    clinic = billing.focus.case.provider
    setting = clinic.setting if clinic is not None else None
    every = [c for c in _in_force(billing) if c.part == "place" and billing.claim]
    fitting = [c for c in every if setting in c.settings]
    yield from (_row(c) for c in fitting or every)


def _modifiers(billing: _Billing) -> Iterator[CodeRow]:
    for code in _in_force(billing):
        if code.part == "modifier" and billing.treatment in code.treatments and billing.claim:
            if not code.payers or billing.payer.family in code.payers:
                yield _row(code)


def _in_force(billing: _Billing) -> list[Code]:
    found = billing.focus.book.codes.values()
    return [c for c in found if c.in_force.holds_on(billing.session.day)]


def _standing(billing: _Billing) -> list[Code]:
    return codes_standing(billing.focus.book, billing.treatment, billing.payer, billing.session.day)


def _barred_by(code: Code, claim: Iterable[CodeBilled]) -> tuple[str, ...]:
    """The codes of a claim beside which a code never stands; none where it is one of them."""
    listed = [c.code for c in claim]
    if code in listed:
        return ()
    return tuple(dict.fromkeys(c.code for c in listed if excludes(code, c)))


def _or(found: tuple[str, ...]) -> str:
    *first, last = found
    return say("code", "or", codes=", ".join(first), others=last) if first else last


def _listed(found: list[Code]) -> str:
    return ", ".join(c.code for c in found)


def _row(code: Code, note: str | None = None) -> CodeRow:
    return CodeRow(code.code, code.system, code.says, code.note or "" if note is None else note)
