"""Whether a person can have a kind of insurance at all: income against its limit, age, enrollment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..facts.context import Facts
from ..facts.income import medicaid_limit, poverty_guideline
from ..logic import Truth
from ..messages import day_words, phrase

WORDS = "can_have"  # the file of words
JOB_KINDS = ("employer", "fehb", "pshb")


@dataclass(frozen=True)
class CanHave:
    """Whether a person can have it (None: not known yet), and why, in words.

    `source`: that of the record that gives the limit or the day, where one does.
    """

    value: Truth
    text: str
    source: str | None = None


def can_have(kind: str, facts: Facts) -> CanHave | None:
    """What is known of who may have a kind of insurance; None where the rule book does not tell."""
    tell = _TELLS.get(kind)
    return tell(facts) if tell is not None else None


def _say(group: str, key: str, **values: object) -> str:
    return phrase(group, key, file=WORDS, **{k: str(v) for k, v in values.items()})


def _names(facts: Facts, missing: tuple[str, ...]) -> str:
    """The answers that are missing, by what their questions ask about."""
    asks = {q.field: q.asks_intake or q.asks for q in facts.book.questions}
    return ", ".join(dict.fromkeys(asks.get(m, m).rstrip("?").lower() for m in missing))


# --- Medicaid --------------------------------------------------------------------------------------


def _medicaid(facts: Facts) -> CanHave:
    case = facts.case
    percent = facts.read("income_percent_of_poverty")
    if percent.missing:
        return CanHave(None, _say("medicaid", "missing", missing=_names(facts, percent.missing)))
    state = facts.book.states[case.state or ""]
    limits = state.income_limits
    limit = medicaid_limit(facts)
    guideline = poverty_guideline(facts.book, state.code, facts.today)
    if limits is None or limit is None or guideline is None or percent.value is None:
        return CanHave(None, _say("medicaid", "no_limit", state=state.name))
    within = facts.read("income_within_medicaid_limit")
    size, income = case.household_size or 1, case.annual_income or 0
    line = guideline.first_person + (size - 1) * guideline.each_additional
    key = {True: "within", False: "over", None: "open" if within.missing else "terms"}
    text = _say(
        "medicaid", key[within.value], income=f"${income:,.0f}", size=size,
        percent=f"{percent.value:g}", state=state.name, limit=f"{limit:g}",
        dollars=f"${line * limit / 100:,.0f}", missing=_names(facts, within.missing),
    )  # fmt: skip
    # Disability, age and foster care open groups that go by more than income.
    other = case.disabled is not False or (case.age or 0) >= _age_of_medicare(facts)
    if within.value is False and other:
        return CanHave(False, text + _say("medicaid", "other_group"), limits.source)
    return CanHave(within.value, text, limits.source)


# --- the Marketplace -------------------------------------------------------------------------------


def _marketplace(facts: Facts) -> CanHave:
    there = facts.read("state_has_marketplace")
    if there.value is False:
        return CanHave(False, _say("marketplace", "none"))
    enrollment = facts.read("marketplace_open")
    state = facts.book.states.get(facts.case.state or "")
    exchange = state.exchange if state is not None else None
    if enrollment.value is None:
        told = _say("marketplace", "open_unknown", missing=_names(facts, enrollment.missing))
    elif enrollment.value is False:
        told = _say("marketplace", "closed")
    else:
        last = exchange and (exchange.conservative_days_by or exchange.open_enrollment_end)
        told = _say("marketplace", "open", day=day_words(last)) if last else ""
    source = exchange.source if exchange is not None else None
    return CanHave(enrollment.value, f"{told} {_credit(facts)}".strip(), source)


def _credit(facts: Facts) -> str:
    """Whether a tax credit may lower the premium: it decides what such a plan costs to hold."""
    if any(c.kind in JOB_KINDS for c in facts.case.coverages or ()):
        return _say("marketplace", "credit_no_job")
    income, medicaid = facts.read("income_opens_tax_credit"), facts["income_within_medicaid_limit"]
    if income.value is False or medicaid is True:
        return _say("marketplace", "credit_no")
    if income.value is None:
        return _say("marketplace", "credit_unknown", missing=_names(facts, income.missing))
    return _say("marketplace", "credit")


# --- Medicare and the VA ---------------------------------------------------------------------------


def _age_of_medicare(facts: Facts) -> int:
    age: int = facts.book.eligibility_value("medicare_by_age")
    return age


def _medicare(facts: Facts) -> CanHave:
    age, disabled = facts.case.age, facts.case.disabled
    if age is None:
        return CanHave(None, _say("medicare", "missing", missing=_names(facts, ("age",))))
    if age >= _age_of_medicare(facts):
        return CanHave(True, _say("medicare", "age"))
    if disabled is False:
        return CanHave(False, _say("medicare", "no", age=age))
    return CanHave(None, _say("medicare", "disabled"))


def _va(facts: Facts) -> CanHave:
    served = facts.case.veteran
    key = {True: "yes", False: "no", None: "missing"}[served]
    return CanHave(served, _say("va", key))


_TELLS: dict[str, Callable[[Facts], CanHave]] = {
    "medicaid": _medicaid,
    "individual": _marketplace,
    "medicare": _medicare,
    "va": _va,
}
