"""What a profile of the demo server prescribes: the time below which nothing can be."""

from __future__ import annotations

from voorbeelden.demo.profiles import call_timing
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.strategies import Plan


def ideal_seconds(spec: DemoSpec, plan: Plan, generations: int) -> float:
    """Seconds of the slowest call of so many generations at once, or of the slowest sum when the
    calls of a plan wait for each other. Calls are numbered in the order of the plan: for drawn
    latencies of a plan that waits, that is exact for one generation only.
    """
    number = 0
    slowest = 0.0
    for _ in range(generations):
        ends = []
        for call in plan.calls:
            number += 1
            counts = {kind.value: count for kind, count in call.wanted.items()}
            ends.append(call_timing(spec, number, counts, "").end)
        slowest = max(slowest, max(ends) if plan.at_once is None else sum(ends))
    return slowest
