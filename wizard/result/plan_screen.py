"""The plan: the few steps of the leading answer in order; those of any other way one tap away."""

from __future__ import annotations

import streamlit as st

from rules.messages import phrase
from rules.report.action_plan import PlanStep, first_acts, plan_of
from rules.result import PathShown, Result
from wizard.session import current_result, store
from wizard.shell import navigation, styles
from wizard.shell.layout import heading
from wizard.shell.said import bare, counted, plain, said
from wizard.shell.session_cache import kept

from .next_steps import StepText, done_in, said_once
from .path_view import path_title
from .plan_step_view import draw_plan_step, source_line


def draw() -> None:
    styles.use("next")
    heading(said("plan.title"))
    if store().empty():
        st.write(said("plan.nothing_yet"))
        st.button(said("start.begin"), key="plan-begin", type="primary", on_click=navigation.begin)
        return
    result = current_result()
    steps = kept("plan", lambda: plan_of(result))
    best = result.best_path
    if best is not None:
        st.markdown(said("plan.lead", path=path_title(best)))
    _draw_progress(steps)
    _draw_steps(steps, len(first_acts(result)))
    _draw_ways_on()
    if best is not None:
        _draw_answers(best)
        _draw_laws(best)
    _draw_other_way(result)
    st.caption(said("result.limits", day=result.today.isoformat(), version=result.rules_version))


def _draw_progress(steps: list[PlanStep]) -> None:
    if steps:
        done = done_in(steps, store().ticked)
        st.markdown(counted("plan.done", done, total=len(steps)))
        st.caption(said("plan.keep"))
    else:
        st.markdown(said("plan.no_steps"))


def _draw_steps(steps: list[PlanStep], first: int) -> None:
    """The acts of this week, then the rest, in the plan's own order."""
    if steps and done_in(steps, store().ticked) == len(steps):
        st.success(said("plan.all_done"))
    more = bool(steps) and st.toggle(said("plan.more"), key="plan-more")
    for name, part in (("first", steps[:first]), ("rest", steps[first:])):
        if part:
            st.header(said(f"plan.{name}"), anchor=False)
            with st.container(key=f"plan_{name}", border=name == "first"):
                for step in part:
                    draw_plan_step(step, more)


def _draw_ways_on() -> None:
    with st.container(key="plan_tools", horizontal=True, gap="small"):
        for name, kind in (("papers", "primary"), ("calendar", "secondary")):
            st.button(
                said(f"plan.to_{name}"), key=f"plan-to-{name}", type=kind,  # type: ignore[arg-type]
                on_click=navigation.go, args=(name,),
            )  # fmt: skip


def _draw_other_way(result: Result) -> None:
    """The steps of any other way: none is in the way of the plan, all are one tap away."""
    titles = {p.id: path_title(p, bare) for p in result.paths if p.id != result.best}
    if not titles:
        return
    st.header(said("plan.other"), anchor=False)
    chosen: str | None = st.selectbox(
        said("plan.for_path"), list(titles), index=None, key="plan-path",
        format_func=lambda p: titles[p], placeholder=said("plan.choose"),
    )  # fmt: skip
    if chosen is not None:
        for step in plan_of(result, [p for p in result.paths if p.id == chosen]):
            draw_plan_step(step, more=True, key="other")


# --- answers and laws --------------------------------------------------------------------------------


def _draw_answers(path: PathShown) -> None:
    found = said_once([path], lambda p: p.answer_times)
    with st.expander(said("plan.answers"), key="plan-answers"):
        st.markdown(said("plan.answers_lead" if found else "plan.answers_none"))
        _draw_told(found)
        st.markdown(said("plan.late"))


def _draw_laws(path: PathShown) -> None:
    found = said_once([path], lambda p: p.laws)
    if not found:
        return
    with st.expander(said("plan.laws"), key="plan-laws"):
        if path.law is not None:
            st.caption(plain(phrase("law", path.law)))
        _draw_told(found)


def _draw_told(found: tuple[StepText, ...]) -> None:
    for told in found:
        st.markdown("\n".join(f"- {plain(text)}" for text in told.texts))
        source = source_line(told.source)
        if source:
            st.caption(source)
