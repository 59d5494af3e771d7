"""Which cover, treatment, rule and level of the appeal process the papers of a case speak of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from rules.case import Case
from rules.engine.policies import policies_of
from rules.engine.reading_order import REMEDIES
from rules.engine.state_levels import in_state
from rules.facts.context import Facts
from rules.facts.coverage import programs_of
from rules.result import AppealShown, DeadlineShown, PathShown, Result
from rules.rule_book import Book
from rules.schema.appeals import AppealLevel, AppealProcess
from rules.schema.policies import Policy, Program


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
    path: PathShown | None  # the rule under which approval is asked for
    policy: Policy | None  # the record of that rule
    paths: tuple[PathShown, ...]  # all paths of this cover and treatment

    def of_path(self, path_id: str) -> Focus:
        """The same case, seen from one of its paths."""
        return find_focus(self.case, self.result, self.book, self.today, path_id)


@dataclass(frozen=True)
class AppealInFocus:
    """A level of appeal. `open`: to this case; `leads`: it is the first level on its path."""

    appeal_process: AppealProcess
    level: AppealLevel
    open: bool = False
    leads: bool = False
    deadlines: tuple[DeadlineShown, ...] = ()
    program: Program | None = None  # who said no, where the level is open
    for_letter: str = ""  # how the letter came that it answers, where several may have come


def find_focus(
    case: Case, result: Result, book: Book, today: dt.date, path_id: str | None
) -> Focus:
    """The focus of a case: of the path that was named, or else of the leading answer, or else of the denial.

    Raises KeyError where `path_id` names no path of the case.
    """
    named = {p.id: p for p in result.paths}[path_id] if path_id is not None else _led(result)
    coverage = named.coverage if named and named.coverage is not None else _coverage(case, result)
    own = [p for p in result.paths if p.coverage == coverage and coverage is not None]
    treatment = _treatment(case, named, own, result)
    mine = tuple(p for p in own if p.treatment == treatment)
    policies = {p.id: p for p in policies_of(book)}
    ruled = [p for p in mine if p.record in policies]
    chosen = named if named is not None and named in ruled else (ruled[0] if ruled else None)
    facts = Facts(case, book, today).for_coverage(coverage, treatment)
    return Focus(
        case, result, book, today, coverage, treatment, facts, _program(facts, chosen, mine),
        chosen, policies[chosen.record or ""] if chosen else None, mine,
    )  # fmt: skip


def _led(result: Result) -> PathShown | None:
    """The path of the leading answer, where an insurance pays on it."""
    lead = result.best_path
    return lead if lead is not None and lead.coverage is not None else None


def _coverage(case: Case, result: Result) -> int | None:
    if not case.coverages:
        return None
    if case.denial is not None and case.denial.coverage is not None:
        return case.denial.coverage
    first = [p.coverage for p in result.payer_order if p.position == "primary"]
    return first[0] if first else result.payer_order[0].coverage if result.payer_order else 0


def _treatment(
    case: Case, named: PathShown | None, own: list[PathShown], result: Result
) -> str | None:
    if named is not None and named.treatment != "open":
        return named.treatment
    denied = case.denial.treatment if case.denial else None
    asked = denied or case.request
    if asked is not None and asked != "open":
        return asked
    best = [p.treatment for p in (*own, *result.paths) if p.treatment != "open"]
    return best[0] if best else None


def _program(facts: Facts, chosen: PathShown | None, mine: tuple[PathShown, ...]) -> Program | None:
    for path in ((chosen,) if chosen else ()) + mine:
        if path.program is not None:
            return facts.book.programs[path.program]
    return next((p for p, applies, _ in programs_of(facts) if applies is not False), None)


def appeal_in_focus(focus: Focus, wanted: tuple[str, ...]) -> AppealInFocus | None:
    """The first of the wanted levels (`appeal process.level`) that is open, or else stands on the appeal process.

    `OPEN` wants the first appeal that is open, whichever it is.
    """
    open_ones = [(found, path) for path in focus.paths for found in _levels(path)]
    if wanted == OPEN:
        wanted = tuple(_name(found[0]) for found, path in open_ones if path.route in REMEDIES)
    for name in wanted:
        for (appeal, deadlines, leads), path in open_ones:
            if _name(appeal) == name:
                appeal_process, level = _record(focus, appeal.appeal_process, appeal.level)
                program = focus.book.programs.get(appeal.program or "")
                several = any(d.appeal_process for d in path.deadlines)
                letter = program.notice.came if several and program and program.notice else ""
                return AppealInFocus(appeal_process, level, True, leads, deadlines, program, letter)
    return _closed_rung(focus, wanted)


OPEN = ("open",)


def _levels(path: PathShown) -> Iterator[tuple[AppealShown, tuple[DeadlineShown, ...], bool]]:
    """The levels of appeal on a path, each with its last days and whether it leads the path."""
    if path.appeal is not None:
        mine = (None, path.appeal.appeal_process)
        own = tuple(d for d in path.deadlines if d.appeal_process in mine)
        yield path.appeal, own, True
    for other in path.alternatives:
        if other.appeal is not None:
            yield other.appeal, other.deadlines, False


def _name(appeal: AppealShown) -> str:
    return f"{appeal.appeal_process}.{appeal.level}"


def _record(focus: Focus, appeal_process: str, level: str) -> tuple[AppealProcess, AppealLevel]:
    found = in_state(focus.facts, focus.book.appeal_processes[appeal_process])
    return found, next(x for x in found.levels if x.id == level)


def _closed_rung(focus: Focus, wanted: tuple[str, ...]) -> AppealInFocus | None:
    """The first of the levels of this cover's appeal process that is wanted, though it is not open."""
    found = focus.book.appeal_processes.get(_appeal_process_of(focus))
    appeal_process = in_state(focus.facts, found) if found is not None else None
    for level in appeal_process.levels if appeal_process else ():
        if appeal_process is not None and f"{appeal_process.id}.{level.id}" in wanted:
            return AppealInFocus(appeal_process, level)
    return None


def _appeal_process_of(focus: Focus) -> str:
    if focus.program is None:
        return ""
    for path in focus.paths:
        for appeal, _, _ in _levels(path):
            if appeal.program == focus.program.id:
                return appeal.appeal_process
    return focus.program.appeal_process


def programs_open(focus: Focus) -> tuple[Program, ...]:
    """Kinds of plan that this cover may still be."""
    return tuple(p for p, applies, _ in programs_of(focus.facts) if applies is not False)


def kind_of_plan_open(focus: Focus) -> bool:
    """Whether a private plan may still be one of several kinds, which go by different rules of appeal."""
    open_kinds = programs_open(focus) if focus.facts.coverage is not None else ()
    private = focus.program is not None and focus.program.family == "private"
    return private and len({p.appeal_process for p in open_kinds}) > 1
