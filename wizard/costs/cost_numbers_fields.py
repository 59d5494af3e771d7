"""The numbers that the sums rest on: each with its default, its source, and a field for one's own."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from rules import load_rules
from rules.costs import Assumption, CostPicture, assumption_label
from rules.costs.show import assumption_amount, assumption_why, words
from wizard.interview.number_fields import draw_number
from wizard.interview.problem import Problem
from wizard.interview.typed_number import Range, shown
from wizard.result.path_view import dated, sureness
from wizard.result.plan_step_view import source_line
from wizard.session import Slot, store
from wizard.shell.said import counted, plain, said

from .cost_picture import GROUPS, as_typed, group_of, read, typed

PREFIX = "cost-"
# By assumption, what is wrong with the number that was typed for it.
_REFUSED: Slot[dict[str, Problem]] = Slot("cost_refused", dict)


def draw_numbers(picture: CostPicture, shown_numbers: Sequence[Assumption]) -> None:
    """The numbers behind the open ways by group, each open to change."""
    st.markdown(said("costs.numbers_lead"))
    if store().own_numbers:
        st.markdown(counted("costs.own", len(store().own_numbers)))
        st.caption(said("costs.keep"))
        st.button(said("costs.reset"), key="costs-reset", on_click=_reset, icon=":material/undo:")
    for group in GROUPS:
        found = [a for a in shown_numbers if group_of(a) == group]
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
    _REFUSED.drop()


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
    by = "by_stand_in" if a.stood_in else by
    if by is not None:
        return f" {said(f'costs.{by}')}"
    source = load_rules().sources.get(a.source or "")
    title = said("costs.by_source", title=source_line(a.source))
    when = dated(a.as_of, source.checked if source is not None else None, a.confidence)
    return f"  \n{title} · {when} · {sureness(a.confidence)}"


def _draw_field(a: Assumption, label: str) -> None:
    key = PREFIX + a.id

    def take() -> None:
        _take(a, _range_of(a, label).read(str(st.session_state[key])))

    # The field shows one's own number or the figure used; a range shows as a hint in an empty field.
    # What was refused stands there as it was typed, with what is wrong with it.
    refused = _REFUSED.get().get(a.id)
    if refused is None:
        st.session_state[key] = shown(as_typed(a))
    draw_number(label, key, placeholder=assumption_amount(a), on_change=take)
    if refused is not None:
        with st.container(key=f"problem_{key}"):
            st.error(said(refused.key, **dict(refused.words)), icon=":material/error:")


def _range_of(a: Assumption, label: str) -> Range:
    """What a number may be, in the units in which people type it."""
    high = None if a.most.is_infinite() else typed(a, a.most)
    return Range(label, typed(a, a.least), high, whole=a.unit not in ("usd", "share"))


def _take(a: Assumption, found: float | Problem | None) -> None:
    _REFUSED.held().pop(a.id, None)
    if isinstance(found, Problem):
        _REFUSED.held()[a.id] = found
    elif found is None:
        store().own_numbers.pop(a.id, None)
    else:
        store().own_numbers[a.id] = read(a, found)
