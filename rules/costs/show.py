"""The cost picture in words and as JSON. Every sentence stands in `rules/words/en/costs.yaml`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rules.case import Case
from rules.messages import has_phrase, phrase
from rules.result import Result
from rules.rule_book import Book

from .assumptions import Assumption, OverrideError
from .catalogue import Figure, figures
from .formulas import cents
from .picture import CostCell, CostPicture, Disagreement, Line, TableRow, estimate
from .recipes import PERIODS, YOU_PAY

LANGUAGE = "en"
HUNDRED = Decimal(100)
DOLLAR = Decimal(1)


def words(group: str, key: str, language: str = LANGUAGE, **values: Any) -> str:
    """A phrase of the cost picture."""
    return phrase(group, key, file="costs", language=language, **values)


def _has(group: str, key: str, language: str = LANGUAGE) -> bool:
    return has_phrase(group, key, file="costs", language=language)


# --- amounts ------------------------------------------------------------------------------------------


def money(amount: Decimal) -> str:
    """Dollars, with cents where there are any."""
    whole = cents(abs(amount))
    shown = f"{whole:,.0f}" if whole == whole.to_integral_value() else f"{whole:,.2f}"
    return f"-${shown}" if amount < 0 and whole else f"${shown}"


def span(low: Decimal | None, high: Decimal | None, exact: bool, language: str = LANGUAGE) -> str:
    """A sum as it is read: exact, about, or from low to high."""
    if low is None or high is None:
        return words("amount", "not_known", language)
    if exact:
        return words("amount", "exact", language, low=money(low))
    # Cents would make an estimate look surer than it is.
    low, high = low.quantize(DOLLAR, ROUND_HALF_UP), high.quantize(DOLLAR, ROUND_HALF_UP)
    key = "range" if low != high else "about"
    return words("amount", key, language, low=money(low), high=money(high))


def _number(value: Decimal, unit: str) -> str:
    if unit == "usd":
        return money(value)
    if unit == "share":
        return f"{(value * HUNDRED).normalize():f}%"
    return f"{value.normalize():f}"


def assumption_amount(a: Assumption, language: str = LANGUAGE) -> str:
    """An assumption's number or range as it is read."""
    if a.low is None or a.high is None:
        key = {"no_limit": "no_limit", "open": "open"}.get(a.blank, "not_known")
        return words("amount", key, language)
    if a.origin == "blank" and a.low == a.high == 0:
        return words("amount", "none_counted", language)
    if a.low == a.high:
        shown = _number(a.low, a.unit)
        return shown if a.exact else words("amount", "about", language, low=shown)
    low, high = _number(a.low, a.unit), _number(a.high, a.unit)
    key = "up_to" if a.low == 0 else "range"
    return words("amount", key, language, low=low, high=high)


# --- names --------------------------------------------------------------------------------------------


def _treatment(treatment: str, language: str) -> str:
    return words("treatment", treatment, language)


def cover_name(index: int, language: str = LANGUAGE) -> str:
    """A cover by its place in the case, counted from 1."""
    return words("cover", "numbered", language, number=index + 1)


def assumption_label(a: Assumption, language: str = LANGUAGE) -> str:
    """What an assumption is, in words."""
    return words(
        "assumption", a.label, language,
        treatment=_treatment(a.treatment, language) if a.treatment else "",
        cover=cover_name(a.cover, language) if a.cover is not None else "",
    )  # fmt: skip


def assumption_why(a: Assumption, language: str = LANGUAGE) -> str | None:
    """What to know or whom to ask about an assumption; None where there is nothing to add."""
    own = f"{a.label}_{a.origin}"
    key = own if _has("why", own, language) else a.label
    parts = [words("why", key, language)] if _has("why", key, language) else []
    coming = a.next_year
    if coming is not None and coming.low is not None:
        amount = span(coming.low, coming.high, coming.low == coming.high, language)
        parts.append(words("next_year", "known", language, year=coming.year, amount=amount))
    elif coming is not None:
        parts.append(words("next_year", "not_known", language, year=coming.year))
    return " ".join(parts) or None


def option_name(kind: str, treatment: str, cover: int | None, language: str = LANGUAGE) -> str:
    """A way of paying, in words."""
    name = words(
        "option", kind, language,
        treatment=_treatment(treatment, language),
        cover=cover_name(cover, language) if cover is not None else "",
    )  # fmt: skip
    return name[0].upper() + name[1:]


def line_name(line: Line, picture: CostPicture, language: str = LANGUAGE) -> str:
    """What a sum is, in words."""
    payment = picture.assumptions["promo_payment"]
    if payment.low is not None and _has("what_with_payment", line.what, language):
        return words("what_with_payment", line.what, language, payment=money(payment.low))
    return words("what", line.what, language)


def option_notes(row: TableRow, picture: CostPicture, language: str = LANGUAGE) -> list[str]:
    """What to know about a way of paying."""
    return [
        words("note", key, language, cover=cover_name(row.cover or 0, language))
        for key in _note_keys(row, picture)
    ]


def _note_keys(row: TableRow, picture: CostPicture) -> Iterator[str]:
    option = next(o for o in picture.options if o.id == row.option)
    if row.kind in ("share", "savings_programme", "out_of_network"):
        yield from option.notes
    if row.kind in ("share", "savings_programme"):
        own = picture.assumptions.get(f"cover{row.cover}.{row.treatment}.allowed")
        if own is not None and own.id in row.uses and not own.known:
            yield "stand_in"
    if row.kind in _ALWAYS_NOTED:
        yield row.kind
    if row.kind == "hsa":
        yield from option.notes
    sessions = picture.assumptions.get(f"{row.treatment}.sessions")
    if row.kind == "self_pay" and row.treatment == "im_ketamine" and sessions is not None:
        if sessions.origin == "record":
            yield "infusion_figures"


_ALWAYS_NOTED = (
    "out_of_network", "savings_programme", "tax_deduction", "card", "loan", "payment_plan",
)  # fmt: skip


def disagreement_text(found: Disagreement, language: str = LANGUAGE) -> str:
    """Two figures that do not agree, with the reason."""
    return words(
        "disagreement",
        found.id,
        language,
        first=found.figures[0].says,
        second=found.figures[1].says,
    )


def no_terms_text(cover: int, picture: CostPicture, language: str = LANGUAGE) -> str:
    """What to ask a cover of whose shares no figure was found, and whom."""
    own = f"no_terms_{picture.cover_kinds[cover]}"
    key = own if _has("note", own, language) else "no_terms"
    return words("note", key, language, cover=cover_name(cover, language))


def gap_text(cell: CostCell, picture: CostPicture, language: str = LANGUAGE) -> str | None:
    """How a way of paying stands against paying all of it; None where nothing can be said."""
    if cell.saves_low is None or cell.saves_high is None:
        return None
    treatment = _treatment(picture.main, language)
    low, high = cell.saves_low, cell.saves_high
    if low == high == 0:
        return words("gap", "same", language, treatment=treatment)
    if low >= 0:
        return words("gap", "less", language, amount=_gap(low, high, language), treatment=treatment)
    if high <= 0:
        return words(
            "gap", "more", language, amount=_gap(-high, -low, language), treatment=treatment
        )
    less, more = (money(n.quantize(DOLLAR, ROUND_HALF_UP)) for n in (high, -low))
    return words("gap", "either", language, less=less, more=more, treatment=treatment)


def _gap(low: Decimal, high: Decimal, language: str) -> str:
    return span(low, high, low == high, language)


def read_numbers(pairs: Iterable[str]) -> dict[str, Decimal]:
    """Numbers as people type them, `ID=NUMBER` each: dollars with or without a sign, 12% or 0.12.

    Raises OverrideError for what is not a number.
    """
    found: dict[str, Decimal] = {}
    for pair in pairs:
        ident, sign, text = pair.partition("=")
        plain = text.strip().removeprefix("$").replace(",", "")
        try:
            number = Decimal(plain.removesuffix("%"))
            found[ident.strip()] = number / HUNDRED if plain.endswith("%") else number
        except ArithmeticError:  # no number, or one beyond all numbers
            shown = text.strip() if sign else words("text", "bad_pair")
            raise OverrideError(ident.strip(), shown or words("text", "bad_pair")) from None
    return found


# --- JSON ---------------------------------------------------------------------------------------------


def _json(value: Decimal | None) -> float | int | None:
    """A number of JSON: whole where it is whole, to the cent (rates to four places) otherwise."""
    if value is None or value.is_infinite():
        return None
    rounded = round(value, 4)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def costs_of(
    case: Case,
    result: Result,
    book: Book,
    today: dt.date,
    overrides: Mapping[str, Decimal] | None = None,
    language: str = LANGUAGE,
) -> dict[str, Any]:
    """The cost picture as plain data, for `Result.costs` and for other programs."""
    return as_data(estimate(case, result, book, today, overrides), book, language)


def as_data(picture: CostPicture, book: Book, language: str = LANGUAGE) -> dict[str, Any]:
    """A picture as plain data: assumptions, a row for each way of paying, lines, chart."""
    return {
        "today": picture.today.isoformat(),
        "treatment": picture.main,
        "assumptions": [_assumption_data(a, book, language) for a in picture.shown_assumptions()],
        "table": [_row_data(r, picture, book, language) for r in picture.table()],
        "lines": [_line_data(x, picture, language) for x in picture.lines],
        "chart": {p: [_bar(b) for b in picture.chart(p)] for p in PERIODS},
        "disagreements": [
            {"id": d.id, "treatment": d.treatment, "text": disagreement_text(d, language)}
            for d in picture.disagreements
        ],
        "find_out": picture.to_find_out(),
        "no_terms": [no_terms_text(i, picture, language) for i in picture.no_terms],
        "no_sum": [{"path": n.path, "name": n.name, "says": n.says} for n in picture.no_sum],
        "limits": words("text", "limits", language, today=picture.today.isoformat()),
    }


def _assumption_data(a: Assumption, book: Book, language: str) -> dict[str, Any]:
    source = book.sources.get(a.source or "")
    return {
        "id": a.id, "label": assumption_label(a, language), "text": assumption_amount(a, language),
        "value": _json(a.value), "low": _json(a.low), "high": _json(a.high), "unit": a.unit,
        "exact": a.exact, "origin": a.origin, "field": a.case_field, "editable": a.editable,
        "source": a.source, "title": source.title if source else None,
        "url": source.url if source else None, "as_of": a.as_of, "confidence": a.confidence,
        "says": list(a.says), "why": assumption_why(a, language), "late": a.late,
        "others": [
            {"says": o.says, "low": _json(o.low), "high": _json(o.high), "source": o.source,
             "as_of": o.as_of, "confidence": o.confidence}
            for o in a.others
        ],
    }  # fmt: skip


def _because(row: TableRow, picture: CostPicture, book: Book) -> list[Figure]:
    """What fixes a payment without a sum (a person in QMB pays nothing)."""
    option = next(o for o in picture.options if o.id == row.option)
    return figures(book, option.because, picture.today)


def _row_data(row: TableRow, picture: CostPicture, book: Book, language: str) -> dict[str, Any]:
    return {
        "option": row.option,
        "name": option_name(row.kind, row.treatment, row.cover, language),
        "kind": row.kind, "treatment": row.treatment, "cover": row.cover, "paths": list(row.paths),
        "outlook": row.outlook,
        "cells": {
            period: {
                "low": _json(c.low), "high": _json(c.high), "exact": c.exact,
                "text": span(c.low, c.high, c.exact, language), "needs": list(c.needs),
                "saves_low": _json(c.saves_low), "saves_high": _json(c.saves_high),
                "against": gap_text(c, picture, language),
            }
            for period, c in row.cells.items()
        },
        "notes": option_notes(row, picture, language),
        "because": [
            {
                "says": b.says,
                "source": b.cited.source,
                "as_of": b.cited.as_of,
                "confidence": b.cited.confidence,
            }
            for b in _because(row, picture, book)
        ],
        "uses": list(row.uses),
    }  # fmt: skip


def _line_data(x: Line, picture: CostPicture, language: str) -> dict[str, Any]:
    return {
        "option": x.option, "what": x.what, "name": line_name(x, picture, language),
        "period": x.period, "low": _json(x.low), "high": _json(x.high), "exact": x.exact,
        "text": span(x.low, x.high, x.exact, language), "uses": list(x.uses),
        "needs": list(x.needs), "formula": x.formula,
    }  # fmt: skip


def _bar(bar: Any) -> dict[str, Any]:
    return {
        "path": bar.path, "option": bar.option, "low": _json(bar.low), "high": _json(bar.high),
        "exact": bar.exact,
    }  # fmt: skip


# --- text ---------------------------------------------------------------------------------------------


def costs_text(
    case: Case,
    result: Result,
    book: Book,
    today: dt.date,
    overrides: Mapping[str, Decimal] | None = None,
    language: str = LANGUAGE,
) -> str:
    """The cost picture as text for a terminal: ways of paying, what they rest on, what to ask."""
    picture = estimate(case, result, book, today, overrides)
    lines = [words("text", "title", language), words("text", "intro", language), ""]
    for row in picture.table():
        lines.extend(_row_text(row, picture, book, language))
    lines.extend(
        _section(
            "disagreements",
            [disagreement_text(d, language) for d in picture.disagreements],
            language,
        )
    )
    missing = [assumption_label(picture.assumptions[i], language) for i in picture.to_find_out()]
    missing += [no_terms_text(i, picture, language) for i in picture.no_terms]
    lines.extend(_section("find_out", missing, language))
    lines.extend(_section("no_sum", [f"{n.name}: {n.says}" for n in picture.no_sum], language))
    lines += [words("text", "assumptions", language), ""]
    for a in picture.shown_assumptions():
        lines.extend(_assumption_text(a, picture, book, language))
    lines += ["", words("text", "limits", language, today=picture.today.isoformat())]
    return "\n".join(lines)


def _section(title: str, entries: list[str], language: str) -> list[str]:
    if not entries:
        return []
    return [words("text", title, language), "", *(f"- {e}" for e in dict.fromkeys(entries)), ""]


def _row_text(row: TableRow, picture: CostPicture, book: Book, language: str) -> Iterator[str]:
    yield option_name(row.kind, row.treatment, row.cover, language)
    for period, cell in row.cells.items():
        against = gap_text(cell, picture, language)
        shown = span(cell.low, cell.high, cell.exact, language)
        yield words(
            "text", "details", language, what=words("what", YOU_PAY, language),
            period=words("period", period, language).lower(),
            amount=f"{shown}; {against}" if against else shown,
        )  # fmt: skip
    for x in picture.lines:
        if x.option == row.option and x.what != YOU_PAY:
            yield words(
                "text", "details", language, what=line_name(x, picture, language),
                period=words("period", x.period, language).lower(),
                amount=span(x.low, x.high, x.exact, language),
            )  # fmt: skip
    for note in option_notes(row, picture, language):
        yield f"  {note}"
    for fixed in _because(row, picture, book):
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
