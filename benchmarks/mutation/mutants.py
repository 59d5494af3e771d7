"""The small faults that may be put into a file of Python: `mutmut`'s operators, and two of our own.

`mutmut` itself runs every mutant of a function against every test that enters the function. Here a
mutant is drawn by seed and meets only the tests that run its very line, so only its operators are
used. What it leaves alone is left alone here as well: annotations, decorators, docstrings.
"""

from __future__ import annotations

import difflib
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

# A call that means the same, or nothing, when its arguments change.
LEFT_ALONE = frozenset({"len", "isinstance", "cast", "TypeVar", "NewType"})
SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    """One fault: the file, the line that changes, and the whole text with it."""

    file: str
    line: int
    lines: tuple[int, ...]  # those of its statement
    text: str

    def diff(self, original: str) -> str:
        both = (original.splitlines(), self.text.splitlines())
        lines = [*difflib.unified_diff(*both, lineterm="", n=0)][3:]
        return f"{self.file}:{self.line}\n" + "\n".join(f"    {line}" for line in lines)


def _swapped_names(node: cst.Call) -> Iterable[cst.Call]:
    if isinstance(node.func, cst.Name) and node.func.value in SWAPPED:
        yield node.with_changes(func=cst.Name(SWAPPED[node.func.value]))


def _other_end(node: cst.Call) -> Iterable[cst.Call]:
    """`sorted(…)` the other way round."""
    if isinstance(node.func, cst.Name) and node.func.value == "sorted":
        back = cst.Arg(keyword=cst.Name("reverse"), value=cst.Name("True"))
        if not any(a.keyword and a.keyword.value == "reverse" for a in node.args):
            yield node.with_changes(args=[*node.args, back])


OPERATORS: tuple[tuple[type, Callable[[Any], Iterable[cst.CSTNode]]], ...] = (
    *mutation_operators,
    (cst.Call, _swapped_names),
    (cst.Call, _other_end),
)


@dataclass(frozen=True)
class _Place:
    """What may be changed into what."""

    old: cst.CSTNode
    new: cst.CSTNode
    line: int
    lines: tuple[int, ...]


class _Places(cst.CSTVisitor):
    """All places of a file at which something may be changed."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Place] = []
        self.depth = 0
        self.statement: tuple[int, ...] = ()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
            return False
        if isinstance(node, cst.ClassDef | cst.SimpleStatementLine) and self._no_behavior(node):
            return False
        if isinstance(node, cst.Call) and _called(node) in LEFT_ALONE:
            return False
        if isinstance(node, cst.FunctionDef):
            self.depth += 1
        place = self.get_metadata(PositionProvider, node, None)
        if place is not None:
            if isinstance(node, cst.BaseSmallStatement | cst.BaseCompoundStatement):
                last = (
                    place.end.line if isinstance(node, cst.BaseSmallStatement) else place.start.line
                )
                self.statement = tuple(range(place.start.line, last + 1))
            self._changes(node, place.start.line)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef):
            self.depth -= 1

    def _no_behavior(self, node: cst.ClassDef | cst.SimpleStatementLine) -> bool:
        """Class bodies (but for their methods) are types; a text alone is a docstring."""
        if isinstance(node, cst.ClassDef):
            return False
        first = node.body[0]
        if isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString):
            return True
        return self.depth == 0 and not isinstance(first, cst.Assign)

    def _changes(self, node: cst.CSTNode, line: int) -> None:
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                news = [*operator(node)]
                if isinstance(node, cst.SimpleString):
                    news = news[:1]  # a text in capitals is told by what tells another text
                self.found.extend(_Place(node, new, line, self.statement) for new in news)


def _called(node: cst.Call) -> str:
    return node.func.value if isinstance(node.func, cst.Name) else ""


def drawn(root: Path, files: Sequence[str], seed: int) -> Iterator[Mutant]:
    """Mutants of some files, in an order that the seed gives, without end to the kinds."""
    modules: dict[str, cst.Module] = {}
    places: list[tuple[str, _Place]] = []
    for file in files:
        wrapper = MetadataWrapper(cst.parse_module((root / file).read_text(encoding="utf-8")))
        visitor = _Places()
        wrapper.visit(visitor)
        modules[file] = wrapper.module
        places.extend((file, place) for place in visitor.found)
    random.Random(seed).shuffle(places)
    for file, place in places:
        text = modules[file].deep_replace(place.old, place.new).code
        if text != modules[file].code:
            yield Mutant(file, place.line, place.lines, text)
