"""The cost picture as plain data, for other programs: the ways that are open, and what they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rules.case import Case
from rules.messages import day_words
from rules.result import Result
from rules.rule_book import Book

from .assumptions import Assumption
from .catalogue import Figure, figures
from .in_short import in_short, in_short_lines
from .new_year import new_year_lines
from .open_ways import one_sum, open_rows, read_options, unlikely_ways
from .picture import ChartRow, CostPicture, Line, TableRow, estimate
from .recipes import PERIODS, Period
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

# Plain data that becomes JSON as it stands.
Json = dict[str, Any]


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
) -> Json:
    """The open ways of paying as plain data: in short, a row for each, lines, chart, assumptions."""
    picture = estimate(case, result, book, today, overrides)
    rows = open_rows(picture, result)
    shown = {r.option for r in rows}
    read = read_options(picture, result)
    short = in_short(picture, result)
    return {
        "today": picture.today.isoformat(),
        "treatment": picture.main,
        "in_short": {
            "cheapest": short.cheapest.option,
            "leads": short.leads.option if short.leads else None,
            "ask": list(short.ask), "text": in_short_lines(picture, short),
        },
        "assumptions": [
            _assumption_data(a, book, language) for a in picture.shown_assumptions(read)
        ],
        "table": [_row_data(r, picture, book, language) for r in rows],
        "lines": [_line_data(x, picture, language) for x in picture.lines if x.option in shown],
        "chart": {p: [_bar(b) for b in picture.chart(p) if b.option in shown] for p in PERIODS},
        "unlikely": unlikely_ways(picture, result),
        "new_year": new_year_lines(picture, result),
        "disagreements": [
            {"id": d.id, "treatment": d.treatment, "text": disagreement_text(d, language)}
            for d in picture.disagreements_of(read)
        ],
        "find_out": picture.to_find_out(read),
        "no_terms": [no_terms_text(i, picture, language) for i in picture.no_terms],
        "no_sum": [{"path": n.path, "name": n.name, "says": n.says} for n in picture.no_sum],
        "limits": words("text", "limits", language, today=day_words(picture.today)),
    }  # fmt: skip


def _assumption_data(a: Assumption, book: Book, language: str) -> Json:
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


def because(row: TableRow, picture: CostPicture, book: Book) -> list[Figure]:
    """What fixes a payment without a sum (a person in QMB pays nothing)."""
    option = next(o for o in picture.options if o.id == row.option)
    return figures(book, option.because, picture.today)


def _cell_data(row: TableRow, period: Period, picture: CostPicture, language: str) -> Json:
    """A sum, and what it saves against paying all of the treatment oneself."""
    c, saves = row.cells[period], picture.saves(row.option, period)
    low, high = saves or (None, None)
    return {
        "low": _json(c.low), "high": _json(c.high), "exact": c.exact,
        "text": span(c.low, c.high, c.exact, language),
        "one": one_sum(picture, row.option, period).text, "needs": list(c.needs),
        "saves_low": _json(low), "saves_high": _json(high),
        "against": gap_text(row, period, picture, language),
    }  # fmt: skip


def _row_data(row: TableRow, picture: CostPicture, book: Book, language: str) -> Json:
    return {
        "option": row.option,
        "name": option_name(row.kind, row.treatment, row.cover, language),
        "kind": row.kind, "treatment": row.treatment, "cover": row.cover, "paths": list(row.paths),
        "outlook": row.outlook,
        "cells": {
            period: _cell_data(row, period, picture, language) for period in row.cells
        },
        "notes": option_notes(row, picture, language),
        "because": [
            {
                "says": b.says,
                "source": b.cited.source,
                "as_of": b.cited.as_of,
                "confidence": b.cited.confidence,
            }
            for b in because(row, picture, book)
        ],
        "uses": list(row.uses),
    }  # fmt: skip


def _line_data(x: Line, picture: CostPicture, language: str) -> Json:
    return {
        "option": x.option, "what": x.what, "name": line_name(x, picture, language),
        "period": x.period, "low": _json(x.low), "high": _json(x.high), "exact": x.exact,
        "text": span(x.low, x.high, x.exact, language), "uses": list(x.uses),
        "needs": list(x.needs), "formula": x.formula,
    }  # fmt: skip


def _bar(bar: ChartRow) -> Json:
    return {
        "path": bar.path, "option": bar.option, "low": _json(bar.low), "high": _json(bar.high),
        "exact": bar.exact,
    }  # fmt: skip
