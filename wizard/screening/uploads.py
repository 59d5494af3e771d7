"""Uploads stay in memory: the server's parser would put what is larger than 1 MB into a file."""

from __future__ import annotations

from starlette.formparsers import MultiPartParser

from .spreadsheet import MOST_BYTES


def keep_in_memory() -> None:
    """Let the parser hold the largest table that is taken in memory."""
    MultiPartParser.spool_max_size = max(MultiPartParser.spool_max_size, 2 * MOST_BYTES)
