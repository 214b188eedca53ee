"""What one loop needs to make examples: the road, the cache, and the demo server without a key.

Importing this module imports the SDK (about a second), so the bridge does it in the background.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from voorbeelden import prompts
from voorbeelden.ai.hedge import HedgeBudget
from voorbeelden.ai.road import Road
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.demo.process import DemoProcess
from voorbeelden.expectation import Expectation
from voorbeelden.generator import Generation
from voorbeelden.hooks import GenerationEnded, GenerationStarted, Hook, Record, log_record, tell
from voorbeelden.model import Event, ExampleType, GenerationMode, Result, Subject
from voorbeelden.settings import Settings
from voorbeelden.store.cache import AnswerCache
from voorbeelden.strategies import Plan, make_plan


async def _start_demo(profile: str) -> DemoProcess:
    """Starts the server in a thread. When nobody waits any more, it is closed once it is up."""
    with_thread = ThreadPoolExecutor(1, thread_name_prefix="voorbeelden-demo")
    starting = with_thread.submit(DemoProcess.start, profile)
    with_thread.shutdown(wait=False)
    try:
        return await asyncio.wrap_future(starting)
    except asyncio.CancelledError:
        starting.add_done_callback(_close_unwanted)
        raise


def _close_unwanted(started: Future[DemoProcess]) -> None:
    if not started.cancelled() and started.exception() is None:
        started.result().close()


@dataclass(slots=True)
class Runtime:
    """Lives on the loop it was opened on."""

    settings: Settings
    road: Road
    cache: AnswerCache | None
    demo: DemoProcess | None
    expectation: Expectation = field(default_factory=Expectation)
    hedges: HedgeBudget = field(default_factory=HedgeBudget)
    hooks: Iterable[Hook] = (log_record,)

    def __post_init__(self) -> None:
        self.road.tell = self.tell

    @classmethod
    async def open(
        cls, settings: Settings, *, cached: bool, hooks: Iterable[Hook] = (log_record,)
    ) -> Runtime:
        """``hooks`` may still grow afterwards.

        Raises:
            DemoStartError, SpecError: the demo server is needed and does not start.
        """
        demo = None
        if settings.demonstration:
            demo = await _start_demo(settings.demo_profile)
        cache = None
        if cached and settings.cache_hours > 0:
            cache = AnswerCache(
                settings.database_url,
                seconds=settings.cache_hours * 3600,
                most=settings.cache_entries,
            )
        base_url = demo.base_url if demo else None
        # Certificates and prompts are files: read them before the first call, off the loop.
        service = await asyncio.to_thread(AIServiceV2, settings, base_url=base_url)
        await asyncio.to_thread(prompts.version)
        return cls(settings, Road(service, settings), cache, demo, hooks=hooks)

    def tell(self, record: Record) -> None:
        """Hands ``record`` to every hook."""
        tell(self.hooks, record)

    async def generate(
        self,
        subject: Subject,
        plan: Plan,
        emit: Callable[[Event], None],
        *,
        fresh: bool,
        job_id: str = "",
    ) -> Result:
        """One run of ``plan``; ``fresh`` passes the cache by."""
        generation = Generation(
            self.road,
            self.settings,
            subject,
            plan,
            emit,
            cache=self.cache,
            fresh=fresh,
            expectation=self.expectation,
            hedges=self.hedges,
        )
        self.tell(GenerationStarted(job_id, plan.mode))
        try:
            return await generation.run()
        finally:
            self.tell(GenerationEnded(job_id, generation.result()))

    def plan(self, mode: GenerationMode, wanted: Mapping[ExampleType, int]) -> Plan:
        """The plan of ``mode``, cut to what this model has shown so far."""
        return make_plan(mode, wanted, self.expectation.tokens)

    async def aclose(self) -> None:
        """Closes the connections; await it on the loop."""
        await self.road.aclose()

    def close(self) -> None:
        """Ends the cache's threads and the demo server; afterwards, on any thread. Blocks: at
        interpreter exit there is no other thread left to wait in."""
        if self.cache is not None:
            self.cache.close()
        if self.demo is not None:
            self.demo.close()
