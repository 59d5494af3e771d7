"""A result as text that a counselor can read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..messages import outlook_words, phrase
from ..result import CriterionShown, PathShown, Result, StepShown
from ..vocabulary import OUTLOOKS

SHOWN_STEPS = 6
SHOWN_QUESTIONS = 8
OPEN_OUTLOOKS = tuple(o for o in OUTLOOKS if o != "closed")


def render_text(result: Result) -> str:
    """The result in plain sentences: safety first, where the person stands, then path by path.

    What covers may pay stands before other ways to pay; each by outlook, the closed ones last.
    """
    lines: list[str] = [note.text for note in result.safety]
    if result.safety:
        lines.append("")
    lines.extend(_in_short(result))
    lines.extend(_order(result))
    open_paths = [p for p in result.paths if p.outlook != "closed"]
    lines.extend(_by_outlook("covers", [p for p in open_paths if p.coverage is not None]))
    lines.extend(_by_outlook("other_ways", [p for p in open_paths if p.coverage is None]))
    lines.extend(_closed(result))
    lines.extend(_questions(result))
    lines.append(
        phrase(
            "text_report", "limits", today=result.today.isoformat(), version=result.rules_version
        )
    )
    return "\n".join(lines)


def _in_short(result: Result) -> list[str]:
    """The leading path with its first step, and the earliest last day that is still ahead."""
    lines = [phrase("text_report", "in_short"), ""]
    best = result.best_path
    if best is None:
        lines.append(phrase("text_report", "no_best", step=result.first_act or ""))
    else:
        outlook = outlook_words(best.outlook, best.coverage is not None)
        lines.append(phrase("text_report", "best", title=path_title(best), outlook=outlook))
        step = best.next_step
        if step is not None:
            lines.append(phrase("text_report", "next", step=step.text, by=_by(step)))
    ahead = [
        (d, p) for p in result.paths if p.outlook != "closed" for d in p.deadlines if not d.passed
    ]
    if ahead:
        day, path = min(ahead, key=lambda x: x[0].act_by)
        lines.append(
            phrase("text_report", "last_day", title=path_title(path), date=day.act_by.isoformat())
        )
    return [*lines, ""]


def _by_outlook(title: str, paths: list[PathShown]) -> list[str]:
    if not paths:
        return []
    lines = [phrase("text_report", title), ""]
    for outlook in OPEN_OUTLOOKS:
        found = [p for p in paths if p.outlook == outlook]
        if found:
            lines += [outlook_words(outlook, title == "covers").upper(), ""]
        for alike in _alike(found):
            lines.extend(_path(alike))
    return lines


def _alike(paths: list[PathShown]) -> Iterable[list[PathShown]]:
    """Paths of one cover that differ in nothing but the treatment are read out once."""
    found: dict[str, list[PathShown]] = {}
    for path in paths:
        told = (path.name, path.coverage, path.reason, *path.next_steps[:SHOWN_STEPS])
        said = (c.text + c.value for c in path.criteria)
        found.setdefault(repr((told, *said, path.deadlines, path.would_change)), []).append(path)
    return found.values()


def _closed(result: Result) -> list[str]:
    closed = [p for p in result.paths if p.outlook == "closed"]
    if not closed:
        return []
    told = [line for p in closed for line in (f"- {path_title(p)}. {p.reason}", *_laws(p))]
    return [phrase("text_report", "closed"), "", *told, ""]


def _questions(result: Result) -> list[str]:
    if not result.questions:
        return []
    several = len({p.coverage for p in result.paths if p.coverage is not None}) > 1
    told = [
        f"- {q.asks or q.field}{_which_cover(q.field) if several else ''}: {q.how_to_find_out}"
        for q in result.questions[:SHOWN_QUESTIONS]
    ]
    return [phrase("text_report", "questions"), "", *told, ""]


def _which_cover(field: str) -> str:
    found = re.match(r"coverages\[(\d+)\]", field)
    return phrase("text_report", "which_cover", number=int(found[1]) + 1) if found else ""


def _order(result: Result) -> list[str]:
    if len(result.payer_order) < 2:
        return []
    lines = [phrase("text_report", "order"), ""]
    for place in result.payer_order:
        position = phrase("place", place.position)
        lines.append(
            phrase(
                "text_report",
                "order_line",
                number=place.coverage + 1,
                position=position,
                why=place.why,
            )
        )
    return [*lines, ""]


def path_title(path: PathShown, alike: Iterable[PathShown] = ()) -> str:
    treatments = dict.fromkeys(phrase("treatment", p.treatment) for p in alike or (path,))
    treatment = phrase("text_report", "and").join(treatments)
    if path.coverage is None:
        return path.name
    return phrase(
        "text_report", "title", name=path.name, treatment=treatment, number=path.coverage + 1
    )


def _laws(path: PathShown) -> list[str]:
    """What the state adds on this path, told where it belongs."""
    return [
        phrase("text_report", "law", text=law.text) for law in (*path.laws, *path.in_your_state)
    ]


def _by(step: StepShown) -> str:
    return phrase("text_report", "by", date=step.by.isoformat()) if step.by else ""


def _criterion(criterion: CriterionShown, value: str) -> str:
    if criterion.weight == "decides":
        return phrase("text_report", "criterion", text=criterion.text, value=value)
    weight = phrase("weight", criterion.weight)
    return phrase(
        "text_report", "criterion_beside", text=criterion.text, value=value, weight=weight.lower()
    )


def _path(alike: list[PathShown]) -> list[str]:
    path = alike[0]
    lines = [path_title(path, alike), f"  {path.reason}"]
    marks = {"met": "yes", "not_met": "no", "unknown": "not known"}
    for criterion in path.criteria:
        lines.append(_criterion(criterion, marks[criterion.value]))
    lines.extend(_laws(path))
    for deadline in path.deadlines:
        lines.append(f"  {deadline.text} ({deadline.counted_from})")
        if deadline.passed and deadline.other_readings:
            others = "; ".join(deadline.other_readings)
            lines.append(phrase("text_report", "other_counts", counts=others))
    for change in path.would_change[:2]:
        lines.append(
            phrase(
                "text_report",
                "change",
                change=change.change,
                to=outlook_words(change.to, path.coverage is not None),
            )
        )
    # A step with a last day is read out however late it comes, and how to appeal a no with it.
    running = bool(path.deadlines)
    late = path.next_steps[SHOWN_STEPS:]
    kept = [step for step in late if step.by or (running and step.stage == "appeal")]
    for number, step in enumerate([*path.next_steps[:SHOWN_STEPS], *kept], 1):
        lines.append(f"  {number}. {step.text}{_by(step)}")
    for source in path.sources[:2]:
        when = source.as_of or phrase("text_report", "undated")
        lines.append(
            phrase(
                "text_report",
                "source",
                title=source.title,
                when=when,
                confidence=phrase("text_report", source.confidence),
            )
        )
    return [*lines, ""]
