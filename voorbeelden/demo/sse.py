"""Bytes of an answer: OpenAI's chunk objects as server-sent events, and HTTP chunked framing.

Identical answers are encoded once: ``id`` is derived from the answer and ``created`` is the
moment this module was loaded, so that nothing in the bytes differs from call to call except usage.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import orjson

Usage = dict[str, Any]

DONE: Final = b"data: [DONE]\n\n"
PIECE_CHARACTERS: Final = 4
_CREATED: Final = int(time.time())
_FINGERPRINT: Final = "fp_demo"


@dataclass(frozen=True, slots=True)
class Encoded:
    """The content events of one answer, as such and in HTTP chunked framing, one to one.

    The first event holds the role chunk too. ``ends[i]`` is the number of characters of the text
    that events 0 to i carry together.
    """

    events: tuple[bytes, ...]
    framed: tuple[bytes, ...]
    ends: tuple[int, ...]


def cut(text: str, chunks: int | None) -> list[str]:
    """``text`` in ``chunks`` pieces of even length, or in pieces of four characters."""
    if chunks is None:
        chunks = max(1, -(-len(text) // PIECE_CHARACTERS))
    marks = [index * len(text) // chunks for index in range(chunks + 1)]
    return [text[start:end] for start, end in pairwise(marks)]


@lru_cache(maxsize=128)
def encode(
    model: str, text: str, chunks: int | None, include_usage: bool, field: str = "content"
) -> Encoded:
    """The answer's content events; ``field`` is ``content`` or ``refusal``."""
    event = orjson.dumps(_chunk(model, text, include_usage, {field: "@"}))
    before, after = event.split(b'"@"', 1)
    before, after = b"data: " + before, after + b"\n\n"
    pieces = cut(text, chunks)
    events = [before + orjson.dumps(piece) + after for piece in pieces]
    events[0] = _role(model, text, include_usage) + events[0]
    ends, total = [], 0
    for piece in pieces:
        total += len(piece)
        ends.append(total)
    return Encoded(tuple(events), tuple(map(frame, events)), tuple(ends))


def finish(model: str, text: str, reason: str, usage: Usage | None) -> bytes:
    """The events after the content: the finish reason, usage when asked for, and ``[DONE]``."""
    last = _chunk(model, text, usage is not None, {}, reason)
    events = [b"data: ", orjson.dumps(last), b"\n\n"]
    if usage is not None:
        counted = {**last, "choices": [], "usage": usage}
        events += [b"data: ", orjson.dumps(counted), b"\n\n"]
    return b"".join([*events, DONE])


def whole(model: str, text: str, reason: str, usage: Usage, field: str = "content") -> bytes:
    """The same answer as one JSON object, for a call without ``stream``."""
    message = {"role": "assistant", "content": None, "refusal": None, field: text}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
    return orjson.dumps(
        {
            "id": _id(text),
            "object": "chat.completion",
            "created": _CREATED,
            "model": model,
            "choices": [choice],
            "usage": usage,
            "system_fingerprint": _FINGERPRINT,
        }
    )


def frame(data: bytes) -> bytes:
    """One HTTP/1.1 chunk (RFC 9112, section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def usage_of(prompt: int, completion: int, cached: int) -> Usage:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def join(pieces: Sequence[bytes]) -> bytes:
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _role(model: str, text: str, include_usage: bool) -> bytes:
    delta = {"role": "assistant", "content": "", "refusal": None}
    return b"data: " + orjson.dumps(_chunk(model, text, include_usage, delta)) + b"\n\n"


def _chunk(
    model: str,
    text: str,
    include_usage: bool,
    delta: Mapping[str, Any],
    reason: str | None = None,
) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    chunk: dict[str, Any] = {
        "id": _id(text),
        "object": "chat.completion.chunk",
        "created": _CREATED,
        "model": model,
        "system_fingerprint": _FINGERPRINT,
        "choices": [choice],
    }
    # With include_usage every chunk but the usage chunk says null, as OpenAI does.
    return {**chunk, "usage": None} if include_usage else chunk


def _id(text: str) -> str:
    return "chatcmpl-" + hashlib.sha256(text.encode()).hexdigest()[:24]
