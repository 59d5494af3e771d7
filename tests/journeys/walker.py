"""A person at the wizard, without a browser: answers the questions that it asks and presses on.

`answers` gives an answer for each field (`coverages[0].funding`); a field that is not there is
answered with "I don't know". Everything goes through the same widgets that a person uses.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from wizard.answers import Answers
from wizard.shell import navigation

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 24)
MOST_STEPS = 120
ANSWERS_FOLD = "your_answers"


def seen(markdown: str) -> str:
    """Markdown without what only keeps text apart from markup, as a person sees it."""
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown.replace(":color[]", "")))


class Walker:
    """One session, with what its person would answer."""

    def __init__(self, answers: dict[str, Any] | None = None, step: str | None = None) -> None:
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        self.at.session_state["today"] = TODAY
        self.answers = answers or {}
        self.seen: list[str] = []
        if step:
            self.at.query_params["step"] = step
        self.run()

    # --- looking ---

    @property
    def step(self) -> str:
        value = self.at.query_params.get("step", "start")
        return value[0] if isinstance(value, list) else str(value)

    @property
    def store(self) -> Answers:
        found: Answers = self.at.session_state["answers"]
        return found

    @property
    def heading(self) -> str:
        return str(self.at.title[0].value)

    @property
    def text(self) -> str:
        """All that stands on the screen, as one text."""
        at = self.at
        parts = [
            *at.title, *at.header, *at.subheader, *at.markdown, *at.caption, *at.error, *at.warning,
            *at.info, *at.success,
        ]  # fmt: skip
        return "\n".join(seen(str(p.value)) for p in parts)

    def has(self, key: str) -> bool:
        return any(b.key == key for b in self.at.button)

    # --- doing ---

    def run(self) -> Walker:
        self.at.run()
        assert not self.at.exception, [e.value for e in self.at.exception]
        assert "Sorry, something went wrong" not in self.text, self.text
        return self

    def open_fold(self, key: str) -> Walker:
        """Open a fold whose state the server holds; its contents are drawn once it is open."""
        self.at.session_state[key] = True
        return self.run()

    def press(self, key: str) -> Walker:
        self.at.button(key=key).click()
        return self.run()

    def clear_all(self) -> Walker:
        """Clear everything in "Your answers", and say that it is meant."""
        return self.open_fold(ANSWERS_FOLD).press("foot_clear").press("foot_clear_yes")

    def begin(self) -> Walker:
        return self.press("begin")

    def go(self, step: str) -> Walker:
        self.at.query_params["step"] = step
        return self.run()

    def answer(self) -> Walker:
        """Answer the question on the screen and go on."""
        step = self.step
        self.seen.append(step)
        if step == "covers":
            return self._covers()
        if step == "treatments":
            return self._treatments()
        if step == "severity":
            return self.press(
                "scores-none" if self.answers.get("severity") == [] else "scores-unknown"
            )
        field = self.field
        value = self.answers.get(field)
        if value is None:
            return self.press(f"unknown-{step}")
        self.fill(f"q-{step}", value)
        return self.press(f"on-{step}")

    @property
    def field(self) -> str:
        """The field that the step on the screen asks for."""
        from rules import evaluate, load_rules
        from wizard.interview.sequence import plan

        result = evaluate(self.store.case_data(), today=TODAY)
        found = plan(self.store, result, load_rules(), TODAY).find(self.step)
        assert found is not None, self.step
        return found.field

    def fill(self, key: str, value: Any) -> None:
        """Put a value into the widget of a key, whatever widget it is."""
        at = self.at
        for widgets in (at.radio, at.selectbox, at.button_group):
            for widget in widgets:
                if widget.key == key:
                    widget.set_value(value)
                    return
        for field in at.text_input:
            if field.key == key:
                field.set_value(str(value))
                return
        for one in value:
            at.checkbox(key=f"{key}-{one}").check()
        if value == []:
            at.checkbox(key=f"{key}-none").check()

    def _covers(self) -> Walker:
        kinds = self.answers.get("kinds")
        if self.store.covers():
            return self.press("covers-enough")
        if kinds is None:
            return self.press("unknown-covers")
        if not kinds:
            return self.press("none-covers")
        for kind in dict.fromkeys(kinds):
            self.at.checkbox(key=f"kind-{kind}").check()
        return self.press("on-covers")

    def _treatments(self) -> Walker:
        tried = self.answers.get("treatments")
        if tried is None:
            return self.press("treatments-unknown")
        if not tried:
            return self.press("treatments-none")
        for row in tried:
            self.add_treatment(row["treatment"])
        for i, row in enumerate(tried):
            self.fill_row(i, row)
        return self.press("treatments-on")

    def add_treatment(self, ident: str, search: str | None = None) -> Walker:
        self.at.text_input(key="treatments-search").set_value(search or ident.replace("_", " "))
        self.run()
        return self.press(f"add-{ident}")

    def fill_row(self, i: int, row: dict[str, Any]) -> None:
        keys = {
            "outcome": "outcome",
            "weeks": "weeks",
            "daily_dose_mg": "dose",
            "current_episode": "episode",
        }
        for name, part in keys.items():
            if name in row:
                self.fill(f"t{i}-{part}", row[name])
        self.run()

    def finish(self) -> Walker:
        """Answer all questions until the check of the answers."""
        if self.step == "start":
            self.begin()
        for _ in range(MOST_STEPS):
            if self.step == navigation.REVIEW:
                return self
            self.answer()
        raise AssertionError(f"the questions do not end: {self.seen}")

    def result(self) -> Walker:
        return self.press("check-result-top")
