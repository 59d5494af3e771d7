"""The rule that speaks, to read out: its title, number and date, its source and how sure it is."""

from __future__ import annotations

from ..messages import phrase
from ..result import RuleShown
from ..rule_book import Book

CHART = "chart"  # the file of words


def rule_words(rule: RuleShown, book: Book) -> str:
    """A rule to read out: its title and number, its date, its source and how sure it is."""
    source = book.sources[rule.source]
    parts = [source.title]
    if rule.title and rule.title not in source.title:
        parts.insert(0, rule.title)
    if rule.number and rule.number not in source.title:
        parts.insert(1, phrase("part", "number", file=CHART, number=rule.number))
    parts.append(_dated(rule))
    parts.append(phrase("confidence", rule.confidence, file=CHART))
    return ", ".join(parts)


def _dated(rule: RuleShown) -> str:
    if rule.date is None:
        return phrase("part", "undated", file=CHART)
    return phrase("part", "dated", file=CHART, date=rule.date)


def is_own(rule: RuleShown, book: Book) -> bool:
    """Whether a rule is that of this insurer, state or public program, to be read out to it."""
    return rule.record not in book.rules_of_many
