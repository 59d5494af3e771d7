"""A path's criteria as they are shown."""

from __future__ import annotations

from typing import Literal

from ..engine.criteria import CriterionResult
from ..engine.paths import Path
from ..facts.context import Facts, missing_answers
from ..logic import Verdict, leaves
from ..result import CriterionShown
from ..schema.base import Cited
from ..schema.ways import PaymentOption
from .condition_text import answer_words, criterion_words
from .deciding import waits_for_thoughts

VALUES = {True: "met", False: "not_met", None: "unknown"}


def answers_behind(facts: Facts, leaf: Verdict) -> tuple[str, ...]:
    return facts.read(leaf.node.key).because


def told_criteria(path: Path) -> list[CriterionResult]:
    """The criteria to list. What only an answer about thoughts of suicide would settle is not one."""
    return [j for j in path.best.judged if not waits_for_thoughts(path.facts, j.verdict)]


def show_criterion(facts: Facts, judged: CriterionResult, record: Cited) -> CriterionShown:
    """One criterion with its value, its answer, and what would settle it."""
    found = leaves(judged.verdict)
    reads = [facts.read(leaf.node.key) for leaf in found]
    value = judged.value
    return CriterionShown(
        id=judged.id,
        text=criterion_words(facts, judged),
        value=VALUES[value],
        because=tuple(dict.fromkeys(b for r in reads for b in r.because)),
        answer=answer_words(judged.verdict),
        source=judged.source,
        as_of=record.as_of,
        confidence=record.confidence,
        changeable=judged.changeable,
        exclusion=judged.excludes,
        of_label=judged.binds is not None,
        weight=_weight(judged, record),
        parts=_parts_of(facts, judged, record),
        missing=tuple(dict.fromkeys(missing_answers(facts, judged.verdict))),
    )


def _weight(judged: CriterionResult, record: Cited) -> Literal["decides", "helps", "expected"]:
    """What a criterion does to the outlook: what only informs is a help, or what a plan may ask."""
    if not judged.informs_only:
        return "decides"
    return "helps" if isinstance(record, PaymentOption) else "expected"


def _parts_of(facts: Facts, judged: CriterionResult, record: Cited) -> tuple[CriterionShown, ...]:
    if judged.verdict.node.kind not in ("all", "any"):
        return ()
    parts = (
        CriterionResult(f"{judged.id}_{i}", None, part, judged.changeable, judged.source)
        for i, part in enumerate(judged.verdict.parts)
    )
    return tuple(show_criterion(facts, part, record) for part in parts)
