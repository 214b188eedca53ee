"""The gate: first come first served, nothing lost by cancelling, a pause for all, limits kept."""

from __future__ import annotations

import asyncio
import gc
import math
import time
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.integration.support import until
from voorbeelden.ai.errors import RateLimited
from voorbeelden.ai.limits import HEAD_START, Bucket, Gate, duration

A_WHILE = 0.05


class Client:
    """One call at a gate: waits, is inside until ``leave``, and notes when it came in."""

    def __init__(
        self, gate: Gate, name: str, log: list[str], rank: int = 0, tokens: int = 1
    ) -> None:
        self.waits: list[float] = []
        self._leave = asyncio.Event()
        self._done = asyncio.Event()
        self._gate, self._name, self._log = gate, name, log
        self._rank, self._tokens = rank, tokens
        self.task = asyncio.create_task(self._visit())

    async def _visit(self) -> None:
        async with self._gate.slot(self._rank, self._tokens, on_wait=self.waits.append):
            self._log.append(self._name)
            await self._leave.wait()

    async def leave(self) -> None:
        self._leave.set()
        await self.task

    async def give_up(self) -> None:
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task


async def arrivals() -> None:
    """Lets every task that can move do so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def timed(work: Awaitable[object]) -> float:
    start = time.monotonic()
    await work
    return time.monotonic() - start


async def through(gate: Gate, tokens: int = 1, deadline: float = math.inf) -> None:
    async with gate.slot(0, tokens, deadline=deadline):
        pass


# --- a place in the queue ---


@pytest.mark.anyio
async def test_a_free_gate_costs_no_time() -> None:
    """Not even one turn of the loop: six calls of a click leave together."""
    gate = Gate(at_once=6)
    visit = through(gate)
    with pytest.raises(StopIteration):
        visit.send(None)
    assert gate.state().in_flight == 0


@pytest.mark.anyio
async def test_first_come_first_served() -> None:
    gate, log = Gate(at_once=1), list[str]()
    clients = [Client(gate, name, log) for name in "abcde"]
    for number, client in enumerate(clients, start=1):
        await arrivals()
        assert log == list("abcde")[:number]
        await client.leave()
    assert gate.state().waiting == gate.state().in_flight == 0


@pytest.mark.anyio
async def test_the_types_that_are_read_first_go_first() -> None:
    """Clicks that come together are served in reading order, whatever order they queued in."""
    gate, log = Gate(at_once=1), list[str]()
    inside = Client(gate, "inside", log)
    await arrivals()
    queue = [Client(gate, str(rank), log, rank=rank) for rank in (5, 3, 0, 4, 1, 2)]
    await arrivals()
    await inside.leave()
    for rank in range(6):
        await arrivals()
        assert log[-1] == str(rank)
        await queue[[5, 3, 0, 4, 1, 2].index(rank)].leave()


@pytest.mark.anyio
async def test_a_head_start_is_not_a_right_of_way() -> None:
    """A type that is read last is overtaken for a moment only: it cannot starve."""
    gate, log = Gate(at_once=1), list[str]()
    inside = Client(gate, "inside", log)
    await arrivals()
    patient = Client(gate, "patient", log, rank=1)
    await arrivals()
    await asyncio.sleep(HEAD_START + A_WHILE)
    later = Client(gate, "later", log, rank=0)
    await arrivals()
    await inside.leave()
    await patient.leave()
    await later.leave()
    assert log == ["inside", "patient", "later"]


@pytest.mark.anyio
async def test_never_more_than_the_cap_inside() -> None:
    gate, log = Gate(at_once=3), list[str]()
    clients = [Client(gate, str(number), log) for number in range(10)]
    await arrivals()
    assert len(log) == gate.state().in_flight == 3
    assert gate.state().waiting == 7
    for client in clients:
        await client.leave()
        assert gate.state().in_flight <= 3
    assert len(log) == 10


# --- cancelling ---


@pytest.mark.anyio
async def test_a_waiter_that_gives_up_takes_nothing_with_it() -> None:
    gate, log = Gate(at_once=1), list[str]()
    inside, quitter, next_one = (Client(gate, name, log) for name in ("in", "quits", "next"))
    await arrivals()
    await quitter.give_up()
    assert gate.state().waiting == 1
    await inside.leave()
    await arrivals()
    assert log == ["in", "next"]
    await next_one.leave()
    assert gate.state().in_flight == 0


@pytest.mark.anyio
async def test_cancelled_at_the_moment_of_its_turn_it_hands_the_place_on() -> None:
    """The place was given and the cancellation came before the task could run: no slot leaks."""
    gate, log = Gate(at_once=1), list[str]()
    async with gate.slot(0, 1):
        unlucky, next_one = Client(gate, "unlucky", log), Client(gate, "next", log)
        await arrivals()
        assert gate.state().waiting == 2
    assert gate.state().waiting == 1, "it has its place, and does not know it yet"
    unlucky.task.cancel()
    await arrivals()
    assert unlucky.task.cancelled()
    assert log == ["next"]
    await next_one.leave()
    assert gate.state().in_flight == gate.state().waiting == 0


@pytest.mark.anyio
async def test_one_inside_that_is_cancelled_or_fails_makes_room() -> None:
    gate, log = Gate(at_once=1), list[str]()
    first, second = Client(gate, "first", log), Client(gate, "second", log)
    await arrivals()
    await first.give_up()
    await arrivals()
    assert log == ["first", "second"]
    await second.leave()

    async def failing() -> None:
        async with gate.slot(0, 1):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    assert gate.state().in_flight == 0


@pytest.mark.anyio
async def test_a_crowd_that_comes_and_goes_leaves_an_empty_gate() -> None:
    """Five hundred calls through three places, every third cancelled at some point: all the
    others get their turn, and nothing is left behind."""
    gate, served = Gate(at_once=3), 0

    async def visit(number: int) -> None:
        nonlocal served
        async with gate.slot(number % 6, 1):
            assert gate.state().in_flight <= 3
            for _ in range(number % 4):
                await asyncio.sleep(0)
            served += 1

    tasks = [asyncio.create_task(visit(number)) for number in range(500)]
    for number, task in enumerate(tasks):
        if number % 3 == 0:
            task.cancel()
        if number % 7 == 0:
            await asyncio.sleep(0)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    lost = sum(isinstance(result, asyncio.CancelledError) for result in results)
    assert served == 500 - lost
    assert lost > 50
    assert gate.state().in_flight == gate.state().waiting == 0


# --- a pause ---


@pytest.mark.anyio
async def test_a_pause_holds_everybody_and_ends_by_itself() -> None:
    """Those inside finish; nobody enters; all who wait are told how long, late comers too."""
    gate, log = Gate(at_once=2), list[str]()
    inside = Client(gate, "inside", log)
    await arrivals()
    start = time.monotonic()
    gate.pause(0.3)
    early = Client(gate, "early", log)
    await arrivals()
    await inside.leave()
    await asyncio.sleep(0.1)
    late = Client(gate, "late", log)
    await arrivals()
    assert log == ["inside"]
    assert gate.state().paused == pytest.approx(0.2, abs=0.09)
    await until(lambda: len(log) == 3)
    assert time.monotonic() - start >= 0.3
    assert early.waits == [pytest.approx(0.3, abs=0.05)]
    assert late.waits == [pytest.approx(0.2, abs=0.09)]
    assert inside.waits == []
    await early.leave()
    await late.leave()


@pytest.mark.anyio
async def test_those_in_the_queue_are_told_of_a_pause_that_begins() -> None:
    """They wait for a place already; from now on they wait for the provider."""
    gate, log = Gate(at_once=1), list[str]()
    inside, queued = Client(gate, "inside", log), Client(gate, "queued", log)
    await arrivals()
    assert queued.waits == []
    gate.pause(0.1)
    assert queued.waits == [pytest.approx(0.1, abs=0.02)]
    gate.pause(0.01)
    assert len(queued.waits) == 1, "a shorter pause within a longer one is no news"
    await inside.leave()
    await until(lambda: log == ["inside", "queued"])
    await queued.leave()


@pytest.mark.anyio
async def test_a_longer_pause_replaces_a_shorter_one_and_never_the_other_way() -> None:
    gate = Gate(at_once=1)
    gate.pause(0.2)
    gate.pause(0.01)
    assert gate.paused() > 0.15
    assert await timed(through(gate)) >= 0.15


@pytest.mark.anyio
async def test_a_pause_has_an_end_whatever_the_provider_says() -> None:
    gate = Gate(at_once=1)
    gate.pause(1e12)
    assert 3590 < gate.paused() <= 3600


@pytest.mark.anyio
async def test_who_cannot_wait_that_long_is_told_at_once() -> None:
    """A pause beyond the deadline: before the queue or in it, the call fails now, with the time."""
    gate, log = Gate(at_once=1), list[str]()
    inside = Client(gate, "inside", log)
    soon, far = time.monotonic() + 5, time.monotonic() + 500
    short = asyncio.create_task(through(gate, deadline=soon))
    patient = asyncio.create_task(through(gate, deadline=far))
    await arrivals()
    gate.pause(60)
    with pytest.raises(RateLimited) as queued:
        await short
    with pytest.raises(RateLimited) as late:
        await through(gate, deadline=soon)
    for caught in (queued, late):
        assert caught.value.retry_after == pytest.approx(60, abs=1)
    assert not patient.done()
    patient.cancel()
    await inside.leave()
    assert gate.state().in_flight == gate.state().waiting == 0


@pytest.mark.anyio
async def test_sent_away_and_cancelled_at_once_no_slot_is_counted_back_twice(
    recwarn: pytest.WarningsRecorder,
) -> None:
    gate, log = Gate(at_once=1), list[str]()
    inside = Client(gate, "inside", log)
    task = asyncio.create_task(through(gate, deadline=time.monotonic() + 1))
    await arrivals()
    gate.pause(60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert gate.state().in_flight == 1
    await inside.leave()
    assert gate.state().in_flight == 0
    del task
    gc.collect()
    assert not recwarn.list


# --- limits a minute ---


def passed(bucket: Bucket, seconds: float, weight: int = 1) -> int:
    """How many calls a greedy client gets through, from second 0 up to ``seconds``."""
    now, count = 1000.0, 0
    while now < 1000.0 + seconds:
        wait = bucket.take(weight, now)
        if wait == 0:
            count += 1
        now += wait
    return count


def test_a_tenth_may_leave_at_once() -> None:
    bucket = Bucket(100)
    assert [bucket.take(1, 5.0) for _ in range(10)] == [0.0] * 10
    assert bucket.take(1, 5.0) == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize("per_minute", [1, 7, 60, 100, 3000])
def test_no_minute_gets_more_than_its_limit_and_the_burst(per_minute: int) -> None:
    """The first minute is the fullest; the second one has its limit at most."""
    bucket = Bucket(per_minute)
    first = passed(bucket, 60)
    assert first <= per_minute + max(1, per_minute // 10)
    assert first >= per_minute


@given(per_minute=some.integers(1, 100_000), weight=some.integers(-5, 10**9))
def test_every_weight_passes_in_the_end(per_minute: int, weight: int) -> None:
    """Above the burst it counts as the whole burst, instead of being refused for ever."""
    bucket, now = Bucket(per_minute), 1.0
    for _ in range(4):
        wait = bucket.take(weight, now)
        assert 0 <= wait <= 61
        now += wait
        assert wait == 0 or bucket.take(weight, now) <= 0.001, "but for a rounded millisecond"


def test_a_refusal_spends_nothing() -> None:
    bucket = Bucket(10)
    assert bucket.take(1, 0.0) == 0
    waits = [bucket.take(1, 1.0) for _ in range(50)]
    assert waits == [pytest.approx(5.0, abs=0.01)] * 50


@pytest.mark.anyio
async def test_a_waiter_for_a_limit_is_woken_when_there_is_room() -> None:
    """600 a minute: sixty at once, then one each tenth of a second."""
    gate = Gate(at_once=100, requests_per_minute=600)
    assert await timed(asyncio.gather(*(through(gate) for _ in range(60)))) < 3, "not six"
    took = await timed(asyncio.gather(*(through(gate) for _ in range(3))))
    assert 0.1 < took < 10, "woken, and not left waiting for somebody else to come"


@pytest.mark.anyio
async def test_a_large_waiter_is_not_starved_by_small_ones() -> None:
    """Who is first stays first, also when a smaller call would fit now."""
    gate, log = Gate(at_once=9, tokens_per_minute=60_000), list[str]()
    await through(gate, tokens=6_000)
    large = Client(gate, "large", log, tokens=500)
    await arrivals()
    small = [Client(gate, f"small {number}", log, tokens=1) for number in range(3)]
    await until(lambda: len(log) == 4)
    assert log[0] == "large"
    for client in (large, *small):
        await client.leave()


@pytest.mark.anyio
async def test_a_call_above_the_burst_leaves_all_the_same() -> None:
    """A prompt of a million tokens at a limit of a thousand: it empties the bucket, and goes."""
    gate = Gate(at_once=9, tokens_per_minute=1000)
    assert await timed(through(gate, tokens=10**6)) < 60, "a million at a thousand a minute"


@pytest.mark.anyio
async def test_waiting_for_tokens_does_not_pay_for_the_request_twice() -> None:
    """Woken again and again for its tokens, the waiter holds its place in the other limit."""
    gate = Gate(at_once=9, requests_per_minute=20, tokens_per_minute=60_000)
    await through(gate, tokens=6_000)
    waiting = asyncio.create_task(through(gate, tokens=300))
    for _ in range(10):
        await arrivals()
        gate._pump()
    assert await timed(waiting) < 2.5, "paying again would take three seconds"


# --- what the provider says of its limits ---


def limits(**values: object) -> dict[str, str]:
    return {f"x-ratelimit-{name.replace('_', '-')}": str(value) for name, value in values.items()}


@pytest.mark.anyio
async def test_the_providers_limits_are_learned() -> None:
    gate = Gate(at_once=9)
    assert gate.state().requests_per_minute is None
    gate.learn(limits(limit_requests=500, limit_tokens=30000, remaining_requests=499))
    assert gate.state().requests_per_minute == 500
    assert gate.state().tokens_per_minute == 30000
    gate.learn(limits(limit_requests=1000))
    assert gate.state().requests_per_minute == 1000
    assert gate.state().tokens_per_minute == 30000
    assert gate.paused() == 0


@pytest.mark.anyio
async def test_hearing_the_same_limit_again_does_not_refill_it() -> None:
    """Every answer repeats the limits; a full bucket each time would be no limit at all."""
    gate, tasks = Gate(at_once=99), list[asyncio.Task[None]]()
    for _ in range(12):
        gate.learn(limits(limit_requests=100))
        tasks.append(asyncio.create_task(through(gate)))
        await arrivals()
    assert gate.state().waiting == 2, "ten at once and no more"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.anyio
async def test_limits_from_the_settings_stand_above_the_providers() -> None:
    gate = Gate(at_once=9, requests_per_minute=40)
    gate.learn(limits(limit_requests=5000, limit_tokens=1000))
    assert gate.state().requests_per_minute == 40
    assert gate.state().tokens_per_minute == 1000


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        (limits(remaining_requests=0, reset_requests="20s"), 20.0),
        (limits(remaining_tokens=0, reset_tokens="6m0s"), 360.0),
        (limits(remaining_requests=0, reset_requests="gauw"), 1.0),
        (limits(remaining_requests=0), 1.0),
        (limits(remaining_requests=1, reset_requests="20s"), 0.0),
        (limits(reset_requests="20s"), 0.0),
    ],
)
@pytest.mark.anyio
async def test_a_limit_that_is_used_up_is_a_pause(headers: dict[str, str], pause: float) -> None:
    """Before the first 429: the last call that fits says so itself."""
    gate = Gate(at_once=9)
    gate.learn(headers)
    assert gate.paused() == pytest.approx(pause, abs=0.1)


@pytest.mark.parametrize("value", ["0", "-5", "²", "1e3", "x", "", "9" * 5000, "12.5", " 7"])
@pytest.mark.anyio
async def test_a_limit_that_makes_no_sense_is_passed_over(value: str) -> None:
    """Headers are somebody else's text: none of them may break a call."""
    gate = Gate(at_once=9)
    gate.learn({"x-ratelimit-limit-requests": value, "x-ratelimit-limit-tokens": value})
    assert gate.state().requests_per_minute is gate.state().tokens_per_minute is None
    await through(gate)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20ms", 0.02),
        ("1s", 1.0),
        ("1.5s", 1.5),
        ("6m0s", 360.0),
        ("1h2m3s", 3723.0),
        ("2d", 172_800.0),
        ("8.64s", 8.64),
        ("gauw", None),
        ("", None),
        (None, None),
    ],
)
def test_a_reset_as_openai_writes_it(text: str | None, seconds: float | None) -> None:
    assert duration(text) == (seconds if seconds is None else pytest.approx(seconds))


Make = Callable[[], Gate]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "make",
    [
        lambda: Gate(at_once=2),
        lambda: Gate(at_once=2, requests_per_minute=6000),
        lambda: Gate(at_once=2, tokens_per_minute=600_000),
    ],
)
async def test_whatever_limits_there_are_everybody_gets_a_turn(make: Make) -> None:
    gate = make()
    await asyncio.wait_for(asyncio.gather(*(through(gate, tokens=50) for _ in range(100))), 5)
    assert gate.state().in_flight == gate.state().waiting == 0
