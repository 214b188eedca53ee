"""One generation over real HTTP, from the plan to the outcomes, with everything seen on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.integration.support import SUBJECT, Provider
from voorbeelden.ai.road import Road
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.demo.process import DemoProcess
from voorbeelden.generator import Generation
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    Event,
    ExampleType,
    GenerationMode,
    Outcome,
    OutcomeState,
    Result,
    Subject,
    TypeRetrying,
    TypeWaiting,
)
from voorbeelden.run_context import ItemCache
from voorbeelden.settings import Settings
from voorbeelden.strategies import make_plan

SHORT: Mapping[str, float] = {
    "connect_timeout": 1.0,
    "first_byte_timeout": 2.0,
    "stall_timeout": 1.0,
    "call_timeout": 5.0,
    "deadline": 8.0,
}
"""Patience of seconds: long enough for a healthy call on a busy machine, and no longer. A test that
waits for one of them to run out shortens that one."""


@dataclass
class Trip:
    """A road of its own to one provider; ``run`` may be called again and again."""

    road: Road
    settings: Settings
    cache: ItemCache | None = None
    events: list[Event] = field(default_factory=list)

    def generation(
        self,
        mode: GenerationMode = GenerationMode.ASYNC,
        *,
        subject: Subject = SUBJECT,
        wanted: Mapping[ExampleType, int] = DEFAULT_EXAMPLE_COUNTS,
        fresh: bool = False,
    ) -> Generation:
        plan = make_plan(mode, wanted)
        return Generation(
            self.road,
            self.settings,
            subject,
            plan,
            self.events.append,
            cache=self.cache,
            fresh=fresh,
        )

    async def run(self, mode: GenerationMode = GenerationMode.ASYNC, **options: Any) -> Result:
        """The result of one generation; ``events`` are those of the last one."""
        self.events.clear()
        return await self.generation(mode, **options).run()

    def retries(self, kind: ExampleType) -> list[TypeRetrying]:
        return [
            event
            for event in self.events
            if isinstance(event, TypeRetrying) and event.example_type is kind
        ]

    def waits(self) -> list[TypeWaiting]:
        return [event for event in self.events if isinstance(event, TypeWaiting)]


@asynccontextmanager
async def trip_with(settings: Settings, cache: ItemCache | None = None) -> AsyncIterator[Trip]:
    """A trip with these settings; its connections are closed at the end."""
    road = Road(AIServiceV2(settings), settings)
    try:
        yield Trip(road, settings, cache)
    finally:
        await road.aclose()


@asynccontextmanager
async def trip_to(
    demo: DemoProcess, spec: str, cache: ItemCache | None = None, **changes: Any
) -> AsyncIterator[tuple[Trip, Provider]]:
    """A trip, in a hurry, to the demo server as it behaves under ``spec``."""
    provider = Provider.behaving(demo, spec)
    async with trip_with(provider.settings(**{**SHORT, **changes}), cache) as trip:
        yield trip, provider


def assert_whole(outcome: Outcome, *, attempts: int | None = 1) -> None:
    """Everything that was asked is there, nothing is wrong with it, and it took ``attempts``;
    ``None``: however many."""
    assert outcome.state is OutcomeState.DONE, outcome
    assert outcome.failure is None
    assert 0 < len(outcome.items) <= DEFAULT_EXAMPLE_COUNTS[outcome.example_type]
    assert outcome.draft == ()
    assert attempts is None or outcome.attempts == attempts
