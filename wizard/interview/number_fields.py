"""A field for a number. It takes any text, so that what cannot be taken is told and never swallowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

LONGEST = 20  # letters of a number with its unit


def draw_number(
    label: str,
    key: str,
    value: str | None = None,
    *,
    money: bool = False,
    visibility: Literal["visible", "hidden", "collapsed"] = "visible",
    width: int | Literal["stretch"] = "stretch",
    placeholder: str | None = None,
    on_change: Callable[..., Any] | None = None,
    args: tuple[object, ...] = (),
) -> None:
    """One line for a number; a phone shows its digits. Without a `value` it shows what the session holds."""
    given: dict[str, Any] = {} if value is None else {"value": value}
    with st.container(key=f"number_{key}", width=width):
        st.text_input(
            label, key=key, max_chars=LONGEST, autocomplete="off", placeholder=placeholder,
            icon=":material/attach_money:" if money else None, label_visibility=visibility,
            on_change=on_change, args=args, **given,
        )  # fmt: skip
