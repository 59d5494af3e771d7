"""Rows to answers: every distinct look evaluated once, its outcome spread over the rows.

The composition is the engine's: the paths of each cover and treatment, then the ways to pay,
in the engine's own order. What a row says of its best path is asked of the same functions that
make a single result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rules.case import MOST_COVERAGES
from rules.engine.find_paths import cover_routes
from rules.rule_book import Book
from rules.vocabulary import OUTLOOKS, TREATMENTS

from .cases import OUTLOOK_COLUMNS, RESULT_COLUMNS, SEPARATOR, field_titles, order_text
from .columns import COVER
from .parts import (
    considered,
    first_act_of,
    kinds_unknown,
    order_of,
    path_told,
    route_part,
    safety_of,
    stem,
    way_part,
)
from .plans import Names, Plan, Plans, settles
from .trace import Codes, Field, Rows, Space, Unit, Watched
from .units import Units

NEVER = np.int64(2**40)  # a day that never comes
WORDS = 8  # sixty-four fields each: more than a case of twenty covers has
Texts = Any  # a pyarrow array of texts


@dataclass
class Batch:
    """Some rows as codes: for each place of the case (and cover) a code for each row.

    `stores` gives the values that the codes of a place stand for. `slots` are the numbers that
    the covers have in the table.
    """

    size: int
    codes: Mapping[tuple[str, int | None], Codes]
    stores: Mapping[str, list[Any]]
    covers: Codes  # how many covers each row has; -1 where nobody has said
    slots: tuple[int, ...]


class Entries(NamedTuple):
    """Every path of every row, in the order of a result: its row, its plan, its name."""

    rows: Rows
    plans: Rows
    names: Rows


class Chosen(NamedTuple):
    """One path for each row: its plan and its name; -1 where a row has none."""

    plans: Rows
    names: Rows


class Projector:
    """Works out the answers of batches of rows. Learns as it goes; not for several threads at once."""

    def __init__(self, book: Book, today: dt.date) -> None:
        self.book = book
        self.today = today
        self.units = Units(book, today)
        self.plans = Plans(self.units)
        self.names = Names()
        self._tables: dict[Hashable, Any] = {}  # of a unit's outcomes, by what is made of them
        self._open_names: list[str] = []
        self._open_code: dict[str, int] = {}
        self._titles: dict[Hashable, str] = {}

    # --- one batch ---

    def answers(self, batch: Batch) -> dict[str, Texts]:
        """The result columns of a batch, in order."""
        self._load(batch)
        size = batch.size
        entries = self._entries(size)
        best, target = self._leading(entries, size)
        found: dict[str, Texts] = dict.fromkeys(RESULT_COLUMNS, pa.nulls(size, pa.string()))
        ids = pa.array(self.names.ids, pa.string())
        found["best_path"] = _taken(ids, best.names)
        outlooks = self.plans.outlooks()
        words = pa.array(OUTLOOKS)
        found["best_outlook"] = _taken(words, np.where(best.plans < 0, -1, outlooks[best.plans]))
        of_entry = outlooks[entries.plans]
        for name, outlook in OUTLOOK_COLUMNS.items():
            found[name] = _joined(entries, of_entry == OUTLOOKS.index(outlook), ids, size)
        found["missing"] = self._missing(target, batch)
        found["next_step"] = self._first_steps(best)
        found["next_deadline"] = self._deadlines(size)
        found["payer_order"] = self._by_person("order", order_of, batch.slots)
        found["safety"] = self._by_person("safety", safety_of, None)
        return found

    def _load(self, batch: Batch) -> None:
        """Put a batch's answers where the evaluation looks for them."""
        units = self.units
        people = np.arange(batch.size, dtype=np.int64)
        counts = np.maximum(batch.covers, 0).astype(np.int64)
        up = np.repeat(people, counts)
        self.start = np.concatenate(([0], np.cumsum(counts)))
        position = (np.arange(len(up)) - self.start[up]).astype(np.int32)
        units.people.renew(batch.size)
        units.covers.renew(len(up), up)
        units.position.put(position)
        for (place, slot), codes in batch.codes.items():
            self._field(place, slot, units.people, batch.stores[place]).put(codes)
        for place in {p for p, slot in batch.codes if slot is not None}:
            own = np.full(len(up), batch.stores[place].index(None), dtype=np.int32)
            for slot in range(len(batch.slots)):
                here = position == slot
                if (place, slot) in batch.codes:
                    own[here] = batch.codes[(place, slot)][up[here]]
            self._field(place, None, units.covers, batch.stores[place]).put(own)
        number = self._field("coverages", None, units.people, [None, *range(MOST_COVERAGES + 1)])
        number.put((batch.covers + 1).astype(np.int32))
        self._load_parts(batch)

    def _field(self, place: str, slot: int | None, space: Space, values: list[Any]) -> Field:
        found = self.units.field(place, slot, space)
        if found is None or found.space is not space:
            found = Field(space)
            self.units.set_field(place, slot, space, found)
        assert isinstance(found, Field)
        found.values = values
        return found

    def _load_parts(self, batch: Batch) -> None:
        """Which rows say anything of a denial, a provider …; which scores they give."""
        scales: dict[str, Codes] = {}
        given: dict[str, np.ndarray] = {}
        for (place, _), codes in batch.codes.items():
            part, _, name = place.rpartition(".")
            if not part or place.startswith(COVER):
                continue
            filled = codes != batch.stores[place].index(None)
            if part == "severity":
                scales[name] = filled
            given[part] = given.get(part, np.zeros(batch.size, dtype=bool)) | filled
        for part, filled in given.items():
            if part != "severity":
                column = self._field(part, None, self.units.people, [None, True])
                column.put(filled.astype(np.int32))
        if scales:
            pattern = np.zeros(batch.size, dtype=np.int32)
            for bit, filled in enumerate(scales.values()):
                pattern |= filled.astype(np.int32) << bit
            names = list(scales)
            sets = [
                tuple(s for b, s in enumerate(names) if p >> b & 1) for p in range(1 << len(names))
            ]
            self._field("severity", None, self.units.people, [None, *sets[1:]]).put(pattern)

    # --- all paths of all rows ---

    def _entries(self, size: int) -> Entries:
        """Every path of every row, in the order of a result."""
        found: list[tuple[Rows, Rows, Rows]] = []
        self._day_rows: dict[int, list[Rows]] = {}
        for treatment in TREATMENTS:
            found.extend(self._cover_paths(treatment))
        everyone = np.arange(size, dtype=np.int64)
        for way in self.book.ways.values():
            unit = self.units.own(("way", way.id), way_part(way), self.units.people, told=path_told)
            codes = unit.codes(everyone)
            plans = self._plan_table(unit)[codes]
            names = self._table("name", unit, self._way_name)[codes]
            there = plans >= 0
            found.append((everyone[there], plans[there], names[there]))
        return self._ordered(found)

    def _way_name(self, outcome: Any) -> int:
        return -1 if outcome is None else self.names.code(outcome[0].id)

    def _cover_paths(self, treatment: str) -> Iterator[tuple[Rows, Rows, Rows]]:
        """The paths that covers open to a treatment, route by route."""
        covers, up = self.units.covers, self.units.covers.up
        assert up is not None
        about = self.units.part(considered, (), self.units.people, None)
        codes = about.codes(up)
        wanted = np.array([treatment in v for v in about.values], dtype=bool)
        mine = np.flatnonzero(wanted[codes]) if len(codes) else np.zeros(0, dtype=np.int64)
        if not len(mine):
            return
        stems = self._stems()
        stem_codes = stems.codes(mine)
        for route in cover_routes(self.book):
            name, part = ("route", treatment, route), route_part(treatment, route)
            unit = self.units.own(name, part, covers, treatment, told=path_told)
            codes = unit.codes(mine)
            plans = self._plan_table(unit)[codes]
            there = plans >= 0
            if not there.any():
                continue
            here, plans = mine[there], plans[there]
            names = self.names.under(stems.values, treatment, route)[stem_codes[there]]
            self._note_days(plans, here)
            yield up[here], plans, names

    def _stems(self) -> Unit:
        return self.units.part(stem, (), self.units.covers, None)

    def _plan_table(self, unit: Unit) -> Rows:
        """For each outcome of a part its plan; -1 where it is no path."""

        def plan(outcome: Any) -> int:
            return -1 if outcome is None else self.plans.code(unit.space, outcome)

        return self._table("plan", unit, plan)

    def _table(self, what: str, unit: Unit, make: Callable[[Any], int]) -> Rows:
        """A number for each outcome of a unit, made once."""
        made = self._tables.setdefault((what, id(unit)), [])
        made.extend(make(v) for v in unit.values[len(made) :])
        return np.array(made, dtype=np.int64)

    def _ordered(self, found: list[tuple[Rows, Rows, Rows]]) -> Entries:
        """Entries sorted by row, then as the engine sorts paths, packed into one number each."""
        rows, plans, names = (np.concatenate(x) for x in zip(*found, strict=True))
        rank, places = self.plans.ranks()
        name_rank = self.names.ranks()
        plan_bits, name_bits = _bits(len(self.plans)), _bits(len(name_rank))
        place_bits = _bits(places)
        if _bits(self.units.people.size) + place_bits + name_bits + plan_bits > 63:
            order = np.lexsort((name_rank[names], rank[plans], rows))
            return Entries(rows[order], plans[order], names[order])
        packed = (rows << place_bits | rank[plans]) << name_bits | name_rank[names]
        packed = packed << plan_bits | plans
        packed.sort()
        by_rank = np.empty(len(name_rank), dtype=np.int64)
        by_rank[name_rank] = np.arange(len(name_rank))
        plans = packed & (1 << plan_bits) - 1
        packed >>= plan_bits
        names = by_rank[packed & (1 << name_bits) - 1]
        return Entries(packed >> (name_bits + place_bits), plans, names)

    # --- the leading path ---

    def _leading(self, entries: Entries, size: int) -> tuple[Chosen, Chosen]:
        """For each row the path to put first, and the path whose open answers are told."""
        leads, of_cover = self.plans.leads(), self.plans.of_cover()
        best = np.full(size, -1, dtype=np.int64)
        of_entry = leads[entries.plans]
        for place in np.unique(leads[np.isfinite(leads)]):
            best = np.where(best >= 0, best, _first_of(entries, size, of_entry == place))
        cover = _first_of(entries, size, of_cover[entries.plans])
        own = (best >= 0) & of_cover[entries.plans[best]]
        target = np.where(own | (cover < 0), best, cover)
        return _chosen(entries, best), _chosen(entries, target)

    def _by_plan(self, chosen: Chosen) -> Iterator[tuple[Plan, Rows, Rows]]:
        """Rows by the plan that they are given: the plan, rows of people, rows of its space."""
        people = np.flatnonzero(chosen.plans >= 0)
        places = self._places(people, chosen)
        which = chosen.plans[people]
        order = np.argsort(which, kind="stable")
        people, places, which = people[order], places[order], which[order]
        starts = np.flatnonzero(np.concatenate(([True], which[1:] != which[:-1])))
        for i, start in enumerate(starts.tolist()):
            end = int(starts[i + 1]) if i + 1 < len(starts) else len(people)
            if end > start:
                yield self.plans[int(which[start])], people[start:end], places[start:end]

    def _places(self, people: Rows, chosen: Chosen) -> Rows:
        """Where a path's own row is: the person's, or that of the cover whose name it bears."""
        stem_of = np.array(self.names.stem_of, dtype=np.int64)
        wanted = stem_of[chosen.names[people]]
        found = np.where(wanted < 0, people, self.start[people])
        last = self.start[people + 1] - 1
        for _ in range(MOST_COVERAGES):
            at = np.flatnonzero((wanted >= 0) & (found < last))
            at = at[self._stems().codes(found[at]) != wanted[at]]
            if not len(at):
                break
            found[at] += 1
        return found

    # --- what is missing, what to do, by when ---

    def _missing(self, target: Chosen, batch: Batch) -> Texts:
        size = batch.size
        bits = np.zeros((size, WORDS), dtype=np.uint64)
        own = np.zeros(size, dtype=np.int64)
        asked: dict[int, tuple[Unit, list[Rows], list[Rows]]] = {}
        for plan, people, places in self._by_plan(target):
            for unit in self.plans.open_parts(plan):
                kept = asked.setdefault(id(unit), (unit, [], []))
                kept[1].append(people)
                kept[2].append(places)
            if plan.space is self.units.covers:
                own[people] = places - self.start[people]
        for unit, all_people, all_places in asked.values():
            codes = unit.codes(np.concatenate(all_places))
            bits[np.concatenate(all_people)] |= self._open_bits(unit)[codes]
        bits[batch.covers < 0] |= self._bits_of(("coverages",))
        unit = self.units.own("kinds", kinds_unknown, self.units.people)
        codes = unit.codes(np.arange(size, dtype=np.int64))
        bits |= self._open_bits(unit)[codes]
        keys = np.column_stack((bits, own.astype(np.uint64)))
        packed = np.ascontiguousarray(keys).view([("", np.uint64)] * (WORDS + 1)).ravel()
        distinct, inverse = np.unique(packed, return_inverse=True)
        texts = [self._open_text(tuple(int(x) for x in d), batch.slots) for d in distinct]
        return pa.array(texts, pa.string()).take(pa.array(inverse))

    def _open_bits(self, unit: Unit) -> np.ndarray:
        """For each outcome of a part the fields that it leaves open, as bits."""
        key = ("open", id(unit))
        table = self._tables.get(key)
        if table is None or len(table) < len(unit.values):
            table = np.array([self._bits_of(v) for v in unit.values], dtype=np.uint64)
            table = self._tables[key] = table.reshape(-1, WORDS)
        found: np.ndarray = table
        return found

    def _bits_of(self, fields: tuple[str, ...]) -> np.ndarray:
        found = np.zeros(WORDS, dtype=np.uint64)
        for name in fields:
            if name not in self._open_code:
                self._open_code[name] = len(self._open_names)
                self._open_names.append(name)
            bit = self._open_code[name]
            found[bit // 64] |= np.uint64(1) << np.uint64(bit % 64)
        return found

    def _open_text(self, key: tuple[int, ...], slots: tuple[int, ...]) -> str:
        found = self._titles.get((key, slots))
        if found is None:
            names = [
                n.replace("[*]", f"[{key[WORDS]}]")
                for i, n in enumerate(self._open_names)
                if key[i // 64] >> (i % 64) & 1
            ]
            found = SEPARATOR.join(field_titles(names, slots, self.book))
            self._titles[(key, slots)] = found
        return found

    def _first_steps(self, best: Chosen) -> Texts:
        texts: dict[str, int] = {"": 0}
        found = np.zeros(len(best.plans), dtype=np.int64)

        def text(outcome: tuple[str, int]) -> int:
            return texts.setdefault(outcome[0], len(texts))

        for plan, people, places in self._by_plan(best):
            unit = self.plans.step_part(plan, full=False)
            codes = unit.codes(places)
            found[people] = np.array([text(v) for v in unit.values])[codes]
            late = ~np.array([settles(plan, v) for v in unit.values], dtype=bool)[codes]
            if late.any():
                unit = self.plans.step_part(plan, full=True)
                codes = unit.codes(places[late])
                found[people[late]] = np.array([text(v) for v in unit.values])[codes]
        alone = np.flatnonzero(best.plans < 0)
        if len(alone):
            unit = self.units.own("first_act", first_act_of, self.units.people)
            codes = unit.codes(alone)
            found[alone] = np.array([text((v, 0)) for v in unit.values])[codes]
        return pa.array(list(texts), pa.string()).take(pa.array(found))

    def _note_days(self, plans: Rows, covers: Rows) -> None:
        """Remember which covers have paths with last days."""
        at = np.flatnonzero(self.plans.with_days()[plans])
        order = at[np.argsort(plans[at], kind="stable")]
        which = plans[order]
        cuts = np.flatnonzero(which[1:] != which[:-1]) + 1
        for part in np.split(order, cuts):
            if len(part):
                self._day_rows.setdefault(int(plans[part[0]]), []).append(covers[part])

    def _deadlines(self, size: int) -> Texts:
        """The earliest last day that has not passed, of each path the first of its rungs."""
        up = self.units.covers.up
        assert up is not None
        earliest = np.full(size, NEVER)
        alone: dict[int, tuple[Unit, list[Rows]]] = {}
        for code, rows in self._day_rows.items():
            units = self.plans[code].days
            if len(units) == 1 and not units[0][1]:
                alone.setdefault(id(units[0][0]), (units[0][0], []))[1].extend(rows)
            elif units:
                places = np.concatenate(rows)
                days = [self._last_days(unit, places, urgent) for unit, urgent in units]
                self._earlier(earliest, up[places], days)
            for unit in self.plans[code].keeping:
                places = np.concatenate(rows)
                self._earlier(earliest, up[places], [self._days_to_keep(unit, places)])
        for unit, rows in alone.values():
            places = np.concatenate(rows)
            self._earlier(earliest, up[places], [self._last_days(unit, places)])
        distinct, inverse = np.unique(earliest, return_inverse=True)
        texts = ["" if d >= NEVER else dt.date.fromordinal(int(d)).isoformat() for d in distinct]
        return pa.array(texts, pa.string()).take(pa.array(inverse))

    def _last_days(self, unit: Unit, places: Rows, urgent: bool = False) -> Rows:
        """The first last day of a rung; today where it is urgent and that day is ahead."""
        today = self.today.toordinal()

        def first(outcome: Any) -> int:
            if not outcome.days:
                return int(NEVER)
            day: int = outcome.days[0].date.toordinal()
            return min(day, today) if urgent else day

        codes = unit.codes(places)
        return self._table(f"day{urgent}", unit, first)[codes]

    def _days_to_keep(self, unit: Unit, places: Rows) -> Rows:
        """The day to ask that care goes on, as a worklist names it."""

        def day(outcome: Any) -> int:
            keep = outcome.keep
            if keep is None or keep.date is None or not keep.open_still(self.today):
                return int(NEVER)
            return max(keep.date, self.today).toordinal()  # type: ignore[no-any-return]

        codes = unit.codes(places)
        return self._table("keep", unit, day)[codes]

    def _earlier(self, earliest: Rows, people: Rows, days: list[Rows]) -> None:
        first = np.minimum.reduce([np.where(d < self.today.toordinal(), NEVER, d) for d in days])
        np.minimum.at(earliest, people, first)

    def _by_person(
        self, name: str, function: Callable[[Watched], Any], slots: tuple[int, ...] | None
    ) -> Texts:
        unit = self.units.own(name, function, self.units.people)
        codes = unit.codes(np.arange(self.units.people.size, dtype=np.int64))
        texts = [SEPARATOR.join(v) if slots is None else order_text(v, slots) for v in unit.values]
        return pa.array(texts, pa.string()).take(pa.array(codes))


# --- arrays ------------------------------------------------------------------------------------------


def _bits(count: int) -> int:
    return max(1, int(count).bit_length())


def _first_of(entries: Entries, size: int, among: np.ndarray) -> Rows:
    """For each row the place of its first entry among these; -1 where it has none."""
    found = np.full(size, -1, dtype=np.int64)
    at = np.flatnonzero(among)
    here = entries.rows[at]
    first = np.ones(len(at), dtype=bool)
    first[1:] = here[1:] != here[:-1]
    found[here[first]] = at[first]
    return found


def _chosen(entries: Entries, at: Rows) -> Chosen:
    none = at < 0
    return Chosen(
        np.where(none, -1, entries.plans[at]) if len(entries.plans) else at,
        np.where(none, -1, entries.names[at]) if len(entries.names) else at,
    )


def _taken(values: Any, which: Rows) -> Texts:
    """A value for each row, null where there is none."""
    return values.take(pa.array(np.maximum(which, 0), mask=which < 0))


def _joined(entries: Entries, chosen: np.ndarray, ids: Any, size: int) -> Texts:
    """The names of the chosen paths of each row, in one text."""
    counts = np.bincount(entries.rows[chosen], minlength=size)
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), ids.take(pa.array(entries.names[chosen])))
    return pc.binary_join(lists, SEPARATOR)
