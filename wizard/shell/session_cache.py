"""Things that take a moment to work out, kept in this session until an answer changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import streamlit as st

from wizard.answers import store, today

SHEET = Path(__file__).parent.parent / "assets" / "next.css"
T = TypeVar("T")


def kept(name: str, make: Callable[[], T], *also: Hashable) -> T:
    """What `make` gives for the present answers. It is kept in the session, never shared."""
    stamp = (json.dumps(store().case_data(), sort_keys=True, default=str), today(), also)
    place = f"kept-{name}"
    held: tuple[object, T] | None = st.session_state.get(place)
    if held is None or held[0] != stamp:
        held = (stamp, make())
        st.session_state[place] = held
    return held[1]


@lru_cache(maxsize=1)
def _sheet() -> str:
    return f"<style>{SHEET.read_text(encoding='utf-8')}</style>"


def use_sheet() -> None:
    """Put the style sheet of plan, dates, papers and costs into the page."""
    st.html(_sheet())
