"""References: sources, ids and fields that a record names exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import get_args

from pydantic import ValidationError

from ..case import PARTS
from ..facts.context import COUNTED, DERIVED
from ..schema.appeals import AppealLevel, DecisionClock
from ..schema.base import Cited, Record, lies_ahead
from ..schema.clinical import NotATrial
from ..schema.forms import Form
from ..schema.other import Document, FactDefinition, Question
from ..schema.policies import (
    OtherAppealProcess,
    Payer,
    PlanName,
    Program,
    StepRecord,
    TrialStandard,
)
from ..schema.record_types import Sources
from ..schema.states import PlansOf
from ..schema.ways import PaymentOption
from ..schema.yaml_reader import Fault, Place, RecordFile
from ..synonyms import Meaning, meaning, plain
from .index import Listed, RecordIndex, fault_at, unknown

# Kinds of question whose choices answer a part of the field.
CHOICES_OF = {"scores": "severity[].scale", "treatments": "treatments[].outcome"}


def check_citations(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, Cited):
            continue
        for i, ident in enumerate((part.source, *part.also)):
            where = (*place, "source") if i == 0 else (*place, "also", i - 1)
            if ident not in book.sources:
                yield unknown(sheet, where, f"no such source: {ident}", ident, book.sources)
        if part.as_of is not None and lies_ahead(part.as_of, today):
            text = f"this date lies in the future: {part.as_of}"
            yield fault_at(sheet, (*place, "as_of"), text, part.as_of)
        if part.review_by is not None and part.review_by < today:
            yield _past_review(sheet, (*place, "review_by"), part.review_by)


def _past_review(sheet: RecordFile, place: Place, day: dt.date) -> Fault:
    return fault_at(sheet, place, f"past its review date {day}", day, level="warning")


def check_sources(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if not isinstance(record, Sources):
        return
    seen: set[str] = set()
    for i, source in enumerate(record.sources):
        if sheet.file != f"sources/{source.kind}.yaml":
            text = f"a source of this kind stands in sources/{source.kind}.yaml"
            yield fault_at(sheet, ("sources", i, "kind"), text, source.kind)
        if source.id in seen or book.sources[source.id] != sheet.file:
            text = f"this id stands twice: {source.id}"
            yield fault_at(sheet, ("sources", i, "id"), text, source.id)
        seen.add(source.id)
        if source.checked > today:
            text = f"this date lies in the future: {source.checked}"
            yield fault_at(sheet, ("sources", i, "checked"), text, source.checked)
        if source.review_by < source.checked:
            text = f"the review date is before the check ({source.checked})"
            yield fault_at(sheet, ("sources", i, "review_by"), text, source.review_by)
        elif source.review_by < today:
            yield _past_review(sheet, ("sources", i, "review_by"), source.review_by)


def check_references(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, (StepRecord, PaymentOption, AppealLevel, FactDefinition, Form)):
            yield from _named(book, sheet, place, part.documents, "documents", "documents")
        if isinstance(part, (Form, PlansOf)):
            yield from _named(book, sheet, place, part.payers, "payers", "payers")
        if isinstance(part, Document):
            yield from _named(book, sheet, place, part.attachments, "attachments", "documents")
            yield from _named(book, sheet, place, part.see_also, "see_also", "documents")
        if isinstance(
            part, (Program, OtherAppealProcess)
        ) and part.appeal_process not in book.known("appeals"):
            text, valid = f"no such appeal process: {part.appeal_process}", book.known("appeals")
            yield unknown(sheet, (*place, "appeal_process"), text, part.appeal_process, valid)
        if isinstance(part, DecisionClock):
            yield from _named(book, sheet, place, part.programs, "programs", "programs")
        if isinstance(part, TrialStandard):
            for state, _ in part.by_state:
                yield from _one_of(book, sheet, (*place, "by_state", state), state, "states")
            yield from _treatments(book, sheet, (*place, "add_ons"), part.add_ons)
        if isinstance(part, NotATrial):
            yield from _treatments(book, sheet, (*place, "treatments"), part.treatments)
        states = getattr(part, "states", None)
        if isinstance(states, tuple) and isinstance(part, Record):
            yield from _named(book, sheet, place, states, "states", "states")


def _treatments(
    book: RecordIndex, sheet: RecordFile, place: Place, idents: tuple[str, ...]
) -> Iterator[Fault]:
    for i, ident in enumerate(idents):
        if ident not in book.treatments:
            text = f"no such treatment: {ident}"
            yield unknown(sheet, (*place, i), text, ident, book.treatments)


def _named(
    book: RecordIndex,
    sheet: RecordFile,
    place: Place,
    idents: tuple[str, ...],
    field: str,
    room: str,
) -> Iterator[Fault]:
    for i, ident in enumerate(idents):
        yield from _one_of(book, sheet, (*place, field, i), ident, room)


def _one_of(
    book: RecordIndex, sheet: RecordFile, place: Place, ident: str, room: str
) -> Iterator[Fault]:
    if ident not in book.known(room):
        text = f"no such {room.removesuffix('s')}: {ident}"
        yield unknown(sheet, place, text, ident, book.known(room))


def check_questions(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if sheet.file != "questions.yaml":
        return
    columns: set[str] = set()
    for i, question in enumerate(getattr(record, "questions", ())):
        if not isinstance(question, Question):
            continue
        if not _is_field(question.field):
            yield _no_field(sheet, ("questions", i, "field"), question.field)
        if question.column is not None:
            if question.column in columns:
                text = f"this column stands twice: {question.column}"
                yield fault_at(sheet, ("questions", i, "column"), text, question.column)
            columns.add(question.column)
        yield from _synonyms(sheet, ("questions", i, "synonyms"), question)
        for j, choice in enumerate(question.choices):
            where = ("questions", i, "choices", j, "value")
            field = CHOICES_OF.get(question.kind, question.field)
            yield from _answer(sheet, where, field, choice.value)


def _synonyms(sheet: RecordFile, place: Place, question: Question) -> Iterator[Fault]:
    """What a word says must be answers that a case can hold; one word says one thing."""
    said: dict[str, Meaning] = {}
    for word, value in question.synonyms.items():
        where, meant = (*place, word), meaning(question, value)
        if said.setdefault(plain(word), meant) != meant:
            yield fault_at(sheet, where, f"{word!r} stands twice, with another meaning", word)
        if not meant.sets and not meant.tell:
            text = f"{word!r} says nothing: it needs an answer, or `tell`"
            yield fault_at(sheet, where, text, word)
        for field, answer in meant.sets:
            if question.kind not in ("scores", "treatments"):
                yield from _answer(sheet, where, field, answer)
        if meant.nearest is not None:
            yield from _answer(sheet, where, question.field, meant.nearest)


def _answer(sheet: RecordFile, where: Place, field: str, value: object) -> Iterator[Fault]:
    """Whether a case can hold a value in a field."""
    if not _is_field(field):
        yield _no_field(sheet, where, field)
        return
    home, _, name = field.rpartition(".")
    model = PARTS[home]
    many = field == "other_diagnoses"
    try:
        model.model_validate({name: (value,) if many else value}, strict=True)
    except ValidationError as error:
        if all(item["loc"][0] != name for item in error.errors()):
            return  # only other fields of its part are missing
        words = _words_of(model.model_fields[name].annotation)
        yield unknown(sheet, where, f"{field} is never {value!r}", value, words)


def _words_of(annotation: object) -> list[str]:
    """The closed list of a case's field; nothing where it has none."""
    own = [w for w in get_args(annotation) if isinstance(w, str)]
    return [*own, *(w for part in get_args(annotation) for w in _words_of(part))]


def check_names_of_plans(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, Payer):
            for i, name in enumerate(part.only_alone):
                if name not in (part.name, *part.also_called):
                    text, names = f"{name!r} is no name of {part.id}", part.also_called
                    yield unknown(sheet, (*place, "only_alone", i), text, name, names)
        if not isinstance(part, PlanName):
            continue
        if part.payer is not None and part.payer not in book.known("payers"):
            text, valid = f"no such payer: {part.payer}", book.known("payers")
            yield unknown(sheet, (*place, "payer"), text, part.payer, valid)
        if not (part.payer or part.sets or part.tell):
            text = f"{part.id} says nothing: it needs payer, sets or tell"
            yield fault_at(sheet, place, text, part.id)
        yield from _named(book, sheet, place, part.not_states, "not_states", "states")
        for name, value in part.sets.items():
            yield from _answer(sheet, (*place, "sets", name), f"coverages[].{name}", value)


def _is_field(dotted: str) -> bool:
    part, _, name = dotted.rpartition(".")
    return part in PARTS and name in PARTS[part].model_fields


def _no_field(sheet: RecordFile, place: Place, field: str) -> Fault:
    fields = [
        f"{p}.{name}" if p else name for p, model in PARTS.items() for name in model.model_fields
    ]
    return unknown(sheet, place, f"a case has no field {field}", field, fields)


def check_fact_records(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if sheet.file != "facts.yaml":
        return
    for i, fact in enumerate(getattr(record, "facts", ())):
        if fact.kind == "number" and not fact.unit:
            text = f"{fact.id} is a number without a unit"
            yield fault_at(sheet, ("facts", i, "id"), text, fact.id)
        for j, field in enumerate(fact.fields):
            if not _is_field(field):
                yield _no_field(sheet, ("facts", i, "fields", j), field)
        if len(fact.fields) > 1 and fact.id not in DERIVED and fact.id not in COUNTED:
            text = f"nothing computes {fact.id} from its {len(fact.fields)} fields"
            yield fault_at(sheet, ("facts", i, "id"), text, fact.id)
