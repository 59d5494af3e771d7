"""One cell: from what people write to the value that a case holds, or to what is wrong with it.

Every distinct text of a column is read once. A blank cell is unknown, never no.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from rapidfuzz import process

from rules.book import Book, plain_name
from rules.model import (
    EARLIEST_DAY,
    Authorization,
    Case,
    CaseError,
    Coverage,
    Denial,
    Health,
    MoneyFacts,
    Provider,
    Score,
    TreatmentCounts,
    nearest_state,
    read_case,
)

from .columns import COVER, SCORES, Column, Target, allowed_words, plain
from .text import say, words

UNINSURED = object()  # said in the kind of a cover: there is no cover
FORMULA = "\x00formula"  # a formula of a spreadsheet without a saved value
PARTS: dict[str, type[BaseModel]] = {
    "": Case,
    "health": Health,
    "treatment_counts": TreatmentCounts,
    "coverages[]": Coverage,
    "denial": Denial,
    "authorization": Authorization,
    "provider": Provider,
    "money": MoneyFacts,
}
LONGEST = 200
SHOWN = 60  # characters of a faulty value that a message repeats
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # day numbers of Excel: 1954 to 2119
EXCEL_DAY_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class CellFault:
    """What is wrong with one cell."""

    column: str
    value: str
    message: str

    def __str__(self) -> str:
        return self.message


class Bad(Exception):
    """Raised with the key of the message and its gaps."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class CellReader:
    """Reads the cells of one column (of one cover's column, for every cover alike)."""

    def __init__(self, column: Column, book: Book, today: dt.date) -> None:
        self.column = column
        self.book = book
        self.today = today
        self._words = _word_list(column)
        self._blank = _plain_set("blank")
        self._adapter = _adapter(column.place)
        self._share = _is_share(column.place)

    def read(self, text: str, target: Target) -> Any:
        """The value of a cell: None where it is blank, a CellFault where it is not valid."""
        try:
            return self._checked(self._value(text))
        except Bad as bad:
            shown = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
            if text == FORMULA:
                shown = ""
            message = say("faults", bad.key, column=target.title, value=shown, **bad.values)
            return CellFault(target.title, shown, message + self._hint(text, bad.key))

    def _value(self, text: str) -> Any:
        if text == FORMULA:
            raise Bad("formula")
        short = plain(text)
        kind = self.column.question.kind
        if short in self._words:
            value = self._words[short]
            return (value,) if kind == "many" else value
        if short in self._blank:
            return None
        if self.column.place == f"{COVER}kind" and short in _plain_set("uninsured"):
            return UNINSURED
        if short in _plain_set("nothing"):
            if kind == "many":
                return ()
            return 0 if kind == "whole_number" and short == "none" else None
        if len(text) > LONGEST:
            raise Bad("long", length=len(text), most=LONGEST)
        return _PARSERS[kind](self, text)

    def _checked(self, value: Any) -> Any:
        """The value as the case's model holds it (its type, its limits)."""
        if value is None or value is UNINSURED:
            return value
        try:
            return self._adapter.validate_python(value)
        except ValidationError as error:
            low, high = self.column.question.low, self.column.question.high
            if isinstance(value, (int, float)) and low is not None and high is not None:
                raise Bad("range", low=f"{low:g}", high=f"{high:,.0f}") from None
            raise Bad("other", message=error.errors()[0]["msg"]) from None

    def _hint(self, text: str, key: str) -> str:
        if key == "state":
            close = nearest_state(text)
            return say("faults", "nearest", nearest=close) if close else ""
        if key not in ("word", "yes_no"):
            return ""
        found = process.extractOne(plain(text), list(self._words), score_cutoff=60)
        if found:
            value = self._words[found[0]]
            shown = (
                {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            )
            return say("faults", "nearest", nearest=shown)
        listed = allowed_words(self.column) or [str(c.value) for c in self.column.question.choices]
        return say("faults", "allowed", allowed=", ".join(listed))

    # --- by kind ---

    def word(self, text: str) -> Any:
        raise Bad("word")

    def yes_no(self, text: str) -> Any:
        raise Bad("yes_no")

    def many(self, text: str) -> tuple[Any, ...]:
        found: list[Any] = []
        for part in re.split(r"[;,|\n]+", text):
            short = plain(part)
            if not short:
                continue
            if short not in self._words:
                raise Bad("word")
            found.append(self._words[short])
        return tuple(dict.fromkeys(found))

    def number(self, text: str) -> float:
        bare = text.strip().lower().lstrip("$").strip()
        for unit in words()["cells"]["units"]:
            if bare.endswith(unit):
                bare = bare.removesuffix(unit).strip()
                break
        thousand = bare.endswith("k") and self.column.question.kind == "money"
        bare = bare.removesuffix("k") if thousand else bare
        if not re.fullmatch(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+", bare):
            raise Bad("number")
        return float(bare.replace(",", "")) * (1000 if thousand else 1)

    def whole_number(self, text: str) -> int:
        number = self.number(text)
        if number != int(number):
            raise Bad("whole")
        return int(number)

    def score(self, text: str) -> float:
        return self.number(re.sub(r"\s*/\s*\d+\s*$", "", text))

    def percent(self, text: str) -> float:
        """A share or a percentage: 40, 40% and 0.4 are the same."""
        marked = text.strip().endswith("%")
        number = self.number(text.strip().removesuffix("%"))
        # A bare 1 is the whole of a share (coinsurance), but one percent of a tax.
        marked = marked or number > 1 or (number == 1 and not self._share)
        share = number / 100 if marked else number
        return share if self._share else round(share * 100, 6)

    def day(self, text: str) -> dt.date:
        found = read_day(text)
        if found < EARLIEST_DAY:
            raise Bad("long_ago")
        try:  # the case's own rule says which days may not lie ahead
            read_case(_smallest_case(self.column.place, found), self.today)
        except CaseError:
            raise Bad("future", today=self.today) from None
        return found

    def state(self, text: str) -> str:
        code = _state_codes().get(plain(text).rstrip("."))
        if code is None:
            raise Bad("state")
        return code

    def free_text(self, text: str) -> str:
        return text.strip()


_PARSERS: dict[str, Any] = {
    "one": CellReader.word,
    "many": CellReader.many,
    "yes_no": CellReader.yes_no,
    "whole_number": CellReader.whole_number,
    "money": CellReader.number,
    "percent": CellReader.percent,
    "date": CellReader.day,
    "state": CellReader.state,
    "payer": CellReader.free_text,
    "text": CellReader.free_text,
    "scores": CellReader.score,
}


def read_day(text: str) -> dt.date:
    """A day: ISO, US (month first), a day number of Excel. Raises Bad."""
    bare = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", text.strip())
    iso = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare)
    us = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", bare)
    serial = re.fullmatch(r"(\d{5})(\.\d+)?", bare)
    try:
        if iso:
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
        if us:
            year = int(us[3]) if len(us[3]) == 4 else 2000 + int(us[3])
            return dt.date(year, int(us[1]), int(us[2]))
    except ValueError:
        raise Bad("no_day") from None
    if serial and FIRST_SERIAL <= int(serial[1]) <= LAST_SERIAL:
        return EXCEL_DAY_ZERO + dt.timedelta(days=int(serial[1]))
    for form in ("%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%Y%m%d"):
        try:
            return dt.datetime.strptime(bare, form).date()
        except ValueError:
            continue
    raise Bad("date")


def payer_hint(book: Book, name: str) -> str | None:
    """The known payer whose name is closest to one that has no record (only ever a suggestion)."""
    names = _payer_names(book)
    found = process.extractOne(plain_name(name), list(names), score_cutoff=80)
    return names[found[0]] if found else None


@lru_cache(maxsize=4)
def _payer_names(book: Book) -> dict[str, str]:
    names: dict[str, str] = {}
    for payer in book.payers.values():
        for name in (payer.name, *payer.also_called):
            names.setdefault(plain_name(name), name)
    return names


@lru_cache(maxsize=1)
def _state_codes() -> dict[str, str]:
    import us

    found = {plain(s.abbr): s.abbr for s in us.states.STATES_AND_TERRITORIES}
    found |= {plain(s.name): s.abbr for s in us.states.STATES_AND_TERRITORIES}
    return found | {"dc": "DC", "districtofcolumbia": "DC", "washingtondc": "DC", "d.c": "DC"}


@lru_cache(maxsize=16)
def _plain_set(key: str) -> frozenset[str]:
    return frozenset(plain(w) for w in words()["cells"][key])


def _word_list(column: Column) -> dict[str, Any]:
    """Plain words -> value: the values, their labels, and what people write instead."""
    question = column.question
    if question.kind == "yes_no":
        found: dict[str, Any] = {plain(w): True for w in words()["cells"]["yes"]}
        found |= {plain(w): False for w in words()["cells"]["no"]}
        return found | {plain(k): v for k, v in question.synonyms.items()}
    if question.kind not in ("one", "many"):
        return {}
    found = {plain(k): v for k, v in question.synonyms.items()}
    found |= {plain(c.label): c.value for c in question.choices}
    return found | {plain(str(c.value)): c.value for c in question.choices}


def _field_of(place: str) -> tuple[type[BaseModel], str]:
    if place.startswith(SCORES):
        return Score, "score"
    part, _, name = place.rpartition(".")
    return PARTS[part], name


@lru_cache(maxsize=256)
def _adapter(place: str) -> TypeAdapter[Any]:
    model, name = _field_of(place)
    field = model.model_fields[name]
    limits = tuple(field.metadata)
    kind: Any = field.annotation
    return TypeAdapter(Annotated[(kind, *limits)] if limits else kind)


def _is_share(place: str) -> bool:
    """Whether a percentage is held as a share of one (0.4) in the case."""
    try:
        _adapter(place).validate_python(2.0)
    except ValidationError:
        return True
    return False


def _smallest_case(place: str, value: Any) -> dict[str, Any]:
    part, _, name = place.rpartition(".")
    if part == "coverages[]":
        return {"coverages": [{name: value}]}
    return {part: {name: value}} if part else {name: value}
