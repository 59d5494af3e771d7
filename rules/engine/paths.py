"""What the engine finds: a candidate is one record's answer for one coverage and treatment (a policy,
a way to pay, a level of appeal); the candidates of one route make one path, whose outlook is that
of the best of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ..facts.context import Facts
from ..made_once import Made
from ..schema.appeals import AppealLevel, AppealProcess, KeepCare
from ..schema.policies import Policy, Program
from ..schema.ways import PaymentOption
from ..vocabulary import LabelBinds
from .criteria import CriterionResult
from .dates import LastDay, add_duration


@dataclass(frozen=True)
class Candidate:
    """One record's answer: its outlook, its criteria as evaluated and the caveats about it."""

    record: Policy | PaymentOption | AppealLevel
    route: str
    base: str
    outlook: str
    judged: tuple[CriterionResult, ...]
    limited_by_confidence: bool = False
    caveats: tuple[str, ...] = ()
    alternative: str | None = None
    program: Program | None = None
    criteria_unknown: bool = False
    exact: bool = True  # the diagnosis is certainly one that the record names
    needs: tuple[str, ...] = ()  # further answers that this candidate waits for
    last_days: tuple[LastDay, ...] = ()
    appeal_process: AppealProcess | None = None
    keep: KeepDay | None = None  # the day to ask by that care which runs goes on
    urgent: bool = False  # a no that was told, and waiting could do serious harm: act today
    broken: LabelBinds | None = None  # the gravest limit of the label that is known to be broken
    early: str | None = None  # why a level of appeal is open beside the one before it
    layer: int = (
        0  # of a rule: the payer's own, the state's, the programme's for a diagnosis, for any
    )
    ahead: bool = True  # its first last day has not passed, or it has none
    arrives: bool = False  # a request has to have arrived on the last day; else it has to be sent
    renewal: Renewal | None = None  # the treatment runs: the approval is to be renewed

    @cached_property
    def open_points(self) -> frozenset[str]:
        """The ids of what was judged and nobody knows."""
        return frozenset(j.id for j in self.judged if j.verdict.value is None)


@dataclass(frozen=True)
class Path:
    """The candidates of one coverage, treatment and route, best first."""

    id: str
    coverage: int | None
    treatment: str
    route: str
    candidates: tuple[Candidate, ...]
    facts: Facts = field(repr=False, compare=False)
    lead: float | None = None  # its place among the paths that may be put first; None: never
    made: Made = field(default_factory=dict, repr=False, compare=False)

    @property
    def best(self) -> Candidate:
        return self.candidates[0]

    @property
    def outlook(self) -> str:
        return self.best.outlook


class Renewal(NamedTuple):
    """The renewal of an approval: the day on which it ends; None where nobody has told it."""

    ends: dt.date | None


class KeepDay(NamedTuple):
    """The day by which to ask that care which runs goes on; `date` None where nothing tells it."""

    date: dt.date | None
    start: dt.date | None
    how: str  # a key of the phrases under `deadline`
    care: KeepCare

    def over(self, today: dt.date) -> bool:
        """Whether the day itself has passed."""
        return self.date is not None and self.date < today

    def open_still(self, today: dt.date) -> bool:
        """Whether care can still be kept, or brought back."""
        if self.date is None:
            return True
        return add_duration(self.date, self.care.brought_back_within, "days") >= today
