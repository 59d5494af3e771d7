"""What the records and the label say of this treatment for this diagnosis, and the codes."""

from __future__ import annotations

from collections.abc import Iterator

from rules.schema.clinical import DiagnosisRecord
from rules.schema.record_types import FactSheet

from .context import Gaps
from .focus import Focus
from .phrases import say_or
from .works import works


def evidence(focus: Focus) -> Gaps:
    """The fields of the context about evidence and the label."""
    record = focus.book.diagnoses.get(focus.case.diagnosis or "")
    return {
        "evidence_says": _evidence_words(focus, record),
        "label_dosing": tuple(_label_dosing(focus)),
        "usual_course": _usual_course(focus),
        "on_label": _on_label(focus),
        "off_label": focus.treatment in ("iv_ketamine", "im_ketamine", "oral_ketamine")
        or (focus.treatment == "esketamine" and record is not None and not _on_label(focus)),
        **works(focus),
        "payer_stance": _stance(focus, record),
    }


def _label_dosing(focus: Focus) -> Iterator[str]:
    """The label's schedule for the diagnosis as it was told, and for no other."""
    for use in focus.book.label_uses.get(focus.treatment or "", ()):
        if focus.case.diagnosis in use.indications:
            yield from (fact.says for fact in use.dosing)


def _usual_course(focus: Focus) -> str:
    """How ketamine is usually given for a group of diagnoses, where a source says so of that group."""
    groups = focus.facts["diagnosis_group"].known if focus.case.diagnosis else ()
    named = {say_or("course_facts", f"{focus.treatment}_{group}") for group in groups}
    told = (f for sheet in focus.book.of("course", FactSheet) for f in sheet.facts)
    return next((f.in_letters or f.says for f in told if f.id in named), "")


def _evidence_words(focus: Focus, record: DiagnosisRecord | None) -> str:
    if record is None:
        return ""
    if focus.treatment == "esketamine":
        return record.esketamine.says if record.esketamine else ""
    return (
        record.iv_ketamine.says if record.iv_ketamine and focus.treatment == "iv_ketamine" else ""
    )


def _on_label(focus: Focus) -> bool:
    from rules.engine.treatments import label_fits

    return focus.treatment == "esketamine" and label_fits(focus.facts) is True


def _stance(focus: Focus, record: DiagnosisRecord | None) -> str:
    for fact in record.payer_stance if record else ():
        if fact.id == focus.treatment:
            return fact.says
    return ""
