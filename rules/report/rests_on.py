"""Which facts of the rule book the outcome of a case rests on: what is worth a look-up first.

A fact is a cited part of a record; two parts with one source are two. It can decide an outcome for
a person in one of these roles:

- `answer`: it is the policy, the level of appeal or the way to pay that speaks in an answer, or with
  which the path of an answer begins.
- `point`: it is the use or the limit of a label behind a point on which that answer hangs now.
- `last day`: a last day of that path is counted by it, or the day to ask that care goes on; it opens
  a level of appeal early; or it is a window that speaks to the person.
- `open or closed`: it is the part of a state's record, or the federal figure, whose value can alone
  change whether a way or a level of appeal is open, or whether a point of an answer is met.
- `order`: it is a rule that gives a coverage its place in the order of payment.

What is only told beside these (laws, offices, remarks, papers, codes, costs) decides nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeVar

from ..case import Case
from ..engine.answers import Answer, answers_of
from ..engine.appeals import appeal_process_of, one_for_each_appeal_process
from ..engine.coordination import payer_order
from ..engine.deadlines import day_to_keep, running_days
from ..engine.find_paths import find_paths
from ..engine.paths import Candidate, Path
from ..engine.windows import exchange_of, windows_of
from ..facts.context import Facts
from ..facts.income import poverty_guideline, tax_credit_guideline
from ..facts.state import state_in_law
from ..logic import Verdict
from ..rule_book import Book, in_force
from ..schema.appeals import AppealLevel
from ..schema.base import Cited
from ..schema.state_coverage import IncomeLimits
from ..schema.states import FairHearing, State
from ..schema.ways import PaymentOption
from .deciding import deciding_of

Role = Literal["answer", "point", "last day", "open or closed", "order"]


Part = TypeVar("Part", bound=Cited)


class Rests(NamedTuple):
    """A fact of the rule book, and what it decides."""

    on: Cited
    role: Role


def rests_of(case: Case, today: dt.date, book: Book) -> Iterator[Rests]:
    """Every fact that can decide an outcome for a person; one that does so twice comes twice."""
    root = Facts(case, book, today)
    paths = find_paths(case, today, book)
    for answer in answers_of(root, paths):
        for candidate in _that_speak(answer):
            yield Rests(candidate.record, "answer")
            yield from (Rests(c, "point") for c in _of_label(candidate, answer.facts))
            verdicts = [j.verdict for j in candidate.judged if not j.informs_only]
            yield from _conditions(verdicts, answer.facts)
        if answer.path is not None:
            yield from (Rests(c, "last day") for c in _dates(answer.path, today))
        yield from _conditions(_opening(answer), answer.facts)
    yield from _ways_of_person(root, paths)
    yield from (Rests(rule, "order") for place in payer_order(root) for rule in place.rules)
    yield from (Rests(c, "last day") for c in _windows(root))


def _that_speak(answer: Answer) -> list[Candidate]:
    """The rule that speaks, and where the answer's path begins with another one, that too."""
    found = [] if answer.rule is None else [answer.rule]
    if answer.path is not None and all(answer.path.best.record is not c.record for c in found):
        found.append(answer.path.best)
    return found


def _of_label(candidate: Candidate, facts: Facts) -> Iterator[Cited]:
    """The uses and limits of labels behind the points on which a rule hangs."""
    hangs_on = [j.criterion for j in deciding_of(candidate, facts)]
    for label in facts.book.labels.values():
        for use in label.uses:
            if any(c is point for c in use.criteria for point in hangs_on):
                yield use
        for limit in label.limits:
            if any(limit.criterion is point for point in hangs_on):
                yield limit


# --- dates ------------------------------------------------------------------------------------------


def _dates(path: Path, today: dt.date) -> Iterator[Cited]:
    """What the last days of a path are counted by, and what opens its level of appeal early."""
    hearing = _hearing(path.facts)
    for day, candidate in running_days(path.candidates):
        level, review = candidate.record, _state_part(path.facts, lambda s: s.external_review)
        own = level.file_within if isinstance(level, AppealLevel) else ()
        of_review = (*review.file_within, *review.appeal_to_plan_within) if review else ()
        if any(day.reading is known for known in (*own, *of_review)):
            yield day.reading
        elif hearing is not None:  # days that a hearing's record tells in numbers
            yield hearing
    keep = day_to_keep(path.candidates, today)
    if keep is not None:
        yield keep[0].care
        yield from [hearing] if hearing is not None and keep[0].care.days_from_notice else []
    yield from _early(path)


def _early(path: Path) -> Iterator[Cited]:
    level, says = path.best.record, path.best.early
    review = _state_part(path.facts, lambda s: s.external_review)
    by_state = review.without_appeal_first if review is not None else None
    by_law = level.early if isinstance(level, AppealLevel) else None
    yield from (opens for opens in (by_law, by_state) if opens is not None and opens.says == says)


def _windows(root: Facts) -> Iterator[Cited]:
    for window in windows_of(root):
        exchange = exchange_of(root) if window.record.exchange is not None else None
        yield exchange or window.record


# --- conditions -------------------------------------------------------------------------------------


def _opening(answer: Answer) -> Iterator[Verdict]:
    """What opens or closes the ways of a coverage, and after a no its levels of appeal."""
    facts = answer.facts
    if answer.coverage is None:
        return
    for way in facts.book.routes.values():
        if way.per == "coverage" and answer.treatment in way.treatments:
            yield from _of_way(way, facts)
    if facts["denied"] is True:
        for program, _ in one_for_each_appeal_process(facts):
            process = appeal_process_of(facts, program)
            for level in process.levels if process is not None else ():
                if level.applies_when is not None:
                    yield facts.test(level.applies_when)


def _ways_of_person(root: Facts, paths: Sequence[Path]) -> Iterator[Rests]:
    """What opens or closes the ways to pay that belong to no coverage."""
    views = {id(p.best.record): p.facts for p in paths if p.coverage is None}
    nobody = root.for_coverage(None)
    for way in root.book.ways.values():
        facts = views.get(id(way), nobody)
        yield from _conditions(_of_way(way, facts), facts)


def _of_way(way: PaymentOption, facts: Facts) -> Iterator[Verdict]:
    if not in_force(way.in_force, facts.today):
        return
    if way.applies_when is not None:
        opens = facts.test(way.applies_when)
        yield opens
        if opens.value is False:
            return
    yield from (facts.test(c) for c in (*way.requires, *way.excluded_by))


def _conditions(verdicts: Iterable[Verdict], facts: Facts) -> Iterator[Rests]:
    """The parts of the rule book that can alone change one of these conditions."""
    names = {leaf.node.fact for verdict in verdicts for leaf in pivots(verdict)}
    for name in sorted(n for n in names if n is not None):
        for source in READ_BY.get(name, ()):
            cited = source(facts)
            if cited is not None:
                yield Rests(cited, "open or closed")


def pivots(verdict: Verdict) -> Iterator[Verdict]:
    """The leaves of which each can alone change a verdict, whatever the others are."""
    if not verdict.parts:
        yield verdict
        return
    settles = {"all": False, "any": True}.get(verdict.node.kind)
    settled = [p for p in verdict.parts if p.value is settles]
    if settles is not None and len(settled) > 1:
        return
    for part in settled if settles is not None and settled else verdict.parts:
        yield from pivots(part)


# --- what the facts of a case are read from ------------------------------------------------------------


def _state_part(facts: Facts, part: Callable[[State], Part | None]) -> Part | None:
    """A part of the record of the state whose insurance law counts."""
    state = state_in_law(facts)
    return part(state) if state is not None else None


def _hearing(facts: Facts) -> FairHearing | None:
    return _state_part(facts, lambda s: s.medicaid.fair_hearing if s.medicaid else None)


def _home(facts: Facts) -> State | None:
    return facts.book.states.get(facts.case.state or "")


def _limits(facts: Facts) -> IncomeLimits | None:
    home = _home(facts)
    return home.income_limits if home is not None else None


def _guideline(facts: Facts) -> Cited | None:
    return poverty_guideline(facts.book, facts.case.state or "", facts.today)


def _credit_guideline(facts: Facts) -> Cited | None:
    return tax_credit_guideline(facts.book, facts.case.state or "", facts.today)


Source = Callable[[Facts], Cited | None]


def _figure_of(name: str) -> Source:
    """A federal figure as it stands today."""

    def source(facts: Facts) -> Cited | None:
        parameter = facts.book.parameters.get(name)
        values = parameter.values if parameter is not None else ()
        return next((v for v in values if in_force(v.in_force, facts.today)), None)

    return source


def _federal_fact(name: str) -> Source:
    """A federal fact on who may get public coverage."""

    def source(facts: Facts) -> Cited | None:
        stated = facts.book.eligibility.facts if facts.book.eligibility is not None else ()
        return next((f for f in stated if f.id == name), None)

    return source


def _window_of(name: str) -> Source:
    return lambda facts: facts.book.windows.get(name)


def _exchange(facts: Facts) -> Cited | None:
    home = _home(facts)
    return home.exchange if home is not None else None


def _of_law(part: Callable[[State], Cited | None]) -> Source:
    return lambda facts: _state_part(facts, part)


def _if_of_government(facts: Facts) -> Cited | None:
    """The step therapy law, whose own words may reach plans of governments."""
    sponsor = facts.field("coverages[].sponsor").value
    return _step_therapy(facts) if sponsor in (None, "government") else None


_step_therapy = _of_law(lambda s: s.step_therapy)
_after_loss = (
    _window_of("marketplace_after_loss"),
    _federal_fact("special_enrollment_window"),
)
_adults = _federal_fact("magi_adult")
_by_age = _federal_fact("medicare_by_age")

# The facts of a case that are read from records, each with the parts that it is read from.
READ_BY: dict[str, tuple[Source, ...]] = {
    "step_therapy_law": (_step_therapy,),
    "step_therapy_limit": (_step_therapy,),
    "step_therapy_reaches": (_if_of_government,),
    "off_label_law": (_of_law(lambda s: s.off_label),),
    "external_review_process": (_of_law(lambda s: s.external_review),),
    "state_parity_law": (_of_law(lambda s: s.parity),),
    "state_has_marketplace": (_exchange,),
    "marketplace_open": (_exchange, *_after_loss),
    "lost_coverage_recently": _after_loss,
    "medicaid_expanded": (_limits,),
    "income_within_medicaid_limit": (_limits, _guideline, _adults),
    "income_over_every_medicaid_line": (_limits, _guideline),
    "told_of_another_medicaid_group": (_limits, _guideline),
    "income_within_basic_health": (_limits, _guideline),
    "income_percent_of_poverty": (_guideline,),
    "income_percent_for_tax_credit": (_credit_guideline,),
    "income_opens_tax_credit": (
        _credit_guideline,
        _figure_of("tax_credit_income_low_percent"),
        _figure_of("tax_credit_income_high_percent"),
    ),
    "past_initial_enrollment": (_window_of("medicare_initial_enrollment"), _by_age),
    "entitled_now_by": (_by_age,),
    "pays_before_medicare": (_by_age,),
}
