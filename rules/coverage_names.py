"""What a text says of a cover: whose plan it is, which kind, and which words of it are not understood.

People write more than an insurer's name where its name is asked ("Medicare Adv - Humana"), and more
than a kind where the kind is asked ("self-funded employer PPO"). Nothing is guessed: an insurer is
found only by its whole name and only where it is the one that is named, and a word that may turn
the others round undoes them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from .made_once import made_once
from .rule_book import Book
from .schema.policies import PlanName
from .synonyms import Meaning, WordSpan, plain_name, read_spans, state_names, words_in

COVER = "coverages[]."
KIND, PAYER = f"{COVER}kind", f"{COVER}payer"
# Kinds whose words are common ones too ("group", "temporary"): in an insurer's name they say nothing.
COMMON_WORDS = ("employer", "individual", "student", "short_term")


class Beside(NamedTuple):
    """What stands beside a text in the answers: the person's state, and the kind of the cover."""

    state: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Named:
    """One run of words that records know, with all that it may mean."""

    payer: str | None = None
    payer_alone: bool = False  # the insurer is meant only where every other word is understood
    plans: tuple[PlanName, ...] = ()
    meaning: Meaning | None = None
    passed_over: bool = False


@dataclass(frozen=True)
class CoverText:
    """A text as understood. `sets` has answers by place; those of `usual` are only mostly so."""

    sets: dict[str, Any] = field(default_factory=dict)
    usual: frozenset[str] = frozenset()
    payers: tuple[str, ...] = ()  # the ids of the insurers that are named
    names: bool = False  # the name of a plan stands there, whatever it says
    tells: tuple[str, ...] = ()
    left: tuple[str, ...] = ()  # words that are not understood
    undone: bool = False  # a word may turn the others round: nothing was read
    clash: tuple[str, Any, Any] | None = None  # a place, and two answers to it
    depends: bool = False  # it may say something else beside another state or kind


def understand(book: Book, text: str, asked: str, beside: Beside) -> CoverText:
    """What a text in the answer to the field `asked` says of its cover."""
    spans = list(read_spans(words_in(text), _known(book, asked)))
    return _Reading(book, spans, beside, _state_named(text, spans)).done()


class _Reading:
    """A text on its way to being understood."""

    def __init__(
        self, book: Book, spans: list[WordSpan], beside: Beside, named: str | None
    ) -> None:
        self.book = book
        self.beside = beside
        self.named_state = named
        self.sets: dict[str, Any] = {}
        self.usual: dict[str, Any] = {}
        self.payers: dict[str, None] = {}
        self.tells: dict[str, None] = {}
        self.clash: tuple[str, Any, Any] | None = None
        self.depends = named is not None
        self.state_used = False
        self.names = False
        spans = [s for s in spans if s.meaning is None or not s.meaning.passed_over]
        self.one = len(spans) == 1
        unknown = tuple(w for s in spans if s.meaning is None for w in s.words)
        self.all_known = not _without_state(unknown, named)
        # A plan's name may hang on the insurer or the kind that other words name.
        taken = [self._plain(s.meaning) for s in spans]
        taken = [self._plans(s.meaning) or t for s, t in zip(spans, taken, strict=True)]
        self.left = tuple(w for s, t in zip(spans, taken, strict=True) if not t for w in s.words)

    def _plain(self, named: Named | None) -> bool:
        """Take what a run says by itself; whether it says anything."""
        if named is None:
            return False
        takes_payer = named.payer is not None and (self.all_known or not named.payer_alone)
        if takes_payer and named.payer is not None:
            self.payers[named.payer] = None
        if named.meaning is not None:
            self._put(named.meaning.sets)
            self._tell(named.meaning.tell)
        return takes_payer or named.meaning is not None

    def _plans(self, named: Named | None) -> bool:
        """Take the plans of a run that fit; those bound to a state go before the others."""
        plans = named.plans if named is not None else ()
        self.depends |= any(p.states or p.not_states or p.with_kind for p in plans)
        fit = [p for p in plans if self._fits(p)]
        bound = [p for p in fit if p.states or p.not_states]
        self.state_used |= bool(bound)
        self.names |= bool(fit)
        for plan in bound or fit:
            if plan.payer is not None:
                self.payers[plan.payer] = None
            self._put(((f"{COVER}{k}", v) for k, v in plan.sets.items()), plan.default_when_unknown)
            self._tell(plan.tell)
        return bool(fit)

    def _fits(self, plan: PlanName) -> bool:
        state = self.named_state or self.beside.state
        kind = self.sets.get(KIND, self.beside.kind)
        return (
            (not plan.states or state in plan.states)
            and (not plan.not_states or (state is not None and state not in plan.not_states))
            and (plan.with_kind is None or plan.with_kind == kind)
            and (not plan.with_payer or bool(self.payers))
            and (not plan.alone or self.one)
        )

    def _put(self, sets: Any, usual: bool = False) -> None:
        store = self.usual if usual else self.sets
        for place, value in sets:
            before = store.setdefault(place, value)
            if before != value and not usual and self.clash is None:
                self.clash = (place, before, value)

    def _tell(self, text: str | None) -> None:
        if text is not None:
            self.tells[text] = None

    def done(self) -> CoverText:
        """The text as understood."""
        if self.book.vocabulary.undone & set(self.left):
            return CoverText(left=self.left, undone=True, depends=self.depends)
        usual = {k: v for k, v in self.usual.items() if k not in self.sets}
        own_state = self.named_state is not None and (
            self.state_used or self.named_state == self.beside.state
        )
        return CoverText(
            sets=self.sets | usual,
            usual=frozenset(usual),
            payers=tuple(self.payers),
            names=self.names,
            tells=tuple(self.tells),
            left=_without_state(self.left, self.named_state) if own_state else self.left,
            clash=self.clash,
            depends=self.depends,
        )


# --- what is known ---------------------------------------------------------------------------------


@made_once
def _known(book: Book, asked: str) -> dict[tuple[str, ...], Named]:
    """Every run of words that says something in the answer to a field, with what it may say."""
    vocabulary = book.vocabulary
    found: dict[tuple[str, ...], Named] = {}
    found |= {(w,): Named(passed_over=True) for w in vocabulary.passed_over}
    for run, said in vocabulary.runs(KIND).items():
        if asked != PAYER or not _common(said):
            found[run] = Named(meaning=said)
    if asked not in (KIND, PAYER):
        found |= {run: Named(meaning=said) for run, said in vocabulary.runs(asked).items()}
    for plan in book.plan_names:
        for run in {words_in(name) for name in plan.names}:
            before = found.get(run, Named())
            # Where a name is asked, a plan's name goes before the word of a kind.
            if asked == PAYER or before.meaning is None:
                said_too = before.meaning if plan.with_payer else None
                found[run] = Named(plans=(*before.plans, plan), meaning=said_too)
    for payer in book.payers.values():
        alone = {plain_name(n) for n in payer.only_alone}
        for name in (payer.name, *payer.also_called):
            run = words_in(name)
            before = found.get(run, Named())
            found[run] = Named(payer.id, plain_name(name) in alone, before.plans, before.meaning)
    return found


def _common(said: Meaning) -> bool:
    """Whether a word of a kind may be a common word of a name."""
    return said.of(KIND) in COMMON_WORDS and said.of(f"{COVER}on_exchange") is None


# --- states that a text names ---------------------------------------------------------------------------


def _state_named(text: str, spans: list[WordSpan]) -> str | None:
    """The state that a text names in words that mean nothing else; a code only in capitals."""
    free = " ".join(w for s in spans if s.meaning is None for w in s.words)
    capitals = {w.lower() for w in re.findall(r"\b[A-Z]{2}\b", text)}
    for run, code in state_words().items():
        if f" {' '.join(run)} " in f" {free} " and (len(run[0]) > 2 or run[0] in capitals):
            return code
    return None


def _without_state(left: tuple[str, ...], state: str | None) -> tuple[str, ...]:
    """Words that were not understood, without those that name a state."""
    for run, code in state_words().items():
        for i in range(len(left) - len(run) + 1) if code == state else ():
            if left[i : i + len(run)] == run:
                return (*left[:i], *left[i + len(run) :])
    return left


@lru_cache(maxsize=1)
def state_words() -> dict[tuple[str, ...], str]:
    """Names and codes of states as runs of words, the longest first."""
    named = state_names()
    found = {words_in(name): code for name, code in named.items()}
    found |= {words_in(code): code for code in named.values()}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))
