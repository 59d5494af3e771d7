"""The wizard as people meet it: first paint and one step in Chromium, and many sessions at once.

Step and first paint are timed against `bare_step.py`, inside the page, in turns. The sessions are
walked by clients that speak Streamlit's own protocol (a browser each would measure the browsers):
each presses "I don't know" from screen to screen, rests as a quick reader would, and begins anew
at the end. Memory of a session is what the server grew by, for each session that stays open.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.measure import ROOT, Measured, Row, in_turns
from benchmarks.whole_case import HERE, REST, STEP, browser, page_at, streamlit
from wizard.messages import say

ROUNDS = 15
SESSIONS = 50
STEPS_ALONE, STEPS_EACH = 40, 8
REST_SECONDS = (2.0, 6.0)  # between two steps of one person
FIRST_STEP = "step=age"
PATIENCE = 60
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
            paint = in_turns(
                lambda: _first_paint(chromium, own.address, "h1"),
                lambda: _first_paint(chromium, bare.address, "h2"),
                rounds,
            )
            with page_at(chromium, bare.address) as plain:
                walk = _Walk(chromium, own.address)
                step = in_turns(walk.step, lambda: _bare_step(plain), rounds)
                walk.close()
        alone = asyncio.run(_walks(own.address, 1, STEPS_ALONE, (0.2, 0.4)))
        before, bare_before = own.memory(), bare.memory()
        many = asyncio.run(_walks(own.address, sessions, STEPS_EACH, REST_SECONDS, own.memory))
        bare_many = asyncio.run(_walks(bare.address, sessions, 1, (0, 0), bare.memory))
    at_once = statistics.quantiles(many.seconds, n=20)[-1]
    usual = statistics.median(alone.seconds)
    ours = (many.memory - before) / sessions / 2**20
    theirs = (bare_many.memory - bare_before) / sessions / 2**20
    return [
        Measured("wizard: first paint", "bare Streamlit app", *paint, "s", 1.3, False),
        Measured("wizard: one step", "bare Streamlit app", *step, "s", 1.3, False),
        Measured(
            f"wizard: {sessions} sessions, p95 step", "one session alone, median step",
            (at_once,), (usual,), "s", None, False,
        ),
        Measured("wizard: memory of a session", "bare Streamlit app", (ours,), (theirs,), "MiB", None, False),
    ]  # fmt: skip


# --- in a browser ------------------------------------------------------------------------------------


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


# --- many at once --------------------------------------------------------------------------------------


class _Walked:
    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.memory = 0.0


async def _walks(
    address: str,
    sessions: int,
    steps: int,
    rest: tuple[float, float],
    memory: Callable[[], float] | None = None,
) -> _Walked:
    """Sessions that walk side by side; the memory is taken while all are still open."""
    found = _Walked()
    chance = random.Random(24)
    everyone_done = asyncio.Event()
    people = [
        asyncio.create_task(_person(address, steps, rest, chance, found.seconds, everyone_done))
        for _ in range(sessions)
    ]
    waiting = sessions * steps
    while len(found.seconds) < waiting and not any(p.done() for p in people):
        await asyncio.sleep(0.1)
    if memory is not None:
        found.memory = memory()
    everyone_done.set()
    await asyncio.gather(*people)
    return found


async def _person(
    address: str,
    steps: int,
    rest: tuple[float, float],
    chance: random.Random,
    seconds: list[float],
    everyone_done: asyncio.Event,
) -> None:
    import websockets

    place = f"{address.replace('http', 'ws')}/_stcore/stream"
    async with websockets.connect(place, subprotocols=["streamlit"], max_size=None) as line:  # type: ignore[list-item]
        await asyncio.sleep(chance.uniform(0, rest[1]))
        seen = await _run(line, FIRST_STEP, None)
        for _ in range(steps):
            await asyncio.sleep(chance.uniform(*rest))
            start = time.perf_counter()
            seen = await _run(line, seen.query, seen.button)
            seconds.append(time.perf_counter() - start)
        await everyone_done.wait()


class _Seen:
    """What one run put on the screen, as far as the walk needs it."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.button: str | None = None


async def _run(line: Any, query: str, button: str | None) -> _Seen:
    """One run: the button pressed (or the first step opened), until the script has finished."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    asked = BackMsg()
    asked.rerun_script.query_string = query if button else FIRST_STEP
    if button:
        pressed = asked.rerun_script.widget_states.widgets.add()
        pressed.id = button
        pressed.trigger_value = True
    await line.send(asked.SerializeToString())
    label = say("question.unknown")
    seen = _Seen(asked.rerun_script.query_string)
    while True:
        told = ForwardMsg()
        told.ParseFromString(await asyncio.wait_for(line.recv(), PATIENCE))
        kind = told.WhichOneof("type")
        if kind == "page_info_changed":
            seen.query = told.page_info_changed.query_string
        elif kind == "delta" and told.delta.new_element.WhichOneof("type") == "button":
            if told.delta.new_element.button.label == label:
                seen.button = told.delta.new_element.button.id
        elif kind == "script_finished":
            return seen
