"""Figures of runs made by hand, and laws that hold for any values."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.benchmark.support import (
    ASYNC,
    COMBINED,
    FAILED,
    SEQUENTIAL,
    SPLIT,
    repetition,
    run,
)
from voorbeelden.benchmark.statistics import (
    median_speed_up,
    percentile,
    plan_figures,
    speed_ups,
    spread,
    typical,
)

SECONDS = st.lists(st.floats(0.001, 1000), min_size=1, max_size=30)


@given(SECONDS)
def test_a_spread_holds_its_values_in_order(values: list[float]) -> None:
    """Lowest, first quartile, median, third quartile, highest; the median is the statistician's."""
    found = spread(values)
    assert found is not None
    assert found.low <= found.q1 <= found.median <= found.q3 <= found.high
    assert found.median == pytest.approx(statistics.median(values))
    assert (found.low, found.high, found.count) == (min(values), max(values), len(values))
    assert found.iqr == found.q3 - found.q1


def test_a_known_spread() -> None:
    """Type 7 quartiles of 1 to 5."""
    found = spread([5.0, 1.0, 4.0, 2.0, 3.0])
    assert found is not None
    assert (found.q1, found.median, found.q3, found.iqr) == (2.0, 3.0, 4.0, 2.0)


def test_nothing_has_no_spread() -> None:
    """No values are no zero."""
    assert spread([]) is None
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@given(SECONDS, st.floats(0, 1))
def test_a_percentile_lies_within(values: list[float], share: float) -> None:
    """0 is the lowest, 1 the highest, a half the median."""
    assert min(values) - 1e-9 <= percentile(values, share) <= max(values) + 1e-9
    assert percentile(values, 0) == min(values)
    assert percentile(values, 1) == max(values)
    assert percentile(values, 0.5) == pytest.approx(statistics.median(values))


def test_a_failed_repetition_counts_in_no_median_and_is_counted() -> None:
    """Two whole ones and a failed one that would have been the fastest."""
    quick = (0.1,) * 6
    found = plan_figures(
        run(
            repetition(ASYNC, 1),
            repetition(ASYNC, 2, quick, failures=(FAILED,)),
            repetition(ASYNC, 3),
        )
    )
    assert [(one.whole, one.failed) for one in found] == [(2, 1)]
    assert found[0].seconds is not None
    assert found[0].seconds.low == 15.0


def test_a_plan_that_never_succeeded_has_no_time() -> None:
    """Its requests and tokens were paid for all the same."""
    (found,) = plan_figures(run(repetition(SPLIT, 1, failures=(FAILED,))))
    assert found.seconds is None
    assert found.first_item is None
    assert (found.whole, found.failed, found.requests, found.tokens) == (0, 1, 6, 900)


def test_uneven_calls_gain_their_sum_over_the_slowest() -> None:
    """36 seconds in a row, 15 at once: 2.4 times, and no more is possible, whatever the six."""
    one = median_speed_up(run(repetition(SEQUENTIAL), repetition(ASYNC)), ASYNC)
    assert one is not None
    assert (one.factor, one.uneven_limit, one.equal_limit) == (2.4, 2.4, 6.0)
    assert one.measured


def test_equal_calls_gain_their_number() -> None:
    """Six times 2 seconds: both limits are six."""
    equal = (2.0,) * 6
    one = median_speed_up(run(repetition(SEQUENTIAL, 1, equal), repetition(ASYNC, 1, equal)), ASYNC)
    assert one is not None
    assert (one.factor, one.uneven_limit, one.equal_limit) == (6.0, 6.0, 6.0)


@given(st.lists(st.floats(0.01, 100), min_size=6, max_size=6))
def test_all_at_once_never_passes_its_limit(lengths: list[float]) -> None:
    """For any six latencies: at most the sum over the slowest, and that at most six."""
    one = median_speed_up(
        run(repetition(SEQUENTIAL, 1, lengths), repetition(ASYNC, 1, lengths)), ASYNC
    )
    assert one is not None
    assert one.factor <= one.uneven_limit * (1 + 1e-9)
    assert one.uneven_limit <= one.equal_limit * (1 + 1e-9)


def test_splitting_is_held_against_the_limit_of_all_at_once() -> None:
    """A split plan of 4 seconds passes 2.4 times: the limit is that of the six calls."""
    found = speed_ups(
        run(repetition(SEQUENTIAL), repetition(ASYNC), repetition(SPLIT, 1, (4.0,) * 6))
    )
    split = next(one for one in found if one.mode is SPLIT)
    assert (split.factor, split.uneven_limit) == (9.0, 2.4)


def test_each_repetition_is_compared_with_its_own_round() -> None:
    """The second round is slower for both, and compared with itself."""
    slow = tuple(2 * one for one in (3.0, 15.0, 9.0, 2.0, 2.0, 5.0))
    found = speed_ups(
        run(
            repetition(SEQUENTIAL, 1),
            repetition(ASYNC, 1),
            repetition(SEQUENTIAL, 2, slow),
            repetition(ASYNC, 2, slow),
        )
    )
    assert [(one.number, one.factor) for one in found] == [(1, 2.4), (2, 2.4)]


def test_without_a_row_nothing_is_measured() -> None:
    """All at once is estimated from its own calls and says so; other plans say nothing."""
    found = speed_ups(run(repetition(ASYNC), repetition(SPLIT), repetition(COMBINED)))
    assert [(one.mode, one.measured, one.factor) for one in found] == [(ASYNC, False, 2.4)]


def test_a_failed_row_is_nothing_to_compare_with() -> None:
    """A sequential repetition that broke off early would make everything look slow."""
    broken = repetition(SEQUENTIAL, 1, (0.1,) * 6, failures=(FAILED,))
    found = speed_ups(run(broken, repetition(ASYNC)))
    assert [one.measured for one in found] == [False]


def test_the_typical_repetition_is_the_one_near_the_median() -> None:
    """Of 1, 5 and 6 seconds it is the 5; a plan that always failed shows its last attempt."""
    three = [repetition(ASYNC, n, (s,) * 6) for n, s in ((1, 1.0), (2, 5.0), (3, 6.0))]
    assert typical(run(*three), ASYNC) is three[1]
    failed = repetition(SPLIT, 2, failures=(FAILED,))
    assert typical(run(failed), SPLIT) is failed
    assert typical(run(failed), COMBINED) is None
