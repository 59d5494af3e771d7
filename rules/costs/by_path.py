"""What each path of a result costs this person, and why the sum is a range."""

from __future__ import annotations

from collections.abc import Container, Iterator
from decimal import ROUND_HALF_UP, Decimal

from rules.result import Amounts, AnswerCost, CostInShort, Result

from .assumptions import Assumption, case_field_of
from .catalogue import catalogue
from .formulas import NONE
from .in_short import in_short, in_short_lines
from .open_ways import open_rows, path_is_open, read_options
from .picture import CostPicture, Line
from .recipes import PERIODS, YOU_PAY, Period
from .show import DOLLAR, money, option_name, words

FIRST_COURSE: Period = "first_course"
FIRST_YEAR: Period = "first_year"
SELF_PAY = "self_pay"
SHARE = "share"
MOST_CAUSES = 2  # a sentence with more reasons than two is not read


def with_costs(result: Result, picture: CostPicture) -> Result:
    """The result with what its paths cost, what ways to pay save, and the cost of each answer."""
    pay = {p.id for p in result.paths if p.role == "pay"}
    saved = dict(_savings(picture, pay))
    answers = tuple(
        a.model_copy(update={"cost": cost_of_path(picture, a.path) if a.path else None})
        for a in result.answers
    )
    return result.model_copy(
        update={
            "paths": tuple(
                p.model_copy(update={"saves": saved[p.id]}) if p.id in saved else p
                for p in result.paths
            ),
            "answers": answers,
        }
    )


def with_open_sums(result: Result, picture: CostPicture) -> Result:
    """The result with the sums of its open ways: in short, by path, and what is missing for them.

    It comes last: which ways are open is seen when what fits has been settled.
    """
    fitting = {p.id for p in result.paths if path_is_open(p)}
    open_paths = {i for r in open_rows(picture, result) for i in r.paths if i in fitting}
    costs = result.costs.model_copy(
        update={
            "first_course": dict(_sums(picture, FIRST_COURSE, open_paths)),
            "first_year": dict(_sums(picture, FIRST_YEAR, open_paths)),
            "missing": tuple(dict.fromkeys(_missing(picture, read_options(picture, result)))),
            "in_short": _in_short(picture, result),
        }
    )
    return result.model_copy(update={"costs": costs})


def _in_short(picture: CostPicture, result: Result) -> CostInShort:
    found = in_short(picture, result)
    cheapest = found.cheapest
    sums = {p: picture.line(cheapest.option, YOU_PAY, p) for p in PERIODS}
    return CostInShort(
        path=next((p for p in cheapest.paths if p in {x.id for x in result.paths}), None),
        way=option_name(cheapest.kind, cheapest.treatment, cheapest.cover),
        **{p: _amounts(x.low, x.high) for p, x in sums.items() if x is not None},
        ask=found.ask,
        text=tuple(in_short_lines(picture, found)),
    )


def _sums(
    picture: CostPicture, period: Period, open_paths: Container[str]
) -> Iterator[tuple[str, Amounts]]:
    for line in picture.lines:
        amounts = _amounts(line.low, line.high)
        if line.what == YOU_PAY and line.period == period and amounts is not None:
            yield from ((path, amounts) for path in line.paths if path in open_paths)


def _amounts(low: Decimal | None, high: Decimal | None) -> Amounts | None:
    """Both ends in whole dollars: cents would make an estimate look surer than it is."""
    if low is None or high is None:
        return None
    ends = (str(n.quantize(DOLLAR, ROUND_HALF_UP)) for n in (low, high))
    return next(ends), next(ends)


def _missing(picture: CostPicture, options: Container[str]) -> Iterator[str]:
    read = {
        i for line in picture.lines
        if line.option in options
        and line.what == YOU_PAY and line.period in (FIRST_COURSE, FIRST_YEAR)
        for i in (*line.uses, *line.needs)
    }  # fmt: skip
    for assumption in picture.assumptions.values():
        field = case_field_of(assumption, picture.main)
        if assumption.id in read and field is not None and _open(assumption):
            yield field


def _open(assumption: Assumption) -> bool:
    """Whether a number is not known, or only as a range that nobody narrowed for this person."""
    return not assumption.known or assumption.low != assumption.high


# --- what a way saves ---------------------------------------------------------------------------


def _savings(picture: CostPicture, ways: Container[str]) -> Iterator[tuple[str, Amounts]]:
    """What each way saves in the first year against paying all of the treatment oneself, not below 0.

    A cheaper treatment that one pays oneself is measured against the treatment asked for; help with
    the share of a plan (a savings card) against that share.
    """
    shares = {(o.cover, o.treatment): o.id for o in picture.options if o.kind == SHARE}
    for option in picture.options:
        mine = [p for p in option.paths if p in ways]
        same = f"self.{option.treatment}.{SELF_PAY}"
        against = picture.baseline().id if option.kind == SELF_PAY else same
        if option.cover is not None:
            against = shares.get((option.cover, option.treatment), same)
        gap = picture.difference(option.id, against, FIRST_YEAR) if mine else None
        amounts = _amounts(*(max(NONE, n) for n in gap)) if gap is not None else None
        if amounts is not None:
            yield from ((path, amounts) for path in mine)


def _line(picture: CostPicture, path: str, period: Period) -> Line | None:
    found = (x for x in picture.lines_of_path(path) if x.what == YOU_PAY and x.period == period)
    return next(found, None)


# --- the cost of an answer ------------------------------------------------------------------------


def cost_of_path(picture: CostPicture, path: str) -> AnswerCost | None:
    """What is left to pay by a path, with the reason of its range; None where it has no sum at all."""
    course, year = (_line(picture, path, p) for p in (FIRST_COURSE, FIRST_YEAR))
    if course is None and year is None:
        return None
    told = year or course
    assert told is not None
    return AnswerCost(
        first_course=_amounts(course.low, course.high) if course else None,
        first_year=_amounts(year.low, year.high) if year else None,
        why=_why(picture, told),
    )


def _why(picture: CostPicture, line: Line) -> str:
    """Why a sum is what it is: what is not known, and the limit that holds it."""
    if line.high is not None and line.low == line.high == NONE:
        return words("answer_cost", "nothing")
    limit = _limit_reached(picture, line)
    causes = list(dict.fromkeys(_causes(picture, line)))[:MOST_CAUSES]
    if not causes:
        return words("answer_cost", "told") if limit is None else limit
    names = words("answer_cost", "and").join(words("cost_cause", c) for c in causes)
    reason = words("answer_cost", "not_known", causes=names)
    return reason if limit is None else f"{reason} {limit}"


def _limit_reached(picture: CostPicture, line: Line) -> str | None:
    limits = (f"cover{line.cover}.{name}" for name in ("out_of_pocket_left", "yearly_limit"))
    found = next((picture.assumptions[i] for i in limits if i in line.taken), None)
    if found is None or found.high is None or line.high != found.high:
        return None
    key = "your_limit" if found.origin in ("case", "yours") else "limit"
    return words("answer_cost", key, amount=money(found.high))


def _causes(picture: CostPicture, line: Line) -> Iterator[str]:
    """Kinds of the open numbers that a sum rests on, the person's own terms first."""
    read = (picture.assumptions[i] for i in line.needs or line.uses)
    labels = {a.label for a in read if _open(a)}
    for cause, slots in catalogue().causes.items():
        if not labels.isdisjoint(slots):
            yield cause
