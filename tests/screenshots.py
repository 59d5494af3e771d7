"""Pictures of every screen, desktop and phone, for docs/: `make screenshots`.

The case in them is made up. Each screen is opened in a fresh tab with its answers in the tab's own
storage, exactly as a reload would find them. A screen that has nothing to show, or an error, is no
picture: the command names it and fails.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.journeys.browsing import DESKTOP, PHONE, Visit
from tests.journeys.conftest import BROWSERS, QUIET, ROOT, _wait_for, free_port
from wizard.answers import Answers
from wizard.answers_file import to_file
from wizard.messages import say
from wizard.shell import pages

FOLDER = ROOT / "docs" / "screenshots"
PLACE = "ketapath"
CASE: dict[str, Any] = {
    "age": 42, "state": "TX", "household_size": 2, "annual_income": 38000, "request": "iv_ketamine",
    "diagnosis": "treatment_resistant_depression", "suicidal_thoughts": "passive",
    "severity": [{"scale": "phq9", "score": 19, "date": "2026-10-02"}],
    "treatments": [
        {"treatment": "sertraline", "outcome": "no_response", "weeks": 10, "daily_dose_mg": 150,
         "current_episode": True},
        {"treatment": "venlafaxine", "outcome": "no_response", "weeks": 9, "daily_dose_mg": 225,
         "current_episode": True},
        {"treatment": "cbt", "outcome": "partial_response", "weeks": 16},
    ],
    "coverages": [{"kind": "employer", "payer": "unitedhealthcare", "network": "ppo",
                   "funding": "self_funded", "sponsor": "private"}],
    "stage": "denied",
    "denial": {"coverage": 0, "notice_date": "2026-11-01", "reason": "experimental", "level": "initial"},
    "provider": {"found": True, "in_network": False, "setting": "clinic", "prescriber": "psychiatrist"},
    "money": {"hsa": True, "deductible_left": 1200, "coinsurance": 0.4, "quoted_price_per_session": 550},
}  # fmt: skip
QUESTIONS = ("safety", "diagnoses", "covers", "letter", "treatments", "ways")
# What a screen says that has nothing to show, by the keys of the words.
EMPTY = (
    "question.gone_title", "rule_book.not_chosen", "result.nothing_yet", "plan.nothing_yet",
    "papers.nothing_yet", "costs.nothing_yet", "counselor.nothing_told", "sorry.title",
)  # fmt: skip
BROKEN = ("stException", "app has encountered an error")


class NoPicture(Exception):
    """A screen that has nothing to show."""


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]  # fmt: skip
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, running)
        path = next((p for name in BROWSERS if (p := shutil.which(name))), None)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=path, args=QUIET)
            _all(browser, address)
            browser.close()
    finally:
        running.terminate()
        running.wait(timeout=20)


def _all(browser: Browser, address: str) -> None:
    kept = to_file(Answers(case=json.loads(json.dumps(CASE))), dt.date.today())
    for name in [*(n for n in pages.PAGES if n != "questions"), *QUESTIONS]:
        for size, word in ((DESKTOP, "desktop"), (PHONE, "phone")):
            _picture(browser, address, kept, name, size, FOLDER / f"{name}-{word}.png")
    _picture(browser, address, kept, "result", DESKTOP, FOLDER / "result-dark.png", dark=True)


def nothing_in(page: str) -> str | None:
    """What an empty or broken screen says, or None where there is something to see."""
    words = (*(say(key) for key in EMPTY), *BROKEN)
    return next((w for w in words if w in page), None)


def _open_record(one: Visit, step: str) -> None:
    """A record is opened from the search: no address leads to it."""
    one.open("rule-book")
    one.page.get_by_label("Search the rules").fill("cigna spravato")
    one.page.wait_for_timeout(900)
    one.settled()
    one.page.locator("[class*=st-key-book-open] button:visible").first.click()
    one.page.wait_for_function("step => location.search === `?step=${step}`", arg=step)
    one.settled()


OPENED_BY = {"record": _open_record}


def _picture(
    browser: Browser, address: str, kept: str, step: str, size: tuple[int, int], file: Path,
    dark: bool = False,
) -> None:  # fmt: skip
    one = Visit(browser, address, size, dark)
    one.page.evaluate("([place, text]) => sessionStorage.setItem(place, text)", [PLACE, kept])
    OPENED_BY.get(step, Visit.open)(one, step)
    one.page.wait_for_timeout(600)
    if empty := nothing_in(one.page.content()):
        raise NoPicture(f"{step} ({file.name}) shows nothing but: {empty}")
    one.page.screenshot(path=str(file))
    one.context.close()
    print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
