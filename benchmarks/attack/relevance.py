"""Whether what is asked matters, and what matters is asked: every open answer of made-up cases is tried.

Half of the cases are anything at all, half lie at the limits of a policy (`made_up`). Of each case
every field that nobody has told and whose question makes sense is set, in turn, to every answer that
it may have: every word of its list, numbers and dates on each side of the limits that records use
(a dozen at most, drawn anew for each case). An answer that contradicts what was told is not tried.

The answer tier. A field matters if an answer to it changes an answer of the result as `answers_in`
takes it: which path and rule it is, its outlook, its deciding points, the first act, the last days,
who pays first, which answer leads, which limits of a label it breaks. Of what is asked in the answer tier and changes nothing alone,
each pair with another open question of that tier is tried too; what changes nothing then is inert.
What changes an answer alone and is asked in no question of that tier is missing.

All tiers, on a part of the cases. The same of the whole result: whether anything changes but the
questions themselves, the costs that were not named, and words that repeat what was told.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from rules import evaluate, read_case
from rules.case import Case, CaseError, plain_field
from rules.engine.answers import answers_of, leading
from rules.engine.coordination import payer_order
from rules.engine.find_paths import coverage_paths, find_paths
from rules.engine.label_limits import in_view, limits_told
from rules.engine.reading_order import path_order
from rules.facts.context import Facts
from rules.report.answers import show_answers
from rules.report.deadlines import days_of_path
from rules.report.deciding import THOUGHTS
from rules.report.relevance import makes_sense
from rules.result import Result
from tests.fills import contradiction, filled_in, made_up_case, open_places
from tests.strategies import BOOK, TODAY

from .frame import Tried
from .near import near_a_limit
from .reads import is_among, looked_at

MOST_VALUES = 12  # of one field
WHOLE_ONE_IN = 20  # of so many cases one is tried for the whole result
SHOWN = 12

Plain = dict[str, Any]
Heard = Callable[[Case], object]


@dataclass(frozen=True)
class Found:
    """What one case shows: the fields asked, those asked that change nothing, those that are missing."""

    asked: tuple[str, ...]
    inert: tuple[str, ...]
    fields: int
    missing: tuple[str, ...]


def attack(size: int, seed: int) -> list[Tried]:
    part = max(size // WHOLE_ONE_IN, 5)
    with ProcessPoolExecutor(2) as pool:
        answers = list(pool.map(partial(_try, seed), range(size), chunksize=4))
        whole = list(pool.map(partial(_try, seed, whole=True), range(part)))
    return [
        *_lines(answers, "", "of the answer tier"),
        *_lines(whole, " in the whole result", "of any tier"),
    ]


def _lines(found: Sequence[Found], where: str, tier: str) -> Iterator[Tried]:
    """By case, as it was counted before, and by question and field."""
    cases, inert = len(found), [f for x in found for f in x.inert]
    missing = [f for x in found for f in x.missing]
    asked, fields = sum(len(x.asked) for x in found), sum(x.fields for x in found)
    yield Tried(f"asked but inert{where}", cases, sum(bool(x.inert) for x in found), _worst(inert))
    yield Tried(f"question {tier} that is inert", asked, len(inert))
    yield Tried(
        f"not asked though it matters{where}", cases, sum(bool(x.missing) for x in found), _worst(missing)
    )  # fmt: skip
    yield Tried(f"field that matters and is in no question {tier}", fields, len(missing))


def _worst(fields: Sequence[str]) -> tuple[str, ...]:
    counted = Counter(map(plain_field, fields)).most_common(SHOWN)
    return tuple(f"{field}: {times}" for field, times in counted)


def made_up(seed: int, number: int) -> Plain:
    """A case: anything at all, or near a limit, of which all that is told can be true at once."""
    dice = random.Random(f"{seed} {number}")
    while True:
        data = near_a_limit(dice) if number % 2 else made_up_case(dice)
        try:
            read_case(data, TODAY)
        except CaseError:
            continue
        if contradiction(data, "", data) is None:
            return data


def _try(seed: int, number: int, whole: bool = False) -> Found:
    return tried(made_up(seed, number), random.Random(f"{number} {seed}"), whole)


def tried(data: Plain, dice: random.Random, whole: bool) -> Found:
    hear: Heard = whole_result if whole else answers_in
    case = read_case(data, TODAY)
    before, looked = looked_at(hear, case)
    root = Facts(case, BOOK, TODAY)
    tiers = {q.field: q.tier for q in evaluate(case, TODAY, BOOK).questions}
    places = {
        place: dice.sample(values, min(len(values), MOST_VALUES))
        for place, values in open_places(data)
        if place != THOUGHTS and makes_sense(root, place)
    }
    asked = [
        f for f, tier in tiers.items()
        if (whole or tier == "answer") and f in places and any(_completed(data, f, places[f]))
    ]  # fmt: skip
    changing = {
        p for p, values in places.items()
        if is_among(p, case, looked) and _changes(data, p, values, before, hear)
    }  # fmt: skip
    inert = [
        f for f in asked
        if f not in changing and (whole or not _in_a_pair(data, f, asked, places, hear))
    ]  # fmt: skip
    missing = [f for f in changing if f not in asked and not _told_by_another(f, asked)]
    return Found(tuple(asked), tuple(inert), len(changing), tuple(sorted(missing)))


def _told_by_another(field: str, asked: Sequence[str]) -> bool:
    """Whether a short form is asked for by its long one."""
    return field.startswith("treatment_counts.") and "treatments" in asked


def _completed(data: Plain, place: str, values: Sequence[Any]) -> Iterator[tuple[Plain, Case]]:
    for value in values:
        new = filled_in(data, place, value)
        if contradiction(data, place, new) is None:
            try:
                yield new, read_case(new, TODAY)
            except CaseError:
                continue


def _changes(data: Plain, place: str, values: Sequence[Any], before: object, hear: Heard) -> bool:
    return any(hear(case) != before for _, case in _completed(data, place, values))


def _in_a_pair(
    data: Plain, field: str, asked: Sequence[str], places: dict[str, list[Any]], hear: Heard
) -> bool:
    """Whether a question changes something once another open one has some answer."""
    for other in asked:
        if other == field:
            continue
        for new, case in _completed(data, other, places[other]):
            before, looked = looked_at(hear, case)
            still_open = is_among(field, case, looked) and field in dict(open_places(new))
            if still_open and _changes(new, field, places[field], before, hear):
                return True
    return False


# --- what is heard ------------------------------------------------------------------------------------


def answers_in(case: Case) -> object:
    """The answers of a case without their words, and what they stand for."""
    root = Facts(case, BOOK, TODAY)
    if case.coverages:  # what else there is to pay with is no part of them
        found = (p for i, _ in enumerate(case.coverages) for p in coverage_paths(root, i))
        paths = sorted(found, key=path_order)
    else:
        paths = find_paths(case, TODAY, BOOK)
    answers = answers_of(root, paths)
    first = leading(answers)
    shown = show_answers(answers, {p.id for p in paths})
    told = [
        (
            s.coverage, s.position, s.treatment, s.outlook, s.path, s.rule and s.rule.record, s.deciding,
            [step.id for step in s.next_steps[:1]],
            [(d.id, d.date) for d in days_of_path(a.path, TODAY)] if a.path is not None else None,
        )
        for a, s in zip(answers, shown, strict=True)
    ]  # fmt: skip
    places = [(p.coverage, p.position) for p in payer_order(root)]
    broken = [limit.id for limit in limits_told(root, in_view(case.request))]
    return (
        told,
        places,
        broken,
        first.path.id if first is not None and first.path is not None else None,
    )


def whole_result(case: Case) -> object:
    result: Result = evaluate(case, TODAY, BOOK)
    return result.model_dump(exclude={"questions"})
