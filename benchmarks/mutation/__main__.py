"""`python -m benchmarks.mutation [--mutants N] [--records N] [--seed N] [--area AREA]`: which faults the tests tell.

Code: `mutmut`'s operators put a fault at a drawn place; it is killed where a test fails. Records: a
drawn number is changed; it is killed where `rules check` or a test fails. Survivors are shown. All
happens in a copy of the project that is gone afterwards.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

PROJECT = Path(__file__).parents[2]
COPIED = ("rules", "tests", "wizard", "schemas", "docs", "benchmarks")
AREAS: dict[str, tuple[str, ...]] = {
    "engine": ("rules/engine/*.py",),
    "facts": ("rules/facts/*.py",),
    "logic": ("rules/logic.py",),
    "coordination": ("rules/engine/coordination.py", "rules/facts/pairs.py", "rules/report/payer_order.py"),
    "deadlines": ("rules/engine/deadlines.py", "rules/engine/dates.py", "rules/report/deadlines.py"),
    "law": ("rules/engine/state_levels.py", "rules/engine/windows.py", "rules/report/state_law.py",
            "rules/report/windows.py"),
}  # fmt: skip
# The tests that evaluate typed cases. Those of pages, papers, files and sums judge what comes after.
TESTS = (
    "answers", "appeal_days", "attack", "cases", "coordination", "corrected_facts", "dates", "dates_in_order",
    "days_that_follow", "further_denials", "judging", "jurisdictions", "last_days", "logic", "one_answer", "payers_without_a_rule",
    "plan", "reading_order", "told_together", "typed_facts", "typed_state_law", "unknowns", "ways_in_order", "what_numbers_do", "which_law", "why_not",
    "windows",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument(
        "--mutants", type=int, default=150, help="faults in code, shared by the areas"
    )
    parser.add_argument("--records", type=int, default=25, help="numbers changed in records")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--area", action="append", choices=AREAS, help="may be given again")
    parser.add_argument("--budget", type=float, default=30, help="seconds of tests for one fault")
    parser.add_argument(
        "--tests", nargs="+", default=TESTS, help="names of test files, without test_"
    )
    parser.add_argument(
        "--examples-alone", action="store_true", help="leave the second copy of numbers out"
    )
    options = parser.parse_args(arguments)
    os.environ["FAST"] = "1"  # a tenth of the drawn cases
    with tempfile.TemporaryDirectory(prefix="mutation") as folder:
        copy = Path(folder).resolve() / "copy"
        _copy(copy)
        if options.mutants:
            _code(copy, options)
        if options.records:
            from . import numbers

            tests = _tests(copy, options.tests)
            numbers.run(copy, options.records, options.seed, tests, not options.examples_alone)
    return 0


def _copy(copy: Path) -> None:
    copy.mkdir()
    for name in COPIED:
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in PROJECT.iterdir():
        if path.is_file() and path.name != ".git":
            shutil.copy(path, copy)


def _tests(copy: Path, names: Sequence[str]) -> list[str]:
    paths = [f"tests/test_{name}.py" for name in names]
    return [path for path in paths if (copy / path).exists()]


def _code(copy: Path, options: argparse.Namespace) -> None:
    import pytest

    from .mutants import drawn
    from .run import Runner

    areas = options.area or [*AREAS]
    files = {
        area: sorted({p.relative_to(copy).as_posix() for g in AREAS[area] for p in copy.glob(g)})
        for area in AREAS
    }
    every = sorted({file for found in files.values() for file in found})
    in_turn = zip_longest(*(drawn(copy, files[area], options.seed) for area in areas))
    mutants = (mutant for row in in_turn for mutant in row if mutant is not None)
    kept = PROJECT / ".cache" / f"mutation-{_digest(copy)}.json"
    runner = Runner(copy, every, mutants, options.mutants, options.budget, kept)
    os.chdir(copy)
    sys.path[0] = str(copy)
    pytest.main(
        ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *_tests(copy, options.tests)],
        plugins=[runner],
    )
    os.chdir(PROJECT)
    _tell_code(runner, {area: files[area] for area in areas})


def _digest(copy: Path) -> str:
    """A stamp of the code whose lines are counted; a test that is new is counted when it is first met."""
    stamp = hashlib.blake2b(digest_size=8)
    for path in sorted((copy / "rules").rglob("*.py")):
        stamp.update(path.relative_to(copy).as_posix().encode() + path.read_bytes())
    return stamp.hexdigest()


def _tell_code(runner: object, files: dict[str, list[str]]) -> None:
    told = runner.told  # type: ignore[attr-defined]
    print("\n| area | mutants | killed | timed out | survived | no test runs the line | score |")
    print("|---|---|---|---|---|---|---|")
    for area, members in (*files.items(), ("all", [t.mutant.file for t in told])):
        found = [t.outcome for t in told if t.mutant.file in members]
        counts = [found.count(o) for o in ("killed", "timed out", "survived", "no test")]
        score = f"{(counts[0] + counts[1]) / len(found):.0%}" if found else "–"
        print(f"| {area} | {len(found)} | {' | '.join(map(str, counts))} | {score} |")
    for one in told:
        if one.outcome in ("survived", "no test"):
            print(f"- {one.outcome}: {one.mutant.diff(runner.sources[one.mutant.file])}")  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
