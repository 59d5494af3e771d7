"""What the law of the state says that governs a coverage."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..schema.base import Cited, lies_ahead
from ..schema.states import State, StepTherapyLaw
from .context import Facts, Reading, fact

Section = TypeVar("Section", bound=Cited)


def law_state(facts: Facts) -> Reading:
    """The state whose insurance law counts: where the plan was issued, else where the person lives."""
    issued = facts.field("coverages[].issue_state") if facts.index is not None else Reading(None)
    return issued if issued.value is not None else facts.field("state")


def state_in_law(facts: Facts) -> State | None:
    """The record of the state whose insurance law counts; None where the state is not known."""
    return facts.book.states.get(law_state(facts).value or "")


def _of_state(
    part: Callable[[State], Section | None],
    pick: Callable[[Section, Facts], bool | float | str | None],
) -> Callable[[Facts], Reading]:
    """A fact read from the state's record; None where the record does not say."""

    def read(facts: Facts) -> Reading:
        state = law_state(facts)
        if state.value is None:
            return state
        record = facts.book.states.get(state.value)
        section = part(record) if record is not None else None
        return Reading(None if section is None else pick(section, facts), state.because)

    return read


def _step_therapy_scope(section: StepTherapyLaw, facts: Facts) -> str | None:
    if section.exists is False:
        return "none"
    if section.exists is None or section.scope is None:
        return None
    start = section.in_force_from
    if start is not None and lies_ahead(start, facts.today):
        return "future"
    # A law recorded before it took effect becomes a general one on its day.
    return "general" if section.scope == "future" and start is not None else str(section.scope)


fact("step_therapy_law", per="coverage")(_of_state(lambda r: r.step_therapy, _step_therapy_scope))
fact("step_therapy_limit", per="coverage")(
    _of_state(lambda r: r.step_therapy, lambda s, f: s.mental_health_max_failures)
)
fact("off_label_law", per="coverage")(
    _of_state(
        lambda r: r.off_label, lambda s, f: None if s.scope in ("unknown", "unclear") else s.scope
    )
)
fact("external_review_process", per="coverage")(
    _of_state(
        lambda r: r.external_review, lambda s, f: None if s.process == "unclear" else s.process
    )
)
fact("state_parity_law", per="coverage")(_of_state(lambda r: r.parity, lambda s, f: s.exists))
fact("plan_appeal_first", per="coverage")(
    _of_state(
        lambda r: r.medicaid.fair_hearing if r.medicaid is not None else None,
        lambda s, f: s.plan_appeal_first is not False,
    )
)
fact("state_has_marketplace")(_of_state(lambda r: r.exchange, lambda e, f: e.platform != "none"))
fact("medicaid_expanded")(_of_state(lambda r: r.income_limits, lambda s, f: s.expansion))
