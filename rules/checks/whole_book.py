"""What holds only for all records together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ..schema.appeals import Ladder
from ..schema.policies import Payer, Policy, Program
from ..schema.yaml_reader import Fault, Place, Sheet
from ..synonyms import plain_name
from ..vocabulary import COVERAGE_KINDS, TREATMENTS
from .index import RecordIndex, fault_at, parts


def check_once_each(book: RecordIndex) -> Iterator[Fault]:
    """Names by which a rule or a payer is found stand once, or one would hide the other."""
    policies: set[str] = set()
    payers: dict[str, str] = {}
    for sheet, record in book.found:
        for place, part in parts(record):
            if isinstance(part, Policy):
                if part.id in policies:
                    yield fault_at(sheet, (*place, "id"), f"the policy {part.id} stands twice")
                policies.add(part.id)
                yield from _criteria_once(sheet, place, part)
            if isinstance(part, Ladder):
                yield from _levels_once(sheet, place, part)
        if isinstance(record, Payer):
            names = [(("id",), record.id), (("name",), record.name)]
            names += [(("also_called", i), n) for i, n in enumerate(record.also_called)]  # type: ignore[misc]
            for where, name in names:
                other = payers.setdefault(plain_name(name), record.id)
                if other != record.id:
                    yield fault_at(sheet, where, f"{name!r} is a name of {other} too")


def _levels_once(sheet: Sheet, place: Place, ladder: Ladder) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, level in enumerate(ladder.levels):
        if level.id in seen:
            where = (*place, "levels", i, "id")
            yield fault_at(sheet, where, f"the level {level.id} stands twice")
        seen.add(level.id)


def _criteria_once(sheet: Sheet, place: Place, policy: Policy) -> Iterator[Fault]:
    bundles = [((*place, "alternatives", i), a.criteria) for i, a in enumerate(policy.alternatives)]
    for where, criteria in [((*place,), policy.criteria), *bundles]:
        own = [] if criteria is policy.criteria else [c.id for c in policy.criteria]
        for i, criterion in enumerate(criteria):
            if criterion.id in own:
                at = (*where, "criteria", i, "id")
                yield fault_at(sheet, at, f"the criterion {criterion.id} stands twice")
            own.append(criterion.id)


def check_coverage_gaps(book: RecordIndex) -> Iterator[Fault]:
    """Every kind of coverage has, for every treatment, a rule that speaks for any diagnosis."""
    programs = [(s, r) for s, r in book.found if isinstance(r, Program)]
    for kind in COVERAGE_KINDS:
        mine = [(s, p) for s, p in programs if kind in p.kinds]
        if not mine:
            yield Fault("programs", 1, "kinds", f"no programme speaks for coverage kind {kind}")
    for sheet, program in programs:
        for treatment in TREATMENTS if program.kinds else ():
            if not any(
                p.treatment == treatment and "any" in p.indications for p in program.policies
            ):
                text = f"no path for {treatment} with any diagnosis under {program.id}"
                yield fault_at(sheet, ("policies",), text)


def check_clashing_policies(book: RecordIndex) -> Iterator[Fault]:
    """Two policies of a payer for the same treatment, line and diagnosis with opposite positions."""
    kind = {"covered": "yes", "covered_with_criteria": "yes", "unproven": "no", "excluded": "no"}
    for sheet, record in book.found:
        policies: Any = getattr(record, "policies", None) or getattr(
            getattr(record, "medicaid", None), "policies", ()
        )
        room: Place = ("policies",) if hasattr(record, "policies") else ("medicaid", "policies")
        for i, a in enumerate(policies):
            for j in range(i + 1, len(policies)):
                b = policies[j]
                if a.id == b.id:
                    yield fault_at(sheet, (*room, j, "id"), f"this id stands twice: {b.id}")
                same = (
                    a.treatment == b.treatment
                    and set(a.indications) & set(b.indications)
                    and (set(a.lines) & set(b.lines) or a.lines == b.lines)
                    and (not a.states or not b.states or set(a.states) & set(b.states))
                    and not _apart(a, b)
                )
                if same and {kind.get(a.position), kind.get(b.position)} == {"yes", "no"}:
                    yield fault_at(
                        sheet,
                        (*room, j, "position"),
                        f"{b.id} and {a.id} say the opposite of the same use",
                    )


def _apart(a: Policy, b: Policy) -> bool:
    """Whether two policies are in force at different times."""
    first, last = dt.date.min, dt.date.max
    return (a.in_force.end or last) < (b.in_force.start or first) or (b.in_force.end or last) < (
        a.in_force.start or first
    )
