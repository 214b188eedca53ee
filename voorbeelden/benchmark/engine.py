"""Runs plans (or orders of the flow) and repetitions, one after another, and the scaling run.

Async and pure of threads.

The repetitions of all plans are interleaved, and each round starts with another plan, so that a
machine that gets slower half-way hits all plans alike. Answers are never taken from the cache.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from voorbeelden.ai.road import Road
from voorbeelden.benchmark.flows import repeat_flow
from voorbeelden.benchmark.ground import Ground
from voorbeelden.benchmark.ideal import FLOW_CALLS
from voorbeelden.benchmark.model import (
    BenchmarkRequest,
    BenchmarkRun,
    CallsDone,
    Mode,
    Repetition,
    ScalePoint,
    StepStarted,
    StepTell,
    TypeFailure,
)
from voorbeelden.benchmark.tokens import tokens_of
from voorbeelden.definition import warm_up
from voorbeelden.definition.flow_model import FlowOrder
from voorbeelden.expectation import Expectation
from voorbeelden.generator import Generation
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    Event,
    FailureKind,
    GenerationMode,
    ItemComplete,
    OutcomeState,
    Result,
)
from voorbeelden.strategies import Plan, make_plan

_SCALE_SEED = 1_000_000
"""Far from the numbers of repetitions, which are the seeds of their latencies."""


def rounds(request: BenchmarkRequest) -> Iterable[tuple[int, Mode]]:
    """Number and plan of every repetition in the order in which they run."""
    modes = request.modes
    for number in range(1, request.repetitions + 1):
        first = (number - 1) % max(1, len(modes))
        for mode in (*modes[first:], *modes[:first]):
            yield number, mode


class Benchmark:
    """One run of one request; ``run`` is awaited once, ``result`` may be read at any time."""

    def __init__(
        self,
        request: BenchmarkRequest,
        ground: Ground,
        tell: StepTell,
        *,
        run_id: str | None = None,
    ) -> None:
        self._request = request
        self._ground = ground
        self._tell = tell
        self._run_id = run_id or uuid.uuid4().hex
        self._made_at = time.time()
        self._origin = time.perf_counter()
        self._repetitions: list[Repetition] = []
        self._scaling: list[ScalePoint] = []

    async def run(self) -> BenchmarkRun:
        """Measures everything that was asked. Cancelling it keeps what is complete."""
        for number, mode in rounds(self._request):
            repetition = await self._repeat(mode, number)
            self._repetitions.append(repetition)
            self._tell(repetition)
        for generations in self._request.scales:
            point = await self._scale(generations)
            self._scaling.append(point)
            self._tell(point)
        return self.result()

    def result(self, *, stopped: bool = False) -> BenchmarkRun:
        """What has been measured so far."""
        return BenchmarkRun(
            run_id=self._run_id,
            made_at=self._made_at,
            request=self._request,
            repetitions=tuple(self._repetitions),
            scaling=tuple(self._scaling),
            stopped=stopped,
            seconds=time.perf_counter() - self._origin,
        )

    def plan(self, mode: GenerationMode) -> Plan:
        """The calls that ``mode`` makes on this ground."""
        return make_plan(mode, DEFAULT_EXAMPLE_COUNTS, self._ground.tokens)

    async def _repeat(self, mode: Mode, number: int) -> Repetition:
        if isinstance(mode, FlowOrder):
            return await self._flow(mode, number)
        plan = self.plan(mode)
        self._tell(StepStarted(mode, number, len(plan.calls)))
        watcher = _Watcher(sum(plan.wanted.values()), self._tell)
        async with self._ground.road(number) as road:
            result = await self._generate(road, plan, watcher)
        tokens, estimated = tokens_of(result)
        firsts = [call.first_item for call in result.calls if call.first_item is not None]
        return Repetition(
            mode=mode,
            number=number,
            seconds=result.seconds,
            first_item=min(firsts, default=None),
            calls=result.calls,
            failures=_failures(result),
            tokens=tokens,
            tokens_estimated=estimated,
        )

    async def _flow(self, order: FlowOrder, number: int) -> Repetition:
        self._tell(StepStarted(order, number, FLOW_CALLS))
        # The rules and the dictionary are loaded once a process, not once a flow.
        await asyncio.to_thread(warm_up)
        settings, subject = self._ground.settings, self._request.subject
        async with self._ground.road(number) as road:
            return await repeat_flow(settings, road, subject, order, number, self._tell)

    async def _scale(self, generations: int) -> ScalePoint:
        mode = self._request.scale_mode
        plan = self.plan(mode)
        self._tell(StepStarted(mode, 1, len(plan.calls) * generations, generations))
        watcher = _Watcher(sum(plan.wanted.values()) * generations, self._tell)
        seed = _SCALE_SEED + generations
        async with self._ground.road(seed) as road:
            started = time.perf_counter()
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._generate(road, plan, watcher))
                    for _ in range(generations)
                ]
            seconds = time.perf_counter() - started
        results = [task.result() for task in tasks]
        ideal = self._ground.ideal(plan, generations, seed)
        return ScalePoint(
            generations=generations,
            seconds=seconds,
            ideal=_slowest(plan, results) if ideal is None else ideal,
            ideal_measured=ideal is None,
            failed=sum(bool(_failures(result)) for result in results),
            requests=sum(call.attempts for result in results for call in result.calls),
        )

    async def _generate(self, road: Road, plan: Plan, watcher: _Watcher) -> Result:
        # No cache, and an expectation of its own: what a profile shows is nothing to learn from.
        return await Generation(
            road,
            self._ground.settings,
            self._request.subject,
            plan,
            watcher,
            expectation=Expectation(),
        ).run()


@dataclass(slots=True)
class _Watcher:
    """Counts the examples of a step as they come in."""

    wanted: int
    tell: StepTell
    done: int = field(default=0)

    def __call__(self, event: Event) -> None:
        if isinstance(event, ItemComplete):
            self.done += 1
            self.tell(CallsDone(self.done, self.wanted))


def _failures(result: Result) -> tuple[TypeFailure, ...]:
    return tuple(
        TypeFailure(kind, outcome.failure.kind if outcome.failure else FailureKind.INTERNAL)
        for kind, outcome in result.outcomes.items()
        if outcome.state is not OutcomeState.DONE
    )


def _slowest(plan: Plan, results: list[Result]) -> float:
    """The slowest call, or the slowest sum when the calls of a plan wait for each other."""
    lengths = [[call.end - call.start for call in result.calls] for result in results]
    return max((sum(one) if plan.at_once else max(one)) for one in lengths if one)
