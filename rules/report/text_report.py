"""A result as text that a counselor can read aloud: one page by default, everything on demand.

The page has the shape of the first screen: what is urgent, will it pay, who pays first, what to do
this week, what if not, dates, other money, people, what is still open. It never has more than
`MOST_LINES` lines: where a case has much to tell, the lesser answers tell fewer of their points.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..messages import day_words, phrase
from ..result import (
    Amounts,
    AnswerShown,
    ContactShown,
    PathShown,
    PointShown,
    Result,
    RuleShown,
    StepShown,
)
from .text_in_full import all_ways, approval_lines, question_line, when_words
from .windows import day_of

WIDTH = 100
MOST_LINES = 60
MOST_PEOPLE = 2
COVERING = ("likely", "possible", "not_yet")  # a sum that few people come to is not read out
ASKED = ("answer", "surer")  # tiers of the questions that are worth a look before a request
_LEAD = re.compile(r"\s*(?:- |\d+\. |\[[^\]]*\] )?")


class Detail(NamedTuple):
    """How much a page tells.

    `points` of the leading answer, `others` of each other answer; `rules`: whether those name their
    rule; `asides`: whether people and the reasons of the order of payment are there; `lists`: the
    most dates, other ways to pay and questions; `answers`: how many answers.
    """

    points: int
    others: int
    rules: bool = True
    asides: bool = True
    lists: int = 3
    answers: int = 8


_SHORT = Detail(1, 0, rules=False, asides=False)
DETAILS = (
    Detail(3, 3), Detail(3, 1), Detail(3, 0), Detail(2, 0, rules=False), _SHORT,
    _SHORT._replace(lists=2), _SHORT._replace(lists=1), _SHORT._replace(points=0, lists=1),
    _SHORT._replace(points=0, lists=1, answers=4),
    _SHORT._replace(points=0, lists=1, answers=2),
)  # fmt: skip


def render_text(result: Result, full: bool = False) -> str:
    """The page of a result; with `full` also every way with its points, laws, steps and sources."""
    limits = phrase(
        "text_report", "limits", today=result.today.isoformat(), version=result.rules_version
    )
    if not full:
        return "\n".join(_page(result, [limits]))
    rest = [*all_ways(result), *_all_questions(result), limits]
    return "\n".join([*_wrapped(_first_page(result, DETAILS[0])), *_wrapped(rest)])


def _page(result: Result, end: list[str]) -> list[str]:
    """The page in as much detail as it has room for."""
    lines: list[str] = []
    for detail in DETAILS:
        lines = _wrapped([*_first_page(result, detail), *end])
        if len(lines) <= MOST_LINES:
            break
    return lines


def _wrapped(lines: Iterable[str]) -> list[str]:
    """Lines no wider than a page; what goes on stands under the words and not under the mark."""
    found: list[str] = []
    for line in lines:
        lead = _LEAD.match(line)
        indent = " " * len(lead[0] if lead else "")
        found += textwrap.wrap(
            line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return found


def _first_page(result: Result, detail: Detail) -> Iterator[str]:
    if result.safety:
        yield from (*(f"- {note.text}" for note in result.safety), "")
    sections: tuple[tuple[str, Callable[[Result, Detail], Iterable[str]]], ...] = (
        ("answers", _answers), ("order", _order), ("this_week", _this_week),
        ("if_no", _if_no), ("dates", _dates), ("other_money", _money), ("people", _people), ("questions", _questions),
    )  # fmt: skip
    for title, told in sections:
        lines = list(told(result, detail))
        if lines:
            yield from (phrase("text_report", title), *lines, "")


# --- the answers -------------------------------------------------------------------------------------


def _answers(result: Result, detail: Detail) -> Iterator[str]:
    if not result.answers:
        yield phrase("text_report", "no_answer", step=result.first_act or "")
    shown = _answers_shown(result, detail)
    for answer in shown:
        main = answer is _main(result)
        points = detail.points if main else detail.others
        yield from _answer(answer, result, points, main or detail.rules)
    left = len(result.answers) - len(shown)
    if left:
        yield phrase("text_report", "more_answers", number=left)


def _main(result: Result) -> AnswerShown | None:
    """The leading answer; else the first."""
    return result.leading or next(iter(result.answers), None)


def _answers_shown(result: Result, detail: Detail) -> list[AnswerShown]:
    """The first answers in their order, the leading one always among them."""
    main = _main(result)
    rest = [a for a in result.answers if a is not main][: detail.answers - 1]
    return [a for a in result.answers if a is main or a in rest]


def _answer(answer: AnswerShown, result: Result, points: int, rule: bool) -> Iterator[str]:
    yield f"- {answer.sentence}"
    if answer.rule is not None and rule:
        yield f"  {_rule(answer.rule, result)}"
    path = result.path_of(answer.path)
    if path is not None and answer is _main(result) and points:
        yield from (f"  {text}" for text in approval_lines(path))
    yield from (f"  {_point(p)}" for p in answer.deciding_points[:points])
    if points:
        yield from (f"  {text}" for text in answer.assumes)
    if answer.cost is not None and answer.cost.first_year is not None and _cost_is_told(answer):
        amount = amount_words(answer.cost.first_year)
        yield phrase("text_report", "left_to_pay", amount=amount)


def _cost_is_told(answer: AnswerShown) -> bool:
    cost = answer.cost
    return cost is not None and cost.first_year is not None and answer.outlook in COVERING


def _rule(rule: RuleShown, result: Result) -> str:
    """The rule by its own title and number, or by the source that tells of it."""
    sources = {s.id: s.title for p in result.paths for s in p.sources}
    named = ", ".join(x for x in (rule.title, rule.number) if x)
    key = "rule" if named else "told_by"
    return phrase(
        "text_report", key, name=named or sources.get(rule.source, ""), when=when_words(rule.date),
        confidence=phrase("text_report", rule.confidence),
    )  # fmt: skip


def _point(point: PointShown) -> str:
    mark = phrase("text_report", f"mark_{point.value}")
    key = "point_unknown" if point.has is None else "point"
    return phrase("text_report", key, mark=mark, asks=point.asks, has=point.has or "")


def _order(result: Result, detail: Detail) -> Iterator[str]:
    if len(result.payer_order) < 2:
        return
    for place in result.payer_order:
        yield phrase(
            "text_report", "order_line" if detail.asides else "order_short",
            number=place.coverage + 1,
            position=phrase("place", place.position),
            why=place.why,
        )  # fmt: skip


# --- what to do --------------------------------------------------------------------------------------


def _this_week(result: Result, _: Detail) -> Iterator[str]:
    for number, step in enumerate(result.this_week, 1):
        yield f"{number}. {step_line(step)}"


def step_line(step: StepShown) -> str:
    """A step with whom to call and the day to do it by."""
    contact = (
        phrase("text_report", "call", whom=contact_words(step.contact)) if step.contact else ""
    )
    by = phrase("text_report", "by", date=day_words(step.by)) if step.by else ""
    return f"{step.text}{contact}{by}"


def contact_words(contact: ContactShown) -> str:
    return ", ".join(x for x in (contact.name, contact.phone, contact.url) if x)


def _if_no(result: Result, detail: Detail) -> Iterator[str]:
    """What the answers say of it, each once; which insurance, where they differ."""
    told: dict[str, int | None] = {}
    for answer in _answers_shown(result, detail):
        if answer.if_no is not None:
            told.setdefault(answer.if_no.text, answer.coverage)
    several = len({a.coverage for a in result.answers}) > 1
    for text, coverage in told.items():
        if several and coverage is not None:
            yield phrase("text_report", "if_no_of", number=coverage + 1, text=text)
        else:
            yield f"- {text}"


def _dates(result: Result, detail: Detail) -> Iterator[str]:
    """The last days that lie ahead and the windows, the nearest first."""
    found: dict[str, dt.date] = {}
    for _, deadline in result.days_ahead():
        line = phrase("text_report", "date", date=day_words(deadline.act_by), text=deadline.text)
        found.setdefault(line, deadline.act_by)
    for window in result.windows:
        found.setdefault(f"- {window.text}", day_of(window) or result.today)
    yield from sorted(found, key=lambda line: found[line])[: detail.lists]


# --- other money, people, questions ------------------------------------------------------------------


def _money(result: Result, detail: Detail) -> Iterator[str]:
    told = any(_cost_is_told(a) for a in _answers_shown(result, detail))
    if result.costs.in_short is not None and not told:
        yield f"- {' '.join(result.costs.in_short.text[:2])}"
    shown = [p for p in _fitting(result, "pay") if p.id in result.costs.first_ways]
    for path in shown[: detail.lists]:
        saves = (
            phrase("text_report", "saves", amount=amount_words(path.saves)) if path.saves else ""
        )
        fit = phrase("text_report", path.fit) if path.fit else ""
        yield phrase("text_report", "money", name=path.name, fit=fit.lower(), saves=saves)


def _people(result: Result, detail: Detail) -> Iterator[str]:
    if not detail.asides:
        return
    for path in _fitting(result, "help")[:MOST_PEOPLE]:
        office = next((s.contact for s in path.next_steps if s.contact is not None), None)
        here = next((s.text for s in path.in_your_state), contact_words(office) if office else "")
        yield phrase("text_report", "person", name=path.name, here=here).rstrip()


def _fitting(result: Result, role: str) -> list[PathShown]:
    return [p for p in result.paths if p.role == role and p.fit in ("fits", "may_fit")]


def _questions(result: Result, detail: Detail) -> Iterator[str]:
    asked = [q for q in result.questions if q.tier in ASKED]
    yield from (question_line(q, result) for q in asked[: detail.lists])


def _all_questions(result: Result) -> Iterator[str]:
    if result.questions:
        yield phrase("text_report", "all_questions")
        yield from (question_line(q, result) for q in result.questions)
        yield ""


def amount_words(amounts: Amounts) -> str:
    """A sum or a range of sums, as `$0 to $4,000`."""
    low, high = (f"${float(a):,.0f}" for a in amounts)
    if low == high:
        return low
    if not float(amounts[0]):  # from nothing: only the most says something
        return phrase("text_report", "up_to", high=high)
    return phrase("text_report", "range", low=low, high=high)
