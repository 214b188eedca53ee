"""The three documented measurements of parallel generation, and the proof that needs no clock.

Delays stand for a model's answers and are scaled down; nothing of ours is patched but the
documented seam, ``voorbeelden.unified_voorbeelden.get_examples_generator``.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import AsyncMock, MagicMock

import pytest

from tests.integration.support import Provider
from voorbeelden import bridge, unified_voorbeelden
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    ExampleRequest,
    ExampleType,
    GenerationMode,
    OutcomeState,
    Subject,
)
from voorbeelden.settings import Settings
from voorbeelden.strategies import make_plan
from voorbeelden.unified_voorbeelden import genereer_alle_voorbeelden_async

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

pytestmark = pytest.mark.anyio

log = logging.getLogger(__name__)

SIX = tuple(ExampleType)
ARGUMENTS = ("verdachte", "Degene die wordt verdacht.", {"juridisch": ["strafrecht"]})

EQUAL = dict.fromkeys(SIX, 0.3)
"""Seconds a type."""

SCALE = 1 / 30
REALISTIC = {
    ExampleType.ANTONIEMEN: 2 * SCALE,
    ExampleType.SYNONIEMEN: 2 * SCALE,
    ExampleType.VOORBEELDZINNEN: 3 * SCALE,
    ExampleType.TOELICHTING: 5 * SCALE,
    ExampleType.TEGENVOORBEELDEN: 9 * SCALE,
    ExampleType.PRAKTIJKVOORBEELDEN: 15 * SCALE,
}
"""Latencies seen with a real provider, at one thirtieth."""


class StandIn:
    """A generator with nothing but ``_generate_async``, which takes a type's time."""

    def __init__(
        self, seconds: Mapping[ExampleType, float], failing: frozenset[ExampleType] = frozenset()
    ) -> None:
        self.asked: list[ExampleRequest] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._seconds = seconds
        self._failing = failing

    async def _generate_async(self, request: ExampleRequest) -> list[str]:
        self.asked.append(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self._seconds[request.example_type])
        finally:
            self.in_flight -= 1
        if request.example_type in self._failing:
            raise RuntimeError("simulated failure")
        return [f"{request.example_type.value} 1", f"{request.example_type.value} 2"]


Use = Callable[[object], None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Puts a stand-in behind the documented seam."""

    def put(generator: object) -> None:
        monkeypatch.setattr(unified_voorbeelden, "get_examples_generator", lambda: generator)

    return put


def expected(*, without: frozenset[ExampleType] = frozenset()) -> dict[str, list[str] | str]:
    answer: dict[str, list[str] | str] = {}
    for kind in SIX:
        texts = [] if kind in without else [f"{kind.value} 1", f"{kind.value} 2"]
        is_text = kind is ExampleType.TOELICHTING
        answer[kind.value] = "".join(texts[:1]) if is_text else texts
    return answer


async def in_a_row(generator: StandIn) -> float:
    """Seconds that the same six requests take one after the other."""
    start = time.perf_counter()
    for kind in SIX:
        await generator._generate_async(ExampleRequest(*ARGUMENTS, kind))
    return time.perf_counter() - start


async def at_once() -> tuple[float, dict[str, list[str] | str]]:
    start = time.perf_counter()
    answer = await genereer_alle_voorbeelden_async(*ARGUMENTS)
    return time.perf_counter() - start, answer


async def test_parallel_is_faster_than_sequential(use: Use) -> None:
    """Equal delays: six at once take little more than one, so more than four times as fast."""
    sequential = await in_a_row(StandIn(EQUAL))
    generator = StandIn(EQUAL)
    use(generator)
    parallel, answer = await at_once()
    assert answer == expected()
    assert generator.most_in_flight == 6
    assert sequential / parallel > 4, f"{sequential:.2f} s in a row, {parallel:.2f} s at once"


async def test_two_failing_types_leave_four_whole(use: Use) -> None:
    """All six are attempted, once each; the two that raise are empty, and nothing is raised."""
    failing = frozenset({ExampleType.SYNONIEMEN, ExampleType.TOELICHTING})
    generator = StandIn(dict.fromkeys(SIX, 0.01), failing)
    use(generator)
    _, answer = await at_once()
    assert answer == expected(without=failing)
    assert sorted(request.example_type for request in generator.asked) == sorted(SIX)


async def test_realistic_timing(use: Use, record_property: Callable[[str, object], None]) -> None:
    """Uneven delays: the slowest type decides, so at best the sum over the slowest, 2.4 times.

    The figures: ``pytest -o log_cli=true --log-cli-level=INFO tests/performance``.
    """
    sequential = await in_a_row(StandIn(REALISTIC))
    use(StandIn(REALISTIC))
    parallel, answer = await at_once()
    slowest = max(REALISTIC.values())
    bound, ratio = sum(REALISTIC.values()) / slowest, sequential / parallel
    figures = (round(sequential, 3), round(parallel, 3), round(ratio, 2), round(bound, 2))
    record_property("sequential, parallel, ratio, bound", figures)
    log.info("%s s in a row, %s s at once: %s times as fast, at best %s", *figures)
    assert answer == expected()
    assert parallel > slowest * 0.99, "nothing was skipped"
    assert parallel < slowest * 1.5
    assert ratio > bound * 0.6


@pytest.mark.parametrize("make", [MagicMock, SimpleNamespace])
async def test_a_generator_whose_other_attributes_are_stand_ins_must_do(
    use: Use, make: Callable[..., object]
) -> None:
    """Only ``_generate_async`` is called: once a type, with the documented request."""
    method = AsyncMock(side_effect=lambda request: [request.example_type.value])
    use(make(_generate_async=method))
    _, answer = await at_once()
    assert answer == {
        kind.value: kind.value if kind is ExampleType.TOELICHTING else [kind.value] for kind in SIX
    }
    requests = [call.args[0] for call in method.await_args_list]
    assert [request.example_type for request in requests] == list(SIX)
    for request in requests:
        assert isinstance(request, ExampleRequest)
        assert (request.begrip, request.definitie, request.context_dict) == ARGUMENTS


async def test_six_calls_are_in_flight_at_once_over_http(demo: DemoProcess) -> None:
    """The proof without a clock: the server answers a call only when six are in flight together,
    and says 500 to fewer. All six types are there, three generations in a row."""
    provider = Provider.behaving(demo, "instant,barrier=6,barrier-timeout=5")
    await asyncio.to_thread(bridge.close_bridge)
    bridge.get_bridge(Settings(base_url=provider.base_url))
    try:
        for _ in range(3):
            _, answer = await at_once()
            assert list(answer) == [kind.value for kind in SIX]
            assert all(answer.values())
    finally:
        await asyncio.to_thread(bridge.close_bridge)
    stats = provider.stats()
    assert (stats["requests"], stats["max_in_flight"]) == (18, 6)


async def test_five_calls_never_pass_the_barrier(demo: DemoProcess) -> None:
    """The proof can fail: with one type fewer in flight nobody gets an answer."""
    provider = Provider.behaving(demo, "instant,barrier=6,barrier-timeout=0.3")
    five = {kind: DEFAULT_EXAMPLE_COUNTS[kind] for kind in SIX[:5]}
    one = bridge.Bridge(Settings(base_url=provider.base_url, call_timeout=1.0))
    try:
        result = await one.generate(
            Subject("begrip", "definitie"), make_plan(GenerationMode.ASYNC, five)
        )
    finally:
        await asyncio.to_thread(one.close)
    assert {outcome.state for outcome in result.outcomes.values()} == {OutcomeState.FAILED}
