"""Who pays first, and what holds where two kinds of coverage meet."""

from __future__ import annotations

from collections.abc import Iterable

from ..case import Case
from ..engine.coordination import payer_order
from ..facts.context import Facts
from ..result import PayerPosition, Sentence
from ..rule_book import Book


def show_order(root: Facts) -> Iterable[PayerPosition]:
    for place in payer_order(root):
        yield PayerPosition(
            coverage=place.coverage,
            position=place.position,
            why=place.why,
            source=place.source,
            questions=place.missing,
        )


def order_notes(case: Case, book: Book) -> Iterable[Sentence]:
    """What else holds where these kinds of cover meet (for example: a QMB may not be billed)."""
    kinds = {c.kind for c in case.coverages or () if c.kind}
    if len(case.coverages or ()) < 2 or book.coordination is None:
        return
    for note in book.coordination.modifiers:
        if set(note.applies_to) <= kinds or (
            len(note.applies_to) > 2 and kinds & set(note.applies_to)
        ):
            because = tuple(
                f"coverages[{i}].kind"
                for i, c in enumerate(case.coverages or ())
                if c.kind in note.applies_to
            )
            yield Sentence(text=note.says, because=because, source=note.source)
