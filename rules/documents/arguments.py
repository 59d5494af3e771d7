"""The law that answers a denial: what reaches this plan, this illness and this reason, and nothing else.

One list serves the letters of patients and of clinicians and the sheets behind them: a point whose
text somebody has read stands in a letter; the others are named on the sheet, to be read first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rules.facts.state import state_in_law
from rules.schema.appeals import LawPoint
from rules.schema.base import Cited
from rules.schema.states import OffLabelLaw, ParityLaw, State, StepTherapyLaw

from .context import Gaps
from .focus import AppealInFocus, Focus, kind_of_plan_open
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
    citation: str  # empty where the sentence names it
    seen: bool
    of_review: bool = False

    @property
    def line(self) -> str:
        if not self.citation:
            return self.sentence
        return say("law", "cited", says=self.sentence.rstrip("."), law=self.citation.rstrip("."))


def arguments(focus: Focus, found: AppealInFocus | None) -> tuple[Argument, ...]:
    """The points that answer this denial; without one, those on which a request may rest."""
    return tuple(dict.fromkeys((*_of_state(focus), *_of_appeal(focus, found))))


def law_gaps(focus: Focus, found: AppealInFocus | None) -> Gaps:
    """The fields of the context that hold the points of law."""
    told = arguments(focus, found)
    rights = [a.citation or a.line for a in told if a.of_review and a.seen]
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
    if found is not None and not kind_of_plan_open(focus):
        yield from _points(focus, (*found.appeal_process.law_points, *found.level.law_points))


def _points(focus: Focus, points: Iterable[LawPoint]) -> Iterator[Argument]:
    """The points that surely hold for this person."""
    for point in points:
        if point.when is None or focus.facts.test(point.when).value is True:
            yield Argument(point.says, point.law or "", was_read(point), point.of_review)


def _of_state(focus: Focus) -> Iterator[Argument]:
    """What the law of the state says, where it surely reaches the plan."""
    state = state_in_law(focus.facts)
    if state is None or focus.coverage is None:
        return
    reason, denied = focus.facts["denial_reason"], focus.facts["denied"] is True
    if reason == "step_therapy" or not denied:
        yield from step_arguments(focus)
    if focus.facts["health_plan_law_reaches"] is not True:
        return
    if reason in LIMITS:
        yield from parity_arguments(focus)
    if reason in OF_LABEL and focus.treatment in OFF_LABEL:
        yield from off_label_arguments(focus)
    yield from _points(focus, state.law_points)


def _state(focus: Focus, reaches: str) -> State | None:
    state = state_in_law(focus.facts) if focus.coverage is not None else None
    return state if state is not None and focus.facts[reaches] is True else None


def step_law(focus: Focus) -> StepTherapyLaw | None:
    """The state's step therapy law, where it surely reaches the plan and is in force."""
    state = _state(focus, "step_therapy_reaches")
    law = state.step_therapy if state is not None else None
    ahead = law is None or focus.facts["step_therapy_law"] in ("none", "future")
    return None if law is None or ahead or not law.exists else law


def parity_law(focus: Focus) -> ParityLaw | None:
    """The state's parity law, where it surely reaches the plan and the illness."""
    state = _state(focus, "health_plan_law_reaches")
    law = state.parity if state is not None else None
    mental = "mental_health" in focus.facts["diagnosis_group"].known
    return law if law is not None and law.exists and mental else None


def off_label_law(focus: Focus) -> OffLabelLaw | None:
    """The state's law on drugs used off-label, where it surely reaches the plan and may help."""
    state = _state(focus, "health_plan_law_reaches")
    law = state.off_label if state is not None else None
    if law is None or not law.exists or law.ketamine != "possible":
        return None
    return None if focus.facts["coverage_kind"] in law.leaves_out else law


def step_arguments(focus: Focus) -> Iterator[Argument]:
    """What the state's step therapy law says for this person, as its text has it or else in general."""
    law, state = step_law(focus), state_in_law(focus.facts)
    if law is None or state is None or not law.law:
        return
    own = tuple(_points(focus, law.law_points))
    if own:
        yield from own
        return
    mental = "mental_health" in focus.facts["diagnosis_group"].known
    most = law.mental_health_max_failures if mental else None
    if most is None:
        yield Argument(say("law", "step_law", state=state.name), law.law, was_read(law, "law"))
        return
    read = was_read(law, "law", "mental_health_max_failures") and (
        law.mental_health is None or was_read(law.mental_health)
    )
    key = "step_limit_one" if most == 1 else "step_limit"
    yield Argument(say("law", key, state=state.name, most=most), law.law, read)


def parity_arguments(focus: Focus) -> Iterator[Argument]:
    """The same of its parity law."""
    law, state = parity_law(focus), state_in_law(focus.facts)
    if law is None or state is None or not law.law:
        return
    general = Argument(say("law", "parity", state=state.name), law.law, was_read(law, "law"))
    yield from tuple(_points(focus, law.law_points)) or (general,)


def off_label_arguments(focus: Focus) -> Iterator[Argument]:
    """The same of its law on drugs used off-label."""
    law, state = off_label_law(focus), state_in_law(focus.facts)
    if law is None or state is None or not law.law:
        return
    says = say("law", "off_label", state=state.name, says=law.says or "")
    general = Argument(says, law.law, was_read(law))
    yield from tuple(_points(focus, law.law_points)) or (general,)
