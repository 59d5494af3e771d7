"""What a state's record says in several places of who gets Medicaid there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from ..schema.base import Record
from ..schema.state_coverage import IncomeLimits
from ..schema.states import Medicaid, State
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at
from .pinned import pinned

REGIONS: Mapping[str, str] = {"AK": "alaska", "HI": "hawaii"}  # with guidelines of their own


def check_medicaid(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if not isinstance(record, State) or record.income_limits is None:
        return
    limits, place = record.income_limits, ("income_limits",)
    own = REGIONS.get(record.code)
    if (own or limits.poverty_region) != limits.poverty_region or (
        own is None and limits.poverty_region in REGIONS.values()
    ):
        text = f"{record.code} does not count by the guideline for {limits.poverty_region}"
        yield fault_at(sheet, (*place, "poverty_region"), text, limits.poverty_region)
    if record.medicaid is not None:
        yield from _expansion(sheet, record.medicaid, limits)
    yield from _percents(sheet, place, limits)
    known = pinned()["parent_percent"].get(record.code)
    if known is not None and limits.parent_percent != known:
        text = f"{limits.parent_percent} here, {known} in rules/checks/pinned.yaml"
        yield fault_at(sheet, (*place, "parent_percent"), text, limits.parent_percent)


def _expansion(sheet: RecordFile, medicaid: Medicaid, limits: IncomeLimits) -> Iterator[Fault]:
    told = medicaid.expansion.expanded if medicaid.expansion is not None else None
    if None not in (told, limits.expansion) and told is not limits.expansion:
        for where in (("medicaid", "expansion", "expanded"), ("income_limits", "expansion")):
            yield fault_at(sheet, where, "one part says that Medicaid was expanded, the other not")


def _percents(sheet: RecordFile, place: Place, limits: IncomeLimits) -> Iterator[Fault]:
    if limits.expansion is None or limits.adult_percent is None:
        return
    expanded, credit = pinned()["expansion_percent"], pinned()["credit_percent"]
    for field in ("adult_percent", "parent_percent"):
        percent = getattr(limits, field)
        if limits.expansion and percent != expanded:
            text = f"a state that expanded Medicaid takes adults up to {expanded} percent"
            yield fault_at(sheet, (*place, field), text, percent)
    if not limits.expansion and limits.adult_percent >= expanded:
        text = "adults by income alone, though Medicaid was not expanded"
        yield fault_at(sheet, (*place, "adult_percent"), text, limits.adult_percent)
    gap = limits.adult_percent < credit
    if limits.coverage_gap is not None and limits.coverage_gap is not gap:
        text = f"a gap is there where adults are taken below {credit} percent only"
        yield fault_at(sheet, (*place, "coverage_gap"), text, limits.coverage_gap)
