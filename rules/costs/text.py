"""The cost picture as text for a terminal: in short first, then the ways that are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal

from rules.case import Case
from rules.messages import day_words
from rules.result import Result
from rules.rule_book import Book

from .as_data import because
from .assumptions import Assumption
from .in_short import in_short, in_short_lines
from .new_year import new_year_lines
from .open_ways import amount_of, open_rows, read_options, unlikely_ways
from .picture import CostPicture, TableRow, estimate
from .recipes import YOU_PAY
from .show import (
    LANGUAGE,
    assumption_amount,
    assumption_label,
    assumption_why,
    disagreement_text,
    gap_text,
    line_name,
    no_terms_text,
    option_name,
    option_notes,
    span,
    words,
)

TOLD_FIRST = ("saving", "monthly", "back_interest", "plan_pays")  # beside what is to be paid


def costs_text(
    case: Case,
    result: Result,
    book: Book,
    today: dt.date,
    overrides: Mapping[str, Decimal] | None = None,
    language: str = LANGUAGE,
    full: bool = False,
) -> str:
    """What a person needs first; `full` adds what is behind each sum and what all of them rest on."""
    picture = estimate(case, result, book, today, overrides)
    rows = open_rows(picture, result)
    read = read_options(picture, result)
    lines = [words("text", "title", language), words("text", "intro", language), ""]
    lines.extend(_section("in_short", in_short_lines(picture, in_short(picture, result)), language))
    lines += [words("text", "open_ways", language), ""]
    for row in rows:
        lines.extend(_row_text(row, picture, book, language, full))
    lines.extend(_section("unlikely", unlikely_ways(picture, result), language))
    lines.extend(_section("new_year", new_year_lines(picture, result), language))
    lines.extend(_doubts(picture, read, language))
    lines.extend(
        _behind(picture, read, book, language) if full else [words("text", "more", language), ""]
    )
    lines.append(words("text", "limits", language, today=day_words(picture.today)))
    return "\n".join(lines)


def _doubts(picture: CostPicture, read: set[str], language: str) -> Iterator[str]:
    """Figures that differ, numbers that are missing, and those of a year that has none yet."""
    disagree = [disagreement_text(d, language) for d in picture.disagreements_of(read)]
    yield from _section("disagreements", disagree, language)
    missing = [
        assumption_label(picture.assumptions[i], language) for i in picture.to_find_out(read)
    ]
    missing += [no_terms_text(i, picture, language) for i in picture.no_terms]
    yield from _section("find_out", missing, language)
    late = [a for a in picture.shown_assumptions(read) if a.late is not None and not a.stood_in]
    if late:
        names = "; ".join(dict.fromkeys(assumption_label(a, language) for a in late))
        yield from (words("text", "late", language, now=picture.today.year, names=names), "")


def _behind(picture: CostPicture, read: set[str], book: Book, language: str) -> Iterator[str]:
    """The ways without a sum, and every number that the sums rest on."""
    yield from _section("no_sum", [f"{n.name}: {n.says}" for n in picture.no_sum], language)
    yield from (words("text", "assumptions", language), "")
    for a in picture.shown_assumptions(read):
        yield from _assumption_text(a, picture, book, language)
    yield ""


def _section(title: str, entries: list[str], language: str) -> list[str]:
    if not entries:
        return []
    return [words("text", title, language), "", *(f"- {e}" for e in dict.fromkeys(entries)), ""]


def _row_text(
    row: TableRow, picture: CostPicture, book: Book, language: str, full: bool
) -> Iterator[str]:
    yield option_name(row.kind, row.treatment, row.cover, language)
    for period in row.cells:
        against = gap_text(row, period, picture, language) if full else None
        shown = amount_of(row, period, picture)
        yield words(
            "text", "details", language, what=words("what", YOU_PAY, language),
            period=words("period", period, language).lower(),
            amount=f"{shown}; {against}" if against else shown,
        )  # fmt: skip
    for x in picture.lines:
        if x.option == row.option and x.what != YOU_PAY and (full or x.what in TOLD_FIRST):
            yield words(
                "text", "details", language, what=line_name(x, picture, language),
                period=words("period", x.period, language).lower(),
                amount=span(x.low, x.high, x.exact, language),
            )  # fmt: skip
    for note in option_notes(row, picture, language):
        yield f"  {note}"
    for fixed in because(row, picture, book):
        source = book.sources.get(fixed.cited.source)
        yield words(
            "text",
            "because",
            language,
            says=fixed.says,
            title=source.title if source else fixed.cited.source,
            confidence=fixed.cited.confidence,
        )
    yield ""


def _assumption_text(
    a: Assumption, picture: CostPicture, book: Book, language: str
) -> Iterator[str]:
    yield words(
        "text", "assumption", language, id=a.id, label=assumption_label(a, language),
        amount=assumption_amount(a, language), origin=_origin(a, picture, book, language),
    )  # fmt: skip
    why = assumption_why(a, language)
    if why:
        yield f"    {why}"
    for other in a.others:
        yield words("text", "also", language, says=other.says)


def _origin(a: Assumption, picture: CostPicture, book: Book, language: str) -> str:
    if a.stood_in:
        return words("origin", "stood_in", language)
    if a.origin != "record":
        return words("origin", a.origin, language)
    source = book.sources.get(a.source or "")
    when = a.as_of or words("text", "undated", language)
    title = source.title if source else a.source
    cited = words("text", "source", language, title=title, when=when, confidence=a.confidence)
    if a.late is None:
        return cited
    late = words("origin", "late", language, year=a.late, now=picture.today.year)
    return f"{cited}; {late}"
