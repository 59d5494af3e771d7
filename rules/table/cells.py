"""One cell: from what people write to the value that a case holds, or to what is wrong with it.

Every distinct text of a column is read once. A blank cell is unknown, never no.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any, Never

from pydantic import BaseModel, TypeAdapter, ValidationError
from rapidfuzz import fuzz, process

from rules.case import EARLIEST_DAY, PARTS, CaseError, PlainCase, Score
from rules.case_reading import nearest_state, read_case
from rules.coverage_names import Beside, CoverText, understand
from rules.rule_book import Book
from rules.synonyms import Meaning, meanings, plain, plain_name, state_names

from ..made_once import made_once
from .columns import COVER, SCORES, Column, Target, allowed_words, column_of_place, cover_number
from .days import Bad, read_day, read_month
from .text import say, words

KIND, NETWORK, PAYER = f"{COVER}kind", f"{COVER}network", f"{COVER}payer"
COVER_TEXTS = (KIND, NETWORK, PAYER)  # cells in which people write more than the column asks for
UNINSURED = object()  # said in the kind of a cover: there is no cover
FORMULA = "\x00formula"  # a formula of a spreadsheet without a saved value
# What a spreadsheet shows where a formula failed. “#N/A” says that something is not known.
ERRORS = frozenset(
    ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
)
LONGEST = 200
SHOWN = 60  # characters of a faulty value that a message repeats
SHORTEST_HINT, CLOSE_NAME = 5, 85  # letters, and likeness of 100, from which a payer is suggested
# Answers that decide whose rules speak: of two that differ in one row, neither is taken.
DECIDING = (KIND, f"{COVER}medicare", f"{COVER}medicaid")


@dataclass(frozen=True)
class CellFault:
    """What is wrong with one cell."""

    column: str
    value: str
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class CellReading:
    """What a cell says: answers by their place in the case, and what its row is to be told.

    Where `always` is not set, the remark is for rows whose other cells did not say the same.
    """

    sets: tuple[tuple[str, object], ...] = ()
    usual: frozenset[str] = frozenset()  # places whose answer is only mostly so
    remark: str = ""
    always: bool = False
    fault: CellFault | None = None
    depends: bool = False  # it may say something else beside another state or kind of cover
    text: str = ""  # the cell, as a message repeats it


BLANK = CellReading()


class CellReader:
    """Reads the cells of one column (of one cover's column, for every cover alike)."""

    def __init__(self, column: Column, book: Book, today: dt.date) -> None:
        self.column = column
        self.book = book
        self.today = today
        self._words = _word_list(column, book)
        self._blank = _plain_set("blank")
        self._adapter = _adapter(column.place)
        self._share = _is_share(column.place)

    def read(self, text: str, target: Target, beside: Beside | None = None) -> CellReading:
        """What a cell says; `beside` is what a cover's text may hang on."""
        try:
            reading = self._read(text, target, beside or Beside())
            return replace(reading, text=short_form(text)) if reading.sets else reading
        except Bad as bad:
            shown = "" if text == FORMULA else short_form(text)
            message = say("faults", bad.key, column=target.title, value=shown, **bad.values)
            fault = CellFault(target.title, shown, message + self._hint(text, bad.key))
            return CellReading(fault=fault, depends=bad.depends)

    def _read(self, text: str, target: Target, beside: Beside) -> CellReading:
        place, short = self.column.place, plain(text)
        if text == FORMULA:
            raise Bad("formula")
        if text.strip().upper() in ERRORS:
            raise Bad("error")
        said = self._words.get(short)
        if said is not None and place != PAYER:
            return self._of_word(said, text, target)
        if short in self._blank:
            return BLANK
        if place in (KIND, PAYER) and short in _plain_set("uninsured"):
            if short not in _plain_set("nothing") or place == KIND:
                return self._no_cover(text, target)
        if short in _plain_set("nothing"):
            return self._nothing(short)
        if len(text) > LONGEST:
            raise Bad("long", length=len(text), most=LONGEST)
        if place in COVER_TEXTS:
            return self._of_cover(understand(self.book, text, place, beside), text, target)
        value = self._checked(_PARSERS[self.column.question.kind](self, text))
        return BLANK if value is None else CellReading(((place, value),))

    def _nothing(self, short: str) -> CellReading:
        """A cell that says none: no others, a count of nothing, else an answer that is not there."""
        kind = self.column.question.kind
        if kind == "many":
            return CellReading(((self.column.place, ()),))
        zero = kind == "whole_number" and short == "none"
        return CellReading(((self.column.place, self._checked(0)),)) if zero else BLANK

    def _no_cover(self, text: str, target: Target) -> CellReading:
        sets = ((KIND, UNINSURED),)
        if self.column.place == KIND:
            return CellReading(sets)
        return CellReading(sets, remark=self._read_as(dict(sets), text, target))

    def _of_word(self, said: Meaning, text: str, target: Target) -> CellReading:
        """What a word of the column's own list says."""
        if not said.sets:
            raise Bad("told", tell=said.tell)
        many = self.column.question.kind == "many"
        sets = tuple((p, (v,) if many and p == self.column.place else v) for p, v in said.sets)
        tells = [said.tell] if said.tell else []
        if said.of(self.column.place) is None:
            first = self._left_open(dict(sets), text, target)
        else:
            first = self._only_told(text, target) if tells else ""
        return CellReading(sets, remark=" ".join([first, *tells]).strip(), always=True)

    # --- texts of a cover ---

    def _of_cover(self, found: CoverText, text: str, target: Target) -> CellReading:
        """What a longer text says of its cover, in the column of its kind, network or payer."""
        if self.column.place == PAYER:
            return self._of_payer(found, text, target)
        strict = self.column.place == KIND
        if found.undone or (found.left and (strict or not found.sets)):
            bare = not (found.sets or found.payers or found.tells or found.undone)
            raise Bad("word" if bare else "left", found.depends, left=" ".join(found.left))
        if found.clash is not None and (strict or found.clash[0] in DECIDING):
            raise Bad("both", found.depends, **_both(found.clash))
        if len(found.payers) > 1:
            raise Bad("told", found.depends, tell=self._several_payers(found))
        if not found.sets and not found.payers:
            raise Bad("told" if found.tells else "word", found.depends, tell=" ".join(found.tells))
        if self.column.place == KIND and found.tells and KIND not in found.sets:
            raise Bad("told", found.depends, tell=" ".join(found.tells))
        sets = dict(found.sets)
        if found.payers:
            sets[PAYER] = found.payers[0]
        return self._told(found, sets, text, target, sure=self.column.place == KIND)

    def _of_payer(self, found: CoverText, text: str, target: Target) -> CellReading:
        """An insurer's name, and what stands beside it; the name as it came where none is known."""
        bare = text.strip()
        if found.undone:
            left = " ".join(found.left)
            remark = say(
                "remarks", "undone", column=target.title, value=short_form(text), left=left
            )
            told = set(found.left) != set(plain_name(bare).split("_"))
            return CellReading(((PAYER, bare),), remark=remark if told else "", always=True)
        if found.clash is not None and found.clash[0] in DECIDING:
            raise Bad("both", found.depends, **_both(found.clash))
        sets = dict(found.sets)
        exact = len(found.payers) == 1 and self.book.payer_id(bare) == found.payers[0]
        if len(found.payers) == 1:
            sets[PAYER] = bare if exact else found.payers[0]
        elif found.left or found.payers or (found.names and not found.sets):
            sets[PAYER] = bare
        return self._told(found, sets, text, target, sure=exact)

    def _told(
        self, found: CoverText, sets: dict[str, object], text: str, target: Target, sure: bool
    ) -> CellReading:
        """A reading with its remark. `sure`: nothing in it was gathered out of a longer text."""
        more = list(found.tells)
        if found.clash is not None:
            sets.pop(found.clash[0], None)
            more.append(say("remarks", "both", **_both(found.clash)))
        if len(found.payers) > 1:
            more.append(self._several_payers(found))
        understood = bool(found.sets or found.payers or found.names)
        if found.left and understood:
            more.append(say("remarks", "left", left=" ".join(found.left)))
        shown = {p: v for p, v in sets.items() if not (p == PAYER and v == text.strip())}
        own = self.column.place
        left_open = own != PAYER and own not in sets
        if shown and left_open:
            first = self._left_open(shown, text, target)
        elif shown and (own != KIND or found.payers):  # its own words are at home in the kind
            first = self._read_as(shown, text, target)
        else:
            first = self._only_told(text, target) if more else ""
        found_payer = len(found.payers) == 1 and not sure
        return CellReading(
            tuple(sets.items()),
            found.usual,
            " ".join([first, *more]).strip(),
            always=bool(more) or found_payer or left_open,
            depends=found.depends,
        )

    def _read_as(self, sets: dict[str, object], text: str, target: Target) -> str:
        said = self._named(sets, target)
        return say("remarks", "read", column=target.title, value=short_form(text), said=said)

    def _left_open(self, sets: dict[str, object], text: str, target: Target) -> str:
        said = self._named(sets, target)
        return say("remarks", "open", column=target.title, value=short_form(text), said=said)

    def _only_told(self, text: str, target: Target) -> str:
        return say("remarks", "only_tell", column=target.title, value=short_form(text))

    def _several_payers(self, found: CoverText) -> str:
        names = ", ".join(self.book.payers[p].name for p in found.payers)
        return say("remarks", "two_payers", names=names)

    def _named(self, sets: dict[str, object], target: Target) -> str:
        """Answers as the columns of a table hold them."""
        return said_in_columns(self.book, sets, target.slot)

    # --- checks and hints ---

    def _checked(self, value: object) -> object:
        """The value as the case's model holds it (its type, its limits)."""
        if value is None:
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
        if key not in ("word", "yes_no", "left", "told"):
            return ""
        if key != "yes_no":
            meant = self.book.vocabulary.nearest(self.column.question.field, text)
            field = self.column.question.field
            nearest = None if meant is None else meant.of(field) or meant.nearest
            if nearest is not None:
                return say("faults", "nearest", nearest=nearest)
        if key == "told":
            return ""
        listed = allowed_words(self.column) or [str(c.value) for c in self.column.question.choices]
        return say("faults", "allowed", allowed=", ".join(listed))

    # --- by kind ---

    def word(self, text: str) -> Never:
        raise Bad("word")

    def yes_no(self, text: str) -> Never:
        raise Bad("yes_no")

    def many(self, text: str) -> tuple[object, ...]:
        found: list[object] = []
        for part in re.split(r"[;,|\n]+", text):
            short = plain(part)
            if not short:
                continue
            said = self._words.get(short)
            if said is None:
                raise Bad("word")
            found.append(said.of(self.column.place))
        return tuple(dict.fromkeys(found))

    def number(self, text: str) -> float:
        money = self.column.question.kind == "money"
        bare = text.strip().lower()
        bare = bare.removeprefix("$").strip() if money else bare
        for unit in words()["cells"]["units"].get(self.column.question.unit, ()):
            if bare.endswith(unit):
                bare = bare.removesuffix(unit).strip()
                break
        thousand = bare.endswith("k") and money
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
        """Points; "21/27" are 21 points, where the scale goes to 27."""
        points, slash, most = text.partition("/")
        high = self.book.scales[self.column.place.removeprefix(SCORES)].high
        if slash and not most.strip().isdigit():
            raise Bad("number")
        if slash and high is not None and int(most) != high:
            raise Bad("out_of", most=int(most), high=high)
        return self.number(points)

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

    def month(self, text: str) -> str:
        found = read_month(text)
        try:
            read_case({self.column.place: found}, self.today)
        except CaseError:
            raise Bad("future", today=self.today) from None
        return found

    def state(self, text: str) -> str:
        code = _state_codes().get(plain(text).rstrip("."))
        if code is None:
            raise Bad("state")
        return code

    def cover(self, text: str) -> int:
        """The number that a coverage's columns bear: 2, “coverage 2”, “secondary”."""
        number = cover_number(text)
        if number is None:
            raise Bad("cover")
        return number

    def free_text(self, text: str) -> str:
        return text.strip()


_PARSERS: dict[str, Callable[[CellReader, str], object]] = {
    "one": CellReader.word,
    "many": CellReader.many,
    "yes_no": CellReader.yes_no,
    "whole_number": CellReader.whole_number,
    "number": CellReader.number,
    "money": CellReader.number,
    "percent": CellReader.percent,
    "date": CellReader.day,
    "month": CellReader.month,
    "state": CellReader.state,
    "payer": CellReader.free_text,
    "codes": CellReader.free_text,
    "cover": CellReader.cover,
    "scores": CellReader.score,
}


def payer_hint(book: Book, name: str) -> str | None:
    """The known payer whose name differs by a slip from one that has no record; None below the bar."""
    names, short = _payer_names(book), plain_name(name)
    if len(short) < SHORTEST_HINT:
        return None
    found = process.extractOne(short, list(names), scorer=fuzz.ratio, score_cutoff=CLOSE_NAME)
    return names[found[0]] if found else None


def short_form(text: str) -> str:
    """A cell's text as a message repeats it."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def said_in_columns(book: Book, sets: dict[str, object], slot: int | None) -> str:
    """Answers by place, as the columns of a table hold them."""
    columns = column_of_place(book)
    parts = [
        say("remarks", "answer", column=columns[p].title(slot), value=shown_value(v))
        for p, v in sets.items()
    ]
    return "; ".join(parts)


def shown_value(value: object) -> str:
    if value is UNINSURED:
        return say("remarks", "uninsured")
    if isinstance(value, bool):
        return say("remarks", "yes" if value else "no")
    return str(value)


def _both(clash: tuple[str, object, object]) -> dict[str, str]:
    return {"one": shown_value(clash[1]), "other": shown_value(clash[2])}


@made_once
def _payer_names(book: Book) -> dict[str, str]:
    names: dict[str, str] = {}
    for payer in book.payers.values():
        for name in (payer.name, *payer.also_called):
            names.setdefault(plain_name(name), name)
    return names


@lru_cache(maxsize=1)
def _state_codes() -> dict[str, str]:
    named = state_names()
    found = {plain(code): code for code in named.values()}
    found |= {plain(name): code for name, code in named.items()}
    return found | {"washingtondc": "DC", "d.c": "DC"}


@lru_cache(maxsize=16)
def _plain_set(key: str) -> frozenset[str]:
    return frozenset(plain(w) for w in words()["cells"][key])


def _word_list(column: Column, book: Book) -> dict[str, Meaning]:
    """Plain words -> what they say: the values, their labels, and what people write instead."""
    question = column.question
    if question.kind not in ("yes_no", "one", "many"):
        return {}
    found: dict[str, Meaning] = {}
    if question.kind == "yes_no":
        for key, value in (("yes", True), ("no", False)):
            found |= {plain(w): Meaning(((column.place, value),)) for w in words()["cells"][key]}
    return found | {plain(k): _moved(m, column) for k, m in meanings(question).items()}


def _moved(said: Meaning, column: Column) -> Meaning:
    """What a word of a question says, at the places of the column."""
    return replace(said, sets=tuple((column.own(p), v) for p, v in said.sets))


def _field_of(place: str) -> tuple[type[BaseModel], str]:
    if place.startswith(SCORES):
        return Score, "score"
    part, _, name = place.rpartition(".")
    return PARTS[part], name


@lru_cache(maxsize=256)
def _adapter(place: str) -> TypeAdapter[object]:
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


def _smallest_case(place: str, value: object) -> PlainCase:
    part, _, name = place.rpartition(".")
    if part.endswith("[]"):
        return {part.removesuffix("[]"): [{name: value}]}
    return {part: {name: value}} if part else {name: value}
