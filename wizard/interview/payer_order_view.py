"""Who pays first, among several covers."""

from __future__ import annotations

import streamlit as st

from wizard.labels import cover_name, short_name
from wizard.session import current_result, store
from wizard.shell.said import plain, said


def draw_order(level: int = 3) -> None:
    """The order of payers, as soon as there are two covers; what is open names its question."""
    result = current_result()
    covers = store().covers()
    if len(covers) < 2 or not result.payer_order:
        return
    st.markdown(f"{'#' * level} {said('order.title')}")
    missing: dict[str, None] = {}
    reasons: dict[str, None] = {}
    for place in result.payer_order:
        name = plain(cover_name(covers[place.coverage], place.coverage))
        why = "" if place.why in reasons else f" {plain(place.why)}"
        reasons.setdefault(place.why)
        st.markdown(f"- **{name}**: {said(f'order.position.{place.position}')}.{why}")
        for question in place.questions:
            missing.setdefault(short_name(question))
    if missing:
        st.caption(said("order.missing", fields="; ".join(missing)))
    if result.notes:
        with st.expander(said("order.more"), type="compact"):
            for note in result.notes:
                st.markdown(f"- {plain(note.text)}")
