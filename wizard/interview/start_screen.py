"""The start: who is asking, what this is and is not, what to have at hand, and the ways in."""

from __future__ import annotations

import streamlit as st

from wizard.answers import replace, store, today
from wizard.answers_file import MOST_BYTES, Notice, from_file
from wizard.labels import short_name
from wizard.messages import texts
from wizard.shell import navigation, pages
from wizard.shell.layout import heading, role_choice, shared_toggle
from wizard.shell.said import said

MEGABYTE = 1_000_000


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
    role = store().role
    told = not store().empty()
    own = {"intake": ("quick-form", "table"), "counselor": ("counselor",)}.get(role, ())
    with st.container(key="ways_in", horizontal=True, gap="small"):
        for page in navigation.links(own):
            st.button(
                said(page.title), key=f"in-{page.name}", type="primary",
                on_click=navigation.go, args=(page.name,),
            )  # fmt: skip
        st.button(
            said("start.go_on" if told else "start.begin"), key="begin",
            type="secondary" if navigation.links(own) else "primary", on_click=navigation.begin,
        )  # fmt: skip
        if told and pages.exists("result"):
            st.button(
                said("pages.result"),
                key="in-result",
                on_click=navigation.go,
                args=(navigation.RESULT,),
            )
    st.caption(said("start.how_long"))


def open_file() -> None:
    """Open a saved file; what could not be read is told, what could is kept."""
    found = st.file_uploader(
        said("start.open"),
        type=["json"],
        key="open-file",
        max_upload_size=max(1, MOST_BYTES // MEGABYTE),
    )
    if found is not None and found.file_id != st.session_state.get("opened"):
        st.session_state["opened"] = found.file_id
        opened = from_file(found.getvalue(), today())
        st.session_state["opened_notices"] = opened.notices
        if opened.answers is not None:
            opened.answers.keep_in_browser = store().keep_in_browser
            replace(opened.answers)
        st.session_state["opened_well"] = opened.answers is not None
        st.rerun()
    _tell_opened()


def _tell_opened() -> None:
    notices: tuple[Notice, ...] | None = st.session_state.get("opened_notices")
    if notices is None:
        return
    well = st.session_state["opened_well"]
    if notices:
        rows = "\n".join(f"- {_notice_words(n)}" for n in notices)
        (st.warning if well else st.error)(f"{said('file.told')}\n\n{rows}")
    if well:
        st.success(said("file.opened"), icon=":material/check_circle:")
        with st.container(horizontal=True, gap="small"):
            st.button(
                said("file.to_answers"),
                key="opened-check",
                type="primary",
                on_click=navigation.go,
                args=(navigation.REVIEW,),
            )
            st.button(
                said("pages.result"),
                key="opened-result",
                on_click=navigation.go,
                args=(navigation.RESULT,),
            )


def _notice_words(notice: Notice) -> str:
    if notice.fault is None:
        return said(notice.key)
    return said(notice.key, name=short_name(notice.field or ""), value=notice.fault.value)
