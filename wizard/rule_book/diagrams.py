"""Pictures drawn from the records themselves, as text for a diagram (Mermaid flowcharts).

Pure. A picture never says more than the record: it is made from the same condition trees that the
engine runs, and from the same question records that the interview asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeGuard

from rules import Book
from rules.engine.outlook import RANK
from rules.messages import phrase
from rules.schema.base import Record
from rules.schema.conditions import Condition
from rules.schema.other import Question
from rules.schema.policies import Policy
from rules.schema.ways import PaymentOption
from rules.vocabulary import COVERED
from wizard.interview.steps import SECTIONS, Section, section_of
from wizard.messages import say

from .record_words import Branch, branch, name_of, points_of

LINE = 34  # letters on a line of a box
BOX_WIDTH = 300
SETTINGS = f'%%{{init: {{"flowchart": {{"wrappingWidth": {BOX_WIDTH}, "htmlLabels": true}}}}}}%%'


@dataclass
class _Paper:
    """The lines of a diagram as they are written, and the number of the next box."""

    lines: list[str] = field(default_factory=lambda: [SETTINGS, "flowchart TB"])
    boxes: int = 0

    def box(self, text: str, shape: str = "[]") -> str:
        self.boxes += 1
        ident = f"n{self.boxes}"
        self.lines.append(f'{ident}{shape[:-1]}"{_label(text)}"{shape[-1]}')
        return ident

    def group(self, title: str) -> str:
        self.boxes += 1
        ident = f"g{self.boxes}"
        self.lines.append(f'subgraph {ident}["{_label(title)}"]')
        self.lines.append("direction TB")
        return ident

    def end(self) -> None:
        self.lines.append("end")

    def arrow(self, one: str, other: str, text: str = "") -> None:
        middle = f'-- "{_label(text)}" -->' if text else "-->"
        self.lines.append(f"{one} {middle} {other}")

    def below(self, one: str, other: str) -> None:
        """Put a box under another without a line between them."""
        self.lines.append(f"{one} ~~~ {other}")

    def text(self) -> str:
        return "\n".join(self.lines)


def _label(text: str) -> str:
    """Text for a box: broken into lines, with the signs that end a label taken as themselves."""
    safe = (
        text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
    )
    lines: list[str] = [""]
    for word in safe.split():
        if lines[-1] and len(lines[-1]) + len(word) >= LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br/>".join(lines)


# --- the logic of one record --------------------------------------------------------------------------


def rule_diagram(thing: Policy | PaymentOption, book: Book) -> str:
    """What a rule asks for, and what comes of it: from its criteria to the outlooks."""
    paper = _Paper()
    start = paper.box(name_of(thing, book))
    asked = _asked(thing, book)
    if asked:
        group = _group(paper, say("rule_book.chart.asks"), asked)
        paper.arrow(start, group)
        _outlooks(paper, group, _at_best(thing))
    if isinstance(thing, PaymentOption) and thing.excluded_by:
        _ruled_out(paper, start, thing, book)
    return paper.text()


def _at_best(thing: Policy | PaymentOption) -> str:
    if isinstance(thing, PaymentOption):
        return thing.outlook
    return "likely" if thing.position in COVERED else "uphill"


def _asked(thing: Policy | PaymentOption, book: Book) -> tuple[Branch, ...]:
    """All that must hold: the criteria, and one of the ways where there are several."""
    groups = points_of(thing, book)
    items = [i for g in groups if g.kind in ("criteria", "requires") for i in g.items]
    ways = tuple(Branch("all", g.title, g.items) for g in groups if g.kind == "alternative")
    if ways:
        items.append(Branch("any", say("rule_book.chart.one_way"), ways))
    return tuple(items)


def _group(paper: _Paper, title: str, items: tuple[Branch, ...]) -> str:
    ident = paper.group(title)
    above: str | None = None
    for item in items:
        box = _group(paper, item.text, item.parts) if item.parts else paper.box(item.text)
        if above is not None:
            paper.below(above, box)
        above = box
    paper.end()
    return ident


def _outlooks(paper: _Paper, group: str, best: str) -> None:
    """The outlooks that follow: none may be better than what the rule gives at best."""
    ends = [(say("rule_book.chart.all_met"), best)]
    if RANK[best] > RANK["possible"]:
        ends.append((say("rule_book.chart.some_open"), "possible"))
    if RANK[best] > RANK["uphill"]:
        ends.append((say("rule_book.chart.some_missing"), "not_yet"))
    for text, outlook in ends:
        paper.arrow(group, paper.box(phrase("outlook", outlook)), text)


def _ruled_out(paper: _Paper, start: str, thing: PaymentOption, book: Book) -> None:
    items = tuple(branch(c, book) for c in thing.excluded_by)
    group = _group(paper, say("rule_book.chart.rules_out"), items)
    paper.arrow(start, group)
    closed = paper.box(phrase("outlook", "closed"))
    paper.arrow(group, closed, say("rule_book.chart.one_met"))


def can_draw(thing: Record) -> TypeGuard[Policy | PaymentOption]:
    """Whether there is a picture of a thing."""
    if isinstance(thing, Policy):
        return bool(thing.criteria or thing.alternatives)
    return isinstance(thing, PaymentOption) and bool(thing.requires or thing.excluded_by)


# --- the flow of the questions ------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Questions of a part that share a condition (none: they are asked of everyone)."""

    condition: str | None
    questions: tuple[Question, ...]


def question_groups(section: Section, book: Book) -> tuple[Asked, ...]:
    """The questions of a part in the interview's order, gathered by their condition."""
    groups: dict[Condition | None, list[Question]] = {}
    for question in book.questions:
        if section_of(question) == section:
            groups.setdefault(question.ask_when, []).append(question)
    return tuple(
        Asked(_in_words(condition, book), tuple(questions))
        for condition, questions in groups.items()
    )


def _in_words(condition: Condition | None, book: Book) -> str | None:
    if condition is None:
        return None
    found = branch(condition, book)
    return found.text if not found.parts else spoken(found)


def spoken(found: Branch) -> str:
    """A tree of conditions in one line."""
    if not found.parts:
        return found.text.rstrip(".")
    return f"{found.text}: {'; '.join(spoken(p) for p in found.parts)}"


def question_diagram(section: Section, book: Book) -> str:
    """The questions of a part: those for everyone in a row, the others behind their condition."""
    paper = _Paper()
    paper.lines[1] = "flowchart LR"
    start = paper.box(f"{SECTIONS.index(section) + 1}. {say(f'sections.{section}')}")
    for group in question_groups(section, book):
        box = start
        if group.condition is not None:
            box = paper.box(say("rule_book.flow_if", condition=group.condition), "()")
            paper.arrow(start, box)
        names = "; ".join(q.asks_intake or q.asks for q in group.questions)
        for question in group.questions if group.condition is None else ():
            paper.arrow(box, paper.box(question.asks_intake or question.asks))
        if group.condition is not None:
            paper.arrow(box, paper.box(names))
    return paper.text()
