"""What comes out the same whichever programme a coverage belongs to.

Where nobody has said which of several programmes it is, each rule waits for that answer. Where all
of them bring the same rule, and one of them surely applies, nothing waits: the rule is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from ..case import words_of_field
from ..facts.context import Facts
from ..logic import FactKey, leaves
from ..made_once import made_once
from ..rule_book import Book
from ..schema.policies import Policy, Program
from .outlook import outlook, outlook_of_label
from .paths import Candidate

MOST_COMPLETIONS = 64  # ways to answer what is open that are tried
APPLIES = "programme_applies"


def same_whichever(facts: Facts, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates, with those that are one rule under every programme that may apply made one."""
    if not any(_waits(c) for c in candidates):
        return tuple(candidates)
    groups: dict[object, list[Candidate]] = {}
    for n, candidate in enumerate(candidates):
        key = _content(facts.book, candidate) if _waits(candidate) else n
        groups.setdefault(key, []).append(candidate)
    kept: list[Candidate] = []
    for group in groups.values():
        programs = tuple(c.program for c in group if c.program is not None)
        alike = len({c.outlook for c in group}) == 1
        if len(group) > 1 and alike and one_surely_applies(facts, programs):
            kept.append(_known(group[0]))
        else:
            kept.extend(group)
    return tuple(kept)


def _waits(candidate: Candidate) -> bool:
    return any(j.id == APPLIES and j.value is None for j in candidate.judged)


def _known(candidate: Candidate) -> Candidate:
    """The candidate without the question of which programme it is."""
    judged = tuple(j for j in candidate.judged if j.id != APPLIES)
    look = outlook_of_label if candidate.criteria_unknown else outlook
    return replace(
        candidate,
        judged=judged,
        outlook=look(candidate.base, judged, candidate.limited_by_confidence),
    )


def _content(book: Book, candidate: Candidate) -> tuple[str, str | None]:
    record = candidate.record
    assert isinstance(record, Policy)
    return _text_of(book, record), candidate.alternative


@made_once
def _text_of(book: Book, policy: Policy) -> str:
    """What a policy says, whatever it is called: programmes share policies under own names."""
    return repr(policy.model_copy(update={"id": "any"}))


def one_surely_applies(facts: Facts, programs: Sequence[Program]) -> bool:
    """Whether in every completion of what is open one of these programmes applies."""
    base = facts.parent or facts
    conditions = [p.applies_when for p in programs]
    if any(c is None for c in conditions):
        return True
    open_keys: dict[FactKey, None] = {}
    for condition in conditions:
        assert condition is not None
        for leaf in leaves(base.test(condition)):
            if leaf.value is None and leaf.node.key is not None:
                open_keys.setdefault(leaf.node.key)
    for completion in _completions(base, tuple(open_keys)):
        tried = base.with_answers(completion)
        if not any(c is not None and tried.test(c).value is True for c in conditions):
            return False
    return bool(open_keys)


def _completions(facts: Facts, keys: tuple[FactKey, ...]) -> Iterator[dict[FactKey, object]]:
    """Every way to answer the open facts; one that fits nothing where they are too many to try."""
    values = [_values_of(facts.book, str(key)) for key in keys]
    ways = 1
    for v in values:
        ways *= len(v)
    if not ways or ways > MOST_COMPLETIONS:
        yield {}
        return
    for answers in product(*values):
        yield dict(zip(keys, answers, strict=True))


def _values_of(book: Book, fact: str) -> tuple[object, ...]:
    record = book.facts.get(fact)
    if record is None or not record.fields:
        return ()
    words = words_of_field(record.fields[0])
    return tuple(sorted(words)) if words else (True, False) if record.kind == "yes_no" else ()
