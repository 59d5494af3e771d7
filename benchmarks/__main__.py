"""`python -m benchmarks [--only NAME] [--rows N] [--json FILE]`: every ratio in one table.

A ratio that misses its reach is told, not failed: the exit code is 0 all the same.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import statistics
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from pathlib import Path

from benchmarks.measure import Measured, Missing, Row, machine, rows_of

NAMES = ("single", "batch", "loading", "whole_case", "wizard")
PACKAGES = ("pandas", "numpy", "streamlit", "playwright", "zen-engine")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=NAMES, help="may be given again")
    parser.add_argument(
        "--rows", type=int, action="append", help="one more table to screen; may be given again"
    )
    parser.add_argument("--json", type=Path, help="where to write the figures of all rounds")
    options = parser.parse_args(arguments)

    found: list[Row] = []
    # A fresh process for each measure, so that none pays for the memory of another.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as apart:
        for name in options.only or NAMES:
            print(f"{name} …", file=sys.stderr, flush=True)
            more = {"rows": options.rows} if name == "batch" and options.rows else {}
            found.extend(apart.submit(rows_of, name, more).result())
    here = machine()
    print("\n".join(_table(found)))
    print()
    for row in found:
        if isinstance(row, Missing):
            print(f"{row.name}: {row.why}")
    print(", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in here.items()))
    if options.json:
        figures = {
            "day": dt.date.today().isoformat(),
            "machine": here,
            "packages": _versions(),
            "rows": [row.as_json() for row in found],
        }
        text = json.dumps(figures, indent=1, ensure_ascii=False)
        options.json.write_text(f"{text}\n", encoding="utf-8")
    return 0


def _table(found: list[Row]) -> Iterator[str]:
    """A table in Markdown that is also straight in a terminal."""
    lines: list[tuple[str, ...]] = [
        ("measure", "against", "ours", "theirs", "ratio (min–max)", "reach", "met?")
    ]
    for row in found:
        if isinstance(row, Missing):
            lines.append((row.name, *["–"] * 5, "not measured"))
        else:
            lines.append(_cells(row))
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    for number, line in enumerate(lines):
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield f"| {' | '.join(padded)} |"
        if number == 0:
            yield f"|{'|'.join('-' * (width + 2) for width in widths)}|"


def _cells(row: Measured) -> tuple[str, ...]:
    low, high = min(row.ratios), max(row.ratios)
    return (
        row.name,
        row.against,
        f"{_short(statistics.median(row.ours))} {row.unit}",
        f"{_short(statistics.median(row.theirs))} {row.unit}",
        f"{_short(row.ratio)} ({_short(low)}–{_short(high)})",
        "–" if row.reach is None else f"{'≥' if row.more_is_better else '≤'} {row.reach:g}",
        "–" if row.reach is None else "yes" if row.met else "no",
    )


def _short(number: float) -> str:
    """Three digits that mean something."""
    return f"{float(f'{number:.3g}'):,.10g}"


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


if __name__ == "__main__":
    sys.exit(main())
