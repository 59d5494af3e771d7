"""The official form that a paper stands for or goes with, and the office that takes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.facts.state import law_state
from rules.report.offices import complaint_offices, review_of, review_offices
from rules.schema.forms import Form
from rules.schema.states import Office

from .context import FormBox, Gaps
from .focus import AppealInFocus, Focus
from .phrases import say

REVIEW = "external_review"  # the route of a review by somebody outside the plan
HEARING = "fair_hearing"
COMPLAINT = "regulator_complaint"  # the paper that goes to the office that oversees the plan


def form_gaps(
    focus: Focus, appeal: AppealInFocus | None, document_id: str, known: Gaps | None = None
) -> Gaps:
    """The fields of the context about the form for this paper, level, plan and state.

    `known` are the other fields of the paper: what goes into the boxes.
    """
    agencies = _agencies_of_state(focus, appeal, document_id)
    form = _form(focus, appeal, document_id, agencies[:1])
    taker = _taker(form, agencies, appeal)
    words: Gaps = {
        "office_lines": _lines(taker) if _level(appeal) or agencies else (),
        "form_send": _send(form, taker),
        "form_note": " ".join((*_said(form), *_if_another(agencies[1:]))),
    }
    if form is None:
        return words
    words |= {
        "form_who": form.who_files or "",
        "form_boxes": tuple(_boxes(form, known or {})),
    }
    return words if form.letter else words | _named(form)


def _named(form: Form) -> Gaps:
    title = say("form", "title", name=form.name, number=form.number) if form.number else form.name
    return {
        "level_form": title,
        "form_name": form.name,
        "form_number": " ".join(_numbered(form)),
        "form_link": form.link or "",
    }


def _said(form: Form | None) -> Iterator[str]:
    if form is not None and form.says:
        yield form.says


def _if_another(offices: Iterable[Office]) -> Iterator[str]:
    """That the plan may belong to another office of the state, and how a request gets there."""
    for office in offices:
        yield say("form", "if_another", name=office.name, ways=_send(None, office))


def _numbered(form: Form) -> Iterator[str]:
    if form.number:
        yield form.number
    if form.edition:
        yield say("form", "edition", edition=form.edition)


def _boxes(form: Form, known: Gaps) -> Iterator[FormBox]:
    for box in form.boxes:
        yield FormBox(box.label, known.get(box.answer or "", "") or box.write or "")


# --- which form -------------------------------------------------------------------------------


def _form(
    focus: Focus, appeal: AppealInFocus | None, document_id: str, agency: tuple[Office, ...]
) -> Form | None:
    """The form that serves this paper: one of the payer's own first, then one of the state."""
    takers = {office.name for office in agency}
    found = [f for f in focus.book.forms.values() if _serves(focus, appeal, document_id, f, takers)]
    return min(found, key=lambda f: (not f.payers, not f.states, f.id), default=None)


def _serves(
    focus: Focus,
    appeal: AppealInFocus | None,
    document_id: str,
    form: Form,
    takers: set[str],
) -> bool:
    if _level(appeal) not in form.levels and document_id not in form.documents:
        return False
    if form.states and _state(focus, appeal) not in form.states:
        return False
    if form.takers and not takers.intersection(form.takers):
        return False
    cover = focus.facts.coverage
    payer = focus.book.payer_id(cover.payer) if cover is not None and cover.payer else None
    if form.payers and payer not in form.payers:
        return False
    return form.applies_when is None or focus.facts.test(form.applies_when).value is True


def _level(appeal: AppealInFocus | None) -> str:
    return f"{appeal.appeal_process.id}.{appeal.level.id}" if appeal is not None else ""


def _state(focus: Focus, appeal: AppealInFocus | None) -> str | None:
    """The state whose forms count: for insurance law that of the plan, else where the person lives."""
    of_law = appeal is not None and appeal.level.state_limit == REVIEW
    found: str | None = law_state(focus.facts).value if of_law else focus.case.state
    return found


# --- which office -----------------------------------------------------------------------------


def _agencies_of_state(
    focus: Focus, appeal: AppealInFocus | None, document_id: str
) -> tuple[Office, ...]:
    """The offices of the state that may take this paper, by the state's record: the likeliest first."""
    if focus.coverage is None:
        return ()
    if document_id == COMPLAINT:
        reached = focus.facts["health_plan_law_reaches"] is True
        return complaint_offices(focus.facts) if reached else ()
    if appeal is None:
        return ()
    if appeal.level.route == REVIEW and appeal.level.state_limit is not None:
        review = review_of(focus.facts, appeal.level)
        return review_offices(focus.facts, review) if review is not None else ()
    return _hearing_office(focus) if appeal.level.route == HEARING else ()


def _hearing_office(focus: Focus) -> tuple[Office, ...]:
    home = focus.book.states.get(focus.case.state or "")
    medicaid = home.medicaid if home is not None else None
    hearing = medicaid.fair_hearing if medicaid is not None else None
    return (hearing.file_with,) if hearing is not None and hearing.file_with is not None else ()


def _taker(
    form: Form | None, agencies: tuple[Office, ...], appeal: AppealInFocus | None
) -> Office | str | None:
    """Who takes the paper: an office, or in words whom the notice names. Never the plan."""
    level = appeal.level if appeal is not None else None
    named = level.send_to if level is not None and not level.contact else None
    of_form = form.office if form is not None else None
    if form is not None and form.states and of_form is not None:
        return of_form
    return named or of_form or (agencies[0] if agencies else None)


def _lines(taker: Office | str | None) -> tuple[str, ...]:
    """The block of an addressee: the name, the street, the city, the fax."""
    if not isinstance(taker, Office):
        return (taker,) if taker else ()
    fax = (say("form", "fax_line", fax=taker.fax),) if taker.fax else ()
    return (*taker.name.split(": ", 1), *_street_and_city(taker.address or ""), *fax)


def _street_and_city(address: str) -> tuple[str, ...]:
    street, city = address.split(", ")[:-2], address.split(", ")[-2:]
    return tuple(", ".join(part) for part in (street, city) if any(part))


def _send(form: Form | None, taker: Office | str | None) -> str:
    """Every way in which the request gets there, in one line."""
    portal = form.portal if form is not None else None
    if not isinstance(taker, Office):
        return say("form", "online", at=portal) if portal else taker or ""
    ways = {
        "online": portal or taker.url,
        "by_fax": taker.fax,
        "by_mail": ", ".join((taker.name, taker.address)) if taker.address else None,
        "by_email": taker.email,
        "by_phone": taker.phone,
    }
    said = [say("form", key, at=at) for key, at in ways.items() if at]
    return say("form", "ways").join(said) or taker.name
