"""What the record of a paper says that it must hold, and what to watch for."""

from __future__ import annotations

from rules.facts.denials import codes_told
from rules.schema.other import Document, DocumentFact, PaperField

from .context import FormQuestion, Gaps, Item, ReasonCode
from .focus import Focus
from .phrases import say, say_or


def paperwork(focus: Focus, document: Document | None) -> Gaps:
    """The fields of the context that come from the record of one paper."""
    if document is None:
        return {}
    own = [f for f in document.fields if f.kind == "hold" and _asked_for(focus, f)]
    speaks = _speaks(focus, document)
    facts = [f for f in document.facts if speaks and f.kind == "read" and _so_for(focus, f)]
    return {
        "use_when": document.use_when if speaks else "",
        "send_to": (document.send_to or "") if speaks else "",
        "timing": (document.timing or "") if speaks else "",
        "must_hold": tuple(_item(f) for f in own if f.required and f.filled_by != "case"),
        "enclosures": tuple(_enclosures(focus, document)),
        "warnings": document.pitfalls,
        "good_to_know": tuple(f.says for f in facts if f.confidence != "recalled"),
        "not_checked": tuple(f.says for f in facts if f.confidence == "recalled"),
        "questions": tuple(_questions(focus, document)),
        "talking_points": tuple(f.name for f in document.fields if _spoken(focus, f)),
        **_codes(focus, document),
    }


def _speaks(focus: Focus, document: Document) -> bool:
    """Whether the record's address, time and facts are so for this cover."""
    if document.says_when is None:
        return True
    return focus.facts.test(document.says_when).value is not False


def _so_for(focus: Focus, fact: DocumentFact) -> bool:
    """Whether a fact is about this cover, and not about another kind."""
    return fact.when is None or focus.facts.test(fact.when).value is True


def _item(field: PaperField) -> Item:
    who = say_or("filled_by", field.filled_by)
    return Item(f"{field.name}. {field.hint}" if field.hint else field.name, who)


def _enclosures(focus: Focus, document: Document) -> list[str]:
    other = []
    for name in document.attachments:
        paper = focus.book.documents.get(name)
        if paper is not None and _fits(focus, paper):
            other.append(paper.name)
    own = [f.name for f in document.fields if f.kind == "enclose" and _asked_for(focus, f)]
    return own + other


def _asked_for(focus: Focus, field: PaperField) -> bool:
    """Whether a line of a paper belongs to this case."""
    return field.when is None or focus.facts.test(field.when).value is not False


def _fits(focus: Focus, paper: Document) -> bool:
    """Whether another paper belongs to this case, by its own record."""
    if paper.applies_when is None:
        return True
    return focus.facts.test(paper.applies_when).value is not False


def _questions(focus: Focus, document: Document) -> list[FormQuestion]:
    """The questions of a call script, by subject; those on a denial only where there is one."""
    denied = focus.facts["denied"] is True
    prefix = say("call", "subject")
    rows = []
    for field in document.fields:
        if field.kind == "ask" or (denied and field.kind == "ask_after_denial"):
            rows.append(FormQuestion((field.hint or "").removeprefix(prefix), field.name))
    return rows


def _spoken(focus: Focus, field: PaperField) -> bool:
    """Talking points that fit this treatment and illness."""
    if field.kind != "say":
        return False
    pain = "pain" in focus.facts["diagnosis_group"].known
    fits = {
        "say_spravato": focus.treatment == "esketamine",
        "say_iv": focus.treatment in ("iv_ketamine", "im_ketamine") and not pain,
        "say_pain": pain,
    }
    return fits.get(field.id, True)


def _codes(focus: Focus, document: Document) -> Gaps:
    """Codes of an explanation of benefits, those that were told and those of the denial's kind apart."""
    wanted = say_or("denial_category", focus.facts["denial_reason"]).split()
    told = {c.meaning.id for c in codes_told(focus.book, focus.facts.case.denial) if c.meaning}
    mine: list[ReasonCode] = []
    rest: list[ReasonCode] = []
    for fact in document.facts:
        if not isinstance(fact.value, dict) or (fact.kind != "reason_code" and fact.id not in told):
            continue
        row = ReasonCode(str(fact.value["code"]), _without_lead(fact.says))
        own = fact.id in told or fact.value.get("category") in wanted
        (mine if own else rest).append(row)
    group = [f for f in document.facts if f.kind == "group_code"]
    steps = [f for f in document.facts if f.kind == "next_step"]
    fitting = [f for f in steps if f.category in wanted]
    return {
        "reason_codes": tuple(mine),
        "other_codes": tuple(rest),
        "group_codes": tuple(
            ReasonCode(str(f.value["code"]), _without_lead(f.says)) for f in group
        ),
        "ways_on": tuple(f.says for f in fitting or steps),
    }


def _without_lead(text: str) -> str:
    """`Reason code 50: the payer …` stands beside its code, so the lead goes."""
    _, found, rest = text.partition(": ")
    return rest[:1].upper() + rest[1:] if found else text
