"""Unexpected errors: an apology instead of a traceback, and a log that holds no answer.

The message of an error may hold answers (a value that could not be read), so only its kind and
the places in our code are logged.
"""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from wizard.session import Slot

log = logging.getLogger("ketapath")
PLACES = 8
FRAMEWORK_LOG = "streamlit.error_util"
_FAILED: Slot[str | None] = Slot("failed", lambda: None)

Given = ParamSpec("Given")
Outcome = TypeVar("Outcome")


def note(error: BaseException, where: str) -> None:
    """Log the kind and the places of an error, and nothing that it says."""
    log.error("%s at %s: %s", type(error).__name__, where, _places(error))


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[::-1][:PLACES]
    return " < ".join(f"{f.name}:{f.lineno}" for f in frames)


def guarded(function: Callable[Given, Outcome]) -> Callable[Given, Outcome | None]:
    """For a widget's callback: an error is noted, and the run that follows apologises."""

    @functools.wraps(function)
    def safe(*args: Given.args, **kwargs: Given.kwargs) -> Outcome | None:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            note(error, function.__name__)
            _FAILED.set(type(error).__name__)
            return None

    return safe


def failed() -> str | None:
    """The kind of error that a callback met just before this run, told once."""
    return _FAILED.take()


class _WithoutMessages(logging.Filter):
    """Takes the message out of what the framework logs of an uncaught error."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg, record.args = "%s: %s", (type(error).__name__, _places(error))
            record.exc_info = record.exc_text = None
        return True


def keep_messages_out_of_the_log() -> None:
    """Once for the process: what the framework logs of an error holds no answer either."""
    found = logging.getLogger(FRAMEWORK_LOG)
    if not any(isinstance(f, _WithoutMessages) for f in found.filters):
        found.addFilter(_WithoutMessages())
