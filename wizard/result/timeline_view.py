"""The timeline as a picture: one line, numbered marks, the months below; the same numbers in a list."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from wizard.labels import day
from wizard.shell.said import bare

from .timeline import Mark, Placed, months, placed

ROW_REM = 2.0  # height of a row of marks
EDGE = 0.03  # names of months this near to an end would hang over it


def draw_timeline(marks: Sequence[Mark]) -> None:
    """The picture, and beside it the list that says the same in words."""
    found = placed(marks)
    told = [
        bare("calendar.mark", number=p.number, day=day(p.mark.day), what=what_words(p.mark))
        for p in found
    ]
    label = bare("calendar.picture_label", marks=" ".join(told))
    st.html(f"{_picture(found, marks, label)}{_list(found)}")


def what_words(mark: Mark) -> str:
    """What a day is, with the ways that it is for."""
    what = bare(f"calendar.what.{mark.kind}")
    names = "; ".join(dict.fromkeys(name.rstrip(".") for name in mark.about))
    return bare("calendar.what_for", what=what, paths=names) if names else what


def _picture(found: Sequence[Placed], marks: Sequence[Mark], label: str) -> str:
    rows = 1 + max((p.row for p in found), default=0)
    stems = "".join(
        f"<span class='kp-stem' style='left:{p.place:.2%};height:{p.row * ROW_REM + 0.5:.1f}rem'></span>"
        for p in found
    )
    dots = "".join(_dot(p) for p in found)
    ticks = "".join(
        f"<span style='left:{place:.2%}'>{first:%b}{f' {first:%Y}' if first.month == 1 else ''}</span>"
        for first, place in months(marks)
        if EDGE < place < 1 - EDGE
    )
    track = (
        f"<div class='kp-track' style='height:{rows * ROW_REM + 0.4:.1f}rem'>{stems}{dots}</div>"
    )
    told = html.escape(label, quote=True)
    inside = f"{track}<div class='kp-months'>{ticks}</div>"
    return f"<div class='kp-time' role='img' aria-label='{told}'>{inside}</div>"


def _dot(found: Placed) -> str:
    place = f"left:{found.place:.2%};bottom:{found.row * ROW_REM + 0.35:.2f}rem"
    return f"<span class='kp-dot kp-{found.mark.kind}' style='{place}'>{found.number}</span>"


def _list(found: Sequence[Placed]) -> str:
    items = "".join(
        f"<li><b>{html.escape(day(p.mark.day))}</b>: {html.escape(what_words(p.mark))}</li>"
        for p in found
    )
    return f"<ol>{items}</ol>"
