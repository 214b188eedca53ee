"""Breaker, gate, attempts and deadline together, with calls that never leave this process."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.integration.support import until
from voorbeelden.ai import errors
from voorbeelden.ai.breaker import BreakerPolicy, BreakerState
from voorbeelden.ai.errors import (
    AIError,
    AuthenticationFailed,
    BadRequest,
    BreakerOpen,
    CallTimeout,
    ConnectionFailed,
    ContentFiltered,
    Incomplete,
    Interrupted,
    NoAnswer,
    QuotaExhausted,
    RateLimited,
    Refused,
    ServerFailed,
    Truncated,
    Unusable,
)
from voorbeelden.ai.retry import MAX_ATTEMPTS
from voorbeelden.ai.road import Call, Road
from voorbeelden.settings import Settings

pytestmark = pytest.mark.anyio

EVERY = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, AIError)]
VOLUME = BreakerPolicy().volume


class Service:
    """What a road asks of a service: a place to hang on, and an end."""

    closed = False
    on_headers: Callable[[Mapping[str, str]], None]

    async def aclose(self) -> None:
        self.closed = True


def road(**changes: Any) -> Road:
    return Road(Service(), Settings(**changes))  # type: ignore[arg-type]


@dataclass
class Script:
    """Attempts that end as written: an error is raised, anything else is the answer."""

    ends: list[object]
    calls: int = 0
    previous: list[AIError | None] = field(default_factory=list)
    retries: list[tuple[AIError, int, float]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def attempt(self, previous: AIError | None) -> object:
        self.previous.append(previous)
        end = self.ends[self.calls]
        self.calls += 1
        if isinstance(end, BaseException):
            raise end
        if isinstance(end, float):
            await asyncio.sleep(end)
        return end

    def on_retry(self, error: AIError, attempt: int, wait: float) -> None:
        self.retries.append((error, attempt, wait))

    def call(self, seconds: float = 10.0) -> Call:
        deadline = time.monotonic() + seconds
        return Call(0, 10, deadline, self.on_retry, self.waits.append)

    async def run(self, on: Road, seconds: float = 10.0) -> object:
        return await on.run(self.call(seconds), self.attempt)


async def fail(on: Road, error: AIError) -> AIError:
    """One call whose attempts all end in ``error``; what its caller gets."""
    script = Script([error] * MAX_ATTEMPTS)
    with pytest.raises(AIError) as caught:
        await script.run(on)
    return caught.value


async def break_it(on: Road) -> None:
    """Failures without a retry (the advice says so), so that the breaker opens at once."""
    for _ in range(VOLUME):
        await fail(on, ServerFailed(retry_advice=False))
    assert on.state().breaker is BreakerState.OPEN


# --- attempts ---


async def test_an_answer_at_the_first_attempt() -> None:
    script = Script(["answer"])
    assert await script.run(road()) == "answer"
    assert (script.calls, script.previous, script.retries) == (1, [None], [])


async def test_every_attempt_is_told_of_the_one_before() -> None:
    """So that a repair can ask for what is missing, and a truncated answer for more room."""
    first, second = ServerFailed(retry_after=0.0), RateLimited(retry_after=0.01)
    script = Script([first, second, "answer"])
    assert await script.run(road()) == "answer"
    assert script.previous == [None, first, second]
    assert [(error, attempt) for error, attempt, _ in script.retries] == [(first, 2), (second, 3)]


async def test_the_last_error_is_the_one_that_is_raised() -> None:
    """As it was, with its status and its request id, and not wrapped in a retry error."""
    failures = [ServerFailed(status=500 + n, retry_after=0.0) for n in range(3)]
    script = Script([*failures, "never"])
    with pytest.raises(ServerFailed) as caught:
        await script.run(road())
    assert caught.value is failures[2]
    assert script.calls == 3


async def test_what_is_final_is_asked_once() -> None:
    for kind in (BadRequest, AuthenticationFailed, QuotaExhausted, Refused, ContentFiltered):
        script = Script([kind(), "never"])
        with pytest.raises(kind):
            await script.run(road())
        assert script.calls == 1


async def test_a_bug_is_neither_retried_nor_renamed() -> None:
    script = Script([ZeroDivisionError(), "never"])
    with pytest.raises(ZeroDivisionError):
        await script.run(road())
    assert script.calls == 1


async def test_nothing_above_or_below_multiplies_the_attempts() -> None:
    """stamina's own defaults (ten attempts, 45 seconds) never come in: the plan decides."""
    assert stamina.is_active()
    assert not stamina.is_testing()
    script = Script([ServerFailed(retry_after=0.0)] * 20)
    with pytest.raises(ServerFailed):
        await script.run(road())
    assert script.calls == MAX_ATTEMPTS


@settings(max_examples=60, deadline=None)
@given(some.lists(some.sampled_from(EVERY), min_size=3, max_size=3))
def test_any_mix_of_failures_ends_with_a_named_error(kinds: list[type[AIError]]) -> None:
    """Three attempts at most, and what comes out is one of the errors that went in."""
    script = Script([kind(retry_after=0.0) for kind in kinds])

    async def run() -> None:
        # The pause after a 429 without a time is a second: longer than this call has.
        await script.run(road(), seconds=0.9)

    with pytest.raises(AIError) as caught:
        asyncio.run(run())
    assert script.calls <= MAX_ATTEMPTS
    assert type(caught.value) in {*kinds[: script.calls], RateLimited}


# --- the deadline ---


async def test_the_deadline_ends_an_attempt_that_hangs() -> None:
    script = Script([30.0])
    start = time.monotonic()
    with pytest.raises(CallTimeout):
        await script.run(road(), seconds=0.1)
    assert 0.1 <= time.monotonic() - start < 10, "the attempt would take thirty"


async def test_the_deadline_counts_from_the_start_and_not_from_the_attempt() -> None:
    """Queueing, attempts and waiting share one time: who has queued for all of it asks nobody."""
    script = Script([0.0])
    one = road(at_once=1)
    holder = asyncio.create_task(Script([30.0]).run(one))
    await asyncio.sleep(0)
    start = time.monotonic()
    with pytest.raises(CallTimeout):
        await script.run(one, seconds=0.3)
    assert 0.3 <= time.monotonic() - start < 10, "the place comes free after thirty"
    assert script.calls == 0
    holder.cancel()


async def test_a_deadline_that_is_past_asks_nobody() -> None:
    script = Script([1.0])
    with pytest.raises(CallTimeout):
        await script.run(road(), seconds=-1)


async def test_retry_after_beyond_the_deadline_fails_at_once_with_the_time() -> None:
    script = Script([RateLimited(retry_after=30.0), "never"])
    start = time.monotonic()
    with pytest.raises(RateLimited) as caught:
        await script.run(road(), seconds=5)
    assert time.monotonic() - start < 4, "not at the deadline, after five"
    assert caught.value.retry_after == 30.0
    assert script.calls == 1


# --- one 429 is everybody's ---


async def test_a_429_pauses_all_and_not_one() -> None:
    """A call that comes after it waits too, is told so, and has made no request meanwhile."""
    one = road()
    first = Script([RateLimited(retry_after=0.2), "first"])
    second = Script(["second"])
    start = time.monotonic()
    busy = asyncio.create_task(first.run(one))
    await until(lambda: first.calls == 1)
    assert await second.run(one) == "second"
    assert time.monotonic() - start >= 0.2
    assert second.waits == [pytest.approx(0.2, abs=0.05)]
    assert await busy == "first"


async def test_a_429_without_a_word_pauses_for_a_second() -> None:
    one = road()
    with pytest.raises(RateLimited):
        await Script([RateLimited(retry_advice=False)]).run(one)
    assert one.state().gate.paused == pytest.approx(1.0, abs=0.1)


async def test_in_a_long_pause_a_call_fails_at_once_with_the_time() -> None:
    """Without a request: everybody knows by now that the provider is busy until then."""
    one, script = road(), Script(["never"])
    with pytest.raises(RateLimited):
        await Script([RateLimited(retry_after=60.0)]).run(one)
    with pytest.raises(RateLimited) as caught:
        await script.run(one, seconds=5)
    assert script.calls == 0
    assert caught.value.retry_after == pytest.approx(60, abs=1)


async def test_limits_come_in_through_the_services_headers() -> None:
    service = Service()
    one = Road(service, Settings())  # type: ignore[arg-type]
    service.on_headers({"x-ratelimit-limit-requests": "120"})
    assert one.state().gate.requests_per_minute == 120


# --- the shared budget ---


async def test_retries_are_paid_from_one_budget_and_successes_fill_it() -> None:
    one = road()
    full = one.state().quota_left
    await Script([ServerFailed(retry_after=0.0), "answer"]).run(one)
    assert one.state().quota_left == full, "a retry that helped is paid back"
    await fail(one, ServerFailed(retry_after=0.0))
    assert one.state().quota_left == full - 10
    await Script(["answer"]).run(one)
    assert one.state().quota_left == full - 9


async def test_a_provider_in_trouble_is_not_asked_three_times_as_much() -> None:
    """After the budget is spent every call makes one request."""
    one = road()
    requests = 0
    while one.state().quota_left >= 5:
        script = Script([Truncated()] * 3)
        with pytest.raises(Truncated):
            await script.run(one)
        requests += script.calls
    assert requests == 200, "a hundred retries"
    script = Script([Truncated()] * 3)
    with pytest.raises(Truncated):
        await script.run(one)
    assert script.calls == 1


# --- the breaker ---


async def test_an_open_breaker_asks_nobody_and_says_how_long() -> None:
    one, script = road(requests_per_minute=6000), Script(["never"])
    await break_it(one)
    with pytest.raises(BreakerOpen) as caught:
        await script.run(one)
    assert script.calls == 0
    assert caught.value.retry_after == pytest.approx(30, abs=1)
    assert one.state().breaker_opens_in == pytest.approx(30, abs=1)


async def test_an_open_breaker_answers_at_once_even_in_a_pause() -> None:
    """Who cannot leave anyway does not queue, and spends nothing of a limit."""
    one = road()
    await break_it(one)
    one._gate.pause(5)
    start = time.monotonic()
    with pytest.raises(BreakerOpen):
        await Script(["never"]).run(one)
    assert time.monotonic() - start < 4, "the pause is five"


async def test_of_sixty_waiting_calls_one_goes_when_the_time_is_over() -> None:
    """Half-open: one request, and the others wait for what it finds. It fails: nobody else asks."""
    one = road()
    await break_it(one)
    one._breaker._opened_at = time.monotonic() - 31
    assert one.state().breaker is BreakerState.HALF_OPEN
    scripts = [Script([ServerFailed(retry_advice=False)]) for _ in range(60)]
    results = await asyncio.gather(*(each.run(one) for each in scripts), return_exceptions=True)
    assert sum(script.calls for script in scripts) == 1
    assert sum(isinstance(result, BreakerOpen) for result in results) == 59
    assert one.state().breaker is BreakerState.OPEN


async def test_a_probe_that_succeeds_lets_all_who_waited_through() -> None:
    """Whoever came back at the minute that the message named is helped, not sent away again."""
    one = road()
    await break_it(one)
    one._breaker._opened_at = time.monotonic() - 31
    at_once: list[int] = []
    scripts = [Script([0.05]) for _ in range(6)]
    runs = [asyncio.create_task(each.run(one)) for each in scripts]
    await asyncio.sleep(0.02)
    at_once.append(sum(script.calls for script in scripts))
    await asyncio.gather(*runs)
    assert at_once == [1]
    assert all(script.calls == 1 for script in scripts)
    assert one.state().breaker is BreakerState.CLOSED


async def test_a_probe_that_is_cancelled_leaves_the_next_one_its_chance() -> None:
    one = road()
    await break_it(one)
    one._breaker._opened_at = time.monotonic() - 31
    probe = asyncio.create_task(Script([30.0]).run(one))
    await asyncio.sleep(0.01)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    assert await Script(["next"]).run(one) == "next"
    assert one.state().breaker is BreakerState.CLOSED


@pytest.mark.parametrize("kind", [ServerFailed, ConnectionFailed, NoAnswer, CallTimeout])
async def test_a_provider_that_is_ill_opens_it(kind: type[AIError]) -> None:
    one = road()
    for _ in range(VOLUME):
        await fail(one, kind(retry_advice=False))
    assert one.state().breaker is BreakerState.OPEN


@pytest.mark.parametrize(
    "kind", [BadRequest, AuthenticationFailed, QuotaExhausted, Refused, ContentFiltered, Unusable]
)
async def test_an_answer_that_is_a_no_does_not_count(kind: type[AIError]) -> None:
    """400, 401, refusals: the provider works."""
    one = road()
    for _ in range(VOLUME + 5):
        with pytest.raises(kind):
            await Script([kind()] * 2).run(one)
    assert one.state().breaker is BreakerState.CLOSED


async def test_calls_that_are_cancelled_do_not_count() -> None:
    one = road()
    tasks = [asyncio.create_task(Script([30.0]).run(one)) for _ in range(VOLUME * 2)]
    await until(lambda: one.state().gate.in_flight == VOLUME * 2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert all(task.cancelled() for task in tasks)
    assert one.state().breaker is BreakerState.CLOSED
    assert one.state().gate.in_flight == 0


# --- the end of a call ---


@pytest.mark.parametrize(
    "ends",
    [
        ["answer"],
        [BadRequest()],
        [ZeroDivisionError()],
        [Interrupted(), "answer"],
        [Incomplete(), Incomplete()],
        [30.0],
    ],
)
async def test_whatever_its_end_a_call_leaves_the_gate_empty(ends: list[object]) -> None:
    one = road(at_once=1)
    with contextlib.suppress(AIError, ZeroDivisionError):
        await Script(ends).run(one, seconds=0.1)
    state = one.state().gate
    assert (state.in_flight, state.waiting) == (0, 0)
    assert await Script(["next"]).run(one) == "next"


async def test_closing_the_road_closes_its_service() -> None:
    service = Service()
    await Road(service, Settings()).aclose()  # type: ignore[arg-type]
    assert service.closed
