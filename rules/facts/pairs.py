"""Two coverages of one person: which of them pays first, by the rules on pairs.

A pair takes the first rule, from the top, whose kinds match and whose condition holds. A rule whose
condition is unknown stays possible, and the next is looked at. Where all possible rules agree, the
pair is decided; else it stays open and names the answers that would decide it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..logic import FactKey, Truth, Verdict, WordSet
from ..schema.coordination import Of, OrderRule, PairCondition
from ..schema.policies import NO_STANDARD
from ..vocabulary import ENTITLED_BY
from .context import DOES_NOT_APPLY, Facts, Reading, compiled, fact, missing_answers


class PairFacts(dict[FactKey, Any]):
    """What a condition on a pair looks its facts up in, by (of which, fact)."""

    def __init__(self, one: Facts, other: Facts) -> None:
        super().__init__()
        self.views: dict[str, Facts] = {"one": one, "other": other, "case": one}

    def __missing__(self, key: FactKey) -> Any:
        self[key] = self.read(key).value
        return self[key]

    def read(self, key: FactKey | None) -> Reading:
        assert isinstance(key, tuple)
        of, ident = key
        assert isinstance(ident, str)
        return self.views[of].read(ident)

    def test(self, condition: PairCondition) -> Verdict:
        return compiled(self.views["case"].book, condition, NO_STANDARD)(self)

    def because(self) -> Iterator[str]:
        """The answers that were read."""
        return (place for key in self for place in self.read(key).because)


@dataclass(frozen=True)
class PairOutcome:
    """Which of a pair pays first (its index), by which rule; or all that may hold, and what is missing."""

    first: int | None
    rules: tuple[OrderRule, ...]
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class _Applied(NamedTuple):
    """Whether a rule holds for a pair, which it then puts first, and what is missing to tell."""

    holds: Truth
    first: int | None
    missing: tuple[str, ...] = ()


def pair_outcome(a: Facts, b: Facts) -> PairOutcome:
    """Which of two coverages pays first, each seen from itself, or which answers would tell."""
    rules: list[OrderRule] = []
    firsts: set[int | None] = set()
    because: list[str] = []
    missing: list[str] = []
    for rule, pair in _fitting(a, b):
        applied = _apply(rule, pair)
        because.extend(pair.because())
        if applied.holds is False:
            continue
        rules.append(rule)
        firsts.add(applied.first)
        missing.extend(applied.missing)
        if applied.holds is True:
            break
    if len(firsts) == 1 and None not in firsts:
        return PairOutcome(firsts.pop(), tuple(rules[-1:]), tuple(dict.fromkeys(because)))
    return PairOutcome(None, tuple(rules), (), tuple(dict.fromkeys(missing)))


def _fitting(a: Facts, b: Facts) -> Iterator[tuple[OrderRule, PairFacts]]:
    """The rules for coverages of these kinds, and which of the two is `one` in each."""
    coordination = a.book.coordination
    kind_a, kind_b = a["coverage_kind"], b["coverage_kind"]
    for rule in coordination.rules if coordination is not None else ():
        if kind_a in rule.one and kind_b in rule.other:
            yield rule, PairFacts(a, b)
        if kind_b in rule.one and kind_a in rule.other:
            yield rule, PairFacts(b, a)


def _apply(rule: OrderRule, pair: PairFacts) -> _Applied:
    holds: Truth = True
    missing: tuple[str, ...] = ()
    if rule.when is not None:
        verdict = pair.test(rule.when)
        holds, missing = verdict.value, missing_answers(pair, verdict)
    if holds is False or rule.first_by is None:
        return _Applied(holds, pair.views[rule.first].index if rule.first else None, missing)
    one, other = pair.read(("one", rule.first_by)), pair.read(("other", rule.first_by))
    if one.value is None or other.value is None:
        return _Applied(None, None, (*missing, *one.missing, *other.missing))
    if one.value == other.value:
        return _Applied(holds, None, missing)
    earlier: Of = "one" if one.value < other.value else "other"
    return _Applied(holds, pair.views[earlier].index, missing)


@fact("entitled_now_by", per="coverage", words=ENTITLED_BY)
def _entitled_now_by(facts: Facts) -> Reading:
    """Why the person has Medicare now: who came in by disability has it by age once old enough.

    Where nobody has told it, age is taken as the reason of whoever is old enough: kidney failure
    is rare, and the order of payment says that it would change it.
    """
    told, age = facts.field("coverages[].entitled_by"), facts.field("age")
    limit = facts.book.eligibility_value("medicare_by_age")
    old = None if age.value is None or limit is None else age.value >= limit
    if facts["coverage_kind"] != "medicare" or (told.value is None and old is None):
        return told
    by_age = frozenset({"age"} if old else {"disability"})
    if told.value is None and old:
        return Reading(WordSet(by_age, by_age), age.because)
    if told.value is None:
        return Reading(WordSet(frozenset(), by_age | {"esrd"}), age.because, told.missing)
    if old and told.value == "disability":
        return Reading(WordSet(by_age, by_age), (*told.because, *age.because))
    reason = frozenset({told.value})
    return Reading(WordSet(reason, reason), told.because)


@fact("pays_before_medicare", per="coverage")
def _pays_before_medicare(facts: Facts) -> Reading:
    """Where the person has Medicare too: whether this coverage goes before it."""
    kinds = [c.kind for c in facts.case.coverages or ()]
    places = tuple(f"coverages[{i}].kind" for i in range(len(kinds)))
    if facts.index is None:
        return Reading(None)
    if None in kinds:
        return Reading(None, (), tuple(p for p, k in zip(places, kinds, strict=True) if k is None))
    if kinds[facts.index] == "medicare" or "medicare" not in kinds:
        return Reading(DOES_NOT_APPLY, places)
    outcome = pair_outcome(facts, facts.for_coverage(kinds.index("medicare")))
    if outcome.missing:
        return Reading(None, (), outcome.missing)
    if outcome.first is None:  # the two do not split a bill
        return Reading(DOES_NOT_APPLY, places)
    return Reading(outcome.first == facts.index, (*places, *outcome.because))
