"""Runs mutants against the tests of one warm process: each mutant in a child that starts from it.

The tests are collected once. A first child runs them all and tells which lines each of them runs and
how long it takes; then each mutant meets only the tests that run its line, quick ones first, until
one of them fails.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import coverage
import pytest
from _pytest.runner import runtestprotocol

from .mutants import Mutant
from .patch import CannotBePut, Process

QUICK_FIRST = 40
KILLED, SURVIVED, NOT_RUN, NO_TEST = 0, 3, 4, 5
OUTCOMES = {KILLED: "killed", SURVIVED: "survived", NOT_RUN: "not run", NO_TEST: "no test"}


@dataclass
class Told:
    """What the tests said of a mutant."""

    mutant: Mutant
    outcome: str
    tests: int  # how many run its line
    seconds: float


@dataclass
class _Sound:
    """What the tests do while nothing is changed."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> _Sound:
        if not path.exists():
            return cls()
        data = json.loads(path.read_text(encoding="utf-8"))
        tests = [*data["seconds"]]
        lines = {
            file: {int(line): [tests[n] for n in run_by] for line, run_by in found.items()}
            for file, found in data["lines"].items()
        }
        return cls(data["seconds"], lines)

    def write(self, path: Path) -> None:
        number = {test: n for n, test in enumerate(self.seconds)}
        lines = {
            file: {n: [number[t] for t in run_by if t in number] for n, run_by in found.items()}
            for file, found in self.lines.items()
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"seconds": self.seconds, "lines": lines}), encoding="utf-8")


class Runner:
    """A plugin of pytest that runs, in place of the tests, mutants against them."""

    def __init__(
        self, root: Path, files: Sequence[str], mutants: Iterator[Mutant], wanted: int,
        budget: float, kept: Path,
    ) -> None:  # fmt: skip
        self.root, self.files, self.mutants, self.wanted = root, files, mutants, wanted
        self.budget, self.kept = budget, kept
        self.sources = {f: (root / f).read_text(encoding="utf-8") for f in files}
        self.told: list[Told] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        self.process = Process(self.root)
        sound = self._sound(items)
        print(f"{len(sound.seconds)} tests, {sum(sound.seconds.values()):.0f} s", file=sys.stderr)
        for mutant in self.mutants:
            if len(self.told) >= self.wanted:
                break
            told = self._try(mutant, items, sound)
            if told.outcome != "not run":
                self.told.append(told)
                print(f"{len(self.told):4} {told.outcome:9} {told.seconds:5.1f} s {told.tests:5} tests "
                      f"{mutant.file}:{mutant.line}", file=sys.stderr, flush=True)  # fmt: skip
        return True

    def _sound(self, items: dict[str, pytest.Item]) -> _Sound:
        """What each test runs; those that are not yet known are run once, in a child."""
        known = _Sound.read(self.kept)
        new = [item for name, item in items.items() if name not in known.seconds]
        if new:
            print(f"{len(new)} tests are run once without a fault", file=sys.stderr, flush=True)
            pid = os.fork()
            if pid == 0:
                self._watch(new, known).write(self.kept)
                os._exit(0)
            os.waitpid(pid, 0)
        return _Sound.read(self.kept)

    def _watch(self, items: list[pytest.Item], known: _Sound) -> _Sound:
        """Run every test once and add how long it takes and which lines it runs."""
        watch = coverage.Coverage(
            data_file=None, config_file=False, include=[str(self.root / f) for f in self.files]
        )
        watch.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            self.process.forget()
            watch.switch_context(item.nodeid)
            start = time.process_time()
            if _passes(item, following):
                known.seconds[item.nodeid] = time.process_time() - start
            else:
                print(f"left out, as it fails without a fault: {item.nodeid}", file=sys.stderr)
        watch.stop()
        for file in self.files:
            lines = known.lines.setdefault(file, {})
            for line, tests in watch.get_data().contexts_by_lineno(str(self.root / file)).items():
                lines.setdefault(line, []).extend(tests)
        return known

    def _try(self, mutant: Mutant, items: dict[str, pytest.Item], sound: _Sound) -> Told:
        tests = self._tests_of(mutant, sound)
        start = time.monotonic()
        pid = os.fork()
        if pid == 0:
            code = NOT_RUN
            try:
                self.process.put(self.root / mutant.file, self.sources[mutant.file], mutant.text)
                code = self._child([items[t] for t in tests if t in items])
            except CannotBePut:
                code = NOT_RUN
            except BaseException:  # what is put in may break whatever runs
                code = KILLED
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        outcome = "timed out" if code == -signal.SIGXCPU else OUTCOMES.get(code, "killed")
        return Told(mutant, outcome, len(tests), time.monotonic() - start)

    def _tests_of(self, mutant: Mutant, sound: _Sound) -> list[str]:
        """The tests that run its line, some quick ones first; of a constant, all that run its module."""
        by_line = sound.lines.get(mutant.file, {})
        found = set(by_line.get(mutant.line, ())) - {""}
        if not found:
            found = {t for n in mutant.lines for t in by_line.get(n, ())} - {""}
        if not found and not _inside(self.sources[mutant.file], mutant.line):
            found = {t for tests in by_line.values() for t in tests} - {""}
        tests = sorted(found & sound.seconds.keys(), key=lambda t: (sound.seconds[t], t))
        # What is quick does little: where the time ends before the tests do, the rest is a fair sample.
        rest = tests[QUICK_FIRST:]
        random.Random(f"{mutant.file}:{mutant.line}").shuffle(rest)
        return tests[:QUICK_FIRST] + rest

    def _child(self, items: list[pytest.Item]) -> int:
        if not items:
            return NO_TEST
        most = int(self.budget)
        resource.setrlimit(resource.RLIMIT_CPU, (most * 2 + 20, most * 2 + 30))
        sys.setrecursionlimit(2_000)
        for item, following in zip(items, [*items[1:], None], strict=True):
            if time.process_time() > most:
                break
            if not _passes(item, following):
                return KILLED
        return SURVIVED


def _inside(source: str, line: int) -> bool:
    """Whether a line stands in a function or class: it is indented, as its statement is."""
    text = source.splitlines()
    while line > 1 and (not text[line - 1].strip() or text[line - 1].startswith((")", "}", "]"))):
        line -= 1
    while line > 1 and text[line - 1].startswith(" "):
        line -= 1
    return text[line - 1].startswith(("def ", "class ", "@", ")"))


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return not any(r.failed for r in runtestprotocol(item, nextitem=following, log=False))
