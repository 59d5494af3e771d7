"""What only the browser can do: keep the answers over a reload, move the focus, leave, print.

The answers go into the tab's own session storage, which ends with the tab. On a shared computer
this is off, and a mark that it is off stands there instead.
"""

from __future__ import annotations

from functools import lru_cache

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from wizard.answers_file import from_file, to_file
from wizard.messages import say
from wizard.session import ASKED_TAB, RESTORED, Slot, replace, store, today

from . import navigation
from .said import said
from .styles import asset

OFF = "off"
_RUN: Slot[int] = Slot("quick_run", int)


@lru_cache(maxsize=16)
def _component(name: str, html: str | None = None) -> ComponentRenderer:
    return st.components.v2.component(
        f"ketapath_{name}",
        html=html,
        js=asset(f"{name}.js"),
        isolate_styles=False,
    )


def restore(step: str, may_draw_before: bool) -> bool:
    """Whether the answers that the tab keeps are here, so that the step can be drawn.

    The first run of a session asks the tab, and its reply starts another. `may_draw_before` lets a
    screen that shows no answers be drawn without waiting. A run that comes before the reply (a slow
    line, a quick tap) is drawn as well; until the tab has replied nothing is written into it, so
    that what it keeps is never lost.
    """
    # Always there: a box that goes after the first run would draw every field anew below it.
    with st.container(key="browser_ask_place"):
        if RESTORED.get():
            return True
        kept = _tell({"ask": True, "text": None, "step": step}, "browser_ask")
    if kept is not None:
        RESTORED.set(True)
        _take_kept(kept)
        return True
    asked_before = ASKED_TAB.get()
    ASKED_TAB.set(True)
    return may_draw_before or asked_before


def keep(step: str) -> None:
    """Keep the answers in the tab, and tell it the step (it moves the focus when that changes)."""
    if RESTORED.get():
        _tell({"ask": False, "text": _kept_text(), "step": step}, "browser_keep")


def _tell(data: dict[str, object], key: str) -> str | None:
    with st.container(key=f"{key}_box"):
        found = _component("browser")(
            key=key, data={**data, "language": "en"}, on_kept_change=lambda: None
        )
    kept = getattr(found, "kept", None)
    return None if kept is None else str(kept)


def _kept_text() -> str:
    answers = store()
    return to_file(answers, today()) if answers.keep_in_browser else OFF


def _take_kept(text: str) -> None:
    answers = store()
    if not answers.empty():
        return  # something was told before the tab could speak: that stands
    if text == OFF:
        answers.keep_in_browser = False
    elif text:
        found = from_file(text, today()).answers
        if found is not None:
            replace(found)


def leave_button() -> None:
    """A button that leaves this site at once (also: Shift three times)."""
    _component("leave", "<button type='button' class='kp-leave'></button>")(
        key="leave",
        width="content",
        data={
            "label": said("frame.leave"),
            "hint": said("frame.leave_hint"),
            "url": say("frame.leave_url"),
        },
    )


def print_button() -> None:
    """A button that opens the browser's print window."""
    _component("print", "<button type='button' class='kp-print'></button>")(
        key="print_page", width="content", data={"label": said("print.button")}
    )


def serve_fields() -> None:
    """What lists and fields need of the page; the focus goes to the field whose answer was refused."""
    problem = navigation.PROBLEM.get()
    with st.container(key="browser_fields_box"):
        _component("fields")(
            key="browser_fields",
            data={
                "field": problem.field if problem is not None else None,
                "refused": navigation.REFUSED.get(),
            },
        )


def keep_focus(round_number: int) -> None:
    """Keep the focus in its field over every run; a new number moves it to the first field."""
    _RUN.set(_RUN.get() + 1)
    with st.container(key="quick_focus_box"):
        _component("quick_keys")(key="quick_focus", data={"round": round_number, "run": _RUN.get()})
