"""Texts: no placeholder, no promise, no raw date, no markup; addresses and phones well formed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from ..schema.base import Record
from ..schema.yaml_reader import Fault, RecordFile
from .index import Listed, RecordIndex, fault_at

PLACEHOLDER = re.compile(
    r"\b(todo|tbd|fixme|xxx+|lorem ipsum|placeholder|to be determined|fill in here)\b|^\s*(\.{3}|…|\?+|-+|n/?a)\s*$",
    re.IGNORECASE,
)

# Words that no record may say: nobody can promise that a plan pays.
PROMISE = re.compile(
    r"\b(guaranteed|you(’|')?( a)?re eligible|you are entitled|will be (covered|approved))\b",
    re.IGNORECASE,
)

# A date as machines write it. Papers and screens print texts, and people write January 1, 2026.
RAW_DATE = re.compile(r"(?<![\w/=-])(19|20)\d\d-\d\d-\d\d(?![\w-])")

MARKUP = re.compile(r"<[a-zA-Z/!]")

URL = re.compile(r"^https?://[^\s/]+\.[^\s]+$")

URL_FIELDS = ("url", "apply_url")

PHONE = re.compile(r"^[+\d][\d\-() .]{1,24}(\s?(ext\.?|x|press|option)\s?\d+)?$")

PHONE_FIELDS = ("phone", "other_phone")


def check_texts(
    book: RecordIndex, sheet: RecordFile, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, str):
            continue
        name = place[-1] if place else ""
        if name not in URL_FIELDS and PLACEHOLDER.search(part):
            yield fault_at(sheet, place, f"placeholder text: {part[:40]!r}", part[:40])
        if name not in ("title", "names_on_forms") and (found := PROMISE.search(part)):
            yield fault_at(sheet, place, f"a promise that nobody can keep: {found[0]!r}", found[0])
        found = None if name in URL_FIELDS else RAW_DATE.search(part)
        if found and found[0] != part:  # a value that is nothing but a date is no text
            yield fault_at(sheet, place, f"write the date as January 1, 2026: {found[0]}", found[0])
        if MARKUP.search(part):
            yield fault_at(sheet, place, f"markup in a text: {part[:40]!r}", part[:40])
        if name in URL_FIELDS and not URL.match(part):
            yield fault_at(sheet, place, f"not a URL: {part[:60]!r}", part[:60])
        if name in PHONE_FIELDS and not PHONE.match(part):
            yield fault_at(sheet, place, f"not a phone number: {part[:40]!r}", part[:40])
