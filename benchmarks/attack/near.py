"""Made-up cases near the limits of a policy: what it asks for is nearly met, and a few answers are open."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from rules.engine.policies import policies_of
from rules.schema.policies import Policy, Program
from rules.vocabulary import DENIED_STAGES
from tests.fills import open_places
from tests.strategies import BOOK, dates_in_order
from wizard.answers import put_at

Plain = dict[str, Any]


@cache
def _rules() -> tuple[tuple[Policy, Program, str | None], ...]:
    """Every policy with each programme under which it may speak, and the payer whose it is."""
    payers = {p.id: payer.id for payer in BOOK.payers.values() for p in payer.policies}
    own = {p.id: program for program in BOOK.programs.values() for p in program.policies}
    found = []
    for policy in policies_of(BOOK):
        lines = policy.lines_of_business
        programs = [p for p in BOOK.programs.values() if p.line_of_business in lines and lines]
        for program in programs or [own[policy.id]] if policy.id in own else programs:
            found.append((policy, program, payers.get(policy.id)))
    return tuple(found)


def near_a_limit(dice: random.Random) -> Plain:
    """A person whom a policy is about, with all told but a few answers."""
    policy, program, payer = dice.choice(_rules())
    cover: Plain = {
        "kind": dice.choice(program.kinds),
        "payer": payer or dice.choice(sorted(BOOK.payers)),
    }
    known = [i for i in policy.indications if i in BOOK.diagnoses]
    failed = dice.randint(1, 4)
    data: Plain = {
        "age": dice.choice([17, 18, 42, 64, 65]),
        "state": dice.choice([*policy.states] or sorted(BOOK.states)),
        "request": policy.treatment,
        "diagnosis": dice.choice(known or ["treatment_resistant_depression", "crps"]),
        "suicidal_thoughts": "none",
        "stage": dice.choice(["exploring", "preparing", "request_pending", *DENIED_STAGES]),
        "treatment_counts": {
            "antidepressants_failed": failed, "antidepressant_classes_failed": min(dice.randint(1, 2), failed),
            "augmentations_failed": dice.randint(0, 2), "pain_treatments_failed": dice.randint(0, 3),
            "psychotherapy_tried": dice.random() < 0.7,
        },
        "severity": [{"scale": "phq9", "score": dice.choice([14, 15, 19, 20, 22]), "date": "2026-11-01"}],
        "coverages": [cover],
    }  # fmt: skip
    left = dice.randint(1, 12)
    while True:
        places = [(p, v) for p, v in open_places(data) if _about(p, data)]
        if len(places) <= left:
            return dates_in_order(data)
        place, values = dice.choice(places)
        put_at(data, place, dice.choice(values))


def _about(place: str, data: Plain) -> bool:
    """Whether a field belongs to what is told here: no letter without a no, no list beside a count."""
    if place.startswith(("denial", "appeal")):
        return data["stage"] in DENIED_STAGES and place != "denial.coverage"
    return not place.startswith(("treatments", "other_d", "severity", "treatment_status", "money"))
