"""What is said before anything else: crisis lines, limits of a label, conditions to weigh first."""

from __future__ import annotations

from collections.abc import Iterable

from ..case import Case
from ..engine.label_limits import in_view, limits_told
from ..facts.context import Facts
from ..facts.diagnosis import SUICIDALITY
from ..logic import Verdict, leaves
from ..result import SafetyNote
from ..rule_book import Book
from ..schema.clinical import LabelLimit, SafetyFlag
from .criteria import answers_behind

CRISIS_THOUGHTS = ("passive", "active")


def safety_notes(root: Facts) -> Iterable[SafetyNote]:
    """What comes before anything else: crisis lines, then a condition that has to be seen to first."""
    yield from crisis_notes(root.case, root.book)
    asked = in_view(root.case.request)
    for limit in limits_told(root, asked):
        yield _health(root, limit, limit.says, root.test(limit.criterion))
    for flag in root.book.safety_flags:
        if flag.when is None or flag.says is None or set(asked).isdisjoint(flag.treatments):
            continue
        verdict = root.test(flag.when)
        if verdict.value is True:
            yield _health(root, flag, flag.says, verdict)


def _health(
    root: Facts, record: LabelLimit | SafetyFlag, says: str, verdict: Verdict
) -> SafetyNote:
    because = tuple(p for leaf in leaves(verdict) for p in answers_behind(root, leaf))
    return SafetyNote(id=record.id, text=says, source=record.source, kind="health", because=because)


def crisis_notes(case: Case, book: Book) -> Iterable[SafetyNote]:
    """Crisis lines, as soon as thoughts of suicide were mentioned anywhere."""
    mentioned = (
        case.suicidal_thoughts in CRISIS_THOUGHTS
        or case.diagnosis == SUICIDALITY
        or SUICIDALITY in (case.other_diagnoses or ())
    )
    if not mentioned:
        return
    lines = book.crisis_lines
    veteran = case.veteran or any(
        c.kind in ("va", "champva", "tricare") for c in case.coverages or ()
    )
    shown = ["anyone", *(["veterans"] if veteran else []), "emergency"]
    if case.diagnosis == "postpartum_depression":
        shown.append("mothers")
    for line in sorted((x for x in lines if x.who in shown), key=lambda x: shown.index(x.who)):
        yield SafetyNote(id=line.id, text=line.says, source=line.source)
