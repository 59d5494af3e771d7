"""A step of the plan as people read it: a tick, who, by when, and how to know that it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from rules import load_rules
from rules.report.action_plan import PlanStep
from rules.result import PathShown
from wizard.session import store
from wizard.shell.said import Markdown, link, plain, said

from .path_view import by_when, paper_name

MOST_NAMED = 3


def draw_plan_step(step: PlanStep, by_id: Mapping[str, PathShown]) -> None:
    """One step. The tick is kept with the answers; it shows the same wherever the step stands."""
    widget = f"plan-{step.id}"
    ticked = store().ticked
    st.session_state[widget] = step.id in ticked

    def take() -> None:
        (ticked.add if st.session_state[widget] else ticked.discard)(step.id)

    with st.container(key=f"plan_step_{step.id}", gap=None):
        st.checkbox(f"{plain(step.text)}{by_when(step.by)}", key=widget, on_change=take)
        st.caption("  \n".join(_small(step, by_id)))


def _small(step: PlanStep, by_id: Mapping[str, PathShown]) -> list[str]:
    who = said("plan.who", who=said(f"paths.who.{step.who}"))
    papers = "; ".join(dict.fromkeys(paper_name(d) for d in step.documents))
    bring = f" · {said('paths.bring', papers=papers)}" if papers else ""
    lines = [
        who + bring,
        plain(step.done_when or ""),
        plain(step.if_it_fails or ""),
        _serves([by_id[p] for p in step.paths if p in by_id]),
    ]
    return [line for line in lines if line]


def _serves(paths: Sequence[PathShown]) -> str:
    names = list(dict.fromkeys(p.name for p in paths))
    if not names:
        return ""
    shown = "; ".join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        return said("plan.serves_many", number=len(names), paths=shown)
    return said("plan.serves", paths=shown)


def source_line(ident: str | None) -> Markdown:
    """The title of a source with its address, for markdown; nothing where there is none."""
    source = load_rules().sources.get(ident or "")
    if source is None:
        return Markdown()
    return link(source.title, source.url)
