"""What every contender is given, what it gives back, and what they share."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

MODEL: Final = "demo"
MAX_TOKENS: Final = 4096
TIMEOUT: Final = 600.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call for ``count`` items of ``kind``."""

    kind: str
    system: str
    user: str
    schema: dict[str, Any]
    count: int

    @property
    def messages(self) -> list[Any]:
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.user},
        ]

    @property
    def response_format(self) -> Any:
        schema = {"name": "voorbeelden", "strict": True, "schema": self.schema}
        return {"type": "json_schema", "json_schema": schema}


@dataclass(frozen=True, slots=True)
class Begrip:
    """One generation: six calls for one begrip."""

    begrip: str
    definitie: str
    calls: tuple[Call, ...]


Answer = Mapping[str, Any]
Ask = Callable[[Call], Awaitable[Answer]]
Generate = Callable[[Begrip], Awaitable[Sequence[Answer]]]


@dataclass(frozen=True, slots=True)
class Contender:
    """``open`` takes the base URL and whether to stream.

    Attributes:
        plain: which API answers in one piece.
        streamed: which API answers while it arrives.
        kind: ``ours``, ``peer`` or ``floor`` (no client at all: what is there to win).
        uvloop: whether it always runs on uvloop.
    """

    open: Callable[[str, bool], AbstractAsyncContextManager[Generate]]
    plain: str
    streamed: str
    kind: str = "peer"
    uvloop: bool = False


def six(ask: Ask) -> Generate:
    """All calls of a generation at once."""

    async def generate(begrip: Begrip) -> Sequence[Answer]:
        return await asyncio.gather(*(ask(call) for call in begrip.calls))

    return generate


def sdk(base_url: str, **options: Any) -> Any:
    import openai

    return openai.AsyncOpenAI(
        api_key="none", base_url=base_url, max_retries=0, timeout=TIMEOUT, **options
    )


STREAM: Final[Mapping[str, Any]] = {"stream": True, "stream_options": {"include_usage": True}}


async def joined(stream: Any) -> str:
    """The text of a stream of OpenAI's chunk objects."""
    parts = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    return "".join(parts)


async def last(stream: AsyncIterator[Any]) -> Any:
    """What a stream of ever more complete answers ends with."""
    final = None
    async for partial in stream:
        final = partial
    return final


def loads(text: str) -> Answer:
    answer: dict[str, Any] = json.loads(text)
    return answer


@cache
def model_of(kind: str) -> Any:
    """The answer for ``kind`` as a pydantic model with the same JSON schema."""
    from pydantic import BaseModel, ConfigDict, create_model

    strict = ConfigDict(extra="forbid")
    row: Any = str
    if kind == "tegenvoorbeelden":
        row = create_model("Tegenvoorbeeld", __config__=strict, voorbeeld=str, reden=str)
    fields: dict[str, Any] = {kind: (list[row], ...)}
    made: type[BaseModel] = create_model("voorbeelden", __config__=strict, **fields)
    return made


def dumped(model: Any) -> Answer:
    dumped: dict[str, Any] = model.model_dump()
    return dumped
