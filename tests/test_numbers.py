"""Every number of a record stands a second time in `tests/numbers/`: a slip of a finger is told.

A number that is corrected in a record is corrected there as well: one line. What the numbers do is
held by `test_what_numbers_do.py` and by the examples; this tells which number moved, whoever reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.schema.files import RECORDS

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
