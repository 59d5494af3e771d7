"""The front door: picks the step in the address bar and draws its screen.

`streamlit run app.py` meets this file twice: once as the server's `app`, with the guards before it, and
then as the script that is run for every step of every person.
"""

from __future__ import annotations

import streamlit as st

from wizard.screening.open_row_view import draw_open_row
from wizard.server import guards
from wizard.session import store
from wizard.shell import browser, errors, layout, navigation, pages, styles
from wizard.shell.crisis_banner import draw_safety
from wizard.shell.said import bare, said
from wizard.shell.startup import clean_now_and_then, load_or_leave, warm_up


def main() -> None:
    """One run: the frame, the crisis lines where they are called for, and the screen."""
    errors.keep_messages_out_of_the_log()
    warm_up()
    step = navigation.current_step()
    page = pages.page_of(step)
    styles.use("calm")
    if not browser.restore(step, may_draw_before=step == navigation.START):
        st.write(said("frame.opening"))
        return
    try:
        _draw(page, step)
    except Exception as error:
        errors.note(error, page.name)
        layout.sorry(type(error).__name__)
    browser.serve_fields()
    browser.keep(step)
    clean_now_and_then()


def _draw(page: pages.Page, step: str) -> None:
    st.set_page_config(
        page_title=bare("frame.tab", page=pages.tab_title(page, step)),
        page_icon=styles.asset("icon.svg"),  # a named icon would be fetched from another host
        layout="wide" if page.wide else "centered",
    )
    layout.top(pages.menu(told_something=not store().empty()))
    # Always there: what comes and goes above a screen would take the focus from its fields.
    with st.container(key="safety_place"):
        if page.name != "table":  # a list of people is not the person whose row was opened
            draw_safety(step, is_question=page.name == "questions")
            draw_open_row()
    failed = errors.failed()
    if failed is not None:
        layout.sorry(failed)
        return
    page.draw()
    layout.bottom(step)


if __name__ == "__main__":
    main()
else:
    load_or_leave()
    app = st.App(__file__, middleware=guards())
