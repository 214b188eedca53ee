"""From begrip to examples: the flow, the original design's phases, and every call in a row.

All three really run against the demo server at the latencies for which the flow was first designed
(definitie 4 s, toets 3 s, every type of examples 2 s), by the engine of the benchmark page. Exit
code 1 when the flow takes more than 7.2 s (times the scale), or a result is not whole.

    .venv/bin/python -m scripts.measure_flow [--repetitions 3] [--scale 1] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Final

from rich.console import Console

from scripts.bench_terminal import show_run
from voorbeelden.benchmark.engine import Benchmark
from voorbeelden.benchmark.ground import open_ground
from voorbeelden.benchmark.model import FLOW_ORDERS, BenchmarkRequest, BenchmarkRun, Repetition
from voorbeelden.benchmark.profiles import FLOW, demo_target
from voorbeelden.benchmark.record import to_json
from voorbeelden.benchmark.statistics import plan_figures, typical
from voorbeelden.definition.flow_model import FlowOrder
from voorbeelden.model import Subject
from voorbeelden.screen.bench_texts import PLAN_TITLES
from voorbeelden.settings import Settings

MOST_SECONDS: Final = 7.2
WIDTH: Final = 48


async def measure(scale: float, repetitions: int) -> BenchmarkRun:
    request = BenchmarkRequest(
        Subject("verdachte", ""), demo_target(FLOW.key, scale), FLOW_ORDERS, repetitions
    )
    async with open_ground(request.target, Settings()) as ground:
        return await Benchmark(request, ground, lambda _: None).run()


def gantt(one: Repetition) -> None:
    """The calls of one repetition as bars of text."""
    print(f"{PLAN_TITLES[one.mode]}: {one.seconds:.2f} s")
    for call in one.calls:
        start, end = (round(at / one.seconds * WIDTH) for at in (call.start, call.end))
        bar = " " * start + "█" * max(1, end - start)
        print(f"    {call.name:<20}{bar:<{WIDTH}}{call.start:>6.2f} – {call.end:.2f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="of all latencies")
    parser.add_argument("--json", type=Path, help="also write the run here")
    arguments = parser.parse_args()
    run = asyncio.run(measure(arguments.scale, arguments.repetitions))
    for order in FLOW_ORDERS:
        if (one := typical(run, order)) is not None:
            gantt(one)
    show_run(Console(), run)
    if arguments.json:
        arguments.json.write_bytes(to_json(run))
    [ours] = [one.seconds for one in plan_figures(run) if one.mode is FlowOrder.BESIDE]
    slow = ours is None or ours.median > MOST_SECONDS * arguments.scale
    return int(slow or run.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
