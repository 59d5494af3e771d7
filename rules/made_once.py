"""What is made once, and kept with what it was made from: a rule book, a view of a case, a path."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from .schema.base import Record

# What was made, by the function that made it and its arguments, with what it was made from.
Made = dict[object, Any]


class Keeper(Protocol):
    """Something that is never changed, so that what was made from it stays true."""

    @property
    def made(self) -> Made: ...


Owner = TypeVar("Owner", bound=Keeper)
Rest = ParamSpec("Rest")
Outcome = TypeVar("Outcome")


class _Records(dict[type, bool]):
    """Which classes are those of records: to ask pydantic costs more than most of what is kept."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = issubclass(kind, Record)
        return self[kind]


_is_record = _Records().__getitem__


def made_once(
    make: Callable[Concatenate[Owner, Rest], Outcome],
) -> Callable[Concatenate[Owner, Rest], Outcome]:
    """Make the outcome once for each set of arguments, and keep it with the first of them.

    Records are told apart by identity. They are kept beside the outcome, so that no other record
    can come to stand at the same place in memory.
    """

    @wraps(make)
    def keeping(owner: Owner, /, *rest: Rest.args, **named: Rest.kwargs) -> Outcome:
        key: object = make
        if rest or named:
            told = [id(x) if _is_record(x.__class__) else x for x in rest]
            key = (make, *told, *named.items())
        entry: tuple[Outcome, object] | None = owner.made.get(key)
        if entry is None:
            entry = owner.made[key] = (make(owner, *rest, **named), rest)
        return entry[0]

    return keeping
