"""Second copies of slow calls: when they are made, who wins, what they cost, what they gain."""

from __future__ import annotations

import asyncio
import random
import selectors
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from tests.integration.support import SUBJECT, Provider, until
from voorbeelden.ai.hedge import PERCENTILE, SHARE, HedgeBudget, race
from voorbeelden.ai.road import Road
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.benchmark.hedging import measure_hedging
from voorbeelden.benchmark.ideal import ideal_seconds
from voorbeelden.benchmark.statistics import percentile
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.expectation import Expectation
from voorbeelden.generator import Generation
from voorbeelden.model import (
    Event,
    ExampleType,
    GenerationMode,
    ItemsReplaced,
    OutcomeState,
    Result,
)
from voorbeelden.strategies import Call, Plan, make_plan

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

T = TypeVar("T")

ZINNEN = ExampleType.VOORBEELDZINNEN
ONE = Plan(GenerationMode.ASYNC, (Call("voorbeeldzinnen", {ZINNEN: 3}),))
NEARLY_ALWAYS = 0.15
"""Seconds within which such a call has always ended, as far as the expectation knows."""


@dataclass
class Scene:
    """One call on a road whose expectation knows what is slow."""

    provider: Provider
    road: Road
    hedge: bool = True
    budget: HedgeBudget = field(default_factory=HedgeBudget)
    events: list[Event] = field(default_factory=list)

    async def result(self) -> Result:
        expectation = Expectation()
        for _ in range(40):
            expectation.took({ZINNEN: 3}, NEARLY_ALWAYS)
        settings = self.provider.settings(hedge=self.hedge)
        return await Generation(
            self.road,
            settings,
            SUBJECT,
            ONE,
            self.events.append,
            expectation=expectation,
            hedges=self.budget,
        ).run()


MakeScene = Callable[..., Scene]


@pytest.fixture
async def scene(demo: DemoProcess) -> AsyncIterator[MakeScene]:
    roads: list[Road] = []

    def make(spec: str, *, calls: int = 100, hedge: bool = True) -> Scene:
        """``calls`` were made before, none of them copied: there is room in the budget."""
        provider = Provider.behaving(demo, spec)
        settings = provider.settings()
        roads.append(Road(AIServiceV2(settings), settings))
        one = Scene(provider, roads[-1], hedge)
        one.budget.calls = calls
        return one

    yield make
    for road in roads:
        await road.aclose()


@pytest.mark.anyio
async def test_a_copy_of_a_slow_call_answers_first_and_the_loser_is_cancelled(
    scene: MakeScene,
) -> None:
    """The first request would take 20 s. The copy has the answer; the server sees the first one
    leave; both requests and the tokens of both are on record."""
    one = scene("instant;fault=latency@#1,seconds=20")
    result = await asyncio.wait_for(one.result(), 10)
    (call,) = result.calls
    assert result.outcomes[ZINNEN].state is OutcomeState.DONE
    assert (call.hedged, call.attempts, one.budget.copies) == (True, 2, 1)
    plain = (await scene("instant").result()).calls[0].tokens
    assert call.tokens is not None
    assert plain is not None
    assert call.tokens.prompt > plain.prompt, "the loser was paid for too"
    await until(lambda: one.provider.stats()["cancelled"] == 1)
    assert one.provider.stats()["in_flight"] == 0


@pytest.mark.anyio
async def test_a_copy_that_wins_replaces_what_the_loser_had_shown(scene: MakeScene) -> None:
    """The first answer stands still after one example. The copy's three take its place: the
    editor keeps three, not four."""
    one = scene("instant;fault=stall@#1,items=1")
    result = await asyncio.wait_for(one.result(), 10)
    assert len(result.outcomes[ZINNEN].items) == 3
    assert result.calls[0].hedged
    assert [event for event in one.events if isinstance(event, ItemsReplaced)]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "fault", ["fewer@#1;fault=latency@#2,seconds=5", "dupes@#1;fault=stall@#2"]
)
async def test_a_copy_that_wins_a_repair_leaves_what_the_first_answer_brought(
    scene: MakeScene, fault: str
) -> None:
    """The second attempt asks for the rest only: its copy may not take the good ones away."""
    one = scene(f"instant;fault={fault}")
    result = await asyncio.wait_for(one.result(), 10)
    assert result.calls[0].hedged
    assert result.outcomes[ZINNEN].state is OutcomeState.DONE
    assert len({item.text for item in result.outcomes[ZINNEN].items}) == 3


@pytest.mark.anyio
async def test_a_quick_call_gets_no_copy(scene: MakeScene) -> None:
    """It ended before its percentile: one request."""
    one = scene("instant")
    result = await one.result()
    assert (result.calls[0].hedged, one.provider.stats()["requests"]) == (False, 1)
    assert (one.budget.calls, one.budget.copies) == (101, 0)


def test_a_call_for_one_item_is_measured_by_its_own_as_soon_as_there_are_enough() -> None:
    """A repair, and each call of the split plan, asks for less: what is slow for it is another
    time. Until it is known, that of calls for more is late rather than needless; that of calls for
    less would be needless."""
    expectation = Expectation()
    for _ in range(20):
        expectation.took({ZINNEN: 3}, 5.0)
    assert expectation.percentile({ZINNEN: 3}, PERCENTILE) == 5.0
    assert expectation.percentile({ZINNEN: 1}, PERCENTILE) == 5.0
    assert expectation.percentile({ZINNEN: 4}, PERCENTILE) is None
    for _ in range(20):
        expectation.took({ZINNEN: 1}, 2.0)
    assert expectation.percentile({ZINNEN: 1}, PERCENTILE) == 2.0
    assert expectation.percentile({ZINNEN: 3}, PERCENTILE) == 5.0


@pytest.mark.anyio
async def test_it_is_off_unless_asked_for(scene: MakeScene) -> None:
    """The same slow call without the setting: it is waited for."""
    one = scene("fixed,seconds=0.6", hedge=False)
    result = await one.result()
    assert (result.calls[0].hedged, one.provider.stats()["requests"]) == (False, 1)
    assert one.budget.copies == 0


@pytest.mark.anyio
async def test_a_spent_budget_makes_no_copy(scene: MakeScene) -> None:
    """Ten calls, of which one was copied, is a tenth: the next slow one is waited for."""
    one = scene("fixed,seconds=0.6", calls=10)
    one.budget.copies = 1
    result = await one.result()
    assert (result.calls[0].hedged, one.provider.stats()["requests"]) == (False, 1)


@pytest.mark.anyio
async def test_a_copy_that_fails_leaves_the_first_to_answer(scene: MakeScene) -> None:
    """The copy gets a 400: no failure of the call, which was on its way all along."""
    one = scene("fixed,seconds=0.8;fault=400@#2")
    result = await one.result()
    assert result.outcomes[ZINNEN].state is OutcomeState.DONE
    assert one.provider.stats()["requests"] == 2


# What it gains. Under virtual time exactly, over HTTP roughly, and in full by the script.


class _Clockwork(selectors.BaseSelector):
    """Waits for nothing: where a loop would sleep, its clock jumps to the next timer."""

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        self.now += timeout or 0.0
        return self._real.select(0)

    def register(self, *args: Any) -> Any:
        return self._real.register(*args)

    def unregister(self, *args: Any) -> Any:
        return self._real.unregister(*args)

    def get_map(self) -> Any:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


def in_virtual_time(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine of timers only, exactly and at once."""
    clockwork = _Clockwork()
    loop = asyncio.SelectorEventLoop(clockwork)
    loop.time = lambda: clockwork.now  # type: ignore[method-assign]
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


async def _generations(seed: int, count: int, *, hedge: bool) -> tuple[list[float], HedgeBudget]:
    """Seconds of ``count`` generations of six lognormal calls, on the real expectation, budget
    and race; the first fifty only teach."""
    loop = asyncio.get_running_loop()
    first, second = random.Random(seed), random.Random(-seed - 1)
    expectation, budget = Expectation(), HedgeBudget()
    lengths: list[float] = []

    async def call(kind: ExampleType, draw: float, copy: float) -> None:
        started = loop.time()
        after = expectation.percentile({kind: 3}, PERCENTILE) if hedge else None
        if after is None:
            await asyncio.sleep(draw)
        else:
            await race(
                lambda: asyncio.sleep(draw),
                lambda: asyncio.sleep(copy),
                after=after,
                budget=budget,
            )
        expectation.took({kind: 3}, loop.time() - started)

    for number in range(count + 50):
        started = loop.time()
        draws = [(k, first.lognormvariate(0, 0.8), second.lognormvariate(0, 0.8)) for k in TYPES]
        await asyncio.gather(*(call(*one) for one in draws))
        if number >= 50:
            lengths.append(loop.time() - started)
    return lengths, budget


TYPES = tuple(ExampleType)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_policy_takes_a_quarter_off_the_tail_for_a_tenth_more_calls(seed: int) -> None:
    """800 generations with the same first draws, with and without copies, in virtual time so
    that no machine has a say: p95 at least 25 % lower, copies at most 10 % of the calls."""
    plain, _ = in_virtual_time(_generations(seed, 800, hedge=False))
    hedged, budget = in_virtual_time(_generations(seed, 800, hedge=True))
    assert 1 - percentile(hedged, 0.95) / percentile(plain, 0.95) >= 0.25
    assert 0.05 < budget.copies / budget.calls <= SHARE


@pytest.mark.anyio
async def test_the_tail_is_lower_over_http_too(demo: DemoProcess) -> None:
    """The measurement itself, scaled down to some seconds: copies are made, at most a tenth of
    the calls, nothing is lost, and the p95 is lower.

    How much lower swings widely here: the p95 of sixty generations rests on its three slowest, and
    simulated runs of this size gain between nothing and 45 %. So the bound is that it is not a
    tenth higher; the script measures the 25 % on a run of full size. On a machine that cannot keep
    up (its median is one and a half times what the draws prescribe) the tail is not what decides.
    """
    spec = "tail,seconds=0.15,sigma=0.8,seed=11,chunks=4"
    run = await measure_hedging(demo, spec=spec, generations=60, at_once=4, warm_up=25)
    assert (run.without.failed, run.hedged.failed, run.without.copies) == (0, 0, 0)
    assert run.hedged.copies <= SHARE * (60 + 25) * 6
    plan = make_plan(GenerationMode.ASYNC)
    specs = [DemoSpec.parse(f"tail,seconds=0.15,seed={number}") for number in range(99)]
    prescribed = percentile((ideal_seconds(one, plan, 1) for one in specs), 0.5)
    if run.without.percentile(0.5) > 1.5 * prescribed:
        pytest.skip("this machine is too busy: it, and not the tail, decides how long calls take")
    assert run.hedged.copies > 0
    assert run.gain > -0.1
