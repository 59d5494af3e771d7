"""The wizard as it is started: it listens on this machine alone, and asks nobody outside."""

from __future__ import annotations

import ipaddress
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.conftest import free_port

ROOT = Path(__file__).parents[1]
START_SECONDS = 90
# Notes whatever the process tries to reach that is not this machine, and keeps it from it.
WATCH = """
import os, re, sys
HERE = re.compile(r"127[.]0[.]0[.]1|localhost|0[.]0[.]0[.]0|'::1?'|^None$|^/")
AT = {"socket.connect": -1, "socket.sendto": -1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
def watch(event, args):
    if event in AT and not HERE.search(str(args[AT[event]])):
        with open(os.environ["KETAPATH_WATCH"], "a") as log:
            log.write(f"{event} {args[AT[event]]}\\n")
        raise OSError("not from a test")
sys.addaudithook(watch)
"""
pytestmark = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc")


def made_by_make(*settings: str) -> list[str]:
    """The command that `make run` starts the wizard with."""
    told = ["make", "--dry-run", "--no-print-directory", "run", *settings]
    lines = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    command = next(line for line in lines.splitlines() if "streamlit run" in line)
    return [sys.executable, *shlex.split(command)[1:]]


@contextmanager
def started(
    command: list[str], folder: Path, port: int, place: Path = ROOT
) -> Iterator[tuple[int, Path]]:
    """The wizard, running: its process, and the file that notes what it tries to reach."""
    (folder / "sitecustomize.py").write_text(WATCH, "utf-8")
    watched = folder / "watched.txt"
    watched.touch()
    env = {
        **os.environ, "PYTHONPATH": str(folder), "KETAPATH_WATCH": str(watched),
        "KETAPATH_CACHE": str(folder / "cache"),
    }  # fmt: skip
    with (folder / "log.txt").open("wb") as log:
        running = subprocess.Popen(
            command, cwd=place, env=env, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            until = time.monotonic() + START_SECONDS
            while not answers(port):
                assert running.poll() is None, (folder / "log.txt").read_text("utf-8")
                assert time.monotonic() < until, "the wizard did not answer in time"
                time.sleep(0.2)
            time.sleep(3)  # what is asked for the banner takes a moment
            yield running.pid, watched
        finally:
            running.terminate()
            running.wait(timeout=20)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
            return True
    except OSError:
        return False


def listening(pid: int) -> set[str]:
    """The addresses on which a process listens."""
    links = [
        os.readlink(p) for p in Path(f"/proc/{pid}/fd").iterdir() if p.exists() or p.is_symlink()
    ]
    mine = {found[1] for link in links if (found := re.match(r"socket:\[(\d+)\]", link))}
    addresses = set()
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text("ascii").splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and parts[9] in mine:  # 0A: it listens
                addresses.add(_address(parts[1].partition(":")[0]))
    return addresses


def _address(text: str) -> str:
    """An address as the kernel writes it: words of four bytes, each turned around."""
    raw = b"".join(bytes.fromhex(text[i : i + 8])[::-1] for i in range(0, len(text), 8))
    return str(ipaddress.ip_address(raw))


def outside(watched: Path) -> list[str]:
    """What was tried that is not this machine."""
    return watched.read_text("utf-8").splitlines()


def test_make_run_listens_here_alone_and_asks_nobody(tmp_path: Path) -> None:
    port = free_port()
    with started(made_by_make(f"PORT={port}"), tmp_path, port) as (pid, watched):
        assert listening(pid) == {"127.0.0.1"}
        assert outside(watched) == []


def test_the_bare_command_listens_here_alone_and_asks_nobody(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with started(command, tmp_path, port) as (pid, watched):
        assert listening(pid) == {"127.0.0.1"}
        assert outside(watched) == []


def test_opened_to_the_network_it_still_asks_nobody(tmp_path: Path) -> None:
    port = free_port()
    with started(made_by_make(f"PORT={port}", "HOST=0.0.0.0"), tmp_path, port) as (pid, watched):
        assert listening(pid) == {"0.0.0.0"}
        assert outside(watched) == []


def test_the_watch_sees_what_goes_outside(tmp_path: Path) -> None:
    """The other side: any wizard without our settings looks outside, and it is noticed."""
    port = free_port()
    (tmp_path / "any.py").write_text("", "utf-8")
    command = [sys.executable, "-m", "streamlit", "run", "any.py", "--server.port", str(port)]
    command += ["--server.headless", "true"]
    with started(command, tmp_path, port, tmp_path) as (pid, watched):
        assert any("checkip" in line for line in outside(watched))
        assert listening(pid) - {"127.0.0.1"}


def test_a_stranger_who_knocks_makes_the_wizard_ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit would look up its own address to compare it with the page that a call comes from."""
    from streamlit import net_util
    from streamlit.web.server import server_util

    from wizard.shell.startup import ask_nobody

    asked: list[str] = []
    for name in ("get_external_ip", "get_internal_ip"):
        monkeypatch.setattr(net_util, name, lambda: asked.append("asked"))
    assert not server_util.is_url_from_allowed_origins("http://evil.test")
    assert asked
    asked.clear()
    ask_nobody()
    assert not server_util.is_url_from_allowed_origins("http://evil.test")
    assert server_util.is_url_from_allowed_origins("http://localhost:8501")
    assert not asked
