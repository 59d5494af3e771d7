"""What a row of a table costs: `python -m rules screen`, CSV to CSV, against pandas (`floor.py`).

Whole processes, starting included, at three sizes: time on the wall and processor time, that of the
processes that a large table is given to counted in. pandas reads the same table and writes as many
rows and columns. Peak memory is that of the largest process.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from .measure import ROOT, Measured, Row

SIZES = (300, 3_000, 30_000)
ROUNDS = 3
SEED = 24
TODAY = "2026-11-24"
PEER = "pandas reads and writes"
HERE = Path(__file__).parent


class Run(NamedTuple):
    wall: float  # seconds
    busy: float  # seconds of all processors
    peak: float  # bytes


def measure(rows: int | None = None, rounds: int = ROUNDS) -> list[Row]:
    """The usual sizes, and `rows` as one more."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in (*SIZES, *((rows,) if rows is not None else ())):
            found.extend(_of_size(folder, size, rounds))
    return found


def _of_size(folder: str, size: int, rounds: int) -> list[Row]:
    table, worklist = f"{folder}/{size}.csv", f"{folder}/{size}.out.csv"
    screen = ("-m", "rules", "screen", table, "-o", worklist, "--today", TODAY)
    floor = (str(HERE / "floor.py"), table, worklist, f"{folder}/floor.csv")
    _python("-m", "rules", "sample", "--rows", str(size), "--seed", str(SEED), "-o", table)
    ours: list[Run] = []
    theirs: list[Run] = []
    for _ in range(rounds):
        ours.append(_python(*screen))
        theirs.append(_python(*floor))
    name = f"screening {size:,} rows"
    return [
        Measured(f"{name}: time", PEER, _wall(ours), _wall(theirs), "s", 2.0, False),
        Measured(
            f"{name}: processor time of a row", PEER,
            _busy(ours, size), _busy(theirs, size), "ms", None, False,
        ),
        Measured(f"{name}: peak memory", PEER, _peaks(ours), _peaks(theirs), "MiB", 3.0, False),
    ]  # fmt: skip


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
