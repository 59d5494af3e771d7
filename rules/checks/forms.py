"""Forms: what they serve exists, every link stands in a source, every box says what goes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..schema.base import Record
from ..schema.forms import Form
from ..schema.yaml_reader import Fault, RecordFile
from .index import Listed, RecordIndex, fault_at, unknown


def check_forms(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if not isinstance(record, Form):
        return
    if not (record.levels or record.documents):
        yield fault_at(sheet, ("id",), f"{record.id} serves nothing: it needs levels or documents")
    for i, level in enumerate(record.levels):
        if level not in book.levels:
            text = f"no such level of appeal: {level}"
            yield unknown(sheet, ("levels", i), text, level, book.levels)
    yield from _addresses(book, sheet, record)
    yield from _takers(book, sheet, record)
    for i, box in enumerate(record.boxes):
        if box.answer is None and box.write is None:
            text = f"{box.label!r} says nothing of what goes in: it needs answer or write"
            yield fault_at(sheet, ("boxes", i), text, box.label)


def _addresses(book: RecordIndex, sheet: RecordFile, form: Form) -> Iterator[Fault]:
    """A link is the address of a source that the form names: nobody makes one up."""
    seen = {book.source_urls.get(source, "") for source in (form.source, *form.also)}
    for field in ("link", "portal"):
        url = getattr(form, field)
        if url is not None and url not in seen:
            text = f"no source of this form has this address: {url}"
            yield fault_at(sheet, (field,), text, url)


def _takers(book: RecordIndex, sheet: RecordFile, form: Form) -> Iterator[Fault]:
    if form.takers and not form.states:
        text = "offices of a state take it, but no state is named"
        yield fault_at(sheet, ("takers",), text)
    for state in form.states:
        offices = book.offices.get(state, set())
        for i, taker in enumerate(form.takers):
            if taker not in offices:
                text = f"{state} has no such office: {taker}"
                yield unknown(sheet, ("takers", i), text, taker, offices)
