"""How each way of paying is reckoned: which sums it shows and which assumptions they read.

A recipe only chooses assumptions and hands them to `formulas`; the arithmetic is there.
`P` stands for the reader of assumptions (see `pick`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from . import formulas as f
from .assumptions import Covered
from .formulas import MONTHS_IN_A_YEAR, NO_LIMIT, NONE
from .pick import NotKnownError, Sum
from .pick import Pick as P

Period = Literal["first_course", "first_year", "later_year", "each_month", "once"]
PERIODS: tuple[Period, ...] = ("first_course", "first_year", "later_year")
YOU_PAY = "you_pay"


@dataclass(frozen=True)
class Recipe:
    """One sum to show: what it is, for which time, by which formula record (None: plain law)."""

    what: str
    period: Period
    formula: str | None
    total: Sum


# --- what the treatment itself costs --------------------------------------------------------------------


def course(p: P, t: str) -> Decimal:
    """The first course with its evaluation, as the clinic charges it."""
    evaluation = p.up("evaluation")
    sessions = f"{t}.sessions"
    if not p.known(sessions) and p.has(f"{t}.course_price") and p.known(f"{t}.course_price"):
        return evaluation + p.up(f"{t}.course_price")
    return f.course_cost(p.up(sessions), p.up(f"{t}.price"), p.down("package_discount"), evaluation)


def upkeep_price(p: P, t: str) -> Decimal:
    """The price of an upkeep session: as told, else the told price of a session, else published."""
    own = f"{t}.maintenance_price"
    if p.has(own) and p.known(own) and (p.told(own) or not p.told(f"{t}.price")):
        return p.up(own)
    return p.up(f"{t}.price")


def upkeep_in_first_year(p: P, t: str) -> Decimal:
    """Upkeep sessions after the course: as told, or the first year's total without the course."""
    whole = f"{t}.first_year_sessions"
    if p.has(whole) and not p.told(f"{t}.maintenance_sessions") and p.known(whole):
        return max(NONE, p.up(whole) - p.up(f"{t}.sessions"))
    return p.up(f"{t}.maintenance_sessions")


def by_the_month(p: P, t: str) -> bool:
    """Lozenges at home are sold by the month unless sessions were told."""
    return p.has(f"{t}.month_price") and not p.told(f"{t}.sessions")


def first_year(p: P, t: str) -> Decimal:
    if by_the_month(p, t):
        return f.yearly_cost(
            p.up("evaluation"), Decimal(MONTHS_IN_A_YEAR), p.up(f"{t}.month_price")
        )
    return f.yearly_cost(course(p, t), upkeep_in_first_year(p, t), upkeep_price(p, t))


def later_year(p: P, t: str) -> Decimal:
    if by_the_month(p, t):
        return f.yearly_cost(NONE, Decimal(MONTHS_IN_A_YEAR), p.up(f"{t}.month_price"))
    return f.yearly_cost(NONE, p.up(f"{t}.maintenance_sessions"), upkeep_price(p, t))


def self_pay(t: str) -> Iterator[Recipe]:
    """Paying all of it."""
    yield Recipe(YOU_PAY, "first_course", "course_cost", lambda p: course(p, t))
    yield Recipe(YOU_PAY, "first_year", "course_cost", lambda p: first_year(p, t))
    yield Recipe(YOU_PAY, "later_year", "course_cost", lambda p: later_year(p, t))


# --- covers -----------------------------------------------------------------------------------------


def _visits(p: P, t: str, period: Period) -> Decimal:
    if period == "later_year":
        return p.up(f"{t}.maintenance_sessions")
    visits = p.up(f"{t}.sessions")
    return visits if period == "first_course" else visits + upkeep_in_first_year(p, t)


def _allowed(p: P, t: str, c: Covered) -> Decimal:
    """What the plan allows for a visit; where nobody knows it, the clinic's price stands in."""
    own = f"cover{c.index}.{t}.allowed"
    return p.up(own) if p.known(own) else p.up(f"{t}.price")


def _charges(p: P, t: str, c: Covered, period: Period) -> Decimal:
    """What the plan reckons with: visits at its price, the evaluation as one more visit."""
    allowed = f"cover{c.index}.{t}.allowed"
    if period == "first_course" and not p.known(f"{t}.sessions") and not p.known(allowed):
        return course(p, t)
    evaluation = NONE if period == "later_year" else p.up("evaluation")
    return evaluation + _visits(p, t, period) * _allowed(p, t, c)


def _deductible(p: P, c: Covered, period: Period, prefix: str = "") -> Decimal:
    """This year's deductible that is left; in a later year the whole one, never less than that."""
    left = p.up(f"cover{c.index}.{prefix}deductible_left")
    if period != "later_year":
        return left
    return max(left, p.up(f"cover{c.index}.{prefix}yearly_deductible"))


def _limit(p: P, c: Covered, period: Period) -> str:
    """The limit that holds in a period: what is left this year, the whole one in a later year.

    Where a person told only the whole limit of the plan, no more than that is left.
    """
    left, whole = f"cover{c.index}.out_of_pocket_left", f"cover{c.index}.yearly_limit"
    return whole if period == "later_year" or (not p.told(left) and p.told(whole)) else left


def plan_share(p: P, t: str, c: Covered, period: Period) -> Decimal:
    """What a plan leaves, if it agrees to pay."""
    limit = _limit(p, c, period)
    _ask_for_terms(p, c, limit)
    return f.in_network_share(
        _charges(p, t, c, period),
        _deductible(p, c, period),
        p.up(f"cover{c.index}.coinsurance"),
        p.limit(limit),
    ).you_pay


def _ask_for_terms(p: P, c: Covered, limit: str) -> None:
    """Without a yearly limit nothing can be said until deductible and coinsurance are known."""
    if p.known(limit):
        return
    for term in ("coinsurance", "deductible_left"):
        if not p.known(f"cover{c.index}.{term}"):
            raise NotKnownError(f"cover{c.index}.{term}")


def part_b_share(p: P, t: str, c: Covered, period: Period) -> Decimal:
    """What Part B leaves, with what Medigap or Medicaid takes of it."""
    pays_share = pays_deductible = NONE
    if c.medigap is not False:
        # Nobody said whether there is Medigap: the dearer end goes without it.
        counts = c.medigap is True or not p.high
        pays_share = p.down(f"cover{c.index}.medigap_pays_share") if counts else NONE
        pays_deductible = p.down(f"cover{c.index}.medigap_pays_deductible") if counts else NONE
    share = f.medicare_part_b_share(
        _charges(p, t, c, period),
        _deductible(p, c, period),
        p.up(f"cover{c.index}.coinsurance"),
        pays_share,
        pays_deductible,
        c.qmb,
    ).you_pay
    return NONE if c.medicaid_too and not p.high else share


@dataclass(frozen=True)
class MedicaidRules:
    """Medicaid's shares for one person: `share_above` holds above the poverty guideline."""

    above_line: bool
    share_above: Decimal | None
    family_cap_share: Decimal | None


def medicaid_part(p: P, t: str, c: Covered, period: Period, rules: MedicaidRules) -> Decimal:
    visits = _visits(p, t, period)
    copay = p.up(f"cover{c.index}.copay")
    if (
        rules.above_line
        and p.high
        and rules.share_above is not None
        and not p.told(f"cover{c.index}.copay")
    ):
        copay = max(copay, _allowed(p, t, c) * rules.share_above)
    cap = NO_LIMIT
    if rules.family_cap_share is not None and p.known("income"):
        cap = p.up("income") * rules.family_cap_share
    if visits and copay.is_infinite() and cap.is_infinite():
        raise NotKnownError(f"cover{c.index}.copay")
    return f.medicaid_share(visits, copay, cap)


def covered(t: str, c: Covered, rules: MedicaidRules) -> Iterator[Recipe]:
    """What is left to pay in each period if this cover pays."""
    for period in PERIODS:
        yield Recipe(YOU_PAY, period, _FORMULA.get(c.cover.shares), cover_sum(t, c, period, rules))


_FORMULA = {"plan": "oon_reimbursement"}


def cover_sum(t: str, c: Covered, period: Period, rules: MedicaidRules) -> Sum:
    """What a cover leaves to pay in a period, if it agrees."""
    if c.qmb:  # nobody may bill a person in QMB: 42 USC 1396a(n)(3)(B)
        return lambda p: NONE
    match c.cover.shares:
        case "plan":
            return lambda p: plan_share(p, t, c, period)
        case "medicare_part_b":
            return lambda p: part_b_share(p, t, c, period)
        case "medicaid":
            return lambda p: medicaid_part(p, t, c, period, rules)
        case "copay":
            return lambda p: f.copay_share(_visits(p, t, period), p.up(f"cover{c.index}.copay"))
        case _:
            return lambda p: NONE


# --- outside the network --------------------------------------------------------------------------------


def _claim(p: P, t: str, c: Covered, period: Period) -> f.OutOfNetwork:
    """A claim for the sessions of a period; the evaluation is left out of the claim.

    Nobody knows the allowed price until the plan says it: then the worst is that it allows nothing
    and the best that it allows the whole price.
    """
    price = p.up(f"{t}.price") if period == "first_course" else upkeep_price(p, t)
    visits = _visits(p, t, period)
    own = f"cover{c.index}.{t}.out_of_network_allowed"
    billed = visits * price
    if period == "first_year":
        in_course = p.up(f"{t}.sessions")
        billed = in_course * p.up(f"{t}.price") + (visits - in_course) * price
    if p.known(own):
        allowed = visits * p.down(own)
    else:
        allowed = NONE if p.high else billed
    return f.out_of_network_estimate(
        billed,
        allowed,
        _deductible(p, c, period, "out_of_network_"),
        p.up(f"cover{c.index}.out_of_network_coinsurance"),
        p.limit(f"cover{c.index}.out_of_network_limit_left"),
    )


def _claim_gain(p: P, t: str, c: Covered) -> Decimal:
    """What the plan pays back of the first course: more with a higher allowed price."""
    visits, price = p.up(f"{t}.sessions"), p.up(f"{t}.price")
    own = f"cover{c.index}.{t}.out_of_network_allowed"
    billed = visits * price
    allowed = visits * p.up(own) if p.known(own) else (billed if p.high else NONE)
    return f.out_of_network_estimate(
        billed,
        allowed,
        p.down(f"cover{c.index}.out_of_network_deductible_left"),
        p.down(f"cover{c.index}.out_of_network_coinsurance"),
        _lowest_limit(p, f"cover{c.index}.out_of_network_limit_left"),
    ).plan_pays


def _lowest_limit(p: P, ident: str) -> Decimal:
    return p.down(ident) if p.known(ident) else NO_LIMIT


def out_of_network(t: str, c: Covered) -> Iterator[Recipe]:
    """Pay first, claim part of it back."""
    formula = "oon_reimbursement"
    yield Recipe(
        "billed", "first_course", formula, lambda p: p.up(f"{t}.sessions") * p.up(f"{t}.price")
    )
    yield Recipe("plan_pays", "first_course", formula, lambda p: _claim_gain(p, t, c))
    for period in PERIODS:
        yield Recipe(YOU_PAY, period, formula, _out_of_network_sum(t, c, period))


def _out_of_network_sum(t: str, c: Covered, period: Period) -> Sum:
    def total(p: P) -> Decimal:
        evaluation = NONE if period == "later_year" else p.up("evaluation")
        return evaluation + _claim(p, t, c, period).you_pay

    return total


# --- the maker's programme ------------------------------------------------------------------------------


def savings_programme(t: str, c: Covered, rebate: bool) -> Iterator[Recipe]:
    """The plan's share of each visit, less the maker's card and, where valid, its rebate."""
    for period in PERIODS:
        yield Recipe(YOU_PAY, period, "spravato_card_year", _programme_sum(t, c, period, rebate))


def _programme_sum(t: str, c: Covered, period: Period, rebate: bool) -> Sum:
    def total(p: P) -> Decimal:
        allowed, stay = _parts(p, t, c)
        limit = _limit(p, c, period)
        _ask_for_terms(p, c, limit)
        deductible = _deductible(p, c, period)
        coinsurance = p.up(f"cover{c.index}.coinsurance")
        most = p.limit(limit)
        evaluation = NONE if period == "later_year" else p.up("evaluation")
        first = f.in_network_share(evaluation, deductible, coinsurance, most).you_pay
        terms = f.CardTerms(
            p.up("card_floor"),
            p.down("card_annual_max"),
            p.down("card_counts"),
            # "As little as": the dearer end goes without the rebate.
            p.up("stay_after_rebate") if rebate and not p.high else None,
        )
        return first + f.savings_programme_course(
            _visits(p, t, period), allowed - stay, stay, deductible - min(deductible, first),
            coinsurance, most - min(most, first), terms,
        ).you_pay  # fmt: skip

    return total


def _parts(p: P, t: str, c: Covered) -> tuple[Decimal, Decimal]:
    """The allowed price of a visit, and how much of it is the stay."""
    allowed = _allowed(p, t, c)
    own = f"{t}.stay_price"
    if p.known(own):
        return allowed, min(allowed, p.up(own))
    return allowed, allowed if p.high else NONE


# --- tax money ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TaxFacts:
    """`new_money`: whether money may still be put into an HSA (not with Medicare: 26 USC 223(b)(7)).

    Each None where nobody told: then both count, as the two ends. `older`: whether the age for the
    additional standard deduction has come; `alone`: a household of one.
    """

    new_money: bool | None
    catch_up: bool | None
    older: bool | None
    alone: bool


def _payroll(p: P) -> Decimal:
    """Payroll tax on the money set aside: above the wage base only the Medicare part."""
    both = p.up("social_security_rate") + p.up("medicare_tax_rate")
    surely_below = (
        p.known("income") and p.known("wage_base") and p.up("income") <= p.up("wage_base")
    )
    return both if surely_below or p.high else p.up("medicare_tax_rate")


def _saved(r: P, kind: str, facts: TaxFacts, amount: Decimal) -> Decimal:
    """Tax saved on an amount, with the rates, limits and income of `r`."""
    if kind == "tax_deduction":
        return _deducted(r, amount + r.up("medical_spending"), facts)
    if kind == "hsa" and not _holds(r, facts.new_money):
        return NONE
    if kind == "fsa":
        cap, payroll = r.up("fsa_limit"), _payroll(r)
    else:
        cap = r.up("hsa_limit") + (r.up("hsa_catch_up") if _holds(r, facts.catch_up) else NONE)
        payroll = _payroll(r) * r.up("hsa_through_payroll")
    return f.hsa_fsa_saving(amount, cap, r.up("tax_rate"), r.up("state_tax_rate"), payroll)


def _holds(r: P, told: bool | None) -> bool:
    """What raises a sum: where nobody told, it holds at the high end alone."""
    return r.high if told is None else told


def _standard_deduction(r: P, facts: TaxFacts) -> Decimal:
    """The standard deduction, with what is added from a certain age on: 26 USC 63(c) and (f).

    A number that the person gave holds as it is. In a family the least is that of one older person
    without a spouse, the most that of a couple who are both older.
    """
    told, standard = r.told("standard_deduction"), r.down("standard_deduction")
    older = not r.high if facts.older is None else facts.older
    if told or not older:
        return standard
    if facts.alone or r.high:
        return standard + r.down("older_deduction")
    return standard + 2 * r.down("older_deduction_married")


def _deducted(r: P, medical: Decimal, facts: TaxFacts) -> Decimal:
    standard = _standard_deduction(r, facts)
    # Above the standard deduction more of the others changes nothing.
    others = min(r.up("other_deductions"), standard)
    return f.tax_deduction(
        medical, r.down("income"), others, standard, r.up("tax_rate"), r.down("deduction_floor")
    ).saving


def _saved_on_treatment(r: P, kind: str, facts: TaxFacts, amount: Decimal) -> Decimal:
    """The part of the saving that this treatment brings on top of the other medical costs."""
    saved = _saved(r, kind, facts, amount)
    if kind != "tax_deduction":
        return saved
    return saved - _deducted(r, r.up("medical_spending"), facts)


def account(t: str, kind: str, facts: TaxFacts) -> Iterator[Recipe]:
    """The same price, paid with untaxed money (`hsa`, `fsa`) or deducted (`tax_deduction`)."""
    if kind == "tax_deduction":
        yield from _account(t, kind, "itemised_deduction_benefit", facts, "first_year", first_year)
        return
    if kind in ("hsa", "fsa"):
        yield from _account(t, kind, "hsa_fsa_tax_saving", facts, "first_course", course)
        yield from _account(t, kind, "hsa_fsa_tax_saving", facts, "first_year", first_year)
        yield from _account(t, kind, "hsa_fsa_tax_saving", facts, "later_year", later_year)


def _account(
    t: str,
    kind: str,
    formula: str,
    facts: TaxFacts,
    period: Period,
    price: Callable[[P, str], Decimal],
) -> Iterator[Recipe]:
    def after(p: P) -> Decimal:
        # What lowers the cost is read from its other end, over the same prices.
        other = p.other_end()
        amount = price(p, t)
        saved = _saved_on_treatment(other, kind, facts, amount)
        # A saving is rounded to the cent: it must not be more than what it is saved on.
        return max(NONE, f.cents(amount) - saved)

    yield Recipe("saving", period, formula, lambda p: _saved(p, kind, facts, price(p, t)))
    yield Recipe(YOU_PAY, period, formula, after)
