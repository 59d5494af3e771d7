"""What follows from a coverage: its payer, its programs, the law that reaches it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from ..logic import FactKey, Truth, WordSet, leaves
from ..made_once import made_once
from ..schema.policies import Program
from ..vocabulary import COVERAGE_KINDS, EMPLOYER_KINDS, JOB_BASED_KINDS
from .context import Facts, Reading, fact
from .state import law_state


def starts_later(facts: Facts) -> dt.date | None:
    """The first day of a coverage that has not begun; None where it has, or nobody has said."""
    starts = facts.coverage.starts if facts.coverage is not None else None
    return starts if starts is not None and starts > facts.today else None


@fact("payer", per="coverage")
def _payer(facts: Facts) -> Reading:
    said = facts.field("coverages[].payer")
    return said if said.value is None else Reading(facts.book.payer_id(said.value), said.because)


@fact("days_in_plan", per="coverage")
def _days_in_plan(facts: Facts) -> Reading:
    """The days since the coverage began; fewer than none where it lies ahead."""
    began = facts.field("coverages[].starts")
    if began.value is None:
        return began
    return Reading((facts.today - began.value).days, began.because)


@fact("high_deductible_plan")
def _high_deductible(facts: Facts) -> Reading:
    """Any coverage that goes with a health savings account (bronze and catastrophic since 2026)."""
    covers = facts.case.coverages
    if covers is None:
        return Reading(None, (), ("coverages",))
    because: list[str] = []
    missing: list[str] = []
    for i, c in enumerate(covers):
        said, metal = f"coverages[{i}].high_deductible_plan", f"coverages[{i}].metal_level"
        kind = f"coverages[{i}].kind"
        if c.kind in _MAY_BE_HIGH_DEDUCTIBLE and c.high_deductible_plan is True:
            return Reading(True, (said,))
        if c.kind == "individual" and c.metal_level in ("bronze", "catastrophic"):
            return Reading(True, (metal,))
        if c.kind is None:
            missing.append(kind)
        if c.kind in (None, *_MAY_BE_HIGH_DEDUCTIBLE) and c.high_deductible_plan is None:
            missing.append(said)
        if c.kind in (None, "individual") and c.metal_level is None:
            missing.append(metal)
        because.append(kind)
    return (
        Reading(None, (), tuple(missing))
        if missing
        else Reading(False, tuple(because) or ("coverages",))
    )


_MAY_BE_HIGH_DEDUCTIBLE = (*JOB_BASED_KINDS, "individual", "student")


def _of_programs(
    pick: Callable[[Program], bool | str | None], without: bool | str
) -> Callable[[Facts], Reading]:
    """What the programmes say that may speak for the cover seen; `without` where none does."""

    def read(facts: Facts) -> Reading:
        kind = facts.field("coverages[].kind")
        if kind.value is None:
            return kind
        answers: set[bool | str | None] = set()
        missing: list[str] = []
        because: list[str] = list(kind.because)
        for program, applies, verdict in programs_of(facts):
            if applies is not False:
                answers.add(pick(program))
                missing.extend(m for leaf in verdict for m in facts.read(leaf).missing)
                because.extend(b for leaf in verdict for b in facts.read(leaf).because)
        if len(answers) == 1:
            return Reading(answers.pop(), tuple(dict.fromkeys(because)))
        if not answers:
            return Reading(without, kind.because)
        return Reading(None, (), tuple(dict.fromkeys(missing)))

    return read


def _regulated(program: Program) -> bool:
    """Whether state insurance law reaches the plan (29 USC 1144(b)(2)(A)-(B): not if self-funded)."""
    return program.state_law == "insurance"


def _health_plan_law(program: Program) -> Truth:
    """Whether the state's laws for health plans do; nobody may know that of a kind of plan."""
    return {"yes": True, "no": False}.get(program.health_plan_law_reaches)


@fact("step_therapy_reaches", per="coverage")
def _step_therapy_reaches(facts: Facts) -> Reading:
    """Whether the state's step therapy law reaches the plan; a few name government plans too."""
    regulated = facts.read("health_plan_law_reaches")
    sponsor, kind = facts.field("coverages[].sponsor"), facts["coverage_kind"]
    if regulated.value is not False or kind not in EMPLOYER_KINDS:
        return regulated
    state = law_state(facts)
    if state.value is None:  # some state's law may reach the plan of a government
        may = sponsor.value in (None, "government")
        return Reading(None, (), (*state.missing, *sponsor.missing)) if may else regulated
    record = facts.book.states.get(state.value)
    law = record.step_therapy if record is not None else None
    if law is None or not law.reaches_government_plans:
        return regulated
    if sponsor.value is None:
        return sponsor
    because = (*regulated.because, *state.because, *sponsor.because)
    if sponsor.value == "government" and law.reaches_government_plans == "some":
        return Reading(None, because)
    return Reading(sponsor.value == "government", because)


@fact("erisa", per="coverage")
def _erisa(facts: Facts) -> Reading:
    """29 USC 1002(32), (33), 1003(b): private and union plans, not government or church plans."""
    kind = facts.field("coverages[].kind")
    if kind.value is None:
        return kind
    if kind.value not in EMPLOYER_KINDS:
        return Reading(False, kind.because)
    sponsor = facts.field("coverages[].sponsor")
    if sponsor.value is None:
        return sponsor
    return Reading(sponsor.value in ("private", "union"), (*kind.because, *sponsor.because))


@fact("any_coverage_kind", words=COVERAGE_KINDS)
def _kinds(facts: Facts) -> Reading:
    covers = facts.case.coverages
    if covers is None:
        return Reading(WordSet(frozenset(), frozenset(COVERAGE_KINDS)), (), ("coverages",))
    known = frozenset(c.kind for c in covers if c.kind)
    missing = tuple(f"coverages[{i}].kind" for i, c in enumerate(covers) if c.kind is None)
    places = tuple(f"coverages[{i}].kind" for i, c in enumerate(covers) if c.kind) or ("coverages",)
    return Reading(WordSet(known, frozenset(COVERAGE_KINDS) if missing else known), places, missing)


def _has_kind(kinds_of: Callable[[Facts], Iterable[str]]) -> Callable[[Facts], Reading]:
    def has(facts: Facts) -> Reading:
        wanted = frozenset(kinds_of(facts))
        reading = facts.read("any_coverage_kind")
        known, possible = reading.value
        if not wanted.isdisjoint(known):
            covers = facts.case.coverages or ()
            return Reading(
                True,
                tuple(f"coverages[{i}].kind" for i, c in enumerate(covers) if c.kind in wanted),
            )
        if wanted.isdisjoint(possible):
            return Reading(False, reading.because)
        return Reading(None, (), reading.missing)

    return has


@fact("insured")
def _insured(facts: Facts) -> Reading:
    covers = facts.field("coverages")
    return covers if covers.value is None else Reading(bool(covers.value), covers.because)


def _medicaid_is(*types: str) -> Callable[[Facts], Reading]:
    def is_type(facts: Facts) -> Reading:
        covers = facts.case.coverages
        if covers is None:
            return Reading(None, (), ("coverages",))
        missing: list[str] = []
        for i, c in enumerate(covers):
            if c.kind == "medicaid" and c.medicaid in types:
                return Reading(True, (f"coverages[{i}].medicaid",))
            if c.kind == "medicaid" and c.medicaid is None:
                missing.append(f"coverages[{i}].medicaid")
            if c.kind is None:
                missing.append(f"coverages[{i}].kind")
        return Reading(None, (), tuple(missing)) if missing else Reading(False, ("coverages",))

    return is_type


@fact("enrolled_in_medicaid")
def _enrolled_in_medicaid(facts: Facts) -> Reading:
    covers = facts.case.coverages
    if covers is None:
        return Reading(None, (), ("coverages",))
    missing: list[str] = []
    for i, c in enumerate(covers):
        if c.kind == "chip" or (c.kind == "medicaid" and c.medicaid not in (None, "pending")):
            return Reading(True, (f"coverages[{i}].kind",))
        if c.kind == "medicaid" and c.medicaid is None:
            missing.append(f"coverages[{i}].medicaid")
        if c.kind is None:
            missing.append(f"coverages[{i}].kind")
    return Reading(None, (), tuple(missing)) if missing else Reading(False, ("coverages",))


@fact("active_duty", per="coverage")
def _active_duty(facts: Facts) -> Reading:
    """Whether the patient is on active duty. Where nobody has told it, age can tell: TRICARE For Life has begun."""
    told, age = facts.field("coverages[].active_duty"), facts.field("age")
    if told.value is not None or not told.missing:
        return told
    limit: int = facts.book.eligibility_value("tricare_for_life_by_age")
    if age.value is not None and age.value >= limit:
        return Reading(False, age.because)
    return Reading(None, age.because, (*told.missing, *age.missing))


fact("state_law", per="coverage")(_of_programs(lambda p: p.state_law, "none"))
fact("state_regulated", per="coverage")(_of_programs(_regulated, False))
fact("health_plan_law_reaches", per="coverage")(_of_programs(_health_plan_law, False))
fact("consumer_help", per="coverage")(_of_programs(lambda p: p.consumer_help, "none"))
fact("government_cover")(_has_kind(lambda f: f.book.government_kinds))
fact("private_cover")(_has_kind(lambda f: f.book.private_kinds))
fact("enrolled_in_medicare")(_has_kind(lambda f: ("medicare",)))
fact("qualified_medicare_beneficiary")(_medicaid_is("qmb"))
fact("full_medicaid")(_medicaid_is("fee_for_service", "managed_care"))
fact("job_based_cover")(_has_kind(lambda f: JOB_BASED_KINDS))


ProgramSeen = tuple[Program, Truth, tuple[FactKey | None, ...]]


@made_once
def programs_of(facts: Facts) -> tuple[ProgramSeen, ...]:
    """Programs that speak for the coverage seen: each with whether it applies, and why open."""
    return tuple(_programs_of(facts))


def _programs_of(facts: Facts) -> Iterator[ProgramSeen]:
    kind = facts["coverage_kind"]
    for program in facts.book.programs_by_kind.get(kind or "", ()):
        if program.applies_when is None:
            yield program, True, ()
            continue
        verdict = facts.test(program.applies_when)
        keys = tuple(leaf.node.key for leaf in leaves(verdict))
        yield program, verdict.value, keys
