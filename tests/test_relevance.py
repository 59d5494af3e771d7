"""What is asked in the answer tier changes an answer, and what changes an answer is asked there."""

from __future__ import annotations

import random
from typing import Any

import pytest

from benchmarks.attack.relevance import made_up, tried
from rules import evaluate
from tests.how_often import often
from tests.strategies import BOOK, TODAY

SEED = 3


def test_every_open_answer_of_made_up_cases_is_tried() -> None:
    """Half of the cases are anything at all, half lie at the limits of a policy.

    What hangs on three unknowns at once is asked, and counts here as asked in vain.
    """
    found = [tried(made_up(SEED, n), random.Random(n), whole=False) for n in range(often(40))]
    inert = [x.inert for x in found if x.inert]
    missing = [x.missing for x in found if x.missing]
    assert len(inert) <= 2, inert
    assert len(missing) <= 1, missing


# --- by hand: what is asked, and beside it what is not --------------------------------------------------

UHC = {"kind": "employer", "payer": "unitedhealthcare"}
PERSON: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "stage": "exploring", "coverages": [UHC],
}  # fmt: skip
ALLERGY = {"health": {"ketamine_allergy": True}}
NO_PAYER = {"coverages": [{"kind": "employer"}]}
TRICARE = {"coverages": [{"kind": "tricare"}]}
DENIED = {
    "stage": "denied",
    "denial": {"notice_date": "2026-11-02", "coverage": 0, "treatment": "esketamine"},
}


def asked(**told: Any) -> set[str]:
    result = evaluate({**PERSON, **told}, TODAY, BOOK)
    return {q.field for q in result.questions if q.tier == "answer"}


@pytest.mark.parametrize(
    ("field", "told", "beside"),
    [
        # A point of the rule, until a limit of the label that is broken stands before all of them.
        ("treatments", {}, ALLERGY),
        ("provider.rems_certified", {}, ALLERGY),
        # Who pays the claims, where the general rule hangs on it; not where the insurer's own rule speaks.
        ("coverages[0].funding", NO_PAYER, {}),
        # A plan that may not have begun; public coverage that was told has.
        ("coverages[0].starts", {}, TRICARE),
        # Once the treatment runs, the renewal is what is asked for; nobody renews what no rule covers.
        ("treatment_status.started", {}, {"request": "im_ketamine", "diagnosis": "crps"}),
        # The day on which a request was sent, where one was.
        ("request_sent_date", {"stage": "request_pending"}, {}),
        # What a letter says, where there is one.
        ("denial.level", {**DENIED, "stage": "appeal_denied"}, DENIED),
        ("denial.reason", DENIED, {}),
        ("appeal.sent_date", DENIED, {}),
        # On active duty TRICARE pays before other plans; with no other there is no order to settle.
        ("coverages[0].active_duty", {"coverages": [{"kind": "tricare"}, UHC]}, TRICARE),
        # The label is for adults: an age may break it, unless the month of birth has told that it does not.
        ("age", {"age": None}, {"age": None, "birth_month": "1962-02"}),
        # Active work decides who pays first beside Medicare, and nothing where Medicare stands alone.
        ("coverages[0].active_employee", {"age": 67, "coverages": [UHC, {"kind": "medicare"}]},
         {"age": 67}),
    ],
)  # fmt: skip
def test_a_question_is_asked_where_it_can_change_an_answer(
    field: str, told: dict[str, Any], beside: dict[str, Any]
) -> None:
    assert field in asked(**told)
    assert field not in asked(**beside)


def test_money_is_no_question_of_an_answer() -> None:
    """What only sums hang on is told beside the sums: less is asked before the answer."""
    result = evaluate(PERSON, TODAY, BOOK)
    assert not [f for f in asked() if f.startswith("money.")]
    assert "money.deductible_left" in result.costs.missing
