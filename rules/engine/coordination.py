"""Who pays first: coordination of benefits among all covers of one person.

Every pair takes the first rule, from the top, whose kinds match and whose conditions hold. A
condition on an unknown answer keeps that rule as possible and goes on; where all possible rules
agree the pair is decided, else it stays open and names the answers that would decide it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..case import Case, Coverage
from ..facts.context import Facts
from ..logic import Truth
from ..messages import phrase
from ..report.condition_text import word_label
from ..rule_book import Book
from ..schema.other import OrderFilter, OrderRule

POSITIONS = ("primary", "secondary", "third", "fourth", "fifth")
RULES_TOLD = 3  # more possible rules than these are not read out one by one


@dataclass(frozen=True)
class PairOutcome:
    """The order within a pair: which goes first (its index), by which rules, or what is missing."""

    first: int | None
    rules: tuple[OrderRule, ...]
    missing: tuple[str, ...] = ()
    outcome: str = "order"


@dataclass(frozen=True)
class Place:
    """One coverage's place among the payers: where it stands if it pays for the visit at all.

    Whether it does may still be open; `missing` then names the answers that would tell.
    """

    coverage: int
    position: str
    why: str
    source: str | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Filtered:
    """What the filters leave open or take out of the order."""

    gone: dict[int, OrderFilter]
    alone: tuple[int, OrderFilter] | None
    doubts: dict[int, tuple[str, ...]]  # the answers that would tell whether a cover pays
    may_go: dict[int, tuple[OrderFilter, ...]]  # it may not pay at all, by these
    if_at_all: dict[int, OrderFilter]  # pays first or not at all: nobody has said which


def payer_order(facts: Facts) -> list[Place]:
    """The place of every coverage of a case, in order of payment."""
    book, case = facts.book, facts.case
    covers = [(i, c) for i, c in enumerate(case.coverages or ()) if c.kind is not None]
    if not covers or book.coordination is None:
        return []
    if len(covers) < len(case.coverages or ()):
        return _of_unknown_kind(case)
    found = _filtered(case, book, covers)
    gone = [
        Place(i, "not_a_payer", rule.says, rule.source) for i, rule in sorted(found.gone.items())
    ]
    left = [i for i, _ in covers if i not in found.gone]
    if found.alone is not None:
        rule = found.alone[1]
        return [
            Place(found.alone[0], "primary", rule.says, rule.source),
            *(Place(i, "not_a_payer", rule.says, rule.source) for i in left if i != found.alone[0]),
            *gone,
        ]
    if len(left) == 1:
        why = phrase("order", "only_payer" if gone else "only")
        return [Place(left[0], "primary", why, None, found.doubts.get(left[0], ())), *gone]
    pairs = {
        (a, b): pair_outcome(case, book, a, b) for x, a in enumerate(left) for b in left[x + 1 :]
    }
    return [*_placed(case, book, left, pairs, found), *gone]


def _of_unknown_kind(case: Case) -> list[Place]:
    """Where the kind of one cover is not known, no cover has a place yet."""
    covers = case.coverages or ()
    missing = tuple(f"coverages[{i}].kind" for i, c in enumerate(covers) if c.kind is None)
    why = phrase("order", "unknown_kind")
    return [Place(i, "undecided", why, None, missing) for i in range(len(covers))]


def _filtered(case: Case, book: Book, covers: list[tuple[int, Coverage]]) -> _Filtered:
    gone: dict[int, OrderFilter] = {}
    alone: tuple[int, OrderFilter] | None = None
    doubts: dict[int, tuple[str, ...]] = {}
    may_go: dict[int, tuple[OrderFilter, ...]] = {}
    if_at_all: dict[int, OrderFilter] = {}
    assert book.coordination is not None
    for rule in book.coordination.filters:
        for i, cover in covers:
            if cover.kind != rule.kind or i in gone:
                continue
            keep, missing = _filter_value(case, rule, i, cover)
            if keep is None:
                goes = {j for j, c in covers if c.kind in rule.drops} if rule.drops else {i}
                for j in goes:
                    may_go[j] = (*may_go.get(j, ()), rule)
                for j in goes | {i}:
                    doubts[j] = (*doubts.get(j, ()), *missing)
                if rule.keep_when is not None and not rule.alone_when_kept:
                    if_at_all[i] = rule
            elif keep is False and not rule.drops:
                gone[i] = rule
            elif keep is True and rule.alone_when_kept:
                alone = alone or (i, rule)
            elif keep is False and rule.drops:
                gone.update({j: rule for j, c in covers if c.kind in rule.drops})
    return _Filtered(gone, alone, doubts, may_go, if_at_all)


def _filter_value(
    case: Case, rule: OrderFilter, i: int, cover: Coverage
) -> tuple[Truth, tuple[str, ...]]:
    """True: the cover stays; False: it is dropped (or drops others); None: not known yet."""
    condition = rule.keep_when or rule.drop_when
    if condition is None:
        return True, ()
    value, missing = _holds(case, condition, i, cover)
    if value is None:
        return None, missing
    return (value if rule.keep_when is not None else not value), ()


def _holds(case: Case, condition: Any, i: int, cover: Coverage) -> tuple[Truth, tuple[str, ...]]:
    """A condition on one coverage, in the grammar of records, over the fields of the case itself."""
    if condition.all is not None or condition.any is not None:
        parts = [_holds(case, p, i, cover) for p in (condition.all or condition.any)]
        decisive = condition.all is None
        if any(v is decisive for v, _ in parts):
            return decisive, ()
        if any(v is None for v, _ in parts):
            return None, tuple(m for v, ms in parts if v is None for m in ms)
        return not decisive, ()
    if condition.not_ is not None:
        value, missing = _holds(case, condition.not_, i, cover)
        return (None if value is None else not value), missing
    name = {"medicaid_type": "medicaid", "coverage_kind": "kind"}.get(
        condition.fact, condition.fact
    )
    if hasattr(cover, name):
        actual, place = getattr(cover, name), f"coverages[{i}].{name}"
    else:
        actual, place = getattr(case, name), name
    if actual is None:
        return None, (place,)
    if condition.one_of is not None:
        return actual in condition.one_of, ()
    return actual == condition.is_, ()


def pair_outcome(case: Case, book: Book, a: int, b: int) -> PairOutcome:
    """Which of two coverages pays first, or which answers would tell."""
    assert book.coordination is not None
    possible: list[tuple[OrderRule, int | None]] = []
    missing: list[str] = []
    kinds = {i: (case.coverages or ())[i].kind for i in (a, b)}
    for rule in book.coordination.rules:
        for one, other in ((a, b), (b, a)):
            if kinds[one] not in rule.one or kinds[other] not in rule.other:
                continue
            verdict, unknown, first = _rule_on(case, book, rule, one, other)
            if verdict is False:
                continue
            possible.append((rule, first))
            missing.extend(unknown)
            if verdict is True:
                return _decided(possible, missing)
    return _decided(possible, missing)


def _decided(possible: list[tuple[OrderRule, int | None]], missing: list[str]) -> PairOutcome:
    rules = tuple(r for r, _ in possible)
    firsts = {f for _, f in possible}
    if len(firsts) == 1 and None not in firsts:
        return PairOutcome(firsts.pop(), rules[-1:], (), rules[-1].outcome)
    outcome = rules[-1].outcome if rules else "ask_plans"
    return PairOutcome(None, rules, tuple(dict.fromkeys(missing)), outcome)


def _rule_on(
    case: Case, book: Book, rule: OrderRule, one: int, other: int
) -> tuple[Truth, tuple[str, ...], int | None]:
    """Whether a rule for such covers holds, what is missing, and which index it puts first."""
    missing: list[str] = []
    for name, wanted in rule.when.items():
        actual, places = _pair_fact(case, book, name, one, other)
        if actual is None:
            may_be = _may_be(case, book, name)
            if may_be and not any(_fits(value, wanted) for value in may_be):
                return False, (), None
            missing.extend(places)
        elif not _fits(actual, wanted):
            return False, (), None
    first = {"one": one, "other": other}.get(rule.first or "")
    if rule.first_by is not None and first is None:
        first, places = _first_by(case, rule.first_by, one, other)
        missing.extend(places)
    return (None if missing else True), tuple(missing), first


def _first_by(case: Case, field: str, one: int, other: int) -> tuple[int | None, tuple[str, ...]]:
    covers = case.coverages or ()
    if field != "earlier_coverage_start":
        return None, ()
    starts = [(covers[i].start_date, i) for i in (one, other)]
    unknown = tuple(f"coverages[{i}].start_date" for d, i in starts if d is None)
    if unknown:
        return None, unknown
    if starts[0][0] == starts[1][0]:
        return None, ()
    return min(starts, key=lambda s: s[0])[1], ()  # type: ignore[arg-type,return-value]


def _fits(actual: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return bool(wanted.get("min", actual) <= actual <= wanted.get("max", actual))
    return actual in wanted if isinstance(wanted, (list, tuple)) else actual == wanted


def _pair_fact(
    case: Case, book: Book, name: str, one: int, other: int
) -> tuple[Any, tuple[str, ...]]:
    """An extra condition's fact: of the first, the other, either of the pair, or the whole case."""
    covers = case.coverages or ()
    if name == "medicare_in_case":
        return any(c.kind == "medicare" for c in covers), ()
    if name in ("one_vs_medicare", "other_vs_medicare"):
        return _against_medicare(case, book, one if name.startswith("one") else other)
    if name == "one_active_or_nongroup":
        if covers[one].kind in ("individual", "student"):
            return True, ()
        return covers[one].active_employee, (f"coverages[{one}].active_employee",)
    if name == "other_active":
        return covers[other].active_employee, (f"coverages[{other}].active_employee",)
    for prefix, index in (("one_", one), ("other_", other)):
        if name.startswith(prefix):
            field = name.removeprefix(prefix)
            return getattr(covers[index], field), (f"coverages[{index}].{field}",)
    if name in Case.model_fields:
        return getattr(case, name), (name,)
    holder = _holder(covers, name, one, other)
    value = getattr(covers[holder], name)
    if name == "entitled_by" and value == "disability" and _has_medicare_age(case, book):
        value = "age"  # whoever came in by disability has it by age from then on
    return value, (f"coverages[{holder}].{name}",)


def _has_medicare_age(case: Case, book: Book) -> Truth:
    age = book.eligibility_value("medicare_by_age")
    return None if case.age is None or age is None else case.age >= age


def _may_be(case: Case, book: Book, name: str) -> tuple[str, ...]:
    """What an answer that is missing can still be, seen from the age; empty: anything."""
    old = _has_medicare_age(case, book)
    if name != "entitled_by" or old is None:
        return ()
    return ("age" if old else "disability", "esrd")


_BELONGS = {
    "entitled_by": ("medicare",),
    "esrd_month": ("medicare",),
    "medicare_already_primary": ("medicare",),
    "active_duty": ("tricare",),
    "auto_policy_lets_health_pay_first": ("auto_injury",),
    "visit_at_or_authorized_by_va": ("va",),
}


def _holder(covers: tuple[Coverage, ...], name: str, one: int, other: int) -> int:
    """The coverage of the pair to which a field belongs; for the rest, the one that is not Medicare."""
    kinds = _BELONGS.get(name)
    if kinds is not None:
        return one if covers[one].kind in kinds else other
    return other if covers[one].kind == "medicare" else one


def _against_medicare(case: Case, book: Book, index: int) -> tuple[Any, tuple[str, ...]]:
    covers = case.coverages or ()
    medicare = next((i for i, c in enumerate(covers) if c.kind == "medicare"), None)
    if medicare is None or medicare == index:
        return "none", ()
    outcome = pair_outcome(case, book, index, medicare)
    if outcome.first is None:
        return None, outcome.missing
    return ("before" if outcome.first == index else "after"), ()


def _placed(
    case: Case,
    book: Book,
    left: list[int],
    pairs: dict[tuple[int, int], PairOutcome],
    found: _Filtered,
) -> list[Place]:
    before = {i: {j for j in left if j != i and _first(pairs, i, j) == j} for i in left}
    open_with = {i: [j for j in left if j != i and _first(pairs, i, j) is None] for i in left}
    height = {i: len(before[i]) + len(open_with[i]) / 2 for i in left}
    ordered = sorted(left, key=lambda i: (height[i], i))
    places = []
    for rank, i in enumerate(ordered):
        # By what the covers are, not by where they stand: the order of the answers is no reason.
        near = sorted(
            (j for j in left if j != i),
            key=lambda j, i=i: (  # type: ignore[misc]
                abs(height[j] - height[i]),
                height[j],
                str((case.coverages or ())[j].kind),
                [r.id for r in _pair(pairs, i, j).rules],
                j,
            ),
        )
        outcomes = [_pair(pairs, i, j) for j in near]
        ministry = any(o.outcome == "not_insurance" and o.first != i for o in outcomes)
        doubt = _doubtful(i, near, before, found, ministry)
        undecided = bool(open_with[i] or doubt)
        position = (
            "undecided" if undecided
            else "last_outside" if ministry
            else POSITIONS[min(rank, len(POSITIONS) - 1)]
        )  # fmt: skip
        open_ones = [j for j in near if j in open_with[i]]
        why, source = (
            _why_open(case, book, i, open_ones, pairs) if open_ones
            else _why_doubtful(doubt) if doubt
            else _why_here(outcomes)
        )  # fmt: skip
        missing = [m for o in outcomes if o.first is None for m in o.missing]
        of_filters = [
            m for j in (i, *sorted(before[i] & set(found.may_go))) for m in found.doubts.get(j, ())
        ]
        places.append(
            Place(i, position, why, source, tuple(dict.fromkeys([*missing, *of_filters])))
        )
    return places


def _doubtful(
    i: int, others: list[int], before: dict[int, set[int]], found: _Filtered, ministry: bool
) -> tuple[OrderFilter, ...]:
    """The filters that leave a place open: this cover, or one before it, may not pay at all.

    A ministry is asked outside the order, wherever one cover is sure to be in it.
    """
    if i in found.if_at_all and any(i in before[j] for j in others):
        return (found.if_at_all[i],)
    if ministry and not before[i] <= set(found.may_go):
        return ()
    return next((found.may_go[j] for j in sorted(before[i]) if j in found.may_go), ())


def _why_doubtful(filters: tuple[OrderFilter, ...]) -> tuple[str, str | None]:
    """One filter is told; of several none is told as the one that holds."""
    told = filters[0].says if len(filters) == 1 else phrase("order", "open_many")
    return told, filters[-1].source


def _why_here(outcomes: list[PairOutcome]) -> tuple[str, str | None]:
    """The rule between a cover and its nearest neighbor in the order."""
    rule = next((o.rules[-1] for o in outcomes if o.rules), None)
    return (rule.says, rule.source) if rule else ("", None)


def _why_open(
    case: Case, book: Book, i: int, others: list[int], pairs: dict[tuple[int, int], PairOutcome]
) -> tuple[str, str | None]:
    """Why a place is open. One of several possible rules is never told as the one that holds."""
    rules = {r.id: r for r in _pair(pairs, i, others[0]).rules}
    if not rules:
        return phrase("order", "twice"), None
    source = next(reversed(rules.values())).source
    if len(rules) == 1:
        return next(iter(rules.values())).says, source
    if len(rules) > RULES_TOLD:
        told = phrase("order", "open_many")
    else:
        told = phrase("order", "open", rules=" ".join(r.says for r in rules.values()))
    first = _file_first(case, book, i, others[0])
    return (f"{told} {first}" if first else told), source


def _file_first(case: Case, book: Book, i: int, j: int) -> str | None:
    """Whom to bill first while the order of a pair is open."""
    assert book.coordination is not None
    covers = case.coverages or ()
    kinds = {covers[i].kind, covers[j].kind}
    for hint in book.coordination.pairs:
        if set(hint.kinds) == kinds and hint.file_first_if_unknown is not None:
            kind = word_label(book, "coverage_kind", hint.file_first_if_unknown)
            return phrase("order", "file_first", kind=kind)
    return None


def _pair(pairs: dict[tuple[int, int], PairOutcome], i: int, j: int) -> PairOutcome:
    return pairs[(i, j)] if (i, j) in pairs else pairs[(j, i)]


def _first(pairs: dict[tuple[int, int], PairOutcome], i: int, j: int) -> int | None:
    return _pair(pairs, i, j).first
