"""Case, result and rule book become the context of one paper."""

from __future__ import annotations

from dataclasses import asdict, replace

from rules.messages import phrase
from rules.report.safety import crisis_notes

from .arguments import law_gaps
from .clinical import SUICIDALITY, clinical
from .codes import codes
from .context import Context, Gaps
from .evidence import evidence
from .focus import OPEN, AppealInFocus, Focus, appeal_in_focus
from .forms import form_gaps
from .history import history
from .law import appeal_gaps, denial, state_law
from .names import Names
from .paperwork import paperwork
from .phrases import long_date, number, say, say_or
from .plan import plan, plan_name, rule
from .template import Template

# So many full references fit on two pages beside so many trials; two more trials take the room of one.
CITED_IN_FULL, TRIALS_BESIDE = 4, 5
WORKS_SHOWN = 3  # works that a patient's letter names


def gather(focus: Focus, template: Template, names: Names, shared: Gaps | None = None) -> Context:
    """The context of one paper: the case's part, and what the paper's own record and level add.

    `shared` is the case's part where it was computed before, for many papers of one case.
    """
    document = focus.book.documents.get(template.document)
    appeal = appeal_in_focus(focus, template.levels)
    parts = {
        **(case_part(focus) if shared is None else shared),
        **appeal_gaps(focus, appeal),
        **law_gaps(focus, appeal),
        **_addressee(focus, appeal),
        **paperwork(focus, document),
        **asdict(names.cleaned()),
        "clinician_signed": _signed(names.cleaned()),
    }
    if names.session_minutes or names.date_of_service:
        parts |= codes(focus, names)
    # A paper about whichever appeal is open is not the request that starts it.
    started = None if template.levels == OPEN else appeal
    return Context(**parts, **form_gaps(focus, started, template.document, parts))


def _signed(names: Names) -> str:
    return ", ".join(n for n in (names.clinician_name, names.clinician_credentials) if n)


def _addressee(focus: Focus, appeal: AppealInFocus | None) -> Gaps:
    """Whom an appeal is sent to: the programme that said no, which may be another than the rule's."""
    program = appeal.program if appeal is not None else None
    if program is None or program.notice is None:
        return {}
    return {"plan_name": plan_name(replace(focus, program=program)), "plan_kind": program.name}


def case_part(focus: Focus) -> Gaps:
    """What all papers of a case share."""
    shown = evidence(focus)
    parts = {
        **_person(focus),
        **plan(focus),
        **rule(focus),
        **history(focus),
        **clinical(focus),
        **codes(focus, Names()),
        **shown,
        "works_cited": shown["works_for"][: _room_for_works(focus)],
        **denial(focus),
        **state_law(focus),
        **_clinic_and_money(focus),
    }
    return parts | {"works_shown": parts["works_for"][:WORKS_SHOWN]}


def _room_for_works(focus: Focus) -> int:
    """How many works a letter of two pages can cite in full beside its trials."""
    more = max(0, len(focus.case.treatments or ()) - TRIALS_BESIDE)
    return max(1, CITED_IN_FULL - (more + 1) // 2)


def _person(focus: Focus) -> Gaps:
    case, facts = focus.case, focus.facts
    record = focus.book.diagnoses.get(case.diagnosis or "")
    groups = facts["diagnosis_group"].known if case.diagnosis else frozenset()
    treatment = focus.treatment or "open"
    return {
        "today": long_date(focus.today),
        "treatment_plain": phrase("treatment", treatment),
        "diagnosis_name": say_or(
            "diagnosis", case.diagnosis, record.name.lower() if record else ""
        ),
        "is_iv": treatment == "iv_ketamine",
        "is_im": treatment == "im_ketamine",
        "is_oral": treatment == "oral_ketamine",
        "is_esketamine": treatment == "esketamine",
        "depression": "depression" in groups,
        "ptsd": case.diagnosis == "ptsd",
        "suicidality_diagnosis": case.diagnosis == SUICIDALITY,
        "pain": "pain" in groups,
        "suicidal_thoughts": case.suicidal_thoughts in ("passive", "active"),
        "acute_risk": case.suicidal_thoughts == "active" or facts["acute_suicidality"] is True,
        "urgent": facts["urgent"] is True,
        "crisis_lines": tuple(n.text for n in crisis_notes(case, focus.book)),
        "household": number(case.household_size) if case.household_size else "",
        "income": say("money", "usd", amount=number(case.annual_income))
        if case.annual_income is not None
        else "",
    }


def _clinic_and_money(focus: Focus) -> Gaps:
    case = focus.case
    clinic, money = case.provider, case.money
    price = money.quoted_price_per_session if money else None
    return {
        "prescriber": say_or("prescriber", clinic.prescriber if clinic else None),
        "setting": say_or("setting", clinic.setting if clinic else None),
        "rems_certified": bool(clinic and clinic.rems_certified),
        "rems_not_known": focus.treatment == "esketamine"
        and not (clinic and clinic.rems_certified),
        "price": say("money", "usd", amount=number(price)) if price is not None else "",
        "sessions": str(money.sessions) if money and money.sessions else "",
        "may_have_account": _may_have_account(focus),
    }


def _may_have_account(focus: Focus) -> bool:
    """Whether there is a tax account for health costs, or may be one: not beside government coverage."""
    money = focus.case.money
    told = (money.hsa, money.fsa, money.hra) if money is not None else (None, None, None)
    return True in told or (None in told and focus.facts["government_cover"] is not True)
