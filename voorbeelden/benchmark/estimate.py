"""What a benchmark will cost at a provider, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voorbeelden.benchmark.model import BenchmarkRequest
from voorbeelden.benchmark.tokens import estimate
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType, GenerationMode, Tokens
from voorbeelden.strategies import TYPICAL_TOKENS, make_plan


@dataclass(frozen=True, slots=True)
class PlanCost:
    """Of all generations with one plan together. ``calls`` is exact unless something is retried;
    ``tokens`` is an estimate."""

    mode: GenerationMode
    generations: int
    calls: int
    tokens: Tokens


def cost_of(
    request: BenchmarkRequest, tokens: Mapping[ExampleType, float] = TYPICAL_TOKENS
) -> tuple[PlanCost, ...]:
    """A line a plan; the scaling run has one of its own. ``tokens`` is what an item costs."""
    many = [(mode, request.repetitions) for mode in request.modes]
    if request.scales:
        many.append((request.scale_mode, sum(request.scales)))
    costs = []
    for mode, generations in many:
        plan = make_plan(mode, DEFAULT_EXAMPLE_COUNTS, tokens)
        one = estimate(request.subject, plan, tokens)
        total = Tokens(one.prompt * generations, one.completion * generations)
        costs.append(PlanCost(mode, generations, len(plan.calls) * generations, total))
    return tuple(costs)
