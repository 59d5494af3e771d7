"""Made-up cases for the properties: little or much told, in any order, a payer's name in any writing."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

from rules import CaseError, read_case
from tests.fills import made_up_case
from tests.strategies import TODAY

NAMES = (
    "Aetna",
    "aetna ",
    "The",
    "!!!",
    "保険",
    "Здоровье",
    "<b>x</b>",
    "Some Small Insurer",
    "Élan",
)

Plain = dict[str, Any]


def a_case(dice: random.Random) -> Plain:
    """A case of which little or much is told, in any of the ways that a payer's name is written."""
    while True:
        data = made_up_case(dice)
        if dice.random() < 0.4:  # next to nothing
            kept = dice.sample(sorted(data), min(len(data), dice.randint(0, 4)))
            data = {k: v for k, v in data.items() if k in kept}
        covers = data.get("coverages") or []
        for cover in covers:
            if dice.random() < 0.1:
                cover["payer"] = dice.choice(NAMES)
        if covers and dice.random() < 0.15:
            covers.append({**copy.deepcopy(dice.choice(covers))})
        try:
            read_case(data, TODAY)
        except CaseError:
            continue  # a denial by a cover that is not there
        return data


def is_told(case: Plain, place: str) -> bool:
    found: Any = case
    for part in re.findall(r"[a-z_0-9]+", place):
        if isinstance(found, list):
            found = found[int(part)] if part.isdigit() and int(part) < len(found) else None
        else:
            found = found.get(part) if isinstance(found, dict) else None
        if found is None:
            return False
    return True


def shuffled(data: Plain, dice: random.Random) -> Plain:
    """The same case typed in another order."""
    other = copy.deepcopy(data)
    for name in ("treatments", "severity", "other_diagnoses", "other_denials"):
        dice.shuffle(other.get(name) or [])
    covers = data.get("coverages") or []
    moved = list(range(len(covers)))
    dice.shuffle(moved)
    if covers:
        other["coverages"] = [copy.deepcopy(covers[i]) for i in moved]
    for denial in (other.get("denial") or {}, *(other.get("other_denials") or ())):
        if covers and denial.get("coverage") is not None:
            denial["coverage"] = moved.index(denial["coverage"])
    return other
