"""The numbers that the sums rest on: each with its default, its source, and a field for one's own."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.costs import Assumption, CostPicture, assumption_label
from rules.costs.show import assumption_amount, assumption_why, words
from wizard.result.path_view import dated, sureness
from wizard.result.plan_step_view import source_line
from wizard.session import store
from wizard.shell.said import counted, plain, said

from .cost_picture import GROUPS, as_typed, group_of, read, typed

PREFIX = "cost-"
STEP = {"usd": 50.0, "share": 1.0, "sessions": 1.0, "sessions_a_year": 1.0, "months": 1.0}


def draw_numbers(picture: CostPicture) -> None:
    """All numbers by group, each open to change."""
    st.markdown(said("costs.numbers_lead"))
    if store().own_numbers:
        st.markdown(counted("costs.own", len(store().own_numbers)))
        st.caption(said("costs.keep"))
        st.button(said("costs.reset"), key="costs-reset", on_click=_reset, icon=":material/undo:")
    for group in GROUPS:
        found = [a for a in picture.shown_assumptions() if group_of(a) == group]
        if not found:
            continue
        name = said(f"costs.group.{group}")
        label = said("costs.group_open", group=name, number=len(found))
        with st.expander(label, key=f"costs-{group}", on_change="rerun") as fold:
            if fold.open:
                for assumption in found:
                    _draw_number(assumption, picture)


def _reset() -> None:
    for ident in store().own_numbers:
        st.session_state.pop(PREFIX + ident, None)
    store().own_numbers.clear()


def _draw_number(a: Assumption, picture: CostPicture) -> None:
    label = said("costs.label", label=assumption_label(a), unit=words("unit", a.unit))
    if a.editable:
        _draw_field(a, label)
    else:
        st.markdown(f"**{label}**  \n{said('costs.fixed', amount=assumption_amount(a))}")
    lines = [_used(a), assumption_why(a) or ""]
    if a.late is not None:
        lines.append(said("costs.late", year=a.late, now=picture.today.year))
    st.caption(" ".join(plain(line) for line in lines if line) + _source(a))
    for other in a.others:
        title = source_line(other.source)
        st.caption(said("costs.also", says=other.says, title=title))


def _used(a: Assumption) -> str:
    return said("costs.used", amount=assumption_amount(a))


def _source(a: Assumption) -> str:
    """Who said the number that is used."""
    by = {"case": "by_answer", "yours": "by_you", "blank": "by_nobody"}.get(a.origin)
    if by is not None:
        return f" {said(f'costs.{by}')}"
    source = load_rules().sources.get(a.source or "")
    title = said("costs.by_source", title=source_line(a.source))
    when = dated(a.as_of, source.checked if source is not None else None, a.confidence)
    return f"  \n{title} · {when} · {sureness(a.confidence)}"


def _draw_field(a: Assumption, label: str) -> None:
    key = PREFIX + a.id
    whole = a.unit not in ("usd", "share")

    def take() -> None:
        number = st.session_state[key]
        if number is None:
            store().own_numbers.pop(a.id, None)
        else:
            store().own_numbers[a.id] = read(a, number)

    # The field shows one's own number or the figure used; a range shows as a hint in an empty field.
    st.session_state[key] = as_typed(a)
    st.number_input(
        label, min_value=typed(a, a.least), max_value=typed(a, a.most), step=STEP[a.unit],
        format="%.0f" if whole else "%.2f", key=key, on_change=take,
        placeholder=assumption_amount(a),
    )  # fmt: skip
