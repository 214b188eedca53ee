"""What all calls of one generation share, and what they expect of a cache."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from voorbeelden.ai.hedge import PERCENTILE, HedgeBudget
from voorbeelden.ai.road import Road
from voorbeelden.collector import TypeCollector
from voorbeelden.expectation import Expectation
from voorbeelden.model import Event, ExampleType, Item, Subject
from voorbeelden.settings import Settings
from voorbeelden.strategies import Wanted


class ItemCache(Protocol):
    """Whole answers of single calls. A cache that is broken answers ``None``, never raises, and
    says so in ``trouble``, in Dutch, until the next look."""

    trouble: str | None

    def flight(self, key: str) -> asyncio.Lock:
        """Held by the one call in this process that is making the answer of ``key``."""
        ...

    async def get(self, key: str) -> CachedAnswer | None: ...

    def put(self, key: str, items: Mapping[ExampleType, tuple[Item, ...]]) -> asyncio.Future[None]:
        """Begins to keep an answer; ends when it is kept or cannot be. Nobody need wait for it."""
        ...


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """``made_at`` is in seconds since the epoch."""

    items: Mapping[ExampleType, tuple[Item, ...]]
    made_at: float


@dataclass(slots=True)
class RunContext:
    """What all calls of one generation share. ``origin`` is ``time.perf_counter`` at its start;
    ``deadline`` is in ``time.monotonic`` seconds."""

    road: Road
    settings: Settings
    subject: Subject
    emit: Callable[[Event], None]
    cache: ItemCache | None
    fresh: bool
    types: Mapping[ExampleType, TypeCollector]
    expectation: Expectation
    hedges: HedgeBudget
    retries: int = 0
    """How many requests may still be made again, by all calls together."""
    origin: float = field(default_factory=time.perf_counter)
    deadline: float = 0.0

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.settings.deadline

    def hedge_after(self, wanted: Wanted) -> float | None:
        """Seconds after which a call for ``wanted`` may get a copy; ``None``: never."""
        if not self.settings.hedge:
            return None
        return self.expectation.percentile(wanted, PERCENTILE)

    def spare_retry(self) -> bool:
        """Takes one of the generation's retries; false when there is none left."""
        if self.retries <= 0:
            return False
        self.retries -= 1
        return True

    def now(self) -> float:
        """Seconds since the generation's start."""
        return time.perf_counter() - self.origin
