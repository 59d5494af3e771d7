"""The offices of the state that have this plan in their care: for complaints and for outside review.

A state may have two offices, each with a part of the plans. With the kind of network told only those
stand that have such plans, and of these the one that is known to have the payer's; with none told all
do, and their notes say which has which.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..engine.state_levels import OF_MEDICAID, outside_review_of, review_of_law
from ..facts.context import Facts
from ..facts.state import state_in_law
from ..schema.appeals import AppealLevel
from ..schema.states import Office, Review


def complaint_offices(facts: Facts) -> tuple[Office, ...]:
    """The insurance offices of the state that may have this plan; whether its law governs is asked apart."""
    state = state_in_law(facts)
    found = (state.regulator, state.second_regulator) if state is not None else ()
    return _of_this_plan(facts, (o for o in found if o is not None))


def review_of(facts: Facts, level: AppealLevel | None) -> Review | None:
    """The state's own outside review on a level of appeal; None where its law does not surely reach the plan."""
    if level is not None and level.state_limit == OF_MEDICAID:
        return outside_review_of(facts)
    return review_of_law(facts) if facts["health_plan_law_reaches"] is True else None


def review_offices(facts: Facts, review: Review) -> tuple[Office, ...]:
    """The offices that take the request for a review of the state."""
    return _of_this_plan(facts, review.offices)


def _of_this_plan(facts: Facts, offices: Iterable[Office]) -> tuple[Office, ...]:
    every = tuple(offices)
    cover = facts.coverage
    network = cover.network if cover is not None else None
    if cover is None or network is None:
        return every
    own = tuple(o for o in every if not o.networks or network in o.networks)
    payer = facts.book.payer_id(cover.payer) if cover.payer else None
    known = tuple(o for o in own if _surely_has(o, payer, network))
    return known or own or every


def _surely_has(office: Office, payer: str | None, network: str) -> bool:
    plans = office.plans_of
    return plans is not None and payer in plans.payers and network in plans.networks
