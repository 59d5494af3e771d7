"""Many cases to their summaries: in this process, or over several where there are enough of them.

A worker is a fresh Python of its own that knows nothing of its parent's main module: a script
without a guard may screen a table, and a web server that runs in threads is neither forked nor
started again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO

from rules import stopping
from rules.case import PlainCase
from rules.rule_book import Book
from rules.rule_book_files import load_rules

from .summary import Slots, Summary, summary_of

Asked = tuple[PlainCase, Slots]  # a case, and the numbers of its covers
WORTH_IT = 1_000  # cases from which workers earn what it costs to start them
AT_ONCE = 50
GARBAGE = 20_000  # objects of a worker from which it looks for those that hold each other
HOME = Path(__file__).parents[2]
# Of the keyboard's signal the parent hears, and ends its workers: here it is not heard from the first.
START = (
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    "from rules.table.pool import serve; serve()"
)


class WorkerLost(RuntimeError):
    """A worker did not start, holds other rules, or ended in the middle of its work."""


class Worker:
    """One process that summarises cases for its parent."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", START], cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        stopping.workers.add(self._process)

    def ask(self, version: str, today: dt.date, some: Sequence[Asked]) -> list[Summary]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            _send(self._process.stdin, [version, today.isoformat(), some])
            found = json.loads(self._process.stdout.readline())
        except (OSError, ValueError) as error:  # an ended worker sends an empty line
            raise WorkerLost from error
        if found is None:
            raise WorkerLost
        return [Summary(*data) for data in found]

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


def serve() -> None:
    """The work of a worker: cases from standard input, summaries to standard output, until it ends."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)  # whoever waits for a screen goes before a table
    book, out = load_rules(), sys.stdout.buffer
    gc.freeze()  # the rule book stays: nothing is gained by looking through it
    gc.set_threshold(GARBAGE)
    for line in sys.stdin.buffer:
        version, day, some = json.loads(line)
        today = dt.date.fromisoformat(day)
        same = version == book.version
        found = [summary_of(c, slots, today, book) for c, slots in some] if same else None
        with contextlib.suppress(BrokenPipeError):  # the parent has ended; so does its input
            _send(out, found)


def _send(to: IO[bytes], data: object) -> None:
    """Plain data as one line of JSON, dates as ISO text: nothing that could run when it is read."""
    to.write(json.dumps(data, default=str).encode() + b"\n")
    to.flush()


def cores() -> int:
    """The cores that this process may use: as many as `KETAPATH_CORES` says, else all that it has."""
    told = os.environ.get("KETAPATH_CORES", "")
    if told.isdecimal():
        return max(int(told), 1)
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return mine or 1


class Pool:
    """Summarises cases. Starts its workers when there are first enough of them; to be closed."""

    def __init__(self, today: dt.date, book: Book) -> None:
        self._today = today
        self._book = book
        self._workers: list[Worker] = []
        self._free: SimpleQueue[Worker] = SimpleQueue()

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.end()

    def summaries(self, cases: Sequence[Asked]) -> Iterator[Summary]:
        """A summary for each case, in order."""
        some = [cases[i : i + AT_ONCE] for i in range(0, len(cases), AT_ONCE)]
        if len(cases) >= WORTH_IT and not self._workers:
            self._start()
        for part in self._by_workers(some) if self._workers else map(self._here, some):
            yield from part

    def _start(self) -> None:
        """A worker for each core; none where there is one, or where the rules are not the stored ones."""
        if cores() < 2 or self._book is not load_rules():
            return
        with contextlib.suppress(OSError):  # no process may be started here
            for _ in range(cores()):
                self._workers.append(Worker())
                self._free.put(self._workers[-1])

    def _by_workers(self, some: list[Sequence[Asked]]) -> Iterator[list[Summary]]:
        with ThreadPoolExecutor(len(self._workers)) as threads:
            try:
                waiting = [threads.submit(self._ask, part) for part in some]
                for part, answer in zip(some, waiting, strict=True):
                    try:
                        yield answer.result()
                    except WorkerLost:
                        yield self._here(part)
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def _ask(self, part: Sequence[Asked]) -> list[Summary]:
        worker = self._free.get()
        try:
            return worker.ask(self._book.version, self._today, part)
        finally:
            self._free.put(worker)

    def _here(self, part: Sequence[Asked]) -> list[Summary]:
        return [summary_of(case, slots, self._today, self._book) for case, slots in part]
