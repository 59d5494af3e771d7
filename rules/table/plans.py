"""Paths as many rows share them, and the names that they bear."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rules.engine.deadlines import running_days
from rules.engine.paths import Candidate, Path
from rules.report.next_steps import STAGES
from rules.schema.appeals import Level
from rules.vocabulary import OUTLOOKS

from .parts import (
    bare,
    days_of_level,
    open_part,
    path_key,
    path_told,
    seen_from,
    single_criterion_paths,
    step_part,
)
from .trace import Rows, Space, Unit
from .units import Units

NEVER_LEADS = float("inf")


@dataclass
class Plan:
    """A path as all rows share it that have it, and the parts that tell more of it."""

    space: Space
    path: Path
    days: list[tuple[Unit, bool]]  # of each rung, and whether it is urgent
    keeping: list[Unit]  # of each rung on which care that runs may go on
    open_parts: list[Unit] | None = None
    steps: dict[bool, Unit] = field(default_factory=dict)


class Plans:
    """Every path met so far, each once: how it ranks, and what its rows are asked further."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._all: list[Plan] = []
        self._code_of: dict[Hashable, int] = {}
        self._orders: dict[tuple[Any, ...], int] = {}
        self._order_of: list[int] = []
        self._outlook: list[int] = []
        self._leads: list[float] = []
        self._of_cover: list[bool] = []
        self._with_days: list[bool] = []

    def __getitem__(self, code: int) -> Plan:
        return self._all[code]

    def __len__(self) -> int:
        return len(self._all)

    def code(self, space: Space, outcome: tuple[Path, tuple[Any, ...]]) -> int:
        """The code of a path, of which `order` is the engine's key (its name stands last)."""
        key = (space.name, path_told(outcome)[0])
        code = self._code_of.get(key)
        if code is None:
            code = self._code_of[key] = len(self._all)
            self._add(space, *outcome)
        return code

    def _add(self, space: Space, path: Path, order: tuple[Any, ...]) -> None:
        assert order[-1] == path.id, "the engine's order ends with the path's name"
        # Which rungs count is the same for every row of the plan; their days are the row's own.
        rungs = {(id(c.record), id(c.program)): c for _, c in running_days(path.candidates)}
        days = [(self._days_unit(space, path, c), c.urgent) for c in rungs.values()]
        kept = {
            (id(c.record), id(c.program)): c
            for c in path.candidates
            if c.keep is not None and c.outlook != "closed"
        }
        keeping = [self._days_unit(space, path, c) for c in kept.values()]
        self._all.append(Plan(space, path, days, keeping))
        self._order_of.append(self._orders.setdefault(order[:-1], len(self._orders)))
        self._outlook.append(OUTLOOKS.index(path.outlook))
        self._leads.append(NEVER_LEADS if path.lead is None else path.lead)
        self._of_cover.append(path.coverage is not None)
        self._with_days.append(bool(days or keeping))

    def _days_unit(self, space: Space, path: Path, rung: Candidate) -> Unit:
        return self._units.part(days_of_level, (rung.record, rung.program), space, path.treatment)

    # --- of all plans, by code ---

    def ranks(self) -> tuple[Rows, int]:
        """Each plan's place in the engine's order, names aside; and how many places there are."""
        by_order = sorted(self._orders)
        place = {self._orders[o]: i for i, o in enumerate(by_order)}
        return np.array([place[o] for o in self._order_of], dtype=np.int64), len(by_order)

    def outlooks(self) -> Rows:
        return np.array(self._outlook, dtype=np.int64)

    def leads(self) -> np.ndarray:
        """The place of each plan among those that may be put first."""
        return np.array(self._leads, dtype=float)

    def of_cover(self) -> np.ndarray:
        return np.array(self._of_cover, dtype=bool)

    def with_days(self) -> np.ndarray:
        """Which plans have last days."""
        return np.array(self._with_days, dtype=bool)

    # --- what the rows of a plan are asked further ---

    def open_parts(self, plan: Plan) -> list[Unit]:
        """The parts that tell what is open on a plan's path: one criterion at a time."""
        if plan.open_parts is None:
            plan.open_parts = [
                self._units.own(
                    ("open", path_key(p)), open_part(p), plan.space, seen_from(p), False
                )
                for p in single_criterion_paths(plan.path)
            ]
        return plan.open_parts

    def step_part(self, plan: Plan, full: bool) -> Unit:
        """The part that gives a path's first step; not `full`: without what its criteria add."""
        if full not in plan.steps:
            best = bare(plan.path.best, plan.path.best.judged if full else ())
            path = replace(plan.path, candidates=(best,))
            name = ("step", path_key(path))
            plan.steps[full] = self._units.own(
                name, step_part(path), plan.space, seen_from(path), False
            )
        return plan.steps[full]


def settles(plan: Plan, first: tuple[str, int]) -> bool:
    """Whether the first step of the record stays first, whatever its criteria add.

    Steps that criteria add come after the record's own and begin at the stage `policy`.
    """
    return not isinstance(plan.path.best.record, Level) and first[1] <= STAGES.index("policy")


class Names:
    """The names of paths: of each treatment and route under each stem, and of ways to pay."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.stem_of: list[int] = []  # the code of the stem; -1 for a way to pay
        self._code_of: dict[str, int] = {}
        self._tables: dict[tuple[str, str], list[int]] = {}
        self._ranked = 0
        self._rank: Rows = np.zeros(0, dtype=np.int64)

    def code(self, ident: str, stem: int = -1) -> int:
        code = self._code_of.get(ident)
        if code is None:
            code = self._code_of[ident] = len(self.ids)
            self.ids.append(ident)
            self.stem_of.append(stem)
        return code

    def under(self, stems: list[str], treatment: str, route: str) -> Rows:
        """For each stem the code of its path's name."""
        table = self._tables.setdefault((treatment, route), [])
        for stem in range(len(table), len(stems)):
            table.append(self.code(f"{stems[stem]}.{treatment}.{route}", stem))
        return np.array(table, dtype=np.int64)

    def ranks(self) -> Rows:
        """Each name's place in the order of names."""
        if self._ranked != len(self.ids):
            order = sorted(range(len(self.ids)), key=self.ids.__getitem__)
            self._rank = np.empty(len(order), dtype=np.int64)
            self._rank[order] = np.arange(len(order))
            self._ranked = len(order)
        return self._rank
