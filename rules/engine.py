"""evaluate(case, today) -> Result.

Case -> derived facts -> criteria -> candidates -> paths -> result. A candidate is one record's
answer for one coverage and treatment (a policy, a way to pay, a rung of an appeal ladder); the
candidates of one route make one path, whose outlook is that of the best of them. The engine
knows logic, time and counting; it knows no payer, no state and no sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from .book import Book, in_force, load_rules
from .dates import MAIL_DAYS, LastDay, add_duration, last_days, safe_day
from .derive import COUNTED, OF_COVERAGE, SUICIDALITY, Facts, law_state
from .judge import BY_RANK, RANK, Judged, outlook, placeholder_outlook
from .limits import broken, limits_beside, limits_broken
from .logic import Node, Truth, Verdict, WordSet, leaves, open_leaves
from .model import Case, CaseError, CaseFault, nearest
from .schema.appeals import Clock, ClockReading, KeepCare, Ladder, Level
from .schema.base import Cited
from .schema.clinical import LabelLimit, LabelUse
from .schema.conditions import Condition, Criterion
from .schema.policies import NO_STANDARD, Policy, Program, TrialStandard
from .schema.states import FairHearing, State
from .schema.ways import Way
from .spoken import plain_name
from .terms import TREATMENTS, Confidence, LabelBinds

OLD_AFTER_DAYS = 730  # a policy older than two years is a guess about today's
COVERED = ("covered", "covered_with_criteria")


@dataclass(frozen=True)
class Candidate:
    """One record's answer: its outlook, its criteria as evaluated and the doubts about it."""

    record: Policy | Way | Level
    route: str
    base: str
    outlook: str
    judged: tuple[Judged, ...]
    capped: bool = False
    doubts: tuple[str, ...] = ()
    alternative: str | None = None
    program: Program | None = None
    placeholder: bool = False
    exact: bool = True  # the diagnosis is certainly one that the record names
    needs: tuple[str, ...] = ()  # further answers that this candidate waits for
    last_days: tuple[LastDay, ...] = ()
    ladder: Ladder | None = None
    keep: KeepDay | None = None  # the day to ask by that care which runs goes on
    urgent: bool = False  # a no that was told, and waiting could do serious harm: act today
    broken: LabelBinds | None = None  # the gravest limit of the label that is known to be broken
    early: str | None = None  # why a rung is open beside the one before it
    ahead: bool = True  # its first last day has not passed, or it has none


@dataclass(frozen=True)
class Path:
    """The candidates of one coverage, treatment and route, best first."""

    id: str
    coverage: int | None
    treatment: str
    route: str
    candidates: tuple[Candidate, ...]
    facts: Facts = field(repr=False, compare=False)
    lead: float | None = None  # its place among the paths that may be put first; None: never
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def best(self) -> Candidate:
        return self.candidates[0]

    @property
    def outlook(self) -> str:
        return self.best.outlook


def check_references(case: Case, book: Book) -> None:
    """Raise CaseError where a tried treatment is not in the catalogue, naming the nearest one."""
    faults = [
        CaseFault(
            where=f"treatments[{i}].treatment",
            value=repr(t.treatment),
            message="not a treatment of the catalogue",
            nearest=nearest_treatment(book, t.treatment),
        )
        for i, t in enumerate(case.treatments or ())
        if t.treatment not in book.treatments
    ]
    if faults:
        raise CaseError(faults)


def nearest_treatment(book: Book, text: str) -> str | None:
    """The id of the treatment whose id, name or brand is closest to what was written."""
    ids = {name: t.id for t in book.treatments.values() for name in (*t.brands, t.name, t.id)}
    found = nearest(text, [plain_name(name) for name in ids]) or ""
    return next((ident for name, ident in ids.items() if plain_name(name) == found), None)


def find_paths(case: Case, today: dt.date, book: Book) -> list[Path]:
    """Every path of a case, best first: by outlook, by what it saves, by time, then by name."""
    facts = Facts(case, book, today)
    found: list[Path] = []
    for i, _ in enumerate(case.coverages or ()):
        found.extend(coverage_paths(facts, i))
    found.extend(person_paths(facts))
    return sorted(found, key=path_order)


def treatments_considered(facts: Facts) -> tuple[str, ...]:
    """The treatment asked for, and the neighbour to hold beside it.

    Esketamine stands beside a request for another form where its label fits the diagnosis (or
    may fit), and ketamine by vein beside esketamine where the label does not fit (or may not).
    """
    request = facts.case.request
    if request is None or request == "open":
        return TREATMENTS
    fits = label_fits(facts)
    if request == "esketamine":
        return ("esketamine",) if fits is True else ("esketamine", "iv_ketamine")
    return (request,) if fits is False else (request, "esketamine")


def label_fits(facts: Facts, treatment: str = "esketamine") -> Truth:
    """Whether a labelled use of a treatment names the diagnosis."""
    words: WordSet = facts["indication"]
    uses = {i for use in facts.book.label_uses.get(treatment, ()) for i in use.indications}
    if uses & words.known:
        return True
    return None if uses & words.possible else False


# --- paths of a coverage --------------------------------------------------------------------


def coverage_paths(root: Facts, index: int) -> list[Path]:
    """All paths that one coverage opens."""
    found: list[Path] = []
    base = root.seen_from(index)
    stem = path_stem(base)
    for treatment in treatments_considered(root):
        facts = base.seen_from(index, treatment)
        for route in cover_routes(root.book):
            candidates = route_candidates(facts, treatment, route)
            if candidates:
                ident = f"{stem}.{treatment}.{route}"
                lead = lead_of_cover(route, candidates[0])
                found.append(Path(ident, index, treatment, route, candidates, facts, lead))
    return found


def cover_routes(book: Book) -> tuple[str, ...]:
    """Every route that a rule, a way or an appeal may open to a cover."""
    if "cover_routes" not in book.memo:
        ways = [w.route for w in book.routes.values()]
        rules = [p.route or _route(p) for p in policies_of(book)]
        book.memo["cover_routes"] = tuple(dict.fromkeys((*ways, *rules, *appeal_routes(book))))
    found: tuple[str, ...] = book.memo["cover_routes"]
    return found


def appeal_routes(book: Book) -> frozenset[str]:
    """The routes of all rungs of all ladders."""
    if "appeal_routes" not in book.memo:
        ladders = book.ladders.values()
        book.memo["appeal_routes"] = frozenset(x.route for ladder in ladders for x in ladder.levels)
    found: frozenset[str] = book.memo["appeal_routes"]
    return found


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
    return tuple((p, a) for p, a, _ in base.book.programs_of(base) if a is not False)


def path_stem(base: Facts) -> str:
    """How the paths of a coverage are named: its kind, its payer, a number where both come again."""
    cover, index = base.coverage, base.index
    assert cover is not None
    name = base["payer"] or "any"  # a name of which no letter is left is no name
    # Two spellings of one payer are one payer: no two paths may bear the same name.
    earlier = [c for c in (base.case.coverages or ())[:index] if c.kind == cover.kind]
    names = ((base.book.payer_id(c.payer) if c.payer else "") or "any" for c in earlier)
    again = sum(1 for other in names if other == name)
    return f"{cover.kind}.{name}" + (f".{again + 1}" if again else "")


@dataclass(frozen=True)
class Ruled:
    """What rules say of a treatment, as candidates that are asked for route by route."""

    candidates: tuple[Candidate, ...]

    def of(self, route: str) -> tuple[Candidate, ...]:
        return tuple(c for c in self.candidates if c.route == route)

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


def route_candidates(facts: Facts, treatment: str, route: str) -> tuple[Candidate, ...]:
    """What one route under a coverage rests on, best first; nothing where the route is not open."""
    rules = _rules_on(facts, treatment)
    found = list(rules.of(route))
    if not found and _has_program(facts):
        found.extend(_own_way(facts, rules, treatment, route))
    if route in appeal_routes(facts.book) and _denial_concerns(facts, treatment):
        for program, applies in _one_for_each_ladder(facts):
            appeals = _appeals_to(facts, program, applies, rules.best_covered(program))
            found.extend(appeals.of(route))
    return _best_first(found)


def _programs(facts: Facts) -> tuple[tuple[Program, Truth], ...]:
    """The programmes of the coverage seen, found once for all routes of a treatment."""
    if "programs" not in facts.memo:
        assert facts.parent is not None
        facts.memo["programs"] = programs_for(facts.parent)
    found: tuple[tuple[Program, Truth], ...] = facts.memo["programs"]
    return found


def _has_program(facts: Facts) -> bool:
    return bool(_programs(facts))


def _rules_on(facts: Facts, treatment: str) -> Ruled:
    if "rules" not in facts.memo:
        every = (_policy_candidates(facts, p, a, treatment) for p, a in _programs(facts))
        facts.memo["rules"] = Ruled(tuple(c for candidates in every for c in candidates))
    found: Ruled = facts.memo["rules"]
    return found


def _own_way(facts: Facts, rules: Ruled, treatment: str, route: str) -> Iterator[Candidate]:
    """The route's own conditions, where no rule speaks of the route."""
    for way in facts.book.routes.values():
        if way.per == "coverage" and way.route == route and treatment in way.treatments:
            if way.needs_rule and not _may_cover(facts, rules, treatment):
                return
            rank = rules.best() if way.needs_cover else None
            own = _way_candidate(facts, way, treatment, rank)
            if own is not None:
                yield own
                return


def _may_cover(facts: Facts, rules: Ruled, treatment: str) -> bool:
    """Whether a rule covers the use, or none is known yet and the label allows it."""
    positions = rules.positions()
    if not positions.isdisjoint(COVERED):
        return True
    return "depends_on_plan" in positions and label_fits(facts, treatment) is not False


def _appeals_to(facts: Facts, program: Program, applies: Truth, rank: int) -> Ruled:
    """The rungs that a denial may lead to, each counted once for all routes."""
    key = ("appeals", program.id, rank)
    if key not in facts.memo:
        facts.memo[key] = Ruled(tuple(_appeal_candidates(facts, program, applies, rank)))
    found: Ruled = facts.memo[key]
    return found


def _one_for_each_ladder(facts: Facts) -> list[tuple[Program, Truth]]:
    """Programmes without those whose ladder another one has already brought (Medigap follows Part B)."""
    kept: dict[str, tuple[Program, Truth]] = {}
    for program, applies in sorted(_programs(facts), key=lambda p: p[1] is not True):
        kept.setdefault(_ladder_id(facts, program), (program, applies))
    return list(kept.values())


def _best_first(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    def key(c: Candidate) -> tuple[Any, ...]:
        hearsay = c.record.confidence == "recalled"  # a text that was read speaks first
        whether = _whether_unknown(c)
        first = c.last_days[0].date if c.last_days else dt.date.min  # the nearest last day leads
        return (
            whether or not has_fast_track(c), -RANK[c.outlook], whether, not c.exact,
            c.placeholder, not c.ahead, first, hearsay, c.record.id,
        )  # fmt: skip

    return tuple(sorted(candidates, key=key))


def _whether_unknown(candidate: Candidate) -> bool:
    """Whether nobody knows yet that the record speaks for this person."""
    return any(j.id in _WHETHER and j.verdict.value is None for j in candidate.judged)


def _policy_candidates(
    facts: Facts, program: Program, applies: Truth, treatment: str
) -> Iterable[Candidate]:
    """Candidates from the most particular rules down to the general ones.

    A layer whose rule certainly names the diagnosis ends the search: the payer's own policy,
    then the state's, then what the programme says of these diagnoses, then of any.
    """
    for general, layer in _layers(facts, program, treatment):
        settled = False
        for policy in layer:
            candidates, names_it = _policy_says(facts, program, applies, policy, general)
            yield from candidates
            settled = settled or (names_it and not _only_hearsay(policy))
        if settled:
            return


def _policy_says(
    facts: Facts, program: Program, applies: Truth, policy: Policy, general: bool
) -> tuple[tuple[Candidate, ...], bool]:
    """A policy's candidates, and whether it certainly names the diagnosis and the place."""
    if not in_force(policy.in_force, facts.today):
        return (), False
    named = _indication(facts, policy)
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
    return not others or _leaf_verdict(facts, _INDICATION, others).value is False


def _only_hearsay(policy: Policy) -> bool:
    """A policy of which nobody has seen the text or a single criterion: it must not hide a known rule."""
    blank = policy.position in COVERED and not policy.criteria and not policy.alternatives
    return blank and (policy.confidence == "recalled" or not policy.seen)


def _layers(facts: Facts, program: Program, treatment: str) -> Iterator[tuple[bool, list[Policy]]]:
    yield False, _payer_layer(facts, program, treatment)
    if program.family == "medicaid":
        yield False, _state_layer(facts, program, treatment)
    mine = [p for p in program.policies if p.treatment == treatment]
    yield True, [p for p in mine if "any" not in p.indications]
    yield True, [p for p in mine if "any" in p.indications]


def _payer_layer(facts: Facts, program: Program, treatment: str) -> list[Policy]:
    """What the payer's own policies say of this line of business."""
    payer = facts.book.payers.get(facts["payer"] or "")
    if payer is None or program.line is None:
        return []
    return [p for p in payer.policies if p.treatment == treatment and program.line in p.lines]


def _state_layer(facts: Facts, program: Program, treatment: str) -> list[Policy]:
    """What the state's Medicaid says."""
    state = facts.book.states.get(law_state(facts).value or "")
    if state is None or state.medicaid is None:
        return []
    return [
        p
        for p in state.medicaid.policies
        if p.treatment == treatment and (not p.lines or program.line in p.lines)
    ]


_INDICATION = "indication"


def _leaf_verdict(facts: Facts, fact: str, words: tuple[str, ...]) -> Verdict:
    """A verdict on a fact that a record names outside its criteria (its indications, its states)."""
    condition = _leaf_condition(fact, words)
    return facts.book.test(condition)(facts)


_LEAVES: dict[tuple[str, tuple[str, ...]], Condition] = {}


def _leaf_condition(fact: str, words: tuple[str, ...]) -> Condition:
    key = (fact, words)
    if key not in _LEAVES:
        _LEAVES[key] = Condition(fact=fact, one_of=words)
    return _LEAVES[key]


def _indication(facts: Facts, policy: Policy | Way) -> Verdict:
    return _leaf_verdict(facts, _INDICATION, tuple(policy.indications))


def policy_area(facts: Facts, policy: Policy) -> Verdict | None:
    if not policy.states:
        return None
    state = law_state(facts)
    value = None if state.value is None else state.value in policy.states
    condition = _leaf_condition("state", policy.states)
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
    first = [Judged("diagnosis_named", None, named, False, policy.source)]
    if applies is None and program.applies_when is not None:
        verdict = facts.book.test(program.applies_when)(facts)
        first.append(Judged("programme_applies", None, verdict, False, policy.source))
    if area is not None:
        first.append(Judged("contract_state", None, area, False, policy.source))
    criteria = (*policy.criteria, *_unasked(policy.unasked))
    own = tuple(judge_criteria(facts, criteria, policy.source, policy.trial))
    bundles: dict[str | None, tuple[Judged, ...]] = {
        a.id: tuple(judge_criteria(facts, a.criteria, policy.source, policy.trial))
        for a in policy.alternatives
    }
    every = (*own, *(j for b in bundles.values() for j in b))
    limits = limits_beside(facts, policy.treatment, every, _judge_limit)
    doubts, capped = _doubts(facts, policy, every)
    named_payer = facts["payer"] is not None and program.line is not None
    if general and policy.position in COVERED and named_payer:
        doubts = (*doubts, "general")
        capped = True
    base, needs = _base(facts, policy, program, applies, capped)
    placeholder = policy.position in COVERED and not policy.criteria and not policy.alternatives
    route = policy.route or _route(policy)
    if placeholder and base == "likely":
        capped = policy.position == "covered_with_criteria" or capped
        label = tuple(_label_terms(facts, policy))
        shown = (*first, *own, *limits, *label)
        yield Candidate(
            policy, route, base, placeholder_outlook(base, shown, capped), shown, capped,
            (*doubts, "label_only") if label else doubts, None, program, True,
            named.value is True, needs, broken=broken(limits),
        )  # fmt: skip
        return
    for ident, bundle in (bundles or {None: ()}).items():
        judged = (*first, *own, *bundle, *limits)
        yield Candidate(
            policy, route, base, outlook(base, judged, capped), judged, capped, doubts,
            ident, program, False, named.value is True, needs, broken=broken(limits),
        )  # fmt: skip


def _route(policy: Policy) -> str:
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
        if program.line is not None and facts["payer"] is not None and not on_label:
            return "uphill", ()
        return "possible", () if program.line is None else (f"coverages[{facts.index}].payer",)
    if policy.position == "excluded":
        # A wrong no costs the treatment: only a text that was read, and is current, closes a path.
        sure = policy.confidence == "sourced" and not doubtful and applies is True
        exact = _indication(facts, policy).value is True
        return ("closed" if sure and exact else "uphill"), ()
    return "uphill", ()


@cache
def _unasked(conditions: tuple[str, ...]) -> tuple[Criterion, ...]:
    """Conditions of a policy that a case cannot answer: unknown, never taken as met."""
    return tuple(
        Criterion(id=f"unasked_{i + 1}", says=says, fact="unasked", is_=True)
        for i, says in enumerate(conditions)
    )


def _doubts(
    facts: Facts, policy: Policy, judged: tuple[Judged, ...]
) -> tuple[tuple[str, ...], bool]:
    """What is doubtful about a policy, and whether that keeps it from being likely."""
    doubts: list[str] = []
    if policy.confidence == "recalled":
        doubts.append("recalled")
    elif not policy.seen:
        doubts.append("unseen")
    age = days_old(policy, facts.today)
    if age is None:
        doubts.append("undated")
    elif age > OLD_AFTER_DAYS:
        doubts.append("old")
    if not policy.complete:
        doubts.append("partial")
    capped = bool(doubts)
    if policy.disagreement:
        doubts.append("disagreement")
    counted = [
        leaf.node.fact for j in judged for leaf in leaves(j.verdict) if leaf.node.fact in COUNTED
    ]
    if counted and policy.trial.min_weeks is None and facts.case.treatments:
        doubts.append("trial_default")
    if counted and facts.case.treatments is None and facts.case.treatment_counts is not None:
        doubts.append("own_count")
    return tuple(doubts), capped


def days_old(cited: Cited, today: dt.date) -> int | None:
    """Days since the date that a source speaks for, at the earliest; None where it is undated."""
    if cited.as_of is None:
        return None
    parts = [int(p) for p in cited.as_of.split("-")]
    return (today - dt.date(*([*parts, 1, 1])[:3])).days


def _label_terms(facts: Facts, policy: Policy) -> Iterator[Judged]:
    """The label's own terms, shown where nobody has seen the policy's criteria: of the use that fits."""
    uses = [
        (_leaf_verdict(facts, _INDICATION, tuple(use.indications)).value, use)
        for use in facts.book.label_uses.get(policy.treatment, ())
        if set(use.indications) & set(policy.indications)
    ]
    fitting = [use for value, use in uses if value is True]
    for use in (fitting or [use for value, use in uses if value is None])[:1]:
        for judged in judge_criteria(facts, use.criteria, use.source, NO_STANDARD):
            yield judged._replace(informs_only=True)


def _limits_known(facts: Facts, treatment: str) -> tuple[Judged, ...]:
    """The limits of a treatment's label that are known to be broken, judged once for all ways."""
    key = ("limits", treatment)
    if key not in facts.memo:
        facts.memo[key] = limits_broken(facts, treatment, _judge_limit)
    found: tuple[Judged, ...] = facts.memo[key]
    return found


def _judge_limit(facts: Facts, limit: LabelLimit) -> Judged:
    (judged,) = judge_criteria(facts, (limit.criterion,), limit.source, NO_STANDARD)
    return judged._replace(binds=limit.binds)


def judge_criteria(
    facts: Facts,
    criteria: Iterable[Criterion],
    source: str,
    trial: TrialStandard,
    excludes: bool = False,
) -> Iterator[Judged]:
    """Each criterion evaluated under a policy's way of counting trials."""
    for criterion in criteria:
        test = facts.book.test(criterion, _key_under(trial), trial)
        verdict = test(facts)
        changeable = (
            criterion.changeable
            if criterion.changeable is not None
            else can_change(facts.book, verdict, excludes)
        )
        yield Judged(
            criterion.id, criterion, verdict, changeable, criterion.source or source, excludes
        )


def _key_under(trial: TrialStandard) -> Any:
    plain = trial is NO_STANDARD or trial == NO_STANDARD
    return lambda fact: (fact, trial) if fact in COUNTED and not plain else fact


def can_change(book: Book, verdict: Verdict, turned: bool = False) -> bool:
    """Whether a person can still bring about that a verdict is met (or, `turned`, not met)."""
    kind = verdict.node.kind
    if kind == "not":
        return can_change(book, verdict.parts[0], not turned)
    if kind in ("all", "any"):
        wrong = [p for p in verdict.parts if p.value is turned]
        needs_every = (kind == "all") is not turned
        flags = [can_change(book, p, turned) for p in (wrong or list(verdict.parts))]
        return all(flags) if needs_every else any(flags)
    record = book.facts.get(verdict.node.fact or "")
    return record is not None and record.changeable


# --- ways: routes beside the policy, and ways to pay -----------------------------------------


def _way_candidate(
    facts: Facts, way: Way, treatment: str | None, cover_rank: int | None = None
) -> Candidate | None:
    """A way's candidate; `cover_rank` is the best that the plan's own rule gives, where it counts."""
    if not in_force(way.in_force, facts.today):
        return None
    named = _indication(facts, way)
    if named.value is False:
        return None
    judged: list[Judged] = []
    if "any" not in way.indications:
        judged.append(Judged("diagnosis_named", None, named, False, way.source))
    if way.applies_when is not None:
        applies = facts.book.test(way.applies_when)(facts)
        if applies.value is False:
            return None
        if applies.value is None:
            judged.append(Judged("way_applies", None, applies, False, way.source))
    judged.extend(judge_criteria(facts, way.requires, way.source, NO_STANDARD))
    judged.extend(judge_criteria(facts, way.excluded_by, way.source, NO_STANDARD, excludes=True))
    extra = [
        j._replace(informs_only=True)
        for j in judge_criteria(facts, way.better_if, way.source, NO_STANDARD)
    ]
    limits = _limits_of_route(facts, way, treatment)
    judged.extend(limits)
    doubts: tuple[str, ...] = ()
    if way.confidence == "recalled":
        doubts = ("recalled",)
    elif not way.seen:
        doubts = ("unseen",)
    base: str = way.outlook
    if cover_rank is not None:
        base = BY_RANK[min(RANK[base], max(cover_rank, RANK["uphill"]))]
    look = outlook(base, judged, bool(doubts))
    return Candidate(
        way, way.route, base, look, (*judged, *extra), bool(doubts), doubts, broken=broken(limits)
    )


def _limits_of_route(facts: Facts, way: Way, treatment: str | None) -> tuple[Judged, ...]:
    """The label's limits that are known to be broken, on a route beside a plan's own rule."""
    if treatment is None or way.per != "coverage":
        return ()
    return _limits_known(facts, treatment)


def person_paths(root: Facts) -> Iterator[Path]:
    """Paths that belong to no coverage: ways to pay, help, rights."""
    views = {t: root.seen_from(None, t) for t in treatments_considered(root)}
    views["open"] = root.seen_from(None)
    for way in root.book.ways.values():
        path = person_path(root, way, views)
        if path is not None:
            yield path


def person_path(root: Facts, way: Way, views: Mapping[str, Facts]) -> Path | None:
    """The path of one way to pay, for the treatment that it fits best of those it may be seen from."""
    request = root.case.request
    fitting = [t for t in views if t in way.treatments]
    if not fitting:
        return None
    kept = [t for t in fitting if _limits_broken(root, t) is None]
    pays = way.about in ("treatment", "money")
    if pays and not kept:
        return None  # nobody is shown how to pay for what is not to be given, or not yet
    fitting = kept if pays else fitting
    if request in fitting:
        treatment: str = str(request)
    elif len(way.treatments) == 1 or request not in (None, "open"):
        treatment = fitting[0]
    else:
        treatment = "open"
    facts = views[treatment]
    candidate = _way_candidate(facts, way, None)
    if candidate is None:
        return None
    ident = f"self.{treatment}.{way.id}"
    if not pays and treatment != "open" and _limits_broken(root, treatment):
        treatment = "open"  # cover and help go on for whatever treatment remains
    lead = lead_of_way(way, candidate, root["insured"])
    return Path(ident, None, treatment, way.route, (candidate,), facts, lead)


def _limits_broken(root: Facts, treatment: str) -> LabelBinds | None:
    """The gravest limit of a treatment's label that the answers are known to break."""
    return broken(_limits_known(root, treatment))


# --- appeals ----------------------------------------------------------------------------------


def _denial_concerns(facts: Facts, treatment: str) -> bool:
    """Whether a denial, if there is one, may be about the coverage seen and the treatment."""
    case = facts.case
    if case.denial is None and case.stage not in (None, "denied", "appeal_denied"):
        return False
    denial = case.denial
    if denial is not None and denial.coverage is not None and denial.coverage != facts.index:
        return False
    about = (denial.treatment if denial is not None else None) or case.request
    return about is None or about == "open" or about == treatment


def _denial_asks(facts: Facts) -> tuple[str, ...]:
    """What a no that was told leaves open: which cover said it, and about which treatment."""
    denial = facts.case.denial
    if facts["denied"] is not True:
        return ()
    which = denial is None or denial.coverage is None
    several = len(facts.case.coverages or ()) > 1
    what = denial is None or denial.treatment is None
    return (
        *(("denial.coverage",) if which and several else ()),
        *(("denial.treatment",) if what else ()),
    )


def _ladder_asks(facts: Facts, program: Program) -> tuple[str, ...]:
    """The answer on which the choice of the ladder waits."""
    if facts["denied"] is not True:
        return ()
    if program.other_ladder is not None:
        verdict = facts.book.test(program.other_ladder.when)(facts)
        return tuple(m for v in open_leaves(verdict) for m in facts.read(v.node.key).missing)
    return facts.read("grandfathered").missing if program.family == "private" else ()


def _appeal_candidates(
    facts: Facts, program: Program, applies: Truth, rank: int
) -> Iterable[Candidate]:
    ladder = facts.book.ladders.get(_ladder_id(facts, program))
    if ladder is None or _said_no_to_nothing(facts, program):
        return
    limits = _limits_on_appeal(facts)
    if broken(limits) == "rules_out" and facts["denied"] is not True:
        return  # what the label rules out is not to be asked for, so no no is to be expected
    about = (*_denial_asks(facts), *_ladder_asks(facts, program), *_early_asks(facts, ladder))
    for level in ladder.levels:
        opened, early = _opened(facts, level)
        if opened is None:
            continue
        judged = [opened]
        said_no = facts.book.test(_DENIED)(facts)
        judged.append(Judged("denied", None, said_no, False, level.source))
        if applies is None and program.applies_when is not None:
            verdict = facts.book.test(program.applies_when)(facts)
            judged.append(Judged("programme_applies", None, verdict, False, level.source))
        if level.applies_when is not None:
            verdict = facts.book.test(level.applies_when)(facts)
            if verdict.value is False:
                continue
            judged.append(Judged("level_applies", None, verdict, False, level.source))
        days, late, missing, keep, ahead = level_days(facts, level, program)
        needs = (*missing, *about)
        base = "possible" if rank >= RANK["possible"] else "not_yet" if rank == 2 else "uphill"
        if broken(limits) is not None:
            base = "not_yet" if broken(limits) == "first" and base != "uphill" else "uphill"
        look = "closed" if late else base
        doubts = ("recalled",) if level.confidence == "recalled" else ()
        yield Candidate(
            level, level.route, base, look, (*judged, *limits), True, doubts, None, program, False,
            True, needs, days, ladder, keep, ahead and _urgent(facts, level), broken(limits), early, ahead,
        )  # fmt: skip


def _opened(facts: Facts, level: Level) -> tuple[Judged | None, str | None]:
    """What opens a rung: the no at the level before it, or what opens it early, and in which words.

    (None, None) where the rung is not open.
    """
    if not level.follows:
        return None, None
    denied = _leaf_verdict(facts, "denial_level", tuple(level.follows))
    if denied.value is not False:
        return Judged("denied_before", None, denied, False, level.source), None
    for condition, source, says in _early(facts, level):
        verdict = facts.book.test(condition)(facts)
        if verdict.value is True:
            return Judged("level_applies", None, verdict, False, source), says
    return None, None


def _early_asks(facts: Facts, ladder: Ladder) -> tuple[str, ...]:
    """The answers that could open a rung early, or put one on its fast track."""
    if facts["denied"] is not True:
        return ()
    found: dict[str, None] = {}
    for level in ladder.levels:
        if level.decision.expedited is not None:
            found.update(dict.fromkeys(facts.read("urgent").missing))
        for condition, _, _ in _early(facts, level):
            for leaf in open_leaves(facts.book.test(condition)(facts)):
                found.update(dict.fromkeys(facts.read(leaf.node.key).missing))
    return tuple(found)


def _early(facts: Facts, level: Level) -> Iterator[tuple[Condition, str, str]]:
    """What opens a rung beside the one before it: by the ladder itself, or by the state's law."""
    if level.early is not None:
        follows = _leaf_condition("denial_level", level.early.follows)
        yield _and(follows, level.early.when), level.early.source, level.early.says
    if level.state_limit != "external_review" or facts["state_regulated"] is False:
        return
    state = facts.book.states.get(law_state(facts).value or "")
    review = state.external_review if state is not None else None
    without = review.without_appeal_first if review is not None else None
    if without is not None:
        first = _leaf_condition("denial_level", ("initial",))
        reason = _leaf_condition("denial_reason", without.reasons)
        yield _and(first, reason), without.source, without.says


_BOTH: dict[tuple[int, int], Condition] = {}


def _and(one: Condition, other: Condition) -> Condition:
    """Two conditions of the rule book as one; made once, so that it is compiled once."""
    key = (id(one), id(other))  # the whole holds its parts, so that no other can come to their ids
    if key not in _BOTH:
        _BOTH[key] = Condition(all=(one, other))
    return _BOTH[key]


def _limits_on_appeal(facts: Facts) -> tuple[Judged, ...]:
    """The label's limits that are known to be broken: they weigh on an appeal, but close no right."""
    limits = _limits_known(facts, facts.treatment or "")
    return tuple(j._replace(informs_only=True) for j in limits)


def _urgent(facts: Facts, level: Level) -> bool:
    """Whether a rung is to be taken today: a plan said no, and waiting could do serious harm."""
    asks = level.route not in LAST_RUNGS_OF
    return asks and facts["denied"] is True and facts["urgent"] is True


def has_fast_track(candidate: Candidate) -> bool:
    """Whether a rung is urgent and can be asked for on a fast track."""
    level = candidate.record
    return candidate.urgent and isinstance(level, Level) and level.decision.expedited is not None


class KeepDay(NamedTuple):
    """The day by which to ask that care which runs goes on; `date` None where nothing tells it."""

    date: dt.date | None
    start: dt.date | None
    how: str  # a key of the phrases under `deadline`
    care: KeepCare

    def over(self, today: dt.date) -> bool:
        """Whether the day itself has passed."""
        return self.date is not None and self.date < today

    def open_still(self, today: dt.date) -> bool:
        """Whether care can still be kept, or brought back."""
        if self.date is None:
            return True
        return add_duration(self.date, self.care.brought_back_within, "days") >= today


def _said_no_to_nothing(facts: Facts, program: Program) -> bool:
    condition = program.no_appeal_when
    return condition is not None and facts.book.test(condition)(facts).value is True


class LevelDays(NamedTuple):
    """A rung's last days, earliest first, whether it is too late, and what is missing to tell."""

    days: tuple[LastDay, ...]
    late: bool
    needs: tuple[str, ...]
    keep: KeepDay | None = None
    ahead: bool = True  # the first last day has not passed, or there is none


def level_days(facts: Facts, level: Level, program: Program) -> LevelDays:
    """The last days of a rung, counted from the dates that were given."""
    readings, complete = level_readings(facts, level, program)
    notice, received = _denial_days(facts.case)
    days = tuple(last_days(readings, notice, received))
    # Late only when every way of counting that may apply has run out. A day of receipt that nobody
    # has told may be later than the notice, and later than the law presumes: it closes nothing.
    passed = bool(days) and days[-1].date < facts.today
    cautious = any(d.counted_from == "from_notice_cautious" for d in days)
    presumed = any(d.counted_from == "from_receipt_presumed" for d in days)
    late = passed and complete and len(days) == len(readings) and not (cautious or presumed)
    needs: tuple[str, ...] = () if notice else ("denial.notice_date",)
    if cautious or (presumed and passed):
        needs = (*needs, "denial.received_date")
    if level.state_limit is not None and not _state_known(facts):
        needs = (*needs, "state")
    keep, asked = _keep_day(facts, level)
    ahead = not days or days[0].date >= facts.today
    return LevelDays(days, late, (*needs, *asked), keep, ahead)


def _keep_day(facts: Facts, level: Level) -> tuple[KeepDay | None, tuple[str, ...]]:
    """By when to ask that care goes on, and what is missing to tell it."""
    care = level.keep_care
    if care is None or facts["denied"] is not True:
        return None, ()
    running = facts.read("continuing_treatment")
    if running.value is None:
        return None, running.missing
    if running.value is False:
        return None, ()
    notice, _ = _denial_days(facts.case)
    told = facts.read("care_changes_on")
    # Where the letter's day is not told, care stops at the latest when the approval ends.
    change = told if told.value is not None else facts.field("authorization.end")
    counted = _days_to_keep(facts, level, care)
    days: list[tuple[dt.date, dt.date, str]] = []
    if notice is not None and counted is not None:
        days.append((add_duration(notice, counted, "days"), notice, "from_notice"))
    if change.value is not None:
        before = 0 if care.change == "until_change" else -1
        how = "change_starts" if told.value is not None else "approval_ends"
        days.append((add_duration(change.value, before, "days"), change.value, how))
    # The day of the change rules where the law counts only from it; else the later of the two.
    if change.value is not None and care.change == "before_change":
        days = days[-1:]
    if not days:
        return KeepDay(None, None, "unknown", care), told.missing
    return KeepDay(*max(days), care), told.missing


def _days_to_keep(facts: Facts, level: Level, care: KeepCare) -> int | None:
    """The days from the notice: the state's own, where its record has them, else the law's."""
    if care.days_from_notice is None:
        return None
    state = facts.book.states.get(law_state(facts).value or "")
    medicaid = state.medicaid if state is not None else None
    hearing = medicaid.fair_hearing if medicaid is not None else None
    own = hearing.safe.to_keep_current_services if hearing is not None else None
    return own or care.days_from_notice


def _state_known(facts: Facts) -> bool:
    return law_state(facts).value is not None


def running_days(candidates: Sequence[Candidate]) -> list[tuple[LastDay, Candidate]]:
    """The last days of a path's rungs: the urgent first, then those ahead, the earliest first;
    rungs that are over only where none runs.

    Where several programmes may have said no, the first rung of each counts.
    """
    rungs: dict[str, Candidate] = {}
    for candidate in candidates:
        rungs.setdefault(candidate.program.id if candidate.program else "", candidate)
    every = [(d, c) for c in rungs.values() for d in c.last_days]
    running = [(d, c) for d, c in every if c.outlook != "closed"]
    return sorted(
        running or every, key=lambda found: (not found[1].urgent, not found[1].ahead, found[0].date)
    )


def act_by(day: LastDay, candidate: Candidate, today: dt.date) -> dt.date:
    """The day to act by on a rung: today where it is urgent."""
    if candidate.urgent:
        return min(today, day.date)
    return safe_day(day.date, today, MAIL_DAYS if must_arrive(candidate) else 0)


def must_arrive(candidate: Candidate) -> bool:
    """Whether a request has to have arrived on the last day of a rung; else it has to be sent."""
    level = candidate.record
    return isinstance(level, Level) and level.counts_on == "arrival"


def day_to_keep(
    candidates: Sequence[Candidate], today: dt.date
) -> tuple[KeepDay, Candidate] | None:
    """The first day among the rungs by which to ask that care goes on; None where it is too late."""
    open_ones = [(c.keep, c) for c in candidates if c.outlook != "closed"]
    found = [(keep, c) for keep, c in open_ones if keep is not None and keep.open_still(today)]
    return min(found, key=lambda x: x[0].date or dt.date.min, default=None)


def _denial_days(case: Case) -> tuple[dt.date | None, dt.date | None]:
    denial = case.denial
    return (denial.notice_date, denial.received_date) if denial else (None, None)


_DENIED = Condition(fact="denied", is_=True)


def _ladder_id(facts: Facts, program: Program) -> str:
    """A grandfathered private plan has a ladder of its own (45 CFR 147.140(c))."""
    if (
        program.family == "private"
        and facts["grandfathered"] is True
        and "grandfathered" in facts.book.ladders
    ):
        return "grandfathered"
    other = program.other_ladder
    if other is not None and facts.book.test(other.when)(facts).value is True:
        return other.ladder
    return program.ladder


def level_readings(
    facts: Facts, level: Level, program: Program
) -> tuple[tuple[ClockReading, ...], bool]:
    """The time limits of a rung for this person, and whether they are all that may apply.

    The state's own limit replaces the general one where the state sets it. A limit of the state
    that nobody has checked never stands alone: the cautious working limit and the general one
    stand beside it. A reading whose condition is not met is left out.
    """
    kept: list[ClockReading] = []
    complete = True
    for reading in level.file_within:
        if reading.applies_when is not None:
            value = facts.book.test(reading.applies_when)(facts).value
            if value is False:
                continue
            complete = complete and value is True
        kept.append(reading)
    if level.state_limit is None:
        return tuple(kept), complete
    state = facts.book.states.get(law_state(facts).value or "")
    if state is None:
        return tuple(kept), False
    if level.state_limit in ("external_review", "appeal_to_plan"):
        reaches = facts["state_regulated"]
        own = _review_limits(state, level.state_limit)
        if reaches is False or not own:
            return tuple(kept), complete
        # A shorter time to appeal to the plan stands beside the federal one: the earlier leads.
        checked = (
            all(r.confidence != "recalled" for r in own) and level.state_limit != "appeal_to_plan"
        )
        return (own, complete) if reaches and checked else ((*kept, *own), complete)
    hearing = state.medicaid.fair_hearing if state.medicaid else None
    if hearing is None:
        return tuple(kept), complete
    return hearing_readings(hearing, level.state_limit, tuple(kept)), complete


def _review_limits(state: State, which: str) -> tuple[ClockReading, ...]:
    review = state.external_review
    if review is None:
        return ()
    return review.file_within if which == "external_review" else review.appeal_to_plan_within


def hearing_readings(
    hearing: FairHearing, which: str, general: tuple[ClockReading, ...]
) -> tuple[ClockReading, ...]:
    """A state's Medicaid limit (`which` names it) as readings, in days from the notice."""
    stated = getattr(hearing, f"{which}_days")
    checked = hearing.confidence != "recalled" and f"{which}_days" not in hearing.recalled_fields
    if stated is not None and checked:
        return (_days_reading(hearing, stated, hearing.confidence),)
    numbers = {n for n in (stated, getattr(hearing.safe, which)) if n is not None}
    return (*(_days_reading(hearing, n, "recalled") for n in sorted(numbers)), *general)


def _days_reading(hearing: FairHearing, days: int, confidence: Confidence) -> ClockReading:
    return ClockReading(
        clock=Clock(number=days, unit="days", counted_from="notice"),
        source=hearing.source,
        as_of=hearing.as_of,
        confidence=confidence,
    )


# --- order --------------------------------------------------------------------------------------

_SAVES = {"most": 0, "much": 1, "some": 2, "little": 3, "nothing": 4}
_TAKES = {"days": 0, "weeks": 1, "months": 2}


def path_order(path: Path) -> tuple[Any, ...]:
    """Outlook, then what it saves, then time: a running deadline first, then how long it takes.

    A path of which nobody knows yet whether it is this person's stands behind the sure ones.
    """
    best = path.best
    record = best.record
    way = record if isinstance(record, Way) else path.facts.book.routes.get(path.route)
    level = isinstance(record, Level)
    return (
        -RANK[path.outlook],
        path.coverage is None,
        _whether_unknown(best),
        _SAVES[way.saves] if way else 0,
        not best.last_days,
        isinstance(record, Way),  # the plan's own rule before the ways around it
        path.treatment != (path.facts.case.request or path.treatment),
        _TAKES[way.takes] if way else 1,
        _rung(best) if level else 0,
        path.id,
    )


def _rung(candidate: Candidate) -> int:
    levels = candidate.ladder.levels if candidate.ladder is not None else ()
    return next((i for i, level in enumerate(levels) if level is candidate.record), 0)


# Criteria that say whether a record speaks for this person at all.
_WHETHER = ("programme_applies", "way_applies", "level_applies", "denied", "denied_before")

# Places among the paths that may be put first, the first one leading. Between them stands the
# order of the paths. Help, a cheaper price and one's own money never lead for a person with cover.
AFTER_A_NO = 0.0
UNDER_A_RULE = 1.0
BESIDE_IT = 2.0
BY_EXCEPTION = 3.0
LAST_RUNGS = 4.0
AROUND_IT = 5.0
WITHOUT_COVER = {"cover": 1.0, "treatment": 2.0, "money": 3.0, "help": 4.0}
COVER_UNKNOWN = {"cover": 4.0, "treatment": 1.0, "money": 1.0, "help": 3.0}
LAST_RUNGS_OF = ("court", "complaint")  # after all else, whatever the ladder says


def lead_of_cover(route: str, best: Candidate) -> float | None:
    """The place of a cover's path among those that may lead; None where it never does.

    After a no the next open rung leads, the first of its ladder before others. What the label
    rules out never leads. A rule of which nobody knows that it is this person's does not lead to
    treatment "without prior approval".
    """
    if best.outlook == "closed":
        return None
    if isinstance(best.record, Level):
        told = all(j.value is not None for j in best.judged if j.id == "denied")
        if not told or best.broken == "rules_out":
            return None
        if route in LAST_RUNGS_OF:
            return LAST_RUNGS
        return AFTER_A_NO + _rung(best) / 100 + (0.5 if _whether_unknown(best) else 0)
    if best.broken is not None or (route == "claim" and _whether_unknown(best)):
        return None
    if route == "related_services":
        return AROUND_IT
    if RANK[best.outlook] < RANK["not_yet"]:
        return BY_EXCEPTION
    rules = isinstance(best.record, Policy) and not route.endswith("_exception")
    return UNDER_A_RULE if rules else BESIDE_IT


def lead_of_way(way: Way, best: Candidate, insured: Truth) -> float | None:
    """The place of a way to pay, or to get help, among the paths that may lead."""
    if best.outlook == "closed" or best.broken is not None:
        return None
    if insured is True:
        return None
    places = COVER_UNKNOWN if insured is None else WITHOUT_COVER
    open_now = RANK[best.outlook] >= RANK["possible"]
    return places[way.about] + (0 if open_now else 10)


def headline(paths: Sequence[Path]) -> Path | None:
    """The path to put first before a person; None where none may lead."""
    leading = [p for p in paths if p.lead is not None]
    return min(leading, key=lambda p: p.lead or 0.0, default=None)


def evaluate(
    case: Case | dict[str, Any], today: dt.date | None = None, book: Book | None = None
) -> Any:
    """What the rule book says of one case on one day.

    Pure and safe to call from several threads: the same case and the same `today` give the same
    result. `today` defaults to the date of the machine. Raises CaseError where the case is at fault.
    """
    from .model import read_case
    from .present import present

    day = today or dt.date.today()
    rules = book or load_rules()
    told = case if isinstance(case, Case) else read_case(case, day)
    check_references(told, rules)
    return present(told, find_paths(told, day, rules), day, rules)


__all__ = [
    "Candidate",
    "Path",
    "coverage_paths",
    "evaluate",
    "find_paths",
    "person_paths",
    "OF_COVERAGE",
    "LabelUse",
]
