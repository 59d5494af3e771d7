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
    agency = _agency_of_state(focus, appeal, document_id)
    form = _form(focus, appeal, document_id, agency)
    office = form.office if form is not None and form.office is not None else agency
    words: Gaps = {
        "office_lines": _lines(office) or _notice_line(appeal),
        "form_send": _send(form, office, appeal),
    }
    if form is None:
        return words
    title = say("form", "title", name=form.name, number=form.number) if form.number else form.name
    named: Gaps = {
        "level_form": title,
        "form_name": form.name,
        "form_number": " ".join(_numbered(form)),
        "form_link": form.link or "",
    }
    return {
        **words,
        **({} if form.letter else named),
        "form_who": form.who_files or "",
        "form_note": form.says or "",
        "form_boxes": tuple(_boxes(form, known or {})),
    }


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
    focus: Focus, appeal: AppealInFocus | None, document_id: str, agency: Office | None
) -> Form | None:
    """The form that serves this paper: one of the payer's own first, then one of the state."""
    found = [f for f in focus.book.forms.values() if _serves(focus, appeal, document_id, f, agency)]
    return min(found, key=lambda f: (not f.payers, not f.states, f.id), default=None)


def _serves(
    focus: Focus,
    appeal: AppealInFocus | None,
    document_id: str,
    form: Form,
    agency: Office | None,
) -> bool:
    level = f"{appeal.appeal_process.id}.{appeal.level.id}" if appeal is not None else ""
    if level not in form.levels and document_id not in form.documents:
        return False
    if form.states and _state(focus, appeal) not in form.states:
        return False
    if form.takers and (agency is None or agency.name not in form.takers):
        return False
    cover = focus.facts.coverage
    payer = focus.book.payer_id(cover.payer) if cover is not None and cover.payer else None
    if form.payers and payer not in form.payers:
        return False
    return form.applies_when is None or focus.facts.test(form.applies_when).value is True


def _state(focus: Focus, appeal: AppealInFocus | None) -> str | None:
    """The state whose forms count: for insurance law that of the plan, else where the person lives."""
    of_law = appeal is not None and appeal.level.state_limit == REVIEW
    found: str | None = law_state(focus.facts).value if of_law else focus.case.state
    return found


# --- which office -----------------------------------------------------------------------------


def _agency_of_state(focus: Focus, appeal: AppealInFocus | None, document_id: str) -> Office | None:
    """The office of the state that takes this paper, by the state's record."""
    if document_id == COMPLAINT:
        reached = focus.coverage is not None and focus.facts["health_plan_law_reaches"] is True
        return _first(complaint_offices(focus.facts)) if reached else None
    if appeal is None or focus.coverage is None:
        return None
    if appeal.level.route == REVIEW and appeal.level.state_limit is not None:
        review = review_of(focus.facts, appeal.level)
        return _first(review_offices(focus.facts, review)) if review is not None else None
    if appeal.level.route == HEARING:
        home = focus.book.states.get(focus.case.state or "")
        medicaid = home.medicaid if home is not None else None
        hearing = medicaid.fair_hearing if medicaid is not None else None
        return hearing.file_with if hearing is not None else None
    return None


def _first(offices: Iterable[Office]) -> Office | None:
    return next(iter(offices), None)


def _lines(office: Office | None) -> tuple[str, ...]:
    """The block of an addressee: the name, the street, the city, the fax."""
    if office is None:
        return ()
    fax = (say("form", "fax_line", fax=office.fax),) if office.fax else ()
    return (*office.name.split(": "), *_street_and_city(office.address or ""), *fax)


def _street_and_city(address: str) -> tuple[str, ...]:
    street, city = address.split(", ")[:-2], address.split(", ")[-2:]
    return tuple(", ".join(part) for part in (street, city) if any(part))


def _notice_line(appeal: AppealInFocus | None) -> tuple[str, ...]:
    """Whom the notice names, where no office is known: never the plan, which has its own address."""
    level = appeal.level if appeal is not None else None
    return (level.send_to,) if level is not None and level.send_to and not level.contact else ()


def _send(form: Form | None, office: Office | None, appeal: AppealInFocus | None) -> str:
    """Every way in which the request gets there, in one line."""
    portal = form.portal if form is not None else None
    ways = {
        "online": portal,
        "by_fax": office.fax if office else None,
        "by_mail": ", ".join((office.name, office.address)) if office and office.address else None,
        "by_email": office.email if office else None,
        "by_phone": office.phone if office else None,
    }
    said = [say("form", key, at=at) for key, at in ways.items() if at]
    if said:
        return say("form", "ways").join(said)
    return "".join(_notice_line(appeal))
