"""The rules of the house, read from the source: who imports whom, and how long things are.

Nothing is run. An import inside a function counts like any other: hidden there it is a tie all the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

MOST_LINES_OF_A_FILE = 500
MOST_LINES_OF_A_FUNCTION = 40


class Tie(NamedTuple):
    """One import: which module imports which, and on which line."""

    of: str
    on: str
    line: int


class House(NamedTuple):
    """The modules of some packages by dotted name, and their ties."""

    root: Path
    files: Mapping[str, Path]
    ties: tuple[Tie, ...]

    def within(self) -> Iterator[Tie]:
        """The ties between modules of the house."""
        return (t for t in self.ties if t.on in self.files and t.on != t.of)

    def place(self, name: str) -> str:
        return self.files[name].relative_to(self.root).as_posix()


def read_house(root: Path, packages: Sequence[str] = ("rules", "wizard")) -> House:
    files = {
        ".".join(p.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): p
        for package in packages
        for p in sorted((root / package).rglob("*.py"))
    }
    ties = tuple(t for name, path in files.items() for t in _ties(name, path, files))
    return House(root, files, ties)


def _ties(name: str, path: Path, files: Mapping[str, Path]) -> Iterator[Tie]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Tie(name, a.name, node.lineno) for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, package)
            for alias in node.names:
                inner = f"{base}.{alias.name}" if base else alias.name
                yield Tie(name, inner if inner in files else base, node.lineno)


def _base(node: ast.ImportFrom, package: str) -> str:
    """The module that an import names, the dots before it resolved."""
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


# --- circles ----------------------------------------------------------------------------------


def circles(house: House) -> list[str]:
    """The groups of modules that reach each other, each as one line."""
    to: dict[str, set[str]] = {name: set() for name in house.files}
    for tie in house.within():
        to[tie.of].add(tie.on)
    reach = {name: _reached(name, to) for name in to}
    groups = {
        tuple(sorted({name, *(o for o in reach[name] if name in reach[o])}))
        for name in to
        if name in reach[name]
    }
    return [" <-> ".join(group) for group in sorted(groups)]


def _reached(start: str, to: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    open_ones = list(to[start])
    while open_ones:
        name = open_ones.pop()
        if name not in found:
            found.add(name)
            open_ones.extend(to[name])
    return found


# --- who may import whom ----------------------------------------------------------------------


def imports_of(house: House, package: str, forbidden: Sequence[str]) -> list[str]:
    """Where modules of a package import one of the forbidden packages."""
    return [
        f"{house.place(t.of)}:{t.line}: imports {t.on}"
        for t in house.ties
        if _top(t.of) == package and _top(t.on) in forbidden
    ]


def drawing_elsewhere(house: House, package: str, may: Sequence[str], library: str) -> list[str]:
    """Where a file imports the library for screens though its name is not one that may."""
    return [
        f"{house.place(t.of)}:{t.line}: imports {t.on}"
        for t in house.ties
        if _top(t.of) == package and _top(t.on) == library
        if not any(fnmatchcase(house.place(t.of), f"{package}/{pattern}") for pattern in may)
    ]


def climbs(house: House, package: str, stages: Sequence[str]) -> list[str]:
    """Where a stage imports one above it, or one beside it on the same line.

    `stages` go from below to above; each line names the modules or packages of one stage. A module
    that no line names, and a name that no module has, are faults too.
    """
    level = {name: i for i, line in enumerate(stages) for name in line.split()}
    own = {name: _stage(name, package) for name in house.files if _top(name) == package}
    missing = [f"{s}: no stage has a place for it" for s in sorted({*own.values()} - level.keys())]
    stale = [f"{s}: a stage that is not there" for s in level if s not in own.values()]
    upward = [
        f"{house.place(t.of)}:{t.line}: {own[t.of]} imports {own[t.on]}"
        for t in house.within()
        if t.of in own and t.on in own and own[t.of] != own[t.on]
        if level.get(own[t.on], -1) >= level.get(own[t.of], len(stages))
    ]
    return [*missing, *stale, *upward]


def _top(name: str) -> str:
    return name.partition(".")[0]


def _stage(name: str, package: str) -> str:
    """`engine` of `rules.engine.paths`; the package's own `__init__` is a stage as well."""
    return name.removeprefix(package).lstrip(".").partition(".")[0] or "__init__"


# --- how long things are ----------------------------------------------------------------------


def long_files(house: House, most: int = MOST_LINES_OF_A_FILE) -> list[str]:
    lengths = {n: p.read_text(encoding="utf-8").count("\n") for n, p in house.files.items()}
    return [f"{house.place(n)}: {count} lines" for n, count in lengths.items() if count > most]


def long_functions(
    house: House, reasons: Mapping[str, str], most: int = MOST_LINES_OF_A_FUNCTION
) -> list[str]:
    """Functions that are too long without a reason, and reasons that nothing needs any more."""
    found = {
        f"{name}.{function.name}": f"{house.place(name)}:{function.lineno}"
        for name, path in house.files.items()
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        if (function.end_lineno or 0) - function.lineno + 1 > most
    }
    without = [
        f"{place}: {name} is too long" for name, place in found.items() if name not in reasons
    ]
    idle = [
        f"{name}: is not too long, so it needs no reason" for name in reasons if name not in found
    ]
    return [*without, *idle]
