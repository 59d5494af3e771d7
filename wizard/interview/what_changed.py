"""What the change of an answer does to what the person reads: each answer before and after. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rules.messages import outlook_words, phrase
from rules.result import Result

MOST = 3
About = tuple[int | None, str]  # the insurance (None: without one) and the treatment


@dataclass(frozen=True)
class Line:
    """One answer as it is read: what it is about, and its sentence."""

    about: About
    text: str


@dataclass(frozen=True)
class Changed:
    """An answer before and after; None where there was, or is, none."""

    before: str | None
    after: str | None


def lines_of(result: Result) -> tuple[Line, ...]:
    """The answers of a result in a sentence each; where it has none, its leading path."""
    if result.answers:
        return tuple(Line((a.coverage, a.treatment), a.sentence) for a in result.answers)
    lead = result.best_path
    if lead is None:
        return ()
    words = outlook_words(lead.outlook, lead.coverage is not None)
    text = f"{phrase('treatment', lead.treatment)}: {lead.name} ({words})"
    return (Line((None, ""), text),)


def compare(before: tuple[Line, ...], after: tuple[Line, ...]) -> tuple[Changed, ...]:
    """The answers that are not as they were, the leading one first; at most three."""
    was, now = {x.about: x.text for x in before}, {x.about: x.text for x in after}
    found = [
        Changed(was.get(about), now.get(about))
        for about in dict.fromkeys((*now, *was))
        if was.get(about) != now.get(about)
    ]
    return tuple(found[:MOST])
