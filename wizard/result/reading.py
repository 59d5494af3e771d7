"""What a screen shows of a result, and in which place. The order, and which answer leads, are the engine's. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.report.windows import day_of
from rules.result import (
    ROLES,
    AnswerShown,
    DeadlineShown,
    PathShown,
    PointShown,
    Result,
    Role,
    WindowShown,
)

MOST_CARDS = 3  # beside the leading answer
MOST_DECIDING = 3
MOST_HELP = 3


@dataclass(frozen=True)
class Cards:
    """The answers as they are read. `asked` stands before the lead where another treatment was asked for."""

    lead: AnswerShown | None
    asked: AnswerShown | None
    others: tuple[AnswerShown, ...]

    @property
    def first_words(self) -> str:
        """The sentence that stands before all others."""
        first = self.asked or self.lead
        return first.sentence if first is not None else ""


@dataclass(frozen=True)
class Ahead:
    """A day ahead: the last day of a path, or a window that opens or closes."""

    deadline: DeadlineShown | None = None
    path: PathShown | None = None
    window: WindowShown | None = None


def cards_of(result: Result) -> Cards:
    """The leading answer, what was asked for before it, then the same insurance, then the others."""
    lead = result.leading or next(iter(result.answers), None)
    if lead is None:
        return Cards(None, None, ())
    own = [a for a in result.answers if a.coverage == lead.coverage]
    asked = None if lead.asked_for else next((a for a in own if a.asked_for), None)
    first = [a for a in (asked, lead) if a is not None]
    told = {a.sentence for a in first}
    others: dict[str, AnswerShown] = {}
    for answer in (*own, *result.answers):
        if answer not in first and answer.sentence not in told:
            others.setdefault(answer.sentence, answer)
    return Cards(lead, asked, tuple(others.values()))


def deciding(answer: AnswerShown) -> tuple[PointShown, ...]:
    """The points on which an answer hangs; none where its sentence tells them already."""
    found, told = answer.deciding_points, answer.sentence.lower()
    return () if any(_is_told(p, told) for p in found) else found[:MOST_DECIDING]


def _is_told(point: PointShown, told: str) -> bool:
    """Whether a sentence tells a point: what it asks for, in full or in short, or what there is."""
    short = point.asks.partition(",")[0].lower()
    return short in told or bool(point.has and point.has.lower() in told)


def of_role(result: Result, role: Role) -> tuple[PathShown, ...]:
    """The paths of a role, in the order to read them."""
    return tuple(p for p in result.paths if p.role == role)


def other_money(result: Result) -> tuple[PathShown, ...]:
    """Other ways to pay that may fit, without the one that leads."""
    return tuple(
        p
        for p in of_role(result, "pay")
        if p.id != result.best and p.fit != "does_not_fit" and p.outlook != "closed"
    )


def people(result: Result) -> tuple[PathShown, ...]:
    """Who helps, those with something to say of the person's own state first."""
    found = [p for p in of_role(result, "help") if p.fit != "does_not_fit" and p.id != result.best]
    return tuple(sorted(found, key=lambda p: not p.in_your_state))


def days_ahead(result: Result) -> tuple[Ahead, ...]:
    """Every last day and window that is still ahead, the nearest first; each once."""
    found: dict[tuple[object, ...], Ahead] = {}
    for path, deadline in result.days_ahead():
        key = (deadline.act_by, deadline.kind, path.name)
        found.setdefault(key, Ahead(deadline=deadline, path=path))
    dated = sorted(found.values(), key=lambda a: a.deadline.act_by if a.deadline else result.today)
    windows = [w for w in result.windows if w.closes is None or w.closes >= result.today]
    windows.sort(key=lambda w: day_of(w) or result.today)
    return (*dated, *(Ahead(window=w) for w in windows))


def by_role(result: Result) -> Iterator[tuple[Role, tuple[PathShown, ...]]]:
    """All paths, role by role."""
    for role in ROLES:
        found = of_role(result, role)
        if found:
            yield role, found
