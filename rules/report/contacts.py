"""Whom a step calls, for this person: from the records of the state, program, plan or way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..engine.paths import Path
from ..facts.context import Facts
from ..facts.coverage import programs_of
from ..made_once import made_once
from ..messages import phrase
from ..result import ContactShown
from ..schema.appeals import AppealLevel
from ..schema.base import Contact
from ..schema.policies import Program
from ..schema.states import Medicaid, Office, State
from ..schema.ways import PaymentOption
from ..vocabulary import StepContact
from .offices import complaint_offices, review_of, review_offices
from .state_law import free_help

# The routes on which approval of a drug is asked for.
REQUESTS = (
    "prior_authorization", "medical_exception", "formulary_exception", "step_therapy_exception",
)  # fmt: skip


@made_once
def contact_of(path: Path, whose: StepContact | None) -> ContactShown | None:
    """Whom to call; None where no record tells it for this person."""
    return None if whose is None else _CONTACTS[whose](path)


def _shown(found: Contact | None) -> ContactShown | None:
    if found is None or not (found.phone or found.url):
        return None
    return ContactShown(name=found.name, phone=found.phone, url=found.url)


def _home(facts: Facts) -> State | None:
    return facts.book.states.get(facts.case.state or "")


def _seen(path: Path) -> Facts:
    """The view of the path's coverage; on a way that belongs to none, of the only coverage there is."""
    facts = path.facts
    alone = path.coverage is None and len(facts.case.coverages or ()) == 1
    return facts.for_coverage(0, facts.treatment) if alone else facts


def _programs(path: Path) -> list[Program]:
    """The program under which a path was found, or those that surely speak for the coverage."""
    if path.best.program is not None:
        return [path.best.program]
    facts = _seen(path)
    if facts.index is None:
        return []
    return [p for p, applies, _ in programs_of(facts) if applies is True]


def _of_program(path: Path) -> ContactShown | None:
    return _the_one(p.contact for p in _programs(path))


def _the_one(found: Iterable[Contact | None]) -> ContactShown | None:
    """A contact on which all that name one agree."""
    named = {c for c in found if c is not None}
    return _shown(named.pop()) if len(named) == 1 else None


def _plan(path: Path) -> ContactShown | None:
    """The plan's own line, else the program's, else the number on the card; the state's for its own Medicaid."""
    facts = _seen(path)
    cover = facts.coverage
    if cover is None or cover.kind is None:
        return None
    payer = facts.book.payers.get(facts["payer"] or "")
    known = _shown(payer.contact) if payer is not None else None
    if known is None:
        known = _of_program(path)
    if known is None and cover.kind == "medicaid" and cover.medicaid == "fee_for_service":
        known = _drug_requests(path) or _state_medicaid(path)
    if known is not None:
        return known
    name = payer.name if payer is not None else cover.payer
    key = "card" if name else "card_of_plan"
    return ContactShown(name=phrase("contact", key, name=name or ""))


def _overseer(path: Path) -> ContactShown | None:
    """Who takes complaints: as the program says, else the state's insurance office where its law governs."""
    own = _the_one(p.overseer for p in _programs(path))
    if own is not None:
        return own
    facts = _seen(path)
    if facts.index is None or facts["state_regulated"] is not True:
        return None
    return _one_of(complaint_offices(facts))


def _outside_review(path: Path) -> ContactShown | None:
    """The office of the state that takes the request for its outside review."""
    level = path.best.record
    if path.coverage is None or not isinstance(level, AppealLevel):
        return None
    review = review_of(path.facts, level)
    return _one_of(review_offices(path.facts, review)) if review is not None else None


def _one_of(offices: Sequence[Office]) -> ContactShown | None:
    """The office; where there are several, all of them in the place of one name."""
    if len(offices) < 2:
        return _shown(next(iter(offices), None))
    names = phrase("contact", "or").join(
        phrase("contact", "with_phone", name=o.name, phone=o.phone) if o.phone else o.name
        for o in offices
    )
    return ContactShown(name=names)


def _consumer_help(path: Path) -> ContactShown | None:
    state = _home(path.facts)
    return _shown(free_help(_seen(path), state)) if state is not None else None


def _medicaid(path: Path) -> Medicaid | None:
    state = _home(path.facts)
    return state.medicaid if state is not None else None


def _state_medicaid(path: Path) -> ContactShown | None:
    """The office of the state's Medicaid; on a hearing the one that takes the request, where it is known."""
    medicaid = _medicaid(path)
    if medicaid is None:
        return None
    hearing = medicaid.fair_hearing if path.route == "fair_hearing" else None
    return _shown(hearing.file_with if hearing is not None else None) or _shown(medicaid.contact)


def _drug_requests(path: Path) -> ContactShown | None:
    """Who takes requests for drugs, where the state's Medicaid has an office of its own for them."""
    medicaid = _medicaid(path) if path.route in REQUESTS else None
    return _shown(medicaid.drug_requests) if medicaid is not None else None


def _medicaid_application(path: Path) -> ContactShown | None:
    """The state's own place to apply, with the phone of its office."""
    office, medicaid = _state_medicaid(path), _medicaid(path)
    if medicaid is None or medicaid.apply_url is None:
        return office
    if office is not None:
        return office.model_copy(update={"url": medicaid.apply_url})
    return ContactShown(name=medicaid.name or phrase("contact", "medicaid"), url=medicaid.apply_url)


def _exchange(path: Path) -> ContactShown | None:
    state = _home(path.facts)
    exchange = state.exchange if state is not None else None
    if exchange is None or exchange.platform == "none" or not (exchange.phone or exchange.url):
        return None
    return ContactShown(name=exchange.name, phone=exchange.phone, url=exchange.url)


def _office(path: Path) -> ContactShown | None:
    way = path.best.record
    return _shown(way.contact) if isinstance(way, PaymentOption) else None


_CONTACTS: dict[StepContact, Callable[[Path], ContactShown | None]] = {
    "plan": _plan,
    "program": _of_program,
    "overseer": _overseer,
    "state_medicaid": _state_medicaid,
    "medicaid_application": _medicaid_application,
    "consumer_help": _consumer_help,
    "exchange": _exchange,
    "office": _office,
    "outside_review": _outside_review,
}
