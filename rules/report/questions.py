"""Which questions still matter, and how to find their answers out."""

from __future__ import annotations

from ..case import Case, plain_field
from ..engine.coordination import payer_order
from ..engine.label_limits import in_view
from ..engine.outlook import RANK
from ..engine.paths import Path
from ..engine.reading_order import leading_path
from ..engine.windows import windows_of
from ..facts.context import Facts
from ..facts.coverage import programs_of
from ..made_once import made_once
from ..messages import has_phrase, phrase
from ..result import QuestionShown
from ..rule_book import Book
from ..schema.other import FactDefinition, Question
from .what_if import open_fields


def questions(case: Case, paths: list[Path], root: Facts) -> list[QuestionShown]:
    """The answers that could still change something, those that matter most first."""
    found: dict[str, list[str]] = {}
    weight: dict[str, float] = {}
    for path in paths:
        for field in open_fields(path):
            found.setdefault(field, []).append(path.id)
            weight[field] = weight.get(field, 0) + (3.0 if RANK[path.outlook] == 3 else 1.0) * (
                2.0 if path.coverage is not None else 1.0
            )
    first = leading_path(paths)
    for field in open_fields(first) if first is not None else ():
        weight[field] += 50  # what the leading path waits for, before all that is beside it
    for field in _structural(case, root):
        found.setdefault(field, [])
        weight[field] = weight.get(field, 0) + 100
    for field in _safety(root):
        found.setdefault(field, [])
        weight[field] = weight.get(field, 0) + 10
    for window in windows_of(root):
        for field in window.missing:
            found.setdefault(field, [])
            weight.setdefault(field, 0.5)
    for place in payer_order(root):
        for field in place.missing:
            found.setdefault(field, [])
            weight.setdefault(field, 0.5)
    ordered = sorted(found, key=lambda f: (-weight[f], f))
    return [_question(root.book, f, found[f]) for f in ordered]


def _safety(root: Facts) -> list[str]:
    """The answers that the label's limits wait for, of the treatments in view."""
    limits = root.book.label_limits
    facts = (x.criterion.fact for t in in_view(root.case.request) for x in limits.get(t, ()))
    return [m for fact in dict.fromkeys(facts) for m in root.read(fact).missing]


def _structural(case: Case, root: Facts) -> list[str]:
    """Answers without which whole paths cannot even be listed."""
    fields = [f for f in ("coverages", "request", "diagnosis") if getattr(case, f) is None]
    for i, cover in enumerate(case.coverages or ()):
        if cover.kind is None:
            fields.append(f"coverages[{i}].kind")
        elif cover.payer is None and any(
            p.line_of_business is not None
            for p, a, _ in programs_of(root.for_coverage(i))
            if a is not False
        ):
            fields.append(f"coverages[{i}].payer")
    return fields


@made_once
def _questions_by_field(book: Book) -> dict[str, Question]:
    return {q.field: q for q in book.questions}


@made_once
def _facts_by_field(book: Book) -> dict[str, FactDefinition]:
    """The first fact of the dictionary that reads each field."""
    return {field: fact for fact in reversed(book.facts.values()) for field in fact.fields}


def _question(book: Book, field: str, paths: list[str]) -> QuestionShown:
    plain = plain_field(field)
    by_field = _questions_by_field(book)
    record = by_field.get(plain) or by_field.get(plain.split("[]")[0])
    fact = _facts_by_field(book).get(plain)
    how = record or fact
    find_out = getattr(how, "how_to_find_out", None) or getattr(how, "find_out", None)
    return QuestionShown(
        field=field,
        asks=record.asks
        if record
        else phrase("asks", plain)
        if has_phrase("asks", plain)
        else None,
        why=record.why if record else None,
        matters_for=tuple(dict.fromkeys(paths)),
        how_to_find_out=find_out or phrase("level", "possible_plain"),
    )
