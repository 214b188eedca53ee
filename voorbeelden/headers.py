"""The security headers of every answer, the content security policy first.

What Streamlit's frontend needs was found by running it in Chromium under this policy until the
console stayed empty (tests/browser/test_security_headers.py). Scripts are this server's own files
and a few inline ones (screen/*.js, one of Streamlit's), allowed by their digest: there is no
'unsafe-inline' and no 'unsafe-eval', so text that somehow reached a page as markup runs nothing.
Styles cannot do without 'unsafe-inline': the frontend writes them all the time.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INDEX: Final = Path(streamlit.__file__).parent / "static" / "index.html"
_SCRIPTS: Final = Path(__file__).parent / "screen"
_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def digest(script: str) -> str:
    """The source expression that allows exactly this inline script (CSP level 3, 2.3.1)."""
    sha = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(sha).decode()}'"


def policy(scripts: Iterable[str]) -> str:
    """The content security policy that allows these inline scripts."""
    directives = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *map(digest, scripts)]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


@cache
def security_headers() -> dict[str, str]:
    """Read from the files that are served, once: a new Streamlit has another inline script."""
    inline = _INLINE.findall(_INDEX.read_text("utf-8"))
    own = [path.read_text("utf-8") for path in sorted(_SCRIPTS.glob("*.js"))]
    return {
        "Content-Security-Policy": policy([*inline, *own]),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


class SecurityHeaders:
    """ASGI middleware: adds the headers to whatever is answered over HTTP."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, with_headers)
