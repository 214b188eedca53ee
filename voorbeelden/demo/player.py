"""Plays a reply to its connection: the only place that touches sockets."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import uuid
from typing import Final, NoReturn

from aiohttp import web

from voorbeelden.demo import sse
from voorbeelden.demo.pacer import Pacer
from voorbeelden.demo.reply import EVENT_STREAM, Ending, Reply

_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_RESET_DELAY: Final = 0.02
"""Seconds for the bytes before a reset to reach the client."""


class Player:
    """One a loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pacer = Pacer(loop)

    async def play(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        """Returns when the body has ended. A client that leaves cancels it at any point."""
        start = self._loop.time()
        if not reply.pieces:
            await self._forever()
        if reply.times[0] > 0:
            await asyncio.sleep(reply.times[0])
        if _is_plain(reply):
            return _whole(reply)
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        response.headers["Content-Type"] = reply.content_type
        sign(response)
        response.enable_chunked_encoding()
        await response.prepare(request)
        await self._body(request, response, reply, start)
        match reply.ending:
            case Ending.HANG:
                await self._hang(response, reply.drip)
            case Ending.RESET:
                await asyncio.sleep(_RESET_DELAY)
                _reset(request)
                await self._forever()
            case Ending.END:
                await response.write_eof()
        return response

    async def _body(
        self, request: web.Request, response: web.StreamResponse, reply: Reply, start: float
    ) -> None:
        """The first piece goes through aiohttp, which sends the headers with it; the others go
        straight to the transport, framed by us, because aiohttp's way costs a task a piece."""
        pieces, times = reply.pieces, reply.times
        if times[-1] <= 0:
            await response.write(b"".join(pieces))
            return
        await response.write(pieces[0])
        framed = reply.framed or [sse.frame(piece) for piece in pieces]
        if request.transport is not None:
            moments = [start + offset for offset in times[1:]]
            await self._pacer.play(request.transport, framed[1:], moments)

    async def _hang(
        self, response: web.StreamResponse, drip: tuple[float, bytes] | None
    ) -> NoReturn:
        while drip is not None:
            seconds, comment = drip
            await asyncio.sleep(seconds)
            await response.write(comment)
        await self._forever()

    async def _forever(self) -> NoReturn:
        """Until the client leaves, which cancels us."""
        await self._loop.create_future()
        raise AssertionError("nothing sets this future")


def sign(response: web.StreamResponse) -> None:
    """The headers that every answer has."""
    response.headers["x-request-id"] = f"req_{uuid.uuid4().hex}"
    response.headers["Server"] = "voorbeelden-demo"
    response.headers["Cache-Control"] = "no-cache"


def _is_plain(reply: Reply) -> bool:
    """A body in one piece: sent with its Content-Length, as error answers are."""
    return (
        len(reply.pieces) == 1 and reply.ending is Ending.END and reply.content_type != EVENT_STREAM
    )


def _whole(reply: Reply) -> web.Response:
    response = web.Response(body=reply.pieces[0], status=reply.status, headers=reply.headers)
    response.headers["Content-Type"] = reply.content_type
    sign(response)
    return response


def _reset(request: web.Request) -> None:
    """Closes with a TCP reset: an immediate close with SO_LINGER 0 sends RST, not FIN."""
    transport = request.transport
    if transport is not None:
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        transport.abort()
