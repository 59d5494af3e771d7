"""Loads once what every session shares, and takes it out of the garbage collector's sight."""

from __future__ import annotations

import gc
from functools import lru_cache

from rules import load_rules
from wizard import pages

from .outside import ask_nobody


@lru_cache(maxsize=1)
def make_ready() -> None:
    """Load the rule book and every screen; to be called before the first answer is there.

    Streamlit collects garbage after every run and looks at every object that there is. The rule book
    and the modules are most of them and are never garbage: looking at them took far longer than
    drawing a step. What is frozen is never collected, so no session's answers may be among it.
    """
    ask_nobody()
    load_rules()
    for page in pages.existing().values():
        pages.drawer(page)
    gc.collect()
    gc.freeze()
