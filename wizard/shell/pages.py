"""The screens there are: one line each.

`name` is what the address bar shows (`?step=result`); `title` the key of its words; `group` its place
in the menu (none: it is reached from other screens only).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from wizard.costs import costs_screen
from wizard.counselor import comparison_screen, counselor_screen
from wizard.documents import documents_screen
from wizard.interview import check_answers_screen, question_screen, quick_form_screen, start_screen
from wizard.result import calendar_screen, plan_screen, print_screen, result_screen
from wizard.rule_book import glossary_screen, record_screen, rule_book_screen
from wizard.screening import table_screen

from .said import bare, said

Group = Literal["case", "tools", "staff", "look_up"]
# The groups in the order of the menu, each with the sign that its screens share.
GROUPS: dict[Group, str] = {
    "case": ":material/person:",
    "tools": ":material/folder:",
    "staff": ":material/groups:",
    "look_up": ":material/search:",
}


@dataclass(frozen=True)
class Page:
    """A screen. `needs_answers` keeps it out of the menu until something was told."""

    name: str
    title: str
    draw: Callable[[], None]
    group: Group | None = None
    wide: bool = False
    needs_answers: bool = False


_ALL = (
    Page("start", "pages.start", start_screen.draw, "case"),
    Page("questions", "pages.questions", question_screen.draw, "case"),
    Page("check-answers", "pages.check_answers", check_answers_screen.draw, "case", needs_answers=True),
    Page("result", "pages.result", result_screen.draw, "case", needs_answers=True),
    Page("print", "pages.print", print_screen.draw, "case", needs_answers=True),
    Page("plan", "pages.plan", plan_screen.draw, "tools", needs_answers=True),
    Page("calendar", "pages.calendar", calendar_screen.draw, "tools", needs_answers=True),
    Page("papers", "pages.papers", documents_screen.draw, "tools", needs_answers=True),
    Page("costs", "pages.costs", costs_screen.draw, "tools"),
    Page("quick-form", "pages.quick_form", quick_form_screen.draw, "staff", wide=True),
    Page("table", "pages.table", table_screen.draw, "staff", wide=True),
    Page("counselor", "pages.counselor", counselor_screen.draw, "staff", wide=True),
    Page("rule-book", "pages.rule_book", rule_book_screen.draw, "look_up", wide=True),
    Page("record", "rule_book.record_tab", record_screen.draw, wide=True),
    Page("comparison", "counselor.print_title", comparison_screen.draw, wide=True),
    Page("glossary", "pages.glossary", glossary_screen.draw, "look_up"),
)  # fmt: skip
PAGES: dict[str, Page] = {p.name: p for p in _ALL}


def page_of(step: str) -> Page:
    """The screen of a step: one of its own, or that of the questions."""
    return PAGES.get(step, PAGES["questions"])


def tab_title(page: Page, step: str) -> str:
    """The title of the tab. It names no question: titles stay in the browser's history."""
    return question_screen.tab_title(step) if page.name == "questions" else bare(page.title)


def menu(told_something: bool) -> dict[str, str]:
    """The screens that the menu shows now, group by group: each by its name, with its line."""
    return {
        p.name: f"{sign} {said(p.title)}"
        for group, sign in GROUPS.items()
        for p in _ALL
        if p.group == group and (told_something or not p.needs_answers)
    }
