"""The demo server over HTTP: OpenAI's shape as the real client reads it, counters and barrier."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from openai import AsyncOpenAI, BadRequestError, InternalServerError, NotFoundError
from openai.types.chat import ChatCompletionChunk

from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS

if TYPE_CHECKING:
    from voorbeelden.demo import DemoProcess

pytestmark = pytest.mark.anyio

ALL = {kind.value: count for kind, count in DEFAULT_EXAMPLE_COUNTS.items()}


def messages(gevraagd: dict[str, int], system: str = "Antwoord in JSON.") -> Any:
    task = {
        "taak": "voorbeelden",
        "gevraagd": gevraagd,
        "begrip": "verdachte",
        "definitie": "degene te wiens aanzien een redelijk vermoeden van schuld bestaat",
        "context": {"organisatorisch": ["OM"], "juridisch": ["strafrecht"], "wettelijk": ["Sv"]},
    }
    return [{"role": "system", "content": system}, {"role": "user", "content": json.dumps(task)}]


class Demo:
    """One spec of the demo server, under a run name of its own, with the real client."""

    def __init__(self, process: DemoProcess, spec: str) -> None:
        self.process = process
        self.spec = f"{spec};run={uuid.uuid4().hex}"
        self.client = AsyncOpenAI(
            base_url=process.url_for(self.spec), api_key="geen", max_retries=0, timeout=10
        )

    def stats(self) -> dict[str, Any]:
        return self.process.stats(self.spec)

    async def stream(self, gevraagd: dict[str, int], **more: Any) -> list[ChatCompletionChunk]:
        chunks = await self.client.chat.completions.create(
            model="demo", messages=messages(gevraagd), stream=True, **more
        )
        return [chunk async for chunk in chunks]


@pytest.fixture
async def open_demo(demo: DemoProcess) -> AsyncIterator[Any]:
    """``open_demo(spec)`` gives a ``Demo``; its client is closed after the test."""
    opened: list[Demo] = []

    def make(spec: str) -> Demo:
        opened.append(Demo(demo, spec))
        return opened[-1]

    yield make
    for each in opened:
        await each.client.close()


async def test_a_stream_has_openais_shape_from_role_to_usage(open_demo: Any) -> None:
    """Role first, then content, then a finish reason, then usage without choices."""
    chunks = await open_demo("instant,chunks=9").stream(
        {"synoniemen": 2, "toelichting": 1}, stream_options={"include_usage": True}
    )
    first, *content, last, usage = chunks
    assert first.object == "chat.completion.chunk"
    assert (first.choices[0].delta.role, first.choices[0].delta.content) == ("assistant", "")
    assert [chunk.choices[0].finish_reason for chunk in content] == [None] * 9
    assert (last.choices[0].delta.content, last.choices[0].finish_reason) == (None, "stop")
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert (usage.choices, usage.usage.prompt_tokens_details.cached_tokens) == ([], 0)
    assert usage.usage.total_tokens == usage.usage.prompt_tokens + usage.usage.completion_tokens
    assert len({chunk.id for chunk in chunks}) == 1
    answer = json.loads("".join(chunk.choices[0].delta.content for chunk in content))
    assert list(answer) == ["synoniemen", "toelichting"]
    assert len(answer["toelichting"]) == 1


async def test_usage_is_sent_only_when_it_is_asked_for(open_demo: Any) -> None:
    """Without stream_options the finish chunk is the last, and no chunk speaks of usage."""
    chunks = await open_demo("instant").stream({"synoniemen": 1})
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert "usage" not in chunks[0].model_fields_set


async def test_a_call_without_stream_gets_one_object_with_the_same_answer(open_demo: Any) -> None:
    """Message, finish reason and usage in one body, equal to what the stream spells out."""
    demo = open_demo("instant")
    asked = {"tegenvoorbeelden": 3}
    whole = await demo.client.chat.completions.create(model="demo", messages=messages(asked))
    chunks = await demo.stream(asked)
    streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert whole.choices[0].message.content == streamed
    assert whole.choices[0].finish_reason == "stop"
    assert whole.usage.completion_tokens > 0
    assert set(json.loads(streamed)["tegenvoorbeelden"][0]) == {"voorbeeld", "reden"}


async def test_a_shared_prompt_is_cached_from_the_second_call(open_demo: Any) -> None:
    """A system message of 1250 tokens gives whole steps of 128 cached tokens, a short one none."""
    demo = open_demo("instant")

    async def cached(system: str) -> int:
        answer = await demo.client.chat.completions.create(
            model="demo", messages=messages({"synoniemen": 1}, system)
        )
        assert answer.usage is not None
        details = answer.usage.prompt_tokens_details
        return details.cached_tokens or 0 if details else -1

    assert [await cached("x" * 5000) for _ in range(2)] == [0, 1152]
    assert [await cached("kort") for _ in range(2)] == [0, 0]


async def test_a_fixed_call_takes_its_time_and_arrives_gradually(open_demo: Any) -> None:
    """First content after ttft, the end after the seconds, and pieces all along between."""
    start = time.perf_counter()
    demo = open_demo("fixed,seconds=0.8,ttft=0.3,chunks=20")
    stream = await demo.client.chat.completions.create(
        model="demo", messages=messages({"voorbeeldzinnen": 3}), stream=True
    )
    arrivals = [
        time.perf_counter() - start async for chunk in stream if chunk.choices[0].delta.content
    ]
    assert len(arrivals) == 20
    assert arrivals[0] >= 0.3
    assert arrivals[-1] >= 0.8
    # Where the machine is busy, several are read at once.
    assert sum(later - earlier > 0.01 for earlier, later in pairwise(arrivals)) >= 3


async def test_other_messages_get_a_readable_dutch_line(open_demo: Any) -> None:
    """A chat program pointed at the demo server is answered, and counted as its own kind."""
    demo = open_demo("instant")
    answer = await demo.client.chat.completions.create(
        model="demo", messages=[{"role": "user", "content": "Hallo!"}]
    )
    assert answer.choices[0].message.content.startswith("Dit is de demoserver")
    assert demo.stats()["by_type"] == {"overig": 1}


async def test_models_are_listed(open_demo: Any) -> None:
    """GET /v1/models answers in the client's shape."""
    assert [model.id async for model in open_demo("instant").client.models.list()] == ["demo"]


async def test_a_bad_spec_is_a_404_that_says_what_is_wrong(demo: DemoProcess) -> None:
    """In OpenAI's error shape, with a request id."""
    base_url = demo.base_url.replace("/v1", "/p/snel/v1")
    async with AsyncOpenAI(base_url=base_url, api_key="geen", max_retries=0) as client:
        with pytest.raises(NotFoundError) as caught:
            await client.models.list()
    assert caught.value.body["message"].startswith("Bad demo spec: unknown profile 'snel'")  # type: ignore[index]
    assert caught.value.code == "bad_spec"
    assert caught.value.request_id.startswith("req_")  # type: ignore[union-attr]


async def test_other_paths_and_bodies_are_refused_in_openais_shape(open_demo: Any) -> None:
    """An unknown path is a 404, a request without messages a 400 with its param."""
    client = open_demo("instant").client
    with pytest.raises(NotFoundError, match=r"Invalid URL \(POST /p/.*/v1/embeddings\)"):
        await client.embeddings.create(model="demo", input="x")
    with pytest.raises(BadRequestError) as caught:
        await client.chat.completions.create(model="demo", messages=[])
    assert (caught.value.type, caught.value.param) == ("invalid_request_error", "messages")


async def test_a_barrier_opens_when_all_six_are_in_flight(open_demo: Any) -> None:
    """Six calls at once pass, and the counters show six in flight: parallel without a clock."""
    demo = open_demo("instant,barrier=6")
    await asyncio.gather(*(demo.stream({kind: 1}) for kind in ALL))
    stats = demo.stats()
    assert (stats["requests"], stats["max_in_flight"], stats["in_flight"]) == (6, 6, 0)
    assert stats["by_type"] == dict.fromkeys(ALL, 1)


async def test_a_barrier_that_nobody_joins_answers_500(open_demo: Any) -> None:
    """Five of six come: each is told so after the timeout, and nothing stays in flight."""
    demo = open_demo("instant,barrier=6,barrier-timeout=0.2")
    made = await asyncio.gather(
        *(demo.stream({"synoniemen": 1}) for _ in range(5)), return_exceptions=True
    )
    errors = [error for error in made if isinstance(error, InternalServerError)]
    assert [error.code for error in errors] == ["barrier"] * 5
    assert demo.stats()["in_flight"] == 0


async def test_specs_do_not_disturb_each_other(open_demo: Any) -> None:
    """A fault of one run is not seen by another, and neither are its counters."""
    broken, sound = open_demo("instant;fault=500"), open_demo("instant")
    with pytest.raises(InternalServerError):
        await broken.stream({"synoniemen": 1})
    await sound.stream({"synoniemen": 1, "antoniemen": 1})
    assert broken.stats()["requests"] == sound.stats()["requests"] == 1
    assert sound.stats()["by_type"] == {"synoniemen": 1, "antoniemen": 1}


@pytest.mark.parametrize("spec", ["fixed,seconds=30", "instant;fault=silent", "instant,barrier=2"])
async def test_a_client_that_leaves_is_counted_as_cancelled(open_demo: Any, spec: str) -> None:
    """Before the first byte or in the middle: the call ends at once and is not in flight."""
    demo = open_demo(spec)
    task = asyncio.create_task(demo.stream({"toelichting": 1}))
    await until(lambda: demo.stats()["in_flight"] == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: demo.stats()["in_flight"] == 0)
    assert demo.stats()["cancelled"] == 1


async def test_connections_are_counted_by_transport(open_demo: Any) -> None:
    """Five calls, one after the other, of one client come over one connection."""
    demo = open_demo("instant")
    before = demo.stats()["connections_opened"]
    for _ in range(5):
        await demo.stream({"synoniemen": 1})
    after = demo.stats()
    # One for the client, and one for the last look at the counters itself.
    assert after["connections_opened"] - before == 2
    assert after["connections_open"] >= 2
    assert after["cpu_seconds"] > 0


async def until(condition: Any) -> None:
    """Waits for the server to notice: at most five seconds."""
    for _ in range(250):
        if await asyncio.to_thread(condition):
            return
        await asyncio.sleep(0.02)
    pytest.fail("the server's counters did not get there in five seconds")
