"""The last days of a level of appeal: when it is too late, whose limit counts, by when care is kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from rules.engine.deadlines import (
    level_days,
    level_readings,
)  # fmt: skip
from rules.engine.paths import KeepDay
from rules.engine.state_levels import in_state
from rules.schema.appeals import ClockReading, KeepCare
from tests.strategies import BOOK
from tests.test_judging import LEVEL, D, reading, seen

# --- when it is too late --------------------------------------------------------------------------

PART_B = BOOK.programs["medicare_part_b"]


@pytest.mark.parametrize(
    ("readings", "notice", "received", "late", "ahead", "needs"),
    [
        ((reading(30),), "2026-10-01", "2026-10-05", True, False, ()),
        ((reading(54),), "2026-10-01", "2026-10-05", False, True, ()),  # the last day is today
        ((reading(53),), "2026-10-01", "2026-10-05", True, False, ()),
        ((reading(30), reading(180)), "2026-10-01", "2026-10-05", False, False, ()),
        ((reading(30), reading(60, counted_from="other")), "2026-10-01", "2026-10-05", False, False, ()),
        ((reading(30),), "2026-10-01", None, False, False, ("denial.received_date",)),
        ((reading(30, receipt_presumed_after_days=5),), "2026-10-01", None, False, False,
         ("denial.received_date",)),
        ((reading(60, receipt_presumed_after_days=5),), "2026-10-01", None, False, True, ()),
        ((reading(30, counted_from="notice"),), "2026-10-01", None, True, False, ()),
        ((reading(30),), None, None, False, True, ("denial.notice_date",)),
    ],
)  # fmt: skip
def test_a_level_is_late_only_when_every_way_of_counting_has_run_out(
    readings: tuple[ClockReading, ...], notice: str | None, received: str | None, late: bool, ahead: bool,
    needs: tuple[str, ...],
) -> None:  # fmt: skip
    told = {"notice_date": notice, "received_date": received, "urgent": False}
    denial = {name: value for name, value in told.items() if value is not None}
    level = LEVEL.model_copy(
        update={"file_within": readings, "state_limit": None, "keep_care": None}
    )
    found = level_days(seen(denial=denial), level, PART_B)
    assert (found.late, found.ahead, found.needs, found.keep) == (late, ahead, needs, None)
    assert len(found.days) == (
        sum(r.clock.counted_from != "other" for r in readings) if notice else 0
    )
    assert found.arrives is False
    arriving = level.model_copy(update={"counts_on": "arrival"})
    assert level_days(seen(denial=denial), arriving, PART_B).arrives is True


@pytest.mark.parametrize(
    ("state", "funding", "expected", "complete"),
    [
        ("CA", "fully_insured", [(6, "months")], True),
        ("CA", "self_funded", [(4, "months"), (4, "months")], True),
        ("CA", None, [(4, "months"), (4, "months"), (6, "months")], True),
        ("OH", "fully_insured", [(180, "days")], True),
        ("CT", "fully_insured", [(120, "days")], True),
        ("CT", "self_funded", [(4, "months"), (4, "months")], True),
        (None, "fully_insured", [(4, "months"), (4, "months")], False),
    ],
)
def test_the_limit_of_the_states_own_review(
    state: str | None, funding: str | None, expected: list[tuple[int, str]], complete: bool
) -> None:
    cover = {"kind": "employer", **({"funding": funding} if funding else {})}
    facts = seen(coverages=[cover], **({"state": state} if state else {}))
    levels = {level.id: level for level in BOOK.appeal_processes["commercial_aca"].levels}
    program = BOOK.programs["employer_fully_insured"]
    found, whole = level_readings(facts, levels["external_review"], program)
    assert [(r.clock.number, r.clock.unit) for r in found] == expected
    assert whole is complete
    to_plan, _ = level_readings(facts, levels["internal_appeal"], program)
    assert {r.clock.number for r in to_plan} == {180}


def test_a_states_limit_that_nobody_checked_stands_beside_the_general_one() -> None:
    review = BOOK.states["CA"].external_review
    assert review is not None
    unchecked = review.file_within[0].model_copy(update={"confidence": "recalled"})
    own = review.model_copy(
        update={"file_within": (unchecked,), "appeal_to_plan_within": (reading(60),)}
    )
    state = BOOK.states["CA"].model_copy(update={"external_review": own})
    facts = seen(state="CA")
    facts.book = SimpleNamespace(states={"CA": state})  # type: ignore[assignment]
    levels = {level.id: level for level in BOOK.appeal_processes["commercial_aca"].levels}
    program = BOOK.programs["employer_fully_insured"]
    facts["state_regulated"] = True
    found, _ = level_readings(facts, levels["external_review"], program)
    assert [(r.clock.number, r.confidence == "recalled") for r in found] == [
        (4, False),
        (4, False),
        (6, True),
    ]
    found, _ = level_readings(facts, levels["internal_appeal"], program)
    assert [r.clock.number for r in found] == [180, 180, 180, 60]


CARE = KeepCare.model_validate(
    {"says": "Ask.", "days_from_notice": 10, "change": "until_change", "if_late": "Ask at once.", "source": "s",
     "confidence": "sourced"}
)  # fmt: skip
FROM_CHANGE = {"days_from_notice": None, "change": "before_change"}
RUNS = {"notice_date": "2026-11-20", "continuing_treatment": True}
CHANGE = {"effective_date": "2026-12-05"}
ENDS = {"authorization": {"end": "2026-12-06"}}


@pytest.mark.parametrize(
    ("care", "denial", "more", "expected", "needs"),
    [
        ({}, {"notice_date": "2026-11-20"}, {}, None, {"denial.continuing_treatment"}),
        ({}, {**RUNS, "continuing_treatment": False}, {}, None, set()),
        ({}, RUNS, {}, (D(2026, 11, 30), D(2026, 11, 20), "from_notice"), {"denial.effective_date", "authorization.end"}),
        ({}, {**RUNS, **CHANGE}, {}, (D(2026, 12, 5), D(2026, 12, 5), "change_starts"), set()),
        ({}, {**RUNS, "effective_date": "2026-11-24"}, {}, (D(2026, 11, 30), D(2026, 11, 20), "from_notice"), set()),
        ({}, RUNS, ENDS, (D(2026, 12, 6), D(2026, 12, 6), "approval_ends"), {"denial.effective_date"}),
        ({}, {**RUNS, **CHANGE}, ENDS, (D(2026, 12, 5), D(2026, 12, 5), "change_starts"), set()),
        (FROM_CHANGE, {**RUNS, **CHANGE}, {}, (D(2026, 12, 4), D(2026, 12, 5), "change_starts"), set()),
        ({"change": "before_change"}, {**RUNS, "effective_date": "2026-11-24"}, {},
         (D(2026, 11, 23), D(2026, 11, 24), "change_starts"), set()),
        (FROM_CHANGE, RUNS, {}, (None, None, "unknown"), {"denial.effective_date", "authorization.end"}),
    ],
)  # fmt: skip
def test_by_when_to_ask_that_care_goes_on(
    care: dict[str, Any],
    denial: dict[str, Any],
    more: dict[str, Any],
    expected: Any,
    needs: set[str],
) -> None:
    own = CARE.model_copy(update=care)
    level = LEVEL.model_copy(
        update={"file_within": (reading(60),), "state_limit": None, "keep_care": own}
    )
    found = level_days(
        seen(denial={**denial, "received_date": "2026-11-21"}, **more), level, PART_B
    )
    assert found.keep == (None if expected is None else KeepDay(*expected, own))
    assert set(found.needs) == needs


def test_a_states_review_of_medicaid_brings_its_own_days() -> None:
    process = next(
        p for p in BOOK.appeal_processes.values()
        if any(level.state_limit == "medicaid_outside_review" for level in p.levels)
    )  # fmt: skip
    states = {
        code: state.medicaid.outside_review
        for code, state in BOOK.states.items()
        if state.medicaid is not None and state.medicaid.outside_review is not None
    }
    assert states
    for code, own in states.items():
        found = in_state(seen(state=code), process)
        (level,) = (v for v in found.levels if v.state_limit == "medicaid_outside_review")
        fast, usual = level.decision.expedited, level.decision.standard_before_service
        assert (fast is None) is (own.expedited_hours is None)
        assert fast is None or own.expedited_hours in (fast.number, (fast.number or 0) * 24)
        assert (usual is None) is (own.standard_decision_days is None)
        assert usual is None or usual.number == own.standard_decision_days
        assert level.file_within == own.file_within
    elsewhere = in_state(seen(state="WY"), process)
    assert "WY" not in states
    assert all(level.state_limit != "medicaid_outside_review" for level in elsewhere.levels)
