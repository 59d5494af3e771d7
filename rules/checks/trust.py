"""How sure a record may be: what its kind of source can carry, and what it says itself that nobody checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from ..schema.appeals import (
    AppealLevel,
    ClockReading,
    DecisionClock,
    EarlyStart,
    KeepCare,
    LawPoint,
)
from ..schema.base import Cited, Record
from ..schema.coordination import OrderRule
from ..schema.other import PovertyGuideline
from ..schema.policies import Policy
from ..schema.state_coverage import IncomeLimits
from ..schema.states import (
    AnswerTimes,
    FairHearing,
    MedicaidDelivery,
    NetworkGapLaw,
    OffLabelLaw,
    ParityLaw,
    PriorAuthorizationLaw,
    Review,
    StepTherapyLaw,
    WithoutAppealFirst,
)
from ..schema.ways import DatedValue
from ..schema.yaml_reader import Fault, RecordFile
from .index import Listed, RecordIndex, fault_at

# Who speaks for a rule: whoever made it. `sourced` means seen in their text, or in a copy of it.
MAKERS = frozenset({"payer", "agency", "state_agency", "regulation", "statute", "court", "label"})
RULES = (
    Policy, AppealLevel, ClockReading, DecisionClock, EarlyStart, KeepCare, LawPoint, OrderRule,
    PovertyGuideline, IncomeLimits, AnswerTimes, FairHearing, MedicaidDelivery, NetworkGapLaw,
    OffLabelLaw, ParityLaw, PriorAuthorizationLaw, Review, StepTherapyLaw, WithoutAppealFirst, DatedValue,
)  # fmt: skip
# Collections of the statutes themselves carry the parity laws of states.
COPIES: Mapping[type[Record], str] = {LawPoint: "organization", ParityLaw: "organization"}
SECOND_HAND = frozenset({"news", "public_data", "other"})
# Fields that are no part of what a record says.
ABOUT = (
    "source", "also", "as_of", "confidence", "seen", "review_by", "note", "recalled_fields", "remarks",
    "exists",
)  # fmt: skip


def check_trust(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, Cited):
            continue
        kinds = {book.source_kinds.get(s) for s in (part.source, *part.also)}
        if part.confidence == "sourced" and None not in kinds and not _carries(part, kinds):
            text = f"`sourced` needs its maker's own text: this source is of kind {min(map(str, kinds))}"
            yield fault_at(sheet, (*place, "confidence"), text, part.confidence)
        if part.confidence == "sourced" and not part.seen and part.note is None:
            text = "`sourced` though not seen: a `note` has to say what was"
            yield fault_at(sheet, (*place, "seen"), text)
        for i, name in enumerate(getattr(part, "recalled_fields", ())):
            told = getattr(part, name, None)
            if told is None or told == ():
                text = f"{name} is not told here, so it cannot be recalled"
                yield fault_at(sheet, (*place, "recalled_fields", i), text, name)
            elif any(c.confidence != "recalled" for c in _cited(told)):
                text = f"{name} has a source of its own, and is recalled here"
                yield fault_at(sheet, (*place, "recalled_fields", i), text, name)
        if part.confidence != "recalled" and _all_recalled(part):
            text = f"`{part.confidence}`, though all that it says is in `recalled_fields`"
            yield fault_at(sheet, (*place, "confidence"), text, part.confidence)


def _cited(told: object) -> list[Cited]:
    parts = told if isinstance(told, tuple) else (told,)
    return [part for part in parts if isinstance(part, Cited)]


def _carries(part: Cited, kinds: set[str | None]) -> bool:
    if not isinstance(part, RULES):
        return bool(kinds - SECOND_HAND)
    return bool(kinds & MAKERS) or COPIES.get(type(part)) in kinds


def _all_recalled(part: Cited) -> bool:
    recalled = set(getattr(part, "recalled_fields", ()))
    said = {n for n in type(part).model_fields if n not in ABOUT and n in part.model_fields_set}
    return bool(recalled) and said <= recalled
