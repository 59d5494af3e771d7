"""Reads a case from plain data; what is at fault is told with the place, the value and the nearest valid one."""

from __future__ import annotations

import datetime as dt
import difflib

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .case import PARTS, Case, CaseError, CaseFault, plain_field
from .case_dates import clashes, future_dates
from .slips import PLAIN_MESSAGES, choices_in, nearest
from .synonyms import own_vocabulary, state_names

MOST_HINTS = 40  # faults of a case for which what was meant is looked for
LONGEST_WORD = 200  # characters of a word for which it is


def read_case(data: object, today: dt.date | None = None) -> Case:
    """A case from plain data.

    Raises CaseError naming each faulty place, its value and the nearest valid one. Two dates that
    cannot both be true are faults; with `today` given, so is a date later than it (other than one
    that may lie ahead, such as the end of an approval).
    """
    if not isinstance(data, dict):
        raise CaseError(
            [CaseFault(where="", value=type(data).__name__, message="a case is an object")]
        )
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        found = enumerate(error.errors(include_url=False))
        raise CaseError([_case_fault(e, i < MOST_HINTS) for i, e in found]) from None
    faults = [] if today is None else future_dates(case, today)
    faults.extend(clashes(case, today))
    if faults:
        raise CaseError(faults)
    return case


def _dotted(place: list[str | int]) -> str:
    dotted = ""
    for part in place:
        dotted += f"[{part}]" if isinstance(part, int) else f".{part}" if dotted else str(part)
    return dotted


def _case_fault(error: ErrorDetails, hint: bool) -> CaseFault:
    """What is wrong at one place; with `hint`, what was likely meant there."""
    place: list[str | int] = list(error["loc"])
    dotted = _dotted(place)
    # Of an object or a list only the place is told: it holds other answers of the person.
    plain = not isinstance(error.get("input"), (dict, list, tuple))
    given = repr(error.get("input")) if plain else ""
    given = given if len(given) <= 80 else given[:77] + "…"
    kind = error["type"]
    if kind == "extra_forbidden":
        model = PARTS.get(plain_field(_dotted(place[:-1])), Case)
        close = nearest(str(place[-1])[:LONGEST_WORD], list(model.model_fields)) if hint else None
        return CaseFault(where=dotted, value=given, message="unknown field", nearest=close)
    if kind == "literal_error":
        choices = choices_in(error["ctx"]["expected"])
        text = str(error["input"])[:LONGEST_WORD] if hint else ""
        return _word_fault(dotted, given, text, choices)
    if kind in PLAIN_MESSAGES:
        message = PLAIN_MESSAGES[kind].format(**error.get("ctx", {}))
    else:
        message = error["msg"].removeprefix("Value error, ")
    return CaseFault(where=dotted, value=given, message=message)


def _word_fault(where: str, given: str, text: str, choices: list[str]) -> CaseFault:
    """A word that is none of the valid ones: what people mean by it, where the records know it."""
    message = "not one of the valid words"
    if not text:
        return CaseFault(where=where, value=given, message=message)
    field = plain_field(where).removesuffix("[]")
    vocabulary = own_vocabulary()
    if field.rpartition(".")[2] in ("state", "issue_state"):
        return CaseFault(where=where, value=given, message=message, nearest=nearest_state(text))
    if field not in vocabulary.questions:
        close = nearest(text, choices)
        return CaseFault(where=where, value=given, message=message, nearest=close)
    meant = vocabulary.nearest(field, text)
    if meant is None:
        return CaseFault(where=where, value=given, message=message)
    own = meant.of(field)
    if [place for place, _ in meant.sets] != [field]:
        said = (f"{place.rpartition('.')[2]}: {value}" for place, value in meant.sets)
        message = "; ".join((message, ", ".join(said) or (meant.tell or "").rstrip(".")))
    return CaseFault(
        where=where, value=given, message=message, nearest=own if own is not None else meant.nearest
    )


def nearest_state(text: str) -> str | None:
    """The USPS code of the state whose name or code is closest to `text`."""
    named = state_names()
    found = difflib.get_close_matches(text.strip().lower(), list(named), n=1, cutoff=0.6)
    return named[found[0]] if found else None
