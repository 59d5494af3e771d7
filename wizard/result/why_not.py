"""Why a treatment, an insurance or a way to pay that people have heard of is, or is not, for a case. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules import Book, Case, Result, evaluate
from rules.case import PlainCase, PlainPart
from rules.engine.label_limits import limits_told
from rules.engine.policies import policies_of
from rules.engine.treatments import label_fits
from rules.facts.context import Facts
from rules.messages import phrase
from rules.report.can_have import CanHave, can_have
from rules.report.condition_text import condition_text
from rules.report.rule_words import is_own
from rules.result import AnswerShown, PathShown, RuleShown
from rules.vocabulary import TREATMENTS
from wizard.messages import say

HYPOTHETICAL_KIND = "employer"  # the kind of cover in which most people meet a private payer
PROGRAM_FIELD = "coverages[].kind"
# The usual sub-kind of a programme where none was told.
USUAL: dict[str, PlainPart] = {"medicare": {"medicare": "original", "part_b": True}}
MOST_TOLD = 2


@dataclass(frozen=True)
class Heard:
    """A treatment, programme, payer, way or route that people have heard of."""

    kind: str  # treatment, program, payer, way, route
    id: str
    name: str


@dataclass(frozen=True)
class Told:
    """What one insurance says: our sentence, the rule, and the rule's own sentence to read out."""

    sentence: str
    rule: RuleShown | None = None
    says: str | None = None


@dataclass(frozen=True)
class WhyNot:
    """What there is to say.

    `first`: what a drug's label rules out, with its source; it comes before anything of a payer.
    `can`: whether the person can have a programme at all. `supposed`: nobody told of that insurance;
    `told` says what its rule would be. `only_if`: the condition of a way that fails.
    """

    first: tuple[tuple[str, str], ...] = ()
    can: CanHave | None = None
    supposed: bool = False
    told: tuple[Told, ...] = ()
    paths: tuple[PathShown, ...] = ()
    only_if: str | None = None


def heard_of(book: Book) -> tuple[Heard, ...]:
    """Everything that can be asked about: treatments, programmes, then the rest by name."""
    treatments = [Heard("treatment", t, say(f"why_not.treatment.{t}")) for t in TREATMENTS]
    kinds = next(q.choices for q in book.questions if q.field == PROGRAM_FIELD)
    programs = [Heard("program", str(c.value), c.label) for c in kinds]
    ways = [Heard("way", w.id, w.name) for w in book.ways.values()]
    used = {w.route for w in book.ways.values()}
    routes = [Heard("route", w.route, w.name) for w in book.routes.values() if w.route not in used]
    known = used | {h.id for h in routes}
    levels = (x for process in book.appeal_processes.values() for x in process.levels)
    appeals = [
        Heard("route", r, phrase("route", r)) for r in sorted({x.route for x in levels} - known)
    ]
    payers = [Heard("payer", p.id, p.name) for p in book.payers.values()]
    # What bears the name of a programme is told with it.
    named = {h.name for h in programs}
    others = [h for h in (*ways, *routes, *appeals, *payers) if h.name not in named]
    rest = sorted(others, key=lambda h: h.name.lower())
    return (*treatments, *programs, *rest)


def why_not(heard: Heard, case: Case, result: Result, book: Book, today: dt.date) -> WhyNot:
    """What the rules say of it for this case."""
    match heard.kind:
        case "treatment":
            return _of_treatment(heard.id, case, result, book, today)
        case "program":
            return _of_program(heard.id, case, result, book, today)
        case "payer":
            return _of_payer(heard.id, case, result, book, today)
    found = tuple(
        p for p in result.paths if (p.record if heard.kind == "way" else p.route) == heard.id
    )
    return WhyNot(paths=found, only_if=None if found else _condition(heard, case, book, today))


# --- a treatment -----------------------------------------------------------------------------------


def _of_treatment(treatment: str, case: Case, result: Result, book: Book, today: dt.date) -> WhyNot:
    answers = [a for a in result.answers if a.treatment == treatment]
    if not answers:
        answers = [
            a
            for a in _supposing(case, book, today, request=treatment).answers
            if a.treatment == treatment
        ]
    first = tuple(_label(treatment, case, book, today))
    said = [says for says, _ in first]
    return WhyNot(first=first, told=_told(answers, book, said))


def _label(treatment: str, case: Case, book: Book, today: dt.date) -> Iterator[tuple[str, str]]:
    """What the drug's label says against it: a limit that is broken, a diagnosis it does not name."""
    facts = Facts(case, book, today)
    for limit in limits_told(facts, (treatment,)):
        yield limit.says, limit.source
    off_label = book.off_label.get(treatment)
    view = facts.for_coverage(None, treatment)
    if (
        case.diagnosis is not None
        and off_label is not None
        and label_fits(view, treatment) is False
    ):
        yield off_label.says, off_label.source


# --- a programme or a payer ------------------------------------------------------------------------


def _of_program(kind: str, case: Case, result: Result, book: Book, today: dt.date) -> WhyNot:
    own = [i for i, c in enumerate(case.coverages or ()) if c.kind == kind]
    name = next(h.name for h in heard_of(book) if (h.kind, h.id) == ("program", kind))
    paths = tuple(p for p in result.paths if p.coverage is None and p.name == name)
    if own:
        return WhyNot(told=_told(_of_covers(result, own), book), paths=paths)
    able = can_have(kind, Facts(case, book, today))
    cover = {"kind": kind, **USUAL.get(kind, {})}
    other = _supposing(case, book, today, cover=cover)
    return WhyNot(can=able, told=_told(_of_covers(other, [0]), book), supposed=True, paths=paths)


def _of_payer(payer: str, case: Case, result: Result, book: Book, today: dt.date) -> WhyNot:
    covers = enumerate(case.coverages or ())
    own = [i for i, c in covers if c.payer and book.payer_id(c.payer) == payer]
    if own:
        return WhyNot(told=_told(_of_covers(result, own), book))
    cover = {"kind": HYPOTHETICAL_KIND, "payer": payer}
    other = _supposing(case, book, today, cover=cover)
    return WhyNot(supposed=True, told=_told(_of_covers(other, [0]), book))


def _of_covers(result: Result, covers: Sequence[int]) -> list[AnswerShown]:
    return [a for a in result.answers if a.coverage in covers]


def _supposing(
    case: Case,
    book: Book,
    today: dt.date,
    request: str | None = None,
    cover: PlainPart | None = None,
) -> Result:
    """The result if another treatment were asked for, or if this were the only insurance.

    A no that was told belongs to what was asked for, so it is left out.
    """
    data: PlainCase = case.model_dump(mode="json", exclude_none=True)
    for part in ("denial", "authorization", "stage"):
        data.pop(part, None)
    if request is not None:
        data["request"] = request
    if cover is not None:
        data["coverages"] = [cover]
    return evaluate(data, today=today, book=book)


def _told(answers: Sequence[AnswerShown], book: Book, but: Sequence[str] = ()) -> tuple[Told, ...]:
    """What the answers say, those for the treatment asked for first; `but`: what was said already."""
    ordered = [a for a in sorted(answers, key=lambda a: not a.asked_for) if a.sentence not in but]
    return tuple(_one_told(a, book) for a in ordered[:MOST_TOLD])


def _one_told(answer: AnswerShown, book: Book) -> Told:
    """A rule for all plans of a kind rests on texts of other insurers: it is nothing to read out."""
    rule = answer.rule
    if rule is None or not is_own(rule, book):
        return Told(answer.sentence)
    says = next((p.says for p in policies_of(book) if p.id == rule.record), None)
    return Told(answer.sentence, rule, says)


def _condition(heard: Heard, case: Case, book: Book, today: dt.date) -> str | None:
    way = book.ways.get(heard.id) if heard.kind == "way" else book.routes.get(heard.id)
    if way is None or way.applies_when is None:
        return None
    facts = Facts(case, book, today)
    return condition_text(book, facts.test(way.applies_when))
