"""Cells of rows to answers: each distinct text of a column is read once, for one row or for many.

A cell may answer for other columns too ("Medicare Advantage" in the column of the kind). What a
column's own cell says goes first; where another says something else, the row is told.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rules.coverage_names import Beside
from rules.rule_book import Book
from rules.rule_book_files import load_rules
from rules.synonyms import meanings

from .cases import RowFault, build_case, cell_text, many_covers
from .cells import (
    COVER_TEXTS,
    DECIDING,
    KIND,
    NETWORK,
    PAYER,
    UNINSURED,
    CellFault,
    CellReader,
    Reading,
    payer_hint,
    said_in_columns,
    shown_value,
)
from .columns import COVER, Header, Target, column_of_place, read_header, too_many_covers
from .in_order import clashes, titles_of
from .project import Batch
from .text import say
from .trace import Codes

AT_FAULT = -1
MOST_HINTS = 20
STATE, ISSUE_STATE = "state", f"{COVER}issue_state"
Key = tuple[str, int | None]  # a place of the case, and the number of its cover
Rows = npt.NDArray[np.int64]


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
        self.values: list[Any] = [None]  # code 0: nobody has said
        self._code_of: dict[tuple[type, Any], int] = {}

    def code(self, value: Any) -> int:
        key = (value.__class__, value)
        code = self._code_of.get(key)
        if code is None:
            code = self._code_of[key] = len(self.values)
            self.values.append(value)
        return code


class Remarks:
    """What is told of rows beside their answers: many rows share a text."""

    def __init__(self, size: int) -> None:
        self.counts: Counter[str] = Counter()
        self.codes = np.zeros(size, dtype=np.int64)
        self._texts = [""]
        self._code_of = {"": 0}

    def add(self, rows: Rows, which: np.ndarray, texts: Sequence[str]) -> None:
        """Tell `rows` the texts that `which` names; '' is nothing."""
        pairs, back = np.unique(self.codes[rows] * len(texts) + which, return_inverse=True)
        joined = []
        for pair, times in zip(
            pairs.tolist(), np.bincount(back, minlength=len(pairs)), strict=True
        ):
            before, text = self._texts[pair // len(texts)], texts[pair % len(texts)]
            if text and text not in before:
                self.counts[text] += int(times)
                before = f"{before} {text}".strip()
            joined.append(self._code_of.setdefault(before, len(self._texts)))
            if joined[-1] == len(self._texts):
                self._texts.append(before)
        if rows.size:
            self.codes[rows] = np.array(joined, dtype=np.int64)[back]

    def column(self) -> pa.Array:
        """The texts, row by row; null where there is nothing to tell."""
        return pa.array([t or None for t in self._texts], pa.string()).take(pa.array(self.codes))


@dataclass
class ColumnRead:
    """A column as it was read: its readings, which of them each row has, and where it told news."""

    number: int
    target: Target
    readings: list[Reading]
    which: Rows
    news: np.ndarray  # the rows for which it answered what their own cells leave blank

    @property
    def place(self) -> str:
        return self.target.column.place

    def said(self, place: str) -> list[Any]:
        """What each reading says for a place."""
        return [dict(r.sets).get(place) for r in self.readings]

    def places(self) -> set[str]:
        """Every place that some reading answers."""
        return {p for r in self.readings for p, _ in r.sets}


@dataclass
class Part:
    """Rows that can be evaluated together: they use covers of the same numbers."""

    rows: np.ndarray
    batch: Batch


@dataclass
class Understood:
    """Some rows as understood: parts to evaluate, and the faults of the rows that cannot be read."""

    parts: list[Part]
    faults: dict[int, list[CellFault]]
    remarks: Remarks
    stamps: np.ndarray  # a number for each row that is the same for the same case


@dataclass
class Answers:
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
        self._readings: dict[tuple[int, str, Beside], Reading] = {}
        self._mix: dict[Key, np.uint64] = {}
        used = {t.slot for t in header.targets if t is not None and not too_many_covers(t)}
        self._numbers = sorted(n for n in used if n is not None)
        noise = np.random.default_rng(7)
        for place in (STATE, ISSUE_STATE, KIND):
            self.stores[place] = Store()
        for key in self._keys():
            self.stores.setdefault(key[0], Store())
            self._mix[key] = noise.integers(1, 2**63, dtype=np.uint64) | np.uint64(1)

    def _keys(self) -> Iterator[Key]:
        """Every place that the columns of the table may answer, their own first."""
        own = [(t.column.place, t.slot) for t in self.header.targets if t is not None]
        yield from own
        for place, slot in own:
            for other in places_said(self.book, place):
                yield other, slot if other.startswith(COVER) else None

    def read(
        self, columns: Sequence[Cells | None], size: int, unfit: dict[int, CellFault]
    ) -> Understood:
        """Rows from their columns, in the order of the header (None for what passes through)."""
        found = self._answers(columns, size, unfit)
        for key in (
            self._mix
        ):  # every batch has the same places: what was learned of one holds for the next
            found.codes.setdefault(key, np.zeros(size, dtype=np.int32))
        good = np.ones(size, dtype=bool)
        good[list(found.faults)] = False
        parts = list(self._parts(found.codes, np.flatnonzero(good), found.remarks))
        return Understood(parts, found.faults, found.remarks, self._stamps(found.codes, size))

    def row(self, cells: Mapping[int, str]) -> tuple[dict[Key, Any], list[CellFault], str]:
        """The answers of one row by place and cover, its faults, and what is to be told of it."""
        one = np.zeros(1, dtype=np.int64)
        columns = [
            Cells([cells.get(i, "")], one) if t is not None else None
            for i, t in enumerate(self.header.targets)
        ]
        found = self._answers(columns, 1, {})
        values = {
            key: self.stores[key[0]].values[int(codes[0])]
            for key, codes in found.codes.items()
            if codes[0] > 0
        }
        for (place, slot), value in list(values.items()):
            named = [k for k in values if k[1] == slot and k[0] != place]
            if value is UNINSURED and slot is not None and named:
                found.remarks.add(one, one, [self._no_insurance(slot)])
        return values, found.faults.get(0, []), found.remarks.column()[0].as_py() or ""

    def case_of(self, cells: Mapping[int, str]) -> tuple[dict[str, Any], tuple[int, ...]]:
        """The case of one row that can be read, and the numbers of its covers."""
        values, _, _ = self.row(cells)
        return build_case(values), slots_of(values)

    # --- cells to answers ---

    def _answers(
        self, columns: Sequence[Cells | None], size: int, unfit: dict[int, CellFault]
    ) -> Answers:
        """What every column says: its own place first, then what it says for others."""
        faults = {r: [f] for r, f in unfit.items()}
        found = Answers(faults=faults, remarks=Remarks(size), unfit=frozenset(unfit))
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
        self._note_clashes(found)
        return found

    def _note_clashes(self, found: Answers) -> None:
        """Cells of one row that cannot all be true are faults of that row."""
        values = {place: store.values for place, store in self.stores.items()}
        for row, fault in clashes(found.codes, values, titles_of(self.header), self.today):
            found.blame(row, fault)

    def _columns(
        self, columns: Sequence[Cells | None], places: tuple[str, ...] | None, found: Answers
    ) -> Iterator[ColumnRead]:
        """The columns of these places as read (None: of all that hold no text of a cover)."""
        for number, (target, cells) in enumerate(zip(self.header.targets, columns, strict=True)):
            if target is None or cells is None:
                continue
            place = target.column.place
            if place in places if places is not None else place not in COVER_TEXTS:
                if too_many_covers(target):
                    self._refuse_covers(target, cells, found)
                else:
                    yield self._read(number, target, cells, found)

    def _read(self, number: int, target: Target, cells: Cells, found: Answers) -> ColumnRead:
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
        readings: list[Reading],
        found: Answers,
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

    def _reading(self, number: int, target: Target, text: str, beside: Beside) -> Reading:
        key = (number, text, beside)
        reading = self._readings.get(key)
        if reading is None:
            reader = cell_reader(target.column.place, self.book, self.today)
            reading = self._readings[key] = reader.read(text, target, beside)
        return reading

    def _codes(self, column: ColumnRead, place: str) -> Codes:
        """What a column says for a place, row by row."""
        store = self.stores[place]
        table = [0 if v is None else store.code(v) for v in column.said(place)]
        codes: Codes = np.array(table or [0], dtype=np.int32)[column.which]
        return codes

    def _put_own(self, column: ColumnRead, found: Answers) -> None:
        key = (column.place, column.target.slot)
        found.codes[key] = self._codes(column, column.place)
        found.sources[key] = np.full(len(column.which), column.number, dtype=np.int32)

    def _imply(self, column: ColumnRead, place: str, found: Answers) -> None:
        """Join what a column says for another place: it fills what is blank, and is told."""
        key = (place, column.target.slot if place.startswith(COVER) else None)
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
        self, column: ColumnRead, key: Key, before: Codes, rows: Rows, found: Answers
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

    def _remark_against(self, said: Reading, key: Key, value: Any, column: ColumnRead) -> str:
        place, slot = key
        return say(
            "remarks", "against", column=column.target.title, value=said.text,
            said=shown_value(dict(said.sets)[place]), there=said_in_columns(self.book, {place: value}, slot),
        )  # fmt: skip

    def _faults_against(
        self, said: Reading, key: Key, value: Any, column: ColumnRead, source: int
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

    def _remark(self, column: ColumnRead, found: Answers) -> None:
        """What the readings of a column have to tell of their rows."""
        texts = [r.remark for r in column.readings]
        if not any(texts):
            return
        always = np.array([r.always for r in column.readings], dtype=bool)[column.which]
        told = np.array([bool(t) for t in texts], dtype=bool)[column.which]
        rows = np.flatnonzero(told & (always | column.news))
        found.remarks.add(rows, column.which[rows], texts)

    def _refuse_covers(self, target: Target, cells: Cells, found: Answers) -> None:
        told = np.array([bool(t) for t in cells.texts] or [False])[cells.which]
        for row in np.flatnonzero(told).tolist():
            found.blame(row, many_covers(target.title))

    def _note_faults(self, column: ColumnRead, found: Answers) -> None:
        bad = np.array([r.fault is not None for r in column.readings] or [False])[column.which]
        for row in np.flatnonzero(bad).tolist():
            fault = column.readings[column.which[row]].fault
            if fault is not None:
                found.blame(row, fault)

    def _note_payers(self, readings: list[Reading], cells: Cells) -> None:
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

    def _no_insurance(self, slot: int) -> str:
        """Told of a cover whose kind says that there is none, while other cells tell of it."""
        title = column_of_place(self.book)[KIND].title(slot)
        return say("remarks", "no_insurance", column=title)

    # --- covers ---

    def _parts(self, codes: dict[Key, Codes], good: Rows, remarks: Remarks) -> Iterator[Part]:
        """The readable rows, those that leave out a number of a cover apart from the others."""
        numbers = self._numbers
        filled = {n: np.zeros(len(good), dtype=bool) for n in numbers}
        uninsured = np.zeros(len(good), dtype=bool)
        mine: dict[Key, Codes] = {}
        said_none: dict[int, np.ndarray] = {}
        for (place, slot), found in codes.items():
            own = found[good]
            store = self.stores[place]
            if slot is not None and UNINSURED in store.values:
                said = own == store.values.index(UNINSURED)
                uninsured |= said
                said_none[slot] = said
                own = np.where(said, np.int32(0), own)
            if slot is not None:
                filled[slot] |= own != 0
            mine[(place, slot)] = own
        for slot, said in said_none.items():
            rows = good[np.flatnonzero(said & filled[slot])]
            remarks.add(rows, np.zeros(len(rows), dtype=np.int64), [self._no_insurance(slot)])
        pattern = np.zeros(len(good), dtype=np.int64)
        for bit, number in enumerate(numbers):
            pattern |= filled[number].astype(np.int64) << bit
        # Covers 1, 1-2, 1-3 … are the rule; in one batch a row may use fewer numbers than another.
        regular = ((pattern + 1) & pattern) == 0
        if numbers and numbers != list(range(1, len(numbers) + 1)):
            regular = pattern == 0
        if regular.any() or not len(good):
            yield self._part(mine, good, np.flatnonzero(regular), numbers, uninsured, filled)
        for kind in np.unique(pattern[~regular]).tolist():
            used = [n for bit, n in enumerate(numbers) if kind >> bit & 1]
            rows = np.flatnonzero((pattern == kind) & ~regular)
            yield self._part(mine, good, rows, used, uninsured, filled)

    def _part(
        self,
        codes: dict[Key, Codes],
        good: np.ndarray,
        rows: np.ndarray,
        numbers: list[int],
        uninsured: np.ndarray,
        filled: dict[int, np.ndarray],
    ) -> Part:
        place_of = {number: i for i, number in enumerate(numbers)}
        kept = {
            (place, None if slot is None else place_of[slot]): found[rows]
            for (place, slot), found in codes.items()
            if slot is None or slot in place_of
        }
        # Every batch has the same places, so that what was learned of one holds for the next.
        for place in {p for p, slot in codes if slot is not None}:
            for i in range(len(self._numbers)):
                kept.setdefault((place, i), np.zeros(len(rows), dtype=np.int32))
        count = np.zeros(len(rows), dtype=np.int32)
        for number in numbers:
            count += filled[number][rows]
        count = np.where((count == 0) & ~uninsured[rows], np.int32(-1), count)
        stores = {place: store.values for place, store in self.stores.items()}
        return Part(good[rows], Batch(len(rows), kept, stores, count, tuple(numbers)))

    def _stamps(self, codes: dict[Key, Codes], size: int) -> np.ndarray:
        found = np.zeros(size, dtype=np.uint64)
        for key, column in codes.items():
            mixed = (column.astype(np.int64).astype(np.uint64) + np.uint64(1)) * self._mix[key]
            found += mixed ^ (mixed >> np.uint64(29))
        return found


@lru_cache(maxsize=512)
def places_said(book: Book, place: str) -> tuple[str, ...]:
    """The other places that the cells of a column may answer."""
    question = column_of_place(book)[place].question
    said = {p for m in meanings(question).values() for p, _ in m.sets}
    if place in COVER_TEXTS:
        kinds = book.vocabulary.words(KIND).values()
        said |= {PAYER, *(p for m in kinds for p, _ in m.sets)}
        said |= {f"{COVER}{name}" for plan in book.plan_names for name in plan.sets}
    return tuple(sorted(said - {place}))


# --- one row -------------------------------------------------------------------------------------


def case_of_row(
    row: Mapping[str, Any], today: dt.date | None = None, book: Book | None = None
) -> dict[str, Any]:
    """The case that one row of a table tells of, as plain data for `evaluate`.

    Raises RowFault naming column, value and the nearest valid one where a cell is not valid.
    """
    values, faults, _ = _row(row, today, book)
    if faults:
        raise RowFault(faults)
    return build_case(values)


def remarks_of_row(
    row: Mapping[str, Any], today: dt.date | None = None, book: Book | None = None
) -> str:
    """What is told of a row whose cells were read otherwise than they stand; '' for nothing."""
    return _row(row, today, book)[2]


def used_slots(row: Mapping[str, Any], today: dt.date, book: Book) -> tuple[int, ...]:
    """The numbers of the covers that a row fills in: cover i of its case stands in column number i."""
    return slots_of(_row(row, today, book)[0])


def slots_of(values: Mapping[Key, Any]) -> tuple[int, ...]:
    used = {slot for (_, slot), v in values.items() if slot is not None and v is not UNINSURED}
    return tuple(sorted(used))


def _row(
    row: Mapping[str, Any], today: dt.date | None, book: Book | None
) -> tuple[dict[Key, Any], list[CellFault], str]:
    rules = book or load_rules()
    header = read_header(rules, [str(name) for name in row])
    reader = RowReader(header, rules, today or dt.date.today())
    return reader.row({i: cell_text(cell) for i, cell in enumerate(row.values())})
