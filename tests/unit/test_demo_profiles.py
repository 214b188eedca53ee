"""Profiles: how long each kind of call takes, and when its pieces leave."""

from __future__ import annotations

from statistics import median

import pytest

from voorbeelden.demo.profiles import Timing, call_timing, offsets
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS

ALL = {kind.value: count for kind, count in DEFAULT_EXAMPLE_COUNTS.items()}


def seconds(spec: str, counts: dict[str, int], number: int = 1) -> float:
    return call_timing(DemoSpec.parse(spec), number, counts, "x" * 400).end


def test_measured_latencies_are_those_of_the_design() -> None:
    """2, 2, 3, 5, 9 and 15 s, together 36 s in one combined call, all times the scale."""
    each = {kind: seconds("measured", {kind: count}) for kind, count in ALL.items()}
    assert sorted(each.values()) == [2, 2, 3, 5, 9, 15]
    assert each["praktijkvoorbeelden"] == 15
    assert seconds("measured,scale=0.1", ALL) == pytest.approx(3.6)


def test_the_flow_takes_what_it_was_first_designed_for() -> None:
    """Definitie 4 s, toets 3 s and every type 2 s: 19 s in a row, times the scale."""
    each = [seconds("flow", {kind: 1}) for kind in ("definitie", "toets", *ALL)]
    assert each == [4, 3, 2, 2, 2, 2, 2, 2]
    assert sum(each) == 19
    assert seconds("flow,scale=0.05", {"definitie": 1}) == pytest.approx(0.2)


def test_tokens_give_the_four_times_of_the_design() -> None:
    """0.5 s and 60 tokens/s: sequential 22.2 s, combined 19.7 s, parallel 8.8 s, per item 3.8 s."""
    each = [seconds("tokens", {kind: count}) for kind, count in ALL.items()]
    per_item = [seconds("tokens", {kind: 1}) for kind in ALL]
    assert sum(each) == pytest.approx(22.17, abs=0.01)
    assert seconds("tokens", ALL) == pytest.approx(19.67, abs=0.01)
    assert max(each) == pytest.approx(8.83, abs=0.01)
    assert max(per_item) == pytest.approx(3.83, abs=0.01)


def test_tokens_follow_the_number_of_items_and_the_sizes_given() -> None:
    """One of three praktijkvoorbeelden takes a third of the tokens, and a size can be set."""
    spec = DemoSpec.parse("tokens,ttft=1,rate=100,praktijkvoorbeelden=600")
    timing = call_timing(spec, 1, {"praktijkvoorbeelden": 1}, "")
    assert timing == Timing(ttft=1.0, end=3.0, tokens=200)


def test_the_demo_profile_shows_types_at_different_moments() -> None:
    """Six parallel calls end between 0.9 and 6 s, at five different moments (syn = ant)."""
    ends = {round(seconds("demo", {kind: count}), 2) for kind, count in ALL.items()}
    assert len(ends) == 5
    assert 0.9 < min(ends) < max(ends) < 6


def test_fixed_counts_per_type_and_never_starts_after_its_end() -> None:
    """A combined call takes the sum; a ttft beyond the end is the end."""
    assert seconds("fixed,seconds=2", {"synoniemen": 5}) == 2
    assert seconds("fixed,seconds=2", ALL) == 12
    spec = DemoSpec.parse("fixed,seconds=2,ttft=9")
    assert call_timing(spec, 1, {"synoniemen": 5}, "") == Timing(2.0, 2.0)


def test_tail_is_repeatable_by_seed_and_differs_per_call() -> None:
    """The same seed and call number give the same time; the median is near the one asked for."""
    drawn = [seconds("tail,seconds=3,sigma=1,seed=7", {"synoniemen": 5}, n) for n in range(1, 500)]
    again = [seconds("tail,seconds=3,sigma=1,seed=7", {"synoniemen": 5}, n) for n in range(1, 500)]
    other = [seconds("tail,seconds=3,sigma=1,seed=8", {"synoniemen": 5}, n) for n in range(1, 500)]
    assert drawn == again
    assert drawn != other
    assert len(set(drawn)) == len(drawn)
    assert median(drawn) == pytest.approx(3, rel=0.15)
    assert max(drawn) > 15


def test_pieces_are_spread_evenly_from_the_first_byte_to_the_end() -> None:
    """The first piece leaves at ttft, the last at the end; a single one is the end."""
    assert offsets(Timing(1.0, 3.0), 5) == [1.0, 1.5, 2.0, 2.5, 3.0]
    assert offsets(Timing(1.0, 3.0), 1) == [3.0]
