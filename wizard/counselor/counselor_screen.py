"""The counselor's desk: two to four variants of one case side by side, every difference marked."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from rules import Result, load_rules
from rules.case import PlainCase
from wizard.interview.open_file_view import open_file
from wizard.interview.problem import Problem
from wizard.interview.question_head_view import draw_problem
from wizard.session import current_result, store
from wizard.shell import navigation
from wizard.shell.crisis_banner import crisis_notes, draw_health, draw_lines
from wizard.shell.layout import heading
from wizard.shell.said import bare, counted, plain, said

from .comparison_view import (
    cases_of,
    desk,
    differing,
    draw_comparison,
    draw_path_rows,
    edit_words,
    keep_desk,
    results_of,
)
from .edit_fields import draw_topic, read_edit, topic_name, topics
from .scenario import (
    LONGEST_DESK_NOTE,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST,
    CounselorDesk,
    Scenario,
    ScenarioChange,
)
from .scenarios import starters

PRINT = "comparison"


def draw() -> None:
    heading(said("counselor.title"))
    st.markdown(said("counselor.lead"))
    if store().empty():
        _draw_nothing_told()
    found = desk()
    cases = cases_of(found)
    results = results_of(cases)
    if not crisis_notes(current_result()):
        notes = next((n for r in results if (n := crisis_notes(r))), ())
        if notes:
            draw_lines(notes)
    draw_health(current_result())
    _draw_starters(found, cases[0])
    _draw_variants(found, cases)
    if len(found.variants) > 1:
        _draw_editor(found, cases)
    st.header(said("counselor.compare"), anchor=False)
    if len(found.variants) == 1:
        st.info(said("counselor.one_only"), icon=":material/compare_arrows:")
    draw_comparison(found, cases, results)
    _draw_desk_note(found)
    if len(found.variants) > 1:
        _draw_paths(found, results)
    st.button(
        said("counselor.print"), key="desk-print", icon=":material/print:",
        on_click=navigation.go, args=(PRINT,),
    )  # fmt: skip


def _draw_nothing_told() -> None:
    st.info(said("counselor.nothing_told"), icon=":material/edit_note:")
    st.button(said("counselor.to_questions"), key="desk-begin", on_click=navigation.begin)
    with st.expander(said("counselor.open_title"), icon=":material/folder_open:"):
        open_file()


# --- starting a variant -----------------------------------------------------------------------------------


def _draw_starters(found: CounselorDesk, base: PlainCase) -> None:
    st.markdown(f"**{said('counselor.starters')}**")
    if len(found.variants) >= MOST:
        st.caption(said("counselor.full"))
        return
    with st.container(horizontal=True, gap="small", key="desk-starters"):
        for name, edits in starters(base, load_rules()).items():
            st.button(
                said(f"counselor.starter.{name}"), key=f"start-{name}", icon=":material/add:", wrap=True,
                on_click=_add, args=(bare(f"counselor.starter_name.{name}"), edits),
            )  # fmt: skip
        number = len(found.variants)
        st.button(
            said("counselor.starter.own"), key="start-own", icon=":material/add:",
            on_click=_add, args=(bare("counselor.variant", number=number), ()),
        )  # fmt: skip


def _add(name: str, edits: tuple[ScenarioChange, ...]) -> None:
    changed = desk().added(name, edits)
    keep_desk(changed)
    st.session_state["desk-which"] = changed.variants[-1].id


# --- the variants -------------------------------------------------------------------------------------------


def _draw_variants(found: CounselorDesk, cases: list[PlainCase]) -> None:
    st.header(said("counselor.variants"), anchor=False)
    for column, variant, case in zip(
        st.columns(len(found.variants), border=True), found.variants, cases, strict=True
    ):
        with column:
            _draw_variant(found, variant, case)


def _draw_variant(found: CounselorDesk, variant: Scenario, case: PlainCase) -> None:
    first = variant is found.variants[0]
    number = found.variants.index(variant) + 1
    key = f"desk-name-{variant.id}"
    label = said("counselor.name_base") if first else said("counselor.name", number=number)
    st.text_input(
        label,
        value=variant.name,
        key=key,
        max_chars=LONGEST_NAME,
        on_change=_rename,
        args=(variant.id, key),
    )
    if first:
        st.markdown(said("counselor.as_told"))
        st.button(
            said("counselor.change_base"), key="desk-change-base", icon=":material/edit:",
            on_click=navigation.go, args=(navigation.REVIEW,),
        )  # fmt: skip
    else:
        _draw_edits(variant, case)
    note = f"desk-note-{variant.id}"
    st.session_state[note] = variant.note
    st.text_area(
        said("counselor.note", name=variant.name), key=note, max_chars=LONGEST_NOTE,
        height=80, on_change=_take_note, args=(variant.id, note),
    )  # fmt: skip
    if not first:
        st.button(
            said("counselor.remove", name=variant.name), key=f"desk-remove-{variant.id}",
            type="tertiary", icon=":material/delete:", on_click=_remove, args=(variant.id,),
        )  # fmt: skip


def _draw_edits(variant: Scenario, case: PlainCase) -> None:
    if not variant.edits:
        st.markdown(said("counselor.no_edits"))
    for number, edit in enumerate(variant.edits):
        words = edit_words(edit, case.get("coverages") or [])
        st.button(
            plain(words), key=f"desk-back-{variant.id}-{number}", icon=":material/undo:",
            type="tertiary", help=said("counselor.take_back", edit=words),
            on_click=_take_back, args=(variant.id, number),
        )  # fmt: skip
    if variant.edits:
        st.caption(said("counselor.press_to_undo"))


def _rename(ident: int, key: str) -> None:
    name = str(st.session_state[key]).strip()
    variant = desk().find(ident)
    if variant is not None and name:
        keep_desk(desk().put(replace(variant, name=name)))


def _take_note(ident: int, key: str) -> None:
    variant = desk().find(ident)
    if variant is not None:
        keep_desk(desk().put(replace(variant, note=str(st.session_state[key]).strip())))


def _remove(ident: int) -> None:
    keep_desk(desk().without(ident))
    st.session_state.pop("desk-which", None)


def _take_back(ident: int, number: int) -> None:
    keep_desk(desk().taken_back(ident, number))


# --- changing one -------------------------------------------------------------------------------------------


def _draw_editor(found: CounselorDesk, cases: list[PlainCase]) -> None:
    others = found.variants[1:]
    by_id = {v.id: (v, c) for v, c in zip(found.variants, cases, strict=True)}
    with st.container(border=True, key="desk-editor"):
        st.subheader(said("counselor.editor.title"), anchor=False)
        left, middle, right = st.columns(3)
        with left:
            which: int = st.selectbox(
                said("counselor.editor.which"), [v.id for v in others],
                format_func=lambda i: by_id[i][0].name if i in by_id else "", key="desk-which",
            )  # fmt: skip
        case = by_id[which][1]
        with middle:
            topic: str | None = st.selectbox(
                said("counselor.editor.what"), topics(case), index=None,
                format_func=lambda t: topic_name(t, case),
                placeholder=said("counselor.editor.choose"), key=f"desk-what-{which}",
            )  # fmt: skip
        if topic is None:
            return
        key = f"desk-new-{which}-{topic}"
        with right:
            draw_topic(topic, case, key)
            draw_problem(key)
        with st.container(horizontal=True, gap="small"):
            st.button(
                said("counselor.editor.apply"), key="desk-apply", type="primary",
                on_click=_apply, args=(which, topic, case, key),
            )  # fmt: skip
            if not topic.startswith("plan:") and topic != "trial":
                st.button(
                    said("counselor.editor.unknown"), key="desk-unknown",
                    on_click=_edit, args=(which, ScenarioChange("answer", topic, None)),
                )  # fmt: skip


def _apply(which: int, topic: str, case: PlainCase, key: str) -> None:
    found = read_edit(topic, case, key)
    navigation.problem(found if isinstance(found, Problem) else None, key)
    if isinstance(found, ScenarioChange):
        _edit(which, found)


def _edit(which: int, edit: ScenarioChange) -> None:
    keep_desk(desk().edited(which, edit))
    st.session_state[f"desk-what-{which}"] = None


# --- below the table ------------------------------------------------------------------------------------------


def _draw_desk_note(found: CounselorDesk) -> None:
    def take() -> None:
        keep_desk(replace(desk(), note=str(st.session_state["desk-note"]).strip()))

    st.session_state["desk-note"] = found.note
    st.text_area(
        said("counselor.desk_note"), key="desk-note", max_chars=LONGEST_DESK_NOTE,
        help=said("counselor.desk_note_help"), on_change=take,
    )  # fmt: skip


def _draw_paths(found: CounselorDesk, results: list[Result]) -> None:
    with st.expander(
        counted("counselor.paths_count", differing(results)), key="desk-paths",
        icon=":material/alt_route:", on_change="rerun",
    ) as fold:  # fmt: skip
        if fold.open:
            st.markdown(said("counselor.paths_lead"))
            only = st.toggle(said("counselor.only_differing"), value=True, key="desk-only")
            draw_path_rows(found, results, only)
