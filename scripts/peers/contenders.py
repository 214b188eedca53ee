"""The contenders of ``scripts/benchmark_peers.py``: one table of small functions.

A contender opens its client once, as an app would, and then answers generations: six calls in,
six parsed answers out. Retries are off in all of them, and all send the same messages, the same
JSON schema and the same token cap. Imports are inside the functions: this module is read in two
virtual environments, and a contender pays for its own library only.

``streamed`` picks a library's own way to show a structured answer while it arrives. Where a
library has a cheaper way that gives text only, that is a contender too (``-text``): it shows
nothing structured before the end, but nobody is made slower here than they have to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scripts.peers import libraries, ours, sdk
from scripts.peers.model import Contender

CONTENDERS: Final[Mapping[str, Contender]] = {
    "voorbeelden": Contender(
        ours.voorbeelden_bridge,
        "Bridge.generate, on the bridge's uvloop (the wire is streamed all the same)",
        "Bridge.start and snapshots, as the page does; items as they complete",
        kind="ours",
    ),
    "voorbeelden-asyncio": Contender(
        ours.voorbeelden_asyncio,
        "Generation.run on asyncio's own loop (the wire is streamed all the same)",
        "Generation.run with a listener on asyncio's own loop; items as they complete",
        kind="ours",
    ),
    "openai": Contender(
        sdk.openai_sdk,
        "AsyncOpenAI chat.completions.create + gather",
        "create(stream=True); text joined, parsed at the end",
    ),
    "openai-aiohttp": Contender(
        sdk.openai_aiohttp,
        "the same with DefaultAioHttpClient",
        "the same with DefaultAioHttpClient",
    ),
    "openai-parse": Contender(
        sdk.openai_parse,
        "chat.completions.parse with DefaultAioHttpClient",
        "chat.completions.stream(response_format=Model) with DefaultAioHttpClient",
    ),
    "langchain": Contender(
        libraries.langchain,
        "ChatOpenAI.with_structured_output(json_schema).ainvoke",
        "with_structured_output(json_schema).astream; partial dicts",
    ),
    "langchain-text": Contender(
        libraries.langchain_text,
        "ChatOpenAI.ainvoke(response_format=...)",
        "ChatOpenAI.astream(response_format=...); text joined, parsed at the end",
    ),
    "litellm": Contender(
        libraries.litellm,
        "acompletion(response_format=...)",
        "acompletion(stream=True); text joined, parsed at the end",
    ),
    "pydantic-ai": Contender(
        libraries.pydantic_ai,
        "Agent(output_type=NativeOutput(Model)).run",
        "Agent.run_stream, stream_output(); validated partial models",
    ),
    "pydantic-ai-text": Contender(
        libraries.pydantic_ai_text,
        "Agent(output_type=str).run with response_format",
        "Agent.run_stream, stream_text(delta=True); text joined, parsed at the end",
    ),
    "instructor": Contender(
        libraries.instructor,
        "from_openai(mode=JSON_SCHEMA).create",
        "create_partial; partial models",
    ),
    "floor": Contender(
        sdk.floor,
        "aiohttp on uvloop, body parsed with orjson",
        "aiohttp on uvloop, body read whole, events parsed with orjson at the end",
        kind="floor",
        uvloop=True,
    ),
}
