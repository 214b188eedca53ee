"""What a profile of the demo server prescribes: the time below which nothing can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voorbeelden.definition.flow_model import FlowOrder, Phase
from voorbeelden.demo.catalogue import DEFINITION, JUDGING
from voorbeelden.demo.profiles import call_timing
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS
from voorbeelden.strategies import Plan

CALL_NAMES: Final[Mapping[Phase, str]] = {Phase.DRAFT: DEFINITION, Phase.VALIDATION: JUDGING}
"""What the calls of the flow's phases are called; that of an example bears its type's name."""

FLOW_CALLS: Final = 2 + len(DEFAULT_EXAMPLE_COUNTS)
"""A draft, a validation and a call a type."""


def ideal_flow_seconds(spec: DemoSpec, order: FlowOrder) -> float:
    """Seconds of the longest chain of calls that wait for each other; not for drawn latencies."""
    draft = call_timing(spec, 1, {DEFINITION: 1}, "").end
    judging = call_timing(spec, 2, {JUDGING: 1}, "").end
    examples = [
        call_timing(spec, 3, {kind.value: count}, "").end
        for kind, count in DEFAULT_EXAMPLE_COUNTS.items()
    ]
    match order:
        case FlowOrder.BESIDE:
            return draft + max(judging, *examples)
        case FlowOrder.STAGED:
            return draft + judging + max(examples)
        case FlowOrder.IN_A_ROW:
            return draft + judging + sum(examples)


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
