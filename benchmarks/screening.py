"""Screening a table from CSV to CSV, against pandas that reads and writes as much (`floor.py`).

Whole processes, starting included: time on the wall, peak memory, and whether a row of a large
table costs more than a row of one a tenth as long. Peak memory is that of the largest process.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import ROOT, Measured, Row

ROWS = 1_000_000
ROUNDS = 3
SEED = 24
TODAY = "2026-11-24"
HERE = Path(__file__).parent


class Run(NamedTuple):
    seconds: float
    peak: float  # bytes


def measure(rows: int = ROWS, rounds: int = ROUNDS) -> list[Row]:
    few = max(rows // 10, 1)
    ours: list[Run] = []
    less: list[Run] = []
    bare: list[Run] = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (rows, few):
            _python(
                *("-m", "rules", "sample", "--rows", str(count), "--seed", str(SEED)),
                *("-o", f"{folder}/{count}.csv"),
            )
        for _ in range(rounds + 1):
            ours.append(_screen(folder, rows))
            files = (f"{folder}/{name}.csv" for name in (rows, f"{rows}.out", "floor"))
            bare.append(_python(str(HERE / "floor.py"), *files))
            less.append(_screen(folder, few))
    del ours[0], bare[0], less[0]  # the first round warms the disk and the compiled rule book
    name, peer = f"screening {rows:,} rows", "pandas reads and writes"
    return [
        Measured(f"{name}: time", peer, _seconds(ours), _seconds(bare), "s", 2.0, False),
        Measured(f"{name}: peak memory", peer, _peaks(ours), _peaks(bare), "MiB", 3.0, False),
        Measured(
            f"{name}: cost of a row", f"the same, {few:,} rows",
            _each(ours, rows), _each(less, few), "µs", 1.0, False,
        ),
    ]  # fmt: skip


def _screen(folder: str, count: int) -> Run:
    table = f"{folder}/{count}"
    return _python(
        *("-m", "rules", "screen", f"{table}.csv", "-o", f"{table}.out.csv", "--today", TODAY)
    )


def _seconds(runs: list[Run]) -> tuple[float, ...]:
    return tuple(run.seconds for run in runs)


def _peaks(runs: list[Run]) -> tuple[float, ...]:
    return tuple(run.peak / 2**20 for run in runs)


def _each(runs: list[Run], rows: int) -> tuple[float, ...]:
    return tuple(run.seconds / rows * 1e6 for run in runs)


def _python(*arguments: str) -> Run:
    """Runs Python in the project's root; its seconds and its peak memory."""
    done = subprocess.run(
        [sys.executable, "-S", str(HERE / "apart.py"), sys.executable, *arguments],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise RuntimeError(f"python {' '.join(arguments[:3])}: {last[0]}")
    seconds, peak = done.stdout.split()[-2:]
    return Run(float(seconds), float(peak))
