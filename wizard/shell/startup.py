"""Once a process: loads what every session shares, and keeps Streamlit from asking anyone outside."""

from __future__ import annotations

import gc
from functools import lru_cache

from streamlit import net_util

from rules import load_rules


@lru_cache(maxsize=1)
def warm_up() -> None:
    """Load the rule book; to be called when every screen is imported and before the first answer is there.

    Streamlit collects garbage after every run and looks at every object that there is. The rule book
    and the modules are most of them and are never garbage: looking at them took far longer than
    drawing a step. What is frozen is never collected, so no session's answers may be among it.
    """
    ask_nobody()
    load_rules()
    gc.collect()
    gc.freeze()


def ask_nobody() -> None:
    """Let Streamlit not look for this machine's address.

    It would ask a public service for it when a page of another origin tries to connect.
    """
    net_util.get_external_ip = _unknown
    net_util.get_internal_ip = _unknown


def _unknown() -> str | None:
    return None
