"""What one browser session holds: the answers, and what must last from one run to the next.

Streamlit keeps a session as a dictionary of anything. Whatever the wizard itself keeps there goes
through a `Slot`, which says its name and its type once; what stays under other names are the widgets.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar, cast

import streamlit as st

from rules import CaseError, Result, evaluate, load_rules, read_case
from rules.case import Case, PlainCase

from .answers import Answers
from .readable import readable

T = TypeVar("T")


class Slot(Generic[T]):
    """One thing that the session keeps: its name there, and what it is before anything was kept."""

    def __init__(self, name: str, start: Callable[[], T]) -> None:
        self.name = name
        self._start = start

    def get(self) -> T:
        """What is kept; before that, what it starts with (not kept by being looked at)."""
        if self.name not in st.session_state:
            return self._start()
        return cast("T", st.session_state[self.name])

    def set(self, value: T) -> None:
        """Keep a value until the session ends."""
        st.session_state[self.name] = value

    def held(self) -> T:
        """What is kept, to be changed in place: what it starts with is kept from now on."""
        found = self.get()
        self.set(found)
        return found

    def drop(self) -> None:
        """As if nothing had been kept."""
        st.session_state.pop(self.name, None)

    def take(self) -> T:
        """What is kept, told once: it is kept no longer."""
        found = self.get()
        self.drop()
        return found


# Whether the tab's own storage has told what it keeps, and whether it was asked to.
RESTORED: Slot[bool] = Slot("restored", bool)
ASKED_TAB: Slot[bool] = Slot("asked_tab", bool)
# The answers that were put aside for another person's; they can be brought back.
LAST_CALLER: Slot[Answers | None] = Slot("last_caller", lambda: None)
# The row of a table whose case the answers are: its place there, and its name.
OPEN_ROW: Slot[tuple[Hashable, str] | None] = Slot("open_row", lambda: None)
MOST_RESULTS = 6

_ANSWERS: Slot[Answers] = Slot("answers", Answers)
_RESULTS: Slot[dict[tuple[str, ...], Result]] = Slot("results", dict)


def store() -> Answers:
    """The answers of this session."""
    return _ANSWERS.held()


def replace(answers: Answers) -> None:
    """Take other answers instead (from a file, or from the browser's own storage)."""
    _ANSWERS.set(answers)
    OPEN_ROW.drop()


def clear() -> None:
    """Forget everything that was told in this session, and every widget that showed it."""
    role = store().role
    for key in list(st.session_state):
        del st.session_state[key]
    _ANSWERS.set(Answers(role=role))
    RESTORED.set(True)


def today() -> dt.date:
    """The day that counts: the one that it is where the person is."""
    return _TODAY.get()


def now() -> dt.datetime:
    """This moment, the same everywhere."""
    return dt.datetime.now(dt.UTC)


def _day_at_the_browser() -> dt.date:
    """The day on the browser's own clock; where it does not tell how far that is from UTC, the server's."""
    behind = st.context.timezone_offset  # in minutes
    if behind is None or abs(behind) > MOST_BEHIND_MINUTES:
        return dt.date.today()
    return (now() - dt.timedelta(minutes=behind)).date()


MOST_BEHIND_MINUTES = 14 * 60  # no clock on Earth is further from UTC
_TODAY: Slot[dt.date] = Slot("today", _day_at_the_browser)  # a test may set it


def current_case() -> Case:
    """The case of this session."""
    return case_of(store().case_data())


def case_of(data: PlainCase) -> Case:
    """A case of plain data. What cannot be read is left out, so that a screen always draws."""
    try:
        return read_case(data, today())
    except CaseError:
        kept, _ = readable(data, today())
        return read_case(kept, today())


def current_result() -> Result:
    """The result of the present answers, kept until an answer changes."""
    return result_of(store().case_data())


def result_of(data: PlainCase) -> Result:
    """The result of a case in plain data; the last few are kept in this session."""
    text = json.dumps(data, sort_keys=True, default=str)
    stamp = (text, today().isoformat(), load_rules().version)
    kept = _RESULTS.held()
    if stamp not in kept:
        while len(kept) >= MOST_RESULTS:
            kept.pop(next(iter(kept)))
        kept[stamp] = _evaluate(data)
    return kept[stamp]


def _evaluate(data: PlainCase) -> Result:
    try:
        found: Result = evaluate(data, today=today())
    except CaseError:
        kept, _ = readable(data, today())
        found = evaluate(kept, today=today())
    return found


# The path whose papers were asked for; None: those of the next step.
PAPERS_FOR: Slot[str | None] = Slot("papers_for", lambda: None)
