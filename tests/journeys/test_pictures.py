"""The pictures for the docs show screens that have something on them."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from tests import screenshots
from tests.journeys.browsing import DESKTOP, Visit
from tests.journeys.walker import Walker
from tests.screenshots import CASE, EMPTY, NoPicture, nothing_in
from wizard.answers import Answers
from wizard.messages import has, say


@pytest.mark.parametrize("step", screenshots.QUESTIONS)
def test_a_question_that_is_pictured_is_asked(step: str) -> None:
    walker = Walker()
    walker.at.session_state["answers"] = Answers(case=copy.deepcopy(CASE))
    assert nothing_in(walker.go(step).text) is None


@pytest.mark.parametrize("key", EMPTY)
def test_an_empty_screen_is_known_by_its_words(key: str) -> None:
    assert has(key)
    assert nothing_in(f"<h1>KetaPath</h1> {say(key)}") == say(key)


def test_a_broken_screen_is_known() -> None:
    assert nothing_in('<div data-testid="stException">') == "stException"
    assert nothing_in("<h1>Your result</h1>") is None


@pytest.mark.browser
def test_a_record_is_pictured_and_an_empty_screen_is_refused(
    visit: type[Visit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = visit()
    browser = one.context.browser
    assert browser is not None
    kept = '{"case": {}}'
    monkeypatch.setattr(screenshots, "ROOT", tmp_path)
    picture = tmp_path / "record.png"
    screenshots._picture(browser, one.address, kept, "record", DESKTOP, picture)
    assert picture.stat().st_size > 10_000
    with pytest.raises(NoPicture, match="suicidal_thoughts"):
        screenshots._picture(
            browser, one.address, kept, "suicidal_thoughts", DESKTOP, tmp_path / "no.png"
        )
    assert not (tmp_path / "no.png").exists()
