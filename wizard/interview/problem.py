"""What is wrong with an answer, on its way to the place beside its field. Pure."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """A key of words and what they name. `field` is the key of the widget that it stands under."""

    key: str
    words: tuple[tuple[str, str], ...] = ()
    field: str | None = None
