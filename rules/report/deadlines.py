"""The last days of a path as they are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal

from ..engine.dates import LastDay
from ..engine.deadlines import act_by, by_notice, day_to_keep, running_days
from ..engine.paths import Candidate, Path
from ..messages import join_words, phrase
from ..result import DeadlineReading, DeadlineShown
from .answer_due import counted, sent_on, show_answer_due
from .due_first import day_to_ask, days_to_renew


def days_of_path(path: Path, today: dt.date) -> list[DeadlineShown]:
    """The last days of a path, and by when an answer is due; what was sent has no last day to send it."""
    days = show_last_days(path.candidates, today)
    if sent_on(path) is not None:
        days = (d for d in days if d.kind != "file")
    return sorted((*days, *show_answer_due(path, today)), key=lambda d: (d.passed, d.act_by))


def show_last_days(candidates: Sequence[Candidate], today: dt.date) -> Iterable[DeadlineShown]:
    """The day to ask that care goes on, the end of an approval, then the last day to file."""
    if not any(c.last_days or c.keep or c.renewal for c in candidates):
        return
    yield from sorted(
        (
            *_show_day_to_keep(candidates, today),
            *_show_end_of_approval(candidates[0], today),
            *(_show_days_by_notice(candidates, today) or _show_day_to_file(candidates, today)),
        ),
        key=lambda d: (d.passed, d.act_by, d.kind == "file", d.date),
    )


def _show_day_to_keep(candidates: Sequence[Candidate], today: dt.date) -> Iterable[DeadlineShown]:
    """The day to ask that care which runs goes on; just past, it says what is left."""
    kept = day_to_keep(candidates, today)
    if kept is None or kept[0].date is None:
        return
    day, candidate = kept
    assert day.date is not None
    assert day.start is not None
    reading = DeadlineReading(
        date=day.date, start=day.start, counted=day.how, how=phrase("deadline", day.how)
    )
    ask = day_to_ask(day, today)
    told = "keep_care_over" if day.over(today) else "keep_care"
    values = {"date": day.date.isoformat(), "act_by": ask.isoformat()}
    says = day.care.if_late if day.over(today) else day.care.says
    yield DeadlineShown(
        id=f"{candidate.record.id}.keep_care",
        kind="keep_care",
        date=day.date,
        act_by=ask,
        readings=(reading,),
        counted_from=counted(reading),
        text=f"{phrase('deadline', told, **values)} {says}",
        passed=False,
        says=says,
        source=day.care.source,
        confidence=day.care.confidence,
    )


def _show_end_of_approval(candidate: Candidate, today: dt.date) -> Iterable[DeadlineShown]:
    """The day on which an approval ends, and the day by which to have its renewal sent."""
    if candidate.renewal is None or candidate.renewal.ends is None:
        return
    end = candidate.renewal.ends
    reading = DeadlineReading(
        date=end, start=end, counted="approval_ends", how=phrase("deadline", "approval_ends")
    )
    act, *later = days_to_renew(end, today) or (today,)
    yield DeadlineShown(
        id=f"{candidate.record.id}.renew",
        kind="renew",
        date=end,
        act_by=act,
        readings=(reading,),
        counted_from=counted(reading),
        text=phrase(
            "deadline", "renew", date=end.isoformat(), act_by=act.isoformat(), again=_again(later)
        ),
        passed=end < today,
        source=candidate.record.source,
        confidence=candidate.record.confidence,
    )


def _show_days_by_notice(
    candidates: Sequence[Candidate], today: dt.date
) -> tuple[DeadlineShown, ...]:
    """The last day of each programme that may have sent the letter, named by its letter."""
    found = []
    for candidate in by_notice(candidates):
        process, program = candidate.appeal_process, candidate.program
        assert process is not None
        assert program is not None
        assert program.notice is not None
        for day in _show_day_to_file((candidate,), today):
            named = phrase("deadline", "by_notice", came=program.notice.came)
            told = {
                "id": f"{process.id}.{day.id}",
                "text": f"{named} {day.text}",
                "appeal_process": process.id,
                "came": program.notice.came,
            }
            found.append(day.model_copy(update=told))
    return tuple(found)


def _again(days: Sequence[dt.date]) -> str:
    """When to ask how a renewal stands."""
    if not days:
        return ""
    return phrase("deadline", "renew_again", days=join_words([d.isoformat() for d in days]))


def _show_day_to_file(candidates: Sequence[Candidate], today: dt.date) -> Iterable[DeadlineShown]:
    """The last day to file: the earliest reading leads, the others stand beside it."""
    days = running_days(candidates)
    if not days:
        return
    first, candidate = days[0]
    others = dict.fromkeys(_reading(d) for d, _ in days[1:] if d.date != first.date)
    readings = (_reading(first), *others)
    act = act_by(first, candidate, today)
    told = "text" if first.date >= today else "passed" if _all_over(candidates) else "passed_once"
    text = phrase("deadline", told, date=first.date.isoformat())
    why = _why_earlier(candidate) if told == "text" and act != first.date else None
    if why is not None:
        text += phrase("deadline", why, act_by=act.isoformat())
    if told == "text" and first.reading.cautious:
        longest = days[-1][0].date
        key = "cautious" if longest == first.date else "cautious_longer"
        text += phrase("deadline", key, longer=longest.isoformat())
    yield DeadlineShown(
        id=f"{candidate.record.id}.file",
        urgent=candidate.urgent and told == "text",
        cautious=first.reading.cautious,
        earlier_because=why,
        date=first.date,
        act_by=act,
        readings=readings,
        counted_from=counted(readings[0]),
        text=text,
        passed=first.date < today,
        source=first.reading.source,
        confidence=first.reading.confidence,
        other_readings=tuple(f"{r.date.isoformat()} ({counted(r)})" for r in others),
    )


def _why_earlier(candidate: Candidate) -> Literal["weekend", "arrival", "urgent"]:
    """Why the day to act by lies before the last day."""
    if candidate.urgent:
        return "urgent"
    return "arrival" if candidate.arrives else "weekend"


def _all_over(candidates: Sequence[Candidate]) -> bool:
    """Whether the time to file is over by every way of counting that may apply."""
    return all(c.outlook == "closed" for c in candidates if c.last_days)


def _reading(day: LastDay) -> DeadlineReading:
    how = phrase("deadline", day.counted_from, days=day.presumed_days)
    return DeadlineReading(date=day.date, start=day.start, counted=day.counted_from, how=how)
