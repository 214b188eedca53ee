"""From begrip to examples: the flow, the original design's phases, and every call in a row.

All three really run against the demo server at the latencies for which the flow was first designed
(definitie 4 s, toets 3 s, every type of examples 2 s), in turns, so that a noisy machine hits all
alike. Exit code 1 when the flow takes more than 7.2 s (times the scale), or a result is not whole.

    .venv/bin/python -m scripts.measure_flow [--repetitions 3] [--scale 1] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from statistics import median
from typing import Any, Final

from voorbeelden.ai.road import Road
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.definition import warm_up
from voorbeelden.definition.flow_model import DefinitionRequest, FlowOrder, FlowResult
from voorbeelden.definition.orchestrator import DefinitionOrchestratorV2
from voorbeelden.demo.process import DemoProcess
from voorbeelden.model import OutcomeState
from voorbeelden.runtime import Runtime
from voorbeelden.settings import Settings

NAMES: Final = {
    FlowOrder.BESIDE: "this flow",
    FlowOrder.STAGED: "the original design",
    FlowOrder.IN_A_ROW: "in a row",
}
MOST_SECONDS: Final = 7.2
WIDTH: Final = 48


async def measure(demo: DemoProcess, scale: float, repetitions: int) -> dict[FlowOrder, list[Any]]:
    settings = Settings()
    service = AIServiceV2(settings, base_url=demo.url_for(f"flow,scale={scale!r}"))
    road = Road(service, settings)
    orchestrator = DefinitionOrchestratorV2(Runtime(settings, road, None, None))
    results: dict[FlowOrder, list[Any]] = {order: [] for order in FlowOrder}
    try:
        # A connection is made once a process, not once a flow.
        await orchestrator.create_definition(DefinitionRequest("verdachte", wanted={}))
        for number in range(repetitions):
            orders = list(FlowOrder)
            for order in orders[number % 3 :] + orders[: number % 3]:
                request = DefinitionRequest("verdachte", order=order)
                result = await orchestrator.create_definition(request)
                check(result)
                results[order].append(result)
    finally:
        await road.aclose()
    return results


def check(result: FlowResult) -> None:
    examples = result.examples.outcomes.values() if result.examples else ()
    states = [outcome.state for outcome in examples]
    if result.failures or states != [OutcomeState.DONE] * 6:
        raise SystemExit(f"not whole: {dict(result.failures)} {states}")


def gantt(result: FlowResult) -> None:
    """The calls of one result as bars of text."""
    per_column = result.timings.seconds / WIDTH
    for call in result.timings.calls:
        assert call.end is not None
        start, end = round(call.start / per_column), round(call.end / per_column)
        bar = " " * start + "█" * max(1, end - start)
        print(f"    {call.name:<20}{bar:<{WIDTH}}{call.start:>6.2f} – {call.end:.2f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="of all latencies")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    arguments = parser.parse_args()
    warm_up()
    with DemoProcess.start("instant") as demo:
        results = asyncio.run(measure(demo, arguments.scale, arguments.repetitions))
    figures: dict[str, dict[str, Any]] = {}
    row = median(one.timings.seconds for one in results[FlowOrder.IN_A_ROW])
    for order, name in NAMES.items():
        seconds = [one.timings.seconds for one in results[order]]
        middle = median(seconds)
        figures[name] = {"median": middle, "all": seconds, "times faster": row / middle}
        print(f"{name}: {middle:.2f} s (median of {len(seconds)}; {row / middle:.2f}× in a row)")
        gantt(min(results[order], key=lambda one: abs(one.timings.seconds - middle)))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    return int(figures["this flow"]["median"] > MOST_SECONDS * arguments.scale)


if __name__ == "__main__":
    sys.exit(main())
