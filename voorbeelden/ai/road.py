"""The road to the model: breaker, gate, attempts, deadline, in that order and in one place.

One ``Road`` serves the whole process, so that its limits, its breaker and its retry budget are
shared by everybody's calls. It is the only retry owner: the SDK does not retry, nothing above
this module retries.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import stamina

from voorbeelden.ai.breaker import Breaker, BreakerState, Ticket
from voorbeelden.ai.errors import (
    AIError,
    BreakerOpen,
    CallTimeout,
    ConnectionFailed,
    Interrupted,
    NoAnswer,
    RateLimited,
    ServerFailed,
)
from voorbeelden.ai.limits import Gate, GateState
from voorbeelden.ai.retry import MAX_ATTEMPTS, RetryPlan, RetryQuota
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.hooks import DeadlinePassed, QueueLeft, Tell, nobody
from voorbeelden.settings import Settings

T = TypeVar("T")

_PAUSE_WITHOUT_WORD: Final = 1.0
"""Seconds of pause after a 429 that does not say how long."""

_PROVIDER_IS_ILL: Final = (ServerFailed, ConnectionFailed, NoAnswer, Interrupted, CallTimeout)
"""What counts against the breaker. A 400, a 401 or a refusal is an answer like any other."""

Attempt = Callable[[AIError | None], Awaitable[T]]
"""Makes one attempt; gets the error of the one before it, or ``None`` the first time."""


@dataclass(frozen=True, slots=True)
class Call:
    """What the road must know of a call.

    Attributes:
        rank: place in the reading order, from 0: who goes first when there is a queue.
        tokens: estimate of its cost, prompt and answer together.
        deadline: ``time.monotonic`` seconds after which it has failed.
        on_retry: told the error, the number of the attempt to come, and the seconds until then.
        on_wait: told the seconds of a pause it has to sit out.
        made: how many HTTP requests it has made so far.
        spare: whether its generation has a retry to spare for it; takes it.
    """

    rank: int
    tokens: int
    deadline: float
    on_retry: Callable[[AIError, int, float], None]
    on_wait: Callable[[float], None]
    made: Callable[[], int] = lambda: 0
    spare: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class RoadState:
    """What the road is doing, for a page or a metric. Times are seconds."""

    gate: GateState
    breaker: BreakerState
    breaker_opens_in: float
    quota_left: int


class Road:
    """Lives on one event loop, with the service it drives."""

    def __init__(self, service: AIServiceV2, settings: Settings) -> None:
        self.service = service
        self._gate = Gate(
            at_once=settings.at_once,
            requests_per_minute=settings.requests_per_minute,
            tokens_per_minute=settings.tokens_per_minute,
        )
        self._breaker = Breaker()
        self._verdict = asyncio.Event()
        self._quota = RetryQuota()
        self._tell: Tell = nobody
        service.on_headers = self._gate.learn

    @property
    def tell(self) -> Tell:
        """Told of every wait at the gate, every request and every deadline that passes."""
        return self._tell

    @tell.setter
    def tell(self, tell: Tell) -> None:
        self._tell = self.service.tell = tell

    async def run(self, call: Call, attempt: Attempt[T]) -> T:
        """The result of the first attempt that succeeds.

        Raises:
            AIError: the last attempt's error; ``CallTimeout`` when the deadline passed first.
        """
        plan = RetryPlan(self._quota, call.deadline, call.on_retry, call.made, call.spare)
        left = call.deadline - time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, left)):
                return await self._attempts(call, plan, attempt)
        except TimeoutError:
            self._tell(DeadlinePassed())
            raise CallTimeout from None

    async def _attempts(self, call: Call, plan: RetryPlan, attempt: Attempt[T]) -> T:
        previous: AIError | None = None
        async for tried in stamina.retry_context(
            on=plan.decide, attempts=MAX_ATTEMPTS, timeout=None
        ):
            with tried:
                try:
                    result = await self.once(call, attempt, previous)
                except AIError as error:
                    previous = error
                    raise
                self._quota.pay_back(plan.paid)
                return result
        raise AssertionError("stamina ends with a result or an error")

    async def once(self, call: Call, attempt: Attempt[T], previous: AIError | None) -> T:
        """One attempt through gate and breaker, with no second one after it."""
        # Who cannot leave anyway does not queue, and spends nothing of a limit.
        if self._breaker.state(time.monotonic()) is BreakerState.OPEN:
            raise self._closed()
        arrived = time.monotonic()
        slot = self._gate.slot(call.rank, call.tokens, deadline=call.deadline, on_wait=call.on_wait)
        async with slot:
            self._tell(QueueLeft(time.monotonic() - arrived))
            ticket = await self._enter()
            try:
                result = await attempt(previous)
            except AIError as error:
                ok = not isinstance(error, _PROVIDER_IS_ILL)
                self._breaker.record(ticket, time.monotonic(), ok=ok)
                if isinstance(error, RateLimited):
                    told = error.retry_after
                    self._gate.pause(_PAUSE_WITHOUT_WORD if told is None else told)
                raise
            except BaseException:
                self._breaker.release(ticket)
                raise
            else:
                self._breaker.record(ticket, time.monotonic(), ok=True)
                return result
            finally:
                if ticket.probe:
                    self._verdict.set()

    async def _enter(self) -> Ticket:
        """Half-open, one call tries and the others wait for what it finds: they were told to come
        back at this minute. Raises BreakerOpen."""
        while (ticket := self._breaker.enter(time.monotonic())) is None:
            if self._breaker.state(time.monotonic()) is BreakerState.OPEN:
                raise self._closed()
            await self._verdict.wait()
        if ticket.probe:
            self._verdict.clear()
        return ticket

    def _closed(self) -> BreakerOpen:
        return BreakerOpen(retry_after=self._breaker.seconds_left(time.monotonic()))

    def state(self) -> RoadState:
        now = time.monotonic()
        return RoadState(
            gate=self._gate.state(),
            breaker=self._breaker.state(now),
            breaker_opens_in=self._breaker.seconds_left(now),
            quota_left=self._quota.left,
        )

    async def aclose(self) -> None:
        """Closes every connection; the road cannot be used after it."""
        await self.service.aclose()
