"""The same table over many rows: our evaluator on distinct rows only, against OpenFisca.

Ours projects each row on what the rules can tell apart (the words that they name, the numbers
cut where an answer changes), runs the compiled condition of each rule once for each distinct
combination of the facts that it reads, keeps those verdicts as the trace, and spreads the
answers back. OpenFisca computes one vectorised variable, without a trace. Both end with a
column of words. Two starts are timed: columns of words, which both must encode, and columns
already encoded in each side's own way. All answers are given: neither meets an unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Measured, Row, WrongAnswer, in_turns, seconds
from benchmarks.table12 import (
    Case,
    Table,
    by_hand,
    evaluator,
    leaves_of,
    made_up_cases,
    table12,
    tests_of,
)
from rules.logic import Verdict, cut_points
from rules.schema.conditions import Condition, facts_read

ROWS = 100_000
ROUNDS = 9
REACH = 3.0

Column = NDArray[Any]
Columns = dict[str, Column]


def measure(rows: int = ROWS, rounds: int = ROUNDS) -> list[Row]:
    cases = made_up_cases(rows)
    table = table12()
    columns = {field: np.array([case[field] for case in cases]) for field in table.answers}
    expected = np.array([by_hand(**case) for case in cases])
    batch, peer = Batch(table), OpenFisca(table)
    codes, enums = batch.encode(columns), peer.encode(columns)

    starts: dict[str, tuple[Callable[[], Column], Callable[[], Column]]] = {
        "words": (
            lambda: batch.answers(columns, batch.encode(columns)),
            lambda: peer.answers(peer.encode(columns)),
        ),
        "codes": (lambda: batch.answers(columns, codes), lambda: peer.answers(enums)),
    }
    found: list[Row] = []
    for start, (ours, theirs) in starts.items():
        for engine, work in (("ours", ours), ("OpenFisca", theirs)):
            if not np.array_equal(work(), expected):
                raise WrongAnswer(f"{engine} does not give the answers worked out by hand")
        mine, other = in_turns(
            partial(_speed, rows, ours), partial(_speed, rows, theirs), rounds
        )  # fmt: skip
        name = f"{rows:,} rows from {start}"
        found.append(Measured(name, "openfisca-core", mine, other, "rows/s", REACH, True))
    _check_traces(batch, cases[:1_000])
    return found


def _speed(rows: int, work: Callable[[], Column]) -> float:
    return rows / seconds(work)


def _check_traces(batch: Batch, cases: list[Case]) -> None:
    """The trace of a row holds the verdicts that its case gets alone."""
    decide = evaluator(batch.table)
    for row, case in enumerate(cases):
        alone = [verdict.value for verdict in decide(case).verdicts]
        if [verdict.value for verdict in batch.trace(row)] != alone:
            raise WrongAnswer(f"row {row} has another trace in a table than alone")


class Batch:
    """A table of rules made ready for columns."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.tests = tests_of(table)
        self.reads = [facts_read(rule.when) if rule.when else set() for rule in table.rules]
        self.outcomes = np.array(table.outcomes)
        leaves = [leaf for rule in table.rules for leaf in leaves_of(rule.when)]
        self.cuts: dict[str, list[float]] = {}
        self.words: dict[str, Column] = {}
        self.sizes: dict[str, int] = {}  # one bin more than cuts; one for all words not named
        for field, said in table.answers.items():
            own = [leaf for leaf in leaves if leaf.fact == field]
            if isinstance(said[0], bool):
                self.sizes[field] = 2
            elif isinstance(said[0], str):
                named = {word for leaf in own for word in leaf.one_of or (leaf.is_,)}
                self.words[field] = np.array(sorted(map(str, named)))
                self.sizes[field] = len(named) + 1
            else:
                cuts = set().union(*(cut_points(leaf)[field] for leaf in own))
                self.cuts[field] = sorted(cuts)
                self.sizes[field] = len(cuts) + 1

    def encode(self, columns: Columns) -> Columns:
        """Columns of words as numbers: which of the words that the rules name, or another."""
        codes = dict(columns)
        for field, words in self.words.items():
            place = np.searchsorted(words, columns[field])
            named = words.take(place, mode="clip") == columns[field]
            codes[field] = np.where(named, place, len(words)).astype(np.int8)
        return codes

    def answers(self, columns: Columns, codes: Columns) -> Column:
        """The outcome of each row; `trace` then tells how it came about."""
        self.cell = self._cells({field: self._bins(field, codes[field]) for field in self.sizes})
        first = np.full(math.prod(self.sizes.values()), -1)
        first[self.cell[::-1]] = np.arange(len(self.cell))[::-1]
        distinct = np.flatnonzero(first >= 0)
        examples = {field: columns[field][first[distinct]].tolist() for field in self.sizes}
        answer = np.zeros(len(first), np.intp)
        answer[distinct] = self._first_met(distinct, examples)
        outcomes: Column = self.outcomes.take(answer.take(self.cell))
        return outcomes

    def trace(self, row: int) -> tuple[Verdict, ...]:
        """The verdicts of all rules on a row (shared by rows that the rules cannot tell apart)."""
        place = np.searchsorted(self.distinct, self.cell[row])
        return tuple(verdicts[spread[place]] for verdicts, spread in self.judged)

    def _bins(self, field: str, column: Column) -> Column:
        if field not in self.cuts:
            return column
        bins: Column = np.add.reduce([column >= cut for cut in self.cuts[field]], dtype=np.int8)
        return bins

    def _cells(self, bins: Columns) -> Column:
        """The bins of a row as one number, the same for rows alike in all of them."""
        cell = np.zeros(len(next(iter(bins.values()))), np.int32)
        for field, column in bins.items():
            cell = cell * self.sizes[field] + column
        return cell

    def _first_met(self, distinct: Column, examples: dict[str, list[Any]]) -> Column:
        """For each distinct cell the number of the first rule that is met."""
        bins = dict(
            zip(self.sizes, np.unravel_index(distinct, (*self.sizes.values(),)), strict=True)
        )
        met = np.empty((len(self.tests), len(distinct)), bool)
        self.distinct, self.judged = distinct, []
        for number, (test, reads) in enumerate(zip(self.tests, self.reads, strict=True)):
            seen = self._cells({field: bins[field] for field in reads}) if reads else distinct * 0
            _, example, spread = np.unique(seen, return_index=True, return_inverse=True)
            verdicts = [test({f: examples[f][i] for f in reads}) for i in example.tolist()]
            met[number] = np.array([v.value is True for v in verdicts])[spread]
            self.judged.append((verdicts, spread))
        first: Column = met.argmax(axis=0)
        return first


class OpenFisca:
    """The table as an OpenFisca system of one person and one formula."""

    MONTH = "2026-11"

    def __init__(self, table: Table) -> None:
        from openfisca_core.entities import build_entity
        from openfisca_core.indexed_enums import Enum
        from openfisca_core.periods import MONTH
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem
        from openfisca_core.variables import Variable

        person = build_entity("person", "persons", "Person", "", is_person=True)
        self.system = TaxBenefitSystem([person])
        self.fields = tuple(table.answers)
        self.enums: dict[str, Any] = {
            field: Enum(field.title(), {word: word for word in said})
            for field, said in table.answers.items()
            if isinstance(said[0], str)
        }
        outcome = Enum("Outcome", {word: word for word in table.outcomes})

        def add(name: str, **more: Any) -> None:
            fixed = {"entity": person, "definition_period": MONTH, "label": name}
            self.system.add_variable(type(name, (Variable,), fixed | more))

        def enum(of: Any) -> dict[str, Any]:
            return {"value_type": Enum, "possible_values": of, "default_value": next(iter(of))}

        for field, said in table.answers.items():
            kind = enum(self.enums[field]) if field in self.enums else {"value_type": type(said[0])}
            add(field, **kind)

        def mask(values: Columns, leaf: Condition) -> Column:
            assert leaf.fact is not None
            column, names = values[leaf.fact], self.enums.get(leaf.fact)
            if leaf.below is not None:
                return column < leaf.below
            if leaf.at_least is not None:
                return column >= leaf.at_least
            wanted = leaf.one_of or (leaf.is_,)
            same = [column == (names[word] if names else word) for word in wanted]
            either: Column = np.logical_or.reduce(same)
            return either

        def formula(population: Any, period: Any) -> Column:
            values = {field: population(field, period) for field in self.fields}
            met = []
            for rule in table.rules:
                every = np.ones(population.count, bool)
                for leaf in leaves_of(rule.when):
                    every &= mask(values, leaf)
                met.append(every)
            return np.select(met, range(len(met)))

        add("outcome", **enum(outcome), formula=formula)

    def encode(self, columns: Columns) -> Columns:
        return {
            field: self.enums[field].encode(column) if field in self.enums else column
            for field, column in columns.items()
        }

    def answers(self, columns: Columns) -> Column:
        from openfisca_core.simulation_builder import SimulationBuilder

        count = len(next(iter(columns.values())))
        simulation = SimulationBuilder().build_default_simulation(self.system, count=count)
        for field, column in columns.items():
            simulation.set_input(field, self.MONTH, column)
        answer: Column = simulation.calculate("outcome", self.MONTH).decode_to_str()
        return answer
