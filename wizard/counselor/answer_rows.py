"""The answers of all variants side by side: what each insurance says, what next, by when. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rules import Book, Result
from rules.case import PlainCase, PlainPart
from rules.engine.outlook import RANK
from rules.report.action_plan import first_acts
from rules.report.can_have import CanHave
from rules.report.insurance_names import payer_short
from rules.report.rule_words import is_own, rule_words
from rules.report.windows import day_of, first_sentence
from rules.result import AnswerShown, PointShown
from rules.vocabulary import Outlook
from wizard.labels import choice_label, day, questions_by_field
from wizard.messages import say

from .scenarios import Sign

MOST_ANSWERS = 2  # insurances of one variant that a cell tells of
MOST_POINTS = 2
MOST_DAYS = 3
ANSWERS = ("asked", "other")
ROWS = ("order", "open", "asked", "other", "deciding", "step", "days", "cost")
UNSURE_KINDS = ("employer", "individual", "cobra", "student")


@dataclass(frozen=True)
class Variant:
    """One variant worked out: its case and result, the result for the other treatment, and more."""

    case: PlainCase
    result: Result
    other: Result
    open_to: tuple[CanHave, ...] = ()
    cost: str | None = None


@dataclass(frozen=True)
class Line:
    """One thing in a cell: an outlook as a chip, a sentence, and a quiet line below it."""

    text: str
    quiet: str = ""
    name: str = ""  # of an answer: whose it is
    outlook: Outlook | None = None
    of_cover: bool = True
    open: bool | None = None  # of the row "open to the client": whether it is
    asks_open: bool = False


@dataclass(frozen=True)
class AnswerCell:
    """What one variant has in a row, and how it stands to the first variant."""

    sign: Sign
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class AnswerRow:
    """One thing compared across the variants."""

    kind: str
    cells: tuple[AnswerCell, ...]

    @property
    def differs(self) -> bool:
        return any(c.sign not in ("first", "same", "none") for c in self.cells)


def answer_rows(variants: Sequence[Variant], book: Book) -> tuple[AnswerRow, ...]:
    """The rows in which any variant has something to say."""
    rows = (AnswerRow(kind, _cells(kind, variants, book)) for kind in ROWS)
    return tuple(row for row in rows if any(cell.lines for cell in row.cells))


def _cells(kind: str, variants: Sequence[Variant], book: Book) -> tuple[AnswerCell, ...]:
    lines = [_LINES[kind](v, book) for v in variants]
    # What is asked for is told in full, but where the first column has it in the same row.
    rows = {"asked": ("asked",), "other": ANSWERS}.get(kind, ())
    told = frozenset(x.text for r in rows for x in _LINES[r](variants[0], book))
    cells = [AnswerCell("first" if lines[0] else "none", lines[0])]
    for variant, own in zip(variants[1:], lines[1:], strict=True):
        sign = _sign(kind, variants[0], variant, lines[0], own)
        cells.append(AnswerCell(sign, _but_not_twice(own, told)))
    return tuple(cells)


def _but_not_twice(lines: tuple[Line, ...], told: frozenset[str]) -> tuple[Line, ...]:
    """What the first column says word for word is not said again: only where it stands."""
    return tuple(
        replace(x, text=say("counselor.as_first", name=x.name), quiet="") if x.text in told else x
        for x in lines
    )


def _sign(
    kind: str, first: Variant, variant: Variant, before: tuple[Line, ...], now: tuple[Line, ...]
) -> Sign:
    if kind == "open":  # it says by itself what it comes to
        return "none"
    if before == now:
        return "same" if now else "none"
    if not before or not now:
        return "new" if now else "gone"
    turned = asked_treatment_of(first.result) != asked_treatment_of(variant.result)
    if kind not in ANSWERS or (turned and kind == "other"):
        return "other"
    gain = _best(now) - _best(before)
    if gain < 0:
        return "worse"
    return "better" if gain > 0 and _is_sure(variant) else "other"


def _best(lines: tuple[Line, ...]) -> int:
    return max((RANK[x.outlook] for x in lines if x.outlook is not None), default=-1)


def _is_sure(variant: Variant) -> bool:
    """Whether "better" may be said: the client can have it, and it is known who would decide."""
    covers = variant.case.get("coverages") or ()
    unnamed = any(c.get("kind") in UNSURE_KINDS and not c.get("payer") for c in covers)
    return not unnamed and all(can.value is not False for can in variant.open_to)


# --- the rows --------------------------------------------------------------------------------------


def cover_short(cover: PlainPart, book: Book) -> str:
    """A plan in a word or two: the insurer, or the kind of plan."""
    if cover.get("payer"):
        return payer_short(book, str(cover["payer"]))
    kind = cover.get("kind")
    if kind is None:
        return say("fields.cover_unknown_kind")
    part = cover.get("medicare") if kind == "medicare" else None
    if part is not None:
        medigap = part == "original" and cover.get("medigap")
        return say(f"counselor.medicare.{'medigap' if medigap else part}")
    question = questions_by_field(book)["coverages[].kind"]
    return choice_label(question, kind)


def _order(variant: Variant, book: Book) -> tuple[Line, ...]:
    """Who pays first, by name; what is not settled says so."""
    covers = variant.case.get("coverages") or []
    if not covers:
        return (Line(say("counselor.order.none")),)
    order = variant.result.payer_order
    if not order:
        return tuple(Line(cover_short(c, book)) for c in covers)
    lines = []
    for place in order:
        name = cover_short(covers[place.coverage], book)
        words = say(f"order.position.{place.position}")
        lines.append(Line(say("counselor.order.line", name=name, place=words)))
    if any(p.position == "undecided" for p in order):
        return (*lines, Line("", quiet=order[0].why))
    return tuple(lines)


def _open(variant: Variant, book: Book) -> tuple[Line, ...]:
    return tuple(Line(can.text, open=can.value, asks_open=True) for can in variant.open_to)


def _asked(variant: Variant, book: Book) -> tuple[Line, ...]:
    result = variant.result
    treatment = asked_treatment_of(result)
    return _answers([a for a in result.answers if a.treatment == treatment], variant, book)


def _other(variant: Variant, book: Book) -> tuple[Line, ...]:
    asked, other = asked_treatment_of(variant.result), asked_treatment_of(variant.other)
    if asked == other or not variant.result.answers:
        return ()
    own = [a for a in variant.result.answers if a.treatment == other]
    found = own or [a for a in variant.other.answers if a.treatment == other]
    return _answers([a for a in found if a.coverage is not None], variant, book)


def asked_treatment_of(result: Result) -> str | None:
    """The treatment asked for; of several, that of the leading answer."""
    asked = [a.treatment for a in result.answers if a.asked_for]
    lead = result.leading
    if lead is not None and lead.treatment in asked:
        return lead.treatment
    return asked[0] if asked else None


def _answers(answers: Sequence[AnswerShown], variant: Variant, book: Book) -> tuple[Line, ...]:
    """One line an insurance, those that pay first."""
    covers = variant.case.get("coverages") or []
    return tuple(
        Line(
            a.sentence,
            _rule(a, book),
            cover_short(covers[a.coverage], book) if a.coverage is not None else "",
            a.outlook,
            a.coverage is not None,
        )
        for a in answers[:MOST_ANSWERS]
    )


def _rule(answer: AnswerShown, book: Book) -> str:
    if answer.rule is None or not is_own(answer.rule, book):
        return ""
    return rule_words(answer.rule, book)


def _deciding(variant: Variant, book: Book) -> tuple[Line, ...]:
    lead = variant.result.leading
    if lead is None:
        return ()
    return tuple(Line(_point(p)) for p in lead.deciding_points[:MOST_POINTS])


def _point(point: PointShown) -> str:
    if point.has:
        return say("counselor.point_has", asks=point.asks.rstrip("."), has=point.has)
    return say("counselor.point_open", asks=point.asks.rstrip("."))


def _step(variant: Variant, book: Book) -> tuple[Line, ...]:
    return tuple(Line(s.text) for s in first_acts(variant.result)[:1])


def _days(variant: Variant, book: Book) -> tuple[Line, ...]:
    """Last days and dated windows, the earliest first."""
    result = variant.result
    found: list[tuple[dt.date, str]] = [
        (d.act_by, say("counselor.day", day=day(d.act_by), name=p.name))
        for p, d in result.days_ahead()
    ]
    for window in result.windows:
        when, what = day_of(window), first_sentence(window)
        if when is not None:
            found.append((when, say("counselor.day", day=day(when), name=what)))
    texts = dict.fromkeys(text for _, text in sorted(found))
    return tuple(Line(text) for text in list(texts)[:MOST_DAYS])


def _cost(variant: Variant, book: Book) -> tuple[Line, ...]:
    lead = variant.result.leading
    why = lead.cost.why if lead is not None and lead.cost is not None else ""
    return (Line(variant.cost, quiet=why),) if variant.cost else ()


_LINES: dict[str, Callable[[Variant, Book], tuple[Line, ...]]] = {
    "order": _order,
    "open": _open,
    "asked": _asked,
    "other": _other,
    "deciding": _deciding,
    "step": _step,
    "days": _days,
    "cost": _cost,
}
