"""How a course of the treatment goes, beside the schedule that the drug's label names for the week it is in."""

from __future__ import annotations

from collections.abc import Iterator

from ..case import Case, TreatmentStatus
from ..engine.paths import Path
from ..facts.context import Facts
from ..messages import day_words, phrase
from ..result import StepShown
from ..schema.clinical import Dosing

DAYS = 7
PAPERS = ("letter_of_medical_necessity", "treatment_history_table")


def week_of_course(facts: Facts, treatment: str) -> int | None:
    """The week in which a course is, counted from 1: by its first session, else by the weeks told of it."""
    told = facts.case.treatment_status
    if told is not None and told.date is not None and treatment == facts.case.request:
        return (facts.today - told.date).days // DAYS + 1
    for tried in facts.case.treatments or ():
        record = facts.book.treatments.get(tried.treatment)
        runs = tried.outcome == "ongoing" and tried.weeks is not None
        if runs and record is not None and treatment in record.course_of:
            return int(tried.weeks or 0) + 1
    return None


def schedule_in(facts: Facts, treatment: str, week: int) -> Dosing | None:
    """What the label names for a week of the use that was told; None where it names no schedule."""
    known = facts["indication"].known
    for use in facts.book.label_uses.get(treatment, ()):
        if known & set(use.indications):
            return next((d for d in use.dosing if d.holds_in(week)), None)
    return None


def beside_label(path: Path) -> Iterator[StepShown]:
    """To give the reason where sessions or doses are more than the label names for this week."""
    facts, told = path.facts, path.facts.case.treatment_status
    week = week_of_course(facts, path.treatment)
    if (
        told is None
        or week is None
        or path.coverage is None
        or path.treatment != facts.case.request
    ):
        return
    schedule = schedule_in(facts, path.treatment, week)
    if schedule is None:
        return
    more = tuple(_more(told, schedule, week))
    if more:
        text = " ".join((*more, phrase("course", "label", says=schedule.says)))
        yield StepShown(
            id="more_than_the_label", who="prescriber", stage="request", documents=PAPERS,
            text=phrase("course", "give_reason", more=text),
        )  # fmt: skip


def _more(told: TreatmentStatus, schedule: Dosing, week: int) -> Iterator[str]:
    often, dose = told.sessions_per_week, told.dose_mg
    if often is not None and schedule.most_a_week is not None and often > schedule.most_a_week:
        most = f"{schedule.most_a_week:g}"
        yield phrase("course", "more_often", often=f"{often:g}", week=week, most=most)
    if dose is not None and schedule.most_mg is not None and dose > schedule.most_mg:
        yield phrase("course", "more_mg", dose=f"{dose:g}", most=f"{schedule.most_mg:g}")


def course_words(case: Case) -> str:
    """How the course goes, as one line; empty where nothing of it was told."""
    told = case.treatment_status
    parts = list(_parts(told)) if told is not None else []
    return "; ".join(parts)


def _parts(told: TreatmentStatus) -> Iterator[str]:
    if told.sessions_so_far is not None:
        key = "sessions_one" if told.sessions_so_far == 1 else "sessions"
        yield phrase("course", key, number=told.sessions_so_far)
    if told.date is not None:
        yield phrase("course", "since", date=day_words(told.date))
    if told.sessions_per_week is not None:
        yield phrase("course", "a_week", number=f"{told.sessions_per_week:g}")
    if told.dose_mg is not None:
        yield phrase("course", "dose", number=f"{told.dose_mg:g}")
    scores = score_words(told)
    if scores:
        yield scores


def score_words(told: TreatmentStatus | None) -> str:
    """The scores of a course, and whether the second is lower; empty where they were not told."""
    if told is None or (told.score_before is None and told.score_now is None):
        return ""
    before, now = told.score_before, told.score_now
    if before is None or now is None:
        key = "score_now" if before is None else "score_before"
        return phrase("course", key, score=f"{now if before is None else before:g}")
    key = "lower" if now < before else "not_lower"
    return phrase("course", key, before=f"{before:g}", now=f"{now:g}")
