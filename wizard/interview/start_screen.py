"""The start: who is asking, what this is and is not, what to have at hand, and the ways in."""

from __future__ import annotations

import streamlit as st

from wizard.messages import Role, texts
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.layout import heading, role_choice, shared_toggle
from wizard.shell.said import said

from .open_file_view import open_file

# The ways in that a role has besides the questions: the screen, and the words of its button.
OWN_WAYS: dict[Role, dict[str, str]] = {
    "intake": {"quick-form": "pages.quick_form", "table": "pages.table"},
    "counselor": {"counselor": "pages.counselor"},
}


def draw() -> None:
    heading(said("start.title"))
    st.markdown(said("start.lead"))
    role_choice("start_role")
    _ways_in()
    st.subheader(said("start.is_title"), anchor=False)
    st.markdown("\n".join(f"- {t}" for t in texts("start.is")))
    st.subheader(said("start.is_not_title"), anchor=False)
    st.markdown("\n".join(f"- {t}" for t in texts("start.is_not")))
    st.subheader(said("start.at_hand_title"), anchor=False)
    st.markdown("\n".join(f"- {t}" for t in texts("start.at_hand")))
    st.subheader(said("start.private_title"), anchor=False)
    st.markdown(said("start.private"))
    shared_toggle("start_shared")
    st.subheader(said("start.open_title"), anchor=False)
    open_file()


def _ways_in() -> None:
    """The way in that fits who is asking; the questions are always one of them."""
    told = not store().empty()
    own = OWN_WAYS.get(store().role, {})
    with st.container(key="ways_in", horizontal=True, gap="small"):
        for name, title in own.items():
            st.button(
                said(title), key=f"in-{name}", type="primary",
                on_click=navigation.go, args=(name,),
            )  # fmt: skip
        st.button(
            said("start.go_on" if told else "start.begin"), key="begin",
            type="secondary" if own else "primary", on_click=navigation.begin,
        )  # fmt: skip
        if told:
            st.button(
                said("pages.result"),
                key="in-result",
                on_click=navigation.go,
                args=(navigation.RESULT,),
            )
    st.caption(said("start.how_long"))
