"""The wizard as people meet it: first paint and one step in Chromium, and many sessions at once.

Step and first paint are timed against `bare_step.py`, inside the page, in turns; the first page over
a slow line too, with its bytes. The sessions are those of `people.py`. Memory of a session is what
the server grew by, for each session that stays open.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any

from benchmarks.measure import ROOT, Measured, Row, in_turns
from benchmarks.people import Script, bare_people, people_with_answers
from benchmarks.whole_case import HERE, REST, STEP, browser, page_at, streamlit
from wizard.messages import say

ROUNDS, SLOW_ROUNDS = 15, 3
SESSIONS = 50
STEPS_ALONE, STEPS_EACH = 40, 8
REST_SECONDS = (2.0, 6.0)  # between two steps of one person
FIRST_STEP = "step=age"
# A slow telephone line: 1.6 Mbit/s down, 0.75 up, 150 ms there and back.
SLOW_LINE = {
    "offline": False, "latency": 150,
    "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8,
}  # fmt: skip
# Presses a button and waits until another heading has been painted.
OWN_STEP = """
(label) => new Promise((done, fail) => {
  const text = () => (document.querySelector("h1") || {}).innerText;
  const button = [...document.querySelectorAll("button")].find(b => b.innerText.trim() == label);
  if (!button) { done(null); return; }
  const before = text();
  const start = performance.now();
  const spent = () => (performance.now() - start) / 1000;
  const look = () => {
    const shown = document.querySelector("h1");
    if (shown && shown.innerText != before && shown.checkVisibility())
      requestAnimationFrame(() => done(spent()));
    else if (spent() > 20) fail(new Error("no other heading after " + before));
    else requestAnimationFrame(look);
  };
  button.click();
  requestAnimationFrame(look);
})
"""

# The button on the screen is of the last run: one of the run before would not be heard.
STANDS_STILL = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-stale=true]');
}"""


def measure(rounds: int = ROUNDS, sessions: int = SESSIONS) -> list[Row]:
    with streamlit(ROOT / "app.py") as own, streamlit(HERE / "bare_step.py") as bare:
        with browser() as chromium:
            found = _in_browser(chromium, own.address, bare.address, rounds)
        answers, nothing = people_with_answers(), bare_people()
        alone = asyncio.run(answers.walk(own.address, Script(1, STEPS_ALONE, (0.2, 0.4))))
        before, bare_before = own.memory(), bare.memory()
        many = asyncio.run(
            answers.walk(own.address, Script(sessions, STEPS_EACH, REST_SECONDS), own.memory)
        )
        bare_many = asyncio.run(
            nothing.walk(bare.address, Script(sessions, STEPS_EACH, REST_SECONDS), bare.memory)
        )
    ours = (many.memory - before) / sessions / 2**20
    theirs = (bare_many.memory - bare_before) / sessions / 2**20
    return [
        *found,
        Measured(
            f"wizard: {sessions} who keep answers, p95 step", "one of them alone, median step",
            (many.p95,), (statistics.median(alone.seconds),), "s", None, False,
        ),
        Measured(
            f"wizard: {sessions} who keep answers, p95 step", "as many in the bare app",
            (many.p95,), (bare_many.p95,), "s", None, False,
        ),
        Measured("wizard: memory of a session", "bare Streamlit app", (ours,), (theirs,), "MiB", None, False),
    ]  # fmt: skip


# --- in a browser ------------------------------------------------------------------------------------


def _in_browser(chromium: Any, own: str, bare: str, rounds: int) -> list[Row]:
    """First paint, on a quick line and on a slow one, and one step, in turns."""
    paint = in_turns(
        lambda: _first_paint(chromium, own, "h1"),
        lambda: _first_paint(chromium, bare, "h2"),
        rounds,
    )
    with page_at(chromium, bare) as plain:
        walk = _Walk(chromium, own)
        step = in_turns(walk.step, lambda: _bare_step(plain), rounds)
        walk.close()
    slow = [
        (_on_a_slow_line(chromium, own, "h1"), _on_a_slow_line(chromium, bare, "h2"))
        for _ in range(SLOW_ROUNDS)
    ]
    times, sizes = (
        (tuple(o[n] for o, _ in slow), tuple(b[n] for _, b in slow)) for n in (0, 1)
    )  # fmt: skip
    return [
        Measured("wizard: first paint", "bare Streamlit app", *paint, "s", 1.3, False),
        Measured("wizard: one step", "bare Streamlit app", *step, "s", 1.3, False),
        Measured("wizard: first page over 1.6 Mbit/s", "bare Streamlit app", *times, "s", 1.3, False),
        Measured("wizard: bytes of the first page", "bare Streamlit app", *sizes, "MiB", 1.3, False),
    ]  # fmt: skip


def _on_a_slow_line(chromium: Any, address: str, heading: str) -> tuple[float, float]:
    """Seconds to the first heading with nothing kept in the browser, and MiB that came over the line."""
    context = chromium.new_context()
    try:
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW_LINE)
        came: list[float] = []
        line.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
        line.on(
            "Network.webSocketFrameReceived",
            lambda told: came.append(len(told["response"]["payloadData"])),
        )
        start = time.perf_counter()
        page.goto(address)
        page.locator(heading).first.wait_for(timeout=120_000)
        return time.perf_counter() - start, sum(came) / 2**20
    finally:
        context.close()


def _first_paint(chromium: Any, address: str, heading: str) -> float:
    """From opening the address, with nothing kept in the browser, to the first heading."""
    context = chromium.new_context()
    try:
        page = context.new_page()
        start = time.perf_counter()
        page.goto(address)
        page.locator(heading).first.wait_for()
        return time.perf_counter() - start
    finally:
        context.close()


def _bare_step(page: Any) -> float:
    page.wait_for_timeout(REST)
    return float(page.evaluate(STEP))


class _Walk:
    """A person who does not know, from question to question; at the end another begins."""

    def __init__(self, chromium: Any, address: str) -> None:
        self._chromium = chromium
        self._address = f"{address}/?{FIRST_STEP}"
        self._label = say("question.unknown")
        self._begin()

    def _begin(self) -> None:
        self._context = self._chromium.new_context()
        self._page = self._context.new_page()
        self._page.goto(self._address)
        self._page.get_by_role("button", name=self._label, exact=True).wait_for()
        self._page.wait_for_timeout(4 * REST)

    def step(self) -> float:
        self._page.wait_for_timeout(REST)
        self._page.wait_for_function(STANDS_STILL)
        spent = self._page.evaluate(OWN_STEP, self._label)
        if spent is None:
            self.close()
            self._begin()
            return self.step()
        return float(spent)

    def close(self) -> None:
        self._context.close()
