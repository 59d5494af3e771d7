"""The denial, the level of appeal of the appeal process, its dates, and the law and the offices that stand behind it."""

from __future__ import annotations

from collections.abc import Iterator

from rules.facts.denials import concerns
from rules.report.decision_times import first_answers
from rules.report.offices import complaint_offices, review_of, review_offices
from rules.report.state_law import free_help, gap_law
from rules.result import DeadlineShown
from rules.schema.appeals import AppealLevel, Clock, Decision
from rules.schema.base import Contact, Statement
from rules.schema.record_types import FactSheet
from rules.schema.states import ExternalReview

from .arguments import off_label_law, parity_law, step_law, was_read
from .context import Day, Gaps, Office
from .focus import OPEN, AppealInFocus, Focus, appeal_in_focus, kind_of_plan_open
from .phrases import long_date, say, say_or
from .plan import INSURERS

FIRST = "initial"  # the level of a no to a first request or claim
LATE = "late_filing"  # the fact of a appeal process, or with `_level` of one level of appeal, on how a late appeal is let in


FIRST_NO = "initial"  # the level of a denial that answers a first request or claim


def denial(focus: Focus) -> Gaps:
    """The fields of the context about what was refused; none where it was another treatment or plan."""
    told = focus.facts.case.denial
    if told is not None and not concerns(focus.case, told, focus.coverage, focus.treatment):
        return {}
    reason = focus.facts["denial_reason"]
    named = {
        "experimental": "reason_experimental",
        "not_medically_necessary": "reason_necessity",
        "frequency": "reason_frequency",
        "step_therapy": "reason_step",
        "not_a_benefit": "reason_excluded",
        "out_of_network": "reason_network",
        "missing_information": "reason_missing",
        "no_authorization": "reason_authorization",
        "coding": "reason_coding",
    }
    flags = dict.fromkeys(named.values(), False)
    if reason in named:
        flags[named[reason]] = True
    level = focus.facts["denial_level"]
    return {
        "request_pending": focus.case.stage == "request_pending",
        "denied": focus.facts["denied"] is True,
        "after_appeal": focus.facts["denied"] is True and level not in (None, FIRST_NO),
        "outside": _outside(focus),
        "denial_date": long_date(told.notice_date) if told else "",
        "denial_reason": say_or("denial_reason", reason),
        "denial_level": say_or("denial_level", level),
        "denial_codes": ", ".join(told.codes or ()) if told else "",
        "denied_part": say_or("denied_part", focus.facts["denial_subject"]),
        "continuing_treatment": bool(told and told.continuing_treatment),
        **flags,
    }


def _outside(focus: Focus) -> bool:
    """Whether people outside the plan decide next."""
    found = appeal_in_focus(focus, OPEN)
    return found is not None and found.level.route != "internal_appeal"


def appeal_gaps(focus: Focus, found: AppealInFocus | None) -> Gaps:
    """The fields of the context about one level of appeal and its dates."""
    if found is None:
        return {}
    level, appeal_process = found.level, found.appeal_process
    passed = found.leads and any(d.passed for d in found.deadlines)
    days = [d for d in found.deadlines if d.kind != "answer_due"]
    keeps = level.keeps_benefits or ""
    late = next((f for f in appeal_process.facts if f.id in (LATE, f"{LATE}_{level.id}")), None)
    return {
        "level_open": found.open and focus.facts["denied"] is not False,
        "level_automatic": level.automatic,
        "level_amount": level.amount_in_controversy or "",
        "limit_notes": tuple(_limit_notes(level)),
        "late_rule": late.says if late is not None else "",
        "level_name": level.name,
        "level_law": "" if kind_of_plan_open(focus) else _cited(level),
        "level_how": level.how_to_start,
        "for_letter": found.for_letter,
        "level_send_to": level.send_to or "",
        "level_who": level.who_files,
        "level_keeps": keeps,
        "level_may_keep": bool(keeps) and not keeps.startswith(say("days", "keeps_not")),
        "level_decides": _decides(level.decision),
        "level_decides_fast": _clock(level.decision.expedited),
        "level_if_late": level.if_late or "",
        "before_you_start": appeal_process.before_you_start or "" if FIRST in level.follows else "",
        "days": tuple(_day(focus, d) for d in days),
        "days_slow": tuple(_slow_day(d) for d in days if d.urgent),
        "answer_within": _answer_within(focus, level.decision),
        "day_passed": passed,
        **_outside_review(focus, found),
    }


def _cited(level: AppealLevel) -> str:
    """A law that a letter can rest on: one with its number that was read, not that there is some law."""
    law = level.law or ""
    return law if was_read(level) and any(c.isdigit() for c in law) else ""


def _day(focus: Focus, told: DeadlineShown) -> Day:
    source = focus.book.sources.get(told.source or "")
    counted = told.readings[0]
    start = say("days", "counted", date=long_date(counted.start), how=counted.how)
    # Where it is urgent the last day of the slow appeal is no day to wait for.
    begun = "" if told.urgent else say("days", "counted_from", start=start)
    kind = "urgent" if told.urgent else "passed" if told.passed else told.kind
    return Day(
        what=say("days", f"what_{kind}"),
        date=long_date(told.act_by if told.urgent else told.date),
        send=" ".join(part for part in (_when_to_send(told), begun) if part),
        source=source.title if source else "",
    )


def _slow_day(told: DeadlineShown) -> str:
    """The last day of the appeal that is not fast, for who reads on below."""
    counted = told.readings[0]
    start = say("days", "counted", date=long_date(counted.start), how=counted.how)
    return say("days", "counted_slow", start=start, last=long_date(told.date))


def _when_to_send(told: DeadlineShown) -> str:
    """When a paper has to go out, and how, where that matters."""
    if told.passed:
        return say("days", "send_late")
    key = {"arrival": "arrive_by", "urgent": "urgent"}.get(told.earlier_because or "", "send_by")
    if told.kind == "keep_care":
        key = "keep_by"
    parts = (say("days", key, date=long_date(told.act_by)), told.says, _if_cautious(told))
    return " ".join(part for part in parts if part)


def _if_cautious(told: DeadlineShown) -> str:
    """That the day is a short one to be safe, and the longer one."""
    longer = max(r.date for r in told.readings)
    if not told.cautious:
        return ""
    key = "cautious" if longer > told.date else "cautious_alone"
    return say("days", key, longer=long_date(longer))


def _limit_notes(level: AppealLevel) -> Iterator[str]:
    """What a level of appeal says of its time limit where no number stands for it."""
    for reading in level.file_within:
        if reading.clock.number is None and reading.clock.note and reading.applies_when is None:
            yield reading.clock.note


def _decides(decision: Decision) -> str:
    """How long the reviewer has: before care first, then where care given or a drug differs."""
    before, after, drug = (
        _clock(c)
        for c in (decision.standard_before_service, decision.standard_after_service, decision.drug)
    )
    first = before or after or drug
    others = [
        say("days", key, time=time)
        for key, time in (("after_care", after), ("for_a_drug", drug))
        if time and time != first
    ]
    if not others:
        return first
    return say("days", "but", first=first, others=say("days", "and").join(others))


def _answer_within(focus: Focus, decision: Decision) -> str:
    """The one time in which the reviewer has to answer this appeal, as its letter asks for it."""
    if focus.facts["urgent"] is True and decision.expedited is not None:
        return _clock(decision.expedited)
    drug = decision.drug if focus.treatment == "esketamine" else None
    clocks = (drug, decision.standard_before_service, decision.standard_after_service)
    return next((time for time in map(_clock, clocks) if time), "")


def _clock(clock: Clock | None) -> str:
    if clock is None or not clock.number or clock.unit is None:
        return ""
    unit = say("unit", clock.unit)
    return say("days", "clock", number=clock.number, unit=unit)


# --- the state --------------------------------------------------------------------------------


def state_law(focus: Focus) -> Gaps:
    """The fields of the context about law and offices; state law only where it reaches the plan."""
    home = focus.book.states.get(focus.case.state or "")
    words: Gaps = {
        "state_name": home.name if home else "",
        "medicaid_name": (home.medicaid.name or "") if home and home.medicaid else "",
        "complaint_offices": tuple(f.says for f in _complaint_facts(focus)),
        "helpers": tuple(_office(c) for c in (home and free_help(focus.facts, home),) if c),
        "decision_clocks": tuple(_decision_clocks(focus)),
    }
    step = focus.facts["step_therapy_reaches"] if focus.coverage is not None else None
    family = focus.program.family if focus.program is not None else ""
    words["step_law_does_not_reach"] = step is False and family in INSURERS
    words["step_law_open"] = focus.coverage is not None and step is None
    words |= _step_therapy(focus)
    words["regulator"] = tuple(_regulators(focus))
    words["complaint_to"] = _complaint_to(focus)
    words |= _reaching(focus)
    gap = gap_law(focus.facts, surely=True)
    words["gap_law"] = (gap.law or "").rstrip(".") if gap is not None else ""
    return words


def _regulators(focus: Focus) -> Iterator[Office]:
    """The state's insurance offices that have this plan, where its insurance law governs it."""
    if focus.facts["state_regulated"] is True:
        yield from map(_office, complaint_offices(focus.facts))


def _step_therapy(focus: Focus) -> Gaps:
    """The state's step therapy law, where it reaches the plan and is in force; cited if it was read."""
    law = step_law(focus)
    if law is None:
        return {}
    timed = "decision_time" not in law.recalled_fields
    words = {
        "step_law": law.law or "" if was_read(law, "law") else "",
        "step_grounds": law.exception_grounds or "",
        "step_decides": (law.decision_time or "") if timed else "",
    }
    if law.mental_health and "mental_health" in focus.facts["diagnosis_group"].known:
        words["step_mental_health"] = law.mental_health.says
    return words


def _reaching(focus: Focus) -> Gaps:
    """What a state's laws for health plans give a plan, as far as they were read."""
    parity, off = parity_law(focus), off_label_law(focus)
    words: Gaps = {}
    if parity is not None and was_read(parity, "law"):
        words["parity_law"] = (parity.law or "").rstrip(".")
    if off is not None and was_read(off):
        words["off_label_law"] = say("law", "with_words", law=off.law or "", says=off.says or "")
    return words


def _outside_review(focus: Focus, found: AppealInFocus) -> Gaps:
    """Who takes the request for the state's outside review, under which law, at what price."""
    if found.level.route != "external_review" or focus.coverage is None:
        return {}
    review = review_of(focus.facts, found.level)
    if review is None:
        return {}
    offices = review_offices(focus.facts, review)
    words: Gaps = {
        "review_law": (review.law or "").rstrip(".") if was_read(review, "law") else "",
        "review_fee": ""
        if review.fee_usd is None
        else say("law", "fee", fee=f"{review.fee_usd:,.0f}"),
    }
    if isinstance(review, ExternalReview):
        words["review_process"] = say_or("review_process", review.process)
        if not offices:
            words |= {
                "review_with": review.file_with or "",
                "review_who": review.administrator or "",
            }
    return words


def _office(contact: Contact) -> Office:
    reach = [contact.phone, contact.other_phone, contact.email, contact.url]
    return Office(contact.name, ", ".join(r for r in reach if r))


def _complaint_facts(focus: Focus) -> list[Statement]:
    """Who oversees this kind of plan, from the appeal rules."""
    if focus.program is None:
        return []
    sheets = focus.book.of("appeal_rules", FactSheet)
    facts = {f.id: f for sheet in sheets for f in sheet.facts}
    names = say_or("complaint_facts", focus.program.id).split()
    return [facts[n] for n in names if n in facts]


def _complaint_to(focus: Focus) -> str:
    """The one office to which a complaint about this plan is addressed; empty where several may be it."""
    if kind_of_plan_open(focus):
        return ""
    offices = tuple(_regulators(focus))
    if offices:
        return offices[0].name if len(offices) == 1 else ""
    names = [str(f.value) for f in _complaint_facts(focus) if f.value is not None]
    return names[0] if len(names) == 1 else ""


def _decision_clocks(focus: Focus) -> list[str]:
    """How fast this kind of plan must answer a first request."""
    if focus.program is None or focus.coverage is None:
        return []
    programs = {focus.program.id}
    return [t.text for t in first_answers(focus.facts, programs, "prior_authorization")]
