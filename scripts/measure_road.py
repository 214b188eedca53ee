"""What the road costs: wall against the slowest call, many generations at once, CPU, growth.

Runs everything against the demo server in a process of its own, next to a bare ``AsyncOpenAI``
with ``asyncio.gather``, in one go, so that the ratios hold on a noisy machine.

    .venv/bin/python -m scripts.measure_road [--generations 83] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import openai

from voorbeelden import prompts
from voorbeelden.ai.road import Road
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.demo.process import DemoProcess
from voorbeelden.generator import Generation
from voorbeelden.loop_thread import new_loop
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    ExampleType,
    GenerationMode,
    OutcomeState,
    Subject,
)
from voorbeelden.settings import Settings
from voorbeelden.strategies import make_plan

SECONDS = 2.0
CHUNKS = 150
PLAN = make_plan(GenerationMode.ASYNC, DEFAULT_EXAMPLE_COUNTS)


def subject(number: int) -> Subject:
    return Subject(f"begrip {number}", "een omschrijving van dit begrip", {})


async def our_generation(road: Road, settings: Settings, number: int) -> None:
    result = await Generation(road, settings, subject(number), PLAN, lambda _: None).run()
    states = [outcome.state for outcome in result.outcomes.values()]
    if states != [OutcomeState.DONE] * 6:
        raise SystemExit(f"generation {number} is not whole: {states}")


async def bare_generation(client: openai.AsyncOpenAI, number: int) -> None:
    async def call(kind: ExampleType) -> str:
        wanted = {kind: DEFAULT_EXAMPLE_COUNTS[kind]}
        stream = await client.chat.completions.create(
            model="demo",
            messages=[
                {"role": "system", "content": prompts.system_message((kind,))},
                {"role": "user", "content": prompts.user_message(subject(number), wanted)},
            ],
            response_format={
                "type": "json_schema",
                "json_schema": {
                    "name": "voorbeelden",
                    "strict": True,
                    "schema": prompts.schema((kind,)),
                },
            },
            stream=True,
        )
        parts = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
        return "".join(parts)

    answers = await asyncio.gather(*(call(kind) for kind in ExampleType))
    for answer in answers:
        json.loads(answer)


async def timed(work: Awaitable[Any]) -> tuple[float, float]:
    """Wall and CPU seconds of this process."""
    cpu, wall = time.process_time(), time.perf_counter()
    await work
    return time.perf_counter() - wall, time.process_time() - cpu


def open_sockets() -> int:
    return sum(path.is_socket() for path in Path("/proc/self/fd").iterdir())


def resident_kib() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


async def measure(demo: DemoProcess, generations: int) -> dict[str, Any]:
    settings = Settings(call_timeout=120)
    report: dict[str, Any] = {}

    def road(spec: str) -> Road:
        return Road(AIServiceV2(settings, base_url=demo.url_for(spec)), settings)

    async def ours(spec: str, count: int) -> tuple[float, float]:
        service = road(spec)
        try:
            await our_generation(service, settings, 0)
            many = (our_generation(service, settings, number) for number in range(count))
            return await timed(asyncio.gather(*many))
        finally:
            await service.aclose()

    async def bare(spec: str, count: int) -> tuple[float, float]:
        async with openai.AsyncOpenAI(
            api_key="none",
            base_url=demo.url_for(spec),
            max_retries=0,
            # Its loop is so busy that connections time out at the default five seconds.
            timeout=httpx2.Timeout(300, connect=120),
        ) as client:
            await bare_generation(client, 0)
            many = (bare_generation(client, number) for number in range(count))
            return await timed(asyncio.gather(*many))

    fixed = f"fixed,seconds={SECONDS:g},chunks={CHUNKS}"
    wall, cpu = await ours(fixed, 1)
    report["one generation"] = {"wall": wall, "wall/slowest": wall / SECONDS, "cpu": cpu}

    runners: dict[str, Callable[[str, int], Awaitable[tuple[float, float]]]] = {
        "voorbeelden": ours,
        "bare AsyncOpenAI + gather": bare,
    }
    for name, run in runners.items():
        before = demo.stats()["cpu_seconds"]
        wall, cpu = await run(fixed, generations)
        server = demo.stats()["cpu_seconds"] - before
        report[f"{generations} at once, {name}"] = {
            "wall": wall,
            "wall/ideal": wall / SECONDS,
            "cpu": cpu,
            "server cpu": server,
        }

    service = road("instant")
    for number in range(20):
        await our_generation(service, settings, number)
    gc.collect()
    memory, sockets = resident_kib(), open_sockets()
    cpu = time.process_time()
    for number in range(200):
        await our_generation(service, settings, number)
    cpu = time.process_time() - cpu
    gc.collect()
    report["200 in a row, instant answers"] = {
        "cpu ms a generation": cpu * 1000 / 200,
        "memory growth kB": resident_kib() - memory,
        "socket growth": open_sockets() - sockets,
    }
    await service.aclose()
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generations", type=int, default=83)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    arguments = parser.parse_args()
    with DemoProcess.start("instant") as demo, asyncio.Runner(loop_factory=new_loop) as runner:
        report = runner.run(measure(demo, arguments.generations))
    for title, figures in report.items():
        print(title)
        for name, value in figures.items():
            print(f"  {name:<24}{value:>10.3f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
