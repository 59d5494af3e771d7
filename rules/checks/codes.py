"""Codes of diagnoses and of billing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..schema.base import Record, lies_ahead
from ..schema.codes import Code, IcdBeside, IcdCodes, IcdMark
from ..schema.policies import Policy
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at, unknown


def check_diagnosis_codes(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    """Every diagnosis code that a record names exists and is billable."""
    for place, part in listed:
        if isinstance(part, IcdCodes | IcdMark):
            for i, code in enumerate(part.codes):
                yield from _not_billable(sheet, (*place, "codes", i), code)
        elif isinstance(part, IcdBeside):
            yield from _not_billable(sheet, (*place, "code"), part.code)


def _not_billable(sheet: RecordFile, where: Place, code: str) -> Iterator[Fault]:
    import simple_icd_10_cm as icd

    if not icd.is_valid_item(code) or icd.add_dot(code) != code:
        yield fault_at(sheet, where, f"no such ICD-10-CM code: {code}", code, _real_code(code))
    elif not icd.is_leaf(code):
        longer = next((c for c in icd.get_descendants(code) if icd.is_leaf(c)), None)
        yield fault_at(sheet, where, f"not billable, needs more digits: {code}", code, longer)


def _real_code(code: str) -> str | None:
    """The ICD-10-CM code that was meant by one without its dot, or the part of it that there is."""
    import simple_icd_10_cm as icd

    for length in range(len(code), 2, -1):
        part = code[:length].upper()
        if icd.is_valid_item(part):
            return str(icd.add_dot(part))
    return None


def check_billing_codes(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    """Every billing code that a record names is known, and had not ended when its text spoke."""
    for place, part in listed:
        if isinstance(part, Code):
            named = [("replaces", part.replaces)] if part.replaces else []
            named += [("instead_of", c) for c in part.instead_of]
            for field, code in named:
                if code not in book.codes:
                    text = f"no such billing code: {code}"
                    yield unknown(sheet, (*place, field), text, code, book.codes)
        if not isinstance(part, Policy):
            continue
        for i, name in enumerate(part.codes):
            where = (*place, "codes", i)
            known = book.codes.get(name)
            end = known.in_force.end if known is not None else None
            if known is None:
                yield unknown(sheet, where, f"no such billing code: {name}", name, book.codes)
            elif end is not None and part.as_of is not None and lies_ahead(part.as_of, end):
                yield fault_at(sheet, where, f"{name} ended on {end}, before {part.as_of}", name)
