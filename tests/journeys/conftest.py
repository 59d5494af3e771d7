"""A running wizard on a free port, and a real browser that may reach nothing else."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.browsing import Visit

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 60
FIRST_PORT, PORTS_OF_A_WORKER, PORT_RANGES = 20_000, 600, 20


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey that ran out of time is walked once more; what it found to be wrong stands.

    On a crowded machine the browser may get no processor for a minute. Such a second walk is named
    in the summary (`-rR`).
    """
    once_more = pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError"])
    for item in items:
        if item.get_closest_marker("browser") is not None:
            item.add_marker(once_more)


def free_port() -> int:
    """A port that nobody has: each worker looks in a range of its own, below those of the system.

    A port that the system names could be taken by another worker, or by a browser, before the
    wizard listens on it.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST_PORT + worker % PORT_RANGES * PORTS_OF_A_WORKER
    for port in random.sample(range(first, first + PORTS_OF_A_WORKER), PORTS_OF_A_WORKER):
        with socket.socket() as found, contextlib.suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"no port is free from {first} on")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a wizard started for these tests."""
    # A file, not a pipe: a pipe that nobody reads fills up and stops the server.
    log = (tmp_path_factory.mktemp("server") / "log.txt").open("wb")
    port = free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
        "--server.address", "127.0.0.1", "--server.fileWatcherType", "none",
    ]  # fmt: skip
    running = subprocess.Popen(
        command, cwd=ROOT, env=os.environ.copy(), stdout=log, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, running)
        yield address
    finally:
        running.terminate()
        running.wait(timeout=20)
        log.close()


def _wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if running.poll() is not None:
            raise RuntimeError("the wizard did not start")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the wizard did not answer in time")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next((p for name in BROWSERS if (p := shutil.which(name))), None)
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, args=QUIET)
        yield found
        found.close()


@pytest.fixture
def visit(server: str, browser: Browser) -> Iterator[type[Visit]]:
    """Opens visits (a phone, a desktop, dark or light) and closes them in the end."""
    opened: list[Visit] = []

    class Opened(Visit):
        def __init__(self, **how: object) -> None:
            super().__init__(browser, server, **how)  # type: ignore[arg-type]
            opened.append(self)

    yield Opened
    for one in opened:
        one.close()
