"""Today is the day that it is where the person is, whatever the server's clock says."""

from __future__ import annotations

import copy
import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import Browser
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from tests.journeys.walker import ROOT, seen
from wizard import session
from wizard.answers import Answers
from wizard.labels import day

UTC, LOS_ANGELES, GUAM = 0, 480, -600  # minutes behind UTC, in winter
# 180 days from the letter: December 30, 2026.
DENIED: dict[str, Any] = {
    "age": 44, "state": "CA", "request": "esketamine", "stage": "denied",
    "diagnosis": "treatment_resistant_depression",
    "coverages": [{"kind": "employer", "payer": "Aetna", "funding": "fully_insured"}],
    "denial": {
        "notice_date": "2026-07-03", "received_date": "2026-07-03", "level": "initial", "coverage": 0,
    },
}  # fmt: skip
OPEN, PASSED = "Next day that counts: Dec 30, 2026. That is today.", "the last day was Dec 30, 2026"
ENDS_THERE = "On this day, send it before the office that decides closes."


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def opened(now: str, behind: int | None, step: str, case: dict[str, Any]) -> AppTest:
        """The wizard at a moment, for a browser so many minutes behind UTC."""
        moment = dt.datetime.fromisoformat(now)
        monkeypatch.setattr(session, "now", lambda: moment)
        monkeypatch.setattr(ContextProxy, "timezone_offset", property(lambda _: behind))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.session_state["answers"] = Answers(case=copy.deepcopy(case))
        app.session_state["restored"] = True
        app.query_params["step"] = step
        return app.run()

    return opened


def text_of(app: AppTest) -> str:
    drawn = (*app.markdown, *app.caption, *app.error)
    return "\n".join(seen(str(t.value)) for t in drawn).replace("**", "")


def test_four_in_the_afternoon_in_california_is_still_the_last_day(at: Any) -> None:
    moment = "2026-12-31T00:00:00+00:00"
    there = text_of(at(moment, LOS_ANGELES, "calendar", DENIED))
    assert OPEN in there
    assert ENDS_THERE in there
    assert PASSED not in there
    assert ENDS_THERE in text_of(at(moment, LOS_ANGELES, "result", DENIED))
    elsewhere = text_of(at(moment, UTC, "calendar", DENIED))
    assert PASSED in elsewhere
    assert OPEN not in elsewhere


def test_the_day_before_says_nothing_of_closing_offices(at: Any) -> None:
    result = text_of(at("2026-12-29T12:00:00+00:00", LOS_ANGELES, "result", DENIED))
    assert "Dec 30, 2026" in result
    assert ENDS_THERE not in result


@pytest.mark.parametrize(
    ("behind", "refused"), [(GUAM, False), (UTC, True), (LOS_ANGELES, True)], ids=str
)
def test_a_letter_of_today_can_be_entered_where_it_is_today(
    at: Any, behind: int, refused: bool
) -> None:
    """At 20:00 UTC on the first it is six in the morning of the second in Guam."""
    case = {**DENIED, "denial": {"level": "initial", "coverage": 0}}
    app = at("2026-12-01T20:00:00+00:00", behind, "letter", case)
    app.text_input[0].set_value("December 2, 2026")
    next(b for b in app.button if b.label == "Continue").click()
    app.run()
    assert ("later than today" in text_of(app)) is refused
    kept = app.session_state["answers"].get("denial.notice_date")
    assert kept == (None if refused else "2026-12-02")


@pytest.mark.parametrize("behind", [None, 99_999, -99_999], ids=str)
def test_where_the_browser_tells_no_time_it_is_the_day_of_the_server(at: Any, behind: Any) -> None:
    app = at("2001-01-01T12:00:00+00:00", behind, "print", DENIED)
    assert day(dt.date.today()) in text_of(app)


# Some 26 hours apart: it is never the same day in both.
@pytest.mark.browser
def test_two_browsers_far_apart_each_have_their_own_day(server: str, browser: Browser) -> None:
    found = {}
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        context = browser.new_context(timezone_id=zone)
        page = context.new_page()
        page.goto(f"{server}/?step=costs")
        limits = page.get_by_text(re.compile(r"As of \w+ \d+, \d{4}|\w+ \d{1,2}, \d{4}")).first
        limits.wait_for()
        hours = 14 if "Kiritimati" in zone else -12
        found[zone] = (limits.inner_text(), day((session.now() + dt.timedelta(hours=hours)).date()))
        context.close()
    for told, expected in found.values():
        assert expected in told
    assert len({expected for _, expected in found.values()}) == 2
