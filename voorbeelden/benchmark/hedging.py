"""What hedging gains and costs on a heavy tail: the same generations with and without it.

Both sides run at the same time, each on a road of its own, so that a noisy machine slows both
alike; the demo server draws both sides' latencies from the same seed.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from voorbeelden.ai.hedge import HedgeBudget
from voorbeelden.ai.road import Road
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.benchmark.statistics import percentile
from voorbeelden.demo.process import DemoProcess
from voorbeelden.expectation import Expectation
from voorbeelden.generator import Generation
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    Event,
    GenerationMode,
    OutcomeState,
    Result,
    Subject,
)
from voorbeelden.settings import Settings
from voorbeelden.strategies import make_plan

HEAVY_TAIL: Final = "tail,seconds=0.5,sigma=0.8,seed=7,chunks=20"
"""Median 0.5 s; one call in twenty takes longer than 1.9 s, one in a hundred longer than 3.2 s."""

WARM_UP: Final = 50
"""Generations before the count begins: a call is hedged by what such calls took before."""

Told = Callable[[int, int], None]
"""Told how many generations of both sides have ended, of how many."""


@dataclass(frozen=True, slots=True)
class HedgeSide:
    """Seconds of every generation, in order of starting, and what they cost."""

    seconds: tuple[float, ...]
    failed: int
    calls: int
    copies: int

    def percentile(self, share: float) -> float | None:
        """``None`` when not one generation was whole."""
        return percentile(self.seconds, share) if self.seconds else None


@dataclass(frozen=True, slots=True)
class HedgeRun:
    """Both sides of one measurement on ``spec``."""

    spec: str
    without: HedgeSide
    hedged: HedgeSide

    @property
    def gain(self) -> float | None:
        """How much lower the 95th percentile of a generation is with hedging: 0.25 is 25 %.
        ``None`` when a side has none."""
        hedged, without = self.hedged.percentile(0.95), self.without.percentile(0.95)
        return 1 - hedged / without if hedged is not None and without else None

    @property
    def extra(self) -> float:
        """Copies ÷ calls."""
        return self.hedged.copies / self.hedged.calls if self.hedged.calls else 0.0


async def measure_hedging(
    demo: DemoProcess,
    *,
    spec: str = HEAVY_TAIL,
    generations: int = 300,
    at_once: int = 20,
    warm_up: int = WARM_UP,
    told: Told = lambda done, of: None,
) -> HedgeRun:
    """Runs ``generations`` of the parallel plan on each side, ``at_once`` at a time."""
    run = uuid.uuid4().hex[:12]
    settings = Settings(model="demo")
    total = 2 * (generations + warm_up)
    done = 0

    def one_more() -> None:
        nonlocal done
        done += 1
        told(done, total)

    async def side(*, hedge: bool) -> HedgeSide:
        own = replace(settings, hedge=hedge)
        url = demo.url_for(f"{spec};run={run}-{'met' if hedge else 'zonder'}")
        road = Road(AIServiceV2(own, base_url=url), own)
        try:
            many = _Many(road, own, at_once, one_more)
            await many.run(warm_up)
            before = many.budget.copies
            results = await many.run(generations)
            return _side(results, many.budget.copies - before)
        finally:
            await road.aclose()

    async with asyncio.TaskGroup() as group:
        without = group.create_task(side(hedge=False))
        hedged = group.create_task(side(hedge=True))
    return HedgeRun(spec, without.result(), hedged.result())


class _Many:
    """Generations that share an expectation and a budget, as those of one process do."""

    def __init__(
        self, road: Road, settings: Settings, at_once: int, ended: Callable[[], None]
    ) -> None:
        self.budget = HedgeBudget()
        self._road = road
        self._settings = settings
        self._slots = asyncio.Semaphore(at_once)
        self._ended = ended
        self._expectation = Expectation()
        self._plan = make_plan(GenerationMode.ASYNC, DEFAULT_EXAMPLE_COUNTS)

    async def run(self, count: int) -> list[Result]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._one(number)) for number in range(count)]
        return [task.result() for task in tasks]

    async def _one(self, number: int) -> Result:
        async with self._slots:
            result = await Generation(
                self._road,
                self._settings,
                Subject(f"begrip {number}", "een omschrijving van dit begrip", {}),
                self._plan,
                _ignore,
                expectation=self._expectation,
                hedges=self.budget,
            ).run()
        self._ended()
        return result


def _ignore(_: Event) -> None:
    """The results are enough."""


def _side(results: list[Result], copies: int) -> HedgeSide:
    whole = [
        result.seconds
        for result in results
        if all(outcome.state is OutcomeState.DONE for outcome in result.outcomes.values())
    ]
    return HedgeSide(
        seconds=tuple(whole),
        failed=len(results) - len(whole),
        calls=sum(len(result.calls) for result in results),
        copies=copies,
    )
