"""Names of things as people read them: from the records, never written a second time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any

import us

from rules import Book, load_rules
from rules.case import STATE_CODES, PlainPart, plain_field
from rules.costs.show import money
from rules.made_once import made_once
from rules.messages import has_phrase, phrase
from rules.schema.other import Question

from .messages import Role, has, say


@made_once
def questions_by_field(book: Book) -> dict[str, Question]:
    """The question of each field."""
    return {q.field: q for q in book.questions}


def question_of(place: str, book: Book | None = None) -> Question | None:
    """The question that asks for a place of the case (for a part of a list, the list's)."""
    known = questions_by_field(book or load_rules())
    plain = plain_field(place)
    return known.get(plain) or known.get(plain.split("[]")[0])


def asks(question: Question, role: Role) -> str:
    """The question's own wording for a role."""
    return (question.asks_intake or question.asks) if role == "intake" else question.asks


# Places of a case that no single question fills.
_WHOLE = {"denial": "denial", "coverages": "insurance"}


def short_name(place: str, book: Book | None = None) -> str:
    """A short name of an answer or of a group of them, for lists; never the name of a field."""
    question = question_of(place, book)
    if question is None:
        return say(f"fields.{_WHOLE.get(place, 'other')}")
    named = f"short.{question.id}"
    return say(named) if has(named) else (question.asks_intake or question.asks)


def state_entry(code: str) -> str:
    """A state in a list: found by its code, which begins no other entry, and by its name."""
    return say("fields.state", code=code, name=state_name(code))


def state_name(code: str) -> str:
    """The name of a state or territory."""
    found = us.states.lookup(code)
    return str(found.name) if found is not None else say("fields.dc") if code == "DC" else code


@lru_cache(maxsize=2)
def states() -> tuple[tuple[str, str], ...]:
    """(code, name) of every state, DC and territory, by name."""
    return tuple(sorted(((c, state_name(c)) for c in STATE_CODES), key=lambda pair: pair[1]))


def choice_label(question: Question, value: object) -> str:
    """The label of one choice of a question."""
    for choice in question.choices:
        if choice.value == value:
            return choice.label
    return str(value).replace("_", " ")


def day(value: dt.date | str) -> str:
    """A date in words that no country reads differently."""
    found = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found:%b} {found.day}, {found.year}"


def dollars(amount: float) -> str:
    """An amount in US dollars."""
    return money(Decimal(str(amount)))


def payer_name(text: str, book: Book | None = None) -> str:
    """The name of a payer with a record, or the text as it was typed."""
    rules = book or load_rules()
    record = rules.payers.get(rules.payer_id(text))
    return record.name if record is not None else text


def treatment_name(ident: str, book: Book | None = None) -> str:
    """The name of a treatment that was tried, with its best-known brand."""
    record = (book or load_rules()).treatments.get(ident)
    if record is None:
        return ident.replace("_", " ")
    return f"{record.name} ({record.brands[0]})" if record.brands else record.name


def asked_treatment(word: str) -> str:
    """The name of the treatment that a path is about."""
    return phrase("treatment", word) if has_phrase("treatment", word) else word


def cover_name(cover: PlainPart, number: int | None = None) -> str:
    """A cover as people know it: its kind and who runs it."""
    question = questions_by_field(load_rules()).get("coverages[].kind")
    kind = cover.get("kind")
    name = choice_label(question, kind) if question and kind else say("fields.cover_unknown_kind")
    payer = cover.get("payer")
    if payer:
        name = say("fields.cover_with_payer", kind=name, payer=payer_name(payer))
    return name if number is None else say("fields.cover_numbered", number=number + 1, name=name)


def in_words(place: str, value: Any, covers: list[PlainPart] | None = None) -> str:
    """An answer in words."""
    if value is None:
        return say("common.unknown")
    if place == "denial.coverage":
        known = covers or []
        return cover_name(known[value], value) if value < len(known) else str(value + 1)
    question = question_of(place)
    if question is None:
        return str(value)
    return _by_kind(question, value)


def _by_kind(question: Question, value: Any) -> str:
    match question.kind:
        case "yes_no":
            return say("common.yes" if value else "common.no")
        case "one":
            return choice_label(question, value)
        case "many":
            names = [choice_label(question, v) for v in value]
            return "; ".join(names) or say("common.none")
        case "state":
            return state_name(value)
        case "date":
            return day(value)
        case "month":
            return f"{dt.date.fromisoformat(f'{value}-01'):%B %Y}"
        case "money":
            return dollars(value)
        case "percent":
            return f"{as_percent(question, value):g}%"
        case "codes":
            return ", ".join(value)
        case "whole_number" | "number":
            unit = question.unit or ""
            return f"{value:g} {unit}".strip()
        case "payer":
            return payer_name(value)
        case "scores":
            return "; ".join(score_in_words(question, s) for s in value) or say("common.none")
        case "treatments":
            return "; ".join(treatment_name(t["treatment"]) for t in value) or say("common.none")
    return str(value)


def score_in_words(question: Question, score: PlainPart) -> str:
    """A score with its scale and date."""
    name = choice_label(question, score["scale"])
    points = score.get("score")
    said = say("fields.score", scale=name, points=f"{points:g}" if points is not None else "–")
    return (
        say("fields.score_dated", score=said, day=day(score["date"])) if score.get("date") else said
    )


def as_percent(question: Question, value: float) -> float:
    """A percent as people say it: coinsurance is kept as a share (0.4) and asked as 40."""
    return value * 100 if is_share(question) else value


def is_share(question: Question) -> bool:
    """Whether a percent is kept as a share of one in the case."""
    return question.field == "money.coinsurance"
