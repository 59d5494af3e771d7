"""How a screen groups the paths of a result. Their order, and which leads, are the engine's. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rules.engine.reading_order import REMEDIES, pays
from rules.result import PathShown, Result
from rules.vocabulary import OUTLOOKS

FIRST_HANDFUL = 5


@dataclass(frozen=True)
class Group:
    """The paths of one outlook, of covers or of ways to pay, in the order to read them."""

    outlook: str
    of_cover: bool
    paths: tuple[PathShown, ...]


def groups(result: Result) -> tuple[Group, ...]:
    """The paths of covers by outlook, best first, then the ways to pay; empty ones are left out."""
    every = (
        Group(o, c, tuple(p for p in result.paths if (p.outlook, p.coverage is not None) == (o, c)))
        for c in (True, False)
        for o in OUTLOOKS
    )
    return tuple(g for g in every if g.paths)


def after_a_no(path: PathShown) -> bool:
    """Whether a plan said no and this path is a way to ask again."""
    return path.route in REMEDIES and not path.contingent


def due_appeal(result: Result) -> PathShown | None:
    """The next way to ask again where a plan said no and a last day is ahead, the earliest first."""
    due = [
        p
        for p in result.paths
        if after_a_no(p) and p.outlook != "closed" and any(not d.passed for d in p.deadlines)
    ]
    return min(due, key=lambda p: p.deadlines[0].act_by, default=None)


def handful(result: Result) -> tuple[PathShown, ...]:
    """The few paths to look at first: the leading one, an appeal that is due, then the best others."""
    open_ones = [p for p in result.paths if p.outlook != "closed"]
    paying = [p for p in open_ones if pays(p.route, p.contingent)]
    first = [p for p in (result.best_path, due_appeal(result)) if p is not None]
    by_id = {p.id: p for p in (*first, *paying, *open_ones)}
    return tuple(by_id.values())[:FIRST_HANDFUL]
