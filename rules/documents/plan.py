"""The cover, the rule that it goes by, and how each point of that rule stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rules.messages import as_of_words, has_phrase, phrase
from rules.result import CriterionShown, PathShown
from rules.schema.policies import Payer, Program

from ..facts.coverage import programs_of
from ..facts.state import law_state
from ..vocabulary import COVERED, EMPLOYER_KINDS
from .context import Gaps, Point, SourceRow
from .focus import Focus, kind_of_plan_open
from .history import trial_of
from .phrases import long_date, number, say, say_or

INSURERS = ("private", "federal_employee")  # families of plans
# Points about the diagnosis or the programme itself: shown by the letter elsewhere, not in a list.
OWN_POINTS = ("programme_applies", "way_applies", "contract_state", "level_applies")

# Caveats of a rule that is not this plan's own text.
NOT_ITS_OWN = {"label_only", "general"}
UNKNOWN = ("silent", "depends_on_plan")  # positions of a policy that settle nothing
# Places of a case that the list of treatments, and of scores, in the same letter shows.
LISTED = {"treatments": "treatments", "treatment_counts": "treatments", "severity": "scores"}


def plan(focus: Focus) -> Gaps:
    """The fields of the context about the cover."""
    facts, program = focus.facts, focus.program
    cover = facts.coverage
    kind = cover.kind if cover else None
    family = program.family if program else ""
    reaches = facts["state_regulated"] if cover else None
    unsure = kind_of_plan_open(focus)
    return {
        "insured": bool(focus.case.coverages),
        "pays_alone": facts["pays_without_insurance"] is True,
        "plan_name": plan_name(focus),
        "plan_kind": "" if unsure or program is None else _kind_of_plan(focus, program),
        "plan_kind_open": unsure,
        "network_kind": (cover.network or "").upper() if cover else "",
        "is_private": family in INSURERS,
        "is_employer": kind in EMPLOYER_KINDS,
        "is_original_medicare": kind == "medicare" and facts["medicare_part"] == "original",
        "is_medicare": kind == "medicare",
        "is_part_d": kind == "medicare" and bool(cover and cover.part_d),
        "is_medicaid": family == "medicaid",
        "is_medicaid_plan": family == "medicaid"
        and program is not None
        and program.line_of_business == "medicaid_managed",
        "is_tricare": kind == "tricare",
        "is_federal_employee": family == "federal_employee",
        "is_va": kind == "va",
        "is_champva": kind == "champva",
        "government": facts["government_cover"] is True,
        "erisa": bool(cover) and facts["erisa"] is True,
        # Of a plan that people take for insurance; nobody looks for that law under Medicare or the VA.
        "state_law_does_not_reach": reaches is False and family in INSURERS,
        "state_law_open": bool(cover) and reaches is None,
        "parity_reaches": _parity_reaches(focus),
        "out_of_network": facts["in_network"] is False,
        "takes_outside_claims": bool(cover) and facts["out_of_network_benefit"] is not False,
    }


def _kind_of_plan(focus: Focus, program: Program) -> str:
    """What the cover is, by its main programme: a drug plan may be a part of a larger plan."""
    sure = [p for p, applies, _ in programs_of(focus.facts) if applies is True]
    return next((p.name for p in sure if p.line_of_business is not None), program.name)


def _parity_reaches(focus: Focus) -> bool:
    """Whether the federal parity law (or a contract that follows it) reaches this cover and illness."""
    program = focus.program
    groups = focus.facts["diagnosis_group"].known
    reach = program.parity_law_reaches if program else "no"
    return "mental_health" in groups and reach in ("yes", "by_contract")


def plan_name(focus: Focus) -> str:
    """The payer's name where it is known, else that of the programme, else of the state's Medicaid."""
    cover, program, book = focus.facts.coverage, focus.program, focus.book
    if cover is None:
        return ""
    if cover.payer:
        payer = book.payers.get(book.payer_id(cover.payer))
        return _payer_name(focus, payer) if payer else cover.payer
    if program is None or program.family in ("private", "not_insurance"):
        return ""
    state = book.states.get(focus.case.state or "")
    if (
        program.family == "medicaid"
        and program.line_of_business == "medicaid_ffs"
        and state
        and state.medicaid
    ):
        return state.medicaid.name or program.name
    return program.in_letters or program.name


def _payer_name(focus: Focus, payer: Payer) -> str:
    """The company as a letter addresses it: of several brands that of the state."""
    state = focus.book.states.get(law_state(focus.facts).value or focus.case.state or "")
    if payer.in_letters is None or state is None or state.code not in payer.states:
        return payer.short_name
    return payer.in_letters.format(state=state.name)


# --- the rule and its points ------------------------------------------------------------------


def rule(focus: Focus) -> Gaps:
    """The fields of the context about the rule under which approval is asked for."""
    shown, policy = focus.path, focus.policy
    if shown is None or policy is None:
        return {"has_path": shown is not None}
    points = [(c, _point(focus, c)) for c in own_criteria(focus)]
    return {
        "has_path": True,
        "policy_name": policy.title or "",
        "policy_says": policy.says or "",
        "policy_number": policy.number or "",
        "policy_covers": policy.position in COVERED,
        "policy_unproven": policy.position == "unproven",
        "policy_not_found": policy.position in UNKNOWN,
        "label_terms_only": "label_only" in shown.caveats,
        "rule_not_known": bool(set(shown.caveats) & NOT_ITS_OWN) or policy.position in UNKNOWN,
        "doubts": shown.doubts,
        "points_argued": () if set(shown.caveats) & NOT_ITS_OWN else tuple(_argued(focus, points)),
        "points_missing": _once(p for c, p in points if _good(c) is False),
        "points_open": _once(p for c, p in points if _good(c) is None),
        "expects": policy.documentation_required,
        "benefit": say_or("benefit", policy.benefit),
        "authorization": shown.authorization or "",
        "quantity_limit": policy.quantity_limit or "",
        "renewal_needs": policy.authorization.renewal_needs or "",
        "pitfalls": shown.pitfalls,
        "sources": tuple(_sources(shown)),
    }


def _once(points: Iterable[Point]) -> tuple[Point, ...]:
    """Points in their order, each text once: the label may ask for what the policy asks for."""
    return tuple({p.text: p for p in points}.values())


def own_criteria(focus: Focus) -> tuple[CriterionShown, ...]:
    """What the rule asks for. A rule that leaves a use out asks for nothing that could be met."""
    shown, policy = focus.path, focus.policy
    if shown is None or policy is None or policy.position not in COVERED:
        return ()
    return tuple(c for c in shown.criteria if c.id not in OWN_POINTS and not _of_label_only(c))


def _of_label_only(criterion: CriterionShown) -> bool:
    """A limit of the drug's label that the payer does not ask for, and that is not known to be broken."""
    return criterion.of_label and criterion.value != "not_met"


def _good(criterion: CriterionShown) -> bool | None:
    """Whether a point speaks for approval; None where open."""
    return None if criterion.value == "unknown" else criterion.value == "met"


def _point(focus: Focus, criterion: CriterionShown) -> Point:
    state = {True: "met", False: "missing", None: "open"}[_good(criterion)]
    evidence = tuple(
        dict.fromkeys(e for e in (evidence_of(focus, b) for b in criterion.because) if e)
    )
    return Point(
        text=criterion.text,
        state=say("state", state),
        evidence="; ".join(e for e in evidence if e != criterion.text),
        to_do=_to_do(focus, criterion, state),
    )


def _argued(focus: Focus, points: list[tuple[CriterionShown, Point]]) -> Iterator[Point]:
    """Points that this person's illness and history meet, in a letter that lists these once, below."""
    for criterion, point in points:
        rooms = [b.partition("[")[0].partition(".")[0] for b in criterion.because]
        listed = [say("shown", LISTED[room]) for room in rooms if room in LISTED]
        own = _diagnosis(focus) if "diagnosis" in rooms else ()
        # That it is about this illness is worth saying of a rule that has a name.
        told = listed or (own and focus.policy is not None and focus.policy.title)
        if _good(criterion) and told:
            text = point.text if listed else say("shown", "own_diagnosis")
            yield replace(point, text=text, evidence="; ".join(dict.fromkeys((*own, *listed))))


def _diagnosis(focus: Focus) -> tuple[str, ...]:
    record = focus.book.diagnoses.get(focus.case.diagnosis or "")
    name = say_or("diagnosis", focus.case.diagnosis, record.name if record else "")
    return (say("shown", "diagnosis", name=name),) if name else ()


def _to_do(focus: Focus, criterion: CriterionShown, state: str) -> str:
    """What would settle a point that is not met: the words of the facts that it reads."""
    if state == "met":
        return ""
    wanted = criterion.missing or criterion.because
    for fact in focus.book.facts.values():
        fields = [f.replace("[]", "") for f in fact.fields]
        if any(_plain(w).startswith(f) for w in wanted for f in fields if f):
            words = fact.find_out if state == "open" else fact.to_do
            if words:
                return words
    return say("state", "ask_for_it" if state == "open" else "still_needed")


def _plain(place: str) -> str:
    return re.sub(r"\[\d+\]", "", place)


def evidence_of(focus: Focus, place: str) -> str:
    """An answer of the case in words: what the letter can point at.

    What a person told of thoughts of suicide is for the clinician to put in words, never quoted.
    """
    if place == "suicidal_thoughts":
        return ""
    room, _, rest = place.partition("[")
    if room == "treatments" and rest:
        return trial_of(focus, int(rest.rstrip("]"))).line.rstrip(".")
    if room == "severity" and rest:
        told = (focus.case.severity or ())[int(rest.rstrip("]"))]
        name = focus.book.scales[told.scale].name
        date = long_date(told.date)
        score = number(told.score or 0)
        return say("score", "short" if date else "short_undated", name=name, score=score, date=date)
    if place == "diagnosis":
        record = focus.book.diagnoses.get(focus.case.diagnosis or "")
        return record.name if record else ""
    return _answer(focus, place)


def _answer(focus: Focus, place: str) -> str:
    """A plain answer: the fact's own sentence for yes and no, its name with the value for others."""
    value: object = focus.case
    for name in place.split("."):
        head, _, index = name.partition("[")
        value = getattr(value, head, None)
        if index and value is not None:
            value = value[int(index.rstrip("]"))]
    if value is None or isinstance(value, tuple) or hasattr(value, "model_fields"):
        return ""
    field = _plain(place).replace("coverages.", "coverages[].")
    fact = next((f for f in focus.book.facts.values() if f.fields == (field,)), None)
    if fact is None:
        return ""
    if isinstance(value, bool):
        return (fact.says_yes if value else fact.says_no) or ""
    shown = value
    for question in focus.book.questions:
        if question.field == field:
            labels = {c.value: c.label for c in question.choices}
            shown = labels.get(value, value)
    if has_phrase("treatment", str(value)):
        shown = phrase("treatment", str(value))
    return say(
        "evidence",
        "answer",
        name=fact.name,
        value=number(shown) if isinstance(shown, (int, float)) else shown,
    )


def _sources(shown: PathShown) -> list[SourceRow]:
    return [
        SourceRow(s.title, s.url or say("source", "no_page"), as_of_words(s.as_of))
        for s in shown.sources
    ]
