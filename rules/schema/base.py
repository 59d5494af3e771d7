"""What every record shares: strictness, names, dates, durations, citations."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from rules.vocabulary import Confidence

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=90)]
SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=45)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=1200, strip_whitespace=True)]
StateCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


# A number as it stands in a record: never yes, never a text, never below nothing.
Limit = Annotated[float, Field(ge=0, strict=True)]
Amount = Annotated[int, Field(ge=1, strict=True)]


def _partial_date(text: str) -> str:
    """Accept `2026`, `2026-07` or `2026-07-15`: sources often give no more than a year."""
    parts = text.split("-")
    if len(parts) > 3 or not all(p.isdigit() for p in parts):
        raise ValueError("a date is written 2026, 2026-07 or 2026-07-15")
    year, month, day = (int(p) for p in (*parts, "1", "1")[:3])
    if not 1900 <= year <= 2100:
        raise ValueError("the year is nonsense")
    dt.date(year, month, day)
    return text


PartialDate = Annotated[
    str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"), AfterValidator(_partial_date)
]


def lies_ahead(date: str, today: dt.date) -> bool:
    """Whether a partial date comes after today, as far as it tells: `2026` does not in all of 2026."""
    return date > today.isoformat()[: len(date)]


class Record(BaseModel):
    """A strict, frozen record: an unknown key is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Period(Record):
    """When something is in force; both ends included; an open end is left out."""

    start: dt.date | None = Field(default=None, alias="from")
    end: dt.date | None = Field(default=None, alias="to")

    def holds_on(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Duration(Record):
    """A length of time with its unit, or the reason why there is no number."""

    number: Amount | None = None
    unit: str | None = (
        None  # hours, days, working_days, business_days, weeks, months, years, visits
    )
    note: Words | None = None


class Cited(Record):
    """A fact with its provenance.

    `as_of` is the date that the source speaks for (None: the source is undated);
    `seen` is False where the document was not read or the line itself was not visible.
    """

    source: Slug
    also: tuple[Slug, ...] = ()
    as_of: PartialDate | None = None
    confidence: Confidence
    seen: bool = True
    review_by: dt.date | None = None
    note: Words | None = None


class Fact(Cited):
    """One thing that is so, in a plain sentence; a number stands in `value` with its `unit`."""

    id: Slug
    says: Words
    value: Any = None
    unit: str | None = None
    in_force: Period | None = None


SourceKind = Literal[
    "statute",
    "regulation",
    "court",
    "agency",  # of the United States
    "state_agency",
    "payer",
    "label",
    "guideline",
    "journal",
    "news",
    "company",
    "organization",
    "public_data",
    "other",  # names no publication: a contract, "state law"
]


class Source(Record):
    """A publication. `url` is None where only the citation is known (nobody has seen the page).

    Its id says who, on what, and of which year where it tells; its kind names the file it stands in.
    """

    id: SourceId
    title: Words
    publisher: Words | None = None
    url: str | None = None
    kind: SourceKind
    checked: dt.date
    review_by: dt.date
