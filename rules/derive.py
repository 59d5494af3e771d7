"""Derived facts: each has one definition here, and says which answers it read and which it missed.

`Facts` is what conditions look things up in. A fact is computed when it is first read. Its
`Reading` keeps the places in the case that it rests on (`because`) and the places whose answer
would settle it (`missing`), so that an explanation never has to be written a second time.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .logic import Span, Truth, WordSet
from .model import MOST_COUNTED, Case, Coverage, TriedTreatment
from .schema.base import lies_ahead
from .schema.clinical import TreatmentRecord
from .schema.other import PovertyGuideline
from .schema.policies import NO_STANDARD, Program, TrialStandard
from .terms import COVERAGE_KINDS, DIAGNOSES

if TYPE_CHECKING:
    from .book import Book

ANY_WORDS = frozenset(
    (*DIAGNOSES, "any", "mental_health", "pain", "chronic_pain", "depression", "substance_use")
)
RECENT_LOSS_DAYS = 60  # 45 CFR 155.420(c)(1), (2): 60 days before and after the loss of other cover
LOSS_OF_MEDICAID_DAYS = 90  # 45 CFR 155.420(c)(6): after Medicaid or CHIP, at HealthCare.gov


SUICIDALITY = "major_depression_with_suicidality"

# A definite value, never typed by anyone: the question makes no sense for this kind of cover.
DOES_NOT_APPLY = "does_not_apply"
_GROUP = ("employer", "cobra", "fehb", "pshb")
KINDS_WITH: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("medicare", "part_b", "part_d", "medigap", "entitled_by", "esrd_month"), ("medicare",)
    ),
    **dict.fromkeys(("medicaid", "spend_down_met"), ("medicaid",)),
    **dict.fromkeys(("funding", "sponsor"), ("employer", "cobra")),
    **dict.fromkeys(("employees", "active_employee"), _GROUP),
    "on_exchange": ("individual",),
    "grandfathered": ("employer", "cobra", "individual"),
    "metal_level": ("individual", "employer", "student"),
    "active_duty": ("tricare",),
    "federal_worker": ("workers_compensation",),
    "visit_at_or_authorized_by_va": ("va",),
}


class Reading(NamedTuple):
    """A fact's value with the answers it rests on and those that would settle it."""

    value: Any
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class TrialJudgement(NamedTuple):
    """Whether one tried treatment counts as a failed trial, and the word for why."""

    counts: Truth
    why: str
    missing: tuple[str, ...] = ()


class Facts(dict[Any, Any]):
    """Facts of one case, seen from one coverage and one treatment (or from none)."""

    def __init__(
        self,
        case: Case,
        book: Book,
        today: dt.date,
        coverage: int | None = None,
        treatment: str | None = None,
        parent: Facts | None = None,
    ) -> None:
        super().__init__()
        self.case = case
        self.book = book
        self.today = today
        self.index = coverage
        self.treatment = treatment
        self.parent = parent
        self.readings: dict[Any, Reading] = {}
        self.memo: dict[Any, Any] = {}  # parts of the evaluation that several routes share

    @property
    def coverage(self) -> Coverage | None:
        return None if self.index is None else (self.case.coverages or ())[self.index]

    def seen_from(self, coverage: int | None, treatment: str | None = None) -> Facts:
        """The same case seen from a coverage and a treatment; what it shares is computed once."""
        return Facts(self.case, self.book, self.today, coverage, treatment, self)

    def with_answers(self, changed: dict[Any, Any]) -> Facts:
        """The same view with some facts taken as given: for asking what would change."""
        other = Facts(self.case, self.book, self.today, self.index, self.treatment, self.parent)
        other.readings = dict(self.readings)
        other.update(self)
        other.update(changed)
        return other

    def __missing__(self, key: Any) -> Any:
        reading = self.read(key)
        self[key] = reading.value
        return reading.value

    def read(self, key: Any) -> Reading:
        """The reading of a fact: a fact id, or a fact id with the way that trials are counted."""
        if key is None:  # a condition that nobody is asked about
            return Reading(None)
        found = self.readings.get(key)
        if found is not None:
            return found
        fact = key[0] if key.__class__ is tuple else key
        if self._shared(fact):
            assert self.parent is not None
            found = self.parent.read(key)
        elif key.__class__ is tuple:
            found = COUNTED[fact](self, key[1])
        else:
            compute = DERIVED.get(fact)
            found = compute(self) if compute is not None else self.direct(fact)
        self.readings[key] = found
        return found

    def _shared(self, fact: str) -> bool:
        if self.parent is None or fact in OF_TREATMENT:
            return False
        return fact not in OF_COVERAGE or self.parent.index == self.index

    def direct(self, fact: str) -> Reading:
        """A fact that is an answer as given: the record names its one field."""
        record = self.book.facts.get(fact)
        if record is None:
            raise KeyError(f"no such fact: {fact}")
        return self.field(record.fields[0])

    def field(self, path: str) -> Reading:
        """The answer at a dotted path of the case; `coverages[]` is the coverage seen from."""
        if path.startswith("coverages[]."):
            if self.coverage is None:
                return Reading(None)
            name = path[12:]
            value = getattr(self.coverage, name)
            place = (f"coverages[{self.index}].{name}",)
            if name in KINDS_WITH:
                kind, of_kind = self.coverage.kind, (f"coverages[{self.index}].kind",)
                if kind is None:  # nobody knows yet whether the question makes sense
                    return Reading(None, (), of_kind if value is not None else (*of_kind, *place))
                if kind not in KINDS_WITH[name]:
                    return Reading(DOES_NOT_APPLY, of_kind)
        else:
            part: Any = self.case
            for name in path.split("."):
                part = None if part is None else getattr(part, name)
            value, place = part, (path,)
        return Reading(None, (), place) if value is None else Reading(value, place)


# --- treatments that were tried ------------------------------------------------------------


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
    if (
        standard.add_ons
        and record.counts_as == "augmentation"
        and record.id not in standard.add_ons
    ):
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
    if tried.weeks >= weeks_needed(tried, standard, default, state):
        return TrialJudgement(True, "long_enough")
    if tried.weeks >= weeks_needed(tried, standard, default, state, least=True):
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
    standard: TrialStandard,
    default: TrialStandard,
    state: str | None,
    least: bool = False,
) -> int:
    """The weeks from which a trial surely counts: the state's, the policy's or the default's.

    With `least`, those from which it may count: fewer, where the state is not known.
    """
    need = weeks_asked(standard, default, state, least)
    if tried.outcome == "partial_response":
        return max(need, standard.partial_min_weeks or 0)
    return need


def weeks_asked(
    standard: TrialStandard, default: TrialStandard, state: str | None, least: bool = False
) -> int:
    """What a standard asks for, whatever became of the trial. A state that nobody told may be any."""
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
    least, most = (0, 0) if short.value is None else _ends(short.value)
    if most <= len(listed.ended):
        return _number(low, high, listed.because, listed.missing)
    doubtful = len(listed.ended) + len(listed.counted) + len(listed.untold)
    return _number(
        max(low, least - doubtful) if certain else low,
        max(high, most),
        (*listed.because, *short.because),
        (*listed.missing, *short.missing, "treatments"),
    )


def _number(
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


def _antidepressants(facts: Facts, standard: TrialStandard) -> Reading:
    return _count_failed(
        facts, standard, ("antidepressant",), "antidepressants_failed", lambda r: r.id
    )


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
    low, high = _ends(medicines.value)
    low = 1 if low >= 1 else 0
    if facts.case.treatments is not None:
        classes = _listed(facts, standard, ("antidepressant",), lambda r: r.drug_class or r.id)
        low = max(low, len(classes.failed))
        ended = _listed(facts, standard, ("antidepressant",), lambda r: r.id).ended
        high = len(classes.failed) + len(classes.open)
        high = max(high, counted.value) if counted.value > len(ended) else high
    return _number(low, high, medicines.because, (*medicines.missing, "treatments", field))


def _ends(value: Any) -> tuple[float, float]:
    """A number, or a span of numbers, by its ends."""
    return (value.low, value.high) if isinstance(value, Span) else (value, value)


def _antidepressants_now(facts: Facts, standard: TrialStandard) -> Reading:
    """Those of the present episode: a count in short does not tell which episode it speaks of."""
    whole = _antidepressants(facts, standard)
    if whole.value is None or whole.value == 0:
        return whole
    if facts.case.treatments is None:
        return _number(0, _ends(whole.value)[1], whole.because, ("treatments",))
    now = standard.model_copy(update={"current_episode": True})
    listed = _listed(facts, now, ("antidepressant",), lambda r: r.id)
    return _together(listed, _counted(facts, "antidepressants_failed"), certain=False)


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
        return _number(low, high, (*because, *short.because), missing)

    return count


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


def _taking_antidepressant(facts: Facts) -> Reading:
    said = facts.field("taking_antidepressant")
    if said.value is not None:
        return said
    ongoing = [i for i, t, _ in _tried(facts, ("antidepressant",)) if t.outcome == "ongoing"]
    if ongoing:
        return Reading(True, tuple(f"treatments[{i}]" for i in ongoing))
    return said


# --- need -----------------------------------------------------------------------------------


def _treatment(facts: Facts) -> Reading:
    return Reading(facts.treatment, ("request",)) if facts.treatment else facts.field("request")


def _words_of_diagnosis(facts: Facts, diagnosis: str) -> tuple[frozenset[str], frozenset[str]]:
    record = facts.book.diagnoses.get(diagnosis)
    if record is None:
        return frozenset((diagnosis, "any")), ANY_WORDS - set(DIAGNOSES) | {diagnosis}
    known = frozenset((diagnosis, *record.groups, *record.counts_as, "any"))
    if diagnosis == "other":  # "something else" may belong to any group
        return known, known | (ANY_WORDS - set(DIAGNOSES))
    return known, known | frozenset(record.may_count_as)


def _diagnosis_group(facts: Facts) -> Reading:
    said = facts.field("diagnosis")
    if said.value is None:
        return Reading(WordSet(frozenset(("any",)), ANY_WORDS), (), said.missing)
    return Reading(WordSet(*_words_of_diagnosis(facts, said.value)), said.because)


def _indication(facts: Facts) -> Reading:
    """What a policy may call this diagnosis, with the suicidality that was told."""
    base = facts.read("diagnosis_group")
    words: WordSet = base.value
    acute = facts.read("acute_suicidality")
    mdsi = frozenset((SUICIDALITY,))
    known, possible = words
    if acute.value is True:
        known, possible = known | mdsi, possible | mdsi
    elif acute.value is None:
        possible = possible | mdsi
    because = tuple(dict.fromkeys((*base.because, *(acute.because if acute.value else ()))))
    return Reading(
        WordSet(known, possible), because, tuple(dict.fromkeys((*base.missing, *acute.missing)))
    )


def _acute_suicidality(facts: Facts) -> Reading:
    """Depression with active thoughts of suicide. Passive thoughts are for a clinician to judge."""
    diagnosis = facts.field("diagnosis")
    if diagnosis.value == SUICIDALITY:
        return Reading(True, diagnosis.because)
    if diagnosis.value is None:
        return Reading(None, (), diagnosis.missing)
    record = facts.book.diagnoses.get(diagnosis.value)
    if record is None or "depression" not in record.groups:
        return Reading(False, diagnosis.because)
    thoughts = facts.field("suicidal_thoughts")
    value = {"active": True, "none": False}.get(thoughts.value or "")
    return Reading(value, (*diagnosis.because, *thoughts.because), thoughts.missing)


def _all_diagnoses(facts: Facts) -> Reading:
    case = facts.case
    known = frozenset(d for d in (case.diagnosis, *(case.other_diagnoses or ())) if d)
    missing = tuple(n for n in ("diagnosis", "other_diagnoses") if getattr(case, n) is None)
    because = tuple(n for n in ("diagnosis", "other_diagnoses") if getattr(case, n))
    return Reading(WordSet(known, frozenset(DIAGNOSES) if missing else known), because, missing)


def _score(scale: str) -> Callable[[Facts], Reading]:
    """The latest score of a scale; of two of one day the higher.

    A score without a date may be the latest. Where those that may be differ, the score lies
    between them; one of which the points are not known leaves all open.
    """

    def score(facts: Facts) -> Reading:
        own = [(i, s) for i, s in enumerate(facts.case.severity or ()) if s.scale == scale]
        last = max((s.date for _, s in own if s.date is not None), default=None)
        latest = [(i, s) for i, s in own if s.date is None or s.date == last]
        if not latest:
            return Reading(None, (), ("severity",))
        undated = tuple(f"severity[{i}].date" for i, s in latest if s.date is None)
        dates = undated if len(latest) > 1 else ()
        blank = tuple(f"severity[{i}].score" for i, s in latest if s.score is None)
        if blank:
            return Reading(None, (), (*blank, *dates))
        points: list[Any] = [s.score for _, s in latest if s.date is None]
        on_the_day = [s.score for _, s in latest if s.date is not None]
        if on_the_day:
            points.append(max(on_the_day))  # type: ignore[type-var]
        because = tuple(f"severity[{i}]" for i, _ in latest)
        return _number(min(points), max(points), because, dates)

    return score


def _score_on_file(facts: Facts) -> Reading:
    severity = facts.case.severity
    if severity is None:
        return Reading(None, (), ("severity",))
    hits = tuple(f"severity[{i}]" for i, s in enumerate(severity) if s.score is not None)
    if hits:
        return Reading(True, hits)
    blank = tuple(f"severity[{i}].score" for i, _ in enumerate(severity))
    return Reading(None, (), blank) if blank else Reading(False, ("severity",))


def _severe_documented(facts: Facts) -> Reading:
    """Whether the latest score of any scale is severe; open while one that was told may be."""
    told = {s.scale for s in facts.case.severity or ()}
    open_ones: list[Reading] = []
    below: list[str] = []
    severe: list[str] = []
    for scale in facts.book.scales.values():
        if scale.severe_from is None or scale.id not in told:
            continue
        latest = _score(scale.id)(facts)
        low, high = _ends(latest.value)
        if latest.value is None or low < scale.severe_from <= high:
            open_ones.append(latest)
        else:
            (severe if low >= scale.severe_from else below).extend(latest.because)
    if severe:
        return Reading(True, tuple(severe))
    if open_ones or not below:
        missing = tuple(m for reading in open_ones for m in reading.missing)
        return Reading(None, (), missing or ("severity",))
    return Reading(False, tuple(below))


def _bipolar(facts: Facts) -> Reading:
    case = facts.case
    if case.diagnosis == "bipolar_depression":
        return Reading(True, ("diagnosis",))
    if "bipolar_depression" in (case.other_diagnoses or ()):
        return Reading(True, ("other_diagnoses",))
    return facts.field("health.bipolar_disorder")


# --- provider -------------------------------------------------------------------------------


def _psychiatric_prescriber(facts: Facts) -> Reading:
    who = facts.field("provider.prescriber")
    consulted = facts.field("provider.psychiatrist_consulted")
    if who.value in ("psychiatrist", "psychiatric_nurse_practitioner"):
        return Reading(True, who.because)
    if consulted.value is True:
        return consulted
    if who.value is not None and consulted.value is False:
        return Reading(False, (*who.because, *consulted.because))
    return Reading(None, who.because, (*who.missing, *consulted.missing))


def _psychiatrist_prescribes(facts: Facts) -> Reading:
    who = facts.field("provider.prescriber")
    return who if who.value is None else Reading(who.value == "psychiatrist", who.because)


# --- coverage -------------------------------------------------------------------------------


def _payer(facts: Facts) -> Reading:
    said = facts.field("coverages[].payer")
    return said if said.value is None else Reading(facts.book.payer_id(said.value), said.because)


def _high_deductible(facts: Facts) -> Reading:
    """Any coverage that goes with a health savings account (bronze and catastrophic since 2026)."""
    covers = facts.case.coverages
    if covers is None:
        return Reading(None, (), ("coverages",))
    because: list[str] = []
    missing: list[str] = []
    for i, c in enumerate(covers):
        said, metal = f"coverages[{i}].high_deductible_plan", f"coverages[{i}].metal_level"
        kind = f"coverages[{i}].kind"
        if c.kind in _MAY_BE_HIGH_DEDUCTIBLE and c.high_deductible_plan is True:
            return Reading(True, (said,))
        if c.kind == "individual" and c.metal_level in ("bronze", "catastrophic"):
            return Reading(True, (metal,))
        if c.kind is None:
            missing.append(kind)
        if c.kind in (None, *_MAY_BE_HIGH_DEDUCTIBLE) and c.high_deductible_plan is None:
            missing.append(said)
        if c.kind in (None, "individual") and c.metal_level is None:
            missing.append(metal)
        because.append(kind)
    return (
        Reading(None, (), tuple(missing))
        if missing
        else Reading(False, tuple(because) or ("coverages",))
    )


_MAY_BE_HIGH_DEDUCTIBLE = ("employer", "cobra", "individual", "student", "fehb", "pshb")


def _of_programs(pick: Callable[[Program], Any], without: Any) -> Callable[[Facts], Reading]:
    """What the programmes say that may speak for the cover seen; `without` where none does."""

    def read(facts: Facts) -> Reading:
        kind = facts.field("coverages[].kind")
        if kind.value is None:
            return kind
        answers: set[Any] = set()
        missing: list[str] = []
        because: list[str] = list(kind.because)
        for program, applies, verdict in facts.book.programs_of(facts):
            if applies is not False:
                answers.add(pick(program))
                missing.extend(m for leaf in verdict for m in facts.read(leaf).missing)
                because.extend(b for leaf in verdict for b in facts.read(leaf).because)
        if len(answers) == 1:
            return Reading(answers.pop(), tuple(dict.fromkeys(because)))
        if not answers:
            return Reading(without, kind.because)
        return Reading(None, (), tuple(dict.fromkeys(missing)))

    return read


def _regulated(program: Program) -> bool:
    """Whether state insurance law reaches the plan (29 USC 1144(b)(2)(A)-(B): not if self-funded)."""
    return program.state_law == "insurance"


def _health_plan_law(program: Program) -> Truth:
    """Whether the state's laws for health plans do; nobody may know that of a kind of plan."""
    return {"yes": True, "no": False}.get(program.health_plan_law_reaches)


def _step_therapy_reaches(facts: Facts) -> Reading:
    """Whether the state's step therapy law reaches the plan; a few name government plans too."""
    regulated = facts.read("health_plan_law_reaches")
    state = law_state(facts)
    if regulated.value is not False or state.value is None:
        return regulated
    record = facts.book.states.get(state.value)
    law = record.step_therapy if record is not None else None
    if law is None or not law.reaches_government_plans:
        return regulated
    sponsor, kind = facts.field("coverages[].sponsor"), facts["coverage_kind"]
    if kind not in ("employer", "cobra"):
        return regulated
    if sponsor.value is None:
        return sponsor
    because = (*regulated.because, *state.because, *sponsor.because)
    if sponsor.value == "government" and law.reaches_government_plans == "some":
        return Reading(None, because)
    return Reading(sponsor.value == "government", because)


def _erisa(facts: Facts) -> Reading:
    """29 USC 1002(32), (33), 1003(b): private and union plans, not government or church plans."""
    kind = facts.field("coverages[].kind")
    if kind.value is None:
        return kind
    if kind.value not in ("employer", "cobra"):
        return Reading(False, kind.because)
    sponsor = facts.field("coverages[].sponsor")
    if sponsor.value is None:
        return sponsor
    return Reading(sponsor.value in ("private", "union"), (*kind.because, *sponsor.because))


def _kinds(facts: Facts) -> Reading:
    covers = facts.case.coverages
    if covers is None:
        return Reading(WordSet(frozenset(), frozenset(COVERAGE_KINDS)), (), ("coverages",))
    known = frozenset(c.kind for c in covers if c.kind)
    missing = tuple(f"coverages[{i}].kind" for i, c in enumerate(covers) if c.kind is None)
    places = tuple(f"coverages[{i}].kind" for i, c in enumerate(covers) if c.kind) or ("coverages",)
    return Reading(WordSet(known, frozenset(COVERAGE_KINDS) if missing else known), places, missing)


def _has_kind(kinds_of: Callable[[Facts], Iterable[str]]) -> Callable[[Facts], Reading]:
    def has(facts: Facts) -> Reading:
        wanted = frozenset(kinds_of(facts))
        reading = facts.read("any_coverage_kind")
        known, possible = reading.value
        if not wanted.isdisjoint(known):
            covers = facts.case.coverages or ()
            return Reading(
                True,
                tuple(f"coverages[{i}].kind" for i, c in enumerate(covers) if c.kind in wanted),
            )
        if wanted.isdisjoint(possible):
            return Reading(False, reading.because)
        return Reading(None, (), reading.missing)

    return has


def _insured(facts: Facts) -> Reading:
    covers = facts.field("coverages")
    return covers if covers.value is None else Reading(bool(covers.value), covers.because)


def _medicaid_is(*types: str) -> Callable[[Facts], Reading]:
    def is_type(facts: Facts) -> Reading:
        covers = facts.case.coverages
        if covers is None:
            return Reading(None, (), ("coverages",))
        missing: list[str] = []
        for i, c in enumerate(covers):
            if c.kind == "medicaid" and c.medicaid in types:
                return Reading(True, (f"coverages[{i}].medicaid",))
            if c.kind == "medicaid" and c.medicaid is None:
                missing.append(f"coverages[{i}].medicaid")
            if c.kind is None:
                missing.append(f"coverages[{i}].kind")
        return Reading(None, (), tuple(missing)) if missing else Reading(False, ("coverages",))

    return is_type


def _enrolled_in_medicaid(facts: Facts) -> Reading:
    covers = facts.case.coverages
    if covers is None:
        return Reading(None, (), ("coverages",))
    missing: list[str] = []
    for i, c in enumerate(covers):
        if c.kind == "chip" or (c.kind == "medicaid" and c.medicaid not in (None, "pending")):
            return Reading(True, (f"coverages[{i}].kind",))
        if c.kind == "medicaid" and c.medicaid is None:
            missing.append(f"coverages[{i}].medicaid")
        if c.kind is None:
            missing.append(f"coverages[{i}].kind")
    return Reading(None, (), tuple(missing)) if missing else Reading(False, ("coverages",))


# --- the state ------------------------------------------------------------------------------


def law_state(facts: Facts) -> Reading:
    """The state whose insurance law counts: where the plan was issued, else where the person lives."""
    issued = facts.field("coverages[].issue_state") if facts.index is not None else Reading(None)
    return issued if issued.value is not None else facts.field("state")


def _of_state(part: str, pick: Callable[[Any, Facts], Any]) -> Callable[[Facts], Reading]:
    """A fact read from the state's record; None where the record does not say."""

    def read(facts: Facts) -> Reading:
        state = law_state(facts)
        if state.value is None:
            return state
        record = facts.book.states.get(state.value)
        section = getattr(record, part, None) if record is not None else None
        return Reading(None if section is None else pick(section, facts), state.because)

    return read


def _step_therapy_scope(section: Any, facts: Facts) -> str | None:
    if section.exists is False:
        return "none"
    if section.exists is None or section.scope is None:
        return None
    start = section.in_force_from
    if start is not None and lies_ahead(start, facts.today):
        return "future"
    # A law recorded before it took effect becomes a general one on its day.
    return "general" if section.scope == "future" and start is not None else str(section.scope)


def _poverty_percent(facts: Facts) -> Reading:
    """Income as percent of the guideline: income / (first + (n - 1) * each) * 100 (42 USC 9902(2))."""
    parts = [facts.field(n) for n in ("annual_income", "household_size", "state")]
    missing = tuple(m for p in parts for m in p.missing)
    if missing:
        return Reading(None, (), missing)
    income, size, state = (p.value for p in parts)
    guideline = facts.book.poverty_guideline(state, facts.today)
    because = tuple(b for p in parts for b in p.because)
    if guideline is None:
        return Reading(None, because)
    return Reading(percent_of_poverty(income, size, guideline), because)


def _credit_percent(facts: Facts) -> Reading:
    """The same by the guideline of the year of cover, which the Marketplace tax credit goes by."""
    reading = facts.read("income_percent_of_poverty")
    if reading.value is None:
        return reading
    case = facts.case
    guideline = facts.book.tax_credit_guideline(case.state or "", facts.today)
    if guideline is None or case.annual_income is None or case.household_size is None:
        return Reading(None, reading.because)
    percent = credit_percent(case.annual_income, case.household_size, guideline)
    return Reading(percent, reading.because)


def percent_of_poverty(income: float, size: int, guideline: PovertyGuideline) -> float:
    """Income in percent of the guideline, cut (never rounded up) to a tenth."""
    line = guideline.first_person + (size - 1) * guideline.each_additional
    return math.floor(income / line * 1000) / 10


def credit_percent(income: float, size: int, guideline: PovertyGuideline) -> float:
    """The same to a tenth, with half a tenth more for any rest: a little above a limit is above it."""
    tenths = income / (guideline.first_person + (size - 1) * guideline.each_additional) * 1000
    whole = math.floor(tenths)
    return (whole + (0.5 if tenths > whole else 0)) / 10


def _medicaid_limit(facts: Facts) -> Reading:
    """Whether income is within the limit of any Medicaid group that the person is or may be in."""
    percent = facts.read("income_percent_of_poverty")
    if percent.value is None:
        return percent
    record = facts.book.states.get(facts.case.state or "")
    limits = record.income_limits if record is not None else None
    if limits is None:
        return Reading(None, percent.because)
    medicare = facts.read("enrolled_in_medicare")
    groups = _medicaid_groups(facts, limits, medicare)
    used = tuple(
        n
        for n in ("age", "pregnant", "parent_of_child", "disabled")
        if getattr(facts.case, n) is not None
    )
    because = (*percent.because, *used, *medicare.because)
    if any(sure and percent.value <= top for sure, top, _ in groups):
        return Reading(True, because)
    still = tuple(m for sure, top, m in groups if not sure and percent.value <= top)
    if still:
        return Reading(None, because, tuple(dict.fromkeys(x for m in still for x in m)))
    return Reading(False, because)


def _medicaid_groups(
    facts: Facts, limits: Any, medicare: Reading
) -> list[tuple[bool, float, tuple[str, ...]]]:
    """(surely in the group, its limit in percent, answers that would settle it).

    Medicare keeps a person out of the group for adults (42 CFR 435.119(b)(3)), not out of the
    groups for parents, pregnancy, age or disability.
    """
    case = facts.case
    groups: list[tuple[bool, float, tuple[str, ...]]] = []

    def add(member: Truth, top: float | None, *missing: str) -> None:
        if member is not False and top:
            groups.append((member is True, top, missing))

    age = case.age
    of_age = None if age is None else 19 <= age <= 64
    adult = _both(of_age, None if medicare.value is None else not medicare.value)
    open_ones = (*(() if age is not None else ("age",)), *medicare.missing)
    add(None if age is None else age < 19, limits.children_percent, "age")
    add(adult, limits.adult_percent, *open_ones)
    add(case.pregnant, limits.pregnancy_percent, "pregnant")
    # Where adults are covered by income, the limit published for parents is that of adults.
    unsure = limits.expansion and adult is not True and case.parent_of_child is True
    parent_asks = ("parent_of_child",) if case.parent_of_child is None else ()
    add(None if unsure else case.parent_of_child, limits.parent_percent, *parent_asks)
    # A group with terms that a case cannot answer (hours of work): open, never ruled out; nor is
    # what comes after it, where nobody has found that.
    terms = limits.adult_on_terms
    if terms is not None and adult is not False:
        groups.append((False, terms.percent, open_ones))
    old = None if age is None else age >= 65
    disabled: Truth = True if old or case.disabled else None
    # Medicare before 65 comes with disability or kidney failure (42 USC 426(b), 426-1).
    if disabled is None and old is False and medicare.value is True:
        disabled = True
    if disabled is None and old is False and case.disabled is False and medicare.value is False:
        disabled = False
    # Disability groups also test assets and use old limits, so they stay open even when met.
    if disabled is not False and limits.aged_disabled_percent:
        asks = (*open_ones, *(() if case.disabled is not None else ("disabled",)))
        groups.append((False, limits.aged_disabled_percent, () if disabled else asks))
    return groups


def _both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return True if one and other else None


def _tax_credit(facts: Facts) -> Reading:
    """Whether income is in the range for the credit, by the guideline of the year of cover.

    Anything above the upper limit is over, however little (instructions to tax form 8962).
    """
    percent = facts.read("income_percent_for_tax_credit")
    if percent.value is None:
        return percent
    low = facts.book.parameter("tax_credit_income_low_percent", facts.today)
    high = facts.book.parameter("tax_credit_income_high_percent", facts.today)
    if low is None or high is None:
        return Reading(None, percent.because)
    return Reading(low <= percent.value <= high, percent.because)


def _basic_health(facts: Facts) -> Reading:
    """Whether the state's basic health program, where it has one, takes the place of the credit."""
    state = facts.field("state")
    if state.value is None:
        return state
    record = facts.book.states.get(state.value)
    limits = record.income_limits if record is not None else None
    program = limits.basic_health if limits is not None else None
    if program is None or not program.in_force.holds_on(facts.today):
        return Reading(False, state.because)
    percent = facts.read("income_percent_of_poverty")
    if percent.value is None:
        return percent
    return Reading(percent.value <= program.to_percent, percent.because)


def _lost_recently(facts: Facts) -> Reading:
    """Whether other cover ended, or will end, near enough to today (45 CFR 155.420(c), (d)(1)).

    After Medicaid or CHIP there are 90 days at HealthCare.gov; a case does not say which cover it
    was, so those last days stay open.
    """
    lost = facts.field("lost_coverage_date")
    if lost.value is None:
        return lost
    days = (facts.today - lost.value).days
    if RECENT_LOSS_DAYS < days <= LOSS_OF_MEDICAID_DAYS:
        return Reading(None, lost.because)
    return Reading(-RECENT_LOSS_DAYS <= days <= RECENT_LOSS_DAYS, lost.because)


def _marketplace_open(facts: Facts) -> Reading:
    """Whether the Marketplace takes this person now. Where there is none, it takes nobody."""
    state = facts.field("state")
    lost, tribal = facts.read("lost_coverage_recently"), facts.field("tribal_member")
    others = (*lost.missing, *tribal.missing)
    because = (*state.because, *lost.because, *tribal.because)
    if state.value is None:
        any_month = lost.value is True or tribal.value is True
        return Reading(None, because, (*state.missing, *(() if any_month else others)))
    record = facts.book.states.get(state.value)
    exchange = record.exchange if record is not None else None
    if exchange is not None and exchange.platform == "none":
        return Reading(False, state.because)
    for reading in (lost, tribal):  # a tribal member in any month: 45 CFR 155.420(d)(8)
        if reading.value is True:
            return reading
    if exchange is None or exchange.open_enrollment_end is None:
        return Reading(None, because, others)
    start = exchange.open_enrollment_start or facts.today
    if start <= facts.today <= (exchange.safe_by or exchange.open_enrollment_end):
        return Reading(True, state.because)
    if start <= facts.today <= exchange.open_enrollment_end:
        return Reading(None, because, others)
    closed = lost.value is False and tribal.value is False
    return Reading(False if closed else None, because, others)


# --- where things stand, money ----------------------------------------------------------------


def _denied(facts: Facts) -> Reading:
    if facts.case.denial is not None:
        return Reading(True, ("denial",))
    stage = facts.field("stage")
    if stage.value is None:
        return stage
    return Reading(stage.value in ("denied", "appeal_denied"), stage.because)


def _denial_level(facts: Facts) -> Reading:
    """The level that said no. A stage of `denied` means the first request; an appeal has its own stage."""
    level = facts.field("denial.level")
    if level.value is not None:
        return level
    stage = facts.field("stage")
    return Reading("initial", stage.because) if stage.value == "denied" else level


def _urgent(facts: Facts) -> Reading:
    """Active thoughts of suicide are urgent, whatever else is said of the denial."""
    if facts.case.suicidal_thoughts == "active":
        return Reading(True, ("suicidal_thoughts",))
    if facts.case.diagnosis == SUICIDALITY:
        return Reading(True, ("diagnosis",))
    said = facts.field("denial.urgent")
    if said.value is not False:
        return said
    open_ones = [facts.field("suicidal_thoughts"), facts.field("diagnosis")]
    missing = tuple(m for r in open_ones for m in r.missing)
    return Reading(None, said.because, missing) if missing else said


def _employee(facts: Facts) -> Reading:
    """Whether anyone in the household has a job: cover that rests on a job held now says so."""
    for i, c in enumerate(facts.case.coverages or ()):
        if c.kind in ("employer", "fehb", "pshb") and c.active_employee is True:
            return Reading(True, (f"coverages[{i}].active_employee",))
    return facts.field("money.employee")


def _pays_without_insurance(facts: Facts) -> Reading:
    if facts.case.stage == "paying_cash":
        return Reading(True, ("stage",))
    covers = facts.field("coverages")
    if covers.value is None:
        return Reading(None, (), (*covers.missing, *facts.field("stage").missing))
    if not covers.value:
        return Reading(True, covers.because)
    stage = facts.field("stage")
    return stage if stage.value is None else Reading(False, (*covers.because, *stage.because))


def _medical_spending(facts: Facts) -> Reading:
    spent, income = facts.field("money.medical_spending"), facts.field("annual_income")
    if spent.value is None or income.value is None:
        return Reading(None, (), (*spent.missing, *income.missing))
    percent = percent_of_income(spent.value, income.value)
    return Reading(percent, (*spent.because, *income.because))


def percent_of_income(spent: float, income: float) -> float:
    """Spending in percent of income; any spending without income is all of it."""
    return spent / income * 100 if income else (100.0 if spent else 0.0)


# Facts whose value depends on how a policy counts trials.
COUNTED: dict[str, Callable[[Facts, TrialStandard], Reading]] = {
    "failed_antidepressants": _antidepressants,
    "failed_antidepressant_classes": _antidepressant_classes,
    "failed_antidepressants_this_episode": _antidepressants_now,
    "failed_augmentations": _augmentations,
}

DERIVED: dict[str, Callable[[Facts], Reading]] = {
    **{
        name: (lambda facts, n=name: COUNTED[n](facts, NO_STANDARD))  # type: ignore[misc]
        for name in COUNTED
    },
    "failed_pain_treatments": _failed_without_standard(
        ("pain_medicine", "pain_procedure", "pain_other"), "pain_treatments_failed"
    ),
    "failed_migraine_preventives": _failed_without_standard(("migraine_preventive",), None),
    "psychotherapy_tried": _psychotherapy_tried,
    "electroconvulsive_therapy_tried": _any_tried("ect"),
    "magnetic_stimulation_tried": _any_tried("rtms", "saint"),
    "earlier_esketamine_helped": _earlier_esketamine_helped,
    "taking_antidepressant": _taking_antidepressant,
    "treatment": _treatment,
    "unasked": lambda facts: Reading(None),
    "has_limited_fsa_only": lambda facts: Reading(None),
    "was_in_foster_care": lambda facts: Reading(None),  # nobody is asked: the office does
    "diagnosis_group": _diagnosis_group,
    "indication": _indication,
    "acute_suicidality": _acute_suicidality,
    "all_diagnoses": _all_diagnoses,
    **{f"{s}_score": _score(s) for s in ("phq9", "madrs", "hamd", "qids", "bdi")},
    "severity_score_on_file": _score_on_file,
    "severe_depression_documented": _severe_documented,
    "bipolar_disorder": _bipolar,
    "psychiatric_prescriber": _psychiatric_prescriber,
    "psychiatrist_prescribes": _psychiatrist_prescribes,
    "payer": _payer,
    "high_deductible_plan": _high_deductible,
    "state_law": _of_programs(lambda p: p.state_law, "none"),
    "state_regulated": _of_programs(_regulated, False),
    "health_plan_law_reaches": _of_programs(_health_plan_law, False),
    "consumer_help": _of_programs(lambda p: p.consumer_help, "none"),
    "erisa": _erisa,
    "step_therapy_reaches": _step_therapy_reaches,
    "any_coverage_kind": _kinds,
    "insured": _insured,
    "government_cover": _has_kind(lambda f: f.book.government_kinds),
    "private_cover": _has_kind(lambda f: f.book.private_kinds),
    "enrolled_in_medicare": _has_kind(lambda f: ("medicare",)),
    "enrolled_in_medicaid": _enrolled_in_medicaid,
    "qualified_medicare_beneficiary": _medicaid_is("qmb"),
    "full_medicaid": _medicaid_is("fee_for_service", "managed_care"),
    "job_based_cover": _has_kind(lambda f: ("employer", "cobra", "fehb", "pshb")),
    "step_therapy_law": _of_state("step_therapy", _step_therapy_scope),
    "step_therapy_limit": _of_state("step_therapy", lambda s, f: s.mental_health_max_failures),
    "off_label_law": _of_state(
        "off_label", lambda s, f: None if s.scope in ("unknown", "unclear") else s.scope
    ),
    "external_review_process": _of_state(
        "external_review", lambda s, f: None if s.process == "unclear" else s.process
    ),
    "state_parity_law": _of_state("parity", lambda s, f: s.exists),
    "state_has_marketplace": _of_state("exchange", lambda e, f: e.platform != "none"),
    "medicaid_expanded": _of_state("income_limits", lambda s, f: s.expansion),
    "income_percent_of_poverty": _poverty_percent,
    "income_within_medicaid_limit": _medicaid_limit,
    "income_percent_for_tax_credit": _credit_percent,
    "income_opens_tax_credit": _tax_credit,
    "income_within_basic_health": _basic_health,
    "lost_coverage_recently": _lost_recently,
    "marketplace_open": _marketplace_open,
    "denied": _denied,
    "denial_level": _denial_level,
    "urgent": _urgent,
    "employee": _employee,
    "pays_without_insurance": _pays_without_insurance,
    "medical_spending_percent_of_income": _medical_spending,
}

# Facts that differ from one coverage to the next; everything else is shared by the whole case.
OF_COVERAGE = frozenset(
    {
        "coverage_kind", "payer", "network", "funding", "sponsor", "employees", "active_employee",
        "grandfathered", "on_exchange", "medicare_part", "part_b", "part_d", "medigap",
        "entitled_by", "medicaid_type", "spend_down_met", "out_of_network_benefit",
        "state_law", "state_regulated", "health_plan_law_reaches", "consumer_help", "erisa", "step_therapy_law", "step_therapy_reaches", "step_therapy_limit", "off_label_law",
        "external_review_process", "state_parity_law", "active_duty",
        "visit_at_or_authorized_by_va", "federal_worker", *COUNTED,
    }
)  # fmt: skip
OF_TREATMENT = frozenset({"treatment"})
