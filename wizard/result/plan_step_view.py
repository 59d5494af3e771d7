"""A step of the plan as people read it: a tick, who, whom to call, by when, and how to know that it is done."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.report.action_plan import PlanStep
from wizard.session import store
from wizard.shell.said import Markdown, link, plain, said

from .step_words import by_when, contact_words, papers_words, short_title


def draw_plan_step(step: PlanStep, more: bool, key: str = "plan") -> None:
    """One step, with `more` also how to know that it is done. The tick is kept with the answers."""
    widget = f"{key}-{step.id}"
    ticked = store().ticked
    st.session_state[widget] = step.id in ticked

    def take() -> None:
        (ticked.add if st.session_state[widget] else ticked.discard)(step.id)

    with st.container(key=f"{key}_step_{step.id}", gap=None):
        st.checkbox(f"{plain(step.text)}{by_when(step.by)}", key=widget, on_change=take)
        st.caption("  \n".join(_small(step, more)))


def _small(step: PlanStep, more: bool) -> list[str]:
    who = said("plan.who", who=said(f"paths.who.{step.who}"))
    first = " · ".join(p for p in (who, contact_words(step.contact)) if p)
    after = " ".join(plain(t) for t in (step.done_when, step.if_it_fails) if t and more)
    return [line for line in (first, papers_words(step.documents), after) if line]


def source_line(ident: str | None) -> Markdown:
    """The title of a source with its address, for markdown; nothing where there is none."""
    source = load_rules().sources.get(ident or "")
    if source is None:
        return Markdown()
    return link(short_title(source.title), source.url)
