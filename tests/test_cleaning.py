"""Garbage is looked for now and then, and not after every step of every session."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from wizard.shell import startup

CONFIG = Path(__file__).parents[1] / ".streamlit" / "config.toml"


def test_streamlit_does_not_look_after_every_step() -> None:
    assert tomllib.loads(CONFIG.read_text("utf-8"))["runner"]["postScriptGC"] is False


def test_it_is_looked_for_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [1e6, 1e6 + 1, 1e6 + startup.SECONDS_BETWEEN, 1e6 + startup.SECONDS_BETWEEN + 1]
    clock, looked = iter(runs), []
    monkeypatch.setattr(startup.gc, "collect", lambda: looked.append(startup._Cleaning.at))
    monkeypatch.setattr(startup.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(startup._Cleaning, "at", 0.0)
    for _ in runs:
        startup.clean_now_and_then()
    assert looked == [runs[0], runs[3]]
