"""Whether a treatment that was tried counts for the plan in view, and a key of the words for why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..case import TriedTreatment
from ..engine.coordination import payer_order
from ..engine.paths import Path
from ..facts.context import COUNTED, Facts
from ..facts.state import law_state
from ..facts.trials import TrialJudgement, judge_trial, weeks_asked, weeks_needed
from ..result import TrialShown, TrialsShown
from ..schema.conditions import facts_read
from ..schema.policies import NO_STANDARD, Policy, TrialStandard

# Families of which plans count full, failed trials; others are noted, not counted that way.
COUNTED_FAMILIES = ("antidepressant", "augmentation")


class Standard(NamedTuple):
    """How the plan in view counts trials, and which cover and rule that is (none: the default)."""

    trial: TrialStandard
    coverage: int | None
    source: str | None
    weeks: int | None


def show_trials(root: Facts, paths: Sequence[Path]) -> TrialsShown:
    """How each treatment of a case counts."""
    standard = _standard_in_view(root, paths)
    state = law_state(
        root if standard.coverage is None else root.for_coverage(standard.coverage)
    ).value
    tried = enumerate(root.case.treatments or ())
    return TrialsShown(
        coverage=standard.coverage,
        source=standard.source,
        weeks=standard.weeks,
        dose=standard.trial.dose,
        treatments=tuple(_show_trial(root, standard, state, i, told) for i, told in tried),
    )


def _standard_in_view(root: Facts, paths: Sequence[Path]) -> Standard:
    """The way of counting of the policy that speaks for what was asked; else the stated default.

    It hangs on the coverages, the diagnosis and the request, never on an outlook: what was tried
    changes that, and a measure must not change while it is measured by it.
    """
    book = root.book
    counting = _counting_policies(paths)
    if not counting:
        return Standard(NO_STANDARD, None, None, book.default_trial.min_weeks)
    paid = {place.coverage: rank for rank, place in enumerate(payer_order(root))}
    path, policy = min(counting, key=lambda found: _rank(root, paid, *found))
    state = law_state(path.facts).value or root.case.state
    weeks = weeks_asked(policy.trial, book.default_trial, state)
    return Standard(policy.trial, path.coverage, policy.source, weeks)


def _counting_policies(paths: Sequence[Path]) -> list[tuple[Path, Policy]]:
    """Every policy in view that asks for treatments that were tried."""
    candidates = ((path, c.record) for path in paths for c in path.candidates)
    return [(p, r) for p, r in candidates if isinstance(r, Policy) and _counts_trials(r)]


def _counts_trials(policy: Policy) -> bool:
    asked = (*policy.criteria, *(c for way in policy.alternatives for c in way.criteria))
    return any(not facts_read(criterion).isdisjoint(COUNTED) for criterion in asked)


def _rank(root: Facts, paid: Mapping[int, int], path: Path, policy: Policy) -> tuple[object, ...]:
    """Who pays first, the stated diagnosis by its own name, one that says how it counts, the request."""
    case = root.case
    diagnoses = (case.diagnosis, *(case.other_diagnoses or ()))
    named = (i for i, diagnosis in enumerate(diagnoses) if diagnosis in policy.indications)
    return (
        len(paid) if path.coverage is None else paid.get(path.coverage, len(paid)),
        next(named, len(diagnoses)),
        policy.trial == NO_STANDARD,
        path.treatment != case.request,
        policy.id,
    )


def _show_trial(
    root: Facts, standard: Standard, state: str | None, i: int, told: TriedTreatment
) -> TrialShown:
    book, weeks = root.book, standard.weeks
    record = book.treatments[told.treatment]
    if record.counts_as in COUNTED_FAMILIES:
        place = f"treatments[{i}]"
        judged = judge_trial(told, record, standard.trial, book.default_trial, place, state)
        weeks = weeks_needed(told, record, standard.trial, book.default_trial, state)
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
