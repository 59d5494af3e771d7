"""What was tried: each treatment, and whether the rule in question counts it as a failed trial."""

from __future__ import annotations

from rules.case import TriedTreatment
from rules.facts.state import law_state
from rules.facts.trials import TrialJudgement, judge_trial, weeks_needed
from rules.report.course import course_words
from rules.schema.clinical import TreatmentRecord
from rules.schema.policies import NO_STANDARD, TrialStandard

from .context import Gaps, ScoreRow, Trial
from .focus import Focus
from .phrases import long_date, lower_first, number, say, say_or

JUDGED = ("antidepressant", "augmentation")  # families that rules count by weeks and dose
UNHELPED = ("no_response", "partial_response")
TRIED = (*UNHELPED, "not_tolerated")
FAILED = (*TRIED, "contraindicated")


def history(focus: Focus) -> Gaps:
    """The fields of the context about treatments that were tried and scores that were taken."""
    standard = focus.policy.trial if focus.policy else NO_STANDARD
    told = focus.case.treatments or ()
    pairs = [(t, _trial(focus, standard, i, t)) for i, t in enumerate(told)]
    rows = tuple(row for _, row in pairs)
    open_ = say("counts", "open")
    scores = tuple(_scores(focus))
    return {
        "trials": rows,
        "trials_failed": tuple(row for t, row in pairs if t.outcome in FAILED),
        "trials_no_response": tuple(r for t, r in pairs if t.outcome in UNHELPED),
        "trials_not_tolerated": tuple(r for t, r in pairs if t.outcome == "not_tolerated"),
        "trials_contraindicated": tuple(r for t, r in pairs if t.outcome == "contraindicated"),
        "trials_to_check": tuple(r for r in rows if r.counts == open_),
        "own_counts": () if rows else tuple(_own_counts(focus, "own_count")),
        "own_counts_clinical": () if rows else tuple(_own_counts(focus, "count_clinical")),
        "drugs_failed": _drugs_failed(focus),
        "trial_rule": _rule(focus, standard),
        "scores": scores,
        "severity": "; ".join(row.clinical for row in scores),
        "course_line": _course(focus),
    }


def _drugs_failed(focus: Focus) -> str:
    """How many medicines did not help enough or could not be taken, where it is more than one."""
    told, records = focus.case.treatments or (), focus.book.treatments
    found = [t for t in told if t.outcome in FAILED and records[t.treatment].counts_as in JUDGED]
    return str(len(found)) if len(found) > 1 else ""


def _course(focus: Focus) -> str:
    """How the treatment goes, on a paper that is about it."""
    return course_words(focus.case) if focus.treatment == focus.case.request else ""


def trial_of(focus: Focus, i: int) -> Trial:
    """One tried treatment, judged by the policy in question."""
    standard = focus.policy.trial if focus.policy else NO_STANDARD
    return _trial(focus, standard, i, (focus.case.treatments or ())[i])


def _rule(focus: Focus, standard: TrialStandard) -> str:
    """How this policy counts a trial, in words."""
    weeks = standard.min_weeks
    default = focus.book.default_trial.min_weeks or 0
    parts = [
        say("trial_rule", "weeks", weeks=weeks)
        if weeks
        else say("trial_rule", "default", weeks=default)
    ]
    if standard.open_from_weeks is not None:
        parts.append(say("trial_rule", "shorter"))
    if standard.current_episode:
        parts.append(say("trial_rule", "episode"))
    if standard.intolerance:
        parts.append(say("trial_rule", f"intolerance_{standard.intolerance}"))
    if standard.partial_response == "does_not_count":
        parts.append(say("trial_rule", "partial"))
    if standard.partial_min_weeks:
        parts.append(say("trial_rule", "partial_weeks", weeks=standard.partial_min_weeks))
    if standard.add_on_min_weeks:
        parts.append(say("trial_rule", "add_on_weeks", weeks=standard.add_on_min_weeks))
    if standard.lookback_years:
        parts.append(say("trial_rule", "lookback", years=standard.lookback_years))
    return " ".join(parts)


def _trial(focus: Focus, standard: TrialStandard, i: int, told: TriedTreatment) -> Trial:
    record = focus.book.treatments[told.treatment]
    counts, why = _counts(focus, standard, i, told, record)
    dose = _dose(told, record)
    weeks = say("trial", "weeks", weeks=number(told.weeks)) if told.weeks is not None else ""
    when = _when(told)
    outcome = say_or("outcome", told.outcome)
    sessions = say("trial", "sessions", sessions=told.sessions) if told.sessions else ""
    told_parts = [p for p in (dose, weeks, sessions, when) if p]
    name = _name(record)
    group = record.drug_class or say_or("family", record.counts_as)
    line = say(
        "trial",
        "line",
        name=name,
        facts=", ".join(told_parts),
        outcome=outcome or say("trial", "open"),
    )
    if not told_parts:
        line = say("trial", "line_short", name=name, outcome=outcome or say("trial", "open"))
    return Trial(
        name,
        group,
        dose,
        " / ".join(p for p in (weeks, sessions) if p),
        when,
        outcome,
        counts,
        why,
        line,
        *_in_letters(told, record, group),
    )


def _in_letters(told: TriedTreatment, record: TreatmentRecord, group: str) -> tuple[str, ...]:
    """A trial in the register of a clinician: name, name with dose and weeks, result, all of it."""
    drug = record.drug_class is not None
    name = record.in_letters or record.name
    plain = lower_first(name)
    facts = []
    if told.outcome != "contraindicated":
        if told.daily_dose_mg is not None:
            facts.append(say("trial_clinical", "dose", dose=number(told.daily_dose_mg)))
        if told.sessions:
            facts.append(say("trial", "sessions", sessions=told.sessions))
        if told.weeks is not None:
            facts.append(say("trial", "weeks", weeks=number(told.weeks)))
    short = ", ".join((name, *facts))
    if told.current_episode is not None and told.outcome != "contraindicated":
        facts.append(say("trial_clinical", "now" if told.current_episode else "earlier"))
    head = (
        say("trial_clinical", "classed", name=name, drug_class=lower_first(group))
        if drug and group
        else name
    )
    outcome = say_or("outcome_clinical", told.outcome, say("outcome_clinical", "open"))
    line = say("trial_clinical", "line", what=", ".join((head, *facts)), outcome=outcome)
    return plain, short, outcome, line


def _name(record: TreatmentRecord) -> str:
    return f"{record.name} ({record.brands[0]})" if record.brands else record.name


def _dose(told: TriedTreatment, record: TreatmentRecord) -> str:
    if told.daily_dose_mg is None:
        return ""
    return say("trial", "dose", dose=number(told.daily_dose_mg))


def _when(told: TriedTreatment) -> str:
    if told.current_episode is not None:
        return say("trial", "now" if told.current_episode else "earlier")
    return say("trial", "years", years=number(told.years_ago)) if told.years_ago is not None else ""


def _counts(
    focus: Focus, standard: TrialStandard, i: int, told: TriedTreatment, record: TreatmentRecord
) -> tuple[str, str]:
    """Whether a trial counts, and why, in words."""
    if record.counts_as not in JUDGED:
        key = (
            "listed"
            if told.outcome in FAILED
            else "not_failed"
            if told.outcome
            else "outcome_unknown"
        )
        return say(
            "counts", "listed" if key == "listed" else "open" if told.outcome is None else "no"
        ), say("why", key)
    default = focus.book.default_trial
    state = law_state(focus.facts).value
    judged: TrialJudgement = judge_trial(told, record, standard, default, f"treatments[{i}]", state)
    answer = {True: "yes", False: "no", None: "open"}[judged.counts]
    need = weeks_needed(told, record, standard, default, state)
    dose = f"{number(record.min_dose)} {record.dose_unit}" if record.min_dose is not None else ""
    key = (
        f"{judged.why}_{answer}" if judged.why in ("intolerance", "contraindicated") else judged.why
    )
    return say("counts", answer), say(
        "why", key, weeks=need, dose=dose, years=standard.lookback_years or 0
    )


def _own_counts(focus: Focus, words_of: str) -> list[str]:
    counts = focus.case.treatment_counts
    if counts is None:
        return []
    told = counts.model_dump(exclude_none=True)
    words = [
        say(words_of, key, n=value)
        for key, value in told.items()
        if not isinstance(value, bool) and value > 0
    ]
    if counts.psychotherapy_tried:
        words.append(say(words_of, "psychotherapy_tried"))
    return words


def _scores(focus: Focus) -> list[ScoreRow]:
    """The scores that were told, the newest first."""
    told = [s for s in focus.case.severity or () if s.score is not None]
    told.sort(key=lambda s: (s.date is not None, s.date), reverse=True)
    rows = []
    for s in told:
        scale = focus.book.scales[s.scale]
        name, high = scale.name, scale.high
        points = number(s.score or 0)
        score = say("score", "of", score=points, high=high) if high is not None else points
        date = long_date(s.date)
        line = say("score", "line" if date else "line_undated", name=name, score=score, date=date)
        band = scale.severe_from is not None and (s.score or 0) >= scale.severe_from
        severe = say("score", "severe") if band else ""
        told_on = say("score", "taken", date=date) if date else ""
        clinical = f"{say_or('scale_clinical', s.scale, name)} {score}{severe}{told_on}"
        rows.append(ScoreRow(name, score, date, line, clinical))
    return rows
