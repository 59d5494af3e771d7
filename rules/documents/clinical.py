"""What a clinician's letter says in clinical English: who the patient is, the criteria, the rationale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rules.messages import as_of_words
from rules.result import CriterionShown
from rules.schema.clinical import LabelUse
from rules.schema.conditions import Criterion, facts_read

from ..engine.treatments import label_fits
from ..vocabulary import COVERED
from .context import CriterionRow, Gaps, Trial
from .focus import Focus
from .history import FAILED, TRIED, trial_of
from .phrases import has, lower_first, number, say, say_or, spelled, upper_first
from .plan import evidence_of, own_criteria

# Requirements of form: told in one sentence after the clinical criteria.
OF_FORM = ("age", "rems_certified", "psychiatric_prescriber", "psychiatrist_prescribes")
# What the plan knows of its own member, and what no letter can answer.
NOT_OURS = (
    "part_b", "enrolled_in_medicare", "in_network", "employer_ketamine_benefit", "full_medicaid",
    "medicaid_type", "unasked",
)  # fmt: skip
# The diagnosis that itself tells of suicide. Beside any other, the clinician alone may state it.
SUICIDALITY = "major_depression_with_suicidality"
# What stands beside an off-label use for depression: an approved drug, and two forms of stimulation.
ALTERNATIVES = {
    "esketamine": ("esketamine_prior",),
    "ect": ("ect",),
    "tms": ("rtms", "saint"),
}


def clinical(focus: Focus) -> Gaps:
    """The fields of the context in the register of a clinician."""
    use = _label_use(focus)
    dosing = tuple(d.in_letters for d in use.dosing if d.in_letters) if use else ()
    criteria = tuple(_criteria(focus))
    # That the diagnosis is covered is no answer by itself.
    rows = tuple(row for row, _ in criteria) if any(more for _, more in criteria) else ()
    return {
        "treatment_clinical": say("treatment_clinical", focus.treatment or "open"),
        "diagnosis_clinical": diagnosis_clinical(focus),
        "patient_line": _patient(focus),
        "denial_clinical": _denial(focus),
        "reason_answer": _reason_answer(focus),
        "indication": use.in_letters if use is not None else "",
        "dosing": dosing,
        "dosing_line": " ".join(dosing),
        "policy_reference": _policy_reference(focus),
        "plan_policy": _is_plans_own(focus),
        "criteria_met": rows,
        "criteria_of_form": _of_form(focus),
        "rationale": _rationale(focus),
        "alternatives": tuple(_alternatives(focus)),
        "alternatives_open": _alternatives_open(focus),
    }


def diagnosis_clinical(focus: Focus) -> str:
    """The diagnosis as a chart names it."""
    record = focus.book.diagnoses.get(focus.case.diagnosis or "")
    plain = say_or("diagnosis", focus.case.diagnosis, record.name.lower() if record else "")
    return say_or("diagnosis_clinical", focus.case.diagnosis, plain)


def _patient(focus: Focus) -> str:
    age = focus.case.age
    key = "patient" if age is not None else "patient_of_any_age"
    return say(
        "clinical", key, age=age, diagnosis=diagnosis_clinical(focus) or say("clinical", "open")
    )


def _denial(focus: Focus) -> str:
    return say_or("denial_clinical", focus.facts["denial_reason"])


def _reason_answer(focus: Focus) -> str:
    """What in the letter answers the reason of the denial."""
    reason = focus.facts["denial_reason"]
    if reason == "experimental":
        fits = focus.book.label_uses.get(focus.treatment or "") and label_fits(focus.facts)
        return say("reason_answer", "on_label" if fits is True else "off_label")
    if reason == "step_therapy" and not focus.case.treatments:
        return ""
    return say_or("reason_answer", reason)


def _label_use(focus: Focus) -> LabelUse | None:
    """The labeled use that the diagnosis is, as it was told; None for any other."""
    uses = focus.book.label_uses.get(focus.treatment or "", ())
    return next((u for u in uses if focus.case.diagnosis in u.indications), None)


# --- the policy and its criteria ----------------------------------------------------------------


def _is_plans_own(focus: Focus) -> bool:
    """Whether the criteria are those of a text of the plan (or of its programme), and not the label's."""
    shown, policy = focus.path, focus.policy
    if shown is None or policy is None or policy.position not in COVERED:
        return False
    return "label_only" not in shown.caveats and (
        bool(policy.title) or "general" not in shown.caveats
    )


def _policy_reference(focus: Focus) -> str:
    """A policy as a letter names it: title, number, date of its text."""
    policy = focus.policy
    if policy is None or not policy.title:
        return ""
    parts = []
    if policy.number:
        parts.append(say("clinical", "numbered", number=policy.number))
    if policy.as_of:
        parts.append(say("clinical", "dated", date=as_of_words(policy.as_of)))
    key = "titled" if parts else "titled_alone"
    return say("clinical", key, title=policy.title, parts=", ".join(parts))


def _criteria(focus: Focus) -> Iterator[tuple[CriterionRow, bool]]:
    """Each clinical criterion that is met, with what shows it; and whether it asks for more than the diagnosis."""
    for shown in own_criteria(focus):
        record = _record(focus, shown.id)
        read = facts_read(record) if record is not None else set()
        general = shown.id == "diagnosis_named" and not _is_plans_own(focus)
        other = record is not None and record.fact in (*OF_FORM, *NOT_OURS)
        told = "acute_suicidality" in read and focus.case.diagnosis != SUICIDALITY
        if shown.value == "met" and not (general or other or told):
            evidence = _shown_by(focus, shown, read) or say("clinical", "in_chart")
            row = CriterionRow(_words(shown, record), upper_first(evidence))
            yield row, shown.id != "diagnosis_named"


def _of_form(focus: Focus) -> str:
    """The requirements of form that are met, in one sentence's words."""
    said = []
    for shown in own_criteria(focus):
        record = _record(focus, shown.id)
        fact = record.fact if record is not None else None
        if shown.value == "met" and fact in OF_FORM:
            said.append(
                say(
                    "clinical",
                    "form",
                    text=lower_first(_words(shown, record)),
                    shown=_form(focus, fact),
                )
            )
    return "; ".join(said)


def _form(focus: Focus, fact: str) -> str:
    clinic = focus.case.provider
    prescriber = say_or("prescriber", clinic.prescriber if clinic else None)
    return say("requirement", fact, age=focus.case.age, prescriber=prescriber)


def _record(focus: Focus, ident: str) -> Criterion | None:
    """The criterion as the policy (in the way of several by which it is met) or the label writes it."""
    shown, policy = focus.path, focus.policy
    told: list[Criterion] = []
    if shown is not None and policy is not None:
        others = {a.id for a in shown.alternatives}
        ways = [a for a in policy.alternatives if f"{policy.id}.{a.id}" not in others]
        told = [*policy.criteria, *(c for a in ways[:1] for c in a.criteria)]
    uses = focus.book.label_uses.get(focus.treatment or "", ())
    told += [c for u in uses for c in u.criteria]
    told += [x.criterion for x in focus.book.label_limits.get(focus.treatment or "", ())]
    return next((c for c in told if c.id == ident), None)


def _words(shown: CriterionShown, record: Criterion | None) -> str:
    """A criterion in clinical words: the record's own, else those of the fact that it reads."""
    if record is None:
        return say_or("criterion", shown.id, shown.text)
    if record.in_letters or record.says or record.fact is None:
        return record.in_letters or shown.text
    least = record.at_least
    if least is None and record.is_ is not True:
        return shown.text
    one = f"{record.fact}_one"
    key = one if least == 1 and has("criterion", one) else record.fact
    if not has("criterion", key):
        return shown.text
    return say("criterion", key, n=number(least) if least is not None else "")


def _shown_by(focus: Focus, shown: CriterionShown, read: set[str]) -> str:
    """What in the record meets a criterion. What was told of suicide is for the clinician to state."""
    if "acute_suicidality" in read:
        return say("clinical", "risk_assessment")
    met = [part for part in shown.parts if part.value == "met"]
    because = [b for part in met for b in part.because] if met else list(shown.because)
    trials = [t for t in (_counted(focus, place) for place in because) if t is not None]
    if trials and "failed_antidepressant_classes" in read:
        return "; ".join(_by_class(trials))
    if trials:
        return _trials_shown(trials)
    if shown.id == "diagnosis_named":
        return diagnosis_clinical(focus)
    for fact in read:
        if has("shown", key := f"{fact}_{focus.facts[fact]}".lower()):
            return say("shown", key)
    told = (evidence_of(focus, place) for place in because)
    return "; ".join(dict.fromkeys(e for e in told if e))


def _by_class(trials: list[Trial]) -> Iterator[str]:
    for group in dict.fromkeys(t.drug_class for t in trials):
        names = _and([t.plain for t in trials if t.drug_class == group])
        yield say("clinical", "of_class", drug_class=group, names=names)


def _trials_shown(trials: list[Trial]) -> str:
    """Trials with dose and weeks; that they are of the current episode is told once."""
    said = "; ".join(dict.fromkeys(t.short for t in trials))
    now = say("trial", "now")
    return say("clinical", "all_now", trials=said) if {t.when for t in trials} == {now} else said


def _counted(focus: Focus, place: str) -> Trial | None:
    """A trial that a criterion rests on, where it counts under this policy."""
    room, _, rest = place.partition("[")
    if room != "treatments" or not rest:
        return None
    row = trial_of(focus, int(rest.rstrip("]")))
    return row if row.counts in (say("counts", "yes"), say("counts", "listed")) else None


# --- the rationale --------------------------------------------------------------------------------


def _rationale(focus: Focus) -> str:
    """What has failed, counted, and what is contraindicated; with the label, where no criterion has named it."""
    failed = " ".join(said for said in (_failed(focus), _ruled_out(focus)) if said)
    own = failed and _is_plans_own(focus) and _label_use(focus) is not None
    return " ".join((say("clinical", "on_label"), failed)) if own else failed


def _failed(focus: Focus) -> str:
    groups, classes = _tried(focus)
    named = [(key, n) for key, n in groups.items() if n and has("group", key)]
    if not named:
        return ""
    tried = upper_first(_and([_group(key, n, classes) for key, n in named]))
    mood = focus.case.diagnosis and "depression" in focus.facts["diagnosis_group"].known
    key = "failed_one" if sum(n for _, n in named) == 1 else "failed"
    if groups["antidepressant"] > 1 and mood:
        key = "failed_many"
    return say("clinical", key, tried=tried)


def _tried(focus: Focus) -> tuple[Counter[str], int]:
    """How many treatments of each kind failed, and how many classes of antidepressants are among them."""
    groups: Counter[str] = Counter()
    classes = set()
    for told in focus.case.treatments or ():
        record = focus.book.treatments[told.treatment]
        if told.outcome in TRIED:
            groups[record.counts_as] += 1
            if record.counts_as == "antidepressant":
                classes.add(record.drug_class)
    counts = focus.case.treatment_counts
    if focus.case.treatments or counts is None:
        return groups, len(classes)
    groups["antidepressant"] = counts.antidepressants_failed or 0
    groups["augmentation"] = counts.augmentations_failed or 0
    groups["pain_medicine"] = counts.pain_treatments_failed or 0
    return groups, counts.antidepressant_classes_failed or 0


def _ruled_out(focus: Focus) -> str:
    told = enumerate(focus.case.treatments or ())
    names = [trial_of(focus, i).plain for i, t in told if t.outcome == "contraindicated"]
    return say("clinical", "ruled_out", names=_and(names)) if names else ""


def _group(key: str, n: int, classes: int) -> str:
    many = say("group", key if n == 1 else f"{key}_many", n=spelled(n))
    if key == "antidepressant" and classes > 1:
        return say("group", "of_classes", drugs=many, n=spelled(classes))
    return many


def _and(words: list[str]) -> str:
    """Words in a row, the last after `and`."""
    if len(words) < 2:
        return "".join(words)
    return say("clinical", "and", first=", ".join(words[:-1]), last=words[-1])


def _alternatives(focus: Focus) -> Iterator[str]:
    """The other treatments for the illness that were tried or ruled out."""
    told = focus.case.treatments or ()
    wanted = {name for names in ALTERNATIVES.values() for name in names}
    for i, t in enumerate(told):
        if t.treatment in wanted and t.outcome in FAILED:
            yield trial_of(focus, i).clinical


def _alternatives_open(focus: Focus) -> str:
    """Those of which nothing is known: the clinician says why they do not fit."""
    told = {t.treatment for t in focus.case.treatments or () if t.outcome in FAILED}
    open_ones = [key for key, names in ALTERNATIVES.items() if not told & set(names)]
    return _and([say("alternative", key) for key in open_ones])
