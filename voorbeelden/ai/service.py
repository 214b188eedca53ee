"""The AI road: the only place that knows HTTP.

``AIServiceV2`` owns one ``AsyncOpenAI`` client and so one connection pool; it lives as long as
the event loop it was made on. It makes exactly one attempt a call (``max_retries=0``): who may
try again, and when, is decided above it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
import httpx2
import openai
import orjson

from voorbeelden.ai import classify
from voorbeelden.ai.dialect import Dialect
from voorbeelden.ai.errors import (
    AIError,
    AuthenticationFailed,
    BadRequest,
    CallTimeout,
    ContentFiltered,
    Incomplete,
    Interrupted,
    NoAnswer,
    Refused,
    Truncated,
    Unreadable,
    WrongAddress,
)
from voorbeelden.ai.sse import SSEDecoder
from voorbeelden.model import Tokens
from voorbeelden.settings import Settings

TextSink = Callable[[str], None]
"""Takes the content of the answer piece by piece, on the loop; must not block."""

_HEADERS = {"Content-Type": "application/json", "Accept": "text/event-stream"}

_DRAIN_SECONDS = 0.2
"""How long a connection may take to end after its answer did, to be worth keeping."""


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
        self._key_fits_a_header = key.isascii() and (key.isprintable())
        self._dialect = Dialect()
        self.on_headers: Callable[[Mapping[str, str]], None] = _ignore
        """Told the headers of every answer, refusals included: the limits are in them."""
        azure = settings.api_version is not None
        self._client = openai.AsyncOpenAI(
            # Local servers ask for no key, but the SDK insists on one.
            api_key=settings.api_key or "none",
            base_url=base_url or settings.base_url,
            max_retries=0,
            default_headers={"api-key": settings.api_key or ""} if azure else None,
            default_query={"api-version": settings.api_version} if azure else None,
            http_client=openai.DefaultAioHttpClient(
                timeout=httpx2.Timeout(None, connect=settings.connect_timeout),
                # An office's proxy must not come between this process and its own demo server.
                trust_env=base_url is None,
            ),
        )

    @property
    def model(self) -> str:
        return self._settings.model

    async def aclose(self) -> None:
        """Closes every connection; the service cannot be used after it."""
        await self._client.close()

    async def complete(
        self, call: ChatCall, on_text: TextSink, *, on_request: Callable[[], None] | None = None
    ) -> Completion:
        """Streams one answer into ``on_text``.

        ``on_request`` is called for every HTTP request that leaves: more than one only when the
        server turns out not to know a parameter and the request is repeated without it.

        Raises:
            AIError: the call has no whole answer; what arrived has gone to ``on_text``.
        """
        try:
            async with asyncio.timeout(call.timeout):
                while True:
                    dialect = self._dialect
                    if on_request is not None:
                        on_request()
                    try:
                        return await self._attempt(call, dialect, on_text)
                    except _Unknown as refusal:
                        simpler = dialect.without(refusal.text)
                        if simpler is None:
                            raise refusal.error from None
                        self._dialect = simpler
        except TimeoutError:
            raise CallTimeout from None

    async def _attempt(self, call: ChatCall, dialect: Dialect, on_text: TextSink) -> Completion:
        parameters = dialect.parameters(
            system=call.system,
            user=call.user,
            schema=call.schema,
            max_tokens=call.max_tokens,
            temperature=self._settings.temperature,
        )
        try:
            async with asyncio.timeout(self._settings.first_byte_timeout):
                response = await self._open(parameters)
        except TimeoutError:
            raise NoAnswer from None
        try:
            request_id = response.headers.get("x-request-id")
            self.on_headers(response.headers)
            _check_content_type(response.headers, request_id)
            stream = _ChatStream(on_text, request_id)
            await stream.read(response.aiter_bytes(), self._settings)
        except (httpx2.HTTPError, aiohttp.ClientError, OSError) as error:
            raise classify.from_transport(error, began=True) from error
        finally:
            await response.aclose()
        return stream.completion(dialect.notes())

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
                "/chat/completions",
                cast_to=httpx2.Response,
                content=body,
                options={"headers": _HEADERS},
                stream=True,
                stream_cls=openai.AsyncStream[Any],
            )
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            raise _Unknown(error) from error
        except openai.OpenAIError as error:
            if isinstance(error, openai.APIStatusError):
                self.on_headers(error.response.headers)
            raise classify.from_sdk(error) from error
        except aiohttp.ClientError as error:
            # The transport does not rename all of them: a head that is no HTTP, for one.
            raise classify.from_transport(error, began=False) from error
        # What ``cast_to`` asks for, and what the overloads of a streamed ``post`` cannot say.
        return cast(httpx2.Response, response)


def _ignore(_: Mapping[str, str]) -> None:
    """Nobody keeps limits."""


class _Unknown(Exception):
    """A 400 or 422: perhaps about a parameter that this server does not know."""

    def __init__(self, error: openai.APIStatusError) -> None:
        super().__init__("bad request")
        self.error = classify.from_sdk(error)
        known = type(self.error) is not BadRequest
        self.text = "" if known else f"{error.param} {error.message} {error.body}"


def _check_content_type(headers: Mapping[str, str], request_id: str | None) -> None:
    content_type = headers.get("content-type", "text/event-stream").partition(";")[0].strip()
    if content_type == "text/html":
        raise WrongAddress(status=200, request_id=request_id)
    if content_type == "application/json":
        raise Unreadable(status=200, request_id=request_id)


class _ChatStream:
    """The state of one streamed answer."""

    def __init__(self, on_text: TextSink, request_id: str | None) -> None:
        self._on_text = on_text
        self._request_id = request_id
        self._finish_reason: str | None = None
        self._refusal: list[str] = []
        self._tokens: Tokens | None = None
        self._finished = False

    async def read(self, chunks: AsyncIterator[bytes], settings: Settings) -> None:
        """Reads to the end; silence beyond ``settings``' patience is a failure of its own."""
        loop = asyncio.get_running_loop()
        decoder = SSEDecoder()
        began = False
        try:
            async with asyncio.timeout(settings.first_byte_timeout) as patience:
                async for chunk in chunks:
                    began = True
                    patience.reschedule(loop.time() + settings.stall_timeout)
                    self._take(decoder.feed(chunk))
                    if self._finished:
                        # Reading to the end of the body is what makes the connection reusable.
                        patience.reschedule(loop.time() + _DRAIN_SECONDS)
        except TimeoutError:
            if not self._finished:
                raise (Interrupted if began else NoAnswer)(request_id=self._request_id) from None
        except (httpx2.HTTPError, aiohttp.ClientError, OSError):
            if not self._finished:
                raise
        # Half an event at the end is a body that was cut off, not one that cannot be read.
        with contextlib.suppress(Unreadable):
            self._take(decoder.flush())

    def _take(self, events: list[bytes]) -> None:
        """Hands on the text of ``events`` in one piece: a busy stream brings many at a time."""
        texts: list[str] = []
        try:
            for data in events:
                if data == b"[DONE]":
                    self._finished = True
                    break
                self._take_event(orjson.loads(data), texts)
        except (AttributeError, KeyError, TypeError, ValueError):
            # Not JSON, or JSON of another shape than Chat Completions'.
            raise Unreadable(request_id=self._request_id) from None
        finally:
            if texts:
                self._on_text("".join(texts))

    def _take_event(self, event: dict[str, Any], texts: list[str]) -> None:
        if choices := event.get("choices"):
            choice = choices[0]
            if delta := choice.get("delta"):
                if text := delta.get("content"):
                    if not isinstance(text, str):
                        raise TypeError("content is no text")
                    texts.append(text)
                if refusal := delta.get("refusal"):
                    self._refusal.append(refusal)
            if reason := choice.get("finish_reason"):
                self._finish_reason = reason
        if usage := event.get("usage"):
            self._tokens = _tokens(usage)
        if error := event.get("error"):
            facts = error if isinstance(error, dict) else {"code": error}
            raise classify.from_event(facts, self._request_id)

    def completion(self, notes: tuple[str, ...]) -> Completion:
        """The verdict after the last byte."""
        if self._refusal:
            raise self._error(Refused, detail="".join(self._refusal))
        match self._finish_reason:
            case "stop":
                return Completion(self._tokens, self._request_id, notes)
            case "length":
                raise self._error(Truncated)
            case "content_filter":
                raise self._error(ContentFiltered)
            case _:
                raise self._error(Incomplete)

    def _error(self, kind: type[AIError], detail: str | None = None) -> AIError:
        return kind(request_id=self._request_id, detail=detail)


def _tokens(usage: Mapping[str, Any]) -> Tokens:
    details = usage.get("prompt_tokens_details") or {}
    return Tokens(
        prompt=usage.get("prompt_tokens") or 0,
        completion=usage.get("completion_tokens") or 0,
        cached=details.get("cached_tokens") or 0,
    )
