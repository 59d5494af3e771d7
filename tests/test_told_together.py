"""A list of tried treatments and the person's own counts tell one history: each keeps what it says."""

from __future__ import annotations

from typing import Any

import pytest

from rules import evaluate, read_case
from rules.facts.context import Facts
from rules.logic import Span
from tests.strategies import BOOK, TODAY
from wizard.counselor.presets import one_more_trial
from wizard.counselor.scenario import ScenarioChange
from wizard.counselor.scenarios import apply

MEDICINES, CLASSES = "antidepressants_failed", "antidepressant_classes_failed"
ADD_ONS, PAIN, TALK = "augmentations_failed", "pain_treatments_failed", "psychotherapy_tried"


def listed(treatment: str, outcome: str | None = "no_response", **told: Any) -> dict[str, Any]:
    full = {"weeks": 30, "daily_dose_mg": 9000, "current_episode": True}
    return {"treatment": treatment, "outcome": outcome, **full, **told}


def short(treatment: str) -> dict[str, Any]:
    return listed(treatment, weeks=1)


NOW = listed("sertraline", "ongoing")
PRIOR = listed("mirtazapine", "helped")
SSRI, SNRI = listed("citalopram"), listed("venlafaxine")


def read(fact: str, tried: list[dict[str, Any]] | None, counts: dict[str, Any]) -> Any:
    case = read_case({"treatments": tried, "treatment_counts": counts}, TODAY)
    return Facts(case, BOOK, TODAY).read(fact)


@pytest.mark.parametrize(
    ("fact", "tried", "counts", "value"),
    [
        # What goes on, or helped, takes nothing from a count.
        ("failed_antidepressants", [NOW], {MEDICINES: 4}, 4),
        ("failed_antidepressants", [PRIOR], {MEDICINES: 2}, 2),
        ("failed_antidepressant_classes", [NOW], {CLASSES: 3}, 3),
        ("failed_antidepressant_classes", [NOW], {MEDICINES: 4}, Span(1, 4)),
        ("failed_antidepressants_this_episode", [NOW], {MEDICINES: 4}, Span(0, 4)),
        ("failed_augmentations", [listed("lithium", "ongoing")], {ADD_ONS: 1}, 1),
        ("failed_pain_treatments", [listed("gabapentin", "ongoing")], {PAIN: 3}, 3),
        ("psychotherapy_tried", [listed("cbt", "contraindicated")], {TALK: True}, True),
        ("psychotherapy_tried", [listed("cbt", "ongoing")], {TALK: False}, True),
        # What is listed as failed is one of those counted.
        ("failed_antidepressants", [SSRI, NOW], {MEDICINES: 4}, 4),
        ("failed_antidepressants", [SSRI, SNRI], {MEDICINES: 1}, 2),
        ("failed_antidepressant_classes", [SSRI], {CLASSES: 3}, 3),
        ("failed_antidepressants_this_episode", [SSRI], {MEDICINES: 4}, Span(1, 4)),
        ("failed_pain_treatments", [listed("gabapentin")], {PAIN: 3}, 3),
        # What was too short may be one of them or not.
        ("failed_antidepressants", [short("venlafaxine")], {MEDICINES: 2}, Span(1, 2)),
        ("failed_antidepressants", [short("venlafaxine"), SSRI], {MEDICINES: 4}, Span(3, 4)),
        ("failed_antidepressant_classes", [short("venlafaxine")], {CLASSES: 2}, Span(1, 2)),
        ("failed_augmentations", [short("lithium")], {ADD_ONS: 2}, Span(1, 2)),
        ("failed_antidepressants", [listed("venlafaxine", None)], {MEDICINES: 2}, Span(1, 2)),
        # Where as many are listed that were no full trials, they are those counted: detail wins.
        ("failed_antidepressants", [short("venlafaxine")], {MEDICINES: 1}, 0),
        ("failed_antidepressants", [short("venlafaxine"), short("citalopram")], {MEDICINES: 2}, 0),
        ("failed_antidepressants", [short("venlafaxine"), SSRI], {MEDICINES: 1}, 1),
        # A medicine listed under another use takes nothing from the antidepressants counted.
        ("failed_antidepressants", [listed("amitriptyline_pain", daily_dose_mg=25)], {MEDICINES: 2}, 2),
        # Where only the classes were counted there are as many medicines at least.
        ("failed_antidepressants", [NOW], {CLASSES: 3}, Span(3, 100)),
        # Either alone, as ever.
        ("failed_antidepressants", [SSRI, short("venlafaxine")], {}, 1),
        ("failed_antidepressants", None, {MEDICINES: 4}, 4),
        ("failed_antidepressants", [], {}, 0),
    ],
)  # fmt: skip
def test_the_list_and_the_counts_are_told_together(
    fact: str, tried: list[dict[str, Any]] | None, counts: dict[str, Any], value: Any
) -> None:
    assert read(fact, tried, counts).value == value


def test_what_the_count_leaves_open_the_list_would_tell() -> None:
    reading = read("failed_antidepressants", [short("venlafaxine")], {MEDICINES: 2})
    assert reading.missing == ("treatments",)
    assert set(reading.because) == {"treatments[0]", f"treatment_counts.{MEDICINES}"}


def test_nothing_listed_makes_a_count_less_than_it_is_with_an_empty_list() -> None:
    """Whatever became of one more medicine, it leaves the count possible."""
    for outcome in ("ongoing", "helped", "no_response", "not_tolerated", "contraindicated", None):
        for weeks in (None, 1, 30):
            value = read("failed_antidepressants", [listed("sertraline", outcome, weeks=weeks)],
                         {MEDICINES: 4}).value  # fmt: skip
            assert (value.high if isinstance(value, Span) else value) >= 4


@pytest.mark.parametrize("tried", [[NOW], [SSRI], None])
def test_one_more_trial_is_one_more_however_the_history_was_told(tried: Any) -> None:
    """The counselor's starter, where a list and a count were told."""
    case = {"treatments": tried, "treatment_counts": {MEDICINES: 1}}
    before = read("failed_antidepressants", tried, case["treatment_counts"]).value
    edits: tuple[ScenarioChange, ...] = one_more_trial(case, BOOK, TODAY)
    after = apply(case, edits, BOOK)
    value = read("failed_antidepressants", after["treatments"], after["treatment_counts"]).value
    assert value == before + 1


def test_a_number_with_no_known_end_is_told_as_such() -> None:
    case = {"request": "esketamine", "diagnosis": "treatment_resistant_depression",
            "coverages": [{"kind": "employer", "payer": "cigna", "funding": "self_funded"}],
            "treatments": [NOW], "treatment_counts": {CLASSES: 3}}  # fmt: skip
    paths = {p.id: p for p in evaluate(case, TODAY).paths}
    criteria = {c.id: c for c in paths["employer.cigna.esketamine.prior_authorization"].criteria}
    found = criteria["failed_antidepressants"]
    assert (found.value, found.answer) == ("met", "3 or more")
