"""The windows of a result: what each says, with its days, and which paths rest on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ..engine.windows import WindowFound, exchange_of, windows_of
from ..facts.context import Facts
from ..messages import day_words, phrase, split_first_sentence
from ..result import PathShown, WindowShown
from .condition_text import word_label
from .insurance_names import payer_short


def show_windows(root: Facts, paths: Sequence[PathShown]) -> tuple[WindowShown, ...]:
    """The windows that are open or open soon, those that close first before the others."""
    found = (_show(root, window, tuple(_resting(window, paths))) for window in windows_of(root))
    shown = [w for w in found if w is not None]
    return tuple(sorted(shown, key=lambda w: (day_of(w) or dt.date.max, w.id)))


def _show(root: Facts, found: WindowFound, paths: tuple[str, ...]) -> WindowShown | None:
    if not paths and not found.record.own_coverage:
        return None
    first, last = found.days
    return WindowShown(
        id=found.id,
        opens=first if first is not None and first > root.today else None,
        closes=last,
        text=_text(root, found),
        paths=paths,
        source=found.source,
    )


def _resting(found: WindowFound, paths: Sequence[PathShown]) -> Iterator[str]:
    """The paths that rest on a window; of a coverage's own window, what that coverage may pay."""
    record = found.record
    for path in paths:
        if path.outlook == "closed" or found.coverage not in (None, path.coverage):
            continue
        of_cover = path.role == "coverage" and (
            path.program in record.programs if record.programs else found.coverage is not None
        )
        if of_cover or path.record in record.ways:
            yield path.id


def _text(root: Facts, found: WindowFound) -> str:
    record = found.record
    if not found.dated:
        return record.says_undated or record.says
    exchange = exchange_of(root)
    safe = exchange.conservative_days_by if exchange is not None else None
    return record.says.format(
        opens=_day(found.days.first),
        closes=_day(found.days.last),
        event=_day(found.event),
        month=f"{found.event:%B %Y}" if found.event else "",
        plan=_plan(root, found.coverage),
        exchange=exchange.name if exchange is not None else phrase("window", "marketplace"),
        safe=_day(safe),
    )


def first_sentence(window: WindowShown) -> str:
    """What a window is about: the first sentence of its text."""
    return split_first_sentence(window.text)[0]


def day_of(window: WindowShown) -> dt.date | None:
    """The day to act by, or on which it opens where it has no end; None where none is known."""
    return window.closes or window.opens


def _day(day: dt.date | None) -> str:
    return day_words(day) if day is not None else ""


def _plan(root: Facts, coverage: int | None) -> str:
    """A coverage by its insurer's name, else by its kind."""
    cover = (root.case.coverages or ())[coverage] if coverage is not None else None
    if cover is None:
        return ""
    if cover.payer:
        return phrase("window", "plan_of", payer=payer_short(root.book, cover.payer))
    if cover.kind is None:
        return phrase("window", "coverage")
    return phrase("window", "of_kind", kind=word_label(root.book, "coverage_kind", cover.kind))
