"""What a row of a table costs: `python -m rules screen`, CSV to CSV, against pandas (`floor.py`).

Whole processes, starting included, at three sizes and those asked for (`--rows 100000`): time on
the wall and processor time, that of the processes that a large table is given to counted in. pandas
reads the same table and writes as many rows and columns. Peak memory is that of the largest process.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .measure import ROOT, Measured, Row

SIZES = (300, 3_000, 30_000)
USUAL = 10_000  # rows from which a row costs what it costs in a larger table
LARGE = 100_000  # rows from which one round tells enough
PATIENCE = 3.0  # seconds
ROUNDS = 3
SEED = 24
TODAY = "2026-11-24"
PEER = "pandas reads and writes"
HERE = Path(__file__).parent


class Run(NamedTuple):
    wall: float  # seconds
    busy: float  # seconds of all processors
    peak: float  # bytes


class Size(NamedTuple):
    """Rounds at one size, ours and the floor's."""

    rows: int
    ours: list[Run]
    theirs: list[Run]


def measure(rows: Sequence[int] = (), rounds: int = ROUNDS) -> list[Row]:
    """The usual sizes, and each of `rows` as one more; of a large one a single round."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = [
            _of_size(folder, size, rounds if size < LARGE else 1)
            for size in sorted({*SIZES, *rows})
        ]
    found = [row for size in sizes for row in _told(size)]
    return [*found, *_cold_start(sizes[0]), *_no_dearer(sizes)]


def _of_size(folder: str, size: int, rounds: int) -> Size:
    table, worklist = f"{folder}/{size}.csv", f"{folder}/{size}.out.csv"
    screen = ("-m", "rules", "screen", table, "-o", worklist, "--today", TODAY)
    floor = (str(HERE / "floor.py"), table, worklist, f"{folder}/floor.csv")
    _python("-m", "rules", "sample", "--rows", str(size), "--seed", str(SEED), "-o", table)
    found = Size(size, [], [])
    for _ in range(rounds):
        found.ours.append(_python(*screen))
        found.theirs.append(_python(*floor))
    return found


def _told(size: Size) -> list[Row]:
    rows, ours, theirs = size
    name = f"screening {rows:,} rows"
    memory = 1.0 if rows >= LARGE else 3.0  # of few rows it is that of what is loaded
    return [
        Measured(f"{name}: time", PEER, _wall(ours), _wall(theirs), "s", 2.0, False),
        Measured(
            f"{name}: processor time of a row", PEER,
            _busy(ours, rows), _busy(theirs, rows), "ms", None, False,
        ),
        Measured(f"{name}: peak memory", PEER, _peaks(ours), _peaks(theirs), "MiB", memory, False),
    ]  # fmt: skip


def _cold_start(size: Size) -> Iterator[Row]:
    """A small table, starting included, against the seconds that somebody waits for it."""
    wall = _wall(size.ours)
    limit = (PATIENCE,) * len(wall)
    name = f"screening {size.rows:,} rows from a cold start"
    yield Measured(name, "what one waits", wall, limit, "s", 1.0, False)


def _no_dearer(sizes: Sequence[Size]) -> Iterator[Row]:
    """What a row costs in the largest table, against one of which starting is no great part."""
    usual, largest = next(s for s in sizes if s.rows >= USUAL), sizes[-1]
    if largest is not usual:
        ours = (statistics.median(_busy(largest.ours, largest.rows)),)
        theirs = (statistics.median(_busy(usual.ours, usual.rows)),)
        name = f"processor time of a row of {largest.rows:,}"
        yield Measured(name, f"of {usual.rows:,}", ours, theirs, "ms", 1.0, False)


def _wall(runs: list[Run]) -> tuple[float, ...]:
    return tuple(run.wall for run in runs)


def _busy(runs: list[Run], rows: int) -> tuple[float, ...]:
    return tuple(run.busy / rows * 1e3 for run in runs)


def _peaks(runs: list[Run]) -> tuple[float, ...]:
    return tuple(run.peak / 2**20 for run in runs)


def _python(*arguments: str) -> Run:
    """Runs Python in the project's root, in a small process of its own that measures it."""
    done = subprocess.run(
        [sys.executable, "-S", str(HERE / "apart.py"), sys.executable, *arguments],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise RuntimeError(f"python {' '.join(arguments[:3])}: {last[0]}")
    return Run(*map(float, done.stdout.split()[-3:]))
