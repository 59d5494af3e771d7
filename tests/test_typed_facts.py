"""Each derived fact, as typed: its value, the answers it rests on, and those that would settle it.

`typed_facts.yaml` holds a fact's readings, both sides of each limit; below stand the trials of a
medicine with the word for why each counts or not, and the words that a diagnosis may go by.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules import read_case
from rules.case import TriedTreatment
from rules.facts.context import COUNTED, Facts
from rules.facts.diagnosis import SUICIDALITY
from rules.facts.trials import judge_trial
from rules.logic import Span
from rules.schema.policies import NO_STANDARD, TrialStandard
from tests.example_model import TODAY, plain
from tests.strategies import BOOK

TYPED: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("typed_facts.yaml").read_text(encoding="utf-8")
)


def _facts(case: dict[str, Any], today: dt.date = TODAY, of: int | None = None) -> Facts:
    root = Facts(read_case(plain(case), today), BOOK, today)
    return root if of is None else root.for_coverage(of)


@pytest.mark.parametrize("fact", TYPED)
def test_a_fact_is_what_was_typed(fact: str) -> None:
    for typed in TYPED[fact]:
        of = typed.get("of")
        facts = _facts(typed["case"], typed.get("today", TODAY), of)
        if fact in COUNTED:
            facts = facts.for_coverage(of)
        reading = facts.read(fact)
        value = reading.value
        found = {
            "value": [value.low, value.high] if isinstance(value, Span) else value,
            "because": set(reading.because),
            "missing": set(reading.missing),
        }
        assert found == {
            "value": typed["value"],
            "because": set(typed.get("because", ())),
            "missing": set(typed.get("missing", ())),
        }, typed


# --- the words of a diagnosis -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("diagnosis", "thoughts", "known", "possible"),
    [
        ("major_depression", "active", True, True),
        ("major_depression", "passive", False, True),
        ("major_depression", None, False, True),
        ("major_depression", "none", False, False),
        ("migraine", "active", False, False),
        (None, "none", False, True),
    ],
)
def test_what_a_rule_on_suicidality_may_speak_of(
    diagnosis: str | None, thoughts: str | None, known: bool, possible: bool
) -> None:
    told = {"diagnosis": diagnosis, "suicidal_thoughts": thoughts}
    reading = _facts({k: v for k, v in told.items() if v}).read("indication")
    assert (SUICIDALITY in reading.value.known) is known
    assert (SUICIDALITY in reading.value.possible) is possible


# --- whether a trial counts, and the word for why ---------------------------------------------

FULL = {"treatment": "sertraline", "weeks": 8, "daily_dose_mg": 100, "outcome": "no_response",
        "current_episode": True}  # fmt: skip
EIGHT = {"min_weeks": 8}


@pytest.mark.parametrize(
    ("changed", "standard", "state", "counts", "why", "missing"),
    [
        ({}, {}, None, True, "counts", ()),
        ({"outcome": None}, {}, None, None, "outcome_unknown", ("outcome",)),
        ({"outcome": "helped"}, {}, None, False, "helped", ()),
        ({"outcome": "ongoing"}, {}, None, False, "ongoing", ()),
        ({"outcome": "not_tolerated"}, {}, None, None, "intolerance_open", ()),
        ({"outcome": "not_tolerated"}, {"intolerance": "counts"}, None, True, "intolerance", ()),
        ({"outcome": "not_tolerated"}, {"intolerance": "does_not_count"}, None, False, "intolerance", ()),
        ({"outcome": "contraindicated"}, {"contraindicated": "counts"}, None, True, "contraindicated", ()),
        ({"outcome": "contraindicated"}, {"intolerance": "counts"}, None, None, "contraindicated_open", ()),
        ({"outcome": "partial_response"}, {}, None, True, "counts", ()),
        ({"outcome": "partial_response"}, {"partial_response": "does_not_count"}, None, False,
         "partial_response", ()),
        ({"outcome": "partial_response", "weeks": 9}, {**EIGHT, "partial_min_weeks": 10}, None, False,
         "too_short", ()),
        ({"outcome": "partial_response", "weeks": 10}, {**EIGHT, "partial_min_weeks": 10}, None, True,
         "counts", ()),
        ({"weeks": None}, {}, None, None, "weeks_unknown", ("weeks",)),
        ({"weeks": 8}, EIGHT, None, True, "counts", ()),
        ({"weeks": 7}, EIGHT, None, False, "too_short", ()),
        ({"weeks": 7}, {**EIGHT, "open_from_weeks": 6}, None, None, "short_open", ()),
        ({"weeks": 6}, {**EIGHT, "open_from_weeks": 6}, None, None, "short_open", ()),
        ({"weeks": 5}, {**EIGHT, "open_from_weeks": 6}, None, False, "too_short", ()),
        ({"weeks": 5}, {**EIGHT, "by_state": (("CT", 4),)}, None, None, "weeks_by_state", ("state",)),
        ({"weeks": 5}, {**EIGHT, "by_state": (("CT", 4),)}, "CT", True, "counts", ()),
        ({"weeks": 3}, {**EIGHT, "by_state": (("CT", 4),)}, "CT", False, "too_short", ()),
        ({"weeks": 5}, {**EIGHT, "by_state": (("CT", 4),)}, "OH", False, "too_short", ()),
        ({"weeks": 9}, {**EIGHT, "by_state": (("CT", 10),)}, None, None, "weeks_by_state", ("state",)),
        ({"daily_dose_mg": None}, {}, None, None, "dose_unknown", ("daily_dose_mg",)),
        ({"daily_dose_mg": 49}, {}, None, False, "dose_too_low", ()),
        ({"daily_dose_mg": 50}, {}, None, True, "counts", ()),
        ({"current_episode": False}, {"current_episode": True}, None, False, "earlier_episode", ()),
        ({"current_episode": None}, {"current_episode": True}, None, None, "episode_unknown",
         ("current_episode",)),
        ({"current_episode": False}, {}, None, None, "earlier_episode_open", ()),
        ({"current_episode": None}, {}, None, None, "episode_unknown", ("current_episode",)),
        ({"current_episode": False}, {"current_episode": False}, None, True, "counts", ()),
        ({"years_ago": 5}, {"lookback_years": 5}, None, True, "counts", ()),
        ({"years_ago": 6}, {"lookback_years": 5}, None, False, "too_long_ago", ()),
        ({}, {"lookback_years": 5}, None, True, "counts", ()),
        ({"current_episode": False}, {"lookback_years": 5, "current_episode": False}, None, None,
         "years_unknown", ("years_ago",)),
        ({"weeks": None, "daily_dose_mg": None}, {}, None, None, "weeks_unknown",
         ("weeks", "daily_dose_mg")),
        ({"weeks": None, "daily_dose_mg": 10}, {}, None, False, "dose_too_low", ()),
        ({"treatment": "lithium", "daily_dose_mg": 900}, {"add_ons": ("aripiprazole",)}, None, False,
         "add_on_not_listed", ()),
        ({"treatment": "lithium", "daily_dose_mg": 900}, {"add_ons": ("lithium",)}, None, True,
         "counts", ()),
        ({"treatment": "lithium", "daily_dose_mg": 900, "weeks": 3}, {**EIGHT, "add_on_min_weeks": 3},
         None, True, "counts", ()),
        ({"treatment": "lithium", "daily_dose_mg": 900, "weeks": 2}, {**EIGHT, "add_on_min_weeks": 3},
         None, False, "too_short", ()),
        ({"weeks": 3}, {**EIGHT, "add_on_min_weeks": 3}, None, False, "too_short", ()),
    ],
)  # fmt: skip
def test_a_trial_counts_or_not_for_a_reason(
    changed: dict[str, Any], standard: dict[str, Any], state: str | None, counts: bool | None, why: str,
    missing: tuple[str, ...],
) -> None:  # fmt: skip
    told = TriedTreatment.model_validate(
        {k: v for k, v in (FULL | changed).items() if v is not None}
    )
    asked = NO_STANDARD.model_copy(update=standard) if standard else NO_STANDARD
    assert isinstance(asked, TrialStandard)
    judged = judge_trial(
        told, BOOK.treatments[told.treatment], asked, BOOK.default_trial, "here", state
    )
    places = tuple(m if m == "state" else f"here.{m}" for m in missing)
    assert (judged.counts, judged.why, judged.missing) == (counts, why, places)
