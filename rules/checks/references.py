"""References: sources, ids and fields that a record names exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ..case import PARTS
from ..facts.context import COUNTED, DERIVED
from ..schema.appeals import DecisionClock, Level
from ..schema.base import Cited, Record, lies_ahead
from ..schema.clinical import NotATrial
from ..schema.other import Document, FactRecord, Question
from ..schema.policies import OtherLadder, Payer, PlanName, Program, Step, TrialStandard
from ..schema.record_types import Sources
from ..schema.ways import Way
from ..schema.yaml_reader import Fault, Place, Sheet
from ..synonyms import Meaning, meaning, plain
from .index import Listed, RecordIndex, fault_at


def check_citations(
    book: RecordIndex, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, Cited):
            continue
        for i, ident in enumerate((part.source, *part.also)):
            where = (*place, "source") if i == 0 else (*place, "also", i - 1)
            if ident not in book.sources:
                yield fault_at(sheet, where, f"no such source: {ident}")
        if part.as_of is not None and lies_ahead(part.as_of, today):
            yield fault_at(sheet, (*place, "as_of"), f"this date lies in the future: {part.as_of}")
        if part.review_by is not None and part.review_by < today:
            yield fault_at(
                sheet, (*place, "review_by"), f"past its review date {part.review_by}", "warning"
            )


def check_sources(
    book: RecordIndex, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if not isinstance(record, Sources):
        return
    seen: set[str] = set()
    for i, source in enumerate(record.sources):
        if sheet.file != f"sources/{source.kind}.yaml":
            text = f"a source of this kind stands in sources/{source.kind}.yaml"
            yield fault_at(sheet, ("sources", i, "kind"), text)
        if source.id in seen or book.sources[source.id] != sheet.file:
            yield fault_at(sheet, ("sources", i, "id"), f"this id stands twice: {source.id}")
        seen.add(source.id)
        if source.checked > today:
            yield fault_at(
                sheet, ("sources", i, "checked"), f"this date lies in the future: {source.checked}"
            )
        if source.review_by < source.checked:
            yield fault_at(
                sheet, ("sources", i, "review_by"), "the review date is before the check"
            )
        elif source.review_by < today:
            text = f"past its review date {source.review_by}"
            yield fault_at(sheet, ("sources", i, "review_by"), text, "warning")


def check_references(
    book: RecordIndex, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, (Step, Way, Level, FactRecord)):
            yield from _named(book, sheet, place, part.documents, "documents", "documents")
        if isinstance(part, Document):
            yield from _named(book, sheet, place, part.attachments, "attachments", "documents")
            yield from _named(book, sheet, place, part.see_also, "see_also", "documents")
        if isinstance(part, (Program, OtherLadder)) and not book.has("appeals", part.ladder):
            yield fault_at(sheet, (*place, "ladder"), f"no such appeal ladder: {part.ladder}")
        if isinstance(part, DecisionClock):
            yield from _named(book, sheet, place, part.programs, "programs", "programs")
        if isinstance(part, TrialStandard):
            for i, ident in enumerate(part.add_ons):
                if ident not in book.treatments:
                    yield fault_at(sheet, (*place, "add_ons", i), f"no such treatment: {ident}")
        if isinstance(part, NotATrial):
            for i, ident in enumerate(part.treatments):
                if ident not in book.treatments:
                    yield fault_at(sheet, (*place, "treatments", i), f"no such treatment: {ident}")
        states = getattr(part, "states", None)
        if isinstance(states, tuple) and isinstance(part, Record):
            yield from _named(book, sheet, place, states, "states", "states")


def _named(
    book: RecordIndex, sheet: Sheet, place: Place, idents: tuple[str, ...], field: str, room: str
) -> Iterator[Fault]:
    for i, ident in enumerate(idents):
        if not book.has(room, ident):
            word = room[:-1] if room.endswith("s") else room
            yield fault_at(sheet, (*place, field, i), f"no such {word}: {ident}")


def check_questions(
    book: RecordIndex, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if sheet.file != "questions.yaml":
        return
    columns: set[str] = set()
    for i, question in enumerate(getattr(record, "questions", ())):
        if not isinstance(question, Question):
            continue
        if not _is_field(question.field):
            yield fault_at(
                sheet, ("questions", i, "field"), f"a case has no field {question.field}"
            )
        if question.column is not None:
            if question.column in columns:
                yield fault_at(
                    sheet,
                    ("questions", i, "column"),
                    f"this column stands twice: {question.column}",
                )
            columns.add(question.column)
        yield from _synonyms(sheet, ("questions", i, "synonyms"), question)


def _synonyms(sheet: Sheet, place: Place, question: Question) -> Iterator[Fault]:
    """What a word says must be answers that a case can hold; one word says one thing."""
    said: dict[str, Meaning] = {}
    for word, value in question.synonyms.items():
        where, meant = (*place, word), meaning(question, value)
        if said.setdefault(plain(word), meant) != meant:
            yield fault_at(sheet, where, f"{word!r} stands twice, with another meaning")
        if not meant.sets and not meant.tell:
            yield fault_at(sheet, where, f"{word!r} says nothing: it needs an answer, or `tell`")
        for field, answer in meant.sets:
            if question.kind not in ("scores", "treatments"):
                yield from _answer(sheet, where, field, answer)
        if meant.nearest is not None:
            yield from _answer(sheet, where, question.field, meant.nearest)


def _answer(sheet: Sheet, where: Place, field: str, value: Any) -> Iterator[Fault]:
    """Whether a case can hold a value in a field."""
    if not _is_field(field):
        yield fault_at(sheet, where, f"a case has no field {field}")
        return
    home, _, name = field.rpartition(".")
    model = PARTS[home]
    many = field == "other_diagnoses"
    try:
        model.model_validate({name: (value,) if many else value}, strict=True)
    except ValidationError:
        yield fault_at(sheet, where, f"{field} is never {value!r}")


def check_names_of_plans(
    book: RecordIndex, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, Payer):
            for i, name in enumerate(part.only_alone):
                if name not in (part.name, *part.also_called):
                    yield fault_at(
                        sheet, (*place, "only_alone", i), f"{name!r} is no name of {part.id}"
                    )
        if not isinstance(part, PlanName):
            continue
        if part.payer is not None and not book.has("payers", part.payer):
            yield fault_at(sheet, (*place, "payer"), f"no such payer: {part.payer}")
        if not (part.payer or part.sets or part.tell):
            yield fault_at(sheet, place, f"{part.id} says nothing: it needs payer, sets or tell")
        yield from _named(book, sheet, place, part.not_states, "not_states", "states")
        for name, value in part.sets.items():
            yield from _answer(sheet, (*place, "sets", name), f"coverages[].{name}", value)


def _is_field(dotted: str) -> bool:
    part, _, name = dotted.rpartition(".")
    return part in PARTS and name in PARTS[part].model_fields


def check_fact_records(
    book: RecordIndex, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if sheet.file != "facts.yaml":
        return
    for i, fact in enumerate(getattr(record, "facts", ())):
        if fact.kind == "number" and not fact.unit:
            yield fault_at(sheet, ("facts", i, "id"), f"{fact.id} is a number without a unit")
        for j, field in enumerate(fact.fields):
            if not _is_field(field):
                yield fault_at(sheet, ("facts", i, "fields", j), f"a case has no field {field}")
        if len(fact.fields) > 1 and fact.id not in DERIVED and fact.id not in COUNTED:
            yield fault_at(
                sheet,
                ("facts", i, "id"),
                f"nothing computes {fact.id} from its {len(fact.fields)} fields",
            )
