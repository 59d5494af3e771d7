"""Where things stand: the prescriber, a denial, work, what is paid today."""

from __future__ import annotations

import datetime as dt

from ..vocabulary import DENIAL_LEVELS, DENIAL_REASONS, DENIED_STAGES
from .context import Facts, Reading, fact
from .denials import OWN, codes_told
from .diagnosis import SUICIDALITY

KINDS_WITH_EMPLOYER = ("employer", "fehb", "pshb")  # cover that a job held now gives


@fact("psychiatric_prescriber")
def _psychiatric_prescriber(facts: Facts) -> Reading:
    who = facts.field("provider.prescriber")
    consulted = facts.field("provider.psychiatrist_consulted")
    if who.value in ("psychiatrist", "psychiatric_nurse_practitioner"):
        return Reading(True, who.because)
    if consulted.value is True:
        return consulted
    if who.value is not None and consulted.value is False:
        return Reading(False, (*who.because, *consulted.because))
    return Reading(None, who.because, (*who.missing, *consulted.missing))


@fact("psychiatrist_prescribes")
def _psychiatrist_prescribes(facts: Facts) -> Reading:
    who = facts.field("provider.prescriber")
    return who if who.value is None else Reading(who.value == "psychiatrist", who.because)


@fact("denied")
def _denied(facts: Facts) -> Reading:
    stage = facts.field("stage")
    if stage.value in DENIED_STAGES and facts.denial_place == OWN:
        return Reading(True, stage.because)
    if facts.case.denial is not None:
        return Reading(True, (facts.denial_place,))
    return stage if stage.value is None else Reading(False, stage.because)


@fact("denial_level", words=DENIAL_LEVELS)
def _denial_level(facts: Facts) -> Reading:
    """The level that said no. A stage of `denied` means the first request; an appeal has its own stage."""
    level = facts.field("denial.level")
    if level.value is not None:
        return level
    stage = facts.field("stage")
    return Reading("initial", stage.because) if stage.value == "denied" else level


@fact("denial_reason", words=DENIAL_REASONS)
def _denial_reason(facts: Facts) -> Reading:
    """The reason of a no: the one told; where none was, or another than those listed, that of its codes."""
    told = facts.field("denial.reason")
    if told.value not in (None, "other"):
        return told
    for code in codes_told(facts.book, facts.case.denial):
        if code.meaning is not None and code.meaning.reason is not None:
            return Reading(code.meaning.reason, facts.field("denial.codes").because)
    return told


@fact("urgent")
def _urgent(facts: Facts) -> Reading:
    """Active thoughts of suicide are urgent, whatever else is said of the denial."""
    if facts.case.suicidal_thoughts == "active":
        return Reading(True, ("suicidal_thoughts",))
    if facts.case.diagnosis == SUICIDALITY:
        return Reading(True, ("diagnosis",))
    said = facts.field("denial.urgent")
    if said.value is not False:
        return said
    open_ones = [facts.field("suicidal_thoughts"), facts.field("diagnosis")]
    missing = tuple(m for r in open_ones for m in r.missing)
    return Reading(None, said.because, missing) if missing else said


@fact("past_initial_enrollment")
def _past_initial_enrollment(facts: Facts) -> Reading:
    """Whether the first time to sign up for Medicare, around the 65th birthday, is over."""
    age, turns, years = facts.field("age"), month_of_65(facts), _age_of_medicare(facts)
    window = facts.book.windows["medicare_initial_enrollment"].counted
    if turns is None or window is None:
        if age.value is None or age.value == years:
            return Reading(None, age.because, (*age.missing, "birth_month"))
        return Reading(age.value > years, age.because)
    last = window.on(turns).last
    return Reading(last is not None and last < facts.today, ("birth_month",))


def month_of_65(facts: Facts) -> dt.date | None:
    """The first day of the month in which a person turns 65; None where it is not known."""
    told = facts.case.birth_month
    if told is None:
        return None
    year, month = (int(part) for part in told.split("-"))
    return dt.date(year + _age_of_medicare(facts), month, 1)


def _age_of_medicare(facts: Facts) -> int:
    years: int = facts.book.eligibility_value("medicare_by_age")
    return years


@fact("employee")
def _employee(facts: Facts) -> Reading:
    """Whether anyone in the household has a job: cover that rests on a job held now says so.

    A no stands only beside covers of which none may rest on one.
    """
    told, covers = facts.field("money.employee"), facts.field("coverages")
    missing: list[str] = []
    for i, c in enumerate(covers.value or ()):
        if c.kind in (None, *KINDS_WITH_EMPLOYER) and c.active_employee is not False:
            places = {"kind": c.kind, "active_employee": c.active_employee}
            unknown = [f"coverages[{i}].{name}" for name, value in places.items() if value is None]
            if not unknown:
                return Reading(True, (f"coverages[{i}].active_employee",))
            missing.extend(unknown)
    missing.extend(covers.missing)
    return Reading(None, (), tuple(missing)) if told.value is False and missing else told


@fact("history_told")
def _history_told(facts: Facts) -> Reading:
    """Whether the list of what was tried is there, each entry with its weeks and result."""
    tried = facts.case.treatments
    if not tried:
        return Reading(None, (), ("treatments",))
    missing = [
        f"treatments[{i}].{name}"
        for i, told in enumerate(tried)
        for name in ("weeks", "outcome")
        if getattr(told, name) is None
    ]
    return Reading(None, (), tuple(missing)) if missing else Reading(True, ("treatments",))


@fact("on_treatment", per="treatment")
def _on_treatment(facts: Facts) -> Reading:
    """Whether the treatment seen has begun and goes on: then it is the renewal that is asked for.

    An approval that was told is taken as one for the treatment asked for.
    """
    treatment = facts["treatment"]
    if treatment is None or facts.case.request is None:
        return Reading(None, (), ("request",))
    missing: list[str] = [] if facts.case.treatments is not None else ["treatments"]
    for i, told in enumerate(facts.case.treatments or ()):
        record = facts.book.treatments.get(told.treatment)
        if record is None or treatment not in record.course_of:
            continue
        if told.outcome == "ongoing":
            return Reading(True, (f"treatments[{i}]",))
        if told.outcome is None:
            missing.append(f"treatments[{i}].outcome")
    if treatment == facts.case.request:
        course = _told_of_course(facts)
        if course.value is not None:
            return course
        cut = facts.field("denial.continuing_treatment")
        begun, end = facts.field("authorization.start"), facts.field("authorization.end")
        if cut.value is True:
            return Reading(True, cut.because)
        if _runs(begun.value, end.value, facts.today):
            return Reading(True, (*begun.because, *end.because))
        started = facts.field("treatment_status.started")
        missing.extend((*started.missing, *cut.missing, *begun.missing, *end.missing))
    return Reading(None, (), tuple(missing)) if missing else Reading(False, ("treatments",))


def _told_of_course(facts: Facts) -> Reading:
    """Whether the course has begun, where that was told of itself."""
    started, held = (
        facts.field("treatment_status.started"),
        facts.field("treatment_status.sessions_so_far"),
    )
    if started.value is not None:
        return started
    return Reading(True, held.because) if held.value else Reading(None)


def _runs(begun: dt.date | None, end: dt.date | None, today: dt.date) -> bool:
    """Whether an approval has begun and has not ended; one of which no first day was told has begun."""
    return end is not None and (begun is None or begun <= today) and today <= end


@fact("pays_without_insurance")
def _pays_without_insurance(facts: Facts) -> Reading:
    if facts.case.stage == "paying_cash":
        return Reading(True, ("stage",))
    covers = facts.field("coverages")
    if covers.value is None:
        return Reading(None, (), (*covers.missing, *facts.field("stage").missing))
    if not covers.value:
        return Reading(True, covers.because)
    stage = facts.field("stage")
    return stage if stage.value is None else Reading(False, (*covers.because, *stage.because))


@fact("medical_spending_percent_of_income")
def _medical_spending(facts: Facts) -> Reading:
    """The other medical bills of the year and the quoted price of this treatment."""
    read = [facts.field(name) for name in _MEDICAL_SPENDING]
    if any(r.value is None for r in read):
        return Reading(None, (), tuple(m for r in read for m in r.missing))
    spent, price, sessions, income = (r.value for r in read)
    percent = percent_of_income(spent + price * sessions, income)
    return Reading(percent, tuple(b for r in read for b in r.because))


_MEDICAL_SPENDING = (
    "money.medical_spending", "money.quoted_price_per_session", "money.sessions", "annual_income",
)  # fmt: skip


def percent_of_income(spent: float, income: float) -> float:
    """Spending in percent of income; any spending without income is all of it."""
    return spent / income * 100 if income else (100.0 if spent else 0.0)


def _nobody_is_asked(facts: Facts) -> Reading:
    """What a case cannot answer: unknown for everyone."""
    return Reading(None)


fact("unasked")(_nobody_is_asked)
fact("has_limited_fsa_only")(_nobody_is_asked)
fact("within_group_limits")(_nobody_is_asked)  # the office settles it
fact("was_in_foster_care")(_nobody_is_asked)  # the office asks
