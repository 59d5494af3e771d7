"""The look that the configuration cannot say: one style sheet, taken from a file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

SHEET = Path(__file__).parent.parent / "assets" / "calm.css"

# Icon and colour name of each outlook; the word always stands beside them.
OUTLOOK_ICON = {
    "likely": ":material/check_circle:",
    "possible": ":material/help:",
    "not_yet": ":material/hourglass_top:",
    "uphill": ":material/landscape:",
    "closed": ":material/block:",
}
OUTLOOK_COLOR = {
    "likely": "green",
    "possible": "blue",
    "not_yet": "orange",
    "uphill": "violet",
    "closed": "gray",
}
VALUE_ICON = {
    "met": ":material/check:",
    "not_met": ":material/close:",
    "unknown": ":material/question_mark:",
}


@lru_cache(maxsize=1)
def _sheet() -> str:
    return f"<style>{SHEET.read_text(encoding='utf-8')}</style>"


@lru_cache(maxsize=1)
def icon() -> str:
    """The sign in the tab, drawn here (a named icon would be fetched from another host)."""
    return (SHEET.parent / "icon.svg").read_text(encoding="utf-8")


def apply() -> None:
    """Put the style sheet into the page."""
    st.html(_sheet())
