"""Answers as a file that the person keeps: JSON with a format and a version.

A file may be foreign or old, or hold what no case can. What can be read is kept, field by field, and
the rest is named; a file that was cut off is told as damaged. Nothing is written on the server: the text goes to the browser and comes from it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rules import load_rules
from rules.case import Case, CaseFault, PlainCase
from wizard.counselor.scenario import (
    LONGEST_DESK_NOTE,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST,
    CounselorDesk,
    Scenario,
    ScenarioChange,
)
from wizard.counselor.scenarios import apply

from .answers import Answers, parts_of, value_at
from .messages import ROLES
from .readable import MOST_FAULTS, faults_of, readable

_DESK, _VARIANT, _EDIT = (
    TypeAdapter(CounselorDesk),
    TypeAdapter(Scenario),
    TypeAdapter(ScenarioChange),
)
FORMAT = "ketapath-answers"
VERSION = 3
# Answers whose question has another meaning since a version: of an older file they are asked anew.
MEANS_OTHER_SINCE: dict[str, int] = {"money.medical_spending": 3}
MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Notice:
    """Something to tell about a file: the key of its words, and the field and fault it is about."""

    key: str
    field: str | None = None
    fault: CaseFault | None = None


@dataclass(frozen=True)
class Opened:
    """What came of opening a file: the answers that could be read (or none), and what to tell."""

    answers: Answers | None
    notices: tuple[Notice, ...] = ()


def to_file(answers: Answers, day: dt.date) -> str:
    """The answers as the text of a file."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "saved": day.isoformat(),
            "case": answers.case,
            "unknown": sorted(answers.unknown),
            "role": answers.role,
            "ticked": sorted(answers.ticked),
            "own_numbers": answers.own_numbers,
            "desk": None if answers.desk is None else _DESK.dump_python(answers.desk, mode="json"),
        },
        ensure_ascii=False,
        indent=1,
        default=str,
    )


def from_file(raw: str | bytes, day: dt.date) -> Opened:
    """The answers in a file's text, with a list of what to tell about it."""
    if len(raw) > MOST_BYTES:
        return Opened(None, (Notice("file.too_large"),))
    text = _decoded(raw)
    if text is None:
        return Opened(None, (Notice("file.foreign"),))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Opened(None, (Notice("file.damaged" if FORMAT in text else "file.foreign"),))
    if not isinstance(data, dict):
        return Opened(None, (Notice("file.foreign"),))
    body, notices = _body(data)
    if body is None:
        return Opened(None, tuple(notices))
    told, changed = _without_other_meanings(body)
    notices.extend(Notice("file.means_other", field) for field in changed)
    case, faults = readable(told, day)
    notices.extend(_left_out(f) for f in faults)
    answers = Answers(case=case, unknown=_unknown(body.get("unknown"), case))
    if body.get("role") in ROLES:
        answers.role = body["role"]
    answers.ticked = {t for t in _list(body.get("ticked")) if isinstance(t, str)}
    answers.own_numbers = _numbers(body.get("own_numbers"))
    answers.desk, left_out = _desk(body.get("desk"), answers, day)
    if left_out:
        notices.append(Notice("file.desk_left_out"))
    if answers.empty() and notices:
        return Opened(None, (*notices, Notice("file.nothing_kept")))
    return Opened(answers, tuple(notices))


def _without_other_meanings(body: dict[str, Any]) -> tuple[object, list[str]]:
    """The case of a file without answers that meant something else when it was saved."""
    case, version = body.get("case"), body.get("version")
    if not isinstance(case, dict) or body.get("format") != FORMAT:
        return case, []
    saved = version if isinstance(version, int) else 0
    old = [
        field for field, since in MEANS_OTHER_SINCE.items()
        if saved < since and value_at(case, field) is not None
    ]  # fmt: skip
    for field in old:
        room, name = field.split(".")
        case = {**case, room: {k: v for k, v in case[room].items() if k != name}}
    return case, old


def _left_out(fault: CaseFault) -> Notice:
    key = f"file.clash.{fault.clash}" if fault.clash else "file.left_out"
    return Notice(key, fault.where, fault)


def _decoded(raw: str | bytes) -> str | None:
    if isinstance(raw, str):
        return raw
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _body(data: dict[str, Any]) -> tuple[dict[str, Any] | None, list[Notice]]:
    """The part of a file that holds answers, and what its kind and age call for telling."""
    if data.get("format") == FORMAT:
        version = data.get("version")
        if version == VERSION:
            return data, []
        newer = isinstance(version, int) and version > VERSION
        return data, [Notice("file.newer" if newer else "file.old")]
    if data and set(data) <= set(Case.model_fields):
        return {"case": data}, [Notice("file.plain_case")]
    return None, [Notice("file.foreign")]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _unknown(value: object, case: PlainCase) -> set[str]:
    """Fields said to be unknown; one that has an answer, or that no case has, is not."""
    return {
        place
        for place in _list(value)
        if isinstance(place, str)
        and parts_of(place)[:1]
        and parts_of(place)[0] in Case.model_fields
        and value_at(case, place) is None
    }


def _numbers(value: object) -> dict[str, Decimal]:
    """A person's own numbers; whether one fits the sums is seen when they are worked out."""
    found: dict[str, Decimal] = {}
    for ident, text in value.items() if isinstance(value, dict) else ():
        try:
            number = Decimal(str(text))
        except InvalidOperation:
            continue
        if number.is_finite():
            found[str(ident)] = number
    return found


# --- what a counselor holds beside the case ----------------------------------------------------------


def _desk(value: Any, answers: Answers, day: dt.date) -> tuple[CounselorDesk | None, bool]:
    """The desk, and whether something on it was left out: it could not be read, or not be done."""
    if value is None:
        return None, False
    rows = _list(value.get("variants")) if isinstance(value, dict) else []
    read = [_variant(row, answers, day) for row in rows]
    kept: dict[int, Scenario] = {}
    for variant, _ in read[:MOST]:
        if variant is not None:
            kept.setdefault(variant.id, variant)
    left_out = len(kept) < len(rows) or any(lost for _, lost in read)
    if not kept:
        return None, True
    first, *others = kept.values()
    note = str(value.get("note") or "")[:LONGEST_DESK_NOTE]
    return CounselorDesk((replace(first, edits=()), *others), note), left_out


def _variant(row: object, answers: Answers, day: dt.date) -> tuple[Scenario | None, bool]:
    """A variant with those of its edits that can be made, one after the other."""
    if not isinstance(row, dict):
        return None, True
    try:
        found = _VARIANT.validate_python({**row, "edits": ()})
    except ValidationError:
        return None, True
    edits: list[ScenarioChange] = []
    rows = _list(row.get("edits"))
    for told in rows[:MOST_FAULTS]:
        edit = _edit(told)
        if edit is not None and _can_be_made([*edits, edit], answers, day):
            edits.append(edit)
    shown = replace(
        found, edits=tuple(edits), name=found.name[:LONGEST_NAME], note=found.note[:LONGEST_NOTE]
    )
    return shown, len(edits) < len(rows)


def _edit(told: object) -> ScenarioChange | None:
    try:
        return _EDIT.validate_python(told)
    except ValidationError:
        return None


def _can_be_made(edits: list[ScenarioChange], answers: Answers, day: dt.date) -> bool:
    try:
        return not faults_of(apply(answers.case_data(), edits, load_rules()), day)
    except (LookupError, TypeError, ValueError, AttributeError):
        return False  # an edit made by hand may name any place at all
