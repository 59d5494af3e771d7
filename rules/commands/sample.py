"""Made-up but plausible cases."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from ..table.sample import write_sample
from .files import InputFault, writing

MOST_ROWS = 100_000_000
LEAST_BYTES = 250  # of a row


def run(options: argparse.Namespace) -> int:
    if not 1 <= options.rows <= MOST_ROWS:
        raise InputFault(f"--rows must be from 1 to {MOST_ROWS:,}")
    if options.seed < 0:
        raise InputFault("--seed must be at least 0")
    _check_room(Path(options.output).absolute().parent, options.rows)
    with writing(options.output):
        write_sample(Path(options.output), options.rows, options.seed)
    return 0


def _check_room(folder: Path, rows: int) -> None:
    """Told before anything is written: a disk would be full long after it could be said."""
    if not folder.is_dir():
        return
    free = shutil.disk_usage(folder).free
    if rows * LEAST_BYTES > free:
        raise InputFault(
            f"{rows:,} rows need about {rows * LEAST_BYTES / 1e9:,.1f} GB, and {folder} has {free / 1e9:,.1f} GB free"
        )
