"""Every answer that a case leaves open, with the answers that may still be given to it.

What a case leaves open is read off the model: a new field is filled in here without a word.
"""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from rules.case import (
    Appeal,
    Authorization,
    Case,
    CasePart,
    Coverage,
    Denial,
    Health,
    MoneyFacts,
    Provider,
    Score,
    TreatmentCounts,
    TreatmentStatus,
    TriedTreatment,
)
from rules.facts.context import Facts
from rules.vocabulary import CoverageKind
from tests.strategies import BOOK, MEDICINES, OTHERS, PAYERS, TODAY, dates_in_order
from wizard.answers import put_at, value_at

PARTS: dict[str, type[CasePart]] = {
    "health": Health, "treatment_counts": TreatmentCounts, "denial": Denial,
    "authorization": Authorization, "provider": Provider, "money": MoneyFacts, "appeal": Appeal,
    "treatment_status": TreatmentStatus,
}  # fmt: skip
LISTS: dict[str, type[CasePart]] = {
    "coverages": Coverage, "treatments": TriedTreatment, "severity": Score, "other_denials": Denial,
}  # fmt: skip

# Where a plain number or text stands: on both sides of every limit that the rules know.
NUMBERS: dict[str, list[Any]] = {
    "age": [0, 17, 18, 19, 21, 26, 64, 65, 80],
    "birth_month": ["1946-05", "1961-06", "1961-08", "1962-02", "1962-10", "1984-01"],
    "household_size": [1, 2, 6],
    "annual_income": [0, 9000, 16000, 21000, 30000, 45000, 64000, 120000],
    "score": [0, 4, 14, 15, 16, 17, 19, 20, 24, 28, 35, 60],
    "weeks": [0, 2, 3, 4, 5, 6, 7, 8, 10, 12, 26],
    "daily_dose_mg": [0, 1, 10, 25, 50, 90, 150, 300, 900],
    "years_ago": [0, 1, 2, 5, 10, 30],
    "sessions": [0, 1, 6],
    "esrd_month": [1, 30, 31],
    "payer": [*PAYERS, "Some Small Insurer"],
    "coverage": [0, 1],
    "coinsurance": [0, 0.4, 1],
    "maintenance_sessions_per_year": [0, 12],
    "tax_bracket_percent": [0, 22],
    "medical_spending": [0, 4000, 90000],
    "codes": [[], ["CO-50"], ["197", "N130"], ["PR-999"]],
    "sessions_so_far": [0, 1, 8, 9, 30],
    "score_before": [10, 20],
    "score_now": [4, 20],
    "sessions_per_week": [0.5, 1, 2, 3],
    "dose_mg": [28, 56, 84, 112],
}
COUNTS = [0, 1, 2, 3, 5]
MONEY = [0, 500, 5000]
DAYS_AGO = [0, 20, 59, 61, 75, 100, 200, 400, 900]
MAY_LIE_AHEAD = ("start", "end", "starts", "ends", "lost_coverage_date", "effective_date")
WHOLE: dict[str, list[Any]] = {
    "other_denials": [[], [{"treatment": "esketamine", "reason": "coding", "notice_date": "2026-10-01"}]],
    "other_diagnoses": [[], ["bipolar_depression"], ["ptsd", "crps"], ["opioid_use_disorder"]],
    "severity": [[], [{"scale": "phq9", "score": 22}], [{"scale": "madrs"}]],
    "coverages": [
        [],
        *([{"kind": kind}] for kind in ("employer", "individual", "medicare", "va", "sharing_ministry")),
        [{"kind": "medicaid", "medicaid": "managed_care"}, {"kind": "medicare"}],
        [{"kind": "employer", "active_employee": True, "high_deductible_plan": True}],
        [{"kind": "individual", "metal_level": "bronze"}],
    ],
    "treatments": [
        [],
        [{"treatment": MEDICINES[0], "outcome": "ongoing"}],
        [{"treatment": MEDICINES[5], "outcome": "no_response", "weeks": 26, "daily_dose_mg": 9000}],
        [{"treatment": ident, "outcome": "no_response"} for ident in OTHERS[::3]],
        [{"treatment": "cbt", "outcome": "partial_response"}],
        [{"treatment": "esketamine_prior", "outcome": "helped"}],
        [{"treatment": "ect", "outcome": "no_response"}],
    ],
}  # fmt: skip


def open_places(data: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Each place of a case that nobody has answered, with answers that it may get."""
    for name, field in Case.model_fields.items():
        held = data.get(name)
        if name in PARTS:
            yield from _of_part(f"{name}.", PARTS[name], held or {})
        elif name in LISTS:
            if held is None:
                yield name, WHOLE[name]
            for i, row in enumerate(held or ()):
                yield from _of_part(f"{name}[{i}].", LISTS[name], row)
        elif held is None:
            yield name, values_of(name, field.annotation)


def told_places(data: dict[str, Any]) -> Iterator[str]:
    """Each place of a case that somebody has answered."""
    for name in Case.model_fields:
        held = data.get(name)
        if name in PARTS:
            yield from (f"{name}.{key}" for key, value in (held or {}).items() if value is not None)
        elif held is not None:
            yield name
            if name in LISTS:
                kept = {k for k, f in LISTS[name].model_fields.items() if not f.is_required()}
                rows = enumerate(held)
                yield from (f"{name}[{i}].{k}" for i, row in rows for k in row if k in kept)


def without(data: dict[str, Any], place: str) -> dict[str, Any]:
    """The case with one answer taken back."""
    new = copy.deepcopy(data)
    put_at(new, place, None)
    return new


def _of_part(prefix: str, model: type[CasePart], held: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        if held.get(name) is None and not field.is_required():
            yield prefix + name, values_of(name, field.annotation)


def values_of(name: str, kind: Any) -> list[Any]:
    """Answers that a field may hold."""
    if name in WHOLE:
        return WHOLE[name]
    if name in NUMBERS:
        return NUMBERS[name]
    if name.endswith(("_failed", "_tried")) and bool not in get_args(kind):
        return COUNTS
    words = list(_words(kind))
    if words:
        return words
    if bool in get_args(kind):
        return [True, False]
    if dt.date in get_args(kind):
        ahead = [-10, -59, -61, -200] if name in MAY_LIE_AHEAD else []
        return [(TODAY - dt.timedelta(days=n)).isoformat() for n in (*ahead, *DAYS_AGO)]
    return MONEY


def _words(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    else:
        for part in get_args(kind):
            yield from _words(part)


def filled_in(data: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """The case with one more answer."""
    new = copy.deepcopy(data)
    head, dot, tail = place.rpartition(".")
    if not dot:
        new[place] = copy.deepcopy(value)
    elif head in PARTS:
        new[head] = {**(new.get(head) or {}), tail: copy.deepcopy(value)}
    else:
        value_at(new, head)[tail] = copy.deepcopy(value)
    return new


# --- whole cases ------------------------------------------------------------------------------------

TALK = tuple(t.id for t in BOOK.treatments.values() if t.counts_as == "psychotherapy")
KINDS = get_args(CoverageKind)


def made_up_case(dice: random.Random) -> dict[str, Any]:
    """Any case at all, from nearly nothing told to nearly everything: dense, unlike `case_data`."""
    told = dice.choice([0.15, 0.4, 0.7, 0.9, 0.97])
    data: dict[str, Any] = {}
    for name, field in Case.model_fields.items():
        if dice.random() > told:
            continue
        if name in PARTS:
            data[name] = _some_of(PARTS[name], dice, told)
        elif name == "coverages":
            data[name] = [_a_cover(dice, told) for _ in range(dice.choice([0, 1, 1, 1, 2, 2, 3]))]
        elif name == "treatments":
            data[name] = [a_trial(dice, told) for _ in range(dice.randint(0, 5))]
        elif name == "other_denials":
            data[name] = [_some_of(Denial, dice, told) for _ in range(dice.choice([0, 0, 1, 2]))]
        elif name == "severity":
            scales = [
                dice.choice(["phq9", "phq9", "madrs", "hamd"]) for _ in range(dice.randint(0, 3))
            ]
            data[name] = [{"scale": s, **_some_of(Score, dice, told)} for s in scales]
        else:
            data[name] = dice.choice(values_of(name, field.annotation))
    for denial in (data.get("denial") or {}, *data.get("other_denials", ())):
        if (denial.get("coverage") or 0) >= len(data.get("coverages") or ()):
            denial.pop("coverage", None)
    return dates_in_order(data)


def _some_of(model: type[CasePart], dice: random.Random, told: float) -> dict[str, Any]:
    return {
        name: dice.choice(values_of(name, field.annotation))
        for name, field in model.model_fields.items()
        if not field.is_required() and dice.random() < told
    }


def _a_cover(dice: random.Random, told: float) -> dict[str, Any]:
    kind = {"kind": dice.choice(KINDS)} if dice.random() < 0.9 else {}
    return {**_some_of(Coverage, dice, told * 0.6), **kind}


def a_trial(dice: random.Random, told: float) -> dict[str, Any]:
    """One tried treatment, of which much or little is told."""
    names = dice.choice([MEDICINES, MEDICINES, OTHERS, TALK])
    return {"treatment": dice.choice(names), **_some_of(TriedTreatment, dice, told)}


# --- answers that contradict each other -------------------------------------------------------------

NO_NO_YET = ("exploring", "preparing", "request_pending", "paying_cash")


def contradiction(before: dict[str, Any], place: str, after: dict[str, Any]) -> str | None:
    """Why an answer is no completion of a case, but says otherwise than what was told; else None.

    Both answers are let in, and a rule says which of them counts: it may then come out otherwise.
    """
    counts, tried = after.get("treatment_counts") or {}, after.get("treatments")
    history = place == "treatments" or place.startswith("treatment_counts.")
    if history and tried is not None and _any_told(counts):
        return "a list is whole where nobody counted, and may be a part of what was counted"
    classes = counts.get("antidepressant_classes_failed")
    medicines = counts.get("antidepressants_failed")
    if (
        classes is not None
        and medicines is not None
        and not bool(medicines) <= classes <= medicines
    ):
        return "of some medicines there is one class at least, and as many as medicines at most"
    if place == "age" or place.endswith(".entitled_by"):
        old = None if after.get("age") is None else after["age"] >= 65
        reasons = {c.get("entitled_by") for c in after.get("coverages") or ()}
        if old is not None and ("disability" if old else "age") in reasons:
            return (
                "from 65 on Medicare by disability is Medicare by age, and before it there is none"
            )
    if place == "age" or place.endswith(".active_duty"):
        duty = any(c.get("active_duty") for c in after.get("coverages") or ())
        if duty and (after.get("age") or 0) >= 65:
            return "from 65 on TRICARE is TRICARE For Life unless active duty is told"
    if place in ("disabled", "pregnant") and _over_every_line(after):
        return "income over every line closes Medicaid unless a disability or a pregnancy is told"
    if place.endswith(".issue_state") and before.get("state") is not None:
        return "the state of issue is told where it differs from the state of the home"
    diagnoses = (after.get("diagnosis"), *(after.get("other_diagnoses") or ()))
    if (after.get("health") or {}).get("bipolar_disorder") is False and (
        "bipolar_depression" in diagnoses
    ):
        return "no bipolar disorder, and bipolar depression among the diagnoses"
    if after.get("taking_antidepressant") is False and any(
        t.get("outcome") == "ongoing" for t in tried or ()
    ):
        return "takes no antidepressant, and one is listed as taken still"
    return (
        _about_a_no(before, after)
        or _about_a_letter(before, after)
        or _about_a_course(before, after)
    )


def _about_a_letter(before: dict[str, Any], after: dict[str, Any]) -> str | None:
    old, new = before.get("denial") or {}, after.get("denial") or {}
    codes_new = old.get("codes") != new.get("codes") and new.get("reason") == "other"
    if new.get("codes") and (old.get("reason") != new.get("reason") or codes_new):
        return "the reason of a letter and that of its codes are two: the one told goes first"
    letters = (before.get("other_denials"), after.get("other_denials"))
    if letters[0] != letters[1] or (letters[1] and old != new):
        return "of several letters another one may speak"
    return None


def _about_a_course(before: dict[str, Any], after: dict[str, Any]) -> str | None:
    old, new = before.get("treatment_status") or {}, after.get("treatment_status") or {}
    if new.get("started") is False and old.get("started") is None:
        return "what is told of the course goes before what an approval tells of it"
    start = ((x.get("authorization") or {}).get("start") for x in (before, after))
    return "an approval told by its end alone begins later" if len(set(start)) > 1 else None


def _about_a_no(before: dict[str, Any], after: dict[str, Any]) -> str | None:
    denial, stage = after.get("denial") or {}, after.get("stage")
    if _any_told(denial) and stage in NO_NO_YET and not _any_told(before.get("denial") or {}):
        return "nothing was denied yet, and there is a denial"
    if stage == "denied" and denial.get("level") not in (None, "initial"):
        return "the first request was denied, and the denial is of an appeal"
    if denial.get("urgent") is False and after.get("suicidal_thoughts") == "active":
        return "waiting does no harm, and there are active thoughts of suicide"
    return None


def _any_told(part: dict[str, Any]) -> bool:
    return any(v is not None for v in part.values())


def _over_every_line(case: dict[str, Any]) -> bool:
    """Whether income is over every Medicaid line of the state."""
    told = {k: case.get(k) for k in ("annual_income", "household_size", "state")}
    facts = Facts(Case.model_validate(told), BOOK, TODAY)
    return facts["income_over_every_medicaid_line"] is True


# A step that would change an outlook -> the answer by which it is carried out.
CONFIRM: dict[str, tuple[str, Any]] = {
    "rems_certified": ("provider.rems_certified", True),
    "in_network": ("provider.in_network", True),
    "provider_found": ("provider.found", True),
    "psychiatrist_prescribes": ("provider.prescriber", "psychiatrist"),
    "taking_antidepressant": ("taking_antidepressant", True),
    "psychosis": ("health.psychosis", False),
    "vessel_condition": ("health.vessel_condition", False),
    "ketamine_allergy": ("health.ketamine_allergy", False),
    "bipolar_disorder": ("health.bipolar_disorder", False),
    "has_hsa": ("money.hsa", True),
    "has_fsa": ("money.fsa", True),
    "has_hra": ("money.hra", True),
}
