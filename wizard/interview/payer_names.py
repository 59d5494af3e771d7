"""The names by which an insurer is found in a list, and which insurer a name means. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rules import Book
from rules.coverage_names import PAYER, Beside, understand
from rules.made_once import made_once
from rules.schema.policies import PlanName


@made_once
def payer_options(book: Book) -> dict[str, str]:
    """What a list of insurers offers: payers by id, then all other names, with what each is called.

    Another name stands for itself: which insurer it means may hang on the state (`named_payer`).
    """
    payers = sorted(book.payers.values(), key=lambda p: p.name.lower())
    found = {p.id: p.name for p in payers}
    taken = {name.lower() for name in (*found, *found.values())}
    for payer in payers:
        for name in payer.also_called:
            if name.lower() not in taken:
                taken.add(name.lower())
                found[name] = f"{name} · {payer.name}"
    for plan in book.plan_names:
        for name in plan.names if _stands_for_an_insurer(plan) else ():
            if name.lower() not in taken:
                taken.add(name.lower())
                found[name] = name
    return found


def _stands_for_an_insurer(plan: PlanName) -> bool:
    """Whether a plan's name says by itself whose it is, or is an insurer's whose state is asked."""
    if plan.with_kind is not None or plan.with_payer:
        return False
    return plan.payer is not None or not plan.sets


def named_payer(book: Book, text: str, place: str, told: Callable[[str], Any]) -> str:
    """The id of the one insurer that a text names in the answer to a place; else the text."""
    if text in book.payers:
        return text
    cover = place.rpartition(".")[0]
    state = told(f"{cover}.issue_state") or told("state")
    found = understand(book, text, PAYER, Beside(state, told(f"{cover}.kind")))
    one = len(found.payers) == 1 and not found.undone and not found.clash
    return found.payers[0] if one else text
