"""The front door: picks the step in the address bar and draws its screen."""

from __future__ import annotations

import streamlit as st

from wizard.shell import browser, errors, layout, navigation, pages, theme
from wizard.shell.crisis_banner import draw_safety
from wizard.shell.said import bare, said
from wizard.shell.startup import make_ready


def main() -> None:
    """One run: the frame, the crisis lines where they are called for, and the screen."""
    errors.keep_messages_out_of_the_log()
    make_ready()
    step = navigation.current_step()
    page = pages.existing().get(step, pages.existing()["questions"])
    theme.apply()
    if not browser.restore(step, may_draw_before=step == navigation.START):
        st.write(said("frame.opening"))
        return
    try:
        _draw(page, step)
    except Exception as error:
        errors.note(error, page.name)
        layout.sorry(type(error).__name__)
    browser.keep(step)


def _draw(page: pages.Page, step: str) -> None:
    st.set_page_config(
        page_title=bare("frame.tab", page=_title(page, step)),
        page_icon=theme.icon(),
        layout="wide" if page.wide else "centered",
    )
    layout.top()
    # Always there: what comes and goes above a screen would take the focus from its fields.
    with st.container(key="safety_place"):
        draw_safety()
    failed = errors.failed()
    if failed is not None:
        layout.sorry(failed)
        return
    pages.drawer(page)()
    layout.bottom(step)


def _title(page: pages.Page, step: str) -> str:
    """The title of the tab. It names no question: titles stay in the browser's history."""
    if page.name != "questions":
        return bare(page.title)
    from wizard.interview.question_screen import tab_title

    return tab_title(step)


main()
