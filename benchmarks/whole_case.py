"""A whole case through the engine, against one bare step of a Streamlit form in a browser.

Ours is everything that a person is shown: paths with the trace, what would change them, the
questions still open. The step is `bare_step.py` on this machine, timed inside the page from
the click to the next heading; it decides nothing, so it is what any screen costs at least.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rules
from benchmarks.measure import ROOT, Measured, Row, in_turns

ROUNDS = 25
REST = 200  # milliseconds before each turn, for the browser to finish the step before
TODAY = dt.date(2026, 11, 24)
HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Clicks the button and waits until a frame with the next heading has been painted.
STEP = """
() => new Promise((done, fail) => {
  const heading = () => document.querySelector("h2");
  const button = [...document.querySelectorAll("button")].find(b => b.innerText == "Continue");
  const next = "Question " + (Number(heading().innerText.match(/[0-9]+/)[0]) + 1);
  const start = performance.now();
  const spent = () => (performance.now() - start) / 1000;
  const look = () => {
    const shown = heading();
    if (shown && shown.innerText.startsWith(next) && shown.checkVisibility())
      requestAnimationFrame(() => done(spent()));
    else if (spent() > 20) fail(new Error("no " + next));
    else requestAnimationFrame(look);
  };
  button.click();
  requestAnimationFrame(look);
})
"""


def measure(rounds: int = ROUNDS) -> list[Row]:
    case = json.loads((HERE / "whole_case.json").read_text(encoding="utf-8"))
    rules.load_rules()

    with (
        streamlit(HERE / "bare_step.py") as bare,
        browser() as found,
        page_at(found, bare.address) as page,
    ):

        def ours() -> float:
            page.wait_for_timeout(REST)
            start = time.perf_counter()
            rules.evaluate(case, today=TODAY)
            return time.perf_counter() - start

        def theirs() -> float:
            page.wait_for_timeout(REST)
            return float(page.evaluate(STEP))

        mine, other = in_turns(ours, theirs, rounds)
    return [Measured("whole case", "one bare Streamlit step", mine, other, "s", 0.1, False)]


class Server:
    """A Streamlit server of its own: where it answers, and what memory it holds."""

    def __init__(self, address: str, process: subprocess.Popen[bytes]) -> None:
        self.address = address
        self._process = process

    def memory(self) -> float:
        """Resident memory in bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(x for x in status.splitlines() if x.startswith("VmRSS"))
        return float(line.split()[1]) * 1024


@contextmanager
def streamlit(script: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", str(script)),
            *("--server.port", str(port), "--server.address", "127.0.0.1"),
            *("--server.headless", "true", "--server.fileWatcherType", "none"),
        ],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/_stcore/health", server)
        yield Server(address, server)
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("Streamlit did not start")


@contextmanager
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    browser_path = next((place for name in BROWSERS if (place := shutil.which(name))), None)
    if browser_path is None:
        raise RuntimeError("no Chromium on this machine: `make browser` installs it")
    with sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=browser_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        try:
            yield found
        finally:
            found.close()


@contextmanager
def page_at(chromium: Any, address: str) -> Iterator[Any]:
    """The bare step's first question."""
    page = chromium.new_page()
    try:
        page.goto(address)
        page.get_by_role("heading", name="Question 1").wait_for()
        yield page
    finally:
        page.close()
