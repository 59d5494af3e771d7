"""One client that asks as fast as it can is shown out; the steps of another go on meanwhile."""

from __future__ import annotations

import asyncio
import urllib.request

import pytest
import websockets

from benchmarks.attack.line import open_line, rerun_message, step_over
from tests.in_a_loop import run_to_end
from wizard.server.fair_share import TOO_MUCH

MESSAGES, STEPS, PATIENCE = 800, 5, 300


async def _flood(address: str, begun: asyncio.Event) -> int:
    """The code with which the line was closed."""
    async with open_line(address) as line:
        try:
            for _ in range(MESSAGES):
                await line.send(rerun_message("step=result"))
            begun.set()
            async for _ in line:
                pass
        except websockets.ConnectionClosed:
            pass
        return int(line.close_code or 0)


async def _steps(address: str, begun: asyncio.Event) -> int:
    """How many steps another person took after the flood had begun."""
    async with open_line(address) as line:
        await begun.wait()
        for number in range(STEPS):
            await step_over(line, "step=age" if number % 2 else "step=glossary")
    return STEPS


@pytest.mark.browser
def test_a_flood_is_shown_out_and_others_go_on(server: str) -> None:
    async def both() -> list[int]:
        begun = asyncio.Event()
        walks = asyncio.gather(_flood(server, begun), _steps(server, begun))
        return await asyncio.wait_for(walks, PATIENCE)

    assert run_to_end(both()) == [TOO_MUCH, STEPS]
    with urllib.request.urlopen(f"{server}/_stcore/health", timeout=60) as answer:
        assert answer.read() == b"ok"


@pytest.mark.browser
def test_what_is_no_message_ends_its_own_line_alone(server: str) -> None:
    async def both() -> tuple[int, float]:
        async with open_line(server) as line, open_line(server) as other:
            await line.send(b"\xff" * 50)
            await line.wait_closed()
            return int(line.close_code or 0), await step_over(other, "step=age")

    code, seconds = run_to_end(both())
    assert code == 1002  # a protocol error
    assert seconds > 0
