"""Once a process: loads what every session shares, and keeps Streamlit from asking anyone outside."""

from __future__ import annotations

import gc
import sys
import time
from functools import lru_cache

from streamlit import net_util

from rules import load_rules
from rules.rule_book import RuleBookError

SECONDS_BETWEEN = 20.0  # two looks for garbage


@lru_cache(maxsize=1)
def warm_up() -> None:
    """Load the rule book; to be called when every screen is imported and before the first answer is there.

    Whoever collects garbage looks at every object that there is. The rule book and the modules are
    most of them and are never garbage: looking at them took far longer than drawing a step. What is
    frozen is never collected, so no session's answers may be among it.
    """
    ask_nobody()
    load_rules()
    gc.collect()
    gc.freeze()


class _Cleaning:
    """When garbage was last looked for, by any session."""

    at = 0.0


def clean_now_and_then() -> None:
    """Let go of what closed sessions left, at the end of a run, once in a while.

    After every run (`runner.postScriptGC`) it would cost more than the run: each looks at the results
    of all sessions that are open.
    """
    now = time.monotonic()
    if now - _Cleaning.at > SECONDS_BETWEEN:
        _Cleaning.at = now
        gc.collect()


def load_or_leave() -> None:
    """Before anything is served: a record at fault is told by file and line, and the server ends."""
    try:
        load_rules()
    except RuleBookError as error:
        print(*error.faults, sep="\n", file=sys.stderr)
        raise SystemExit(1) from None


def ask_nobody() -> None:
    """Let Streamlit not look for this machine's address.

    It would ask a public service for it when a page of another origin tries to connect.
    """
    net_util.get_external_ip = _unknown
    net_util.get_internal_ip = _unknown


def _unknown() -> str | None:
    return None
