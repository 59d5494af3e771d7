"""What a record's schema refuses, said to a person: where, which value, what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args

from pydantic import ValidationError

from rules.slips import PLAIN_MESSAGES, choices_in, nearest

from .base import DATE_PATTERN, SLUG_PATTERN, STATE_PATTERN, Record

Place = tuple[str | int, ...]

MOST_LISTED = 12  # words of a closed list that are all told; of a longer one the nearest
MOST_SHOWN = 60  # characters of a value that are told again


class Slip(NamedTuple):
    """One thing that the schema refuses."""

    place: Place
    message: str
    value: str | None = None
    nearest: str | None = None


def slips(
    model: type[Record],
    error: ValidationError,
    known: Callable[[Place], Place],
    written: Callable[[Place], str | None],
) -> Iterator[Slip]:
    """Each thing that `model` refused, once.

    `known` cuts a place to the part that the file has; `written` gives a value as it stands there.
    """
    words: dict[Place, list[str]] = {}
    told: set[Slip] = set()
    for item in error.errors():
        place: Place = item["loc"]
        if item["type"] == "literal_error":  # one error for each list that was tried
            words.setdefault(known(place), []).extend(choices_in(item["ctx"]["expected"]))
            continue
        slip = _slip(model, dict(item), place, known, written)
        if slip not in told:
            told.add(slip)
            yield slip
    for place, choices in words.items():
        yield _wrong_word(place, written(place) or "", choices)


def _slip(
    model: type[Record],
    item: dict[str, Any],
    place: Place,
    known: Callable[[Place], Place],
    written: Callable[[Place], str | None],
) -> Slip:
    kind, given = item["type"], item.get("input")
    if kind == "missing":
        around, key = known(place[:-1]), place[-1]
        return Slip((*around, key), f"missing{_meaning(model, around, str(key))}")
    place = known(place)
    if kind == "extra_forbidden":
        key = str(place[-1])
        close = nearest(key, [k for k, _ in keys_at(model, place[:-1])])
        return Slip(place, f"unknown key {key!r}", key, close)
    text = written(place)
    text = text if text is not None or isinstance(given, (dict, list)) else str(given)
    if kind == "string_type" and isinstance(given, (bool, int, float)):
        quoted = f"write '{text}' in quotes: without them it is not read as a text"
        return Slip(place, quoted, text, f"'{text}'")
    if kind == "partial_date" or kind.startswith("date_"):
        return _wrong_date(place, text or "", whole=kind != "partial_date")
    if kind == "string_pattern_mismatch":
        return _wrong_form(place, text or "", item["ctx"]["pattern"])
    return Slip(place, _plain(item), _short(text))


def _plain(item: dict[str, Any]) -> str:
    if item["type"] == "model_type":
        return "lines of `key: value` are needed here"
    if item["type"] in PLAIN_MESSAGES:
        return PLAIN_MESSAGES[item["type"]].format(**item.get("ctx", {}))
    return str(item["msg"]).removeprefix("Value error, ")


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"


def _wrong_word(place: Place, text: str, choices: list[str]) -> Slip:
    choices = list(dict.fromkeys(choices))
    few = len(choices) <= MOST_LISTED
    listed = f": {', '.join(choices)}" if few else f" the {len(choices)} valid words"
    return Slip(place, f"{text!r} is not one of{listed}", text, nearest(text, choices))


# --- dates and other forms ---


def _wrong_date(place: Place, text: str, whole: bool) -> Slip:
    meant = date_meant(text)
    forms = "2026-12-01" if whole else "2026, 2026-12 or 2026-12-01"
    return Slip(place, f"{text!r} is not a date; write {meant or forms}", text, meant)


def date_meant(text: str) -> str | None:
    """The day that was most likely meant by a date in another form; None where nobody can tell."""
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if len(numbers) != 3 or not re.fullmatch(r"[\d\s/.\-]+", text):
        return None
    year, month, day = numbers if numbers[0] > 31 else (numbers[2], numbers[0], numbers[1])
    try:
        return dt.date(year, month, day).isoformat() if 1900 <= year <= 2100 else None
    except ValueError:
        return None


def _wrong_form(place: Place, text: str, pattern: str) -> Slip:
    if pattern == DATE_PATTERN:
        return _wrong_date(place, text, whole=False)
    if pattern == STATE_PATTERN:
        meant, form = text.strip().upper(), "two capital letters, as in TX"
    elif pattern == SLUG_PATTERN:
        meant = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
        form = "small letters, digits and underscores, as in aetna_2026"
    else:
        meant, form = "", "another form"
    found = meant if re.fullmatch(pattern, meant) else None
    return Slip(place, f"{text!r} is not written as it has to be: {form}", text, found)


# --- what the schema says of a place ---


def keys_at(model: type[Record], place: Place) -> list[tuple[str, str]]:
    """The keys that may stand at a place of a record, each with what it means."""
    return [
        (info.alias or name, info.description or "")
        for one in _models_at(model, place)
        for name, info in one.model_fields.items()
    ]


def _models_at(model: type[Record], place: Place) -> list[type[Record]]:
    models = [model]
    for part in place:
        if isinstance(part, str):
            models = [inner for one in models for inner in _below(one, part)]
    return models


def _below(model: type[Record], key: str) -> Iterator[type[Record]]:
    for name, info in model.model_fields.items():
        if key in (name, info.alias):
            yield from _records_in(info.annotation)


def _records_in(annotation: Any) -> Iterator[type[Record]]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for part in get_args(annotation):
        yield from _records_in(part)


def _meaning(model: type[Record], around: Place, key: str) -> str:
    """What a missing key says: the first sentence of its description."""
    found = dict(keys_at(model, around)).get(key, "")
    return f": {found.split('. ')[0].rstrip('.')}" if found else ""
