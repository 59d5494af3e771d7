"""What guidelines and studies say of this treatment for this diagnosis, for it and against it."""

from __future__ import annotations

from collections.abc import Iterator

from rules.report.billing_codes import billed_to, codes_billed, successor_of, taken_by
from rules.rule_book import in_force
from rules.schema.clinical import Code, DiagnosisRecord, Guideline
from rules.schema.record_types import Codes, FactSheet, Guidelines

from .context import CodeRow, Gaps, WorkRow
from .focus import Focus
from .phrases import long_date, say, say_or


def evidence(focus: Focus) -> Gaps:
    """The fields of the context about evidence: both sides, so that nobody is surprised."""
    record = focus.book.diagnoses.get(focus.case.diagnosis or "")
    works = [w for w in _guidelines(focus) if _about(w, focus, record)]
    seen = [w for w in works if w.seen and w.confidence != "recalled"]
    other = say_or("supports_another", focus.treatment).split()
    nothing = say("evidence", "supports_nothing")
    return {
        "evidence_says": _evidence_words(focus, record),
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
        says=work.supports or "",
        citation=f"{work.name} ({work.year})",
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


# --- codes ------------------------------------------------------------------------------------


def codes(focus: Focus) -> Gaps:
    """Diagnosis and billing codes in force today, and those that no longer stand or never fitted."""
    told = focus.book.codes.values()
    payer = billed_to(focus.facts, focus.program)
    mine = [c for c in told if focus.treatment in c.treatments]
    good = [
        c for c in mine if in_force(c.in_force, focus.today) and not c.trap and taken_by(c, payer)
    ]
    wrong = [c for c in mine if c.trap or not in_force(c.in_force, focus.today)]
    visits = [c for c in told if not c.treatments and c.system in ("CPT", "HCPCS")]
    return {
        "codes": tuple(_code(c) for c in good),
        "codes_visits": tuple(_code(c) for c in visits if _evaluation(c, focus)),
        "codes_wrong": tuple(
            CodeRow(c.code, c.system, c.says, c.trap or _why_not_in_force(c, focus)) for c in wrong
        ),
        "code_notes": tuple(_code_notes(focus)),
        "code_list": _code_list(focus, good),
        "icd_codes": tuple(_icd(focus)),
    }


def _code_list(focus: Focus, good: list[Code]) -> str:
    """The codes for the head of a letter: those that the policy names and that are in force.

    A code that never stands beside another of them is told as the other choice.
    """
    told = focus.policy.codes if focus.policy is not None else ()
    payer = billed_to(focus.facts, focus.program)
    named = codes_billed(focus.book, told, focus.treatment or "", payer, focus.today)
    only = [c for c in good if c.code in named]
    head = only or [c for c in good if c.confidence != "recalled"]
    listed = {c.code for c in head}
    other = [c.code for c in head if listed & set(c.instead_of)]
    main = ", ".join(c.code for c in head if c.code not in other)
    return say("code", "or", codes=main, others=", ".join(other)) if other else main


def _why_not_in_force(code: Code, focus: Focus) -> str:
    """When a code ended, and which one stands now; or when it begins."""
    end, start = code.in_force.end, code.in_force.start
    if end is not None and end < focus.today:
        after = successor_of(focus.book, code)
        key = "ended_replaced" if after is not None else "ended"
        return say("code", key, date=long_date(end), code=after.code if after else "")
    return say("code", "begins", date=long_date(start))


def _evaluation(code: Code, focus: Focus) -> bool:
    """Codes of the visits around the treatment: psychiatric ones for a mental health diagnosis only."""
    if code.code.startswith("99"):
        return code.code < "99400"
    return (
        code.code in ("90791", "90792") and "mental_health" in focus.facts["diagnosis_group"].known
    )


def _code(code: Code) -> CodeRow:
    unchecked = code.confidence == "recalled" or not code.seen
    note = say("code", "unchecked") if unchecked else (code.note or "")
    return CodeRow(code.code, code.system, code.says, note)


def _code_notes(focus: Focus) -> list[str]:
    """Facts beside the codes that fit this treatment and payer (drug numbers, claim rules)."""
    wanted = [f"{focus.treatment}"]
    if focus.program is not None and focus.program.family == "medicare":
        wanted.append(f"{focus.treatment}_medicare")
    names = [n for key in wanted for n in say_or("code_facts", key).split()]
    facts = {f.id: f for sheet in focus.book.of("codes", Codes) for f in sheet.facts}
    return [facts[n].says for n in names if n in facts]


def _icd(focus: Focus) -> list[CodeRow]:
    """Codes that the clinician may choose from, with the official name where the record has it."""
    record = focus.book.diagnoses.get(focus.case.diagnosis or "")
    if record is None or record.icd10cm is None:
        return []
    names = next((f.says for f in record.facts if f.id == "code_names"), "")
    return [
        CodeRow(code, say("code", "icd"), _code_name(names, code), "")
        for code in record.icd10cm.codes
    ]


def _code_name(text: str, code: str) -> str:
    """The official name of a code from a record's list, `F33.2: Major …; F32.2: …`."""
    _, found, rest = text.partition(f"{code}: ")
    return rest.split("; ")[0].rstrip(".") if found else ""
