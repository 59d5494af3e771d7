"""What stands before the wizard: headers on every answer, closed paths, and each client its turn."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.in_a_loop import run_to_end
from wizard.server.closed_paths import ClosedPaths
from wizard.server.fair_share import TOO_MUCH, FairShare, Limits, Pace
from wizard.server.headers import SafeHeaders, safe_headers

# --- headers and paths -----------------------------------------------------------------------------


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"x", b"y"), (b"set-cookie", b"a=b; Path=/; SameSite=Strict")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"page"})


def answer_of(app: Any, path: str, scheme: str = "http") -> tuple[int, dict[str, str]]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "scheme": scheme, "path": path, "headers": []}
    run_to_end(app(scope, receive, send))
    headers = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
    return int(sent[0]["status"]), headers


@pytest.mark.parametrize("path", ["/", "/_stcore/metrics"])
def test_every_answer_has_the_headers_and_keeps_its_own(path: str) -> None:
    _, headers = answer_of(SafeHeaders(ClosedPaths(_page)), path)
    for name, value in safe_headers().items():
        assert headers[name.lower()] == value
    assert path != "/" or headers["x"] == "y"


def test_a_cookie_set_over_https_goes_over_https_alone() -> None:
    for scheme in ("http", "https"):
        cookie = answer_of(SafeHeaders(_page), "/", scheme)[1]["set-cookie"]
        assert cookie.endswith("; Secure") is (scheme == "https")


def test_no_other_host_and_no_script_of_anyone_else_is_let_in() -> None:
    policy = dict(p.split(" ", 1) for p in safe_headers()["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert "'sha256-" in policy["script-src"]  # the script in Streamlit's own page
    assert policy["connect-src"] == "'self'"
    for places in policy.values():
        assert not re.search(r"\*|https?:|//|\.", places)


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics", "/_stcore/metrics/", "/_stcore/script-health-check", "/_stcore/agent/interact",
        "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/auth/login", "/oauth2callback",
        "/component/x/index.html", "/app/static/x", "/result", "/_stcore", "//evil.test", "/.streamlit/config.toml",
    ],
)  # fmt: skip
def test_what_nobody_needs_is_not_there(path: str) -> None:
    assert answer_of(ClosedPaths(_page), path)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/", "/index.html", "/favicon.png", "/manifest.json", "/static/js/index.js", "/_stcore/health",
        "/_stcore/host-config", "/_stcore/upload_file/a/b", "/media/abc.pdf",
    ],
)  # fmt: skip
def test_what_the_page_asks_for_is_there(path: str) -> None:
    assert answer_of(ClosedPaths(_page), path)[0] == 200


# --- turns ------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_come_at_once_and_the_rest_one_after_the_other() -> None:
    pace = Pace(3, 2.0, Clock())
    assert [pace.turn() for _ in range(6)] == [0, 0, 0, 0.5, 1.0, 1.5]


def test_who_rests_may_come_again() -> None:
    clock = Clock()
    pace = Pace(3, 2.0, clock)
    for _ in range(5):
        pace.turn()
    clock.now += 1.0
    assert not pace.rested
    assert pace.turn() == 0.5
    clock.now += 60
    assert pace.rested
    assert [pace.turn() for _ in range(4)] == [0, 0, 0, 0.5]


def test_a_person_who_types_fast_never_waits() -> None:
    clock, limits = Clock(), Limits()
    pace = Pace(*limits.line, clock)
    for _ in range(1_000):
        clock.now += 0.12
        assert pace.turn() == 0


def test_a_full_clinic_behind_one_address_never_waits() -> None:
    clock, limits = Clock(), Limits()
    pace = Pace(*limits.address, clock)
    for _ in range(2_000):  # fifty people, a step every four seconds each
        clock.now += 4 / 50
        assert pace.turn() == 0


SMALL = Limits(line=(3, 50.0), address=(5_000, 1_000.0), most_late=20)


async def _line(
    share: FairShare, messages: int, who: str = "192.0.2.1"
) -> tuple[list[Message], list[Message]]:
    """One line that sends so many messages and then ends: what the wizard got, and what was sent back."""
    waiting = [{"type": "websocket.connect"}]
    waiting += [{"type": "websocket.receive", "bytes": b"m"}] * messages
    waiting += [{"type": "websocket.disconnect", "code": 1000}]
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    got: list[Message] = []
    await share({"type": "websocket", "client": (who, 1), "got": got}, receive, send)
    return got, sent


async def _wizard(scope: Scope, receive: Receive, send: Send) -> None:
    """Takes what comes, and answers each message, to the end of the line."""
    while (message := await receive())["type"] != "websocket.disconnect":
        scope["got"].append(message)
        await send({"type": "websocket.send", "bytes": b""})
    scope["got"].append(message)
    await send({"type": "websocket.send", "bytes": b""})


def test_what_comes_too_fast_waits_and_nothing_is_lost() -> None:
    got, _ = run_to_end(_line(FairShare(_wizard, SMALL), 20))
    assert [m["type"] for m in got].count("websocket.receive") == 20
    assert got[-1]["code"] == 1000


def test_a_flood_is_shown_out_and_the_others_stay() -> None:
    share = FairShare(_wizard, SMALL)

    async def both() -> Any:
        return await asyncio.gather(_line(share, 3_000), _line(share, 3, "192.0.2.2"))

    (flood, closed), (other, _) = run_to_end(both())
    assert [m["type"] for m in flood].count("websocket.receive") < 300  # of the 3,000
    assert flood[-1]["code"] == TOO_MUCH
    assert closed[-1] == {"type": "websocket.close", "code": TOO_MUCH}  # nothing is sent after it
    assert [m["type"] for m in other].count("websocket.receive") == 3
    assert other[-1]["code"] == 1000


def test_an_address_may_open_so_many_lines_at_a_time() -> None:
    share = FairShare(_wizard, Limits(most_lines=0))
    got, sent = run_to_end(_line(share, 1))
    assert got == []
    assert sent == [{"type": "websocket.close", "code": TOO_MUCH}]


def test_all_lines_of_an_address_share_its_turns() -> None:
    """Eight messages of four lines: four at once, the others one every hundredth of a second."""
    share = FairShare(_wizard, Limits(address=(4, 100.0)))

    async def seconds(*who: str) -> float:
        start = time.monotonic()
        await asyncio.gather(*(_line(share, 2, w) for w in who))
        return time.monotonic() - start

    assert run_to_end(seconds(*["192.0.2.1"] * 4)) >= 0.04
    assert len(share.addresses) == 1


@pytest.mark.parametrize("finishes", [True, False], ids=["drawn", "left"])
def test_only_two_lines_of_an_address_are_drawn_for_the_first_time_at_once(finishes: bool) -> None:
    """A line makes room for the next when its first screen is drawn, or when it is left."""
    now, most = 0, 0
    finished = ForwardMsg()
    finished.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal now, most
        await receive()
        await receive()
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(0.01)
        now -= 1
        if finishes:
            await send({"type": "websocket.send", "bytes": finished.SerializeToString()})
            await asyncio.sleep(0.05)

    async def many() -> None:
        share = FairShare(slow)
        await asyncio.gather(*(_line(share, 1) for _ in range(12)))

    run_to_end(asyncio.wait_for(many(), 4))  # sooner than a line loses its turn
    assert most == 2


def test_a_first_screen_that_takes_long_keeps_nobody_out() -> None:
    async def stuck(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await receive()
        await asyncio.sleep(0.3)

    async def many() -> None:
        share = FairShare(stuck, Limits(opening=1, opening_seconds=0.01))
        await asyncio.gather(*(_line(share, 1) for _ in range(10)))

    run_to_end(asyncio.wait_for(many(), 2.5))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("a name", "another", False),
    ],
)
def test_who_counts_as_one_client(one: str, other: str, same: bool) -> None:
    share = FairShare(_wizard)
    run_to_end(_line(share, 1, one))
    run_to_end(_line(share, 1, other))
    assert (len(share.addresses) == 1) is same


def test_addresses_at_rest_are_forgotten() -> None:
    clock = Clock()
    share = FairShare(_wizard, Limits(most_addresses=3), clock)
    for number in range(3):
        run_to_end(_line(share, 1, f"192.0.2.{number}"))
    clock.now += 60
    run_to_end(_line(share, 1, "192.0.2.9"))
    assert list(share.addresses) == ["192.0.2.9"]
