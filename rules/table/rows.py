"""Cells of rows to answers: each distinct text of a column is read once, for all rows that have it.

A cell may answer for other columns too ("Medicare Advantage" in the column of the kind). What a
column's own cell says goes first; where another says something else, the row is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rules.coverage_names import Beside
from rules.rule_book import Book
from rules.synonyms import meanings

from ..made_once import made_once
from .cells import (
    COVER_TEXTS,
    DECIDING,
    KIND,
    NETWORK,
    PAYER,
    UNINSURED,
    CellFault,
    CellReader,
    CellReading,
    payer_hint,
    said_in_columns,
    shown_value,
)
from .columns import COVER, Header, Several, Target, column_of_place, several_of, too_many
from .in_order import clashes, titles_of
from .remarks import Remarks, Rows
from .text import say

MOST_HINTS = 20
MOST_READ = 50_000  # readings of cells that later rows may share
STATE, ISSUE_STATE = "state", f"{COVER}issue_state"
Key = tuple[str, int | None]  # a place of the case, and the number of its cover
Codes = npt.NDArray[np.int32]


class Cells(NamedTuple):
    """One column of some rows: its distinct texts, and which of them each row has."""

    texts: Sequence[str]
    which: np.ndarray


@lru_cache(maxsize=512)
def cell_reader(place: str, book: Book, today: dt.date) -> CellReader:
    return CellReader(column_of_place(book)[place], book, today)


class Store:
    """The values of one place of the case, each with its code."""

    def __init__(self) -> None:
        self.values: list[object] = [None]  # code 0: nobody has said
        self._code_of: dict[tuple[type, object], int] = {}

    def code(self, value: object) -> int:
        key = (value.__class__, value)
        code = self._code_of.get(key)
        if code is None:
            code = self._code_of[key] = len(self.values)
            self.values.append(value)
        return code


@dataclass
class ColumnRead:
    """A column as it was read: its readings, which of them each row has, and where it told news."""

    number: int
    target: Target
    readings: list[CellReading]
    which: Rows
    news: np.ndarray  # the rows for which it answered what their own cells leave blank

    @property
    def place(self) -> str:
        return self.target.column.place

    def said(self, place: str) -> list[object]:
        """What each reading says for a place."""
        return [dict(r.sets).get(place) for r in self.readings]

    def places(self) -> set[str]:
        """Every place that some reading answers."""
        return {p for r in self.readings for p, _ in r.sets}


class Understood(NamedTuple):
    """Some rows as understood: how each looks, what is wrong with some, what is told beside."""

    looks: list[bytes]  # the same for the same answers; `RowReader.values` tells which
    faults: dict[int, list[CellFault]]
    remarks: Remarks


@dataclass
class RowAnswers:
    """The answers of some rows, by place and cover, as codes of their stores."""

    codes: dict[Key, Codes] = field(default_factory=dict)
    sources: dict[Key, Codes] = field(default_factory=dict)  # the columns that gave them
    faults: dict[int, list[CellFault]] = field(default_factory=dict)
    remarks: Remarks = field(default_factory=lambda: Remarks(0))
    unfit: frozenset[int] = frozenset()  # rows of which nothing else is told

    def blame(self, row: int, *faults: CellFault) -> None:
        """Tell a row what is wrong with its cells."""
        if row not in self.unfit and faults:
            self.faults.setdefault(row, []).extend(faults)


class RowReader:
    """Understands the rows of one table."""

    def __init__(self, header: Header, book: Book, today: dt.date) -> None:
        self.header = header
        self.book = book
        self.today = today
        self.stores: dict[str, Store] = {}
        self._payers: dict[str, str | None] = {}
        self._readings: dict[tuple[int, str, Beside], CellReading] = {}
        for place in (STATE, ISSUE_STATE, KIND):
            self.stores[place] = Store()
        self._keys = tuple(dict.fromkeys(self._places()))
        for place, _ in self._keys:
            self.stores.setdefault(place, Store())
        self._values = [self.stores[place].values for place, _ in self._keys]

    def _places(self) -> Iterator[Key]:
        """Every place that the columns of the table may answer, their own first."""
        own = [(t.column.place, t.slot) for t in self.header.targets if t is not None]
        yield from own
        for place, slot in own:
            for other in places_said(self.book, place):
                yield key_of(other, slot)

    def read(
        self, columns: Sequence[Cells | None], size: int, unfit: dict[int, CellFault]
    ) -> Understood:
        """Rows from their columns, in the order of the header (None for what passes through)."""
        found = self._answers(columns, size, unfit)
        assert found.codes.keys() <= set(self._keys), "an answer would be lost"
        codes = np.zeros((size, len(self._keys)), dtype=np.int32)
        for place, key in enumerate(self._keys):
            codes[:, place] = found.codes.get(key, 0)
        return Understood([row.tobytes() for row in codes], found.faults, found.remarks)

    def values(self, look: bytes) -> dict[Key, object]:
        """The answers of a row by place and cover, in the order of the columns."""
        codes = np.frombuffer(look, dtype=np.int32)
        told = np.flatnonzero(codes > 0)
        return {
            self._keys[at]: self._values[at][code]
            for at, code in zip(told.tolist(), codes[told].tolist(), strict=True)
        }

    def row(self, cells: Mapping[int, str]) -> tuple[dict[Key, object], list[CellFault], str]:
        """The answers of one row by place and cover, its faults, and what is to be told of it."""
        one = np.zeros(1, dtype=np.int32)
        columns = [
            Cells([cells.get(i, "")], one) if t is not None else None
            for i, t in enumerate(self.header.targets)
        ]
        found = self.read(columns, 1, {})
        told = found.remarks.column()[0].as_py() or ""
        return self.values(found.looks[0]), found.faults.get(0, []), told

    # --- cells to answers ---

    def _answers(
        self, columns: Sequence[Cells | None], size: int, unfit: dict[int, CellFault]
    ) -> RowAnswers:
        """What every column says: its own place first, then what it says for others."""
        faults = {r: [f] for r, f in unfit.items()}
        found = RowAnswers(faults=faults, remarks=Remarks(size), unfit=frozenset(unfit))
        read: list[ColumnRead] = []
        # The state and the kind may settle what a name means: the columns are read in this order.
        for places in (None, (KIND, NETWORK), (PAYER,)):
            some = list(self._columns(columns, places, found))
            for column in some:
                self._note_faults(column, found)
                self._put_own(column, found)
            for column in some:
                for place in sorted(column.places() - {column.place, PAYER}):
                    self._imply(column, place, found)
            read.extend(some)
        for column in read:  # whose plan it is, where no cell of its own says so
            if column.place != PAYER and PAYER in column.places():
                self._imply(column, PAYER, found)
        for column in sorted(read, key=lambda c: c.number):
            self._remark(column, found)
        values = {place: store.values for place, store in self.stores.items()}
        for row, fault in clashes(found.codes, values, titles_of(self.header), self.today):
            found.blame(row, fault)  # cells of one row that cannot all be true
        self._note_unnamed_covers(found, size)
        self._note_no_insurance(found, size)
        return found

    def _columns(
        self, columns: Sequence[Cells | None], places: tuple[str, ...] | None, found: RowAnswers
    ) -> Iterator[ColumnRead]:
        """The columns of these places as read (None: of all that hold no text of a cover)."""
        for number, (target, cells) in enumerate(zip(self.header.targets, columns, strict=True)):
            if target is None or cells is None:
                continue
            place = target.column.place
            if place in places if places is not None else place not in COVER_TEXTS:
                several = too_many(target)
                if several is not None:
                    self._refuse(several, target, cells, found)
                else:
                    yield self._read(number, target, cells, found)

    def _read(self, number: int, target: Target, cells: Cells, found: RowAnswers) -> ColumnRead:
        readings = [self._reading(number, target, t, Beside()) for t in cells.texts]
        which: Rows = cells.which.astype(np.int64)
        if target.column.place == PAYER:
            self._note_payers(readings, cells)
        hangs = np.flatnonzero(np.array([r.depends for r in readings] or [False])[which])
        if hangs.size:
            which = which.copy()
            which[hangs] = self._read_beside(number, target, cells, which, hangs, readings, found)
        return ColumnRead(number, target, readings, which, np.zeros(len(which), dtype=bool))

    def _read_beside(
        self,
        number: int,
        target: Target,
        cells: Cells,
        which: Rows,
        rows: Rows,
        readings: list[CellReading],
        found: RowAnswers,
    ) -> Rows:
        """Readings of the texts that hang on what stands beside them, added; and which rows have them."""
        places = ((STATE, None), (ISSUE_STATE, target.slot), (KIND, target.slot))
        none = np.zeros(len(which), dtype=np.int32)
        sets = np.stack([which[rows], *(found.codes.get(key, none)[rows] for key in places)])
        distinct, back = np.unique(sets, axis=1, return_inverse=True)
        first = len(readings)
        for text, *codes in distinct.T.tolist():
            lives, issued, kind = (
                self.stores[place].values[code] if code > 0 else None
                for (place, _), code in zip(places, codes, strict=True)
            )
            beside = Beside(issued or lives, None if kind is UNINSURED else kind)
            readings.append(self._reading(number, target, cells.texts[text], beside))
        added: Rows = first + back.reshape(-1)
        return added

    def _reading(self, number: int, target: Target, text: str, beside: Beside) -> CellReading:
        key = (number, text, beside)
        reading = self._readings.get(key)
        if reading is None:
            if len(self._readings) >= MOST_READ:
                self._readings.clear()
            reader = cell_reader(target.column.place, self.book, self.today)
            reading = self._readings[key] = reader.read(text, target, beside)
        return reading

    def _codes(self, column: ColumnRead, place: str) -> Codes:
        """What a column says for a place, row by row."""
        store = self.stores[place]
        table = [0 if v is None else store.code(v) for v in column.said(place)]
        codes: Codes = np.array(table or [0], dtype=np.int32)[column.which]
        return codes

    def _put_own(self, column: ColumnRead, found: RowAnswers) -> None:
        key = (column.place, column.target.slot)
        found.codes[key] = self._codes(column, column.place)
        found.sources[key] = np.full(len(column.which), column.number, dtype=np.int32)

    def _imply(self, column: ColumnRead, place: str, found: RowAnswers) -> None:
        """Join what a column says for another place: it fills what is blank, and is told."""
        key = key_of(place, column.target.slot)
        codes = self._codes(column, place)
        before = found.codes.get(key)
        if before is None:
            before = np.zeros(len(codes), dtype=np.int32)
            found.sources[key] = np.zeros(len(codes), dtype=np.int32)
        fresh = (before == 0) & (codes > 0)
        column.news |= fresh
        found.sources[key] = np.where(fresh, np.int32(column.number), found.sources[key])
        found.codes[key] = np.where(fresh, codes, before)
        against = np.flatnonzero((before > 0) & (codes > 0) & (before != codes))
        if against.size:
            self._tell_against(column, key, before, against, found)

    def _tell_against(
        self, column: ColumnRead, key: Key, before: Codes, rows: Rows, found: RowAnswers
    ) -> None:
        """Two cells that say different things of one place: a fault where it decides whose rules speak."""
        sets = np.stack([column.which[rows], before[rows], found.sources[key][rows]])
        distinct, back = np.unique(sets, axis=1, return_inverse=True)
        texts: list[str] = []
        faults: list[list[CellFault]] = []
        for reading, there, source in distinct.T.tolist():
            said = column.readings[reading]
            value = self.stores[key[0]].values[there]
            usual = key[0] not in DECIDING or key[0] in said.usual
            texts.append(self._remark_against(said, key, value, column) if usual else "")
            faults.append([] if usual else self._faults_against(said, key, value, column, source))
        which = back.reshape(-1)
        found.remarks.add(rows, which, texts)
        for row, at in zip(rows.tolist(), which.tolist(), strict=True):
            found.blame(row, *faults[at])

    def _remark_against(
        self, said: CellReading, key: Key, value: object, column: ColumnRead
    ) -> str:
        place, slot = key
        return say(
            "remarks", "against", column=column.target.title, value=said.text,
            said=shown_value(dict(said.sets)[place]), there=said_in_columns(self.book, {place: value}, slot),
        )  # fmt: skip

    def _faults_against(
        self, said: CellReading, key: Key, value: object, column: ColumnRead, source: int
    ) -> list[CellFault]:
        """A fault for each of the two cells: one of them is to be put right."""
        first = self.header.targets[source]
        assert first is not None
        title, news = column.target.title, shown_value(dict(said.sets)[key[0]])
        told = say("faults", "against", column=first.title, there=shown_value(value), other=title,
                   value=said.text, said=news)  # fmt: skip
        again = say("faults", "against_too", column=title, value=said.text, said=news)
        return [
            CellFault(first.title, shown_value(value), told),
            CellFault(title, said.text, again),
        ]

    def _remark(self, column: ColumnRead, found: RowAnswers) -> None:
        """What the readings of a column have to tell of their rows."""
        texts = [r.remark for r in column.readings]
        if not any(texts):
            return
        always = np.array([r.always for r in column.readings], dtype=bool)[column.which]
        told = np.array([bool(t) for t in texts], dtype=bool)[column.which]
        rows = np.flatnonzero(told & (always | column.news))
        found.remarks.add(rows, column.which[rows], texts)

    def _refuse(self, several: Several, target: Target, cells: Cells, found: RowAnswers) -> None:
        title = target.title
        text = say("faults", f"many_{several.word}", column=title, most=several.most)
        fault = CellFault(title, "", text)
        told = np.array([bool(t) for t in cells.texts] or [False])[cells.which]
        for row in np.flatnonzero(told).tolist():
            found.blame(row, fault)

    def _note_faults(self, column: ColumnRead, found: RowAnswers) -> None:
        bad = np.array([r.fault is not None for r in column.readings] or [False])[column.which]
        for row in np.flatnonzero(bad).tolist():
            fault = column.readings[column.which[row]].fault
            if fault is not None:
                found.blame(row, fault)

    def _note_payers(self, readings: list[CellReading], cells: Cells) -> None:
        """Remember the insurers without a record, for a suggestion at the end."""
        for number in np.unique(cells.which).tolist():  # a text may be listed and never used
            name = dict(readings[number].sets).get(PAYER) if number < len(readings) else None
            text = cells.texts[number]
            if name is None or text in self._payers:
                continue
            if self.book.payer_id(name) not in self.book.payers:
                few = len(self._payers) < MOST_HINTS * 10
                self._payers[text] = payer_hint(self.book, name) if few else None

    def payer_warnings(self) -> Iterator[str]:
        """Payer names that no record bears, with the closest name that one does: only a hint."""
        hinted = [(t, n) for t, n in self._payers.items() if n is not None][:MOST_HINTS]
        for text, nearest in hinted:
            yield say("warnings", "payer", name=text[:80], nearest=nearest)
        if len(self._payers) > len(hinted):
            yield say("warnings", "payers", count=f"{len(self._payers) - len(hinted):,}")

    def _note_unnamed_covers(self, found: RowAnswers, size: int) -> None:
        """Blame a cell that names a coverage by its number, of which no cell of its row tells."""
        told: dict[int, Codes] = {}  # by number: the rows that tell of this coverage
        for (place, slot), codes in found.codes.items():
            if place.startswith(COVER) and slot is not None:
                none = self.stores[KIND].code(UNINSURED) if place == KIND else 0
                told[slot] = told.get(slot, np.zeros(size, bool)) | ((codes > 0) & (codes != none))
        for target in self.header.targets:
            if target is None or target.column.question.kind != "cover":
                continue
            key = (target.column.place, target.slot)
            for row in np.flatnonzero(found.codes.get(key, np.zeros(0)) > 0).tolist():
                named = self.stores[target.column.place].values[found.codes[key][row]]
                if told and not (named in told and told[named][row]):
                    text = say("faults", "no_such_cover", column=target.title, value=named)
                    found.blame(row, CellFault(target.title, str(named), text))

    def _note_no_insurance(self, found: RowAnswers, size: int) -> None:
        """Tell of a cover whose kind says that there is none, while other cells tell of it."""
        good = np.ones(size, dtype=bool)
        good[list(found.faults)] = False
        for (place, slot), codes in found.codes.items():
            if place != KIND or UNINSURED not in self.stores[KIND].values:
                continue
            others = [c > 0 for (p, s), c in found.codes.items() if s == slot and p != KIND]
            none = good & (codes == self.stores[KIND].code(UNINSURED))
            rows = np.flatnonzero(none & np.logical_or.reduce(others)) if others else good[:0]
            text = say(
                "remarks", "no_insurance", column=column_of_place(self.book)[KIND].title(slot)
            )
            found.remarks.add(rows, np.zeros(len(rows), dtype=np.int64), [text])


def key_of(place: str, slot: int | None) -> Key:
    """The key of a place: with the number, where there are several of its part."""
    return place, slot if several_of(place) is not None else None


@made_once
def places_said(book: Book, place: str) -> tuple[str, ...]:
    """The other places that the cells of a column may answer."""
    column = column_of_place(book)[place]
    said = {column.own(p) for m in meanings(column.question).values() for p, _ in m.sets}
    if place in COVER_TEXTS:
        kinds = book.vocabulary.words(KIND).values()
        said |= {PAYER, *(p for m in kinds for p, _ in m.sets)}
        said |= {f"{COVER}{name}" for plan in book.plan_names for name in plan.sets}
    return tuple(sorted(said - {place}))
