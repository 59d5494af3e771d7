"""What the policies of payers, programmes and states say of a treatment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

from ..facts.context import COUNTED, Facts
from ..facts.coverage import programs_of
from ..facts.diagnosis import SUICIDALITY
from ..facts.state import law_state, state_in_law
from ..logic import Node, Truth, Verdict, leaves
from ..made_once import made_once
from ..rule_book import Book, in_force
from ..schema.base import Cited
from ..schema.conditions import Criterion
from ..schema.policies import NO_STANDARD, Policy, Program
from ..vocabulary import COVERED
from .criteria import (
    INDICATION,
    CriterionResult,
    indication_verdict,
    judge_criteria,
    leaf_condition,
    leaf_verdict,
)
from .label_limits import broken, limits_beside
from .outlook import RANK, outlook, outlook_of_label
from .paths import Candidate, Renewal
from .programs import same_whichever
from .treatments import label_fits

OLD_AFTER_DAYS = 730  # a policy older than two years is a guess about today's


def policies_of(book: Book) -> Iterator[Policy]:
    """Every policy of the rule book: of payers, of programmes, of the states' Medicaid."""
    for payer in book.payers.values():
        yield from payer.policies
    for program in book.programs.values():
        yield from program.policies
    for state in book.states.values():
        yield from state.medicaid.policies if state.medicaid is not None else ()


def programs_for(base: Facts) -> tuple[tuple[Program, Truth], ...]:
    """Programmes that speak, or may speak, for a coverage."""
    return tuple((p, a) for p, a, _ in programs_of(base) if a is not False)


@dataclass(frozen=True)
class PolicyCandidates:
    """What rules say of a treatment, as candidates that are asked for route by route."""

    candidates: tuple[Candidate, ...]

    def by_route(self) -> dict[str, list[Candidate]]:
        found: dict[str, list[Candidate]] = {}
        for candidate in self.candidates:
            found.setdefault(candidate.route, []).append(candidate)
        return found

    def best(self) -> int:
        """The best outlook of all, as a rank."""
        return max((RANK[c.outlook] for c in self.candidates), default=RANK["uphill"])

    def best_covered(self, program: Program) -> int:
        """The best outlook that a rule of this programme gives which covers the treatment at all."""
        ranks = [
            RANK[c.outlook]
            for c in self.candidates
            if c.program is program and getattr(c.record, "position", None) in COVERED
        ]
        return max(ranks, default=RANK["uphill"])

    def positions(self) -> frozenset[str]:
        """What the rules say of the treatment: covered, unproven, silent …"""
        return frozenset(c.record.position for c in self.candidates if isinstance(c.record, Policy))


@made_once
def programs_seen(facts: Facts) -> tuple[tuple[Program, Truth], ...]:
    """The programmes of the coverage seen, found once for all routes of a treatment."""
    assert facts.parent is not None
    return programs_for(facts.parent)


def has_program(facts: Facts) -> bool:
    return bool(programs_seen(facts))


@made_once
def rules_on(facts: Facts, treatment: str) -> PolicyCandidates:
    """What the rules of all programmes of the coverage seen say of a treatment."""
    every = (_policy_candidates(facts, p, a, treatment) for p, a in programs_seen(facts))
    found = tuple(c for candidates in every for c in candidates)
    return PolicyCandidates(same_whichever(facts, found))


def covers_surely(facts: Facts, treatment: str) -> bool:
    """Whether a rule that surely names the diagnosis covers the treatment."""
    return any(
        c.exact and isinstance(c.record, Policy) and c.record.position in COVERED
        for c in rules_on(facts, treatment).candidates
    )


def _policy_candidates(
    facts: Facts, program: Program, applies: Truth, treatment: str
) -> Iterable[Candidate]:
    """Candidates from the most particular rules down to the general ones.

    A layer whose rule certainly names the diagnosis ends the search: the payer's own policy,
    then the state's, then what the programme says of these diagnoses, then of any.
    """
    for general, (number, layer) in _layers(facts, program, treatment):
        settled = False
        for policy in layer:
            candidates, names_it = _policy_says(facts, program, applies, policy, general)
            yield from (replace(c, layer=number) for c in candidates)
            settled = settled or (names_it and not _nobody_has_read(policy))
        if settled:
            return


def _policy_says(
    facts: Facts, program: Program, applies: Truth, policy: Policy, general: bool
) -> tuple[tuple[Candidate, ...], bool]:
    """A policy's candidates, and whether it certainly names the diagnosis and the place."""
    if not in_force(policy.in_force, facts.today):
        return (), False
    named = indication_verdict(facts, policy)
    area = policy_area(facts, policy)
    if named.value is False or (area is not None and area.value is False):
        return (), False
    if named.value is None and _rests_on_suicidality(facts, policy):
        return (), False
    found = _candidates_of(facts, program, applies, policy, named, area, general)
    return tuple(found), named.value is True and (area is None or area.value is True)


def _rests_on_suicidality(facts: Facts, policy: Policy) -> bool:
    """Whether a policy could speak only if thoughts of suicide were told that nobody has told.

    Such a rule is never something to find out: it speaks where active thoughts or that
    diagnosis were told, and else is not there.
    """
    others = tuple(i for i in policy.indications if i != SUICIDALITY)
    if len(others) == len(policy.indications):
        return False
    return not others or leaf_verdict(facts, INDICATION, others).value is False


def _nobody_has_read(policy: Policy) -> bool:
    """A policy of which nobody has seen the text or a single criterion: it must not hide a known rule."""
    return _has_no_criteria(policy) and (policy.confidence == "recalled" or not policy.seen)


def _layers(
    facts: Facts, program: Program, treatment: str
) -> Iterator[tuple[bool, tuple[int, list[Policy]]]]:
    """Whether a layer is general, and its number with its rules, the most particular first."""
    yield False, (0, _payer_layer(facts, program, treatment))
    if program.family == "medicaid":
        yield False, (1, _state_layer(facts, program, treatment))
    mine = [p for p in program.policies if p.treatment == treatment]
    yield True, (2, [p for p in mine if "any" not in p.indications])
    yield True, (3, [p for p in mine if "any" in p.indications])


def _payer_layer(facts: Facts, program: Program, treatment: str) -> list[Policy]:
    """What the payer's own policies say of this line of business."""
    payer = facts.book.payers.get(facts["payer"] or "")
    if payer is None or program.line_of_business is None:
        return []
    return [
        p
        for p in payer.policies
        if p.treatment == treatment and program.line_of_business in p.lines_of_business
    ]


def _state_layer(facts: Facts, program: Program, treatment: str) -> list[Policy]:
    """What the state's Medicaid says."""
    state = state_in_law(facts)
    if state is None or state.medicaid is None:
        return []
    return [
        p
        for p in state.medicaid.policies
        if p.treatment == treatment
        and (not p.lines_of_business or program.line_of_business in p.lines_of_business)
    ]


def policy_area(facts: Facts, policy: Policy) -> Verdict | None:
    if not policy.states:
        return None
    state = law_state(facts)
    value = None if state.value is None else state.value in policy.states
    condition = leaf_condition("state", policy.states)
    return Verdict(
        value, Node("one_of", "state", "state", policy.states, condition), state.value, ()
    )


def _candidates_of(
    facts: Facts,
    program: Program,
    applies: Truth,
    policy: Policy,
    named: Verdict,
    area: Verdict | None,
    general: bool,
) -> Iterator[Candidate]:
    """One candidate for each way to satisfy a policy."""
    first = tuple(_whether_it_speaks(facts, program, applies, policy, named, area))
    if policy.position in COVERED and facts["on_treatment"] is True:
        yield _renewal(facts, program, policy, first, named)
        return
    criteria = (*policy.criteria, *_unasked(policy.not_collected))
    own = tuple(judge_criteria(facts, criteria, policy.source, policy.trial))
    bundles = _alternatives(facts, policy)
    every = (*own, *(j for b in bundles.values() for j in b))
    limits = limits_beside(facts, policy.treatment, every)
    caveats, limited = _caveats(facts, policy, every)
    if _is_general_for_named_payer(facts, program, policy, general):
        caveats, limited = (*caveats, "general"), True
    base, needs = _base(facts, policy, program, applies, limited)
    candidate = partial(
        Candidate, policy, policy.route or usual_route(policy), base, program=program,
        exact=named.value is True, needs=needs, broken=broken(limits),
    )  # fmt: skip
    if _has_no_criteria(policy) and base == "likely":
        label = tuple(_label_terms(facts, policy))
        shown = (*first, *own, *limits, *label)
        limited = policy.position == "covered_with_criteria" or limited
        caveats = (*caveats, "label_only") if label else caveats
        look = outlook_of_label(base, shown, limited)
        yield candidate(look, shown, limited, caveats, criteria_unknown=True)
        return
    for ident, bundle in (bundles or {None: ()}).items():
        judged = (*first, *own, *bundle, *limits)
        yield candidate(outlook(base, judged, limited), judged, limited, caveats, ident)


def _renewal(
    facts: Facts,
    program: Program,
    policy: Policy,
    first: tuple[CriterionResult, ...],
    named: Verdict,
) -> Candidate:
    """A treatment that runs is judged by what the policy asks for its renewal, and by that alone."""
    asked = tuple(judge_criteria(facts, _renewal_points(policy), policy.source, NO_STANDARD))
    limits = limits_beside(facts, policy.treatment, asked)
    caveats, limited = _caveats(facts, policy, asked)
    judged = (*first, *asked, *limits)
    ends = facts.field("authorization.end").value
    return Candidate(
        policy, policy.route or usual_route(policy), "likely", outlook("likely", judged, limited),
        judged, limited, caveats, program=program, exact=named.value is True, broken=broken(limits),
        needs=() if ends is not None else ("authorization.end",), renewal=Renewal(ends),
    )  # fmt: skip


@cache
def _renewal_needs(needs: str | None) -> tuple[Criterion, ...]:
    says = needs.rstrip(".") if needs is not None else None
    return (Criterion(id="renewal", says=says, fact="unasked", is_=True),)


def _renewal_points(policy: Policy) -> tuple[Criterion, ...]:
    """What a renewal asks for: the policy's own words; what it is, nobody can answer here."""
    return _renewal_needs(policy.authorization.renewal_needs)


def _alternatives(facts: Facts, policy: Policy) -> dict[str | None, tuple[CriterionResult, ...]]:
    """The criteria of each way to satisfy a policy, by the way's id."""
    return {
        a.id: tuple(judge_criteria(facts, a.criteria, policy.source, policy.trial))
        for a in policy.alternatives
    }


def _whether_it_speaks(
    facts: Facts,
    program: Program,
    applies: Truth,
    policy: Policy,
    named: Verdict,
    area: Verdict | None,
) -> Iterator[CriterionResult]:
    """What decides whether a policy speaks for this person at all."""
    if "any" not in policy.indications:  # else it speaks whatever the diagnosis
        yield CriterionResult("diagnosis_named", None, named, False, policy.source)
    if applies is None and program.applies_when is not None:
        verdict = facts.test(program.applies_when)
        yield CriterionResult("programme_applies", None, verdict, False, policy.source)
    if area is not None:
        yield CriterionResult("contract_state", None, area, False, policy.source)


def _is_general_for_named_payer(
    facts: Facts, program: Program, policy: Policy, general: bool
) -> bool:
    """Whether a program's general rule stands in for that of a payer that was named."""
    named_payer = facts["payer"] is not None and program.line_of_business is not None
    return general and policy.position in COVERED and named_payer


def _has_no_criteria(policy: Policy) -> bool:
    """Whether a policy covers a use and nobody has seen what it asks for."""
    return policy.position in COVERED and not policy.criteria and not policy.alternatives


def usual_route(policy: Policy) -> str:
    if policy.position in COVERED:
        return "claim" if policy.prior_authorization is False else "prior_authorization"
    return (
        "prior_authorization"
        if policy.position in ("excluded", "depends_on_plan")
        else "medical_exception"
    )


def _base(
    facts: Facts, policy: Policy, program: Program, applies: Truth, doubtful: bool
) -> tuple[str, tuple[str, ...]]:
    """The best that a position allows, and the answers that it still waits for."""
    if policy.position in COVERED:
        return "likely", ()
    if policy.position == "depends_on_plan":
        # A named payer without a rule of its own: no rule was found, so people ask for an exception.
        # A use on the drug's label is another matter: nearly every plan has some rule for it.
        on_label = label_fits(facts, policy.treatment) is not False
        if program.line_of_business is not None and facts["payer"] is not None and not on_label:
            return "uphill", ()
        return "possible", () if program.line_of_business is None else (
            f"coverages[{facts.index}].payer",
        )
    if policy.position == "excluded":
        # A wrong no costs the treatment: only a text that was read, and is current, closes a path.
        sure = policy.confidence == "sourced" and not doubtful and applies is True
        exact = indication_verdict(facts, policy).value is True
        return ("closed" if sure and exact else "uphill"), ()
    return "uphill", ()


@cache
def _unasked(conditions: tuple[str, ...]) -> tuple[Criterion, ...]:
    """Conditions of a policy that a case cannot answer: unknown, never taken as met."""
    return tuple(
        Criterion(id=f"unasked_{i + 1}", says=says, fact="unasked", is_=True)
        for i, says in enumerate(conditions)
    )


def _caveats(
    facts: Facts, policy: Policy, judged: tuple[CriterionResult, ...]
) -> tuple[tuple[str, ...], bool]:
    """What is doubtful about a policy, and whether that keeps it from being likely."""
    caveats: list[str] = []
    if policy.confidence == "recalled":
        caveats.append("recalled")
    elif not policy.seen:
        caveats.append("unseen")
    age = days_old(policy, facts.today)
    if age is None:
        caveats.append("undated")
    elif age > OLD_AFTER_DAYS:
        caveats.append("old")
    if not policy.complete:
        caveats.append("partial")
    limited_by_confidence = bool(caveats)
    if policy.disagreement:
        caveats.append("disagreement")
    counted = [
        leaf.node.fact for j in judged for leaf in leaves(j.verdict) if leaf.node.fact in COUNTED
    ]
    if counted and policy.trial.min_weeks is None and facts.case.treatments:
        caveats.append("trial_default")
    if counted and facts.case.treatments is None and facts.case.treatment_counts is not None:
        caveats.append("own_count")
    return tuple(caveats), limited_by_confidence


def days_old(cited: Cited, today: dt.date) -> int | None:
    """Days since the date that a source speaks for, at the earliest; None where it is undated."""
    if cited.as_of is None:
        return None
    parts = [int(p) for p in cited.as_of.split("-")]
    return (today - dt.date(*([*parts, 1, 1])[:3])).days


def _label_terms(facts: Facts, policy: Policy) -> Iterator[CriterionResult]:
    """The label's own terms, shown where nobody has seen the policy's criteria: of the use that fits."""
    uses = [
        (leaf_verdict(facts, INDICATION, tuple(use.indications)).value, use)
        for use in facts.book.label_uses.get(policy.treatment, ())
        if set(use.indications) & set(policy.indications)
    ]
    fitting = [use for value, use in uses if value is True]
    for use in (fitting or [use for value, use in uses if value is None])[:1]:
        for judged in judge_criteria(facts, use.criteria, use.source, NO_STANDARD):
            yield judged._replace(informs_only=True)
