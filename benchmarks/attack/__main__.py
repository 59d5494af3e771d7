"""`python -m benchmarks.attack [--only SECTION] [--size N] [--seed N]`: every attack, in tables.

An attack that gets through is told, with its input. The exit code says whether any did.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from .frame import Tried

# Each a module beside this one, with `attack(size, seed)` that gives its lines.
SECTIONS = ("properties", "relevance", "inputs", "wizard", "cache", "plants")
BEFORE: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("before.yaml").read_text(encoding="utf-8")
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attack", description=__doc__)
    parser.add_argument("--only", action="append", choices=SECTIONS, help="may be given again")
    parser.add_argument("--size", type=int, default=2_000, help="how many cases are made up")
    parser.add_argument("--seed", type=int, default=20261128)
    options = parser.parse_args(arguments)
    through = 0
    for name in options.only or SECTIONS:
        print(f"{name} …", file=sys.stderr, flush=True)
        module = importlib.import_module(f"{__package__}.{name}")
        lines: list[Tried] = module.attack(options.size, options.seed)
        print("\n".join(_table(name, lines)), flush=True)
        through += sum(line.failed for line in lines)
    return 1 if through else 0


def _table(section: str, lines: Sequence[Tried]) -> Iterator[str]:
    yield f"\n## {section}\n"
    yield "| tried | times | got through | rate | before |"
    yield "|---|---|---|---|---|"
    for line in lines:
        before = BEFORE[section].get(line.what)
        then = f"{before[1]:,} of {before[0]:,}" if before else "–"
        yield f"| {line.what} | {line.tried:,} | {line.failed:,} | {line.rate:.2%} | {then} |"
    for line in lines:
        for shown in line.shown:
            yield f"- {line.what}: `{shown}`"


if __name__ == "__main__":
    sys.exit(main())
