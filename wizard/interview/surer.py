"""What would make the answer surer: at most three open questions, each with what it can change. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from rules import Book, Result
from rules.case import Case, plain_field
from rules.facts.context import Facts
from rules.messages import outlook_words, phrase
from rules.result import PathShown, QuestionShown
from wizard.answers import Answers
from wizard.messages import say

from .sequence import Walk, walk_tiers, worth_finding_out
from .steps import THOUGHTS, WITH_TREATMENTS

MOST = 3


@dataclass(frozen=True)
class OpenPoint:
    """An open question: the screen that asks for it, what it can change, and how to find it out."""

    field: str
    step: str
    asks: str
    changes: str
    how: str | None
    said_unknown: bool


def make_surer(
    result: Result, walk: Walk, answers: Answers, book: Book, today: dt.date
) -> tuple[OpenPoint, ...]:
    """The open questions of the answers, those that can change most first; one of each screen."""
    found: dict[str, OpenPoint] = {}
    tiers = walk_tiers(result, Facts(Case.model_validate(answers.case_data()), book, today))
    for question in sorted(result.questions, key=lambda q: tiers[q.field] != "answer"):
        if len(found) == MOST:
            break
        if tiers[question.field] == "ways" or question.field == THOUGHTS:
            continue
        if not worth_finding_out(question.field, answers, book, today):
            continue
        point = _point(question, result, walk, answers, book)
        if point is not None:
            found.setdefault(point.step, point)
    return tuple(found.values())


def _point(
    question: QuestionShown, result: Result, walk: Walk, answers: Answers, book: Book
) -> OpenPoint | None:
    field = question.field
    step = walk.step_of("treatments" if field.startswith(WITH_TREATMENTS) else field)
    if step is None:
        return None
    record = next((p.question for p in step.parts if p.field == field), step.question)
    asks = question.asks or (record.asks if record is not None else None)
    if asks is None:
        return None
    known = record is not None and record.self_known
    return OpenPoint(
        field=field,
        step=step.id,
        asks=asks,
        changes=_changes(question, result, book) or question.why or say("question.all_rests"),
        how=None if known else question.how_to_find_out,
        said_unknown=field in answers.unknown,
    )


def _changes(question: QuestionShown, result: Result, book: Book) -> str | None:
    """What the answer can make of an answer that was given, by the engine's own nearest changes."""
    plain, leading = plain_field(question.field), {a.path for a in result.answers} | {result.best}
    waiting = [p for p in result.paths if p.id in leading and p.id in question.matters_for]
    for path in waiting:
        for change in path.would_change:
            facts = [book.facts[e] for e in change.edits if e in book.facts]
            if any(plain in f.fields for f in facts):
                return _could_become(path, change.to)
    return None


def _could_become(path: PathShown, to: str) -> str:
    return say(
        "question.could_become",
        treatment=phrase("treatment", path.treatment), outlook=outlook_words(to, path.coverage is not None),
    )  # fmt: skip
