"""What the state adds on a path: its law, for plans that it reaches, and its programs for people.

Which parts of a state's record speak on a route is said by the route's record (`state_law`).
A law is shown only where it may reach the plan: never for a plan that is certainly outside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .book import in_force
from .derive import Facts, law_state
from .engine import Path, label_fits
from .logic import WordSet
from .model import Sentence
from .schema.states import State
from .schema.ways import Way
from .words import phrase

ABOUT_PEOPLE = (
    "medicaid_limits",
    "exchange",
)  # no insurance law: they speak to whoever lives there
REACHES_OTHER_DRUGS = ("general", "serious_condition")  # not only drugs against cancer


def laws_for(path: Path) -> list[Sentence]:
    """The state laws that speak on a path of a coverage, each as a sentence with its source."""
    if path.coverage is None:
        return []
    because = path.facts.read("state_regulated").because
    return _says(path, path.facts.book.routes.get(path.route), because)


def state_says(path: Path) -> list[Sentence]:
    """How a way that is open to a person, whatever the coverage, differs in the state."""
    record = path.best.record
    own = path.coverage is None and isinstance(record, Way)
    return _says(path, record, ()) if own else []


def _says(path: Path, way: Any, why: tuple[str, ...]) -> list[Sentence]:
    facts = path.facts
    state = facts.book.states.get(law_state(facts).value or "")
    if not isinstance(way, Way) or state is None:
        return []
    because = (*law_state(facts).because, *why)
    found = []
    for part in way.state_law:
        reaches = _reaches(facts, part)
        if reaches is False:
            continue
        for section, key, values in _SECTIONS[part](facts, state, path):
            text = phrase("state_law", key, state=state.name, **values)
            if reaches is None:
                text = phrase("state_law", "if_reached", text=text)
            found.append(Sentence(text=text, because=because, source=section.source))
    for fact in state.facts:
        if fact.id in way.state_facts and _in_force(fact, facts):
            found.append(Sentence(text=fact.says, because=because, source=fact.source))
    return found


def _reaches(facts: Facts, part: str) -> bool | None:
    """Whether a part of the state's record speaks for the coverage seen (or for a person)."""
    if part in ABOUT_PEOPLE:
        return True
    if part == "medicaid_office":
        return bool(facts["coverage_kind"] == "medicaid")
    reaches: bool | None = facts[
        "step_therapy_reaches" if part == "step_therapy" else "state_regulated"
    ]
    return reaches


Said = Iterator[tuple[Any, str, dict[str, Any]]]


def _step_therapy(facts: Facts, state: State, path: Path) -> Said:
    law = state.step_therapy
    if law is None or not law.exists:
        return
    key = "step_therapy_future" if facts["step_therapy_law"] == "future" else "step_therapy"
    if law.law:
        yield law, key, {"law": law.law, "start": law.in_force_from or ""}
    if law.exception_grounds:
        yield law, "grounds", {"grounds": law.exception_grounds}
    if law.decision_time:
        yield law, "decision_time", {"time": law.decision_time}
    about = law.mental_health
    words: WordSet = facts["diagnosis_group"]
    if about is not None and "mental_health" in words.possible and _in_force(about, facts):
        yield about, "mental_health", {"says": about.says}


def _in_force(fact: Any, facts: Facts) -> bool:
    period = fact.in_force
    return period is None or period.end is None or facts.today <= period.end


def _off_label(facts: Facts, state: State, path: Path) -> Said:
    law = state.off_label
    if (
        law is None
        or label_fits(facts, path.treatment) is True
        or law.scope not in REACHES_OTHER_DRUGS
        or not law.law
    ):
        return
    key = "off_label" if law.ketamine == "possible" else "off_label_doubtful"
    yield law, key, {"law": law.law, "says": law.says or ""}


def _parity(facts: Facts, state: State, path: Path) -> Said:
    law = state.parity
    words: WordSet = facts["diagnosis_group"]
    if law is not None and law.exists and law.law and "mental_health" in words.possible:
        yield law, "parity", {"law": law.law}


def _prior_authorization(facts: Facts, state: State, path: Path) -> Said:
    law = state.prior_authorization
    if law is None or not law.exists:
        return
    if law.decision_time:
        yield law, "authorization_time", {"law": law.law or "", "time": law.decision_time}
    if law.mental_health:
        yield law, "mental_health", {"says": law.mental_health}


def _external_review(facts: Facts, state: State, path: Path) -> Said:
    review = state.external_review
    if review is None:
        return
    if review.administrator:
        yield review, "review_by", {"administrator": review.administrator, "law": review.law or ""}
    if review.fee_usd:
        yield review, "review_fee", {"fee": f"{review.fee_usd:g}"}


def _regulator(facts: Facts, state: State, path: Path) -> Said:
    office = state.regulator
    if office is not None and office.phone:
        yield office, "regulator", {"name": office.name, "phone": office.phone}


def _medicaid_office(facts: Facts, state: State, path: Path) -> Said:
    office = state.medicaid.contact if state.medicaid is not None else None
    if office is not None and office.phone:
        yield office, "medicaid_office", {"name": office.name, "phone": office.phone}


def _medicaid_limits(facts: Facts, state: State, path: Path) -> Said:
    limits = state.income_limits
    if limits is None or limits.expansion is None:
        return
    if limits.adult_percent:
        yield limits, "medicaid_adults", {"percent": f"{limits.adult_percent:g}"}
    elif limits.parent_percent is not None:
        yield limits, "medicaid_no_adults", {"parents": f"{limits.parent_percent:g}"}
    terms = limits.adult_on_terms
    if terms is not None and in_force(terms.in_force, facts.today):
        values = {"percent": f"{terms.percent:g}", "terms": terms.terms}
        yield limits, "medicaid_on_terms", values


def _exchange(facts: Facts, state: State, path: Path) -> Said:
    exchange = state.exchange
    if exchange is None or exchange.platform == "none" or exchange.url is None:
        return
    yield exchange, "exchange", {"name": exchange.name, "url": exchange.url}
    last = exchange.open_enrollment_end
    if last is not None and facts.today <= last:
        safe = exchange.safe_by or last
        key = "enroll_by" if safe == last else "enroll_safe_by"
        yield exchange, key, {"safe": safe.isoformat(), "last": last.isoformat()}


_SECTIONS = {
    "step_therapy": _step_therapy,
    "off_label": _off_label,
    "parity": _parity,
    "prior_authorization": _prior_authorization,
    "external_review": _external_review,
    "regulator": _regulator,
    "medicaid_office": _medicaid_office,
    "medicaid_limits": _medicaid_limits,
    "exchange": _exchange,
}
