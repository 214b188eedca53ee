"""The axis under a row of bars: round numbers, the same for all bars of a chart."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Axis:
    """From 0 to ``end``, with a tick at every ``step``."""

    end: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        return tuple(self.step * index for index in range(round(self.end / self.step) + 1))

    def place(self, value: float) -> float:
        """``value`` as a share of the axis, from 0 to 1."""
        return min(1.0, max(0.0, value / self.end))

    def percent(self, value: float) -> str:
        """The same for CSS."""
        return f"{100 * self.place(value):.2f}%"


def axis_for(most: float) -> Axis:
    """An axis that holds ``most``, with three to six steps of 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return Axis(1.0, 0.5)
    power = 10.0 ** math.floor(math.log10(most))
    for step in (0.2, 0.5, 1, 2, 5):
        steps = math.ceil(most / (step * power) - 1e-9)
        if steps <= 6:
            return Axis(steps * step * power, step * power)
    raise AssertionError("most is below 10 powers, so two steps of 5 hold it")


def axis_html(axis: Axis, label: Callable[[float], str]) -> str:
    """The ticks with their labels, for under a track of the same width."""
    marks = "".join(
        f'<span style="left:{axis.percent(tick)}">{label(tick)}</span>' for tick in axis.ticks
    )
    return f'<div class="vb-b-axis" aria-hidden="true"><div>{marks}</div></div>'
