"""Which paths answer: those that the page itself asks for. Everything else is not there.

Streamlit also serves its memory figures, a sign-in, an interface for programs, and its page under
any name; nobody who uses the wizard asks for these.
"""

from __future__ import annotations

import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import get_option

_OPEN = re.compile(
    r"/(?:index\.html|favicon\.png|manifest\.json)?"  # the page
    r"|/static/.+"  # its scripts, styles and fonts
    r"|/_stcore/(?:health|host-config|stream)"
    r"|/_stcore/(?:upload_file|bidi-components)/.+"
    r"|/media/.+"  # what was made to be downloaded
)


class ClosedPaths:
    """Answers 404 wherever the wizard has nothing to say."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _OPEN.fullmatch(_inner_path(scope)):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _inner_path(scope: Scope) -> str:
    """The path below the one under which a larger site may serve the wizard (`server.baseUrlPath`)."""
    base = str(get_option("server.baseUrlPath")).strip("/")
    return str(scope["path"]).removeprefix(f"/{base}" if base else "") or "/"
