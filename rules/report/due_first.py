"""What comes before all else on a path: a renewal, the fast track, an outside review at once, care that goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ..engine.appeals import opened_early
from ..engine.dates import working_day_on_or_before
from ..engine.deadlines import by_notice, day_to_keep
from ..engine.paths import KeepDay, Path, Renewal
from ..messages import day_words, in_mid_sentence, phrase
from ..result import StepShown
from ..schema.appeals import AppealLevel
from ..schema.policies import Policy
from ..schema.shared import FAST_TRACK
from .answer_due import sent_on
from .contacts import contact_of
from .decision_times import unit_words
from .insurance_names import ANSWERS, insurance_name, treatment_brief

RENEW_DAYS_BEFORE = (30, 14, 7)  # the end of an approval: to ask, and to ask how it stands
NEAR = dt.timedelta(days=14)  # from here on, to keep care going is asked for today


def before_all_else(path: Path) -> Iterable[StepShown]:
    """What is to be done today on a level of appeal: the fast track, and that care goes on."""
    best, today = path.best, path.facts.today
    if best.renewal is not None and sent_on(path) is None:
        yield _renewal_step(path, best.renewal, today)
    if not isinstance(best.record, AppealLevel):
        return
    if best.urgent:
        yield _fastest_step(path, best.record, today) or _urgent_step(path, today)
    if best.appeal_process is not None and best.program is not None:
        for level, says in opened_early(path.facts, best.appeal_process, best.program):
            if level.route != path.route:
                yield _early_step(path, level, says, today if best.urgent else None)
    kept = day_to_keep(path.candidates, today)
    if kept is not None:
        day, _ = kept
        says = day.care.says
        if day.over(today) and day.date is not None:
            over = phrase("step", "keep_care_over", date=day_words(day.date))
            says = f"{over} {day.care.if_late}"
        yield StepShown(
            id="keep_care", text=says, who="patient", stage="appeal", by=day_to_ask(day, today)
        )


def _renewal_step(path: Path, renewal: Renewal, today: dt.date) -> StepShown:
    """To have an approval renewed before it ends; where its end is not known, to ask for it."""
    key = "renew" if renewal.ends is not None else "renew_open"
    payer = insurance_name(path.facts)
    text = phrase("step", key, file=ANSWERS, payer=payer, treatment=treatment_brief(path.treatment))
    by = day_to_renew(renewal.ends, today) if renewal.ends is not None else None
    record = path.best.record
    needs = record.authorization.renewal_needs if isinstance(record, Policy) else None
    asks = phrase("authorization", "needs", needs=needs) if needs else None
    told = path.facts.case.treatment_status
    scores = (told.score_before, told.score_now) if told is not None else (None, None)
    worse = scores[0] is not None and scores[1] is not None and scores[1] >= scores[0]
    why = phrase("step", "not_better", file=ANSWERS) if worse else None
    return StepShown(
        id="renew_approval", text=" ".join(t for t in (text, asks, why) if t), who="clinic",
        stage="request", by=by, documents=("prior_authorization_packet",),
    )  # fmt: skip


def day_to_renew(ends: dt.date, today: dt.date) -> dt.date:
    """The day to have a renewal sent: the next of those to ask on, or today where all have passed."""
    return next(iter(days_to_renew(ends, today)), today)


def days_to_renew(ends: dt.date, today: dt.date) -> tuple[dt.date, ...]:
    """The days to ask for a renewal that are still to come, each moved to a working day before it."""
    marks = (ends - dt.timedelta(days=days) for days in RENEW_DAYS_BEFORE)
    return tuple(max(today, working_day_on_or_before(m)) for m in marks if m >= today)


def day_to_ask(day: KeepDay, today: dt.date) -> dt.date:
    """The day to ask that care goes on: today, unless there is plenty of time."""
    if day.date is None or day.date <= today + NEAR:
        return today
    return working_day_on_or_before(day.date)


def fast_step(path: Path, level: AppealLevel, today: dt.date | None) -> StepShown | None:
    """To ask for the fast decision: today where it is urgent, else if it should be; None: there is none."""
    fast = level.decision.expedited
    if fast is None:
        return None
    full = path.facts.book.steps[FAST_TRACK]
    asks = phrase("step", "ask_fast") if today is not None else full.says
    due = fast.note
    if fast.number:
        due = phrase("step", "fast_answer", number=fast.number, unit=unit_words(fast))
    return StepShown(
        id=FAST_TRACK if path.route == "internal_appeal" else f"{FAST_TRACK}_{path.route}",
        text=" ".join(part for part in (asks, due, path.best.early) if part),
        who="patient" if today is not None else full.who,
        stage="appeal",
        contact=contact_of(path, level.contact),
        by=today,
        documents=full.documents,
        done_when=full.done_when,
        if_it_fails=full.if_it_fails,
    )


def _fastest_step(path: Path, level: AppealLevel, today: dt.date) -> StepShown | None:
    """To ask for the fast decision; where not every letter that may have come opens one, named by the one that does."""
    senders = by_notice(path.candidates)
    steps = [
        (c.program.notice, fast_step(path, c.record, today))
        for c in senders
        if isinstance(c.record, AppealLevel)
        and c.program is not None
        and c.program.notice is not None
    ]
    fast = [(notice, step) for notice, step in steps if step is not None]
    if len(fast) == len(steps):
        return fast_step(path, level, today)
    return next(
        (
            step.model_copy(
                update={"text": f"{phrase('deadline', 'by_notice', came=notice.came)} {step.text}"}
            )
            for notice, step in fast
        ),
        None,
    )


def _early_step(path: Path, level: AppealLevel, says: str, today: dt.date | None) -> StepShown:
    """To ask at the same time for a level of appeal that is open beside this one."""
    fast = level.decision.expedited if today is not None else None
    due = ""
    if fast is not None and fast.number:
        due = phrase("step", "fast_answer", number=fast.number, unit=unit_words(fast))
    asks = phrase("step", "ask_beside", name=in_mid_sentence(level.name))
    filing = next((s for s in level.steps if s.meets_deadline), None)
    by_state = level.state_limit is not None and path.facts["state_regulated"] is True
    return StepShown(
        id=f"ask_beside_{level.route}",
        text=" ".join(part for part in (asks, says, due) if part),
        who="patient",
        stage="appeal",
        contact=contact_of(path, level.contact or ("overseer" if by_state else "plan")),
        by=today,
        documents=filing.documents[:1] if filing is not None else (),
    )


def _urgent_step(path: Path, today: dt.date) -> StepShown:
    """The first act where waiting could do serious harm and no fast track was found."""
    return StepShown(
        id=f"appeal_today_{path.route}",
        text=phrase("step", "no_fast_track"),
        who="patient",
        stage="appeal",
        by=today,
    )
