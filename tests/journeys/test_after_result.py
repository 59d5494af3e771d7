"""From the result on: the plan, the dates, the papers and the costs, without and with a browser."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from icalendar import Calendar
from pypdf import PdfReader

from rules import evaluate, load_rules, read_case
from rules.costs import estimate
from rules.costs.open_ways import read_options
from rules.documents import grouped, papers_for
from rules.report.action_plan import first_acts, plan_of
from rules.report.calendar_file import days_of
from tests.journeys.browsing import DESKTOP, PHONE, Visit
from tests.journeys.walker import TODAY, Walker
from wizard.answers import Answers
from wizard.answers_file import from_file, to_file
from wizard.costs.cost_picture import (
    as_typed,
    bars,
    best_period,
    group_of,
    periods_of,
    picture_with,
    read,
)
from wizard.documents.document_groups import MOST_COLUMNS, below_the_title, for_the_screen
from wizard.documents.names_fields import PARTS, PREFIX
from wizard.interview.typed_number import shown
from wizard.messages import say
from wizard.result import calendar_file_view
from wizard.result.next_steps import done_in, said_once
from wizard.result.timeline import TOO_CLOSE, last_days, marks, months, placed

SEED = """
if (!sessionStorage.getItem("seeded")) {
  sessionStorage.setItem("seeded", "yes");
  sessionStorage.setItem("ketapath", TEXT);
}
"""
SCREENS = ("plan", "calendar", "papers", "costs")
TRIED = [
    {"treatment": "sertraline", "outcome": "no_response", "weeks": 10, "daily_dose_mg": 150.0},
    {"treatment": "venlafaxine", "outcome": "not_tolerated", "weeks": 3, "daily_dose_mg": 75.0},
]
MEDICARE: dict[str, Any] = {
    "age": 68, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "passive", "treatments": TRIED,
    "coverages": [{"kind": "medicare", "medicare": "original", "part_b": True}],
    "stage": "denied",
    "denial": {"coverage": 0, "notice_date": "2026-11-01", "reason": "experimental", "level": "initial"},
}  # fmt: skip
JOB: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "iv_ketamine", "diagnosis": "treatment_resistant_depression",
    "suicidal_thoughts": "none", "treatments": TRIED,
    "coverages": [
        {"kind": "employer", "payer": "aetna", "network": "ppo", "funding": "self_funded",
         "sponsor": "private", "employees": "100_or_more"}
    ],
    "stage": "denied",
    "denial": {"coverage": 0, "notice_date": "2026-11-01", "reason": "experimental", "level": "initial"},
    "money": {"quoted_price_per_session": 550, "sessions": 6},
}  # fmt: skip
LATE = {**JOB, "denial": {**JOB["denial"], "notice_date": "2026-01-05"}}
MEDICAID: dict[str, Any] = {
    "age": 35, "state": "OH", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "treatments": TRIED, "coverages": [{"kind": "medicaid", "medicaid": "managed_care"}],
    "stage": "preparing",
}  # fmt: skip
CASES = {"medicare": MEDICARE, "job": JOB, "late": LATE, "medicaid": MEDICAID, "nothing": {}}


def result_of(case: dict[str, Any], today: dt.date = TODAY) -> Any:
    return evaluate(case, today=today)


def seated(case: dict[str, Any], step: str) -> Walker:
    """A session in which this case was told, on a screen."""
    walker = Walker()
    walker.at.session_state["answers"] = Answers(case=json.loads(json.dumps(case)))
    return walker.go(step)


# --- every screen, every case -------------------------------------------------------------------------


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("case", CASES)
def test_every_screen_is_drawn_for_every_case(screen: str, case: str) -> None:
    walker = seated(CASES[case], screen)
    assert walker.heading == say(f"pages.{screen}")


@pytest.mark.parametrize("screen", SCREENS)
def test_the_crisis_lines_stay(screen: str) -> None:
    assert "tel:988" in seated(MEDICARE, screen).text


@pytest.mark.parametrize("screen", SCREENS)
def test_each_screen_is_one_press_from_the_result(screen: str) -> None:
    walker = seated(JOB, "result").press(f"result-{screen}")
    assert walker.step == screen


# --- the plan ------------------------------------------------------------------------------------------


def test_every_step_of_the_plan_is_shown_once() -> None:
    result = result_of(JOB)
    steps = plan_of(result)
    walker = seated(JOB, "plan")
    shown = [c.key.removeprefix("plan-") for c in walker.at.checkbox if c.key.startswith("plan-")]
    assert shown == [s.id for s in steps]


def test_the_acts_of_this_week_come_first_then_what_has_a_last_day() -> None:
    result = result_of(JOB)
    steps, acts = plan_of(result), first_acts(result)
    assert [s.text for s in steps[: len(acts)]] == [a.text for a in acts]
    assert dt.date(2027, 4, 30) in [s.by for s in steps[: len(acts) + 1]]
    labels = [str(c.label) for c in seated(JOB, "plan").at.checkbox]
    assert any("By Apr 30, 2027" in label for label in labels[: len(acts) + 1])


def test_a_tick_is_kept_in_the_saved_file_and_shows_on_the_result() -> None:
    walker = seated(JOB, "plan")
    box = walker.at.checkbox[0]
    ident = box.key.removeprefix("plan-")
    box.check()
    walker.run()
    assert walker.store.ticked == {ident}
    assert ident in (from_file(to_file(walker.store, TODAY), TODAY).answers or Answers()).ticked
    total = len(plan_of(result_of(JOB)))
    assert say("plan.done.one", total=total) in walker.text
    walker.go("calendar").go("plan")
    assert walker.at.checkbox(key=f"plan-{ident}").value is True
    walker.at.checkbox(key=f"plan-{ident}").uncheck()
    assert walker.run().store.ticked == set()


def test_the_steps_of_any_other_path_are_one_choice_away() -> None:
    result = result_of(JOB)
    walker = seated(JOB, "plan")
    path = next(p for p in result.paths if p.id != result.best and p.next_steps)
    walker.at.selectbox(key="plan-path").set_value(path.id)
    walker.run()
    shown = {c.key.removeprefix("other-") for c in walker.at.checkbox if c.key.startswith("other-")}
    assert shown == {s.id for s in path.next_steps}


def test_done_steps_are_counted() -> None:
    steps = plan_of(result_of(JOB))
    assert done_in(steps, {steps[0].id, steps[3].id, "of another case"}) == 2


def test_by_when_they_must_answer_is_said_once_with_its_source() -> None:
    best = result_of(JOB).best_path
    told = said_once([best], lambda p: p.answer_times)
    sentences = {(s.text, s.source) for s in best.answer_times}
    assert sentences
    assert sorted((t, g.source) for g in told for t in g.texts) == sorted(sentences)
    walker = seated(JOB, "plan")
    for group in told:
        for text in group.texts:
            assert walker.text.count(text.replace("$", "\\$")) == 1
    assert say("plan.late") in walker.text


def test_the_law_of_the_state_is_shown_where_it_may_reach() -> None:
    insured = {**JOB, "coverages": [{**JOB["coverages"][0], "funding": "fully_insured"}]}
    laws = [s.text for s in result_of(insured).best_path.laws]
    assert laws
    walker = seated(insured, "plan")
    assert all(text.replace("$", "\\$") in walker.text for text in laws)


# --- the dates -------------------------------------------------------------------------------------------


def test_a_last_day_is_shown_with_what_it_was_counted_from() -> None:
    walker = seated(JOB, "calendar")
    # 180 days after Nov 1, 2026, by hand: 29 + 31 + 31 + 28 + 31 + 30 = 180 on Apr 30, 2027.
    for wanted in ("Apr 30, 2027", "Counted from Nov 1, 2026", "That is in 157 days"):
        assert wanted in walker.text


def test_both_readings_are_shown_and_the_earlier_one_leads() -> None:
    # 60 days from receipt on Nov 3, 2026 are Jan 2, 2027; 65 from the notice of Nov 1 are Jan 5.
    cover = {"kind": "medicare", "medicare": "advantage", "part_d": False}
    denial = {**MEDICARE["denial"], "notice_date": "2026-11-01", "received_date": "2026-11-03"}
    case = {**MEDICARE, "coverages": [cover], "denial": denial}
    found = next(d for d in last_days(result_of(case)) if d.others)
    assert found.leads.date < min(o.date for o in found.others)
    walker = seated(case, "calendar")
    assert "Jan 2, 2027" in walker.text.split("Another way")[0]
    assert "Another way to count gives Jan 5, 2027 (from Nov 1, 2026" in walker.text


def test_where_two_letters_may_have_come_each_day_stands_under_its_letter() -> None:
    # 65 days from Nov 1, 2026 are Jan 5, 2027; 120 from a receipt on Nov 6 are Mar 6.
    drug, _, contractor = seated(MEDICARE, "calendar").text.partition(
        "If the no came on a Medicare Summary Notice:"
    )
    assert "Jan 5, 2027" in drug.partition("If the no came from your Medicare drug plan:")[2]
    assert "Mar 6, 2027" in contractor
    assert "CMS-20027" in contractor
    assert "CMS-20027" not in drug


def test_a_cautious_day_is_told_as_cautious() -> None:
    # Connecticut's own number was not found: 30 days from Nov 1 are Dec 1, 90 are Jan 30, 2027.
    cover = {"kind": "medicaid", "medicaid": "fee_for_service"}
    denial = {**MEDICARE["denial"], "notice_date": "2026-11-01"}
    text = seated(
        {**MEDICARE, "state": "CT", "coverages": [cover], "denial": denial}, "calendar"
    ).text
    assert "shorter time to be safe. By the longer count it is Jan 30, 2027" in text


def test_a_last_day_on_a_weekend_is_advised_the_working_day_before() -> None:
    # 180 days after Nov 2, 2026 are Saturday, May 1, 2027.
    case = {**JOB, "denial": {**JOB["denial"], "notice_date": "2026-11-02"}}
    found = last_days(result_of(case))[0]
    assert (found.shown.date, found.shown.act_by) == (dt.date(2027, 5, 1), dt.date(2027, 4, 30))
    assert found.moved
    assert found.leads.date == dt.date(2027, 5, 1)
    text = seated(case, "calendar").text
    assert "The last day itself is May 1, 2027, a weekend or a holiday" in text
    assert "send it by Apr 30, 2027" in text


def test_what_has_to_arrive_is_sent_ten_days_before() -> None:
    # 65 days after Nov 5, 2026 are Saturday, Jan 9, 2027; ten days before is Dec 30.
    case = {**MEDICARE, "denial": {**MEDICARE["denial"], "notice_date": "2026-11-05"}}
    found = last_days(result_of(case))[0]
    assert (found.shown.date, found.shown.act_by) == (dt.date(2027, 1, 9), dt.date(2026, 12, 30))
    text = seated(case, "calendar").text
    assert "has to have arrived by then. Send it by Dec 30, 2026" in text


def test_a_passed_last_day_says_what_is_left() -> None:
    text = seated(LATE, "calendar").text
    assert say("calendar.passed") in text
    assert "good cause" in text
    assert "Ask anew" in text
    assert "Next day that counts" not in text


def test_an_approval_that_ends_is_a_date_too() -> None:
    case = {**JOB, "stage": "exploring", "authorization": {"end": "2026-12-26"}}
    case.pop("denial")
    text = seated(case, "calendar").text
    assert "Your approval ends on **Dec 26, 2026**" in text
    assert "**Dec 24, 2026**" in text  # Dec 26 is a Saturday, Dec 25 a holiday


def test_without_a_date_the_screen_asks_for_it() -> None:
    case = {**JOB, "denial": {k: v for k, v in JOB["denial"].items() if k != "notice_date"}}
    walker = seated(case, "calendar")
    assert say("calendar.none_denied") in walker.text
    assert walker.press("calendar-to-date").step == "letter"
    assert "What is the date on the denial letter?" in [t.label for t in walker.at.text_input]


def test_what_the_law_says_of_an_appeal_stands_beside_its_day() -> None:
    result = result_of(JOB)
    for found in last_days(result):
        appeal = found.path.appeal
        text = seated(JOB, "calendar").text
        assert appeal.how_to_start in text
        assert appeal.keeps_benefits is None or appeal.keeps_benefits in text


def test_the_line_holds_every_day_in_order_and_apart() -> None:
    for case in (MEDICARE, JOB, LATE):
        result = result_of(case)
        found = placed(marks(read_case(case), result))
        assert [p.number for p in found] == list(range(1, len(found) + 1))
        assert [p.mark.day for p in found] == sorted(p.mark.day for p in found)
        assert all(0 < p.place < 1 for p in found)
        days = {p.mark.day for p in found}
        assert {d.shown.act_by for d in last_days(result)} <= days
        assert TODAY in days
        for row in {p.row for p in found}:
            places = [p.place for p in found if p.row == row]
            assert all(b - a >= TOO_CLOSE for a, b in pairwise(places))
        assert all(first.day == 1 for first, _ in months([p.mark for p in found]))


SPRAY_LETTER = "letter_of_medical_necessity_depression_spravato"

# --- the papers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [MEDICARE, JOB, MEDICAID], ids=["medicare", "job", "medicaid"])
def test_every_paper_that_fits_is_offered_once_with_its_reason(case: dict[str, Any]) -> None:
    result = result_of(case)
    offers = papers_for(read_case(case), result, load_rules())
    found = grouped(offers, result)
    shown = [o.id for o in (*found.first, *(o for _, rest in found.rest for o in rest))]
    assert sorted(shown) == sorted(o.id for o in offers)
    walker = seated(case, "papers")
    for purpose, _ in found.rest:
        walker.open_fold(f"papers-{purpose}")
    for offer in offers:
        assert offer.why.replace("$", "\\$") in walker.text
        for kind in ("pdf", "docx"):
            assert [b.key for b in walker.at.download_button].count(f"{kind}-{offer.id}") == 1


def test_a_denied_person_meets_the_appeal_first() -> None:
    result = result_of(JOB)
    found = grouped(papers_for(read_case(JOB), result, load_rules()), result)
    assert found.first[0].id == "appeal_level_1"


def test_the_papers_of_another_path_are_one_press_away_and_so_is_the_way_back() -> None:
    spray = next(
        p for p in result_of(JOB).paths
        if p.coverage == 0 and p.treatment == "esketamine" and p.route == "prior_authorization"
    )  # fmt: skip
    walker = seated(JOB, "result").open_fold("everything").open_fold(f"all-{spray.id}-open")
    walker.press(f"papers-{spray.id}")
    assert walker.step == "papers"
    assert walker.has("papers-for-next")
    shown = [b.key for b in walker.at.download_button]
    assert f"pdf-{SPRAY_LETTER}" in shown
    assert "pdf-appeal_level_1" not in shown[: shown.index(f"pdf-{SPRAY_LETTER}")]
    walker.press("papers-for-next")
    assert not walker.has("papers-for-next")


def test_the_sheet_of_what_to_check_is_read_and_taken_beside_its_paper() -> None:
    walker = seated(JOB, "papers").open_fold("check-appeal_level_1")
    keys = [b.key for b in walker.at.download_button]
    assert {"pdf-appeal_level_1_worksheet", "docx-appeal_level_1_worksheet"} <= set(keys)
    assert "Last day to file" in walker.text


def test_a_paper_is_read_on_the_screen_below_one_title() -> None:
    walker = seated(JOB, "papers").open_fold("read-appeal_level_1")
    assert "What I ask for" in walker.text
    assert "Aetna" in walker.text
    assert not re.search(r"^# ", walker.text, re.M)
    assert len(walker.at.title) == 1


def test_no_heading_of_a_paper_rises_to_the_screens_title() -> None:
    assert (
        below_the_title("# A\n\n#### B\n\n\\# no heading") == "### A\n\n###### B\n\n\\# no heading"
    )


def test_wide_tables_become_lists_and_lose_nothing() -> None:
    from rules.documents import make_paper
    from rules.documents.blocks import Bullets, Table

    paper = make_paper("treatment_history_table", read_case(JOB), result_of(JOB), load_rules())
    shown = for_the_screen(paper, "{column}: {value}".format, "{} empty".format)
    assert not [b for b in shown.blocks if isinstance(b, Table) and len(b.columns) > MOST_COLUMNS]
    listed = " ".join(i for b in shown.blocks if isinstance(b, Bullets) for i in b.items)
    for table in (
        b for b in paper.blocks if isinstance(b, Table) and len(b.columns) > MOST_COLUMNS
    ):
        for value in (v for row in table.rows for v in row if v):
            assert value in listed


def test_names_go_into_the_papers_and_nowhere_else() -> None:
    walker = seated(JOB, "papers").open_fold("papers-names")
    walker.at.text_input(key=f"{PREFIX}patient_name").set_value("Zoë O’Hara <b>")
    walker.run()
    walker.open_fold("read-appeal_level_1")
    assert "Zoë O’Hara" in walker.text
    assert not any("<b>" in m.value for m in walker.at.markdown)
    kept = to_file(walker.store, TODAY)
    assert "Hara" not in kept
    assert "Hara" not in json.dumps(walker.store.case_data())
    walker.go("plan")
    assert "Hara" not in walker.text
    walker.go("papers").open_fold("read-appeal_level_1")
    assert "Zoë O’Hara" in walker.text
    walker.clear_all()
    assert PREFIX + "patient_name" not in walker.at.session_state


def test_the_fields_for_names_can_be_emptied_and_are_all_there() -> None:
    from dataclasses import fields

    from rules.documents import Names

    assert {f.name for f in fields(Names)} == {f for part in PARTS.values() for f in part}
    walker = seated(JOB, "papers").open_fold("papers-names")
    walker.at.text_input(key=f"{PREFIX}member_id").set_value("W123")
    walker.run()
    assert say("papers.names_in") in walker.text
    walker.press("names-clear")
    assert say("papers.names_in") not in walker.text
    assert walker.at.text_input(key=f"{PREFIX}member_id").value == ""


def test_minutes_that_are_no_number_are_told_so_and_left_out() -> None:
    walker = seated(JOB, "papers").open_fold("papers-names")
    walker.at.text_input(key=f"{PREFIX}session_minutes").set_value("forty")
    walker.run()
    assert say("papers.unreadable.session_minutes") in walker.text
    walker.at.text_input(key=f"{PREFIX}session_minutes").set_value("40")
    walker.run()
    assert say("papers.unreadable.session_minutes") not in walker.text


# --- the costs ------------------------------------------------------------------------------------------


def picture_of(case: dict[str, Any], own: dict[str, Decimal] | None = None) -> Any:
    return estimate(read_case(case), result_of(case), load_rules(), TODAY, own or {})


def htmls(walker: Walker) -> str:
    return "\n".join(str(h.value) for h in walker.at.html)


@pytest.mark.parametrize("case", [MEDICARE, JOB, {}], ids=["medicare", "job", "nothing"])
def test_every_number_behind_the_sums_is_shown_and_open(case: dict[str, Any]) -> None:
    walker = seated(case, "costs")
    picture = picture_of(case)
    behind = picture.shown_assumptions(read_options(picture, result_of(case)))
    for group in {group_of(a) for a in behind}:
        walker.open_fold(f"costs-{group}")
    fields = {
        n.key.removeprefix("cost-"): n
        for n in walker.at.text_input
        if (n.key or "").startswith("cost-")
    }
    assert set(fields) == {a.id for a in behind if a.editable}
    for a in behind:
        assert fields[a.id].value == shown(as_typed(a))


def test_ranges_stay_ranges_in_table_and_chart() -> None:
    walker = seated(MEDICARE, "costs")
    assert "$35,850 to $59,150" in htmls(walker)
    picture = picture_of(MEDICARE)
    for bar in bars(picture, "first_year"):
        assert 0 <= bar.left <= 100 - bar.width
        assert bar.width > 0
    wide = next(b for b in bars(picture, "first_year") if b.row.option == picture.baseline().id)
    assert wide.width == pytest.approx(float((59150 - 35850) / Decimal(59150) * 100), abs=0.01)


def test_an_own_number_changes_its_sums_and_can_be_taken_back() -> None:
    walker = seated(JOB, "costs").open_fold("costs-treatment")
    before = htmls(walker)
    assert "$3,450 to $3,650" in before  # six sessions at $550, and an evaluation of $150 to $350
    walker.at.text_input(key="cost-evaluation").set_value("$200")
    walker.run()
    assert "$3,500" in htmls(walker)
    assert "$3,450 to $3,650" not in htmls(walker)
    assert say("costs.own.one") in walker.text
    walker.press("costs-reset")
    assert htmls(walker) == before
    assert walker.at.text_input(key="cost-evaluation").value == ""


def test_the_costs_begin_with_what_is_needed_in_short() -> None:
    walker = seated(MEDICARE, "costs")
    text = walker.text
    for line in result_of(MEDICARE).costs.in_short.text:
        assert line.replace("$", "") in text.replace("\\", "").replace("$", ""), line
    assert text.index(say("costs.in_short")) < text.index(say("costs.chart"))
    assert htmls(walker).count("class='kp-lane'") <= 5


def test_a_share_is_typed_in_percent() -> None:
    picture = picture_of(MEDICARE)
    share = next(
        a for a in picture.shown_assumptions() if a.unit == "share" and a.value == Decimal("0.2")
    )
    assert as_typed(share) == 20.0
    assert read(share, 20.0) == Decimal("0.2")


def test_a_number_that_an_answer_made_meaningless_is_left_out_and_said() -> None:
    own = {"cover0.coinsurance": Decimal("0.3"), "evaluation": Decimal(100)}
    case = {k: v for k, v in JOB.items() if k != "denial"} | {"coverages": []}
    picture, dropped = picture_with(read_case(case), result_of(case), load_rules(), TODAY, own)
    assert dropped == ("cover0.coinsurance",)
    assert picture.assumptions["evaluation"].value == 100


def test_figures_that_do_not_agree_are_both_shown() -> None:
    case = {**JOB, "money": {}}
    text = seated(case, "costs").text.replace("\\", "")
    for figure in ("$400 to $800", "$2,400 to $4,800", "$3,000 to $8,000"):
        assert figure in text
    assert say("costs.disagree") in text


@pytest.mark.parametrize("case", [JOB, MEDICARE, {}], ids=["job", "medicare", "nothing"])
def test_the_chart_begins_with_the_time_that_most_ways_have_a_sum_for(case: dict[str, Any]) -> None:
    picture = picture_of(case)
    ways = {p: len(picture.chart(p)) for p in periods_of(picture)}
    shown = best_period(picture)
    assert shown is not None
    assert ways[shown] == max(ways.values()), ways
    assert shown == "first_year", (
        "the first year shows what it costs to go on, where as many have it"
    )


# --- in the browser ---------------------------------------------------------------------------------------


@pytest.fixture
def told(visit: type[Visit]) -> Any:
    """Opens a visit in which a case was told already, as after a reload of its tab."""

    def open_on(step: str, case: dict[str, Any], **how: Any) -> Visit:
        one = visit(**how)
        text = to_file(Answers(case=case), dt.date.today())
        # Before the page's own script, and once: the screen before it may still be keeping its own.
        one.page.add_init_script(SEED.replace("TEXT", json.dumps(text)))
        one.open(step)
        return one

    return open_on


def saved(one: Visit, button: Any) -> bytes:
    with one.page.expect_download() as waiting:
        button.click()
    return Path(waiting.value.path()).read_bytes()


def recent(case: dict[str, Any]) -> dict[str, Any]:
    """The same case with a notice of this month, so that its last day lies ahead."""
    day = (dt.date.today() - dt.timedelta(days=10)).isoformat()
    return {**case, "denial": {**case["denial"], "notice_date": day}}


@pytest.mark.browser
def test_from_the_result_to_letter_zip_and_calendar_in_four_clicks(told: Any) -> None:
    case = recent(JOB)
    one = told("result", case)
    clicks = 1
    one.press_key("result-papers")
    contents = []
    for key in ("pdf-appeal_level_1", "papers-zip", "papers-calendar"):
        contents.append(saved(one, one.by_key(key).locator("button").first))
        clicks += 1
    assert clicks <= 4
    letter, packed, dates = contents
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(letter)).pages)
    assert "Aetna" in text
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        result = evaluate(case, today=dt.date.today())
        first = grouped(papers_for(read_case(case), result, load_rules()), result).first
        sheets = sum(o.worksheet for o in first)
        assert len(names) == 2 * (1 + len(first) + sheets)
        word = next(n for n in names if n.endswith("appeal_level_1.docx"))
        assert "Aetna" in "\n".join(
            p.text for p in Document(io.BytesIO(archive.read(word))).paragraphs
        )
    events = [e.decoded("dtstart") for e in Calendar.from_ical(dates).walk("VEVENT")]
    result = evaluate(case, today=dt.date.today())
    assert events == [d.day for d in days_of(read_case(case), result)]
    one.check()


@pytest.mark.browser
def test_typed_names_reach_the_letter_but_not_the_tab(told: Any) -> None:
    one = told("papers", recent(JOB))
    one.by_key("papers-names").locator("summary").click()
    one.settled()
    field = one.page.get_by_label(say("papers.name.patient_name"), exact=True)
    field.fill("Łucja Núñez")
    field.press("Tab")
    one.settled()
    expected = one.page.get_by_text(say("papers.names_in"))
    expected.wait_for()
    letter = saved(one, one.by_key("pdf-appeal_level_1").locator("button").first)
    assert "Łucja Núñez" in "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(letter)).pages)
    assert "ucja" not in one.kept
    assert "ucja" not in one.page.evaluate("JSON.stringify(localStorage) + location.href")
    one.check()


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_after_the_result(told: Any, size: tuple[int, int], dark: bool) -> None:
    one = told("plan", recent(MEDICARE), size=size, dark=dark)
    inside = {
        "plan": ("plan-answers",),
        "calendar": (),
        "papers": ("papers-names", "read-treatment_history_table"),
        "costs": ("costs-details", "costs-treatment"),
    }
    for screen in SCREENS:
        one.open(screen)
        for key in inside[screen]:
            one.by_key(key).locator("summary").first.click()
            one.settled()
        assert one.violations() == [], screen
        assert not one.scrolls_sideways(), screen
    one.check()


@pytest.mark.browser
def test_nothing_scrolls_sideways_at_320_pixels(told: Any) -> None:
    one = told("plan", recent(MEDICARE), size=(320, 700))
    for screen in SCREENS:
        one.open(screen)
        assert not one.scrolls_sideways(), screen


@pytest.mark.browser
def test_ticking_by_keyboard_is_kept_over_a_reload(told: Any) -> None:
    one = told("plan", recent(JOB))
    box = one.by_key("plan_first").locator("input[type=checkbox]").first
    box.focus()
    one.page.keyboard.press("Space")
    one.page.wait_for_function(
        "() => JSON.parse(sessionStorage.getItem('ketapath')).ticked.length === 1"
    )
    one.open("plan")
    total = len(plan_of(evaluate(recent(JOB), today=dt.date.today())))
    assert say("plan.done.one", total=total) in one.text()


def test_downloads_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The papers and the calendar are made in memory."""
    from rules.documents import zip_papers

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    case, result = read_case(JOB), result_of(JOB)
    zip_papers(case, result, load_rules())
    assert calendar_file_view.calendar_file(case, result)
    assert list(tmp_path.iterdir()) == []


def test_a_time_to_sign_up_is_a_date_like_any_other() -> None:
    case = {"age": 40, "state": "TX", "request": "esketamine", "coverages": []}
    text = seated(case, "calendar").text
    assert say("calendar.none") not in text
    assert "Next day that counts: Dec 15, 2026" in text
    assert "Until **Dec 15, 2026**" in text
    assert "Until **Jan 15, 2027**" in text
    assert "Sign up with HealthCare.gov by December 15, 2026" in text


def test_beside_a_time_to_sign_up_the_date_of_a_denial_is_asked_for() -> None:
    cover = {"kind": "medicare", "medicare": "advantage"}
    case = {"age": 70, "state": "TX", "request": "esketamine", "coverages": [cover]}
    text = seated({**case, "stage": "denied"}, "calendar").text
    assert say("calendar.none_denied") in text
    assert "From **Jan 1, 2027** to **Mar 31, 2027**" in text
    assert say("calendar.none_denied") not in seated(case, "calendar").text
