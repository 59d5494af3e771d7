"""Who pays first, and what holds where two kinds of coverage meet, in words."""

from __future__ import annotations

from collections.abc import Iterable

from ..case import Case
from ..engine.coordination import Place, payer_order
from ..facts.context import Facts
from ..logic import WordSet
from ..messages import phrase
from ..result import PayerPosition, Sentence
from ..rule_book import Book
from ..vocabulary import JOB_BASED_KINDS
from .condition_text import word_label

BY_AGE = frozenset({"age"})
RULES_TOLD = 3  # more possible rules than these are not read out one by one


def show_order(root: Facts) -> Iterable[PayerPosition]:
    for place in payer_order(root):
        yield PayerPosition(
            coverage=place.coverage,
            position=place.position,
            why=_why(root.book, place) + _by_age(root, place) + _not_on_duty(root, place),
            source=place.rules[-1].source if place.rules else None,
            questions=place.missing,
        )


def _by_age(root: Facts, place: Place) -> str:
    """That Medicare was taken to have come by age, where that was not told and decides the order."""
    covers = root.case.coverages or ()
    taken = any(
        c.kind == "medicare" and c.entitled_by is None
        and root.for_coverage(i)["entitled_now_by"] == WordSet(BY_AGE, BY_AGE)
        for i, c in enumerate(covers)
    )  # fmt: skip
    with_job = any(c.kind in JOB_BASED_KINDS for c in covers)
    return f" {phrase('order', 'by_age')}" if taken and with_job and place.rules else ""


def _not_on_duty(root: Facts, place: Place) -> str:
    """That active duty was ruled out by age, where that was not told and decides the order."""
    covers = root.case.coverages or ()
    taken = any(
        c.kind == "tricare" and c.active_duty is None
        and root.for_coverage(i)["active_duty"] is False
        for i, c in enumerate(covers)
    )  # fmt: skip
    with_medicare = any(c.kind == "medicare" for c in covers)
    return f" {phrase('order', 'not_on_duty')}" if taken and with_medicare and place.rules else ""


def _why(book: Book, place: Place) -> str:
    """The reason of a place in words. One of several possible rules is never told as the one that holds."""
    says = [rule.says for rule in place.rules]
    if place.reason in ("only", "only_payer", "unknown_kind"):
        return phrase("order", place.reason)
    if not says:
        return phrase("order", "twice") if place.reason == "open" else ""
    if len(says) == 1:
        return says[0]
    if place.reason == "may_not_pay" or len(says) > RULES_TOLD:
        told = phrase("order", "open_many")
    else:
        told = phrase("order", "open", rules=" ".join(says))
    if place.bill_first is None:
        return told
    kind = word_label(book, "coverage_kind", place.bill_first)
    return f"{told} {phrase('order', 'file_first', kind=kind)}"


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
