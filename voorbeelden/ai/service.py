"""The AI road: the only place that knows HTTP.

``AIServiceV2`` owns one ``AsyncOpenAI`` client and so one connection pool; it lives as long as
the event loop it was made on. It makes exactly one attempt a call (``max_retries=0``): who may
try again, and when, is decided above it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
import httpx2
import openai
import orjson

from voorbeelden.ai import classify
from voorbeelden.ai.chat_stream import ChatStream, TextSink, check_content_type
from voorbeelden.ai.client import RoadClient
from voorbeelden.ai.dialect import Dialect
from voorbeelden.ai.errors import (
    AIError,
    AuthenticationFailed,
    BadRequest,
    CallTimeout,
    NoAnswer,
)
from voorbeelden.ai.estimate import tokens_of
from voorbeelden.hooks import RequestEnded, Tell, nobody
from voorbeelden.model import FailureKind, Tokens
from voorbeelden.settings import Settings

_SILENCE = frozenset({FailureKind.NO_ANSWER, FailureKind.TIMEOUT})

_HEADERS = {"Content-Type": "application/json", "Accept": "text/event-stream"}


@dataclass(frozen=True, slots=True)
class ChatCall:
    """One request to a model. ``timeout`` (seconds) bounds the whole call, drip-fed or not."""

    system: str
    user: str
    schema: dict[str, Any]
    max_tokens: int
    timeout: float


@dataclass(frozen=True, slots=True)
class Completion:
    """A stream that ended as it should: with a ``finish_reason`` of ``stop``."""

    tokens: Tokens | None
    request_id: str | None
    notes: tuple[str, ...]


class AIServiceV2:
    """Chat Completions over one shared client, streamed as raw bytes.

    Works against OpenAI, Azure (its v1 API, or a dated one with ``api_version``) and local
    servers: the difference is the base URL and what ``Dialect`` learns.
    """

    def __init__(self, settings: Settings, *, base_url: str | None = None) -> None:
        """``base_url`` takes the place of the settings' one: the demo server's, mostly."""
        self._settings = settings
        key = settings.api_key or ""
        self._key_fits_a_header = key.isascii() and key.isprintable()
        self._dialect = Dialect()
        self._learning = asyncio.Lock()
        self._turned_away = 0
        self.on_headers: Callable[[Mapping[str, str]], None] = _ignore
        """Told the headers of every answer, refusals included: the limits are in them."""
        self.tell: Tell = nobody
        """Told of every request that ended."""
        azure = settings.api_version is not None
        self._client = openai.AsyncOpenAI(
            # Local servers ask for no key, but the SDK insists on one.
            api_key=settings.api_key or "none",
            base_url=base_url or settings.base_url,
            max_retries=0,
            default_headers={"api-key": settings.api_key or ""} if azure else None,
            default_query={"api-version": settings.api_version} if azure else None,
            http_client=RoadClient(
                connect_timeout=settings.connect_timeout,
                # An office's proxy must not come between this process and its own demo server.
                trust_env=base_url is None,
            ),
        )
        # Whole, because the SDK would put it together anew for every call.
        self._address = str(self._client.base_url) + "chat/completions"

    @property
    def model(self) -> str:
        return self._settings.model

    async def aclose(self) -> None:
        """Closes every connection; the service cannot be used after it."""
        await self._client.close()

    async def complete(
        self,
        call: ChatCall,
        on_text: TextSink,
        *,
        on_request: Callable[[], None] | None = None,
        on_cost: Callable[[Tokens], None] | None = None,
    ) -> Completion:
        """Streams one answer into ``on_text``.

        ``on_request`` is called for every HTTP request that leaves: more than one only when the
        server turns out not to know a parameter and the request is repeated without it.
        ``on_cost`` is called once with what the answer cost, if the provider may have worked on
        one: as it counted, or estimated when it did not come whole, for that is paid for too.

        Raises:
            AIError: the call has no whole answer; what arrived has gone to ``on_text``.
        """
        watch, before = _Watch(call, on_text, on_request), self._turned_away
        try:
            completion = await self._complete(call, watch)
        except AIError as error:
            self._turned_away += isinstance(error, AuthenticationFailed)
            self._ended(watch.stop(failure=error.kind), on_cost)
            raise
        except asyncio.CancelledError:
            # Left because a sibling was turned away at the door: this one would have been too.
            watch.idle = self._turned_away > before
            self._ended(watch.stop(cancelled=True), on_cost)
            raise
        self._ended(watch.stop(tokens=completion.tokens), on_cost)
        return completion

    def _ended(self, record: RequestEnded, on_cost: Callable[[Tokens], None] | None) -> None:
        self.tell(record)
        if on_cost is not None and record.cost is not None:
            on_cost(record.cost)

    async def _complete(self, call: ChatCall, watch: _Watch) -> Completion:
        try:
            async with asyncio.timeout(call.timeout):
                response, dialect = await self._accepted(call, watch)
                return await self._read(response, dialect, watch)
        except TimeoutError:
            raise CallTimeout from None

    async def _accepted(self, call: ChatCall, watch: _Watch) -> tuple[httpx2.Response, Dialect]:
        """An answer that begins, and in which dialect it was asked for.

        Six calls begin at once with a server that nobody knows yet: one of them finds out what it
        does not know, the others wait for that and ask in its words.
        """
        while True:
            dialect = self._dialect
            try:
                return await self._begin(call, dialect, watch), dialect
            except _Unknown as found:
                refusal = found
            async with self._learning:
                while self._dialect is dialect:
                    simpler = dialect.without(refusal.text)
                    if simpler is None:
                        raise refusal.error from None
                    self._dialect = dialect = simpler
                    try:
                        return await self._begin(call, dialect, watch), dialect
                    except _Unknown as found:
                        refusal = found

    async def _begin(self, call: ChatCall, dialect: Dialect, watch: _Watch) -> httpx2.Response:
        watch.on_request()
        parameters = dialect.parameters(
            system=call.system,
            user=call.user,
            schema=call.schema,
            max_tokens=call.max_tokens,
            temperature=self._settings.temperature,
        )
        try:
            async with asyncio.timeout(self._settings.first_byte_timeout):
                return await self._open(parameters)
        except TimeoutError:
            raise NoAnswer from None

    async def _read(self, response: httpx2.Response, dialect: Dialect, watch: _Watch) -> Completion:
        try:
            request_id = response.headers.get("x-request-id")
            self.on_headers(response.headers)
            check_content_type(response.headers, request_id)
            watch.began = True
            stream = ChatStream(watch.on_text, request_id)
            await stream.read(_chunks(response), self._settings)
        except (httpx2.HTTPError, aiohttp.ClientError, OSError) as error:
            raise classify.from_transport(error, began=True) from None
        finally:
            await response.aclose()
        return Completion(stream.verdict(), request_id, dialect.notes())

    async def _open(self, parameters: dict[str, Any]) -> httpx2.Response:
        """The response's head has arrived; errors before that become ours.

        The SDK's general ``post`` and a ready body: walking through the typed parameters of
        ``chat.completions.create`` took a third of all CPU time.
        """
        if not self._key_fits_a_header:
            raise AuthenticationFailed
        body = orjson.dumps({"model": self._settings.model, "stream": True, **parameters})
        try:
            response: object = await self._client.post(
                self._address,
                cast_to=httpx2.Response,
                content=body,
                options={"headers": _HEADERS},
                stream=True,
                stream_cls=openai.AsyncStream[Any],
            )
        except openai.APIStatusError as error:
            self.on_headers(error.response.headers)
            if error.status_code in (400, 422):
                raise _Unknown(error) from None
            raise classify.from_sdk(error) from None
        except openai.OpenAIError as error:
            raise classify.from_sdk(error) from None
        except aiohttp.ClientError as error:
            # The transport does not rename all of them: a head that is no HTTP, for one.
            raise classify.from_transport(error, began=False) from None
        # What ``cast_to`` asks for, and what the overloads of a streamed ``post`` cannot say.
        return cast(httpx2.Response, response)


def _chunks(response: httpx2.Response) -> AsyncIterator[bytes]:
    """The body as it comes; what is not compressed takes the shortest way."""
    stream = response.stream
    if "content-encoding" in response.headers or not isinstance(stream, httpx2.AsyncByteStream):
        return response.aiter_bytes()
    return aiter(stream)


def _ignore(_: Mapping[str, str]) -> None:
    """Nobody keeps limits."""


class _Watch:
    """Times and counts one request on its way."""

    def __init__(
        self, call: ChatCall, on_text: TextSink, on_request: Callable[[], None] | None
    ) -> None:
        self._call = call
        self._on_text = on_text
        self._on_request = on_request
        self._sent = 0
        self._characters = 0
        self._started = time.perf_counter()
        self._first: float | None = None
        self.began = False
        """Whether an answer began."""
        self.idle = False
        """Whether it is certain that the provider did nothing."""

    def on_request(self) -> None:
        self._sent += 1
        if self._on_request is not None:
            self._on_request()

    def on_text(self, text: str) -> None:
        if self._first is None:
            self._first = time.perf_counter() - self._started
        self._characters += len(text)
        self._on_text(text)

    def stop(
        self,
        *,
        tokens: Tokens | None = None,
        failure: FailureKind | None = None,
        cancelled: bool = False,
    ) -> RequestEnded:
        seconds = time.perf_counter() - self._started
        cost = tokens
        # Silence and our own leaving say nothing of the other side: it may be at work.
        at_work = self.began or failure in _SILENCE or (cancelled and not self.idle)
        if at_work and (cancelled or failure is not None):
            prompt = tokens_of(self._call.system, self._call.user)
            cost = Tokens(prompt, tokens_of(self._characters))
        return RequestEnded(seconds, self._first, tokens, failure, cancelled, cost, self._sent)


class _Unknown(Exception):
    """A 400 or 422: perhaps about a parameter that this server does not know."""

    def __init__(self, error: openai.APIStatusError) -> None:
        super().__init__("bad request")
        self.error = classify.from_sdk(error)
        known = type(self.error) is not BadRequest
        self.text = "" if known else f"{error.param} {error.message} {error.body}"
