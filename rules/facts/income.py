"""Income against the limits of public coverage, and when it may be applied for."""

from __future__ import annotations

import datetime as dt
import math

from ..case import Case
from ..logic import Truth
from ..rule_book import Book, in_force
from ..schema.other import PovertyGuideline
from ..schema.state_coverage import IncomeLimits
from .context import Facts, Reading, fact


@fact("income_percent_of_poverty")
def _poverty_percent(facts: Facts) -> Reading:
    """Income as percent of the guideline: income / (first + (n - 1) * each) * 100 (42 USC 9902(2))."""
    parts = [facts.field(n) for n in ("annual_income", "household_size", "state")]
    missing = tuple(m for p in parts for m in p.missing)
    if missing:
        return Reading(None, (), missing)
    income, size, state = (p.value for p in parts)
    guideline = poverty_guideline(facts.book, state, facts.today)
    because = tuple(b for p in parts for b in p.because)
    if guideline is None:
        return Reading(None, because)
    return Reading(percent_of_poverty(income, size, guideline), because)


@fact("income_percent_for_tax_credit")
def _credit_percent(facts: Facts) -> Reading:
    """The same by the guideline of the year of cover, which the Marketplace tax credit goes by."""
    reading = facts.read("income_percent_of_poverty")
    if reading.value is None:
        return reading
    case = facts.case
    guideline = tax_credit_guideline(facts.book, case.state or "", facts.today)
    if guideline is None or case.annual_income is None or case.household_size is None:
        return Reading(None, reading.because)
    percent = credit_percent(case.annual_income, case.household_size, guideline)
    return Reading(percent, reading.because)


def percent_of_poverty(income: float, size: int, guideline: PovertyGuideline) -> float:
    """Income in percent of the guideline, cut (never rounded up) to a tenth."""
    line = guideline.first_person + (size - 1) * guideline.each_additional
    return math.floor(income / line * 1000) / 10


def credit_percent(income: float, size: int, guideline: PovertyGuideline) -> float:
    """The same to a tenth, with half a tenth more for any rest: a little above a limit is above it."""
    tenths = income / (guideline.first_person + (size - 1) * guideline.each_additional) * 1000
    whole = math.floor(tenths)
    return (whole + (0.5 if tenths > whole else 0)) / 10


@fact("income_within_medicaid_limit")
def _medicaid_limit(facts: Facts) -> Reading:
    """Whether income is within the limit of any Medicaid group that the person is or may be in."""
    percent = facts.read("income_percent_of_poverty")
    if percent.value is None:
        return percent
    record = facts.book.states.get(facts.case.state or "")
    limits = record.income_limits if record is not None else None
    if limits is None:
        return Reading(None, percent.because)
    medicare = facts.read("enrolled_in_medicare")
    groups = _medicaid_groups(facts, limits, medicare)
    used = tuple(
        n
        for n in ("age", "pregnant", "parent_of_child", "disabled")
        if getattr(facts.case, n) is not None
    )
    because = (*percent.because, *used, *medicare.because)
    if any(sure and percent.value <= top for sure, top, _ in groups):
        return Reading(True, because)
    still = tuple(m for sure, top, m in groups if not sure and percent.value <= top)
    if still:
        return Reading(None, because, tuple(dict.fromkeys(x for m in still for x in m)))
    return Reading(False, because)


@fact("income_over_every_medicaid_line")
def _over_every_line(facts: Facts) -> Reading:
    """Whether income is over the highest line that the state has for any Medicaid group, children's too."""
    percent = facts.read("income_percent_of_poverty")
    record = facts.book.states.get(facts.case.state or "")
    limits = record.income_limits if record is not None else None
    if percent.value is None or limits is None:
        return Reading(None, percent.because, percent.missing)
    terms = limits.adult_on_terms.percent if limits.adult_on_terms is not None else None
    lines = (
        limits.adult_percent, limits.parent_percent, limits.children_percent,
        limits.pregnancy_percent, limits.aged_disabled_percent, terms,
    )  # fmt: skip
    known = [line for line in lines if line is not None]
    return Reading(percent.value > max(known) if known else None, percent.because)


@fact("told_of_another_medicaid_group")
def _told_of_another_group(facts: Facts) -> Reading:
    """Whether something was told that opens a Medicaid group whatever the income.

    Disability and pregnancy open groups with spend-downs and buy-ins of their own (42 CFR 435.301).
    Where income is over every line, what nobody told is no; else it is open.
    """
    parts = [facts.field(n) for n in ("disabled", "pregnant")]
    told = tuple(b for p in parts if p.value is True for b in p.because)
    over = facts.read("income_over_every_medicaid_line")
    missing = tuple(m for p in parts for m in p.missing)
    if told or over.value is True or not missing:
        return Reading(bool(told), told or over.because)
    return Reading(None, (), missing)


def medicaid_limit(facts: Facts) -> float | None:
    """The limit, in percent, of the Medicaid group that the person is in: the highest of several.

    Where it is not known to be in any, that of the groups that it may be in.
    """
    record = facts.book.states.get(facts.case.state or "")
    limits = record.income_limits if record is not None else None
    if limits is None:
        return None
    groups = _medicaid_groups(facts, limits, facts.read("enrolled_in_medicare"))
    own = [top for sure, top, _ in groups if sure]
    return max(own or [top for _, top, _ in groups], default=None)


def _medicaid_groups(
    facts: Facts, limits: IncomeLimits, medicare: Reading
) -> list[tuple[bool, float, tuple[str, ...]]]:
    """(surely in the group, its limit in percent, answers that would settle it).

    Medicare keeps a person out of the group for adults (42 CFR 435.119(b)(3)), not out of the
    groups for parents, pregnancy, age or disability.
    """
    case = facts.case
    groups: list[tuple[bool, float, tuple[str, ...]]] = []

    def add(member: Truth, top: float | None, *missing: str) -> None:
        if member is not False and top:
            groups.append((member is True, top, missing))

    age = case.age
    youngest, oldest = _ages_of_adults(facts.book)
    of_age = None if age is None else youngest <= age <= oldest
    adult = _both(of_age, None if medicare.value is None else not medicare.value)
    open_ones = (*(() if age is not None else ("age",)), *medicare.missing)
    add(None if age is None else age < youngest, limits.children_percent, "age")
    add(adult, limits.adult_percent, *open_ones)
    add(case.pregnant, limits.pregnancy_percent, "pregnant")
    # Where adults are covered by income, the limit published for parents is that of adults.
    unsure = limits.expansion and adult is not True and case.parent_of_child is True
    parent_asks = ("parent_of_child",) if case.parent_of_child is None else ()
    add(None if unsure else case.parent_of_child, limits.parent_percent, *parent_asks)
    # A group with terms that a case cannot answer (hours of work): open, never ruled out; nor is
    # what comes after it, where nobody has found that.
    terms = limits.adult_on_terms
    if terms is not None and adult is not False:
        groups.append((False, terms.percent, open_ones))
    disabled = _aged_or_disabled(case, medicare, oldest)
    # Disability groups also test assets and use old limits, so they stay open even when met.
    if disabled is not False and limits.aged_disabled_percent:
        asks = (*open_ones, *(() if case.disabled is not None else ("disabled",)))
        groups.append((False, limits.aged_disabled_percent, () if disabled else asks))
    return groups


def _ages_of_adults(book: Book) -> tuple[int, int]:
    """The first and the last age of Medicaid's group for adults; children and the aged are beside it."""
    group = book.eligibility_value("magi_adult")
    return group["age_low"], group["age_high"]


def _aged_or_disabled(case: Case, medicare: Reading, oldest: int) -> Truth:
    """Whether a person is in the group for age or disability."""
    old = None if case.age is None else case.age > oldest
    if old or case.disabled:
        return True
    if old is None:
        return None
    # Medicare before 65 comes with disability or kidney failure (42 USC 426(b), 426-1).
    if medicare.value is True:
        return True
    return False if case.disabled is False and medicare.value is False else None


def _both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return True if one and other else None


@fact("income_opens_tax_credit")
def _tax_credit(facts: Facts) -> Reading:
    """Whether income is in the range for the credit, by the guideline of the year of cover.

    Anything above the upper limit is over, however little (instructions to tax form 8962).
    """
    percent = facts.read("income_percent_for_tax_credit")
    if percent.value is None:
        return percent
    low = facts.book.parameter("tax_credit_income_low_percent", facts.today)
    high = facts.book.parameter("tax_credit_income_high_percent", facts.today)
    if low is None or high is None:
        return Reading(None, percent.because)
    return Reading(low <= percent.value <= high, percent.because)


@fact("income_within_basic_health")
def _basic_health(facts: Facts) -> Reading:
    """Whether the state's basic health program, where it has one, takes the place of the credit."""
    state = facts.field("state")
    if state.value is None:
        return state
    record = facts.book.states.get(state.value)
    limits = record.income_limits if record is not None else None
    program = limits.basic_health if limits is not None else None
    if program is None or not program.in_force.holds_on(facts.today):
        return Reading(False, state.because)
    percent = facts.read("income_percent_of_poverty")
    if percent.value is None:
        return percent
    return Reading(percent.value <= program.to_percent, percent.because)


@fact("lost_coverage_recently")
def _lost_recently(facts: Facts) -> Reading:
    """Whether other cover ended, or will end, near enough to today (45 CFR 155.420(c), (d)(1)).

    After Medicaid or CHIP there are 90 days at HealthCare.gov; a case does not say which cover it
    was, so those last days stay open.
    """
    lost, ends = facts.field("lost_coverage_date"), _last_end(facts)
    found = [(_near_enough(facts, r.value), r) for r in (lost, ends) if r.value is not None]
    for near, reading in found:
        if near:
            return Reading(True, reading.because)
    if lost.value is None:
        return lost
    # Cover that goes on as far as anybody has said may still end.
    over = all(near is False for near, _ in found) and (
        facts.case.coverages == () or len(found) > 1
    )
    return Reading(False if over else None, lost.because)


def _near_enough(facts: Facts, lost: dt.date) -> Truth:
    counted = facts.book.windows["marketplace_after_loss"].counted
    first, last = counted.on(lost) if counted is not None else (None, None)
    if first is None or last is None:
        return None
    longest = facts.book.eligibility_value("special_enrollment_window")
    days = (facts.today - lost).days
    if facts.today > last and days <= longest["medicaid_or_chip_loss_healthcare_gov"]:
        return None
    return first <= facts.today <= last


def _last_end(facts: Facts) -> Reading:
    """The day on which all coverage that there is has ended; unknown where some goes on."""
    ends = [c.ends for c in facts.case.coverages or ()]
    told = [day for day in ends if day is not None]
    if not told or len(told) < len(ends):
        return Reading(None)
    return Reading(max(told), tuple(f"coverages[{i}].ends" for i in range(len(ends))))


def lost_coverage(facts: Facts) -> Reading:
    """The day on which other cover ended or will end: as told, or when all that there is ends."""
    lost = facts.field("lost_coverage_date")
    return lost if lost.value is not None else _last_end(facts)


@fact("marketplace_open")
def _marketplace_open(facts: Facts) -> Reading:
    """Whether the Marketplace takes this person now. Where there is none, it takes nobody."""
    state = facts.field("state")
    lost, tribal = facts.read("lost_coverage_recently"), facts.field("tribal_member")
    others = (*lost.missing, *tribal.missing)
    because = (*state.because, *lost.because, *tribal.because)
    if state.value is None:
        any_month = lost.value is True or tribal.value is True
        return Reading(None, because, (*state.missing, *(() if any_month else others)))
    record = facts.book.states.get(state.value)
    exchange = record.exchange if record is not None else None
    if exchange is not None and exchange.platform == "none":
        return Reading(False, state.because)
    for reading in (lost, tribal):  # a tribal member in any month: 45 CFR 155.420(d)(8)
        if reading.value is True:
            return reading
    if exchange is None or exchange.open_enrollment_end is None:
        return Reading(None, because, others)
    start = exchange.open_enrollment_start or facts.today
    if start <= facts.today <= (exchange.conservative_days_by or exchange.open_enrollment_end):
        return Reading(True, state.because)
    if start <= facts.today <= exchange.open_enrollment_end:
        return Reading(None, because, others)
    closed = lost.value is False and tribal.value is False
    return Reading(False if closed else None, because, others)


def poverty_guideline(book: Book, state: str, today: dt.date) -> PovertyGuideline | None:
    """The federal poverty guideline for a state on a day (none is published for territories)."""
    record = book.states.get(state)
    limits = record.income_limits if record is not None else None
    if limits is None or book.eligibility is None:
        return None
    rows = [
        g
        for g in book.eligibility.poverty_guidelines
        if g.region == limits.poverty_region and in_force(g.in_force, today)
    ]
    return max(rows, key=lambda g: g.year, default=None)


def tax_credit_guideline(book: Book, state: str, today: dt.date) -> PovertyGuideline | None:
    """The guideline for the Marketplace tax credit: that of the year before the year of coverage.

    From the day on which enrollment for the next year opens, that is the year of coverage
    (26 CFR 1.36B-1(h)).
    """
    record = book.states.get(state)
    start = record.exchange.open_enrollment_start if record and record.exchange else None
    opened = start is not None and start <= today and start.year == today.year
    year_before = today.year if opened else today.year - 1
    return poverty_guideline(book, state, dt.date(year_before, 12, 31))
