"""Whose pages may open a websocket on the app: decided here, before Streamlit does.

Streamlit refuses a foreign origin as well, but first asks a server on the internet for the public
address of this machine, while its loop, and with it every editor, waits. Any page in an editor's
browser could make it do so. What it allows is allowed here too, but for that one address: behind a
proxy that hides the name by which it was asked, ``browser.serverAddress`` says that name.
"""

from __future__ import annotations

import logging
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit import config

log = logging.getLogger(__name__)

_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "0.0.0.0"})
_POLICY_VIOLATION: Final = 1008


def may_connect(origin: str | None, host: str | None) -> bool:
    """Whether a page of ``origin`` may open a websocket that was asked of ``host``. No browser
    leaves the origin out; what is no browser can say whatever it likes."""
    if origin is None or not config.get_option("server.enableCORS"):
        return True
    try:
        asked_by = urlsplit(origin)
        name = asked_by.hostname
    except ValueError:
        return False
    return asked_by.netloc == host or name in _THIS_MACHINE | _configured()


def _configured() -> set[str | None]:
    named = list(config.get_option("server.corsAllowedOrigins"))
    if config.is_manually_set("browser.serverAddress"):
        named.append(config.get_option("browser.serverAddress"))
    return {_hostname(one.strip()) for one in named} - {None}


def _hostname(address: str) -> str | None:
    return urlsplit(address if "://" in address else f"//{address}").hostname


class OwnPagesOnly:
    """ASGI middleware: ends the handshake of a websocket that a foreign page asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            headers = Headers(scope=scope)
            if not may_connect(headers.get("origin"), headers.get("host")):
                log.warning("websocket of a foreign origin refused")
                await WebSocketClose(_POLICY_VIOLATION)(scope, receive, send)
                return
        await self._app(scope, receive, send)
