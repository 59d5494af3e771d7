"""The comparison on one page, to print and bring along."""

from __future__ import annotations

import streamlit as st

from wizard.labels import day
from wizard.session import today
from wizard.shell import navigation
from wizard.shell.browser import print_button
from wizard.shell.layout import heading
from wizard.shell.said import plain_lines, said

from .comparison_view import desk, draw_comparison, worked_out

DESK = "counselor"


def draw() -> None:
    found = desk()
    variants = worked_out(found)
    heading(said("counselor.print_title"))
    with st.container(key="desk_print_tools", horizontal=True, gap="small"):
        print_button()
        st.button(
            said("counselor.print_back"), key="print-desk", on_click=navigation.go, args=(DESK,)
        )
    if found.note:
        st.markdown(f"**{said('counselor.desk_note')}**  \n{plain_lines(found.note)}")
    draw_comparison(found, variants)
    result = variants[0].result
    made = said("counselor.print_made", day=day(today()))
    limits = said("counselor.limits", day=day(result.today), version=result.rules_version)
    st.caption(f"{made} {limits}")
