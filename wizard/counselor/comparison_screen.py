"""The comparison on one page, to print and bring along."""

from __future__ import annotations

import streamlit as st

from wizard.labels import day
from wizard.session import today
from wizard.shell import navigation
from wizard.shell.browser import print_button
from wizard.shell.layout import heading
from wizard.shell.said import plain_lines, said

from .comparison_view import cases_of, desk, draw_comparison, draw_path_rows, results_of

DESK = "counselor"


def draw() -> None:
    found = desk()
    cases = cases_of(found)
    results = results_of(cases)
    heading(said("counselor.print_title"))
    st.caption(said("counselor.print_made", day=day(today())))
    with st.container(key="desk_print_tools", horizontal=True, gap="small"):
        print_button()
        st.button(
            said("counselor.print_back"), key="print-desk", on_click=navigation.go, args=(DESK,)
        )
    draw_comparison(found, cases, results)
    if found.note:
        st.header(said("counselor.desk_note"), anchor=False)
        st.markdown(plain_lines(found.note))
    if len(found.variants) > 1:
        st.header(said("counselor.paths"), anchor=False)
        draw_path_rows(found, results, only_differing=True)
    st.caption(
        said("counselor.limits", day=day(results[0].today), version=results[0].rules_version)
    )
