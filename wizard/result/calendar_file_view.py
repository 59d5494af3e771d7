"""Downloads that are made when they are asked for: nothing is worked out, or written, before."""

from __future__ import annotations

import streamlit as st

from rules.report.calendar_file import calendar_file, days_of
from wizard.session import current_case, current_result, today
from wizard.shell.said import bare


def calendar_button(label: str, key: str) -> bool:
    """Downloads the days still to come as a calendar file; whether there is one."""
    case, result = current_case(), current_result()
    if not days_of(case, result):
        return False
    st.download_button(
        label,
        data=lambda: calendar_file(case, result),
        file_name=bare("calendar.file_name", day=today().isoformat()),
        mime="text/calendar",
        key=key,
        icon=":material/event:",
        on_click="ignore",
    )
    return True
