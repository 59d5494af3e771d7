"""A state's record speaks of that state: no other one's name, phone, address or office stands in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from ..schema.base import Record
from ..schema.states import State
from ..schema.yaml_reader import Fault, RecordFile
from ..synonyms import state_names
from .index import Listed, RecordIndex, fault_at, host_of, phones_in
from .pinned import is_pinned

NAMED = ("name", "law", "address", "apply_url", "url", "email")
ZIP = re.compile(r",? ([A-Z]{2}),? \d{5}(?:-\d{4})?\b")
OF_STATE = re.compile(r"(?:^|[.@])(?:state\.)?([a-z]{2})\.(?:gov|us)$")


def check_own_state(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if not isinstance(record, State):
        return
    if state_names().get(record.name.lower()) not in (None, record.code):
        text = f"{record.name} is not the name of {record.code}"
        yield fault_at(sheet, ("name",), text, record.name)
        return
    for place, part in listed:
        if isinstance(part, str):
            for why in _foreign(book, record, str(place[-1]), part):
                yield fault_at(sheet, place, why, part)


def _foreign(book: RecordIndex, state: State, field: str, text: str) -> Iterator[str]:
    for phone in phones_in(text):
        others = book.phones.get(phone, set()) - {state.code}
        if others and not is_pinned(phone):
            yield f"{phone} stands in the record of {_shown(others)} too"
    if field not in NAMED:
        return
    if field in ("name", "law"):
        other = _other_state(text, state.name, alone=field == "law")
        if other is not None:
            yield f"{other} is not {state.name}"
    if field == "name":
        others = book.named_in.get(text, set()) - {state.code}
        if others:
            yield f"{text} stands in the record of {_shown(others)} too"
    if field == "address" and (found := ZIP.search(text)) and found[1] != state.code:
        yield f"an address in {found[1]}"
    if field in ("url", "apply_url", "email"):
        host = host_of(text)
        found = OF_STATE.search(host)
        other = found[1].upper() if found else None
        if other in state_names().values() and other != state.code:
            yield f"an address of {other}"
        elif host and (others := book.hosts.get(host, set()) - {state.code}):
            yield f"the record of {_shown(others)} has an address of {host} too"


def _shown(states: set[str]) -> str:
    return ", ".join(sorted(states)[:3])


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(state_names(), key=len, reverse=True)  # West Virginia before Virginia
    return re.compile(rf"\b({'|'.join(map(re.escape, longest))})\b", re.IGNORECASE)


def _other_state(text: str, own: str, alone: bool) -> str | None:
    """The name of another state in a text. `alone`: only where the state's own does not stand there."""
    found = [m[0] for m in _pattern().finditer(text)]
    others = [name for name in found if name.lower() not in own.lower()]
    return others[0] if others and not (alone and len(others) < len(found)) else None
