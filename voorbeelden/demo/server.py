"""The HTTP side of the demo server: routes, and playing a reply to its connection."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, Final

import orjson
from aiohttp import web

from voorbeelden.demo.answers import answer
from voorbeelden.demo.calls import compose
from voorbeelden.demo.chat import ChatRequest
from voorbeelden.demo.counters import Memory
from voorbeelden.demo.errors import ApiError
from voorbeelden.demo.faults import Call
from voorbeelden.demo.player import Player, sign
from voorbeelden.demo.reply import JSON, Ending
from voorbeelden.demo.spec import DemoSpec, SpecError

MODEL: Final = "demo"
_LOGGER: Final = logging.getLogger(__name__)
_BACKLOG: Final = 2048
_MAX_BODY: Final = 8 * 2**20

_parse_spec = lru_cache(maxsize=1024)(DemoSpec.parse)


class DemoServer:
    """One server: its default spec, its memory and its clockwork."""

    def __init__(self, default: DemoSpec) -> None:
        self._default = default
        self._memory = Memory()
        self._playing: Player | None = None
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
        self._playing = Player(loop)
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

    @property
    def _player(self) -> Player:
        assert self._playing is not None
        return self._playing

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
        call = Call(number, {kind: state.counters.by_type[kind] for kind in made.counts})
        reply = None
        try:
            size = spec.count("barrier")
            if size is not None and not await state.barrier(size, spec.number("barrier-timeout")):
                raise ApiError.server(f"Fewer than {size} calls came together.", code="barrier")
            loop = asyncio.get_running_loop()
            reply = compose(spec, chat, made, call, state, loop.time())
            return await self._player.play(request, reply)
        except (asyncio.CancelledError, ConnectionError):
            # A reset is our own doing: no client left.
            if reply is None or reply.ending is not Ending.RESET:
                for counters in (state.counters, self._memory.total):
                    counters.cancelled += 1
            raise
        finally:
            for counters in (state.counters, self._memory.total):
                counters.in_flight -= 1

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
        stats = {
            **counters.as_dict(),
            "connections_opened": self._opened,
            "connections_open": len(self._runner.server.connections),
            "cpu_seconds": time.process_time(),
        }
        return _json(stats)

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
            if request.writer.output_size:
                # Part of an answer is out; aiohttp logs this and breaks the connection off.
                raise
            _LOGGER.exception("The demo server failed on %s", request.path)
            return _error(ApiError.server("The demo server failed; its log says why."))

    return guarded


def _error(error: ApiError) -> web.Response:
    response = web.Response(
        body=error.body, status=error.status, headers=error.headers, content_type=JSON
    )
    sign(response)
    return response


def _json(data: dict[str, Any]) -> web.Response:
    response = web.Response(body=orjson.dumps(data), content_type=JSON)
    sign(response)
    return response
