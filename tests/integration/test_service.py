"""The AI road against a real server: a whole answer, or an error with the right name."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from tests.integration.support import SUBJECT, Provider, until
from voorbeelden import prompts
from voorbeelden.ai.errors import (
    AIError,
    AuthenticationFailed,
    BadRequest,
    CallTimeout,
    ContentFiltered,
    Incomplete,
    Interrupted,
    ModelUnavailable,
    QuotaExhausted,
    RateLimited,
    Refused,
    ServerFailed,
    TooLong,
    Truncated,
    Unreadable,
    WrongAddress,
)
from voorbeelden.ai.service import AIServiceV2, ChatCall, Completion
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

pytestmark = pytest.mark.anyio

ZINNEN, SYNONIEMEN = ExampleType.VOORBEELDZINNEN, ExampleType.SYNONIEMEN


class Road:
    """One service and the provider it leads to; counts what a caller sees."""

    def __init__(self, provider: Provider, **settings: Any) -> None:
        self.provider = provider
        self.service = AIServiceV2(provider.settings(**settings))
        self.pieces: list[str] = []
        self.requests = 0

    def _on_request(self) -> None:
        self.requests += 1

    async def ask(self, kind: ExampleType = ZINNEN, *, seconds: float = 10.0) -> Completion:
        """One call for one type; ``pieces`` and ``requests`` are of this call."""
        self.pieces, self.requests = [], 0
        call = ChatCall(
            system=prompts.system_message((kind,)),
            user=prompts.user_message(SUBJECT, {kind: DEFAULT_EXAMPLE_COUNTS[kind]}),
            schema=prompts.schema((kind,)),
            max_tokens=1000,
            timeout=seconds,
        )
        return await self.service.complete(call, self.pieces.append, on_request=self._on_request)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


MakeRoad = Callable[..., Road]


@pytest.fixture
async def road(demo: DemoProcess) -> AsyncIterator[MakeRoad]:
    """Makes roads to the demo server as it behaves under a spec, and closes them."""
    roads: list[Road] = []

    def make(spec: str, **settings: Any) -> Road:
        roads.append(Road(Provider.behaving(demo, spec), **settings))
        return roads[-1]

    yield make
    for one in roads:
        await one.service.aclose()


# --- a whole answer ---


@pytest.mark.parametrize("kind", ExampleType)
async def test_a_whole_answer(road: MakeRoad, kind: ExampleType) -> None:
    """JSON with the type's key, tokens as the provider counted them, its request id."""
    one = road("instant")
    completion = await one.ask(kind)
    answer = orjson.loads(one.text)
    assert list(answer) == [kind.value]
    assert 0 < len(answer[kind.value]) <= DEFAULT_EXAMPLE_COUNTS[kind]
    assert completion.tokens is not None
    assert completion.tokens.prompt > 0
    assert completion.tokens.completion > 0
    assert (completion.request_id or "").startswith("req_")
    assert completion.notes == ()
    assert one.requests == 1


async def test_text_comes_in_while_the_answer_is_being_made(road: MakeRoad) -> None:
    """Streaming: the first text is there while the call is still in flight at the server."""
    one = road("fixed,seconds=0.6,chunks=6")
    task = asyncio.create_task(one.ask())
    await until(lambda: bool(one.pieces))
    stats = await asyncio.to_thread(one.provider.stats)
    assert stats["in_flight"] == 1
    assert not task.done()
    await task
    assert len(one.pieces) > 1


async def test_nothing_of_ours_blocks_the_loop(
    road: MakeRoad, request: pytest.FixtureRequest
) -> None:
    """Six calls at once on a warm service; the first call reads prompts and certificates."""
    one = road("fixed,seconds=0.1")
    await asyncio.gather(*(one.ask(kind) for kind in ExampleType))
    request.getfixturevalue("blockbuster")
    await asyncio.gather(*(one.ask(kind) for kind in ExampleType))


async def test_a_stream_in_splinters_is_the_same_answer(road: MakeRoad) -> None:
    """Bytes cut inside characters and lines, three at a time."""
    whole, cut = road("instant"), road("instant;fault=slice,size=3")
    await whole.ask(ExampleType.SYNONIEMEN)
    await cut.ask(ExampleType.SYNONIEMEN)
    assert cut.text == whole.text


async def test_a_prompt_that_was_seen_before_comes_from_the_providers_cache(road: MakeRoad) -> None:
    """Cached tokens are reported in steps of 128 from 1,024 on, as OpenAI documents it, and read;
    a shorter prompt is never in that cache."""
    one = road("instant")
    assert [(await one.ask()).tokens.cached for _ in range(2)] == [0, 0]  # type: ignore[union-attr]
    long = ChatCall(
        system=prompts.system_message((ExampleType.SYNONIEMEN,)) + " Nog een zin." * 400,
        user=prompts.user_message(SUBJECT, {ExampleType.SYNONIEMEN: 5}),
        schema=prompts.schema((ExampleType.SYNONIEMEN,)),
        max_tokens=1000,
        timeout=5.0,
    )
    first, second = [(await one.service.complete(long, lambda _: None)).tokens for _ in range(2)]
    assert first is not None
    assert second is not None
    assert (first.cached, second.cached % 128) == (0, 0)
    assert 1024 <= second.cached <= second.prompt


# --- errors before the stream ---


@pytest.mark.parametrize(
    ("fault", "expected", "status"),
    [
        ("400", BadRequest, 400),
        ("401", AuthenticationFailed, 401),
        ("403", ModelUnavailable, 403),
        ("404", ModelUnavailable, 404),
        ("context", TooLong, 400),
        ("429", RateLimited, 429),
        ("quota", QuotaExhausted, 429),
        ("500", ServerFailed, 500),
        ("502", ServerFailed, 502),
        ("503", ServerFailed, 503),
        ("html", WrongAddress, 200),
    ],
)
async def test_an_error_status_has_a_name(
    road: MakeRoad, fault: str, expected: type[AIError], status: int
) -> None:
    """With the status and the provider's request id, and without a piece of text."""
    one = road(f"instant;fault={fault}")
    with pytest.raises(AIError) as caught:
        await one.ask()
    assert type(caught.value) is expected
    assert caught.value.status == status
    assert (caught.value.request_id or "").startswith("req_")
    assert one.pieces == []


@pytest.mark.parametrize("option", ["retry-after=7", "retry-after-date=7"])
async def test_the_wish_of_a_busy_provider_is_read(road: MakeRoad, option: str) -> None:
    """Retry-After in seconds or as a date, and its advice whether to try at all."""
    one = road(f"instant;fault=429,{option},should-retry=false")
    with pytest.raises(RateLimited) as caught:
        await one.ask()
    assert caught.value.retry_after == pytest.approx(7, abs=2)
    assert caught.value.retry_advice is False


# --- streams that do not end as they should ---


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("close", Incomplete),
        ("length", Truncated),
        ("filter", ContentFiltered),
        ("garbage", Unreadable),
        ("errorevent", ServerFailed),
        ("errorevent,code=rate_limit_exceeded", RateLimited),
        ("errorevent,code=insufficient_quota", QuotaExhausted),
        ("reset", Interrupted),
    ],
)
async def test_an_answer_that_broke_off_is_never_a_success(
    road: MakeRoad, fault: str, expected: type[AIError]
) -> None:
    """Each way to break off has its own name, and the text that had arrived was handed on."""
    one = road(f"fixed,seconds=0.1;fault={fault}")
    with pytest.raises(AIError) as caught:
        await one.ask()
    assert type(caught.value) is expected
    assert one.text.startswith('{"voorbeeldzinnen"')
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(one.text)


async def test_a_refusal_holds_the_models_reason(road: MakeRoad) -> None:
    one = road("instant;fault=refusal")
    with pytest.raises(Refused) as caught:
        await one.ask()
    assert caught.value.detail == "Het spijt me, bij dit verzoek kan ik niet helpen."
    assert "spijt" not in str(caught.value)
    assert one.pieces == []


@pytest.mark.parametrize(
    ("fault", "some_text"), [("drip,every=0.02", True), ("stall", True), ("silent", False)]
)
async def test_the_deadline_bounds_the_whole_call(
    road: MakeRoad, fault: str, some_text: bool
) -> None:
    """A byte now and then keeps every read timeout quiet; the call's own time ends it. The
    server sees that we are gone."""
    one = road(f"fixed,seconds=0.1;fault={fault}")
    start = time.perf_counter()
    with pytest.raises(CallTimeout):
        await one.ask(seconds=0.5)
    assert 0.4 < time.perf_counter() - start < 3
    assert bool(one.text) is some_text
    await until(lambda: one.provider.stats()["in_flight"] == 0)
    assert one.provider.stats()["cancelled"] == 1


@pytest.mark.parametrize(
    "fault", ["503", "close", "garbage", "reset", "errorevent", "html", "stall"]
)
async def test_a_failed_call_does_not_harm_the_next(road: MakeRoad, fault: str) -> None:
    """One service, one pool: after each kind of failure another call on it comes whole."""
    one = road(f"fixed,seconds=0.1;fault={fault}@synoniemen")
    with pytest.raises(AIError):
        await one.ask(SYNONIEMEN, seconds=0.5)
    await one.ask(ZINNEN)
    assert list(orjson.loads(one.text)) == ["voorbeeldzinnen"]


# --- what a server does not know ---


async def test_a_server_without_schemas_is_asked_in_another_way_and_that_is_learned(
    road: MakeRoad,
) -> None:
    """The answer comes all the same, with a note; the lesson costs one request, once."""
    one = road("instant;fault=noschema")
    first = await one.ask()
    assert one.requests == 2
    assert list(orjson.loads(one.text)) == ["voorbeeldzinnen"]
    second = await one.ask()
    assert one.requests == 1
    assert first.notes == second.notes
    assert len(first.notes) == 1
    assert "json_schema" in first.notes[0]


async def test_a_server_without_usage_leaves_the_tokens_unknown(road: MakeRoad) -> None:
    one = road("instant;fault=nousage")
    first = await one.ask()
    assert one.requests == 2
    second = await one.ask()
    assert one.requests == 1
    assert first.tokens is second.tokens is None
    assert first.notes == ()


async def test_two_gaps_are_two_lessons(road: MakeRoad) -> None:
    one = road("instant;fault=noschema;fault=nousage")
    completion = await one.ask()
    assert one.requests == 3
    assert completion.tokens is None
    assert len(completion.notes) == 1
    await one.ask()
    assert one.requests == 1


async def test_calls_that_learn_at_the_same_time_all_come_whole(road: MakeRoad) -> None:
    """The first click asks six at once, before anything is known of the server."""
    one = road("instant;fault=noschema;fault=nousage")
    completions = await asyncio.gather(*(one.ask(kind) for kind in ExampleType))
    assert all(completion.notes for completion in completions)
    await one.ask()
    assert one.requests <= 2


# --- connections ---


async def test_calls_one_after_the_other_share_a_connection(road: MakeRoad) -> None:
    """Also after answers that were errors: a new connection a call costs a handshake a call."""
    one = road("instant;fault=503@#2;fault=refusal@#3;fault=quota@#4")
    before = one.provider.stats()["connections_opened"]
    for _ in range(6):
        try:
            await one.ask()
        except (ServerFailed, Refused, QuotaExhausted):
            continue
    after = one.provider.stats()
    assert after["requests"] == 6
    assert after["connections_opened"] - before == 1 + 1, "ours, and the one that asks for stats"


async def test_closing_the_service_closes_its_connections(road: MakeRoad) -> None:
    one = road("instant")
    await until(lambda: one.provider.stats()["connections_open"] == 1)
    await asyncio.gather(*(one.ask(kind) for kind in ExampleType))
    assert one.provider.stats()["connections_open"] > 1
    await one.service.aclose()
    await until(lambda: one.provider.stats()["connections_open"] == 1)


async def test_a_cancelled_call_leaves_the_server_at_once(road: MakeRoad) -> None:
    one = road("fixed,seconds=30")
    task = asyncio.create_task(one.ask(seconds=60))
    await until(lambda: bool(one.pieces))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: one.provider.stats()["cancelled"] == 1)
    assert one.provider.stats()["in_flight"] == 0


# --- secrets ---


@pytest.mark.parametrize("fault", ["", ";fault=401", ";fault=reset", ";fault=garbage"])
async def test_a_planted_key_is_in_no_log_and_no_error(
    road: MakeRoad, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With every logger at its chattiest, the SDK's included."""
    key = "sk-geplant-7f3a"
    one = road(f"instant{fault}", api_key=key)
    said = ""
    with caplog.at_level(logging.DEBUG):
        try:
            await one.ask()
        except AIError as error:
            said = f"{error!r}{error.__cause__!r}{error.detail}"
    assert key not in said
    assert caplog.records, "the loggers were really on"
    assert key not in caplog.text
