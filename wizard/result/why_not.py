"""Why a way to pay that people have heard of is, or is not, among the paths of a case. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from rules import Book, Case, Result, evaluate
from rules.facts.context import Facts
from rules.messages import phrase
from rules.report.condition_text import condition_text
from rules.result import PathShown

HYPOTHETICAL_KIND = "employer"  # the kind of cover in which most people meet a private payer


@dataclass(frozen=True)
class Heard:
    """A way, route or payer that people have heard of."""

    kind: str  # way, route, payer
    id: str
    name: str


@dataclass(frozen=True)
class WhyNot:
    """What there is to say: its paths, the condition that fails, or how it would be under that payer."""

    paths: tuple[PathShown, ...] = ()
    only_if: str | None = None
    would_be: PathShown | None = None


def heard_of(book: Book) -> tuple[Heard, ...]:
    """Everything that can be asked about, by name."""
    ways = [Heard("way", w.id, w.name) for w in book.ways.values()]
    used = {w.route for w in book.ways.values()}
    routes = [Heard("route", w.route, w.name) for w in book.routes.values() if w.route not in used]
    appeals = [
        Heard("route", r, phrase("route", r))
        for r in sorted(
            {
                lv.route
                for appeal_process in book.appeal_processes.values()
                for lv in appeal_process.levels
            }
        )
        if r not in used and r not in {h.id for h in routes}
    ]
    payers = [Heard("payer", p.id, p.name) for p in book.payers.values()]
    return tuple(sorted([*ways, *routes, *appeals, *payers], key=lambda h: h.name.lower()))


def why_not(heard: Heard, case: Case, result: Result, book: Book, today: dt.date) -> WhyNot:
    """What the result says of a way; where it is not there, why."""
    ordered = result.paths
    if heard.kind == "payer":
        return _of_payer(heard.id, case, ordered, book, today)
    found = tuple(p for p in ordered if (p.record if heard.kind == "way" else p.route) == heard.id)
    if found:
        return WhyNot(found)
    return WhyNot(only_if=_condition(heard, case, book, today))


def _condition(heard: Heard, case: Case, book: Book, today: dt.date) -> str | None:
    way = book.ways.get(heard.id) if heard.kind == "way" else book.routes.get(heard.id)
    if way is None or way.applies_when is None:
        return None
    facts = Facts(case, book, today)
    return condition_text(book, facts.test(way.applies_when))


def _of_payer(
    payer: str, case: Case, ordered: tuple[PathShown, ...], book: Book, today: dt.date
) -> WhyNot:
    covers = [
        i for i, c in enumerate(case.coverages or ()) if c.payer and book.payer_id(c.payer) == payer
    ]
    if covers:
        return WhyNot(tuple(p for p in ordered if p.coverage in covers))
    data: dict[str, Any] = case.model_dump(mode="json", exclude_none=True)
    data["coverages"] = [{"kind": HYPOTHETICAL_KIND, "payer": payer}]
    data.pop("denial", None)
    other: Result = evaluate(data, today=today, book=book)
    of_cover = other.model_copy(update={"paths": tuple(p for p in other.paths if p.coverage == 0)})
    return WhyNot(would_be=of_cover.best_path)
