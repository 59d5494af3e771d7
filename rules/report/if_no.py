"""What stands open after a no: the first level of appeal, its days and its fast track."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from ..engine.answers import Answer
from ..engine.appeals import appeal_process_of
from ..engine.deadlines import by_notice, level_readings
from ..engine.paths import Candidate
from ..engine.policies import programs_seen
from ..engine.reading_order import REMEDIES
from ..facts.context import Facts
from ..logic import Truth
from ..messages import phrase
from ..result import IfNoShown
from ..schema.appeals import AppealLevel, Clock
from ..schema.policies import Program
from .decision_times import unit_words
from .insurance_names import ANSWERS

DAYS_OF = {"days": 1, "weeks": 7, "months": 30, "years": 365}


def if_no(answer: Answer, paths: Container[str]) -> IfNoShown | None:
    """The first level after a no that may come; after one that was told, the level after it.

    `paths` are the ids of all paths: where one is that of the level, it is named.
    """
    if answer.coverage is None:
        text = phrase("if_no", "no_insurance", file=ANSWERS)
        return IfNoShown(text=text) if answer.path is not None else None
    facts = answer.facts
    program = _program(answer)
    ruled_out = answer.rule is not None and answer.rule.broken is not None
    if program is None or (ruled_out and facts["denied"] is not True):
        return None
    here = answer.path.best.record if answer.path is not None else None
    ladders = by_notice(answer.path.candidates) if answer.path is not None else ()
    if ladders:
        return IfNoShown(text=" ".join(_next_by_notice(facts, ladders)))
    level = _level_after(facts, program, here if isinstance(here, AppealLevel) else None)
    if level is None:
        denied = isinstance(here, AppealLevel)
        return IfNoShown(text=phrase("if_no", "last", file=ANSWERS)) if denied else None
    told = _told(answer, level, program, after_a_no=isinstance(here, AppealLevel))
    stem = answer.path.id.rpartition(".")[0] if answer.path is not None else ""
    ident = f"{stem}.{level.route}"
    return told.model_copy(update={"path": ident}) if ident in paths else told


def _program(answer: Answer) -> Program | None:
    """The programme whose rule speaks; else the first that may."""
    rule = answer.rule
    if answer.path is not None and isinstance(answer.path.best.record, AppealLevel):
        return answer.path.best.program
    if rule is not None and rule.program is not None:
        return rule.program
    return next((p for p, _ in _seen(answer.facts)), None)


def _seen(facts: Facts) -> tuple[tuple[Program, Truth], ...]:
    return programs_seen(facts) if facts.parent is not None else ()


def _next_by_notice(facts: Facts, senders: Sequence[Candidate]) -> Iterator[str]:
    """What follows where only the letter tells whose levels run: the next letter says; some go up by themselves."""
    yield phrase("if_no", "by_notice", file=ANSWERS)
    for candidate in senders:
        program, here = candidate.program, candidate.record
        if program is None or program.notice is None or not isinstance(here, AppealLevel):
            continue
        level = _level_after(facts, program, here)
        if level is not None and level.automatic:
            names = {"came": program.notice.came, "name": level.name}
            yield phrase("if_no", "by_notice_itself", file=ANSWERS, **names)


def _level_after(facts: Facts, program: Program, here: AppealLevel | None) -> AppealLevel | None:
    process = appeal_process_of(facts, program)
    levels = [
        level
        for level in (process.levels if process is not None else ())
        if level is here
        or level.applies_when is None
        or facts.test(level.applies_when).value is not False
    ]
    if here is None:
        first = [x for x in levels if "initial" in x.follows]
        return next((x for x in first if not _only_fast(x)), next(iter(first), None))
    if here.last:
        return None
    at = levels.index(here) if here in levels else len(levels)
    told = facts["denial_level"]
    # What is open beside this level already is no next one.
    after = (x for x in levels[at + 1 :] if x.route not in REMEDIES or told not in x.follows)
    return next(after, None)


def _only_fast(level: AppealLevel) -> bool:
    """Whether a level is there for fast decisions alone."""
    decision = level.decision
    slow = (decision.standard_before_service, decision.standard_after_service, decision.drug)
    return decision.expedited is not None and not any(slow)


def _told(answer: Answer, level: AppealLevel, program: Program, after_a_no: bool) -> IfNoShown:
    facts = answer.facts
    days = min(_days(facts, level, program), default=None)
    fast = level.decision.expedited
    fast_words = _fast_words(fast)
    within = phrase("if_no", "within", file=ANSWERS, days=days) if days is not None else ""
    again = "next_itself" if level.automatic else "next"
    key = again if after_a_no else "denied_first"
    told = fast_words or ""
    text = phrase("if_no", key, file=ANSWERS, name=level.name, by=within, within=within, fast=told)
    return IfNoShown(
        within_days=days,
        fast=f"{fast.number} {unit_words(fast)}" if fast is not None and fast.number else None,
        text=text,
    )


def _fast_words(fast: Clock | None) -> str | None:
    if fast is None or not fast.number:
        return None
    return phrase("if_no", "fast", file=ANSWERS, number=fast.number, unit=unit_words(fast))


def _days(facts: Facts, level: AppealLevel, program: Program) -> Iterator[int]:
    """The days to file, by every reading that may apply."""
    for reading in level_readings(facts, level, program)[0]:
        clock = reading.clock
        if clock.number and clock.unit in DAYS_OF:
            yield clock.number * DAYS_OF[clock.unit]
