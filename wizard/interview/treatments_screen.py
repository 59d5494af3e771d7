"""What was tried: found by any name, listed with dose and weeks, or given as counts."""

from __future__ import annotations

import streamlit as st

from rules import load_rules
from rules.case import PlainPart
from rules.facts.context import Facts
from rules.result import TrialShown, TrialsShown
from rules.schema.clinical import TreatmentRecord
from rules.schema.other import Question
from wizard.labels import asks, cover_name, in_words, questions_by_field, treatment_name
from wizard.messages import say
from wizard.session import current_case, current_result, store, today
from wizard.shell import navigation
from wizard.shell.errors import guarded
from wizard.shell.layout import heading
from wizard.shell.said import counted, plain, said

from .answer_fields import draw_field, read_field
from .medicines import by_family, find_treatments
from .number_fields import draw_number
from .problem import Problem
from .question_head_view import draw_problem, draw_why
from .sequence import applies
from .steps import InterviewStep
from .typed_number import Range, shown

LISTED, COUNTED = "list", "counts"
USUAL_WEEKS = (4, 6, 8, 12)  # offered as taps
# What it did, in the order of the taps: whether it helped, then what kept one from finding out.
TAPS = ("no_response", "partial_response", "helped", "not_tolerated", "ongoing", "contraindicated")
NARROW = 56  # pixels of a field for a short number
ROW_PARTS = ("outcome", "weeks", "usual", "dose", "episode")
WEEKS = Range(say("treatments.weeks"), 0, 5000, whole=True)
DOSE = Range(say("treatments.dose"), 0, 100_000)
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
    tried = _tried()
    if tried:  # why it is asked was read before the first was put on the list
        heading(said("treatments.yours"))
        _draw_listed(step, tried)
        return
    heading(asks(step.question, store().role))
    draw_why(step.question)
    draw_problem()
    form = st.radio(
        said("treatments.form"),
        (LISTED, COUNTED),
        index=1 if store().case.get("treatment_counts") else 0,
        format_func=lambda f: said(f"treatments.form_{f}"),
        horizontal=True,
        key="treatments-form",
    )
    if form == COUNTED:
        _draw_counts(step)
    else:
        _draw_listed(step, tried)


# --- the list ----------------------------------------------------------------------------------------


def _tried() -> list[PlainPart]:
    return list(store().get("treatments") or [])


def _draw_listed(step: InterviewStep, tried: list[PlainPart]) -> None:
    if tried:
        _draw_rows(step, tried)
        if store().case.get("treatment_counts"):
            st.caption(said("treatments.counts_too"))
    _draw_search(step, said("treatments.search_more" if tried else "treatments.search"))
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


def _draw_search(step: InterviewStep, label: str) -> None:
    text = st.text_input(
        label, key="treatments-search", placeholder=said("treatments.search_example"), icon=":material/search:", live=True,
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
    trials = current_result().trials
    with st.container(key="tried"):
        _draw_standard(trials)
        for i in range(len(tried)):
            judged = trials.treatments[i] if i < len(trials.treatments) else None
            _draw_row(step, tried[i], i, trials.weeks, judged)


def _draw_standard(trials: TrialsShown) -> None:
    """From when a medicine counts, once: by the plan that is asked, or by most plans."""
    weeks = trials.weeks or "–"
    if trials.coverage is None:
        st.markdown(said("treatments.standard_default", weeks=weeks))
        return
    cover = store().covers()[trials.coverage]
    place = f"coverages[{trials.coverage}].payer"
    name = in_words(place, cover["payer"]) if cover.get("payer") else cover_name(cover)
    st.markdown(said(f"treatments.standard.{trials.dose or 'any_dose'}", plan=name, weeks=weeks))


def _kind_of(ident: str) -> str:
    """The class of a medicine, or what else the treatment is: plans count classes, too."""
    record = load_rules().treatments[ident]
    return record.drug_class or said(f"treatments.families.{record.counts_as}")


def _draw_row(
    step: InterviewStep, row: PlainPart, i: int, asked: int | None, judged: TrialShown | None
) -> None:
    """One treatment as a sentence: how long, how much of it, whether it helped, when."""
    record = load_rules().treatments[row["treatment"]]
    with st.container(key=f"tried_row_{i}", border=True):
        with st.container(key=f"tried_name_{i}", horizontal=True):
            name = treatment_name(record.id)
            st.markdown(f"**{plain(name)}** :gray[{plain(_kind_of(record.id))}]")
            st.button(
                said("treatments.remove", name=name), key=f"remove-tried-{i}", type="tertiary",
                icon=":material/close:", on_click=_remove, args=(step, i),
            )  # fmt: skip
        _draw_weeks(i, row, asked)
        if record.min_dose is not None:
            _draw_dose(i, row)
        _draw_outcome(step, i, row)
        if judged is not None:
            st.markdown(_judged_words(judged, row))


def _draw_weeks(i: int, row: PlainPart, asked: int | None) -> None:
    """How long it was taken: a tap on a usual number, or any other."""
    usual = _usual(asked)
    key, present = f"t{i}-weeks", row.get("weeks")
    with st.container(key=f"tried_weeks_{i}", horizontal=True):
        st.markdown(said("treatments.for"), width="content")
        draw_number(
            said("treatments.weeks_of", name=treatment_name(row["treatment"])), key, _typed(key, present), visibility="collapsed",
            width=NARROW, on_change=_weeks_typed, args=(i,),
        )  # fmt: skip
        st.markdown(said("treatments.weeks_unit"), width="content")
        st.pills(
            said("treatments.weeks_usual"), usual, key=f"t{i}-usual", label_visibility="collapsed",
            default=present if present in usual else None, on_change=_weeks_tapped, args=(i,),
        )  # fmt: skip
    _draw_refused(key, WEEKS)


def _usual(asked: int | None) -> list[int]:
    """The numbers of weeks to tap on: the usual ones, and the one that the plan asks for."""
    return sorted({*USUAL_WEEKS, *((asked,) if asked else ())})


def _draw_dose(i: int, row: PlainPart) -> None:
    key = f"t{i}-dose"
    with st.container(key=f"tried_dose_{i}", horizontal=True):
        st.markdown(said("treatments.up_to"), width="content")
        draw_number(
            said("treatments.dose_of", name=treatment_name(row["treatment"])), key,
            _typed(key, row.get("daily_dose_mg")),
            visibility="collapsed", width=NARROW, on_change=_hold_rows,
        )  # fmt: skip
        st.markdown(said("treatments.dose_unit"), width="content")
    _draw_refused(key, DOSE)


def _draw_outcome(step: InterviewStep, i: int, row: PlainPart) -> None:
    """What it did and when, each by a tap."""
    assert step.question is not None
    outcomes = sorted((str(c.value) for c in step.question.choices), key=TAPS.index)
    present = row.get("outcome")
    with st.container(key=f"tried_taps_{i}", gap="xxsmall"):
        st.pills(
            said("treatments.outcome"), outcomes, key=f"t{i}-outcome",
            default=present if present in outcomes else None,
            format_func=lambda v: said(f"treatments.outcomes.{v}"), on_change=_hold_rows,
        )  # fmt: skip
        st.pills(
            said("treatments.episode"), (True, False), key=f"t{i}-episode",
            default=row.get("current_episode"), label_visibility="collapsed",
            format_func=lambda v: said("treatments.this_time" if v else "treatments.earlier"),
            on_change=_hold_rows,
        )  # fmt: skip


def _typed(key: str, present: float | None) -> str | None:
    """What a number's field begins with; None where the session holds what was typed."""
    return None if key in st.session_state else shown(present)


def _draw_refused(key: str, allowed: Range) -> None:
    """What is wrong with a number, as long as it stands in its field."""
    found = allowed.read(str(st.session_state.get(key) or ""))
    if isinstance(found, Problem):
        with st.container(key=f"problem_{key}"):
            st.error(said(found.key, **dict(found.words)), icon=":material/error:")


def _judged_words(judged: TrialShown, row: PlainPart) -> str:
    if judged.why == "too_short" and judged.weeks is not None and row.get("weeks") is not None:
        left = judged.weeks - row["weeks"]
        return counted("treatments.short", left, told=row["weeks"], asked=judged.weeks)
    sign = {True: "counts", False: "counts_not", None: "counts_open"}[judged.counts]
    if judged.why == "noted":
        sign = "counts_noted"
    dose = f"{judged.dose:g} {judged.unit or ''}".strip() if judged.dose is not None else ""
    why = said(f"trials.{judged.why}", weeks=judged.weeks or "–", dose=dose)
    return said(f"treatments.{sign}", why=why)


def _held_rows() -> list[PlainPart]:
    """The rows with what their widgets hold now; a number that was refused is not known."""
    rows = []
    for i, row in enumerate(_tried()):
        held = dict(row)
        for name, key in (("outcome", f"t{i}-outcome"), ("current_episode", f"t{i}-episode")):
            if key in st.session_state:
                _put(held, name, st.session_state[key])
        for name, key, allowed in _numbers(i):
            if key in st.session_state:
                found = allowed.read(str(st.session_state[key] or ""))
                _put(held, name, None if isinstance(found, Problem) else found)
        if held.get("weeks") is not None:
            held["weeks"] = int(held["weeks"])
        rows.append(held)
    return rows


def _numbers(i: int) -> tuple[tuple[str, str, Range], ...]:
    """The numbers of a row: the part of the answer, the key of its field, and what it may be."""
    return ("weeks", f"t{i}-weeks", WEEKS), ("daily_dose_mg", f"t{i}-dose", DOSE)


def _put(held: PlainPart, name: str, value: object) -> None:
    held.pop(name, None)
    if value is not None:
        held[name] = value


@guarded
def _weeks_tapped(i: int) -> None:
    tapped = st.session_state[f"t{i}-usual"]
    st.session_state[f"t{i}-weeks"] = shown(tapped)
    _hold_rows()


@guarded
def _weeks_typed(i: int) -> None:
    found = WEEKS.read(str(st.session_state[f"t{i}-weeks"] or ""))
    usual = _usual(current_result().trials.weeks)
    st.session_state[f"t{i}-usual"] = found if found in usual else None
    _hold_rows()


@guarded
def _hold_rows() -> None:
    """Take what the rows show into the answers, as it is typed: nothing is lost by going back."""
    if _tried():
        store().set("treatments", _held_rows())


@guarded
def _take_rows(step: InterviewStep, tried: list[PlainPart]) -> None:
    for i in range(len(tried)):
        for _, key, allowed in _numbers(i):
            found = allowed.read(str(st.session_state.get(key) or ""))
            if isinstance(found, Problem):
                navigation.problem(found, key)
                return
    navigation.take(step, {"treatments": _held_rows()})


@guarded
def _remove(step: InterviewStep, number: int) -> None:
    rows = _held_rows()
    for i in range(number, len(rows)):
        for part in ROW_PARTS:
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
            draw_problem(f"c-{question.id}")
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
    changes: dict[str, object] = {}
    for question in questions:
        key = f"c-{question.id}"
        given = read_field(question, question.field, key)
        empty = st.session_state.get(key) in (None, "")
        if given.problem is not None and not empty:
            navigation.problem(given.problem, key)
            return
        changes[question.field] = given.value
    told = any(value is not None for value in changes.values())
    navigation.problem(None if told else "treatments.give_one")
    if told:
        navigation.take(step, changes)
