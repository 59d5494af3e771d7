"""Starting: the rule book in a fresh process, against importing pandas in a fresh process.

The compiled copy of the rule book is warm, as it is on every start but the first.
"""

from __future__ import annotations

import subprocess
import sys
from functools import partial

from benchmarks.measure import ROOT, Measured, Row, in_turns, seconds

ROUNDS = 11


def measure(rounds: int = ROUNDS) -> list[Row]:
    ours = partial(_seconds_of, "import rules; rules.load_rules()")
    theirs = partial(_seconds_of, "import pandas")
    mine, other = in_turns(ours, theirs, rounds)
    return [Measured("rule book loaded", "import pandas", mine, other, "s", 1.5, False)]


def _seconds_of(program: str) -> float:
    command = [sys.executable, "-c", program]
    return seconds(lambda: subprocess.run(command, cwd=ROOT, check=True))
