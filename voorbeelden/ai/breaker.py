"""A circuit breaker as a pure state model: no clock of its own, no tasks, no I/O.

Closed, it counts over a window. When enough calls ended and too many of them failed, it opens:
nothing leaves for a while. Then exactly one call may try; its success closes the breaker, its
failure opens it again. The libraries tried here let 40 to 60 of 60 waiting calls through at
that moment.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When to open. ``volume`` counts attempts and lies above the eighteen that one click can make,
    so that one unlucky click never closes the road for everybody. Times are seconds."""

    window: float = 60.0
    volume: int = 20
    failure_rate: float = 0.5
    open_for: float = 30.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to make one call; ``probe`` when its outcome decides whether others may."""

    probe: bool


class Breaker:
    """Every method takes ``now``: seconds of any clock that only goes forward."""

    def __init__(self, policy: BreakerPolicy | None = None) -> None:
        self._policy = policy or BreakerPolicy()
        self._ended: deque[tuple[float, bool]] = deque()
        self._failed = 0
        self._opened_at: float | None = None
        self._probing = False

    def state(self, now: float) -> BreakerState:
        if self._opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self.seconds_left(now) > 0 else BreakerState.HALF_OPEN

    def seconds_left(self, now: float) -> float:
        """How long until a call may try again; 0 when one may now."""
        if self._opened_at is None:
            return 0.0
        return max(0.0, self._opened_at + self._policy.open_for - now)

    def enter(self, now: float) -> Ticket | None:
        """A ticket for a call that may leave, to be handed back to ``record`` or ``release``;
        ``None`` when it may not. Half-open there is one ticket: the probe's."""
        match self.state(now):
            case BreakerState.CLOSED:
                return Ticket(probe=False)
            case BreakerState.OPEN:
                return None
            case BreakerState.HALF_OPEN:
                if self._probing:
                    return None
                self._probing = True
                return Ticket(probe=True)

    def record(self, ticket: Ticket, now: float, *, ok: bool) -> None:
        """A call ended: ``ok`` when the provider works, whatever it answered."""
        if ticket.probe:
            self._probing = False
            self._opened_at = None if ok else now
            self._ended.clear()
            self._failed = 0
        elif self._opened_at is None:
            self._count(now, ok=ok)
        # Else it left before the breaker opened: only the probe's word counts now.

    def _count(self, now: float, *, ok: bool) -> None:
        self._ended.append((now, ok))
        self._failed += not ok
        while self._ended[0][0] <= now - self._policy.window:
            self._failed -= not self._ended.popleft()[1]
        total = len(self._ended)
        too_many = self._failed >= self._policy.failure_rate * total
        # A success never opens it, not even the one that fills the volume.
        if not ok and total >= self._policy.volume and too_many:
            self._opened_at = now

    def release(self, ticket: Ticket) -> None:
        """A call was cancelled, which says nothing about the provider."""
        if ticket.probe:
            self._probing = False
