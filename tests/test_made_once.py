"""What is made once, and kept with what it was made from."""

from __future__ import annotations

from typing import Any

from rules.made_once import made_once
from rules.schema.conditions import Condition


class Shelf:
    """The plainest thing that can keep what was made from it."""

    def __init__(self) -> None:
        self.made: dict[Any, Any] = {}


CALLS: list[Any] = []


@made_once
def told(shelf: Shelf, word: Any, *, loud: bool = False) -> str | None:
    CALLS.append(word)
    return None if word is None else f"{word}!" if loud else str(word)


def test_the_same_arguments_are_asked_once_and_others_anew() -> None:
    CALLS.clear()
    shelf = Shelf()
    assert [told(shelf, "a"), told(shelf, "a"), told(shelf, "b")] == ["a", "a", "b"]
    assert CALLS == ["a", "b"]


def test_named_arguments_count() -> None:
    shelf = Shelf()
    assert (told(shelf, "a"), told(shelf, "a", loud=True)) == ("a", "a!")


def test_nothing_is_an_outcome_too() -> None:
    CALLS.clear()
    shelf = Shelf()
    assert (told(shelf, None), told(shelf, None)) == (None, None)
    assert CALLS == [None]


def test_each_keeper_keeps_its_own() -> None:
    CALLS.clear()
    told(Shelf(), "a")
    told(Shelf(), "a")
    assert CALLS == ["a", "a"]


@made_once
def least(shelf: Shelf, condition: Condition) -> float | None:
    return condition.at_least


def test_no_record_is_mistaken_for_another_that_stood_at_its_place_in_memory() -> None:
    shelf = Shelf()
    for number in range(200):  # nobody else holds them: let go, the next would take its place
        assert least(shelf, Condition(fact="age", at_least=number, unit="years")) == number
    assert len(shelf.made) == 200
