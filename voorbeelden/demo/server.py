"""The HTTP side of the demo server: routes, and playing a reply to its connection."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, Final

import orjson
from aiohttp import web

from voorbeelden.demo import sse
from voorbeelden.demo.answers import answer
from voorbeelden.demo.chat import ChatRequest
from voorbeelden.demo.counters import Memory, merged
from voorbeelden.demo.errors import ApiError
from voorbeelden.demo.pacer import Pacer
from voorbeelden.demo.profiles import call_timing, estimate_tokens
from voorbeelden.demo.reply import JSON, Reply, at_once, streamed
from voorbeelden.demo.spec import DemoSpec, SpecError

MODEL: Final = "demo"
_LOGGER: Final = logging.getLogger(__name__)
_BACKLOG: Final = 2048
_MAX_BODY: Final = 8 * 2**20
_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

_parse_spec = lru_cache(maxsize=1024)(DemoSpec.parse)


class DemoServer:
    """One server: its default spec, its memory and its clockwork."""

    def __init__(self, default: DemoSpec) -> None:
        self._default = default
        self._memory = Memory()
        self._pacer: Pacer | None = None
        self._opened = 0
        self._runner: web.AppRunner | None = None

    def app(self) -> web.Application:
        app = web.Application(client_max_size=_MAX_BODY)
        for prefix in ("", "/p/{spec}"):
            app.router.add_post(f"{prefix}/v1/chat/completions", _guarded(self._chat))
            app.router.add_get(f"{prefix}/v1/models", _guarded(self._models))
            app.router.add_get(f"{prefix}/stats", _guarded(self._stats))
        app.router.add_get("/healthz", _guarded(self._health))
        app.router.add_route("*", "/{path:.*}", _guarded(self._nowhere))
        return app

    @asynccontextmanager
    async def listening(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
        """Listens while entered and gives the port; port 0 takes a free one."""
        loop = asyncio.get_running_loop()
        self._pacer = Pacer(loop)
        # A client that leaves must end its call at once: that is what "cancelled" counts.
        runner = web.AppRunner(
            self.app(), handler_cancellation=True, access_log=None, shutdown_timeout=0.1
        )
        await runner.setup()
        self._runner = runner
        listener = await loop.create_server(self._connect, host, port, backlog=_BACKLOG)
        try:
            yield listener.sockets[0].getsockname()[1]
        finally:
            listener.close()
            await runner.cleanup()

    def _connect(self) -> asyncio.Protocol:
        assert self._runner is not None
        assert self._runner.server is not None
        self._opened += 1
        return self._runner.server()

    def _spec(self, request: web.Request) -> DemoSpec:
        text = request.match_info.get("spec")
        if text is None:
            return self._default
        try:
            return _parse_spec(text)
        except SpecError as error:
            raise ApiError(404, f"Bad demo spec: {error}", code="bad_spec") from None

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        spec = self._spec(request)
        chat = ChatRequest.from_body(await request.read())
        made = answer(chat.user)
        state = self._memory.state(str(spec))
        for counters in (state.counters, self._memory.total):
            counters.started(made.counts)
        number = state.counters.requests
        try:
            size = spec.count("barrier")
            if size is not None and not await state.barrier(size, spec.number("barrier-timeout")):
                raise ApiError.server(f"Fewer than {size} calls came together.", code="barrier")
            text = made.text
            timing = call_timing(spec, number, made.counts, text)
            prompt = estimate_tokens(chat.system) + estimate_tokens(chat.user)
            completion = timing.tokens or estimate_tokens(text)
            cached = state.cached_tokens(chat.system, estimate_tokens(chat.system))
            usage = sse.usage_of(prompt, completion, cached)
            if chat.stream:
                encoded = sse.encode(chat.model, text, spec.count("chunks"), chat.include_usage)
                tail = sse.finish(chat.model, text, "stop", usage if chat.include_usage else None)
                reply = streamed(encoded, timing, tail)
            else:
                reply = at_once(sse.whole(chat.model, text, "stop", usage), timing)
            return await self._play(request, reply)
        except asyncio.CancelledError:
            for counters in (state.counters, self._memory.total):
                counters.cancelled += 1
            raise
        finally:
            for counters in (state.counters, self._memory.total):
                counters.in_flight -= 1

    async def _play(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        start = loop.time()
        pieces, times = reply.pieces, reply.times
        if times[0] > 0:
            await asyncio.sleep(times[0])
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        response.headers["Content-Type"] = reply.content_type
        _sign(response)
        response.enable_chunked_encoding()
        await response.prepare(request)
        if times[-1] <= 0:
            await response.write(b"".join(pieces))
        else:
            await response.write(pieces[0])
            framed = reply.framed or [sse.frame(piece) for piece in pieces]
            transport, pacer = request.transport, self._pacer
            assert pacer is not None
            if transport is not None:
                moments = [start + offset for offset in times[1:]]
                await pacer.play(transport, framed[1:], moments)
        await response.write_eof()
        return response

    async def _models(self, request: web.Request) -> web.Response:
        self._spec(request)
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "voorbeelden"}
        return _json({"object": "list", "data": [model]})

    async def _stats(self, request: web.Request) -> web.Response:
        """Counters of a spec, or of all calls together; connections and CPU of the whole server,
        the connection that asks included."""
        assert self._runner is not None
        assert self._runner.server is not None
        named = "spec" in request.match_info
        counters = (
            self._memory.state(str(self._spec(request))).counters if named else self._memory.total
        )
        server = {
            "connections_opened": self._opened,
            "connections_open": len(self._runner.server.connections),
            "cpu_seconds": time.process_time(),
        }
        return _json(merged(counters, server))

    async def _health(self, request: web.Request) -> web.Response:
        return _json({"status": "ok"})

    async def _nowhere(self, request: web.Request) -> web.Response:
        raise ApiError(404, f"Invalid URL ({request.method} {request.path})")


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _guarded(handler: Handler) -> Handler:
    """Errors in OpenAI's shape, whatever goes wrong before the first byte."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ApiError as error:
            return _error(error)
        except web.HTTPException as error:
            return _error(ApiError(error.status, error.reason))
        except ConnectionError:
            raise
        except Exception:
            _LOGGER.exception("The demo server failed on %s", request.path)
            return _error(ApiError.server("The demo server failed; its log says why."))

    return guarded


def _error(error: ApiError) -> web.Response:
    response = web.Response(
        body=error.body, status=error.status, headers=error.headers, content_type=JSON
    )
    _sign(response)
    return response


def _json(data: dict[str, Any]) -> web.Response:
    response = web.Response(body=orjson.dumps(data), content_type=JSON)
    _sign(response)
    return response


def _sign(response: web.StreamResponse) -> None:
    response.headers["x-request-id"] = f"req_{uuid.uuid4().hex}"
    response.headers["Server"] = "voorbeelden-demo"
    response.headers["Cache-Control"] = "no-cache"


def _reset(transport: asyncio.Transport) -> None:
    """Closes with a TCP reset: an immediate close with SO_LINGER 0 sends RST, not FIN."""
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    transport.abort()
