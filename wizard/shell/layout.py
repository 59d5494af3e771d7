"""What stands around every screen: the name, the menu, the way out, and the small print."""

from __future__ import annotations

import streamlit as st

from wizard.answers_file import to_file
from wizard.messages import ROLES
from wizard.session import Slot, clear, current_result, store, today

from . import navigation
from .browser import leave_button
from .crisis_banner import crisis_notes, draw_line, draw_more
from .errors import guarded
from .said import bare, plain, said


def top(screens: dict[str, str]) -> None:
    """The bar at the top: name, menu (the line of each screen by its name), leave quickly."""
    with st.container(
        key="topbar", horizontal=True, vertical_alignment="center", gap="small", wrap=True
    ):
        st.button(
            said("frame.name"),
            key="brand",
            type="tertiary",
            on_click=navigation.go,
            args=(navigation.START,),
        )
        _menu(screens)
        leave_button()


def _menu(screens: dict[str, str]) -> None:
    st.menu_button(
        said("frame.menu"),
        list(screens),
        format_func=lambda name: screens[name],
        key="menu",
        icon=":material/menu:",
        on_click=_chosen_in_menu,
    )


def _chosen_in_menu() -> None:
    name: str | None = st.session_state["menu"]
    if name == navigation.QUESTIONS:
        navigation.begin()
    elif name is not None:
        navigation.go(name)


def bottom(step: str) -> None:
    """The small print, and what can be done with the answers on every screen."""
    st.divider()
    with st.container(key="foot"):
        notes = crisis_notes(current_result())
        if notes:
            draw_more(notes, "foot-safety-more", with_ways=True)
        elif step == navigation.START:
            draw_line("foot_safety")
        if step != navigation.START:
            _your_answers(step)
        st.caption(said("frame.limits"))
        with st.container(horizontal=True, gap="small"):
            st.button(
                said("frame.glossary"), key="foot_glossary", type="tertiary",
                on_click=navigation.go, args=("glossary",),
            )  # fmt: skip


def _your_answers(step: str) -> None:
    # Its state is the server's: what is drawn anew inside must not close it under the hand.
    fold = st.expander(
        said("frame.your_answers"),
        icon=":material/folder_open:",
        key="your_answers",
        on_change="rerun",
    )
    if not fold.open:
        return
    with fold:
        role_choice("foot_role")
        shared_toggle("foot_shared")
        with st.container(horizontal=True, gap="small"):
            save_button("foot_save")
            clear_button("foot_clear")


def save_button(key: str) -> None:
    """Saves the answers to a file of the person."""
    st.download_button(
        said("frame.save"),
        data=to_file(store(), today()),
        file_name=bare("frame.file_name", day=today().isoformat()),
        mime="application/json",
        key=key,
        icon=":material/save:",
        on_click="ignore",
        disabled=store().empty(),
    )


def clear_button(key: str) -> None:
    """Clears everything, after one more question."""
    asking = Slot(f"{key}_asking", bool)
    if not asking.get():
        st.button(
            said("frame.clear"), key=key, icon=":material/delete:",
            on_click=asking.set, args=(True,),
        )  # fmt: skip
        return
    st.write(said("frame.clear_sure"))
    st.button(said("frame.clear_yes"), key=f"{key}_yes", type="primary", on_click=_clear)
    st.button(
        said("frame.clear_no"), key=f"{key}_no",
        on_click=asking.set, args=(False,),
    )  # fmt: skip


@guarded
def _clear() -> None:
    clear()
    navigation.go(navigation.START)


def role_choice(key: str) -> None:
    """Who is asking: changes wording and the way in, never the answer."""

    def take() -> None:
        store().role = st.session_state[key]

    # The store is the truth: a role that comes back from the tab or a file shows at once.
    st.session_state[key] = store().role
    st.radio(
        said("start.who"),
        ROLES,
        format_func=lambda r: said(f"start.role.{r}"),
        key=key,
        on_change=take,
    )


def shared_toggle(key: str) -> None:
    """On a shared computer nothing is kept in the tab."""

    def take() -> None:
        store().keep_in_browser = not st.session_state[key]

    st.session_state[key] = not store().keep_in_browser
    st.toggle(
        said("frame.shared"),
        key=key,
        on_change=take,
        help=said("frame.shared_help"),
    )


def heading(text: str) -> None:
    """The one heading of a screen (it takes the focus when the step changes)."""
    st.title(plain(text), anchor=False)


def sorry(kind: str) -> None:
    """An unexpected error: an apology and a way on, with the answers kept."""
    heading(said("sorry.title"))
    st.write(said("sorry.text"))
    st.caption(said("sorry.kind", kind=kind))
    with st.container(horizontal=True):
        st.button(
            said("sorry.go_on"),
            key="sorry_on",
            type="primary",
            on_click=navigation.go,
            args=(navigation.REVIEW,),
        )
        save_button("sorry_save")
