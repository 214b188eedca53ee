"""What the app's own port serves beside its pages: /healthz, /readyz and /metrics.

All three answer without a session and without login, and hold nothing that an editor typed.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import sys
from collections.abc import AsyncIterator
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from voorbeelden.headers import SecurityHeaders
from voorbeelden.hosting import close_host, current_host, open_host
from voorbeelden.origins import OwnPagesOnly
from voorbeelden.screen.shell import secrets
from voorbeelden.settings import SettingsError

log = logging.getLogger(__name__)

_SWITCH_SECONDS = 0.001
"""How long a thread that draws a page may keep the interpreter from the loops. They give it up at
every wait, thousands of times a second, and get it back after this time at the soonest; Python's
own 5 ms is long for a process in which two loops and many threads work."""

_FRESH = {"Cache-Control": "no-store"}


@contextlib.asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[dict[str, Any]]:
    """Opens the bridge before the first visitor comes and closes it after the last one left.

    A setting that cannot be used does not keep the server from starting: the page says what is
    wrong, in Dutch, and /readyz says that it is.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        host = await asyncio.to_thread(lambda: open_host(secrets()))
        # Beside the start: nobody who presses Genereer first waits while tables are made.
        host.desk.warm_up()
    except SettingsError:
        log.error("a setting cannot be used; every page says which")  # noqa: TRY400
    # What is loaded now stays: no collection needs to look at it again.
    gc.collect()
    gc.freeze()
    try:
        yield {}
    finally:
        await asyncio.to_thread(close_host)


async def healthz(_: Request) -> Response:
    """The process answers: nothing more."""
    return PlainTextResponse("ok\n", headers=_FRESH)


async def readyz(_: Request) -> Response:
    """Whether a generation could start at once. Asking sets a failed start going again."""
    host = current_host()
    if host is None:
        return PlainTextResponse("a setting cannot be used\n", 503, headers=_FRESH)
    if not host.bridge.warm():
        return PlainTextResponse("opening\n", 503, headers=_FRESH)
    return PlainTextResponse("ready\n", headers=_FRESH)


async def metrics(request: Request) -> Response:
    """The metrics in the format that the scraper asks for; 404 when a setting turns them off."""
    host = current_host()
    if host is None:
        return PlainTextResponse("a setting cannot be used\n", 503, headers=_FRESH)
    if host.metrics is None:
        return PlainTextResponse("metrics are turned off\n", 404, headers=_FRESH)
    accept = request.headers.get("accept", "")
    # Reading /proc and forty families takes a moment: not on the loop that serves the pages.
    text, content_type = await asyncio.to_thread(host.metrics.exposition, accept)
    return Response(text, headers={**_FRESH, "Content-Type": content_type})


def middleware() -> list[Middleware]:
    return [Middleware(SecurityHeaders), Middleware(OwnPagesOnly)]


def routes() -> list[BaseRoute]:
    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
