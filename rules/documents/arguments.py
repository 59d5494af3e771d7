"""The law that answers a denial: what reaches this plan, this illness and this reason, and nothing else.

One list serves the letters of patients and of clinicians and the sheets behind them: a point whose
text somebody has read stands in a letter; the others are named on the sheet, to be read first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rules.facts.state import state_in_law
from rules.schema.appeals import LawPoint
from rules.schema.base import Cited
from rules.schema.states import State, StepTherapyLaw

from .context import Gaps
from .focus import AppealInFocus, Focus
from .history import FAILED, JUDGED
from .phrases import say

# Reasons of a denial that rest on a limit which the parity laws compare with those on other care.
LIMITS = (
    "experimental",
    "not_medically_necessary",
    "step_therapy",
    "frequency",
    "no_authorization",
)
# Reasons that a law on off-label drugs answers.
OF_LABEL = ("experimental", "not_medically_necessary", "not_a_benefit")
OFF_LABEL = ("iv_ketamine", "im_ketamine", "oral_ketamine")


class Argument(NamedTuple):
    """A point of law that speaks for the person, with its number, and whether its text was read.

    `of_review`: it is no reason to cover the treatment, but a right in the review itself.
    """

    sentence: str
    citation: str
    seen: bool
    of_review: bool = False

    @property
    def line(self) -> str:
        return say("law", "cited", says=self.sentence.rstrip("."), law=self.citation.rstrip("."))


def arguments(focus: Focus, found: AppealInFocus | None) -> tuple[Argument, ...]:
    """The points that answer this denial; without one, those on which a request may rest."""
    return tuple(dict.fromkeys((*_of_state(focus), *_of_appeal(focus, found))))


def law_gaps(focus: Focus, found: AppealInFocus | None) -> Gaps:
    """The fields of the context that hold the points of law."""
    told = arguments(focus, found)
    rights = [a.citation for a in told if a.of_review and a.seen]
    return {
        "law_points": tuple(a.line for a in told if a.seen and not a.of_review),
        "laws_to_check": tuple(a.line for a in told if not a.seen),
        "rights_law": say("law", "and").join(dict.fromkeys(rights)),
    }


def was_read(law: Cited, *parts: str) -> bool:
    """Whether somebody has read a law, and the parts of its record that are named."""
    unread = getattr(law, "recalled_fields", ())
    return law.seen and law.confidence != "recalled" and not set(parts) & set(unread)


def _of_appeal(focus: Focus, found: AppealInFocus | None) -> Iterator[Argument]:
    """What the law of this kind of plan says, on each level of appeal or on this one."""
    if found is None:
        return
    for point in (*found.appeal_process.law_points, *found.level.law_points):
        yield from _point(focus, point)


def _point(focus: Focus, point: LawPoint) -> Iterator[Argument]:
    if point.when is None or focus.facts.test(point.when).value is True:
        yield Argument(point.says, point.law, was_read(point), point.of_review)


def _of_state(focus: Focus) -> Iterator[Argument]:
    """What the law of the state says, where it surely reaches the plan."""
    state = state_in_law(focus.facts)
    if state is None or focus.coverage is None:
        return
    yield from _step_therapy(focus, state)
    if focus.facts["health_plan_law_reaches"] is True:
        yield from _parity(focus, state)
        yield from _off_label(focus, state)
        for point in state.law_points:
            yield from _point(focus, point)


def step_law(focus: Focus) -> StepTherapyLaw | None:
    """The state's step therapy law, where it surely reaches the plan and is in force."""
    state = state_in_law(focus.facts)
    law = state.step_therapy if state is not None and focus.coverage is not None else None
    if law is None or not law.exists or focus.facts["step_therapy_reaches"] is not True:
        return None
    return None if focus.facts["step_therapy_law"] in ("none", "future") else law


def step_limit(focus: Focus, law: StepTherapyLaw) -> int | None:
    """The most medicines that may be asked to fail first, for an illness that the limit is about."""
    mental = "mental_health" in focus.facts["diagnosis_group"].known
    return law.mental_health_max_failures if mental else None


def _step_therapy(focus: Focus, state: State) -> Iterator[Argument]:
    law = step_law(focus)
    asked = focus.facts["denial_reason"] == "step_therapy" or focus.facts["denied"] is not True
    if law is None or not law.law or not asked:
        return
    most = step_limit(focus, law)
    if most is None:
        yield Argument(say("law", "step_law", state=state.name), law.law, was_read(law, "law"))
        return
    read = was_read(law, "law", "mental_health_max_failures") and (
        law.mental_health is None or was_read(law.mental_health)
    )
    says = say("law", "step_limit_one" if most == 1 else "step_limit", state=state.name, most=most)
    tried = _drugs_failed(focus)
    shown = say("law", "limit_reached", limit=says, tried=tried) if tried >= most else says
    yield Argument(shown, law.law, read)


def _drugs_failed(focus: Focus) -> int:
    """How many medicines the history shows that did not help enough or could not be taken."""
    treatments = focus.book.treatments
    return sum(
        t.outcome in FAILED and treatments[t.treatment].counts_as in JUDGED
        for t in focus.case.treatments or ()
    )


def _parity(focus: Focus, state: State) -> Iterator[Argument]:
    law = state.parity
    mental = "mental_health" in focus.facts["diagnosis_group"].known
    if law is None or not law.exists or not law.law or not mental:
        return
    if focus.facts["denial_reason"] in LIMITS:
        says = law.says or say("law", "parity", state=state.name)
        yield Argument(says, law.law, was_read(law, "law"))


def _off_label(focus: Focus, state: State) -> Iterator[Argument]:
    law = state.off_label
    if law is None or not law.exists or not law.law or law.ketamine != "possible":
        return
    if focus.treatment not in OFF_LABEL or focus.facts["denial_reason"] not in OF_LABEL:
        return
    if focus.facts["coverage_kind"] not in law.leaves_out:
        says = say("law", "off_label", state=state.name, says=law.says or "")
        yield Argument(says, law.law, was_read(law))
