"""Whether a treatment that was tried counts for the plan in view, and the plain word for why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from rules import Book
from rules.case import Case
from rules.engine.find_paths import find_paths
from rules.engine.paths import Path
from rules.facts.context import COUNTED, Facts
from rules.facts.state import law_state
from rules.facts.trials import TrialJudgement, judge_trial, weeks_asked, weeks_needed
from rules.logic import leaves
from rules.schema.policies import NO_STANDARD, Policy, TrialStandard

# Families of which plans count full, failed trials; others are noted, not counted that way.
COUNTED_FAMILIES = ("antidepressant", "augmentation")


@dataclass(frozen=True)
class Standard:
    """How the plan in view counts trials, and which cover and rule that is (none: the default)."""

    trial: TrialStandard
    coverage: int | None
    source: str | None
    weeks: int | None


@dataclass(frozen=True)
class Judgement:
    """One treatment: counts (True, False, not known), the word for why, and the weeks asked for."""

    counts: bool | None
    why: str
    weeks: int | None
    dose: float | None
    unit: str | None


def standard_in_view(case: Case, book: Book, today: dt.date, prefer: int | None = None) -> Standard:
    """The way of counting of the best path whose policy counts trials; else the stated default.

    `prefer` is the cover that the result leads with: its policy comes first.
    """
    counting = [
        p for p in find_paths(case, today, book) if p.outlook != "closed" and _counts_trials(p)
    ]
    for path in sorted(counting, key=lambda p: p.coverage != prefer):
        record = path.best.record
        if isinstance(record, Policy):
            state = law_state(path.facts).value or case.state
            weeks = weeks_asked(record.trial, book.default_trial, state)
            return Standard(record.trial, path.coverage, record.source, weeks)
    return Standard(NO_STANDARD, None, None, book.default_trial.min_weeks)


def _counts_trials(path: Path) -> bool:
    return any(
        leaf.node.fact in COUNTED for judged in path.best.judged for leaf in leaves(judged.verdict)
    )


def judge_tried(
    case: Case, book: Book, today: dt.date, prefer: int | None = None
) -> tuple[Standard, tuple[Judgement, ...]]:
    """For each treatment of a case, whether it counts under the standard in view."""
    standard = standard_in_view(case, book, today, prefer)
    index = standard.coverage
    state = law_state(Facts(case, book, today, index)).value
    found = []
    for i, tried in enumerate(case.treatments or ()):
        record = book.treatments[tried.treatment]
        weeks = standard.weeks
        if record.counts_as in COUNTED_FAMILIES:
            judged = judge_trial(
                tried, record, standard.trial, book.default_trial, f"treatments[{i}]", state
            )
            weeks = weeks_needed(tried, standard.trial, book.default_trial, state)
        elif record.counts_as == "psychotherapy":
            judged = TrialJudgement(None if tried.outcome is None else True, "talk_therapy")
        else:
            judged = TrialJudgement(None, "noted")
        found.append(Judgement(judged.counts, judged.why, weeks, record.min_dose, record.dose_unit))
    return standard, tuple(found)
