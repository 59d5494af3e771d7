"""Treatments that were tried: which of them count as failed trials, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..case import MOST_COUNTED, TriedTreatment
from ..logic import Span, Truth
from ..schema.clinical import TreatmentRecord
from ..schema.policies import TrialStandard
from .context import Facts, Reading, counted_fact, fact
from .state import law_state


class TrialJudgement(NamedTuple):
    """Whether one tried treatment counts as a failed trial, and the word for why."""

    counts: Truth
    why: str
    missing: tuple[str, ...] = ()


def judge_trial(
    tried: TriedTreatment,
    record: TreatmentRecord,
    standard: TrialStandard,
    default: TrialStandard,
    place: str,
    state: str | None = None,
) -> TrialJudgement:
    """Whether a tried treatment counts as an adequate, failed trial under `standard`.

    Where the policy does not say, the stated default counts: its weeks, its dose; a medicine
    stopped for side effects, never safe to take, or taken in an earlier episode stays open (None).
    Weeks are weeks at the highest dose held; doses are mg a day.
    """
    by_outcome = _judge_outcome(tried, record, standard, place)
    if by_outcome is not None:
        return by_outcome
    checks = (
        _long_enough(tried, record, standard, default, place, state),
        _strong_enough(tried, record, place),
        _this_episode(tried, standard, place),
        _recent_enough(tried, standard, place),
    )
    for check in checks:
        if check.counts is False:
            return check
    missing = tuple(m for c in checks if c.counts is None for m in c.missing)
    still_open = next((c for c in checks if c.counts is None), None)
    return (
        TrialJudgement(None, still_open.why, missing)
        if still_open
        else TrialJudgement(True, "counts")
    )


def _judge_outcome(
    tried: TriedTreatment, record: TreatmentRecord, standard: TrialStandard, place: str
) -> TrialJudgement | None:
    """What the outcome alone decides; None where weeks, dose and dates decide."""
    listed = not standard.add_ons or record.id in standard.add_ons
    if record.counts_as == "augmentation" and not listed:
        return TrialJudgement(False, "add_on_not_listed")
    if tried.outcome is None:
        return TrialJudgement(None, "outcome_unknown", (f"{place}.outcome",))
    if tried.outcome in ("helped", "ongoing"):
        return TrialJudgement(False, tried.outcome)
    if tried.outcome in _NOT_TAKEN:
        field = _NOT_TAKEN[tried.outcome]
        counts = {"counts": True, "does_not_count": False}.get(getattr(standard, field) or "")
        return TrialJudgement(counts, field if counts is not None else f"{field}_open")
    if tried.outcome == "partial_response" and standard.partial_response == "does_not_count":
        return TrialJudgement(False, "partial_response")
    return None


# A medicine that was stopped or never started: the field of a standard that says how it counts.
_NOT_TAKEN = {"not_tolerated": "intolerance", "contraindicated": "contraindicated"}


def _long_enough(
    tried: TriedTreatment,
    record: TreatmentRecord,
    standard: TrialStandard,
    default: TrialStandard,
    place: str,
    state: str | None,
) -> TrialJudgement:
    if tried.weeks is None:
        return TrialJudgement(None, "weeks_unknown", (f"{place}.weeks",))
    if tried.weeks >= weeks_needed(tried, record, standard, default, state):
        return TrialJudgement(True, "long_enough")
    if tried.weeks >= weeks_needed(tried, record, standard, default, state, least=True):
        return TrialJudgement(None, "weeks_by_state", ("state",))
    if record.course_weeks is not None and tried.weeks >= record.course_weeks:
        return TrialJudgement(None, "short_course")
    silent = standard.min_weeks is None and not standard.by_state
    open_from = default.open_from_weeks if silent else standard.open_from_weeks
    if open_from is not None and tried.weeks >= open_from:
        return TrialJudgement(None, "short_open")
    return TrialJudgement(False, "too_short")


def weeks_needed(
    tried: TriedTreatment,
    record: TreatmentRecord,
    standard: TrialStandard,
    default: TrialStandard,
    state: str | None,
    least: bool = False,
) -> int:
    """The weeks from which a trial surely counts: the state's, the policy's or the default's.

    With `least`, those from which it may count: fewer, where the state is not known.
    """
    add_on = record.counts_as == "augmentation"
    need = weeks_asked(standard, default, state, add_on, least)
    if tried.outcome == "partial_response":
        return max(need, standard.partial_min_weeks or 0)
    return need


def weeks_asked(
    standard: TrialStandard,
    default: TrialStandard,
    state: str | None,
    add_on: bool = False,
    least: bool = False,
) -> int:
    """What a standard asks for, whatever became of the trial. A state that nobody told may be any."""
    if add_on and standard.add_on_min_weeks is not None:
        return standard.add_on_min_weeks
    usual = standard.min_weeks or default.min_weeks or 0
    by_state = dict(standard.by_state)
    if state is not None:
        return by_state.get(state, usual)
    needs = (usual, *by_state.values())
    return min(needs) if least else max(needs)


def _strong_enough(tried: TriedTreatment, record: TreatmentRecord, place: str) -> TrialJudgement:
    if record.min_dose is None and not record.dose_parts:
        return TrialJudgement(True, "no_dose")
    if tried.daily_dose_mg is None:
        return TrialJudgement(None, "dose_unknown", (f"{place}.daily_dose_mg",))
    unit = record.dose_unit or "mg/day"
    if not unit.startswith(("mg", "mcg")) or "IV" in unit:
        return TrialJudgement(None, "dose_unit_differs")
    if record.min_dose is None:
        return _strong_enough_in_parts(tried.daily_dose_mg, record.dose_parts)
    need = record.min_dose / 1000 if unit.startswith("mcg") else record.min_dose
    return TrialJudgement(tried.daily_dose_mg >= need, "dose_too_low")


def _strong_enough_in_parts(dose: float, parts: tuple[float, ...]) -> TrialJudgement:
    """One number told of a medicine with two parts: it may be the sum, or either of them."""
    counts = True if dose >= sum(parts) else False if dose < min(parts) else None
    return TrialJudgement(counts, "dose_in_parts")


def _this_episode(tried: TriedTreatment, standard: TrialStandard, place: str) -> TrialJudgement:
    if standard.current_episode is True:
        if tried.current_episode is None:
            return TrialJudgement(None, "episode_unknown", (f"{place}.current_episode",))
        return TrialJudgement(tried.current_episode, "earlier_episode")
    if standard.current_episode is None and tried.current_episode is False:
        return TrialJudgement(None, "earlier_episode_open")
    if standard.current_episode is None and tried.current_episode is None:
        return TrialJudgement(None, "episode_unknown", (f"{place}.current_episode",))
    return TrialJudgement(True, "episode")


def _recent_enough(tried: TriedTreatment, standard: TrialStandard, place: str) -> TrialJudgement:
    if standard.lookback_years is None:
        return TrialJudgement(True, "recent")
    if tried.years_ago is None and tried.current_episode is True:
        return TrialJudgement(True, "recent")
    if tried.years_ago is None:
        return TrialJudgement(None, "years_unknown", (f"{place}.years_ago",))
    return TrialJudgement(tried.years_ago <= standard.lookback_years, "too_long_ago")


def _tried(
    facts: Facts, families: tuple[str, ...]
) -> list[tuple[int, TriedTreatment, TreatmentRecord]]:
    book = facts.book
    return [
        (i, t, book.treatments[t.treatment])
        for i, t in enumerate(facts.case.treatments or ())
        if t.treatment in book.treatments and book.treatments[t.treatment].counts_as in families
    ]


def _may_count(
    facts: Facts, families: tuple[str, ...]
) -> list[tuple[int, TriedTreatment, TreatmentRecord]]:
    """Medicines that are listed under another use and may count here, as the medicine they are."""
    book = facts.book
    found = []
    for i, t in enumerate(facts.case.treatments or ()):
        record = book.treatments.get(t.treatment)
        if record is not None and record.may_count_as in families:
            found.append((i, t, book.treatments[record.medicine or record.id]))
    return found


class _Listed(NamedTuple):
    """What the list of tried treatments says of a family: of its medicines, or of their classes."""

    failed: frozenset[str]  # certainly a full trial that failed
    open: frozenset[str]  # may be one
    counted: frozenset[str]  # of those: listed under this use, so perhaps in the person's own count
    ended: frozenset[str]  # over without success, and certainly no full trial
    untold: frozenset[str]  # certainly no full trial, and nobody has said how it went
    because: tuple[str, ...]
    missing: tuple[str, ...]


def _listed(
    facts: Facts,
    standard: TrialStandard,
    families: tuple[str, ...],
    value_of: Callable[[TreatmentRecord], str],
) -> _Listed:
    """The listed treatments of some families, judged by `standard`, each value (`value_of`) once."""
    own, doubtful = _tried(facts, families), _may_count(facts, families)
    failed, maybe, counted, ended, untold = (set[str]() for _ in range(5))
    missing: list[str] = []
    state = law_state(facts).value
    default = facts.book.default_trial
    for n, (i, t, record) in enumerate((*own, *doubtful)):
        judged = judge_trial(t, record, standard, default, f"treatments[{i}]", state)
        value, here = value_of(record), n < len(own)
        if judged.counts is True and here:
            failed.add(value)
        elif judged.counts is not False:
            maybe.add(value)
            missing.extend(judged.missing)
            if here:
                counted.add(value)
        elif here and t.outcome in _ENDED:
            ended.add(value)
        elif here and t.outcome is None:
            untold.add(value)
    return _Listed(
        frozenset(failed),
        frozenset(maybe - failed),
        frozenset(counted - failed),
        frozenset(ended - failed - maybe),
        frozenset(untold - failed - maybe - ended),
        tuple(f"treatments[{i}]" for i, _, _ in (*own, *doubtful)) or ("treatments",),
        tuple(missing),
    )


# Over without success: a person who counts in short may have counted it.
_ENDED = ("no_response", "partial_response", "not_tolerated")


def _together(listed: _Listed, short: Reading, certain: bool = True) -> Reading:
    """How many full trials failed, by a list and the person's own count of the same history.

    The list may be a part of what was counted. What the list shows to have failed is among those
    counted. What goes on, or helped, is not, and takes nothing from the count. What ended but is
    no full trial may be among those counted or not: so many fewer at least, and none fewer at
    most. Where as many such trials are listed as were counted, they are what was counted, and the
    list alone speaks. (`certain` is false where what is counted may not be what is asked for.)
    """
    low, high = len(listed.failed), len(listed.failed) + len(listed.open)
    least, most = (0, 0) if short.value is None else ends_of(short.value)
    if most <= len(listed.ended):
        return number_reading(low, high, listed.because, listed.missing)
    doubtful = len(listed.ended) + len(listed.counted) + len(listed.untold)
    return number_reading(
        max(low, least - doubtful) if certain else low,
        max(high, most),
        (*listed.because, *short.because),
        (*listed.missing, *short.missing, "treatments"),
    )


def number_reading(
    low: float, high: float, because: Iterable[str], missing: Iterable[str] = ()
) -> Reading:
    """A number that is known, or known to lie between two."""
    if low == high:
        return Reading(low, tuple(dict.fromkeys(because)))
    return Reading(Span(low, high), tuple(dict.fromkeys(because)), tuple(dict.fromkeys(missing)))


def _count_failed(
    facts: Facts,
    standard: TrialStandard,
    families: tuple[str, ...],
    short_form: str,
    value_of: Callable[[TreatmentRecord], str],
) -> Reading:
    """How many different things (`value_of`) failed: exact, a span, or unknown."""
    short = facts.field(f"treatment_counts.{short_form}")
    if facts.case.treatments is None:
        if short.value is not None:
            return short
        return Reading(None, (), ("treatments", *short.missing))
    return _together(_listed(facts, standard, families, value_of), _counted(facts, short_form))


def _counted(facts: Facts, short_form: str) -> Reading:
    """The person's own count. Where only classes of antidepressants were: as many medicines at least."""
    own = facts.field(f"treatment_counts.{short_form}")
    if own.value is not None or short_form != "antidepressants_failed":
        return own
    classes = facts.field("treatment_counts.antidepressant_classes_failed")
    if not classes.value:
        return own
    return Reading(Span(classes.value, MOST_COUNTED), classes.because, own.missing)


@counted_fact("failed_antidepressants")
def _antidepressants(facts: Facts, standard: TrialStandard) -> Reading:
    return _count_failed(
        facts, standard, ("antidepressant",), "antidepressants_failed", lambda r: r.id
    )


@counted_fact("failed_antidepressant_classes")
def _antidepressant_classes(facts: Facts, standard: TrialStandard) -> Reading:
    """The classes of the antidepressants that failed.

    Where only the number of medicines was told, those that are not listed are of one class at
    least, and of as many as there are at most.
    """
    field = "treatment_counts.antidepressant_classes_failed"
    own, counted = facts.field(field), facts.field("treatment_counts.antidepressants_failed")
    if own.value is not None or counted.value is None:
        return _count_failed(
            facts,
            standard,
            ("antidepressant",),
            "antidepressant_classes_failed",
            lambda r: r.drug_class or r.id,
        )
    medicines = facts.read(("failed_antidepressants", standard))
    low, high = ends_of(medicines.value)
    low = 1 if low >= 1 else 0
    if facts.case.treatments is not None:
        classes = _listed(facts, standard, ("antidepressant",), lambda r: r.drug_class or r.id)
        low = max(low, len(classes.failed))
        ended = _listed(facts, standard, ("antidepressant",), lambda r: r.id).ended
        high = len(classes.failed) + len(classes.open)
        high = max(high, counted.value) if counted.value > len(ended) else high
    return number_reading(low, high, medicines.because, (*medicines.missing, "treatments", field))


def ends_of(value: float | Span) -> tuple[float, float]:
    """A number, or a span of numbers, by its ends."""
    return (value.low, value.high) if isinstance(value, Span) else (value, value)


@counted_fact("failed_antidepressants_this_episode")
def _antidepressants_now(facts: Facts, standard: TrialStandard) -> Reading:
    """Those of the present episode: a count in short does not tell which episode it speaks of."""
    whole = _antidepressants(facts, standard)
    if whole.value is None or whole.value == 0:
        return whole
    if facts.case.treatments is None:
        return number_reading(0, ends_of(whole.value)[1], whole.because, ("treatments",))
    now = standard.model_copy(update={"current_episode": True})
    listed = _listed(facts, now, ("antidepressant",), lambda r: r.id)
    return _together(listed, _counted(facts, "antidepressants_failed"), certain=False)


@counted_fact("failed_augmentations")
def _augmentations(facts: Facts, standard: TrialStandard) -> Reading:
    return _count_failed(facts, standard, ("augmentation",), "augmentations_failed", lambda r: r.id)


def _failed_without_standard(
    families: tuple[str, ...], short_form: str | None
) -> Callable[[Facts], Reading]:
    """Counts treatments of families for which policies name no dose or weeks.

    What was listed as failed is among those counted in short; what goes on, or helped, is not.
    """
    outcomes = (*_ENDED, "contraindicated")

    def count(facts: Facts) -> Reading:
        short = facts.field(f"treatment_counts.{short_form}") if short_form else Reading(None)
        if facts.case.treatments is None:
            if short.value is not None:
                return short
            return Reading(None, (), ("treatments", *short.missing))
        tried = _tried(facts, families)
        sure = {t.treatment for _, t, _ in tried if t.outcome in outcomes}
        maybe = {t.treatment for _, t, _ in tried if t.outcome is None} | sure
        counted = short.value or 0
        because = tuple(f"treatments[{i}]" for i, _, _ in tried) or ("treatments",)
        missing = tuple(f"treatments[{i}].outcome" for i, t, _ in tried if t.outcome is None)
        low, high = max(len(sure), counted), max(len(maybe), counted)
        return number_reading(low, high, (*because, *short.because), missing)

    return count


@fact("psychotherapy_tried")
def _psychotherapy_tried(facts: Facts) -> Reading:
    """Whether talk therapy was tried. One that is listed was, unless it was never possible."""
    tried = _tried(facts, ("psychotherapy",))
    done = [i for i, t, _ in tried if t.outcome not in (None, "contraindicated")]
    if done:
        return Reading(True, tuple(f"treatments[{i}]" for i in done))
    short = facts.field("treatment_counts.psychotherapy_tried")
    open_ones = tuple(f"treatments[{i}].outcome" for i, t, _ in tried if t.outcome is None)
    if short.value is True or (short.value is False and not open_ones):
        return short
    if facts.case.treatments is None:
        return Reading(None, (), ("treatments", *short.missing))
    if tried:
        return Reading(None, (), open_ones)
    return Reading(False, ("treatments",))


def _any_tried(*ids: str) -> Callable[[Facts], Reading]:
    def tried(facts: Facts) -> Reading:
        if facts.case.treatments is None:
            return Reading(None, (), ("treatments",))
        hits = [i for i, t in enumerate(facts.case.treatments) if t.treatment in ids]
        places = tuple(f"treatments[{i}]" for i in hits)
        return Reading(True, places) if hits else Reading(False, ("treatments",))

    return tried


@fact("earlier_esketamine_helped")
def _earlier_esketamine_helped(facts: Facts) -> Reading:
    hits = [
        (i, t)
        for i, t in enumerate(facts.case.treatments or ())
        if t.treatment == "esketamine_prior"
    ]
    if facts.case.treatments is None:
        return Reading(None, (), ("treatments",))
    helped = [i for i, t in hits if t.outcome == "helped"]
    if helped:
        return Reading(True, tuple(f"treatments[{i}]" for i in helped))
    open_ones = tuple(f"treatments[{i}].outcome" for i, t in hits if t.outcome is None)
    if open_ones:
        return Reading(None, (), open_ones)
    return Reading(False, ("treatments",))


@fact("taking_antidepressant")
def _taking_antidepressant(facts: Facts) -> Reading:
    said = facts.field("taking_antidepressant")
    if said.value is not None:
        return said
    ongoing = [i for i, t, _ in _tried(facts, ("antidepressant",)) if t.outcome == "ongoing"]
    if ongoing:
        return Reading(True, tuple(f"treatments[{i}]" for i in ongoing))
    return said


fact("failed_pain_treatments")(
    _failed_without_standard(
        ("pain_medicine", "pain_procedure", "pain_other"), "pain_treatments_failed"
    )
)
fact("failed_migraine_preventives")(_failed_without_standard(("migraine_preventive",), None))
fact("electroconvulsive_therapy_tried")(_any_tried("ect"))
fact("magnetic_stimulation_tried")(_any_tried("rtms", "saint"))
