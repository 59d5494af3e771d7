"""Who pays first: coordination of benefits among all coverages of one person.

Filters take out what does not pay for this visit, the rules on pairs order what is left. A place
that an unknown answer could still change is open. What is returned are rules and places; the words
are made in the report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..facts.context import Facts, missing_answers
from ..facts.cover_order import cover_ranks
from ..facts.pairs import PairOutcome, pair_outcome
from ..logic import Truth
from ..made_once import made_once
from ..schema.coordination import OrderFilter, OrderRule
from ..vocabulary import CoverageKind

POSITIONS = ("primary", "secondary", "third", "fourth", "fifth")

Reason = Literal[
    "only",  # no other coverage was named
    "only_payer",  # no other that was named pays for this visit
    "unknown_kind",  # the kind of a coverage is not known, so that no order can be found
    "rule",  # by one rule or filter
    "open",  # one of several rules on the pair, or none
    "may_not_pay",  # it, or one before it, may not pay at all, by these filters
]


@dataclass(frozen=True)
class Place:
    """One coverage's place among the payers: where it stands if it pays for the visit at all.

    Whether it does may still be open; `missing` then names the answers that would tell.
    """

    coverage: int
    position: str
    reason: Reason
    rules: tuple[OrderRule | OrderFilter, ...] = ()
    missing: tuple[str, ...] = ()
    bill_first: CoverageKind | None = None  # safe to bill first while the place is open


@dataclass(frozen=True)
class _Filtered:
    """What the filters take out of the order or leave open."""

    gone: dict[int, OrderFilter] = field(default_factory=dict)
    alone: dict[int, OrderFilter] = field(default_factory=dict)
    caveats: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    may_go: dict[int, list[OrderFilter]] = field(default_factory=lambda: defaultdict(list))
    if_at_all: dict[int, OrderFilter] = field(default_factory=dict)  # pays first or not at all


@made_once
def payer_order(facts: Facts) -> tuple[Place, ...]:
    """The place of every coverage of a case, in order of payment."""
    return tuple(_in_order(facts))


def _in_order(facts: Facts) -> list[Place]:
    kinds = [c.kind for c in facts.case.coverages or ()]
    if not any(kinds) or facts.book.coordination is None:
        return []
    unknown = tuple(f"coverages[{i}].kind" for i, kind in enumerate(kinds) if kind is None)
    ranks = cover_ranks(facts)
    every = sorted(range(len(kinds)), key=ranks.__getitem__)
    if unknown:
        return [Place(i, "undecided", "unknown_kind", (), unknown) for i in every]
    views = [facts.for_coverage(i) for i in range(len(kinds))]
    found = _filtered(views, facts.book.coordination.filters)
    gone = [Place(i, "not_a_payer", "rule", (found.gone[i],)) for i in every if i in found.gone]
    left = [i for i in every if i not in found.gone]
    if found.alone:
        alone, rule = min(found.alone.items(), key=lambda held: ranks[held[0]])
        others = [Place(i, "not_a_payer", "rule", (rule,)) for i in left if i != alone]
        return [Place(alone, "primary", "rule", (rule,)), *others, *gone]
    if len(left) == 1:
        reason: Reason = "only_payer" if gone else "only"
        return [Place(left[0], "primary", reason, (), tuple(found.caveats[left[0]])), *gone]
    return [*_Order(views, left, found).places(), *gone]


def _filtered(views: Sequence[Facts], filters: tuple[OrderFilter, ...]) -> _Filtered:
    found = _Filtered()
    for rule in filters:
        for i, view in enumerate(views):
            if view["coverage_kind"] != rule.kind or i in found.gone:
                continue
            goes = [i]
            if rule.drops:
                goes = [j for j, other in enumerate(views) if other["coverage_kind"] in rule.drops]
            stays, missing = _stays(rule, view)
            if stays is False:
                found.gone.update(dict.fromkeys(goes, rule))
            elif stays is True and rule.alone_when_kept:
                found.alone.setdefault(i, rule)
            elif stays is None:
                for j in goes:
                    found.may_go[j].append(rule)
                for j in {*goes, i}:
                    found.caveats[j].extend(missing)
                if rule.keep_when is not None and not rule.alone_when_kept:
                    found.if_at_all[i] = rule
    return found


def _stays(rule: OrderFilter, view: Facts) -> tuple[Truth, tuple[str, ...]]:
    """Whether a filter takes nothing out, or the answers that would tell."""
    condition = rule.keep_when or rule.drop_when
    if condition is None:
        return True, ()
    verdict = view.test(condition)
    if verdict.value is None:
        return None, missing_answers(view, verdict)
    return verdict.value is (rule.keep_when is not None), ()


class _Order:
    """The coverages that are left (by their own rank), in the order that the rules on each pair give."""

    def __init__(self, views: Sequence[Facts], left: list[int], found: _Filtered) -> None:
        self.views = views
        self.left = left
        self.found = found
        self.pairs = {
            frozenset((a, b)): pair_outcome(views[a], views[b])
            for x, a in enumerate(left)
            for b in left[x + 1 :]
        }
        self.before = {i: {j for j in self._others(i) if self._pair(i, j).first == j} for i in left}
        self.height = {
            i: sum({j: 1.0, None: 0.5}.get(self._pair(i, j).first, 0.0) for j in self._others(i))
            for i in left
        }

    def places(self) -> Iterator[Place]:
        for rank, i in enumerate(sorted(self.left, key=self.height.__getitem__)):
            yield self._place(i, rank)

    def _others(self, i: int) -> list[int]:
        return [j for j in self.left if j != i]

    def _pair(self, i: int, j: int) -> PairOutcome:
        return self.pairs[frozenset((i, j))]

    def _nearest(self, i: int) -> list[int]:
        """The others by their distance in the order.

        Then by what they are, not by where they stand: the order of the answers is no reason.
        """

        def nearness(j: int) -> tuple[float, float, str, list[str], int]:
            rules = [r.id for r in self._pair(i, j).rules]
            distance = abs(self.height[j] - self.height[i])
            kind = str(self.views[j]["coverage_kind"])
            return distance, self.height[j], kind, rules, self.left.index(j)

        return sorted(self._others(i), key=nearness)

    def _place(self, i: int, rank: int) -> Place:
        near = self._nearest(i)
        outcomes = [self._pair(i, j) for j in near]
        missing = [m for o in outcomes if o.first is None for m in o.missing]
        for j in (i, *sorted(self.before[i] & self.found.may_go.keys(), key=self.left.index)):
            missing.extend(self.found.caveats.get(j, ()))
        asked = tuple(dict.fromkeys(missing))
        open_with = next((j for j in near if self._pair(i, j).first is None), None)
        if open_with is not None:
            rules = {r.id: r for r in self._pair(i, open_with).rules}
            hint = self._bill_first(i, open_with)
            return Place(i, "undecided", "open", tuple(rules.values()), asked, hint)
        outside = any(_is_not_insurance(o) and o.first != i for o in outcomes)
        doubtful = self._doubtful(i, outside)
        if doubtful:
            return Place(i, "undecided", "may_not_pay", doubtful, asked)
        position = "last_outside" if outside else POSITIONS[min(rank, len(POSITIONS) - 1)]
        return Place(i, position, "rule", outcomes[0].rules, asked)

    def _doubtful(self, i: int, outside: bool) -> tuple[OrderFilter, ...]:
        """The filters that leave a place open: this coverage, or one before it, may not pay at all.

        A ministry is asked outside the order, wherever one coverage is sure to be in it.
        """
        may_go, before = self.found.may_go, self.before[i]
        if i in self.found.if_at_all and any(i in self.before[j] for j in self._others(i)):
            return (self.found.if_at_all[i],)
        if outside and not before <= may_go.keys():
            return ()
        return next(
            (tuple(may_go[j]) for j in sorted(before, key=self.left.index) if j in may_go), ()
        )

    def _bill_first(self, i: int, j: int) -> CoverageKind | None:
        """Whom it is safe to bill first while the order of a pair is open."""
        kinds = {self.views[i]["coverage_kind"], self.views[j]["coverage_kind"]}
        coordination = self.views[i].book.coordination
        hints = coordination.pairs if coordination is not None else ()
        fitting = (h.file_first_if_unknown for h in hints if set(h.kinds) == kinds)
        return next((kind for kind in fitting if kind is not None), None)


def _is_not_insurance(outcome: PairOutcome) -> bool:
    return bool(outcome.rules) and outcome.rules[-1].outcome == "not_insurance"
