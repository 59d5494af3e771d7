"""The sums, one idea a function: numbers in, numbers out, in decimals.

Each names the law, policy or formula record that it follows. No rate, price, limit or threshold
stands here: they come in as arguments, from the case or the rule book. Results are rounded to the
cent, half up; nothing is rounded on the way. A limit that does not exist is `NO_LIMIT`.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
NONE = Decimal(0)
ALL = Decimal(1)
NO_LIMIT = Decimal("Infinity")
MONTHS_IN_A_YEAR = 12


def cents(amount: Decimal) -> Decimal:
    """An amount to the cent, half a cent up."""
    return amount if amount.is_infinite() else amount.quantize(CENT, ROUND_HALF_UP)


def visits_cost(visits: Decimal, each: Decimal) -> Decimal:
    """What visits come to; none cost nothing, whatever one would (its price may have no limit)."""
    return visits * each if visits else NONE


class Share(NamedTuple):
    """How a charge is divided between a person and a plan."""

    you_pay: Decimal
    plan_pays: Decimal


class OutOfNetwork(NamedTuple):
    """An out-of-network claim: `balance` is what is billed above the plan's own price."""

    billed: Decimal
    allowed: Decimal
    plan_pays: Decimal
    balance: Decimal
    you_pay: Decimal


class Help(NamedTuple):
    """A year with a savings programme."""

    you_pay: Decimal
    programme_pays: Decimal


class Loan(NamedTuple):
    payment: Decimal
    total_interest: Decimal
    net_received: Decimal


class Card(NamedTuple):
    """A deferred-interest offer on the day it ends; `owed` is balance and back interest."""

    balance_left: Decimal
    back_interest: Decimal
    owed: Decimal
    safe_payment: Decimal


class Deduction(NamedTuple):
    deductible_medical: Decimal
    saving: Decimal


# --- the price ------------------------------------------------------------------------------------


def course_cost(
    sessions: Decimal, price: Decimal, package_discount: Decimal = NONE, evaluation: Decimal = NONE
) -> Decimal:
    """A first course without insurance: evaluation + sessions x price x (1 - discount).

    Source: formula record `course_cost` (its first two terms).
    """
    return cents(evaluation + sessions * price * (ALL - package_discount))


def yearly_cost(
    first_course: Decimal, upkeep_sessions: Decimal, upkeep_price: Decimal, other: Decimal = NONE
) -> Decimal:
    """A year: the first course (nothing in later years), the upkeep sessions, anything else.

    Source: formula record `course_cost` (its last two terms).
    """
    return cents(first_course + upkeep_sessions * upkeep_price + other)


# --- what a cover leaves to the person ----------------------------------------------------------------


def _share(
    charges: Decimal, deductible_left: Decimal, coinsurance: Decimal, out_of_pocket_left: Decimal
) -> Decimal:
    deductible = min(charges, deductible_left)
    return min(deductible + (charges - deductible) * coinsurance, out_of_pocket_left)


def in_network_share(
    charges: Decimal,
    deductible_left: Decimal,
    coinsurance: Decimal,
    out_of_pocket_left: Decimal = NO_LIMIT,
) -> Share:
    """Deductible first, then coinsurance, never above the yearly limit that is left.

    Source: the plan's terms as the Summary of Benefits states them; the yearly limit is that of
    42 USC 18022(c) and 300gg-6(b). The steps are those of formula record `oon_reimbursement`
    where nothing is billed above the allowed price.
    """
    you_pay = cents(_share(charges, deductible_left, coinsurance, out_of_pocket_left))
    return Share(you_pay, cents(charges) - you_pay)


def out_of_network_estimate(
    billed: Decimal,
    allowed: Decimal,
    deductible_left: Decimal,
    coinsurance: Decimal,
    out_of_pocket_left: Decimal = NO_LIMIT,
    covered: bool = True,
) -> OutOfNetwork:
    """What a claim outside the network may bring, and what is left to the person.

    The plan reckons with its allowed price; what is billed above it is the person's, and counts
    toward no deductible or limit. Nothing is paid where the service is not covered.
    Source: formula record `oon_reimbursement`.
    """
    used = min(billed, allowed) if covered else NONE
    share = cents(_share(used, deductible_left, coinsurance, out_of_pocket_left))
    balance = cents(billed) - cents(used)
    return OutOfNetwork(cents(billed), cents(used), cents(used) - share, balance, share + balance)


def medicare_part_b_share(
    approved: Decimal,
    deductible_left: Decimal,
    coinsurance: Decimal,
    medigap_pays_share: Decimal = NONE,
    medigap_pays_deductible: Decimal = NONE,
    qmb: bool = False,
) -> Share:
    """Part B: the deductible, then the coinsurance on the approved amount, without a yearly limit.

    Medigap pays a part (0 to 1) of the coinsurance and, in few plans, of the deductible. A
    Qualified Medicare Beneficiary may not be billed at all.
    Source: 42 USC 1395l(a)(1) and (b); 42 USC 1395ss for Medigap; 42 USC 1396a(n)(3)(B) for QMB.
    """
    deductible = min(approved, deductible_left)
    coins = (approved - deductible) * coinsurance
    left = deductible * (ALL - medigap_pays_deductible) + coins * (ALL - medigap_pays_share)
    you_pay = NONE if qmb else cents(left)
    return Share(you_pay, cents(approved) - you_pay)


def medicaid_share(
    visits: Decimal, copay: Decimal, family_cap: Decimal = NO_LIMIT, exempt: bool = False
) -> Decimal:
    """A small copay for each visit, never above the cap on what a family pays; some pay nothing.

    Source: 42 CFR 447.52 to 447.56.
    """
    return NONE if exempt else cents(min(visits_cost(visits, copay), family_cap))


def copay_share(visits: Decimal, copay: Decimal) -> Decimal:
    """A fixed copay for each visit (VA: 38 CFR 17.108)."""
    return cents(visits_cost(visits, copay))


# --- the maker's programme -------------------------------------------------------------------------


def programme_help(share: Decimal, floor: Decimal, left: Decimal) -> Decimal:
    """What the programme pays of one treatment: the share above the floor, while money is left.

    Source: formula record `spravato_card_year`.
    """
    return min(max(NONE, share - floor), left)


def esketamine_savings_programme(
    treatments: int,
    plan_share: Decimal,
    floor: Decimal,
    annual_max: Decimal,
    government_cover: bool = False,
) -> Help:
    """A year with the maker's card where the plan's share is the same at each treatment.

    Never with government cover: 42 USC 1320a-7b(b) and the programme's own terms.
    Source: formula record `spravato_card_year`.
    """
    left = NONE if government_cover else annual_max
    paid = helped = NONE
    for _ in range(treatments):
        help_now = programme_help(plan_share, floor, left)
        left, helped, paid = left - help_now, helped + help_now, paid + plan_share - help_now
    return Help(cents(paid), cents(helped))


class CardTerms(NamedTuple):
    """The maker's programme: `counted` is the part of its money (0 to 1) that the plan counts.

    With a copay accumulator `counted` is 0. `stay_after_rebate` is what a stay costs after the
    rebate; None where there is no rebate (not in every state).
    """

    floor: Decimal
    annual_max: Decimal
    counted: Decimal
    stay_after_rebate: Decimal | None = None


def savings_programme_course(
    treatments: Decimal,
    drug: Decimal,
    stay: Decimal,
    deductible_left: Decimal,
    coinsurance: Decimal,
    out_of_pocket_left: Decimal,
    terms: CardTerms,
) -> Help:
    """Treatment by treatment: the plan's share of drug and stay, the card on the drug, the rebate.

    The share falls as the deductible is met. A part of a treatment (a range's middle) counts as
    that part. Source: formula record `spravato_card_year` and its caveats (accumulator; the cost
    of the stay is separate).
    """
    deductible, limit, left = deductible_left, out_of_pocket_left, terms.annual_max
    paid = helped = NONE
    remaining = treatments
    while remaining > 0 and limit > 0:  # once the yearly limit is reached, all else is the plan's
        part = min(ALL, remaining)
        remaining -= part
        for charge, is_drug in ((drug * part, True), (stay * part, False)):
            share = _share(charge, deductible, coinsurance, limit)
            if is_drug:
                help_now = programme_help(share, terms.floor * part, left)
                left -= help_now
                counted = share - help_now * (ALL - terms.counted)
            else:
                kept = terms.stay_after_rebate
                help_now = NONE if kept is None else max(NONE, share - kept * part)
                counted = share
            paid, helped = paid + share - help_now, helped + help_now
            deductible -= min(deductible, charge, counted)
            limit -= min(limit, counted)
    return Help(cents(paid), cents(helped))


# --- tax money ---------------------------------------------------------------------------------------


def hsa_fsa_saving(
    amount: Decimal,
    cap: Decimal,
    federal: Decimal,
    state: Decimal = NONE,
    payroll: Decimal = NONE,
) -> Decimal:
    """Tax saved on what is paid from an HSA or FSA, up to the year's limit.

    `payroll` only for money that goes in through payroll.
    Source: formula record `hsa_fsa_tax_saving`; 26 USC 223(b) (HSA), 26 USC 125(i) (FSA).
    """
    return cents(min(amount, cap) * min(ALL, federal + state + payroll))


def tax_deduction(
    medical: Decimal,
    income: Decimal,
    other_itemized: Decimal,
    standard_deduction: Decimal,
    rate: Decimal,
    floor: Decimal,
) -> Deduction:
    """What the medical deduction is worth: usually nothing, since the standard deduction is larger.

    Only costs above `floor` (a share of adjusted gross income) count, and only what itemizing
    brings above the standard deduction saves tax.
    Source: formula record `itemised_deduction_benefit`; 26 USC 213(a), 63(b) and (c).
    """
    deductible = max(NONE, medical - floor * income)
    itemized = max(other_itemized + deductible, standard_deduction)
    saving = rate * (itemized - max(other_itemized, standard_deduction))
    return Deduction(cents(deductible), cents(saving))


# --- paying over time ---------------------------------------------------------------------------------


def payment_plan(amount: Decimal, months: Decimal, fee: Decimal = NONE) -> Decimal:
    """The monthly part of a plan without interest; a fee is spread with it.

    Source: plain arithmetic; the record of the clinic's payment plan says what to ask.
    """
    return cents((amount + fee) / months)


def loan(
    principal: Decimal, rate: Decimal, months: Decimal, origination_fee: Decimal = NONE
) -> Loan:
    """A loan in fixed monthly parts at a yearly `rate`.

    Source: formula record `loan_amortisation`.
    """
    monthly = rate / MONTHS_IN_A_YEAR
    if monthly == 0:
        payment = principal / months
    else:
        payment = principal * monthly / (ALL - (ALL + monthly) ** -months)
    return Loan(
        cents(payment),
        cents(payment * months - principal),
        cents(principal * (ALL - origination_fee)),
    )


def deferred_interest_card(
    purchase: Decimal,
    rate: Decimal,
    promo_months: int,
    monthly_payment: Decimal,
    payments: int | None = None,
) -> Card:
    """ "No interest if paid in full": what is owed on the day the offer ends.

    Interest runs from the purchase and is dropped only where the balance is nothing at the end.
    `payments`: how many of the monthly payments are made (None: all).
    Source: formula record `deferred_interest_trap`. Issuers add interest daily, so the real
    back interest is slightly higher.
    """
    balance, accrued = purchase, NONE
    made = promo_months if payments is None else payments
    for month in range(promo_months):
        accrued += balance * rate / MONTHS_IN_A_YEAR
        balance = max(NONE, balance - (monthly_payment if month < made else NONE))
    back = cents(accrued) if balance > 0 else NONE
    left = cents(balance)
    return Card(left, back, left + back, safe_payment(purchase, Decimal(promo_months)))


def safe_payment(purchase: Decimal, promo_months: Decimal) -> Decimal:
    """The monthly payment, up to the cent above, that clears a deferred-interest balance in time.

    Source: formula record `deferred_interest_trap`.
    """
    return (purchase / promo_months).quantize(CENT, ROUND_CEILING)


# --- disputes and differences -------------------------------------------------------------------------


def can_dispute_bill(
    billed: Decimal,
    estimate: Decimal,
    days_since_first_bill: int,
    threshold: Decimal,
    within_days: int,
) -> bool:
    """Whether a bill is far enough above its good faith estimate, and the dispute in time.

    Source: formula record `gfe_dispute_test`; 45 CFR 149.620.
    """
    return billed - estimate >= threshold and days_since_first_bill <= within_days


def difference(
    one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]
) -> tuple[Decimal, Decimal]:
    """How much less `one` costs than `other`, lowest and highest, where nothing links the two."""
    return other[0] - one[1], other[1] - one[0]
