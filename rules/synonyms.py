"""What people write for an answer: one vocabulary for the table, the forms and a case in JSON.

The words are those of the question records. A word may say several answers ("Medicare Advantage"
says the kind of cover and which Medicare), or too little to be one ("dual": two covers); then the
record tells what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from rapidfuzz import fuzz, process

from .schema.files import read_all
from .schema.other import Question
from .schema.record_types import Questions

TELL, NEAREST = "tell", "nearest"  # keys of a word's mapping that are no fields
SHORTEST_GUESS = 4  # letters: of a shorter word nobody can say which it was meant to be
CLOSE = 80  # of 100: how alike a word must be to be offered as the one that was meant
DOUBT = "?"


@dataclass(frozen=True)
class Meaning:
    """What a word says: answers by their place in a case, and what it leaves to be said."""

    sets: tuple[tuple[str, object], ...] = ()
    tell: str | None = None
    nearest: Any = None

    def of(self, place: str) -> Any:
        """What it says for one place (None: nothing)."""
        return dict(self.sets).get(place)


Meant = TypeVar("Meant")


class WordSpan(NamedTuple, Generic[Meant]):
    """A run of words of a text, and what the words mean (None: not known)."""

    words: tuple[str, ...]
    meaning: Meant | None


def plain(text: str) -> str:
    """A name or a word without case, spaces, underscores and hyphens."""
    text = text.replace("’", "'").replace("\ufeff", "")
    return re.sub(r"[\s_\-]+", "", text.strip().lower())


def plain_name(text: str) -> str:
    """A name without case, punctuation and filler, so that spellings of a payer meet."""
    return _plain_short(text) if len(text) <= SHORT_NAME else _plain(text)


def _plain(text: str) -> str:
    text = text.lower().replace("&", " and ").replace("/", " ")
    text = re.sub(r"blue\s*cross(\s*(and\s+)?blue\s*shield)?", "bcbs", text)
    text = re.sub(r"[^a-z0-9]+", " ", text)
    words = [w for w in text.split() if w not in ("of", "the", "inc", "llc", "and")]
    return "_".join(words)


SHORT_NAME = 200  # longer ones are not kept
_plain_short = lru_cache(maxsize=10_000)(_plain)


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, alike for all spellings; a question mark is a word of its own."""
    found = tuple(w for w in plain_name(text).split("_") if w)
    return (*found, DOUBT) if DOUBT in text else found


@lru_cache(maxsize=1)
def state_names() -> dict[str, str]:
    """The names of states and territories in small letters, with their USPS codes."""
    import us

    found = {s.name.lower(): str(s.abbr) for s in us.states.STATES_AND_TERRITORIES}
    return found | {"district of columbia": "DC"}


def meaning(question: Question, value: object) -> Meaning:
    """What stands behind a word of a question: a value of its own, or a mapping."""
    if not isinstance(value, dict):
        return Meaning(((question.field, value),))
    part = question.field.rpartition(".")[0]
    sets = tuple(
        (k if "." in k or not part else f"{part}.{k}", v)
        for k, v in value.items()
        if k not in (TELL, NEAREST)
    )
    return Meaning(sets, value.get(TELL), value.get(NEAREST))


def meanings(question: Question) -> dict[str, Meaning]:
    """Every word of a question as it is written, with what it says; its values go before synonyms."""
    found = {str(k): meaning(question, v) for k, v in question.synonyms.items()}
    for choice in question.choices:
        for word in (choice.label, str(choice.value)):
            found[word] = meaning(question, choice.value)
    return found


def read_spans(
    words: tuple[str, ...], known: Mapping[tuple[str, ...], Meant]
) -> Iterator[WordSpan[Meant]]:
    """A text cut into the longest runs that are known, from its start; else into single words."""
    longest = max((len(k) for k in known), default=0)
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            found = known.get(words[at : at + length])
            if found is not None:
                break
        yield WordSpan(words[at : at + length], found)
        at += length


class Vocabulary:
    """The words of all questions."""

    def __init__(self, sheet: Questions) -> None:
        self.questions = {q.field: q for q in sheet.questions}
        self.passed_over = frozenset(w for word in sheet.passed_over for w in words_in(word))
        self.undone = frozenset(plain(w) for w in sheet.undone) | {DOUBT}
        self._words: dict[str, dict[str, Meaning]] = {}
        self._runs: dict[str, dict[tuple[str, ...], Meaning]] = {}

    def words(self, field: str) -> dict[str, Meaning]:
        """The words of a question, written plainly."""
        if field not in self._words:
            found = meanings(self.questions[field])
            self._words[field] = {plain(k): m for k, m in found.items()}
        return self._words[field]

    def runs(self, field: str) -> dict[tuple[str, ...], Meaning]:
        """The words of a question as they stand in a longer text."""
        if field not in self._runs:
            found = meanings(self.questions[field])
            self._runs[field] = {words_in(k): m for k, m in found.items() if words_in(k)}
        return self._runs[field]

    def nearest(self, field: str, text: str) -> Meaning | None:
        """What was most likely meant by a text that is no word of a question; None below the bar.

        It is a known word, or one that differs by a slip; else words of the text that are known,
        unless others beside them may turn them round.
        """
        known, short, words = self.words(field), plain(text), words_in(text)
        if short in known:
            return known[short]
        turned = self.undone & set(words)  # only a word that says so itself may be meant
        runs = {"".join(r): r for r in self.runs(field) if turned <= set(r)}
        bare = "".join(words)
        if len(bare) >= SHORTEST_GUESS:
            long = [w for w in runs if len(w) >= SHORTEST_GUESS]
            close = process.extractOne(bare, long, scorer=fuzz.ratio, score_cutoff=CLOSE)
            if close is not None:
                return self.runs(field)[runs[close[0]]]
        return None if turned else self._said_among(field, words)

    def _said_among(self, field: str, words: tuple[str, ...]) -> Meaning | None:
        """The longest known run that stands in a text, in its order, where one is the longest."""
        runs = [r for r in self.runs(field) if _in_order(r, words) and len("".join(r)) > 2]
        longest = max((len(r) for r in runs), default=0)
        found = {self.runs(field)[r] for r in runs if len(r) == longest}
        return found.pop() if len(found) == 1 else None


def _in_order(run: tuple[str, ...], words: tuple[str, ...]) -> bool:
    rest = iter(words)
    return all(w in rest for w in run)


@lru_cache(maxsize=1)
def own_vocabulary() -> Vocabulary:
    """The vocabulary of the program's own records, for whoever has no rule book at hand."""
    for found in read_all(only="questions"):
        if isinstance(found, tuple) and isinstance(found[1], Questions):
            return Vocabulary(found[1])
    raise LookupError("questions.yaml cannot be read")
