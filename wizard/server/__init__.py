"""What stands between the network and the wizard: closed paths, headers, and how much one client may ask.

Streamlit has no such limits of its own; its `App` takes these as ASGI middleware, the first told the outermost.
"""

from __future__ import annotations

from starlette.middleware import Middleware

from .closed_paths import ClosedPaths
from .fair_share import FairShare
from .headers import SafeHeaders


def guards() -> list[Middleware]:
    """What every request goes through, from outside to inside."""
    return [Middleware(SafeHeaders), Middleware(ClosedPaths), Middleware(FairShare)]
