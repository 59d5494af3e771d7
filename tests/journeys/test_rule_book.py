"""Looking things up in the rule book: at the widgets, and in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from rules import load_rules
from tests.journeys.browsing import DESKTOP, PHONE, Visit
from tests.journeys.walker import TODAY, Walker
from wizard.rule_book.catalogue import Wanted, search
from wizard.rule_book.rule_book_screen import EACH_PAGE

PAYER = "unitedhealthcare"


def opened(step: str = "rule-book") -> Walker:
    walker = Walker(step=step)
    return walker.run()


def entries(walker: Walker) -> list[str]:
    """Keys of the buttons that open an entry."""
    return [b.key for b in walker.at.button if str(b.key).startswith("book-open-")]


def test_a_page_of_entries_each_with_its_source() -> None:
    walker = opened()
    assert len(entries(walker)) == EACH_PAGE
    sources = [c.value for c in walker.at.caption if "Source:" in c.value]
    assert len(sources) == EACH_PAGE


def test_searching_and_clearing() -> None:
    walker = opened()
    walker.at.text_input(key="book-text").set_value(f"{PAYER} spravato")
    walker.run()
    assert 0 < len(entries(walker)) <= EACH_PAGE
    assert "UnitedHealthcare" in walker.text
    walker.press("book-clear")
    assert walker.at.text_input(key="book-text").value == ""
    assert len(entries(walker)) == EACH_PAGE


def test_a_misspelling_is_told() -> None:
    walker = opened()
    walker.at.text_input(key="book-text").set_value("spravatto")
    walker.run()
    assert "spravato" in walker.text
    assert entries(walker)


def test_narrowing_by_state_and_doubt() -> None:
    from wizard.rule_book.entry_view import catalogue

    walker = opened()
    walker.at.selectbox(key="book-state").set_value("TX")
    walker.run()
    walker.at.button_group(key="book-marks").set_value(["recalled"])
    walker.run()
    expected = search(catalogue(), Wanted(state="TX", marks=("recalled",))).entries
    assert expected
    assert f"{len(expected)} rules and facts" in walker.text
    assert "Nobody has checked it" in walker.text


def test_a_record_shows_its_points_and_comes_back_to_the_search() -> None:
    walker = opened()
    walker.at.text_input(key="book-text").set_value(f"{PAYER} spravato treatment resistant")
    walker.run()
    walker.press(entries(walker)[0])
    assert walker.step == "record"
    assert walker.heading == load_rules().payers[PAYER].name
    assert "What it asks for" in walker.text
    assert f"rules/records/payers/{PAYER}.yaml" in walker.text
    walker.press("record-back")
    assert walker.step == "rule-book"
    assert walker.at.text_input(key="book-text").value.startswith(PAYER)


def test_a_record_that_nobody_chose_leads_to_the_search() -> None:
    walker = opened("record")
    assert walker.has("record-back")


def test_what_to_report_names_file_and_field() -> None:
    from wizard.rule_book.catalogue import build_catalogue
    from wizard.rule_book.entry_view import report_text

    entry = build_catalogue(load_rules(), TODAY).entries[0]
    text = report_text(entry, load_rules())
    assert f"rules/records/{entry.file}" in text
    assert entry.place in text
    assert entry.says in text
    assert load_rules().version in text


# --- in the browser ---------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_search_open_and_draw(visit: type[Visit], size: tuple[int, int], dark: bool) -> None:
    one = visit(size=size, dark=dark, step="rule-book")  # type: ignore[call-arg]
    assert one.violations() == []
    assert not one.scrolls_sideways()
    box = one.page.get_by_label("Search the rules")
    box.fill(f"{PAYER} spravato treatment resistant")
    one.page.wait_for_timeout(900)
    one.settled()
    one.page.locator("[class*=st-key-book-open] button:visible").first.click()
    one.page.wait_for_function("() => location.search === '?step=record'")
    one.settled()
    assert PAYER not in one.page.url
    one.page.get_by_text("The logic as a picture").first.click()
    one.page.get_by_label("Picture of the rule").first.wait_for()
    one.page.wait_for_timeout(300)
    assert one.violations() == []
    assert not one.scrolls_sideways()
    one.page.go_back()
    one.page.wait_for_function("() => location.search === '?step=rule-book'")
    one.settled()
    expect(one.page.get_by_label("Search the rules")).to_have_value(re.compile(PAYER))
    one.check()
