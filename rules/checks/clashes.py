"""Policies beside each other: none says the opposite of another, or speaks for the same use again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..schema.base import Record
from ..schema.policies import NO_STANDARD, ApprovalPeriod, Payer, Policy, Program
from ..schema.states import State
from ..schema.yaml_reader import Fault, Place, RecordFile
from ..vocabulary import COVERED
from .index import Listed, RecordIndex, fault_at

REFUSED = ("unproven", "excluded")
ANY = "any"  # speaks where no other policy does
NOTHING_SAID = ApprovalPeriod()


def policies_of(record: Record) -> tuple[Place, tuple[Policy, ...]]:
    if isinstance(record, (Payer, Program)):
        return ("policies",), record.policies
    if isinstance(record, State) and record.medicaid is not None:
        return ("medicaid", "policies"), record.medicaid.policies
    return (), ()


def check_clashing_policies(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    """Two policies of a payer that may speak for one person, with opposite or with other terms."""
    room, policies = policies_of(record)
    for j, later in enumerate(policies):
        yield from _position(sheet, (*room, j), later)
        for first in policies[:j]:
            if first.id == later.id:
                text = f"this id stands twice: {later.id}"
                yield fault_at(sheet, (*room, j, "id"), text, later.id)
            if _apart(first, later) or not _same_plans(first, later):
                continue
            if {_says(first), _says(later)} == {"yes", "no"} and _meet(book, first, later):
                text = f"{later.id} and {first.id} say the opposite of the same use"
                for i in (policies.index(first), j):
                    yield fault_at(sheet, (*room, i, "position"), text, policies[i].position)
            elif same_subject(first, later) and not _told_apart(first, later):
                text = f"{later.id} and {first.id} speak for the same use"
                for i in (policies.index(first), j):
                    yield fault_at(sheet, (*room, i, "indications"), text, policies[i].id)


def _says(policy: Policy) -> str | None:
    return "yes" if policy.position in COVERED else "no" if policy.position in REFUSED else None


def same_subject(a: Policy, b: Policy) -> bool:
    """Whether two policies are on one treatment, for a diagnosis and a plan that both name."""
    shared = set(a.indications) & set(b.indications)
    return a.treatment == b.treatment and bool(shared) and _same_plans(a, b)


def _same_plans(a: Policy, b: Policy) -> bool:
    return bool(
        set(a.lines_of_business) & set(b.lines_of_business)
        or a.lines_of_business == b.lines_of_business
    ) and bool(not a.states or not b.states or set(a.states) & set(b.states))


def _meet(book: RecordIndex, a: Policy, b: Policy) -> bool:
    """Whether both name a diagnosis, itself or by a group. What is said of `any` gives way to the rest."""
    if a.treatment != b.treatment:
        return False
    if set(a.indications) & set(b.indications):
        return True
    return bool(_diagnoses(book, a) & _diagnoses(book, b))


def _diagnoses(book: RecordIndex, policy: Policy) -> set[str]:
    found: set[str] = set()
    for word in policy.indications:
        if word != ANY:
            found |= book.of_group.get(word, {word})
    return found


def _told_apart(a: Policy, b: Policy) -> bool:
    """Whether something else than their criteria says which of two policies is meant."""
    benefits = {a.benefit, b.benefit} == {"medical", "pharmacy"}
    ways = bool(a.not_collected and b.not_collected and a.not_collected != b.not_collected)
    return a.states != b.states or benefits or ways


def _apart(a: Policy, b: Policy) -> bool:
    """Whether two policies are in force at different times."""
    first, last = dt.date.min, dt.date.max
    return (a.in_force.end or last) < (b.in_force.start or first) or (b.in_force.end or last) < (
        a.in_force.start or first
    )


def _position(sheet: RecordFile, place: Place, policy: Policy) -> Iterator[Fault]:
    """What a policy asks for fits what it says: nobody asks for papers of a use that is excluded."""
    asks = [
        name
        for name, told in (
            ("alternatives", policy.alternatives),
            ("trial", policy.trial != NO_STANDARD),
            ("authorization", policy.authorization != NOTHING_SAID),
            ("prior_authorization", policy.prior_authorization),
            ("quantity_limit", policy.quantity_limit),
            ("documentation_required", policy.documentation_required),
            ("criteria", policy.criteria and policy.position == "excluded"),
        )
        if told
    ]
    if policy.position in REFUSED and asks:
        text = f"{policy.position}, and yet it has `{asks[0]}`"
        yield fault_at(sheet, (*place, "position"), text, policy.position)
    if policy.position == "covered" and (policy.criteria or policy.alternatives):
        text = "`covered` has no criteria: this one is `covered_with_criteria`"
        yield fault_at(sheet, (*place, "position"), text, policy.position)
