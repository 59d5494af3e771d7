"""Conditions and answers in words, built from the dictionary of facts."""

from __future__ import annotations

from typing import Any

from ..case import MOST_COUNTED
from ..engine.criteria import CriterionResult
from ..facts.context import Facts
from ..logic import Span, Verdict, WordSet
from ..made_once import made_once
from ..messages import has_phrase, join_words, phrase
from ..rule_book import Book
from ..schema.conditions import Exclusion


def answer_words(verdict: Verdict) -> str | None:
    actual = verdict.actual
    if actual is None:
        return None
    if isinstance(actual, Span) and actual.high >= MOST_COUNTED:
        return phrase("criterion", "or_more", low=f"{actual.low:g}")
    if isinstance(actual, Span):
        return f"{actual.low:g}–{actual.high:g}"
    if isinstance(actual, WordSet):
        return ", ".join(sorted(actual.known - {"any"})) or None
    if isinstance(actual, bool):
        return "yes" if actual else "no"
    return f"{actual:g}" if isinstance(actual, float) else str(actual)


def criterion_words(facts: Facts, judged: CriterionResult) -> str:
    """A criterion as what has to hold; an exclusion therefore as what must not be there."""
    if isinstance(judged.criterion, Exclusion):
        return judged.criterion.says_clear
    if judged.criterion is not None and judged.criterion.says:
        return judged.criterion.says
    own = {
        "diagnosis_named": ("criterion", "indication"),
        "denied_before": ("criterion", "denied"),
    }.get(judged.id)
    if own is not None:
        return phrase(*own)
    return condition_text(facts.book, judged.verdict)


def ruling_out_words(facts: Facts, judged: CriterionResult) -> str:
    """A criterion as what rules a path out."""
    if isinstance(judged.criterion, Exclusion):
        return judged.criterion.says
    return criterion_words(facts, judged)


@made_once
def _leaf_words(book: Book, fact: str, kind: str, expected: Any, turned: bool) -> str:
    record = book.facts[fact]
    if kind == "is" and isinstance(expected, bool):
        text = record.says_yes if expected is not turned else record.says_no
        if text:
            return text
    if kind == "at_least" and expected == 1 and record.says_at_least_one and not turned:
        return record.says_at_least_one
    if kind == "at_least" and record.says_at_least and not turned:
        return record.says_at_least.format(value=f"{expected:g}")
    if kind == "at_most" and record.says_at_most and not turned:
        return record.says_at_most.format(value=f"{expected:g}")
    words = expected if isinstance(expected, tuple) else (expected,)
    if kind in ("one_of", "has_any", "has_all", "is"):
        shown = " or ".join(word_label(book, fact, str(w)) for w in words)
        template = record.says_one_of or f"{record.name}: {{value}}"
        text = template.format(value=shown)
    elif has_phrase("criterion", f"number_{kind}"):
        text = phrase(
            "criterion",
            f"number_{kind}",
            name=record.name,
            value=f"{expected:g}",
            unit=record.unit or "",
        )
    else:
        text = f"{record.name}: {expected}"
    return phrase("criterion", "not", part=text) if turned else text


@made_once
def word_label(book: Book, fact: str, word: str) -> str:
    """The plain label of a word: from the question whose choices it is one of."""
    fields = book.facts[fact].fields if fact in book.facts else ()
    for question in book.questions:
        if question.field in fields:
            for choice in question.choices:
                if choice.value == word:
                    return choice.label
    return word.replace("_", " ")


def parts_to_tell(verdict: Verdict) -> tuple[Verdict, ...]:
    """The parts that a condition waits for, or fails on; all of them where it is met."""
    telling = verdict.value is None or (verdict.value is False and verdict.node.kind == "all")
    kept = tuple(p for p in verdict.parts if p.value is verdict.value)
    return kept if telling and kept else verdict.parts


def condition_text(book: Book, verdict: Verdict, turned: bool = False) -> str:
    """A condition in words, built from the dictionary of facts."""
    node = verdict.node
    if node.kind == "not":
        return condition_text(book, verdict.parts[0], not turned)
    if node.kind in ("all", "any"):
        parts = parts_to_tell(verdict)
        if len(parts) == 1:
            return condition_text(book, parts[0], turned)
        inner = join_words([condition_text(book, p, turned) for p in parts])
        kind = node.kind if not turned else ("any" if node.kind == "all" else "all")
        return phrase("criterion", kind, parts=inner)
    return _leaf_words(book, node.fact or "", node.kind, node.expected, turned)
