"""One-click variants of a case, and whether the client can have the insurance that they suppose.

Pure. A preset is a list of edits; the rules say by age, income and enrollment whether it is open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from rules import Book, read_case
from rules.case import CaseError, PlainCase, PlainPart
from rules.facts.context import Facts
from rules.report.can_have import CanHave, can_have
from wizard.answers import value_at

from .scenario import ScenarioChange
from .scenarios import apply, next_trial

Edits = tuple[ScenarioChange, ...]
Preset = Callable[[PlainCase, Book, dt.date], Edits]
ORIGINAL: PlainPart = {"kind": "medicare", "medicare": "original", "part_b": True}
ADVANTAGE: PlainPart = {"kind": "medicare", "medicare": "advantage", "part_b": True}
SOON = 3  # so many years before Medicare begins people plan for it
SITE = {
    "provider.found": True,
    "provider.rems_certified": True,
    "provider.in_network": True,
    "provider.setting": "clinic",
    "provider.prescriber": "psychiatrist",
}


def other_treatment(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """Asking for the nasal spray instead of the infusion, or the other way round."""
    return (ScenarioChange("answer", "request", other_request(case)),)


def other_request(case: PlainCase) -> str:
    """The treatment beside the one that is asked for."""
    return "iv_ketamine" if case.get("request") == "esketamine" else "esketamine"


def one_more_trial(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """One more failed trial on paper, in the form in which the trials were told."""
    if case.get("treatments") is None and case.get("treatment_counts"):
        return (ScenarioChange("counted"),)
    treatment = next_trial(case, book)
    return (ScenarioChange("trial", "", treatment),) if treatment else ()


def certified_site(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """A certified clinic in the plan's network, where a psychiatrist prescribes."""
    return tuple(ScenarioChange("answer", p, v) for p, v in SITE.items() if value_at(case, p) != v)


def to_marketplace(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """Moved to a Marketplace plan, in place of the first private plan (or beside public cover)."""
    plan = {"kind": "individual", "on_exchange": True, "funding": "fully_insured"}
    return (ScenarioChange("plan", _private(case, book), plan),)


def to_medicaid(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """With Medicaid beside what there is."""
    if "medicaid" in _kinds(case):
        return ()
    return (ScenarioChange("plan", "", {"kind": "medicaid", "medicaid": "managed_care"}),)


def medicare_beside(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """Original Medicare beside the plan of a job that goes on."""
    if "employer" not in _kinds(case):
        return ()
    return _medicare(case, book, "", ORIGINAL)


def medicare_medigap(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """Original Medicare with a Medigap plan, in place of the first private plan."""
    return _medicare(case, book, _private(case, book), {**ORIGINAL, "medigap": True})


def medicare_advantage(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """A Medicare Advantage plan, in place of the first private plan."""
    return _medicare(case, book, _private(case, book), ADVANTAGE)


def cobra(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """The plan of the job kept by COBRA: the same plan, so what was told of it stays."""
    place = _job(case)
    if place is None:
        return ()
    kind = f"coverages[{place}].kind"
    return (ScenarioChange("answer", kind, "cobra"), _ended(today))


def leave_job(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """The job and its plan end."""
    place = _job(case)
    return () if place is None else (ScenarioChange("gone", str(place)), _ended(today))


def spouse_plan(case: PlainCase, book: Book, today: dt.date) -> Edits:
    """A plan through the job of a spouse, in place of the first private plan."""
    plan = {"kind": "employer", "covers_as": "spouse"}
    return (ScenarioChange("plan", _private(case, book), plan),)


def _ended(today: dt.date) -> ScenarioChange:
    return ScenarioChange("answer", "lost_coverage_date", today.isoformat())


def _kinds(case: PlainCase) -> list[str | None]:
    return [c.get("kind") for c in case.get("coverages") or ()]


def _private(case: PlainCase, book: Book) -> str:
    """The place of the first private plan, as an edit names it; empty where there is none."""
    return next((str(i) for i, k in enumerate(_kinds(case)) if k in book.private_kinds), "")


def _job(case: PlainCase) -> int | None:
    return next((i for i, k in enumerate(_kinds(case)) if k == "employer"), None)


def _medicare(case: PlainCase, book: Book, place: str, plan: PlainPart) -> Edits:
    """Medicare; for somebody who is nearly there, as of the birthday at which it begins."""
    if "medicare" in _kinds(case):
        return ()
    age = case.get("age")
    begins: int = book.eligibility_value("medicare_by_age")
    soon = age is not None and begins - SOON <= age < begins
    by_age = soon or (age is not None and age >= begins)
    cover = {**plan, "entitled_by": "age"} if by_age else dict(plan)
    birthday = (ScenarioChange("answer", "age", begins),) if soon else ()
    return (*birthday, ScenarioChange("plan", place, cover))


PRESETS: dict[str, Preset] = {
    "treatment": other_treatment,
    "trial": one_more_trial,
    "site": certified_site,
    "marketplace": to_marketplace,
    "medicaid": to_medicaid,
    "medicare_beside": medicare_beside,
    "medigap": medicare_medigap,
    "advantage": medicare_advantage,
    "cobra": cobra,
    "leave_job": leave_job,
    "spouse": spouse_plan,
}


def presets(case: PlainCase, book: Book, today: dt.date) -> dict[str, Edits]:
    """The presets that change something in a case, each with its edits."""
    made = {name: make(case, book, today) for name, make in PRESETS.items()}
    return {n: edits for n, edits in made.items() if edits and apply(case, edits, book) != case}


def open_to_client(
    case: PlainCase, edits: Sequence[ScenarioChange], book: Book, today: dt.date
) -> tuple[CanHave, ...]:
    """For each insurance that a variant adds: whether the client can have it, and why.

    It is judged with the answers of the variant, but with the plans as they were told.
    """
    kinds = [e.value.get("kind") for e in edits if e.kind == "plan" and isinstance(e.value, dict)]
    others = [e for e in edits if e.kind == "answer" and not e.place.startswith("coverages[")]
    try:
        told = read_case(apply(case, others, book), today)
    except CaseError:  # an answer of the variant that cannot be true is told where it was given
        return ()
    facts = Facts(told, book, today)
    had = set(_kinds(case))
    found = (can_have(str(kind), facts) for kind in dict.fromkeys(kinds) if kind not in had)
    return tuple(f for f in found if f is not None)
