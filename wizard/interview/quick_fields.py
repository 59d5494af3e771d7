"""The quick form's widgets: one line each, and every change is taken at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from rules import load_rules
from wizard import labels
from wizard.session import Slot, store, today
from wizard.shell import navigation
from wizard.shell.said import plain, said

from . import quick_form
from .answer_fields import DAY_KINDS, choices_of, codes_shown, read_field, us_date, us_month
from .number_fields import draw_number
from .payer_names import payer_options
from .problem import Problem
from .scores_fields import score_range
from .sequence import EndedAnswer
from .typed_number import shown

# Counts the callers; by place of the case, what is wrong with a field, and what is told of its word.
_ROUND: Slot[int] = Slot("quick_round", int)
_PROBLEMS: Slot[dict[str, Problem]] = Slot("quick_problems", dict)
_NOTES: Slot[dict[str, str]] = Slot("quick_notes", dict)
# Fields whose words are long take the room of two.
WIDE = (
    "request",
    "diagnosis",
    "suicidal_thoughts",
    "stage",
    "kind",
    "payer",
    "funding",
    "reason",
    "prescriber",
    "other_diagnoses",
)


def round_number() -> int:
    """Counts the callers, so that each finds fresh widgets."""
    return _ROUND.get()


def next_round() -> None:
    """Fresh widgets, filled from the answers as they are now."""
    _ROUND.set(round_number() + 1)
    _PROBLEMS.drop()
    _NOTES.drop()


def key_of(place: str) -> str:
    """The widget's key for a place of the case."""
    name = place.replace("[", "-").replace("]", "").replace(".", "-")
    return f"qf-{round_number()}-{name}"


def draw_cell(field: quick_form.Field) -> None:
    """One field, filled with the present answer, and what is wrong with what stands in it."""
    key = key_of(field.place)
    if key not in st.session_state:
        st.session_state[key] = _shown(field, quick_form.held(store(), field.place))
    wide = field.place.rpartition(".")[2] in WIDE
    with st.container(key=f"quick_{'wide' if wide else 'cell'}_{key}", gap="xxsmall"):
        _widget(field)(label=_label(field), key=key, on_change=_take, args=(field,))
        problem = _PROBLEMS.get().get(field.place)
        if problem:
            with st.container(key=f"problem_{key}"):
                st.markdown(f":red[:material/error: {said(problem.key, **dict(problem.words))}]")
        note = _NOTES.get().get(field.place)
        if note:
            st.caption(f":material/info: {note}")


def _label(field: quick_form.Field) -> str:
    if field.place == quick_form.PHQ9:
        return said("quick_form.phq9")
    if field.place == "denial.coverage":
        return plain(labels.short_name(field.place))
    return plain(field.question.asks_intake or field.question.asks)


def _shown(field: quick_form.Field, value: Any) -> Any:
    """An answer as its widget holds it."""
    match field.question.kind:
        case "date":
            return us_date(value) if value else ""
        case "month":
            return us_month(value) if value else ""
        case "whole_number" | "number" | "money" | "percent" | "scores":
            return shown(None if value is None else labels.as_percent(field.question, value))
        case "many":
            return list(value or [])
        case "payer" if value:
            ident = load_rules().payer_id(value)
            return ident or value
        case "codes":
            return codes_shown(value)
    return value


# --- widgets ----------------------------------------------------------------------------------------

Draw = Callable[..., None]


def _widget(field: quick_form.Field) -> Draw:
    if field.place == quick_form.PHQ9:
        return draw_number
    if field.place == "denial.coverage":
        return _denied_cover()
    question = field.question
    match question.kind:
        case "one" | "yes_no":
            return _choice(field)
        case "many":
            return _many(field)
        case "state":
            return _state()
        case "payer":
            return _payer(field)
        case "whole_number" | "number" | "money" | "percent":
            return draw_number
    return _text(question.kind)


def _select(options: Sequence[object], names: Mapping[Any, str], **more: Any) -> Draw:
    def draw(**how: Any) -> None:
        st.selectbox(
            options=options, index=None, format_func=lambda v: names.get(v, str(v)),
            placeholder=said("quick_form.blank"), **more, **how,
        )  # fmt: skip

    return draw


def _choice(field: quick_form.Field) -> Draw:
    if field.question.kind == "yes_no":
        options, names, _ = choices_of(field.question)
        return _select(options, dict(zip(options, names, strict=True)))
    first = field.place == "coverages[0].kind"
    named = entries(field.question.id, said("quick_form.no_cover") if first else None)
    return _select(list(named), named)


@lru_cache(maxsize=256)
def entries(ident: str, no_cover: str | None = None) -> dict[object, str]:
    """The entries of a question's list, worked out once."""
    question = next(q for q in load_rules().questions if q.id == ident)
    return quick_form.listed(question, no_cover, load_rules())


def _state() -> Draw:
    names = {code: labels.state_entry(code) for code, _ in labels.states()}
    return _select(list(names), names)


def _payer(field: quick_form.Field) -> Draw:
    names = payer_options(load_rules())
    options = list(names)
    present = quick_form.held(store(), field.place)
    if present and load_rules().payer_id(present) is None:
        options.append(present)
    return _select(options, names, accept_new_options=True)


def _denied_cover() -> Draw:
    covers = store().covers()
    names = {i: labels.cover_name(c, i) for i, c in enumerate(covers)}
    return _select(list(names), names)


def _many(field: quick_form.Field) -> Draw:
    named = entries(field.question.id)

    def draw(**how: Any) -> None:
        st.multiselect(
            options=list(named), format_func=lambda v: named[v],
            placeholder=said("quick_form.blank"), **how,
        )  # fmt: skip

    return draw


def _text(kind: str) -> Draw:
    def draw(**how: Any) -> None:
        hint = said(f"question.{kind}_form") if kind in DAY_KINDS else None
        st.text_input(max_chars=30 if kind in DAY_KINDS else 200, placeholder=hint, **how)

    return draw


# --- taking -----------------------------------------------------------------------------------------


def _take(field: quick_form.Field) -> None:
    """Take what a field holds; what makes no sense any more is told once."""
    place, key = field.place, key_of(field.place)
    value, problem = _read(field, key)
    _PROBLEMS.held().pop(place, None)
    if problem:
        _PROBLEMS.held()[place] = problem
    _NOTES.held().pop(place, None)
    covers = len(store().covers())
    ended = _take_words(field, key, value)
    if ended is None:
        ended = quick_form.put(store(), place, value, load_rules(), today())
    navigation.note_ended(ended)
    if len(store().covers()) < covers:
        next_round()  # the second cover may have moved up


def _take_words(field: quick_form.Field, key: str, value: Any) -> tuple[EndedAnswer, ...] | None:
    """Take what was typed in words, with all that it says; None where an answer itself was chosen."""
    typed = [
        w for w in (value if isinstance(value, list) else [value]) if isinstance(w, quick_form.Word)
    ]
    payer = field.question.kind == "payer" and value and value not in load_rules().payers
    if not typed and not payer:
        return None
    if payer:
        taken = quick_form.take_payer(store(), field, value, load_rules(), today())
    else:
        taken = quick_form.take_word(store(), field, typed[-1], load_rules(), today())
    st.session_state[key] = _shown(field, taken.value)
    for place in taken.also:
        st.session_state.pop(key_of(place), None)  # drawn anew, with its answer
    note = _note(taken, typed[-1].text if typed else value, field)
    if note:
        _NOTES.held()[field.place] = note
    return taken.ended


def _note(taken: quick_form.Taken, word: str, field: quick_form.Field) -> str:
    """What is told of a word: what it filled besides, what it leaves open, what was not understood."""
    parts = []
    if taken.also:
        also = quick_form.told_in_words(store(), taken.also)
        parts.append(said("quick_form.filled_too", word=word, answers=also))
    if taken.elsewhere:
        key = "quick_form.against" if field.question.kind == "payer" else "quick_form.elsewhere"
        parts.append(said(key, word=word, field=labels.short_name(taken.elsewhere)))
    parts.extend(plain(t) for t in taken.tells)
    if taken.left:
        parts.append(said("quick_form.not_understood", words=" ".join(taken.left)))
    return " ".join(parts)


def _read(field: quick_form.Field, key: str) -> tuple[Any, Problem | None]:
    """The value that a widget holds (None: empty), and what is wrong with it."""
    held = st.session_state.get(key)
    if held is None or held == "" or held == []:
        return None, None
    if field.place == quick_form.PHQ9:
        points = score_range("phq9").read(str(held))
        return (None, points) if isinstance(points, Problem) else (points and int(points), None)
    if field.place == "denial.coverage" or field.question.kind in ("many", "payer"):
        return held, None
    given = read_field(field.question, field.place, key)
    return given.value, given.problem
