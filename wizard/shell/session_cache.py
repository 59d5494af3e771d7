"""Things that take a moment to work out, kept in this session until an answer changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from typing import TypeVar

from wizard.session import Slot, store, today

T = TypeVar("T")


def kept(name: str, make: Callable[[], T], *also: Hashable) -> T:
    """What `make` gives for the present answers. It is kept in the session, never shared."""
    stamp = (json.dumps(store().case_data(), sort_keys=True, default=str), today(), also)
    place: Slot[tuple[object, T] | None] = Slot(f"kept-{name}", lambda: None)
    held = place.get()
    if held is None or held[0] != stamp:
        held = (stamp, make())
        place.set(held)
    return held[1]
