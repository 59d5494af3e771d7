"""A signal that ends a command: told by the exit code alone, and nothing half-done stays behind.

The program ends where it stands. An exception raised there could be caught, and taken for a fault of
a record, by whatever happens to be running.
"""

from __future__ import annotations

import os
import signal
import weakref
from types import FrameType
from typing import TYPE_CHECKING, Any

from .plain_files import drop_unfinished

if TYPE_CHECKING:
    import subprocess

# From the keyboard, from whoever runs the program, from a terminal that is closed.
ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
ABOVE = 128  # what a shell adds to a signal's number
workers: weakref.WeakSet[subprocess.Popen[Any]] = weakref.WeakSet()  # they end with the program


def hear() -> None:
    """From now on a signal ends the program with nothing left of what it was doing."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup`, or a shell's background
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    for worker in list(workers):
        worker.kill()
    drop_unfinished()
    os._exit(ABOVE + number)
