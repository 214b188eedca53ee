"""Every way in which a provider fails, over real HTTP: what becomes of the type that it hits, how
often it was asked, what the editor reads, and that the other types are whole.

The numbers are those of the table in the issue about the road that cannot lose anything.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support import SIX, SUBJECT, Provider, until, wait_until
from tests.integration.trips import SHORT, assert_whole, trip_to, trip_with
from voorbeelden import prompts
from voorbeelden.ai.breaker import BreakerPolicy, BreakerState
from voorbeelden.bridge import Bridge
from voorbeelden.demo.spoil import REFUSAL
from voorbeelden.messages import whole_minute
from voorbeelden.model import (
    ExampleType,
    FailureKind,
    GenerationMode,
    OutcomeState,
    Result,
    TypeEnded,
    TypeStarted,
)
from voorbeelden.screen.timeline import closing_sentence
from voorbeelden.settings import Settings

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

ZINNEN, PRAKTIJK = ExampleType.VOORBEELDZINNEN, ExampleType.PRAKTIJKVOORBEELDEN
DONE, PARTIAL, FAILED = OutcomeState.DONE, OutcomeState.PARTIAL, OutcomeState.FAILED
AT_LEAST_ONE_ITEM, NOTHING = range(1, 3), range(1)
HERE = Path(__file__)
CERTIFICATE = HERE.with_name("selfsigned.pem")
K = FailureKind
CLOCK = r"om \d\d:\d\d opnieuw"
EPSILON = 2.0
"""Seconds beyond the deadline that a generation may take: wide, for a machine that is busy. What
the deadline guards against takes many more."""


@dataclass(frozen=True)
class Row:
    """One row of the table, in one of its forms.

    Attributes:
        number: the table's.
        fault: what the demo server does to voorbeeldzinnen, in its own grammar; ``{}`` is where.
        kind: the failure's name; ``None`` when trying again made the type whole.
        requests: how often voorbeeldzinnen was asked for, counted by the server.
        reads: what the message says, as a pattern.
        items: how many items stay.
        draft: whether there is text left of an attempt that broke off.
        patience: the time-out that this row waits for. So short that on a busy machine a healthy
            call may run into it too, and be made again.
    """

    number: int
    fault: str
    kind: FailureKind | None
    requests: int
    reads: str = ""
    items: range = NOTHING
    draft: bool = False
    patience: Mapping[str, float] = field(default_factory=dict)

    @property
    def spec(self) -> str:
        return "instant;" + self.fault.replace("{}", "@voorbeeldzinnen")

    def __str__(self) -> str:
        return f"{self.number}: {self.fault.replace('{}', '')}"


SILENCE, STALL = {"first_byte_timeout": 0.4}, {"stall_timeout": 0.4}
ROWS = [
    Row(2, "fault=403{}", K.MODEL_UNAVAILABLE, 1, "niet beschikbaar"),
    Row(2, "fault=404{}", K.MODEL_UNAVAILABLE, 1, "niet beschikbaar"),
    Row(3, "fault=400{}", K.BAD_REQUEST, 1, r"geweigerd.*kenmerk.*Kenmerk: req_\w+"),
    Row(4, "fault=context{}", K.TOO_LONG, 1, "te lang"),
    Row(5, "fault=429{}.1,retry-after=0.2", None, 2),
    Row(5, "fault=429{}.1,retry-after-date=1", None, 2),
    Row(6, "fault=429{},retry-after=60", K.RATE_LIMITED, 1, f"druk.*{CLOCK}"),
    Row(6, "fault=429{},retry-after-date=60", K.RATE_LIMITED, 1, f"druk.*{CLOCK}"),
    Row(6, "fault=503{},retry-after=60", K.SERVER, 1, f"storing.*{CLOCK}"),
    Row(7, "fault=quota{}", K.QUOTA, 1, "tegoed.*op"),
    Row(8, "fault=500{}.1", None, 2),
    Row(8, "fault=502{}.1;fault=500{}.2", None, 3),
    Row(8, "fault=500{},retry-after=0.05", K.SERVER, 3, "storing"),
    Row(8, "fault=503{},retry-after=0.05", K.SERVER, 3, "storing"),
    Row(8, "fault=503{},should-retry=false", K.SERVER, 1, "storing"),
    Row(11, "fault=silent{}.1", None, 2, patience=SILENCE),
    Row(11, "fault=silent{}", K.NO_ANSWER, 3, "geen antwoord", patience=SILENCE),
    Row(12, "fault=stall{}.1,items=2", None, 2, draft=True, patience=STALL),
    Row(
        12,
        "fault=stall{},items=2",
        K.INTERRUPTED,
        2,
        "brak af.*concept",
        AT_LEAST_ONE_ITEM,
        patience=STALL,
    ),
    Row(
        13,
        "fault=drip{},every=0.1",
        K.TIMEOUT,
        1,
        "niet op tijd",
        AT_LEAST_ONE_ITEM,
        patience={"call_timeout": 1.0},
    ),
    Row(14, "fault=reset{}.1,after=0.7", None, 2, draft=True),
    Row(14, "fault=reset{},after=0.7", K.INTERRUPTED, 2, "brak af", AT_LEAST_ONE_ITEM),
    Row(15, "fault=close{}.1,after=0.7", None, 2, draft=True),
    Row(15, "fault=close{},after=0.7", K.INCOMPLETE, 2, "hield onverwacht op", AT_LEAST_ONE_ITEM),
    Row(16, "fault=errorevent{}.1", None, 2),
    Row(16, "fault=errorevent{},code=insufficient_quota,after=0.1", K.QUOTA, 1, "tegoed"),
    Row(16, "fault=errorevent{},code=content_filter,after=0.1", K.CONTENT_FILTER, 1, "filter"),
    Row(16, "fault=errorevent{},code=context_length_exceeded,after=0.1", K.TOO_LONG, 1, "te lang"),
    Row(17, "fault=garbage{}.1", None, 2),
    Row(17, "fault=garbage{},after=0.1", K.UNREADABLE, 2, "onleesbaar"),
    Row(18, "fault=html{}", K.WRONG_ADDRESS, 1, "webpagina of proxy.*OPENAI_BASE_URL"),
    Row(19, "fault=length{}", None, 2),
    # The second answer is cut off before its first item: those of the first one stay.
    Row(
        19,
        "fault=length{}.1;fault=length{}.2,after=0.1",
        K.TRUNCATED,
        2,
        "afgekapt.*concept",
        AT_LEAST_ONE_ITEM,
    ),
    Row(20, "fault=refusal{}", K.REFUSED, 1, f"weigert.*Reden van het model: “{REFUSAL}”"),
    Row(21, "fault=filter{},after=0.1", K.CONTENT_FILTER, 1, "inhoudsfilter.*geblokkeerd"),
    Row(22, "fault=wrongschema{}.1", None, 2),
    Row(22, "fault=wrongschema{}", K.UNUSABLE, 2, "0 van 3.*bruikbaar"),
    Row(22, "fault=fewer{}.1", None, 2),
    Row(22, "fault=fewer{}", K.UNUSABLE, 2, "2 van 3.*bruikbaar", range(2, 3)),
    Row(22, "fault=dupes{}.1", None, 2),
    Row(22, "fault=dupes{}.1;fault=fewer{}.2", K.UNUSABLE, 2, "2 van 3.*bruikbaar", range(2, 3)),
]


@pytest.mark.anyio
@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_the_table(demo: DemoProcess, row: Row) -> None:
    """One type is hit: a named outcome, the requests that the table allows, five whole types."""
    async with trip_to(demo, row.spec, **row.patience) as (trip, provider):
        result = await trip.run()
    assert list(result.outcomes) == list(SIX)
    hit = result.outcomes[ZINNEN]
    if row.kind is None:
        assert_whole(hit, attempts=row.requests)
        assert len(hit.items) == 3
    else:
        assert hit.failure is not None
        assert hit.failure.kind is row.kind
        assert hit.state is (PARTIAL if row.items.stop > 1 else FAILED)
        assert len(hit.items) in row.items
        assert re.search(row.reads, hit.failure.message), hit.failure.message
    for kind in set(SIX) - {ZINNEN}:
        assert_whole(result.outcomes[kind], attempts=None if row.patience else 1)
    asked = (await asyncio.to_thread(provider.stats))["by_type"]
    assert asked[ZINNEN.value] == hit.attempts == row.requests
    assert row.patience or sum(asked.values()) == 5 + row.requests
    told = trip.retries(ZINNEN)
    assert [event.attempt for event in told] == list(range(2, row.requests + 1))
    assert bool(told and told[0].draft) >= row.draft
    assert result.seconds < SHORT["deadline"]


def test_every_number_of_the_table_is_here() -> None:
    """28 rows: those that a server plays, and those that have a test of their own, here or with the
    cache. Its number stands in the name of each."""
    sources = [path.read_text() for path in (HERE, HERE.with_name("test_cache.py"))]
    own = re.findall(r"""(?:def test_|id=")(\d+)[_:]""", "\n".join(sources))
    assert {row.number for row in ROWS} | set(map(int, own)) == set(range(1, 29))


# --- 1: no or wrong key ---


@pytest.mark.anyio
async def test_1_a_wrong_key_stops_the_siblings(demo: DemoProcess) -> None:
    """One 401 says it for all: who is still waiting for an answer stops, nobody asks again, and
    every type names the key and whom to tell."""
    spec = "fixed,seconds=20;fault=401@toelichting"
    async with trip_to(demo, spec) as (trip, provider):
        result = await trip.run()
        assert result.seconds < 10, "whoever is waited for takes twenty"
        # A sibling may be stopped before it was connected: then the server never met it.
        await until(lambda: (seen := provider.stats())["cancelled"] == seen["requests"] - 1)
        asked = await asyncio.to_thread(provider.stats)
    assert 1 <= asked["requests"] <= 6
    for outcome in result.outcomes.values():
        assert outcome.state is FAILED
        assert outcome.failure is not None
        assert outcome.failure.kind is K.AUTHENTICATION
        assert re.search(r"sleutel.*ongeldig.*beheerder", outcome.failure.message)


@pytest.mark.anyio
@pytest.mark.parametrize("mode", [GenerationMode.ASYNC, GenerationMode.SEQUENTIAL])
async def test_1_a_wrong_key_for_everything(demo: DemoProcess, mode: GenerationMode) -> None:
    """Nobody asks twice; in a row nobody asks after the first."""
    async with trip_to(demo, "instant;fault=401") as (trip, provider):
        result = await trip.run(mode)
    assert kinds(result) == {K.AUTHENTICATION}
    requests = (await asyncio.to_thread(provider.stats))["requests"]
    assert requests <= (6 if mode is GenerationMode.ASYNC else 1)


def kinds(result: Result) -> set[FailureKind | None]:
    """The names of what became of the types; ``None`` for a whole one."""
    assert list(result.outcomes) == list(SIX)
    return {one.failure.kind if one.failure else None for one in result.outcomes.values()}


# --- 4: too long, and seen before anything is sent ---


@pytest.mark.anyio
async def test_4_too_long_is_seen_before_it_is_sent(demo: DemoProcess) -> None:
    async with trip_to(demo, "instant", context_tokens=100) as (trip, provider):
        result = await trip.run()
    assert kinds(result) == {K.TOO_LONG}
    assert all(
        "te lang" in (one.failure.message if one.failure else "") for one in outcomes(result)
    )
    assert (await asyncio.to_thread(provider.stats))["requests"] == 0
    assert {one.attempts for one in outcomes(result)} == {0}


def outcomes(result: Result) -> list[Any]:
    return list(result.outcomes.values())


# --- 5 and 6: busy ---


@pytest.mark.anyio
async def test_5_one_429_is_everybodys_pause(demo: DemoProcess) -> None:
    """With one place in the gate, the five that wait for it wait for the provider too, and each of
    them says so with its seconds; afterwards all six are whole, with one request too many."""
    spec = "instant;fault=429@#1,retry-after=0.5"
    async with trip_to(demo, spec, at_once=1) as (trip, provider):
        result = await trip.run()
    assert kinds(result) == {None}
    assert result.seconds >= 0.5
    first = next(event for event in trip.events if isinstance(event, TypeStarted)).example_type
    [retry] = trip.retries(first)
    assert (retry.attempt, retry.most, retry.kind) == (2, 3, K.RATE_LIMITED)
    assert 0.5 <= retry.wait <= 0.55
    assert {event.example_type for event in trip.waits()} >= set(SIX) - {first}
    assert all(0 < event.wait <= 0.5 for event in trip.waits())
    assert (await asyncio.to_thread(provider.stats))["requests"] == 7


@pytest.mark.anyio
async def test_6_the_time_to_come_back_is_the_providers(demo: DemoProcess) -> None:
    """Not at the deadline but at once, with the moment in the outcome and on the editor's clock."""
    async with trip_to(demo, "instant;fault=429,retry-after=90", deadline=30) as (trip, _):
        result = await trip.run()
        again = await trip.run()
    assert kinds(result) == kinds(again) == {K.RATE_LIMITED}
    assert result.seconds < 15, "the deadline is thirty away"
    for outcome in outcomes(result):
        assert outcome.failure.retry_at == pytest.approx(time.time() + 90, abs=5)
        assert whole_minute(outcome.failure.retry_at) in outcome.failure.message
    assert {one.attempts for one in outcomes(again)} == {0}, "the pause is still on: no request"


@pytest.mark.anyio
async def test_5_a_limit_of_the_provider_is_kept(demo: DemoProcess) -> None:
    """Four requests in a second and no more: whoever comes too early waits as it is told to, the
    headers are learned, and all twelve types of two clicks are whole."""
    spec = "instant;fault=limit,requests=4,per=1"
    async with trip_to(demo, spec, deadline=20, requests_per_minute=6000) as (trip, provider):
        first = await trip.run()
        second = await trip.run()
        state = trip.road.state()
    assert kinds(first) == kinds(second) == {None}
    assert state.gate.requests_per_minute == 6000, "what the settings say stands above the headers"
    assert 12 <= (await asyncio.to_thread(provider.stats))["requests"] <= 24


@pytest.mark.anyio
async def test_5_a_limit_is_learned_and_then_not_overrun(demo: DemoProcess) -> None:
    """Six hundred a minute, told by the headers of the first answer: the next seventy calls come
    no faster, so that the provider refuses none of them."""
    spec = "instant;fault=limit,requests=600,per=60"
    async with trip_to(demo, spec, deadline=20, first_byte_timeout=10) as (trip, provider):
        await trip.run(wanted={ZINNEN: 3})
        assert trip.road.state().gate.requests_per_minute == 600
        start = time.monotonic()
        results = await asyncio.gather(*(trip.generation().run() for _ in range(11)))
        took = time.monotonic() - start
    assert {None} == set().union(*map(kinds, results))
    assert took >= 0.5, "sixty leave at once, and then one each tenth of a second"
    assert (await asyncio.to_thread(provider.stats))["requests"] == 67


# --- 9 and 10: no way through ---


@asynccontextmanager
async def nobody() -> AsyncIterator[str]:
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@asynccontextmanager
async def untrusted() -> AsyncIterator[str]:
    """TLS with a certificate that nobody signed."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    async with talking(tls) as port:
        yield f"https://127.0.0.1:{port}"


@asynccontextmanager
async def no_tls() -> AsyncIterator[str]:
    """Plain text where TLS was asked: the handshake breaks off."""
    async with talking(None) as port:
        yield f"https://127.0.0.1:{port}"


@asynccontextmanager
async def talking(tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def full() -> AsyncIterator[str]:
    """A port whose queue of connections is full: nobody is refused, and nobody gets in."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@asynccontextmanager
async def unknown() -> AsyncIterator[str]:
    """A name that no name server knows (RFC 2606)."""
    yield "http://nergens.invalid"


Place = Callable[[], Any]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("place", "kind", "attempts", "reads"),
    [
        pytest.param(unknown, K.CONNECTION, 3, "geen verbinding", id="9: no such name"),
        pytest.param(nobody, K.CONNECTION, 3, "geen verbinding", id="9: refused"),
        pytest.param(no_tls, K.CONNECTION, 3, "geen verbinding", id="9: handshake broken off"),
        pytest.param(untrusted, K.CERTIFICATE, 1, "certificaat", id="9: certificate"),
        pytest.param(full, K.CONNECTION, 3, "geen verbinding", id="10: connect timeout"),
    ],
)
async def test_no_way_through(
    place: Place,
    kind: FailureKind,
    attempts: int,
    reads: str,
    outside_connections: list[str],
) -> None:
    """Six named outcomes, within the deadline; a certificate that is wrong stays wrong."""
    async with place() as origin:
        patience = {**SHORT, "connect_timeout": 0.3}
        settings = Settings(api_key="sleutel", base_url=f"{origin}/v1", **patience)  # type: ignore[arg-type]
        async with trip_with(settings) as trip:
            result = await trip.run()
    outside_connections.clear()  # the name that does not exist was asked for, and meant to be
    assert kinds(result) == {kind}
    assert {one.state for one in outcomes(result)} == {FAILED}
    assert {one.attempts for one in outcomes(result)} == {attempts}
    assert all(reads in one.failure.message for one in outcomes(result))
    assert result.seconds < settings.deadline + EPSILON


# --- 13: a deadline bounds what no timeout sees ---


@pytest.mark.anyio
async def test_13_the_deadline_ends_a_drip(demo: DemoProcess) -> None:
    """Every byte resets the patience of a read; the generation's own time does not move."""
    spec = "instant;fault=drip,every=0.1"
    async with trip_to(demo, spec, deadline=0.8, call_timeout=60) as (trip, provider):
        result = await trip.run()
        assert kinds(result) == {K.TIMEOUT}
        assert 0.8 <= result.seconds < 0.8 + EPSILON
        await until(lambda: provider.stats()["cancelled"] == 6)
    assert "Het antwoord was niet op tijd klaar" in result.outcomes[ZINNEN].failure.message  # type: ignore[union-attr]
    assert result.outcomes[ZINNEN].items, "what had arrived stays"


# --- 23: an open breaker ---


@pytest.mark.anyio
async def test_23_an_open_breaker_asks_nobody(demo: DemoProcess) -> None:
    """Two clicks on a provider that is down, and the third one costs no request and waits for
    nothing: the editor reads until when."""
    spec = "instant;fault=503,should-retry=false"
    async with trip_to(demo, spec) as (trip, provider):
        while trip.road.state().breaker is not BreakerState.OPEN:
            assert kinds(await trip.run()) <= {K.SERVER, K.BREAKER_OPEN}
        before = (await asyncio.to_thread(provider.stats))["requests"]
        trip.events.clear()
        result = await trip.run()
        after = (await asyncio.to_thread(provider.stats))["requests"]
    assert after == before >= BreakerPolicy().volume
    assert kinds(result) == {K.BREAKER_OPEN}
    assert [type(event) for event in trip.events] == [TypeEnded] * 6
    for outcome in outcomes(result):
        assert outcome.attempts == 0
        assert outcome.failure.retry_at == pytest.approx(time.time() + 30, abs=3)
        assert re.search(f"stilgelegd.*{CLOCK}", outcome.failure.message)


@pytest.mark.anyio
async def test_23_one_bad_click_leaves_the_road_open(demo: DemoProcess) -> None:
    """Six types, three attempts each, all of them failing: named as what they are."""
    async with trip_to(demo, "instant;fault=503,retry-after=0.05") as (trip, provider):
        result = await trip.run()
        assert trip.road.state().breaker is BreakerState.CLOSED
    assert kinds(result) == {K.SERVER}
    assert (await asyncio.to_thread(provider.stats))["requests"] == 18


# --- 24, 25: clicks ---


@contextmanager
def bridge_to(demo: DemoProcess, spec: str, **changes: Any) -> Iterator[tuple[Bridge, Provider]]:
    provider = Provider.behaving(demo, spec)
    bridge = Bridge(provider.settings(**{**SHORT, **changes}))
    try:
        yield bridge, provider
    finally:
        bridge.close()


def test_24_a_second_click_or_tab_sees_the_same_progress(demo: DemoProcess) -> None:
    """The same owner's same request is the same job, at any moment of it, and is paid for once."""
    with bridge_to(demo, "fixed,seconds=0.4,chunks=20") as (bridge, provider):
        job = bridge.start(SUBJECT, owner="sessie")
        wait_until(lambda: any(lane.items for lane in bridge.snapshot(job).lanes))  # type: ignore[union-attr]
        assert bridge.start(SUBJECT, owner="sessie") == job
        wait_until(lambda: not bridge.snapshot(job).running)  # type: ignore[union-attr]
        assert provider.stats()["requests"] == 6


def test_25_stopping_says_how_much_was_kept(demo: DemoProcess) -> None:
    """Three types were whole, one had an item: four of six have something, and nothing runs on."""
    spec = (
        "instant;fault=stall@voorbeeldzinnen,items=1;"
        "fault=silent@synoniemen;fault=silent@antoniemen"
    )
    patience = {"stall_timeout": 60, "first_byte_timeout": 60, "call_timeout": 60, "deadline": 60}
    with bridge_to(demo, spec, **patience) as (bridge, provider):
        job = bridge.start(SUBJECT)
        wait_until(lambda: sum(bool(one.items) for one in bridge.snapshot(job).lanes) == 4)  # type: ignore[union-attr]
        wait_until(lambda: bridge.snapshot(job).finished == 3)  # type: ignore[union-attr]
        # A silent call shows nothing here: only the server knows that it has begun.
        wait_until(lambda: provider.stats()["in_flight"] == 3)
        bridge.cancel(job)
        wait_until(lambda: not bridge.snapshot(job).running)  # type: ignore[union-attr]
        snapshot = bridge.snapshot(job)
        assert snapshot is not None
        wait_until(lambda: provider.stats()["cancelled"] == 3)
    assert closing_sentence(snapshot) == (
        "Gestopt. Van 4 van de 6 soorten is bewaard wat er al was."
    )
    assert all(lane.outcome is not None for lane in snapshot.lanes)


def test_27_a_job_of_before_the_restart_is_not_known(demo: DemoProcess) -> None:
    """Another process has another bridge; what the page makes of that is in the page's tests."""
    with bridge_to(demo, "instant") as (bridge, _):
        assert bridge.snapshot("van-gisteren") is None


# --- 28: everything fails ---


@pytest.mark.anyio
async def test_28_all_six_fail_and_each_says_why(demo: DemoProcess) -> None:
    """Six faults at once: six names, six messages, and not one type without an outcome."""
    spec = (
        "instant;fault=400@voorbeeldzinnen;fault=quota@praktijkvoorbeelden;fault=refusal@"
        "tegenvoorbeelden;fault=html@synoniemen;fault=wrongschema@antoniemen;fault=404@toelichting"
    )
    async with trip_to(demo, spec) as (trip, _):
        result = await trip.run()
    assert [outcome.failure.kind for outcome in outcomes(result)] == [
        K.BAD_REQUEST,
        K.QUOTA,
        K.REFUSED,
        K.WRONG_ADDRESS,
        K.UNUSABLE,
        K.MODEL_UNAVAILABLE,
    ]
    assert len({outcome.failure.message for outcome in outcomes(result)}) == 6


@pytest.mark.anyio
async def test_28_a_bug_of_ours_has_a_reference(
    demo: DemoProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the one type that it hits, and gives the editor something to report."""
    real = prompts.system_message

    def broken(types: tuple[ExampleType, ...]) -> str:
        if PRAKTIJK in types:
            raise KeyError("geheim")
        return real(types)

    monkeypatch.setattr(prompts, "system_message", broken)
    async with trip_to(demo, "instant") as (trip, _):
        result = await trip.run()
    failure = result.outcomes[PRAKTIJK].failure
    assert failure is not None
    assert failure.kind is K.INTERNAL
    assert f"Kenmerk: {failure.reference}." in failure.message
    assert "geheim" not in failure.message
    for kind in set(SIX) - {PRAKTIJK}:
        assert_whole(result.outcomes[kind])
