"""Coroutines run to their end, in a thread of their own.

The browser of the journeys keeps a loop running in the thread of the tests; there no other may run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Outcome = TypeVar("Outcome")


def run_to_end(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """What a coroutine gives."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
