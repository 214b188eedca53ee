"""What a benchmark will cost and how long it will take, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voorbeelden.benchmark.ideal import ideal_flow_seconds, ideal_seconds
from voorbeelden.benchmark.model import BenchmarkRequest
from voorbeelden.benchmark.tokens import estimate
from voorbeelden.definition.flow_model import FlowOrder
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType, GenerationMode, Tokens
from voorbeelden.strategies import TYPICAL_TOKENS, make_plan

TokensAnItem = Mapping[ExampleType, float]


@dataclass(frozen=True, slots=True)
class PlanCost:
    """Of all generations with one plan together. ``calls`` is exact unless something is retried;
    ``tokens`` is an estimate."""

    mode: GenerationMode
    generations: int
    calls: int
    tokens: Tokens


def cost_of(
    request: BenchmarkRequest, tokens: TokensAnItem = TYPICAL_TOKENS
) -> tuple[PlanCost, ...]:
    """A line a plan; the scaling run has one of its own. ``tokens`` is what an item costs. The
    flow is measured on the demo server only, where it costs nothing."""
    plans = [mode for mode in request.modes if isinstance(mode, GenerationMode)]
    many = [(mode, request.repetitions) for mode in plans]
    if request.scales:
        many.append((request.scale_mode, sum(request.scales)))
    costs = []
    for mode, generations in many:
        plan = make_plan(mode, DEFAULT_EXAMPLE_COUNTS, tokens)
        one = estimate(request.subject, plan, tokens)
        total = Tokens(one.prompt * generations, one.completion * generations)
        costs.append(PlanCost(mode, generations, len(plan.calls) * generations, total))
    return tuple(costs)


def duration_of(request: BenchmarkRequest) -> float | None:
    """About how many seconds it will take on the demo server; ``None`` when only the provider
    can tell. Drawn latencies are those of the first repetition."""
    if request.target.spec is None:
        return None
    spec = DemoSpec.parse(request.target.spec)
    once = sum(
        ideal_flow_seconds(spec, mode)
        if isinstance(mode, FlowOrder)
        else ideal_seconds(spec, make_plan(mode), 1)
        for mode in request.modes
    )
    scaled = make_plan(request.scale_mode)
    many = sum(ideal_seconds(spec, scaled, count) for count in request.scales)
    return once * request.repetitions + many
