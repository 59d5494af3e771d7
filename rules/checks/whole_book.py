"""What one record can be told to be only beside all others: a name that stands twice, a gap, a clash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..schema.appeals import AppealProcess
from ..schema.base import Record
from ..schema.policies import Payer, Policy, Program
from ..schema.yaml_reader import Fault, Place, RecordFile
from ..synonyms import plain_name
from ..vocabulary import COVERAGE_KINDS, TREATMENTS
from .index import Listed, RecordIndex, fault_at


def check_once_each(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    """Names by which a rule or a payer is found stand once, or one would hide the other.

    A name that stands in two files is told in both: nobody can say which of them is wrong.
    """
    own: set[str] = set()
    for place, part in listed:
        if isinstance(part, Policy):
            elsewhere = sorted(book.policy_files.get(part.id, set()) - {sheet.file})
            if part.id in own or elsewhere:
                where = f", also in {elsewhere[0]}" if elsewhere else ""
                text = f"the policy {part.id} stands twice{where}"
                yield fault_at(sheet, (*place, "id"), text, part.id)
            own.add(part.id)
            yield from _criteria_once(sheet, place, part)
        if isinstance(part, AppealProcess):
            yield from _levels_once(sheet, place, part)
    if isinstance(record, Payer):
        yield from _payer_names_once(book, sheet, record)


def _payer_names_once(book: RecordIndex, sheet: RecordFile, payer: Payer) -> Iterator[Fault]:
    names: list[tuple[Place, str]] = [(("id",), payer.id), (("name",), payer.name)]
    names += [(("also_called", i), n) for i, n in enumerate(payer.also_called)]
    for where, name in names:
        for other in sorted(book.payer_names.get(plain_name(name), set()) - {payer.id}):
            yield fault_at(sheet, where, f"{name!r} is a name of {other} too", name)


def _levels_once(sheet: RecordFile, place: Place, appeal_process: AppealProcess) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, level in enumerate(appeal_process.levels):
        if level.id in seen:
            where = (*place, "levels", i, "id")
            yield fault_at(sheet, where, f"the level {level.id} stands twice", level.id)
        seen.add(level.id)


def _criteria_once(sheet: RecordFile, place: Place, policy: Policy) -> Iterator[Fault]:
    bundles = [((*place, "alternatives", i), a.criteria) for i, a in enumerate(policy.alternatives)]
    for where, criteria in [((*place,), policy.criteria), *bundles]:
        own = [] if criteria is policy.criteria else [c.id for c in policy.criteria]
        for i, criterion in enumerate(criteria):
            if criterion.id in own:
                at = (*where, "criteria", i, "id")
                text = f"the criterion {criterion.id} stands twice"
                yield fault_at(sheet, at, text, criterion.id)
            own.append(criterion.id)


def kinds_without_program(book: RecordIndex) -> Iterator[Fault]:
    """A fault of no file: a kind of coverage for which no program speaks."""
    for kind in COVERAGE_KINDS:
        if kind not in book.program_kinds:
            text = f"no program speaks for coverage kind {kind}"
            yield Fault("programs", 1, "kinds", text, value=kind)


def check_coverage_gaps(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    """A program that speaks for a kind of coverage has a rule for every treatment, any diagnosis."""
    if not isinstance(record, Program) or not record.kinds:
        return
    for treatment in TREATMENTS:
        if not any(p.treatment == treatment and "any" in p.indications for p in record.policies):
            text = f"no path for {treatment} with any diagnosis under {record.id}"
            yield fault_at(sheet, ("policies",), text, treatment)
