"""The leading answer of a case in the words of a worklist: what a person at a desk reads and acts on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from ..result import AnswerShown, PointShown, StepShown
from ..rule_book import Book
from .text import say, words

SEPARATOR = "; "
MOST_PAPERS = 3
THOUGHTS = "suicidal_thoughts"  # never put into words in a list of people


class RulePath(NamedTuple):
    """What the path of a rule that speaks tells beside its answer."""

    covers: bool  # its rule covers the use, with or without terms
    approval_first: bool | None  # whether its rule asks for approval first; None: it does not tell
    general: bool  # it speaks of many plans or states: the payer's own rule was not found
    benefit: str | None
    codes: str  # as a letter bears them


class AnyAnswer(Protocol):
    """An answer as worked out, or as it stands in a result."""

    @property
    def asked_for(self) -> bool: ...


Some = TypeVar("Some", bound=AnyAnswer)


def asked_answer(answers: Sequence[Some]) -> Some | None:
    """The first answer for the treatment asked for; the first of all where none is."""
    return next((a for a in answers if a.asked_for), next(iter(answers), None))


def in_words(
    answers: Sequence[AnswerShown],
    leading: AnswerShown | None,
    path: RulePath | None,
    days: Sequence[tuple[dt.date, str]],
    book: Book,
) -> dict[str, str]:
    """A row's columns in words, by their names.

    The leading answer is told, else that for the treatment asked for; `path` is that of its rule,
    `days` are the days ahead.
    """
    asked = asked_answer(answers)
    told = leading or asked
    if told is None:
        return {}
    first = next(iter(told.next_steps), None)
    insured = told.coverage is not None
    return {
        "answer": told.sentence,
        "answer_asked": asked.sentence if asked is not None and not told.asked_for else "",
        "why": SEPARATOR.join(_point(p) for p in deciding(told)),
        "policy": _policy(told),
        "pa_required": words()["approval"][approval_of(told, path)] if insured else "",
        "benefit": words()["benefit"][path.benefit] if path is not None and path.benefit else "",
        "codes": path.codes if path is not None else "",
        "papers": SEPARATOR.join(_papers(told.next_steps, book)),
        "ask_whom": _whom(first) if first is not None else "",
        "by_when": min(days)[1] if days else "",
    }


def deciding(answer: AnswerShown) -> list[PointShown]:
    """The points on which an answer hangs, in their order, without any on thoughts of suicide."""
    return [p for p in answer.deciding_points if THOUGHTS not in p.because]


def approval_of(answer: AnswerShown, path: RulePath | None) -> str:
    """Whether approval is needed first: yes, no, or ask, as the answer's own sentence has it.

    No is said only where every point of the payer's own rule is met: an unknown never opens
    treatment without approval.
    """
    if path is None or not path.covers or path.general or path.approval_first is None:
        return "ask"
    if path.approval_first:
        return "yes"
    return "no" if answer.outlook == "likely" else "ask"


def _point(point: PointShown) -> str:
    if point.has:
        return say("point", point.value, asks=point.asks, has=point.has)
    return say("point", f"{point.value}_bare", asks=point.asks)


def _policy(answer: AnswerShown) -> str:
    rule = answer.rule
    if rule is None:
        return ""
    return ", ".join(x for x in (rule.title, rule.number) if x)


def _papers(steps: Sequence[StepShown], book: Book) -> list[str]:
    named = dict.fromkeys(d for step in steps for d in step.documents if d in book.documents)
    return [book.documents[d].name for d in list(named)[:MOST_PAPERS]]


def _whom(step: StepShown) -> str:
    """Whom the first act turns to: an office with its phone, else the person who acts."""
    contact = step.contact
    if contact is None:
        return str(words()["whom"][step.who])
    return ", ".join(x for x in (contact.name, contact.phone) if x)
