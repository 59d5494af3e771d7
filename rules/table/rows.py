"""Cells of many rows to codes: each distinct text of a column is read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rules.book import Book

from .cases import build_case, cell_reader, many_covers
from .cells import UNINSURED, CellFault, payer_hint
from .columns import COVER, Header, Target, too_many_covers
from .in_order import clashes, titles_of
from .project import Batch
from .text import say
from .trace import Codes

AT_FAULT = -1
PAYER = f"{COVER}payer"
MOST_HINTS = 20


class Cells(NamedTuple):
    """One column of some rows: its distinct texts, and which of them each row has."""

    texts: Sequence[str]
    which: np.ndarray


class Store:
    """The values of one place of the case, and the code of every text that was read for it."""

    def __init__(self, place: str, book: Book, today: dt.date) -> None:
        self.reader = cell_reader(place, book, today)
        self.values: list[Any] = [None]  # code 0: nobody has said
        self._code_of: dict[tuple[type, Any], int] = {}
        self._code_of_text: dict[str, int] = {"": 0}

    def code(self, text: str, target: Target) -> int:
        """The code of a text's value; AT_FAULT where the text is not valid."""
        code = self._code_of_text.get(text)
        if code is None:
            code = self._code_of_text[text] = self._read(text, target)
        return code

    def _read(self, text: str, target: Target) -> int:
        value = self.reader.read(text, target)
        if isinstance(value, CellFault):
            return AT_FAULT
        if value is None:
            return 0
        key = (value.__class__, value)
        code = self._code_of.get(key)
        if code is None:
            code = self._code_of[key] = len(self.values)
            self.values.append(value)
        return code


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
    stamps: np.ndarray  # a number for each row that is the same for the same case


class RowReader:
    """Understands the rows of one table."""

    def __init__(self, header: Header, book: Book, today: dt.date) -> None:
        self.header = header
        self.book = book
        self.today = today
        self.stores: dict[str, Store] = {}
        self._payers: dict[str, str | None] = {}
        self._mix: dict[tuple[str, int | None], np.uint64] = {}
        used = {t.slot for t in header.targets if t is not None and not too_many_covers(t)}
        self._numbers = sorted(n for n in used if n is not None)
        noise = np.random.default_rng(7)
        for target in header.targets:
            if target is not None:
                place = target.column.place
                if place not in self.stores:
                    self.stores[place] = Store(place, book, today)
                odd = noise.integers(1, 2**63, dtype=np.uint64) | np.uint64(1)
                self._mix[(place, target.slot)] = odd

    def read(
        self, columns: Sequence[Cells | None], size: int, unfit: dict[int, CellFault]
    ) -> Understood:
        """Rows from their columns, in the order of the header (None for what passes through)."""
        codes: dict[tuple[str, int | None], Codes] = {}
        faults: dict[int, list[CellFault]] = {row: [fault] for row, fault in unfit.items()}
        for target, cells in zip(self.header.targets, columns, strict=True):
            if target is None or cells is None:
                continue
            found = self._codes(target, cells)
            bad = np.flatnonzero(found == AT_FAULT)
            for row in bad.tolist():
                if row in unfit:
                    continue
                text = cells.texts[cells.which[row]]
                faults.setdefault(row, []).append(self._fault(target, text))
            if not too_many_covers(target):
                codes[(target.column.place, target.slot)] = found
        values = {place: store.values for place, store in self.stores.items()}
        for row, fault in clashes(codes, values, titles_of(self.header), self.today):
            if row not in unfit:
                faults.setdefault(row, []).append(fault)
        good = np.ones(size, dtype=bool)
        good[list(faults)] = False
        parts = list(self._parts(codes, np.flatnonzero(good)))
        return Understood(parts, faults, self._stamps(codes, size))

    def _codes(self, target: Target, cells: Cells) -> Codes:
        store = self.stores[target.column.place]
        if too_many_covers(target):
            table = [0 if not t else AT_FAULT for t in cells.texts]
        else:
            table = [store.code(t, target) for t in cells.texts]
        if target.column.place == PAYER:
            for number in np.unique(cells.which).tolist():  # a text may be listed and never used
                if table[number] > 0:
                    self._note_payer(store.values[table[number]], cells.texts[number])
        codes: Codes = np.array(table or [0], dtype=np.int32)[cells.which]
        return codes

    def _fault(self, target: Target, text: str) -> CellFault:
        if too_many_covers(target):
            return many_covers(target.title)
        fault = self.stores[target.column.place].reader.read(text, target)
        assert isinstance(fault, CellFault)
        return fault

    def _note_payer(self, name: str, text: str) -> None:
        if text not in self._payers and self.book.payer_id(name) not in self.book.payers:
            few = len(self._payers) < MOST_HINTS * 10
            self._payers[text] = payer_hint(self.book, name) if few else None

    def case_of(self, cells: Mapping[int, str]) -> tuple[dict[str, Any], tuple[int, ...]]:
        """The case of one row that can be read, and the numbers of its covers."""
        values = {}
        for i, target in enumerate(self.header.targets):
            if target is not None and cells[i]:
                value = self.stores[target.column.place].reader.read(cells[i], target)
                if value is not None:
                    values[(target.column.place, target.slot)] = value
        used = {s for (_, s), v in values.items() if s is not None and v is not UNINSURED}
        return build_case(values), tuple(sorted(used))

    def payer_warnings(self) -> Iterator[str]:
        """Payer names that no record bears, with the closest name that one does: only a hint."""
        hinted = [(t, n) for t, n in self._payers.items() if n is not None][:MOST_HINTS]
        for text, nearest in hinted:
            yield say("warnings", "payer", name=text[:80], nearest=nearest)
        if len(self._payers) > len(hinted):
            yield say("warnings", "payers", count=f"{len(self._payers) - len(hinted):,}")

    # --- covers ---

    def _parts(
        self, codes: dict[tuple[str, int | None], Codes], good: np.ndarray
    ) -> Iterator[Part]:
        """The readable rows, those that leave out a number of a cover apart from the others."""
        numbers = self._numbers
        filled = {n: np.zeros(len(good), dtype=bool) for n in numbers}
        uninsured = np.zeros(len(good), dtype=bool)
        mine: dict[tuple[str, int | None], Codes] = {}
        for (place, slot), found in codes.items():
            own = found[good]
            store = self.stores[place]
            if slot is not None and UNINSURED in store.values:
                said = own == store.values.index(UNINSURED)
                uninsured |= said
                own = np.where(said, np.int32(0), own)
            if slot is not None:
                filled[slot] |= own != 0
            mine[(place, slot)] = own
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
        codes: dict[tuple[str, int | None], Codes],
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

    def _stamps(self, codes: dict[tuple[str, int | None], Codes], size: int) -> np.ndarray:
        found = np.zeros(size, dtype=np.uint64)
        for key, column in codes.items():
            mixed = (column.astype(np.int64).astype(np.uint64) + np.uint64(1)) * self._mix[key]
            found += mixed ^ (mixed >> np.uint64(29))
        return found
