"""Which questions still matter, for what they matter, and how to find their answers out."""

from __future__ import annotations

from ..case import Case, plain_field
from ..engine.coordination import payer_order
from ..engine.outlook import RANK
from ..engine.paths import Path
from ..engine.reading_order import leading_path, role_of
from ..engine.windows import windows_of
from ..facts.context import Facts
from ..facts.coverage import programs_of
from ..made_once import made_once
from ..messages import has_phrase, phrase
from ..result import QuestionShown, Tier
from ..rule_book import Book
from ..schema.other import FactDefinition
from .deciding import THOUGHTS
from .relevance import answer_fields, record_of, safety_fields
from .what_if import open_fields

# Insurance that a person without any can get: it is their answer.
GETS_INSURANCE = ("apply_medicaid", "apply_marketplace")


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
    tiers = _Tiers(case, paths, root)
    first = leading_path(paths)
    for field in open_fields(first) if first is not None else ():
        weight[field] += 50  # what the leading path waits for, before all that is beside it
    beside = (
        (_structural(case, root), 100),
        (safety_fields(root), 10),
        (tiers.answer, 0.5),
        ((field for window in windows_of(root) for field in window.missing), 0.5),
        (_who_pays_first(root), 0.5),
    )
    for fields, more in beside:
        for field in fields:
            found.setdefault(field, [])
            weight[field] = weight.get(field, 0) + more
    found.pop(THOUGHTS, None)  # asked once, and never named as open
    ordered = sorted(found, key=lambda f: (-weight[f], f))
    return [_question(root.book, f, found[f], tiers.of(f)) for f in ordered]


# --- for what an answer matters --------------------------------------------------------------------


class _Tiers:
    """For what each open answer matters, as things stand."""

    def __init__(self, case: Case, paths: list[Path], root: Facts) -> None:
        needed = _structural(case, root)
        self.answer = answer_fields(case, root.book, root.today, needed)
        moves = (p for p in paths if role_of(p) != "pay" and role_of(p) != "help")
        self._surer = {f for p in moves for f in open_fields(p)}

    def of(self, field: str) -> Tier:
        if field in self.answer:
            return "answer"
        return "surer" if field in self._surer else "ways"


def _who_pays_first(root: Facts) -> list[str]:
    """The answers for which the order of the payers waits."""
    return [field for place in payer_order(root) for field in place.missing]


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


# --- as it is shown ----------------------------------------------------------------------------------


@made_once
def _facts_by_field(book: Book) -> dict[str, FactDefinition]:
    """The first fact of the dictionary that reads each field."""
    return {field: fact for fact in reversed(book.facts.values()) for field in fact.fields}


def _question(book: Book, field: str, paths: list[str], tier: Tier) -> QuestionShown:
    plain = plain_field(field)
    record = record_of(book, field)
    fact = _facts_by_field(book).get(plain)
    how = record or fact
    find_out = getattr(how, "how_to_find_out", None) or getattr(how, "find_out", None)
    return QuestionShown(
        field=field,
        tier=tier,
        asks=record.asks
        if record
        else phrase("asks", plain)
        if has_phrase("asks", plain)
        else None,
        why=record.why if record else None,
        matters_for=tuple(dict.fromkeys(paths)),
        how_to_find_out=find_out or phrase("level", "possible_plain"),
    )
