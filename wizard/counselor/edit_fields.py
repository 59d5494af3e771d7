"""Changing one thing in a variant: what to change, its new answer, and the edit that comes of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from rules import load_rules
from rules.case import PlainCase
from rules.schema.other import Question
from wizard import labels
from wizard.answers import value_at
from wizard.interview.answer_fields import (
    CHOICE_KINDS,
    DAY_KINDS,
    NUMBER_KINDS,
    Given,
    choices_of,
    clash,
    codes_shown,
    read_codes,
    read_date,
    read_month,
    read_number,
)
from wizard.interview.medicines import Brand, medicine_options
from wizard.interview.number_fields import draw_number
from wizard.interview.payer_names import named_payer, payer_options
from wizard.interview.problem import Problem
from wizard.interview.quick_fields import entries
from wizard.interview.quick_form import Word, answer_of, cover_of, kinds_listed
from wizard.interview.typed_number import shown
from wizard.shell.said import bare, said

from .scenario import ScenarioChange

KIND = "coverages[].kind"
PAYER = "coverages[].payer"
NOT_HERE = ("treatments", "scores", "cover")  # they have editors of their own, or hang on the plans
# What counselors change most comes first; the rest follows in the interview's order.
COMMON = (
    "state", "request", "diagnosis", "provider.rems_certified", "provider.in_network",
    "provider.prescriber", "annual_income", "household_size", "age",
)  # fmt: skip
PLAN, TRIAL = "plan", "trial"


# --- what can be changed ----------------------------------------------------------------------------------


def topics(case: PlainCase) -> list[str]:
    """Everything that can be changed in a case: plans, one more trial, then answer by answer."""
    covers = case.get("coverages") or []
    questions = [q for q in load_rules().questions if q.kind not in NOT_HERE]
    own = [q.field for q in questions if not q.field.startswith("coverages[]")]
    of_cover = [
        q.field for q in questions if q.field.startswith("coverages[].") and q.field != KIND
    ]
    fields = [*(f for f in COMMON if f in own), *(f for f in own if f not in COMMON)]
    each = [f.replace("[]", f"[{i}]") for i in range(len(covers)) for f in of_cover]
    plans = [f"{PLAN}:{i}" for i in range(len(covers))]
    return [*plans, f"{PLAN}:", TRIAL, *fields[: len(COMMON)], *each, *fields[len(COMMON) :]]


def topic_name(topic: str, case: PlainCase) -> str:
    """A thing to change, as people read it."""
    covers = case.get("coverages") or []
    if topic == TRIAL:
        return bare("counselor.editor.trial")
    if topic.startswith(f"{PLAN}:"):
        place = topic.removeprefix(f"{PLAN}:")
        if not place:
            return bare("counselor.editor.plan_new")
        number = int(place)
        name = labels.cover_name(covers[number]) if number < len(covers) else ""
        return bare("counselor.editor.plan", number=number + 1, cover=name)
    name = labels.short_name(topic)
    if topic.startswith("coverages[") and len(covers) > 1:
        number = int(topic[len("coverages[") : topic.index("]")]) + 1
        return bare("counselor.editor.field_cover", name=name, number=number)
    return name


# --- drawing ------------------------------------------------------------------------------------------------


def draw_topic(topic: str, case: PlainCase, key: str) -> None:
    """The widgets for a new answer."""
    if topic == TRIAL:
        _draw_medicine(key)
    elif topic.startswith(f"{PLAN}:"):
        _draw_plan(key)
    else:
        question = labels.question_of(topic)
        if question is not None:
            _draw_answer(question, value_at(case, topic), key)


def _draw_medicine(key: str) -> None:
    names = medicine_options(load_rules())
    st.selectbox(
        said("counselor.editor.medicine"), list(names), index=None,
        format_func=lambda i: names.get(i, i), placeholder=said("counselor.editor.choose"), key=key,
    )  # fmt: skip


def _draw_plan(key: str) -> None:
    named = kinds_listed(load_rules())
    st.selectbox(
        said("counselor.editor.kind"), list(named), index=None, format_func=lambda v: named[v],
        placeholder=said("counselor.editor.choose"), key=key,
    )  # fmt: skip
    names = payer_options(load_rules())
    st.selectbox(
        said("counselor.editor.payer"), list(names), index=None,
        format_func=lambda p: names.get(p, p), placeholder=said("question.choose_payer"),
        accept_new_options=True, key=f"{key}-payer",
    )  # fmt: skip


def _says_alone(option: object, question: Question) -> bool:
    """Whether an entry of a list is an answer to its question and to no other."""
    return not isinstance(option, Word) or [p for p, _ in option.meaning.sets] == [question.field]


def _draw_answer(question: Question, present: Any, key: str) -> None:
    label, empty = said("counselor.editor.value"), said("counselor.editor.choose")
    if question.kind in CHOICE_KINDS:
        values, names, _ = choices_of(question)
        if question.kind == "one":  # one answer is changed here: a word that says more is left out
            named = {o: n for o, n in entries(question.id).items() if _says_alone(o, question)}
            values, names = list(named), list(named.values())
        index = values.index(present) if present in values else None
        st.selectbox(
            label, values, index=index, format_func=lambda v: names[values.index(v)],
            placeholder=empty, key=key,
        )  # fmt: skip
    elif question.kind == "many":
        known = {c.value: c.label for c in question.choices}
        st.multiselect(
            label, list(known), default=present or [], format_func=lambda v: known[v],
            placeholder=empty, key=key,
        )  # fmt: skip
    elif question.kind == "state":
        codes = [code for code, _ in labels.states()]
        index = codes.index(present) if present in codes else None
        st.selectbox(label, codes, index=index, format_func=labels.state_entry, key=key)
    elif question.kind == "payer":
        names_of = payer_options(load_rules())
        st.selectbox(
            label, list(names_of), index=None, format_func=lambda p: names_of.get(p, p),
            placeholder=said("question.choose_payer"), accept_new_options=True, key=key,
        )  # fmt: skip
    elif question.kind in NUMBER_KINDS:
        value = None if present is None else labels.as_percent(question, present)
        draw_number(label, key, shown(value))
    else:
        st.text_input(
            label, value=codes_shown(present) if question.kind == "codes" else present or "", key=key,
            max_chars=200,
            placeholder=said(f"question.{question.kind}_form") if question.kind in DAY_KINDS else None,
        )  # fmt: skip


# --- reading --------------------------------------------------------------------------------------------------


def read_edit(topic: str, case: PlainCase, key: str) -> ScenarioChange | Problem:
    """The edit that the widgets hold, or what is missing or wrong."""
    held = st.session_state.get(key)
    if held in (None, ""):
        return Problem("question.choose_one")
    if topic == TRIAL:
        return ScenarioChange("trial", "", held.ident if isinstance(held, Brand) else held)
    if topic.startswith(f"{PLAN}:"):
        cover, payer = cover_of(held), st.session_state.get(f"{key}-payer")
        if payer:
            told = partial(value_at, {**case, "coverages": [cover]})
            cover["payer"] = named_payer(load_rules(), payer, "coverages[0].payer", told)
        return ScenarioChange("plan", topic.removeprefix(f"{PLAN}:"), cover)
    question, told = labels.question_of(topic), partial(value_at, case)
    if question is not None and isinstance(held, Word):
        held = answer_of(held, question)
    given = Given(list(held) if isinstance(held, list | tuple) else held)
    if question is not None and question.kind in DAY_KINDS:
        given = read_date(str(held), topic) if question.kind == "date" else read_month(str(held))
    elif question is not None and question.kind in NUMBER_KINDS:
        given = read_number(question, topic, str(held))
    elif question is not None and question.kind == "codes":
        given = read_codes(str(held))
    elif question is not None and question.kind == "payer":
        given = Given(named_payer(load_rules(), str(held), topic, told))
    problem = given.problem or clash(topic, given.value, told)
    return problem or ScenarioChange("answer", topic, given.value)
