"""Up to which income a state gives public coverage, and where its people buy coverage."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from .base import REMARKS, Cited, Period, Record, Words


class BasicHealth(Record):
    """A Basic Health Program: it takes the place of the tax credit up to this income."""

    to_percent: float = Field(description="Percent of the poverty guideline.")
    in_force: Period = Field(default=Period(), description="When it holds. Left out: always.")


class LimitOnTerms(Record):
    """A limit that holds only for people who meet terms that a case does not tell."""

    percent: float = Field(description="Percent of the poverty guideline.")
    terms: Words = Field(description="The terms, in a plain sentence.")
    in_force: Period = Field(default=Period(), description="When it holds. Left out: always.")


PERCENT = "percent of the poverty guideline. Left out: not published or not found."


class IncomeLimits(Cited):
    """Up to which income people get Medicaid or help with a plan."""

    expansion: bool | None = Field(
        default=None,
        description="Whether adults get Medicaid by income alone. Left out: not known.",
    )
    adult_percent: float | None = Field(default=None, description="For adults, " + PERCENT)
    adult_on_terms: LimitOnTerms | None = Field(
        default=None, description="A limit for adults who meet further terms."
    )
    parent_percent: float | None = Field(
        default=None, description="For parents of children at home, " + PERCENT
    )
    basic_health: BasicHealth | None = Field(
        default=None, description="The state's Basic Health Program. Left out: it has none."
    )
    coverage_gap: bool | None = Field(
        default=None,
        description="true: people below the guideline may get neither Medicaid nor a tax credit.",
    )
    children_percent: float | None = Field(default=None, description="For children, " + PERCENT)
    pregnancy_percent: float | None = Field(default=None, description="In pregnancy, " + PERCENT)
    ssi_medicaid: str | None = Field(
        default=None, description="Whether SSI brings Medicaid by itself, as the state is classed."
    )
    aged_disabled_percent: float | None = Field(
        default=None, description="For people of 65 or more or with a disability, " + PERCENT
    )
    aged_disabled_year: int | None = Field(default=None, description="The year of that limit.")
    medically_needy: str | None = Field(
        default=None, description="Whether one may spend down to a limit, as the state is classed."
    )
    medically_needy_usd_month: float | None = Field(
        default=None,
        description="The limit to spend down to, in US dollars a month for one person.",
    )
    medically_needy_year: int | None = Field(default=None, description="The year of that limit.")
    poverty_region: Literal["contiguous", "alaska", "hawaii", "territory"] = Field(
        description="Which poverty guideline counts here."
    )
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)


class Exchange(Cited):
    """Where people of this state buy Marketplace coverage."""

    name: Words = Field(description="The Marketplace's name.")
    platform: Literal["healthcare_gov", "state", "none"] = Field(
        description="Who runs its website."
    )
    url: str | None = Field(default=None, description="Its address, beginning with https://.")
    phone: str | None = Field(default=None, description="As 800-318-2596.")
    open_enrollment_start: dt.date | None = Field(
        default=None,
        description="The first day of open enrollment. Left out: as in the whole country.",
    )
    open_enrollment_end: dt.date | None = Field(
        default=None,
        description="The last day of open enrollment. Left out: as in the whole country.",
    )
    conservative_days_by: dt.date | None = Field(
        default=None, description="The cautious day where sources disagree on the last one."
    )
    remarks: tuple[Words, ...] = Field(default=(), description=REMARKS)
