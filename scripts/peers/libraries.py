"""The libraries that teams take instead: LangChain, LiteLLM, pydantic-ai and instructor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from scripts.peers.model import (
    MAX_TOKENS,
    MODEL,
    STREAM,
    TIMEOUT,
    Answer,
    Call,
    Generate,
    dumped,
    joined,
    last,
    loads,
    model_of,
    sdk,
    six,
)


def _langchain(base_url: str) -> Any:
    from langchain_openai import ChatOpenAI  # type: ignore[import-not-found]

    return ChatOpenAI(
        model=MODEL,
        base_url=base_url,
        api_key="none",
        max_retries=0,
        timeout=TIMEOUT,
        max_tokens=MAX_TOKENS,
        stream_usage=True,
    )


@asynccontextmanager
async def langchain(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    """A schema as a dict: with a pydantic class it streams no partial answers."""
    chat = _langchain(base_url)
    chains: dict[str, Any] = {}

    async def ask(call: Call) -> Answer:
        chain = chains.get(call.kind)
        if chain is None:
            schema = {"title": "voorbeelden", **call.schema}
            chain = chat.with_structured_output(schema, method="json_schema", strict=True)
            chains[call.kind] = chain
        answer: Answer = (
            await last(chain.astream(call.messages))
            if streamed
            else await chain.ainvoke(call.messages)
        )
        return answer

    yield six(ask)


@asynccontextmanager
async def langchain_text(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    chat = _langchain(base_url)

    async def ask(call: Call) -> Answer:
        options = {"response_format": call.response_format}
        if not streamed:
            return loads((await chat.ainvoke(call.messages, **options)).content)
        parts = [chunk.content async for chunk in chat.astream(call.messages, **options)]
        return loads("".join(parts))

    yield six(ask)


@asynccontextmanager
async def litellm(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    """It streams text; a structured answer in progress it does not have."""
    from litellm import acompletion  # type: ignore[import-not-found]

    async def ask(call: Call) -> Answer:
        response = await acompletion(
            model=f"openai/{MODEL}",
            api_base=base_url,
            api_key="none",
            messages=call.messages,
            response_format=call.response_format,
            max_completion_tokens=MAX_TOKENS,
            timeout=TIMEOUT,
            max_retries=0,
            num_retries=0,
            **(STREAM if streamed else {}),
        )
        return loads(await joined(response) if streamed else response.choices[0].message.content)

    yield six(ask)


def _pydantic_ai(client: Any, call: Call, output: Any, **settings: Any) -> Any:
    from pydantic_ai import Agent  # type: ignore[import-not-found]
    from pydantic_ai.models.openai import (  # type: ignore[import-not-found]
        OpenAIChatModel,
    )
    from pydantic_ai.providers.openai import (  # type: ignore[import-not-found]
        OpenAIProvider,
    )

    return Agent(
        OpenAIChatModel(MODEL, provider=OpenAIProvider(openai_client=client)),
        output_type=output,
        instructions=call.system,
        retries=0,
        model_settings={"max_tokens": MAX_TOKENS, **settings},
    )


@asynccontextmanager
async def pydantic_ai(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    """``stream_output`` with its own default of grouping chunks by 0.1 s."""
    from pydantic_ai import NativeOutput

    async with sdk(base_url) as client:
        agents: dict[str, Any] = {}

        async def ask(call: Call) -> Answer:
            agent = agents.get(call.kind)
            if agent is None:
                output = NativeOutput(model_of(call.kind), name="voorbeelden", strict=True)
                agent = agents[call.kind] = _pydantic_ai(client, call, output)
            if not streamed:
                return dumped((await agent.run(call.user)).output)
            async with agent.run_stream(call.user) as stream:
                return dumped(await last(stream.stream_output()))

        yield six(ask)


@asynccontextmanager
async def pydantic_ai_text(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    async with sdk(base_url) as client:
        agents: dict[str, Any] = {}

        async def ask(call: Call) -> Answer:
            agent = agents.get(call.kind)
            if agent is None:
                body = {"response_format": call.response_format}
                agent = agents[call.kind] = _pydantic_ai(client, call, str, extra_body=body)
            if not streamed:
                return loads((await agent.run(call.user)).output)
            async with agent.run_stream(call.user) as stream:
                return loads("".join([text async for text in stream.stream_text(delta=True)]))

        yield six(ask)


@asynccontextmanager
async def instructor(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    import instructor as library  # type: ignore[import-not-found]

    async with sdk(base_url) as bare:
        client = library.from_openai(bare, mode=library.Mode.JSON_SCHEMA, model=MODEL)

        async def ask(call: Call) -> Answer:
            options: dict[str, Any] = {
                "response_model": model_of(call.kind),
                "messages": call.messages,
                "max_retries": 0,
                "max_completion_tokens": MAX_TOKENS,
            }
            if not streamed:
                return dumped(await client.create(**options))
            usage = STREAM["stream_options"]
            return dumped(await last(client.create_partial(**options, stream_options=usage)))

        yield six(ask)
