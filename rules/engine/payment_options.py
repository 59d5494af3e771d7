"""Routes beside the policy, and ways to pay that belong to no coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..facts.context import Facts
from ..rule_book import in_force
from ..schema.policies import NO_STANDARD
from ..schema.ways import PaymentOption
from ..vocabulary import LabelBinds
from .criteria import CriterionResult, indication_verdict, judge_criteria
from .label_limits import broken, limits_beside, limits_broken
from .outlook import BY_RANK, RANK, at_most_possible, outlook
from .paths import Candidate, Path
from .reading_order import lead_of_way
from .treatments import surely_considered, treatments_considered


def way_candidate(
    facts: Facts, way: PaymentOption, treatment: str | None, cover_rank: int | None = None
) -> Candidate | None:
    """A way's candidate; `cover_rank` is the best that the plan's own rule gives, where it counts."""
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
    limits = _limits_of_route(facts, way, treatment)
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
    for way in root.book.ways.values():
        path = person_path(root, way, views)
        if path is not None:
            yield path


def person_path(root: Facts, way: PaymentOption, views: Mapping[str, Facts]) -> Path | None:
    """The path of one way to pay, for the treatment that it fits best of those it may be seen from."""
    request = root.case.request
    fitting = [t for t in views if t in way.treatments]
    if not fitting:
        return None
    kept = [t for t in fitting if _limits_broken(root, t) is None]
    pays = way.about in ("treatment", "money")
    if pays and not kept:
        return None  # nobody is shown how to pay for what is not to be given, or not yet
    fitting = kept if pays else fitting
    if request in fitting:
        treatment: str = str(request)
    elif len(way.treatments) == 1 or request not in (None, "open"):
        treatment = fitting[0]
    else:
        treatment = "open"
    facts = views[treatment]
    candidate = way_candidate(facts, way, None)
    if candidate is None:
        return None
    if pays:
        seen = fitting if treatment == "open" else [treatment]
        candidate = _while_limits_are_open(root, candidate, seen)
    ident = f"self.{treatment}.{way.id}"
    if not pays and treatment != "open" and _limits_broken(root, treatment):
        treatment = "open"  # cover and help go on for whatever treatment remains
    lead = lead_of_way(way, candidate, root)
    return Path(ident, None, treatment, way.route, (candidate,), facts, lead)


def _while_limits_are_open(root: Facts, found: Candidate, seen: Sequence[str]) -> Candidate:
    """A way to pay for a treatment is not likely while an answer may still take the treatment away.

    Of several treatments that it pays for, the one of which most is known counts.
    """
    open_limits = [
        tuple(j for j in limits_beside(root, t, ()) if j.value is None)
        for t in seen
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


def _limits_broken(root: Facts, treatment: str) -> LabelBinds | None:
    """The gravest limit of a treatment's label that the answers are known to break."""
    return broken(limits_broken(root, treatment))
