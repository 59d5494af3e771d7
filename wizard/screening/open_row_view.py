"""A row of the table that is open as a case: its name on top of every screen, and the way back."""

from __future__ import annotations

import copy
from collections.abc import Hashable

import streamlit as st

from rules import load_rules
from wizard.answers import Answers
from wizard.session import LAST_CALLER, OPEN_ROW, replace, store, today
from wizard.shell import navigation
from wizard.shell.said import said

from .table_session import ROWS, WORK
from .taken_back import taken_back
from .worklist import Screening, case_of


def open_row(work: Screening, row: Hashable, name: str) -> None:
    """One row as a case: its answers become those of the session; the last ones can be brought back."""
    last = store()
    if not last.empty() and OPEN_ROW.get() is None:
        LAST_CALLER.set(last)
    case = case_of(work, row, today(), load_rules())
    replace(Answers(case=case, role=last.role, keep_in_browser=last.keep_in_browser))
    OPEN_ROW.set((row, name))
    navigation.leave_review(navigation.RESULT)


def draw_open_row() -> None:
    """Which row is open, and the way back to its list."""
    opened = OPEN_ROW.get()
    if opened is None or WORK.get() is None:
        return
    with st.container(key="open_row", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(said("table.opened", name=opened[1]))
        st.button(
            said("table.back"), key="open-row-back", on_click=navigation.go, args=("table",)
        )  # fmt: skip


def take_back() -> None:
    """Work the open row out anew where its case was corrected."""
    opened, work = OPEN_ROW.get(), WORK.get()
    if opened is None or work is None or opened[0] not in work.rows.index:
        return
    case = copy.deepcopy(store().case_data())
    changed = taken_back(work, opened[0], case, today(), load_rules())
    if changed is not work:
        WORK.set(changed)
        ROWS.set(changed.rows)
