"""One answer's widget for each kind of question, and how what was given is read.

Each kind has a drawer (shows the widget, filled with the present answer) and a reader (takes what
the widget holds and gives the value, or what is wrong with it).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from rules import load_rules
from rules.case import DenialCodes, plain_field
from rules.case_dates import IN_ORDER, LIE_BEHIND, out_of_order
from rules.schema.other import Choice, Question
from wizard import labels
from wizard.session import store, today
from wizard.shell.said import plain, said

from .number_fields import draw_number
from .payer_names import named_payer, payer_options
from .problem import Problem
from .typed_number import Range, shown

LabelVisibility = Literal["visible", "hidden", "collapsed"]
CHOICE_KINDS = ("one", "yes_no")
NUMBER_KINDS = ("whole_number", "number", "money", "percent")
DAY_KINDS = ("date", "month")
_CODES: TypeAdapter[tuple[str, ...]] = TypeAdapter(DenialCodes)


@dataclass(frozen=True)
class Given:
    """What a widget holds: a value, or what is wrong with it."""

    value: object = None
    problem: Problem | None = None


# --- drawing -----------------------------------------------------------------------------------------


def draw_field(question: Question, place: str, key: str, label: str, hidden: bool = True) -> None:
    """The widget for a question, filled with the present answer. `hidden` hides its label from sight."""
    present, label = store().get(place), plain(label)
    visibility: LabelVisibility = "collapsed" if hidden else "visible"
    match question.kind:
        case "one" | "yes_no":
            _draw_choice(question, present, key, label, visibility)
        case "many":
            _draw_many(question, present, key)
        case "state":
            _draw_state(present, key, label, visibility)
        case "payer":
            _draw_payer(present, key, label, visibility)
        case "whole_number" | "number" | "money" | "percent":
            _draw_number(question, present, key, label, visibility)
        case "date":
            _draw_date(present and us_date(present), "date_form", key, label, visibility)
        case "month":
            _draw_date(present and us_month(present), "month_form", key, label, visibility)
        case _:
            st.text_input(
                label,
                value=codes_shown(present),
                key=key,
                max_chars=200,
                label_visibility=visibility,
            )


def codes_shown(present: list[str] | None) -> str:
    """Codes as their field shows them."""
    return ", ".join(present or ())


def _draw_choice(
    question: Question, present: object, key: str, label: str, visibility: LabelVisibility
) -> None:
    options, names, helps = choices_of(question)
    st.radio(
        label,
        options,
        index=options.index(present) if present in options else None,
        format_func=lambda v: plain(names[options.index(v)]),
        captions=[plain(h) for h in helps] if any(helps) else None,
        horizontal=question.kind == "yes_no",
        key=key,
        label_visibility=visibility,
    )


def choices_of(question: Question) -> tuple[list[Any], list[str], list[str]]:
    """Values, labels and helps of a question's choices."""
    if question.kind == "yes_no":
        return [True, False], [said("common.yes"), said("common.no")], ["", ""]
    found = question.choices
    return [c.value for c in found], [c.label for c in found], [c.help or "" for c in found]


def _draw_many(question: Question, present: list[str] | None, key: str) -> None:
    chosen = set(present or ())
    for choice in many_choices(question):
        st.checkbox(plain(choice.label), value=choice.value in chosen, key=f"{key}-{choice.value}")
    st.checkbox(said("question.none_of_these"), value=present == [], key=f"{key}-none")


def many_choices(question: Question) -> list[Choice]:
    """The choices that can be ticked: the main diagnosis is not one of the others."""
    main = store().get("diagnosis")
    return [c for c in question.choices if c.value != main]


def _draw_state(present: str | None, key: str, label: str, visibility: LabelVisibility) -> None:
    codes = [code for code, _ in labels.states()]
    st.selectbox(
        label,
        codes,
        index=codes.index(present) if present in codes else None,
        format_func=labels.state_entry,
        placeholder=said("question.choose_state"),
        key=key,
        label_visibility=visibility,
    )


def _draw_payer(present: str | None, key: str, label: str, visibility: LabelVisibility) -> None:
    names = payer_options(load_rules())
    ident = load_rules().payer_id(present) if present else None
    options = list(names)
    if present and ident not in names:
        options.append(present)
    index = options.index(ident if ident in names else present) if present else None
    st.selectbox(
        label,
        options,
        index=index,
        format_func=lambda p: names.get(p, p),
        placeholder=said("question.choose_payer"),
        accept_new_options=True,
        key=key,
        label_visibility=visibility,
    )


def _draw_number(
    question: Question, present: float | None, key: str, label: str, visibility: LabelVisibility
) -> None:
    value = None if present is None else labels.as_percent(question, present)
    draw_number(label, key, shown(value), money=question.kind == "money", visibility=visibility)


def _draw_date(
    present: str | None, form: str, key: str, label: str, visibility: LabelVisibility
) -> None:
    st.text_input(
        label,
        value=present or "",
        placeholder=said(f"question.{form}"),
        max_chars=30,
        key=key,
        label_visibility=visibility,
    )


# --- reading -----------------------------------------------------------------------------------------


def read_field(
    question: Question, place: str, key: str, told: Callable[[str], Any] | None = None
) -> Given:
    """What the widget of a question holds, if it can be true beside what was told before."""
    given = _held(question, place, key)
    problem = given.problem or clash(place, given.value, told or store().get)
    return given if problem is None else Given(problem=problem)


def clash(place: str, value: object, told: Callable[[str], Any]) -> Problem | None:
    """What to say where an answer and one that was told cannot both be true."""
    ordered = {field for pair in IN_ORDER for field in (pair.earlier, pair.later)}
    if plain_field(place) not in ordered or value is None:
        return None
    answers = {field: told(field) for field in ordered if "[]" not in field}
    of_lists = (
        ("severity", ("date",)),
        ("coverages", ("starts", "ends")),
        ("treatments", ("years_ago",)),
        ("other_denials", ("notice_date", "received_date", "effective_date")),
    )
    for part, names in of_lists:
        for i, held in enumerate(told(part) or ()):
            answers |= {f"{part}[{i}].{name}": held.get(name) for name in names}
    answers[place] = value
    for pair, earlier, later in out_of_order(answers, today()):
        if place in (earlier, later):
            return Problem(f"question.in_order.{pair.key}")
    return None


def _held(question: Question, place: str, key: str) -> Given:
    held = st.session_state.get(key)
    match question.kind:
        case "many":
            return _read_many(question, key)
        case "date":
            return read_date(str(held or ""), place)
        case "month":
            return read_month(str(held or ""))
        case "whole_number" | "number" | "money" | "percent":
            return read_number(question, place, str(held or ""))
        case "one" | "yes_no" | "state":
            return (
                Given(held) if held is not None else Given(problem=Problem("question.choose_one"))
            )
        case "codes":
            return read_codes(str(held or ""))
        case _:
            text = str(held or "").strip()[:200]
            if text:
                text = named_payer(load_rules(), text, place, store().get)
            return Given(text) if text else Given(problem=Problem("question.fill_in"))


def read_codes(text: str) -> Given:
    """The codes that were typed, in one line."""
    if not text.strip():
        return Given(problem=Problem("question.fill_in"))
    try:
        return Given(list(_CODES.validate_python(text)))
    except ValidationError:
        return Given(problem=Problem("question.codes_unclear"))


def _read_many(question: Question, key: str) -> Given:
    ticked = [
        c.value for c in many_choices(question) if st.session_state.get(f"{key}-{c.value}", False)
    ]
    none = st.session_state.get(f"{key}-none", False)
    if ticked and none:
        return Given(problem=Problem("question.none_and_some"))
    if ticked or none:
        return Given(ticked)
    return Given(problem=Problem("question.tick_one"))


def number_range(question: Question, place: str) -> Range:
    """What the answer to a question for a number may be."""
    whole = question.kind == "whole_number"
    return Range(labels.short_name(place), question.low, question.high, whole)


def read_number(question: Question, place: str, text: str) -> Given:
    """A number as people type it, in the unit in which a case holds it."""
    found = number_range(question, place).read(text)
    if found is None:
        return Given(problem=Problem("question.fill_in_number"))
    if isinstance(found, Problem):
        return Given(problem=found)
    if question.kind == "whole_number":
        return Given(int(found))
    return Given(found / 100 if labels.is_share(question) else found)


def read_date(text: str, place: str) -> Given:
    """A date as people write it, checked against today where it must lie behind."""
    if not text.strip():
        return Given(problem=Problem("question.fill_in_date"))
    found = parse_day(text)
    if found is None:
        return Given(problem=Problem("question.date_unclear"))
    if found > today() and plain_field(place) in LIE_BEHIND:
        return Given(problem=Problem("question.date_ahead"))
    if found.year < 1900:
        return Given(problem=Problem("question.date_unclear"))
    return Given(found.isoformat())


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sep sept", "october oct", "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip


def parse_day(text: str) -> dt.date | None:
    """A date from 11/1/2026, 11-01-26, 2026-11-01, Nov 1 2026 or 1 November 2026; else None.

    Numbers alone are read the American way: month, day, year.
    """
    parts = re.findall(r"[a-z]+|\d+", re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.lower()))
    if len(parts) != 3:
        return None
    words = [p for p in parts if p.isalpha()]
    if len(words) > 1 or (words and words[0] not in MONTHS):
        return None
    numbers = [int(p) for p in parts if p.isdigit()]
    if words:
        month, (day, year) = MONTHS[words[0]], numbers
    elif len(parts[0]) == 4:
        year, month, day = numbers
    else:
        month, day, year = numbers
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_month(text: str) -> Given:
    """A month of a year as people write it; it cannot lie ahead."""
    if not text.strip():
        return Given(problem=Problem("question.fill_in_month"))
    found = parse_month(text)
    if found is None:
        return Given(problem=Problem("question.month_unclear"))
    if found > today():
        return Given(problem=Problem("question.date_ahead"))
    return Given(f"{found:%Y-%m}")


def parse_month(text: str) -> dt.date | None:
    """The first day of a month from 3/1962, 1962-03, March 1962, or from a whole date; else None."""
    whole = parse_day(text)
    if whole is not None:
        return whole.replace(day=1)
    parts = re.findall(r"[a-z]+|\d+", text.lower())
    years = [p for p in parts if len(p) == 4 and p.isdigit()]
    if len(parts) != 2 or len(years) != 1:
        return None
    other = next(p for p in parts if p != years[0])
    month = int(other) if other.isdigit() else MONTHS.get(other, 0)
    year = int(years[0])
    return dt.date(year, month, 1) if 1 <= month <= 12 and 1900 <= year < 2100 else None


def us_month(value: str) -> str:
    """A month as the field shows it: month/year."""
    year, _, month = value.partition("-")
    return f"{int(month)}/{year}"


def us_date(value: str | dt.date) -> str:
    """A date as the field shows it: month/day/year."""
    found = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found.month}/{found.day}/{found.year}"
