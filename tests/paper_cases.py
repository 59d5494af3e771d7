"""Made-up people and covers for the tests of papers. Each person’s facts occur nowhere else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from rules.case import Case
from rules.documents import Names, Paper, make_paper, make_worksheet, markdown
from rules.result import Result
from rules.rule_book import Book

TODAY = dt.date(2026, 11, 22)


@dataclass(frozen=True)
class Person:
    """What is told of one person, and the words by which it is found again in a paper."""

    name: str
    member: str
    age: int
    state: str
    state_name: str
    drug: str
    drug_name: str
    dose: int
    weeks: int
    score: int
    scored: str
    scored_words: str
    noticed: str
    noticed_words: str
    price: int

    @property
    def marks(self) -> tuple[str, ...]:
        """Strings that must never stand in the papers of someone else."""
        return (
            self.name,
            self.member,
            self.drug_name,
            self.scored_words,
            self.noticed_words,
            f"${self.price}",
        )


ADA = Person(
    "Ada Quill", "MEM-7731", 42, "TX", "Texas", "paroxetine", "Paroxetine", 47, 11, 19,
    "2026-10-02", "October 2, 2026", "2026-11-01", "November 1, 2026", 537,
)  # fmt: skip
BO = Person(
    "Bo Okonkwo-Grün", "MEM-8842", 57, "NC", "North Carolina", "citalopram", "Citalopram", 33, 13, 23,
    "2026-09-17", "September 17, 2026", "2026-10-20", "October 20, 2026", 611,
)  # fmt: skip
CY = Person(
    "Cy Nakamura", "MEM-9953", 36, "CA", "California", "mirtazapine", "Mirtazapine", 38, 17, 21,
    "2026-08-28", "August 28, 2026", "2026-10-05", "October 5, 2026", 489,
)  # fmt: skip
PEOPLE = (ADA, BO, CY)

EMPLOYER = {
    "kind": "employer",
    "payer": "unitedhealthcare",
    "funding": "fully_insured",
    "sponsor": "private",
    "network": "hmo",
}
SELF_FUNDED = {
    "kind": "employer",
    "payer": "cigna",
    "funding": "self_funded",
    "sponsor": "private",
    "employees": "100_or_more",
    "network": "ppo",
}
ORIGINAL = {"kind": "medicare", "medicare": "original", "part_b": True, "part_d": False}
ADVANTAGE = {"kind": "medicare", "medicare": "advantage", "payer": "humana"}
MEDICAID = {"kind": "medicaid", "medicaid": "managed_care"}
MEDICAID_STATE = {"kind": "medicaid", "medicaid": "fee_for_service"}

TRD = "treatment_resistant_depression"
# Each cover: coverage, request, diagnosis, and the level that said no (None: no denial yet).
COVERS: dict[str, tuple[dict[str, Any] | None, str, str, str | None]] = {
    "insured": (EMPLOYER, "esketamine", TRD, "initial"),
    "insured_after_appeal": (EMPLOYER, "esketamine", TRD, "internal_1"),
    "self_funded_iv": (SELF_FUNDED, "iv_ketamine", TRD, "initial"),
    "self_funded_iv_after_appeal": (SELF_FUNDED, "iv_ketamine", TRD, "internal_1"),
    "medicare": (ORIGINAL, "esketamine", TRD, "initial"),
    "medicare_iv_after_appeal": (ORIGINAL, "iv_ketamine", TRD, "internal_1"),
    "advantage": (ADVANTAGE, "esketamine", TRD, "initial"),
    "medicare_iv_before_hearing": (ORIGINAL, "iv_ketamine", TRD, "reconsideration"),
    "medicare_after_hearing": (ORIGINAL, "esketamine", TRD, "hearing"),
    "medicare_late": (ORIGINAL, "esketamine", TRD, "initial"),
    "advantage_before_hearing": (ADVANTAGE, "esketamine", TRD, "external"),
    "advantage_iv_after_hearing": (ADVANTAGE, "iv_ketamine", TRD, "hearing"),
    "advantage_late": (ADVANTAGE, "iv_ketamine", TRD, "initial"),
    "fehb_late": ({"kind": "fehb", "payer": "fep"}, "esketamine", TRD, "initial"),
    "medicaid_plan": (MEDICAID, "esketamine", TRD, "initial"),
    "medicaid_plan_after_appeal": (MEDICAID, "esketamine", TRD, "internal_1"),
    "medicaid_state": (MEDICAID_STATE, "esketamine", TRD, "initial"),
    "tricare": ({"kind": "tricare"}, "iv_ketamine", TRD, "initial"),
    "tricare_after_reconsideration": ({"kind": "tricare"}, "esketamine", TRD, "reconsideration"),
    "tricare_iv_after_appeal": ({"kind": "tricare"}, "iv_ketamine", "ptsd", "internal_1"),
    "tricare_before_hearing": ({"kind": "tricare"}, "esketamine", TRD, "external"),
    "tricare_iv_before_hearing": ({"kind": "tricare"}, "iv_ketamine", TRD, "external"),
    "fehb": ({"kind": "fehb", "payer": "fep"}, "esketamine", TRD, "initial"),
    "va": ({"kind": "va"}, "iv_ketamine", "ptsd", "initial"),
    "asking": (EMPLOYER, "esketamine", TRD, None),
    "pain": (EMPLOYER, "iv_ketamine", "crps", None),
    "lozenge": (SELF_FUNDED, "oral_ketamine", "anxiety", None),
    "uninsured": (None, "iv_ketamine", TRD, None),
}
# Covers whose denial is so old that the last day to file is over (120, 65 days and 6 months).
LATE = {"medicare_late": "2026-05-04", "advantage_late": "2026-08-03", "fehb_late": "2026-04-06"}
REASONS = {ADA: "step_therapy", BO: "experimental", CY: "not_medically_necessary"}


def case_of(cover: str, person: Person) -> dict[str, Any]:
    """The case of one person under one cover, as plain data."""
    coverage, request, diagnosis, level = COVERS[cover]
    told: dict[str, Any] = {
        "age": person.age,
        "state": person.state,
        "request": request,
        "diagnosis": diagnosis,
        "suicidal_thoughts": "none",
        "severity": [{"scale": "phq9", "score": person.score, "date": person.scored}],
        "treatments": [
            {
                "treatment": person.drug,
                "outcome": "no_response",
                "weeks": person.weeks,
                "daily_dose_mg": person.dose,
                "current_episode": True,
            }
        ],
        "coverages": [] if coverage is None else [coverage],
        "stage": "paying_cash" if coverage is None else "preparing",
        "provider": {
            "found": True,
            "in_network": False,
            "rems_certified": True,
            "prescriber": "psychiatrist",
        },
        "money": {"hsa": True, "quoted_price_per_session": person.price, "sessions": 6},
    }
    if level is not None:
        told["stage"] = "denied" if level == "initial" else "appeal_denied"
        told["denial"] = {
            "coverage": 0,
            "notice_date": LATE.get(cover, person.noticed),
            "reason": REASONS[person],
            "level": level,
            "urgent": True,
        }
    return told


def told_in(paper: Paper) -> str:
    """All words of a paper, with no mark of markdown."""
    return markdown(paper, str)


def with_its_sheet(
    paper: str,
    case: Case,
    result: Result,
    book: Book,
    names: Names | None = None,
    path: str | None = None,
) -> str:
    """A paper and the sheet that goes with it, one after the other, as plain text."""
    made = (
        make_paper(paper, case, result, book, names, path),
        make_worksheet(paper, case, result, book, names, path),
    )
    return "\n".join(told_in(m) for m in made if m is not None)
