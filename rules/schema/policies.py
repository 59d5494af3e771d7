"""What payers and programs say of a treatment."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from rules.vocabulary import (
    CoverageKind,
    Diagnosis,
    DiagnosisGroup,
    Line,
    Position,
    Route,
    StepContact,
    StepStage,
    Treatment,
)

from .base import (
    Amount,
    AppealId,
    BillingCode,
    Cited,
    Contact,
    DocumentId,
    Duration,
    InState,
    PayerId,
    Period,
    Record,
    Slug,
    SourceId,
    StateCode,
    Statement,
    TreatmentId,
    Words,
)
from .conditions import Condition, Criterion


def _pairs(value: object) -> object:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


# Written as a mapping in a record ({CT: 4}), kept as pairs so that a standard can be a key.
StateWeeks = Annotated[
    tuple[tuple[StateCode, int], ...],
    BeforeValidator(_pairs),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "integer"}}),
]


COUNTS = "`counts` or `does_not_count`. Left out: the policy does not say."


class TrialStandard(Record):
    """How a policy counts a failed trial. A field left out is not stated by the policy."""

    min_weeks: Amount | None = Field(
        default=None, description="Whole weeks that a trial must last. Left out: not stated."
    )
    dose: Literal["minimum_effective", "maximum_tolerated"] | None = Field(
        default=None, description="The dose that a trial must have reached. Left out: not stated."
    )
    current_episode: bool | None = Field(
        default=None,
        description="true: only trials of the present low period count. Left out: not stated.",
    )
    open_from_weeks: int | None = Field(
        default=None,
        ge=0,
        description="From this many weeks up to `min_weeks` a trial may count: sources disagree or leave it open.",
    )
    intolerance: Literal["counts", "does_not_count"] | None = Field(
        default=None, description="A trial that was stopped for side effects: " + COUNTS
    )
    contraindicated: Literal["counts", "does_not_count"] | None = Field(
        default=None, description="A medicine that was never safe to take: " + COUNTS
    )
    partial_response: Literal["counts", "does_not_count"] | None = Field(
        default=None, description="A trial that helped in part: " + COUNTS
    )
    partial_min_weeks: Amount | None = Field(
        default=None,
        description="Weeks that a trial which helped in part needs, where more than `min_weeks`.",
    )
    lookback_years: Amount | None = Field(
        default=None,
        description="Only trials of the last so many years count. Left out: no such limit.",
    )
    add_on_min_weeks: Amount | None = Field(
        default=None,
        description="Weeks of an add-on medicine, where other than `min_weeks`.",
    )
    add_ons: tuple[TreatmentId, ...] = Field(
        default=(),
        description="The only add-on medicines that count, by their ids in treatments.yaml. Left out: any.",
    )
    by_state: StateWeeks = Field(
        default=(),
        description="Weeks (in place of `min_weeks`) where the contract is issued in a state, as `{CT: 4}`.",
    )


Family = Literal[
    "medicare",
    "medicaid",
    "veterans",
    "military",
    "federal_employee",
    "tribal",
    "private",
    "not_insurance",
    "injury",
]

NO_STANDARD = TrialStandard()  # says nothing of how trials count


class Alternative(Record):
    """One of several ways to satisfy a policy: all of its criteria."""

    id: Slug = Field(description="The alternative's own name, once in its policy.")
    says: Words | None = Field(default=None, description="What this way asks for, in a sentence.")
    criteria: tuple[Criterion, ...] = Field(description="What must hold for this way, all of it.")


class ApprovalPeriod(Record):
    """How long an approval lasts and what the renewal asks for."""

    first: Duration | None = Field(default=None, description="How long the first approval lasts.")
    renewal: Duration | None = Field(default=None, description="How long a renewal lasts.")
    renewal_needs: Words | None = Field(
        default=None, description="What the plan asks to see for a renewal, in a sentence."
    )


class SaysWhen(Record):
    """Other words for whom a condition surely holds."""

    when: Condition = Field(description="For whom they are said: it must surely hold.")
    says: Words = Field(description="What is said in place of the step's own words.")


class SaysUntil(Record):
    """Other words where the day on which the coverage began is known."""

    days_from_start: Amount = Field(description="Days after the coverage began.")
    says: Words = Field(
        description="What is said in place of the step's own words; {date} is the day so many days on."
    )


class StepRecord(Record):
    """Something to do, or to find out first."""

    id: Slug = Field(description="The step's own name.")
    kind: Literal["do", "find_out"] = Field(
        default="do", description="`do`: something to do. `find_out`: something to find out first."
    )
    says: Words = Field(
        description="What to do, as a sentence that begins with a verb. At most grade 8."
    )
    says_by_rule: Words | None = Field(
        default=None,
        description="Said in its place where a rule of the payer is known. {payer}, {rule} and {treatment} are filled.",
    )
    says_when: SaysWhen | None = Field(
        default=None, description="Other words for some people. Left out: the same words for all."
    )
    says_until: SaysUntil | None = Field(
        default=None,
        description="Words with a day that counts from the start of the coverage. Left out: there is none.",
    )
    leads: bool = Field(
        default=False,
        description="true: told before the steps of every stage, where it surely concerns the person.",
    )
    who: Literal["patient", "clinic", "prescriber", "counselor"] = Field(description="Who does it.")
    stage: StepStage = Field(
        description="Where it stands in the order of steps, from `safety` to `help`."
    )
    contact: StepContact | None = Field(
        default=None,
        description="Whom it calls; the name, phone and address come from their record. `plan`: the number on the "
        "insurance card. `overseer`: who takes complaints about the plan. `outside_review`: who takes the "
        "request for the state's outside review. `office`: that of the way itself. "
        "Left out: nobody whom a record knows.",
    )
    documents: tuple[DocumentId, ...] = Field(
        default=(), description="Papers that it needs, by the names of their files in documents/."
    )
    meets_deadline: bool = Field(
        default=False, description="true: doing it is what the path's last day is for."
    )
    done_when: Words | None = Field(default=None, description="How one knows that it is done.")
    if_it_fails: Words | None = Field(
        default=None, description="What to do where it does not work."
    )
    names_law: Literal["network_gap"] | None = Field(
        default=None,
        description="Which law of the state it names, where that reaches the plan. Left out: none.",
    )
    when: Condition | None = Field(
        default=None, description="Told only where this holds or may hold. Left out: always."
    )
    source: SourceId | None = Field(
        default=None,
        description="Id of the source of this step. Left out: that of what it belongs to.",
    )


class Policy(Cited):
    """A payer's or program's position on one treatment for some diagnoses.

    `criteria` must all hold and, where `alternatives` are given, those of at least one of them.
    A policy that covers but lists no criteria is a placeholder: nobody has seen its criteria.
    """

    id: Slug = Field(description="The policy's own name, once in all records. Never reused.")
    treatment: Treatment = Field(description="The one treatment that it speaks of.")
    indications: tuple[Diagnosis | DiagnosisGroup, ...] = Field(
        description="The diagnoses (or groups of them) that it speaks of; `any`: whatever the diagnosis."
    )
    position: Position = Field(
        description="What the text says. `covered`: no criteria stated. `covered_with_criteria`. `depends_on_plan`: "
        "plans, states or facilities differ. `silent`: no rule, or case by case; silence is not a no. `unproven`: "
        "called experimental. `excluded`: the contract or a law names it as not covered."
    )
    lines_of_business: tuple[Line, ...] = Field(
        default=(),
        description="The lines of business that it is written for. A payer's policy needs at least one.",
    )
    states: tuple[InState, ...] = Field(
        default=(), description="Only for contracts of these states, as TX. Left out: everywhere."
    )
    title: Words | None = Field(default=None, description="The title of the policy document.")
    number: Words | None = Field(
        default=None, description="The payer's number of it, in quotes, as '0938'."
    )
    route: Route | None = Field(
        default=None, description="How one asks under it. Left out: it follows from the position."
    )
    prior_authorization: bool | None = Field(
        default=None, description="Whether the plan must approve it first. Left out: not stated."
    )
    benefit: Literal["medical", "pharmacy", "either"] | None = Field(
        default=None, description="The benefit that pays. Left out: not stated."
    )
    in_force: Period = Field(
        default=Period(),
        description="When the text holds. Keep the old policy with its last day when a new one begins.",
    )
    current_label: bool | None = Field(
        default=None,
        description="true: it follows the label of January 2025 (use without a tablet beside it). Left out: not stated.",
    )
    trial: TrialStandard = Field(
        default=NO_STANDARD, description="How it counts a failed trial. Left out: not stated."
    )
    criteria: tuple[Criterion, ...] = Field(
        default=(),
        description="What it asks for, all of it. Left out though it covers: nobody has seen the criteria.",
    )
    alternatives: tuple[Alternative, ...] = Field(
        default=(), description="Bundles of criteria of which one must hold, beside `criteria`."
    )
    documentation_required: tuple[Words, ...] = Field(
        default=(),
        description="Asked for in the papers, but not something that an answer can settle.",
    )
    not_collected: tuple[Words, ...] = Field(
        default=(),
        description="Conditions of the text that nobody is asked about here. They stay unknown, so the path is never likely.",
    )
    complete: bool = Field(
        default=True, description="false: a part of its conditions could not be read."
    )
    disagreement: Words | None = Field(
        default=None,
        description="Where sources disagree, and how. The careful reading stands in the criteria.",
    )
    authorization: ApprovalPeriod = Field(
        default=ApprovalPeriod(), description="How long an approval lasts. Left out: not stated."
    )
    quantity_limit: Words | None = Field(
        default=None, description="How much the plan pays for, in a sentence. Left out: not stated."
    )
    codes: tuple[BillingCode, ...] = Field(
        default=(), description="Billing codes that the text names, as in codes.yaml."
    )
    says: Words | None = Field(default=None, description="The position in one plain sentence.")
    steps: tuple[StepRecord, ...] = Field(default=(), description="What to do under this policy.")


class Payer(Record):
    """An insurer, administrator or employer benefit, with the policies that were found."""

    id: Slug = Field(description="The payer's own name: that of its file.")
    name: Words = Field(description="The name as people know it.")
    in_sentence: Words | None = Field(
        default=None,
        description="Its name in the middle of a sentence. Left out: the name up to a bracket or a slash.",
    )
    in_letters: Words | None = Field(
        default=None,
        description="The company's name above a letter in the states where it sells, {state} for the state's name. "
        "Left out: the name up to a bracket or a slash.",
    )
    also_called: tuple[str, ...] = Field(
        default=(),
        description="Every other name, brand and short form that people type. No other payer has it.",
    )
    only_alone: tuple[str, ...] = Field(
        default=(), description="Those of its names that mean others in a longer text, as “United”."
    )
    states: tuple[InState, ...] = Field(
        default=(), description="Where it sells, as TX. Left out: in many states, or not stated."
    )
    contact: Contact | None = Field(
        default=None,
        description="Its line for members. Left out: not found, the card has the number.",
    )
    policies: tuple[Policy, ...] = Field(
        default=(), description="What it says, one entry for each treatment and group of diagnoses."
    )
    facts: tuple[Statement, ...] = Field(
        default=(), description="What is known beside its policies. No rule reads it."
    )
    not_found: tuple[Words, ...] = Field(
        default=(), description="What was looked for and not found, one sentence each."
    )

    @property
    def short_name(self) -> str:
        """The name without the brands and owners that stand in brackets or after a slash."""
        return self.name.split(" (")[0].split(" / ")[0]


class OtherAppealProcess(Record):
    """Levels of appeal in place of the usual ones, for the few of whom a condition surely holds."""

    appeal_process: AppealId = Field(
        description="The levels of appeal: the name of a file in appeals/."
    )
    when: Condition = Field(description="For whom: it must surely hold.")


class Notice(Record):
    """The letter with which a program says no, where one coverage has several programs that may."""

    when: Condition = Field(
        description="Whose letter it may be: where this surely fails, another program said no."
    )
    came: Words = Field(
        description="How the letter came, after `If the no came`, as `from your drug plan`."
    )
    sender: Words = Field(
        description="Who said no, in the middle of a sentence, as `your Medicare drug plan`."
    )


class PlanName(Cited):
    """What the name of a plan tells of a coverage: whose plan it is, which kind, what it leaves open.

    A name may stand in several records; one that is bound to states goes before one that is not.
    """

    id: Slug = Field(description="The entry's own name.")
    names: tuple[str, ...] = Field(description="The names of the plan as people write them.")
    payer: PayerId | None = Field(
        default=None,
        description="Whose plan it is: the name of a file in payers/. Left out: the name does not tell.",
    )
    sets: dict[str, Any] = Field(
        default={},
        description="Answers about the coverage that the name gives: field -> value, as `{kind: medicare}`.",
    )
    default_when_unknown: bool = Field(
        default=False,
        description="true: mostly so. It fills what is blank and contradicts nothing.",
    )
    states: tuple[InState, ...] = Field(
        default=(), description="The name means this only in these states. Left out: everywhere."
    )
    not_states: tuple[InState, ...] = Field(
        default=(),
        description="The name means this only where the state is known and is none of these.",
    )
    with_kind: CoverageKind | None = Field(
        default=None, description="The name means this only beside that kind of coverage."
    )
    with_payer: bool = Field(
        default=False, description="true: the name means this only beside the name of an insurer."
    )
    alone: bool = Field(
        default=False, description="true: the name means this only where no other word stands."
    )
    says: Words = Field(description="What the name tells, in a sentence.")
    tell: Words | None = Field(
        default=None,
        description="What whoever wrote the name should know. Left out: nothing is open.",
    )


class Program(Record):
    """A public program or a kind of plan: which law governs it and what it says in general."""

    id: Slug = Field(description="The program's own name: that of its file.")
    name: Words = Field(description="The name as people know it.")
    kinds: tuple[CoverageKind, ...] = Field(
        description="The kinds of coverage for which it speaks. Empty: only beside another."
    )
    applies_when: Condition | None = Field(
        default=None, description="For whom among those kinds. Left out: for all of them."
    )
    family: Family = Field(description="Who stands behind it, as `medicare` or `private`.")
    bills_as: Family | Literal["nobody"] | None = Field(
        default=None,
        description="Whose billing codes a clinic's claim bears, where not those of its family. `nobody`: "
        "no clinic sends it a claim with codes.",
    )
    line_of_business: Line | None = Field(
        default=None, description="Which policies of a payer speak for it. Left out: none do."
    )
    one_payer: bool = Field(
        default=False,
        description="true: one payer runs it, so its rules are that payer's own. Left out: they speak of "
        "many plans or states, and are no evidence of what one of them does.",
    )
    appeal_process: AppealId = Field(
        description="Its levels of appeal: the name of a file in appeals/."
    )
    other_appeal_process: OtherAppealProcess | None = Field(
        default=None,
        description="Other levels of appeal, and for whom. Left out: the same for all.",
    )
    no_appeal_when: Condition | None = Field(
        default=None,
        description="Where this surely holds it has refused nothing, so there is no appeal.",
    )
    notice: Notice | None = Field(
        default=None,
        description="Its letter, where the same coverage has other programs that may say no. Left out: the one no is its own.",
    )
    contact: Contact | None = Field(
        default=None, description="The program's own line. Left out: not found, or the plan's."
    )
    overseer: Contact | None = Field(
        default=None,
        description="Who takes complaints about it, where that is not the state's insurance office.",
    )
    in_letters: Words | None = Field(
        default=None, description="Whom a letter is addressed to. Left out: the name will do."
    )
    state_law: Literal["insurance", "workers_compensation", "auto_insurance", "none"] = Field(
        description="The body of a state's law that governs it. Only `insurance` brings in the insurance office."
    )
    health_plan_law_reaches: Literal["yes", "no", "unclear"] = Field(
        description="Whether the state's laws for health plans (step therapy, outside review, …) speak for it."
    )
    consumer_help: Literal["any", "not_of_insurance_office", "none"] = Field(
        default="none",
        description="Whether the state's free help with health plans takes its members.",
    )
    parity_law_reaches: Literal["yes", "no", "by_contract", "unclear"] = Field(
        description="Whether the parity law for mental health speaks for it."
    )
    external_review: Literal[
        "state_or_federal", "federal", "own_appeal_process", "none", "unclear"
    ] = Field(
        description="Who reviews its final denial; `own_appeal_process`: its own levels of appeal end it."
    )
    manufacturer_savings_allowed: bool | None = Field(
        default=None,
        description="Whether its members may use a maker's savings card. Left out: not known.",
    )
    default_when_unknown: bool = Field(
        default=False,
        description="true: told first where nobody has said which of several programs it is.",
    )
    policies: tuple[Policy, ...] = Field(
        default=(),
        description="What it says in general, for every treatment, where no payer's policy speaks.",
    )
    facts: tuple[Statement, ...] = Field(
        default=(), description="What is known beside its policies. No rule reads it."
    )
    steps: tuple[StepRecord, ...] = Field(
        default=(), description="What to do under any of its policies."
    )
