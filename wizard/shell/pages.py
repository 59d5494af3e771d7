"""The screens there are: one line each. A screen whose module does not exist yet is left out.

`name` is what the address bar shows (`?step=result`); `title` the key of its words; `group` its place
in the menu (none: it is reached from other screens only). A module has a function `draw()`.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

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
    module: str
    group: Group | None = None
    wide: bool = False
    needs_answers: bool = False


PAGES: tuple[Page, ...] = (
    Page("start", "pages.start", "wizard.interview.start_screen", "case"),
    Page("questions", "pages.questions", "wizard.interview.question_screen", "case"),
    Page("check-answers", "pages.check_answers", "wizard.interview.check_answers_screen", "case", needs_answers=True),
    Page("result", "pages.result", "wizard.result.result_screen", "case", needs_answers=True),
    Page("print", "pages.print", "wizard.result.print_screen", "case", needs_answers=True),
    Page("plan", "pages.plan", "wizard.result.plan_screen", "tools", needs_answers=True),
    Page("calendar", "pages.calendar", "wizard.result.calendar_screen", "tools", needs_answers=True),
    Page("papers", "pages.papers", "wizard.documents.documents_screen", "tools", needs_answers=True),
    Page("costs", "pages.costs", "wizard.costs.costs_screen", "tools"),
    Page("quick-form", "pages.quick_form", "wizard.interview.quick_form_screen", "staff", wide=True),
    Page("table", "pages.table", "wizard.screening.table_screen", "staff", wide=True),
    Page("counselor", "pages.counselor", "wizard.counselor.counselor_screen", "staff", wide=True),
    Page("rule-book", "pages.rule_book", "wizard.rule_book.rule_book_screen", "look_up", wide=True),
    Page("record", "rule_book.record_tab", "wizard.rule_book.record_screen", wide=True),
    Page("comparison", "counselor.print_title", "wizard.counselor.comparison_screen", wide=True),
    Page("glossary", "pages.glossary", "wizard.rule_book.glossary_screen", "look_up"),
)  # fmt: skip


@lru_cache(maxsize=1)
def existing() -> dict[str, Page]:
    """The screens whose module is there, by name."""
    return {p.name: p for p in PAGES if importlib.util.find_spec(p.module) is not None}


def exists(name: str) -> bool:
    return name in existing()


def in_menu(told_something: bool) -> tuple[str, ...]:
    """The names of the screens that the menu shows now, group by group."""
    return tuple(
        p.name
        for group in GROUPS
        for p in existing().values()
        if p.group == group and (told_something or not p.needs_answers)
    )


def drawer(page: Page) -> Callable[[], None]:
    """The function that draws a screen."""
    found: Callable[[], None] = importlib.import_module(page.module).draw
    return found
