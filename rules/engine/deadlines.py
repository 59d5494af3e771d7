"""The last days of a level of appeal, counted from the dates that were told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from ..case import Case
from ..facts.context import Facts
from ..facts.state import law_state, state_in_law
from ..schema.appeals import AppealLevel, Clock, ClockReading, KeepCare
from ..schema.policies import Program
from ..schema.states import FairHearing, State
from ..vocabulary import Confidence
from .dates import MAIL_DAYS, LastDay, add_duration, last_days, safe_day
from .paths import Candidate, KeepDay

HEARINGS = ("ffs", "after_plan_appeal")  # limits of the state's Medicaid hearing


class LevelDays(NamedTuple):
    """A level of appeal's last days, earliest first, whether it is too late, and what is missing to tell."""

    days: tuple[LastDay, ...]
    late: bool
    needs: tuple[str, ...]
    keep: KeepDay | None = None
    ahead: bool = True  # the first last day has not passed, or there is none
    arrives: bool = False  # a request has to have arrived on the last day; else it has to be sent


def level_days(facts: Facts, level: AppealLevel, program: Program) -> LevelDays:
    """The last days of a level of appeal, counted from the dates that were given."""
    readings, complete = level_readings(facts, level, program)
    notice, received = _denial_days(facts.case)
    days = tuple(last_days(readings, notice, received))
    # Late only when every way of counting that may apply has run out. A day of receipt that nobody
    # has told may be later than the notice, and later than the law presumes: it closes nothing.
    passed = bool(days) and days[-1].date < facts.today
    cautious = any(d.counted_from == "from_notice_cautious" for d in days)
    presumed = any(d.counted_from == "from_receipt_presumed" for d in days)
    late = passed and complete and len(days) == len(readings) and not (cautious or presumed)
    needs: tuple[str, ...] = () if notice else (f"{facts.denial_place}.notice_date",)
    if cautious or (presumed and passed):
        needs = (*needs, f"{facts.denial_place}.received_date")
    if level.state_limit is not None and not _state_known(facts):
        needs = (*needs, "state")
    keep, asked = _keep_day(facts, level)
    ahead = not days or days[0].date >= facts.today
    arrives = level.counts_on == "arrival" or _hearing_must_arrive(facts, level)
    return LevelDays(days, late, (*needs, *asked), keep, ahead, arrives)


def _hearing_must_arrive(facts: Facts, level: AppealLevel) -> bool:
    """Whether the state wants a request for its Medicaid hearing in hand on the last day."""
    hearing = _hearing(facts) if level.state_limit in HEARINGS else None
    return hearing is not None and hearing.must_arrive


def _hearing(facts: Facts) -> FairHearing | None:
    """What the person's state says of its Medicaid hearing."""
    state = state_in_law(facts)
    medicaid = state.medicaid if state is not None else None
    return medicaid.fair_hearing if medicaid is not None else None


def _keep_day(facts: Facts, level: AppealLevel) -> tuple[KeepDay | None, tuple[str, ...]]:
    """By when to ask that care goes on, and what is missing to tell it."""
    care = level.keep_care
    if care is None or facts["denied"] is not True:
        return None, ()
    if care.applies_when is not None and facts.test(care.applies_when).value is False:
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
        return KeepDay(None, None, "unknown", care), (*told.missing, *change.missing)
    return KeepDay(*max(days), care), (*told.missing, *change.missing)


def _days_to_keep(facts: Facts, level: AppealLevel, care: KeepCare) -> int | None:
    """The days from the notice: the state's own, where its record has them, else the law's."""
    if care.days_from_notice is None:
        return None
    hearing = _hearing(facts)
    own = hearing.conservative_days.to_keep_current_services if hearing is not None else None
    return own or care.days_from_notice


def _state_known(facts: Facts) -> bool:
    return law_state(facts).value is not None


def running_days(candidates: Sequence[Candidate]) -> list[tuple[LastDay, Candidate]]:
    """The last days of a path's levels of appeal: the urgent first, then those ahead, the earliest first;
    levels of appeal that are over only where none runs.

    Where several programmes may have said no, the first level of appeal of each counts.
    """
    levels: dict[str, Candidate] = {}
    for candidate in candidates:
        levels.setdefault(candidate.program.id if candidate.program else "", candidate)
    every = [(d, c) for c in levels.values() for d in c.last_days]
    running = [(d, c) for d, c in every if c.outlook != "closed"]
    return sorted(
        running or every, key=lambda found: (not found[1].urgent, not found[1].ahead, found[0].date)
    )


def by_notice(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The first level of appeal of each programme that may have sent the letter; none where only one may.

    They have days of their own, and only the letter tells which of them run.
    """
    firsts: dict[str, Candidate] = {}
    for candidate in candidates:
        told = any(j.id == "denied" and j.value is True for j in candidate.judged)
        process, program = candidate.appeal_process, candidate.program
        if told and process is not None and program is not None and program.notice is not None:
            firsts.setdefault(process.id, candidate)
    return tuple(firsts.values()) if len(firsts) > 1 else ()


def act_by(day: LastDay, candidate: Candidate, today: dt.date) -> dt.date:
    """The day to act by on a level of appeal: today where it is urgent."""
    if candidate.urgent:
        return min(today, day.date)
    return safe_day(day.date, today, MAIL_DAYS if candidate.arrives else 0)


def day_to_keep(
    candidates: Sequence[Candidate], today: dt.date
) -> tuple[KeepDay, Candidate] | None:
    """The first day among the levels of appeal by which to ask that care goes on; None where it is too late."""
    open_ones = [(c.keep, c) for c in candidates if c.outlook != "closed"]
    found = [(keep, c) for keep, c in open_ones if keep is not None and keep.open_still(today)]
    return min(found, key=lambda x: x[0].date or dt.date.min, default=None)


def _denial_days(case: Case) -> tuple[dt.date | None, dt.date | None]:
    denial = case.denial
    return (denial.notice_date, denial.received_date) if denial else (None, None)


def level_readings(
    facts: Facts, level: AppealLevel, program: Program
) -> tuple[tuple[ClockReading, ...], bool]:
    """The time limits of a level of appeal for this person, and whether they are all that may apply.

    The state's own limit replaces the general one where the state sets it. A limit of the state
    that nobody has checked never stands alone: the cautious working limit and the general one
    stand beside it. A reading whose condition is not met is left out.
    """
    kept: list[ClockReading] = []
    complete = True
    for reading in level.file_within:
        if reading.applies_when is not None:
            value = facts.test(reading.applies_when).value
            if value is False:
                continue
            complete = complete and value is True
        kept.append(reading)
    if level.state_limit in (None, "medicaid_outside_review"):  # the latter brings its own limit
        return tuple(kept), complete
    state = state_in_law(facts)
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
    return hearing_readings(hearing, level, tuple(kept)), complete


def _review_limits(state: State, which: str) -> tuple[ClockReading, ...]:
    review = state.external_review
    if review is None:
        return ()
    return review.file_within if which == "external_review" else review.appeal_to_plan_within


def hearing_readings(
    hearing: FairHearing, level: AppealLevel, general: tuple[ClockReading, ...]
) -> tuple[ClockReading, ...]:
    """A state's Medicaid limit for a level of appeal as readings, in days from the notice.

    A checked one stands alone. Where it is shorter than federal law lets a state set, that law's
    days stand beside it. Where none was checked, the cautious working limit leads.
    """
    which = level.state_limit
    stated = getattr(hearing, f"{which}_days")
    checked = hearing.confidence != "recalled" and f"{which}_days" not in hearing.recalled_fields
    if stated is not None and checked:
        own = _days_reading(hearing, stated, hearing.confidence)
        floor = level.state_floor
        if floor is None or stated >= floor or not general:
            return (own,)
        clock = Clock(number=floor, unit="days", counted_from="notice")
        return (own, general[0].model_copy(update={"clock": clock}))
    careful = getattr(hearing.conservative_days, which or "")
    longest = max((r.clock.number or 0 for r in general), default=0)
    numbers = {
        n: n == careful != stated and n < longest for n in (stated, careful) if n is not None
    }
    own_ones = (_days_reading(hearing, n, "recalled", numbers[n]) for n in sorted(numbers))
    return (*own_ones, *general)


def _days_reading(
    hearing: FairHearing, days: int, confidence: Confidence, cautious: bool = False
) -> ClockReading:
    return ClockReading(
        cautious=cautious,
        clock=Clock(number=days, unit="days", counted_from="notice"),
        source=hearing.source,
        as_of=hearing.as_of,
        confidence=confidence,
    )
