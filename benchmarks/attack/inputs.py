"""Bad inputs to the command line, each tried once: held is a right exit code, plain words, bounded time
and memory, an older output kept, and nothing left behind.

Most are tried in a child of this process that has loaded everything already; what is about signals
and closed streams in a process of its own.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from rules.__main__ import main
from rules.rule_book_files import load_rules

from .bad_inputs import BadInput, bad_inputs, garbled
from .frame import Tried

MOST_SECONDS = 20  # of a processor
MOST_MEMORY = 900_000  # kilobytes
MOST_ADDRESSES = 6_000_000_000
MOST_LINES = 45
OLD = b"the old file\n"
SHOWN = 12
DAY = ("--today", "2026-11-28")
LOADED = ("calendar", "costs", "evaluate", "papers", "sample", "schema", "screen", "sources")
WAITS = (0.3, 1.0, 2.0, 4.0, 7.0)  # seconds after which a signal is sent


class Came(NamedTuple):
    """What came of one try."""

    code: int
    said: str
    seconds: float
    memory: int


def attack(size: int, seed: int) -> list[Tried]:
    load_rules()
    for name in LOADED:
        import_module(f"rules.commands.{name}")
    found: dict[str, list[str]] = {}
    tried: dict[str, int] = {}
    for kind, through in _all(size, random.Random(seed)):
        tried[kind] = tried.get(kind, 0) + 1
        found.setdefault(kind, []).extend([through] if through else [])
    lines = [Tried(k, n, len(found[k]), tuple(found[k][:SHOWN])) for k, n in tried.items()]
    return [*lines, Tried("all", sum(tried.values()), sum(map(len, found.values())))]


def _all(size: int, dice: random.Random) -> Iterator[tuple[str, str]]:
    """Every try: its kind, and what got through ('' where it held)."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for bad in bad_inputs(home):
            yield bad.kind, _tried(bad, home / "out")
        for bad in garbled(home, max(1, size // 40), dice):
            yield bad.kind, _tried(bad, home / "out")
        yield from _stopped(home, WAITS[: 1 + size // 500])
        yield from _closed(home)


def _tried(bad: BadInput, out: Path) -> str:
    """Why a bad input got through; '' where it was held."""
    out.mkdir(exist_ok=True)
    if bad.output:
        (out / bad.output).write_bytes(OLD)
    came = _in_child(bad, out)
    why = "; ".join(_faults(bad, out, came))
    for path in sorted(out.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    return f"{bad.name}: {why}" if why else ""


def _faults(bad: BadInput, out: Path, came: Came) -> Iterator[str]:
    if came.code not in bad.codes:
        yield f"exit code {came.code}"
    if "Traceback" in came.said:
        yield f"traceback {came.said.strip().splitlines()[-1][:80]}"
    if bad.words and bad.words not in came.said:
        yield f"does not say “{bad.words}”"
    if came.code and not came.said.strip():
        yield "says nothing"
    if len(came.said.splitlines()) > MOST_LINES:
        yield f"{len(came.said.splitlines())} lines"
    if came.seconds > MOST_SECONDS:
        yield f"{came.seconds:.0f} seconds"
    if came.memory > MOST_MEMORY:
        yield f"{came.memory / 1e6:.1f} GB"
    names = {p.name for p in out.iterdir()}
    expected = {bad.output} if bad.output else set()
    if came.code and names != expected:
        yield f"leaves {sorted(names - expected)}"
    elif came.code and bad.output and (out / bad.output).read_bytes() != OLD:
        yield "the old file is gone"
    if any(n.endswith(".part") for n in names):
        yield "leaves a part"


def _in_child(bad: BadInput, out: Path) -> Came:
    """A command in a child of this process, with bounds of its own."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        _run_and_leave(bad, out, write)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        said = told.read(1_000_000).decode("utf-8", "replace")
    _, status, used = os.wait4(child, 0)
    return Came(
        os.waitstatus_to_exitcode(status), said, used.ru_utime + used.ru_stime, used.ru_maxrss
    )


def _run_and_leave(bad: BadInput, out: Path, to: int) -> None:
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CPU, (2 * MOST_SECONDS, 2 * MOST_SECONDS))
        if bad.room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (bad.room, bad.room))
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing if bad.stdin is None else os.open(bad.stdin, os.O_RDONLY), 0)
        os.dup2(nothing, 1)
        os.dup2(to, 2)
        sys.stdin, sys.stdout, sys.stderr = (
            open(n, "w" if n else "r", closefd=False)  # noqa: SIM115
            for n in range(3)
        )
        os.chdir(out)
        code = main([a.replace("{out}", str(out)) for a in bad.arguments])
        sys.stdout.flush()
    except SystemExit as left:
        code = int(left.code or 0)
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        sys.stderr.flush()
        os._exit(code)


# --- in a process of its own ----------------------------------------------------------------------------


def _stopped(home: Path, waits: Sequence[float]) -> Iterator[tuple[str, str]]:
    """A signal at several moments of a screening: the old file stays, and nothing is said."""
    out = home / "stopped"
    out.mkdir()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for wait in waits:
            for name in ("o.csv", "o.xlsx"):
                (out / name).write_bytes(OLD)
                process = _start("screen", str(home / "many.csv"), "-o", str(out / name), *DAY)
                time.sleep(wait)
                process.send_signal(number)
                said = process.communicate()[1].decode()
                process.wait()
                names = {p.name for p in out.iterdir()}
                held = process.returncode in (128 + number, -number) and not said
                held = held and names == {name} and (out / name).read_bytes() == OLD
                (out / name).unlink()
                why = f"exit {process.returncode}, {sorted(names)} {said[-80:]!r}"
                told = f"{number.name} after {wait} s, {name}: {why}"
                yield "signals, pipes, closed streams", "" if held else told


def _closed(home: Path) -> Iterator[tuple[str, str]]:
    """Nobody reads what is written, there is no room for it, or a stream is not there at all."""
    case = str(home / "case.json")
    for command in ("evaluate", "costs"):
        for closed in (">&-", "2>&-", "<&-", "> /dev/full", "| head -c 20 > /dev/null", "| true"):
            words = f"{sys.executable} -m rules {command} {case} {' '.join(DAY)} {closed}"
            done = subprocess.run(
                ["bash", "-c", words], capture_output=True, text=True, check=False, cwd=_root()
            )
            held = "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
            held = held and done.returncode == int("full" in closed)
            told = f"{command} {closed}: exit {done.returncode} {done.stderr[-80:]!r}"
            yield "signals, pipes, closed streams", "" if held else told


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "rules", *arguments], stderr=subprocess.PIPE, cwd=_root(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def _root() -> Path:
    return Path(__file__).parents[2]
