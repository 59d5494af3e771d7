"""A client that speaks to the wizard over Streamlit's own line, as fast as it likes."""

from __future__ import annotations

import time
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

OPEN_SECONDS = 120


def open_line(address: str) -> Any:
    """A line to the wizard at an address; to be entered with `async with`."""
    import websockets

    place = f"{address.replace('http', 'ws')}/_stcore/stream"
    how: dict[str, Any] = {
        "subprotocols": ["streamlit"], "max_size": None, "ping_interval": None,
        "open_timeout": OPEN_SECONDS,
    }  # fmt: skip
    return websockets.connect(place, **how)


def rerun_message(query: str) -> bytes:
    """What a browser sends to have a step drawn."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    return bytes(asked.SerializeToString())


async def step_over(line: Any, query: str) -> float:
    """One step, from the question to its last word: in seconds."""
    start = time.perf_counter()
    await line.send(rerun_message(query))
    told = ForwardMsg()
    while told.WhichOneof("type") != "script_finished":
        told.ParseFromString(await line.recv())
    return time.perf_counter() - start
