"""The gate that every request passes: one for the process, shared by all generations.

First come, first served, with a small head start for the types an editor reads first. It keeps
the provider's requests and tokens a minute (pyrate-limiter's GCRA), a cap on what is in flight,
and the pause that one 429 means for all.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import math
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyrate_limiter import GCRA, Duration, Rate, RateItem, StateBucket

from voorbeelden.ai.errors import RateLimited

HEAD_START: Final = 0.25
"""Seconds that one place in the reading order is worth in the queue: enough to order the calls
of clicks that come together, too little to let a later click starve an earlier one."""

BURST: Final = 0.1
"""Share of a minute's limit that may leave at once. A full burst let 158 requests through in the
first minute at a limit of 100; a tenth gave 87."""

_LONGEST_PAUSE: Final = 3600.0


class Bucket:
    """One limit a minute. Never blocks: it says how long to wait."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._most = max(1, int(per_minute * BURST))
        self._bucket = StateBucket([Rate(per_minute, Duration.MINUTE, burst=self._most)], GCRA())

    def take(self, weight: int, now: float) -> float:
        """0 when ``weight`` is spent, else the seconds until it can be, with nothing spent.

        ``now`` is in seconds of any clock that only goes forward: the wall clock, set back an
        hour, would shut the bucket for that hour. A weight above the burst could never pass: it
        counts as the whole burst.
        """
        item = RateItem("", int(now * 1000), weight=max(1, min(weight, self._most)))
        if self._bucket.put(item):
            return 0.0
        return max(0.001, float(self._bucket.waiting(item)) / 1000)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class GateState:
    """What the gate is doing, for a page or a metric. ``paused`` is in seconds."""

    in_flight: int
    waiting: int
    paused: float
    requests_per_minute: int | None
    tokens_per_minute: int | None


OnWait = Callable[[float], None]


@dataclass(order=True, slots=True)
class _Waiter:
    order: float
    serial: int
    tokens: int = field(compare=False)
    deadline: float = field(compare=False)
    on_wait: OnWait | None = field(compare=False)
    granted: asyncio.Future[None] = field(compare=False)
    request_paid: bool = field(default=False, compare=False)


class Gate:
    """``slot`` is the way through. Lives on one event loop.

    Limits given here are kept whatever the provider says; otherwise the provider's
    ``x-ratelimit-*`` headers set them.
    """

    def __init__(
        self,
        *,
        at_once: int,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
    ) -> None:
        self._at_once = at_once
        self._fixed = {"requests": requests_per_minute, "tokens": tokens_per_minute}
        self._buckets = {name: Bucket(n) for name, n in self._fixed.items() if n}
        self._in_flight = 0
        self._paused_until = 0.0
        self._queue: list[_Waiter] = []
        self._serial = 0
        self._timer: asyncio.TimerHandle | None = None

    @contextlib.asynccontextmanager
    async def slot(
        self,
        rank: int,
        tokens: int,
        *,
        deadline: float = math.inf,
        on_wait: OnWait | None = None,
    ) -> AsyncIterator[None]:
        """Waits for a place and holds it while entered.

        Args:
            rank: the place of the type in the reading order, from 0.
            tokens: an estimate of what the call will cost, prompt and answer together.
            deadline: ``time.monotonic`` seconds; a pause that outlasts it is not waited for.
            on_wait: told the seconds of a pause that this call has to sit out.

        Raises:
            RateLimited: everybody has to wait until after ``deadline``; it says how long.
        """
        await self._enter(rank, tokens, deadline, on_wait)
        try:
            yield
        finally:
            self._in_flight -= 1
            self._pump()

    async def _enter(self, rank: int, tokens: int, deadline: float, on_wait: OnWait | None) -> None:
        order = time.monotonic() + rank * HEAD_START
        self._serial += 1
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(order, self._serial, tokens, deadline, on_wait, granted)
        if self.paused() > 0:
            self._tell(waiter)
        heapq.heappush(self._queue, waiter)
        self._pump()
        try:
            await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled() and granted.exception() is None:
                self._in_flight -= 1
            self._pump()
            raise

    def _pump(self) -> None:
        """Lets through whoever can go now; sets a timer for the first who cannot."""
        now = time.monotonic()
        while self._queue and self._in_flight < self._at_once:
            waiter = self._queue[0]
            if waiter.granted.done():
                heapq.heappop(self._queue)
                continue
            wait = self._paused_until - now
            if wait <= 0:
                wait = self._spend(waiter, now)
            if wait > 0:
                self._wake_in(wait)
                return
            heapq.heappop(self._queue)
            self._in_flight += 1
            waiter.granted.set_result(None)

    def _spend(self, waiter: _Waiter, now: float) -> float:
        requests, tokens = self._buckets.get("requests"), self._buckets.get("tokens")
        if requests and not waiter.request_paid:
            if (wait := requests.take(1, now)) > 0:
                return wait
            # The tokens may not be there yet; the request is not paid for twice.
            waiter.request_paid = True
        return tokens.take(waiter.tokens, now) if tokens else 0.0

    def _wake_in(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(seconds, self._pump)

    def pause(self, seconds: float) -> None:
        """Nobody leaves for this long (an hour at most): a 429 is about all of us."""
        until = time.monotonic() + min(seconds, _LONGEST_PAUSE)
        if until > self._paused_until:
            self._paused_until = until
            for waiter in self._queue:
                self._tell(waiter)

    def _tell(self, waiter: _Waiter) -> None:
        """What the pause means for ``waiter``: so long to wait, or no use waiting."""
        if waiter.granted.done():
            return
        if waiter.deadline < self._paused_until:
            waiter.granted.set_exception(RateLimited(retry_after=self.paused()))
        elif waiter.on_wait is not None:
            waiter.on_wait(self.paused())

    def paused(self) -> float:
        """Seconds of the pause that are left."""
        return max(0.0, self._paused_until - time.monotonic())

    def learn(self, headers: Mapping[str, str]) -> None:
        """Takes the provider's limits, and its word that a limit is used up."""
        for name, fixed in self._fixed.items():
            limit = _whole(headers.get(f"x-ratelimit-limit-{name}"))
            known = self._buckets.get(name)
            if limit and fixed is None and (known is None or known.per_minute != limit):
                self._buckets[name] = Bucket(limit)
            if _whole(headers.get(f"x-ratelimit-remaining-{name}")) == 0:
                self.pause(duration(headers.get(f"x-ratelimit-reset-{name}")) or 1.0)

    def state(self) -> GateState:
        limits = {name: bucket.per_minute for name, bucket in self._buckets.items()}
        return GateState(
            in_flight=self._in_flight,
            waiting=sum(not waiter.granted.done() for waiter in self._queue),
            paused=self.paused(),
            requests_per_minute=limits.get("requests"),
            tokens_per_minute=limits.get("tokens"),
        )


_WHOLE: Final = re.compile(r"[0-9]{1,12}")


def _whole(text: str | None) -> int | None:
    return int(text) if text and _WHOLE.fullmatch(text) else None


_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhd])")


def duration(text: str | None) -> float | None:
    """``6m0s``, ``20ms``, ``1.5s`` as seconds: how OpenAI writes its resets."""
    parts = _PART.findall(text or "")
    return sum(float(number) * _UNITS[unit] for number, unit in parts) if parts else None
