"""Numbers of records that slip: one digit more or less, two that change places, a half more, one more.

A slip is told where the second copy of the numbers (`tests/numbers/`) differs, where `rules check`
finds a fault, or where an example fails; who told it is counted.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

SECOND_COPY = "tests/test_numbers.py"
A_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Slip(NamedTuple):
    """One number of a record as it stands, and as somebody may mistype it."""

    path: Path
    line: int
    start: int
    end: int
    old: str
    new: str


def slips(records: Path, seed: int) -> Iterator[Slip]:
    """Slips of numbers in an order that the seed gives."""
    found: list[tuple[Path, yaml.ScalarNode]] = []
    for path in sorted(records.rglob("*.yaml")):
        if "sources" not in path.relative_to(records).parts:
            found.extend((path, node) for node in _numbers(yaml.compose(path.read_text("utf-8"))))
    dice = random.Random(seed)
    dice.shuffle(found)
    for path, node in found:
        old = node.value
        new = dice.choice([*_mistyped(old)])
        start, end = node.start_mark, node.end_mark
        yield Slip(path, start.line, start.column, end.column, old, new)


def _numbers(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _numbers(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _numbers(value)
    elif isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float")):
        if A_NUMBER.fullmatch(node.value):
            yield node


def _mistyped(old: str) -> Iterator[str]:
    whole, dot, rest = old.partition(".")
    number = int(whole)
    yield f"{number + 1}{dot}{rest}"
    yield f"{number + number // 2 or number + 2}{dot}{rest}"
    if number:
        yield f"{number}0{dot}{rest}"
    if len(whole) > 1 and whole[-1] != whole[-2]:
        yield f"{whole[:-2]}{whole[-1]}{whole[-2]}{dot}{rest}"


def run(copy: Path, wanted: int, seed: int, tests: Sequence[str], second_copy: bool = True) -> None:
    """Try slips one at a time in a copy of the project, and tell what told them."""
    told: Counter[str] = Counter()
    survivors: list[Slip] = []
    for slip, _ in zip(slips(copy / "rules" / "records", seed), range(wanted), strict=False):
        text = slip.path.read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        line = lines[slip.line]
        lines[slip.line] = line[: slip.start] + slip.new + line[slip.end :]
        slip.path.write_text("".join(lines), encoding="utf-8")
        by = _told_by(copy, tests, second_copy)
        slip.path.write_text(text, encoding="utf-8")
        told[by] += 1
        if by == "nobody":
            survivors.append(slip)
        print(f"{by:12} {_place(copy, slip)}", file=sys.stderr, flush=True)
    print(f"\n| records | slips told | {' | '.join(told)} |")
    print(f"|---|---|{'---|' * len(told)}")
    killed = sum(told.values()) - told["nobody"]
    print(f"| seed {seed} | {killed} of {wanted} | {' | '.join(str(n) for n in told.values())} |")
    for slip in survivors:
        print(f"- nobody told {_place(copy, slip)}")


def _place(copy: Path, slip: Slip) -> str:
    return f"{slip.path.relative_to(copy)}:{slip.line + 1}: {slip.old} as {slip.new}"


def _told_by(copy: Path, tests: Sequence[str], second_copy: bool) -> str:
    pytest = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    ways = [("rules check", ("-m", "rules", "check")), ("examples", (*pytest, *tests))]
    if second_copy:
        ways.insert(0, ("second copy", (*pytest, SECOND_COPY)))
    for who, command in ways:
        done = subprocess.run(
            [sys.executable, *command], cwd=copy, capture_output=True, check=False
        )
        if done.returncode:
            return who
    return "nobody"
