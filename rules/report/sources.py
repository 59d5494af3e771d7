"""The sources that a path rests on."""

from __future__ import annotations

from collections.abc import Iterable

from ..engine.paths import Path
from ..made_once import made_once
from ..result import SourceShown
from ..rule_book import Book
from ..schema.base import Cited
from .state_law import LawStatement, terms_of


def sources_of(path: Path, book: Book, laws: tuple[LawStatement, ...]) -> Iterable[SourceShown]:
    """Every source that the path rests on, each once: the record's first."""
    cited: dict[str, Cited] = {}
    for candidate in path.candidates:
        for ident in (candidate.record.source, *candidate.record.also):
            cited.setdefault(ident, candidate.record)
        for judged in candidate.judged:
            cited.setdefault(judged.source, candidate.record)
        for day in candidate.last_days:
            cited.setdefault(day.reading.source, day.reading)
    for told in (*laws, *terms_of(path)):
        cited.setdefault(told.section.source, told.section)
    shown = (_source_as_cited(book, ident, by) for ident, by in cited.items())
    return (s for s in shown if s is not None)


@made_once
def _source_as_cited(book: Book, ident: str, by: Cited) -> SourceShown | None:
    """A source with the date and confidence of the record (or part of one) that cites it."""
    source = book.sources.get(ident)
    if source is None:
        return None
    return SourceShown(
        id=ident,
        title=source.title,
        url=source.url,
        as_of=by.as_of,
        confidence=by.confidence,
        seen=by.seen,
        checked=source.checked,
    )
