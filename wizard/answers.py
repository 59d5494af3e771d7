"""The one store of answers: what was said, what was said to be unknown, and who is asking.

`Answers` is plain data in the shape of a case. `session` keeps one of them for a browser session;
nothing else in the wizard holds an answer.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rules.case import PlainCase, PlainPart
from wizard.counselor.scenario import CounselorDesk

from .messages import Role

_PART = re.compile(r"([a-z_0-9]+)|\[(\d+)\]")
_COVER = re.compile(r"^coverages\[(\d+)\]")

Place = str | int


def parts_of(place: str) -> tuple[Place, ...]:
    """`coverages[0].payer` as ("coverages", 0, "payer")."""
    return tuple(name or int(number) for name, number in _PART.findall(place))


def value_at(data: object, place: str) -> Any:
    """What stands at a dotted place of plain data; None where there is nothing."""
    found: Any = data
    for part in parts_of(place):
        if isinstance(part, int):
            found = found[part] if isinstance(found, list) and part < len(found) else None
        else:
            found = found.get(part) if isinstance(found, dict) else None
        if found is None:
            return None
    return found


def put_at(data: PlainCase, place: str, value: object) -> None:
    """Set what stands at a dotted place; None takes it out, and empties that hold nothing go too."""
    *way, last = parts_of(place)
    found: Any = data
    for part in way:
        if isinstance(part, int):
            found = found[part]
        else:
            if found.get(part) is None:
                found[part] = {}
            found = found[part]
    if isinstance(last, int):
        found[last] = value
    elif value is None:
        found.pop(last, None)
        _drop_empty(data, [p for p in way if isinstance(p, str)] if len(way) == 1 else [])
    else:
        found[last] = value


def _drop_empty(data: PlainCase, way: list[str]) -> None:
    """An emptied group (a denial without any answer) says nothing, so it goes."""
    if way and data.get(way[0]) == {}:
        del data[way[0]]


def forget_other_denials(case: PlainCase, position: int, *, moves_up: bool) -> None:
    """Without the further denials by one cover; those by later covers move up with them where it is gone."""
    others = [dict(d) for d in case.get("other_denials") or () if d.get("coverage") != position]
    for denial in others:
        if moves_up and (denial.get("coverage") or 0) > position:
            denial["coverage"] -= 1
    if others:
        case["other_denials"] = others
    else:
        case.pop("other_denials", None)


@dataclass
class Answers:
    """All that one person has told, and nothing else.

    `case` has the shape of a case; `unknown` names the fields answered with "I don't know";
    `ticked` holds the ids of steps marked as done; `own_numbers` what the person put in place of a
    number that the sums rest on, by its id; `desk` what a counselor holds beside the case.
    """

    case: PlainCase = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    role: Role = "patient"
    ticked: set[str] = field(default_factory=set)
    own_numbers: dict[str, Decimal] = field(default_factory=dict)
    desk: CounselorDesk | None = None
    keep_in_browser: bool = True

    def get(self, place: str) -> Any:
        """The answer at a field of the case, or None."""
        return value_at(self.case, place)

    def set(self, place: str, value: object) -> None:
        """Take an answer. None is the answer "I don't know"."""
        put_at(self.case, place, copy.deepcopy(value))
        if value is None:
            self.unknown.add(place)
        else:
            self.unknown.discard(place)

    def forget(self, place: str) -> None:
        """As if never asked."""
        if self.get(place) is not None:
            put_at(self.case, place, None)
        self.unknown.discard(place)

    def answered(self, place: str) -> bool:
        """Whether the question was asked and answered, be it with "I don't know"."""
        return place in self.unknown or self.get(place) is not None

    def empty(self) -> bool:
        """Whether nothing was told yet."""
        return not self.case and not self.unknown

    # --- covers ---

    def covers(self) -> list[PlainPart]:
        return list(self.case.get("coverages") or [])

    def add_cover(self, kind: str) -> int:
        """Add a cover of a kind; its position."""
        covers = self.case.setdefault("coverages", [])
        covers.append({"kind": kind})
        self.unknown.discard("coverages")
        return len(covers) - 1

    def remove_cover(self, position: int) -> None:
        """Remove a cover; what was said of the later ones moves up with them."""
        covers = self.case["coverages"]
        del covers[position]
        self.unknown = set(self._unknown_without(position))
        denied = self.get("denial.coverage")
        if denied is not None and denied >= position:
            self.forget("denial.coverage")
            if denied > position:
                put_at(self.case, "denial.coverage", denied - 1)
        forget_other_denials(self.case, position, moves_up=True)
        if not covers:
            # Having removed the last one is not the same as saying that there is none.
            del self.case["coverages"]

    def _unknown_without(self, position: int) -> Iterator[str]:
        for place in self.unknown:
            found = _COVER.match(place)
            number = int(found.group(1)) if found else -1
            if number < position:
                yield place
            elif number > position:
                yield _COVER.sub(f"coverages[{number - 1}]", place)

    def case_data(self) -> PlainCase:
        """The case as the engine takes it."""
        return copy.deepcopy(self.case)
