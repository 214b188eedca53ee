"""The OpenAI SDK without anything around it, and what there is to win without a client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from scripts.peers.model import (
    MAX_TOKENS,
    MODEL,
    STREAM,
    Answer,
    Ask,
    Call,
    Generate,
    dumped,
    joined,
    loads,
    model_of,
    sdk,
    six,
)


def _asking(client: Any, streamed: bool) -> Ask:
    create = client.chat.completions.create

    async def ask(call: Call) -> Answer:
        response = await create(
            model=MODEL,
            messages=call.messages,
            response_format=call.response_format,
            max_completion_tokens=MAX_TOKENS,
            **(STREAM if streamed else {}),
        )
        return loads(await joined(response) if streamed else response.choices[0].message.content)

    return ask


@asynccontextmanager
async def openai_sdk(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    """The SDK as it comes out of the box."""
    async with sdk(base_url) as client:
        yield six(_asking(client, streamed))


@asynccontextmanager
async def openai_aiohttp(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    """The same with the SDK's other transport, which this package uses too."""
    import openai

    async with sdk(base_url, http_client=openai.DefaultAioHttpClient()) as client:
        yield six(_asking(client, streamed))


@asynccontextmanager
async def openai_parse(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    """The SDK's structured output, on the faster of its two transports."""
    import openai

    async with sdk(base_url, http_client=openai.DefaultAioHttpClient()) as client:
        completions = client.chat.completions

        async def ask(call: Call) -> Answer:
            options: dict[str, Any] = {
                "model": MODEL,
                "messages": call.messages,
                "response_format": model_of(call.kind),
                "max_completion_tokens": MAX_TOKENS,
            }
            if not streamed:
                whole = await completions.parse(**options)
                return dumped(whole.choices[0].message.parsed)
            usage = STREAM["stream_options"]
            async with completions.stream(**options, stream_options=usage) as stream:
                async for _ in stream:
                    pass
                final = await stream.get_final_completion()
            return dumped(final.choices[0].message.parsed)

        yield six(ask)


@asynccontextmanager
async def floor(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    import aiohttp
    import orjson

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(call: Call) -> Answer:
            body = {
                "model": MODEL,
                "messages": call.messages,
                "response_format": call.response_format,
                "max_completion_tokens": MAX_TOKENS,
                **(STREAM if streamed else {}),
            }
            url = f"{base_url}/chat/completions"
            headers = {"Content-Type": "application/json"}
            async with session.post(url, data=orjson.dumps(body), headers=headers) as response:
                raw = await response.read()
            if not streamed:
                return loads(orjson.loads(raw)["choices"][0]["message"]["content"])
            events = [
                orjson.loads(line[6:]) for line in raw.split(b"\n\n") if line.startswith(b"data: {")
            ]
            deltas = [event["choices"][0]["delta"] for event in events if event["choices"]]
            return loads("".join(delta.get("content") or "" for delta in deltas))

        yield six(ask)
