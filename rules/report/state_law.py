"""What the state's own record says on a path: its law, its offices, its Medicaid, its Marketplace.

Which parts of a state's record and which of its single facts speak on a route is said by the
route's record (`state_law`, `state_facts`); a fact about Medicaid names the routes on which it is
told to members (`told_on`). A law is shown only where it may
reach the plan: never for a plan that is certainly outside it. What nobody has checked says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..engine.paths import Path
from ..engine.state_levels import OF_MEDICAID, outside_review_of
from ..engine.treatments import label_fits
from ..facts.context import Facts
from ..facts.state import law_state, state_in_law
from ..logic import Truth, WordSet
from ..made_once import made_once
from ..messages import phrase
from ..result import Sentence
from ..schema.appeals import AppealLevel
from ..schema.base import Cited, Contact, Statement, lies_ahead
from ..schema.states import (
    AnswerTimes,
    NetworkGapLaw,
    Office,
    Review,
    State,
    ToldFact,
)
from ..schema.ways import PaymentOption
from .offices import complaint_offices, review_offices

REACHES_OTHER_DRUGS = ("general", "serious_condition")  # not only drugs against cancer
GAP_ROUTES = ("gap_exception", "out_of_network_claim")
MEDICAID_PARTS = (
    "medicaid_office", "medicaid_drugs", "medicaid_hearing", "medicaid_outside_review",
)  # fmt: skip
# The fact that says whether a part reaches a cover; the state's laws for health plans else.
REACHES = {"regulator": "state_regulated", "step_therapy": "step_therapy_reaches"}
LEADING = ("medicaid_terms",)  # a term on which a way hangs is told with its reasons


class LawStatement(NamedTuple):
    """A sentence from a state's record with the part of the record that holds it."""

    sentence: Sentence
    section: Cited


def laws_for(path: Path) -> list[LawStatement]:
    """What the state's law, its offices and its Medicaid say on a path of a coverage."""
    return [] if path.coverage is None else [t for t, leads in _told(path) if not leads]


def state_says(path: Path) -> list[LawStatement]:
    """How a way that is open to a person, whatever the coverage, differs in the state."""
    return [] if path.coverage is not None else [t for t, leads in _told(path) if not leads]


def terms_of(path: Path) -> list[LawStatement]:
    """The term of the state on which a way to pay hangs: it stands with the reasons."""
    return [] if path.coverage is not None else [t for t, leads in _told(path) if leads]


@made_once
def _told(path: Path) -> list[tuple[LawStatement, bool]]:
    """Each sentence, and whether it belongs with the reasons of a way to pay."""
    return list(_told_of(path))


def _told_of(path: Path) -> Iterator[tuple[LawStatement, bool]]:
    facts = path.facts
    place = law_state(facts)
    state = facts.book.states.get(place.value or "")
    way = _way(path)
    if way is None or state is None:
        return
    regulated = facts.read("state_regulated").because if path.coverage is not None else ()
    because = tuple(dict.fromkeys((*place.because, *regulated)))
    for part in way.state_law:
        reaches = _reaches(facts, part)
        if reaches is False:
            continue
        for says in _SECTIONS[part](facts, state, path):
            text = _text(state, says, reaches)
            source = says.section.source
            sentence = Sentence(text=text, because=because, source=source)
            yield LawStatement(sentence, says.section), part in LEADING
    for fact, reaches in _facts_told(facts, state, path, way):
        found_nothing = isinstance(fact, ToldFact) and fact.nothing_found
        text = _marked(fact.says, _unchecked(fact) and not found_nothing)
        text = phrase("state_law", "if_reached", text=text) if reaches is None else text
        sentence = Sentence(text=text, because=because, source=fact.source)
        yield LawStatement(sentence, fact), False


def _way(path: Path) -> PaymentOption | None:
    record = path.best.record
    return record if isinstance(record, PaymentOption) else path.facts.book.routes.get(path.route)


def _reaches(facts: Facts, part: str) -> bool | None:
    """Whether a part of the state's record speaks for the coverage seen, if there is one."""
    if facts.index is None or part == "consumer_help":  # whom that takes, it says itself
        return True
    if part == "network_gap":
        return _gap_law_reaches(facts)
    if part in MEDICAID_PARTS:
        return bool(facts["coverage_kind"] == "medicaid")
    reaches: bool | None = facts[REACHES.get(part, "health_plan_law_reaches")]
    return reaches


def _facts_told(
    facts: Facts, state: State, path: Path, way: PaymentOption
) -> Iterator[tuple[Statement, Truth]]:
    """The single facts told here: the state's where its law may reach, its Medicaid's for members."""
    of_plan: Truth = facts["health_plan_law_reaches"] if path.coverage is not None else True
    for fact in state.facts:
        by_name = fact.id in way.state_facts
        told = by_name or (_told_here(fact, path) and of_plan is not False)
        if told and _in_force(fact, facts):
            yield fact, True if by_name else of_plan
    member = path.coverage is not None and facts["coverage_kind"] == "medicaid"
    for rule in state.medicaid.facts if state.medicaid is not None and member else ():
        if _told_here(rule, path) and _in_force(rule, facts):
            yield rule, True


def _told_here(fact: ToldFact, path: Path) -> bool:
    return path.route in fact.told_on and (not fact.treatments or path.treatment in fact.treatments)


class Says(NamedTuple):
    """A phrase, its values, and the part of the record that it comes from."""

    section: Cited
    key: str
    values: dict[str, Any]
    unchecked: bool


def _text(state: State, says: Says, reaches: bool | None) -> str:
    text = _marked(phrase("state_law", says.key, state=state.name, **says.values), says.unchecked)
    return phrase("state_law", "if_reached", text=text) if reaches is None else text


def _marked(text: str, unchecked: bool) -> str:
    return phrase("state_law", "unchecked", text=text) if unchecked else text


def _unchecked(section: Cited, part: str | None = None) -> bool:
    """Whether nobody has checked a section, or the part of it that is named."""
    if part is not None and hasattr(section, "recalled_fields"):
        return part in section.recalled_fields
    return section.confidence == "recalled" or not section.seen


def _says(section: Cited, key: str, part: str | None = None, **values: Any) -> Says:
    return Says(section, key, values, _unchecked(section, part))


def _remarks(section: Cited, remarks: tuple[str, ...], unchecked: bool = False) -> Iterator[Says]:
    for remark in remarks:
        yield Says(section, "remark", {"says": remark}, unchecked)


def _noted(text: str | None, remarks: tuple[str, ...]) -> str:
    """A text with the limits that the record notes beside it; no full stop at the end."""
    parts = (text or "", *remarks)
    return ". ".join(p.rstrip(".") for p in parts if p)


def _step_therapy(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    law = state.step_therapy
    if law is not None and law.exists is False:
        yield _says(law, "step_therapy_none", "exists")
        yield from _remarks(law, law.remarks)
    if law is None or not law.exists:
        return
    key = "step_therapy_future" if facts["step_therapy_law"] == "future" else "step_therapy"
    if law.law:
        yield _says(law, key, "law", law=law.law.rstrip("."), start=law.in_force_from or "")
    if law.exception_grounds:
        grounds = law.exception_grounds.rstrip(".")
        yield _says(law, "grounds", "exception_grounds", grounds=grounds)
    numbered = _numbered(law.answer_within) and path.route == "step_therapy_exception"
    if law.decision_time and not numbered:
        yield _says(law, "decision_time", "decision_time", time=law.decision_time.rstrip("."))
    yield from _remarks(law, law.remarks)
    about = law.mental_health
    words: WordSet = facts["diagnosis_group"]
    if about is not None and "mental_health" in words.possible and _in_force(about, facts):
        yield _says(about, "mental_health", says=about.says)


def _in_force(fact: Statement, facts: Facts) -> bool:
    """Whether a fact still holds. One that has not begun is told too: its text names the day."""
    period = fact.in_force
    return period is None or period.end is None or facts.today <= period.end


def _off_label(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    law = state.off_label
    if law is None or not law.law or label_fits(facts, path.treatment) is True:
        return
    if facts["coverage_kind"] in law.leaves_out:
        return
    says = _noted(law.says, law.remarks)
    if law.scope == "unclear":
        yield _says(law, "off_label_unclear", law=law.law, says=says)
    elif law.scope in REACHES_OTHER_DRUGS:
        key = "off_label" if law.ketamine == "possible" else "off_label_doubtful"
        yield _says(law, key, law=law.law, says=says)


def _parity(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    law = state.parity
    words: WordSet = facts["diagnosis_group"]
    if law is not None and law.exists and law.law and "mental_health" in words.possible:
        yield _says(law, "parity", law=_noted(law.law, law.remarks))


def _numbered(times: AnswerTimes | None) -> bool:
    return times is not None and times.standard is not None


def _prior_authorization(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    law = state.prior_authorization
    if law is None or not law.exists:
        return
    start = law.in_force_from or ""
    future = lies_ahead(start, facts.today)
    # A time that is known as a number is told with the plan's time to answer.
    if law.decision_time and (future or not _numbered(law.answer_within)):
        key = "authorization_time_future" if future else "authorization_time"
        yield _says(law, key, law=law.law or "", time=law.decision_time, start=start)
    if law.gold_card and not future:
        yield _says(law, "gold_card", says=law.gold_card)
    yield from _remarks(law, law.remarks, _unchecked(law))
    words: WordSet = facts["diagnosis_group"]
    if law.mental_health and not future and "mental_health" in words.possible:
        yield _says(law, "mental_health", says=law.mental_health)


def _external_review(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    review = state.external_review
    if review is None:
        return
    if review.offices:
        yield from _takes_requests(facts, review)
    elif review.administrator:
        values = {"administrator": review.administrator, "law": review.law or ""}
        yield _says(review, "review_by", "process", **values)
    if review.fee_usd:
        yield _says(review, "review_fee", "fee_usd", fee=f"{review.fee_usd:g}")
    # Where only parts were not checked the remarks say so themselves.
    yield from _remarks(review, review.remarks, _unchecked(review) and not review.recalled_fields)


def _takes_requests(facts: Facts, review: Review) -> Iterator[Says]:
    """The offices that take the request for a review; where several may, to ask which has the plan."""
    offices = review_offices(facts, review)
    for office in offices:
        cited = f" ({review.law.rstrip('.')})" if review.law else ""
        yield _says(office, "review_office", name=office.name, at=_reach(office), law=cited)
    if len(offices) > 1:
        yield _says(review, "review_offices", "process")


def _reach(office: Office) -> str:
    """How an office can be reached, on one line."""
    fax = phrase("state_law", "fax", fax=office.fax) if office.fax else None
    return ", ".join(part for part in (office.phone, fax, office.url, office.address) if part)


def _medicaid_outside_review(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    level = path.best.record
    mine = isinstance(level, AppealLevel) and level.state_limit == OF_MEDICAID
    review = outside_review_of(facts) if mine else None
    if review is None:
        return
    yield from _takes_requests(facts, review)
    if review.fee_usd is not None:
        key = "review_fee" if review.fee_usd else "review_free"
        yield _says(review, key, fee=f"{review.fee_usd:g}")
    yield from _remarks(review, review.remarks, _unchecked(review))


def _network_gap(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    asked = path.route in GAP_ROUTES or facts["denial_reason"] == "out_of_network"
    law = gap_law(facts) if asked else None
    if law is not None:
        cited = f" ({law.law.rstrip('.')})" if law.law else ""
        yield _says(law, "network_gap", says=law.says.rstrip("."), law=cited)
        yield from _remarks(law, law.remarks)


def gap_law(facts: Facts, surely: bool = False) -> NetworkGapLaw | None:
    """The state's law where a network has nobody for the care, where it may reach the plan, or surely does."""
    state = state_in_law(facts)
    law = state.network_gap if state is not None and facts.coverage is not None else None
    if law is None or law.exists is False or lies_ahead(law.in_force_from or "", facts.today):
        return None
    reaches = _gap_law_reaches(facts)
    return law if reaches is True or (reaches is None and not surely) else None


def _gap_law_reaches(facts: Facts) -> Truth:
    cover = facts.coverage
    state = state_in_law(facts)
    law = state.network_gap if state is not None else None
    if cover is not None and cover.kind == "medicaid" and law is not None:
        managed = {"managed_care": True, None: None}.get(cover.medicaid, False)
        return managed if law.reaches_medicaid_plans is True else False
    reaches: Truth = facts["health_plan_law_reaches"]
    return reaches


def _regulator(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    offices = complaint_offices(facts)
    for office in offices:
        # Where each of several offices has a part of the plans, the note says which.
        part = office.note if len(offices) > 1 else None
        yield from _office("regulator_of" if part else "regulator", office)


def _consumer_help(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    yield from _office("consumer_help", free_help(facts, state))


def free_help(facts: Facts, state: State) -> Contact | None:
    """The state's free help with health plans, where it takes the cover seen, or there is none."""
    takes = facts["consumer_help"] if facts.index is not None else "any"
    office = state.consumer_assistance
    if office is None or takes == "none":
        return None
    return None if office.of_insurance_office and takes == "not_of_insurance_office" else office


def _medicaid_office(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    yield from _office("medicaid_office", state.medicaid.contact if state.medicaid else None)


def _office(key: str, office: Contact | None) -> Iterator[Says]:
    if office is not None and office.phone:
        values = {"name": office.name, "phone": office.phone, "note": office.note or ""}
        yield _says(office, key, **values)


def _medicaid_drugs(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    """Who pays for drugs, the plan or the state: for members of a plan."""
    delivery = state.medicaid.delivery if state.medicaid is not None else None
    cover = facts.coverage
    in_plan = cover is not None and cover.medicaid in (None, "managed_care")
    says = _noted(delivery.pharmacy_carved_out, delivery.remarks) if delivery is not None else ""
    if delivery is not None and says and in_plan:
        yield _says(delivery, "medicaid_drugs", "pharmacy_carved_out", says=says)
    office = state.medicaid.drug_requests if state.medicaid is not None else None
    if office is not None:
        yield _says(office, "medicaid_requests", name=office.name, at=_reach(office))


def _medicaid_hearing(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    hearing = state.medicaid.fair_hearing if state.medicaid is not None else None
    if hearing is None:
        return
    office = hearing.file_with
    if office is not None:
        fax = phrase("state_law", "by_fax", fax=office.fax) if office.fax else None
        at = ", ".join(x for x in (office.phone, fax, office.address, office.url) if x)
        yield _says(office, "hearing_office", name=office.name, at=at)
    yield from _remarks(hearing, hearing.remarks)


def _medicaid_limits(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    """Where to apply, the limits for adults and parents, and the way of the spend-down."""
    medicaid, limits = state.medicaid, state.income_limits
    if medicaid is not None and medicaid.contact is not None and medicaid.apply_url:
        yield _says(medicaid.contact, "medicaid_apply", url=medicaid.apply_url)
    if limits is None or limits.expansion is None:
        return
    if limits.adult_percent:
        yield _says(limits, "medicaid_adults", percent=f"{limits.adult_percent:g}")
    elif limits.parent_percent is not None:
        yield _says(limits, "medicaid_no_adults", parents=f"{limits.parent_percent:g}")
    if limits.medically_needy not in (None, "no"):
        key = "spend_down" if limits.medically_needy == "yes" else "spend_down_some"
        yield _says(limits, key)


def _medicaid_terms(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    """A limit that holds only on terms: told unless income is known to be above it."""
    limits = state.income_limits
    terms = limits.adult_on_terms if limits is not None else None
    percent = facts["income_percent_of_poverty"]
    if limits is None or terms is None or not terms.in_force.holds_on(facts.today):
        return
    if percent is None or percent <= terms.percent:
        values = {"percent": f"{terms.percent:g}", "terms": terms.terms}
        yield _says(limits, "medicaid_on_terms", **values)


def _coverage_gap(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    """Where the state leaves poor adults without Medicaid: told unless income is known to be higher."""
    limits = state.income_limits
    low = facts.book.parameter("tax_credit_income_low_percent", facts.today)
    percent = facts["income_percent_of_poverty"]
    if limits is None or not limits.coverage_gap or low is None:
        return
    if percent is None or percent < low:
        yield _says(limits, "coverage_gap", low=f"{low:g}")


def _exchange(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    exchange = state.exchange
    if exchange is None or exchange.platform == "none" or exchange.url is None:
        return
    at = ", ".join(x for x in (exchange.url, exchange.phone) if x)
    yield _says(exchange, "exchange", name=exchange.name, at=at)
    last = exchange.open_enrollment_end
    if last is not None and facts.today <= last:
        safe = exchange.conservative_days_by or last
        key = "enroll_by" if safe == last else "enroll_safe_by"
        yield _says(exchange, key, safe=safe, last=last)


def _exchange_notes(facts: Facts, state: State, path: Path) -> Iterator[Says]:
    if state.exchange is not None:
        yield from _remarks(state.exchange, state.exchange.remarks)


_SECTIONS = {
    "step_therapy": _step_therapy,
    "off_label": _off_label,
    "parity": _parity,
    "prior_authorization": _prior_authorization,
    "external_review": _external_review,
    "regulator": _regulator,
    "consumer_help": _consumer_help,
    "medicaid_office": _medicaid_office,
    "medicaid_drugs": _medicaid_drugs,
    "medicaid_hearing": _medicaid_hearing,
    "medicaid_outside_review": _medicaid_outside_review,
    "network_gap": _network_gap,
    "medicaid_limits": _medicaid_limits,
    "medicaid_terms": _medicaid_terms,
    "coverage_gap": _coverage_gap,
    "exchange": _exchange,
    "exchange_notes": _exchange_notes,
}
