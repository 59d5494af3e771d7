"""Which cover, treatment, rule and rung of the appeal ladder the papers of a case speak of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rules.case import Case
from rules.engine.find_paths import find_paths
from rules.engine.paths import Candidate, Path
from rules.facts.context import Facts
from rules.result import PathShown, Result
from rules.rule_book import Book
from rules.schema.appeals import Ladder, Level
from rules.schema.policies import Policy, Program

from ..facts.coverage import programs_of


@dataclass(frozen=True)
class Focus:
    """What one paper is about. Parts that the case leaves open are None."""

    case: Case
    result: Result
    book: Book
    today: dt.date
    coverage: int | None
    treatment: str | None
    facts: Facts
    program: Program | None
    path: Path | None  # the rule under which approval is asked for
    shown: PathShown | None
    paths: tuple[Path, ...]  # all paths of this cover and treatment
    found: tuple[Path, ...]  # all paths of the case

    def of_path(self, path_id: str) -> Focus:
        """The same case, seen from one of its paths."""
        return find_focus(self.case, self.result, self.book, self.today, path_id, list(self.found))

    @property
    def policy(self) -> Policy | None:
        record = self.path.best.record if self.path else None
        return record if isinstance(record, Policy) else None


@dataclass(frozen=True)
class Rung:
    """A level of appeal; `candidate` is there where it is open to this case."""

    ladder: Ladder
    level: Level
    candidate: Candidate | None
    shown: PathShown | None


def find_focus(
    case: Case,
    result: Result,
    book: Book,
    today: dt.date,
    path_id: str | None,
    found: list[Path] | None = None,
) -> Focus:
    """The focus of a case: of the path that was named, or else of the denial, or else the best.

    `found` are the evaluated paths, where they are at hand. Raises KeyError where `path_id` names
    no path of the case.
    """
    found = find_paths(case, today, book) if found is None else found
    by_id = {p.id: p for p in found}
    named = by_id[path_id] if path_id is not None else None
    coverage = named.coverage if named and named.coverage is not None else _coverage(case, result)
    own = [p for p in found if p.coverage == coverage and coverage is not None]
    treatment = _treatment(case, named, own, found)
    mine = tuple(p for p in own if p.treatment == treatment)
    ruled = [p for p in mine if isinstance(p.best.record, Policy)]
    chosen = named if named is not None and named in ruled else (ruled[0] if ruled else None)
    root = Facts(case, book, today)
    facts = root.seen_from(coverage, treatment)
    shown = {p.id: p for p in result.paths}
    return Focus(
        case, result, book, today, coverage, treatment, facts, _program(facts, chosen, mine),
        chosen, shown.get(chosen.id) if chosen else None, mine, tuple(found),
    )  # fmt: skip


def _coverage(case: Case, result: Result) -> int | None:
    if not case.coverages:
        return None
    if case.denial is not None and case.denial.coverage is not None:
        return case.denial.coverage
    first = [p.coverage for p in result.payer_order if p.position == "primary"]
    return first[0] if first else 0


def _treatment(case: Case, named: Path | None, own: list[Path], found: list[Path]) -> str | None:
    if named is not None and named.treatment != "open":
        return named.treatment
    denied = case.denial.treatment if case.denial else None
    asked = denied or case.request
    if asked is not None and asked != "open":
        return asked
    best = [p.treatment for p in (*own, *found) if p.treatment != "open"]
    return best[0] if best else None


def _program(facts: Facts, chosen: Path | None, mine: tuple[Path, ...]) -> Program | None:
    if chosen is not None and chosen.best.program is not None:
        return chosen.best.program
    for path in mine:
        if path.best.program is not None:
            return path.best.program
    fitting = [p for p, applies, _ in programs_of(facts) if applies is not False]
    return fitting[0] if fitting else None


def find_rung(focus: Focus, wanted: tuple[str, ...]) -> Rung | None:
    """The first of the wanted levels (`ladder.level`) that is open, or else stands on the ladder.

    `OPEN` wants the first appeal that is open, whichever it is.
    """
    shown = {p.id: p for p in focus.result.paths}
    if wanted == OPEN:
        wanted = tuple(_open_levels(focus))
    for name in wanted:
        for path in focus.paths:
            for candidate in path.candidates:
                if candidate.ladder and f"{candidate.ladder.id}.{candidate.record.id}" == name:
                    leads = path.best is candidate
                    return Rung(
                        candidate.ladder, candidate.record, candidate,  # type: ignore[arg-type]
                        shown.get(path.id) if leads else None,
                    )  # fmt: skip
    if focus.program is None:
        return None
    ladder = focus.book.ladders.get(_ladder_of(focus))
    for level in ladder.levels if ladder else ():
        if ladder is not None and f"{ladder.id}.{level.id}" in wanted:
            return Rung(ladder, level, None, None)
    return None


OPEN = ("open",)
APPEALS = ("internal_appeal", "external_review", "fair_hearing", "hearing")


def _open_levels(focus: Focus) -> Iterator[str]:
    for path in focus.paths:
        for candidate in path.candidates:
            if candidate.ladder is not None and candidate.route in APPEALS:
                yield f"{candidate.ladder.id}.{candidate.record.id}"


def _ladder_of(focus: Focus) -> str:
    for path in focus.paths:
        for candidate in path.candidates:
            if candidate.ladder is not None and candidate.program is focus.program:
                return candidate.ladder.id
    return focus.program.ladder if focus.program else ""


def programs_open(focus: Focus) -> tuple[Program, ...]:
    """Kinds of plan that this cover may still be."""
    told: Any = programs_of(focus.facts)
    return tuple(p for p, applies, _ in told if applies is not False)
