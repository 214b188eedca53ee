"""One streamed answer: from raw bytes to text, tokens and a verdict.

Raw streaming raises nothing when a socket closes cleanly: an answer without ``finish_reason`` has
failed, however neatly it ended.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

import aiohttp
import httpx2
import orjson

from voorbeelden.ai import classify
from voorbeelden.ai.errors import (
    AIError,
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
from voorbeelden.tidy import one_line

_LONGEST_REASON = 300

TextSink = Callable[[str], None]
"""Takes the content of the answer piece by piece, on the loop; must not block."""

_DRAIN_SECONDS: Final = 0.2
"""How long a connection may take to end after its answer did, to be worth keeping."""

_USAGE_SECONDS: Final = 1.0
"""How long the token count may come after the finish reason."""


def check_content_type(headers: Mapping[str, str], request_id: str | None) -> None:
    content_type = headers.get("content-type", "text/event-stream").partition(";")[0].strip()
    if content_type == "text/html":
        raise WrongAddress(status=200, request_id=request_id)
    if content_type == "application/json":
        raise Unreadable(status=200, request_id=request_id)


class ChatStream:
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
                    if self._finish_reason is not None:
                        # Reading to the end of the body is what makes the connection reusable;
                        # a server that neither says [DONE] nor closes is not waited for.
                        grace = _DRAIN_SECONDS if self._finished else _USAGE_SECONDS
                        patience.reschedule(loop.time() + grace)
        except TimeoutError:
            if self._finish_reason is None:
                raise (Interrupted if began else NoAnswer)(request_id=self._request_id) from None
        except (httpx2.HTTPError, aiohttp.ClientError, OSError):
            if self._finish_reason is None:
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
                    texts.append(_text(text))
                if refusal := delta.get("refusal"):
                    self._refusal.append(_text(refusal))
            if reason := choice.get("finish_reason"):
                self._finish_reason = reason
        if usage := event.get("usage"):
            self._tokens = _tokens(usage)
        if error := event.get("error"):
            facts = error if isinstance(error, dict) else {"code": error}
            raise classify.from_event(facts, self._request_id)

    def verdict(self) -> Tokens | None:
        """After the last byte: the tokens of a whole answer.

        Raises:
            AIError: it is not whole, and why.
        """
        if self._refusal:
            # A model's words, in a message: one visible line of them, and not a page.
            raise self._error(Refused, detail=one_line("".join(self._refusal))[:_LONGEST_REASON])
        match self._finish_reason:
            case "stop":
                return self._tokens
            case "length":
                raise self._error(Truncated)
            case "content_filter":
                raise self._error(ContentFiltered)
            case _:
                raise self._error(Incomplete)

    def _error(self, kind: type[AIError], detail: str | None = None) -> AIError:
        return kind(request_id=self._request_id, detail=detail)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _tokens(usage: Mapping[str, Any]) -> Tokens:
    details = usage.get("prompt_tokens_details") or {}
    return Tokens(
        prompt=_count(usage.get("prompt_tokens")),
        completion=_count(usage.get("completion_tokens")),
        cached=_count(details.get("cached_tokens")),
    )


def _count(value: object) -> int:
    """What is no number of tokens is not counted: an answer is not lost over its bill."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
