"""The points of the rule that speaks: what it asks, and what this person has, in numbers."""

from __future__ import annotations

from ..case import TriedTreatment
from ..engine.criteria import CriterionResult
from ..engine.paths import Candidate
from ..facts.context import COUNTED, Facts
from ..facts.state import law_state
from ..facts.trials import weeks_asked
from ..logic import Span, Verdict, leaves
from ..messages import day_words, in_mid_sentence, phrase
from ..result import PointShown, Value
from ..schema.policies import NO_STANDARD, Policy, TrialStandard
from .condition_text import criterion_words, word_label
from .course import score_words
from .criteria import VALUES
from .deciding import points_judged
from .insurance_names import ANSWERS, diagnosis_short

MOST_NAMED = 4  # medicines that a point names


def points_of(rule: Candidate, facts: Facts) -> list[PointShown]:
    """Every point of a rule, in its own order; the diagnosis first."""
    return [
        PointShown(
            id=j.id,
            asks=asks_words(facts, j, rule),
            has=has_words(facts, j),
            value=_value(j),
            because=tuple(
                dict.fromkeys(b for x in leaves(j.verdict) for b in facts.read(x.node.key).because)
            ),
            source=j.source,
        )
        for j in points_judged(rule, facts)
    ]


def _value(judged: CriterionResult) -> Value:
    return VALUES[judged.value]  # type: ignore[return-value]


def trial_of(rule: Candidate) -> TrialStandard:
    return rule.record.trial if isinstance(rule.record, Policy) else NO_STANDARD


def asks_words(facts: Facts, judged: CriterionResult, rule: Candidate, short: bool = False) -> str:
    """What a point asks, with the weeks and the dose that make a trial count."""
    if judged.id == "diagnosis_named":
        return phrase("point", "diagnosis", file=ANSWERS)
    own = judged.criterion is not None and judged.criterion.says
    if judged.id == "renewal" and not own:
        return phrase("point", "renewal", file=ANSWERS)
    found = leaves(judged.verdict)
    if not own and len(found) == 1 and _counts(found[0]):
        return _trials_asked(facts, found[0], trial_of(rule), short)
    return criterion_words(facts, judged)


def _counts(leaf: Verdict) -> bool:
    return leaf.node.fact in COUNTED and leaf.node.kind == "at_least"


def _trials_asked(facts: Facts, leaf: Verdict, trial: TrialStandard, short: bool) -> str:
    record = facts.book.facts[leaf.node.fact or ""]
    what = in_mid_sentence(record.name)
    add_on = leaf.node.fact == "failed_augmentations"
    weeks = weeks_asked(trial, facts.book.default_trial, law_state(facts).value, add_on)
    stated = trial.min_weeks is not None or bool(trial.by_state)
    count = leaf.node.expected
    one = record.says_at_least_one if count == 1 else None
    text = one or phrase("point", "trials", file=ANSWERS, count=f"{count:g}", what=what)
    if stated:
        text += phrase("point", "weeks_one" if one else "weeks", file=ANSWERS, weeks=weeks)
    if short:
        return text
    if trial.dose is not None:
        text += phrase("point", f"dose_{trial.dose}", file=ANSWERS)
    if trial.current_episode:
        text += phrase("point", "episode", file=ANSWERS)
    return text


# --- what this person has --------------------------------------------------------------------------


def has_words(facts: Facts, judged: CriterionResult) -> str | None:
    """What this person has for a point; None where nobody has said."""
    if judged.id == "diagnosis_named":
        return diagnosis_short(facts.book, facts.case.diagnosis) if facts.case.diagnosis else None
    if judged.id == "renewal":
        return score_words(facts.case.treatment_status) or None
    told = [w for leaf in leaves(judged.verdict) if (w := _leaf_has(facts, leaf)) is not None]
    return "; ".join(dict.fromkeys(told)) or None


def _leaf_has(facts: Facts, leaf: Verdict) -> str | None:
    if leaf.node.fact in COUNTED:
        return _trials_had(facts, leaf)
    actual = leaf.actual
    if actual is None or leaf.node.fact is None:
        return None
    score = _score_had(facts, leaf)
    if score is not None:
        return score
    record = facts.book.facts.get(leaf.node.fact)
    if isinstance(actual, bool):
        says = (record.says_yes if actual else record.says_no) if record is not None else None
        return says or phrase("point", "yes" if actual else "no", file=ANSWERS)
    if isinstance(actual, Span):
        return span_words(actual)
    if isinstance(actual, (int, float)):
        unit = record.unit if record is not None and record.unit else ""
        return f"{actual:g} {unit}".strip()
    return word_label(facts.book, leaf.node.fact, actual) if isinstance(actual, str) else None


def span_words(span: Span) -> str:
    if span.high >= 100:
        return phrase("point", "at_least", file=ANSWERS, low=f"{span.low:g}")
    return phrase("point", "between", file=ANSWERS, low=f"{span.low:g}", high=f"{span.high:g}")


def _score_had(facts: Facts, leaf: Verdict) -> str | None:
    """A severity score with its date, where the point rests on one."""
    places = [b for b in facts.read(leaf.node.key).because if b.startswith("severity[")]
    told = []
    for place in places:
        score = (facts.case.severity or ())[int(place[9:-1])]
        scale = facts.book.scales[score.scale].name
        if score.score is None:
            continue
        key = "score" if score.date is not None else "score_undated"
        date = day_words(score.date) if score.date is not None else ""
        told.append(
            phrase("point", key, file=ANSWERS, scale=scale, score=f"{score.score:g}", date=date)
        )
    return ", ".join(told) or None


def medicines_at(facts: Facts, leaf: Verdict) -> list[tuple[str, TriedTreatment]]:
    """The treatments of the case that a count looked at, each with its place."""
    places = facts.read(leaf.node.key).because
    tried = facts.case.treatments or ()
    return [(p, tried[int(p[11:-1])]) for p in places if p.startswith("treatments[")]


def _trials_had(facts: Facts, leaf: Verdict) -> str | None:
    """The medicines that a count looked at with their weeks; else the person's own count."""
    medicines = [tried for _, tried in medicines_at(facts, leaf)]
    if medicines:
        named = [_medicine(facts, t) for t in medicines[:MOST_NAMED]]
        rest = len(medicines) - len(named)
        if rest:
            named.append(phrase("point", "more", file=ANSWERS, number=rest))
        return ", ".join(named)
    if leaf.actual is None:
        return None
    if isinstance(leaf.actual, Span):
        return span_words(leaf.actual)
    if facts.case.treatments is not None and not leaf.actual:
        return phrase("point", "none_listed", file=ANSWERS)
    return phrase("point", "own_count", file=ANSWERS, number=f"{leaf.actual:g}")


def _medicine(facts: Facts, tried: TriedTreatment) -> str:
    record = facts.book.treatments[tried.treatment]
    name = medicine_name(record.name)
    if tried.outcome in ("helped", "ongoing"):
        return phrase("point", "medicine_helped", file=ANSWERS, name=name)
    if tried.weeks is None:
        return phrase("point", "medicine", file=ANSWERS, name=name)
    return phrase("point", "medicine_weeks", file=ANSWERS, name=name, weeks=f"{tried.weeks:g}")


def medicine_name(name: str) -> str:
    """A medicine's name in the middle of a sentence, without what stands in brackets."""
    return in_mid_sentence(name.split(" (")[0])


def missing_words(facts: Facts, judged: CriterionResult, rule: Candidate) -> str:
    """An open point in one phrase: what is asked, and what there is."""
    asks = in_mid_sentence(asks_words(facts, judged, rule, short=True))
    has = has_words(facts, judged) if judged.value is False else None
    return phrase("missing", "with", file=ANSWERS, asks=asks, has=has) if has else asks
