"""What every measure shares: rounds taken in turns, ratios, and the machine that gave them."""

from __future__ import annotations

import gc
import importlib
import os
import platform
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Measured:
    """Ours beside a peer's (or the floor), with the figures of all rounds."""

    name: str
    against: str
    ours: tuple[float, ...]  # one figure a round
    theirs: tuple[float, ...]
    unit: str
    reach: float | None  # None: told without one
    more_is_better: bool  # the reach is the least that the ratio should be (else the most)

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours to theirs in each round."""
        return tuple(a / b for a, b in zip(self.ours, self.theirs, strict=True))

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def met(self) -> bool:
        if self.reach is None:
            return True
        return self.ratio >= self.reach if self.more_is_better else self.ratio <= self.reach

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio, "ratios": self.ratios, "met": self.met}


@dataclass(frozen=True)
class Missing:
    """A measure that could not be taken, and why."""

    name: str
    why: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Row = Measured | Missing


class WrongAnswer(Exception):
    """An engine disagrees with the answers worked out by hand: its speed does not count."""


def rows_of(name: str, options: dict[str, Any]) -> list[Row]:
    """What a measure found; a measure that cannot be taken is told and stops no other."""
    try:
        rows: list[Row] = importlib.import_module(f"{__package__}.{name}").measure(**options)
    except ImportError as error:
        return [Missing(name, f"{error}: `make bench` installs the engines")]
    except WrongAnswer as error:
        return [Missing(name, f"does not count: {error}")]
    except Exception as error:
        return [Missing(name, f"{type(error).__name__}: {error}")]
    return rows


def seconds(work: Callable[[], Any]) -> float:
    """How long `work` takes, with the garbage of earlier rounds out of the way."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def in_turns(
    ours: Callable[[], float], theirs: Callable[[], float], rounds: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Figures of both sides, taken in turns so that a busy moment of the machine hits both.

    One round of each is thrown away first; the side that goes first changes each round.
    """
    ours(), theirs()
    mine: list[float] = []
    other: list[float] = []
    for n in range(rounds):
        if n % 2:
            other.append(theirs())
            mine.append(ours())
        else:
            mine.append(ours())
            other.append(theirs())
    return tuple(mine), tuple(other)


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
