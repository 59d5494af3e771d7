"""What a policy says in sentences fits what it asks for in fields: how many medicines, how long, yes or no."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from ..schema.base import Duration, Record
from ..schema.conditions import Criterion
from ..schema.policies import Policy
from ..schema.yaml_reader import Fault, Place, RecordFile
from ..vocabulary import COVERED
from .clashes import REFUSED
from .index import Listed, RecordIndex, fault_at
from .reading import AMOUNT, lengths_in, value_of
from .said import thresholds

Told = tuple[Place, str]  # a sentence and its place

COUNTED = "failed_"  # how the facts begin that count what was tried in vain
TRIED = re.compile(
    rf"\b{AMOUNT} (?:[\w-]+ ){{0,3}}?(?:antidepressant|medicine|regimen|drug|trial|class|add-on|augmentation)",
    re.IGNORECASE,
)
OF_A_TRIAL = re.compile(r"\b(trial|taken|lasted|ran|dose|each|course)", re.IGNORECASE)
OF_APPROVAL = re.compile(r"\b(approv|authoriz|renew)", re.IGNORECASE)
WEEKS = {"day": 1 / 7, "week": 1.0, "month": 13 / 3, "year": 52.0}

UNLIKELY = re.compile(
    r"\b(is (?:very )?unlikely|say no|do(?:es)? not count|is not a |not as supported|not supported|"
    r"emergencies only)\b",
    re.IGNORECASE,
)
REFUSES = re.compile(
    r"\b(do(?:es)? not (?:cover|pay)|not to cover|not covered|never cover\w*|unproven|experimental|"
    r"investigational|investigative|excludes?|excluded|not medically necessary|not for)\b",
    re.IGNORECASE,
)
COVERS = re.compile(r"\b(covers?|covered|pays for)\b", re.IGNORECASE)


def check_said_of_policies(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, Policy):
            yield from _counts(sheet, place, part)
            yield from _weeks(sheet, place, part)
            yield from _approval(sheet, place, part)
            yield from _position(sheet, place, part)


def _sentences(policy: Policy) -> list[str]:
    return [t for t in (policy.says, *policy.documentation_required) if t]


def _counts(sheet: RecordFile, place: Place, policy: Policy) -> Iterator[Fault]:
    """How many medicines have to have failed: as the sentences of the policy, or of each way, say."""
    own = _asked(policy.criteria, (*place, "criteria"))
    ways = [
        (way, _asked(way.criteria, (*place, "alternatives", i, "criteria")))
        for i, way in enumerate(policy.alternatives)
    ]
    every = [*own, *(one for _, asked in ways for one in asked)]
    yield from _counted_otherwise(sheet, every, _sentences(policy))
    for way, asked in ways:
        yield from _counted_otherwise(sheet, [*asked, *own], [way.says] if way.says else [])


def _asked(criteria: Sequence[Criterion], place: Place) -> list[tuple[Place, float]]:
    return [
        (where, number)
        for i, criterion in enumerate(criteria)
        for where, fact, number in thresholds(criterion, (*place, i))
        if fact.startswith(COUNTED)
    ]


def _counted_otherwise(
    sheet: RecordFile, asked: Sequence[tuple[Place, float]], texts: Sequence[str]
) -> Iterator[Fault]:
    """A fault at each count where a sentence tells only others."""
    for text in texts:
        told = {value_of(m[1]) for m in TRIED.finditer(text)}
        if asked and told and not told & {number for _, number in asked}:
            shown = ", ".join(f"{n:g}" for n in sorted(told))
            for where, number in asked:
                yield fault_at(sheet, where, f"{number:g} here, {shown} in “{text[:60]}”", number)


def _weeks(sheet: RecordFile, place: Place, policy: Policy) -> Iterator[Fault]:
    trial = policy.trial
    fields = ("min_weeks", "open_from_weeks", "partial_min_weeks", "add_on_min_weeks")
    held = {float(n) for n in (getattr(trial, f) for f in fields) if n is not None}
    held |= {float(weeks) for _, weeks in trial.by_state}
    for text in _sentences(policy):
        told = {n.number for n in lengths_in(text) if n.unit == "week"}
        if trial.min_weeks and told and OF_A_TRIAL.search(text) and not told & held:
            shown = f"{trial.min_weeks} weeks here, {min(told):g} in “{text[:60]}”"
            yield fault_at(sheet, (*place, "trial", "min_weeks"), shown, trial.min_weeks)


def _approval(sheet: RecordFile, place: Place, policy: Policy) -> Iterator[Fault]:
    """How long an approval lasts: its own note, and the sentences that speak of approvals."""
    terms = policy.authorization
    for name in ("first", "renewal"):
        term: Duration | None = getattr(terms, name)
        if term is not None and term.note is not None:
            yield from _lasts_otherwise(sheet, (*place, "authorization", name), term, [term.note])
    lengths = [t for t in (terms.first, terms.renewal) if t is not None and t.number is not None]
    for text in _sentences(policy):
        if OF_APPROVAL.search(text) and len(lengths) == 1:
            name = "first" if terms.first is lengths[0] else "renewal"
            yield from _lasts_otherwise(sheet, (*place, "authorization", name), lengths[0], [text])


def _lasts_otherwise(
    sheet: RecordFile, place: Place, term: Duration, texts: Sequence[str]
) -> Iterator[Fault]:
    unit = (term.unit or "").rstrip("s")
    if term.number is None or unit not in WEEKS:
        return
    weeks = term.number * WEEKS[unit]
    for text in texts:
        told = [n.number * WEEKS[n.unit] for n in lengths_in(text) if n.unit in WEEKS]
        if told and not any(abs(weeks - other) <= max(1, other / 8) for other in told):
            shown = f"{term.number} {term.unit} here, another time in “{text[:60]}”"
            yield fault_at(sheet, (*place, "number"), shown, term.number)


def _position(sheet: RecordFile, place: Place, policy: Policy) -> Iterator[Fault]:
    """The first sentence of what a policy says does not deny its position."""
    first = (policy.says or "").split(". ")[0]
    refuses = REFUSES.search(first) or UNLIKELY.search(first)
    covers = COVERS.search(REFUSES.sub("", first))
    if policy.position in COVERED and refuses and not covers:
        text = f"{policy.position}, and its sentence says “{refuses[0]}”"
        yield fault_at(sheet, (*place, "position"), text, policy.position)
    if policy.position in REFUSED and covers and not REFUSES.search(policy.says or ""):
        text = f"{policy.position}, and its sentence says “{covers[0]}”"
        yield fault_at(sheet, (*place, "position"), text, policy.position)
