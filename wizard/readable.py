"""What can be read of a case in plain data: the rest is taken out, field by field, and named."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from rules import CaseError, load_rules, read_case
from rules.case import CaseFault, PlainCase

from .answers import parts_of

MOST_FAULTS = 200


def readable(data: object, day: dt.date) -> tuple[PlainCase, list[CaseFault]]:
    """The part of a case that can be read, and a fault for each thing left out."""
    if not isinstance(data, dict):
        return {}, []
    kept: PlainCase = {k: copy.deepcopy(v) for k, v in data.items() if v is not None}
    left_out: list[CaseFault] = []
    for _ in range(MOST_FAULTS):
        faults = faults_of(kept, day)
        if not faults:
            return kept, left_out
        for fault in reversed(faults):  # from the end, so that places in lists stay right
            if _take_out(kept, fault.where or "denial.coverage"):
                left_out.append(fault)
        if not left_out:
            break
    return {}, left_out


def faults_of(data: PlainCase, day: dt.date) -> list[CaseFault]:
    """What keeps a case from being read: faults of its fields, and treatments nobody knows."""
    try:
        read_case(data, day)
    except CaseError as error:
        return error.faults
    known = load_rules().treatments
    return [
        CaseFault(where=f"treatments[{i}]", value=str(t.get("treatment")), message="")
        for i, t in enumerate(data.get("treatments") or ())
        if t.get("treatment") not in known
    ]


def _take_out(data: PlainCase, where: str) -> bool:
    """Take out what stands at a place (or the nearest thing around it that there is)."""
    way = list(parts_of(where))
    while way:
        *above, last = way
        found: Any = data
        for part in above:
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                found = None
                break
        if isinstance(found, dict) and last in found:
            del found[last]
            return True
        if isinstance(found, list) and isinstance(last, int) and last < len(found):
            del found[last]
            # A list emptied here must not read as "none": that would be an answer of its own.
            return bool(found) or _take_out(data, _joined(above))
        way = above
    return False


def _joined(way: list[str | int]) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in way).lstrip(".")
