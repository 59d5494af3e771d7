"""The wizard under attack: hostile text on every screen, what the network may ask, and floods.

One wizard is started for all of it. Text is made up of pieces that mean something to markdown, HTML or
a browser, stuck together by chance. A flood is one line that sends as many messages as it can; what
counts is how long the step of another person takes meanwhile (another is kept waiting from 2 s on).
"""

from __future__ import annotations

import asyncio
import json
import random
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import ROOT
from benchmarks.whole_case import browser, streamlit
from wizard.answers_file import FORMAT, VERSION
from wizard.shell import pages

from .frame import Tried
from .line import open_line, rerun_message, step_over

LONGEST_NAME, COVERS, CASES_PER_ROUND = 200, 8, 1_000
PIECES = (
    "![i](http://evil.test/a.png)", "[l](http://evil.test/l)", "http://evil.test/u", "www.evil.test", "m@evil.test",
    "<img src=//evil.test/t.png onerror=window.evil=1>", "<script>window.evil=2</script>", "[j](javascript:window.evil=3)",
    "<svg/onload=window.evil=4>", "<a href=//evil.test>", "<http://evil.test/x>", "[r]: http://evil.test", "$f^2$", "$$x$$",
    "**b**", "`c`", "~~d~~", ":red[r]", ":material/home:", ":smile:", "# h", "| a | b |", "- x", "\u202er\u2069",
    "\u200b", "\\", "&copy;", "data:text/html,evil", "W" * 60,
)  # fmt: skip
GLUE = (" ", " ", "", "\n", "\n\n", "(", ")", "\u200d", "*", "\\", "'", '"')
MADE_OF_IT = """() => {
  const evil = e => /evil|javascript:/.test(e.src || e.href || e.data || '');
  const all = [...document.querySelectorAll('a, img, iframe, object, embed, video, audio, source, link')];
  return all.filter(evil).length
    + document.querySelectorAll('.katex').length
    + [...document.scripts].filter(s => s.textContent.includes('evil')).length
    + (window.evil === undefined ? 0 : 1);
}"""
STANDS_STILL = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && document.querySelector('.st-key-browser_keep_box') && !document.querySelector('[data-stale=true]');
}"""
HEADERS = (
    "Content-Security-Policy",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Referrer-Policy",
)
ANSWERED = ("", "_stcore/health", "_stcore/host-config", "favicon.png", "no-such-page")
CLOSED = (
    "_stcore/metrics", "_stcore/script-health-check", "_stcore/agent/openapi.json", "_stcore/agent/interact",
    "auth/login", "oauth2callback", "component/x/index.html",
)  # fmt: skip
FLOODS = (200, 800, 3_000)
FLOOD_SECONDS = 15  # for which the other person is watched
SESSIONS, WITHIN_SECONDS = 200, 20
KEPT_WAITING, PATIENCE = 2.0, 120.0
FIRST_STEP = "step=age"


def attack(size: int, seed: int) -> list[Tried]:
    chance = random.Random(seed)
    with streamlit(ROOT / "app.py") as server:
        found = [*_on_screens(server.address, chance, 1 + size // CASES_PER_ROUND)]
        found += [_headers(server.address), _closed(server.address), _steered(server.address)]
        found.append(_floods(server.address))
        found.append(asyncio.run(_crowd(server.address)))
    return found


# --- hostile text -------------------------------------------------------------------------------------


def _text(chance: random.Random) -> str:
    pieces = chance.sample(PIECES, chance.randint(2, 5))
    return "".join(p + chance.choice(GLUE) for p in pieces)[:LONGEST_NAME].strip() or "x"


def _saved(chance: random.Random) -> str:
    """A saved file with hostile text wherever text may stand."""
    texts = [_text(chance) for _ in range(COVERS)]
    kinds = ("employer", "individual", "student", "medicare", "fehb")
    desk = {
        "note": _text(chance),
        "variants": [
            {"id": n + 1, "name": _text(chance)[:60], "note": _text(chance), "edits": []}
            for n in range(3)
        ],
    }
    case = {
        "age": 42, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
        "stage": "denied", "annual_income": 38000, "household_size": 2,
        "coverages": [{"kind": kinds[n % len(kinds)], "payer": t} for n, t in enumerate(texts)],
        "denial": {"notice_date": "2026-11-01", "reason": "experimental", "level": "initial", "coverage": 0},
        "treatments": [{"treatment": "sertraline", "outcome": "no_response", "weeks": 10}],
    }  # fmt: skip
    return json.dumps(
        {
            "format": FORMAT, "version": VERSION, "case": case, "role": "counselor", "desk": desk,
            "unknown": texts, "ticked": texts, "own_numbers": {},
        }
    )  # fmt: skip


def _on_screens(address: str, chance: random.Random, rounds: int) -> Iterator[Tried]:
    drawn, made, elsewhere, refused = 0, [], [], 0
    steps = (*pages.PAGES, "covers", "cover-1-payer", "denied-cover", "treatments")
    with browser() as chromium:
        for _ in range(rounds):
            text = _saved(chance)
            page = chromium.new_page()
            page.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else elsewhere.append(r.url))  # fmt: skip
            page.on("console", lambda m: elsewhere.append(m.text) if "Security Policy" in m.text else None)  # fmt: skip
            page.goto(f"{address}/_stcore/health")
            page.evaluate("t => sessionStorage.setItem('ketapath', t)", text)
            for step in steps:
                page.goto(f"{address}/?step={step}")
                page.wait_for_function(STANDS_STILL, timeout=PATIENCE * 1_000)
                page.wait_for_timeout(300)
                drawn += 1
                refused += "sorry" in page.locator("h1").first.inner_text().lower()
                if page.evaluate(MADE_OF_IT):
                    made.append(f"{step}: {text[:300]}")
            page.close()
    yield Tried("screens that make something of hostile text", drawn, len(made), tuple(made[:3]))
    yield Tried("requests to others", drawn, len(elsewhere), tuple(elsewhere[:3]))
    yield Tried("screens that hostile text keeps from being drawn", drawn, refused)


# --- what the network may ask -------------------------------------------------------------------------


def _asked(address: str, path: str) -> tuple[int, Any, bytes]:
    try:
        with urllib.request.urlopen(f"{address}/{path}", timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def _headers(address: str) -> Tried:
    missing = [
        f"/{path}: {name}"
        for path in ANSWERED
        for name in HEADERS
        if name not in _asked(address, path)[1]
    ]
    return Tried("headers missing", len(ANSWERED) * len(HEADERS), len(missing), tuple(missing))


def _closed(address: str) -> Tried:
    answered = [f"/{path}" for path in CLOSED if _asked(address, path)[0] != 404]
    return Tried("paths open that nobody needs", len(CLOSED), len(answered), tuple(answered))


def _steered(address: str) -> Tried:
    """Which pages of others may steer the wizard that they show inside them."""
    trusted = json.loads(_asked(address, "_stcore/host-config")[2])["allowedOrigins"]
    return Tried("other sites that may steer it", 1, bool(trusted), tuple(trusted[:3]))


# --- floods -------------------------------------------------------------------------------------------


async def _watched(address: str, over: asyncio.Event, ready: asyncio.Event) -> float:
    """A person who goes on from screen to screen: the slowest step until it is over."""
    slowest = 0.0
    async with open_line(address) as line:
        await step_over(line, FIRST_STEP)
        ready.set()
        queries = ("step=state", FIRST_STEP)
        for number in range(10_000):
            if over.is_set():
                break
            try:
                spent = await asyncio.wait_for(step_over(line, queries[number % 2]), PATIENCE)
            except TimeoutError:
                return PATIENCE
            slowest = max(slowest, spent)
            await asyncio.sleep(0.3)
    return slowest


def _floods(address: str) -> Tried:
    alone, *floods = (asyncio.run(_flood(address, number)) for number in (0, *FLOODS))
    told = [f"none: the slowest step took {alone:.2f} s"]
    for number, seconds in zip(FLOODS, floods, strict=True):
        told.append(f"{number:,} messages: the slowest step of another took {seconds:.2f} s")
    late = sum(seconds >= KEPT_WAITING for seconds in floods)
    return Tried("floods that keep another waiting", len(floods), late, tuple(told))


async def _flood(address: str, messages: int) -> float:
    """The slowest step of another person while one line sends so many messages at once."""
    import websockets

    over, ready = asyncio.Event(), asyncio.Event()
    other = asyncio.create_task(_watched(address, over, ready))
    await ready.wait()
    async with open_line(address) as line:
        reading = asyncio.create_task(_read(line))
        try:
            for number in range(messages):
                await line.send(rerun_message(FIRST_STEP if number % 2 else "step=result"))
        except websockets.ConnectionClosed:
            pass  # shown out
        await asyncio.sleep(FLOOD_SECONDS)
        over.set()
        slowest = await other
        reading.cancel()
    return slowest


async def _read(line: Any) -> None:
    import websockets

    try:
        async for _ in line:
            pass
    except websockets.ConnectionClosed:
        pass


async def _crowd(address: str) -> Tried:
    """Many sessions opened one after the other; each has to get its first screen."""

    async def one(number: int) -> float:
        await asyncio.sleep(number * WITHIN_SECONDS / SESSIONS)
        async with open_line(address) as line:
            try:
                return await asyncio.wait_for(step_over(line, FIRST_STEP), PATIENCE)
            except TimeoutError:
                return PATIENCE

    over, ready = asyncio.Event(), asyncio.Event()
    other = asyncio.create_task(_watched(address, over, ready))
    await ready.wait()
    seconds = await asyncio.gather(*(one(n) for n in range(SESSIONS)))
    over.set()
    told = (
        f"first screens after {sorted(seconds)[SESSIONS // 2]:.1f} s (median), {max(seconds):.1f} s at most; "
        f"the slowest step of another took {await other:.2f} s"
    )
    lost = sum(s >= PATIENCE for s in seconds)
    return Tried(
        f"of {SESSIONS} sessions within {WITHIN_SECONDS} s, never drawn", SESSIONS, lost, (told,)
    )
