"""Many sessions at once, walked by clients that speak Streamlit's own protocol.

A browser each would measure the browsers. A client plays the browser's part: asked for the answers
that the tab keeps, it hands over a whole case, its own and no other's (`whole_case.json`, of another
age and deductible). It keeps the answers that stand on a screen, goes on, and looks at the result,
the papers and the costs; between two steps it rests as a quick reader would. A person of the bare
app presses its button.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from benchmarks.whole_case import HERE
from wizard.answers import Answers
from wizard.answers_file import to_file
from wizard.messages import say

PATIENCE = 120
# The interview from its start, with a look at what comes of it after every second question.
LOOKS = ("result", "papers", "costs")


class Script(NamedTuple):
    """How many people walk, how many steps each, and how long each rests between two (seconds)."""

    sessions: int
    steps: int
    rest: tuple[float, float]


@dataclass
class Walked:
    """The seconds of every step, and the memory of the server while all were still there."""

    seconds: list[float] = field(default_factory=list)
    memory: float = 0.0

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1]


@dataclass(frozen=True)
class People:
    """Whom a server meets: where they begin, which button they press, what their tabs keep."""

    start: str
    label: str
    looks: tuple[str, ...]
    kept: Callable[[int], str]  # the person's number -> what the tab keeps

    async def walk(
        self, address: str, script: Script, memory: Callable[[], float] | None = None
    ) -> Walked:
        """Walk side by side; the memory is taken while all sessions are still open."""
        found, all_done = Walked(), asyncio.Event()
        people = [
            asyncio.create_task(self._person(address, n, script, found.seconds, all_done))
            for n in range(script.sessions)
        ]
        while len(found.seconds) < script.sessions * script.steps:
            if any(p.done() for p in people):  # one that failed: its error comes with `gather`
                break
            await asyncio.sleep(0.1)
        if memory is not None:
            found.memory = memory()
        all_done.set()
        await asyncio.gather(*people)
        return found

    async def _person(
        self,
        address: str,
        number: int,
        script: Script,
        seconds: list[float],
        all_done: asyncio.Event,
    ) -> None:
        import websockets

        chance = random.Random(number)
        place = f"{address.replace('http', 'ws')}/_stcore/stream"
        async with websockets.connect(place, subprotocols=["streamlit"], max_size=None) as line:  # type: ignore[list-item]
            tab = _Tab(line, self.label, self.kept(number))
            await asyncio.sleep(chance.uniform(0, script.rest[1]))
            await tab.open(self.start)
            places = itertools.cycle((None, None, *self.looks) if self.looks else (None,))
            for _, look in zip(range(script.steps), places, strict=False):
                await asyncio.sleep(chance.uniform(*script.rest))
                start = time.perf_counter()
                await (tab.look_at(look) if look is not None else tab.press())
                seconds.append(time.perf_counter() - start)
            await all_done.wait()


class _Tab:
    """A browser's tab as far as a walk needs it."""

    def __init__(self, line: Any, label: str, kept: str) -> None:
        self._line = line
        self._label = label
        self._kept = kept
        self._query = ""
        self._question = ""  # where the interview stands
        self._button: str | None = None
        self._ask: str | None = None

    async def open(self, query: str) -> None:
        """The first page; where it asks for what the tab keeps, the reply and the page after it."""
        await self._run(query, {})
        if self._ask is not None:
            reply = {self._ask: json.dumps({"kept": self._kept})}
            await self._run(self._query, reply)
        if self._button is None:
            raise RuntimeError(f"no button {self._label!r} on the first page")
        self._question = self._query

    async def press(self) -> None:
        """Keep what stands on the screen and go on; at the end of the interview begin it anew."""
        if self._button is None:
            await self._run(self._question, {})
        await self._run(self._query, {}, self._button)
        self._question = self._query

    async def look_at(self, screen: str) -> None:
        await self._run(f"step={screen}", {})
        self._button = None

    async def _run(self, query: str, states: dict[str, str], button: str | None = None) -> None:
        """One run, until the script has finished."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        asked = BackMsg()
        asked.rerun_script.query_string = query
        for ident, value in states.items():
            asked.rerun_script.widget_states.widgets.add(id=ident, json_value=value)
        if button is not None:
            asked.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
        await self._line.send(asked.SerializeToString())
        self._query, self._button, self._ask = query, None, None
        while True:
            told = ForwardMsg()
            told.ParseFromString(await asyncio.wait_for(self._line.recv(), PATIENCE))
            kind = told.WhichOneof("type")
            if kind == "page_info_changed":
                self._query = told.page_info_changed.query_string
            elif kind == "delta":
                self._see(told.delta.new_element)
            elif kind == "script_finished":
                return

    def _see(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "button" and element.button.label == self._label:
            self._button = element.button.id
        elif kind == "bidi_component" and "browser_ask" in element.bidi_component.id:
            self._ask = element.bidi_component.id


def people_with_answers() -> People:
    """People who told a whole case and walk through it again."""
    case = json.loads((HERE / "whole_case.json").read_text(encoding="utf-8"))

    def kept(number: int) -> str:
        own = {
            **case,
            "age": 20 + number,
            "money": {**case["money"], "deductible_left": 100 * number},
        }
        return to_file(Answers(case=own, role="patient"), dt.date.today())

    return People("step=age", say("question.go_on"), LOOKS, kept)


def bare_people() -> People:
    """People of `bare_step.py`."""
    return People("", "Continue", (), lambda _: "")
