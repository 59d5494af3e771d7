"""Headers of every answer: what the page may load, who may frame it, and what it tells elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import starlette.types as asgi
import streamlit
from starlette.datastructures import MutableHeaders

_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
# Sensors and payments that the wizard never asks for.
_POWERS = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "usb",
    "xr-spatial-tracking",
)  # fmt: skip


@cache
def safe_headers() -> dict[str, str]:
    """The headers by name, the same for every answer."""
    return {
        "Content-Security-Policy": "; ".join(
            f"{kind} {places}" for kind, places in _sources().items()
        ),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{power}=()" for power in _POWERS),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _sources() -> dict[str, str]:
    """From where the page may load what."""
    return {
        "default-src": "'none'",
        # Our own scripts come to the page over its line and are loaded from memory (blob:).
        "script-src": f"'self' blob: {' '.join(_known_inline_scripts())}",
        "style-src": "'self' 'unsafe-inline'",  # every part of the page brings its own style
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def _known_inline_scripts() -> list[str]:
    """The scripts that stand in Streamlit's own page, each by its digest; no other may stand there."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(page))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


class SafeHeaders:
    """Puts the headers onto every answer, those that refuse too."""

    def __init__(self, app: asgi.ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        async def send_with_headers(message: asgi.Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(safe_headers())
                if scope.get("scheme") == "https":
                    message["headers"] = [_secured(*header) for header in message["headers"]]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A cookie set over https goes over https alone."""
    open_cookie = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if open_cookie else value
