"""By when the other side has to answer: counted from the day on which a request or an appeal was sent.

It is no day to act by until it has passed. The law counts from the day the request came, which nobody
here knows: the day it was sent is the earliest that this can be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from ..engine.coordination import payer_order
from ..engine.dates import add_duration
from ..engine.paths import Path
from ..engine.reading_order import LAST_LEVELS_OF
from ..facts.context import Facts
from ..facts.denials import OWN
from ..messages import day_words, phrase
from ..result import DeadlineReading, DeadlineShown, StepShown
from ..schema.appeals import AppealLevel, Clock, Decision
from ..schema.policies import Policy
from .decision_times import first_answer_clocks, state_times

ASKED_ON = ("prior_authorization", "medical_exception", "formulary_exception")
SENT = "from_sent"  # how the days are counted, as a key of the phrases under `deadline`


@dataclass(frozen=True)
class Sent:
    """A request or an appeal that was sent: when, by when it has to be answered, and what if it is not.

    `due` has a day for each time limit that may hold, the first first; none where no limit is known.
    """

    on: dt.date
    due: tuple[dt.date, ...]
    late: str
    today: dt.date

    @property
    def coming(self) -> dt.date | None:
        """The first day to come; None where the answer is late by every limit that may hold, or none is known."""
        return next((d for d in self.due if d >= self.today), None)


def sent_on(path: Path) -> Sent | None:
    """What was sent on a path and waits for an answer; None where nothing was, or none is awaited."""
    record = path.best.record
    if isinstance(record, AppealLevel):
        return _appeal_sent(path, record)
    return _request_sent(path) if isinstance(record, Policy) else None


def _appeal_sent(path: Path, level: AppealLevel) -> Sent | None:
    facts, appeal = path.facts, path.facts.case.appeal
    if appeal is None or appeal.sent_date is None or facts["denied"] is not True:
        return None
    if path.best.early is not None or path.route in LAST_LEVELS_OF or facts.denial_place != OWN:
        return None
    late = level.if_late or phrase("deadline", "late")
    return _sent(path, appeal.sent_date, tuple(_clocks(facts, level.decision)), late)


def _clocks(facts: Facts, decision: Decision) -> Iterator[Clock]:
    """The reviewer's time limits that may hold: by urgency, for a drug, before or after care."""
    kind = facts["denial_kind"]
    if facts["urgent"] is True and decision.expedited is not None:
        yield decision.expedited
    if decision.drug is not None and kind != "claim":
        yield decision.drug
        return
    if decision.standard_before_service is not None and kind != "claim":
        yield decision.standard_before_service
    if decision.standard_after_service is not None and kind != "authorization":
        yield decision.standard_after_service


def _request_sent(path: Path) -> Sent | None:
    facts, case = path.facts, path.facts.case
    waits = case.stage in (None, "request_pending") and facts["denied"] is not True
    asked = case.request in (None, "open", path.treatment) and path.route in ASKED_ON
    if case.request_sent_date is None or not (waits and asked) or not _pays_first(path):
        return None
    late = _state_if_late(path) or phrase("deadline", "late")
    return _sent(path, case.request_sent_date, first_answer_clocks(path), late)


def _pays_first(path: Path) -> bool:
    """Whether it is the plan that is asked first."""
    if len(path.facts.case.coverages or ()) <= 1:
        return True
    root = path.facts
    while root.parent is not None:
        root = root.parent
    return next((p.coverage == path.coverage for p in payer_order(root)), False)


def _state_if_late(path: Path) -> str | None:
    """What the state's law gives where a plan is late, if it surely governs the plan."""
    times, reaches = state_times(path.facts, path.route)
    return times.if_late if times is not None and reaches is True else None


def _sent(path: Path, on: dt.date, clocks: tuple[Clock, ...], late: str) -> Sent:
    days = {add_duration(on, c.number, c.unit) for c in clocks if c.number and c.unit is not None}
    return Sent(on, tuple(sorted(days)), late, path.facts.today)


# --- as it is told -----------------------------------------------------------------------------------


def show_answer_due(path: Path, today: dt.date) -> Iterator[DeadlineShown]:
    """The day by which the other side has to answer; once it is over, what to do today."""
    sent = sent_on(path)
    if sent is None or not sent.due:
        return
    first, *others = (_reading(day, sent.on) for day in sent.due)
    record, coming = path.best.record, sent.coming
    key, told = ("answer_due", coming) if coming is not None else ("answer_overdue", sent.due[-1])
    yield DeadlineShown(
        id=f"{record.id}.answer_due",
        kind="answer_due",
        date=first.date,
        act_by=coming or today,
        readings=(first, *others),
        counted_from=counted(first),
        text=phrase("deadline", key, date=told.isoformat(), late=sent.late),
        says=sent.late if coming is None else None,
        source=record.source,
        confidence=record.confidence,
        other_readings=tuple(f"{r.date.isoformat()} ({counted(r)})" for r in others),
    )


def counted(reading: DeadlineReading) -> str:
    """From which day and how a last day is counted, as one sentence."""
    return f"{reading.start.isoformat()}: {reading.how}"


def _reading(day: dt.date, start: dt.date) -> DeadlineReading:
    return DeadlineReading(date=day, start=start, counted=SENT, how=phrase("deadline", SENT))


def wait_step(path: Path) -> StepShown | None:
    """What is left to do on what was sent: to wait for the answer, and to act once it is late."""
    sent = sent_on(path)
    if sent is None:
        return None
    late = bool(sent.due) and sent.coming is None
    key = "answer_late" if late else "wait" if sent.due else "wait_unknown"
    words = {"sent": day_words(sent.on), "late": sent.late}
    if sent.coming is not None:
        words["date"] = day_words(sent.coming)
    return StepShown(
        id="answer_is_late" if late else "wait_for_answer", who="patient", stage="appeal",
        text=phrase("step", key, **words), by=path.facts.today if late else None,
    )  # fmt: skip
