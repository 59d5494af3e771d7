"""How fast somebody must answer: a plan's first answer, and a reviewer's on each level of appeal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..engine.deadlines import by_notice
from ..engine.paths import Candidate, Path
from ..facts.coverage import programs_of
from ..facts.state import law_state
from ..messages import phrase
from ..result import Sentence
from ..schema.appeals import AppealLevel, Clock

FIRST_ANSWER_ROUTES = (
    "prior_authorization", "medical_exception", "formulary_exception", "step_therapy_exception",
    "gap_exception",
)  # fmt: skip


def answer_times(path: Path) -> Iterator[Sentence]:
    """The time that the other side has to answer on this path, each with its source."""
    record = path.best.record
    senders = by_notice(path.candidates)
    if senders:
        yield from _of_each_letter(path, senders)
    elif isinstance(record, AppealLevel):
        yield from _of_level(path, record)
    elif path.route in FIRST_ANSWER_ROUTES and path.coverage is not None:
        yield from _of_first_request(path)


def _of_first_request(path: Path) -> Iterator[Sentence]:
    facts = path.facts
    base = facts.parent or facts
    programs = {p.id for p, applies, _ in programs_of(base) if applies is not False}
    if path.best.program is not None:
        programs &= {path.best.program.id}
    state = law_state(facts)
    because = (f"coverages[{path.coverage}].kind", *state.because)
    for clock in facts.book.decision_clocks:
        here = not clock.states or state.value in clock.states
        if here and programs & set(clock.programs):
            yield Sentence(text=clock.says, because=because, source=clock.source)


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
            text = phrase("answer", key, number=clock.number, unit=unit_words(clock))
            yield Sentence(text=text, because=because, source=level.source)
    if level.if_late:
        yield Sentence(text=level.if_late, because=because, source=level.source)


def unit_words(clock: Clock) -> str:
    """The unit of a clock in plain words."""
    words = (clock.unit or "").replace("_", " ")
    return words.removesuffix("s") if clock.number == 1 else words
