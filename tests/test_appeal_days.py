"""The days of appeals beyond what an example of `tests/cases/` can say: the state's own limits, what counts on
arrival, and the days in papers, the calendar and the table. All dates are worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import pytest

from rules import Book, Result, evaluate, load_rules, read_case
from rules.documents import papers_for
from rules.report.calendar_file import days_of
from rules.schema.states import State
from rules.table.summary import summarise
from rules.vocabulary import CoverageKind, DenialLevel, Funding, MedicarePart, Sponsor
from tests.paper_cases import with_its_sheet

TODAY = dt.date(2026, 11, 28)
BOOK = load_rules()
NOTICE = "2026-11-10"


def denied(cover: dict[str, Any], state: str = "OH", **denial: Any) -> dict[str, Any]:
    said_no = {"coverage": 0, "treatment": "esketamine", "notice_date": NOTICE, "level": "initial"}
    return {
        "state": state,
        "age": 70,
        "request": "esketamine",
        "diagnosis": "treatment_resistant_depression",
        "suicidal_thoughts": "none",
        "stage": "denied",
        "coverages": [cover],
        "denial": {**said_no, "reason": "not_medically_necessary", "urgent": False, **denial},
    }


def result_of(case: dict[str, Any], book: Book = BOOK, today: dt.date = TODAY) -> Result:
    return evaluate(read_case(case), today=today, book=book)


def with_hearing(code: str, **said: Any) -> Book:
    """The book with other words of one state on its Medicaid hearing."""
    records = dict(BOOK.records)
    changed = []
    for name, record in records["states"]:
        if isinstance(record, State) and record.code == code:
            assert record.medicaid is not None
            assert record.medicaid.fair_hearing is not None
            hearing = record.medicaid.fair_hearing.model_copy(update=said)
            medicaid = record.medicaid.model_copy(update={"fair_hearing": hearing})
            record = record.model_copy(update={"medicaid": medicaid})
        changed.append((name, record))
    records["states"] = changed
    return Book(records, "changed")


FFS = {"kind": "medicaid", "medicaid": "fee_for_service"}
PLAN = {"kind": "medicaid", "medicaid": "managed_care"}
CHECKED = {"confidence": "sourced", "recalled_fields": ()}


@pytest.mark.parametrize(
    ("arrives", "act_by", "says"),
    [
        # 60 days from 2026-11-10 are Saturday 2027-01-09 (20, 51, 60): sent on the Friday before,
        (False, "2027-01-08", "weekend or holiday"),
        # or ten days before it, on 2026-12-30, where it has to have arrived.
        (True, "2026-12-30", "counts on the day it arrives"),
    ],
)
def test_a_hearing_that_counts_arrival_is_asked_for_ten_days_before(
    arrives: bool, act_by: str, says: str
) -> None:
    book = with_hearing("AL", ffs_days=60, must_arrive=arrives, **CHECKED)
    result = result_of(denied(FFS, "AL"), book)
    (day,) = result.paths[0].deadlines
    assert (str(day.date), str(day.act_by)) == ("2027-01-09", act_by)
    assert says in day.text
    assert ("fax or the portal" in day.text) is arrives


def test_an_appeal_to_the_plan_does_not_count_as_the_hearing_does() -> None:
    book = with_hearing("AL", plan_appeal_days=60, must_arrive=True, **CHECKED)
    (day,) = result_of(denied(PLAN, "AL"), book).paths[0].deadlines
    assert (str(day.date), str(day.act_by)) == ("2027-01-09", "2027-01-08")


@pytest.mark.parametrize(
    ("days", "dates"),
    [
        # 60 is what federal law gives: 30 leads, and 60 stands beside it for a late request.
        (30, ["2026-12-10", "2027-01-09"]),
        (59, ["2027-01-08", "2027-01-09"]),
        (60, ["2027-01-09"]),
        (90, ["2027-02-08"]),
    ],
)
def test_a_state_limit_below_the_federal_floor_leads_and_the_floor_stands_beside_it(
    days: int, dates: list[str]
) -> None:
    book = with_hearing("OH", plan_appeal_days=days, **CHECKED)
    (day,) = result_of(denied(PLAN), book).paths[0].deadlines
    assert [str(r.date) for r in day.readings] == dates
    assert not day.cautious


def test_past_the_shorter_day_the_floor_keeps_the_appeal_open() -> None:
    book = with_hearing("OH", plan_appeal_days=30, **CHECKED)
    for today, closed in ((dt.date(2026, 12, 11), False), (dt.date(2027, 1, 10), True)):
        result = result_of(denied(PLAN), book, today)
        appeal = next(
            p for p in result.paths if p.route == "internal_appeal" and p.treatment == "esketamine"
        )
        assert appeal.deadlines[0].passed
        assert (appeal.outlook == "closed") is closed


@pytest.mark.parametrize(("days", "dates"), [(89, 2), (90, 1), (120, 1)])
def test_after_the_plan_a_state_may_set_ninety_days(days: int, dates: int) -> None:
    book = with_hearing("OH", after_plan_appeal_days=days, **CHECKED)
    case = denied(PLAN, level="internal_1") | {"stage": "appeal_denied"}
    hearing = next(p for p in result_of(case, book).paths if p.route == "fair_hearing")
    assert len(hearing.deadlines[0].readings) == dates


def test_a_cautious_day_is_told_as_cautious_and_names_the_longer_one() -> None:
    """Connecticut's own number was not found: 30 days are 2026-12-10, 90 are 2027-02-08."""
    result = result_of(denied(FFS, "CT"))
    (day,) = result.paths[0].deadlines
    assert day.cautious
    assert str(day.date) == "2026-12-10"
    assert "shorter time to be safe" in day.text
    assert "2027-02-08" in day.text
    case = read_case(denied(FFS, "CT"))
    sheet = with_its_sheet("medicaid_fair_hearing", case, result, BOOK)
    assert "shorter time to be safe" in sheet
    assert "February 8, 2027" in sheet


def test_a_checked_day_is_told_as_the_law() -> None:
    book = with_hearing("CT", ffs_days=60, **CHECKED)
    (day,) = result_of(denied(FFS, "CT"), book).paths[0].deadlines
    assert not day.cautious
    assert "to be safe" not in day.text


# --- Medicare by notice, where it is shown ---------------------------------------------------------

BOTH = {"kind": "medicare", "medicare": "original", "part_b": True, "part_d": True}
DRUG_ONLY = {"kind": "medicare", "medicare": "original", "part_b": False, "part_d": True}


def appeals_in(case: dict[str, Any]) -> dict[str, str]:
    read, result = read_case(case), result_of(case)
    wanted = ("appeal_level_1", "medicare_redetermination")
    offered = [o.id for o in papers_for(read, result, BOOK) if o.id in wanted]
    return {paper: with_its_sheet(paper, read, result, BOOK) for paper in offered}


@pytest.mark.parametrize(
    ("cover", "notice", "papers"),
    [
        (BOTH, None, {"appeal_level_1", "medicare_redetermination"}),
        (BOTH, "medicare_contractor", {"medicare_redetermination"}),
        (BOTH, "drug_plan", {"appeal_level_1"}),
        (DRUG_ONLY, None, {"appeal_level_1"}),
        (DRUG_ONLY, "drug_plan", {"appeal_level_1"}),
        (BOTH | {"part_d": False}, None, {"medicare_redetermination"}),
    ],
)
def test_the_sheet_is_that_of_the_letter(
    cover: dict[str, Any], notice: str | None, papers: set[str]
) -> None:
    found = appeals_in(denied(cover, notice_from=notice))
    assert set(found) == papers
    days = {"appeal_level_1": "January 14, 2027", "medicare_redetermination": "March 15, 2027"}
    for paper, text in found.items():
        other = next(day for name, day in days.items() if name != paper)
        assert days[paper] in text
        assert other not in text
        assert ("Send this paper only if the no came" in text) is (len(papers) > 1)
    if "appeal_level_1" in papers:
        assert "The Medicare drug plan" in found["appeal_level_1"]
        assert "alone or inside" not in found["appeal_level_1"]


def test_where_every_letter_leads_to_one_office_it_is_named() -> None:
    """After the hearing both go to the Appeals Council: 60 days from 2026-11-15 are 2027-01-14."""
    case = denied(BOTH, level="hearing") | {"stage": "appeal_denied"}
    (answer, *_) = result_of(case).answers
    assert "ask again: Medicare Appeals Council by January 4, 2027" in answer.sentence


def test_past_the_nearer_day_the_other_letter_still_has_its_own() -> None:
    sentence = result_of(denied(BOTH), today=dt.date(2027, 1, 15)).answers[0].sentence
    assert "March 5, 2027 if it came on a Medicare Summary Notice" in sentence
    assert "January" not in sentence


def test_calendar_and_table_hold_each_letters_day_the_nearest_first() -> None:
    case = denied(BOTH)
    result = result_of(case)
    appeal = [d for d in days_of(read_case(case), result) if ".internal_appeal." in d.id]
    assert [str(d.day) for d in appeal] == ["2027-01-04", "2027-03-05"]
    assert "Medicare drug plan" in appeal[0].text
    assert "Medicare Summary Notice" in appeal[1].text
    assert summarise(result).next_deadline == "2027-01-14"


# --- what is urgent ----------------------------------------------------------------------------------


def test_the_fast_appeal_sheet_leads_with_today() -> None:
    """180 days from the day it came, 2026-11-12, are 2027-05-11 (18, 49, 80, 108, 139, 169, 180)."""
    cover = {"kind": "employer", "funding": "fully_insured", "payer": "cigna"}
    case = denied(cover, urgent=True, received_date="2026-11-12")
    sheet = with_its_sheet("expedited_appeal", read_case(case), result_of(case), BOOK)
    assert "Send it today: November 28, 2026" in sheet
    assert "If it were not urgent: Last day to file: May 11, 2027" in sheet
    assert "Your last day" in sheet
    assert sheet.index("November 28, 2026. It cannot wait") < sheet.index("May 11, 2027")


def test_urgent_and_two_letters_possible_the_fast_track_is_named_by_its_letter() -> None:
    """The drug plan answers a fast appeal in 72 hours; of the contractor no fast track is known."""
    first = result_of(denied(BOTH, urgent=True)).answers[0].next_steps[0]
    assert first.by == TODAY
    assert "from your Medicare drug plan" in first.text
    assert "72 hours" in first.text


def test_the_point_of_law_is_quoted_where_it_surely_holds() -> None:
    cover = {"kind": "medicare", "medicare": "advantage", "payer": "humana", "part_d": False}
    running = denied(
        cover | {"starts": "2026-11-01"}, reason="step_therapy", continuing_treatment=True
    )
    sheet = appeals_in(running)["appeal_level_1"]
    for law in ("42 CFR 422.101", "42 CFR 422.136", "42 CFR 422.112"):
        assert law in sheet
    new = appeals_in(denied(cover, reason="step_therapy"))["appeal_level_1"]
    assert "42 CFR 422.101" in new
    assert "422.136" not in new
    assert "422.112" not in new


@pytest.mark.parametrize(("state", "named"), [("FL", True), ("OH", False)])
def test_the_local_article_is_quoted_where_its_contractor_decides(state: str, named: bool) -> None:
    sheet = appeals_in(denied(BOTH | {"part_d": False}, state))["medicare_redetermination"]
    assert ("A59250" in sheet) is named


# --- a day of receipt that nobody has told ------------------------------------------------------------

COVERS: list[dict[str, Any]] = [
    *({"kind": kind} for kind in get_args(CoverageKind)),
    *({"kind": "medicare", "medicare": part} for part in get_args(MedicarePart)),
    *({"kind": "employer", "funding": f, "sponsor": s, "grandfathered": g}
      for f in get_args(Funding) for s in get_args(Sponsor) for g in (True, False)),
    *({"kind": "medicaid", "medicaid": m} for m in ("fee_for_service", "managed_care")),
]  # fmt: skip
LONG_AGO = "2022-03-01"
GUESSED = ("from_receipt_presumed", "from_notice_cautious")


def paths_denied(cover: dict[str, Any], level: str, **days: str) -> tuple[set[str], set[str], bool]:
    """The appeals that are closed, those whose last day is counted from a guess, whether the day is asked."""
    case = denied(cover, level=level, notice_date=LONG_AGO, **days)
    result = evaluate(case, today=TODAY, book=BOOK)
    guessed = {
        p.id
        for p in result.paths
        for d in p.deadlines
        if any(r.counted in GUESSED for r in d.readings)
    }
    closed = {p.id for p in result.paths if p.role == "remedy" and p.outlook == "closed"}
    return closed, guessed, "denial.received_date" in {q.field for q in result.questions}


@pytest.mark.parametrize("level", get_args(DenialLevel))
def test_a_day_of_receipt_that_nobody_told_asks_and_closes_nothing(level: str) -> None:
    """A letter may have come years after its date: by every program, at every level."""
    counted = 0
    for cover in COVERS:
        closed, guessed, asked = paths_denied(cover, level)
        assert not closed & guessed, (cover, closed & guessed)
        assert asked or not guessed, cover
        counted += len(guessed)
        after, still, _ = paths_denied(cover, level, received_date=LONG_AGO)
        assert closed <= after, cover
        assert not still, cover
    assert counted or level not in ("initial", "internal")
