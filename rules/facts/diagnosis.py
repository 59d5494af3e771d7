"""What is treated, and how severe it is."""

from __future__ import annotations

from collections.abc import Callable

from ..logic import WordSet
from ..vocabulary import DIAGNOSES, DIAGNOSIS_GROUPS, TREATMENTS
from .context import Facts, Reading, fact
from .trials import ends_of, number_reading

ANY_WORDS = frozenset((*DIAGNOSES, *DIAGNOSIS_GROUPS))

SUICIDALITY = "major_depression_with_suicidality"


@fact("treatment", per="treatment", words=TREATMENTS)
def _treatment(facts: Facts) -> Reading:
    asked = facts.field("request")
    return Reading(facts.treatment, asked.because) if facts.treatment else asked


def _words_of_diagnosis(facts: Facts, diagnosis: str) -> tuple[frozenset[str], frozenset[str]]:
    record = facts.book.diagnoses.get(diagnosis)
    if record is None:
        return frozenset((diagnosis, "any")), ANY_WORDS - set(DIAGNOSES) | {diagnosis}
    known = frozenset((diagnosis, *record.groups, *record.counts_as, "any"))
    if diagnosis == "other":  # "something else" may belong to any group
        return known, known | (ANY_WORDS - set(DIAGNOSES))
    return known, known | frozenset(record.may_count_as)


@fact("diagnosis_group", words=(*DIAGNOSES, *DIAGNOSIS_GROUPS))
def _diagnosis_group(facts: Facts) -> Reading:
    said = facts.field("diagnosis")
    if said.value is None:
        return Reading(WordSet(frozenset(("any",)), ANY_WORDS), (), said.missing)
    return Reading(WordSet(*_words_of_diagnosis(facts, said.value)), said.because)


@fact("indication", words=(*DIAGNOSES, *DIAGNOSIS_GROUPS))
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


@fact("acute_suicidality")
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


@fact("all_diagnoses", words=DIAGNOSES)
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
        points = [s.score for _, s in latest if s.score is not None and s.date is None]
        on_the_day = [s.score for _, s in latest if s.score is not None and s.date is not None]
        if on_the_day:
            points.append(max(on_the_day))
        because = tuple(f"severity[{i}]" for i, _ in latest)
        return number_reading(min(points), max(points), because, dates)

    return score


@fact("severity_score_on_file")
def _score_on_file(facts: Facts) -> Reading:
    severity = facts.case.severity
    if severity is None:
        return Reading(None, (), ("severity",))
    hits = tuple(f"severity[{i}]" for i, s in enumerate(severity) if s.score is not None)
    if hits:
        return Reading(True, hits)
    blank = tuple(f"severity[{i}].score" for i, _ in enumerate(severity))
    return Reading(None, (), blank) if blank else Reading(False, ("severity",))


@fact("severe_depression_documented")
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
        low, high = ends_of(latest.value)
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


@fact("bipolar_disorder")
def _bipolar(facts: Facts) -> Reading:
    case = facts.case
    if case.diagnosis == "bipolar_depression":
        return Reading(True, ("diagnosis",))
    if "bipolar_depression" in (case.other_diagnoses or ()):
        return Reading(True, ("other_diagnoses",))
    return facts.field("health.bipolar_disorder")


for _scale in ("phq9", "madrs", "hamd", "qids", "bdi"):
    fact(f"{_scale}_score")(_score(_scale))
