"""Numbers as a text tells them: in digits and in words, alone and with their unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"]
ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
IN_WORDS = {
    **{word: float(i) for i, word in enumerate(WORDS)},
    **{word: 30.0 + 10 * i for i, word in enumerate(TENS)},
    **{word: float(i) for i, word in enumerate(ORDINALS)},
    "once": 1.0, "twice": 2.0, "both": 2.0, "a": 1.0, "an": 1.0, "half": 0.5,
    "nothing": 0.0, "free": 0.0, "no": 0.0, "none": 0.0, "not": 0.0, "adults": 18.0, "adult": 18.0,
    "daily": 1.0, "weekly": 1.0, "monthly": 1.0,
}  # fmt: skip
# Words that are a number only where one is looked for, and none that is told.
LOOSE = (
    "a", "an", "no", "none", "not", "both", "free", "nothing", "half", "adults", "adult", "daily",
    "weekly", "monthly", *ORDINALS,
)  # fmt: skip
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}

DIGITS = re.compile(
    r"(?<![\w.])\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%| percent)?(?: (thousand|million|billion))?"
)
WORD = re.compile(rf"\b({'|'.join(IN_WORDS)})\b", re.IGNORECASE)
# Names that hold digits and no number of their own.
NAMES = re.compile(
    r"\b(PHQ-?9|GAD-?7|PCL-?5|HAM-?D-?\d*|DSM-?\d*|QIDS-?\w*|DSM-5-TR|ICD-10\S*|CFR \S+|T3)\b"
)

AMOUNT = rf"(\d+(?:\.\d+)?|{'|'.join(WORDS + TENS)})"
BETWEEN = r"(?:full|whole|more|further|calendar|business|working|consecutive)"
SPAN = re.compile(
    rf"\b{AMOUNT}(?:(?: to | or |-|–){AMOUNT})?[ -]+(?:{BETWEEN} )?(hour|day|week|month|year)s?\b",
    re.IGNORECASE,
)


class Length(NamedTuple):
    """A length of time as a text tells it."""

    number: float
    unit: str  # hour, day, week, month, year


def numbers_in(text: str) -> set[float]:
    """Every number that a text may tell, shares both as a part of one and in percent."""
    return set(_digits(text)) | {IN_WORDS[m[1].lower()] for m in WORD.finditer(text)}


def tells_numbers(text: str) -> bool:
    """Whether a text tells a number at all, and no mere `a` or `no`."""
    words = (m[1].lower() for m in WORD.finditer(text))
    return bool(set(_digits(text))) or any(w not in LOOSE for w in words)


def tells_digits(text: str) -> bool:
    """Whether a text tells a number in digits."""
    return bool(set(_digits(text)))


def _digits(text: str) -> Iterator[float]:
    for found in DIGITS.finditer(NAMES.sub(" ", text)):
        number = float(found[1].replace(",", "") + (found[2] or ""))
        yield number
        if found[3]:
            yield round(number / 100, 9)
        if found[4]:
            yield number * SCALES[found[4]]


def lengths_in(text: str) -> set[Length]:
    """The lengths of time in a text; of `4 to 6 weeks` both."""
    return {
        Length(value_of(part), found[3].lower())
        for found in SPAN.finditer(text)
        for part in (found[1], found[2])
        if part
    }


def value_of(word: str) -> float:
    return float(word) if word[0].isdigit() else IN_WORDS[word.lower()]
