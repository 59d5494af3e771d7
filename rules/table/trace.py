"""What a part of the evaluation reads, found by watching it read.

A `Unit` is a part of the evaluation (a fact, a condition, the candidates of a policy, a way to
pay). It is evaluated on one row by the one evaluator, through facts that note down every answer
that is looked at. Rows that give the same answers to the same looks, in the same order, share
the outcome: what was not looked at cannot matter. The looks make a tree that rows walk down.

A number is looked at by its comparisons ("at least 18"), not by its value, so that all ages on
one side of a limit go the same way. Anything else done with a number counts as a look at it.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt

from rules.case import Case
from rules.engine.policies import Ruled
from rules.facts.context import Facts
from rules.logic import Span, Test
from rules.schema.policies import TrialStandard

from .outcome import token

if TYPE_CHECKING:
    from .units import Units

Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
WITHHELD = "withheld"  # stands for the treatment where a part must not look at it
FEW = 8  # rows that walk down one by one
OFTEN = 24  # times in one batch

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class Space:
    """The rows of one batch: the people, or the covers of these people (`up` gives the person)."""

    def __init__(self, name: str, up: Rows | None = None) -> None:
        self.name = name
        self.size = 0
        self.batch = 0
        self.up = up

    def renew(self, size: int, up: Rows | None = None) -> None:
        self.size = size
        self.up = up
        self.batch += 1


class Column:
    """Something that every row of a space has, as small whole numbers that stand for values."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.values: list[Any] = []
        self._code_of: dict[Hashable, int] = {}
        self._now: Codes | None = None
        self._batch = -1
        self._views: dict[Hashable, View] = {}

    @property
    def now(self) -> Codes:
        """The codes of the rows of this batch; -1 where a row's is not known yet."""
        if self._now is None or self._batch != self.space.batch:
            self._now = np.full(self.space.size, -1, dtype=np.int32)
            self._batch = self.space.batch
        return self._now

    def put(self, codes: Codes) -> None:
        self._now, self._batch = codes, self.space.batch

    def intern(self, token: Hashable, value: Any) -> int:
        code = self._code_of.get(token)
        if code is None:
            code = self._code_of[token] = len(self.values)
            self.values.append(value)
        return code

    def codes(self, rows: Rows) -> Codes:
        return self.now[rows]

    def code_at(self, row: int) -> int:
        return int(self.now[row])

    def bare(self, code: int) -> Any:
        """The plain value that a code stands for."""
        return self.values[code]

    def view(self, key: Hashable, how: Callable[[int], Hashable] | None = None) -> View:
        """A way of looking at this column; `how` tells what a look at a code sees."""
        found = self._views.get(key)
        if found is None:
            found = self._views[key] = View(self, how)
        return found

    @property
    def whole(self) -> View:
        """The look that tells all values apart."""
        return self.view("whole")


class Field(Column):
    """An answer of the table."""


class View:
    """One way of looking at a column: which of its values it tells apart."""

    def __init__(self, column: Column, how: Callable[[int], Hashable] | None) -> None:
        self.column = column
        self.how = how
        self._seen: dict[Hashable, int] = {}
        self._table: list[int] = []
        self._array: Codes = np.zeros(0, dtype=np.int32)

    def _grow(self) -> None:
        assert self.how is not None
        for code in range(len(self._table), len(self.column.values)):
            self._table.append(self._seen.setdefault(self.how(code), len(self._seen)))

    def small(self, code: int) -> int:
        if self.how is None:
            return code
        if code >= len(self._table):
            self._grow()
        return self._table[code]

    def codes(self, rows: Rows) -> Codes:
        codes = self.column.codes(rows)
        if self.how is None:
            return codes
        if len(self._array) < len(self.column.values):
            self._grow()
            self._array = np.array(self._table, dtype=np.int32)
        return self._array[codes]


class Node:
    """A look, and where each thing that it may see leads: a further look, or an outcome (int)."""

    __slots__ = ("_leaves", "kids", "lift", "view")

    def __init__(self, view: View, lift: bool) -> None:
        self.view = view
        self.lift = lift
        self.kids: dict[int, Node | int] = {}
        self._leaves: Codes = np.full(4, -1, dtype=np.int32)

    def add(self, small: int, kid: Node | int) -> None:
        self.kids[small] = kid
        if isinstance(kid, int):
            self._fit(small)
            self._leaves[small] = kid

    def _fit(self, small: int) -> None:
        if small >= len(self._leaves):
            wider = np.full(2 * small + 2, -1, dtype=np.int32)
            wider[: len(self._leaves)] = self._leaves
            self._leaves = wider

    def outcomes(self, small: Codes) -> Codes:
        """The outcome for each thing seen; -1 where the way goes on or is not known."""
        self._fit(int(small.max()))
        return self._leaves[small]


class Unit(Column):
    """A part of the evaluation, evaluated once for all rows that look the same to it."""

    def __init__(
        self,
        units: Units,
        space: Space,
        function: Callable[[Watched], Any],
        told: Callable[[Any], tuple[Hashable, Any]],
        treatment: str | None = None,
        blocks: bool = True,
        keeps: bool = False,
    ) -> None:
        super().__init__(space)
        self.units = units
        self.function = function
        self.told = told
        self.treatment = treatment
        self.blocks = blocks
        self.keeps = keeps  # whether several others ask for it, so that a batch's codes are kept
        self._asked = 0
        self._asked_in = -1
        self.root: Node | int | None = None
        self.evaluations = 0

    def codes(self, rows: Rows) -> Codes:
        if not self.keeps and not self._asked_often():
            return self._resolve(rows)
        now = self.now
        found = now[rows]
        if len(found) and found.min() < 0:
            todo = rows[found < 0]
            now[todo] = self._resolve(todo)
            found = now[rows]
        return found

    def _asked_often(self) -> bool:
        """Whether so many ask for this part that what they are told is worth keeping."""
        if self._asked_in != self.space.batch:
            self._asked_in, self._asked = self.space.batch, 0
        self._asked += 1
        return self._asked > OFTEN

    def code_at(self, row: int) -> int:
        if not self.keeps:
            return self._walk(row)
        code = int(self.now[row])
        if code < 0:
            code = self._walk(row)
            self.now[row] = code
        return code

    def _resolve(self, rows: Rows) -> Codes:
        """Take rows down the tree together, evaluating where the tree ends before an outcome."""
        up = self.space.up
        found = np.empty(len(rows), dtype=np.int32)
        if not len(rows):
            return found
        if self.root is None:
            self._learn(int(rows[0]))
        assert self.root is not None
        at = np.arange(len(rows))
        stack: list[tuple[Node | int, Rows]] = [(self.root, at)]
        while stack:
            node, at = stack.pop()
            if isinstance(node, int):
                found[at] = node
                continue
            if len(at) <= FEW:
                for i in at.tolist():
                    found[i] = self._walk(int(rows[i]), node)
                continue
            here = rows[at]
            seen = node.view.codes(up[here] if node.lift and up is not None else here)
            outcomes = node.outcomes(seen)
            settled = outcomes >= 0
            if settled.any():
                found[at[settled]] = outcomes[settled]
                at, seen = at[~settled], seen[~settled]
            for small, part in _parts(at, seen):
                kid = node.kids.get(small)
                if kid is None:
                    self._learn(int(rows[part[0]]))
                    kid = node.kids[small]
                stack.append((kid, part))
        return found

    def _walk(self, row: int, node: Node | int | None = None) -> int:
        up = self.space.up
        node = self.root if node is None else node
        while node.__class__ is Node:
            assert isinstance(node, Node)
            place = int(up[row]) if node.lift and up is not None else row
            kid = node.kids.get(node.view.small(node.view.column.code_at(place)))
            if kid is None:
                return self._learn(row)
            node = kid
        return node if isinstance(node, int) else self._learn(row)

    def _learn(self, row: int) -> int:
        """Evaluate one row and add its looks to the tree."""
        self.evaluations += 1
        facts = Watched(self.units, self.space, row, self.treatment, Log(), self.blocks)
        what, value = self.told(self.function(facts))
        code = self.intern(what, value)
        parent: Node | None = None
        before = -1
        node: Node | int | None = self.root
        for view, lift, small in facts.log.looks:
            if node is None:
                node = Node(view, lift)
                self._hang(parent, before, node)
            assert isinstance(node, Node)
            assert node.view is view, "an evaluation looked at other things than before"
            parent, before = node, small
            node = node.kids.get(small)
        if node is None:
            self._hang(parent, before, code)
        return code

    def _hang(self, parent: Node | None, small: int, kid: Node | int) -> None:
        if parent is None:
            self.root = kid
        else:
            parent.add(small, kid)


def _parts(rows: Rows, seen: Codes) -> Iterable[tuple[int, Rows]]:
    """Rows by what they see."""
    if not len(rows):
        return
    order = np.argsort(seen, kind="stable")
    seen = seen[order]
    cuts = np.flatnonzero(seen[1:] != seen[:-1])
    if not len(cuts):
        yield int(seen[0]), rows
        return
    rows = rows[order]
    start = 0
    for end in cuts.tolist():
        yield int(seen[end]), rows[start : end + 1]
        start = end + 1
    yield int(seen[-1]), rows[start:]


class Log:
    """The looks of one evaluation, each once, in order."""

    __slots__ = ("_done", "looks")

    def __init__(self) -> None:
        self.looks: list[tuple[View, bool, int]] = []
        self._done: set[tuple[int, bool]] = set()

    def look(self, view: View, lift: bool, code: int) -> None:
        key = (id(view), lift)
        if key not in self._done:
            self._done.add(key)
            self.looks.append((view, lift, view.small(code)))


# --- what the evaluator holds in its hands while it is watched -------------------------------------


class Look:
    """A value that notes what is done with it."""

    __slots__ = ("code", "column", "lift", "log", "part")

    def __init__(self, log: Log, column: Column, lift: bool, code: int, part: str = "") -> None:
        self.log = log
        self.column = column
        self.lift = lift
        self.code = code
        self.part = part  # of a span: low or high

    def _peek(self, code: int) -> Any:
        value = self.column.bare(code)
        return getattr(value, self.part, None) if self.part else value

    def raw(self) -> Any:
        """The value itself: a look that tells all values apart."""
        view = self.column.view(("raw", self.part), lambda c: _exact(self._peek(c)))
        self.log.look(view, self.lift, self.code)
        return self._peek(self.code)

    def __hash__(self) -> int:
        return hash(self.raw())

    def __str__(self) -> str:
        return str(self.raw())

    def __format__(self, spec: str) -> str:
        return format(self.raw(), spec)


class Word(Look):
    """A text of which there may be very many (the name of a payer). It is never empty."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return bool(self.raw() == plain_value(other))

    def __hash__(self) -> int:
        return hash(self.raw())

    def known_in(self, names: Any) -> Any:
        """The entry under this text, or None: a look that tells only the known texts apart."""
        view = self.column.view(
            ("known", id(names)), lambda c: self._peek(c) if self._peek(c) in names else None
        )
        self.log.look(view, self.lift, self.code)
        return names.get(self._peek(self.code))


class Number(Look):
    """A number that is only compared, as far as the rules can tell."""

    __slots__ = ()

    def _compare(self, sign: str, other: Any) -> bool:
        if isinstance(other, Look):
            return bool(OPERATORS[sign](self.raw(), other.raw()))
        test = OPERATORS[sign]

        def how(code: int) -> Hashable:
            value = self._peek(code)
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            return test(value, other) if number else None

        view = self.column.view((self.part, sign, other.__class__, other), how)
        self.log.look(view, self.lift, self.code)
        return bool(test(self._peek(self.code), other))

    def __lt__(self, other: Any) -> bool:
        return self._compare("<", other)

    def __le__(self, other: Any) -> bool:
        return self._compare("<=", other)

    def __gt__(self, other: Any) -> bool:
        return self._compare(">", other)

    def __ge__(self, other: Any) -> bool:
        return self._compare(">=", other)

    def __eq__(self, other: object) -> bool:
        return self._compare("==", other) if isinstance(other, (int, float, Look)) else False

    def __ne__(self, other: object) -> bool:
        return self._compare("!=", other) if isinstance(other, (int, float, Look)) else True

    def __hash__(self) -> int:
        return hash(self.raw())

    def __bool__(self) -> bool:
        return self._compare("!=", 0)

    def __float__(self) -> float:
        return float(self.raw())

    def __int__(self) -> int:
        return int(self.raw())

    def __add__(self, other: Any) -> Any:
        return self.raw() + plain_value(other)

    def __radd__(self, other: Any) -> Any:
        return plain_value(other) + self.raw()

    def __sub__(self, other: Any) -> Any:
        return self.raw() - plain_value(other)

    def __rsub__(self, other: Any) -> Any:
        return plain_value(other) - self.raw()

    def __mul__(self, other: Any) -> Any:
        return self.raw() * plain_value(other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self.raw() / plain_value(other)

    def __rtruediv__(self, other: Any) -> Any:
        return plain_value(other) / self.raw()


class Day(Look):
    """A date: that it was given is one look, which day it is another."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw(), name)

    def __bool__(self) -> bool:
        return True

    def __lt__(self, other: Any) -> bool:
        return bool(self.raw() < plain_value(other))

    def __le__(self, other: Any) -> bool:
        return bool(self.raw() <= plain_value(other))

    def __gt__(self, other: Any) -> bool:
        return bool(self.raw() > plain_value(other))

    def __ge__(self, other: Any) -> bool:
        return bool(self.raw() >= plain_value(other))

    def __eq__(self, other: object) -> bool:
        return bool(self.raw() == plain_value(other))

    def __hash__(self) -> int:
        return hash(self.raw())

    def __add__(self, other: Any) -> Any:
        return self.raw() + other

    def __sub__(self, other: Any) -> Any:
        return self.raw() - plain_value(other)

    def __rsub__(self, other: Any) -> Any:
        return plain_value(other) - self.raw()


class OwnIndex(Look):
    """The position of the cover seen. In the name of a field it is written `*`."""

    __slots__ = ()

    def __index__(self) -> int:
        return int(self.raw())

    def __eq__(self, other: object) -> bool:
        return bool(self.raw() == plain_value(other))

    def __hash__(self) -> int:
        return hash(self.raw())

    def __str__(self) -> str:
        return "*"

    def __format__(self, spec: str) -> str:
        return "*"


def plain_value(value: Any) -> Any:
    """A value out of the hands of the watched evaluator: taking it out is a look at all of it."""
    if isinstance(value, Look):
        return value.raw()
    if value.__class__ is Span:
        return Span(plain_value(value.low), plain_value(value.high))
    return value


def _exact(value: Any) -> Hashable:
    return (value.__class__, value)


def _shape(value: Any) -> Hashable:
    """What a first look at a value sees: of a number, only that it is one."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number"
    if value.__class__ in (Span, dt.date):
        return value.__class__.__name__
    return _exact(value)


def held(log: Log, column: Column, lift: bool, code: int, wide: bool = False) -> Any:
    """The value of a code as the watched evaluator is given it."""
    value = column.bare(code)
    if wide:
        log.look(column.view("given", lambda c: column.bare(c) is not None), lift, code)
        return None if value is None else Word(log, column, lift, code)
    log.look(column.view("shape", lambda c: _shape(column.bare(c))), lift, code)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Number(log, column, lift, code)
    if value.__class__ is dt.date:
        return Day(log, column, lift, code)
    if value.__class__ is Span:
        low, high = (Number(log, column, lift, code, part) for part in ("low", "high"))
        return Span(low, high)  # type: ignore[arg-type]
    return value


WIDE_FACTS = frozenset({"payer"})
WIDE_FIELDS = frozenset({"payer"})


class WatchedReading:
    """The reading of a fact; its value and what is missing are looked at when they are asked for."""

    __slots__ = ("_code", "_column", "_facts", "_lift", "_wide")

    def __init__(self, facts: Watched, column: Column, lift: bool, code: int, wide: bool) -> None:
        self._facts = facts
        self._column = column
        self._lift = lift
        self._code = code
        self._wide = wide

    @property
    def value(self) -> Any:
        return held(self._facts.log, self._column, self._lift, self._code, self._wide)

    @property
    def missing(self) -> tuple[str, ...]:
        column = self._column
        view = column.view("missing", lambda c: column.values[c][1])
        self._facts.log.look(view, self._lift, self._code)
        found: tuple[str, ...] = column.values[self._code][1]
        return found

    @property
    def because(self) -> tuple[str, ...]:
        return ()  # which answers a fact rests on is told to a reader; nothing follows from it


class Watched(Facts):
    """The facts of one row, noting every look. The evaluator cannot tell them from others."""

    def __init__(
        self,
        units: Units,
        space: Space,
        row: int,
        treatment: str | None,
        log: Log,
        blocks: bool,
    ) -> None:
        dict.__init__(self)
        self.units = units
        self.space = space
        self.row = row
        self.treatment = treatment
        self.log = log
        self.blocks = blocks
        self.done = {}
        self.today = units.today
        self.case = WatchedCase(self)  # type: ignore[assignment]
        self.book = WatchedBook(self)  # type: ignore[assignment]
        of_cover = space is units.covers
        self.index = self.own_index() if of_cover else None  # type: ignore[assignment]

    def own_index(self) -> OwnIndex:
        column = self.units.position
        return OwnIndex(self.log, column, False, column.code_at(self.row))

    def place(self, column: Column) -> tuple[bool, int]:
        """Whether a column is one level up (of the person, seen from a cover), and its row."""
        lift = column.space is not self.space
        assert not lift or self.space.up is not None
        return lift, int(
            self.space.up[self.row]
        ) if lift and self.space.up is not None else self.row

    @property
    def parent(self) -> Facts | None:  # type: ignore[override]
        """The same view without a treatment."""
        return None if self.treatment is None else self.seen_from(self.index, None)

    @property
    def coverage(self) -> Any:
        return None if self.index is None else WatchedCover(self, None)

    def seen_from(self, coverage: Any, treatment: str | None = None) -> Facts:
        if (coverage is None) != (self.index is None):
            raise TypeError("a watched view does not change from a person to a cover")
        return Watched(self.units, self.space, self.row, treatment, self.log, self.blocks)

    def with_answers(self, changed: dict[Any, Any]) -> NoReturn:
        raise TypeError("a watched view cannot be changed")

    def __getitem__(self, key: Any) -> Any:
        return self.read(key).value

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key]

    def read(self, key: Any) -> Any:
        column = self.units.fact(key, self.space, self.treatment)
        lift, row = self.place(column)
        wide = key.__class__ is str and key in WIDE_FACTS
        return WatchedReading(self, column, lift, column.code_at(row), wide)

    def watch(self, function: Callable[..., Any], rest: tuple[Any, ...]) -> Any:
        """The outcome of a part of the evaluation, shared among the rows that look the same to it."""
        column = self.units.part(function, rest, self.space, self.treatment)
        code = column.code_at(self.row)
        if column.values[code].__class__ is Ruled:
            return WatchedRuled(self.log, column, code)
        self.log.look(self.units.coarse(column), False, code)
        return column.values[code]

    def answer(self, place: str, slot: int | None = None) -> Any:
        """The answer at a place of the case; None where the table has no such column."""
        column = self.units.field(place, slot, self.space)
        if column is None:
            return None
        lift, row = self.place(column)
        wide = place.rpartition(".")[2] in WIDE_FIELDS
        return held(self.log, column, lift, column.code_at(row), wide)


class WatchedCase:
    """The case of a row."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Watched) -> None:
        self._facts = facts

    def __getattr__(self, name: str) -> Any:
        facts = self._facts
        if name == "coverages":
            count = facts.answer("coverages")
            number = plain_value(count)
            return None if number is None else tuple(WatchedCover(facts, i) for i in range(number))
        if name == "severity":
            scales = facts.answer("severity")
            return None if scales is None else tuple(WatchedScore(facts, s) for s in scales)
        if name in facts.units.parts:
            return WatchedPart(facts, name) if facts.answer(name) else None
        if name not in Case.model_fields:
            raise AttributeError(name)
        return facts.answer(name)


class WatchedPart:
    """A part of the case: the denial, the money …"""

    __slots__ = ("_facts", "_part")

    def __init__(self, facts: Watched, part: str) -> None:
        self._facts = facts
        self._part = part

    def __getattr__(self, name: str) -> Any:
        if name not in self._facts.units.parts[self._part].model_fields:
            raise AttributeError(name)
        return self._facts.answer(f"{self._part}.{name}")


class WatchedCover:
    """One cover: the one seen (`slot` None), or one by its position."""

    __slots__ = ("_facts", "_slot")

    def __init__(self, facts: Watched, slot: int | None) -> None:
        self._facts = facts
        self._slot = slot

    def __getattr__(self, name: str) -> Any:
        if name not in self._facts.units.cover_model.model_fields:
            raise AttributeError(name)
        return self._facts.answer(f"coverages[].{name}", self._slot)


class WatchedScore:
    """A severity score. A table gives no dates of scores."""

    __slots__ = ("_facts", "scale")
    date = None

    def __init__(self, facts: Watched, scale: str) -> None:
        self._facts = facts
        self.scale = scale

    @property
    def score(self) -> Any:
        return self._facts.answer(f"severity.{self.scale}")


class WatchedRuled:
    """What rules say, asked route by route: each question is a look of its own."""

    __slots__ = ("_code", "_column", "_log")

    def __init__(self, log: Log, column: Column, code: int) -> None:
        self._log = log
        self._column = column
        self._code = code

    def _ask(self, question: str, key: Hashable, *rest: Any) -> Any:
        column = self._column

        def how(code: int) -> Hashable:
            return token(getattr(column.values[code], question)(*rest))

        self._log.look(column.view((question, key), how), False, self._code)
        return getattr(column.values[self._code], question)(*rest)

    def of(self, route: str) -> Any:
        return self._ask("of", route, route)

    def best(self) -> Any:
        return self._ask("best", None)

    def positions(self) -> Any:
        return self._ask("positions", None)

    def best_covered(self, program: Any) -> Any:
        return self._ask("best_covered", id(program), program)


class WatchedPayers:
    """The payers of the rule book, asked by a watched name."""

    __slots__ = ("_payers",)

    def __init__(self, payers: dict[str, Any]) -> None:
        self._payers = payers

    def get(self, name: Any) -> Any:
        return name.known_in(self._payers) if isinstance(name, Word) else self._payers.get(name)


class WatchedBook:
    """The rule book, whose conditions are evaluated once for all rows that look the same to them."""

    __slots__ = ("_book", "_facts")

    def __init__(self, facts: Watched) -> None:
        self._facts = facts
        self._book = facts.units.book

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)

    @property
    def payers(self) -> WatchedPayers:
        return WatchedPayers(self._book.payers)

    def payer_id(self, text: Any) -> str:
        return self._book.payer_id(plain_value(text))

    def programs_of(self, facts: Any) -> Any:
        return type(self._book).programs_of(self, facts)  # type: ignore[arg-type]

    def test(self, condition: Any, key_of: Any = str, trial: TrialStandard | None = None) -> Test:
        units = self._facts.units

        def test(facts: Any) -> Any:
            column = units.condition(condition, key_of, trial, facts.space, facts.treatment)
            lift, row = facts.place(column)
            code = column.code_at(row)
            block = units.block(condition, key_of, trial, facts) if facts.blocks else None
            if block is None:
                facts.log.look(column.whole, lift, code)
            else:
                lift, row = facts.place(block)
                facts.log.look(block.whole, lift, block.code_at(row))
            return column.values[code]

        return test


class FactUnit(Unit):
    """A fact; its values are the fact's value with the answers that would settle it."""

    def bare(self, code: int) -> Any:
        return self.values[code][0]


def bare_reading(reading: Any) -> tuple[Hashable, tuple[Any, tuple[str, ...]]]:
    """Token and value of a fact's reading."""
    value, missing = plain_value(reading.value), tuple(reading.missing)
    return (value.__class__, _span_classes(value), value, missing), (value, missing)


def _span_classes(value: Any) -> Hashable:
    return (value.low.__class__, value.high.__class__) if value.__class__ is Span else None


__all__ = [
    "Codes", "Column", "Field", "Log", "Look", "Number", "Rows", "Space", "Unit", "View",
    "Watched", "bare_reading", "plain_value",
]  # fmt: skip
