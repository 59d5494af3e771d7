"""Numbers on which lives, last days and sums hang: what a record says is what `pinned.yaml` says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..schema.appeals import AppealProcess
from ..schema.base import Record
from ..schema.clinical import ScaleRecord
from ..schema.other import Eligibility
from ..schema.record_types import Parameters, Safety
from ..schema.ways import Parameter
from ..schema.yaml_reader import Fault, Place, RecordFile
from .index import Listed, RecordIndex, fault_at, phones_in, typed_table

SLIPS = 2  # digits: a number that differs in no more is meant to be the same

# What the sentence of a crisis line tells to use: a phone number, a short one, an address.
NUMBER = re.compile(
    r"(?<![\w-])(?:1-)?\d{3}-\d{3}-\d{4}(?!\d)|\b[\w-]+\.(?:org|gov|net|com)\b|(?<![\w-])\d+(?![\w-])"
)
# A short number that people are told to use: `call or text 988`, `text HOME (or MHA) to 741741`.
TOLD_TO_CALL = re.compile(
    r"\b(?:call|text|dial|calling|texting)(?: or (?:text|call))?(?: [A-Z]{2,}(?: \([^)]*\))? to)? "
    r"(\d{3,6})\b(?![-\d]| [a-z]+s\b)",
    re.IGNORECASE,
)


def pinned() -> dict[str, Any]:
    return typed_table("pinned.yaml")


def check_pinned(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if isinstance(record, Safety):
        yield from _crisis(sheet, record)
    elif isinstance(record, Parameters):
        yield from _parameters(sheet, record)
    elif isinstance(record, Eligibility):
        yield from _guidelines(sheet, record)
    elif isinstance(record, AppealProcess):
        yield from _time_limits(sheet, record)
    for place, part in listed:
        if isinstance(part, str):
            yield from _numbers_to_call(sheet, place, part)
            if isinstance(record, Safety):
                yield from _nearly_a_short_number(sheet, place, part)
        elif isinstance(part, Record):
            line = pinned()["lines"].get(getattr(part, "name", None))
            phone = getattr(part, "phone", None)
            if line is not None and phone is not None and _digits(phone) != _digits(line):
                yield _differs(sheet, (*place, "phone"), phone, line)


def _differs(sheet: RecordFile, place: Place, told: object, right: object) -> Fault:
    text = f"{told} here, {right} in rules/checks/pinned.yaml: see the source, and change both"
    return fault_at(sheet, place, text, told)


def _missing(sheet: RecordFile, place: Place, name: str) -> Fault:
    return fault_at(sheet, place, f"{name} stands in rules/checks/pinned.yaml and not here", name)


# --- lines to call ---


def _crisis(sheet: RecordFile, safety: Safety) -> Iterator[Fault]:
    right: dict[str, list[str]] = pinned()["crisis"]
    for i, line in enumerate(safety.crisis):
        told = NUMBER.findall(line.says)
        if told != right.get(line.id, []):
            where = ("crisis", i, "says")
            yield _differs(sheet, where, _shown(told), _shown(right.get(line.id, [])))
        for number in re.findall(r"(?<!\d)\d{3}(?!\d)", line.name):
            if number not in right.get(line.id, []):
                where = ("crisis", i, "name")
                yield _differs(sheet, where, number, _shown(right.get(line.id, [])))
    for name in right.keys() - {line.id for line in safety.crisis}:
        yield _missing(sheet, ("crisis",), name)
    for i, scale in enumerate(safety.scales):
        yield from _scale(sheet, ("scales", i), scale)


def _shown(numbers: Sequence[object]) -> str:
    return ", ".join(str(n) for n in numbers) or "no number"


def _numbers_to_call(sheet: RecordFile, place: Place, text: str) -> Iterator[Fault]:
    for found in TOLD_TO_CALL.finditer(text):
        if found[1] not in pinned()["short_numbers"]:
            yield _differs(sheet, place, found[1], _shown(pinned()["short_numbers"]))
    for phone in phones_in(text):
        for line in pinned()["phones"]:
            if _is_slip(phone, _digits(line)):
                yield _differs(sheet, place, phone, line)


def _nearly_a_short_number(sheet: RecordFile, place: Place, text: str) -> Iterator[Fault]:
    """A number of safety.yaml that is a crisis line's but for one digit, whatever stands around it."""
    for told in re.findall(r"(?<![\w-])\d{3,6}(?![\w-])", text):
        for right in pinned()["short_numbers"]:
            if (
                len(told) == len(right)
                and sum(a != b for a, b in zip(told, right, strict=True)) == 1
            ):
                yield _differs(sheet, place, told, right)


def is_pinned(phone: str) -> bool:
    """Whether it is a line for the whole country."""
    return any(phone == _digits(line) for line in pinned()["phones"])


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-10:]


def _is_slip(told: str, right: str) -> bool:
    """Whether a number is another one with a digit or two wrong."""
    return 0 < sum(a != b for a, b in zip(told, right, strict=True)) <= SLIPS


# --- numbers of federal law ---


def _scale(sheet: RecordFile, place: Place, scale: ScaleRecord) -> Iterator[Fault]:
    right = pinned()["scales"].get(scale.id)
    if right is None:
        return
    told = [band.start for band in scale.bands]
    if scale.high != right["high"]:
        yield _differs(sheet, (*place, "high"), scale.high, right["high"])
    if len(told) != len(right["bands"]):
        yield _differs(sheet, (*place, "bands"), _shown(told), _shown(right["bands"]))
        return
    for i, (points, known) in enumerate(zip(told, right["bands"], strict=True)):
        if points != known:
            yield _differs(sheet, (*place, "bands", i, "from"), points, known)


def _parameters(sheet: RecordFile, record: Parameters) -> Iterator[Fault]:
    right: dict[str, dict[str, float]] = pinned()["parameters"]
    for i, parameter in enumerate(record.parameters):
        known = right.get(parameter.id)
        if known is not None:
            yield from _values(sheet, ("parameters", i), parameter, known)
    for name in right.keys() - {p.id for p in record.parameters}:
        yield _missing(sheet, ("parameters",), name)


def _values(
    sheet: RecordFile, place: Place, parameter: Parameter, known: dict[str, float]
) -> Iterator[Fault]:
    told = {}
    for i, value in enumerate(parameter.values):
        first = str(value.in_force.start)
        told[first] = value.value
        if first not in known:
            where = (*place, "values", i, "in_force", "from")
            yield _differs(sheet, where, first, _shown(list(known)))
        elif value.value != known[first]:
            where = (*place, "values", i, "value")
            yield _differs(sheet, where, value.value, known[first])
    for first in known.keys() - told.keys():
        yield _missing(sheet, (*place, "values"), f"{parameter.id} from {first}")


def _guidelines(sheet: RecordFile, record: Eligibility) -> Iterator[Fault]:
    right: dict[str, list[int]] = pinned()["poverty_guidelines"]
    told: set[str] = set()
    for i, one in enumerate(record.poverty_guidelines):
        name = f"{one.year} {one.region}"
        told.add(name)
        known = right.get(name, [None, None])
        for field, number in zip(("first_person", "each_additional"), known, strict=True):
            if getattr(one, field) != number:
                where = ("poverty_guidelines", i, field)
                yield _differs(sheet, where, getattr(one, field), number)
    for name in right.keys() - told:
        yield _missing(sheet, ("poverty_guidelines",), f"the guideline {name}")


def _time_limits(sheet: RecordFile, process: AppealProcess) -> Iterator[Fault]:
    """Every reading of a time limit is one of those that are pinned, and none of these is missing."""
    for i, level in enumerate(process.levels):
        right = pinned()["time_limits"].get(f"{process.id}.{level.id}")
        if right is None:
            continue
        told = set()
        for j, reading in enumerate(level.file_within):
            clock = reading.clock
            limit = f"{clock.number} {clock.unit}"
            told.add(limit)
            if clock.number is not None and limit not in right:
                where = ("levels", i, "file_within", j, "clock", "number")
                yield _differs(sheet, where, limit, _shown(right))
        for limit in [r for r in right if r not in told]:
            yield _missing(sheet, ("levels", i, "file_within"), limit)
