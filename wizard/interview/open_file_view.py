"""Opening a saved file, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from wizard.answers_file import MOST_BYTES, Notice, from_file
from wizard.labels import short_name
from wizard.session import Slot, replace, store, today
from wizard.shell import navigation
from wizard.shell.said import said

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class LastFile:
    """The file opened last: which it was, what to tell of it, and whether its answers were taken."""

    file_id: str
    notices: tuple[Notice, ...]
    well: bool


_LAST: Slot[LastFile | None] = Slot("opened", lambda: None)


def open_file() -> None:
    """Open a saved file; what could not be read is told, what could is kept."""
    found = st.file_uploader(
        said("start.open"),
        type=["json"],
        key="open-file",
        max_upload_size=max(1, MOST_BYTES // MEGABYTE),
    )
    last = _LAST.get()
    if found is not None and (last is None or found.file_id != last.file_id):
        opened = from_file(found.getvalue(), today())
        if opened.answers is not None:
            opened.answers.keep_in_browser = store().keep_in_browser
            replace(opened.answers)
        _LAST.set(LastFile(found.file_id, opened.notices, opened.answers is not None))
        st.rerun()
    if last is not None:
        _tell_opened(last)


def _tell_opened(last: LastFile) -> None:
    if last.notices:
        rows = "\n".join(f"- {_notice_words(n)}" for n in last.notices)
        (st.warning if last.well else st.error)(f"{said('file.told')}\n\n{rows}")
    if last.well:
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
    if notice.field is None:
        return said(notice.key)
    value = notice.fault.value if notice.fault is not None else ""
    return said(notice.key, name=short_name(notice.field), value=value)
