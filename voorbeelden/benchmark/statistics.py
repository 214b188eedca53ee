"""From repetitions to figures: medians with their spread, speed-ups against their limits.

Pure functions. Only whole repetitions count; the ones that failed are counted beside them.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from voorbeelden.benchmark.model import BenchmarkRun, Mode, Repetition
from voorbeelden.definition.flow_model import FlowOrder
from voorbeelden.model import GenerationMode

IN_A_ROW: Final = (GenerationMode.SEQUENTIAL, FlowOrder.IN_A_ROW)
"""What the others are compared with: every call after the one before it."""

_AT_ONCE: Final = (GenerationMode.ASYNC, FlowOrder.BESIDE)
_CHAIN: Final = 2
"""Calls of a flow that have to wait for each other: the draft, and whatever needs its text."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A median and how far the values lie around it. ``q1`` and ``q3`` are the quartiles
    (inclusive method, Hyndman and Fan type 7); with one value everything is that value."""

    median: float
    low: float
    high: float
    q1: float
    q3: float
    count: int

    @property
    def iqr(self) -> float:
        return self.q3 - self.q1


def spread(values: Iterable[float]) -> Spread | None:
    """The spread of ``values``, or ``None`` when there are none."""
    known = sorted(values)
    if not known:
        return None
    if len(known) == 1:
        q1 = median = q3 = known[0]
    else:
        q1, median, q3 = statistics.quantiles(known, n=4, method="inclusive")
    return Spread(median, known[0], known[-1], q1, q3, len(known))


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of ``values`` lies, interpolated (type 7).

    Raises:
        ValueError: there are no values.
    """
    known = sorted(values)
    if not known:
        raise ValueError("no values")
    place = share * (len(known) - 1)
    below = int(place)
    above = min(below + 1, len(known) - 1)
    return known[below] + (place - below) * (known[above] - known[below])


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """One plan over its repetitions.

    Attributes:
        whole, failed: how many repetitions.
        seconds, first_item: over the whole ones.
        requests: median number of HTTP requests a generation.
        prompt_tokens, completion_tokens: medians a generation.
        tokens_estimated: some of the tokens are our estimate.
    """

    mode: Mode
    whole: int
    failed: int
    seconds: Spread | None
    first_item: Spread | None
    requests: float
    prompt_tokens: float
    completion_tokens: float
    tokens_estimated: bool

    @property
    def tokens(self) -> float:
        return self.prompt_tokens + self.completion_tokens


def plan_figures(run: BenchmarkRun) -> tuple[PlanFigures, ...]:
    """The figures of every plan that ran at least once, in the request's order."""
    return tuple(
        _figures(mode, repetitions) for mode in run.request.modes if (repetitions := run.of(mode))
    )


def _figures(mode: Mode, repetitions: tuple[Repetition, ...]) -> PlanFigures:
    whole = [one for one in repetitions if one.whole]
    counted = whole or repetitions
    return PlanFigures(
        mode=mode,
        whole=len(whole),
        failed=len(repetitions) - len(whole),
        seconds=spread(one.seconds for one in whole),
        first_item=spread(one.first_item for one in whole if one.first_item is not None),
        requests=statistics.median(one.requests for one in counted),
        prompt_tokens=statistics.median(one.tokens.prompt for one in counted),
        completion_tokens=statistics.median(one.tokens.completion for one in counted),
        tokens_estimated=any(one.tokens_estimated for one in counted),
    )


@dataclass(frozen=True, slots=True)
class SpeedUp:
    """One repetition of a plan against the one in a row of the same number.

    Attributes:
        factor: seconds in a row ÷ seconds of this plan.
        measured: both really ran; else the calls of this repetition were added up.
        equal_limit: what the number of calls in a row would allow if all took equally long.
        uneven_limit: the sum of the calls in a row ÷ the slowest call of "all at once" in the
            same repetition (of the row itself, when that plan did not run): the most that
            starting all calls at once can gain.
    """

    mode: Mode
    number: int
    factor: float
    measured: bool
    equal_limit: float
    uneven_limit: float


def speed_ups(run: BenchmarkRun) -> tuple[SpeedUp, ...]:
    """For every whole repetition of every other plan than the one in a row.

    Without a whole repetition in a row of the same number, the calls of the parallel plan stand in
    for it by their sum; for other plans there is then nothing to compare with.
    """
    whole = [one for one in run.repetitions if one.whole]
    base = {one.number: one for one in whole if one.mode in IN_A_ROW}
    parallel = {one.number: one for one in whole if one.mode in _AT_ONCE}
    found = []
    for one in whole:
        if one.mode in IN_A_ROW or one.seconds <= 0:
            continue
        row = base.get(one.number)
        measured = row is not None
        if row is None:
            if one.mode not in _AT_ONCE:
                continue
            row = one
        in_a_row = row.seconds if measured else row.in_a_row
        slowest = parallel.get(one.number, row).slowest
        found.append(
            SpeedUp(
                mode=one.mode,
                number=one.number,
                factor=in_a_row / one.seconds,
                measured=measured,
                equal_limit=len(row.calls) / (_CHAIN if run.request.flow else 1),
                uneven_limit=row.in_a_row / slowest if slowest > 0 else 1.0,
            )
        )
    return tuple(found)


def median_speed_up(run: BenchmarkRun, mode: Mode) -> SpeedUp | None:
    """The medians over the repetitions of ``mode``; ``number`` is how many there were."""
    found = [one for one in speed_ups(run) if one.mode is mode]
    if not found:
        return None
    return SpeedUp(
        mode=mode,
        number=len(found),
        factor=statistics.median(one.factor for one in found),
        measured=all(one.measured for one in found),
        equal_limit=statistics.median(one.equal_limit for one in found),
        uneven_limit=statistics.median(one.uneven_limit for one in found),
    )


def typical(run: BenchmarkRun, mode: Mode) -> Repetition | None:
    """The repetition nearest the median of its plan: the one whose calls are drawn. A plan that
    never succeeded shows its last attempt."""
    repetitions = run.of(mode)
    whole = [one for one in repetitions if one.whole]
    if not whole:
        return repetitions[-1] if repetitions else None
    middle = statistics.median(one.seconds for one in whole)
    return min(whole, key=lambda one: abs(one.seconds - middle))
