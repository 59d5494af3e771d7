"""Diagnosis codes from which the clinician chooses, those first that fit what the chart told."""

from __future__ import annotations

from functools import lru_cache
from typing import get_args

from rules.facts.context import Facts
from rules.facts.trials import ends_of
from rules.schema.codes import IcdMark, Level

from .context import CodeRow
from .focus import Focus
from .phrases import say

LEVELS: tuple[str, ...] = get_args(Level)  # from the mildest on
# Two steps between what a score says and what a code says: the chart contradicts the code.
CONTRADICTS = 2


def icd_codes(focus: Focus) -> tuple[CodeRow, ...]:
    """The candidates in order, with their official names and what is to be heeded."""
    record = focus.book.diagnoses.get(focus.case.diagnosis or "")
    if record is None or record.icd10cm is None:
        return ()
    beside = {b.code: b for b in focus.book.icd_beside}
    own = [c for c in record.icd10cm.codes if c not in beside]
    ordered = [(code, _says(focus, code)) for code in _in_order(focus, own)]
    told = [
        (b.code, b.says)
        for b in beside.values()
        if b.code in record.icd10cm.codes or focus.facts.test(b.when).value is True
    ]
    return tuple(
        CodeRow(code, say("code", "icd"), official_name(code), note)
        for code, note in (*ordered, *told)
    )


@lru_cache(maxsize=512)
def official_name(code: str) -> str:
    """The name of a diagnosis code in the official list."""
    import simple_icd_10_cm as icd  # reads the whole list: nearly two seconds

    return str(icd.get_description(code))


def _in_order(focus: Focus, found: list[str]) -> list[str]:
    """The codes that the chart does not contradict, those that fit best first."""
    told, again = level_told(focus.facts), came_again(focus)
    places = {}
    for code in found:
        marks = _marks(focus, code)
        level = next((m.level for m in marks if m.level), None)
        away = abs(LEVELS.index(level) - LEVELS.index(told)) if level and told else 0
        never = any(m.never_when and focus.facts.test(m.never_when).value is True for m in marks)
        if never or away >= CONTRADICTS:
            continue
        severity = LEVELS.index(level) if level and away else 0
        single = not any(m.episode == "recurrent" for m in marks)
        places[code] = (max((m.rank for m in marks), default=0), away, -severity, again and single)
    return sorted(places, key=places.__getitem__)


def level_told(facts: Facts) -> str | None:
    """How severe the latest scores call the illness, the most severe of them; None where none tells."""
    found: list[str] = []
    for scale in facts.book.scales.values():
        score = facts[f"{scale.id}_score"] if scale.bands else None
        if score is None:
            continue
        low, high = (scale.level(points) for points in ends_of(score))
        if high is not None and low == high:
            found.append(high)
    return max(found, key=LEVELS.index, default=None)


def came_again(focus: Focus) -> bool:
    """Whether a treatment of an earlier episode was told: the illness has come before."""
    return any(t.current_episode is False for t in focus.case.treatments or ())


def _marks(focus: Focus, code: str) -> tuple[IcdMark, ...]:
    return tuple(m for m in focus.book.icd_marks if code in m.codes)


def _says(focus: Focus, code: str) -> str:
    return " ".join(m.says for m in _marks(focus, code) if m.says)
