"""The one plan: what to do in order, by when others must answer, and what the state's law says."""

from __future__ import annotations

import streamlit as st

from rules.messages import phrase
from rules.report.action_plan import PlanStep, paths_in_plan, plan_of
from rules.result import PathShown, Result
from wizard.session import current_result, store
from wizard.shell import navigation, styles
from wizard.shell.layout import heading
from wizard.shell.said import bare, counted, plain, said
from wizard.shell.session_cache import kept

from .next_steps import PlanPart, StepText, done_in, first_to_do, parts_of, said_once, serving
from .path_view import path_title
from .plan_step_view import draw_plan_step, source_line

MOST_NAMED = 3
ALL = ""  # of the list of paths: no single one


def draw() -> None:
    styles.use("next")
    heading(said("plan.title"))
    if store().empty():
        st.write(said("plan.nothing_yet"))
        st.button(said("start.begin"), key="plan-begin", type="primary", on_click=navigation.begin)
        return
    result = current_result()
    paths = paths_in_plan(result)
    st.markdown(said("plan.lead"))
    steps = serving(kept("plan", lambda: plan_of(result, paths)), _chosen(paths))
    _draw_progress(steps)
    _draw_steps(steps, result)
    _draw_ways_on()
    _draw_answers(paths)
    _draw_laws(paths)
    st.caption(said("result.limits", day=result.today.isoformat(), version=result.rules_version))


def _chosen(paths: list[PathShown]) -> str | None:
    titles = {p.id: path_title(p, bare) for p in paths}
    found: str = st.selectbox(
        said("plan.for_path"), [ALL, *titles], key="plan-path",
        format_func=lambda p: titles[p] if p else bare("plan.all_paths"),
    )  # fmt: skip
    return found or None


def _draw_progress(steps: tuple[PlanStep, ...]) -> None:
    done = done_in(steps, store().ticked)
    st.markdown(f":material/checklist: {counted('plan.done', done, total=len(steps))}")
    st.caption(said("plan.keep"))


# --- the steps ---------------------------------------------------------------------------------------


def _draw_steps(steps: tuple[PlanStep, ...], result: Result) -> None:
    by_id = {p.id: p for p in result.paths}
    first = first_to_do(steps, store().ticked, result.best)
    st.header(said("plan.first"), anchor=False)
    if not first:
        st.success(said("plan.all_done"), icon=":material/done_all:")
    with st.container(key="plan_first", border=bool(first)):
        for step in first:
            draw_plan_step(step, by_id)
    rest = parts_of(steps, without=first)
    if not rest:
        return
    st.header(said("plan.rest"), anchor=False)
    open_all = st.toggle(said("plan.show_all"), key="plan-all")
    for part in rest:
        _draw_part(part, by_id, open_all)


def _draw_part(part: PlanPart, by_id: dict[str, PathShown], open_all: bool) -> None:
    name = said(
        "plan.part",
        stage=said(f"plan.stage.{part.stage}"),
        done=done_in(part.steps, store().ticked),
        total=len(part.steps),
    )
    if open_all:
        st.subheader(name, anchor=False)
        for step in part.steps:
            draw_plan_step(step, by_id)
        return
    with st.expander(name, key=f"plan-part-{part.stage}", on_change="rerun") as fold:
        if fold.open:
            for step in part.steps:
                draw_plan_step(step, by_id)


def _draw_ways_on() -> None:
    with st.container(key="plan_tools", horizontal=True, gap="small"):
        for name in ("papers", "calendar"):
            st.button(
                said(f"plan.to_{name}"), key=f"plan-to-{name}", on_click=navigation.go, args=(name,)
            )


# --- answers and laws --------------------------------------------------------------------------------


def _draw_answers(paths: list[PathShown]) -> None:
    st.header(said("plan.answers"), anchor=False)
    found = said_once(paths, lambda p: p.answer_times)
    if found:
        st.markdown(said("plan.answers_lead"))
        _draw_told(found)
    else:
        st.markdown(said("plan.answers_none"))
    st.markdown(said("plan.late"))


def _draw_laws(paths: list[PathShown]) -> None:
    st.header(said("plan.laws"), anchor=False)
    found = said_once(paths, lambda p: p.laws)
    if not found:
        st.markdown(said("plan.laws_none"))
        return
    reach = dict.fromkeys(p.law for t in found for p in t.paths if p.law is not None)
    for law in reach:
        st.caption(plain(phrase("law", law)))
    _draw_told(found)


def _draw_told(found: tuple[StepText, ...]) -> None:
    for told in found:
        names = list(dict.fromkeys(p.name for p in told.paths))
        shown = "; ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
        small = [said("plan.for_paths", paths=shown), source_line(told.source)]
        st.markdown("\n".join(f"- {plain(text)}" for text in told.texts))
        st.caption(" · ".join(s for s in small if s))
