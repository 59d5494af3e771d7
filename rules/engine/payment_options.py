"""Routes beside the policy, and ways to pay that belong to no coverage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..facts.context import Facts
from ..made_once import made_once
from ..rule_book import Book, in_force
from ..schema.policies import NO_STANDARD
from ..schema.ways import PaymentOption
from .criteria import CriterionResult, indication_verdict, judge_criteria
from .declared import Kept, reads_of_way
from .label_limits import broken, limits_beside, limits_broken
from .outlook import BY_RANK, RANK, at_most_possible, outlook
from .paths import Candidate, Path
from .reading_order import lead_of_way
from .treatments import surely_considered, treatments_considered


def way_candidate(
    facts: Facts, way: PaymentOption, treatment: str | None, cover_rank: int | None = None
) -> Candidate | None:
    """A way's candidate; `cover_rank` is the best that the plan's own rule gives, where it counts.

    Those who are alike in all that the way reads share one.
    """
    limits = _limits_of_route(facts, way, treatment)
    if limits:
        return judge_way(facts, way, limits, cover_rank)
    shared = _shared(facts.book, way)
    kept, key = shared.on(facts.today), (cover_rank, *shared.reads.of(facts))
    if key not in kept:
        kept[key] = judge_way(facts, way, (), cover_rank)
    return kept[key]


@made_once
def _shared(book: Book, way: PaymentOption) -> Kept[Candidate | None]:
    return Kept(reads_of_way(book, way))


def judge_way(
    facts: Facts,
    way: PaymentOption,
    limits: tuple[CriterionResult, ...],
    cover_rank: int | None,
) -> Candidate | None:
    """A way's candidate, judged for one person; `limits` are those of the label that are broken."""
    if not in_force(way.in_force, facts.today):
        return None
    named = indication_verdict(facts, way)
    if named.value is False:
        return None
    judged: list[CriterionResult] = []
    if "any" not in way.indications:
        judged.append(CriterionResult("diagnosis_named", None, named, False, way.source))
    if way.applies_when is not None:
        applies = facts.test(way.applies_when)
        if applies.value is False:
            return None
        if applies.value is None:
            judged.append(CriterionResult("way_applies", None, applies, False, way.source))
    judged.extend(judge_criteria(facts, way.requires, way.source, NO_STANDARD))
    judged.extend(judge_criteria(facts, way.excluded_by, way.source, NO_STANDARD, excludes=True))
    extra = [
        j._replace(informs_only=True)
        for j in judge_criteria(facts, way.better_if, way.source, NO_STANDARD)
    ]
    judged.extend(limits)
    caveats: tuple[str, ...] = ()
    if way.confidence == "recalled":
        caveats = ("recalled",)
    elif not way.seen:
        caveats = ("unseen",)
    base: str = way.outlook
    if cover_rank is not None:
        base = BY_RANK[min(RANK[base], max(cover_rank, RANK["uphill"]))]
    look = outlook(base, judged, bool(caveats))
    return Candidate(
        way, way.route, base, look, (*judged, *extra), bool(caveats), caveats, broken=broken(limits)
    )


def _limits_of_route(
    facts: Facts, way: PaymentOption, treatment: str | None
) -> tuple[CriterionResult, ...]:
    """The label's limits that are known to be broken, on a route beside a plan's own rule."""
    if treatment is None or way.per != "coverage":
        return ()
    return limits_broken(facts, treatment)


def person_paths(root: Facts) -> Iterator[Path]:
    """Paths that belong to no coverage: ways to pay, help, rights."""
    views = {t: root.for_coverage(None, t) for t in treatments_considered(root)}
    views["open"] = root.for_coverage(None)
    safe = frozenset(t for t in views if broken(limits_broken(root, t)) is None)
    for seen in _ways_seen(root.book, root.case.request, tuple(views), safe):
        facts = views[seen.as_if_for]
        candidate = way_candidate(facts, seen.way, None)
        if candidate is not None:
            if seen.pays_for:
                candidate = _while_limits_are_open(root, candidate, seen.pays_for)
            ident = f"self.{seen.as_if_for}.{seen.way.id}"
            lead = lead_of_way(seen.way, candidate, root)
            yield Path(ident, None, seen.told_for, seen.way.route, (candidate,), facts, lead)


class _WaySeen(NamedTuple):
    """A way to pay, the treatment for which it is judged and the one for which it is told.

    `pays_for` are the treatments that it pays for; none where it is cover or help.
    """

    way: PaymentOption
    as_if_for: str
    told_for: str
    pays_for: tuple[str, ...]


@made_once
def _ways_seen(
    book: Book, request: str | None, treatments: tuple[str, ...], safe: frozenset[str]
) -> tuple[_WaySeen, ...]:
    """The ways to pay, each for the treatment that it fits best of those it may be seen from.

    `safe` are the treatments of whose label the answers are not known to break a limit.
    """
    return tuple(
        seen
        for way in book.ways.values()
        if (seen := _way_seen(way, request, treatments, safe)) is not None
    )


def _way_seen(
    way: PaymentOption, request: str | None, treatments: tuple[str, ...], safe: frozenset[str]
) -> _WaySeen | None:
    pays = way.about in ("treatment", "money")
    # Nobody is shown how to pay for what is not to be given, or not yet.
    fitting = [t for t in treatments if t in way.treatments and (t in safe or not pays)]
    if not fitting:
        return None
    if request in fitting:
        treatment = str(request)
    elif len(way.treatments) == 1 or request not in (None, "open"):
        treatment = fitting[0]
    else:
        treatment = "open"
    # Cover and help go on for whatever treatment remains.
    told = treatment if pays or treatment in safe else "open"
    pays_for = (fitting if treatment == "open" else [treatment]) if pays else []
    return _WaySeen(way, treatment, told, tuple(pays_for))


def _while_limits_are_open(root: Facts, found: Candidate, pays_for: tuple[str, ...]) -> Candidate:
    """A way to pay for a treatment is not likely while an answer may still take the treatment away.

    Of several treatments that it pays for, the one of which most is known counts.
    """
    open_limits = [
        tuple(j for j in limits_beside(root, t, ()) if j.value is None)
        for t in pays_for
        if surely_considered(root, t)
    ]
    limits = min(open_limits, key=len, default=())
    if open_limits and not limits:
        return found
    told = tuple(j._replace(informs_only=True) for j in limits)
    return replace(
        found,
        outlook=at_most_possible(found.outlook),
        judged=(*found.judged, *told),
        limited_by_confidence=True,
    )
