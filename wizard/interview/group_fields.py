"""A screen of several questions: fields one below the other, and what is yes or no as check boxes."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from rules.schema.other import Question
from wizard.labels import asks, cover_name, short_name
from wizard.session import store
from wizard.shell import navigation
from wizard.shell.errors import guarded
from wizard.shell.layout import heading
from wizard.shell.said import plain, said

from .answer_fields import draw_field, read_field
from .payer_order_view import draw_order
from .problem import Problem
from .question_head_view import draw_finding_out, draw_problem
from .steps import THOUGHTS, InterviewStep, Part

# Screens on which what is yes or no is a check box, not a question of its own.
WITH_BOXES = ("safety", "household", "ways")
RATHER_NOT = "rather_not"


def draw_group(step: InterviewStep) -> None:
    """The screen: what it is about and why it is asked, the fields, and the ways on."""
    if step.cover is not None:
        covers = store().covers()
        st.caption(plain(cover_name(covers[step.cover], step.cover if len(covers) > 1 else None)))
    _draw_head(step)
    fields, boxes = _sorted(step)
    with st.form(f"form-{step.id}", border=False):
        if step.kind == "ways":  # what one has comes before sums
            _draw_boxes(step, boxes)
        for part in fields:
            _draw_field(step, part)
        if step.kind != "ways":
            _draw_boxes(step, boxes)
        _draw_buttons(step)
    draw_finding_out([p for p in step.parts if p.field != THOUGHTS])
    if step.cover is not None:
        draw_order()


def _draw_head(step: InterviewStep) -> None:
    thoughts = next((p.question for p in step.parts if p.field == THOUGHTS), None)
    if thoughts is not None:
        heading(asks(thoughts, store().role))
        st.markdown(said("question.why", why=thoughts.why))
    else:
        heading(said(f"groups.{step.group}.title"))
        st.markdown(said("question.why", why=said(f"groups.{step.group}.why")))
    draw_problem()


def _sorted(step: InterviewStep) -> tuple[list[Part], list[Part]]:
    """The questions with a field each, and those with a check box."""
    boxes = [p for p in step.parts if _is_box(step, p)]
    return [p for p in step.parts if p not in boxes], boxes


def _is_box(step: InterviewStep, part: Part) -> bool:
    return step.group in WITH_BOXES and part.question.kind == "yes_no"


def key_of(step: InterviewStep, part: Part) -> str:
    """The key of the widget of one question of a screen."""
    number = "" if part.cover is None or part.cover == step.cover else f"-{part.cover + 1}"
    return f"q-{step.id}-{part.question.id}{number}"


# --- drawing -----------------------------------------------------------------------------------------


def _draw_field(step: InterviewStep, part: Part) -> None:
    if part.field == THOUGHTS:
        _draw_thoughts(step, part)
    else:
        label = asks(part.question, store().role)
        draw_field(part.question, part.field, key_of(step, part), label, hidden=False)
    draw_problem(key_of(step, part))


def _draw_thoughts(step: InterviewStep, part: Part) -> None:
    """The question about suicide, with a way not to say; the lines stand below it."""
    names = {c.value: c for c in part.question.choices}
    options = [*names, RATHER_NOT]
    present = store().get(THOUGHTS) or (RATHER_NOT if THOUGHTS in store().unknown else None)
    st.radio(
        asks(part.question, store().role), options,
        index=options.index(present) if present in options else None,
        format_func=lambda v: said("groups.rather_not") if v == RATHER_NOT else plain(names[v].label),
        captions=[plain(names[v].help or "") if v in names else "" for v in options],
        key=key_of(step, part), label_visibility="collapsed",
    )  # fmt: skip
    st.caption(said("groups.lines"))


def _draw_boxes(step: InterviewStep, boxes: list[Part]) -> None:
    if not boxes:
        return
    st.markdown(f"**{said(f'groups.{step.group}.boxes')}**")
    told = [store().get(p.field) for p in boxes]
    for part, value in zip(boxes, told, strict=True):
        st.checkbox(_box_name(part), value=value is True, key=key_of(step, part))
    seen = any(store().answered(p.field) for p in boxes)
    none = seen and all(v is False for v in told)
    st.checkbox(said("question.none_of_these"), value=none, key=_none_key(step))
    unsure = any(p.field in store().unknown for p in boxes)
    st.checkbox(said("groups.unsure"), value=unsure, key=f"q-{step.id}-unsure")
    draw_problem(_none_key(step))


def _none_key(step: InterviewStep) -> str:
    """The key of the box "none of these", under which it is told what is wrong with the boxes."""
    return f"q-{step.id}-none"


def _box_name(part: Part) -> str:
    name = plain(short_name(part.field))
    covers = store().covers()
    if part.cover is None or len(covers) < 2:
        return name
    return said("groups.of_cover", name=name, cover=cover_name(covers[part.cover], part.cover))


def _draw_buttons(step: InterviewStep) -> None:
    if step.group not in WITH_BOXES:
        st.caption(said("groups.leave_empty"))
    with st.container(key="answer_buttons", horizontal=True, gap="small"):
        st.form_submit_button(
            said("question.go_on"), type="primary", key=f"on-{step.id}", on_click=_take, args=(step,)
        )  # fmt: skip
        st.form_submit_button(
            said("groups.skip"), key=f"unknown-{step.id}", on_click=_skip, args=(step,)
        )


# --- reading -----------------------------------------------------------------------------------------


@guarded
def _skip(step: InterviewStep) -> None:
    navigation.take(step, dict.fromkeys(step.fields))


@guarded
def _take(step: InterviewStep) -> None:
    fields, boxes = _sorted(step)
    found: dict[str, object] = {}
    for part in fields:
        problem = _read(step, part, found)
        if problem is not None:
            navigation.problem(problem, key_of(step, part))
            return
    wrong = _read_boxes(step, boxes, found) if boxes else None
    if wrong is not None:
        navigation.problem(wrong, _none_key(step))
        return
    navigation.take(step, found)


def _read(step: InterviewStep, part: Part, found: dict[str, object]) -> Problem | None:
    """Take what a field holds; what is wrong with it. An empty one is not known."""
    key = key_of(step, part)
    held = st.session_state.get(key)
    if part.field == THOUGHTS:
        found[part.field] = None if held == RATHER_NOT else held
        return Problem("groups.choose_or_not") if held is None else None
    if _empty(part.question, held):
        found[part.field] = None
        return None

    def told(field: str) -> object:
        """What stands beside it: on this screen what was read so far, else what was told before."""
        return found.get(field) if field in step.fields else store().get(field)

    given = read_field(part.question, part.field, key, told)
    found[part.field] = given.value
    return given.problem


def _empty(question: Question, held: object) -> bool:
    return question.kind != "many" and (
        held is None or (isinstance(held, str) and not held.strip())
    )


def _read_boxes(step: InterviewStep, boxes: Iterable[Part], found: dict[str, object]) -> str | None:
    none = st.session_state.get(_none_key(step), False)
    unsure = st.session_state.get(f"q-{step.id}-unsure", False)
    ticked = {p.field for p in boxes if st.session_state.get(key_of(step, p), False)}
    if none and ticked:
        return "question.none_and_some"
    if not (none or unsure or ticked):
        return "groups.tick_one"
    for part in boxes:
        found[part.field] = True if part.field in ticked else None if unsure else False
    return None
