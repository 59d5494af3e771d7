"""What the screens for staff share: their denser style sheet, and the form's way with the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).parent.parent / "assets"


@lru_cache(maxsize=1)
def _sheet() -> str:
    return f"<style>{(ASSETS / 'staff.css').read_text(encoding='utf-8')}</style>"


def apply_sheet() -> None:
    """Put the style sheet of the dense screens into the page."""
    st.html(_sheet())


@lru_cache(maxsize=1)
def _quick_keys() -> Callable[..., Any]:
    found: Callable[..., Any] = st.components.v2.component(
        "ketapath_quick_keys",
        js=(ASSETS / "quick_keys.js").read_text(encoding="utf-8"),
        isolate_styles=False,
    )
    return found


def keep_focus(round_number: int) -> None:
    """Keep the focus in its field over every run; a new number moves it to the first field."""
    run = st.session_state["quick_run"] = st.session_state.get("quick_run", 0) + 1
    with st.container(key="quick_focus_box"):
        _quick_keys()(key="quick_focus", data={"round": round_number, "run": run})
