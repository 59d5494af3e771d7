"""The ways of a result one by one, as text: by what each is for, in their order, closed ones last."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from ..messages import day_words, outlook_words, phrase
from ..result import ROLES, CriterionShown, PathShown, QuestionShown, Result, StepShown

SHOWN_STEPS = 6
MOST_CHANGES = 2
MARKS = {"met": "yes", "not_met": "no", "unknown": "not known"}


def all_ways(result: Result) -> Iterator[str]:
    """Every way under its role, what each asks for, its laws, dates, steps and sources."""
    open_paths = [p for p in result.paths if p.outlook != "closed"]
    for role in ROLES:
        found = [p for p in open_paths if p.role == role]
        if found:
            yield from (phrase("text_report", role), "")
        for alike in _alike(found):
            yield from _path(alike)
    closed = [p for p in result.paths if p.outlook == "closed"]
    if closed:
        yield from (phrase("text_report", "closed"), "")
        yield from (x for p in closed for x in (f"- {path_title(p)}. {p.reason}", *_laws(p)))
        yield ""


def question_line(question: QuestionShown, result: Result) -> str:
    """What is open, for which insurance where there are several, and how to find it out."""
    several = len({p.coverage for p in result.paths if p.coverage is not None}) > 1
    cover = re.match(r"coverages\[(\d+)\]", question.field)
    which = (
        phrase("text_report", "which_cover", number=int(cover[1]) + 1) if cover and several else ""
    )
    asks = question.asks or question.field
    key = "question" if asks.endswith("?") else "question_named"
    return phrase("text_report", key, asks=asks, which=which, how=question.how_to_find_out)


def path_title(path: PathShown, alike: Iterable[PathShown] = ()) -> str:
    treatments = dict.fromkeys(phrase("treatment", p.treatment) for p in alike or (path,))
    treatment = phrase("text_report", "and").join(treatments)
    if path.coverage is None:
        return path.name
    return phrase(
        "text_report", "title", name=path.name, treatment=treatment, number=path.coverage + 1
    )


def when_words(as_of: str | None) -> str:
    """A year, a month or a day of a source, in words."""
    match [int(x) for x in (as_of or "").split("-") if x.isdigit()]:
        case [year, month, day]:
            return day_words(dt.date(year, month, day))
        case [year, month]:
            return f"{dt.date(year, month, 1):%B %Y}"
    return as_of or phrase("text_report", "undated")


def by_words(step: StepShown) -> str:
    return phrase("text_report", "by", date=step.by.isoformat()) if step.by else ""


def _alike(paths: list[PathShown]) -> Iterable[list[PathShown]]:
    """Paths of one cover that differ in nothing but the treatment are read out once."""
    found: dict[str, list[PathShown]] = {}
    for path in paths:
        told = (path.name, path.coverage, path.reason, *path.next_steps[:SHOWN_STEPS])
        said = (c.text + c.value for c in path.criteria)
        found.setdefault(repr((told, *said, path.deadlines, path.would_change)), []).append(path)
    return found.values()


def _path(alike: list[PathShown]) -> Iterator[str]:
    path = alike[0]
    of_cover = path.coverage is not None
    stands = phrase("text_report", path.fit) if path.fit else outlook_words(path.outlook, of_cover)
    yield phrase("text_report", "way", title=path_title(path, alike), stands=stands)
    yield f"  {path.reason}"
    yield from (f"  {text}" for text in approval_lines(path))
    yield from (_criterion(c) for c in path.criteria)
    yield from _laws(path)
    for deadline in path.deadlines:
        yield f"  {deadline.text} ({deadline.counted_from})"
        if deadline.passed and deadline.other_readings:
            others = "; ".join(deadline.other_readings)
            yield phrase("text_report", "other_counts", counts=others)
    for change in path.would_change[:MOST_CHANGES]:
        to = outlook_words(change.to, of_cover)
        yield phrase("text_report", "change", change=change.change, to=to)
    for number, step in enumerate(_steps(path), 1):
        yield f"  {number}. {step.text}{by_words(step)}"
    yield from _sources(path)
    yield ""


def approval_lines(path: PathShown) -> Iterator[str]:
    """How long an approval lasts, then how long a renewal does and what it asks for."""
    told = [spell(path.authorization, "first")] if path.authorization else []
    if told or path.renewal:
        yield " ".join((*told, *([path.renewal] if path.renewal else ())))


def spell(time: str, key: str) -> str:
    """How long an approval lasts; where a record says it in a sentence, that stands alone."""
    return time if time.endswith(".") else phrase("authorization", key, time=time)


def _steps(path: PathShown) -> list[StepShown]:
    """The first steps; one with a last day however late it comes, and with it how to appeal a no."""
    running = bool(path.deadlines)
    late = path.next_steps[SHOWN_STEPS:]
    kept = [step for step in late if step.by or (running and step.stage == "appeal")]
    return [*path.next_steps[:SHOWN_STEPS], *kept]


def _criterion(criterion: CriterionShown) -> str:
    value = MARKS[criterion.value]
    if criterion.weight == "decides":
        return phrase("text_report", "criterion", text=criterion.text, value=value)
    weight = phrase("weight", criterion.weight).lower()
    return phrase(
        "text_report", "criterion_beside", text=criterion.text, value=value, weight=weight
    )


def _laws(path: PathShown) -> list[str]:
    """What the state adds on this path, told where it belongs."""
    return [
        phrase("text_report", "law", text=law.text) for law in (*path.laws, *path.in_your_state)
    ]


def _sources(path: PathShown) -> Iterator[str]:
    for source in path.sources:
        when = when_words(source.as_of)
        read = phrase("text_report", source.confidence)
        yield phrase("text_report", "source", title=source.title, when=when, confidence=read)
