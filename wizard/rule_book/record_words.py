"""The parts of a record in words: its name, its sentence, its particulars, its conditions.

Pure. Every kind of record is read the same way, field by field; the names of the fields stand in
the words. What a record says of itself is never written a second time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rules import Book
from rules.logic import FactKey, Verdict, compile_condition
from rules.messages import has_phrase, phrase
from rules.report.condition_text import condition_text
from rules.schema.appeals import Clock, ClockReading
from rules.schema.base import Cited, Duration, Period, Record
from rules.schema.codes import IcdCodes
from rules.schema.conditions import Condition, Criterion
from rules.schema.policies import Alternative, Policy, StepRecord
from rules.schema.ways import DatedValue, Parameter
from rules.vocabulary import DIAGNOSIS_GROUPS
from wizard.labels import day, state_name
from wizard.messages import has, say

# The field that says in one sentence what a thing is, the first that it has.
SENTENCES = ("says", "purpose", "finding", "how_to_start", "action", "model")
NAMES = ("name", "title", "subject", "condition")
# Drawn by themselves, or of use to the engine only.
NOT_PARTICULARS = frozenset(
    {*Cited.model_fields, *SENTENCES, *NAMES, "id", "criteria", "alternatives", "requires",
     "excluded_by", "better_if", "applies_when", "when", "drop_when", "keep_when"}
)  # fmt: skip


@dataclass(frozen=True)
class Particular:
    """One field of a record in words."""

    field: str
    text: str


@dataclass(frozen=True)
class Branch:
    """A condition in words: a sentence, or `all`, `any` or `not` of its parts."""

    kind: str  # leaf, all, any, not
    text: str
    parts: tuple[Branch, ...] = ()


@dataclass(frozen=True)
class Points:
    """Some conditions of a record that belong together (its criteria, what rules it out …)."""

    kind: str
    title: str
    items: tuple[Branch, ...]


class _Nothing(dict[FactKey, None]):
    """No answers at all: every fact is unknown."""

    def __missing__(self, key: FactKey) -> None:
        return None


# --- names and sentences ------------------------------------------------------------------------------


def name_of(record: Record, book: Book, room: str | None = None) -> str:
    """The name of a record as people read it; empty where it has none of its own."""
    if isinstance(record, Policy):
        treatment = phrase("treatment", record.treatment)
        diagnoses = ", ".join(diagnosis_name(i, book) for i in record.indications)
        return say("rule_book.policy_name", treatment=treatment, diagnoses=diagnoses)
    for field in NAMES:
        value = getattr(record, field, None)
        if isinstance(value, str):
            return value
    if room is not None:
        return say(f"rule_book.room.{room}")
    return ""


def diagnosis_name(ident: str, book: Book) -> str:
    """A diagnosis, or a group of them, by its plain name."""
    if ident in DIAGNOSIS_GROUPS:
        return say(f"rule_book.group.{ident}")
    record = book.diagnoses.get(ident)
    # What stands in brackets explains the name; in a list of names it hides it.
    return record.name.split(" (")[0] if record is not None else ident.replace("_", " ")


def sentence(thing: Record, book: Book, chain: tuple[Record, ...] = ()) -> str:
    """What a thing says, in one sentence; where it has none, its particulars make one."""
    for field in SENTENCES:
        value = getattr(thing, field, None)
        if isinstance(value, str):
            return value
    if isinstance(thing, DatedValue) and len(chain) > 1 and isinstance(chain[-2], Parameter):
        return _dated_value(thing, chain[-2], book)
    if isinstance(thing, ClockReading):
        return clock_words(thing.clock)
    if isinstance(thing, IcdCodes):
        return ", ".join(thing.codes)
    if isinstance(thing, Policy):
        return phrase("position", thing.position)
    rows = [f"{field_name(p.field)}: {p.text}" for p in particulars(thing, book)]
    own = next((str(v) for f in NAMES if (v := getattr(thing, f, None))), "")
    return "; ".join(rows[:4]) or own or say("rule_book.not_known")


def _dated_value(thing: DatedValue, parameter: Parameter, book: Book) -> str:
    value = f"{thing.value:,}" if isinstance(thing.value, int | float) else str(thing.value)
    return say(
        "rule_book.dated_value",
        says=parameter.says.rstrip("."), value=value, unit=parameter.unit.replace("_", " "),
        period=period_words(thing.in_force),
    )  # fmt: skip


def field_name(field: str) -> str:
    """The plain name of a field."""
    key = f"rule_book.field.{field}"
    return say(key) if has(key) else field.replace("_", " ")


# --- particulars ----------------------------------------------------------------------------------------


def particulars(thing: Record, book: Book) -> tuple[Particular, ...]:
    """The fields of a thing that are filled, in words, without those that are drawn by themselves."""
    return tuple(_particulars(thing, book))


def _particulars(thing: Record, book: Book) -> Iterator[Particular]:
    for field in type(thing).model_fields:
        value = getattr(thing, field)
        if field in NOT_PARTICULARS or value == type(thing).model_fields[field].default:
            continue
        text = value_words(value, book, field)
        if text:
            yield Particular(field, text)


def value_words(value: Any, book: Book, field: str = "") -> str:
    """Any value of a record in words; empty where there is nothing to say."""
    if value is None or value == () or value == {} or isinstance(value, Cited):
        return ""  # a cited part speaks for itself, with its own source
    if isinstance(value, bool):
        return say("common.yes" if value else "common.no")
    if isinstance(value, str):
        return _word(value, field, book)
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, int | float):
        return f"{value:g}" if "year" in field else f"{value:,.10g}"
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], int):
        return f"{value[0]}: {value[1]}"  # a pair, such as a state with its weeks
    if isinstance(value, tuple):
        return "; ".join(w.rstrip(".") for v in value if (w := value_words(v, book, field)))
    if isinstance(value, dict):
        return "; ".join(f"{k.replace('_', ' ')}: {value_words(v, book)}" for k, v in value.items())
    return _record_words(value, book)


def _record_words(value: Record, book: Book) -> str:
    if isinstance(value, Duration):
        return duration_words(value.number, value.unit, value.note)
    if isinstance(value, Clock):
        return clock_words(value)
    if isinstance(value, Period):
        return period_words(value)
    if isinstance(value, StepRecord):
        return value.says
    if isinstance(value, Condition):
        return condition_text(book, _verdict(value))
    inside = [f"{field_name(p.field)}: {p.text}" for p in _particulars(value, book)]
    head = next((str(v) for f in (*NAMES, *SENTENCES) if (v := getattr(value, f, None))), "")
    return " – ".join(t for t in (head, "; ".join(inside)) if t)


_PHRASES = {"treatment": "treatment", "treatments": "treatment", "route": "route",
            "outlook": "outlook", "position": "position", "shown_for_routes": "route"}  # fmt: skip


def _word(value: str, field: str, book: Book) -> str:
    group = _PHRASES.get(field)
    if group is not None and has_phrase(group, value):
        return phrase(group, value)
    if field in ("indications", "diagnoses", "counts_as", "groups") and "_" in value:
        return diagnosis_name(value, book)
    if field in ("documents", "attachments", "see_also") and value in book.documents:
        return book.documents[value].name
    if field == "states":
        return state_name(value)
    if field == "levels":
        return _level_name(value, book)
    key = f"rule_book.value.{value}"
    if " " not in value and has(key):
        return say(key)
    return value.replace("_", " ") if value.islower() and " " not in value else value


def _level_name(value: str, book: Book) -> str:
    """A level of appeal, named `appeal process.level`, as people read it."""
    process, _, ident = value.partition(".")
    found = book.appeal_processes.get(process)
    levels = found.levels if found is not None else ()
    return next((level.name for level in levels if level.id == ident), value)


def duration_words(number: int | None, unit: str | None, note: str | None) -> str:
    """A length of time, or the reason why there is no number."""
    length = f"{number} {(unit or '').replace('_', ' ')}".strip() if number is not None else ""
    return ". ".join(t for t in (length, note or "") if t)


def clock_words(clock: Clock) -> str:
    """A time limit with what starts it."""
    key = f"rule_book.counted_from.{clock.counted_from}"
    start = clock.counted_from_note or (say(key) if clock.counted_from != "other" else "")
    length = duration_words(clock.number, clock.unit, None) or say("rule_book.no_number")
    counted = say("rule_book.from_start", length=length, start=start) if start else length
    return ". ".join(t for t in (counted, clock.note or "") if t)


def period_words(period: Period) -> str:
    """When something is in force."""
    match (period.start, period.end):
        case (None, None):
            return ""
        case (start, None):
            return say("rule_book.period.from", start=day(start)) if start else ""
        case (None, end):
            return say("rule_book.period.to", end=day(end)) if end else ""
        case (start, end):
            return say("rule_book.period.both", start=day(start or end), end=day(end or start))
    return ""


# --- conditions ------------------------------------------------------------------------------------------


def _verdict(condition: Condition) -> Verdict:
    return compile_condition(condition)(_Nothing())


def branch(condition: Condition, book: Book) -> Branch:
    """A condition as a tree of sentences."""
    says = condition.says if isinstance(condition, Criterion) else None
    return _branch(_verdict(condition), book, says)


def _branch(verdict: Verdict, book: Book, says: str | None = None, turned: bool = False) -> Branch:
    kind = verdict.node.kind
    if kind == "not":
        return _branch(verdict.parts[0], book, says, not turned)
    if kind in ("all", "any"):
        shown = kind if not turned else ("any" if kind == "all" else "all")
        parts = tuple(_branch(p, book, None, turned) for p in verdict.parts)
        return Branch(shown, says or say(f"rule_book.branch.{shown}"), parts)
    return Branch("leaf", says or _leaf(book, verdict, turned))


def _leaf(book: Book, verdict: Verdict, turned: bool) -> str:
    if verdict.node.fact not in book.facts:
        return str(verdict.node.fact)
    text, scope = condition_text(book, verdict, turned), verdict.node.condition.scope
    return say(f"rule_book.of.{scope}", text=text) if scope else text


def points_of(thing: Record, book: Book) -> tuple[Points, ...]:
    """The conditions of a record, grouped as it groups them."""
    return tuple(p for p in _points(thing, book) if p.items)


def _points(thing: Record, book: Book) -> Iterator[Points]:
    for kind in ("applies_when", "when", "drop_when", "keep_when"):
        condition = getattr(thing, kind, None)
        if isinstance(condition, Condition):
            yield _group(kind, (condition,), book)
    for kind in ("criteria", "requires", "excluded_by", "better_if"):
        yield _group(kind, getattr(thing, kind, ()), book)
    if isinstance(thing, Policy):
        for alternative in thing.alternatives:
            yield _alternative(alternative, book)


def _group(kind: str, conditions: tuple[Condition, ...], book: Book) -> Points:
    items = tuple(branch(c, book) for c in conditions)
    return Points(kind, say(f"rule_book.points.{kind}"), items)


def _alternative(alternative: Alternative, book: Book) -> Points:
    title = say(
        "rule_book.points.alternative", says=(alternative.says or alternative.id).rstrip(".")
    )
    return Points("alternative", title, tuple(branch(c, book) for c in alternative.criteria))


def header(record: Record, book: Book) -> tuple[Particular, ...]:
    """What a whole record says beside its cited parts (other names, states, what was not found)."""
    return tuple(
        p
        for p in particulars(record, book)
        if not isinstance(getattr(record, p.field), Record)
        and not _holds_cited(getattr(record, p.field))
    )


def _holds_cited(value: object) -> bool:
    if isinstance(value, Cited):
        return True
    if isinstance(value, tuple):
        return any(_holds_cited(v) for v in value)
    if isinstance(value, Record):
        return any(_holds_cited(getattr(value, f)) for f in type(value).model_fields)
    return False
