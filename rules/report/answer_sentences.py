"""The sentence of an answer: payer, treatment, verdict. It comes before everything else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from ..case import Coverage
from ..engine.answers import Answer, rule_without_a_path
from ..engine.appeals import denial_concerns
from ..engine.criteria import CriterionResult
from ..engine.deadlines import act_by, by_notice, running_days
from ..engine.paths import Candidate, Path
from ..engine.treatments import label_fits, treatments_considered
from ..facts.context import Facts
from ..facts.coverage import starts_later
from ..facts.denials import PART_ONLY
from ..messages import day_words, has_phrase, in_mid_sentence, join_words, phrase
from ..schema.appeals import AppealLevel
from ..schema.policies import Policy
from ..schema.ways import PaymentOption
from ..vocabulary import COVERED, Outlook
from .answer_due import Sent, sent_on
from .deciding import deciding_of
from .insurance_names import (
    ANSWERS,
    diagnosis_short,
    insurance_name,
    level_name,
    medicaid_name,
    treatment_short,
    who_said_no,
)
from .points import missing_words

MOST_NAMED = 2  # points that a sentence names; the others stand below it
# How a rule is known that nobody has read in the payer's own text: from a summary, or from memory.
REPORTED = {"secondary": "reported", "recalled": "thought"}
SENTENCE_START = re.compile(r"^[a-z]|(?<=[.!?] )[a-z]")
POINTS_UNKNOWN = ("possible_plain", "possible_points_unseen", "possible_points_unknown")
PAYS_NOT = ("unproven", "excluded")
# The sentence of one who meets each point, by whether the rule asks for approval first.
LIKELY = {True: "", False: "_claim", None: "_approval_unknown"}


def answer_outlook(answer: Answer) -> Outlook:
    """The outlook of the path that an answer leads to; possible where too little is known to say."""
    return answer.path.outlook if answer.path is not None else "possible"  # type: ignore[return-value]


def sentence_of(answer: Answer) -> str:
    """One plain sentence: who pays, or does not, for what."""
    if answer.coverage is None:
        return _without_insurance(answer)
    starts = starts_later(answer.facts)
    if starts is not None:
        return _say(answer, "starts", date=day_words(starts), says=_of_coverage(answer))
    return _of_coverage(answer)


def _of_coverage(answer: Answer) -> str:
    """What a coverage says, once it has begun."""
    path = answer.path
    if answer.facts["coverage_kind"] is None:
        return _say(answer, "no_kind")
    if path is not None and isinstance(path.best.record, AppealLevel):
        return " ".join((_after_a_no(answer, path, path.best.record), *_open_beside(answer, path)))
    if _said_no_long_ago(answer):
        return _say(answer, "denied_over", reason=_reason(answer))
    if answer.rule is None:
        return _say(answer, "no_rule")
    return _of_rule(answer, answer.rule)


def _say(answer: Answer, key: str, group: str = "sentence", /, **more: str) -> str:
    names: dict[str, str] = {
        "payer": insurance_name(answer.facts),
        "treatment": treatment_short(answer.treatment),
        "diagnosis": diagnosis_short(answer.facts.book, answer.facts.case.diagnosis),
    }
    text = phrase(group, key, file=ANSWERS, **(names | more))
    return SENTENCE_START.sub(lambda found: found[0].upper(), text)


# --- of a rule ---------------------------------------------------------------------------------------


def _of_rule(answer: Answer, rule: Candidate) -> str:
    record = rule.record
    assert isinstance(record, Policy)
    if rule.broken is not None:
        return _say(answer, "label", limit=_limit_says(answer, rule))
    if rule.renewal is not None:
        ends = rule.renewal.ends
        if ends is None:
            return _say(answer, "renewal_open")
        return _say(
            answer, "renewal", by=phrase("sentence", "by", file=ANSWERS, date=day_words(ends))
        )
    if record.position != "silent" and record.id in answer.facts.book.rules_of_many:
        return _of_many(answer, rule, record)
    if record.position in COVERED:
        return _of_covering_rule(answer, rule, record)
    if answer.facts.book.label_uses.get(answer.treatment) and off_label(answer):
        return _say(answer, "off_label")
    if record.position in ("unproven", "excluded"):
        how = REPORTED.get(record.confidence)
        key = record.position if how is None else f"{record.position}_reported"
        return _say(answer, key, reported=_reported(how))
    if record.position == "depends_on_plan":
        return _say(answer, "depends")
    return _say(answer, "silent")


def _of_many(answer: Answer, rule: Candidate, record: Policy) -> str:
    """What plans or states of a kind do, where this one's own rule was not found or nobody named it."""
    if not rule.exact:
        return _say(answer, "uncertain")
    facts = answer.facts
    unnamed = facts["payer"] is None and facts["coverage_kind"] in facts.book.private_kinds
    key = "insurer_not_named" if unnamed else "not_own_rule"
    return _say(answer, key, says=record.says or "")


def off_label(answer: Answer) -> bool:
    """Whether no labelled use of the treatment names the diagnosis."""
    return label_fits(answer.facts, answer.treatment) is False


def _of_covering_rule(answer: Answer, rule: Candidate, record: Policy) -> str:
    facts, look = answer.facts, rule.outlook
    deciding = deciding_of(rule, facts)
    if not rule.exact:
        return _say(answer, "uncertain")
    if look == "likely":
        return _told_of_approval(answer, f"likely{LIKELY[record.prior_authorization]}", record)
    if look in ("not_yet", "uphill", "closed"):
        unmet = [j for j in deciding if j.value is False]
        key = {"not_yet": "not_yet", "uphill": "uphill_missing"}.get(look, "closed")
        return _say(
            answer, key, covers=covers_words(record), missing=_named(facts, unmet[:1], rule)
        )
    if rule.criteria_unknown:
        on_label = bool(facts.book.label_uses.get(answer.treatment))
        key = f"possible_points_{'unseen' if on_label else 'unknown'}"
        return _told_of_approval(answer, key, record)
    if not deciding:
        key = "possible_plain" if rule.limited_by_confidence else "possible_safety"
        return _told_of_approval(answer, key, record)
    return _told_of_approval(answer, "possible", record, open=_named(facts, deciding, rule))


def _told_of_approval(answer: Answer, key: str, record: Policy, **more: str) -> str:
    """A sentence with what its rule says of approval first; where it says nothing, to ask about it."""
    covers = covers_words(record, points_known=key not in POINTS_UNKNOWN)
    text = _say(answer, key, first=_approval_first(record), covers=covers, **more)
    if record.prior_authorization is not None:
        return text
    return f"{text} {phrase('approval_first', 'find_out', file=ANSWERS)}"


def _reported(how: str | None) -> str:
    return "" if how is None else phrase("reported", how, file=ANSWERS)


def covers_words(record: Policy, points_known: bool = True) -> str:
    """That a rule covers it, as surely as it is known: from a summary, its points make it sure enough."""
    how = REPORTED.get(record.confidence)
    if how == REPORTED["secondary"] and points_known:
        how = None
    key = "covers" if how is None else "covers_reported"
    return phrase("reported", key, file=ANSWERS, reported=_reported(how))


def _approval_first(record: Policy) -> str:
    key = {True: "asked", False: "not_asked", None: "unknown"}[record.prior_authorization]
    return phrase("approval_first", key, file=ANSWERS)


def _named(facts: Facts, judged: list[CriterionResult], rule: Candidate) -> str:
    return join_words([missing_words(facts, j, rule) for j in judged[:MOST_NAMED]])


def _limit_says(answer: Answer, rule: Candidate) -> str:
    broken = {j.id for j in rule.judged if j.binds == rule.broken and j.value is False}
    limits = answer.facts.book.label_limits.get(answer.treatment, ())
    return next((limit.says for limit in limits if limit.id in broken), "")


# --- after a no --------------------------------------------------------------------------------------


def _after_a_no(answer: Answer, path: Path, level: AppealLevel) -> str:
    said = {"reason": _reason(answer), "payer": who_said_no(path)}
    if path.outlook == "closed":
        return _say(answer, "denied_over", **said)
    if path.best.urgent:
        both = any(p.best.early is not None for p in answer.beside)
        return _say(answer, "denied_urgent_both" if both else "denied_urgent", **said)
    sent = sent_on(path)
    if sent is not None:
        return _say(answer, "denied_sent", **said, sent=day_words(sent.on), waits=_waits(sent))
    days = _days_by_notice(path)
    some_over = 0 < len(days) < len(by_notice(path.candidates))
    if len({day for day, _ in days}) > 1 or some_over:
        return _say(answer, "denied_by_notice", **said, days=_each(days))
    if level_name(path) is None:
        return _say(answer, "denied_sender_open", **said, by=_by(path))
    asks = {"level": in_mid_sentence(level.name), "by": _by(path) or _limit_in_words(path, level)}
    part = answer.facts["denial_subject"]
    if part in PART_ONLY:
        told = phrase("part", part, file=ANSWERS)
        return _say(answer, "denied_part", **said, **asks, part=told)
    key = "denied_claim" if answer.facts["denial_kind"] == "claim" else "denied"
    return _say(answer, key, **said, **asks)


def _limit_in_words(path: Path, level: AppealLevel) -> str:
    """What a level says of its time limit where no number stands for it, as a sentence more."""
    if path.best.last_days:
        return ""
    for reading in level.file_within:
        applies = reading.applies_when is None or path.facts.test(reading.applies_when).value
        if applies is True and reading.clock.number is None and reading.clock.note:
            return f". {reading.clock.note.rstrip('.')}"
    return ""


def _days_by_notice(path: Path) -> list[tuple[dt.date | None, str]]:
    """By when, for each letter that it may be, the nearest first; None where there is nothing to send."""
    today = path.facts.today
    told: list[tuple[dt.date | None, str]] = []
    for candidate in by_notice(path.candidates):
        ahead = [d for d, _ in running_days((candidate,)) if d.date >= today]
        program, level = candidate.program, candidate.record
        if program is None or program.notice is None:
            continue
        if ahead:
            told.append((act_by(ahead[0], candidate, today), program.notice.came))
        elif isinstance(level, AppealLevel) and level.automatic:
            told.append((None, program.notice.came))
    return sorted(told, key=lambda x: x[0] or dt.date.max)


def _each(days: Iterable[tuple[dt.date | None, str]]) -> str:
    return "; ".join(
        phrase("sentence", "by_notice_itself", file=ANSWERS, came=came)
        if day is None
        else phrase("sentence", "by_notice", file=ANSWERS, date=day_words(day), came=came)
        for day, came in days
    )


def _open_beside(answer: Answer, path: Path) -> Iterator[str]:
    """Why an outside review is open already, and which other way to ask again stands beside the one that leads."""
    if path.best.early is not None and not path.best.urgent:
        yield path.best.early
    for other in answer.beside:
        level = other.best.record
        if other.best.early is not None:
            if not path.best.urgent:  # else the sentence says so, and a step says why
                yield other.best.early
        elif isinstance(level, AppealLevel):
            name = in_mid_sentence(level.name)
            yield _say(answer, "beside", level=name, by=_by(other))


def _waits(sent: Sent) -> str:
    """By when what was sent has to be answered, as a sentence."""
    coming = sent.coming
    key = "due" if coming is not None else "late" if sent.due else "unknown"
    return phrase("waits", key, file=ANSWERS, date=day_words(coming) if coming is not None else "")


def _reason(answer: Answer) -> str:
    """The reason of a no, as a part of a sentence."""
    why = answer.facts["denial_reason"] or "unknown"
    return phrase("reason", why, file=ANSWERS) if has_phrase("reason", why, file=ANSWERS) else ""


def _said_no_long_ago(answer: Answer) -> bool:
    """Whether a no was told of this coverage and treatment, and no level of appeal leads any more."""
    told = answer.facts.case.denial is not None and answer.facts["denied"] is True
    broken = answer.rule is not None and answer.rule.broken is not None
    return told and not broken and denial_concerns(answer.facts, answer.treatment)


def _by(path: Path) -> str:
    """By when, where a last day is ahead."""
    days = [(d, c) for d, c in running_days(path.candidates) if d.date >= path.facts.today]
    if not days:
        return ""
    return phrase(
        "sentence", "by", file=ANSWERS, date=day_words(act_by(*days[0], path.facts.today))
    )


# --- without insurance -------------------------------------------------------------------------------

ROUTES_TO_COVERAGE = {"apply_medicaid": "medicaid_fits", "apply_marketplace": "marketplace_fits"}


def _without_insurance(answer: Answer) -> str:
    path = answer.path
    if path is None:
        return _say(answer, "coverages_unknown")
    record = path.best.record
    key = ROUTES_TO_COVERAGE.get(path.route)
    case = answer.facts.case
    if key is not None and None in (case.annual_income, case.household_size):
        return _say(answer, "income_unknown")
    if path.route == "apply_marketplace" and answer.facts["income_opens_tax_credit"] is False:
        key = "marketplace_at_full_price"
    if key is not None and path.outlook in ("likely", "possible") and _all_met(path.best):
        says = _say(answer, key, medicaid=medicaid_name(answer.facts))
        return f"{says} {medicaid_says(answer)}".strip() if path.route == "apply_medicaid" else says
    name = record.name if isinstance(record, PaymentOption) else path.id
    return _say(answer, "pay_way", name=in_mid_sentence(name))


def medicaid_says(answer: Answer) -> str:
    """What the state's Medicaid says of the treatments, to whoever may join it."""
    case = answer.facts.case.model_copy(update={"coverages": (Coverage(kind="medicaid"),)})
    root = Facts(case, answer.facts.book, answer.facts.today)
    told: list[str] = []
    for treatment in sorted(treatments_considered(root), key=lambda t: t == answer.treatment):
        view = root.for_coverage(0).for_coverage(0, treatment)
        rule = rule_without_a_path(view, treatment)
        record = rule.record if rule is not None and rule.exact else None
        if not isinstance(record, Policy) or record.id in root.book.rules_of_many:
            continue
        names = {"medicaid": medicaid_name(view), "treatment": treatment_short(treatment)}
        if record.position in COVERED:
            told.append(
                _say(
                    answer,
                    "covers",
                    "second",
                    first=_approval_first(record),
                    covers=covers_words(record),
                    **names,
                )
            )
        elif record.position in PAYS_NOT:
            told.append(_say(answer, "pays_not", "second", **names))
    return " ".join(told)


def _all_met(found: Candidate) -> bool:
    return all(j.value is True for j in found.judged if not j.informs_only)


# --- what was taken for granted ----------------------------------------------------------------------


def assumes_of(answer: Answer) -> Iterator[str]:
    """What an answer takes for granted where nobody has told it."""
    rule = answer.rule
    if answer.stated is not None:
        book, case = answer.facts.book, answer.facts.case
        names = {
            "diagnosis": diagnosis_short(book, case.diagnosis),
            "main": diagnosis_short(book, answer.stated),
        }
        yield phrase("assumes", "further_diagnosis", file=ANSWERS, **names)
    if rule is not None and rule.program is not None:
        waits = any(j.id == "programme_applies" and j.value is None for j in rule.judged)
        if waits and rule.program.default_when_unknown:
            yield phrase("assumes", "usual_program", file=ANSWERS, program=rule.program.name)
