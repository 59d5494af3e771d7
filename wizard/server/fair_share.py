"""How much one client may ask, so that a flood from one leaves the others their turn.

What comes too fast is not refused but read later: the line of that client waits, the others do not.
Nobody who types or taps reaches the limits; a client that keeps running into them is shown out.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

Clock = Callable[[], float]
LONGEST_LAST_WORD = 200  # bytes
TOO_MUCH = 1008  # the WebSocket code of a line closed for what the client did


@dataclass
class Pace:
    """So many at once, then so many a second; each turn is given when it is asked for."""

    at_once: int
    a_second: float
    clock: Clock = time.monotonic
    _full_at: float = float("-inf")  # when all that may come at once may come again

    def turn(self) -> float:
        """Take a turn: in how many seconds it comes."""
        now = self.clock()
        self._full_at = max(self._full_at, now) + 1 / self.a_second
        return max(0.0, self._full_at - now - self.at_once / self.a_second)

    @property
    def rested(self) -> bool:
        return self._full_at <= self.clock()


@dataclass(frozen=True)
class Limits:
    """A person sends one message a step, two or three a second when typing fast.

    An address may be a clinic's: fifty people who step every four seconds send twelve a second.
    """

    line: tuple[int, float] = (30, 10.0)  # messages of one line
    address: tuple[int, float] = (80, 20.0)  # messages of all lines from one address
    opening: int = 2  # lines of one address that are drawn for the first time, all at once
    opening_seconds: float = 5.0  # after which the next has its turn all the same
    most_lines: int = 400  # open at a time from one address
    most_late: int = 150  # messages in a row that came too fast for their own line
    most_addresses: int = 2_000  # remembered before those at rest are forgotten


@dataclass
class _Address:
    messages: Pace
    opening: asyncio.Semaphore
    lines: int = 0

    @property
    def at_rest(self) -> bool:
        return not self.lines and self.messages.rested


@dataclass
class FairShare:
    """Gives each line, and all lines of an address together, their turns."""

    app: ASGIApp
    limits: Limits = Limits()
    clock: Clock = time.monotonic
    addresses: dict[str, _Address] = field(default_factory=dict, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        address = self._address(scope)
        if address.lines >= self.limits.most_lines:
            await receive()
            await send({"type": "websocket.close", "code": TOO_MUCH})
            return
        address.lines += 1
        line = _Line(address, self.limits, self.clock, receive, send)
        try:
            await self.app(scope, line.receive, line.send)
        finally:
            line.opened()
            address.lines -= 1

    def _address(self, scope: Scope) -> _Address:
        name = _name_of(scope)
        if len(self.addresses) >= self.limits.most_addresses:
            kept = {n: a for n, a in self.addresses.items() if not a.at_rest}
            self.addresses = kept
        if name not in self.addresses:
            self.addresses[name] = _Address(
                Pace(*self.limits.address, self.clock), asyncio.Semaphore(self.limits.opening)
            )
        return self.addresses[name]


class _Line:
    """One open line: what comes over it is handed on in its turn."""

    def __init__(
        self, address: _Address, limits: Limits, clock: Clock, receive: Receive, send: Send
    ) -> None:
        self._address = address
        self._opening: asyncio.TimerHandle | None = None  # while the first screen is drawn
        self._new = True
        self._pace = Pace(*limits.line, clock)
        self._limits = limits
        self._receive = receive
        self._send = send
        self._late = 0
        self._closed = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        own = self._pace.turn()
        self._late = self._late + 1 if own else 0
        if self._late > self._limits.most_late:
            self._closed = True
            await self._send({"type": "websocket.close", "code": TOO_MUCH})
            return {"type": "websocket.disconnect", "code": TOO_MUCH}
        await asyncio.sleep(max(own, self._address.messages.turn()))
        if self._new:
            self._new = False
            await self._open()
        return message

    async def _open(self) -> None:
        """Wait until few enough others are drawn for the first time, which is the most that one asks."""
        await self._address.opening.acquire()
        loop = asyncio.get_running_loop()
        self._opening = loop.call_later(self._limits.opening_seconds, self.opened)

    def opened(self) -> None:
        """The first screen is there, or took its time: the next line has its turn."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
            self._address.opening.release()

    async def send(self, message: Message) -> None:
        if self._closed:
            return
        if self._opening is not None and _is_the_last_word(message.get("bytes") or b""):
            self.opened()
        await self._send(message)


def _is_the_last_word(sent: bytes) -> bool:
    """Whether a message to the browser says that a screen is drawn; it says little else."""
    return (
        len(sent) < LONGEST_LAST_WORD
        and ForwardMsg.FromString(sent).WhichOneof("type") == "script_finished"
    )


def _name_of(scope: Scope) -> str:
    """Who is at the other end; of a long address only the part that one subscriber is given."""
    host = str(scope["client"][0]) if scope.get("client") else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
