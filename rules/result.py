"""What goes out: the result of one case, as every screen, table and program receives it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .vocabulary import Confidence, Outlook, Route

Value = Literal["met", "not_met", "unknown"]


class Out(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceShown(Out):
    id: str
    title: str
    url: str | None = None
    as_of: str | None = None
    confidence: Confidence
    seen: bool = True
    checked: dt.date | None = None


class SafetyNote(Out):
    """What comes before anything else: where to turn in a crisis, or a condition to see to first."""

    id: str
    text: str
    source: str | None = None
    kind: Literal["crisis", "health"] = "crisis"
    because: tuple[str, ...] = ()


class PayerPosition(Out):
    coverage: int
    position: str  # primary, secondary, third … ; not_a_payer ; undecided
    why: str
    source: str | None = None
    questions: tuple[str, ...] = ()


class CriterionShown(Out):
    """One criterion, its value, the answers it rests on and the rule's source."""

    id: str
    text: str
    value: Value
    because: tuple[str, ...] = ()
    answer: str | None = None
    source: str | None = None
    as_of: str | None = None
    confidence: Confidence | None = None
    changeable: bool = False
    exclusion: bool = False
    of_label: bool = False  # asked by the drug's label, not by the payer's text
    weight: Literal["decides", "helps", "expected"] = "decides"  # expected: the label's own terms
    parts: tuple[CriterionShown, ...] = ()
    missing: tuple[str, ...] = ()


class AlternativeShown(Out):
    """Another way to satisfy the same path (another indication, another set of criteria)."""

    id: str
    text: str
    outlook: Outlook
    criteria: tuple[CriterionShown, ...] = ()


class StepShown(Out):
    """Something to do on a path. `kind`: to do, or to find out because an answer is open."""

    id: str
    kind: Literal["do", "find_out"] = "do"
    text: str
    who: str
    by: dt.date | None = None
    stage: str | None = None
    documents: tuple[str, ...] = ()
    done_when: str | None = None
    if_it_fails: str | None = None


class DeadlineShown(Out):
    """A last day. `act_by` is the day to act by that is safe to use; where it is urgent, today.

    `kind`: `file` (to ask again) or `keep_care` (to ask that care which runs goes on meanwhile).
    """

    id: str
    kind: Literal["file", "keep_care"] = "file"
    urgent: bool = False
    date: dt.date
    act_by: dt.date
    counted_from: str
    text: str
    passed: bool = False
    # Why the day to act by lies before the last day: a key of the phrases under `deadline`.
    earlier_because: Literal["weekend", "arrival", "urgent"] | None = None
    # Of care that is to be kept: how to ask, or what is left once the day has passed.
    says: str | None = None
    source: str | None = None
    confidence: Confidence | None = None
    other_readings: tuple[str, ...] = ()


class Change(Out):
    change: str
    to: Outlook
    edits: tuple[str, ...] = ()  # ids of the facts that the change touches


class Sentence(Out):
    """One sentence of a reason, with the answers and the rule that it rests on."""

    text: str
    because: tuple[str, ...] = ()
    source: str | None = None


class PathShown(Out):
    id: str
    coverage: int | None = None
    treatment: str
    route: Route
    name: str
    outlook: Outlook
    reason: str
    reasons: tuple[Sentence, ...] = ()
    doubts: tuple[str, ...] = ()
    criteria: tuple[CriterionShown, ...] = ()
    alternatives: tuple[AlternativeShown, ...] = ()
    expects: tuple[str, ...] = ()
    benefit: str | None = None
    authorization: str | None = None
    quantity_limit: str | None = None
    codes: tuple[str, ...] = ()
    law: str | None = None
    next_steps: tuple[StepShown, ...] = ()
    documents: tuple[str, ...] = ()
    deadlines: tuple[DeadlineShown, ...] = ()
    answer_times: tuple[Sentence, ...] = ()  # how fast the other side must answer
    cost_note: str | None = None
    pitfalls: tuple[str, ...] = ()
    would_change: tuple[Change, ...] = ()
    laws: tuple[Sentence, ...] = ()  # what the state's own law says, where it may reach the plan
    in_your_state: tuple[Sentence, ...] = ()  # how a way for a person differs in the state
    rates: tuple[str, ...] = ()
    sources: tuple[SourceShown, ...] = ()
    record: str | None = None  # the record that made this path


class QuestionShown(Out):
    field: str
    asks: str | None = None
    why: str | None = None
    matters_for: tuple[str, ...] = ()
    how_to_find_out: str


class Result(Out):
    today: dt.date
    rules_version: str
    safety: tuple[SafetyNote, ...] = ()
    payer_order: tuple[PayerPosition, ...] = ()
    paths: tuple[PathShown, ...] = ()
    best: str | None = None  # id of the path to put first before a person
    # What to do first: a step of the leading path, or what stands before any.
    first_act: str | None = None
    questions: tuple[QuestionShown, ...] = ()
    notes: tuple[Sentence, ...] = ()
    costs: dict[str, Any] = {}
