"""Paying over time: the clinic's plan, a loan, a card with deferred interest.

`course` is what is to be paid for the first course, `year` for the first year: the whole price, or
what an insurance leaves of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from . import formulas as f
from .pick import NotKnownError, Sum
from .pick import Pick as P
from .recipes import YOU_PAY, Recipe


def payment_plan(course: Sum, year: Sum) -> Iterator[Recipe]:
    """The clinic's own plan: the course in equal parts, with a fee where it asks one."""
    yield Recipe(
        "monthly", "each_month", None,
        lambda p: f.payment_plan(course(p), p.down("plan_months"), p.up("plan_fee")),
    )  # fmt: skip
    yield Recipe(YOU_PAY, "first_course", None, lambda p: course(p) + p.up("plan_fee"))
    yield Recipe(YOU_PAY, "first_year", None, lambda p: year(p) + p.up("plan_fee"))


def _loan(p: P, course: Sum, longer_costs: bool) -> f.Loan:
    """A loan that leaves the price of the course in hand after the starting fee."""
    fee = p.up("loan_fee")
    if fee == f.ALL:
        raise NotKnownError("loan_fee")
    months = p.up("loan_months") if longer_costs else p.down("loan_months")
    return f.loan(course(p) / (f.ALL - fee), p.up("loan_rate"), months, fee)


def _cost_of_loan(p: P, course: Sum) -> Decimal:
    made = _loan(p, course, True)
    whole = made.total_interest + course(p) / (f.ALL - p.up("loan_fee"))
    return f.cents(whole) - course(p)


def loan(course: Sum, year: Sum) -> Iterator[Recipe]:
    """A personal loan for the first course."""
    formula = "loan_amortisation"
    yield Recipe("monthly", "each_month", formula, lambda p: _loan(p, course, False).payment)
    yield Recipe("interest", "once", formula, lambda p: _cost_of_loan(p, course))
    yield Recipe(YOU_PAY, "first_course", formula, lambda p: course(p) + _cost_of_loan(p, course))
    yield Recipe(YOU_PAY, "first_year", formula, lambda p: year(p) + _cost_of_loan(p, course))


def _card(p: P, course: Sum, late: bool) -> f.Card:
    """The offer as the person means to pay it; `late`: with the last payment missed."""
    purchase, months = course(p), p.down("promo_months")
    whole = int(months)
    monthly = f.safe_payment(purchase, Decimal(whole))
    if p.known("promo_payment"):
        return f.deferred_interest_card(
            purchase, p.up("promo_rate"), whole, p.down("promo_payment")
        )
    made = whole - 1 if late else whole
    return f.deferred_interest_card(purchase, p.up("promo_rate"), whole, monthly, made)


def card(course: Sum, year: Sum) -> Iterator[Recipe]:
    """A card with deferred interest: paid off in time it costs nothing more, else all the interest."""
    formula = "deferred_interest_trap"

    def interest(p: P) -> Decimal:
        return _card(p, course, p.high).back_interest

    yield Recipe(
        "safe_payment", "each_month", formula, lambda p: _card(p, course, False).safe_payment
    )
    yield Recipe("back_interest", "once", formula, lambda p: _card(p, course, True).back_interest)
    yield Recipe("owed_at_the_end", "once", formula, lambda p: _card(p, course, True).owed)
    yield Recipe(YOU_PAY, "first_course", formula, lambda p: course(p) + interest(p))
    yield Recipe(YOU_PAY, "first_year", formula, lambda p: year(p) + interest(p))
