"""Levels of appeal stand in the order in which a denial goes through them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from ..schema.appeals import AppealLevel, AppealProcess
from ..schema.base import Record
from ..schema.yaml_reader import Fault, RecordFile
from ..vocabulary import DenialLevel
from .index import Listed, RecordIndex, fault_at

# How far a denial has come. A first decision made again and an appeal to the plan are alike.
STEPS: Mapping[DenialLevel, int] = {
    "initial": 0, "internal_1": 1, "reconsideration": 1, "internal_2": 2, "external": 3,
    "hearing": 4, "council": 5,
}  # fmt: skip


def check_levels(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if not isinstance(record, AppealProcess) or not record.levels:
        return
    if "initial" not in record.levels[0].follows:
        text = f"the first level, {record.levels[0].id}, does not follow a first denial (initial)"
        yield fault_at(sheet, ("levels", 0, "follows"), text, record.levels[0].id)
    for j, later in enumerate(record.levels):
        if later.id in later.follows:
            text = f"{later.id} follows itself"
            yield fault_at(sheet, ("levels", j, "follows"), text, later.id)
        for i, first in enumerate(record.levels[:j]):
            if "initial" not in later.follows and _reached(first) > _reached(later):
                text = f"{first.id} stands before {later.id} and follows what comes after it"
                for k in (i, j):
                    yield fault_at(sheet, ("levels", k, "follows"), text, record.levels[k].id)


def _reached(level: AppealLevel) -> int:
    """The furthest that a denial has come where the level is the next one."""
    return max((STEPS[step] for step in level.follows), default=0)
