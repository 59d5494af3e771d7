"""Every number of a record stands a second time in `tests/numbers/`: a slip of a finger is told.

A number that is corrected in a record is corrected there as well: one line. What the numbers do is
held by the examples on both sides of them; this tells which number moved, whoever reads it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules import read_case
from rules.case import TriedTreatment
from rules.facts.context import Facts
from rules.facts.trials import judge_trial
from rules.schema.files import RECORDS
from rules.schema.policies import NO_STANDARD
from tests.strategies import BOOK, TODAY

SECOND = Path(__file__).parent / "numbers"
ROOMS = sorted(
    {p.relative_to(RECORDS).parts[0].removesuffix(".yaml") for p in RECORDS.rglob("*.yaml")}
)
Numbers = dict[str, int | float]


def _read(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), loader)


def _named(part: Any, index: int) -> str:
    """What a part of a list is called: by its id, its state or its place."""
    named = (part.get("id") or part.get("code")) if isinstance(part, dict) else None
    return str(index) if named is None else str(named)


def _numbers(part: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, int | float]]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _numbers(value, (*place, str(key)))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _numbers(value, (*place, _named(value, index)))
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield ".".join(place), part


@cache
def in_records(room: str) -> Numbers:
    """The numbers of a file, or of all files of a folder, by their places."""
    one = RECORDS / f"{room}.yaml"
    if one.exists():
        return dict(_numbers(_read(one)))
    return {
        f"{path.stem}.{place}": number
        for path in sorted((RECORDS / room).rglob("*.yaml"))
        for place, number in _numbers(_read(path))
    }


@cache
def typed_again(room: str) -> Numbers:
    """What `numbers/` says: `{record: {place: number}}`, for the states `{place: {state: number}}`."""
    path = SECOND / f"{room}.yaml"
    table = (_read(path) or {}) if path.exists() else {}
    if room == "states":
        return {f"{s}.{place}": n for place, by_state in table.items() for s, n in by_state.items()}
    return {f"{record}.{place}": n for record, found in table.items() for place, n in found.items()}


@pytest.mark.parametrize("room", ROOMS)
def test_a_number_is_what_was_typed_a_second_time(room: str) -> None:
    record, second = in_records(room), typed_again(room)
    moved = {
        p: (record[p], second[p]) for p in record.keys() & second.keys() if record[p] != second[p]
    }
    assert moved == {}, "place: (record, numbers/)"


@pytest.mark.parametrize("room", ROOMS)
def test_every_number_is_typed_a_second_time(room: str) -> None:
    record, second = in_records(room), typed_again(room)
    assert sorted(record.keys() - second.keys()) == [], f"type it in numbers/{room}.yaml"
    assert sorted(second.keys() - record.keys()) == [], f"no record has it: numbers/{room}.yaml"


def test_the_second_copy_is_of_records_that_are_there() -> None:
    assert {p.stem for p in SECOND.glob("*.yaml")} <= set(ROOMS)
    assert sum(len(typed_again(room)) for room in ROOMS) > 2_000


# --- what the numbers do, on both sides of each ------------------------------------------------

# Income of one person at the poverty guideline of 2026.
AT_THE_LINE = {"ak": 19_950, "hi": 18_360}
ELSEWHERE = 15_960
GROUPS = {  # who is in a group of Medicaid by income, and whom no other group takes
    "adult_percent": {"age": 40, "pregnant": False, "parent_of_child": False, "disabled": False},
    "children_percent": {"age": 18, "pregnant": False, "parent_of_child": False, "disabled": False},
    "pregnancy_percent": {"age": 30, "pregnant": True, "parent_of_child": False, "disabled": False},
}
LIMITS = {
    (state, group): percent
    for group in GROUPS
    for state, percent in _read(SECOND / "states.yaml")[f"income_limits.{group}"].items()
    if percent
}


@pytest.mark.parametrize("group", GROUPS)
def test_income_is_within_a_limit_up_to_its_last_percent(group: str) -> None:
    told = GROUPS[group] | {"coverages": [], "household_size": 1}
    for (state, of), percent in LIMITS.items():
        if of != group:
            continue
        line = AT_THE_LINE.get(state, ELSEWHERE)
        within = []
        for share in (percent, percent + 1):
            income = math.ceil(line * share / 100)
            case = read_case({**told, "state": state.upper(), "annual_income": income}, TODAY)
            within.append(Facts(case, BOOK, TODAY).read("income_within_medicaid_limit").value)
        assert within[0] is True, (state, group, percent)
        assert within[1] is not True, (state, group, percent)


DOSES: dict[str, float] = {
    place.split(".")[1]: number
    for place, number in typed_again("treatments").items()
    if place.startswith("treatments.") and place.endswith(".min_dose")
}


@pytest.mark.parametrize("medicine", DOSES)
def test_a_dose_is_high_enough_from_its_least_on(medicine: str) -> None:
    record = BOOK.treatments[medicine]
    unit = record.dose_unit or "mg/day"
    least = DOSES[medicine] / (1000 if unit.startswith("mcg") else 1)
    told = {"treatment": medicine, "weeks": 52, "outcome": "no_response", "current_episode": True}
    counts = []
    for dose in (least, least * 0.99):
        tried = TriedTreatment.model_validate({**told, "daily_dose_mg": dose})
        counts.append(judge_trial(tried, record, NO_STANDARD, BOOK.default_trial, "t"))
    by_mouth = unit.startswith(("mg", "mcg")) and "IV" not in unit
    assert [c.counts for c in counts] == ([True, False] if by_mouth else [None, None])
    assert counts[1].why == ("dose_too_low" if by_mouth else "dose_unit_differs")
