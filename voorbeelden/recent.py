"""The last generations as numbers: what the monitor page and the gauges look back on.

Kept in memory, ids, kinds and counts only: no begrip, no definition, no model's text.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from voorbeelden.hooks import GenerationEnded, KeepingFailed, Record, RequestEnded
from voorbeelden.model import (
    ExampleType,
    FailureKind,
    GenerationMode,
    OutcomeState,
    Result,
    Tokens,
)

KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class TypeSummary:
    """What became of one type; ``seconds`` as in ``Outcome``."""

    kind: ExampleType
    state: OutcomeState
    failure: FailureKind | None
    seconds: float
    first_item_seconds: float | None
    attempts: int
    cached: bool


@dataclass(frozen=True, slots=True)
class GenerationSummary:
    """One generation. ``ended_at`` is in seconds since the epoch, ``seconds`` its duration.

    ``cache_hits`` of ``cache_lookups`` count calls of the plan, not types.
    """

    job_id: str
    mode: GenerationMode
    ended_at: float
    seconds: float
    types: tuple[TypeSummary, ...]
    tokens: Tokens
    cache_hits: int
    cache_lookups: int

    @property
    def cancelled(self) -> bool:
        return any(one.state is OutcomeState.CANCELLED for one in self.types)

    @property
    def catastrophic(self) -> bool:
        """Nothing came of several types, and nobody stopped it. One type that is made again and
        fails is a failure of that type, not of everything."""
        several = len(self.types) > 1
        return several and all(one.state is OutcomeState.FAILED for one in self.types)

    @property
    def whole(self) -> int:
        return sum(one.state is OutcomeState.DONE for one in self.types)

    @property
    def timed(self) -> bool:
        """Whether its duration says something of the model's speed: several types, none of them
        from the cache, not stopped, and not a failure from end to end."""
        several = len(self.types) > 1
        honest = not any(one.cached for one in self.types)
        return several and honest and not self.cancelled and not self.catastrophic

    @property
    def in_a_row(self) -> float | None:
        """Seconds the same calls would take one after the other: an estimate, the sum of the
        types. ``None`` where that sum means nothing: for plans that split or combine types."""
        if self.mode is not GenerationMode.ASYNC or not self.timed:
            return None
        return sum(one.seconds for one in self.types)


def summarise(job_id: str, result: Result, ended_at: float) -> GenerationSummary:
    """``result`` without its content."""
    tokens = Tokens()
    for call in result.calls:
        tokens += call.tokens or Tokens()
    return GenerationSummary(
        job_id=job_id,
        mode=result.mode,
        ended_at=ended_at,
        seconds=result.seconds,
        types=tuple(
            TypeSummary(
                kind=outcome.example_type,
                state=outcome.state,
                failure=outcome.failure.kind if outcome.failure else None,
                seconds=outcome.seconds,
                first_item_seconds=outcome.first_item_seconds,
                attempts=outcome.attempts,
                cached=outcome.cached_at is not None,
            )
            for outcome in result.outcomes.values()
        ),
        tokens=tokens,
        cache_hits=sum(call.cached is True for call in result.calls),
        cache_lookups=sum(call.cached is not None for call in result.calls),
    )


class Recent:
    """The last ``KEPT`` generations and the last failures to keep something, oldest first; written
    on the loop, read on any thread."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: deque[GenerationSummary] = deque(maxlen=kept)
        self._unkept: deque[float] = deque(maxlen=kept)
        self._spent = Tokens()
        self._lock = threading.Lock()

    def hook(self, record: Record) -> None:
        match record:
            case GenerationEnded():
                summary = summarise(record.job_id, record.result, time.time())
                with self._lock:
                    self._kept.append(summary)
            case RequestEnded(cost=cost) if cost is not None:
                with self._lock:
                    self._spent += cost
            case KeepingFailed():
                with self._lock:
                    self._unkept.append(time.time())

    @property
    def spent(self) -> Tokens:
        """What every request since the start cost, those for definitions too."""
        with self._lock:
            return self._spent

    @property
    def unkept(self) -> tuple[float, ...]:
        """When something could not be kept, in seconds since the epoch."""
        with self._lock:
            return tuple(self._unkept)

    def all(self) -> tuple[GenerationSummary, ...]:
        with self._lock:
            return tuple(self._kept)


def success_rate(generations: Iterable[GenerationSummary]) -> float | None:
    """The share of types that came whole, of those that nobody stopped; ``None`` without any."""
    ended = [
        one.state is OutcomeState.DONE
        for generation in generations
        for one in generation.types
        if one.state is not OutcomeState.CANCELLED
    ]
    return sum(ended) / len(ended) if ended else None


def speedup(generations: Iterable[GenerationSummary]) -> float | None:
    """Seconds in a row over seconds together, summed over all: a mean that a short generation
    cannot dominate. ``None`` when there is nothing to compare."""
    pairs = [(one.in_a_row, one.seconds) for one in generations if one.in_a_row is not None]
    together = sum(seconds for _, seconds in pairs)
    return sum(row for row, _ in pairs) / together if together > 0 else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that ``share`` of ``values`` do not exceed (nearest rank)."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
