"""What is said beforehand: calls exactly, tokens about, seconds as the profile prescribes."""

from __future__ import annotations

import pytest

from tests.unit.benchmark.support import ASYNC, COMBINED, SEQUENTIAL, SPLIT
from voorbeelden.benchmark.estimate import cost_of, duration_of
from voorbeelden.benchmark.ideal import ideal_seconds
from voorbeelden.benchmark.model import MODES, BenchmarkRequest
from voorbeelden.benchmark.profiles import BY_KEY, CONNECTED, connected_target, demo_target
from voorbeelden.demo.spec import DemoSpec, SpecError
from voorbeelden.model import GenerationMode, Subject
from voorbeelden.settings import Settings
from voorbeelden.strategies import make_plan

SUBJECT = Subject("verdachte", "een omschrijving", {})


def request(profile: str, *, scales: tuple[int, ...] = ()) -> BenchmarkRequest:
    return BenchmarkRequest(SUBJECT, demo_target(profile), repetitions=2, scales=scales)


@pytest.mark.parametrize(
    ("mode", "seconds"),
    [
        # 1150 tokens at 60 a second, and half a second six times, once, or for the largest piece.
        (SEQUENTIAL, 1150 / 60 + 6 * 0.5),
        (ASYNC, 500 / 60 + 0.5),
        (SPLIT, 200 / 60 + 0.5),
        (COMBINED, 1150 / 60 + 0.5),
    ],
)
def test_the_ideal_of_the_tokens_profile(mode: GenerationMode, seconds: float) -> None:
    """22.2, 8.8, 3.8 and 19.7 seconds: what the four plans cannot be under."""
    spec = DemoSpec.parse("tokens")
    assert ideal_seconds(spec, make_plan(mode), 1) == pytest.approx(seconds, abs=0.02)


def test_the_ideal_of_many_generations_at_once_is_the_slowest_draw() -> None:
    """On a heavy tail more calls mean a slower slowest one; fixed times stay what they are."""
    plan = make_plan(ASYNC)
    fixed = DemoSpec.parse("fixed,seconds=2")
    assert ideal_seconds(fixed, plan, 83) == ideal_seconds(fixed, plan, 1) == 2.0
    tail = DemoSpec.parse("tail,seconds=1,seed=3")
    assert ideal_seconds(tail, plan, 83) > 2 * ideal_seconds(tail, plan, 1)


def test_calls_are_exact_and_the_scaling_run_is_counted_too() -> None:
    """Two repetitions of 6, 6, 10 and 1 calls; 1 + 10 generations of six at scale."""
    costs = cost_of(request("tokens", scales=(1, 10)))
    assert [(one.mode, one.generations, one.calls) for one in costs] == [
        (SEQUENTIAL, 2, 12),
        (ASYNC, 2, 12),
        (SPLIT, 2, 20),
        (COMBINED, 2, 2),
        (ASYNC, 11, 66),
    ]
    assert all(one.tokens.prompt > 0 and one.tokens.completion > 0 for one in costs)
    by_mode = {one.mode: one.tokens.prompt for one in costs[:4]}
    assert by_mode[COMBINED] < by_mode[ASYNC] < by_mode[SPLIT]


def test_the_duration_is_the_sum_of_what_runs_after_each_other() -> None:
    """Fixed 2 s: 12 + 2 + 2 + 12 seconds, twice, and 2 for each scaling point."""
    assert duration_of(request("vast", scales=(1, 83))) == pytest.approx(2 * 28 + 4)
    provider = BenchmarkRequest(SUBJECT, connected_target(Settings(api_key="x", model="m")))
    assert duration_of(provider) is None


def test_profiles_lead_to_the_demo_server_and_can_be_shortened() -> None:
    """Every key is known to the demo server; only the measured latencies have a scale."""
    for key in BY_KEY:
        assert demo_target(key).spec is not None
    assert demo_target("gemeten", 0.2).spec == "measured,scale=0.2"
    assert "0,2" in demo_target("gemeten", 0.2).name
    assert demo_target("instant").key == "eigen"
    with pytest.raises(SpecError):
        demo_target("bestaat-niet")
    target = connected_target(Settings(api_key="x", model="groot-model"))
    assert (target.key, target.spec, target.model) == (CONNECTED, None, "groot-model")


def test_plans_stand_in_one_order() -> None:
    """The request's default holds all four, once each."""
    assert MODES == (SEQUENTIAL, ASYNC, SPLIT, COMBINED)
    assert request("vast", scales=(1, 2)).steps == 10
