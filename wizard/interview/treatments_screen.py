"""What was tried: found by any name, listed with dose and weeks, or given as counts."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.case import PlainPart
from rules.facts.context import Facts
from rules.result import TrialShown, TrialsShown
from rules.schema.clinical import TreatmentRecord
from rules.schema.other import Question
from wizard.labels import asks, choice_label, cover_name, questions_by_field, treatment_name
from wizard.session import current_case, current_result, store, today
from wizard.shell import navigation
from wizard.shell.errors import guarded
from wizard.shell.layout import heading
from wizard.shell.said import plain, said

from .answer_fields import draw_field, read_field
from .medicines import by_family, find_treatments
from .question_head_view import draw_problem, draw_why
from .sequence import applies
from .steps import InterviewStep

LISTED, COUNTED = "list", "counts"
COUNT_FIELDS = (
    "treatment_counts.antidepressants_failed",
    "treatment_counts.antidepressant_classes_failed",
    "treatment_counts.augmentations_failed",
    "treatment_counts.psychotherapy_tried",
    "treatment_counts.pain_treatments_failed",
)


def draw_step(step: InterviewStep) -> None:
    """The treatments step, in the form that the person chose."""
    assert step.question is not None
    heading(asks(step.question, store().role))
    draw_why(step.question)
    draw_problem()
    has_counts = bool(store().case.get("treatment_counts")) and not store().get("treatments")
    form = st.radio(
        said("treatments.form"),
        (LISTED, COUNTED),
        index=1 if has_counts else 0,
        format_func=lambda f: said(f"treatments.form_{f}"),
        horizontal=True,
        key="treatments-form",
    )
    if form == COUNTED:
        _draw_counts(step)
    else:
        _draw_listed(step)


# --- the list ----------------------------------------------------------------------------------------


def _tried() -> list[PlainPart]:
    return list(store().get("treatments") or [])


def _draw_listed(step: InterviewStep) -> None:
    tried = _tried()
    _draw_search(step)
    if tried:
        st.markdown(f"## {said('treatments.yours')}")
        _draw_rows(step, tried)
        if store().case.get("treatment_counts"):
            st.caption(said("treatments.counts_too"))
    with st.container(key="answer_buttons", horizontal=True, gap="small"):
        if tried:
            st.button(
                said("question.go_on"), key="treatments-on", type="primary",
                on_click=_take_rows, args=(step, tried),
            )  # fmt: skip
        else:
            st.button(
                said("treatments.none"), key="treatments-none",
                on_click=navigation.take, args=(step, {"treatments": []}),
            )  # fmt: skip
            st.button(
                said("question.unknown"), key="treatments-unknown",
                on_click=navigation.take, args=(step, {"treatments": None}),
            )  # fmt: skip


def _draw_search(step: InterviewStep) -> None:
    text = st.text_input(
        said("treatments.search"), key="treatments-search", placeholder=said("treatments.search_example"), icon=":material/search:", live=True,
    )  # fmt: skip
    if text and len(text.strip()) >= 2:
        found = find_treatments(text, load_rules())
        if found:
            _draw_found(step, found)
        else:
            st.info(said("treatments.nothing_found"))
    with st.expander(
        said("treatments.browse"), icon=":material/list:", key="browse", on_change="rerun"
    ) as browse:
        if browse.open:
            _draw_browse(step)


def _draw_found(step: InterviewStep, found: tuple[TreatmentRecord, ...]) -> None:
    with st.container(key="found", horizontal=True, gap="small"):
        for record in found:
            st.button(
                said("treatments.add", name=treatment_name(record.id)), key=f"add-{record.id}",
                icon=":material/add:", on_click=_add, args=(step, record.id),
            )  # fmt: skip


def _draw_browse(step: InterviewStep) -> None:
    families = by_family(load_rules())
    family = st.selectbox(
        said("treatments.family"), list(families), index=None, key="browse-family",
        format_func=lambda f: said(f"treatments.families.{f}"), placeholder=said("treatments.choose_family"),
    )  # fmt: skip
    if family is None:
        return
    for drug_class, records in families[family].items():
        if drug_class:
            st.markdown(f"**{plain(drug_class)}**")
        with st.container(horizontal=True, gap="small"):
            for record in records:
                st.button(
                    plain(treatment_name(record.id)), key=f"browse-{record.id}", icon=":material/add:",
                    on_click=_add, args=(step, record.id),
                )  # fmt: skip


@guarded
def _add(step: InterviewStep, ident: str) -> None:
    _hold_rows()
    navigation.take(step, {"treatments": [*_tried(), {"treatment": ident}]}, stay=True)
    st.session_state["treatments-search"] = ""


def _draw_rows(step: InterviewStep, tried: list[PlainPart]) -> None:
    question = step.question
    assert question is not None
    trials = current_result().trials
    _draw_standard(trials)
    order = sorted(range(len(tried)), key=lambda i: _group(tried[i]["treatment"]))
    last = None
    for i in order:
        group = _group(tried[i]["treatment"])
        if group != last:
            last = group
            st.markdown(f"### {_group_name(tried[i]['treatment'])}")
        _draw_row(
            step, question, tried, i, trials.treatments[i] if i < len(trials.treatments) else None
        )


def _draw_standard(trials: TrialsShown) -> None:
    """How the plan in view counts trials, and whose rule that is."""
    weeks = trials.weeks or "–"
    if trials.coverage is not None:
        name = cover_name(store().covers()[trials.coverage])
        st.caption(said("treatments.standard_of", cover=name, weeks=weeks))
    else:
        st.caption(said("treatments.standard_default", weeks=weeks))


def _group(ident: str) -> tuple[str, str]:
    record = load_rules().treatments[ident]
    return (record.counts_as, record.drug_class or "")


def _group_name(ident: str) -> str:
    family, drug_class = _group(ident)
    name = said(f"treatments.families.{family}")
    if not drug_class:
        return name
    return said("treatments.class_in_family", family=name, drug_class=drug_class)


def _draw_row(
    step: InterviewStep,
    question: Question,
    tried: list[PlainPart],
    i: int,
    judged: TrialShown | None,
) -> None:
    row = tried[i]
    record = load_rules().treatments[row["treatment"]]
    name = treatment_name(record.id)
    outcomes = [c.value for c in question.choices]
    with st.container(key=f"tried_{i}", border=True):
        st.markdown(f"**{plain(name)}**")
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.selectbox(
                said("treatments.outcome"), outcomes, key=f"t{i}-outcome", width=260,
                index=outcomes.index(row["outcome"]) if row.get("outcome") in outcomes else None,
                format_func=lambda v: choice_label(question, v), placeholder=said("treatments.choose_outcome"),
                on_change=_hold_rows,
            )  # fmt: skip
            _draw_numbers(i, row, with_dose=record.min_dose is not None)
            st.selectbox(
                said("treatments.episode"), (True, False), key=f"t{i}-episode", width=200,
                index=None if row.get("current_episode") is None else 0 if row["current_episode"] else 1,
                format_func=lambda v: said("treatments.this_time" if v else "treatments.earlier"),
                placeholder=said("common.unknown"), on_change=_hold_rows,
            )  # fmt: skip
        if judged is not None:
            st.markdown(_judged_words(judged))
        st.button(
            said("treatments.remove", name=name), key=f"remove-tried-{i}", type="tertiary",
            icon=":material/delete:", on_click=_remove, args=(step, i),
        )  # fmt: skip


def _draw_numbers(i: int, row: PlainPart, with_dose: bool) -> None:
    """How long a treatment was taken, and how much of it a day."""
    st.number_input(
        said("treatments.weeks"), min_value=0, max_value=5000, step=1, key=f"t{i}-weeks", width=150,
        value=int(row["weeks"]) if row.get("weeks") is not None else None, on_change=_hold_rows,
    )  # fmt: skip
    if with_dose:
        st.number_input(
            said("treatments.dose"), min_value=0.0, max_value=100_000.0, step=5.0, format="%g",
            key=f"t{i}-dose", width=150, value=_dose(row), on_change=_hold_rows,
        )  # fmt: skip


def _dose(row: PlainPart) -> float | None:
    return None if row.get("daily_dose_mg") is None else float(row["daily_dose_mg"])


def _judged_words(judged: TrialShown) -> str:
    sign = {True: "counts", False: "counts_not", None: "counts_open"}[judged.counts]
    if judged.why == "noted":
        sign = "counts_noted"
    dose = f"{judged.dose:g} {judged.unit or ''}".strip() if judged.dose is not None else ""
    why = said(f"trials.{judged.why}", weeks=judged.weeks or "–", dose=dose)
    return said(f"treatments.{sign}", why=why)


def _held_rows() -> list[PlainPart]:
    """The rows with what their widgets hold now."""
    rows = []
    for i, row in enumerate(_tried()):
        held = dict(row)
        for name, key in (
            ("outcome", "outcome"), ("weeks", "weeks"), ("daily_dose_mg", "dose"), ("current_episode", "episode"),
        ):  # fmt: skip
            if f"t{i}-{key}" in st.session_state:
                value = st.session_state[f"t{i}-{key}"]
                held.pop(name, None)
                if value is not None:
                    held[name] = value
        rows.append(held)
    return rows


@guarded
def _hold_rows() -> None:
    """Take what the rows show into the answers, as it is typed: nothing is lost by going back."""
    if _tried():
        store().set("treatments", _held_rows())


@guarded
def _take_rows(step: InterviewStep, tried: list[PlainPart]) -> None:
    navigation.take(step, {"treatments": _held_rows()})


@guarded
def _remove(step: InterviewStep, number: int) -> None:
    rows = _held_rows()
    for i in range(number, len(rows)):
        for part in ("outcome", "weeks", "dose", "episode"):
            st.session_state.pop(f"t{i}-{part}", None)
    del rows[number]
    if rows:
        navigation.take(step, {"treatments": rows}, stay=True)
    else:
        store().forget("treatments")


# --- the short form ------------------------------------------------------------------------------------


def _count_questions() -> list[Question]:
    known = questions_by_field(load_rules())
    root = Facts(current_case(), load_rules(), today())
    return [known[f] for f in COUNT_FIELDS if f in known and applies(known[f], root)]


def _draw_counts(step: InterviewStep) -> None:
    st.caption(said("treatments.counts_note"))
    questions = _count_questions()
    with st.form("form-counts", border=False):
        for question in questions:
            draw_field(
                question,
                question.field,
                f"c-{question.id}",
                asks(question, store().role),
                hidden=False,
            )
        with st.container(key="answer_buttons", horizontal=True, gap="small"):
            st.form_submit_button(
                said("question.go_on"), type="primary", key="counts-on",
                on_click=_take_counts, args=(step, questions),
            )  # fmt: skip
            if not _tried():
                st.form_submit_button(
                    said("question.unknown"), key="counts-unknown",
                    on_click=navigation.take, args=(step, {"treatments": None}),
                )  # fmt: skip


@guarded
def _take_counts(step: InterviewStep, questions: list[Question]) -> None:
    """A count left empty is not known; with none given the form asks again."""
    given = {q.field: read_field(q, q.field, f"c-{q.id}") for q in questions}
    changes: dict[str, object] = {f: g.value for f, g in given.items() if g.problem is None}
    navigation.problem(None if changes else "treatments.give_one")
    if changes:
        left_empty = {f: None for f, g in given.items() if g.problem is not None}
        navigation.take(step, {**changes, **left_empty})
