"""What every record shares: strictness, names, dates, durations, citations."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from rules.vocabulary import Confidence

SLUG_PATTERN = r"^[a-z0-9][a-z0-9_]*$"
STATE_PATTERN = r"^[A-Z]{2}$"
DATE_PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=90)]
LONGEST_TEXT = 1200  # characters
REMARKS = "What else to know, one sentence each, as a person reads it."
Words = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, strip_whitespace=True)
]
StateCode = Annotated[str, StringConstraints(pattern=STATE_PATTERN)]

NAMES = "x-names"  # in a schema: of which kind of record it is the id


def _names(kind: str) -> WithJsonSchema:
    """Marks an id of another record; the exported schema lists those that there are."""
    return WithJsonSchema({"type": "string", NAMES: kind})


SourceId = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=45), _names("source")]
SourceOwnId = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=45)]
FactId = Annotated[Slug, _names("fact")]
DocumentId = Annotated[Slug, _names("document")]
PayerId = Annotated[Slug, _names("payer")]
ProgramId = Annotated[Slug, _names("program")]
AppealId = Annotated[Slug, _names("appeal")]
TreatmentId = Annotated[Slug, _names("treatment")]
BillingCode = Annotated[str, _names("code")]
InState = Annotated[StateCode, _names("state")]


# A number as it stands in a record: never yes, never a text, never below nothing.
Limit = Annotated[float, Field(ge=0, strict=True)]
Amount = Annotated[int, Field(ge=1, strict=True)]


def _partial_date(text: str) -> str:
    """Accept `2026`, `2026-07` or `2026-07-15`: sources often give no more than a year."""
    year, month, day = (int(p) for p in (*text.split("-"), "1", "1")[:3])
    try:
        dt.date(year, month, day)
        sound = 1900 <= year <= 2100
    except ValueError:
        sound = False
    if not sound:
        raise PydanticCustomError("partial_date", "a date is written 2026, 2026-07 or 2026-07-15")
    return text


PartialDate = Annotated[str, StringConstraints(pattern=DATE_PATTERN), AfterValidator(_partial_date)]


def lies_ahead(date: str, today: dt.date) -> bool:
    """Whether a partial date comes after today, as far as it tells: `2026` does not in all of 2026."""
    return date > today.isoformat()[: len(date)]


class Record(BaseModel):
    """A strict, frozen record: an unknown key is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Period(Record):
    """When something is in force; both ends included; an open end is left out."""

    start: dt.date | None = Field(
        default=None,
        alias="from",
        description="The first day, as 2026-07-01. Left out: since always.",
    )
    end: dt.date | None = Field(
        default=None,
        alias="to",
        description="The last day, as 2026-12-31. Left out: until further notice.",
    )

    def holds_on(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Duration(Record):
    """A length of time with its unit, or the reason why there is no number."""

    number: Amount | None = Field(
        default=None,
        description="How many of `unit`, a whole number from 1. Left out: no single number; say why in `note`.",
    )
    unit: str | None = Field(
        default=None,
        description="What is counted: hours, days, working_days, business_days, weeks, months, years or visits.",
    )
    note: Words | None = Field(
        default=None, description="What a number cannot say: who sets it, or what it depends on."
    )


class Cited(Record):
    """A fact with its provenance."""

    source: SourceId = Field(
        description="Id of the publication in sources/ that says so. Add the publication there first."
    )
    also: tuple[SourceId, ...] = Field(
        default=(),
        description="Ids of further publications that say the same, or disagree as `note` tells.",
    )
    as_of: PartialDate | None = Field(
        default=None,
        description="The date that the source speaks for: 2026, 2026-07 or 2026-07-15. Left out: the source is "
        "undated, which counts as old. Never the day on which you looked.",
    )
    confidence: Confidence = Field(
        description="How sure it is. `sourced`: read in the payer's or agency's own text. `secondary`: read "
        "elsewhere. `recalled`: not read; it can make nothing likely."
    )
    seen: bool = Field(
        default=True,
        description="false: the document was not read, or the line itself was not visible. Left out: it was read.",
    )
    review_by: dt.date | None = Field(
        default=None,
        description="By when somebody has to look again, as 2027-03-01. Left out: when the source is reviewed.",
    )
    note: Words | None = Field(
        default=None,
        description="For whoever corrects the record: what was read, what is doubtful. No rule reads it.",
    )


class Contact(Cited):
    """An office that people can reach. A part that is not known is left out."""

    name: Words = Field(description="The name of the office.")
    phone: str | None = Field(default=None, description="As 800-555-0100.")
    other_phone: str | None = Field(default=None, description="A second number.")
    url: str | None = Field(default=None, description="Its address, beginning with https://.")
    email: str | None = Field(default=None, description="Its email address.")


class Statement(Cited):
    """One thing that is so, in a plain sentence; a number stands in `value` with its `unit`."""

    id: Slug = Field(
        description="The fact's own name: small letters, digits and underscores. Never reused."
    )
    says: Words = Field(description="The fact in one or two plain sentences, as a person reads it.")
    in_letters: Words | None = Field(
        default=None,
        description="The same as a clinician writes it, where a clinician's letter says it. Left out: none does.",
    )
    value: Any = Field(
        default=None,
        description="The number or word in it that a rule or a sum may read. Left out: the sentence is all.",
    )
    unit: str | None = Field(
        default=None,
        description="What `value` is counted in, as `days` or `usd`. A number needs it.",
    )
    in_force: Period | None = Field(
        default=None, description="When the fact holds. Left out: always, as far as is known."
    )


SourceKind = Literal[
    "statute",
    "regulation",
    "court",
    "agency",
    "state_agency",
    "payer",
    "label",
    "guideline",
    "journal",
    "news",
    "company",
    "organization",
    "public_data",
    "other",
]


class Source(Record):
    """A publication that facts and rules are read from."""

    id: SourceOwnId = Field(
        description="The source's own name, by which every record cites it: who says it, on what, and of which year, "
        "as aetna_esketamine_2026."
    )
    title: Words = Field(description="The title as the publication gives it.")
    publisher: Words | None = Field(
        default=None, description="Who publishes it. Left out: not stated."
    )
    url: str | None = Field(
        default=None,
        description="Its address, beginning with https://. Left out: only the citation is known.",
    )
    kind: SourceKind = Field(
        description="What it is: the name of the file that it stands in. `agency`: of the United States. `other`: "
        "names no publication, as a contract."
    )
    checked: dt.date = Field(description="The day on which somebody last looked, as 2026-11-28.")
    review_by: dt.date = Field(description="By when somebody has to look again, as 2027-05-28.")
