"""The style sheets and scripts of the screens, each taken from a file of `assets` once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent.parent / "assets"


@cache
def asset(name: str) -> str:
    """The text of a file of `assets`."""
    return (ASSETS / name).read_text(encoding="utf-8")


def sheet(name: str) -> str:
    """A style sheet as the HTML that puts it into the page."""
    return f"<style>{asset(f'{name}.css')}</style>"


def use(name: str) -> None:
    """Put a style sheet into the page: calm (every screen), next, staff or desk."""
    st.html(sheet(name))
