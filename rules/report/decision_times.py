"""How fast somebody must answer: a plan's first answer, and a reviewer's on each level of appeal.

A state's own time stands in the place of the general one where state law governs the plan, and
beside it, with the condition said, while that is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from ..engine.deadlines import by_notice
from ..engine.paths import Candidate, Path
from ..facts.context import Facts
from ..facts.coverage import programs_of
from ..facts.state import law_state, state_in_law
from ..logic import Truth
from ..messages import phrase
from ..result import Sentence
from ..schema.appeals import AppealLevel, Clock
from ..schema.base import lies_ahead
from ..schema.states import AnswerTimes, PriorAuthorizationLaw, State, StepTherapyLaw

# The routes on which a plan answers a request before care, and whose law of a state sets its time.
FIRST_ANSWER_ROUTES = {
    "prior_authorization": "prior_authorization",
    "medical_exception": "prior_authorization",
    "formulary_exception": "prior_authorization",
    "step_therapy_exception": "step_therapy",
    "gap_exception": None,
}


class FirstAnswer(NamedTuple):
    """A time for a plan's first answer: its clocks, what is told of it, and its source."""

    standard: Clock | None
    expedited: Clock | None
    text: str
    source: str


def answer_times(path: Path) -> Iterator[Sentence]:
    """The time that the other side has to answer on this path, each with its source."""
    record = path.best.record
    senders = by_notice(path.candidates)
    if senders:
        yield from _of_each_letter(path, senders)
        return
    if isinstance(record, AppealLevel):
        yield from _of_level(path, record)
        return
    because = (f"coverages[{path.coverage}].kind", *law_state(path.facts).because)
    for told in _of_path(path):
        yield Sentence(text=told.text, because=because, source=told.source)


def first_answer_clocks(path: Path) -> tuple[Clock, ...]:
    """The clocks of the plan's first answer to a request on this path: the urgent ones where it is urgent.

    Each may hold; where they differ nobody knows which does.
    """
    urgent = path.facts["urgent"] is True
    found: list[Clock] = []
    for told in _of_path(path):
        clock = told.expedited if urgent and told.expedited is not None else told.standard
        if clock is not None and clock.number and clock not in found:
            found.append(clock)
    return tuple(found)


def _of_path(path: Path) -> Iterator[FirstAnswer]:
    if path.route not in FIRST_ANSWER_ROUTES or path.coverage is None:
        return
    base = path.facts.parent or path.facts
    programs = {p.id for p, applies, _ in programs_of(base) if applies is not False}
    if path.best.program is not None:
        programs &= {path.best.program.id}
    yield from first_answers(path.facts, programs, path.route)


def first_answers(facts: Facts, programs: Collection[str], route: str) -> Iterator[FirstAnswer]:
    """The times for the first answer of plans of these programs, the state's own first."""
    own, reaches = _of_state(facts, route)
    yield from own
    rules = any(t.standard is not None for t in own) and reaches is True
    fast = any(t.expedited is not None for t in own)
    state = law_state(facts).value
    for clock in facts.book.decision_clocks:
        here = not clock.states or state in clock.states
        if not here or not set(clock.programs) & set(programs):
            continue
        asked = clock.answers == "request"
        if not (rules and asked):
            limits = (clock.standard, clock.expedited) if asked else (None, None)
            yield FirstAnswer(*limits, clock.says, clock.source)
        elif not fast and clock.expedited is not None:
            # The state sets no time for what is urgent: the general one stays.
            fast = True
            yield FirstAnswer(
                None, clock.expedited, _clock("expedited", clock.expedited), clock.source
            )


def state_times(facts: Facts, route: str) -> tuple[AnswerTimes | None, Truth]:
    """The time for an answer that the state's law sets on a route today, and whether it governs the plan."""
    part, state = FIRST_ANSWER_ROUTES.get(route), state_in_law(facts)
    if part is None or state is None:
        return None, False
    key = "step_therapy_reaches" if part == "step_therapy" else "health_plan_law_reaches"
    reaches: Truth = facts[key]
    law = _law_on(state, part)
    if law is None or law.exists is False or reaches is False:
        return None, reaches
    future = law.in_force_from is not None and lies_ahead(law.in_force_from, facts.today)
    return None if future else law.answer_within, reaches


def _law_on(state: State, part: str) -> StepTherapyLaw | PriorAuthorizationLaw | None:
    return state.step_therapy if part == "step_therapy" else state.prior_authorization


def _of_state(facts: Facts, route: str) -> tuple[list[FirstAnswer], Truth]:
    """The state's own time as it is told, and whether its law governs the plan."""
    times, reaches = state_times(facts, route)
    part, state = FIRST_ANSWER_ROUTES[route], state_in_law(facts)
    if times is None or part is None or state is None:
        return [], reaches
    law = _law_on(state, part)
    cited = f" ({law.law.rstrip('.')})" if law is not None and law.law else ""
    return [_told(times, reaches, state=state.name, law=cited)], reaches


def _told(times: AnswerTimes, reaches: Truth, **names: str) -> FirstAnswer:
    """A state's times in one text, with what holds where the plan is late."""
    parts = [
        _clock(f"state_{key}", clock, **names)
        for key, clock in (("standard", times.standard), ("expedited", times.expedited))
        if clock is not None and clock.number
    ]
    text = " ".join([*parts, *([times.if_late] if times.if_late else [])])
    if reaches is None:
        text = phrase("state_law", "if_reached", text=text)
    return FirstAnswer(times.standard, times.expedited, text, times.source)


def _clock(key: str, clock: Clock, **names: str) -> str:
    assert clock.number
    return phrase("answer", key, number=clock.number, unit=unit_words(clock), **names)


def _of_each_letter(path: Path, senders: Sequence[Candidate]) -> Iterator[Sentence]:
    """The times of each programme that may have sent the letter, named by its letter."""
    for candidate in senders:
        level, program = candidate.record, candidate.program
        if isinstance(level, AppealLevel) and program is not None and program.notice is not None:
            only = phrase("deadline", "by_notice", came=program.notice.came)
            for told in _of_level(path, level):
                yield told.model_copy(update={"text": f"{only} {told.text}"})


def _of_level(path: Path, level: AppealLevel) -> Iterator[Sentence]:
    because = (f"coverages[{path.coverage}].kind",)
    decision = level.decision
    for key in ("standard_before_service", "standard_after_service", "expedited", "drug"):
        clock: Clock | None = getattr(decision, key)
        if clock is not None and clock.number:
            yield Sentence(text=_clock(key, clock), because=because, source=level.source)
    if level.if_late:
        yield Sentence(text=level.if_late, because=because, source=level.source)


def unit_words(clock: Clock) -> str:
    """The unit of a clock in plain words."""
    words = (clock.unit or "").replace("_", " ")
    return words.removesuffix("s") if clock.number == 1 else words
