"""Whether a treatment that was tried counts for the plan in view, and a key of the words for why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..case import TriedTreatment
from ..engine.paths import Path
from ..facts.context import COUNTED, Facts
from ..facts.state import law_state
from ..facts.trials import TrialJudgement, judge_trial, weeks_asked, weeks_needed
from ..logic import leaves
from ..result import TrialShown, TrialsShown
from ..schema.policies import NO_STANDARD, Policy, TrialStandard

# Families of which plans count full, failed trials; others are noted, not counted that way.
COUNTED_FAMILIES = ("antidepressant", "augmentation")


class Standard(NamedTuple):
    """How the plan in view counts trials, and which cover and rule that is (none: the default)."""

    trial: TrialStandard
    coverage: int | None
    source: str | None
    weeks: int | None


def show_trials(root: Facts, paths: Sequence[Path], prefer: int | None) -> TrialsShown:
    """How each treatment of a case counts. `prefer` is the cover whose policy comes first."""
    standard = _standard_in_view(root, paths, prefer)
    state = law_state(
        root if standard.coverage is None else root.for_coverage(standard.coverage)
    ).value
    tried = enumerate(root.case.treatments or ())
    return TrialsShown(
        coverage=standard.coverage,
        source=standard.source,
        weeks=standard.weeks,
        treatments=tuple(_show_trial(root, standard, state, i, told) for i, told in tried),
    )


def _standard_in_view(root: Facts, paths: Sequence[Path], prefer: int | None) -> Standard:
    """The way of counting of the best path whose policy counts trials; else the stated default."""
    book = root.book
    counting = (p for p in paths if p.outlook != "closed" and _counts_trials(p))
    for path in sorted(counting, key=lambda p: p.coverage != prefer):
        record = path.best.record
        if isinstance(record, Policy):
            state = law_state(path.facts).value or root.case.state
            weeks = weeks_asked(record.trial, book.default_trial, state)
            return Standard(record.trial, path.coverage, record.source, weeks)
    return Standard(NO_STANDARD, None, None, book.default_trial.min_weeks)


def _counts_trials(path: Path) -> bool:
    return any(
        leaf.node.fact in COUNTED for judged in path.best.judged for leaf in leaves(judged.verdict)
    )


def _show_trial(
    root: Facts, standard: Standard, state: str | None, i: int, told: TriedTreatment
) -> TrialShown:
    book, weeks = root.book, standard.weeks
    record = book.treatments[told.treatment]
    if record.counts_as in COUNTED_FAMILIES:
        place = f"treatments[{i}]"
        judged = judge_trial(told, record, standard.trial, book.default_trial, place, state)
        weeks = weeks_needed(told, standard.trial, book.default_trial, state)
    elif record.counts_as == "psychotherapy":
        judged = TrialJudgement(None if told.outcome is None else True, "talk_therapy")
    else:
        judged = TrialJudgement(None, "noted")
    return TrialShown(
        counts=judged.counts,
        why=judged.why,
        weeks=weeks,
        dose=record.min_dose,
        unit=record.dose_unit,
    )
