"""What an insurance and a treatment are called in the middle of a sentence."""

from __future__ import annotations

from ..engine.deadlines import by_notice
from ..engine.paths import Path
from ..facts.context import Facts
from ..facts.state import law_state
from ..messages import phrase
from ..rule_book import Book
from ..schema.appeals import AppealLevel

ANSWERS = "answers"  # the file of words


def insurance_name(facts: Facts) -> str:
    """The payer's short name, with the public program that it serves; else the kind of plan."""
    cover = facts.coverage
    if cover is None:
        return phrase("insurance", "unknown", file=ANSWERS)
    if cover.payer:
        name = payer_short(facts.book, cover.payer)
        if cover.kind in ("medicaid", "medicare") and cover.kind not in name.lower():
            return phrase("insurance", f"payer_of_{cover.kind}", file=ANSWERS, payer=name)
        return name
    if cover.kind == "medicaid":
        return medicaid_name(facts)
    if cover.kind == "medicare" and cover.part_b is False and cover.medicare != "advantage":
        key = "medicare_drug_plan" if cover.part_d else "medicare"
        return phrase("insurance", key, file=ANSWERS)
    if cover.kind == "medicare" and cover.medicare is not None:
        return phrase("insurance", f"medicare_{cover.medicare}", file=ANSWERS)
    return phrase("insurance", cover.kind or "unknown", file=ANSWERS)


def who_said_no(path: Path) -> str:
    """Who sent the letter: a payer that was named; else the one programme that may; else the kind of cover."""
    cover, program = path.facts.coverage, path.best.program
    if cover is None or cover.payer or program is None or program.notice is None:
        return insurance_name(path.facts)
    if by_notice(path.candidates):
        return phrase("insurance", cover.kind or "unknown", file=ANSWERS)
    return program.notice.sender


def level_name(path: Path) -> str | None:
    """What the level of appeal on a path is called; None where that depends on which letter came."""
    senders = by_notice(path.candidates) or path.candidates[:1]
    names = {c.record.name for c in senders if isinstance(c.record, AppealLevel)}
    return names.pop() if len(names) == 1 else None


def medicaid_name(facts: Facts) -> str:
    """Medicaid by the name of the person's state."""
    state = facts.book.states.get(law_state(facts).value or facts.case.state or "")
    if state is None:
        return phrase("insurance", "medicaid", file=ANSWERS)
    return phrase("insurance", "medicaid_of_state", file=ANSWERS, state=state.name)


def payer_short(book: Book, text: str) -> str:
    """A payer's name without what stands in brackets; the text as typed where there is no record."""
    record = book.payers.get(book.payer_id(text))
    if record is None:
        return text
    return record.in_sentence or record.short_name


def treatment_short(treatment: str) -> str:
    return phrase("treatment", treatment, file=ANSWERS)


def treatment_brief(treatment: str) -> str:
    """The shortest name, for a step: whoever reads it has read the full name before."""
    return phrase("brief", treatment, file=ANSWERS)


def diagnosis_short(book: Book, diagnosis: str | None) -> str:
    """A diagnosis in the middle of a sentence."""
    record = book.diagnoses.get(diagnosis or "other")
    return record.in_sentence if record is not None else str(diagnosis)
