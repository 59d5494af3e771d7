"""Papers, eligibility, published rates, questions, and the fact dictionary."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from rules.vocabulary import DenialReason

from .base import Cited, DocumentId, InState, Period, Record, Slug, Statement, Words
from .conditions import Condition


class PaperField(Record):
    """Something that a paper must hold, or a line of it."""

    id: Slug = Field(description="The field's own name, once in its paper.")
    kind: Literal["hold", "enclose", "ask", "ask_after_denial", "say"] = Field(
        default="hold",
        description="`hold`: to be filled in. `enclose`: goes with the paper. `ask`: a question of a call, "
        "`ask_after_denial` only where a plan has said no. `say`: a talking point of a call.",
    )
    name: Words = Field(description="What has to stand there.")
    required: bool = Field(description="Whether the paper is of no use without it.")
    filled_by: Literal["patient", "clinician", "staff", "plan", "case"] = Field(
        description="Who fills it in; `case`: it comes from the answers."
    )
    hint: Words | None = Field(default=None, description="Where to find it, or how to write it.")
    when: Condition | None = Field(
        default=None, description="Told only where this holds or may hold. Left out: always."
    )


class DocumentFact(Statement):
    """A fact that goes with a paper."""

    kind: Literal[
        "read", "reason_code", "remark_code", "group_code", "next_step", "published_guide"
    ] = Field(
        default="read",
        description="Where it is told. `read`: in the paper. `reason_code`, `remark_code`, `group_code`: a row of a "
        "code table, the code and its category in `value`. `next_step`: what to do about a denial of the `category`. "
        "`published_guide`: what articles for patients say of the paper; in the rule book only.",
    )
    category: Slug | None = Field(
        default=None, description="The category of denials that a `next_step` is for."
    )
    reason: DenialReason | None = Field(
        default=None, description="The reason of a denial that a code stands for. Left out: none."
    )
    when: Condition | None = Field(
        default=None, description="For whom it is so: it must surely hold. Left out: for everybody."
    )


class Document(Cited):
    """A paper: a letter, a form, a sheet. What it is for, who makes it, what it must hold."""

    id: Slug = Field(description="The paper's own name: that of its file.")
    name: Words = Field(description="The name as people know it.")
    group: Slug = Field(description="The group under which it is listed.")
    purpose: Words = Field(description="What it is for, in a sentence.")
    use_when: Words = Field(description="When to use it, in a sentence.")
    applies_when: Condition | None = Field(
        default=None, description="For whom it is offered. Left out: for everybody."
    )
    says_when: Condition | None = Field(
        default=None,
        description="For whom its address, its time and its facts are so. Where this surely does not hold they are "
        "left out, and the level of appeal speaks for itself.",
    )
    prepared_by: Words = Field(description="Who writes it.")
    signed_by: Words | None = Field(default=None, description="Who signs it. Left out: nobody.")
    send_to: Words | None = Field(default=None, description="Where it goes.")
    timing: Words | None = Field(default=None, description="By when it has to be there.")
    fields: tuple[PaperField, ...] = Field(default=(), description="What it must hold.")
    attachments: tuple[DocumentId, ...] = Field(
        default=(), description="Papers that go with it, by the names of their files in documents/."
    )
    facts: tuple[DocumentFact, ...] = Field(default=(), description="What to know about it.")
    pitfalls: tuple[Words, ...] = Field(
        default=(), description="Mistakes that are often made with it."
    )
    see_also: tuple[DocumentId, ...] = Field(
        default=(), description="Papers that may be the right ones instead."
    )


class PovertyGuideline(Cited):
    """The federal poverty guideline of a year."""

    year: int = Field(description="The year of the guideline.")
    in_force: Period = Field(description="When programs count by it.")
    region: Literal["contiguous", "alaska", "hawaii"] = Field(
        description="`contiguous`: the 48 states and DC."
    )
    first_person: int = Field(description="US dollars a year for one person.")
    each_additional: int = Field(description="US dollars a year for each further person.")


class Eligibility(Record):
    """Who may get public coverage: what holds in the whole country."""

    poverty_guidelines: tuple[PovertyGuideline, ...] = Field(
        description="The poverty guidelines by year and region."
    )
    facts: tuple[Statement, ...] = Field(
        default=(), description="Limits and rules; some are read by their ids, so none is renamed."
    )


class Rate(Cited):
    """A published outcome rate, with n where it was given. Never a person's own chance."""

    id: Slug = Field(description="The rate's own name.")
    says: Words = Field(description="The rate in a plain sentence that says of whom it speaks.")
    about: Words = Field(description="What was counted.")
    value: Any = Field(description="The rate as published: a share, a number or a range.")
    n: int | None = Field(
        default=None, description="How many cases it rests on. Left out: not given."
    )
    states: tuple[InState, ...] = Field(
        default=(), description="It was counted in these states, as TX. Left out: not bound to any."
    )
    shown_for_routes: tuple[Slug, ...] = Field(
        default=(),
        description="The kinds of path on which it is shown. Left out: in the rule book only.",
    )


class Choice(Record):
    """One answer that a person may choose."""

    value: Any = Field(description="The answer as a case holds it.")
    label: Words = Field(description="The answer as a person reads it.")
    label_intake: Words | None = Field(
        default=None,
        description="The same as clinic staff read it, of the patient. Left out: as the person reads it.",
    )
    help: Words | None = Field(default=None, description="What it means, in a sentence.")


class Question(Record):
    """One question: the form, the spreadsheet column, the schema's help and the words share it."""

    id: Slug = Field(description="The question's own name.")
    field: str = Field(
        description="The field of a case that it fills, as `age`; `coverages[].network` for a coverage."
    )
    column: str | None = Field(
        default=None, description="Name of the column in a table of people. Left out: none."
    )
    section: Literal["you", "treatment", "cover", "tried", "stands", "money"] = Field(
        description="Where in the interview it stands."
    )
    kind: Literal[
        "one",
        "many",
        "yes_no",
        "whole_number",
        "money",
        "percent",
        "date",
        "month",
        "state",
        "payer",
        "number",
        "codes",
        "treatments",
        "scores",
        "cover",
    ] = Field(
        description="How it is answered; `one` and `many` choose from `choices`, `cover` names an insurance of the case."
    )
    asks: Words = Field(description="The question as a person reads it. At most grade 8.")
    asks_intake: Words | None = Field(
        default=None, description="A shorter wording for staff. Left out: the same."
    )
    why: Words = Field(description="Why it is asked, in a sentence.")
    how_to_find_out: Words = Field(description="Where the answer stands or who knows it.")
    choices: tuple[Choice, ...] = Field(default=(), description="The answers to choose from.")
    low: float | None = Field(default=None, description="The least number that can be true.")
    high: float | None = Field(default=None, description="The greatest number that can be true.")
    unit: str | None = Field(default=None, description="What a number is counted in.")
    ask_when: Condition | None = Field(
        default=None, description="Asked only where this holds or may hold. Left out: always."
    )
    only_when_sure: bool = Field(
        default=False,
        description="true: not asked while `ask_when` is open. Who knows of no letter has no day of it.",
    )
    synonyms: dict[str, Any] = Field(
        default={},
        description="What people write -> the value. A word that says more or less than one answer is a mapping: "
        "fields of the same part of the case -> values, `tell` (what it leaves open) and `nearest`.",
    )
    column_synonyms: tuple[str, ...] = Field(
        default=(), description="Other names of the column in people's tables."
    )
    sensitive: bool = Field(
        default=False, description="true: the answer is shown and passed on with care."
    )
    self_known: bool = Field(
        default=False,
        description="true: whoever is asked knows it, so the form shows no help on finding it out.",
    )
    tier: Literal["answer", "surer", "ways"] | None = Field(
        default=None,
        description="No screen comes for this question alone, even where its answer can change an answer: what few "
        "people have to be asked. `surer`: it is offered to make an answer surer. `ways`: beside other ways to pay, and "
        "sums. Left out: the walk leads to it wherever its answer can change an answer.",
    )
    answer_when: Condition | None = Field(
        default=None, description="Where this holds, a screen comes all the same."
    )


class FactDefinition(Record):
    """A fact that conditions may read, with the words beside it."""

    id: Slug = Field(description="The fact's own name, by which conditions read it.")
    name: Words = Field(description="The name as people know it.")
    kind: Literal["number", "yes_no", "word", "words", "date"] = Field(
        description="What it is, which says what operators may stand beside it. A number needs `unit`."
    )
    unit: str | None = Field(
        default=None, description="What a number is counted in; each threshold repeats it."
    )
    fields: tuple[str, ...] = Field(description="The case fields that it is computed from.")
    changeable: bool = Field(default=False, description="true: a person can still bring it about.")
    says_at_least: Words | None = Field(
        default=None, description="The sentence for `at_least` and `above`; {value} is the number."
    )
    says_at_least_one: Words | None = Field(
        default=None, description="The same sentence where the number is one."
    )
    says_at_most: Words | None = Field(
        default=None, description="The sentence for `at_most` and `below`; {value} is the number."
    )
    says_yes: Words | None = Field(default=None, description="The sentence for `is: true`.")
    says_no: Words | None = Field(default=None, description="The sentence for `is: false`.")
    says_one_of: Words | None = Field(
        default=None, description="The sentence for words; {value} lists them."
    )
    to_do: Words | None = Field(
        default=None, description="What to do where it is not met. Left out: nothing can be done."
    )
    find_out: Words = Field(description="What to do where it is not known.")
    documents: tuple[DocumentId, ...] = Field(
        default=(), description="Papers that show it, by the names of their files in documents/."
    )
