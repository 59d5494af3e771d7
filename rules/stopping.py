"""A signal that ends a command: told by the exit code alone, and nothing half-done stays behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType

from .plain_files import drop_unfinished

# From the keyboard, from whoever runs the program, from a terminal that is closed.
ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
ABOVE = 128  # what a shell adds to a signal's number


class Stopped(BaseException):
    """A signal asks the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = ABOVE + number


def hear() -> None:
    """From now on a signal is raised as Stopped; a second one ends the program at once."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup`, or a shell's background
            signal.signal(number, _stop)


def stoppable(run: Callable[[], int]) -> int:
    """The exit code of `run`, or of the signal that ended it."""
    try:
        return run()
    except Stopped as stopped:
        return stopped.code
    finally:
        drop_unfinished()
        for number in ENDING:  # nothing is left to be done: the next one just ends it
            if signal.getsignal(number) in (_stop, _leave):
                signal.signal(number, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> None:
    for each in ENDING:
        if signal.getsignal(each) is _stop:
            signal.signal(each, _leave)
    raise Stopped(number)


def _leave(number: int, frame: FrameType | None) -> None:
    drop_unfinished()
    os._exit(ABOVE + number)
