"""Every path of a case, each the candidates of one coverage, treatment and route, best first.

The engine knows logic, time and counting; it knows no payer, no state and no sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ..case import Case
from ..facts.context import Facts
from ..facts.cover_order import cover_ranks
from ..made_once import made_once
from ..rule_book import Book
from ..schema.ways import PaymentOption
from ..vocabulary import COVERED
from .answers import answers_of, leading
from .appeals import appeals_to, denial_concerns, one_for_each_appeal_process
from .paths import Candidate, Path
from .payment_options import person_paths, way_candidate
from .policies import (
    PolicyCandidates,
    covers_surely,
    has_program,
    policies_of,
    rules_on,
    usual_route,
)
from .reading_order import best_first, in_reading_order, lead_of_cover, path_order
from .treatments import further_views, label_fits, treatments_considered


def find_paths(case: Case, today: dt.date, book: Book) -> list[Path]:
    """Every path of a case in the order in which they are to be read, the leading one first."""
    return paths_of(Facts(case, book, today))


def paths_of(facts: Facts) -> list[Path]:
    """Every path of the case that a view of all of it shows."""
    found: list[Path] = []
    for i, _ in enumerate(facts.case.coverages or ()):
        found.extend(coverage_paths(facts, i))
    found.extend(person_paths(facts))
    found.sort(key=path_order)
    first = leading(answers_of(facts, found))
    return in_reading_order(found, first.path if first is not None else None)


def answer_paths(root: Facts) -> list[Path]:
    """Of all paths of the coverages those on which the answers rest, in the same order."""
    covers = enumerate(root.case.coverages or ())
    found = [p for i, _ in covers for p in coverage_paths(root, i, of_answers_alone=True)]
    return sorted(found, key=path_order)


def coverage_paths(root: Facts, index: int, of_answers_alone: bool = False) -> list[Path]:
    """All paths that one coverage opens; or those alone that its answers may lead to."""
    found: list[Path] = []
    base = root.for_coverage(index)
    stem = path_stem(root, base)
    for treatment in treatments_considered(root):
        facts = _seen_for(root, base, index, treatment)
        routes = _answer_routes(facts, treatment) if of_answers_alone else cover_routes(root.book)
        for route, candidates in candidates_by_route(facts, treatment, routes).items():
            ident = f"{stem}.{treatment}.{route}"
            lead = lead_of_cover(route, candidates[0])
            found.append(Path(ident, index, treatment, route, candidates, facts, lead))
    return found


def _seen_for(root: Facts, base: Facts, index: int, treatment: str) -> Facts:
    """The view of a coverage and treatment: with a further diagnosis where only that one is covered.

    The stated diagnosis speaks first. Where no rule surely covers it, a further one that was told
    may have a rule that does.
    """
    facts = base.for_coverage(index, treatment)
    further = further_views(root)
    if not further or covers_surely(facts, treatment):
        return facts
    views = (view.for_coverage(index).for_coverage(index, treatment) for view in further)
    return next((view for view in views if covers_surely(view, treatment)), facts)


def _answer_routes(facts: Facts, treatment: str) -> Iterable[str]:
    """The routes of the rules, and after a no those of the appeals; all of them where no rule speaks."""
    ruled = dict.fromkeys(c.route for c in rules_on(facts, treatment).candidates)
    if not ruled:
        return cover_routes(facts.book)
    return [*ruled, *(appeal_routes(facts.book) - ruled.keys() if facts["denied"] is True else ())]


@made_once
def cover_routes(book: Book) -> tuple[str, ...]:
    """Every route that a rule, a way or an appeal may open to a cover."""
    ways = [w.route for w in book.routes.values()]
    rules = [p.route or usual_route(p) for p in policies_of(book)]
    return tuple(dict.fromkeys((*ways, *rules, *appeal_routes(book))))


@made_once
def appeal_routes(book: Book) -> frozenset[str]:
    """The routes of all levels of appeal of all appeal processes."""
    return frozenset(
        x.route for appeal_process in book.appeal_processes.values() for x in appeal_process.levels
    )


def path_stem(root: Facts, base: Facts) -> str:
    """How the paths of a coverage are named: its kind, its payer, a number where both come again."""
    kind, name, ranks = base["coverage_kind"], _payer_part(base), cover_ranks(root)
    others = (root.for_coverage(i) for i in range(len(ranks)) if ranks[i] < ranks[base.index or 0])
    # Two spellings of one payer are one payer: no two paths may bear the same name.
    again = sum(1 for o in others if o["coverage_kind"] == kind and _payer_part(o) == name)
    return f"{kind}.{name}" + (f".{again + 1}" if again else "")


def _payer_part(base: Facts) -> str:
    return base["payer"] or "any"  # a name of which no letter is left is no name


def candidates_by_route(
    facts: Facts, treatment: str, routes: Iterable[str]
) -> dict[str, tuple[Candidate, ...]]:
    """What each of these routes rests on under a coverage, best first, where it is open."""
    rules = rules_on(facts, treatment)
    appeals = _appeals(facts, rules) if denial_concerns(facts, treatment) else {}
    by_rule = rules.by_route()
    found: dict[str, tuple[Candidate, ...]] = {}
    for route in routes:
        candidates = list(by_rule.get(route, ()))
        if not candidates and has_program(facts):
            candidates.extend(_own_way(facts, rules, treatment, route))
        candidates.extend(appeals.get(route, ()))
        if candidates:
            found[route] = best_first(candidates)
    return found


def _appeals(facts: Facts, rules: PolicyCandidates) -> dict[str, list[Candidate]]:
    """The levels of appeal of every programme that may have said no, by their route."""
    found: dict[str, list[Candidate]] = {}
    for program, applies in one_for_each_appeal_process(facts):
        for level in appeals_to(facts, program, applies, rules.best_covered(program)):
            found.setdefault(level.route, []).append(level)
    return found


def _own_way(
    facts: Facts, rules: PolicyCandidates, treatment: str, route: str
) -> Iterator[Candidate]:
    """The route's own conditions, where no rule speaks of the route."""
    for way in _ways_of(facts.book, treatment, route):
        if way.needs_rule and not _may_cover(facts, rules, treatment):
            return
        rank = rules.best() if way.needs_cover else None
        own = way_candidate(facts, way, treatment, rank)
        if own is not None:
            yield own
            return


@made_once
def _ways_of(book: Book, treatment: str, route: str) -> tuple[PaymentOption, ...]:
    """The ways of a coverage that a route has for a treatment."""
    return tuple(
        way
        for way in book.routes.values()
        if way.per == "coverage" and way.route == route and treatment in way.treatments
    )


def _may_cover(facts: Facts, rules: PolicyCandidates, treatment: str) -> bool:
    """Whether a rule covers the use, or none is known yet and the label allows it."""
    positions = rules.positions()
    if not positions.isdisjoint(COVERED):
        return True
    return "depends_on_plan" in positions and label_fits(facts, treatment) is not False
