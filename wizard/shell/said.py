"""The words of this session, and the one door through which all other text comes onto the screen.

What the wizard's own words say may hold markdown. Whatever else is drawn was typed by a person, came
out of a file or table, or holds such text (a reason that names the payer): it is drawn as it stands.
So what is not `Markdown` is text, and `said` takes each gap of a sentence for text unless it is marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from wizard.messages import count, say
from wizard.session import store

Words = Callable[..., str]  # `said`, or `bare` where markdown means nothing


class Markdown(str):
    """Text in which the signs of markdown mean something; anything else is drawn as it stands."""

    __slots__ = ()


def said(key: str, **values: object) -> Markdown:
    """The text at a key, in the wording of the role that was chosen, for markdown."""
    return Markdown(say(key, store().role, **_plain_values(values)))


def counted(key: str, number: int, **values: object) -> Markdown:
    """The text at a key for a number, in the wording of the role that was chosen, for markdown."""
    return Markdown(count(key, number, store().role, **_plain_values(values)))


def bare(key: str, **values: object) -> str:
    """The text at a key where markdown means nothing: HTML, lists to choose from, names of files."""
    return say(key, store().role, **values)


def link(title: str, url: str | None) -> Markdown:
    """A title that leads to a publication of the rule book; without an address, the title alone."""
    return Markdown(f"[{plain(title)}](<{url}>)") if url else plain(title)


def _plain_values(values: dict[str, object]) -> dict[str, object]:
    return {k: plain(v) if isinstance(v, str) else v for k, v in values.items()}


# --- text that is no markdown ----------------------------------------------------------------------

# The browser looks for addresses, icons and arrows in the text that is left when all escapes are
# taken off. An empty element in their middle ends that; it shows nothing and is not copied.
_BREAK = ":color[]"
# Signs without a picture of their own: control characters, and those that turn the line around.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u202a-\u202e\u2066-\u2069]")
_SIGN = re.compile(r"[\\`*_\[\]{}$~|]")
_AT_START = re.compile(r"^(?:(\d+)(?=[.)])|(?=[#+=-]))")
_MEANS_MORE = re.compile(r":(?=\S|$)|(?<=\S)@|(?<=www)\.|(?<=[<>~=-])[<>~=-]", re.IGNORECASE)
_ENTITY = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def plain(text: str) -> Markdown:
    """Text as it stands, for markdown: no sign, address or name in it means anything."""
    if isinstance(text, Markdown):
        return text
    words = " ".join(_UNSEEN.sub("", text).split())
    parts = [_escaped(p) for p in _pieces(words)]
    return Markdown(_AT_START.sub(r"\1\\", _BREAK.join(parts)))


def plain_lines(text: str) -> Markdown:
    """Text of several lines as it stands, for markdown."""
    return Markdown("  \n".join(plain(line) for line in text.splitlines()))


def _pieces(text: str) -> list[str]:
    """Text cut where its parts would mean more together than alone."""
    places = [m.end() if m[0] == ":" else m.start() for m in _MEANS_MORE.finditer(text)]
    return [text[a:b] for a, b in zip([0, *places], [*places, None], strict=True)]


def _escaped(text: str) -> str:
    text = _SIGN.sub(r"\\\g<0>", text)
    if text.endswith(":"):
        text = f"{text[:-1]}\\:"
    return re.sub("[&<>]", lambda m: _ENTITY[m[0]], text)
