"""What goes out: the result of one case, as every screen, table and program receives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from .vocabulary import Confidence, Outlook, Route

Value = Literal["met", "not_met", "unknown"]

# A path: what an insurance pays; an appeal or review; a move inside an answer; other money; people.
Role = Literal["coverage", "remedy", "support", "pay", "help"]
ROLES: tuple[Role, ...] = get_args(Role)
Fit = Literal["fits", "may_fit", "does_not_fit"]
Tier = Literal["answer", "surer", "ways"]
Amounts = tuple[str, str]  # lowest and highest, as decimal strings in US dollars


class ResultPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceShown(ResultPart):
    id: str
    title: str
    url: str | None = None
    as_of: str | None = None
    confidence: Confidence
    seen: bool = True
    checked: dt.date | None = None


class SafetyNote(ResultPart):
    """What comes before anything else: where to turn in a crisis, or a condition to see to first."""

    id: str
    text: str
    source: str | None = None
    kind: Literal["crisis", "health"] = "crisis"
    because: tuple[str, ...] = ()


class PayerPosition(ResultPart):
    coverage: int
    position: str  # primary, secondary, third … ; not_a_payer ; undecided
    why: str
    source: str | None = None
    questions: tuple[str, ...] = ()


class CriterionShown(ResultPart):
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


class ContactShown(ResultPart):
    """Whom to call or write to. `phone` and `url` are None where no record tells them."""

    name: str
    phone: str | None = None
    url: str | None = None


class StepShown(ResultPart):
    """One thing to do, or (`kind` find_out) one open question to answer.

    `by` is the day to act by, where one is running; `stage` one of the stages of the plan.
    """

    id: str
    kind: Literal["do", "find_out"] = "do"
    text: str
    who: str
    contact: ContactShown | None = None
    by: dt.date | None = None
    stage: str | None = None
    documents: tuple[str, ...] = ()
    done_when: str | None = None
    if_it_fails: str | None = None


class DeadlineReading(ResultPart):
    """A last day by one way of counting: the day, the day from which it is counted, and how.

    `counted` is the way as a key of the phrases under `deadline`, `how` the same in words.
    """

    date: dt.date
    start: dt.date
    counted: str
    how: str


class DeadlineShown(ResultPart):
    """A last day. `act_by` is the day to act by that is safe to use; where it is urgent, today.

    `kind`: `file` (to ask again), `keep_care` (to ask that care which runs goes on meanwhile),
    `renew` (to have an approval renewed before it ends) or `answer_due` (the other side has to answer).
    `readings` are the ways of counting that may apply, the one that gives `date` first;
    `counted_from` and `other_readings` say the same in words.
    """

    id: str
    kind: Literal["file", "keep_care", "renew", "answer_due"] = "file"
    urgent: bool = False
    date: dt.date
    act_by: dt.date
    readings: tuple[DeadlineReading, ...]
    counted_from: str
    text: str
    passed: bool = False
    cautious: bool = False  # a short day to be safe; `readings` hold the longer ones
    # Whose levels of appeal it belongs to, where only the letter tells which of several run.
    appeal_process: str | None = None
    came: str | None = None  # and how that letter came, as `from your Medicare drug plan`
    # Why the day to act by lies before the last day: a key of the phrases under `deadline`.
    earlier_because: Literal["weekend", "arrival", "urgent"] | None = None
    # Of care that is to be kept: how to ask, or what is left once the day has passed.
    says: str | None = None
    source: str | None = None
    confidence: Confidence | None = None
    other_readings: tuple[str, ...] = ()


class AppealShown(ResultPart):
    """What the law says of one level of appeal. `appeal process` and `level` are ids of its record."""

    appeal_process: str
    level: str
    program: str | None = None
    how_to_start: str
    keeps_benefits: str | None = None
    before_you_start: str | None = None
    source: str


class AlternativeShown(ResultPart):
    """Another way to satisfy the same path (another indication, set of criteria or level of appeal)."""

    id: str
    text: str
    outlook: Outlook
    criteria: tuple[CriterionShown, ...] = ()
    appeal: AppealShown | None = None
    deadlines: tuple[DeadlineShown, ...] = ()  # of the appeal alone


class Change(ResultPart):
    change: str
    to: Outlook
    edits: tuple[str, ...] = ()  # ids of the facts that the change touches


class Sentence(ResultPart):
    """One sentence of a reason, with the answers and the rule that it rests on."""

    text: str
    because: tuple[str, ...] = ()
    source: str | None = None


class PathShown(ResultPart):
    """One way to get or to pay for a treatment.

    `next_steps` come in the order in which they are to be read; `first_step` is the id of the
    first. `contingent`: it opens only once a plan says no, and nobody has said that one did.
    `fit` stands on ways to pay and help, where an outlook would say too much; `saves` is what the
    person saves in a first year against paying all of it, lowest and highest, in US dollars.
    """

    id: str
    coverage: int | None = None
    treatment: str
    route: Route
    role: Role
    name: str
    outlook: Outlook
    fit: Fit | None = None
    saves: Amounts | None = None
    reason: str
    reasons: tuple[Sentence, ...] = ()
    doubts: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()  # the kinds of the doubts
    contingent: bool = False
    criteria: tuple[CriterionShown, ...] = ()
    alternatives: tuple[AlternativeShown, ...] = ()
    expects: tuple[str, ...] = ()
    benefit: str | None = None
    authorization: str | None = None  # how long a first approval lasts
    renewal: str | None = None  # how long a renewal does, and what it asks for
    quantity_limit: str | None = None
    codes: tuple[str, ...] = ()
    bill: str = ""  # the same codes with their units, as a letter bears them
    law: str | None = None
    first_step: str | None = None
    next_steps: tuple[StepShown, ...] = ()
    documents: tuple[str, ...] = ()
    deadlines: tuple[DeadlineShown, ...] = ()
    appeal: AppealShown | None = None  # of the level of appeal that this path is
    answer_times: tuple[Sentence, ...] = ()  # how fast the other side must answer
    cost_note: str | None = None
    pitfalls: tuple[str, ...] = ()
    would_change: tuple[Change, ...] = ()
    laws: tuple[Sentence, ...] = ()  # what the state's own law says, where it may reach the plan
    in_your_state: tuple[Sentence, ...] = ()  # how a way for a person differs in the state
    rates: tuple[str, ...] = ()
    sources: tuple[SourceShown, ...] = ()
    record: str | None = None  # the record that made this path
    program: str | None = None  # the programme under which it was found

    @property
    def deadlines_ahead(self) -> tuple[DeadlineShown, ...]:
        """Its last days that have not passed."""
        return tuple(d for d in self.deadlines if not d.passed)

    @property
    def next_step(self) -> StepShown | None:
        """The first step; None where there is nothing to do."""
        return next(iter(self.next_steps), None)


class RuleShown(ResultPart):
    """The one rule that speaks: its record, the payer's own title and number of it, and how sure."""

    record: str
    title: str | None = None
    number: str | None = None
    date: str | None = None  # as the source gives it: a year, a month or a day
    confidence: Confidence
    seen: bool = True
    source: str


class PointShown(ResultPart):
    """One point of a rule: what it asks, and what this person has (None: nobody has said)."""

    id: str
    asks: str
    has: str | None = None
    value: Value
    because: tuple[str, ...] = ()
    source: str | None = None


class UnlessShown(ResultPart):
    """Another rule of the same payer, which speaks if something were otherwise than was told."""

    when: str
    record: str
    outlook: Outlook


class IfNoShown(ResultPart):
    """What stands open after a no: the first level of appeal, its days, and its fast track."""

    path: str | None = None
    within_days: int | None = None
    by: dt.date | None = None
    fast: str | None = None
    text: str


class AnswerCost(ResultPart):
    """What is left to pay, lowest and highest, in US dollars; None where no sum can be given."""

    first_course: Amounts | None = None
    first_year: Amounts | None = None
    why: str


class AnswerShown(ResultPart):
    """Will this coverage pay for this treatment? Why, what next, and what if it says no.

    `coverage` is None where the person has no insurance. `deciding` are ids of `points`, unmet
    before unknown. `assumes` says what was taken for granted where it was not told.
    """

    coverage: int | None = None
    position: str | None = None
    treatment: str
    asked_for: bool
    outlook: Outlook
    path: str | None  # None: too little is known of this coverage
    sentence: str
    rule: RuleShown | None = None
    points: tuple[PointShown, ...] = ()
    deciding: tuple[str, ...] = ()
    unless: tuple[UnlessShown, ...] = ()
    assumes: tuple[str, ...] = ()
    next_steps: tuple[StepShown, ...] = ()
    if_no: IfNoShown | None = None
    cost: AnswerCost | None = None

    @property
    def deciding_points(self) -> tuple[PointShown, ...]:
        """The points on which it hangs, in the order of `deciding`."""
        by_id = {p.id: p for p in self.points}
        return tuple(by_id[i] for i in self.deciding if i in by_id)


class WindowShown(ResultPart):
    """A time in which something can be done: enrollment, a rule that ends, a plan that begins.

    `opens` None: it is open already; `closes` None: its end is not known. `paths` rest on it.
    """

    id: str
    opens: dt.date | None = None
    closes: dt.date | None = None
    text: str
    paths: tuple[str, ...] = ()
    source: str


class CostInShort(ResultPart):
    """The cheapest way that is open, what it costs, and the numbers that narrow it most.

    `path`: its first path; None where it is paying all of it oneself. `ask`: ids of assumptions.
    """

    path: str | None
    way: str
    first_course: Amounts | None = None
    first_year: Amounts | None = None
    later_year: Amounts | None = None
    ask: tuple[str, ...] = ()
    text: tuple[str, ...] = ()


class CostsShown(ResultPart):
    """What each open path costs, by path id, and the numbers without which a sum is wide or missing."""

    in_short: CostInShort | None = None
    first_course: dict[str, Amounts] = {}
    first_year: dict[str, Amounts] = {}
    missing: tuple[str, ...] = ()
    first_ways: tuple[str, ...] = ()  # ids of the ways to pay to show first, in order


class QuestionShown(ResultPart):
    """An answer that is open. `tier`: it can change an answer, make one surer, or matters only
    for other ways to pay and for sums.
    """

    field: str
    tier: Tier = "answer"
    asks: str | None = None
    why: str | None = None
    matters_for: tuple[str, ...] = ()
    how_to_find_out: str


class TrialShown(ResultPart):
    """Whether one tried treatment counts as a failed trial (None: not known), and why.

    `why` is a key of words; `weeks` and `dose` (in `unit` a day) are what is asked for.
    """

    counts: bool | None
    why: str
    weeks: int | None = None
    dose: float | None = None
    unit: str | None = None


class TrialsShown(ResultPart):
    """How the plan in view counts trials, and how each treatment of the case counts by that.

    `coverage` is the cover whose rule it is; None: no rule in view counts trials, the stated
    default is taken. `dose` is the one that a trial must have reached, where the rule says.
    `treatments` stand in the order of the case.
    """

    coverage: int | None = None
    source: str | None = None
    weeks: int | None = None
    dose: Literal["minimum_effective", "maximum_tolerated"] | None = None
    treatments: tuple[TrialShown, ...] = ()


class Result(ResultPart):
    """What the rules say of one case on one day.

    `answers` stand in the order in which the coverages pay, the treatment asked for first; `best`
    is the path of the leading one. `paths` come in the order in which they are to be read, the
    leading one first. `this_week` are the three acts to begin with.
    """

    today: dt.date
    rules_version: str
    safety: tuple[SafetyNote, ...] = ()
    payer_order: tuple[PayerPosition, ...] = ()
    answers: tuple[AnswerShown, ...] = ()
    this_week: tuple[StepShown, ...] = ()
    windows: tuple[WindowShown, ...] = ()
    paths: tuple[PathShown, ...] = ()
    best: str | None = None  # id of the path to put first before a person
    # What to do first: a step of the leading path, or what stands before any.
    first_act: str | None = None
    questions: tuple[QuestionShown, ...] = ()
    trials: TrialsShown = TrialsShown()
    notes: tuple[Sentence, ...] = ()
    costs: CostsShown = CostsShown()

    @property
    def leading(self) -> AnswerShown | None:
        """The leading answer; None where there is none."""
        if self.best is None:
            return None
        return next((a for a in self.answers if a.path == self.best), None)

    @property
    def best_path(self) -> PathShown | None:
        """The leading path; None where no path may lead."""
        return self.path_of(self.best)

    def path_of(self, ident: str | None) -> PathShown | None:
        """The path with this id; None where there is none."""
        return next((p for p in self.paths if p.id == ident), None)

    def days_ahead(self) -> Iterator[tuple[PathShown, DeadlineShown]]:
        """The last days of open paths that have not passed, in the order of the paths."""
        for path in self.paths:
            if path.outlook != "closed":
                yield from ((path, d) for d in path.deadlines_ahead)
