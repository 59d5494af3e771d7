"""Made-up but plausible cases."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..table.sample import write_sample
from .files import InputFault, writing


def run(options: argparse.Namespace) -> int:
    if options.rows < 1:
        raise InputFault("--rows must be at least 1")
    if options.seed < 0:
        raise InputFault("--seed must be at least 0")
    with writing(options.output):
        write_sample(Path(options.output), options.rows, options.seed)
    return 0
