"""What tells one outcome of a part of the evaluation from another."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from rules.engine.criteria import Judged
from rules.engine.deadlines import LevelDays
from rules.engine.paths import Candidate, Path
from rules.engine.policies import Ruled
from rules.schema.appeals import ClockReading
from rules.schema.base import Record


def token(value: Any) -> Hashable:
    """What tells one outcome from another, for the answers that a row is given.

        Of a candidate: which record, which outlook, which criteria, but not how each came out;
    that is looked at again where a row shows it (what is missing, what to do first).
    """
    if isinstance(value, Candidate):
        return (
            id(value.record), value.route, value.outlook, value.alternative, id(value.program),
            value.exact, value.placeholder, value.needs, bool(value.last_days),
            value.keep is not None, value.urgent, value.broken, value.early, value.ahead,
            tuple(_judged_token(j) for j in value.judged),
        )  # fmt: skip
    if isinstance(value, Path):
        return (value.id, value.treatment, value.route, value.lead, token(value.candidates))
    if isinstance(value, Ruled):
        return token(value.candidates)
    if isinstance(value, LevelDays):
        keep = value.keep and (value.keep.date, value.keep.start, value.keep.how)
        return (tuple(d.date for d in value.days), value.late, value.needs, keep, value.ahead)
    if isinstance(value, ClockReading):
        clock = value.clock
        return (clock.number, clock.unit, clock.counted_from, clock.receipt_presumed_after_days)
    if isinstance(value, Record):
        return ("record", id(value))
    if isinstance(value, (tuple, list)):
        return tuple(token(v) for v in value)
    return (value.__class__, value)


def _judged_token(judged: Judged) -> Hashable:
    return (
        judged.id, id(judged.verdict.node.condition), id(judged.criterion), judged.excludes,
        judged.informs_only, judged.binds, judged.verdict.value if judged.criterion is None else None,
    )  # fmt: skip
