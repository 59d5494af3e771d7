"""What guidelines and studies say of this treatment for this diagnosis, for it and against it."""

from __future__ import annotations

from collections.abc import Iterator

from rules.schema.clinical import DiagnosisRecord, Guideline
from rules.schema.record_types import FactSheet, Guidelines

from .context import Gaps, WorkRow
from .focus import Focus
from .phrases import say, say_or


def evidence(focus: Focus) -> Gaps:
    """The fields of the context about evidence: both sides, so that nobody is surprised."""
    record = focus.book.diagnoses.get(focus.case.diagnosis or "")
    works = [w for w in _guidelines(focus) if _about(w, focus, record)]
    seen = [w for w in works if w.seen and w.confidence != "recalled"]
    other = say_or("supports_another", focus.treatment).split()
    nothing = say("evidence", "supports_nothing")
    return {
        "evidence_says": _evidence_words(focus, record),
        "label_says": _label_says(record),
        "label_dosing": tuple(_label_dosing(focus)),
        "usual_course": _usual_course(focus),
        "on_label": _on_label(focus),
        "off_label": focus.treatment in ("iv_ketamine", "im_ketamine", "oral_ketamine")
        or (focus.treatment == "esketamine" and record is not None and not _on_label(focus)),
        "works_for": tuple(
            _work(focus, w)
            for w in seen
            if w.supports and not w.supports.startswith(nothing) and w.id not in other
        ),
        "works_against": tuple(_work(focus, w) for w in works if w.does_not_support),
        "works_unseen": tuple(_work(focus, w) for w in works if w not in seen),
        "payer_stance": _stance(focus, record),
    }


def _label_says(record: DiagnosisRecord | None) -> str:
    """What the label says of the diagnosis, where that is a labelled use in itself."""
    status = record.esketamine if record is not None else None
    return status.says if status is not None and status.status == "on_label" else ""


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
    return next((f.says for f in told if f.id in named), "")


def _guidelines(focus: Focus) -> tuple[Guideline, ...]:
    return tuple(g for sheet in focus.book.of("guidelines", Guidelines) for g in sheet.guidelines)


def _about(work: Guideline, focus: Focus, record: DiagnosisRecord | None) -> bool:
    """Whether a work is about this treatment and this diagnosis (or one that it counts as)."""
    if record is None or focus.treatment not in work.treatments:
        return False
    return bool({record.id, *record.counts_as} & set(work.diagnoses))


def _work(focus: Focus, work: Guideline) -> WorkRow:
    source = focus.book.sources.get(work.source)
    cited = ""
    if source is not None:
        cited = f"{source.title}, {source.url}" if source.url else source.title
    return WorkRow(
        work.name,
        str(work.year),
        work.finding,
        work.supports or "",
        work.does_not_support or "",
        cited,
    )


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
