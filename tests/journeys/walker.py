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

from rules import evaluate, load_rules
from wizard.answers import Answers
from wizard.interview.group_fields import RATHER_NOT, key_of
from wizard.interview.sequence import Walk, plan
from wizard.interview.steps import THOUGHTS, InterviewStep
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
        """Answer what the screen asks and go on."""
        step = self.on
        self.seen.append(step.id)
        match step.kind:
            case "covers":
                return self._covers()
            case "treatments":
                return self._treatments()
            case "diagnoses":
                return self._diagnoses(step)
            case "group" | "safety" | "ways":
                return self._group(step)
        if step.id == "severity":
            return self.press(
                "scores-none" if self.answers.get("severity") == [] else "scores-unknown"
            )
        value = self.answers.get(step.field)
        if value is None:
            return self.press(f"unknown-{step.id}")
        self.fill(f"q-{step.id}", value)
        return self.press(f"on-{step.id}")

    @property
    def walk(self) -> Walk:
        """The interview as the answers so far make it."""
        result = evaluate(self.store.case_data(), today=TODAY)
        return plan(self.store, result, load_rules(), TODAY)

    @property
    def on(self) -> InterviewStep:
        """The question or questions on the screen."""
        found = self.walk.find(self.step)
        assert found is not None, self.step
        return found

    def until(self, step: str) -> Walker:
        """Answer all questions before a screen."""
        if self.step == "start":
            self.begin()
        for _ in range(MOST_STEPS):
            if self.step == step:
                return self
            self._forth()
        raise AssertionError(f"{step} is not met: {self.seen}")

    def _forth(self) -> None:
        """Answer the screen; from the result, where the interview shows it, go on with the questions."""
        if self.step == navigation.RESULT:
            upcoming = self.walk.next_after(None)
            assert upcoming is not None, self.seen
            self.go(upcoming.id)
        self.answer()

    def _diagnoses(self, step: InterviewStep) -> Walker:
        main, others = self.answers.get("diagnosis"), self.answers.get("other_diagnoses") or []
        if main is None:
            return self.press("unknown-diagnoses")
        for ident in (main, *others):
            self.at.checkbox(key=f"q-diagnoses-{ident}").check()
        self.press("on-diagnoses")
        if self.step != step.id:
            return self
        self.at.radio(key="q-diagnoses-main").set_value(main)
        return self.press("on-diagnoses")

    def _group(self, step: InterviewStep) -> Walker:
        known = {p.field: self.answers.get(p.field) for p in step.parts}
        if all(v is None for v in known.values()):
            return self.press(f"unknown-{step.id}")
        boxes = {w.key: w for w in self.at.checkbox}
        seen: list[Any] = []
        for part in step.parts:
            key, value = key_of(step, part), known[part.field]
            if key in boxes:
                seen.append(value)
                boxes[key].set_value(value is True)
            elif value is not None or part.field == THOUGHTS:
                self.fill(key, value if value is not None else RATHER_NOT)
        if seen and None in seen:
            self.at.checkbox(key=f"q-{step.id}-unsure").check()
        elif seen and True not in seen:
            self.at.checkbox(key=f"q-{step.id}-none").check()
        return self.press(f"on-{step.id}")

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
        """Answer all questions, those after the first answer too; then look at the answers."""
        if self.step == "start":
            self.begin()
        for _ in range(MOST_STEPS):
            if self.step == navigation.RESULT and not self.walk.open_steps():
                return self.go(navigation.REVIEW)
            self._forth()
        raise AssertionError(f"the questions do not end: {self.seen}")

    def result(self) -> Walker:
        return self.press("check-result-top")
