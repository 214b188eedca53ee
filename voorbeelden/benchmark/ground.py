"""Where a benchmark runs: a road of its own to the demo server's profile or to the provider.

The app's own road stays out of it: its limits and breaker must neither help nor suffer.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from voorbeelden.ai.road import Road
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.benchmark.ideal import ideal_seconds
from voorbeelden.benchmark.model import Target
from voorbeelden.demo.process import DemoProcess
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.model import ExampleType
from voorbeelden.settings import Settings
from voorbeelden.strategies import TYPICAL_TOKENS, Plan


class Ground(Protocol):
    """What the engine needs of a place to measure."""

    settings: Settings
    tokens: Mapping[ExampleType, float]
    """Tokens an item, by which SPLIT is cut."""

    def road(self, seed: int) -> contextlib.AbstractAsyncContextManager[Road]:
        """A road for one step; steps with the same ``seed`` meet the same latencies."""
        ...

    def ideal(self, plan: Plan, generations: int, seed: int) -> float | None:
        """Seconds below which nothing can be; ``None`` when only a measurement can tell."""
        ...


class ProviderGround:
    """The connected provider, over one road for the whole run."""

    def __init__(self, settings: Settings, tokens: Mapping[ExampleType, float]) -> None:
        self.settings = settings
        self.tokens = tokens
        self._road = Road(AIServiceV2(settings), settings)

    @contextlib.asynccontextmanager
    async def road(self, seed: int) -> AsyncIterator[Road]:
        yield self._road

    def ideal(self, plan: Plan, generations: int, seed: int) -> float | None:
        return None

    async def aclose(self) -> None:
        await self._road.aclose()


class DemoGround:
    """A profile of the demo server. Where that draws latencies, each step gets a fresh count of
    calls and the seed of its repetition, so that all plans meet the same ones."""

    def __init__(self, demo: DemoProcess, spec: str, settings: Settings | None = None) -> None:
        # Nothing of the app's own limits or timeouts: they belong to its provider.
        self.settings = settings or Settings(model="demo")
        self.tokens = TYPICAL_TOKENS
        self._demo = demo
        self._spec = DemoSpec.parse(spec)
        self._draws = self._spec.name == "tail"
        self._run = uuid.uuid4().hex[:12]
        self._kept: Road | None = None

    @contextlib.asynccontextmanager
    async def road(self, seed: int) -> AsyncIterator[Road]:
        if self._draws:
            road = self._open(str(self._seeded(seed).with_run(f"{self._run}-{_unique()}")))
            try:
                yield road
            finally:
                await road.aclose()
        else:
            if self._kept is None:
                self._kept = self._open(str(self._spec.with_run(self._run)))
            yield self._kept

    def ideal(self, plan: Plan, generations: int, seed: int) -> float | None:
        """What the profile prescribes; not known beforehand when several generations draw while
        their calls wait for each other."""
        if self._draws and plan.at_once is not None and generations > 1:
            return None
        return ideal_seconds(self._seeded(seed) if self._draws else self._spec, plan, generations)

    def _seeded(self, seed: int) -> DemoSpec:
        options = {name.replace("-", "_"): value for name, value in self._spec.options}
        base = int(options.get("seed", 0))
        mixed = random.Random(f"{base}:{seed}").randrange(1, 10**9)
        seeded = DemoSpec.build(self._spec.name, **{**options, "seed": mixed})
        return DemoSpec(seeded.name, seeded.options, self._spec.faults)

    def _open(self, spec: str) -> Road:
        return Road(AIServiceV2(self.settings, base_url=self._demo.url_for(spec)), self.settings)

    async def aclose(self) -> None:
        if self._kept is not None:
            await self._kept.aclose()


def _unique() -> str:
    return uuid.uuid4().hex[:8]


@contextlib.asynccontextmanager
async def open_ground(
    target: Target,
    settings: Settings,
    *,
    demo: DemoProcess | None = None,
    tokens: Mapping[ExampleType, float] = TYPICAL_TOKENS,
) -> AsyncIterator[Ground]:
    """The ground of ``target``, closed at the end. ``demo`` is a server that runs already; without
    one, and only when it is needed, one is started and ended here.

    Raises:
        SpecError, DemoStartError: the profile is none, or the demo server did not start.
    """
    async with contextlib.AsyncExitStack() as stack:
        ground: DemoGround | ProviderGround
        if target.spec is None:
            ground = ProviderGround(settings, tokens)
        else:
            DemoSpec.parse(target.spec)
            if demo is None:
                demo = await asyncio.to_thread(DemoProcess.start, "instant")
                stack.push_async_callback(asyncio.to_thread, demo.close)
            ground = DemoGround(demo, target.spec)
        stack.push_async_callback(ground.aclose)
        yield ground
