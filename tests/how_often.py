"""How many cases a test draws: all, or with `FAST=1` a tenth of them, for the inner loop (`make test-fast`)."""

from __future__ import annotations

import os

FAST = bool(os.environ.get("FAST"))


def often(most: int) -> int:
    """So many cases; of many a tenth where the run is to be fast."""
    return max(min(most, 10), most // 10) if FAST else most
