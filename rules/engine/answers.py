"""The answers of a case: for each coverage and treatment the one rule that speaks, and where it leads.

A rule speaks for the diagnosis that was stated, the payer's own before the programme's; never the
best of all rules by outlook. After a no the next level of appeal leads. Without insurance there is
one answer: the coverage that the person can get, or the best way to pay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..facts.context import Facts
from ..facts.cover_order import cover_ranks
from ..facts.coverage import starts_later
from ..schema.appeals import AppealLevel
from ..schema.policies import Policy
from .coordination import payer_order
from .outlook import RANK
from .paths import Candidate, Path
from .policies import rules_on
from .reading_order import REMEDIES, role_of, route_place, speaks_first, whether_unknown
from .treatments import further_views, label_fits, treatments_considered

REVIEW = "external_review"
LAST = 99  # the place of a coverage of which no place is known


@dataclass(frozen=True)
class Answer:
    """What one coverage says of one treatment.

    `path` is where it leads now: the path of the rule, or after a no the next level of appeal.
    `rule` is what the rule that speaks comes to; None where no rule was found.
    """

    coverage: int | None
    position: str | None
    treatment: str
    asked_for: bool
    path: Path | None
    rule: Candidate | None
    facts: Facts
    stated: str | None = None  # the stated diagnosis, where a further one speaks
    beside: tuple[Path, ...] = ()  # the other ways to ask again that are open now


def answers_of(root: Facts, paths: Sequence[Path]) -> list[Answer]:
    """All answers: the coverages in the order in which they pay, the treatment asked for first."""
    covers = root.case.coverages
    if not covers:
        return [_without_insurance(root, paths)]
    positions = {place.coverage: place.position for place in payer_order(root)}
    ranks = cover_ranks(root)
    order = sorted(range(len(covers)), key=lambda i: (_place(i, positions), ranks[i]))
    return [
        _answer(root, paths, index, positions.get(index), treatment)
        for index in order
        for treatment in _asked_first(root)
    ]


def _place(index: int, positions: dict[int, str]) -> int:
    """Coverages stand as the order of payment lists them; those that do not pay come last."""
    listed = list(positions)
    out = positions.get(index) == "not_a_payer"
    return LAST if out or index not in positions else listed.index(index)


def _asked_first(root: Facts) -> Iterator[str]:
    """The treatments to answer for: the one asked for and its neighbor.

    Where none was named these are the two of which most rules speak, the labelled one first.
    """
    request = root.case.request
    if request not in (None, "open"):
        yield from sorted(treatments_considered(root), key=lambda t: t != request)
    else:
        on_label = any(label_fits(view) is True for view in (root, *further_views(root)))
        yield from ("esketamine", "iv_ketamine") if on_label else ("iv_ketamine", "esketamine")


def _answer(
    root: Facts, paths: Sequence[Path], index: int, position: str | None, treatment: str
) -> Answer:
    own = [p for p in paths if p.coverage == index and p.treatment == treatment]
    ruled = rule_that_speaks(own)
    path = _leads_to(own, ruled[0] if ruled is not None else None)
    facts = path.facts if path is not None else root.for_coverage(index, treatment)
    asked = root.case.request in (treatment, "open", None)
    rule = ruled[1] if ruled is not None else None
    stated = root.case.diagnosis if facts.case.diagnosis != root.case.diagnosis else None
    beside = _open_beside(path, own) if path is not None else ()
    return Answer(index, position, treatment, asked, path, rule, facts, stated, beside)


def _open_beside(path: Path, own: Sequence[Path]) -> tuple[Path, ...]:
    """An outside review that is open beside the level of appeal which leads, or the level beside such a review."""
    if not _asks_again(path):
        return ()
    return tuple(
        p for p in own if p is not path and _asks_again(p) and REVIEW in (path.route, p.route)
    )


def _asks_again(path: Path) -> bool:
    """Whether a path is a level of appeal that surely is open now, before the last ones."""
    best = path.best
    runs = path.lead is not None and best.ahead and not whether_unknown(best)
    return isinstance(best.record, AppealLevel) and path.route in REMEDIES and runs


def rule_that_speaks(paths: Sequence[Path]) -> tuple[Path, Candidate] | None:
    """The rule that speaks among the paths of one coverage and treatment, and its path."""
    ruled = [
        (p, p.best) for p in paths if isinstance(p.best.record, Policy) and role_of(p) == "coverage"
    ]

    def key(found: tuple[Path, Candidate]) -> tuple[object, ...]:
        path, rule = found
        # An unknown never opens treatment without prior approval.
        open_claim = path.route == "claim" and path.lead is None and rule.outlook != "closed"
        return (open_claim, *speaks_first(rule)[:-1], route_place(path.route), path.id)

    return min(ruled, key=key, default=None)


def rule_without_a_path(facts: Facts, treatment: str) -> Candidate | None:
    """The rule that speaks in the view of a coverage and treatment, whichever route it takes."""
    return min(rules_on(facts, treatment).candidates, key=speaks_first, default=None)


def _leads_to(paths: Sequence[Path], ruled: Path | None) -> Path | None:
    """After a no the next level of appeal; else the rule's own path; else a way around a rule."""
    appeals = [p for p in paths if isinstance(p.best.record, AppealLevel) and p.lead is not None]
    appeal = _first(appeals)
    if appeal is not None and (ruled is None or ruled.lead is None):
        return appeal
    if ruled is not None:
        return appeal if appeal is not None and (appeal.lead or 0) < (ruled.lead or 0) else ruled
    coverage = [p for p in paths if role_of(p) == "coverage"]
    return _first(coverage) or next(iter(coverage or paths), None)


def _without_insurance(root: Facts, paths: Sequence[Path]) -> Answer:
    """The coverage that the person can get, or the best way to pay; neither while insurance is unknown."""
    if root.case.coverages is None:
        return Answer(None, None, next(_asked_first(root)), True, None, None, root)
    own = [p for p in paths if p.coverage is None]
    path = _first(own) or next(iter(own), None)
    treatment = next(_asked_first(root))
    facts = path.facts if path is not None else root
    rule = path.best if path is not None else None
    return Answer(None, None, treatment, True, path, rule, facts)


def _first(paths: Sequence[Path]) -> Path | None:
    """The path that may lead before the others, of paths in their order."""
    able = [p for p in paths if p.lead is not None]
    return min(able, key=lambda p: p.lead or 0.0, default=None)


def leading(answers: Sequence[Answer]) -> Answer | None:
    """The answer to put first: after a no the appeal; then what a rule covers; then exceptions.

    What has begun goes before what begins later. Among equals the coverage that pays first, and under it the better outlook.
    """
    able = [a for a in answers if a.path is not None and a.path.lead is not None]
    coverages = list(dict.fromkeys(a.coverage for a in answers))

    def key(answer: Answer) -> tuple[object, ...]:
        path = answer.path
        assert path is not None
        covers_it = RANK[path.outlook] >= RANK["not_yet"]
        place = coverages.index(answer.coverage)
        return (
            int(path.lead or 0.0),
            starts_later(answer.facts) is not None,
            place if covers_it else LAST + place,
            path.lead,
            -RANK[path.outlook],
            not answer.asked_for,
        )

    return min(able, key=key, default=None)
